"""Who may log in: officers; and the demo accounts only where a trial is meant."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest

from accounts.models import Officer


class OfficerBackend(AuthenticationBackend):
    """Everybody knows the password of the demo accounts. On a site that is no trial (see ``DEMO_LOGIN``) they answer
    as a wrong password does, and a session begun elsewhere on the same data ends."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Officer | None:
        return _admitted(super().authenticate(request, **credentials))

    def get_user(self, user_id: Any) -> Officer | None:
        return _admitted(super().get_user(user_id))


def _admitted(officer: Any) -> Officer | None:
    if officer is None or (officer.is_demo and not settings.DEMO_LOGIN):
        return None
    found: Officer = officer
    return found
