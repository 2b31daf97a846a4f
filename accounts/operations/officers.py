"""Making, changing and switching off the accounts of officers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import endings
from accounts.models import Officer, Unit
from accounts.operations import links, sessions
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
    """Change any of :data:`FIELDS`. An officer who is moved to another unit is logged out everywhere at once.

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
    if "unit" in changed:
        sessions.end_all(officer=officer)
        endings.run(officer, by)
    return officer


@transaction.atomic
def deactivate(*, officer: Officer, by: Any) -> Officer:
    """Switch an account off. The officer's sessions, devices and link end at once and for good: switched on again, they
    log in anew.

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
        officer.save(update_fields=["is_active"])
        links.revoke(officer=officer)
        sessions.end_all(officer=officer)
        record(by=by, verb=verb, obj=officer, fields=["is_active"])
        endings.run(officer, by)
    return officer


def _taken() -> ValidationError:
    return ValidationError({"username": ValidationError(_("This user name is taken."), code="taken")})


def _plain(value: Any) -> str:
    return value.code if isinstance(value, Unit) else str(value)
