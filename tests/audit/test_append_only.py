"""The audit can be added to and read, never changed or taken away: by the ORM on every database, and in PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import AppendOnlyError, AppendOnlyModel, Detail, Entry
from audit.recording import erase_subject, record
from events.models import Scan


@pytest.fixture
def line(cast):
    return record(by=cast.kubar, verb="uji.dicatat", obj=cast.kubar)


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.save(),
        lambda line: line.delete(),
        lambda line: Entry.objects.filter(pk=line.pk).update(verb="lain"),
        lambda line: Entry.objects.filter(pk=line.pk).delete(),
        lambda line: Entry.objects.bulk_update([line], ["verb"]),
        lambda line: Entry._base_manager.filter(pk=line.pk).update(verb="lain"),
        lambda line: Entry._base_manager.all().delete(),
        lambda line: Entry.objects.update_or_create(pk=line.pk, defaults={"verb": "lain"}),
    ],
)
def test_audit_line_cannot_be_changed_through_the_orm(line, change):
    with pytest.raises(AppendOnlyError):
        change(line)

    assert list(Entry.objects.values_list("pk", "verb")) == [(line.pk, "uji.dicatat")]


def test_audit_line_fetched_again_cannot_be_saved(line):
    fetched = Entry.objects.get(pk=line.pk)
    fetched.verb = "lain"

    with pytest.raises(AppendOnlyError):
        fetched.save(update_fields=["verb"])


@pytest.mark.parametrize("model", [Entry, Scan])
def test_append_only_models_are_so_by_their_class(model):
    assert issubclass(model, AppendOnlyModel)


def test_audit_line_keeps_no_foreign_key():
    """Nothing that is deleted elsewhere can take a line along."""
    assert [field.name for field in Entry._meta.get_fields() if field.many_to_one] == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET verb = 'lain'", "DELETE FROM audit_entry"])
def test_audit_line_is_guarded_by_postgresql_itself(line, statement):
    """SQLite relies on the guard of the ORM: there the same statement goes through, which is why production is
    PostgreSQL."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(statement)
            transaction.set_rollback(True)
        else:
            with connection.cursor() as cursor:
                cursor.execute(statement)
            assert cursor.rowcount == 1
            transaction.set_rollback(True)

    assert list(Entry.objects.values_list("pk", "verb")) == [(line.pk, "uji.dicatat")]


def test_audit_detail_goes_with_an_erasure_and_the_line_stays(cast):
    partner, other = cast.partner(), cast.partner("Orang Lain")
    for person in (partner, other):
        record(
            by=cast.kubar,
            verb="partner.updated",
            obj=person,
            subject=person.public_id,
            changes={"phone": ["a", "b"]},
            reason="salah",
        )

    assert erase_subject(partner.public_id) == 1

    left = Detail.objects.order_by("pk").values_list("changes", "reason")
    assert list(left) == [({}, ""), ({"phone": ["a", "b"]}, "salah")]
    assert Entry.objects.count() == 2
