"""To whom open work is passed on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Officer


class _OfficerChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.formal_name} · {obj.unit.short_name}"


class PassOnForm(forms.Form):
    """Only those who may do such work are offered."""

    to = _OfficerChoice(
        queryset=Officer.objects.none(),
        label=_("Pass it on to"),
        empty_label=_("Choose an officer"),
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, takers: QuerySet[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = takers
