"""A programme on one short page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import model_to_dict
from django.utils.translation import gettext as _

from accounts.queries.units import units_visible_to
from events.forms.when import day_input
from events.models import Program
from regions.choices import RegionLevel
from regions.models import Region
from ui.fields import PLAUSIBLE_DAYS


class ProgramForm(forms.ModelForm):
    """It never gets the row itself, only its values: the operation compares the two."""

    class Meta:
        model = Program
        fields = ["name", "theme", "goal", "unit", "region", "starts_on", "ends_on"]
        widgets = {
            "goal": forms.Textarea(attrs={"rows": 3}),
            "starts_on": day_input(),
            "ends_on": day_input(),
        }

    def __init__(self, *args: Any, user: Any, program: Program | None = None, **kwargs: Any) -> None:
        if program is not None:
            kwargs["initial"] = model_to_dict(program, self.Meta.fields)
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units_visible_to(user).filter(is_active=True)
        fields["unit"].empty_label = None
        fields["unit"].initial = user.unit_id
        for name in ("starts_on", "ends_on"):
            fields[name].validators.extend(PLAUSIBLE_DAYS)
        fields["region"].queryset = Region.objects.filter(level=RegionLevel.PROVINCE)
        fields["region"].empty_label = _("Choose a province")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day is before the first."))
        return data
