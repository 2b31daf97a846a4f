"""Officers and units, kept by administrators of the unit or one above."""

from __future__ import annotations

import re
from unittest import mock
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts import endings
from accounts.choices import Role
from accounts.models import Officer, Rank, Unit
from accounts.operations import officers
from accounts.queries.officers import officers_visible_to
from accounts.queries.units import region_codes_of, unit_tree
from audit.models import Detail, Entry

LIST, ADD, UNITS = "/kantor/petugas/", "/kantor/petugas/baru/", "/kantor/satuan/"
PASSWORD = "sandi-awal-2026"


@pytest.fixture
def local_admin(cast):
    """An administrator of Polda Kaltim, who must not see Mabes nor Diskominfo Kalbar."""
    cast.officers["admin-kaltim"] = cast.officer("admin-kaltim", "polda-kaltim", Role.ADMINISTRATOR)
    return cast.officers["admin-kaltim"]


def sent(cast, **fields: str) -> dict[str, str]:
    values = {
        "username": "baru.kubar",
        "full_name": "Wayan",
        "rank": "",
        "position": "Ps. Kasihumas",
        "email": "",
        "unit": str(cast.unit("polres-kubar").pk),
        "role": "local_officer",
    }
    return values | fields


def names(html: str) -> list[str]:
    """User names in the rows, in their order."""
    return re.findall(r'<div class="row-note">([\w.-]+) · ', html)


def url(name: str, officer: Officer) -> str:
    return reverse(f"accounts:{name}", args=[officer.public_id])


def test_officer_list_holds_the_scope_of_the_administrator(cast, local_admin, sign_in):
    everyone = names(sign_in("admin").get(LIST).content.decode())
    below = names(sign_in("admin-kaltim").get(LIST).content.decode())

    assert "diskominfo" not in everyone
    assert everyone == sorted(name for name in cast.officers if name != "diskominfo")
    assert below == sorted(set(cast.officers) - {"diskominfo", "admin", "divhumas"})


@pytest.mark.parametrize("username", ["bidhumas", "kubar", "pimpinan", "privasi", "diskominfo"])
def test_officer_pages_are_for_administrators(cast, sign_in, username):
    client = sign_in(username)

    for address in (LIST, ADD, UNITS, url("officer-edit", cast.kubar)):
        assert client.get(address).status_code == 403
    for name in ("officer-deactivate", "officer-activate"):
        assert client.post(url(name, cast.kubar)).status_code == 403
    assert list(officers_visible_to(cast.officers[username])) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "KUBAR"}, ["kubar", "kubar2"]),
        ({"q": "petugas bontang"}, ["bontang"]),
        ({"q": "tidak ada"}, []),
        ({"role": "viewer"}, ["pimpinan"]),
        ({"active": "False"}, ["berau"]),
        ({"q": "u", "role": "organizer"}, ["bidhumas", "divhumas"]),
    ],
)
def test_officer_list_filters(cast, sign_in, query, found):
    Officer.objects.filter(username="berau").update(is_active=False)

    assert names(sign_in("admin").get(LIST, query).content.decode()) == found


def test_officer_list_filters_by_unit_within_the_scope(cast, local_admin, sign_in):
    client = sign_in("admin-kaltim")
    inside = {"unit": cast.unit("polres-kubar").public_id}
    outside = {"unit": cast.unit("diskominfo-kalbar").public_id}

    assert names(client.get(LIST, inside).content.decode()) == ["kubar", "kubar2"]
    assert "diskominfo" not in names(client.get(LIST, outside).content.decode())
    assert client.get(LIST, {"unit": "omong"}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_officer_list_costs_the_same_for_one_and_three(cast, sign_in, count, django_assert_num_queries):
    for number in range(count):
        cast.officer(f"uji{number}", ["polres-kubar", "polres-berau", "polres-kukar"][number])
    client = sign_in("admin")

    # session, officer, scope, units of the filter, rows with their units
    with django_assert_num_queries(5):
        html = client.get(LIST, {"q": "uji"}).content.decode()

    assert len(names(html)) == count


def test_officer_list_fragment_is_the_rows_alone(cast, sign_in):
    html = sign_in("admin").get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert html.lstrip().startswith('<div id="officer-rows"')


def test_officer_add_makes_an_account_without_a_password(cast, sign_in):
    response = sign_in("admin").post(ADD, sent(cast, username="Baru.Kubar", password1="x", password="x"))

    officer = Officer.objects.get(username="baru.kubar")
    assert (response.status_code, response["Location"]) == (302, url("officer-link", officer))
    assert (officer.full_name, officer.unit.code, officer.role) == ("Wayan", "polres-kubar", "local_officer")
    assert not officer.has_usable_password()
    assert [(line.verb, line.actor_id, line.unit_id) for line in Entry.objects.order_by("pk")] == [
        ("officer.added", cast.admin.pk, officer.unit_id),
        ("officer.link_issued", cast.admin.pk, officer.unit_id),
    ]
    assert Detail.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"username": "KUBAR"}, "username"),
        ({"username": "dua kata"}, "username"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"email": "bukan-surel"}, "email"),
        ({"role": "kapolri"}, "role"),
        ({"rank": "Jenderal Palsu"}, "rank"),
    ],
)
def test_officer_add_refuses_beside_the_field(cast, sign_in, fields, at):
    before = Officer.objects.count()

    response = sign_in("admin").post(ADD, sent(cast, **fields))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [at]
    assert (Officer.objects.count(), Entry.objects.count()) == (before, 0)


