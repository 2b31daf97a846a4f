"""Adding, changing and switching off units."""

from __future__ import annotations

import copy
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import moves
from accounts.models import Officer, Unit
from accounts.queries.units import scope_of, unit_ids_below
from audit.recording import record
from ui.codes import code_for

FIELDS = [
    "name",
    "short_name",
    "kind",
    "parent",
    "seat",
    "timezone",
    "head_title",
    "letterhead",
    "address",
    "needs_approval",
]


@transaction.atomic
def add(*, by: Any, parent: Unit, short_name: str, **values: Any) -> Unit:
    """Add a unit below one of the administrator's scope. Its code is made from its short name and stays.

    :raises ValidationError: ``taken`` on ``short_name`` when a unit of that name exists; ``side`` on ``parent``
        when police would stand below an agency, or an agency below the police; by field otherwise.
    :raises PermissionDenied: the unit above lies outside the scope.
    """
    _check_scope(by, parent)
    unit = Unit(
        parent=parent,
        short_name=short_name,
        code=code_for(short_name),
        edited_at=timezone.now(),
        **values,
    )
    if not unit.code:
        raise ValidationError(
            {"short_name": ValidationError(_("Use letters and digits in the name."), code="code")}
        )
    unit.full_clean(validate_unique=False, validate_constraints=False)
    _check_side(unit, parent, "parent")
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        taken = ValidationError(_("A unit of this short name exists already."), code="taken")
        raise ValidationError({"short_name": taken}) from error
    by.__dict__.pop("_scope", None)  # it has grown
    record(by=by, verb="unit.added", obj=unit, unit_id=unit.pk, fields=FIELDS)
    return unit


@transaction.atomic
def update(*, unit: Unit, by: Any, **values: Any) -> Unit:
    """Change any of :data:`FIELDS`. The administrator's own unit stays where it hangs, and police stay police.

    :raises ValidationError: ``cycle`` on ``parent`` when the unit would hang below itself; ``side`` on ``kind``
        or ``parent`` when an agency would become police or stand below them, or the reverse; by field otherwise.
    :raises PermissionDenied: the unit, or the one it is to hang under, lies outside the scope.
    """
    _check_scope(by, unit)
    _lock()
    unit = Unit.objects.get(pk=unit.pk)
    changed = [name for name in FIELDS if name in values and getattr(unit, name) != values[name]]
    if "parent" in changed:
        _check_parent(unit, values["parent"], by)
    was = copy.copy(unit)
    for name in changed:
        setattr(unit, name, values[name])
    if "kind" in changed:
        _check_side(unit, was, "kind")
    if "parent" in changed:
        _check_side(unit, unit.parent, "parent")
    if changed:
        unit.full_clean(validate_unique=False, validate_constraints=False)
        unit.edited_at = timezone.now()
        unit.save(update_fields=[*changed, "edited_at"])
        record(by=by, verb="unit.updated", obj=unit, unit_id=unit.pk, fields=changed)
    return unit


def _check_parent(unit: Unit, parent: Unit | None, by: Any) -> None:
    if unit.pk == by.unit_id or parent is None:
        raise PermissionDenied
    _check_scope(by, parent)
    if parent.pk in unit_ids_below(unit.pk):
        cycle = ValidationError(_("A unit cannot stand below itself."), code="cycle")
        raise ValidationError({"parent": cycle})


def _check_side(unit: Unit, other: Unit | None, field: str) -> None:
    """Neither sees anything of the other, and whoever is above sees what is below. An agency that could call itself
    police would also keep the texts of the whole site."""
    if other is not None and unit.is_police != other.is_police:
        text = _("Police and agencies stay apart: neither becomes the other, nor stands below it.")
        raise ValidationError({field: ValidationError(text, code="side")})


@transaction.atomic
def deactivate(*, unit: Unit, by: Any) -> Unit:
    """Switch a unit off: it takes no new people, officers or territory. What it did stays.

    :raises ValidationError: ``own``; ``in_use`` with one sentence for each thing that still hangs on it.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _check_scope(by, unit)
    _lock()
    unit = Unit.objects.get(pk=unit.pk)
    if unit.pk == by.unit_id:
        raise ValidationError(_("Your own unit is switched off by an administrator above it."), code="own")
    if hindrances := _hindrances(unit):
        raise ValidationError([ValidationError(text, code="in_use") for text in hindrances])
    return _set_active(unit, False, by=by, verb="unit.deactivated")


@transaction.atomic
def activate(*, unit: Unit, by: Any) -> Unit:
    """Switch a unit on again.

    :raises ValidationError: ``above_off`` while the unit above it is off.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _check_scope(by, unit)
    _lock()
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    if unit.parent is not None and not unit.parent.is_active:
        raise ValidationError(
            _("Switch %(unit)s on first: it stands above.") % {"unit": unit.parent.short_name},
            code="above_off",
        )
    return _set_active(unit, True, by=by, verb="unit.activated")


def _lock() -> None:
    """One change of the tree at a time, and none beside one of territory: two administrators who hang two units under
    each other must not both succeed, nor one who switches off the unit to which the other gives ground."""
    list(Unit.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _hindrances(unit: Unit) -> list[str]:
    """What to do first, in whole sentences."""
    officers = Officer.objects.filter(unit=unit, is_active=True).count()
    below = Unit.objects.filter(parent=unit, is_active=True).count()
    ground = sum(1 for row in unit.jurisdictions.all() if row.valid_to is None or _is_ahead(row.valid_to))
    people = moves.movers().held_by(unit.pk)
    said = []
    if officers:
        said.append(
            ngettext(
                "%(n)s account is still in use: move it or switch it off first.",
                "%(n)s accounts are still in use: move them or switch them off first.",
                officers,
            )
            % {"n": officers}
        )
    if below:
        said.append(
            ngettext(
                "%(n)s active unit stands below: hang it elsewhere or switch it off first.",
                "%(n)s active units stand below: hang them elsewhere or switch them off first.",
                below,
            )
            % {"n": below}
        )
    if ground:
        said.append(
            ngettext(
                "It has %(n)s jurisdiction: give it a last day first, so that its partners move on.",
                "It has %(n)s jurisdictions: give them a last day first, so that its partners move on.",
                ground,
            )
            % {"n": ground}
        )
    elif people:
        said.append(
            ngettext(
                "It still holds %(n)s partner: an officer above it gives them another region first.",
                "It still holds %(n)s partners: an officer above it gives them another region first.",
                people,
            )
            % {"n": people}
        )
    return said


def _is_ahead(day: Any) -> bool:
    return bool(day >= timezone.localdate())


def _set_active(unit: Unit, active: bool, *, by: Any, verb: str) -> Unit:
    if unit.is_active != active:
        unit.is_active, unit.edited_at = active, timezone.now()
        unit.save(update_fields=["is_active", "edited_at"])
        record(by=by, verb=verb, obj=unit, unit_id=unit.pk, fields=["is_active"])
    return unit


def _check_scope(by: Any, unit: Unit) -> None:
    if not by.can("unit.manage") or unit.pk not in scope_of(by):
        raise PermissionDenied
