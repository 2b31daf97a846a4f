"""Erasing a person: every value goes, the counts and the bare lines of the audit stay (UU 27/2022 art. 8, 43, 44)."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import recording
from files import operations as file_operations
from files.queries import files_of
from outbox.operations import links, messages
from partners import erasures, lifecycle
from partners.choices import Decision, ErasureReason, Keep, Purpose
from partners.models import Consent, Partner
from partners.operations import opt_outs
from partners.operations.consents import lapse
from partners.queries.consents import latest_by_purpose
from partners.queries.opt_outs import addresses_of
from partners.queries.retention import erased_since, lapsing, overdue

log = logging.getLogger(__name__)

BATCH = 200


@transaction.atomic
def erase(*, partner: Partner, by: Any | None = None, reason: str = ErasureReason.ASKED) -> bool:
    """Erase everything held about a person. Returns False when somebody else did already.

    Higher apps empty their rows (:mod:`partners.lifecycle`); messages, links, photographed sheets and the personal
    details of the audit go here. The ledger outside the database is written once the transaction holds. Whoever left
    (asked for it, or said no) is remembered by the hash of their addresses alone, so that nobody asks them again;
    whoever merely did not answer is not.
    """
    messages.hold(subject=partner.public_id)
    locked = Partner.objects.select_for_update().filter(pk=partner.pk).first()
    if locked is None:
        return False
    public_id = locked.public_id
    sheets = Consent.objects.filter(partner=locked, evidence__isnull=False).values_list(
        "evidence_id", flat=True
    )
    files = list(files_of(public_id, also=sheets))
    if _left(locked, reason):
        opt_outs.remember(addresses_of(locked))
    for registered in lifecycle.registered().values():
        registered.erased(locked)
    links.revoke_all(target=public_id, by=by, unit_id=locked.unit_id)
    messages.erase_subject(subject=public_id)
    recording.record(
        by=by, verb="partner.erased", obj=locked, subject=public_id, fields=[ErasureReason(reason)]
    )
    locked.delete()
    file_operations.remove(files=files, by=by)
    recording.erase_subject(public_id)
    if reason != ErasureReason.REPLAYED:
        transaction.on_commit(partial(erasures.append, public_id, timezone.now()), robust=True)
    return True


def _left(partner: Partner, reason: str) -> bool:
    if reason != ErasureReason.DUE:
        return True
    keep = latest_by_purpose(partner).get(Purpose.KEEP)
    return keep is not None and keep.decision == Decision.WITHDRAWN


def sweep(today: date | None = None) -> int:
    """Let unconfirmed ticks lapse and erase those whose time ran out; returns how many rows were settled.

    Each in its own transaction: one that fails is logged and does not stop the others. Run twice, it finds nothing.
    """
    today = today or timezone.localdate()
    count = _each(lapsing(today), lambda partner: lapse(partner=partner, today=today))
    count += _each(overdue(today), lambda partner: _erase_overdue(partner, today))
    complete_ledger()
    return count


def replay() -> int:
    """Erase again whom the ledger names, after a backup was restored. Returns how many were back.

    :raises ValueError: when the ledger cannot be read to its end.
    """
    count = 0
    for public_id in list(erasures.read()):
        partner = Partner.objects.filter(public_id=public_id).first()
        if partner is not None:
            count += erase(partner=partner, reason=ErasureReason.REPLAYED)
    return count


def complete_ledger(days: int = 7) -> int:
    """Add to the ledger what a crash between commit and writing left out; the audit knows. Returns how many."""
    known = set(erasures.read())
    recent = erased_since(timezone.now() - timedelta(days=days))
    missing = [(public_id, at) for public_id, at in recent if public_id not in known]
    for public_id, at in missing:
        erasures.append(public_id, at)
    return len(missing)


@transaction.atomic
def _erase_overdue(partner: Partner, today: date) -> bool:
    """Asked again under lock: the person may have agreed a moment ago."""
    messages.hold(subject=partner.public_id)
    locked = (
        Partner.objects.select_for_update().filter(pk=partner.pk, keep=Keep.NONE, decide_by__lt=today).first()
    )
    return locked is not None and erase(partner=locked, reason=ErasureReason.DUE)


def _each(due: Any, settle: Any) -> int:
    count, last = 0, 0
    while batch := list(due.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for partner in batch:
            last = partner.pk
            try:
                count += settle(partner)
            except Exception:
                log.exception("retention of partner %s failed", partner.public_id)
    return count
