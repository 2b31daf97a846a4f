"""The form of an officer's account."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.forms.entrance import PASSWORD_HELP
from accounts.models import Officer
from accounts.queries.officers import rank_abbreviations
from accounts.queries.units import units_visible_to


def _password(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, help_text=help_text, max_length=128, strip=False, widget=widget)


class OfficerForm(forms.ModelForm):
    """Units are those of the administrator's scope. The password is typed twice; when editing it may stay empty."""

    password1 = _password(_("First password"), PASSWORD_HELP)
    password2 = _password(_("First password once more"))

    class Meta:
        model = Officer
        fields = ["username", "full_name", "rank", "position", "email", "unit", "role"]
        help_texts = {
            "username": _("Letters, digits and . _ - as in kubar or diskominfo.kalbar. It stays as it is."),
            "email": _("Only for a forgotten password."),
            "role": _("Local officers keep partners and run events; organisers also plan programmes."),
        }

    def __init__(self, *args: Any, user: Any, officer: Officer | None = None, **kwargs: Any) -> None:
        # A copy: the form writes what was sent into its instance, and the operation compares with what is stored.
        kwargs["instance"] = copy.copy(officer)
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = units_visible_to(user).filter(is_active=True).order_by("short_name")
        units.empty_label = _("Choose a unit")
        self.fields["role"].choices = [("", _("Choose a role")), *Role.choices]  # type: ignore[attr-defined]
        self.fields["rank"] = self._rank_field(officer.rank if officer else "")
        self.fields["username"].widget.attrs.update(
            autocapitalize="none", autocomplete="off", spellcheck="false"
        )
        if officer is not None:
            self._for_editing()

    def _rank_field(self, current: str) -> forms.ChoiceField:
        ranks = rank_abbreviations()
        if current and current not in ranks:
            ranks = [current, *ranks]
        return forms.ChoiceField(
            label=_("Rank"),
            required=False,
            choices=[("", _("No police rank")), *((rank, rank) for rank in ranks)],
        )

    def _for_editing(self) -> None:
        del self.fields["username"]
        for name, label in (("password1", _("New password")), ("password2", _("New password once more"))):
            self.fields[name].required = False
            self.fields[name].label = label
        self.fields["password1"].help_text = _(
            "Only when the officer has forgotten it. Their sessions end with it."
        )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = {cleaned[name] for name in ("password1", "password2") if name in cleaned}
        if len(typed) == 2:
            self.add_error("password2", ValidationError(_("The two passwords differ."), code="differs"))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the operations take: the fields, and the password under its own name."""
        names = [name for name in self.Meta.fields if name in self.fields]
        return {name: self.cleaned_data[name] for name in names} | {
            "password": self.cleaned_data["password1"]
        }

    def refuse(self, refusal: ValidationError) -> None:
        """Show the refusal of an operation beside the field that it names."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            field = "password1" if name == "password" else name
            self.add_error(field if field in self.fields else None, errors)
