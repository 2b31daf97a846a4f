"""A phone for the door: the officer's own, a tablet on the table, or a helper's by a link."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from events.choices import DeviceKind


class HelperForm(forms.Form):
    label = forms.CharField(
        label=_("Name of the phone"),
        max_length=40,
        help_text=_("Short: it stands beside everybody whom this phone lets in."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Give the phone a name.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class DeviceForm(HelperForm):
    kind = forms.ChoiceField(
        label=_("What it is used for"),
        choices=[
            (DeviceKind.OFFICER, _("My phone: I am at the door")),
            (DeviceKind.KIOSK, _("Tablet on the table: guests find their own name")),
        ],
        initial=DeviceKind.OFFICER,
        help_text=_(
            "A tablet leaves your account when you prepare it: log in on it again with your password."
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is used for.")},
    )
