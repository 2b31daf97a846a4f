"""Programmes: a tour of events with a theme and a goal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import scope_of
from audit.recording import record
from events.models import Program
from regions.models import Region

_CHANGEABLE = frozenset({"name", "theme", "goal", "unit", "region", "starts_on", "ends_on"})


@transaction.atomic
def create(
    *,
    by: Any,
    name: str,
    unit: Unit,
    region: Region,
    starts_on: date,
    ends_on: date | None = None,
    theme: str = "",
    goal: str = "",
    is_demo: bool = False,
) -> Program:
    """Begin a programme of a unit in the actor's scope.

    :raises ValidationError: ``unit_out_of_scope``, ``ends_before_start``, or a field that is not valid.
    """
    program = Program(
        name=name,
        unit=unit,
        region=region,
        starts_on=starts_on,
        ends_on=ends_on,
        theme=theme,
        goal=goal,
        is_demo=is_demo,
    )
    _check(program, by)
    program.save(force_insert=True)
    record(by=by, verb="program.created", obj=program)
    return program


@transaction.atomic
def update(*, program: Program, by: Any, **fields: Any) -> Program:
    """Change what is given; the events of the programme stay as they are."""
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not a field that may be changed: {sorted(unknown)}")
    changed = {name: value for name, value in fields.items() if getattr(program, name) != value}
    if not changed:
        return program
    for name, value in changed.items():
        setattr(program, name, value)
    _check(program, by)
    program.save(update_fields=sorted(changed))
    record(by=by, verb="program.updated", obj=program, fields=changed)
    return program


def _check(program: Program, by: Any) -> None:
    if program.unit_id not in scope_of(by):
        raise ValidationError(_("The unit must be yours or one below it."), code="unit_out_of_scope")
    if program.ends_on is not None and program.ends_on < program.starts_on:
        error = ValidationError(_("The last day is before the first."), code="ends_before_start")
        raise ValidationError({"ends_on": error})
    program.full_clean()
