"""Organisations as guests: B1 in Pontianak, hosted by an agency, and one whose delegate is still to be named."""

from __future__ import annotations

from datetime import date, time, timedelta

from accounts.models import Officer
from config.demo.events import WIB, Plan, make
from events.choices import ActingPrefix, Answer, AnswerChannel, EventKind, RoleKind
from events.models import Event, Participant
from events.operations import attendance, delegations, guests, states
from partners.choices import OrganizationKind
from partners.models import Organization
from partners.operations import organizations
from regions.models import Region

# Invented: no report names who was asked. So many sent a delegate, one was unable, the others never answered.
_MEDIA = [
    f"Media Contoh {word}"
    for word in ("Khatulistiwa", "Kapuas", "Singkawang", "Sambas", "Ketapang", "Landak")
]
_MEDIA += [f"Radio Contoh {word}" for word in ("Pontianak", "Mempawah", "Sintang")]
_ASSOCIATIONS = [
    f"Perkumpulan Contoh {word}" for word in ("Wartawan", "Media Siber", "Televisi", "Radio", "Penulis")
]
CAME, UNABLE = 11, 1
PLAN = Plan(
    title="Optimalisasi Kerjasama Media dan Pemerintah Daerah",
    kind=EventKind.PR_DIALOGUE,
    host="diskominfo-kalbar",
    region="61.71",
    venue="Hotel Mercure Pontianak",
    day=date(2024, 3, 5),
    clock=time(9, 0),
    zone=WIB,
    topics="Kerja sama media dan pemerintah daerah, sementara penghitungan suara masih berjalan.",
    outcome="Media diharapkan menjadi rujukan bagi kabar yang belum pasti.",
    roles=[
        {
            "role": RoleKind.OPENER,
            "full_name": "Natalia Karyawati",
            "acting_prefix": ActingPrefix.PLH,
            "position": "Sekretaris Daerah",
            "institution": "Pemerintah Provinsi Kalimantan Barat",
        },
        {
            "role": RoleKind.SPEAKER,
            "full_name": "Muhammad Syaifuddin Budi",
            "institution": "KPU Provinsi Kalimantan Barat",
        },
        {
            "role": RoleKind.SPEAKER,
            "full_name": "Faisal Riza",
            "institution": "Bawaslu Provinsi Kalimantan Barat",
        },
    ],
)


def hold(*, by: Officer) -> Event:
    """Fourteen organisations are asked, eleven delegates come, and the three who opened and spoke."""
    region = Region.objects.get(code="61.71")
    asked = [_add(name, OrganizationKind.MEDIA, region, by) for name in _MEDIA]
    asked += [_add(name, OrganizationKind.ASSOCIATION, region, by) for name in _ASSOCIATIONS]
    event = make(PLAN, by=by, program=None)
    delegations.invite(event=event, organizations=asked, by=by)
    assert event.starts_at is not None
    rows = list(Participant.objects.filter(event=event, organization__isnull=False).order_by("pk"))
    for number, row in enumerate(rows[:CAME]):
        guests.answer(participant=row, answer=Answer.YES, channel=AnswerChannel.WHATSAPP, by=by)
        delegations.name(participant=row, name=f"Utusan Contoh {number + 1}", by=by)
    for row in rows[CAME : CAME + UNABLE]:
        guests.answer(participant=row, answer=Answer.NO, channel=AnswerChannel.PHONE, by=by)
    speakers = list(Participant.objects.filter(event=event, role__isnull=False).order_by("pk"))
    for step, person in enumerate([*speakers, *rows[:CAME]]):
        at = event.starts_at + timedelta(seconds=75 * step - 1500)
        attendance.record(event=event, participant=person, by=by, at=at)
    return states.finish(event=event, by=by)


def announce(event: Event, *, by: Officer) -> None:
    """A community of Kutai Barat said that it comes, and will say who."""
    region = Region.objects.get(code="64.07")
    community = _add("Komunitas Contoh Konten Kutai Barat", OrganizationKind.COMMUNITY, region, by)
    delegations.invite(event=event, organizations=[community], by=by)
    row = Participant.objects.get(event=event, organization=community)
    guests.answer(participant=row, answer=Answer.YES, channel=AnswerChannel.WHATSAPP, by=by)


def _add(name: str, kind: str, region: Region, by: Officer) -> Organization:
    return organizations.add(by=by, name=name, kind=kind, region=region, unit=by.unit, is_demo=True)
