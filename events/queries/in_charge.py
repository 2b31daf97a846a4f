"""Which officers may look after an event."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Officer
from accounts.queries.units import scope_of
from accounts.roles import PERMISSIONS


def officers_in_charge(user: Any, host_id: Any) -> QuerySet[Officer]:
    """Who may look after an event: active officers of the host unit who may plan, and the actor.

    A host outside the actor's scope, or none, leaves the actor alone.
    """
    offered = Q(pk=user.pk)
    if str(host_id or "").isdigit() and int(host_id) in scope_of(user):
        planners = [role for role, permissions in PERMISSIONS.items() if "event.change" in permissions]
        offered |= Q(unit=int(host_id), is_active=True, role__in=planners)
    return Officer.objects.filter(offered).order_by("full_name")
