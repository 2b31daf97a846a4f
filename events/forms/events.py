"""The forms with which an event is planned: in short steps, and on one page when it is edited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from accounts.queries.units import scope_of, units_visible_to
from events.choices import EventKind, EventState
from events.forms.when import WhenFields, day_input, initial_when
from events.models import Event, PledgeText
from events.queries.in_charge import officers_in_charge
from events.queries.pledge_texts import newest_pledge_text
from events.queries.programs import programs_visible_to
from events.queries.units import units_of_same_tree
from regions.choices import RegionLevel
from regions.models import Region
from regions.widgets import RegionChoiceField
from ui.fields import PLAUSIBLE_DAYS, PhoneField
from ui.times import at_place, zone_label

_VALUES = [
    "kind",
    "title",
    "program",
    "host_unit",
    "region",
    "venue",
    "capacity",
    "dress",
    "contact_name",
    "contact_phone",
    "contact_officer",
    "answer_by",
    "topics",
    "outcome",
    "pledge_text",
]
_WHEN = ["day", "starts", "part_of_day", "open_end", "ends", "ends_day"]


# What each step of planning asks.
PLACE_FIELDS = ("kind", "program", "title", "region", "venue")
TIME_FIELDS = (*_WHEN, "capacity")
PEOPLE_FIELDS = (
    *("host_unit", "co_hosts", "invited_units", "dress", "contact_name", "contact_phone", "contact_officer"),
    *("answer_by", "topics", "pledge_text"),
)


class EventForm(WhenFields, forms.ModelForm):
    """It never gets the row itself, only its values: the operation compares the two.

    Once an event is published its date moves on a page of its own, and the outcome is asked for when it was held.

    :param only: the fields of one step; the form then asks and answers for these alone.
    :param zone: of the place, where an earlier step has chosen it.
    :param day: of the event, where an earlier step has chosen it.
    """

    region = RegionChoiceField(label=gettext_lazy("Region"), least="regency")
    co_hosts = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(),
        required=False,
        label=gettext_lazy("Co-hosts"),
        widget=forms.CheckboxSelectMultiple,
    )
    invited_units = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(),
        required=False,
        label=gettext_lazy("Invited units"),
        widget=forms.CheckboxSelectMultiple,
    )
    contact_phone = PhoneField(label=gettext_lazy("Phone of the contact person"), required=False)
    answer_by = forms.DateField(
        label=gettext_lazy("Answer by"), required=False, widget=day_input(), validators=PLAUSIBLE_DAYS
    )

    class Meta:
        model = Event
        fields = _VALUES
        widgets = {
            "topics": forms.Textarea(attrs={"rows": 3}),
            "outcome": forms.Textarea(attrs={"rows": 4}),
            "capacity": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 100000}),
        }

    def __init__(
        self,
        *args: Any,
        user: Any,
        event: Event | None = None,
        only: Collection[str] = (),
        zone: str = "",
        day: date | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {**_initial(user, event, only), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.event = event
        self.event_day = day
        self.zone = zone or (event.timezone if event is not None else user.unit.timezone)
        if only:
            for name in [name for name in self.fields if name not in only]:
                del self.fields[name]
        self.proposes_title = bool(only) and "title" in self.fields
        if self.proposes_title:
            self.fields["title"].required = False
            self.fields["title"].help_text = _("Left empty, it is made of the programme and the region.")
        if event is not None and event.state != EventState.DRAFT:
            for name in _WHEN:
                del self.fields[name]
        if event is None or not event.is_held:
            self.fields.pop("outcome", None)
        self._offer(user)

    @property
    def has_date(self) -> bool:
        return "day" in self.fields

    @property
    def zone_name(self) -> str:
        return zone_label(self.zone)

    @property
    def zones(self) -> dict[str, str]:
        """Code of each province → WIB, WITA or WIT, for the note beside the hour."""
        rows = Region.objects.filter(level=RegionLevel.PROVINCE).values_list("code", "timezone")
        return {code: zone_label(zone) for code, zone in rows}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.has_date:
            region = data.get("region")
            data["when"] = self.read_when(region.timezone if region is not None else self.zone)
        if self.proposes_title and not data.get("title") and "title" not in self.errors:
            data["title"] = proposed_title(data)
        self._check_units(data)
        self._check_answer_by(data)
        return data

    def values(self) -> dict[str, Any]:
        """What the operation takes: fields, date and units."""
        data = self.cleaned_data
        found = {name: data[name] for name in _VALUES if name in self.fields}
        found |= data["when"].as_fields() if self.has_date else {}
        return found | {
            name: list(data[name]) for name in ("co_hosts", "invited_units") if name in self.fields
        }

    def _offer(self, user: Any) -> None:
        fields: Any = self.fields
        if "kind" in fields:
            fields["kind"].choices = Event._meta.get_field("kind").choices
        if "program" in fields:
            fields["program"].queryset = programs_visible_to(user)
            fields["program"].label = _("Programme")
            fields["program"].empty_label = _("Not part of a programme")
        if "host_unit" in fields:
            self._offer_units(user)
        if "pledge_text" in fields:
            fields["pledge_text"].queryset = PledgeText.objects.all()
            fields["pledge_text"].empty_label = _("Without a joint commitment")
            fields["pledge_text"].label = _("Joint commitment")

    def _offer_units(self, user: Any) -> None:
        fields: Any = self.fields
        fields["host_unit"].queryset = units_visible_to(user).filter(is_active=True)
        fields["host_unit"].empty_label = None
        beside = units_of_same_tree(user)
        grouped = _grouped(list(beside), scope_of(user))
        for name in ("co_hosts", "invited_units"):
            fields[name].queryset = beside
            fields[name].choices = grouped
        officers = fields["contact_officer"]
        officers.queryset = officers_in_charge(user, self["host_unit"].value())
        officers.empty_label = _("Nobody yet")
        officers.label_from_instance = lambda officer: officer.formal_name
        officers.help_text = _("Of the host unit, or yourself. Who looks after the event in Rembuk.")
        fields["contact_name"].help_text = _("Named on the invitation, with the phone.")
        fields["answer_by"].help_text = _("Not after the day of the event.")
        fields["dress"].help_text = _("Such as: batik, or neat and casual.")

    def _check_units(self, data: dict[str, Any]) -> None:
        if "co_hosts" not in self.fields:
            return
        host, co_hosts, invited = (
            data.get("host_unit"),
            data.get("co_hosts") or (),
            data.get("invited_units") or (),
        )
        for name, picked in (("co_hosts", co_hosts), ("invited_units", invited)):
            if host in picked:
                self.add_error(name, _("%(unit)s is already the host.") % {"unit": host})
        both = ", ".join(unit.short_name for unit in co_hosts if unit in invited)
        if both:
            self.add_error("invited_units", _("%(units)s is already a co-host.") % {"units": both})

    def _check_answer_by(self, data: dict[str, Any]) -> None:
        answer_by, starts_at = data.get("answer_by"), data["when"].starts_at if "when" in data else None
        day = self.event_day
        if starts_at is not None:
            region = data.get("region")
            day = at_place(starts_at, region.timezone if region is not None else self.zone).date()
        if answer_by is not None and day is not None and answer_by > day:
            self.add_error("answer_by", _("The last day for answers cannot be after the day of the event."))


def proposed_title(data: dict[str, Any]) -> str:
    """ "Rangkaian Dialog – Kutai Barat", and without a programme its kind; empty while there is no region."""
    region = data.get("region")
    if region is None or not data.get("kind"):
        return ""
    regency = region.parent if region.level == RegionLevel.DISTRICT and region.parent else region
    about = data["program"].name if data.get("program") else str(EventKind(data["kind"]).label)
    return f"{about} – {regency.name.removeprefix('Kabupaten ').removeprefix('Kota ')}"[:160]


def _initial(user: Any, event: Event | None, only: Collection[str]) -> dict[str, Any]:
    if event is None:
        if only and "pledge_text" not in only:
            return {}
        text = newest_pledge_text()
        return {
            "host_unit": user.unit_id,
            "pledge_text": text.pk if text else None,
            "contact_officer": user.pk,
            "contact_name": user.formal_name,
        }
    found = {name: getattr(event, name) for name in _VALUES}
    for name in ("program", "host_unit", "pledge_text", "contact_officer"):
        found[name] = getattr(event, f"{name}_id")
    found["region"] = event.region_id
    beside = list(event.event_units.values_list("unit_id", "part"))
    found["co_hosts"] = [unit_id for unit_id, part in beside if part == "co_host"]
    found["invited_units"] = [unit_id for unit_id, part in beside if part == "invited"]
    return found | initial_when(event)


def _grouped(units: list[Unit], scope: list[int]) -> list[tuple[str, list[tuple[int, str]]]]:
    """One's own units first: these are what is looked for."""
    own = [(unit.pk, unit.short_name) for unit in units if unit.pk in scope]
    others = [(unit.pk, unit.short_name) for unit in units if unit.pk not in scope]
    groups = [(_("Your units"), own), (_("Other units"), others)]
    return [group for group in groups if group[1]]
