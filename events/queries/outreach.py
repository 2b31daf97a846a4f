"""The only door to outreach rows: appeals and internal sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.queries.units import scope_of
from events.models import Outreach, Program


def outreach_visible_to(user: Any) -> QuerySet[Outreach]:
    """What the officer's unit and those below it issued."""
    if not user.can("outreach.view"):
        return Outreach.objects.none()
    return Outreach.objects.filter(unit__in=scope_of(user))


def with_outreach_place(queryset: QuerySet[Outreach]) -> QuerySet[Outreach]:
    """Unit, programme and region up to the province at hand, as every page prints them."""
    return queryset.select_related("unit", "program", "region__parent__parent")


def outreach_of(program: Program, user: Any) -> QuerySet[Outreach]:
    """The records of one programme that this officer sees, for its page."""
    return outreach_visible_to(user).filter(program=program).select_related("unit")


def years_of_outreach(user: Any) -> list[int]:
    """The years of which there is something, the latest first. One query."""
    days = (
        outreach_visible_to(user).filter(held_on__isnull=False).order_by("-held_on").dates("held_on", "year")
    )
    return sorted({day.year for day in days if isinstance(day, date)}, reverse=True)
