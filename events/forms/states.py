"""What is asked for when an event ends well, or does not take place."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FinishForm(forms.Form):
    outcome = forms.CharField(
        label=_("Outcome"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In a few sentences, for the report. It can be completed later."),
    )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, error_messages={"required": _("Say why the event is cancelled.")}
    )
