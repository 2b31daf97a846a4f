"""The events that lie with one officer, for the hand-over."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from events.choices import EventState
from events.models import Event

_ENDED = [EventState.REPORTED, EventState.CANCELLED]


def open_events_of(officer: Any) -> QuerySet[Event]:
    """Events that the officer looks after and that are not yet reported."""
    return (
        Event.objects.filter(contact_officer=officer.pk).exclude(state__in=_ENDED).order_by("starts_at", "pk")
    )


def with_waiting(events: QuerySet[Event]) -> QuerySet[Event]:
    """How many requests for names are open at each: they are the host's, and go with the event."""
    return events.annotate(
        waiting=Count("proposal_requests", filter=Q(proposal_requests__closed_at__isnull=True))
    )
