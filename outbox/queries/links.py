"""Looking up personal links."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from outbox.links import TOKEN_LENGTH, hash_of
from outbox.models import Link


def live_links(at: datetime | None = None) -> QuerySet[Link]:
    """Neither revoked nor expired."""
    return Link.objects.filter(revoked_at__isnull=True, expires_at__gt=at or timezone.now())


def resolve(token: str, purpose: str) -> Link | None:
    """The live link of a token, for this purpose only; None for unknown, revoked and expired alike."""
    if len(token) != TOKEN_LENGTH:
        return None
    return live_links().filter(token_hash=hash_of(token), purpose=purpose).first()


def live_link_of(purpose: str, target: UUID) -> Link | None:
    return live_links().filter(purpose=purpose, target_public_id=target).order_by("-version").first()
