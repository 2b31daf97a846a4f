"""What a line of the audit holds, and what it never holds."""

from __future__ import annotations

import pytest
from django.db import transaction

from audit import visibility
from audit.models import Detail, Entry
from audit.recording import entries_about, record


def test_record_keeps_ids_and_field_names_and_puts_values_aside(cast):
    partner, event = cast.partner(), cast.event()

    line = record(
        by=cast.bidhumas,
        verb="partner.updated",
        obj=partner,
        subject=partner.public_id,
        event=event.public_id,
        fields=["status"],
        changes={"phone": ["0811", "0812"]},
        reason="diminta orangnya",
    )

    stored = Entry.objects.values().get(pk=line.pk)
    assert {name: stored[name] for name in stored if name not in {"id", "at", "public_id"}} == {
        "actor_id": cast.bidhumas.pk,
        "actor_unit_id": cast.unit("polda-kaltim").pk,
        "unit_id": partner.unit_id,
        "verb": "partner.updated",
        "object_kind": "partner",
        "object_public_id": partner.public_id,
        "subject_public_id": partner.public_id,
        "event_public_id": event.public_id,
        "fields": ["phone", "status"],
    }
    detail = Detail.objects.get(entry=line)
    assert (detail.changes, detail.reason) == ({"phone": ["0811", "0812"]}, "diminta orangnya")


def test_record_unit_is_that_of_the_object_else_that_of_the_actor(cast):
    partner = cast.partner(unit="polres-berau")

    assert record(by=cast.bidhumas, verb="uji.a", obj=partner).unit_id == cast.unit("polres-berau").pk
    assert record(by=cast.bidhumas, verb="uji.b").unit_id == cast.unit("polda-kaltim").pk
    assert record(by=cast.bidhumas, verb="uji.c", obj=partner, unit_id=7).unit_id == 7
    assert record(by=None, verb="uji.d").unit_id is None


def test_record_without_values_makes_no_detail(cast):
    record(by=cast.kubar, verb="uji.dilihat", fields=["phone"])

    assert Detail.objects.count() == 0


def test_record_is_undone_with_the_fact(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(by=cast.kubar, verb="uji.batal", changes={"phone": ["a", "b"]})
        raise RuntimeError

    assert (Entry.objects.count(), Detail.objects.count()) == (0, 0)


def test_entries_about_holds_object_and_subject_newest_first(cast):
    partner, other = cast.partner(), cast.partner("Orang Lain")
    first = record(by=cast.kubar, verb="uji.a", obj=partner)
    second = record(by=cast.kubar, verb="uji.b", obj=cast.event(), subject=partner.public_id)
    record(by=cast.kubar, verb="uji.c", obj=other, subject=other.public_id)

    assert list(entries_about(partner.public_id)) == [second, first]


def test_visibility_asks_every_noun_that_has_a_history():
    assert visibility.registered() == {
        *("partner", "event", "program", "commitment", "officer"),
        *("organization", "directive", "directiveunit", "outreach", "device"),
    }
