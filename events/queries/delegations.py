"""Which organisations may be asked to send somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.models import Unit
from accounts.queries.units import scope_of
from events.models import Event, Participant
from partners.models import Organization


def organizations_to_invite(user: Any) -> QuerySet[Organization]:
    """Organisations of the officer's own unit, those above and those below, that are not set aside."""
    if not user.can("organization.view"):
        return Organization.objects.none()
    return Organization.objects.filter(
        unit__in=[*scope_of(user), *_above(user.unit_id)], archived_at__isnull=True
    )


def delegations_among(event: Event, organization_ids: Iterable[int]) -> set[int]:
    """Which of these organisations are on the list of the event already."""
    rows = Participant.objects.filter(event=event, organization__in=list(organization_ids))
    return {pk for pk in rows.values_list("organization_id", flat=True) if pk is not None}


def _above(unit_id: int) -> list[int]:
    parents = dict(Unit.objects.order_by().values_list("pk", "parent_id"))
    found, current = [], parents[unit_id]
    while current is not None:
        found.append(current)
        current = parents[current]
    return found
