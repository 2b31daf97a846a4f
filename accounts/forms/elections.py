"""The form of an election calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Election
from regions.widgets import RegionChoiceField
from ui.fields import DayField

NAMES = [
    "name",
    "region",
    "candidates_fixed_on",
    "campaign_from",
    "campaign_to",
    "quiet_from",
    "quiet_to",
    "voting_on",
    "result_on",
    "checked",
]


class ElectionForm(forms.Form):
    """Whole days of the place, in the order in which they come."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as Pilkada serentak 2029."))
    region = RegionChoiceField(
        label=_("Region"),
        required=False,
        least="province",
        help_text=_("Leave empty for an election in the whole country."),
    )
    candidates_fixed_on = DayField(
        label=_("Candidates fixed"), help_text=_("From this day events need the neutrality list.")
    )
    campaign_from = DayField(label=_("Campaign begins"))
    campaign_to = DayField(label=_("Last day of the campaign"))
    quiet_from = DayField(label=_("Quiet days begin"))
    quiet_to = DayField(label=_("Last quiet day"))
    voting_on = DayField(label=_("Voting day"))
    result_on = DayField(
        label=_("Result declared"),
        required=False,
        help_text=_("Leave empty until it is declared: the neutrality list stays until then."),
    )
    checked = forms.CharField(
        label=_("Checked against"),
        required=False,
        max_length=120,
        help_text=_("The decree or page that the days come from."),
    )

    def __init__(self, *args: Any, election: Election | None = None, **kwargs: Any) -> None:
        if election is not None:
            kwargs["initial"] = {name: getattr(election, name) for name in NAMES}
        super().__init__(*args, **kwargs)
