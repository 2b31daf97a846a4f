"""Whom an office has seen lately, and whom not for long."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from partners.choices import Attended
from partners.models import Partner

_DAYS = {Attended.QUARTER: 91, Attended.HALF_YEAR: 182, Attended.YEAR: 365}


def attended_within(
    partners: QuerySet[Partner], when: str, *, today: date | None = None
) -> QuerySet[Partner]:
    """Partners by the day on which they last came (:class:`partners.choices.Attended`); "longer ago" is more than a
    year, and does not hold those who never came."""
    today = today or timezone.localdate()
    if when == Attended.NEVER:
        return partners.filter(last_attended_on__isnull=True)
    if when == Attended.LONGER:
        return partners.filter(last_attended_on__lt=today - timedelta(days=_DAYS[Attended.YEAR]))
    return partners.filter(last_attended_on__gte=today - timedelta(days=_DAYS[Attended(when)]))
