"""Forms of the register of requests from outside the humas function."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.choices import OutsideState
from ui.fields import DayField

_NO_NAMES = _("No names of people here: choose them on the next page.")


class OutsideRequestForm(forms.Form):
    received_on = DayField(label=_("Received"))
    asker = forms.CharField(
        label=_("Who asked"),
        max_length=160,
        help_text=_("The institution or unit, such as Satreskrim Polres Kubar. No name of a person."),
    )
    letter_number = forms.CharField(label=_("Number of the letter"), required=False, max_length=80)
    wanted = forms.CharField(
        label=_("What was asked for"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_NO_NAMES,
    )
    legal_basis = forms.CharField(
        label=_("Written legal basis"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Law and article, as the letter gives them. Without a written basis nothing is given."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        today = timezone.localdate(timezone=ZoneInfo(user.unit.timezone))
        kwargs.setdefault("initial", {"received_on": today})
        super().__init__(*args, **kwargs)


class DecisionForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[(state.value, state.label) for state in OutsideState if state != OutsideState.OPEN],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label=_("Grounds"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The person concerned reads this. No names of people."),
    )
    given = forms.CharField(
        label=_("What was given"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Only when something was given: kinds of data, not the data. No names of people."),
    )
    silence_basis = forms.CharField(
        label=_("Law that forbids telling the person"),
        required=False,
        max_length=200,
        help_text=_(
            "Leave empty: then the person sees this on their own page. Fill in only what a law demands."
        ),
    )
