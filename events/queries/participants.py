"""The only door to participant rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.choices import GUEST_KINDS, ParticipantKind
from events.models import Attendance, Event, Participant, Pledge, Scan, ScanReview
from events.queries.events import events_visible_to
from partners.models import Partner
from partners.queries.search import matching


def participants_visible_to(user: Any) -> QuerySet[Participant]:
    """Everyone at the events that the officer can see: name, organisation and answer, whoever registered them.

    It says nothing about their partner pages: those are asked through ``partners_visible_to``.
    """
    if not user.can("participant.view"):
        return Participant.objects.none()
    return Participant.objects.filter(event__in=events_visible_to(user))


def people_of(event: Event) -> QuerySet[Participant]:
    """Guests, personnel and officials of one event, with answer, delegate's principal and attendance at hand.

    A walk-in without a name who is not present is nobody: taken back, or found to be another guest.
    """
    nobody = Q(kind=ParticipantKind.WALK_IN, display_name="", attendance__isnull=True)
    people = Participant.objects.filter(event=event).exclude(nobody)
    return people.select_related("invitation", "attendance", "delegate_for")


def guests_of(event: Event) -> QuerySet[Participant]:
    """Partners, their delegates and walk-ins of one event."""
    return people_of(event).filter(kind__in=GUEST_KINDS)


def matching_name(queryset: QuerySet[Participant], text: str) -> QuerySet[Participant]:
    """Those in whose name or organisation each word typed is found; accents, case and spelling are forgiven."""
    return matching(queryset, text[:80])


def is_marked(participant: Participant) -> bool:
    """Whether the evening knows this person: a scan (even one undone), an attendance or a pledge.

    Such a row is history and may no longer be taken away.
    """
    return (
        Scan.objects.filter(participant=participant).exists()
        or ScanReview.objects.filter(participant=participant).exists()
        or Attendance.objects.filter(participant=participant).exists()
        or Pledge.objects.filter(participant=participant).exists()
    )


def with_invited(partners: QuerySet[Partner], event: Event) -> QuerySet[Any]:
    """With ``is_invited``: whether the partner is on the list of the event already."""
    return partners.annotate(
        is_invited=Exists(Participant.objects.filter(event=event, partner=OuterRef("pk")))
    )
