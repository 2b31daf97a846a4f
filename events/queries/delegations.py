"""Which organisations may be asked to send somebody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from events.models import Event, Participant
from partners.models import Organization
from partners.queries.organizations import selectable_organizations


def organizations_to_invite(user: Any) -> QuerySet[Organization]:
    """Organisations of the officer's own unit, those above and those below, that are not set aside."""
    return selectable_organizations(user)


def delegations_among(event: Event, organization_ids: Iterable[int]) -> set[int]:
    """Which of these organisations are on the list of the event already."""
    rows = Participant.objects.filter(event=event, organization__in=list(organization_ids))
    return {pk for pk in rows.values_list("organization_id", flat=True) if pk is not None}
