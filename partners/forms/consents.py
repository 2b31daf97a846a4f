"""Forms about what a person allows."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.choices import ConsentChannel, Decision
from partners.models import Partner
from partners.queries.consents import Standing, offered_to_person, version_mark

_PREFIX = "decision_"


class ConsentForm(forms.Form):
    """What an officer heard, or reads from a signed sheet: a decision for each purpose that was spoken of."""

    channel = forms.ChoiceField(
        label=_("How did the person decide?"),
        choices=[(c.value, c.label) for c in (ConsentChannel.SPOKEN, ConsentChannel.PAPER)],
        widget=forms.RadioSelect,
        initial=ConsentChannel.SPOKEN,
    )
    sheet = forms.FileField(
        label=_("Photo of the signed sheet"),
        required=False,
        help_text=_("Only for a signed sheet. JPEG, PNG, WebP or PDF, at most 10 MB."),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "capture": "environment"}
        ),
    )

    def __init__(self, *args: Any, user: Any, standings: list[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.standings = standings
        for standing in standings:
            self.fields[f"{_PREFIX}{standing.purpose}"] = forms.ChoiceField(
                label=standing.purpose.label,
                choices=[("", _("Not spoken of")), (Decision.GIVEN, _("Yes")), (Decision.WITHDRAWN, _("No"))],
                widget=forms.RadioSelect,
                required=False,
                initial="",
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def rows(self) -> list[tuple[Standing, forms.BoundField]]:
        return [(standing, self[f"{_PREFIX}{standing.purpose}"]) for standing in self.standings]

    @property
    def decisions(self) -> dict[str, str]:
        found = {s.purpose.value: self.cleaned_data.get(f"{_PREFIX}{s.purpose}", "") for s in self.standings}
        return {purpose: decision for purpose, decision in found.items() if decision}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_paper = cleaned.get("channel") == ConsentChannel.PAPER
        if is_paper and not cleaned.get("sheet") and "sheet" not in self.errors:
            self.add_error(
                "sheet", ValidationError(_("Photograph the signed sheet."), code="paper_needs_photo")
            )
        if not is_paper and cleaned.get("sheet"):
            self.add_error(
                "channel", ValidationError(_("With a photo, choose the signed sheet."), code="channel")
            )
        if not self.decisions:
            raise ValidationError(_("Choose at least one decision."), code="nothing_decided")
        return cleaned


class ScreenForm(forms.Form):
    """The person's own answer on the officer's phone. The two buttons carry the answer, of equal weight."""

    answer = forms.ChoiceField(choices=[("yes", _("Agree")), ("no", _("Do not agree"))])
    mark = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    also = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, user: Any, partner: Partner, standings: list[Standing], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.offered = offered_to_person(partner, standings)
        self.fields["also"].choices = [(s.purpose.value, s.purpose.label) for s in self.offered]  # type: ignore[attr-defined]
        self.words_mark = version_mark([*standings[:1], *self.offered])

    @property
    def agreed(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")
