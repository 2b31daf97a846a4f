"""The only door to event rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.queries.units import scope_of
from events.models import Event, EventUnit


def events_visible_to(user: Any) -> QuerySet[Event]:
    """Events whose host, co-host or invited unit is the officer's unit or one below it."""
    if not user.can("event.view"):
        return Event.objects.none()
    units = scope_of(user)
    taking_part = EventUnit.objects.filter(event=OuterRef("pk"), unit__in=units)
    return Event.objects.filter(Q(host_unit__in=units) | Exists(taking_part))
