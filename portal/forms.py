"""What a person sends through their own link."""

from __future__ import annotations

from typing import Any

from django import forms

from partners.queries.consents import Standing


class AgreeForm(forms.Form):
    """The further purposes that were ticked, and which words were on the page."""

    also = forms.MultipleChoiceField(required=False)
    mark = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, offered: list[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].choices = [(s.purpose.value, s.purpose.label) for s in offered]  # type: ignore[attr-defined]
