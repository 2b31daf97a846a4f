"""Somebody who may be in the list already: who is shown to whom, before anything is saved."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models import Partner
from partners.queries import twins
from partners.queries.twins import Asked, likely_twins, likely_twins_of_all
from partners.search import nearness, normalised
from tests.partners.test_partner_pages import posted

PHONE = "+6281234567890"
QUERIES = 8


def near(name, other):
    return nearness(normalised(name), normalised(other))


def names(user, *typed, phone="", handles=()):
    asked = Asked(names=typed, phone=phone, handles=frozenset(handles))
    alone = [twin.name for twin in likely_twins(user, asked)]
    assert [[twin.name for twin in twins] for twins in likely_twins_of_all(user, [Asked(), asked])] == [
        [],
        alone,
    ]
    return alone


def typed(**fields):
    return {"full_name": "", "stage_name": "", "phone": ""} | fields


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Rina Sari", "rina  SARI"),
        ("Sari Rina", "Rina Sari"),
        ("Rina Sari", "Rina Sari Dewi"),
        ("H. Rina Sari", "Rina Sari"),
        ("Rina Sary", "Riena Sari"),
        ("Soeharto", "Suharto"),
        ("Nur'aini", "Nuraini"),
        ("Muhammad Rizky", "Muhamad Rizki"),
    ],
)
def test_spellings_of_one_name_are_near(name, other):
    assert near(name, other) and near(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Sari", "Sari Wulandari"),
        ("Rudi", "Budi"),
        ("Budi Santoso", "Budi Susanto"),
        ("Siti Aminah", "Siti Rohani"),
        ("Rina Sari", ""),
        ("", ""),
    ],
)
def test_names_of_two_people_are_not(name, other):
    assert not near(name, other)


def test_twins_by_phone_handle_and_name_in_this_order(cast):
    cast.partner("Rina Sary")
    cast.partner("Tuti", phone=PHONE)
    cast.partner("Budi", handles=[("instagram", "rinasari")])
    cast.partner("Joko", handles=[("tiktok", "rinasari")])
    cast.partner("Rini Wulandari")

    found = names(cast.kubar, "Rina Sari", phone=PHONE, handles=[("instagram", "rinasari")])

    assert found == ["Tuti", "Budi", "Rina Sary"]


def test_twins_count_a_stage_name_and_the_archived(cast):
    cast.partner("Andi Lala", stage_name="Info Barong Tongkok")
    cast.partner("Rina Sari", status="archived", archived_at="2026-01-01T00:00Z")

    assert names(cast.kubar, "Info Barong Tongkog") == ["Andi Lala"]
    assert names(cast.kubar, "Rina Sari") == ["Rina Sari"]


def test_a_name_of_one_word_meets_only_such_names(cast):
    cast.partner("Suharto")
    cast.partner("Suharto Wijaya")

    assert names(cast.kubar, "Suhartoo") == ["Suharto"]


def test_twins_are_looked_for_in_the_officers_scope_alone(cast):
    cast.partner("Rina Sari", unit="polres-berau", region_id="64.03.05", phone=PHONE)
    cast.partner("Rina Sari", unit="diskominfo-kalbar", region_id="61.71", phone=PHONE)

    assert names(cast.kubar, "Rina Sari", phone=PHONE) == []
    assert names(cast.bidhumas, "Rina Sari", phone=PHONE) == ["Rina Sari"]
    assert names(cast.pimpinan, "Rina Sari", phone=PHONE) == []


def test_twins_by_handle_cost_the_same_whoever_bears_it_elsewhere(cast):
    handles = [("instagram", "rinasari")]

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert names(cast.kubar, handles=handles) == []
        return len(queries)

    cost()  # the scope is read once
    before = cost()
    cast.partner("Rina Sari", unit="polres-berau", region_id="64.03.05", handles=handles)

    assert cost() == before


def test_of_many_with_one_name_the_newest_stand_first(cast):
    """Else whoever was added by the first of two presses is not among the few who are shown."""
    people = [cast.partner("Budi Santoso") for _n in range(7)]

    found = likely_twins(cast.kubar, Asked(names=("Budi Santoso",)))

    assert [twin.public_id for twin in found] == [one.public_id for one in reversed(people[2:])]


def test_many_are_compared_each_with_its_own(cast):
    cast.partner("Rina Sari")
    cast.partner("Budi Santoso", phone=PHONE)
    asked = [
        Asked(names=("Budi Santosa",)),
        Asked(names=("Rina Sary",)),
        Asked(phone=PHONE),
        Asked(names=("Xi",)),
    ]

    found = [[twin.name for twin in twins] for twins in likely_twins_of_all(cast.kubar, asked)]

    assert found == [["Budi Santoso"], ["Rina Sari"], ["Budi Santoso"], []]


def test_who_bears_the_very_name_is_found_however_many_resemble(cast, monkeypatch):
    monkeypatch.setattr(twins, "_CANDIDATES_OF_MANY", 3)
    for number in range(5):
        cast.partner(f"Rina Sabtu {number}")
    cast.partner("Rina Sari")

    found = likely_twins_of_all(cast.kubar, [Asked(names=("Rina Sari",))])

    assert [twin.name for twin in found[0]] == ["Rina Sari"]


# The piece below the name ---------------------------------------------------------------------------------------------


def test_typing_shows_who_may_be_the_same(sign_in, cast):
    twin = cast.partner("Rina Sari", phone=PHONE)

    html = sign_in("kubar").post("/mitra/kembar/", typed(full_name="Rina Sary")).content.decode()

    assert reverse("partners:partner-detail", args=[twin.public_id]) in html and "Rina Sari" in html
    assert "Barong Tongkok" in html and "Polres Kubar" in html
    assert "3456" not in html


@pytest.mark.parametrize(
    "fields",
    [
        typed(),
        typed(full_name="Ri"),
        typed(full_name="\0"),
        typed(phone="0812"),
        typed(full_name="x" * 500),
        {"handles-0-platform": "mars", "handles-0-text": "@rina"},
        {"full_name": "%%% ___ '''"},
        {},
    ],
)
def test_half_typed_or_strange_fields_find_nobody(sign_in, cast, fields):
    cast.partner("Rina Sari", phone=PHONE, handles=[("instagram", "rina")])

    response = sign_in("kubar").post("/mitra/kembar/", fields)

    assert (response.status_code, response.content.decode().strip()) == (200, "")


def test_typing_finds_by_number_and_account_as_people_write_them(sign_in, cast):
    cast.partner("Rina Sari", phone=PHONE)
    cast.partner("Budi", handles=[("instagram", "info.kubar")])
    client = sign_in("kubar")

    by_phone = client.post("/mitra/kembar/", typed(phone="0812 3456-7890")).content.decode()
    by_handle = client.post(
        "/mitra/kembar/", {"handles-4-platform": "", "handles-4-text": "instagram.com/Info.Kubar?x=1"}
    ).content.decode()

    assert re.findall(r">([^<]+)</a>", by_phone) == ["Rina Sari"]
    assert re.findall(r">([^<]+)</a>", by_handle) == ["Budi"]


def test_typing_answers_the_same_bytes_whoever_exists_elsewhere(sign_in, cast):
    client = sign_in("berau")
    fields = typed(full_name="Rina Sari", phone="0812-3456-7890") | {
        "handles-0-platform": "instagram",
        "handles-0-text": "@rina",
    }
    before = client.post("/mitra/kembar/", fields).content
    cast.partner("Rina Sari", phone=PHONE, handles=[("instagram", "rina")])
    cast.partner("Rina Sari", unit="polda-kaltim", region_id="64", phone=PHONE)
    cast.partner("Rina Sari", unit="diskominfo-kalbar", region_id="61.71", phone=PHONE)

    assert client.post("/mitra/kembar/", fields).content == before


def test_typing_is_by_post_and_for_those_who_add(sign_in, cast):
    assert sign_in("kubar").get("/mitra/kembar/").status_code == 405
    assert sign_in("privasi").post("/mitra/kembar/", typed(full_name="Rina Sari")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_typing_costs_the_same_however_many_are_found(sign_in, cast, rows):
    for number in range(rows):
        cast.partner("Rina Sari", phone=PHONE, handles=[("instagram", f"rina{number}"), ("tiktok", "rina")])
    client = sign_in("kubar")
    fields = typed(full_name="Rina Sari", phone="081234567890") | {"handles-0-text": "tiktok.com/@rina"}

    with CaptureQueriesContext(connection) as queries:
        html = client.post("/mitra/kembar/", fields).content.decode()

    assert html.count("<li>") == rows
    assert len(queries) == QUERIES, [query["sql"][:120] for query in queries]


# Saving ---------------------------------------------------------------------------------------------------------------


def test_add_shows_the_twin_and_keeps_what_was_typed(sign_in, cast):
    twin = cast.partner("Sari Wulandary", stage_name="Info Barong")
    client = sign_in("kubar")

    asked = client.post(
        "/mitra/tambah/", posted([("instagram", "@sari.w")], stage_name="Sari TV", title_after="S.H.")
    )
    html = asked.content.decode()
    again = client.post("/mitra/tambah/", posted(stage_name="Sari TV", twins_seen=str(twin.public_id)))

    assert asked.status_code == 200 and reverse("partners:partner-detail", args=[twin.public_id]) in html
    for value in ("Sari Wulandari", "Sari TV", "S.H.", "@sari.w"):
        assert f'value="{value}"' in html
    assert again.status_code == 302 and Partner.objects.count() == 2


def test_add_asks_again_for_a_twin_who_was_not_shown(sign_in, cast):
    seen = cast.partner("Sari Wulandary")
    other = cast.partner("Sari Wulan Dari", phone=PHONE)

    response = sign_in("kubar").post(
        "/mitra/tambah/", posted(phone="081234567890", twins_seen=str(seen.public_id))
    )

    assert response.status_code == 200 and Partner.objects.count() == 2
    assert f'value="{other.public_id},{seen.public_id}"' in response.content.decode()


def test_add_says_nothing_of_twins_elsewhere(sign_in, cast):
    cast.partner("Sari Wulandari", unit="polres-berau", region_id="64.03.05", phone=PHONE)
    cast.partner("Sari Wulandari", unit="diskominfo-kalbar", region_id="61.71")

    response = sign_in("kubar").post("/mitra/tambah/", posted(phone="081234567890"))

    assert response.status_code == 302 and Partner.objects.count() == 3


def test_a_second_press_makes_no_second_record_where_many_bear_the_name(sign_in, cast):
    seen = ",".join(str(cast.partner("Sari Wulandari").public_id) for _n in range(5))
    client = sign_in("kubar")

    assert client.post("/mitra/tambah/", posted(twins_seen=seen)).status_code == 302
    assert client.post("/mitra/tambah/", posted(twins_seen=seen)).status_code == 200
    assert Partner.objects.count() == 6


def test_a_second_press_that_arrives_after_the_first_makes_no_second_record(sign_in, cast):
    client = sign_in("kubar")

    assert client.post("/mitra/tambah/", posted()).status_code == 302
    assert client.post("/mitra/tambah/", posted()).status_code == 200
    assert Partner.objects.count() == 1
