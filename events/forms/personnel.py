"""A unit's answer, and its roll of personnel as people paste it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries.officers import rank_abbreviations
from events.choices import UNIT_ANSWERS
from events.personnel import MAX_LINES, LineError, Person, read

_SAID = {
    "no_name": gettext_lazy("Line %(number)s has no name."),
    "long_name": gettext_lazy("The name on line %(number)s is too long."),
    "long_position": gettext_lazy("The position on line %(number)s is too long (at most 100 letters)."),
}


class UnitAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[(value.value, value.label) for value in UNIT_ANSWERS],
        widget=forms.RadioSelect,
    )
    expected = forms.IntegerField(
        label=gettext_lazy("How many come?"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=gettext_lazy("May follow later."),
        widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


class PersonnelForm(forms.Form):
    lines = forms.CharField(
        label=gettext_lazy("Names, one on each line"),
        max_length=20_000,
        help_text=gettext_lazy("Rank, name, position. Pasting several lines is fine."),
        widget=forms.Textarea({"rows": 6, "placeholder": "AKBP Nama Lengkap, S.H., Kabag Ops"}),
        error_messages={"required": gettext_lazy("Write at least one name.")},
    )

    def clean_lines(self) -> list[Person]:
        text: Any = self.cleaned_data["lines"]
        try:
            people = read(text, rank_abbreviations())
        except LineError as error:
            raise ValidationError(_SAID[error.code] % {"number": error.number}, code=error.code) from error
        if len(people) > MAX_LINES:
            raise ValidationError(_("At most %(most)s lines at once.") % {"most": MAX_LINES}, code="too_many")
        return people
