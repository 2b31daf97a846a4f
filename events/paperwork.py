"""The papers of an event as documents: what each layout of ``papers`` is given. Every word and name goes in as data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import Unit
from events.choices import ParticipantKind, RoleKind
from events.models import AttendanceSheet, Event, Participant
from events.queries.qr import address_of
from events.queries.sheets import SheetRow, name_of, organisation_of
from outbox.models import Link
from papers import rendering
from papers.qr import svg_of
from ui.times import at_place, clock, long_date, span

# Parts that a badge names by themselves; who leads or opens is an official on it.
_WORN = (RoleKind.SPEAKER, RoleKind.MODERATOR, RoleKind.MC, RoleKind.MINUTE_TAKER)


def attendance_sheet(sheet: AttendanceSheet, rows: list[SheetRow], *, now: datetime | None = None) -> bytes:
    """The sheet as PDF: numbered rows with room to sign, no phone number, its own code on every page."""
    event = sheet.event
    first_blank = len(rows) + 1
    blank = [
        {"number": number, "name": "", "organisation": ""}
        for number in range(first_blank, first_blank + sheet.blank_rows)
    ]
    title = _("Attendance list")
    data = {
        **_about(event, title),
        **_head(event.host_unit),
        "qr": svg_of(f"{settings.SITE_URL}{reverse('events:sheet-key-in', args=[sheet.public_id])}"),
        "printed": _("printed %(when)s") % {"when": _short(sheet.made_at, event.timezone)},
        "words": {
            "title": title,
            "when": _("Date"),
            "place": _("Place"),
            "number": pgettext("column of numbers", "No."),
            "name": _("Name"),
            "organisation": _("Organisation"),
            "signature": _("Signature"),
            "scan": _("For officers: scan to type in this sheet"),
            "privacy": _("Name and signature serve only for the attendance list. No phone number is needed."),
            "page": _("sheet #1 of #2"),
        },
        "sections": [
            {"title": "", "rows": [_line(row) for row in rows if not row.is_staff]},
            {"title": _("Personnel and officials"), "rows": [_line(row) for row in rows if row.is_staff]},
            {"title": _("Guests who were not invited"), "rows": blank},
        ],
    }
    data["sections"] = [part for part in data["sections"] if part["rows"]]
    return rendering.render("attendance_sheet", data, at=now or sheet.made_at)


def badges(event: Event, people: Iterable[Participant], *, now: datetime | None = None) -> bytes:
    """Name badges as PDF, ten to a sheet; whose name is not known yet has none."""
    title = _("Name badges")
    shown = [
        {"name": name_of(person), "organisation": organisation_of(person), "kind": _seat(person)}
        for person in people
        if name_of(person)
    ]
    return rendering.render("badges", {**_about(event, title), "people": shown}, at=now or timezone.now())


def qr_cards(
    event: Event, codes: Iterable[tuple[Participant, Link]], *, now: datetime | None = None
) -> bytes:
    """Cards with the code of each guest as PDF, ten to a sheet."""
    data = {**_about(event, _("QR cards")), "people": [_card(person, link) for person, link in codes]}
    return rendering.render("qr_cards", data, at=now or timezone.now())


def qr_card(
    participant: Participant, link: Link, *, form: str = rendering.PDF, now: datetime | None = None
) -> bytes:
    """One card for the screen of a phone, as PDF or as a picture."""
    data = {**_about(participant.event, _("QR card")), **_card(participant, link)}
    return rendering.render("qr_card", data, at=now or timezone.now(), form=form)


def file_name(title: str, event: Event, ending: str, *more: str) -> str:
    """Such as daftar-hadir-dialog-penguatan-kehumasan-2024-10-21.pdf."""
    day = f"{at_place(event.starts_at, event.timezone):%Y-%m-%d}" if event.starts_at else ""
    parts = [slugify(part)[:60].strip("-") for part in (title, *more, event.title)]
    return f"{'-'.join(part for part in (*parts, day) if part)}.{ending}"


def _about(event: Event, title: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {event.title}",
        "language": get_language() or "id",
        "event": event.title,
        "when": span(
            event.starts_at,
            event.ends_at,
            event.timezone,
            has_time=event.has_time,
            part_of_day=event.get_part_of_day_display() if event.part_of_day else "",
        ),
        "place": f"{event.venue}, {event.region.name}",
        "words": {"show": _("Show this code to the officer.")},
    }


def _head(unit: Unit) -> dict[str, Any]:
    lines = [line.strip() for line in unit.letterhead.splitlines() if line.strip()]
    return {"letterhead": lines or [unit.name], "address": unit.address}


def _line(row: SheetRow) -> dict[str, Any]:
    """Whoever was taken off the list keeps the number; the row says so instead of a name."""
    name = row.name if row.person is not None else f"({_('taken off the list')})"
    return {"number": row.number, "name": name, "organisation": row.organisation}


def _card(person: Participant, link: Link) -> dict[str, Any]:
    return {
        "name": name_of(person) or _("Delegate"),
        "organisation": organisation_of(person),
        "qr": svg_of(address_of(link)),
    }


def _seat(person: Participant) -> str:
    """A badge is read by everybody in the room: it never says who is in the registry and who walked in."""
    if person.is_press:
        return _("Journalist")
    if person.kind in (ParticipantKind.PARTNER, ParticipantKind.WALK_IN):
        return pgettext("badge", "Guest")
    if person.role is not None and person.role.role in _WORN:
        return str(person.role.get_role_display())
    return str(person.get_kind_display())


def _short(instant: datetime, zone: str) -> str:
    return f"{long_date(at_place(instant, zone).date())} {clock(instant, zone)}"
