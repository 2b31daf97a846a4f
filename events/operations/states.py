"""Moving an event through its states. Moving the date keeps guests, answers and agenda."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from events.choices import EventState
from events.models import Event
from events.operations import dates, events, neutrality
from events.operations.locking import lock

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
    if not dates.has_begun(event):
        raise ValidationError(_("The event has not begun yet."), code="not_begun")
    moved = move(event, by, "event.finished", DONE)
    return moved if outcome is None else events.update(event=event, by=by, outcome=outcome)


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
    changes = dates.new_date(event, starts_at, ends_at, has_time, part_of_day)
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
    changes = dates.new_date(event, starts_at, ends_at, has_time, part_of_day)
    neutrality.require_still_checked(event, by)
    return move(event, by, "event.rescheduled", DRAFT if event.state == DRAFT else PUBLISHED, changes)


def require_state(event: Event, act: str) -> None:
    """Lock the event, and refuse what may not start from its state (``wrong_state``)."""
    lock(event)
    if event.state not in ALLOWED_FROM[act]:
        message = _("This cannot be done while the event is %(state)s.")
        raise ValidationError(
            message, code="wrong_state", params={"state": str(event.get_state_display()).lower()}
        )


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
        dates.bring_forward_requests(event)
    if {"state", *dates.WHEN} & set(changes):
        dates.follow(event)
    record(by=by, verb=verb, obj=event, event=event.public_id, changes=changes, reason=reason)
    return event
