"""The form of an officer's account."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Officer
from accounts.queries.officers import rank_abbreviations
from accounts.queries.units import units_visible_to


class OfficerForm(forms.ModelForm):
    """Units are those of the administrator's scope. There is no password: the officer chooses it, by a link."""

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
            del self.fields["username"]

    def _rank_field(self, current: str) -> forms.ChoiceField:
        ranks = rank_abbreviations()
        if current and current not in ranks:
            ranks = [current, *ranks]
        return forms.ChoiceField(
            label=_("Rank"),
            required=False,
            choices=[("", _("No police rank")), *((rank, rank) for rank in ranks)],
        )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()

    def values(self) -> dict[str, Any]:
        """What the operations take."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}

    def refuse(self, refusal: ValidationError) -> None:
        """Show the refusal of an operation beside the field that it names."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)
