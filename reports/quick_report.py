"""*Laporan cepat*: the report of an evening as plain text for WhatsApp. A pure function, always in Indonesian: it is a
paper of the office and not a page of the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import dateformat, translation

from events.choices import CommitmentState, EventState, PartOfDay, RoleKind
from events.door_part_words import PAPER
from ui.times import at_place, zone_label

DEMO = "DATA CONTOH: peserta dan angka rekaan"
_PARTS_OF_DAY = {
    PartOfDay.MORNING: "pagi hari",
    PartOfDay.NOON: "siang hari",
    PartOfDay.AFTERNOON: "sore hari",
    PartOfDay.NIGHT: "malam hari",
}
_ROLES = [
    (RoleKind.LEADER, "Dipimpin oleh"),
    (RoleKind.OPENER, "Dibuka oleh"),
    (RoleKind.ACCOMPANYING, "Didampingi oleh"),
    (RoleKind.SPEAKER, "Narasumber"),
    (RoleKind.MODERATOR, "Moderator"),
]
_NOT_HELD = {EventState.CANCELLED: "KEGIATAN DIBATALKAN", EventState.POSTPONED: "KEGIATAN DITUNDA"}


def build(
    event: Any, roles: Iterable[Any], tallies: Any, pledges: int, commitments: Iterable[Any], unsent: int = 0
) -> str:
    """
    :param event: with ``region`` and those above it at hand.
    :param roles: leader, accompanying, speakers …, in their order.
    :param tallies: :class:`events.queries.tallies.Tallies`.
    :param pledges: how many agreed to the joint commitment; nothing is said of none.
    :param commitments: ours, with ``owner_unit`` at hand; dropped ones are left out.
    :param unsent: phones at the door that have not reported: the figures may still change.
    """
    sections = [
        _title(event),
        _when_and_where(event),
        *_people(list(roles)),
        _figures(tallies, pledges),
        [f"_{PAPER['unsent'].format(n=unsent)}_"] if unsent else [],
        _prose("Materi", event.topics),
        _prose("Hasil", event.outcome),
        _promises([row for row in commitments if row.state != CommitmentState.DROPPED]),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _title(event: Any) -> list[str]:
    lines = [DEMO, ""] if event.is_demo else []
    lines += ["*LAPORAN CEPAT*", _bold(event.title)]
    if event.state in _NOT_HELD:
        lines.append(_bold(_NOT_HELD[event.state]))
    return lines


def _when_and_where(event: Any) -> list[str]:
    return [*_when(event), f"Tempat: {_plain(event.venue)}, {_region(event.region)}"]


def _when(event: Any) -> list[str]:
    if event.starts_at is None:
        return ["Hari, tanggal: menyusul"]
    start, zone = at_place(event.starts_at, event.timezone), zone_label(event.timezone)
    day = f"Hari, tanggal: {_day(start.date())}"
    if not event.has_time:
        part = _PARTS_OF_DAY.get(event.part_of_day, "jam tidak tercatat")
        return [day, f"Waktu: {part} ({zone})"]
    if event.ends_at is None:
        return [day, f"Waktu: {start:%H.%M} {zone} s.d. selesai"]
    end = at_place(event.ends_at, event.timezone)
    if end.date() == start.date():
        return [day, f"Waktu: {start:%H.%M}–{end:%H.%M} {zone}"]
    return [day, f"Waktu: {start:%H.%M} s.d. {_day(end.date())}, {end:%H.%M} {zone}"]


def _people(roles: Sequence[Any]) -> list[list[str]]:
    return [_group(label, [row for row in roles if row.role == kind]) for kind, label in _ROLES]


def _group(label: str, people: Sequence[Any]) -> list[str]:
    """One stands on the line of its label, several below it."""
    named = [_plain(f"{row.formal_name} ({row.post})" if row.post else row.formal_name) for row in people]
    if not named:
        return []
    return (
        [f"*{label}:* {named[0]}"] if len(named) == 1 else [f"*{label}:*", *(f"- {name}" for name in named)]
    )


def _figures(tallies: Any, pledges: int) -> list[str]:
    lines = [f"*Hadir {tallies.present} orang* (undangan {tallies.came_invited}, tambahan {tallies.walk_in})"]
    if tallies.invited:
        lines.append(f"Diundang: {tallies.invited} orang")
    if tallies.press:
        lines.append(f"Rekan media di antaranya: {tallies.press} orang")
    if tallies.personnel or tallies.officials:
        lines.append(f"Personel dan pejabat: {tallies.personnel + tallies.officials} orang")
    if pledges:
        lines.append(f"Komitmen bersama: {pledges} orang")
    return lines


def _prose(label: str, text: str) -> list[str]:
    lines = [_plain(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    return [f"*{label}:*", *lines] if lines else []


def _promises(commitments: Sequence[Any]) -> list[str]:
    if not commitments:
        return []
    return ["*Janji kami:*", *(f"{number}. {_promise(row)}" for number, row in enumerate(commitments, 1))]


def _promise(row: Any) -> str:
    due = "sudah selesai" if row.state == CommitmentState.DONE else f"paling lambat {_date(row.due_on)}"
    return f"{_plain(row.text)} ({row.owner_unit.short_name}, {due})"


def _region(region: Any) -> str:
    """From the district up to the regency; a province stands alone."""
    names: list[str] = []
    while region is not None and (not names or region.level != "province"):
        names.append(f"Kecamatan {region.name}" if region.level == "district" else region.name)
        region = region.parent
    return ", ".join(names)


def _day(day: date) -> str:
    with translation.override("id"):
        return dateformat.format(day, "l, j F Y")


def _date(day: date) -> str:
    with translation.override("id"):
        return dateformat.format(day, "j F Y")


def _bold(text: str) -> str:
    return f"*{_plain(text)}*"


def _plain(text: str) -> str:
    """On one line, and without the sign that would open or close our bold."""
    return " ".join(text.replace("*", "").split())
