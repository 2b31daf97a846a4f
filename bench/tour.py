"""The volume of the first screen: programmes whose stops were held all over a province, with guests who came."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Officer, Unit
from accounts.queries.units import unit_for
from bench.data import copy_rows
from events.models import (
    Attendance,
    Commitment,
    Event,
    EventUnit,
    Invitation,
    Participant,
    Pledge,
    PledgeText,
    Program,
    Scan,
)
from partners.models import Partner
from regions.models import Region

EVENTS, GUESTS, PROGRAMS = 5_000, 33, 50
HELD = 0.93


def load() -> None:
    """Add to a filled database 5,000 events of 50 programmes, 165,000 guests and 153,000 attendances."""
    chance = random.Random(64)
    host = Unit.objects.get(code="polda-kaltim")
    officer = Officer(
        username="divhumas",
        full_name="Divhumas",
        unit=Unit.objects.get(code="mabes"),
        role=Role.ORGANIZER,
    )
    officer.set_unusable_password()
    officer.save()
    today = timezone.localdate()
    programs = [
        Program.objects.create(
            name=f"Rangkaian {n}", unit=host, region_id="64", starts_on=today - timedelta(days=14 * n)
        )
        for n in range(PROGRAMS)
    ]
    copy_rows(Event, _events(chance, host, programs))
    tour = list(Event.objects.filter(program__isnull=False).order_by("pk"))
    copy_rows(EventUnit, _units(tour))
    copy_rows(Participant, _guests(chance, tour))
    guests = list(
        Participant.objects.filter(event__program__isnull=False)
        .order_by("pk")
        .values_list("pk", "event_id", "event__state", "event__starts_at")
    )
    answers = ("none", "yes", "no")
    copy_rows(Invitation, (_answered(pk, at, chance.choice(answers)) for pk, _event, _state, at in guests))
    came = [row for row in guests if row[2] == "done"]
    copy_rows(Scan, ({**_scan(row), "kind": "present", "source": "roll"} for row in came))
    scans = dict(Scan.objects.filter(event__program__isnull=False).values_list("participant_id", "pk"))
    copy_rows(Attendance, ({**_scan(row), "scan_id": scans[row[0]]} for row in came))
    text = PledgeText.objects.order_by("pk")[0]
    copy_rows(
        Pledge,
        (
            {"participant_id": row[0], "text_id": text.pk, "channel": "screen", "at": row[3]}
            for row in came[::3]
        ),
    )
    copy_rows(
        Commitment,
        (
            {
                "event_id": e.pk,
                "text": "Janji",
                "owner_unit_id": host.pk,
                "due_on": today + timedelta(days=n % 60),
            }
            for n, e in enumerate(tour[::5])
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _events(chance: random.Random, host: Unit, programs: list[Program]) -> Iterator[dict[str, Any]]:
    districts = list(
        Region.objects.filter(code__startswith="64.", level="district").values_list("code", flat=True)
    )
    now = timezone.now()
    for number in range(EVENTS):
        held = chance.random() < HELD
        days = chance.randrange(1, 700) if held else -chance.randrange(1, 90)
        yield {
            "program_id": programs[number % PROGRAMS].pk,
            "title": f"Dialog {number}",
            "host_unit_id": host.pk,
            "region_id": chance.choice(districts),
            "venue": "Balai",
            "starts_at": now - timedelta(days=days),
            "timezone": "Asia/Makassar",
            "state": "done" if held else "published",
        }


def _units(events: list[Event]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    regions = Region.objects.in_bulk({event.region_id for event in events})
    units = {code: unit_for(region, today) for code, region in regions.items()}
    return [
        {"event_id": event.pk, "unit_id": unit.pk, "part": "co_host"}
        for event in events
        if (unit := units[event.region_id]) and unit.pk != event.host_unit_id
    ]


def _guests(chance: random.Random, events: list[Event]) -> Iterator[dict[str, Any]]:
    partners = list(
        Partner.objects.filter(status="active").values_list("pk", "full_name", "region_id", "unit_id")[
            :60_000
        ]
    )
    for event in events:
        for pk, name, region, unit in chance.sample(partners, GUESTS):
            yield {
                "event_id": event.pk,
                "kind": "partner",
                "partner_id": pk,
                "display_name": name,
                "region_id": region,
                "unit_id": unit,
                "search_key": name.lower(),
            }


def _answered(participant: int, at: Any, answer: str) -> dict[str, Any]:
    answered = answer != "none"
    return {
        "participant_id": participant,
        "answer": answer,
        "answer_channel": "whatsapp" if answered else "",
        "answered_at": at if answered else None,
    }


def _scan(row: tuple[Any, ...]) -> dict[str, Any]:
    return {"participant_id": row[0], "event_id": row[1], "at": row[3]}
