"""What an officer has beside the password: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def factors_of(officer: Any) -> QuerySet[Authenticator]:
    """Recovery codes are none by themselves: they only stand in for one that is lost."""
    return Authenticator.objects.filter(user_id=officer.pk, type__in=FACTORS).order_by("created_at", "pk")


def factor_of(officer: Any, pk: int) -> Authenticator | None:
    return factors_of(officer).filter(pk=pk).first()


def recovery_codes_left(officer: Any) -> int | None:
    """How many are unused; None when there are none at all."""
    found = Authenticator.objects.filter(user_id=officer.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return None if found is None else len(found.wrap().get_unused_codes())


def is_required(officer: Any) -> bool:
    return officer.role in settings.SECOND_FACTOR_ROLES


def lacks_required(officer: Any) -> bool:
    """Asked at every page, so the role is looked at first: where none must, this costs no query."""
    return is_required(officer) and not factors_of(officer).exists()


def may_remove(officer: Any, authenticator: Authenticator) -> bool:
    """The last factor stays where the role needs one."""
    if authenticator.type not in FACTORS or not is_required(officer):
        return True
    return factors_of(officer).exclude(pk=authenticator.pk).exists()
