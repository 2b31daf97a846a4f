"""Arahan: what a meeting tells units to do by when, and what each of them reports with evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import scope_of
from audit import recording
from events.choices import DirectiveState
from events.models import Directive, DirectiveUnit, Event
from events.operations.locking import lock
from events.queries.directives import next_number, units_to_direct
from events.rules import can_direct
from files import operations as file_operations

EVIDENCE = "directive_evidence"
MAX_TEXT, MAX_REPORT = 400, 500
_web_address = URLValidator(schemes=["https", "http"])


@transaction.atomic
def give(*, event: Event, by: Any, text: str, units: Iterable[Unit], due_on: date) -> Directive:
    """Write down the next directive of a meeting that has begun.

    :param units: who carries it out: the host and units below it.
    :raises ValidationError: ``not_begun``, ``required``, ``too_long``, ``units_required``, ``unit_out_of_tree``.
    """
    lock(event)
    if not can_direct(by, event):
        raise ValidationError(_("Directives are written down once the meeting has begun."), code="not_begun")
    wanted = _units(event, units)
    directive = Directive.objects.create(
        event=event, number=next_number(event), text=_text(text), due_on=due_on, created_by_id=by.pk
    )
    DirectiveUnit.objects.bulk_create(DirectiveUnit(directive=directive, unit=unit) for unit in wanted)
    _audit(by, "directive.given", directive)
    return directive


@transaction.atomic
def update(*, directive: Directive, by: Any, text: str, units: Iterable[Unit], due_on: date) -> Directive:
    """Change a directive on which nobody has reported; the audit keeps what stood before.

    :raises ValidationError: ``already_reported``, and those of :func:`give`.
    """
    locked, lines = _lock_silent(directive)
    wanted = {unit.pk: unit for unit in _units(locked.event, units)}
    changes: dict[str, list[Any]] = {
        name: [str(getattr(locked, name)), str(value)]
        for name, value in (("text", _text(text)), ("due_on", due_on))
        if getattr(locked, name) != value
    }
    if "text" in changes:
        locked.text = changes["text"][1]
    locked.due_on = due_on
    if changes:
        locked.save(update_fields=sorted(changes))
    standing = {line.unit_id for line in lines}
    if standing != set(wanted):
        DirectiveUnit.objects.filter(directive=locked).exclude(unit__in=list(wanted)).delete()
        DirectiveUnit.objects.bulk_create(
            DirectiveUnit(directive=locked, unit=unit) for pk, unit in wanted.items() if pk not in standing
        )
        changes["units"] = [len(standing), len(wanted)]
    if changes:
        _audit(by, "directive.updated", locked, changes=changes)
    return locked


@transaction.atomic
def remove(*, directive: Directive, by: Any) -> None:
    """Take a directive away that was written by mistake. The numbers of the others stay as they were announced.

    :raises ValidationError: ``already_reported``.
    """
    locked, _lines = _lock_silent(directive)
    _audit(by, "directive.removed", locked)
    locked.delete()


@transaction.atomic
def report(
    *,
    line: DirectiveUnit,
    by: Any,
    report: str,
    evidence_file: IO[bytes] | None = None,
    evidence_url: str = "",
) -> DirectiveUnit:
    """A unit says what it did, and shows it: a file or a link.

    :raises ValidationError: ``out_of_scope``, ``not_open``, ``required``, ``too_long``, ``evidence_missing``,
        ``invalid`` (no web address), and the codes of :func:`files.operations.store`.
    """
    # The directive first, as those lock it who change or remove it.
    Directive.objects.select_for_update().filter(pk=line.directive_id).first()
    locked = (
        DirectiveUnit.objects.select_for_update(of=("self",))
        .select_related("directive__event", "unit")
        .filter(pk=line.pk)
        .first()
    )
    if locked is None:
        raise ValidationError(_("This directive was taken away."), code="not_open")
    if locked.unit_id not in scope_of(by):
        raise ValidationError(_("Another unit reports on this."), code="out_of_scope")
    if locked.state != DirectiveState.OPEN:
        raise ValidationError(_("This unit has reported already."), code="not_open")
    report, evidence_url = report.strip(), evidence_url.strip()
    _require(report, "report", _("Say what was done."), MAX_REPORT)
    if evidence_file is None and not evidence_url:
        raise ValidationError(_("A report needs its evidence: a file or a link."), code="evidence_missing")
    if evidence_url:
        _web_address(evidence_url)
    if len(evidence_url) > 300:
        raise ValidationError({"evidence_url": ValidationError(_("Too long."), code="too_long")})
    if evidence_file is not None:
        locked.evidence_file = file_operations.store(
            by=by, purpose=EVIDENCE, owner=locked, upload=evidence_file, unit_id=locked.unit_id
        )
    locked.state, locked.report, locked.evidence_url = DirectiveState.REPORTED, report, evidence_url
    locked.reported_at, locked.reported_by_id = timezone.now(), by.pk
    locked.save(
        update_fields=["state", "report", "reported_at", "reported_by_id", "evidence_file", "evidence_url"]
    )
    recording.record(by=by, verb="directive.reported", obj=locked, event=locked.directive.event.public_id)
    return locked


def _lock_silent(directive: Directive) -> tuple[Directive, list[DirectiveUnit]]:
    locked = (
        Directive.objects.select_for_update(of=("self",))
        .select_related("event__host_unit")
        .filter(pk=directive.pk)
        .first()
    )
    if locked is None:
        raise ValidationError(_("This directive was taken away."), code="gone")
    lines = list(DirectiveUnit.objects.filter(directive=locked))
    if any(line.state == DirectiveState.REPORTED for line in lines):
        raise ValidationError(
            _("A unit has reported on this already; it stays as it is."), code="already_reported"
        )
    return locked, lines


def _units(event: Event, units: Iterable[Unit]) -> list[Unit]:
    wanted = {unit.pk: unit for unit in units}
    if not wanted:
        raise ValidationError(
            {"units": ValidationError(_("Choose who carries it out."), code="units_required")}
        )
    allowed = set(units_to_direct(event).values_list("pk", flat=True))
    if set(wanted) - allowed:
        error = ValidationError(_("Only the host and units below it."), code="unit_out_of_tree")
        raise ValidationError({"units": error})
    return list(wanted.values())


def _text(text: str) -> str:
    text = " ".join(text.split())
    _require(text, "text", _("Write what is to be done."), MAX_TEXT)
    return text


def _require(text: str, name: str, sentence: str, longest: int) -> None:
    if not text:
        raise ValidationError({name: ValidationError(sentence, code="required")})
    if len(text) > longest:
        raise ValidationError({name: ValidationError(_("Too long."), code="too_long")})


def _audit(by: Any, verb: str, directive: Directive, *, changes: dict[str, list[Any]] | None = None) -> None:
    recording.record(by=by, verb=verb, obj=directive, event=directive.event.public_id, changes=changes)
