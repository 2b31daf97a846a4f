"""The pages of programmes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

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
        # session, officer, scope, programme, stops, stops without a date, regions, states of stops, outreach
        with django_assert_num_queries(9):
            client.get(reverse("events:program-detail", args=[program.public_id]))

    costs()
    cast.event("Dua", program=program, region_id="64.03.05")
    cast.event("Tiga", program=program, starts_at=None, state="draft")
    cast.program(name="Lain")
    cast.program(name="Lain lagi")
    costs()


def _page(sign_in, officer: str, program: Program):
    return sign_in(officer).get(reverse("events:program-detail", args=[program.public_id]))


def test_the_tour_says_how_many_regions_had_their_dialogue(cast, sign_in):
    """Of the four regencies of the cast: Kubar held (and planned again), Berau planned, a draft counts for nothing."""
    program = cast.program()
    cast.event(program=program, state="done")
    cast.event(program=program, starts_at=timezone.now() + timedelta(days=9))
    cast.event(program=program, region_id="64.03", starts_at=timezone.now() + timedelta(days=3))
    cast.event(program=program, region_id="64.74", state="draft")
    cast.event(program=program, region_id="64.02.06", state="cancelled")

    reach = _page(sign_in, "bidhumas", program).context["reach"]

    assert (reach.total, reach.held, reach.planned, reach.without) == (4, 1, 1, 2)


def test_who_sees_only_some_stops_is_told_nothing_of_the_others(cast, sign_in):
    program = cast.program()
    cast.event(program=program, state="done")

    assert _page(sign_in, "kubar", program).context["reach"] is None
    assert _page(sign_in, "pimpinan", program).context["reach"].held == 1


def test_a_programme_of_a_region_without_any_below_counts_none(cast, sign_in):
    assert _page(sign_in, "bidhumas", cast.program(region_id="64.74")).context["reach"] is None


def test_the_next_stop_is_the_first_planned_one_and_the_last_may_be_copied(cast, sign_in):
    program = cast.program()
    now = timezone.now()
    cast.event("Lalu", program=program, state="done", starts_at=now - timedelta(days=9))
    cast.event("Batal", program=program, state="cancelled", starts_at=now + timedelta(days=1))
    coming = cast.event("Berikut", program=program, starts_at=now + timedelta(days=2))
    last = cast.event("Terakhir", program=program, starts_at=now + timedelta(days=3))
    page = _page(sign_in, "bidhumas", program)
    local = _page(sign_in, "kubar", program)

    assert (page.context["next_stop"], page.context["last_stop"]) == (coming, last)
    assert reverse("events:event-copy", args=[last.public_id]) in page.content.decode()
    assert (local.context["next_stop"], local.context["last_stop"]) == (coming, None)
    assert reverse("events:event-copy", args=[last.public_id]) not in local.content.decode()


def test_a_stop_without_a_date_stands_at_the_end_of_the_tour(cast, sign_in):
    program = cast.program()
    cast.event("Tanpa tanggal", program=program, starts_at=None, state="draft")
    cast.event("Malam ini", program=program)

    page = _page(sign_in, "bidhumas", program)

    assert page.context["last_stop"].title == "Tanpa tanggal"
    assert page.content.decode().index("Malam ini") < page.content.decode().index("Tanpa tanggal")
