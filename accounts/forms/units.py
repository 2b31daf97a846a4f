"""Forms of units and of what they police."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import JurisdictionMode, UnitKind
from accounts.models import Jurisdiction, Unit
from accounts.queries.units import units_visible_to
from regions.choices import Zone
from regions.widgets import RegionChoiceField
from ui.fields import DayField

MAX_LETTERHEAD_LINES = 5


class UnitForm(forms.ModelForm):
    """A new unit hangs below one of the administrator's scope; the administrator's own unit stays where it hangs."""

    class Meta:
        model = Unit
        fields = [
            "short_name",
            "name",
            "kind",
            "parent",
            "seat",
            "timezone",
            "head_title",
            "letterhead",
            "address",
            "needs_approval",
        ]
        labels = {"parent": _("Stands below")}
        help_texts = {
            "short_name": _("As people say it, such as Polres Kubar."),
            "name": _("In full, such as Kepolisian Resor Kutai Barat."),
            "seat": _("The town where letters are signed."),
            "head_title": _("Such as Kapolres. No name: people change."),
            "letterhead": _("The lines at the head of letters, one below the other, at most five."),
            "address": _("Printed on letters."),
            "needs_approval": _("Its events are published only after a leader has agreed."),
        }
        widgets = {"letterhead": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, user: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        # A copy: the form writes what was sent into its instance, and the operation compares with what is stored.
        kwargs["instance"] = copy.copy(unit)
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("Choose a kind")), *_kinds_beside(unit or user.unit)]
        zones: Any = self.fields["timezone"]
        zones.choices = [("", _("Choose a time zone")), *Zone.choices]
        if unit is not None and unit.pk == user.unit_id:
            del self.fields["parent"]
            return
        parents: Any = self.fields["parent"]
        parents.required = True
        parents.empty_label = _("Choose a unit")
        others = units_visible_to(user).filter(is_active=True).order_by("short_name")
        parents.queryset = others.exclude(pk=unit.pk) if unit else others

    def clean_letterhead(self) -> str:
        lines = [" ".join(line.split()) for line in self.cleaned_data["letterhead"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MAX_LETTERHEAD_LINES:
            raise ValidationError(_("At most five lines."), code="too_many")
        return "\n".join(lines)

    def _post_clean(self) -> None:
        """Nothing: the operation checks the unit as a whole, and this form's instance is a copy."""


def _kinds_beside(unit: Unit) -> list[tuple[str, Any]]:
    """Police and agencies stay apart, so a tree holds kinds of one side."""
    return [(kind.value, kind.label) for kind in UnitKind if (kind == UnitKind.AGENCY) != unit.is_police]


class JurisdictionForm(forms.Form):
    """A region that a unit polices from a day on, or one taken away from it."""

    mode = forms.ChoiceField(label=_("From that day the unit"), choices=JurisdictionMode.choices)
    region = RegionChoiceField(
        label=_("Region"), least="province", help_text=_("With all below it. Choose as deep as it applies.")
    )
    valid_from = DayField(label=_("First day"), help_text=_("Today or later, by the clock of the region."))
    valid_to = DayField(
        label=_("Last day"), required=False, help_text=_("Leave empty while no end is known.")
    )
    note = forms.CharField(
        label=_("On what ground"),
        required=False,
        max_length=250,
        help_text=_("Such as the number of a decree. Nothing about people."),
    )


class JurisdictionEndForm(forms.Form):
    """The last day of a jurisdiction."""

    valid_to = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Yesterday or later: it still holds on this day. Leave empty while no end is known."),
    )
    note = forms.CharField(label=_("On what ground"), required=False, max_length=250)

    def __init__(self, *args: Any, jurisdiction: Jurisdiction, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_to": jurisdiction.valid_to, "note": jurisdiction.note}
        super().__init__(*args, **kwargs)


class SeenForm(forms.Form):
    """How many would move, as the preview said it: if that has changed, the preview is shown anew."""

    seen = forms.IntegerField(min_value=0)
