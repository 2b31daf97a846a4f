"""The text that is pasted, and the preview as it comes back: every line again, and what was ticked."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.queries.units import region_codes_of
from partners.choices import PartnerKind, Source
from partners.pasting import MAX_CONTACT, MAX_LINES, MAX_NAME, MAX_PLACE, MAX_TEXT, Line, count_of, read_lines
from partners.queries.territory import regency_codes_of
from regions.widgets import RegionChoiceField

EXAMPLE = "1. Rina Sari - 0812 3456 7890 - Barong Tongkok\n2. Budi Santoso (@budi.kubar), Melak"


class PasteSettingsForm(forms.Form):
    """What all pasted people have in common. The region is that of lines which name none."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *PartnerKind.choices])
    source = forms.ChoiceField(label=_("Source of the data"), choices=[("", _("Choose")), *Source.choices])
    region = RegionChoiceField(label=_("Region of lines that name none"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        field: Any = self.fields["region"]
        field.within = region_codes_of(user)
        known = regency_codes_of(user)
        if len(known) == 1 and known[0].count("."):
            self.initial.setdefault("region", known[0])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self._layout()

    @property
    def default(self) -> str:
        """The code of the region; empty when none was chosen."""
        region = self.cleaned_data.get("region")
        return region.code if region else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The same choices as fields that the preview carries along."""
        prefixes = self.cleaned_data["region"].prefixes if self.default else []
        levels = zip(("province", "regency", "district"), prefixes, strict=False)
        return [
            ("kind", self.cleaned_data["kind"]),
            ("source", self.cleaned_data["source"]),
            *((f"region_{level}", code) for level, code in levels),
        ]

    def _layout(self) -> Layout:
        return Layout(
            Row(Column("kind", css_class="col-md-6"), Column("source", css_class="col-md-6")), "region"
        )


class PasteForm(PasteSettingsForm):
    text = forms.CharField(
        label=_("The lines"),
        strip=False,
        widget=forms.Textarea(
            {
                "rows": 10,
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "placeholder": EXAMPLE,
            }
        ),
        help_text=_("One person in each line: name, phone or account, district. At most 200 lines."),
        error_messages={"required": _("Paste the lines here.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > MAX_TEXT:
            raise ValidationError(_("This is too much at once: at most 40,000 characters."), code="too_long")
        count = count_of(text)
        if count > MAX_LINES + 1 or len(read_lines(text, limit=MAX_LINES + 1)) > MAX_LINES:
            raise ValidationError(
                _("These are %(count)s lines. Paste at most 200 at once."),
                code="too_many",
                params={"count": count},
            )
        if not count:
            raise ValidationError(_("Paste the lines here."), code="required")
        return text

    @property
    def lines(self) -> list[Line]:
        return read_lines(self.cleaned_data["text"])

    def _layout(self) -> Layout:
        return Layout("text", super()._layout())


class PasteRowsForm(PasteSettingsForm):
    """The preview as it comes back. Four fields a line, so that two hundred stay below what a request may hold."""

    count = forms.IntegerField(min_value=0, max_value=MAX_LINES)
    seen = forms.CharField(required=False, max_length=100_000)

    @property
    def lines(self) -> list[Line]:
        """Every line, mended as it may be; what is longer than its field is cut as the field would."""
        return [
            Line(
                name=self._text(f"name-{number}", MAX_NAME),
                contact=self._text(f"contact-{number}", MAX_CONTACT),
                place=self._text(f"place-{number}", MAX_PLACE),
            )
            for number in range(1, self.cleaned_data.get("count", 0) + 1)
        ]

    @property
    def ticked(self) -> set[int]:
        return {
            number for number in range(1, self.cleaned_data["count"] + 1) if f"take-{number}" in self.data
        }

    @property
    def seen_by_line(self) -> dict[int, frozenset[str]]:
        """The twins that stood beside each line, as the preview wrote them: ``3:uuid``."""
        found: dict[int, set[str]] = defaultdict(set)
        for token in self.cleaned_data["seen"].split():
            number, _colon, public_id = token.partition(":")
            if number.isdecimal() and len(number) < 4:
                found[int(number)].add(public_id)
        return {number: frozenset(ids) for number, ids in found.items()}

    def _text(self, name: str, limit: int) -> str:
        return " ".join(str(self.data.get(name, "")).replace("\0", "").split())[:limit]
