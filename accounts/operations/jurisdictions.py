"""Changing who polices what. Whoever is held by the old unit moves to the new one, in the same transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import moves
from accounts.models import Jurisdiction, Unit
from accounts.queries import territory
from accounts.queries.territory import Claim, Forecast, today_in
from accounts.queries.units import scope_of
from audit.recording import record
from regions.models import Region


def preview_add(
    *, by: Any, unit: Unit, region: Region, mode: str, valid_from: date, valid_to: date | None = None
) -> Forecast:
    """What :func:`add` would do; nothing is written.

    :raises ValidationError: as :func:`add`.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _check_scope(by, unit)
    _check_polices(unit)
    _check_days(region, valid_from, valid_to)
    claim = Claim(unit.pk, region.code, mode, valid_from, valid_to)
    found = territory.forecast(region=region, on=valid_from, plus=claim)
    # A claim beside another's would tell on the day when that one ends: it is theirs to allow, too.
    _check_touched(by, found, *found.holders)
    return found


@transaction.atomic
def add(
    *,
    by: Any,
    unit: Unit,
    region: Region,
    mode: str,
    valid_from: date,
    valid_to: date | None = None,
    note: str = "",
) -> tuple[Jurisdiction, Any | None]:
    """A region that a unit polices from a day on, or one taken away from it. Returns it, and the job if many move.

    People move at once when the day has come, else on the day (:func:`move_due`).

    :raises ValidationError: ``past``, ``order``, ``twice``; ``agency`` or ``unit_off`` when the unit polices nothing;
        ``outside`` when a unit outside the scope would lose or gain ground, on the first day or on any later one: an
        administrator above both decides.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _lock()
    unit = Unit.objects.get(pk=unit.pk)
    found = preview_add(by=by, unit=unit, region=region, mode=mode, valid_from=valid_from, valid_to=valid_to)
    row = Jurisdiction(
        unit=unit,
        region=region,
        mode=mode,
        valid_from=valid_from,
        valid_to=valid_to,
        note=note,
        edited_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("This is recorded already, from the same day."), code="twice") from error
    record(by=by, verb="jurisdiction.added", obj=row, fields=["region", "mode", "valid_from", "valid_to"])
    return row, _move(found, by=by)


def preview_end(*, jurisdiction: Jurisdiction, by: Any, valid_to: date | None) -> Forecast:
    """What :func:`end` would do; nothing is written.

    :raises ValidationError: as :func:`end`.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _check_scope(by, jurisdiction.unit)
    _check_end(jurisdiction, valid_to)
    claim = replace(Claim.of(jurisdiction), valid_to=valid_to)
    known = [day for day in (jurisdiction.valid_to, valid_to) if day is not None]
    on = min(known) + timedelta(days=1) if known else today_in(jurisdiction.region)
    found = territory.forecast(region=jurisdiction.region, on=on, without=jurisdiction.pk, plus=claim)
    _check_touched(by, found)
    return found


@transaction.atomic
def end(
    *, jurisdiction: Jurisdiction, by: Any, valid_to: date | None, note: str
) -> tuple[Jurisdiction, Any | None]:
    """Give a jurisdiction its last day, another one, or none; its note may change too.

    The past is not written anew: an older record relied on it.

    :raises ValidationError: ``past`` when the last day lies before yesterday, or one that is over would be changed;
        ``order``; ``outside``, see :func:`add`.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _lock()
    row = _locked(jurisdiction)
    found = preview_end(jurisdiction=row, by=by, valid_to=valid_to)
    changed = [
        name for name, value in (("valid_to", valid_to), ("note", note)) if getattr(row, name) != value
    ]
    row.valid_to, row.note, row.edited_at = valid_to, note, timezone.now()
    if changed:
        row.save(update_fields=["valid_to", "note", "edited_at"])
        record(by=by, verb="jurisdiction.updated", obj=row, fields=changed)
    return row, _move(found, by=by) if "valid_to" in changed else None


def preview_remove(*, jurisdiction: Jurisdiction, by: Any) -> Forecast:
    """What :func:`remove` would do; nothing is written.

    :raises ValidationError: as :func:`remove`.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _check_scope(by, jurisdiction.unit)
    if not is_removable(jurisdiction):
        raise ValidationError(_("It has been in force: give it a last day instead."), code="past")
    start = jurisdiction.valid_from or date.min
    found = territory.forecast(region=jurisdiction.region, on=start, without=jurisdiction.pk)
    _check_touched(by, found)
    return found


