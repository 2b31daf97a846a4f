"""What the institution promised. Only this can be overdue."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from accounts.models import Unit
from accounts.queries.units import scope_of
from events.choices import CommitmentState
from events.models import Commitment, Event, EventUnit
from events.queries.events import events_visible_to
from files.models import StoredFile
from ui.times import at_place


def commitments_visible_to(user: Any) -> QuerySet[Commitment]:
    """Those promised at events that the officer can see, and those that a unit of theirs is in charge of."""
    if not user.can("event.view"):
        return Commitment.objects.none()
    return Commitment.objects.filter(Q(event__in=events_visible_to(user)) | Q(owner_unit__in=scope_of(user)))


def commitments_of(event: Event, user: Any, today: date | None = None) -> QuerySet[Commitment]:
    """The commitments of one event, the next due first, with ``is_overdue`` and ``may_change`` for this officer.

    :param today: the day by which something is overdue; by default that of the event's place.
    """
    scope = scope_of(user) if user.can("commitment.change") else []
    hosts = event.host_unit_id in scope
    return (
        Commitment.objects.filter(event=event)
        .select_related("owner_unit", "evidence_file")
        .annotate(
            is_overdue=_flag(Q(state=CommitmentState.OPEN, due_on__lt=today or _today_at(event))),
            may_change=_flag(Q(pk__isnull=False) if hosts else Q(owner_unit__in=scope)),
        )
        .order_by("due_on", "pk")
    )


def units_in_charge(event: Event, user: Any) -> QuerySet[Unit]:
    """Who may be put in charge: units that take part in an event that the officer can see, and the officer's own with
    those below it."""
    seen = events_visible_to(user).filter(pk=event.pk)
    taking_part = EventUnit.objects.filter(event__in=seen).values("unit")
    return Unit.objects.filter(
        Q(pk__in=seen.values("host_unit")) | Q(pk__in=taking_part) | Q(pk__in=scope_of(user)), is_active=True
    ).order_by("code")


def sees_evidence(user: Any, stored: StoredFile) -> bool:
    """Whoever sees a commitment may open what shows that it was kept."""
    return commitments_visible_to(user).filter(evidence_file=stored).exists()


def _today_at(event: Event) -> date:
    return at_place(timezone.now(), event.timezone).date()


def _flag(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())
