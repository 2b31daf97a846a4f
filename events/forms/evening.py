"""Forms of the evening and after: a guest at the door, what we promised, how it ended."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import WalkInConsent
from events.models import Commitment, Event
from events.queries.commitments import units_in_charge
from ui.fields import PLAUSIBLE_DAYS


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    return helper


class WalkInForm(forms.Form):
    """Three fields and no more. The hidden name of the fact makes a second press of the button harmless."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    contact = forms.CharField(
        label=_("Phone or handle"),
        max_length=80,
        required=False,
        help_text=_("Optional. Such as 0812-3456-7890 or @infokubar."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    consent = forms.ChoiceField(
        label=_("What did the guest agree to?"),
        choices=[
            (WalkInConsent.KEEP, _("Keep the data: becomes a partner")),
            (WalkInConsent.TONIGHT, _("Tonight only: forgotten after 30 days")),
            (WalkInConsent.ANONYMOUS, _("Guest without a name +1")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what may be kept.")},
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = _helper()


class CommitmentForm(forms.ModelForm):
    class Meta:
        model = Commitment
        fields = ["text", "owner_unit", "due_on"]
        widgets = {
            "text": forms.Textarea({"rows": 3}),
            "due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, user: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        unit = self.fields["owner_unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = units_in_charge(event, user)
        unit.empty_label = _("Choose a unit")  # type: ignore[assignment]
        unit.label_from_instance = _short_name  # type: ignore[method-assign, assignment]
        self.fields["due_on"].validators.extend(PLAUSIBLE_DAYS)
        self.fields["text"].help_text = _("In plain words, such as: answer the question on street lights.")
        self.helper = _helper()


class EvidenceForm(forms.Form):
    """A file or a link; one is enough."""

    evidence_file = forms.FileField(
        label=_("Photo or document"),
        required=False,
        max_length=200,
        help_text=_("JPEG, PNG, WebP or PDF, at most 10 MB."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    evidence_url = forms.URLField(
        label=_("or a link"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput({"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = _helper()


class DropForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), max_length=200, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = _helper()


def _short_name(unit: Unit) -> str:
    return unit.short_name
