"""How Rembuk bends allauth: nobody signs up by themselves, and every way in or out leaves a line in the audit."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.operations import sessions


class OfficerAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "User name and password do not belong together. Check both and try again."
        ),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your current password."),
        "invalid_password_reset": _("This link has been used or is too old."),
        "account_inactive": _("This account is not active."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        sessions.note_login(officer=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed as a user name is not kept: people type passwords there."""
        sessions.note_failed_login(username=str(credentials.get("username", "")))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """The password was right and the account is switched off: that is worth a line too."""
        sessions.note_failed_login(username=user.get_username())
        return super().respond_user_inactive(request, user)

    def logout(self, request: HttpRequest) -> None:
        sessions.note_logout(officer=request.user)
        super().logout(request)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """After a change, and after a reset by e-mail: in both the officer is the one who acts."""
        sessions.change_password(officer=user, password=password)
