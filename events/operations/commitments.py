"""Janji kami: what the institution promised at an event, until it is done with evidence or dropped with a reason."""

from __future__ import annotations

from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit import recording
from events.choices import CommitmentState, EventState
from events.models import Commitment, Event
from files import operations as file_operations
from files.models import StoredFile

EVIDENCE = "commitment_evidence"
MAX_TEXT = 300
MAX_REASON = 200
_CHANGEABLE = frozenset({"text", "owner_unit", "due_on"})
_web_address = URLValidator(schemes=["https", "http"])


@transaction.atomic
def promise(*, event: Event, text: str, owner_unit: Unit, due_on: date, by: Any) -> Commitment:
    """Write down what we promised, who sees to it and by when.

    :raises ValidationError: ``event_cancelled``, ``required``, ``too_long``.
    """
    if event.state == EventState.CANCELLED:
        raise ValidationError(_("The event was cancelled."), code="event_cancelled")
    commitment = Commitment.objects.create(
        event=event, text=_text(text), owner_unit=owner_unit, due_on=due_on, created_by_id=by.pk
    )
    _audit(by, "commitment.promised", commitment)
    return commitment


@transaction.atomic
def update(*, commitment: Commitment, by: Any, **fields: Any) -> Commitment:
    """Change text, unit in charge or due date of an open commitment; the audit keeps what stood before.

    :raises ValidationError: ``not_open``, ``required``, ``too_long``.
    """
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not a field that may be changed: {sorted(unknown)}")
    locked = _lock_open(commitment)
    if "text" in fields:
        fields["text"] = _text(fields["text"])
    changes = {
        name: [str(getattr(locked, name)), str(value)]
        for name, value in fields.items()
        if getattr(locked, name) != value
    }
    if changes:
        for name in changes:
            setattr(locked, name, fields[name])
        locked.save(update_fields=sorted(changes))
        _audit(by, "commitment.updated", locked, changes=changes)
    return locked


@transaction.atomic
def finish(
    *,
    commitment: Commitment,
    by: Any,
    evidence_file: StoredFile | IO[bytes] | None = None,
    evidence_url: str = "",
) -> Commitment:
    """Kept, and here is the evidence: a file (an upload is stored with it) or a link.

    :raises ValidationError: ``not_open``, ``evidence_missing``, ``invalid`` (no web address), ``too_long``, and the
        codes of :func:`files.operations.store`.
    """
    locked = _lock_open(commitment)
    evidence_url = evidence_url.strip()
    if evidence_file is None and not evidence_url:
        raise ValidationError(
            _("A promise is done when its evidence is here: a file or a link."), code="evidence_missing"
        )
    if evidence_url:
        _web_address(evidence_url)
    if len(evidence_url) > 300:
        raise ValidationError({"evidence_url": ValidationError(_("Too long."), code="too_long")})
    if evidence_file is not None and not isinstance(evidence_file, StoredFile):
        evidence_file = file_operations.store(
            by=by, purpose=EVIDENCE, owner=locked, upload=evidence_file, unit_id=locked.owner_unit_id
        )
    locked.state = CommitmentState.DONE
    locked.done_at = timezone.now()
    locked.done_by_id = by.pk
    locked.evidence_file = evidence_file
    locked.evidence_url = evidence_url
    locked.save(update_fields=["state", "done_at", "done_by_id", "evidence_file", "evidence_url"])
    _audit(by, "commitment.finished", locked)
    return locked


@transaction.atomic
def drop(*, commitment: Commitment, by: Any, reason: str) -> Commitment:
    """Give a promise up, and say why; the line stays.

    :raises ValidationError: ``not_open``, ``reason_required``, ``too_long``.
    """
    locked = _lock_open(commitment)
    reason = " ".join(reason.split())
    if len(reason) < 3:
        raise ValidationError(
            {"reason": ValidationError(_("Say why, in a few words."), code="reason_required")}
        )
    if len(reason) > MAX_REASON:
        raise ValidationError({"reason": ValidationError(_("Too long."), code="too_long")})
    locked.state = CommitmentState.DROPPED
    locked.save(update_fields=["state"])
    _audit(by, "commitment.dropped", locked, reason=reason)
    return locked


def _lock_open(commitment: Commitment) -> Commitment:
    locked = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("event", "owner_unit")
        .get(pk=commitment.pk)
    )
    if locked.state != CommitmentState.OPEN:
        raise ValidationError(_("This promise is no longer open."), code="not_open")
    return locked


def _text(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValidationError({"text": ValidationError(_("Write what we promised."), code="required")})
    if len(text) > MAX_TEXT:
        raise ValidationError({"text": ValidationError(_("Too long."), code="too_long")})
    return text


def _audit(
    by: Any,
    verb: str,
    commitment: Commitment,
    *,
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
) -> None:
    recording.record(
        by=by, verb=verb, obj=commitment, event=commitment.event.public_id, changes=changes, reason=reason
    )
