"""Forgetting guests who agreed to be known for one evening only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import recording
from events.choices import WalkInConsent
from events.models import Event, Participant

TONIGHT_DAYS = 30


def forget_tonight(now: datetime | None = None) -> int:
    """Empty name and contact of "tonight only" guests 30 days after the event; the row stays for the count.

    An event without a date counts from the day the guest was added. Returns how many were forgotten.
    """
    due = _due((now or timezone.now()) - timedelta(days=TONIGHT_DAYS))
    events = Event.objects.filter(pk__in=due.order_by().values("event_id"))
    return sum(_forget(event, due.filter(event=event)) for event in events.order_by("pk"))


def _due(limit: datetime) -> QuerySet[Participant]:
    return (
        Participant.objects.filter(walk_in_consent=WalkInConsent.TONIGHT)
        .exclude(display_name="", contact="", search_key="")
        .alias(over=Coalesce("event__ends_at", "event__starts_at", "added_at"))
        .filter(over__lt=limit)
    )


@transaction.atomic
def _forget(event: Event, guests: QuerySet[Participant]) -> int:
    forgotten = guests.update(display_name="", contact="", search_key="")
    recording.record(
        by=None,
        verb="participant.forgotten",
        obj=event,
        event=event.public_id,
        fields=["contact", "display_name", "search_key"],
    )
    return forgotten
