"""Who stands on paper: the people of a sheet in the order of their numbers, and the people of badges and cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Officer
from events.choices import GUEST_KINDS, OFFICIAL_KINDS, Answer, ParticipantKind, ScanSource
from events.derivation import is_late
from events.models import AttendanceSheet, Event, Participant
from events.queries.events import events_visible_to
from events.queries.matches import same_people
from partners.search import sort_key_for


@dataclass(frozen=True)
class SheetRow:
    """One number of a sheet. ``person`` is None when they were taken off the list after the sheet was printed, or were
    erased and had not been marked."""

    number: int
    person: Participant | None
    by: str = ""

    @property
    def is_staff(self) -> bool:
        return self.person is not None and self.person.kind in OFFICIAL_KINDS

    @property
    def is_present(self) -> bool:
        return self.person is not None and hasattr(self.person, "attendance")

    @property
    def waits_for_name(self) -> bool:
        """An organisation that has not said who comes: the name is written on the paper."""
        return (
            self.person is not None
            and self.person.organization_id is not None
            and not self.person.display_name
        )

    @property
    def may_undo(self) -> bool:
        return self.person is not None and was_just_typed_in(self.person)

    @property
    def name(self) -> str:
        if self.person is None:
            return ""
        return str(self.person) if self.person.is_erased else name_of(self.person)

    @property
    def organisation(self) -> str:
        return organisation_of(self.person) if self.person is not None else ""


def sheets_visible_to(user: Any) -> QuerySet[AttendanceSheet]:
    """Sheets of the events that the officer can see, for those who run doors."""
    if not user.can("door.run"):
        return AttendanceSheet.objects.none()
    return AttendanceSheet.objects.filter(event__in=events_visible_to(user))


def sheets_of(event: Event) -> list[AttendanceSheet]:
    """Newest first, each with ``made_by``. Two queries."""
    sheets = list(AttendanceSheet.objects.filter(event=event)[:100])
    names = _names(sheet.made_by_id for sheet in sheets)
    for sheet in sheets:
        sheet.event = event
        sheet.made_by = names.get(sheet.made_by_id, "")  # type: ignore[attr-defined]
    return sheets


def latest_sheet(event: Event) -> AttendanceSheet | None:
    return AttendanceSheet.objects.filter(event=event).first()


def people_on_paper(event: Event) -> list[Participant]:
    """Guests in the order of their names, each delegate where the sender would stand, then personnel and officials
    unit by unit. Two queries.

    Who is unable to come or sends somebody else is left out unless present; so is whoever has no name any more.
    """
    guests = sorted(_guests(event), key=_alphabetical)
    delegates = {guest.delegate_for_id: guest for guest in guests if guest.delegate_for_id}
    listed: list[Participant] = []
    for guest in guests:
        if guest.delegate_for_id:
            continue
        if _is_expected(guest):
            listed.append(guest)
        if guest.pk in delegates:
            listed.append(delegates[guest.pk])
    return [*listed, *_staff(event)]


def rows_of(sheet: AttendanceSheet) -> list[SheetRow]:
    """The numbered people of a sheet as they stand today. Two queries, however many rows."""
    wanted = [UUID(public_id) for public_id in sheet.rows]
    people = {
        person.public_id: person
        for person in _with_seat(
            Participant.objects.filter(event=sheet.event_id, public_id__in=wanted)
        ).select_related("attendance__scan")
    }
    _follow_matches(people)
    names = _names(
        person.attendance.by_id for person in people.values() if getattr(person, "attendance", None)
    )
    rows = []
    for number, public_id in enumerate(wanted, start=1):
        person = people.get(public_id)
        if person is not None:
            person.event = sheet.event
        mark = getattr(person, "attendance", None)
        if person is not None and mark is None and person.is_erased:
            person = None
        rows.append(SheetRow(number, person, names.get(mark.by_id, "") if mark else ""))
    return rows


def _follow_matches(people: dict[UUID, Participant]) -> None:
    """A walk-in who turned out to be another guest: the number on the paper is that guest's. No query without one."""
    nameless = {
        person.pk: person
        for person in people.values()
        if person.kind == ParticipantKind.WALK_IN and not person.display_name
    }
    same = same_people(nameless) if nameless else {}
    if same:
        others = _with_seat(Participant.objects.filter(pk__in={other.pk for other in same.values()}))
        by_id = {other.pk: other for other in others.select_related("attendance__scan")}
        people.update({nameless[pk].public_id: by_id[other.pk] for pk, other in same.items()})


def was_just_typed_in(person: Participant, now: datetime | None = None) -> bool:
    """Whether a mark from paper may still be undone: its scan must be at hand."""
    mark = getattr(person, "attendance", None)
    if mark is None or mark.scan.source != ScanSource.PAPER:
        return False
    return not is_late(now or timezone.now(), mark.scan.received_at)


def name_of(person: Participant) -> str:
    """Rank and name; empty for a delegate whose name is not known yet, who writes it on the paper."""
    return f"{person.rank} {person.display_name}".strip()


def organisation_of(person: Participant) -> str:
    """The organisation, the unit of personnel, or "for" whom a delegate stands."""
    if person.institution:
        return person.institution
    if person.kind == ParticipantKind.PERSONNEL and person.unit is not None:
        return person.unit.short_name
    if person.delegate_for is None or not person.delegate_for.display_name:
        return ""
    return _("for %(name)s") % {"name": person.delegate_for.display_name}


def _guests(event: Event) -> QuerySet[Participant]:
    gone = Q(kind__in=[ParticipantKind.PARTNER, ParticipantKind.WALK_IN], display_name="")
    return _with_seat(Participant.objects.filter(event=event, kind__in=GUEST_KINDS)).exclude(gone)


def _alphabetical(guest: Participant) -> tuple[bool, str, int]:
    """By the letters that are printed, without titles; who has no name yet comes last."""
    key = guest.partner.sort_key if guest.partner is not None else sort_key_for(guest.display_name)
    return not guest.display_name, key, guest.pk


def _staff(event: Event) -> QuerySet[Participant]:
    apart = Case(When(kind=ParticipantKind.PERSONNEL, unit__isnull=False, then=Value(0)), default=Value(1))
    return (
        _with_seat(Participant.objects.filter(event=event, kind__in=OFFICIAL_KINDS))
        .exclude(display_name="")
        .order_by(apart, "unit__code", "search_key", "pk")
    )


def _with_seat(people: QuerySet[Participant]) -> QuerySet[Participant]:
    return people.select_related("attendance", "invitation", "unit", "delegate_for", "partner", "role")


def _is_expected(guest: Participant) -> bool:
    invitation = getattr(guest, "invitation", None)
    stays_away = invitation is not None and invitation.answer in (Answer.NO, Answer.DELEGATE)
    return not stays_away or hasattr(guest, "attendance")


def _names(ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {pk for pk in ids if pk is not None}
    return (
        dict(Officer.objects.filter(pk__in=wanted).order_by().values_list("pk", "full_name"))
        if wanted
        else {}
    )
