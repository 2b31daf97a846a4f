"""Hints while planning: whose territory, the same leader that day, the Friday prayer. Never a block."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.choices import EventState, RoleKind
from events.models import EventRole
from events.operations import states
from events.queries.hints import hints_for, normal_name

MONDAY, FRIDAY = (2024, 10, 21), (2024, 10, 25)


def _event(cast, title="Dialog", day=MONDAY, hour=20, minute=0, **fields):
    fields.setdefault("starts_at", cast.at(*day, hour, minute))
    return cast.event(title, **fields)


def _lead(event, name="Budi Santoso", role=RoleKind.LEADER):
    EventRole.objects.create(event=event, role=role, full_name=name, rank="AKBP", position="Kabid Humas")


def _kinds(user, event):
    return [hint.kind for hint in hints_for(user, event)]


# Whose territory


@pytest.mark.parametrize(
    ("host", "co_hosts", "region", "unit"),
    [
        ("polda-kaltim", [], "64.07.07", None),  # Polres Kubar polices it, below the host
        ("mabes", [], "64.07.07", None),  # two levels below
        ("polres-kubar", [], "64.07.07", None),
        ("polres-kubar", [], "64.03.05", "polres-berau"),
        ("polres-kubar", ["polres-berau"], "64.03.05", None),
        ("polres-kukar", [], "64.02.05", "polres-bontang"),  # a district policed by a neighbour
        ("polres-kubar", [], "61.71", None),  # nobody's is known
        ("diskominfo-kalbar", [], "64.07.07", "polres-kubar"),
    ],
)
def test_a_place_policed_by_a_unit_that_takes_no_part(cast, host, co_hosts, region, unit):
    event = _event(cast, host=host, co_hosts=co_hosts, region_id=region)

    hints = hints_for(cast.bidhumas, event)

    assert [hint.unit.code for hint in hints] == ([unit] if unit else [])


def test_a_unit_merely_invited_is_still_worth_a_word(cast):
    event = _event(cast, host="polres-kubar", co_hosts=[], invited=["polres-berau"], region_id="64.03.05")

    assert _kinds(cast.kubar, event) == ["outside"]


# The same leader


def test_the_same_leader_elsewhere_that_day_in_any_spelling(cast):
    event, other = _event(cast), _event(cast, "Ngopi bareng", hour=9)
    _lead(event, "Budi Santoso")
    _lead(other, "BUDI  santoso.")

    hints = hints_for(cast.bidhumas, event)

    assert [(hint.kind, hint.name, hint.other) for hint in hints] == [("leader", "AKBP Budi Santoso", other)]


@pytest.mark.parametrize(
    "fields",
    [
        {"day": (2024, 10, 22)},
        {"state": EventState.CANCELLED},
        {"starts_at": None, "state": EventState.DRAFT},
    ],
)
def test_another_day_or_a_cancelled_event_is_no_hint(cast, fields):
    event = _event(cast)
    other = _event(cast, "Ngopi bareng", **fields)
    _lead(event)
    _lead(other)

    assert _kinds(cast.bidhumas, event) == []


def test_only_leaders_count(cast):
    event, other = _event(cast), _event(cast, "Ngopi bareng", hour=9)
    _lead(event)
    _lead(other, role=RoleKind.SPEAKER)

    assert _kinds(cast.bidhumas, event) == []


def test_an_event_out_of_sight_is_never_hinted_at(cast, sign_in):
    """Berau's leader stands at another unit's event that day; only who sees that event may know."""
    event = _event(cast, host="polres-kubar", co_hosts=[])
    hidden = _event(cast, "KENARI", hour=9, host="polres-berau", co_hosts=[], region_id="64.03.05")
    for row in (event, hidden):
        _lead(row)

    assert _kinds(cast.kubar, event) == []
    assert [hint.other for hint in hints_for(cast.bidhumas, event)] == [hidden]
    page = sign_in("kubar").get(reverse("events:event-detail", args=[event.public_id])).content.decode()
    assert "KENARI" not in page


def test_the_day_is_that_of_each_place(cast):
    """23.30 of the 21st in Pontianak is the 22nd in Kutai Barat, yet both are held on the 21st of their place."""
    event = _event(cast, hour=8)
    late = _event(
        cast,
        "Malam",
        region_id="61.71",
        timezone="Asia/Pontianak",
        starts_at=datetime(2024, 10, 21, 23, 30, tzinfo=ZoneInfo("Asia/Pontianak")),
    )
    for row in (event, late):
        _lead(row)

    assert [hint.other for hint in hints_for(cast.bidhumas, event)] == [late]


def test_an_event_of_several_days_meets_every_one_of_them(cast):
    event = _event(cast, day=(2024, 10, 23))
    tour = _event(cast, "Supervisi", hour=8, ends_at=cast.at(2024, 10, 24, 16, 0))
    for row in (event, tour):
        _lead(row)

    assert [hint.other for hint in hints_for(cast.bidhumas, event)] == [tour]


def test_names_are_compared_without_case_dots_and_spaces():
    assert normal_name(" I. Made  PASEK ") == normal_name("i made pasek")
    assert normal_name("Budi") != normal_name("Budiman")


# Friday prayer


@pytest.mark.parametrize(
    ("zone", "region"),
    [("Asia/Pontianak", "61.71"), ("Asia/Makassar", "64.07.07"), ("Asia/Jayapura", "91.71")],
)
@pytest.mark.parametrize(
    ("day", "start", "end", "hinted"),
    [
        (FRIDAY, (9, 0), (11, 30), False),
        (FRIDAY, (9, 0), (11, 31), True),
        (FRIDAY, (12, 0), (12, 30), True),
        (FRIDAY, (12, 59), (14, 0), True),
        (FRIDAY, (13, 0), (14, 0), False),
        (FRIDAY, (10, 0), None, True),  # s.d. selesai: taken to last two hours
        (FRIDAY, (9, 0), None, False),
        (FRIDAY, (20, 0), None, False),
        ((2024, 10, 24), (12, 0), (12, 30), False),
    ],
)
def test_friday_prayer_by_the_clock_of_the_place(cast, zone, region, day, start, end, hinted):
    at = ZoneInfo(zone)
    event = _event(
        cast,
        region_id=region,
        timezone=zone,
        starts_at=datetime(*day, *start, tzinfo=at),
        ends_at=datetime(*day, *end, tzinfo=at) if end else None,
    )

    assert ("friday" in _kinds(cast.divhumas, event)) is hinted


def test_friday_within_an_event_of_several_days(cast):
    event = _event(cast, day=(2024, 10, 24), hour=9, ends_at=cast.at(2024, 10, 26, 12, 0))

    assert _kinds(cast.bidhumas, event) == ["friday"]


@pytest.mark.parametrize(("part", "hinted"), [("noon", True), ("morning", False), ("night", False)])
def test_friday_around_noon_while_the_hour_is_not_known(cast, part, hinted):
    event = _event(cast, day=FRIDAY, hour=12, has_time=False, part_of_day=part)

    assert _kinds(cast.bidhumas, event) == (["friday"] if hinted else [])


# Never a block, and cheap


def test_hints_stand_on_the_page_and_block_nothing(cast, sign_in):
    event = _event(
        cast,
        host="polres-kubar",
        co_hosts=[],
        region_id="64.03.05",
        day=FRIDAY,
        hour=12,
        state=EventState.DRAFT,
    )

    page = sign_in("kubar").get(reverse("events:event-detail", args=[event.public_id])).content.decode()

    assert ('data-hint="outside"' in page, 'data-hint="friday"' in page) == (True, True)
    assert states.publish(event=event, by=cast.kubar).state == "published"


def test_the_last_step_of_planning_hints_before_anything_is_stored(cast, sign_in):
    client = sign_in("kubar")
    place = {"title": "Dialog", "kind": "pr_dialogue", "venue": "Kedai", "region_province": "64"}
    place |= {"region_regency": "64.03", "region_district": "64.03.05"}
    client.post(reverse("events:event-add"), place)
    client.post(reverse("events:event-add-time"), {"day": "2030-10-25", "starts": "12:00", "open_end": "on"})

    hints = client.get(reverse("events:event-add-people")).context["hints"]

    assert [(hint.kind, hint.unit and hint.unit.code) for hint in hints] == [
        ("outside", "polres-berau"),
        ("friday", None),
    ]


@pytest.mark.parametrize("state", [EventState.DONE, EventState.REPORTED, EventState.CANCELLED])
def test_afterwards_nothing_is_hinted(cast, state):
    assert hints_for(cast.kubar, _event(cast, host="polres-kubar", region_id="64.03.05", state=state)) == []


def test_hints_cost_three_queries_however_many_events_that_day(cast):
    event = _event(cast, host="polres-kubar", co_hosts=[], region_id="64.03.05")
    _lead(event)
    counts = []
    for number in range(3):
        other = _event(cast, f"Lain {number}", host="polres-kubar", co_hosts=[], hour=9 + number)
        _lead(other)
        hints_for(cast.kubar, event)  # the officer's scope is read once
        with CaptureQueriesContext(connection) as queries:
            assert len(hints_for(cast.kubar, event)) == 2 + number
        counts.append(len(queries))

    assert counts == [3, 3, 3]