def test_officer_add_offers_only_units_in_scope(cast, local_admin, sign_in):
    outside = str(cast.unit("diskominfo-kalbar").pk)

    response = sign_in("admin-kaltim").post(ADD, sent(cast, unit=outside))

    assert list(response.context["form"].errors) == ["unit"]
    assert "Diskominfo Kalbar" not in response.content.decode()


def test_officer_add_taken_at_the_last_moment_is_said_beside_the_field(cast, sign_in):
    """Two administrators send the same name: the second is told, not thrown out."""
    with mock.patch("accounts.operations.officers.Officer.objects.filter") as none_yet:
        none_yet.return_value.exists.return_value = False
        with pytest.raises(ValidationError) as refusal:
            officers.add(
                by=cast.admin,
                username="kubar",
                full_name="Wayan",
                unit=cast.unit("polres-kubar"),
                role=Role.LOCAL_OFFICER,
                password=PASSWORD,
            )

    assert refusal.value.error_dict["username"][0].code == "taken"
    assert Entry.objects.count() == 0


def test_officer_add_rolls_back_when_the_audit_fails(cast):
    before = Officer.objects.count()
    with mock.patch.object(officers, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        officers.add(
            by=cast.admin,
            username="baru",
            full_name="Wayan",
            unit=cast.unit("polres-kubar"),
            role=Role.LOCAL_OFFICER,
            password=PASSWORD,
        )

    assert Officer.objects.count() == before


def edited(cast, **fields: str) -> dict[str, str]:
    values = sent(cast, full_name="Petugas Kubar", position="", rank="Aipda")
    del values["username"]
    return values | fields


def test_officer_edit_changes_what_was_sent_and_notes_it(cast, sign_in):
    Rank.objects.create(
        abbreviation="Aipda", name="Ajun Inspektur Polisi Dua", group="Bintara Tinggi", order=11
    )
    target = cast.unit("polres-berau")

    response = sign_in("admin").post(
        url("officer-edit", cast.kubar),
        edited(cast, full_name="I Made Wayan", unit=str(target.pk), username="lain"),
    )

    assert (response.status_code, response["Location"]) == (302, LIST)
    kubar = Officer.objects.get(pk=cast.kubar.pk)
    assert (kubar.full_name, kubar.unit, kubar.username) == ("I Made Wayan", target, "kubar")
    line = Entry.objects.get()
    assert (line.verb, line.fields) == ("officer.updated", ["full_name", "unit"])
    detail = Detail.objects.get()
    assert detail.changes == {
        "full_name": ["Petugas Kubar", "I Made Wayan"],
        "unit": ["polres-kubar", "polres-berau"],
    }
    assert detail.subject_public_id == kubar.public_id


def test_officer_edit_without_a_change_notes_nothing(cast, sign_in):
    response = sign_in("admin").post(url("officer-edit", cast.kubar), edited(cast))

    assert response.status_code == 302
    assert Entry.objects.count() == 0


def test_officer_edit_knows_no_password(cast, sign_in):
    """Nobody types a password for somebody else."""
    client = sign_in("admin")
    before = Officer.objects.get(username="kubar").password

    client.post(url("officer-edit", cast.kubar), edited(cast, password1=PASSWORD, password2=PASSWORD))

    assert Officer.objects.get(username="kubar").password == before
    for address in (ADD, url("officer-edit", cast.kubar)):
        assert 'type="password"' not in client.get(address).content.decode()


def test_officer_moved_ends_sessions_at_once(cast, sign_in):
    kubar, neighbour = sign_in("kubar"), sign_in("kubar2")
    moved = edited(cast, rank="", unit=str(cast.unit("polres-berau").pk))

    response = sign_in("admin").post(url("officer-edit", cast.kubar), moved)

    assert (response.status_code, response["Location"]) == (302, LIST)
    assert kubar.get("/wilayah/sumber-data/").status_code == 302
    assert neighbour.get("/wilayah/sumber-data/").status_code == 200


def test_officer_renamed_stays_logged_in(cast, sign_in):
    kubar = sign_in("kubar")

    sign_in("admin").post(url("officer-edit", cast.kubar), edited(cast, rank="", full_name="Lain"))

    assert kubar.get("/wilayah/sumber-data/").status_code == 200


def test_officer_endings_are_run_when_moved_and_when_switched_off(cast, monkeypatch):
    ended = []
    monkeypatch.setattr(endings, "_registry", [lambda officer, by: ended.append((officer.pk, by.pk))])

    officers.update(officer=cast.kubar, by=cast.admin, full_name="Lain")
    assert ended == []
    officers.update(officer=cast.kubar, by=cast.admin, unit=cast.unit("polres-berau"))
    officers.deactivate(officer=cast.berau, by=cast.admin)

    assert ended == [(cast.kubar.pk, cast.admin.pk), (cast.berau.pk, cast.admin.pk)]


def test_officer_edit_refused_shows_the_stored_name(cast, sign_in):
    response = sign_in("admin").post(url("officer-edit", cast.kubar), edited(cast, full_name=""))

    assert list(response.context["form"].errors) == ["full_name"]
    assert "<h1>Aipda Petugas Kubar</h1>" in response.content.decode()


def test_officer_edit_of_ones_own_role_is_refused(cast, sign_in):
    response = sign_in("admin").post(
        url("officer-edit", cast.admin),
        edited(cast, full_name="Petugas Admin", unit=str(cast.unit("mabes").pk), role="organizer"),
    )

    assert response.status_code == 200
    assert response.context["form"].non_field_errors().as_data()[0].code == "self"
    assert Officer.objects.get(username="admin").role == Role.ADMINISTRATOR


def test_officer_deactivate_ends_sessions_at_once_and_activate_lets_in_again(cast, sign_in):
    kubar, admin = sign_in("kubar"), sign_in("admin")
    assert kubar.get("/wilayah/sumber-data/").status_code == 200

    off = admin.post(url("officer-deactivate", cast.kubar))

    assert (off.status_code, off["Location"]) == (302, url("officer-edit", cast.kubar))
    assert kubar.get("/wilayah/sumber-data/").status_code == 302
    assert not Officer.objects.get(username="kubar").is_active

    admin.post(url("officer-activate", cast.kubar))

    assert Officer.objects.get(username="kubar").is_active
    assert kubar.get("/wilayah/sumber-data/").status_code == 302, "the old session does not come back"
    cast.officers["kubar"].refresh_from_db()
    assert sign_in("kubar").get("/wilayah/sumber-data/").status_code == 200
    assert [line.verb for line in Entry.objects.order_by("pk")] == [
        "officer.deactivated",
        "officer.activated",
    ]


def test_officer_deactivate_ends_a_session_that_nobody_used_meanwhile(cast, sign_in):
    phone_in_a_drawer, neighbour = sign_in("kubar"), sign_in("berau")

    officers.deactivate(officer=cast.kubar, by=cast.admin)
    officers.activate(officer=cast.kubar, by=cast.admin)

    assert phone_in_a_drawer.get("/wilayah/sumber-data/").status_code == 302
    assert neighbour.get("/wilayah/sumber-data/").status_code == 200


def test_officer_deactivate_twice_is_noted_once(cast):
    officers.deactivate(officer=cast.kubar, by=cast.admin)
    officers.deactivate(officer=cast.kubar, by=cast.admin)

    assert Entry.objects.count() == 1


def test_officer_deactivate_of_oneself_is_refused(cast, sign_in):
    client = sign_in("admin")

    client.post(url("officer-deactivate", cast.admin))

    assert Officer.objects.get(username="admin").is_active
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("name", ["officer-deactivate", "officer-activate"])
def test_officer_switches_are_posted(cast, sign_in, name):
    assert sign_in("admin").get(url(name, cast.kubar)).status_code == 405


def test_officer_out_of_scope_is_like_one_that_does_not_exist(cast, local_admin, sign_in):
    client = sign_in("admin-kaltim")

    for officer in (cast.diskominfo, cast.divhumas):
        assert client.get(url("officer-edit", officer)).status_code == 404
        assert client.post(url("officer-deactivate", officer)).status_code == 404
    assert client.get(reverse("accounts:officer-edit", args=[uuid4()])).status_code == 404
    assert Officer.objects.filter(is_active=False).count() == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda cast: officers.update(officer=cast.kubar, by=cast.admin, full_name="Lain"),
        lambda cast: officers.update(officer=cast.kubar, by=cast.admin, unit=cast.unit("polres-berau")),
        lambda cast: officers.deactivate(officer=cast.kubar, by=cast.admin),
    ],
)
def test_officer_operations_roll_back_when_the_audit_fails(cast, act):
    before = Officer.objects.filter(username="kubar").values().get()
    with mock.patch.object(officers, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        act(cast)

    assert Officer.objects.filter(username="kubar").values().get() == before


def test_unit_list_shows_the_tree_with_its_territory(cast, local_admin, sign_in, django_assert_num_queries):
    client = sign_in("admin-kaltim")

    # session, officer, scope, units with their officers, jurisdictions with their regions
    with django_assert_num_queries(5):
        html = client.get(UNITS).content.decode()

    assert re.findall(r'<a class="row-title"[^>]*>(.*?)</a>', html) == [
        "Polda Kaltim",
        "Polres Berau",
        "Polres Bontang",
        "Polres Kubar",
        "Polres Kukar",
    ]
    assert "Muara Badak (64.02.05), Kota Bontang (64.74)" in html


def test_unit_tree_tells_excludes_apart_and_counts_active_accounts(cast):
    from datetime import date

    Officer.objects.filter(username="kubar2").update(is_active=False)
    (mabes,) = unit_tree(cast.admin, date(2024, 10, 21))
    (polda,) = mabes.children
    units = {branch.unit.code: branch for branch in polda.children}

    assert [region.code for region in units["polres-kukar"].includes] == ["64.02"]
    assert [region.code for region in units["polres-kukar"].excludes] == ["64.02.05"]
    assert (units["polres-kubar"].officers, units["polres-kukar"].officers) == (1, 1)


def test_region_codes_of_an_officer_are_those_their_units_police(cast):
    assert region_codes_of(cast.bontang) == ["64.02.05", "64.74"]
    assert region_codes_of(cast.bidhumas) == ["64", "64.02", "64.02.05", "64.03", "64.07", "64.74"]
    assert region_codes_of(cast.diskominfo) == []


def test_of_two_administrators_who_switch_each_other_off_one_stays(cast):
    """The second one acts on what it read before the first was done."""
    other = cast.officer("admin.lain", "mabes", Role.ADMINISTRATOR)
    before = Officer.objects.get(pk=cast.admin.pk)
    officers.deactivate(officer=cast.admin, by=other)

    for act in (
        lambda: officers.deactivate(officer=other, by=before),
        lambda: officers.update(officer=other, by=before, role="viewer"),
        lambda: officers.activate(officer=before, by=before),
    ):
        with pytest.raises(PermissionDenied):
            act()
    other.refresh_from_db()
    assert (other.is_active, other.role) == (True, "administrator")


def test_unit_that_is_switched_off_takes_no_account(cast, sign_in):
    officers.deactivate(officer=cast.kubar, by=cast.admin)
    Unit.objects.filter(code="polres-kubar").update(is_active=False)
    closed = Unit.objects.get(code="polres-kubar")
    person = {"full_name": "Wayan", "role": "local_officer"}

    for act in (
        lambda: officers.activate(officer=cast.kubar, by=cast.admin),
        lambda: officers.update(officer=cast.berau, by=cast.admin, unit=closed),
        lambda: officers.add(by=cast.admin, username="baru", unit=closed, **person),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.error_dict["unit"][0].code == "unit_off"
    client = sign_in("admin")
    client.post(url("officer-activate", cast.kubar))
    assert 'role="alert"' in client.get(url("officer-edit", cast.kubar)).content.decode()
    assert not Officer.objects.get(username="kubar").is_active
