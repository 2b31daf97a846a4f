"""Ajukan, Setuju, Perbaiki: where a unit wants it, a leader approves an event before it is published."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries.units import scope_of
from events.choices import ApprovalState, EventState
from events.models import Approval, Event
from events.operations import states
from events.operations.neutrality import require_checked

MAX_NOTE = 500


@transaction.atomic
def submit(*, event: Event, by: Any) -> Approval:
    """A draft waits for a leader. What, where, when and with whom stand still meanwhile.

    :raises ValidationError: ``wrong_state``, ``date_missing``, ``approval_not_needed``.
    """
    states.require_state(event, "submit")
    if not event.host_unit.needs_approval:
        raise ValidationError(_("This unit publishes by itself."), code="approval_not_needed")
    if event.starts_at is None:
        raise ValidationError(_("Give the event a date first."), code="date_missing")
    approval = Approval.objects.create(event=event, asked_by_id=by.pk)
    states.move(event, by, "event.submitted", EventState.SUBMITTED)
    return approval


@transaction.atomic
def take_back(*, event: Event, by: Any) -> Event:
    """The host wants to change it first: a draft again. The submission goes, and the audit keeps that it was.

    :raises ValidationError: ``wrong_state``.
    """
    states.require_state(event, "take_back")
    Approval.objects.filter(event=event, state=ApprovalState.WAITING).delete()
    return states.move(event, by, "event.taken_back", EventState.DRAFT)


@transaction.atomic
def approve(*, approval: Approval, by: Any) -> Event:
    """Agreed, and published at once.

    :raises ValidationError: ``wrong_state``, ``already_decided``, ``own_submission``, ``out_of_scope``, and those of
        :func:`events.operations.neutrality.require_checked`.
    """
    event = _lock_waiting(approval, by, "approve")
    require_checked(event, by, by_is_apart=True)
    _decide(approval, by, ApprovalState.APPROVED)
    return states.move(event, by, "event.approved", EventState.PUBLISHED)


@transaction.atomic
def send_back(*, approval: Approval, by: Any, note: str) -> Event:
    """To be mended: a draft again, and the note tells the host what.

    :param note: about the plan, never about a person.
    :raises ValidationError: as :func:`approve`, and ``note_required``, ``too_long``.
    """
    event = _lock_waiting(approval, by, "send_back")
    note = note.strip()
    if not note:
        raise ValidationError({"note": ValidationError(_("Say what to mend."), code="note_required")})
    if len(note) > MAX_NOTE:
        raise ValidationError({"note": ValidationError(_("Too long."), code="too_long")})
    _decide(approval, by, ApprovalState.RETURNED, note)
    return states.move(event, by, "event.returned", EventState.DRAFT)


def _lock_waiting(approval: Approval, by: Any, act: str) -> Event:
    """The event first, as everybody locks it; then the submission, which may have been decided or taken back."""
    event = approval.event
    states.require_state(event, act)
    if event.host_unit_id not in scope_of(by):
        raise ValidationError(_("This event is not of your units."), code="out_of_scope")
    waiting = (
        Approval.objects.select_for_update(of=("self",))
        .filter(pk=approval.pk, state=ApprovalState.WAITING)
        .first()
    )
    if waiting is None:
        raise ValidationError(_("This has been decided already."), code="already_decided")
    if waiting.asked_by_id == by.pk:
        raise ValidationError(
            _("Whoever submitted the event cannot approve it. Another leader decides."), code="own_submission"
        )
    return event


def _decide(approval: Approval, by: Any, state: ApprovalState, note: str = "") -> None:
    approval.state, approval.note = state, note
    approval.decided_at, approval.decided_by_id = timezone.now(), by.pk
    approval.save(update_fields=["state", "note", "decided_at", "decided_by_id"])
