"""The second factor of an officer: what is added and removed leaves a line, and a lost one is reset."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Officer
from accounts.operations import sessions
from audit.models import Entry
from audit.recording import record


def note_added(*, officer: Any, kind: str) -> Entry:
    return record(by=officer, verb="officer.factor_added", obj=officer, fields=[kind])


def note_removed(*, officer: Any, kind: str) -> Entry:
    return record(by=officer, verb="officer.factor_removed", obj=officer, fields=[kind])


def note_renewed(*, officer: Any, kind: str) -> Entry:
    return record(by=officer, verb="officer.factor_renewed", obj=officer, fields=[kind])


def note_failed(*, officer: Any, kind: str) -> Entry:
    """The password was right and the code was not: nobody has come in."""
    return record(by=None, verb="officer.factor_failed", obj=officer, fields=[kind])


@transaction.atomic
def reset(*, officer: Officer, by: Any) -> Officer:
    """Take away app, passkeys and recovery codes of an officer who has lost them. All of the officer's sessions end.

    :raises ValidationError: ``self``; ``none`` when there is nothing to reset.
    """
    if officer.pk == by.pk:
        raise ValidationError(_("Another administrator resets yours."), code="self")
    locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    deleted, _kinds = Authenticator.objects.filter(user_id=locked.pk).delete()
    if not deleted:
        raise ValidationError(_("This officer has no second step."), code="none")
    sessions.end_all(officer=locked)
    record(by=by, verb="officer.factor_reset", obj=locked)
    return locked
