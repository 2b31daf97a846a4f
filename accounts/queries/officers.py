"""The only door to officers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Officer, Rank
from accounts.queries.units import scope_of
from accounts.roles import PERMISSIONS


def officers_visible_to(user: Any) -> QuerySet[Officer]:
    """Officers of the administrator's unit and those below it; to every other role none."""
    if not user.can("officer.manage"):
        return Officer.objects.none()
    return Officer.objects.filter(unit__in=scope_of(user)).select_related("unit")


def matching(officers: QuerySet[Officer], text: str) -> QuerySet[Officer]:
    """Those whose full name or user name holds every word of ``text``."""
    for word in text.split():
        officers = officers.filter(Q(full_name__icontains=word) | Q(username__icontains=word))
    return officers


def colleagues(user: Any, officer: Officer, unit_id: int, needs: set[str]) -> QuerySet[Officer]:
    """Other active officers of a unit, in the administrator's scope, whose role holds all these permissions."""
    roles = [role for role, held in PERMISSIONS.items() if needs <= held]
    found = officers_visible_to(user).filter(unit=unit_id, is_active=True, role__in=roles)
    return found.exclude(pk=officer.pk).order_by("full_name", "pk")


def rank_abbreviations() -> list[str]:
    """As written before a name, highest first."""
    return list(Rank.objects.values_list("abbreviation", flat=True))
