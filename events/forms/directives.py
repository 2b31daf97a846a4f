"""What a meeting tells units to do, and what a unit reports."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.forms.evening import EvidenceForm
from events.forms.when import day_input
from events.models import Directive, Event
from events.queries.directives import OPEN, OVERDUE, REPORTED, units_to_direct
from ui.fields import PLAUSIBLE_DAYS


class DirectiveForm(forms.Form):
    text = forms.CharField(
        label=_("Directive"),
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What is to be done, in one or two sentences."),
        error_messages={"required": _("Write what is to be done.")},
    )
    due_on = forms.DateField(
        label=_("Report by"),
        widget=day_input(),
        validators=PLAUSIBLE_DAYS,
        error_messages={"required": _("Give the day by which units report.")},
    )
    all_below = forms.BooleanField(required=False)
    units = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(),
        label=_("Units that carry it out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, event: Event, directive: Directive | None = None, **kwargs: Any) -> None:
        if directive is not None:
            kwargs["initial"] = {
                "text": directive.text,
                "due_on": directive.due_on,
                "units": [line.unit_id for line in directive.owners.all()],
            }
        super().__init__(*args, **kwargs)
        self.children = list(units_to_direct(event).filter(parent=event.host_unit_id))
        fields: Any = self.fields
        fields["units"].queryset = units_to_direct(event)
        fields["units"].label_from_instance = _short_name
        if self.children:
            fields["all_below"].label = _("All %(number)s units directly below %(unit)s") % {
                "number": len(self.children),
                "unit": event.host_unit.short_name,
            }
        else:
            del fields["all_below"]

    def clean(self) -> dict[str, Any]:
        """Ticking "all" adds to what was ticked one by one."""
        data = super().clean() or {}
        chosen = {unit.pk: unit for unit in data.get("units") or ()}
        if data.pop("all_below", False):
            chosen |= {unit.pk: unit for unit in self.children}
        if not chosen and "units" not in self.errors:
            self.add_error("units", _("Choose who carries it out."))
        data["units"] = list(chosen.values())
        return data


class DirectiveReportForm(EvidenceForm):
    report = forms.CharField(
        label=_("What was done"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say what was done.")},
        help_text=_("About the work, not about persons."),
    )
    field_order = ["report", "evidence_file", "evidence_url"]


class DirectiveStateForm(forms.Form):
    """What narrows the list of directives."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All directives")),
            (OPEN, _("Not reported by all")),
            (OVERDUE, _("Overdue")),
            (REPORTED, _("Reported by all")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


def _short_name(unit: Unit) -> str:
    return unit.short_name
