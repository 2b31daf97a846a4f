"""With which unit a partner is shared."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from partners.models import Partner
from partners.queries.shares import units_to_share_with


class ShareForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a unit"),
        help_text=_("Units above yours see the partner already and are not listed."),
    )

    def __init__(self, *args: Any, user: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field: Any = self.fields["unit"]
        field.queryset = units_to_share_with(partner)
        field.label_from_instance = lambda unit: unit.short_name
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
