"""Events that were submitted to a leader."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.queries.units import scope_of
from events.choices import ApprovalState
from events.models import Approval, Event


def approvals_visible_to(user: Any) -> QuerySet[Approval]:
    """What was submitted by the officer's unit and those below it, for leaders. A unit that only takes part decides
    nothing, and sees nothing of the deciding."""
    if not user.can("event.approve"):
        return Approval.objects.none()
    return Approval.objects.filter(event__host_unit__in=scope_of(user))


def approvals_awaited(user: Any) -> QuerySet[Approval]:
    """What waits for this leader, the nearest event first; never what they submitted themselves."""
    return (
        approvals_visible_to(user)
        .filter(state=ApprovalState.WAITING)
        .exclude(asked_by_id=user.pk)
        .select_related("event__host_unit", "event__program", "event__region__parent__parent")
        .order_by("event__starts_at", "pk")
    )


def waiting_approval(event: Event) -> Approval | None:
    """The submission that a leader has yet to decide on."""
    return Approval.objects.filter(event=event, state=ApprovalState.WAITING).first()


def last_note(event: Event) -> str:
    """What the leader asked to mend, as long as the event has not been submitted anew; else empty."""
    latest = Approval.objects.filter(event=event).order_by("-asked_at", "-pk").first()
    return latest.note if latest is not None and latest.state == ApprovalState.RETURNED else ""
