"""Planning an event and moving it through its states. Moving the date keeps guests, answers and agenda."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Officer, Unit
from accounts.queries.units import scope_of
from audit.recording import record
from events.choices import PLANNED_STATES, EventState
from events.models import Event, PledgeText, Program, ProposalRequest
from events.operations import devices, neutrality, qr, units
from events.operations.locking import lock, lock_open
from events.queries.pledge_texts import newest_pledge_text
from regions.models import Region
from ui.times import at_place

NEWEST: Final = "newest"
DRAFT, SUBMITTED, PUBLISHED, DONE, REPORTED, CANCELLED, POSTPONED = (
    EventState.DRAFT,
    EventState.SUBMITTED,
    EventState.PUBLISHED,
    EventState.DONE,
    EventState.REPORTED,
    EventState.CANCELLED,
    EventState.POSTPONED,
)
# From which states each act may start; whatever is not here is refused.
ALLOWED_FROM: dict[str, frozenset[EventState]] = {
    "publish": frozenset({DRAFT}),
    "submit": frozenset({DRAFT}),
    "take_back": frozenset({SUBMITTED}),
    "approve": frozenset({SUBMITTED}),
    "send_back": frozenset({SUBMITTED}),
    "finish": frozenset({PUBLISHED, POSTPONED}),
    "report": frozenset({DONE}),
    "cancel": frozenset({DRAFT, PUBLISHED, POSTPONED}),
    "postpone": frozenset({PUBLISHED, POSTPONED}),
    "reschedule": frozenset({DRAFT, PUBLISHED, POSTPONED}),
}
_WHEN = ("starts_at", "ends_at", "has_time", "part_of_day")
# What a leader approves; it stands still while they read, as do the units that take part.
_APPROVED = frozenset({"title", "kind", "program", "host_unit", "region", "venue", *_WHEN})
_CHANGEABLE = frozenset(
    {
        "title",
        "kind",
        "host_unit",
        "region",
        "venue",
        "capacity",
        "topics",
        "outcome",
        "pledge_text",
        "program",
        "dress",
        "contact_name",
        "contact_phone",
        "contact_officer",
        "answer_by",
        *_WHEN,
    }
)


@transaction.atomic
def create(
    *,
    by: Any,
    title: str,
    kind: str,
    host_unit: Unit,
    region: Region,
    venue: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    has_time: bool = True,
    part_of_day: str = "",
    capacity: int | None = None,
    topics: str = "",
    outcome: str = "",
    pledge_text: PledgeText | str | None = NEWEST,
    program: Program | None = None,
    co_hosts: Iterable[Unit] = (),
    invited_units: Iterable[Unit] = (),
    dress: str = "",
    contact_name: str = "",
    contact_phone: Any = "",
    contact_officer: Officer | None = None,
    answer_by: date | None = None,
    copied_from: Event | None = None,
    is_demo: bool = False,
) -> Event:
    """Write a draft.

    :param starts_at: an aware instant, or None while the date is not known.
    :param ends_at: None for "s.d. selesai".
    :param pledge_text: by default the newest text; None for an evening without one.
    :param contact_officer: an active account of the host unit, or the actor's own: who looks after the event.
    :param answer_by: the last day for answers, by the calendar of the place.
    :raises ValidationError: ``contact_officer_elsewhere``, ``answer_after_event``, ``host_out_of_scope``,
        ``host_twice``, ``unit_twice``, ``unit_inactive``, ``ends_before_start``, ``end_without_start``,
        ``end_needs_hour``, or a field that is not valid.
    """
    _require_host(by, host_unit)
    text = newest_pledge_text() if isinstance(pledge_text, str) else pledge_text
    event = Event(
        title=title,
        kind=kind,
        host_unit=host_unit,
        region=region,
        timezone=region.timezone,
        venue=venue,
        starts_at=starts_at,
        ends_at=ends_at,
        has_time=has_time,
        part_of_day="" if has_time else part_of_day,
        capacity=capacity,
        topics=topics,
        outcome=outcome,
        pledge_text=text,
        program=program,
        dress=dress,
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_officer=contact_officer,
        answer_by=answer_by,
        copied_from=copied_from,
        created_by_id=getattr(by, "pk", None),
        is_demo=is_demo,
    )
    _require_in_charge(by, event)
    _check_when(event)
    event.full_clean()
    event.save(force_insert=True)
    record(by=by, verb="event.created", obj=event, event=event.public_id)
    if co_hosts or invited_units:
        units.set_units(event=event, by=by, co_hosts=co_hosts, invited_units=invited_units)
    return event


@transaction.atomic
def update(
    *,
    event: Event,
    by: Any,
    co_hosts: Iterable[Unit] | None = None,
    invited_units: Iterable[Unit] | None = None,
    **fields: Any,
) -> Event:
    """Change what is given; both lists of units together or neither.

    A region in another zone keeps the clock on the invitation: 20.00 stays 20.00.

    :raises ValidationError: ``event_closed``; ``date_moves_apart`` for a date once the event is published
        (see :func:`reschedule`); ``take_back_first`` for what, where, when and with whom while a leader reads it;
        ``needs_approval`` for a planned event that goes to a host whose leader approves; those of
        :func:`neutrality.require_checked` for a planned event moved into an election's window; and those of
        :func:`create`.
    """
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not a field that may be changed: {sorted(unknown)}")
    lock_open(event)
    changed = {name: value for name, value in fields.items() if getattr(event, name) != value}
    if set(changed) & _APPROVED and event.state == SUBMITTED:
        raise ValidationError(
            _("A leader is reading this. Take it back first, then change it."), code="take_back_first"
        )
    if set(changed) & set(_WHEN) and event.state != DRAFT:
        raise ValidationError(
            _("Move the date on its own page, so that nobody misses it."), code="date_moves_apart"
        )
    if "region" in changed and event.state == DRAFT:
        # The hour was typed for the new place: it stands, even where it is the same instant as before.
        changed |= {name: fields[name] for name in _WHEN if name in fields}
    if changed:
        _change(
            event,
            by,
            changed,
            event.event_units.values_list("unit_id", flat=True) if co_hosts is None else [],
        )
    if co_hosts is not None:
        units.set_units(event=event, by=by, co_hosts=co_hosts, invited_units=invited_units or [])
    return event


@transaction.atomic
def publish(*, event: Event, by: Any) -> Event:
    """A draft becomes planned.

    :raises ValidationError: ``wrong_state``, ``date_missing``; ``needs_approval`` where a leader decides (see
        :mod:`events.operations.approvals`); and those of :func:`neutrality.require_checked`.
    """
    require_state(event, "publish")
    if event.starts_at is None:
        raise ValidationError(_("Give the event a date first."), code="date_missing")
    if event.host_unit.needs_approval:
        raise ValidationError(_("A leader approves this event first. Submit it."), code="needs_approval")
    neutrality.require_checked(event, by)
    return move(event, by, "event.published", PUBLISHED)


@transaction.atomic
def finish(*, event: Event, by: Any, outcome: str | None = None) -> Event:
    """The event was held.

    :param outcome: what came of it, when it is written down at the same time.
    :raises ValidationError: ``wrong_state``, ``date_missing``, ``not_begun``, or an outcome that is too long.
    """
    require_state(event, "finish")
    if event.starts_at is None:
        raise ValidationError(_("Give the event a date first."), code="date_missing")
    if not _has_begun(event):
        raise ValidationError(_("The event has not begun yet."), code="not_begun")
    moved = move(event, by, "event.finished", DONE)
    return moved if outcome is None else update(event=event, by=by, outcome=outcome)


@transaction.atomic
def report(*, event: Event, by: Any) -> Event:
    """The report has gone up; nothing is written any more. :raises ValidationError: ``wrong_state``."""
    require_state(event, "report")
    return move(event, by, "event.reported", REPORTED)


@transaction.atomic
def cancel(*, event: Event, by: Any, reason: str) -> Event:
    """The event will not be held; guests and answers stay as a record, and the list leaves the phones at its door.

    :raises ValidationError: ``wrong_state``, ``reason_missing``.
    """
    require_state(event, "cancel")
    if not reason.strip():
        raise ValidationError(_("Say why the event is cancelled."), code="reason_missing")
    return move(event, by, "event.cancelled", CANCELLED, reason=reason.strip())


@transaction.atomic
def postpone(
    *,
    event: Event,
    by: Any,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    has_time: bool = True,
    part_of_day: str = "",
    reason: str = "",
) -> Event:
    """Put off, with a new date or without one. The first date is kept, and so are guests, answers and agenda.

    :raises ValidationError: ``wrong_state``, those about dates, and those of :func:`neutrality.require_checked`.
    """
    require_state(event, "postpone")
    changes = _new_date(event, starts_at, ends_at, has_time, part_of_day)
    if starts_at is not None:
        neutrality.require_still_checked(event, by)
    return move(event, by, "event.postponed", POSTPONED, changes, reason)


@transaction.atomic
def reschedule(
    *,
    event: Event,
    by: Any,
    starts_at: datetime,
    ends_at: datetime | None = None,
    has_time: bool = True,
    part_of_day: str = "",
) -> Event:
    """Give a firm date: a postponed event is planned again, a draft stays a draft. Everything else is kept.

    :raises ValidationError: ``wrong_state``, ``date_missing``, those about dates, and those of
        :func:`neutrality.require_checked`.
    """
    require_state(event, "reschedule")
    if starts_at is None:
        raise ValidationError(_("Give the new date."), code="date_missing")
    changes = _new_date(event, starts_at, ends_at, has_time, part_of_day)
    neutrality.require_still_checked(event, by)
    return move(event, by, "event.rescheduled", DRAFT if event.state == DRAFT else PUBLISHED, changes)


def _change(event: Event, by: Any, changed: dict[str, Any], taking_part: Iterable[int]) -> None:
    if "host_unit" in changed:
        _require_host(by, changed["host_unit"])
        units.require_apart(changed["host_unit"].pk, taking_part)
        if event.state in PLANNED_STATES and changed["host_unit"].needs_approval:
            message = _(
                "A leader approves the events of this unit; one that is planned already cannot go to it."
            )
            raise ValidationError({"host_unit": ValidationError(message, code="needs_approval")})
    if "region" in changed:
        _move_place(event, changed["region"])
    for name, value in changed.items():
        setattr(event, name, value)
    if "contact_officer" in changed:
        _require_in_charge(by, event)
    if event.has_time:
        event.part_of_day = ""
    _check_when(event)
    if "region" in changed:
        neutrality.require_still_checked(event, by)
    event.full_clean()
    extra = {"timezone", *_WHEN} if {"region", *_WHEN} & set(changed) else set()
    event.save(update_fields=sorted(set(changed) | extra))
    if "host_unit" in changed:
        devices.end_those_out_of_sight(event, by)
    if "starts_at" in changed:
        _bring_forward_requests(event)
    if extra:
        devices.follow_date(event)
        qr.follow_date(event)
    record(by=by, verb="event.updated", obj=event, event=event.public_id, fields=changed)


def require_state(event: Event, act: str) -> None:
    """Lock the event, and refuse what may not start from its state (``wrong_state``)."""
    lock(event)
    if event.state not in ALLOWED_FROM[act]:
        message = _("This cannot be done while the event is %(state)s.")
        raise ValidationError(
            message, code="wrong_state", params={"state": str(event.get_state_display()).lower()}
        )


def _require_host(by: Any, unit: Unit) -> None:
    if unit.pk not in scope_of(by):
        raise ValidationError(_("The host must be your unit or one below it."), code="host_out_of_scope")


def _require_in_charge(by: Any, event: Event) -> None:
    officer = event.contact_officer
    if officer is None or officer == by:
        return
    if officer.unit_id != event.host_unit_id or not officer.is_active:
        message = _("Choose an officer of the host unit, or yourself.")
        raise ValidationError({"contact_officer": ValidationError(message, code="contact_officer_elsewhere")})


def move(
    event: Event,
    by: Any,
    verb: str,
    to: EventState,
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
) -> Event:
    """Write the new state with what else changed, and one line in the audit."""
    changes = changes or {}
    if event.state != to:
        changes["state"] = [event.state, str(to)]
    event.state = to
    event.save(update_fields=sorted({"state", "postponed_from", *changes}))
    if "starts_at" in changes:
        _bring_forward_requests(event)
    if {"state", *_WHEN} & set(changes):
        devices.follow_date(event)
        qr.follow_date(event)
    record(by=by, verb=verb, obj=event, event=event.public_id, changes=changes, reason=reason)
    return event


def _new_date(
    event: Event, starts_at: datetime | None, ends_at: datetime | None, has_time: bool, part_of_day: str
) -> dict[str, list[Any]]:
    """Set the date on the instance; returns field → [before, after] of what changed. A draft has no first date."""
    after: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "has_time": has_time,
        "part_of_day": "" if has_time else part_of_day,
    }
    before = {name: getattr(event, name) for name in after}
    if event.state != DRAFT and event.postponed_from is None and starts_at != event.starts_at:
        event.postponed_from = event.starts_at
    after["answer_by"] = _answer_by_beside(event, starts_at)
    before["answer_by"] = event.answer_by
    for name, value in after.items():
        setattr(event, name, value)
    _check_when(event)
    return {
        name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]
    }


def _bring_forward_requests(event: Event) -> None:
    """Nobody is asked for names until a day on which the event is over."""
    if event.starts_at is not None:
        last = at_place(event.starts_at, event.timezone).date()
        ProposalRequest.objects.filter(event=event, closed_at__isnull=True, due_on__gt=last).update(
            due_on=last
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _answer_by_beside(event: Event, starts_at: datetime | None) -> date | None:
    """The last day for answers keeps its distance from the event; without a new date it stands as it is."""
    if event.answer_by is None or event.starts_at is None or starts_at is None:
        return event.answer_by
    days = at_place(starts_at, event.timezone).date() - at_place(event.starts_at, event.timezone).date()
    return event.answer_by + days


def _check_when(event: Event) -> None:
    _check_answer_by(event)
    if event.ends_at is None:
        return
    if event.starts_at is None:
        raise ValidationError(
            {"ends_at": ValidationError(_("An end needs a start."), code="end_without_start")}
        )
    if not event.has_time:
        message = _("An end needs the hour of the start; leave it open instead.")
        raise ValidationError({"ends_at": ValidationError(message, code="end_needs_hour")})
    if event.ends_at <= event.starts_at:
        raise ValidationError(
            {"ends_at": ValidationError(_("The end is before the start."), code="ends_before_start")}
        )


def _check_answer_by(event: Event) -> None:
    if event.answer_by is None or event.starts_at is None:
        return
    if event.answer_by > at_place(event.starts_at, event.timezone).date():
        message = _("The last day for answers cannot be after the day of the event.")
        raise ValidationError({"answer_by": ValidationError(message, code="answer_after_event")})


def _has_begun(event: Event) -> bool:
    """By the clock; where the hour is not known, by the day at the place."""
    now = timezone.now()
    assert event.starts_at is not None
    if event.has_time:
        return event.starts_at <= now
    return at_place(event.starts_at, event.timezone).date() <= at_place(now, event.timezone).date()


def _move_place(event: Event, region: Region) -> None:
    before, event.timezone = event.timezone, region.timezone
    if before != event.timezone:
        for name in ("starts_at", "ends_at"):
            instant = getattr(event, name)
            if instant is not None:
                wall = at_place(instant, before).replace(tzinfo=None)
                setattr(event, name, at_zone(wall, event.timezone))


def at_zone(wall: datetime, zone: str) -> datetime:
    """The instant at which a clock in ``zone`` shows ``wall``."""
    return timezone.make_aware(wall, ZoneInfo(zone))
