"""N1: the national coordination of November 2023. Theme, speaker and directives as reported; all the rest is invented.

Nobody's default is invented: a unit has reported, with evidence that is plainly a sample, or its day is still to come.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from accounts.models import Officer, Unit
from config.demo.events import WIB, Plan, make
from events.choices import Answer, EventKind, RoleKind
from events.models import Event, Participant
from events.operations import attendance, directives, personnel, states, units
from events.personnel import Person

UNITS = ["polda-kalbar", "polda-kalsel", "polda-kaltara", "polda-kalteng", "polda-kaltim", "polda-metro-jaya"]
FROM_EACH, MISSING = 3, 2
# What was told, and by how many days from today the units are to report; None: reported.
DIRECTIVES: list[tuple[str, int | None]] = [
    ("Literasi digital bagi masyarakat.", None),
    ("Personel humas siap sepanjang waktu.", None),
    ("Koordinasi yang lebih baik dengan setiap Polda.", None),
    ("Merangkul tokoh masyarakat di setiap daerah.", 30),
    ("Menjaga hubungan dengan media.", 30),
    ("Menjaga netralitas.", None),
]
_DAY = date(2023, 11, 21)


def plan() -> Plan:
    return Plan(
        title="Anev dan Koordinasi Fungsi Kehumasan",
        kind=EventKind.WORKING_MEETING,
        host="mabes",
        invited_units=UNITS,
        region="31",
        venue="Jakarta (tempat tidak diberitakan)",
        day=_DAY,
        clock=time(9, 0),
        zone=WIB,
        topics="Optimalisasi pengelolaan media digital Humas Polri untuk mendukung Pemilu 2024 yang damai.",
        outcome="Enam arahan; lihat Arahan.",
        roles=[
            {
                "role": RoleKind.SPEAKER,
                "rank": "Irjen Pol",
                "full_name": "Dedi Prasetyo",
                "position": "As SDM Kapolri",
            }
        ],
    )


def hold(*, by: Officer) -> Event:
    """Six units come with three each, two of whom stay away; six directives."""
    event = make(plan(), by=by, program=None)
    invited = list(Unit.objects.filter(code__in=UNITS).order_by("code"))
    for number, unit in enumerate(invited):
        units.answer(event=event, unit=unit, answer=Answer.YES, by=by, expected=FROM_EACH)
        names = [f"Personel Contoh {number * FROM_EACH + step + 1}" for step in range(FROM_EACH)]
        people = [Person(rank="", name=name, position="Staf humas (contoh)") for name in names]
        personnel.add(event=event, unit=unit, people=people, by=by)
    _mark(event, by)
    states.finish(event=event, by=by)
    for text, days in DIRECTIVES:
        _direct(event, text, days, invited, by)
    return event


def _mark(event: Event, by: Officer) -> None:
    assert event.starts_at is not None
    everyone = list(Participant.objects.filter(event=event).order_by("pk"))
    for step, person in enumerate(everyone[: len(everyone) - MISSING]):
        at = event.starts_at + timedelta(seconds=60 * step - 1200)
        attendance.record(event=event, participant=person, by=by, at=at)


def _direct(event: Event, text: str, days: int | None, owners: list[Unit], by: Officer) -> None:
    due = _DAY + timedelta(days=60) if days is None else timezone.localdate() + timedelta(days=days)
    directive = directives.give(event=event, by=by, text=text, units=owners, due_on=due)
    for line in directive.owners.all() if days is None else []:
        directives.report(
            line=line,
            by=by,
            report="(CONTOH) Sudah dilaksanakan.",
            evidence_url="https://contoh.example/bukti-arahan",
        )
