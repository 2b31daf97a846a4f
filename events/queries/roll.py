"""What the roll shows: people in the order of their names, delegates under who sent them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Officer
from accounts.queries.units import scope_of
from events.choices import GUEST_KINDS, OFFICIAL_KINDS, ParticipantKind
from events.models import Attendance, Event, Participant
from events.queries.participants import matching_name, participants_visible_to

PAGE = 60
MAX_PAGE = 1000
# All at once, so that each unit stands together: an internal meeting seats no more.
MAX_STAFF = 500
# What marking and the row that answers it read.
_MARKING = (
    *(
        "public_id",
        "kind",
        "display_name",
        "institution",
        "organization",
        "rank",
        "position",
        "contact",
        "walk_in_consent",
        "event",
        "partner",
        "delegate_for",
        "unit",
    ),
    *("event__public_id", "event__host_unit", "event__timezone", "event__state"),
    *("partner__public_id", "partner__unit", "partner__last_attended_on"),
    *("attendance__participant", "attendance__at", "attendance__by_id"),
    *("invitation__participant", "invitation__answer"),
)


@dataclass(frozen=True)
class Row:
    """One person on the roll. ``may_undo`` while the mark is fresh, ``may_reach`` where the
    partner, or what the walk-in left, is in scope; ``may_match`` a walk-in who may be somebody else of the list."""

    person: Participant
    attendance: Attendance | None
    by: str
    may_undo: bool
    may_reach: bool
    sender: Participant | None = None
    may_match: bool = False

    @property
    def staff_unit(self) -> str:
        """Under which unit personnel stand; officials and others under none."""
        is_staff = self.person.kind == ParticipantKind.PERSONNEL and self.person.unit is not None
        return self.person.unit.short_name if is_staff and self.person.unit else ""


@dataclass(frozen=True)
class Roll:
    """One page of guests, and beside the first page the people who run the evening."""

    guests: list[Row]
    officials: list[Row]
    page: int
    has_more: bool


def person_on_roll(user: Any, event_id: UUID, participant_id: UUID) -> QuerySet[Participant]:
    """One person of one event that the officer can see, with all that marking them needs, in one query.

    Asked with every tap, so it carries no column more: building what nobody reads costs more than the database.
    """
    return (
        participants_visible_to(user)
        .filter(event__public_id=event_id, public_id=participant_id)
        .select_related("event", "partner", "attendance", "invitation")
        .only(*_MARKING)
    )


def roll_of(event: Event, user: Any, *, text: str = "", page: int = 1, undo_within: timedelta) -> Roll:
    """The people of one event whose name is like ``text``; a number of queries that does not grow with them."""
    people = _people(event)
    guests = people.filter(kind__in=GUEST_KINDS, delegate_for__isnull=True)
    officials = people.filter(kind__in=OFFICIAL_KINDS)
    if text:
        found = list(
            matching_name(Participant.objects.filter(event=event), text).values_list("pk", "delegate_for_id")
        )
        wanted = {pk for pair in found for pk in pair if pk is not None}
        guests, officials = guests.filter(pk__in=wanted), officials.filter(pk__in=wanted)
    page = min(max(page, 1), MAX_PAGE)
    first = (page - 1) * PAGE
    shown = list(guests[first : first + PAGE + 1])
    has_more, shown = len(shown) > PAGE, shown[:PAGE]
    delegates = {
        row.delegate_for_id: row for row in people.filter(delegate_for__in=[row.pk for row in shown])
    }
    staff = list(_by_unit(officials)[:MAX_STAFF]) if page == 1 else []
    names = _names([*shown, *delegates.values(), *staff])
    rows = []
    for person in shown:
        rows.append(row_of(person, user, names, undo_within))
        if person.pk in delegates:
            rows.append(row_of(delegates[person.pk], user, names, undo_within, sender=person))
    return Roll(rows, [row_of(person, user, names, undo_within) for person in staff], page, has_more)


def row_of(
    person: Participant,
    user: Any,
    names: dict[int | None, str],
    undo_within: timedelta,
    *,
    sender: Participant | None = None,
    now: datetime | None = None,
) -> Row:
    """
    :param names: full names of the officers who marked, by id.
    :param sender: whom a delegate stands for.
    """
    attendance = getattr(person, "attendance", None)
    fresh = attendance is not None and (now or timezone.now()) - attendance.at <= undo_within
    unit_id = (
        person.partner_unit_id
        if hasattr(person, "partner_unit_id")
        else getattr(person.partner, "unit_id", None)
    )
    return Row(
        person=person,
        attendance=attendance,
        by=names.get(attendance.by_id, "") if attendance else "",
        may_undo=fresh,
        may_reach=(person.unit_id if person.contact else unit_id) in scope_of(user),
        sender=sender,
        may_match=attendance is not None and person.is_named_for_tonight,
    )


def _people(event: Event) -> QuerySet[Participant]:
    """Everybody in the order of their names; who has none comes last, and is left out unless present."""
    nameless = Q(display_name="", kind__in=[ParticipantKind.PARTNER, ParticipantKind.WALK_IN])
    return (
        Participant.objects.filter(event=event)
        .exclude(nameless & Q(attendance__isnull=True))
        .select_related("attendance", "invitation")
        .annotate(partner_unit_id=F("partner__unit_id"))
        .order_by(Case(When(search_key="", then=Value(1)), default=Value(0)), "search_key", "pk")
    )


def _by_unit(officials: QuerySet[Participant]) -> QuerySet[Participant]:
    """Personnel unit by unit, then those of none: officials from outside, and who was added without one."""
    apart = Case(When(kind=ParticipantKind.PERSONNEL, unit__isnull=False, then=Value(0)), default=Value(1))
    return officials.select_related("unit", "attendance").order_by(apart, "unit__code", "search_key", "pk")


def _names(people: Iterable[Participant]) -> dict[int | None, str]:
    marks = [row.attendance for row in people if getattr(row, "attendance", None) is not None]
    ids = {mark.by_id for mark in marks if mark.by_id is not None}
    return dict(Officer.objects.filter(pk__in=ids).order_by().values_list("pk", "full_name")) if ids else {}
