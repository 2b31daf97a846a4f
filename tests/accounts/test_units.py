"""Units, kept by administrators of their scope."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Jurisdiction, Officer, Unit
from accounts.operations import reference, units
from audit.models import Entry

NEW = {
    "short_name": "Polsek Barong Tongkok",
    "name": "Kepolisian Sektor Barong Tongkok",
    "kind": "polsek",
    "timezone": "Asia/Makassar",
    "seat": "",
    "head_title": "Kapolsek",
    "letterhead": "KEPOLISIAN NEGARA\nSEKTOR BARONG TONGKOK",
    "address": "",
    "needs_approval": False,
}


def codes(caught) -> set[str]:
    error = caught.value
    found = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return {one.code for errors in found for one in errors}


def test_add_below_ones_own_scope(cast):
    unit = units.add(by=cast.admin, parent=cast.unit("polres-kubar"), **NEW)

    assert (unit.code, unit.parent, unit.is_active) == (
        "polsek-barong-tongkok",
        cast.unit("polres-kubar"),
        True,
    )
    assert Entry.objects.get().verb == "unit.added"
    with pytest.raises(ValidationError) as caught:
        units.add(by=cast.admin, parent=cast.unit("polres-kubar"), **NEW)
    assert codes(caught) == {"taken"}


def test_scope_of_the_administrator_holds(cast):
    lower = cast.officer("admin.kubar", "polres-kubar", "administrator")
    kubar = cast.unit("polres-kubar")
    for act in (
        lambda: units.add(by=lower, parent=cast.unit("polres-berau"), **NEW),
        lambda: units.update(unit=cast.unit("polda-kaltim"), by=lower, seat="Lain"),
        lambda: units.update(unit=kubar, by=lower, parent=cast.unit("mabes")),
        lambda: units.deactivate(unit=cast.unit("polres-berau"), by=lower),
        lambda: units.update(unit=kubar, by=cast.bidhumas, seat="Lain"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Unit.objects.filter(seat="Lain").count() == 0
    assert Entry.objects.count() == 0


def test_update_refuses_a_circle(cast):
    child = units.add(by=cast.admin, parent=cast.unit("polres-kubar"), **NEW)

    for parent in (child, cast.unit("polres-kubar")):
        with pytest.raises(ValidationError) as caught:
            units.update(unit=cast.unit("polres-kubar"), by=cast.admin, parent=parent)
        assert codes(caught) == {"cycle"}
    assert Unit.objects.get(code="polres-kubar").parent == cast.unit("polda-kaltim")


def test_deactivate_says_what_hangs_on_it(cast):
    """Accounts, units below, territory and people: one sentence for each. Red without the question about people."""
    kubar, kalbar = cast.unit("polres-kubar"), cast.unit("diskominfo-kalbar")
    cast.partner("Sari")
    units.add(by=cast.admin, parent=kubar, **NEW)
    with pytest.raises(ValidationError) as caught:
        units.deactivate(unit=kubar, by=cast.admin)
    assert (codes(caught), len(caught.value.messages)) == ({"in_use"}, 3)

    Unit.objects.filter(pk=kalbar.pk).update(parent=cast.unit("mabes"))
    Officer.objects.filter(unit=kalbar).update(is_active=False)
    person, admin = cast.partner("Eko", "diskominfo-kalbar"), Officer.objects.get(username="admin")
    with pytest.raises(ValidationError) as caught:
        units.deactivate(unit=kalbar, by=admin)
    assert len(caught.value.messages) == 1

    person.delete()
    assert units.deactivate(unit=kalbar, by=admin).is_active is False
    assert units.activate(unit=kalbar, by=admin).is_active is True


def test_own_unit_is_not_switched_off(cast):
    with pytest.raises(ValidationError) as caught:
        units.deactivate(unit=cast.unit("mabes"), by=cast.admin)
    assert caught.value.code == "own"


def test_files_of_the_program_leave_what_an_administrator_changed(cast):
    units.update(unit=cast.unit("polres-kubar"), by=cast.admin, seat="Sendawar")
    row = {"short_name": "X", "kind": "polres", "seat": "Lain", "timezone": "Asia/Makassar", "head_title": ""}
    rows = [
        {**row, "code": code, "name": code, "status": "active", "parent_code": "polda-kaltim"}
        for code in ("polres-kubar", "polres-berau")
    ]
    assert reference.load_units(rows) == 2
    seats = dict(Unit.objects.filter(code__in=["polres-kubar", "polres-berau"]).values_list("code", "seat"))
    assert seats == {"polres-kubar": "Sendawar", "polres-berau": "Lain"}


def test_pages_add_edit_and_keep_what_was_typed(cast, sign_in):
    client, kubar = sign_in("admin"), cast.unit("polres-kubar")
    add = reverse("accounts:unit-add")
    wrong = client.post(add, {**NEW, "parent": kubar.pk, "name": "", "needs_approval": ""})
    assert set(wrong.context["form"].errors) == {"name"}
    assert "SEKTOR BARONG TONGKOK" in wrong.content.decode()

    assert client.post(add, {**NEW, "parent": kubar.pk, "needs_approval": ""}).status_code == 302
    unit = Unit.objects.get(code="polsek-barong-tongkok")
    edit = reverse("accounts:unit-edit", args=[unit.public_id])
    lines = "\n".join(f"Baris {n}" for n in range(6))
    many = client.post(edit, {**NEW, "parent": kubar.pk, "letterhead": lines})
    assert set(many.context["form"].errors) == {"letterhead"}
    client.post(edit, {**NEW, "parent": kubar.pk, "seat": "Melak", "needs_approval": "on"})
    unit.refresh_from_db()
    assert (unit.seat, unit.needs_approval) == ("Melak", True)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_a_unit_costs_the_same(cast, sign_in, rows, django_assert_num_queries):
    unit = cast.unit("polres-kubar")
    Jurisdiction.objects.filter(unit=unit).delete()
    for code in ["64.07", "64.03", "64.74"][:rows]:
        Jurisdiction.objects.create(unit=unit, region_id=code, mode="include")
    client = sign_in("admin")
    with django_assert_num_queries(5):
        response = client.get(reverse("accounts:unit-detail", args=[unit.public_id]))
    assert len(response.context["current"]) == rows


def test_agency_never_becomes_police_nor_stands_below_them(cast, sign_in):
    """Red before: an administrator of an agency called the own unit police, and kept the texts of the whole site."""
    agency, kubar = cast.unit("diskominfo-kalbar"), cast.unit("polres-kubar")
    cast.officers["admin.kalbar"] = lower = cast.officer("admin.kalbar", "diskominfo-kalbar", "administrator")
    client = sign_in("admin.kalbar")

    sent = {"short_name": "Diskominfo", "name": "Dinas", "kind": "polda", "timezone": "Asia/Pontianak"}
    page = client.post(reverse("accounts:unit-edit", args=[agency.public_id]), sent)

    assert set(page.context["form"].errors) == {"kind"}
    assert [value for value, _label in page.context["form"].fields["kind"].choices] == ["", "agency"]
    with pytest.raises(ValidationError):
        units.update(unit=agency, by=lower, kind="polda")
    assert client.get(reverse("portal:channel-list")).status_code == 403
    for act, field in (
        (lambda: units.update(unit=kubar, by=cast.admin, kind="agency"), "kind"),
        (lambda: units.add(by=cast.admin, parent=kubar, **{**NEW, "kind": "agency"}), "parent"),
        (lambda: units.add(by=lower, parent=agency, **NEW), "parent"),
    ):
        with pytest.raises(ValidationError) as caught:
            act()
        assert (set(caught.value.error_dict), codes(caught)) == ({field}, {"side"})
    assert units.update(unit=kubar, by=cast.admin, kind="polresta").kind == "polresta"
    assert units.add(by=lower, parent=agency, **{**NEW, "kind": "agency"}).parent == agency
