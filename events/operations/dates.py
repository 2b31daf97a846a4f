"""The date of an event: what fits together, how it moves, and what moves with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from events.choices import EventState
from events.models import Event, ProposalRequest
from events.operations import devices, qr
from regions.models import Region
from ui.times import at_place

WHEN = ("starts_at", "ends_at", "has_time", "part_of_day")


def check_when(event: Event) -> None:
    """:raises ValidationError: ``answer_after_event``, ``end_without_start``, ``end_needs_hour``,
    ``ends_before_start``."""
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


def new_date(
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
    if event.state != EventState.DRAFT and event.postponed_from is None and starts_at != event.starts_at:
        event.postponed_from = event.starts_at
    after["answer_by"] = _answer_by_beside(event, starts_at)
    before["answer_by"] = event.answer_by
    for name, value in after.items():
        setattr(event, name, value)
    check_when(event)
    return {
        name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]
    }


def has_begun(event: Event) -> bool:
    """By the clock; where the hour is not known, by the day at the place."""
    now = timezone.now()
    assert event.starts_at is not None
    if event.has_time:
        return event.starts_at <= now
    return at_place(event.starts_at, event.timezone).date() <= at_place(now, event.timezone).date()


def bring_forward_requests(event: Event) -> None:
    """Nobody is asked for names until a day on which the event is over."""
    if event.starts_at is not None:
        last = at_place(event.starts_at, event.timezone).date()
        ProposalRequest.objects.filter(event=event, closed_at__isnull=True, due_on__gt=last).update(
            due_on=last
        )


def move_place(event: Event, region: Region) -> None:
    """A place in another zone keeps the clock on the invitation."""
    before, event.timezone = event.timezone, region.timezone
    if before != event.timezone:
        for name in ("starts_at", "ends_at"):
            instant = getattr(event, name)
            if instant is not None:
                wall = at_place(instant, before).replace(tzinfo=None)
                setattr(event, name, at_zone(wall, event.timezone))


def follow(event: Event) -> None:
    """Phones at the door and codes of invitations end with the event."""
    devices.follow_date(event)
    qr.follow_date(event)


def at_zone(wall: datetime, zone: str) -> datetime:
    """The instant at which a clock in ``zone`` shows ``wall``."""
    return timezone.make_aware(wall, ZoneInfo(zone))


def _check_answer_by(event: Event) -> None:
    if event.answer_by is None or event.starts_at is None:
        return
    if event.answer_by > at_place(event.starts_at, event.timezone).date():
        message = _("The last day for answers cannot be after the day of the event.")
        raise ValidationError({"answer_by": ValidationError(message, code="answer_after_event")})


def _answer_by_beside(event: Event, starts_at: datetime | None) -> date | None:
    """The last day for answers keeps its distance from the event; without a new date it stands as it is."""
    if event.answer_by is None or event.starts_at is None or starts_at is None:
        return event.answer_by
    days = at_place(starts_at, event.timezone).date() - at_place(event.starts_at, event.timezone).date()
    return event.answer_by + days


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
