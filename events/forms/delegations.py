"""Organisations as guests, and the name of who comes for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from events.queries.delegations import organizations_to_invite
from partners.models import Organization


class _Ticked(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """One sentence for every tick that may not be, whether foreign, set aside or invented."""
        try:
            return super().clean(value)
        except ValidationError as error:
            if error.code == "required":
                raise
            raise ValidationError(
                _("One of the organisations picked can no longer be invited. Look at the list again."),
                code="not_selectable",
            ) from error


class PickOrganizationsForm(forms.Form):
    organizations = _Ticked(
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("Tick an organisation first.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organizations"].queryset = organizations_to_invite(user)


class DelegateForm(forms.Form):
    name = forms.CharField(
        label=_("Name of who comes"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    position = forms.CharField(
        label=_("Position"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
