"""What a leader writes back, and the neutrality checklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.queries.neutrality import checklist


class SendBackForm(forms.Form):
    note = forms.CharField(
        label=_("What should be mended?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The host reads this. Write about the plan, not about persons."),
        error_messages={"required": _("Say what to mend.")},
    )


class NeutralityForm(forms.Form):
    points = forms.TypedMultipleChoiceField(
        label=_("Tick every point that holds"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Every point must hold. Tick them all.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["points"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(enumerate(checklist().points, start=1))
