"""Minta usulan: whom to ask for how many names, and why a proposal goes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import ReturnedFor
from events.forms.guests import PickForm
from events.models import Event, ProposalRequest
from events.queries.proposals import may_be_proposed, units_to_ask
from ui.fields import PLAUSIBLE_DAYS


class _Units(forms.ModelMultipleChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return unit.short_name


class RequestForm(forms.Form):
    """How many, by when. Limits that depend on the event are said by the operation."""

    wanted = forms.IntegerField(
        label=_("How many names from each unit?"),
        min_value=1,
        max_value=200,
        widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    due_on = forms.DateField(
        label=_("By when?"),
        validators=PLAUSIBLE_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note for the unit"),
        max_length=300,
        required=False,
        help_text=_("Such as: journalists and account admins from the district. Write no names here."),
        widget=forms.Textarea({"rows": 2}),
    )


class AskForm(RequestForm):
    units = _Units(
        label=_("Which units?"),
        queryset=Unit.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one unit."),
            "invalid_choice": _("One of the units does not take part any more."),
            "invalid_pk_value": _("One of the units does not take part any more."),
        },
    )
    field_order = ["units", "wanted", "due_on", "note"]

    def __init__(self, *args: Any, user: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        units: Any = self.fields["units"]
        units.queryset = units_to_ask(event)


class ProposeForm(PickForm):
    """The ticked partners of one page; only those whom the officer may propose for this request are taken."""

    def __init__(self, *args: Any, user: Any, request_of: ProposalRequest, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        fields: Any = self.fields
        fields["partners"].queryset = may_be_proposed(user, request_of)


class ReturnForm(forms.Form):
    returned_for = forms.ChoiceField(
        label=_("Why does it go back?"), choices=ReturnedFor.choices, widget=forms.RadioSelect
    )
