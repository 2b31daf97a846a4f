"""Issuing, using and revoking personal links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit import recording
from outbox.links import hash_of, make
from outbox.models import Link


@transaction.atomic
def issue(
    *, purpose: str, target: UUID, by: Any | None, expires: datetime, unit_id: int | None = None
) -> Link:
    """A new link, one version higher; those before it for the same purpose and target are revoked.

    The caller holds the lock of the target's row; without it, two at once meet at a constraint.
    """
    before = Link.objects.filter(purpose=purpose, target_public_id=target)
    version = max(before.values_list("version", flat=True), default=0) + 1
    before.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    link = Link.objects.create(
        purpose=purpose,
        target_public_id=target,
        version=version,
        token_hash=hash_of(make(purpose, target, version)),
        created_by_id=getattr(by, "pk", None),
        expires_at=expires,
    )
    recording.record(by=by, verb="link.issued", obj=link, unit_id=unit_id, subject=target, fields=[purpose])
    return link


@transaction.atomic
def issue_many(
    *, purpose: str, targets: Iterable[UUID], by: Any | None, expires: datetime, unit_id: int | None = None
) -> list[Link]:
    """:func:`issue` for many targets, in a number of statements that does not grow with them.

    The caller holds a lock that all who issue for these targets take, such as that of their event.
    """
    wanted = list(dict.fromkeys(targets))
    before = Link.objects.filter(purpose=purpose, target_public_id__in=wanted)
    versions = dict(
        before.order_by()
        .values_list("target_public_id")
        .annotate(last=Max("version"))
        .values_list("target_public_id", "last")
    )
    before.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    made = [
        Link(
            purpose=purpose,
            target_public_id=target,
            version=(version := versions.get(target, 0) + 1),
            token_hash=hash_of(make(purpose, target, version)),
            created_by_id=getattr(by, "pk", None),
            expires_at=expires,
        )
        for target in wanted
    ]
    Link.objects.bulk_create(made, batch_size=500)
    recording.record_many(
        by=by, verb="link.issued", objects=made, unit_id=unit_id, subjects=wanted, fields=[purpose]
    )
    return made


@transaction.atomic
def revoke_all(*, target: UUID, by: Any | None, unit_id: int | None = None) -> int:
    """Revoke every live link about a target, whatever its purpose. Returns how many.

    :param unit_id: whose privacy officer may see the line; nobody would, where a person without an account revokes.
    """
    count = Link.objects.filter(target_public_id=target, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    if count:
        recording.record(by=by, verb="link.revoked", unit_id=unit_id, subject=target)
    return count


def expire_at(*, purpose: str, targets: Any, expires: datetime) -> None:
    """Let the live links of these targets end at another time.

    :param targets: public ids, or a QuerySet of them.
    """
    Link.objects.filter(purpose=purpose, target_public_id__in=targets, revoked_at__isnull=True).update(
        expires_at=expires
    )


def note_use(*, link: Link) -> None:
    """Keep the first time that a link was acted on."""
    Link.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=timezone.now())
