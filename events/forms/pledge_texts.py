"""The form of a new version of the joint commitment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import PledgeText

POINTS = 10


class PledgeTextForm(forms.Form):
    """Title, opening words and up to ten points; a point left empty is left out and the others close up."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    preamble = forms.CharField(
        label=gettext_lazy("Opening words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Say here that it is voluntary and may be taken back at any time."),
    )

    def __init__(self, *args: Any, text: PledgeText, **kwargs: Any) -> None:
        points = [point.body for point in text.points.all()]
        kwargs["initial"] = {"title": text.title, "preamble": text.preamble} | {
            f"point_{number}": body for number, body in enumerate(points, start=1)
        }
        super().__init__(*args, **kwargs)
        for number in range(1, POINTS + 1):
            self.fields[f"point_{number}"] = forms.CharField(
                label=_("Point %(n)s") % {"n": number},
                required=False,
                max_length=400,
                widget=forms.Textarea({"rows": 2}),
            )

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        points = [data[f"point_{number}"] for number in range(1, POINTS + 1)]
        return {
            "title": data["title"],
            "preamble": data["preamble"].replace("\r\n", "\n"),
            "points": [point for point in points if point],
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"point_{number}") for number in range(1, POINTS + 1)):
            self.add_error("point_1", _("Write at least one point."))
        return data
