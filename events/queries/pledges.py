"""Who agreed to a joint commitment. There is no query for who did not."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from events.choices import GUEST_KINDS
from events.models import Event, Participant, Pledge, PledgeText
from events.queries.events import events_visible_to
from events.queries.participants import matching_name

SHORTEST, MOST = 3, 5


def pledges_visible_to(user: Any) -> QuerySet[Pledge]:
    """Pledges given at events that the officer can see."""
    if not user.can("pledge.record"):
        return Pledge.objects.none()
    return Pledge.objects.filter(participant__event__in=events_visible_to(user))


def pledges_of(event: Event) -> QuerySet[Pledge]:
    """Those that stand, the latest first."""
    return (
        Pledge.objects.filter(participant__event=event, withdrawn_at__isnull=True)
        .select_related("participant")
        .order_by("-at", "-pk")
    )


def guests_named(event: Event, text: PledgeText, name: str) -> list[Participant]:
    """A few guests by name, to find the one who stands before the officer: never a list to go through.

    Fewer than three letters find nobody, and no more than five are shown; ``has_pledged`` says whether it is written.
    """
    if len(name.strip()) < SHORTEST:
        return []
    live = Pledge.objects.filter(participant=OuterRef("pk"), text=text, withdrawn_at__isnull=True)
    guests = Participant.objects.filter(event=event, kind__in=GUEST_KINDS).exclude(display_name="")
    return list(
        matching_name(guests, name)
        .select_related("partner")
        .annotate(has_pledged=Exists(live))
        .order_by("search_key", "pk")[:MOST]
    )


def has_agreed(participant: Participant) -> bool:
    """Whether this person's agreement to any text stands."""
    return Pledge.objects.filter(participant=participant, withdrawn_at__isnull=True).exists()
