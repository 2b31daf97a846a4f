"""The forms of allauth for the second factor, in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

MAX_NAME, MAX_CODE = 60, 20


def _as_code(field: Any, label: Any, help_text: Any) -> None:
    field.label, field.help_text, field.max_length = label, help_text, MAX_CODE
    field.validators.append(MaxLengthValidator(MAX_CODE))
    field.widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "maxlength": str(MAX_CODE),
            "spellcheck": "false",
        }
    )


class _OnceOnly:
    """A code counts once. The library remembers a used one for its own half minute, but with the tolerance for slow
    clocks it could be right for longer."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        lifetime = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"accounts.code.{self.user.pk}.{code}", "used", timeout=lifetime):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_OnceOnly, base_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(
            self.fields["code"], _("Code"), _("Six digits from the authenticator app, or a recovery code.")
        )
        self.fields["code"].widget.attrs["autofocus"] = True


class ConfirmCodeForm(_OnceOnly, base_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(
            self.fields["code"], _("Code"), _("Six digits from the authenticator app, or a recovery code.")
        )


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(
            self.fields["code"],
            _("Code from the app"),
            _("Six digits; the app shows new ones every half minute."),
        )


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you can tell them apart, such as the phone it is on."),
        required=False,
        max_length=MAX_NAME,
    )


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"), max_length=MAX_NAME)