@transaction.atomic
def remove(*, jurisdiction: Jurisdiction, by: Any) -> Any | None:
    """Take back a jurisdiction that begins today or later: nothing older relies on it. Returns the job if many move.

    :raises ValidationError: ``past`` when it was in force before today; ``outside``, see :func:`add`.
    :raises PermissionDenied: the unit lies outside the scope.
    """
    _lock()
    row = _locked(jurisdiction)
    found = preview_remove(jurisdiction=row, by=by)
    record(by=by, verb="jurisdiction.removed", obj=row, fields=["region", "mode", "valid_from"])
    row.delete()
    return _move(found, by=by)


def is_removable(jurisdiction: Jurisdiction) -> bool:
    return jurisdiction.valid_from is not None and jurisdiction.valid_from >= today_in(jurisdiction.region)


def is_over(jurisdiction: Jurisdiction) -> bool:
    """Over since before yesterday, so that its days stay as they are."""
    yesterday = today_in(jurisdiction.region) - timedelta(days=1)
    return jurisdiction.valid_to is not None and jurisdiction.valid_to < yesterday


@transaction.atomic
def move_due() -> Any | None:
    """Bring people after a territory that began or ended since: what the sweep does. Returns the job if many move."""
    due = territory.due_moves()
    return moves.movers().move(due, by=None) if due else None


def _move(found: Forecast, *, by: Any) -> Any | None:
    if not found.is_today or not found.people:
        return None
    return moves.movers().move([move for move in found.moves if move.to_id is not None], by=by)


def _lock() -> None:
    """One change of territory at a time: each is judged by all the others."""
    list(Unit.objects.select_for_update().filter(parent=None).order_by("pk").values_list("pk", flat=True))


def _locked(jurisdiction: Jurisdiction) -> Jurisdiction:
    rows = Jurisdiction.objects.select_for_update(of=("self",)).select_related("unit", "region")
    row = rows.filter(pk=jurisdiction.pk).first()
    if row is None:
        raise ValidationError(_("Somebody took this back meanwhile."), code="gone")
    return row


def _check_scope(by: Any, unit: Unit) -> None:
    if not by.can("unit.manage") or unit.pk not in scope_of(by):
        raise PermissionDenied


def _check_polices(unit: Unit) -> None:
    if not unit.is_police:
        raise ValidationError(
            _("An agency polices nothing: it keeps the partners whom it registers."), code="agency"
        )
    if not unit.is_active:
        raise ValidationError(_("This unit is switched off. Switch it on first."), code="unit_off")


def _check_days(region: Region, valid_from: date, valid_to: date | None) -> None:
    if valid_from < today_in(region):
        raise ValidationError(
            {"valid_from": ValidationError(_("The first day is today or later."), code="past")}
        )
    _check_order(valid_from, valid_to)


def _check_end(row: Jurisdiction, valid_to: date | None) -> None:
    if valid_to != row.valid_to and is_over(row):
        raise ValidationError(_("This is over: its days stay as they are. Add a new one."), code="past")
    if (
        valid_to is not None
        and valid_to != row.valid_to
        and valid_to < today_in(row.region) - timedelta(days=1)
    ):
        raise ValidationError(
            {"valid_to": ValidationError(_("The last day is yesterday or later."), code="past")}
        )
    _check_order(row.valid_from, valid_to)


def _check_order(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise ValidationError(
            {"valid_to": ValidationError(_("The last day comes after the first."), code="order")}
        )


def _check_touched(by: Any, found: Forecast, *besides: int) -> None:
    outside = {*found.touched, *besides} - set(scope_of(by))
    if outside:
        names = ", ".join(
            Unit.objects.filter(pk__in=outside).order_by("code").values_list("short_name", flat=True)
        )
        raise ValidationError(
            _("This touches the territory of %(units)s. An administrator of a unit above both decides on it.")
            % {"units": names},
            code="outside",
        )
