"""The sample events: K1, K2 and K3 with their public facts in our own words, and two that are plainly invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Officer, Unit
from events.choices import AgendaKind, EventKind, PartOfDay, RoleKind
from events.models import Event, Program
from events.operations import agenda, events, neutrality, roles, states
from events.queries.neutrality import asked_of, checklist
from regions.models import Region

WITA, WIB = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jakarta")
Role = dict[str, Any]

YULIYANTO: Role = {
    "role": RoleKind.LEADER,
    "rank": "Kombes Pol",
    "full_name": "Yuliyanto",
    "title_after": "S.I.K., M.Sc.",
    "position": "Kabid Humas Polda Kaltim",
}


@dataclass(frozen=True)
class Plan:
    """What an event is made of. ``clock`` is only for the order of rows where the hour is not known."""

    title: str
    kind: EventKind
    host: str
    region: str
    venue: str
    day: date
    clock: time
    topics: str
    has_time: bool = False
    part_of_day: str = ""
    outcome: str = ""
    co_hosts: list[str] = field(default_factory=list)
    invited_units: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    agenda: list[dict[str, Any]] = field(default_factory=list)
    pledges: bool = False
    zone: ZoneInfo = WITA
    is_planned: bool = True
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.day, self.clock, tzinfo=self.zone)


KUTAI_BARAT = Plan(
    title="Dialog Penguatan Kehumasan Kutai Barat",
    kind=EventKind.PR_DIALOGUE,
    host="polda-kaltim",
    co_hosts=["polres-kubar"],
    region="64.07.07",
    venue="Raini's Koffie",
    day=date(2024, 10, 21),
    clock=time(19, 30),
    part_of_day=PartOfDay.NIGHT,
    topics=(
        "Cermat mengunggah selama masa kampanye yang sudah dimulai.\n"
        "Hoaks dan ujaran kebencian.\n"
        "Influencer sebagai mitra strategis untuk konten positif.\n"
        "Sinergi dalam mengedukasi masyarakat."
    ),
    outcome=(
        "Harapan agar para mitra ikut menjaga ruang digital yang damai dan mencegah informasi yang menyesatkan; "
        "siaran pers oleh Bidhumas."
    ),
    roles=[
        YULIYANTO,
        {
            "role": RoleKind.ACCOMPANYING,
            "rank": "AKBP",
            "full_name": "I Made Pasek Riawan",
            "title_after": "S.H., M.H.",
            "position": "Kasubbid PID Bidhumas Polda Kaltim",
        },
        {
            "role": RoleKind.ACCOMPANYING,
            "rank": "AKBP",
            "full_name": "Kade Budiyarta",
            "title_after": "S.I.K.",
            "position": "Kapolres Kutai Barat",
        },
    ],
    agenda=[
        {"kind": AgendaKind.PRESENTATION, "title": "Penyampaian oleh pimpinan kegiatan"},
        {"kind": AgendaKind.PRESENTATION, "title": "Penyampaian oleh Kapolres Kutai Barat"},
    ],
)
BERAU = Plan(
    title="Dialog Penguatan Kehumasan Berau",
    kind=EventKind.PR_DIALOGUE,
    host="polda-kaltim",
    co_hosts=["polres-berau"],
    region="64.03.05",
    venue="Ballroom Hotel Palmy",
    day=date(2024, 10, 31),
    clock=time(9, 0),
    topics=(
        "Memeriksa kebenaran informasi sebelum membagikannya.\n"
        "Cara menghadapi hoaks dan provokasi.\n"
        "Cara melaporkan konten yang merugikan."
    ),
    outcome=(
        "Peserta menyatakan kesiapan mendukung Pilkada yang damai. Disampaikan bahwa kebebasan berekspresi dihormati; "
        "Kapolres berharap kemitraan berlanjut setelah Pilkada."
    ),
    roles=[
        YULIYANTO,
        {
            "role": RoleKind.ACCOMPANYING,
            "rank": "AKBP",
            "full_name": "Khairul Basyar",
            "position": "Kapolres Berau",
        },
    ],
    pledges=True,
)
KUTAI_KARTANEGARA = Plan(
    title="Dialog Penguatan Kehumasan Kutai Kartanegara",
    kind=EventKind.PR_DIALOGUE,
    host="polda-kaltim",
    invited_units=["polres-kukar"],
    region="64.02.06",
    venue="Hotel Grand Fatma",
    day=date(2024, 10, 24),
    clock=time(9, 0),
    topics="Cooling system Pilkada di ruang digital.",
    outcome="Masukan dan kritik yang membangun dari peserta.",
    roles=[
        YULIYANTO,
        {
            "role": RoleKind.ACCOMPANYING,
            "rank": "AKBP",
            "full_name": "Heri Rusyaman",
            "position": "Kapolres Kutai Kartanegara",
        },
    ],
)
_SAMPLE_ROLES: list[Role] = [
    {"role": RoleKind.SPEAKER, "full_name": "Narasumber Contoh", "institution": "Lembaga Contoh"},
    {"role": RoleKind.MODERATOR, "full_name": "Moderator Contoh", "institution": "Komunitas Contoh"},
]


def next_week() -> Plan:
    """An invented evening in Kutai Barat, seven days from today."""
    return Plan(
        title="(CONTOH) Dialog Warganet Kutai Barat",
        kind=EventKind.PR_DIALOGUE,
        host="polda-kaltim",
        co_hosts=["polres-kubar"],
        region="64.07.06",
        venue="Kafe Contoh",
        day=_today() + timedelta(days=7),
        clock=time(19, 30),
        has_time=True,
        topics="(CONTOH) Memeriksa kabar sebelum membagikannya.\n(CONTOH) Tanya jawab terbuka.",
        details={
            "dress": "Batik atau kemeja rapi",
            "contact_name": "Petugas Contoh Bidhumas",
            "contact_phone": "+628120000123",
            "answer_by": _today() + timedelta(days=5),
        },
        roles=_SAMPLE_ROLES,
        agenda=[
            {"starts": time(19, 0), "kind": AgendaKind.OPENING, "title": "Pendaftaran dan pembukaan"},
            {"starts": time(19, 30), "kind": AgendaKind.PRESENTATION, "title": "Paparan narasumber contoh"},
            {"starts": time(20, 15), "kind": AgendaKind.QNA, "title": "Tanya jawab"},
            {"starts": time(21, 0), "kind": AgendaKind.CLOSING, "title": "Penutup dan ramah tamah"},
        ],
        pledges=True,
    )


def three_weeks_ago() -> Plan:
    """An invented meeting in Bontang, three weeks before today."""
    return Plan(
        title="(CONTOH) Ngopi Bareng Pegiat Media Sosial Bontang",
        kind=EventKind.COFFEE_MEETING,
        host="polres-bontang",
        region="64.74.02",
        venue="Kedai Contoh",
        day=_today() - timedelta(days=21),
        clock=time(16, 0),
        has_time=True,
        topics="(CONTOH) Informasi jalan dan cuaca yang cepat dan benar.",
        outcome="(CONTOH) Tiga hal dijanjikan kepada peserta; lihat Janji kami.",
        roles=_SAMPLE_ROLES,
        pledges=True,
    )


def put_off() -> Plan:
    """An invented evening in Paser, to be put off without a new date."""
    return Plan(
        title="(CONTOH) Dialog Kreator Konten Paser",
        kind=EventKind.PR_DIALOGUE,
        host="polda-kaltim",
        region="64.01.04",
        venue="Balai Contoh",
        day=_today() + timedelta(days=12),
        clock=time(19, 30),
        has_time=True,
        topics="(CONTOH) Konten wisata yang benar dan menarik.",
        roles=_SAMPLE_ROLES,
    )


def in_the_making() -> Plan:
    """An invented draft in Mahakam Ulu."""
    return Plan(
        title="(CONTOH) Dialog Warganet Mahakam Ulu",
        kind=EventKind.PR_DIALOGUE,
        host="polda-kaltim",
        region="64.11.02",
        venue="Lamin Contoh",
        day=_today() + timedelta(days=35),
        clock=time(19, 0),
        has_time=True,
        topics="(CONTOH) Kabar yang benar di daerah tanpa sinyal.",
        is_planned=False,
    )


def make(plan: Plan, *, by: Officer, program: Program | None) -> Event:
    """Write the event with its people and its order; publish it when it is planned, with the list that an election asks
    for."""
    units = Unit.objects.in_bulk([plan.host, *plan.co_hosts, *plan.invited_units], field_name="code")
    details: dict[str, Any] = plan.details if plan.pledges else {"pledge_text": None, **plan.details}
    event = events.create(
        by=by,
        title=plan.title,
        kind=plan.kind,
        host_unit=units[plan.host],
        region=Region.objects.get(code=plan.region),
        venue=plan.venue,
        starts_at=plan.starts_at,
        has_time=plan.has_time,
        part_of_day=plan.part_of_day,
        topics=plan.topics,
        outcome=plan.outcome,
        program=program,
        co_hosts=[units[code] for code in plan.co_hosts],
        invited_units=[units[code] for code in plan.invited_units],
        is_demo=True,
        **details,
    )
    for role in plan.roles:
        roles.add(event=event, by=by, **role)
    if plan.agenda:
        agenda.replace(event=event, by=by, items=plan.agenda)
    if not plan.is_planned:
        return event
    if asked_of(event):
        neutrality.tick(event=event, by=by, points=checklist().numbers)
    return states.publish(event=event, by=by)


def _today() -> date:
    return timezone.now().astimezone(WITA).date()
