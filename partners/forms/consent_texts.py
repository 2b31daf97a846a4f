"""The form of a new version of a consent text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.fields import DayField


class ConsentTextForm(forms.Form):
    body = forms.CharField(
        label=_("The words"),
        max_length=2000,
        widget=forms.Textarea({"rows": 16, "lang": "id"}),
        help_text=_(
            "Plain words: what is kept, what for, how long, by which law, and that it may be taken back at any time."
        ),
    )
    valid_from = DayField(
        label=_("First day"), help_text=_("From this day people are asked with these words.")
    )
