"""The neutrality checklist: ticked before an event in an election's window is published, whoever publishes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.queries.units import scope_of
from audit.recording import record
from events.choices import EventState
from events.models import Event, NeutralityCheck
from events.operations.locking import lock_open
from events.queries.neutrality import asked_of, barred_of, checklist

MISSING, SECOND = "neutrality_missing", "second_officer"


@transaction.atomic
def tick(
    *, event: Event, by: Any, points: Collection[int], planned: dict[str, Any] | None = None
) -> list[NeutralityCheck]:
    """Say that every point holds, for each election that asks. Ticked anew by another officer, the row names the newer
    one; the audit keeps both.

    :param planned: fields of a date or place that the event is about to move to, and is asked about already.
    :raises ValidationError: ``event_closed``, ``out_of_scope``, ``points_missing``; ``not_asked`` outside of every
        window; ``second_officer`` in quiet days for whoever drafted or submitted the event.
    """
    lock_open(event)
    if event.host_unit_id not in scope_of(by):
        raise ValidationError(_("Only the host and units above it tick this list."), code="out_of_scope")
    wanted = checklist()
    if set(points) != wanted.numbers:
        raise ValidationError(
            {"points": ValidationError(_("Every point must hold. Tick them all."), code="points_missing")}
        )
    for name, value in (planned or {}).items():
        setattr(event, name, value)
    asked = asked_of(event)
    if not asked:
        raise ValidationError(_("No election asks for this list now."), code="not_asked")
    barred = barred_of(event)
    if any(row.is_quiet for row in asked) and by.pk in barred:
        raise ValidationError(
            _(
                "In the quiet days another officer ticks the list: not the one who drafted or submitted the event."
            ),
            code=SECOND,
        )
    checks = []
    for row in asked:
        if row.check is not None and row.check.checked_by_id == by.pk:
            checks.append(row.check)
            continue
        NeutralityCheck.objects.filter(event=event, election=row.election).delete()
        checks.append(
            NeutralityCheck.objects.create(
                event=event, election=row.election, list_version=wanted.version, checked_by_id=by.pk
            )
        )
        record(by=by, verb="neutrality.checked", obj=event, event=event.public_id, fields=[row.election.code])
    return checks


def require_checked(event: Event, by: Any, *, by_is_apart: bool = False) -> None:
    """Refuse to plan an event, as it stands on the instance, whose checklist is due.

    :param by: who publishes; in quiet days their own tick does not count.
    :param by_is_apart: the one who decides is already a second officer (a leader who approves what another submitted),
        so that their tick counts.
    :raises ValidationError: ``neutrality_missing``, ``second_officer``.
    """
    asked = asked_of(event)
    if not asked:
        return
    for row in asked:
        if row.check is None:
            message = _("The event stands in the time of %(election)s. Tick the neutrality list first.")
            raise ValidationError(message, code=MISSING, params={"election": row.election.name})
    barred = barred_of(event) if by_is_apart else barred_of(event, by)
    if not all(row.is_settled(barred) for row in asked):
        raise ValidationError(
            _(
                "These are quiet days: the neutrality list must be ticked by a second officer, who neither drafted the "
                "event nor publishes it."
            ),
            code=SECOND,
        )


def require_still_checked(event: Event, by: Any) -> None:
    """The same for an event that is planned already and moves to another day or place; a draft is asked later."""
    if event.state in (EventState.PUBLISHED, EventState.POSTPONED):
        require_checked(event, by)
