"""How a view comes by its event: out of sight is 404, in sight but not allowed is 403."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from events.models import Event, Participant
from events.queries.events import events_visible_to, with_place
from events.queries.participants import participants_visible_to
from events.rules import can_change_event, can_change_guests, can_record_answer, can_run_door


def event_or_404(user: Any, public_id: UUID) -> Event:
    visible = with_place(events_visible_to(user)).select_related("pledge_text", "contact_officer")
    return get_object_or_404(visible, public_id=public_id)


def event_to_change(user: Any, public_id: UUID) -> Event:
    event = event_or_404(user, public_id)
    if not can_change_event(user, event):
        raise PermissionDenied
    return event


def event_to_invite(user: Any, public_id: UUID) -> Event:
    event = event_or_404(user, public_id)
    if not can_change_guests(user, event):
        raise PermissionDenied
    return event


def event_at_door(user: Any, public_id: UUID) -> Event:
    """An event whose door the officer may run."""
    event = event_or_404(user, public_id)
    if not can_run_door(user, event):
        raise PermissionDenied
    return event


def guest_to_change(user: Any, event_id: UUID, participant_id: UUID) -> Participant:
    """Somebody on the list of an event whose guests the officer may change."""
    participant = _guest_or_404(user, event_id, participant_id)
    if not can_change_guests(user, participant.event):
        raise PermissionDenied
    return participant


def guest_to_answer(user: Any, event_id: UUID, participant_id: UUID) -> Participant:
    """Somebody on the list whose answer the officer may write down."""
    participant = _guest_or_404(user, event_id, participant_id)
    if not can_record_answer(user, participant.event, participant):
        raise PermissionDenied
    return participant


def _guest_or_404(user: Any, event_id: UUID, participant_id: UUID) -> Participant:
    rows = participants_visible_to(user).select_related("event__host_unit", "invitation", "partner")
    return get_object_or_404(
        rows.prefetch_related("delegates"), public_id=participant_id, event__public_id=event_id
    )
