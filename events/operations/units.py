"""Which units take part beside the host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.recording import record
from events.choices import UNIT_ANSWERS, Answer, EventState, UnitPart
from events.models import Event, EventUnit, ProposalRequest
from events.operations import devices
from events.operations.locking import lock_open

MOST_EXPECTED = 500


@transaction.atomic
def set_units(
    *, event: Event, by: Any, co_hosts: Iterable[Unit] = (), invited_units: Iterable[Unit] = ()
) -> dict[int, str]:
    """Make these, and only these, take part. Returns unit id → part. Units that stay keep their row; of one that goes
    no names are wanted any more.

    :raises ValidationError: ``host_twice`` (the host is also listed), ``unit_twice`` (in both lists),
        ``unit_inactive``, ``event_closed``, ``take_back_first`` while a leader reads the plan.
    """
    lock_open(event)
    wanted = _parts(event, list(co_hosts), list(invited_units))
    standing = {row.unit_id: row for row in EventUnit.objects.select_for_update().filter(event=event)}
    if {unit_id: row.part for unit_id, row in standing.items()} == wanted:
        return wanted
    if event.state == EventState.SUBMITTED:
        raise ValidationError(
            _("A leader is reading this. Take it back first, then change it."), code="take_back_first"
        )
    EventUnit.objects.filter(event=event).exclude(unit_id__in=wanted).delete()
    _close_requests(event, by, set(standing) - set(wanted))
    for unit_id, part in wanted.items():
        row = standing.get(unit_id)
        if row is None:
            EventUnit.objects.create(event=event, unit_id=unit_id, part=part)
        elif row.part != part:
            row.part = part
            row.save(update_fields=["part"])
    if set(standing) - set(wanted):
        devices.end_those_out_of_sight(event, by)
    record(
        by=by,
        verb="event.units_changed",
        obj=event,
        event=event.public_id,
        fields=["co_hosts", "invited_units"],
    )
    return wanted


@transaction.atomic
def answer(*, event: Event, unit: Unit, answer: str, by: Any, expected: int | None = None) -> EventUnit:
    """Write down whether a unit comes, and how many it sends; by its own officers or by the host.

    :param expected: kept for "yes" alone; may follow later.
    :raises ValidationError: ``event_closed``, ``not_taking_part``, ``answer_unknown``, ``expected``.
    """
    lock_open(event)
    row = EventUnit.objects.select_for_update().filter(event=event, unit=unit).first()
    if row is None:
        raise ValidationError(_("This unit does not take part any more."), code="not_taking_part")
    if answer not in UNIT_ANSWERS:
        raise ValidationError(_("Choose one of the answers."), code="answer_unknown")
    if expected is not None and not 1 <= expected <= MOST_EXPECTED:
        message = _("Write a number from 1 to %(most)s.") % {"most": MOST_EXPECTED}
        raise ValidationError({"expected": ValidationError(message, code="expected")})
    is_answer = answer != Answer.NONE
    row.answer = answer
    row.expected = expected if answer == Answer.YES else None
    row.answered_at = timezone.now() if is_answer else None
    row.recorded_by_id = by.pk if is_answer else None
    row.save(update_fields=["answer", "expected", "answered_at", "recorded_by_id"])
    record(
        by=by,
        verb="event.unit_answered",
        obj=event,
        unit_id=unit.pk,
        event=event.public_id,
        fields=["answer", "expected"],
    )
    return row


def require_apart(host_id: int, unit_ids: Iterable[int]) -> None:
    """The host is not a co-host or guest at its own event (``host_twice``)."""
    if host_id in unit_ids:
        raise ValidationError(_("The host cannot take part a second time."), code="host_twice")


def _close_requests(event: Event, by: Any, unit_ids: set[int]) -> None:
    """The unit no longer sees the event, and could not answer; the host decides on what it proposed before."""
    for row in ProposalRequest.objects.select_for_update().filter(
        event=event, unit__in=unit_ids, closed_at__isnull=True
    ):
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
        record(
            by=by,
            verb="proposal.request_closed",
            obj=row,
            unit_id=row.unit_id,
            event=event.public_id,
        )


def _parts(event: Event, co_hosts: list[Unit], invited_units: list[Unit]) -> dict[int, str]:
    both = [*co_hosts, *invited_units]
    require_apart(event.host_unit_id, [unit.pk for unit in both])
    if {unit.pk for unit in co_hosts} & {unit.pk for unit in invited_units}:
        raise ValidationError(_("A unit is either co-host or invited, not both."), code="unit_twice")
    if not all(unit.is_active for unit in both):
        raise ValidationError(_("One of the units is no longer active."), code="unit_inactive")
    parts = {unit.pk: str(UnitPart.CO_HOST) for unit in co_hosts}
    return parts | {unit.pk: str(UnitPart.INVITED) for unit in invited_units}
