"""The page on which an appeal or an internal session is written down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries.units import region_codes_of, units_visible_to
from events.choices import ActingPrefix, OutreachChannel, OutreachKind
from events.forms.when import day_input
from events.models import Outreach
from events.queries.programs import programs_visible_to
from regions.widgets import RegionChoiceField
from ui.fields import PLAUSIBLE_DAYS

FIELDS = [
    *("kind", "title", "unit", "program", "region", "channel", "audience", "message", "held_on"),
    *("issuer_rank", "issuer_name", "issuer_acting_prefix", "issuer_position", "issuer_institution"),
    *("head_count", "link", "legal_basis", "note"),
]


class OutreachForm(forms.ModelForm):
    """It never gets the row itself, only its values: the operation compares the two."""

    region = RegionChoiceField(label=gettext_lazy("Region"), least="province")
    link = forms.URLField(
        label=gettext_lazy("Link"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput({"placeholder": "https://"}),
    )

    class Meta:
        model = Outreach
        fields = FIELDS
        widgets = {
            "message": forms.Textarea({"rows": 4}),
            "note": forms.Textarea({"rows": 2}),
            "held_on": day_input(),
            "head_count": forms.NumberInput({"inputmode": "numeric", "min": 0, "max": 10000000}),
        }

    def __init__(self, *args: Any, user: Any, outreach: Outreach | None = None, **kwargs: Any) -> None:
        initial = _initial(user, outreach)
        kwargs["initial"] = {**initial, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units_visible_to(user).filter(is_active=True)
        fields["unit"].empty_label = None
        fields["program"].queryset = programs_visible_to(user)
        fields["program"].label = _("Programme")
        fields["program"].empty_label = _("Not part of a programme")
        fields["held_on"].validators.extend(PLAUSIBLE_DAYS)
        fields["held_on"].help_text = _("Leave it empty where the date is not known.")
        fields["head_count"].help_text = _(
            "Only the number, where somebody counted. Names are never kept here."
        )
        fields["audience"].help_text = _("Such as: social-media activists in Kutai Barat.")
        fields["legal_basis"].help_text = _("Such as a law or a letter of order, where one was named.")
        fields["note"].help_text = _("About the activity, not about persons.")
        fields["issuer_acting_prefix"].choices = [("", "–"), *ActingPrefix.choices]
        for name, empty, choices in (
            ("kind", _("Choose a kind"), OutreachKind.choices),
            ("channel", _("Choose a channel"), OutreachChannel.choices),
        ):
            fields[name].choices = [("", empty), *choices]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.lower().startswith("https://"):
            raise forms.ValidationError(_("The link must begin with https://"))
        return link


def _initial(user: Any, outreach: Outreach | None) -> dict[str, Any]:
    if outreach is not None:
        return {**model_to_dict(outreach, FIELDS), "region": outreach.region_id}
    codes = region_codes_of(user)
    return {"unit": user.unit_id, "region": codes[0] if codes else ""}
