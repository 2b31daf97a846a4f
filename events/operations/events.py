"""Planning an event: what it is, where, when and with whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer, Unit
from accounts.queries.units import scope_of
from audit.recording import record
from events.choices import PLANNED_STATES, EventState
from events.models import Event, PledgeText, Program
from events.operations import dates, devices, neutrality, units
from events.operations.locking import lock_open
from events.queries.pledge_texts import newest_pledge_text
from regions.models import Region

NEWEST: Final = "newest"
# What a leader approves; it stands still while they read, as do the units that take part.
_APPROVED = frozenset({"title", "kind", "program", "host_unit", "region", "venue", *dates.WHEN})
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
        *dates.WHEN,
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
    dates.check_when(event)
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
        (:func:`events.operations.states.reschedule` moves it); ``take_back_first`` for what, where, when and with whom
        while a leader reads it; ``needs_approval`` for a planned event that goes to a host whose leader approves; those
        of :func:`neutrality.require_checked` for a planned event moved into an election's window; and those of
        :func:`create`.
    """
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not a field that may be changed: {sorted(unknown)}")
    lock_open(event)
    changed = {name: value for name, value in fields.items() if getattr(event, name) != value}
    if set(changed) & _APPROVED and event.state == EventState.SUBMITTED:
        raise ValidationError(
            _("A leader is reading this. Take it back first, then change it."), code="take_back_first"
        )
    if set(changed) & set(dates.WHEN) and event.state != EventState.DRAFT:
        raise ValidationError(
            _("Move the date on its own page, so that nobody misses it."), code="date_moves_apart"
        )
    if "region" in changed and event.state == EventState.DRAFT:
        # The hour was typed for the new place: it stands, even where it is the same instant as before.
        changed |= {name: fields[name] for name in dates.WHEN if name in fields}
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
        dates.move_place(event, changed["region"])
    for name, value in changed.items():
        setattr(event, name, value)
    if "contact_officer" in changed:
        _require_in_charge(by, event)
    if event.has_time:
        event.part_of_day = ""
    dates.check_when(event)
    if "region" in changed:
        neutrality.require_still_checked(event, by)
    event.full_clean()
    extra = {"timezone", *dates.WHEN} if {"region", *dates.WHEN} & set(changed) else set()
    event.save(update_fields=sorted(set(changed) | extra))
    if "host_unit" in changed:
        devices.end_those_out_of_sight(event, by)
    if "starts_at" in changed:
        dates.bring_forward_requests(event)
    if extra:
        dates.follow(event)
    record(by=by, verb="event.updated", obj=event, event=event.public_id, fields=changed)


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
