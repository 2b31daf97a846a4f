"""Those with a part in the evening, and the order of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Rank
from events.choices import AgendaKind
from events.forms.when import time_input
from events.models import EventRole

MAX_LINES = 40
_SPARE_LINES = 4
_NIGHT_ENDS = 5


class RoleForm(forms.ModelForm):
    class Meta:
        model = EventRole
        fields = ["role", "acting_prefix", "rank", "full_name", "title_after", "position", "institution"]

    def __init__(self, *args: Any, role: EventRole | None = None, **kwargs: Any) -> None:
        if role is not None:
            kwargs["initial"] = {name: getattr(role, name) for name in self.Meta.fields}
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["role"]
        choices.choices = [("", _("Choose")), *(choice for choice in choices.choices if choice[0])]
        self.fields["rank"].widget.attrs["list"] = "ranks"
        self.fields["rank"].help_text = _(
            "For police: as it is written, such as AKBP. Leave empty for others."
        )
        self.fields["institution"].help_text = _("For people from outside the police, such as Bawaslu.")
        self.fields["acting_prefix"].help_text = _("Only for an acting post, such as Plt. or Plh.")
        self.ranks = list(Rank.objects.values_list("abbreviation", flat=True))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("rank") and not data.get("institution"):
            self.add_error("institution", _("Give a rank (police) or an institution (others)."))
        return data


class AgendaLineForm(forms.Form):
    """One line; a line without a title is left out, which is also how a line is taken away."""

    starts = forms.TimeField(label=gettext_lazy("Hour"), required=False, widget=time_input())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AgendaKind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=160)


AgendaFormSet = formset_factory(
    AgendaLineForm, extra=_SPARE_LINES, max_num=MAX_LINES, absolute_max=MAX_LINES, validate_max=True
)


def in_order(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By time where every line has one (an hour before five belongs to the same night), else as typed."""
    if any(line["starts"] is None for line in lines):
        return lines
    return sorted(lines, key=lambda line: (line["starts"].hour < _NIGHT_ENDS, line["starts"]))
