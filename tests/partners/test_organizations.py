"""Organisations and the positions in them: who sees which, who changes what, and whose names are never told."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Detail, Entry
from partners.models import Affiliation, Organization
from partners.operations import erasure
from partners.operations import organizations as operations
from partners.operations.organizations import affiliate, end_affiliation
from partners.queries.organizations import (
    organizations_visible_to,
    people_in,
    positions_of,
    selectable_organizations,
)
from regions.models import Region

URL = "/mitra/organisasi/"
LIST_QUERIES = 7


def add(
    cast, name="PWI Kutai Barat", by="kubar", unit="polres-kubar", region="64.07", **fields
) -> Organization:
    return operations.add(
        by=cast.officers[by],
        name=name,
        kind=fields.pop("kind", "association"),
        region=Region.objects.get(code=region),
        unit=cast.unit(unit),
        **fields,
    )


@pytest.fixture
def pwi(cast) -> Organization:
    return add(cast)


@pytest.fixture
def everywhere(cast) -> dict[str, Organization]:
    """One of each, so that what must not be seen is there to be seen."""
    return {
        "kubar": add(cast, "Media Kubar"),
        "berau": add(cast, "Media Berau", "berau", "polres-berau", "64.03"),
        "polda": add(cast, "Media Kaltim", "bidhumas", "polda-kaltim", "64"),
        "mabes": add(cast, "Media Nasional", "divhumas", "mabes", "64"),
        "agency": add(cast, "Media Kalbar", "diskominfo", "diskominfo-kalbar", "61"),
    }


def url(name, *args):
    return reverse(f"partners:{name}", args=[one.public_id for one in args])


def names(response):
    return re.findall(r'class="row-title"[^>]*>([^<]+)<', response.content.decode())


# Who sees which


@pytest.mark.parametrize(
    ("officer", "seen"),
    [
        ("kubar", {"kubar", "polda", "mabes"}),
        ("berau", {"berau", "polda", "mabes"}),
        ("kukar", {"polda", "mabes"}),
        ("bidhumas", {"kubar", "berau", "polda", "mabes"}),
        ("divhumas", {"kubar", "berau", "polda", "mabes"}),
        ("diskominfo", {"agency"}),
        ("pimpinan", set()),
        ("privasi", set()),
        ("admin", set()),
    ],
)
def test_own_unit_those_above_and_those_below(cast, everywhere, officer, seen):
    user = cast.officers[officer]

    assert set(organizations_visible_to(user)) == {everywhere[key] for key in seen}


def test_what_is_set_aside_is_seen_and_not_selectable(cast, pwi):
    operations.archive(organization=pwi, by=cast.kubar)

    assert list(organizations_visible_to(cast.kubar)) == [pwi]
    assert list(selectable_organizations(cast.kubar)) == []
    operations.restore(organization=pwi, by=cast.kubar)
    assert list(selectable_organizations(cast.kubar)) == [pwi]
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["organization.added", "organization.archived", "organization.restored"]


# Changing


def test_adding_keeps_one_spelling_and_is_on_record(cast):
    made = add(
        cast, "  PWI   Kutai Barat ", phone="0541 123456", email="Redaksi@PWI.example", short_name="PWI Kubar"
    )

    made.refresh_from_db()
    assert (made.name, str(made), made.email, made.unit.code, made.created_by_id) == (
        "PWI Kutai Barat",
        "PWI Kubar",
        "redaksi@pwi.example",
        "polres-kubar",
        cast.kubar.pk,
    )
    assert "kubar" in made.search_key
    assert Entry.objects.get().verb == "organization.added"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"kind": "partai"}, "kind"),
        ({"email": "x"}, "email"),
        ({"website": "x y"}, "website"),
    ],
)
def test_bad_facts_are_refused_beside_their_field(cast, fields, field):
    with pytest.raises(ValidationError) as refused:
        add(cast, **fields)

    assert list(refused.value.error_dict) == [field]
    assert Organization.objects.count() == 0


def test_a_name_stands_once_in_a_region_of_a_unit(cast, pwi):
    with pytest.raises(ValidationError) as refused:
        add(cast, "pwi kutai barat")

    assert refused.value.error_dict["name"][0].code == "exists"
    assert add(cast, region="64.07.07").name == pwi.name
    assert add(cast, by="berau", unit="polres-berau").name == pwi.name


@pytest.mark.parametrize(
    ("by", "unit"), [("kubar", "polres-berau"), ("kubar", "polda-kaltim"), ("diskominfo", "polres-kubar")]
)
def test_nobody_adds_to_a_unit_outside_their_scope(cast, by, unit):
    with pytest.raises(PermissionDenied):
        add(cast, by=by, unit=unit)

    assert Organization.objects.count() == 0


def test_units_below_read_and_those_above_change(cast):
    upper = add(cast, "PWI Kaltim", "bidhumas", "polda-kaltim", "64")
    lower = add(cast)

    with pytest.raises(PermissionDenied):
        operations.update(organization=upper, by=cast.kubar, name="Lain")
    with pytest.raises(PermissionDenied):
        operations.archive(organization=upper, by=cast.kubar)
    operations.update(organization=lower, by=cast.bidhumas, name="PWI Kubar", short_name="")

    lower.refresh_from_db()
    assert (lower.name, lower.sort_key) == ("PWI Kubar", "pwi kubar")
    entry = Entry.objects.get(verb="organization.updated")
    assert entry.fields == ["name"]
    operations.update(organization=lower, by=cast.bidhumas, name="PWI Kubar")
    assert Entry.objects.filter(verb="organization.updated").count() == 1


def test_a_change_is_whole_or_not_at_all(cast, pwi, monkeypatch):
    def broken(**_kwargs):
        raise DatabaseError

    monkeypatch.setattr(operations, "record", broken)
    sari = cast.partner()
    for act in (
        lambda: operations.update(organization=pwi, by=cast.kubar, name="Lain"),
        lambda: operations.archive(organization=pwi, by=cast.kubar),
        lambda: affiliate(organization=pwi, partner=sari, by=cast.kubar),
        lambda: add(cast, "Baru"),
    ):
        with pytest.raises(DatabaseError):
            act()

    assert list(Organization.objects.values_list("name", "archived_at")) == [("PWI Kutai Barat", None)]
    assert Affiliation.objects.count() == 0


# People


def test_a_position_is_kept_changed_and_ended(cast, pwi):
    sari = cast.partner()
    row = affiliate(organization=pwi, partner=sari, by=cast.kubar, position="  Wakil  ketua ")
    assert affiliate(organization=pwi, partner=sari, by=cast.kubar, position="Ketua") == row
    end_affiliation(affiliation=row, by=cast.kubar)
    ended = Affiliation.objects.get()
    assert (ended.position, ended.ended_on) == ("Ketua", timezone.localdate())
    affiliate(organization=pwi, partner=sari, by=cast.kubar, position="Penasihat")

    verbs = Entry.objects.filter(subject_public_id=sari.public_id).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "affiliation.began",
        "affiliation.updated",
        "affiliation.ended",
        "affiliation.began",
    ]
    assert [row.position for row in positions_of(cast.kubar, sari)] == ["Penasihat", "Ketua"]
    assert "Ketua" not in str(list(Entry.objects.values()))
    assert Detail.objects.filter(subject_public_id=sari.public_id).count() == 4


def test_only_people_of_ones_own_scope_are_named(cast):
    upper = add(cast, "PWI Kaltim", "bidhumas", "polda-kaltim", "64")
    agency = add(cast, "Media Kalbar", "diskominfo", "diskominfo-kalbar", "61")
    own, other = cast.partner("Sari"), cast.partner("Budi", unit="polres-berau")

    row = affiliate(organization=upper, partner=own, by=cast.kubar)
    for organization, partner in ((upper, other), (agency, own)):
        with pytest.raises(PermissionDenied):
            affiliate(organization=organization, partner=partner, by=cast.kubar)
    with pytest.raises(PermissionDenied):
        end_affiliation(affiliation=row, by=cast.berau)
    operations.archive(organization=upper, by=cast.bidhumas)
    with pytest.raises(ValidationError) as refused:
        affiliate(organization=upper, partner=cast.partner("Ayu"), by=cast.kubar)

    assert refused.value.code == "archived"
    assert list(Affiliation.objects.values_list("partner__full_name", "ended_on")) == [("Sari", None)]


def test_people_of_others_are_neither_named_nor_counted(cast, sign_in):
    upper = add(cast, "PWI Kaltim", "bidhumas", "polda-kaltim", "64")
    affiliate(organization=upper, partner=cast.partner("Sari Kubar"), by=cast.kubar, position="Ketua")
    before = sign_in("kubar").get(url("organization-detail", upper)).content.decode()
    hidden = cast.partner("Rahasia Berau", unit="polres-berau")
    affiliate(organization=upper, partner=hidden, by=cast.berau, position="Bendahara")

    after = sign_in("kubar").get(url("organization-detail", upper)).content.decode()

    strip = re.compile(r'nonce="[^"]+"|value="[^"]{64}"|"X-CSRFToken": "[^"]+"')
    assert strip.sub("", after) == strip.sub("", before)
    assert names(sign_in("bidhumas").get(url("organization-detail", upper))) == [
        "Rahasia Berau",
        "Sari Kubar",
    ]
    assert [row.partner for row in people_in(cast.berau, upper)] == [hidden]


def test_positions_in_organisations_out_of_sight_are_not_named(cast, sign_in):
    """A partner shared by a neighbour, in an organisation of the neighbour."""
    from tests.partners.test_partner_list import shared

    media = add(cast, "Media Berau", "berau", "polres-berau", "64.03")
    sari = cast.partner("Sari", unit="polres-berau")
    affiliate(organization=media, partner=sari, by=cast.berau, position="Redaktur")
    shared(sari, cast.unit("polres-kubar"))
    page = url("partner-detail", sari)

    assert "Redaktur" in sign_in("berau").get(page).content.decode()
    html = sign_in("kubar").get(page).content.decode()
    assert "Sari" in html and "Redaktur" not in html and "Media Berau" not in html


def test_a_position_goes_with_the_person(cast, pwi):
    sari = cast.partner()
    affiliate(organization=pwi, partner=sari, by=cast.kubar, position="Ketua")

    erasure.erase(partner=sari, by=cast.kubar)

    assert (Affiliation.objects.count(), Organization.objects.count()) == (0, 1)
    assert "Ketua" not in str(list(Detail.objects.values()))


# Pages


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", ["Media Barong", "PWI Kutai Barat"]),
        ("q=pwi", ["PWI Kutai Barat"]),
        ("kind=media", ["Media Barong"]),
        ("region_province=64&region_regency=64.07&region_district=64.07.07", ["Media Barong"]),
        ("region_province=64&region_regency=64.03", []),
        ("state=archived", ["Arsip Lama"]),
        ("after=kacau", ["Media Barong", "PWI Kutai Barat"]),
        ("q=%00", ["Media Barong", "PWI Kutai Barat"]),
        ("q=rahasia", []),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_says(cast, sign_in, pwi, query, seen):
    add(cast, "Media Barong", kind="media", region="64.07.07")
    operations.archive(organization=add(cast, "Arsip Lama"), by=cast.kubar)
    add(cast, "Rahasia Berau", "berau", "polres-berau", "64.03")

    assert names(sign_in("kubar").get(f"{URL}?{query}")) == seen


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(cast, sign_in, rows):
    for number in range(rows):
        add(cast, f"Media {number}", region="64.07.07")
    client = sign_in("kubar")

    with CaptureQueriesContext(connection) as queries:
        assert len(names(client.get(URL))) == rows

    assert len(queries) == LIST_QUERIES, [query["sql"][:100] for query in queries]


def test_a_second_page_follows_the_first(cast, sign_in):
    for number in range(55):
        add(cast, f"Media {number:03}")
    client = sign_in("kubar")

    first = client.get(URL)
    after = re.search(r"\?after=([\w-]+)", first.content.decode()).group(1)

    assert names(client.get(f"{URL}?after={after}")) == [f"Media {number:03}" for number in range(50, 55)]


def test_from_adding_an_organisation_to_naming_its_chair(cast, sign_in):
    client = sign_in("kubar")
    sari = cast.partner("Sari Wulandari")
    cast.partner("Sari Rahasia", unit="polres-berau")
    response = client.post(
        url("organization-add"),
        {
            "name": "PWI Kutai Barat",
            "short_name": "PWI Kubar",
            "kind": "association",
            "unit": cast.unit("polres-kubar").pk,
            "region_province": "64",
            "region_regency": "64.07",
            "website": "pwikubar.example",
        },
    )
    pwi = Organization.objects.get()
    assert (response.status_code, response["Location"]) == (302, url("organization-detail", pwi))
    assert pwi.website == "https://pwikubar.example"

    page = url("affiliation-add", pwi)
    assert names(client.get(page + "?q=sari")) == ["Sari Wulandari"]
    refused = client.post(page + "?q=sari", {"position": "Ketua"})
    assert (refused.status_code, names(refused)) == (200, ["Sari Wulandari"])
    assert 'value="Ketua"' in refused.content.decode()
    client.post(page + "?q=sari", {"partner": sari.public_id, "position": "Ketua"})

    row = Affiliation.objects.get()
    assert (row.partner, row.position, row.created_by_id) == (sari, "Ketua", cast.kubar.pk)
    detail = client.get(url("organization-detail", pwi)).content.decode()
    assert "Sari Wulandari" in detail and "Ketua" in detail
    assert "PWI Kubar" in client.get(url("partner-detail", sari)).content.decode()
    client.post(url("affiliation-end", pwi, row))
    row.refresh_from_db()
    assert row.ended_on == timezone.localdate()


def test_an_association_may_stand_for_a_whole_province(cast, sign_in):
    facts = {"name": "PWI Kaltim", "kind": "association", "region_province": "64"}

    sign_in("kubar").post(url("organization-add"), facts | {"unit": cast.unit("polres-kubar").pk})

    assert Organization.objects.get().region_id == "64"


def test_nothing_typed_is_lost_when_a_form_is_refused(cast, sign_in):
    long = "M" * 200
    response = sign_in("kubar").post(
        url("organization-add"), {"name": long, "email": "x", "short_name": "Pendek"}
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert long in html and 'value="Pendek"' in html and Organization.objects.count() == 0


def test_an_archived_organisation_offers_to_come_back(cast, sign_in, pwi):
    client = sign_in("kubar")
    client.post(url("organization-archive", pwi))
    assert url("organization-restore", pwi) in client.get(url("organization-detail", pwi)).content.decode()

    client.post(url("organization-restore", pwi))

    pwi.refresh_from_db()
    assert (pwi.archived_at, pwi.archived_by_id) == (None, None)
