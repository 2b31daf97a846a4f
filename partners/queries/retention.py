"""Whose time to be decided on ran out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.models import Entry
from partners.choices import Keep
from partners.models import Partner


def lapsing(today: date) -> QuerySet[Partner]:
    """Ticked by an officer, never confirmed by the person, and past the day."""
    return Partner.objects.filter(keep=Keep.UNCONFIRMED, decide_by__lt=today)


def overdue(today: date) -> QuerySet[Partner]:
    """Without consent to be kept, and past the day: calon mitra, and the archived who withdrew."""
    return Partner.objects.filter(keep=Keep.NONE, decide_by__lt=today)


def erased_since(moment: datetime) -> Iterable[tuple[UUID, datetime]]:
    """Ids and times of erasures, as the audit tells."""
    entries = Entry.objects.filter(verb="partner.erased", at__gte=moment).order_by("pk")
    return [(entry.object_public_id, entry.at) for entry in entries if entry.object_public_id]
