"""Making, changing and switching off the accounts of officers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import endings
from accounts.choices import Role
from accounts.models import Officer, Unit
from accounts.operations import links, sessions
from accounts.roles import PERMISSIONS
from audit.recording import record

FIELDS = ["full_name", "rank", "position", "email", "unit", "role"]


@transaction.atomic
def add(
    *,
    by: Any | None,
    username: str,
    full_name: str,
    unit: Unit,
    role: str,
    password: str | None = None,
    rank: str = "",
    position: str = "",
    email: str = "",
) -> Officer:
    """Make an account. User names are kept in lower case, so that two never differ by case alone.

    Nobody chooses a password for somebody else: without one the account waits for its link
    (:mod:`accounts.operations.links`).

    :param by: the administrator, or None for the command that makes the first one.
    :param password: only for the command, where the person types it.
    :raises ValidationError: by field, when a value is refused; ``taken`` on ``username`` when it is in use;
        ``unit_off`` on ``unit``; on ``password`` when it is too weak.
    """
    _check_unit(unit)
    officer = Officer(
        username=username.strip().lower(),
        full_name=full_name.strip(),
        unit=unit,
        role=role,
        rank=rank,
        position=position,
        email=email,
    )
    if password is None:
        officer.set_unusable_password()
    else:
        sessions.check_password(officer, password)
        officer.set_password(password)
    officer.full_clean(validate_unique=False)
    if Officer.objects.filter(username__iexact=officer.username).exists():
        raise _taken()
    try:
        with transaction.atomic():
            officer.save(force_insert=True)
    except IntegrityError as error:
        raise _taken() from error
    record(by=by, verb="officer.added", obj=officer, fields=[*FIELDS, "username"])
    return officer


@transaction.atomic
def update(*, officer: Officer, by: Any, **values: Any) -> Officer:
    """Change any of :data:`FIELDS`. An officer who is moved to another unit is logged out everywhere at once, and a
    link that is still out stops working: whoever of the old unit holds it must not come in at the new one. What else
    they opened ends too (:mod:`accounts.endings`), also when a new role takes something away from them.

    :raises ValidationError: ``self`` when administrators change their own unit or role; ``unit_off`` on ``unit``; by
        field when a value is refused.
    :raises PermissionDenied: the one who acts has meanwhile lost the role, or was switched off.
    """
    _lock(officer, by)
    changed = [name for name in FIELDS if name in values and getattr(officer, name) != values[name]]
    if officer.pk == by.pk and {"unit", "role"} & set(changed):
        raise ValidationError(_("Your own unit and role are changed by another administrator."), code="self")
    if "unit" in changed:
        _check_unit(values["unit"])
    changes = {name: [_plain(getattr(officer, name)), _plain(values[name])] for name in changed}
    could = PERMISSIONS[Role(officer.role)]
    for name in changed:
        setattr(officer, name, values[name])
    if changed:
        officer.full_clean(exclude=["password"], validate_unique=False)
        officer.save(update_fields=changed)
        record(by=by, verb="officer.updated", obj=officer, subject=officer.public_id, changes=changes)
    if "unit" in changed:
        links.revoke(officer=officer)
        sessions.end_all(officer=officer)
    if "unit" in changed or could - PERMISSIONS[Role(officer.role)]:
        endings.run(officer, by)
    return officer


@transaction.atomic
def deactivate(*, officer: Officer, by: Any) -> Officer:
    """Switch an account off. The officer's sessions, devices and link end at once and for good: switched on again, they
    log in anew.

    :raises ValidationError: ``self`` when administrators switch themselves off.
    :raises PermissionDenied: the one who acts was switched off meanwhile: of two administrators who switch each other
        off, one stays.
    """
    if officer.pk == by.pk:
        raise ValidationError(_("You cannot switch off your own account."), code="self")
    _lock(officer, by)
    return _set_active(officer, False, by=by, verb="officer.deactivated")


@transaction.atomic
def activate(*, officer: Officer, by: Any) -> Officer:
    """Switch an account on again.

    :raises ValidationError: ``unit_off`` on ``unit`` while the unit is switched off.
    :raises PermissionDenied: the one who acts was switched off meanwhile.
    """
    _lock(officer, by)
    _check_unit(officer.unit)
    return _set_active(officer, True, by=by, verb="officer.activated")


def _set_active(officer: Officer, active: bool, *, by: Any, verb: str) -> Officer:
    if officer.is_active != active:
        officer.is_active = active
        officer.save(update_fields=["is_active"])
        links.revoke(officer=officer)
        sessions.end_all(officer=officer)
        record(by=by, verb=verb, obj=officer, fields=["is_active"])
        endings.run(officer, by)
    return officer


def _lock(officer: Officer, by: Any) -> None:
    """Lock both, and read them as they are by now."""
    rows = Officer.objects.select_for_update(of=("self",)).filter(pk__in={officer.pk, by.pk}).order_by("pk")
    if not next(row for row in rows if row.pk == by.pk).can("officer.manage"):
        raise PermissionDenied
    officer.refresh_from_db()


def _check_unit(unit: Unit) -> None:
    """Under lock: somebody may be switching it off, and would find nobody there."""
    if not Unit.objects.select_for_update().get(pk=unit.pk).is_active:
        refusal = ValidationError(
            _("This unit is switched off. Choose another one, or switch it on first."), code="unit_off"
        )
        raise ValidationError({"unit": refusal})


def _taken() -> ValidationError:
    return ValidationError({"username": ValidationError(_("This user name is taken."), code="taken")})


def _plain(value: Any) -> str:
    return value.code if isinstance(value, Unit) else str(value)
