"""Day and hour of an event, typed and shown by the clock of its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.choices import PartOfDay
from events.models import Event
from ui.fields import PLAUSIBLE_DAYS
from ui.times import at_place

# Where only a part of the day is known, the hour that stands for it in orders and reminders; it is never printed.
_STANDS_FOR = {
    PartOfDay.MORNING: time(8),
    PartOfDay.NOON: time(12),
    PartOfDay.AFTERNOON: time(15),
    PartOfDay.NIGHT: time(19),
    "": time(12),
}
# An end "before" the start within this span is past midnight; further away it is a slip.
_PAST_MIDNIGHT = timedelta(hours=8)


@dataclass(frozen=True)
class When:
    """What :mod:`events.operations.dates` takes as the date."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    has_time: bool = True
    part_of_day: str = ""

    def as_fields(self) -> dict[str, Any]:
        return dict(vars(self))


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class WhenFields(forms.Form):
    """The fields themselves; a form that has them calls :meth:`read_when` once it knows the zone."""

    day = forms.DateField(
        label=gettext_lazy("Date"), required=False, widget=day_input(), validators=PLAUSIBLE_DAYS
    )
    starts = forms.TimeField(label=gettext_lazy("Starts at"), required=False, widget=time_input())
    part_of_day = forms.ChoiceField(
        label=gettext_lazy("Part of the day"),
        choices=[("", gettext_lazy("not known yet")), *PartOfDay.choices],
        required=False,
        help_text=gettext_lazy("Only while the hour is not known."),
    )
    open_end = forms.BooleanField(label=gettext_lazy("Until finished"), required=False, initial=True)
    ends = forms.TimeField(label=gettext_lazy("Ends at"), required=False, widget=time_input())
    ends_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=day_input(),
        validators=PLAUSIBLE_DAYS,
        help_text=gettext_lazy("Only when it lasts more than one day."),
    )

    def read_when(self, zone: str) -> When:
        """The date by the clock of ``zone``; what does not fit is said beside its field.

        An end past midnight needs no date of its own: 20.00 to 00.30 is understood.
        """
        day, starts = self.cleaned_data.get("day"), self.cleaned_data.get("starts")
        if day is None:
            self._refuse_without("day", ("starts", "ends"), _("Give the date too."))
            return When()
        if starts is None:
            if "starts" not in self.errors:
                self._refuse_without(
                    "starts", ("ends",), _("An end needs the hour of the start; leave it open instead.")
                )
            part = self.cleaned_data.get("part_of_day") or ""
            return When(_instant(day, _STANDS_FOR[part], zone), None, False, part)
        starts_at = _instant(day, starts, zone)
        return When(starts_at, self._read_end(starts_at, day, zone))

    def _read_end(self, starts_at: datetime, day: date, zone: str) -> datetime | None:
        ends, is_open = self.cleaned_data.get("ends"), self.cleaned_data.get("open_end")
        if "ends" in self.errors:
            return None
        if ends is None:
            if not is_open:
                self.add_error("ends", _("Give the hour at which it ends, or tick “until finished”."))
            return None
        if is_open:
            self.add_error("ends", _("Either the hour at which it ends or “until finished”, not both."))
            return None
        last = self.cleaned_data.get("ends_day")
        ends_at = _instant(last or day, ends, zone)
        if last is None and ends_at <= starts_at <= ends_at + timedelta(days=1) <= starts_at + _PAST_MIDNIGHT:
            ends_at = _instant(day + timedelta(days=1), ends, zone)
        if ends_at <= starts_at:
            self.add_error("ends", _("The end is before the start."))
        return ends_at

    def _refuse_without(self, missing: str, present: tuple[str, ...], sentence: str) -> None:
        if missing not in self.errors and any(self.cleaned_data.get(name) for name in present):
            self.add_error(missing, sentence)


class WhenForm(WhenFields):
    """The date alone, for moving or putting off. ``is_needed`` asks for a day."""

    def __init__(self, *args: Any, event: Event, is_needed: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {**initial_when(event), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["day"].required = is_needed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["when"] = self.read_when(self.event.timezone)
        return data


class PostponeForm(WhenForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason (for the record)"),
        required=False,
        max_length=300,
        widget=forms.TextInput(),
    )


def initial_when(event: Event) -> dict[str, Any]:
    """The date as the clock of the place shows it."""
    if event.starts_at is None:
        return {}
    begin = at_place(event.starts_at, event.timezone)
    found: dict[str, Any] = {
        "day": begin.date(),
        "part_of_day": event.part_of_day,
        "open_end": event.ends_at is None,
    }
    if event.has_time:
        found["starts"] = begin.time()
    if event.ends_at is not None:
        last = at_place(event.ends_at, event.timezone)
        found["ends"] = last.time()
        if last.date() != begin.date() and event.ends_at - event.starts_at > _PAST_MIDNIGHT:
            found["ends_day"] = last.date()
    return found


def _instant(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
