"""A walk-in who turned out not to be the guest with whom they were matched."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PartForm(forms.Form):
    """The name is gone from the list; whoever still knows it may write it again."""

    name = forms.CharField(
        label=_("Name of the walk-in"),
        max_length=120,
        required=False,
        help_text=_("It was deleted when they were matched. Leave empty if nobody knows it any more."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
