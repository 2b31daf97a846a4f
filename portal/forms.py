"""What a person sends through their own link, and what an administrator says of an official channel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from partners.queries.consents import Standing
from portal.models import ReportChannel
from ui.fields import DayField

MAX_ORDER = 999


class AgreeForm(forms.Form):
    """The further purposes that were ticked, and which words were on the page."""

    also = forms.MultipleChoiceField(required=False)
    mark = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, offered: list[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].choices = [(s.purpose.value, s.purpose.label) for s in offered]  # type: ignore[attr-defined]


class ChannelForm(forms.Form):
    """An official public channel. A contact is printed as a fact, so it stays empty unless somebody has tried it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    owner = forms.CharField(label=_("Run by"), max_length=120)
    use_for = forms.CharField(
        label=_("What for"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Plain words, such as: hoaxes, fraud, gambling on the internet."),
    )
    url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=200,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Such as https://www.lapor.go.id"),
    )
    contact = forms.CharField(
        label=_("Contact"),
        required=False,
        max_length=160,
        help_text=_("Only what somebody has tried. Numbers change: empty is better than old."),
    )
    order = forms.IntegerField(
        label=_("Order"), min_value=0, max_value=MAX_ORDER, initial=100, help_text=_("Smaller comes first.")
    )
    checked_on = DayField(
        label=_("Last checked"), required=False, help_text=_("The day on which somebody last tried it.")
    )
    is_active = forms.BooleanField(label=_("Shown on the public page"), required=False, initial=True)

    def __init__(self, *args: Any, channel: ReportChannel | None = None, **kwargs: Any) -> None:
        if channel is not None:
            kwargs["initial"] = {name: getattr(channel, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
