"""The calendar of one's own scope: which day an event stands on, by the clock of its place, and who sees it there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from time_machine import travel

from events.choices import EventState

URL = reverse("events:calendar")


def _days(response) -> dict[str, list[str]]:
    return {one.on.isoformat(): [event.title for event in one.events] for one in response.context["days"]}


def _get(client, view: str = "bulan", day: str = "2024-10-21"):
    return client.get(f"{URL}?tampilan={view}&tanggal={day}")


def test_a_month_is_whole_weeks_from_monday(cast, sign_in):
    weeks = _get(sign_in("bidhumas")).context["weeks"]

    assert [len(week) for week in weeks] == [7] * 5
    assert (weeks[0][0].on, weeks[-1][-1].on) == (date(2024, 9, 30), date(2024, 11, 3))
    assert [one.on.day for one in weeks[0] if not one.is_inside] == [30]


def test_a_week_and_a_list_show_their_days_alone(cast, sign_in):
    for day in (13, 14, 20, 21):
        cast.event(f"Tanggal {day}", starts_at=cast.at(2024, 10, day, 20, 0))
    cast.event("Bulan lain", starts_at=cast.at(2024, 11, 1, 20, 0))
    client = sign_in("bidhumas")

    assert _days(_get(client, "minggu", "2024-10-16")) == {
        "2024-10-14": ["Tanggal 14"],
        "2024-10-20": ["Tanggal 20"],
    }
    assert list(_days(_get(client, "daftar"))) == ["2024-10-13", "2024-10-14", "2024-10-20", "2024-10-21"]
    assert list(_days(_get(client)))[-1] == "2024-11-01"


@pytest.mark.parametrize(
    ("region", "zone", "day"),
    [
        ("61.71", "Asia/Pontianak", "2024-10-21"),
        ("64.07.07", "Asia/Makassar", "2024-10-21"),
        ("91.71", "Asia/Jayapura", "2024-10-22"),
    ],
    ids=["WIB", "WITA", "WIT"],
)
@pytest.mark.parametrize("officer", ["divhumas", "bidhumas"])
def test_the_day_is_that_of_the_place_for_every_reader(cast, sign_in, officer, region, zone, day):
    cast.event("Malam", region_id=region, timezone=zone, starts_at=datetime(2024, 10, 21, 15, 30, tzinfo=UTC))

    response = _get(sign_in(officer))

    assert _days(response) == {day: ["Malam"]}
    assert {"WIB": "22.30 WIB", "WITA": "23.30 WITA", "WIT": "00.30 WIT"}[
        {"Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}[zone]
    ] in response.content.decode()


def test_the_edges_of_a_month_belong_to_the_place(cast, sign_in):
    cast.event(
        "Pagi di Jayapura",
        region_id="91.71",
        timezone="Asia/Jayapura",
        starts_at=datetime(2024, 9, 30, 15, 30, tzinfo=UTC),
    )
    cast.event("Larut di Kubar", starts_at=cast.at(2024, 10, 31, 23, 59))
    cast.event("Bulan berikut", starts_at=cast.at(2024, 11, 1, 0, 1))

    assert _days(_get(sign_in("bidhumas"), "daftar")) == {
        "2024-10-01": ["Pagi di Jayapura"],
        "2024-10-31": ["Larut di Kubar"],
    }


def test_several_days_stand_on_each_and_past_midnight_is_one(cast, sign_in):
    cast.event("Tiga hari", starts_at=cast.at(2024, 9, 30, 8, 0), ends_at=cast.at(2024, 10, 2, 12, 0))
    cast.event(
        "Lewat tengah malam", starts_at=cast.at(2024, 10, 5, 20, 0), ends_at=cast.at(2024, 10, 6, 0, 30)
    )

    assert _days(_get(sign_in("bidhumas"), "daftar")) == {
        "2024-10-01": ["Tiga hari"],
        "2024-10-02": ["Tiga hari"],
        "2024-10-05": ["Lewat tengah malam"],
    }


def test_cancelled_events_stand_struck_and_those_without_a_date_nowhere(cast, sign_in):
    cast.event("Batal", starts_at=cast.at(2024, 10, 21, 20, 0), state=EventState.CANCELLED)
    cast.event("Nanti", starts_at=None, state=EventState.DRAFT)

    page = _get(sign_in("bidhumas"))

    assert _days(page) == {"2024-10-21": ["Batal"]}
    assert page.content.decode().count("cal-event is-cancelled") == 1


@pytest.mark.parametrize(
    ("officer", "sees"),
    [("bidhumas", True), ("kubar", True), ("kukar", True), ("berau", False), ("diskominfo", False)],
)
@pytest.mark.parametrize("view", ["bulan", "minggu", "daftar"])
def test_the_calendar_is_of_ones_own_scope(cast, sign_in, officer, sees, view):
    cast.event("Kenari Rahasia", starts_at=cast.at(2024, 10, 21, 20, 0), invited=["polres-kukar"])

    page = _get(sign_in(officer), view)

    assert ("Kenari Rahasia" in page.content.decode()) is sees
    assert bool(_days(page)) is sees


@pytest.mark.parametrize(
    "query", ["", "?tampilan=tahun&tanggal=kemarin", "?tanggal=0001-01-01", "?tanggal=9999-12-31"]
)
def test_an_address_that_makes_no_sense_shows_this_month(cast, sign_in, query):
    with travel(datetime(2024, 10, 31, 17, 0, tzinfo=UTC), tick=False):
        context = sign_in("bidhumas").get(URL + query).context

    # Already November where the officer's unit is.
    assert (context["shown"], context["today"], context["first"]) == (
        "bulan",
        date(2024, 11, 1),
        date(2024, 11, 1),
    )


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_ends_of_the_calendar_are_drawn(cast, sign_in, day):
    for view in ("bulan", "minggu", "daftar"):
        assert _get(sign_in("bidhumas"), view, day).status_code == 200


def test_one_moves_by_whole_months_and_weeks(cast, sign_in):
    client = sign_in("bidhumas")

    month, week = _get(client).context, _get(client, "minggu").context

    assert (month["earlier"], month["later"]) == (date(2024, 9, 30), date(2024, 11, 1))
    assert (week["earlier"], week["later"]) == (date(2024, 10, 20), date(2024, 10, 28))


@pytest.mark.parametrize("view", ["bulan", "minggu", "daftar"])
def test_a_calendar_costs_the_same_with_one_and_three_events(cast, sign_in, django_assert_num_queries, view):
    client = sign_in("bidhumas")
    cast.event("Satu", starts_at=cast.at(2024, 10, 21, 20, 0))
    # session, officer, scope, events
    with django_assert_num_queries(4):
        _get(client, view)
    cast.event("Dua", starts_at=cast.at(2024, 10, 22, 20, 0), region_id="64.03.05", program=cast.program())
    cast.event(
        "Tiga", starts_at=cast.at(2024, 10, 22, 21, 0), region_id="64.74", host="polres-bontang", co_hosts=[]
    )
    with django_assert_num_queries(4):
        _get(client, view)
