"""The only door to participant rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from events.choices import GUEST_KINDS
from events.models import Attendance, Event, Participant, Pledge, Scan
from events.queries.events import events_visible_to
from partners.search import normalised


def participants_visible_to(user: Any) -> QuerySet[Participant]:
    """Everyone at the events that the officer can see: name, organisation and answer, whoever registered them.

    It says nothing about their partner pages: those are asked through ``partners_visible_to``.
    """
    if not user.can("participant.view"):
        return Participant.objects.none()
    return Participant.objects.filter(event__in=events_visible_to(user))


def people_of(event: Event) -> QuerySet[Participant]:
    """Guests, personnel and officials of one event, with answer, delegate's principal and attendance at hand."""
    return Participant.objects.filter(event=event).select_related("invitation", "attendance", "delegate_for")


def guests_of(event: Event) -> QuerySet[Participant]:
    """Partners, their delegates and walk-ins of one event."""
    return people_of(event).filter(kind__in=GUEST_KINDS)


def matching_name(queryset: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those with a word that begins with each word typed; accents, case and old spelling are forgiven."""
    for word in normalised(text[:80]).split():
        queryset = queryset.filter(Q(search_key__contains=f" {word}"))
    return queryset


def is_marked(participant: Participant) -> bool:
    """Whether the evening knows this person: a scan (even one undone), an attendance or a pledge.

    Such a row is history and may no longer be taken away.
    """
    return (
        Scan.objects.filter(participant=participant).exists()
        or Attendance.objects.filter(participant=participant).exists()
        or Pledge.objects.filter(participant=participant).exists()
    )
