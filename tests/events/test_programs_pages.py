"""The pages of programmes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from events.models import Program

CANARY = "Kenari Rahasia"


def _fields(cast, **fields) -> dict:
    return {
        "name": "Rangkaian Dialog",
        "theme": "",
        "goal": "",
        "unit": cast.unit("polda-kaltim").pk,
        "region": "64",
        "starts_on": "2024-10-01",
        "ends_on": "",
        **fields,
    }


def test_the_list_counts_the_events_that_the_reader_sees(cast, sign_in):
    program = cast.program()
    cast.event("Kubar", program=program, state="done")
    cast.event("Berau", program=program, host="polres-berau", co_hosts=[])
    Program.objects.create(
        name=CANARY, unit=cast.unit("diskominfo-kalbar"), region_id="61", starts_on="2024-01-01"
    )

    def seen(officer: str) -> list[tuple[str, int, int]]:
        rows = sign_in(officer).get(reverse("events:program-list")).context["page"].rows
        return [(row.name, row.held, row.stops) for row in rows]

    assert seen("bidhumas") == seen("pimpinan") == [("Rangkaian Dialog Penguatan Kehumasan", 1, 2)]
    assert seen("kubar") == [("Rangkaian Dialog Penguatan Kehumasan", 1, 1)]
    assert seen("bontang") == []


def test_a_programme_shows_the_stops_in_sight_only(cast, sign_in):
    program = cast.program()
    cast.event("Malam di Barong", program=program)
    cast.event(CANARY, program=program, host="polres-berau", co_hosts=[])

    page = sign_in("kubar").get(reverse("events:program-detail", args=[program.public_id])).content.decode()

    assert "Malam di Barong" in page
    assert CANARY not in page


@pytest.mark.parametrize(
    ("officer", "read", "change"),
    [
        ("bidhumas", 200, 200),
        ("divhumas", 200, 200),
        ("kubar", 200, 403),
        ("berau", 404, 403),
        ("pimpinan", 200, 403),
    ],
)
def test_who_reads_and_who_changes_a_programme(cast, sign_in, officer, read, change):
    program = cast.program()
    cast.event(program=program)
    client = sign_in(officer)

    assert client.get(reverse("events:program-detail", args=[program.public_id])).status_code == read
    assert client.get(reverse("events:program-edit", args=[program.public_id])).status_code == change
    assert client.get(reverse("events:program-add")).status_code == change


def test_an_organiser_elsewhere_who_sees_it_through_an_event_does_not_change_it(cast, sign_in):
    program = cast.program()
    cast.event(program=program, co_hosts=["diskominfo-kalbar"])

    assert (
        sign_in("diskominfo").get(reverse("events:program-edit", args=[program.public_id])).status_code == 403
    )


def test_a_programme_is_written_and_changed(cast, sign_in):
    client = sign_in("bidhumas")

    added = client.post(reverse("events:program-add"), _fields(cast))
    program = Program.objects.get()
    client.post(
        reverse("events:program-edit", args=[program.public_id]),
        _fields(cast, goal="Satu per kabupaten"),
    )

    assert added.url == reverse("events:program-detail", args=[program.public_id])
    assert list(Program.objects.values_list("name", "goal", "region")) == [
        ("Rangkaian Dialog", "Satu per kabupaten", "64")
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"ends_on": "2024-09-30"}, "ends_on"),
        ({"starts_on": "besok"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
        ({"region": "64.07"}, "region"),
        ({"goal": "x" * 1001}, "goal"),
    ],
)
def test_bad_input_is_kept_and_answered_beside_its_field(cast, sign_in, fields, field):
    response = sign_in("bidhumas").post(
        reverse("events:program-add"), _fields(cast, theme="Ruang damai", **fields)
    )

    form = response.context["form"]
    assert list(form.errors) == [field]
    assert str(form.errors[field][0]) in response.content.decode()
    assert "Ruang damai" in response.content.decode()
    assert Program.objects.count() == 0


def test_the_list_and_a_programme_cost_the_same_with_one_and_three(cast, sign_in, django_assert_num_queries):
    client = sign_in("bidhumas")
    program = cast.program()
    cast.event("Satu", program=program)

    def costs() -> None:
        # session, officer, scope, rows
        with django_assert_num_queries(4):
            client.get(reverse("events:program-list"))
        # session, officer, scope, programme, stops, stops without a date
        with django_assert_num_queries(6):
            client.get(reverse("events:program-detail", args=[program.public_id]))

    costs()
    cast.event("Dua", program=program, region_id="64.03.05")
    cast.event("Tiga", program=program, starts_at=None, state="draft")
    cast.program(name="Lain")
    cast.program(name="Lain lagi")
    costs()
