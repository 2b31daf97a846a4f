"""A filled sheet, typed in: numbers, ticks, and what stands in its empty rows."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from events.choices import WalkInConsent
from events.models import AttendanceSheet
from events.models.sheet import MOST_BLANK_ROWS
from ui.fields import DayField
from ui.times import at_place, zone_label

_RANGE = re.compile(r"(\d{1,5})(?:\s*(?:-|–|—|s\.?d\.?|sampai)\s*(\d{1,5}))?", re.IGNORECASE)
MOST_TYPED = 2000
_BETWEEN = re.compile(r"[\s,;.]+")


def numbers_in(text: str, last: int) -> tuple[set[int], list[str]]:
    """The numbers of "1-5, 8 12", and what in it is no number of a sheet that ends at ``last``."""
    found: set[int] = set()
    wrong: list[str] = []
    place = 0
    for match in _RANGE.finditer(text):
        wrong += _left_over(text[place : match.start()])
        place = match.end()
        ends = sorted(int(part) for part in match.groups() if part is not None)
        if ends[0] < 1 or ends[-1] > last:
            wrong.append(match.group())
        else:
            found.update(range(ends[0], ends[-1] + 1))
    return found, wrong + _left_over(text[place:])


def _left_over(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part]


_NUMBER_OF_ROWS = format_lazy(gettext_lazy("Write a whole number from 0 to {most}."), most=MOST_BLANK_ROWS)


class SheetForm(forms.Form):
    """How many rows are left empty on a sheet that is printed now."""

    blank_rows = forms.IntegerField(
        label=gettext_lazy("Empty rows"),
        min_value=0,
        max_value=MOST_BLANK_ROWS,
        initial=10,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _NUMBER_OF_ROWS),
        widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class KeyInForm(forms.Form):
    """Numbers and ticks are added together where no script runs. A row that the operation refuses keeps what was typed
    in it."""

    day = DayField(label=gettext_lazy("Date"))
    time = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of those who signed"),
        required=False,
        max_length=MOST_TYPED,
        help_text=gettext_lazy("Such as 1-5, 8, 12."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text", "enterkeyhint": "next"}),
    )

    def __init__(
        self, *args: Any, user: Any, sheet: AttendanceSheet, filled: Any = (), **kwargs: Any
    ) -> None:
        """:param filled: numbers of empty rows that were typed in before."""
        super().__init__(*args, **kwargs)
        self.user, self.sheet = user, sheet
        self.zone = sheet.event.timezone
        at = _default_at(sheet)
        self.fields["time"].label = f"{gettext('Time')} ({zone_label(self.zone)})"
        self.initial.setdefault("day", at.date())
        self.initial.setdefault("time", at.time().replace(second=0, microsecond=0))
        first = len(sheet.rows) + 1
        self.blank = [n for n in range(first, sheet.last_number + 1) if n not in set(filled)]
        self.refusals: dict[int, str] = {}

    @property
    def ticked(self) -> set[int]:
        """Rows whose box is ticked, as sent."""
        return self._sent("present")

    @property
    def typed_numbers(self) -> set[int]:
        """Rows whose number stands in the box, also where the rest of it is no number."""
        if not self.is_bound:
            return set()
        return numbers_in((self["numbers"].value() or "")[:MOST_TYPED], len(self.sheet.rows))[0]

    @property
    def marked(self) -> set[int]:
        """Rows that the officer means. The script moves the ticks as numbers are typed, and says ``by_ticks``: what was
        taken out by hand from the middle of "1-40" stays out."""
        return self.ticked if self.data.get("by_ticks") == "1" else self.ticked | self.typed_numbers

    @property
    def pledged(self) -> set[int]:
        return self._sent("pledged")

    def clean_numbers(self) -> set[int]:
        found, wrong = numbers_in(self.cleaned_data["numbers"], len(self.sheet.rows))
        if wrong:
            message = gettext("Not on this sheet: %(numbers)s.")
            raise ValidationError(message, code="unknown_number", params={"numbers": ", ".join(wrong[:10])})
        return found

    @property
    def at(self) -> datetime:
        local = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return local.replace(tzinfo=ZoneInfo(self.zone))

    def typed(self, number: int) -> dict[str, str]:
        """What stands in one empty row; consent "tonight only" unless another is chosen."""
        return {
            "name": self._text(f"name-{number}"),
            "contact": self._text(f"contact-{number}"),
            "consent": self._text(f"consent-{number}") or str(WalkInConsent.TONIGHT),
        }

    def guests(self) -> dict[int, dict[str, str]]:
        """The empty rows in which something stands."""
        rows = {number: self.typed(number) for number in self.blank}
        return {
            number: row
            for number, row in rows.items()
            if row["name"].strip() or row["contact"].strip() or row["consent"] == WalkInConsent.ANONYMOUS
        }

    def delegate(self, number: int) -> str:
        return self._text(f"delegate-{number}")

    def delegates(self) -> dict[int, str]:
        """Names of who signed for an organisation, by number of the row."""
        rows = {number: self.delegate(number) for number in range(1, len(self.sheet.rows) + 1)}
        return {number: name for number, name in rows.items() if name.strip()}

    def _text(self, name: str) -> str:
        return str(self.data.get(name) or "")[:300] if self.is_bound else ""

    def _sent(self, name: str) -> set[int]:
        if not self.is_bound:
            return set()
        sent = self.data.getlist(name) if hasattr(self.data, "getlist") else self.data.get(name, [])
        return {int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 6}


def _default_at(sheet: AttendanceSheet) -> datetime:
    """The announced hour; now, where that is still to come or not known."""
    now, event = timezone.now(), sheet.event
    at = min(event.starts_at, now) if event.starts_at is not None else now
    return at_place(at, event.timezone)
