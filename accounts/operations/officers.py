"""Making, changing and switching off the accounts of officers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Officer, Unit
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
    password: str,
    rank: str = "",
    position: str = "",
    email: str = "",
) -> Officer:
    """Make an account. User names are kept in lower case, so that two never differ by case alone.

    :param by: the administrator, or None for the command that makes the first one.
    :raises ValidationError: by field, when a value is refused; ``taken`` on ``username`` when it is in use; on
        ``password`` when it is too weak.
    """
    officer = Officer(
        username=username.strip().lower(),
        full_name=full_name.strip(),
        unit=unit,
        role=role,
        rank=rank,
        position=position,
        email=email,
    )
    _check_password(officer, password)
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
def update(*, officer: Officer, by: Any, password: str = "", **values: Any) -> Officer:
    """Change any of :data:`FIELDS`; a ``password`` replaces the old one and ends the officer's sessions.

    :raises ValidationError: ``self`` when administrators change their own unit or role; by field when a value is
        refused.
    """
    changed = [name for name in FIELDS if name in values and getattr(officer, name) != values[name]]
    if officer.pk == by.pk and {"unit", "role"} & set(changed):
        raise ValidationError(_("Your own unit and role are changed by another administrator."), code="self")
    changes = {name: [_plain(getattr(officer, name)), _plain(values[name])] for name in changed}
    for name in changed:
        setattr(officer, name, values[name])
    if changed:
        officer.full_clean(exclude=["password"], validate_unique=False)
        officer.save(update_fields=changed)
        record(by=by, verb="officer.updated", obj=officer, subject=officer.public_id, changes=changes)
    if password:
        _check_password(officer, password)
        officer.set_password(password)
        officer.save(update_fields=["password"])
        record(by=by, verb="officer.password_set", obj=officer, fields=["password"])
    return officer


@transaction.atomic
def deactivate(*, officer: Officer, by: Any) -> Officer:
    """Switch an account off. The officer's sessions end at once and for good: switched on again, they log in anew.

    :raises ValidationError: ``self`` when administrators switch themselves off.
    """
    if officer.pk == by.pk:
        raise ValidationError(_("You cannot switch off your own account."), code="self")
    return _set_active(officer, False, by=by, verb="officer.deactivated")


@transaction.atomic
def activate(*, officer: Officer, by: Any) -> Officer:
    """Switch an account on again."""
    return _set_active(officer, True, by=by, verb="officer.activated")


def _set_active(officer: Officer, active: bool, *, by: Any, verb: str) -> Officer:
    if officer.is_active != active:
        officer.is_active = active
        officer.session_epoch = F("session_epoch") + 1
        officer.save(update_fields=["is_active", "session_epoch"])
        officer.refresh_from_db(fields=["session_epoch"])
        record(by=by, verb=verb, obj=officer, fields=["is_active"])
    return officer


def _check_password(officer: Officer, password: str) -> None:
    try:
        validate_password(password, officer)
    except ValidationError as refusal:
        raise ValidationError({"password": refusal.error_list}) from refusal


def _taken() -> ValidationError:
    return ValidationError({"username": ValidationError(_("This user name is taken."), code="taken")})


def _plain(value: Any) -> str:
    return value.code if isinstance(value, Unit) else str(value)
