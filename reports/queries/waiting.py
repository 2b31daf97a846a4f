"""What waits for the officer who reads: names to propose or to decide on, approvals, directives, requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from events.queries.approvals import approvals_awaited
from events.queries.directives import directives_due
from events.queries.proposals import proposals_awaited, proposals_to_decide
from partners.choices import OutsideState
from partners.queries.outside_requests import outside_requests_visible_to

FEW = 3
_ASKED = (
    *("public_id", "due_on", "wanted", "event__public_id", "event__title"),
    "event__host_unit__short_name",
)
_PROPOSED = ("public_id", "due_on", "unit__short_name", "event__public_id", "event__title")
_TOLD = (
    *("public_id", "state", "unit__short_name", "directive__text", "directive__due_on"),
    "directive__event__host_unit__short_name",
)


@dataclass(frozen=True)
class Some:
    """The first few rows, and whether there are more."""

    rows: list[Any]
    is_more: bool

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Waiting:
    to_propose: Some
    to_decide: Some
    to_report: Some
    to_approve: Some

    def __bool__(self) -> bool:
        return any((self.to_propose, self.to_decide, self.to_report, self.to_approve))


def waiting_for(user: Any, *, limit: int = FEW) -> Waiting:
    """The next due first, a few of each, with the columns that the first screen prints.

    One query for each kind that the role has to do with.
    """
    asks = user.can("proposal.make") and user.can("event.view")
    return Waiting(
        to_propose=_some(proposals_awaited(user).only(*_ASKED), limit) if asks else Some([], False),
        to_decide=_some(proposals_to_decide(user).only(*_PROPOSED), limit),
        to_report=_some(directives_due(user).only(*_TOLD), limit),
        to_approve=_some(approvals_awaited(user), limit),
    )


def requests_to_decide(user: Any, *, limit: int = FEW) -> Some:
    """Requests from outside the humas function without a decision, the longest waiting first. One query."""
    waiting = outside_requests_visible_to(user).filter(state=OutsideState.OPEN)
    return _some(waiting.order_by("received_on", "pk"), limit)


def _some(queryset: QuerySet[Any], limit: int) -> Some:
    rows = list(queryset[: limit + 1])
    return Some(rows[:limit], len(rows) > limit)
