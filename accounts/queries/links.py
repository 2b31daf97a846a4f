"""Whose link it is: the door for somebody who has no password yet."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounts.links import fits
from accounts.models import Officer


def officer_of(public_id: UUID, token: str) -> Officer | None:
    """The active officer whose latest link this is; None when it was used, revoked, has expired, or never was."""
    officer = Officer.objects.filter(
        public_id=public_id, is_active=True, link_expires_at__gt=timezone.now()
    ).first()
    return officer if officer is not None and fits(officer, token) else None
