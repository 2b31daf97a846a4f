"""The page on which an event is planned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from accounts.queries.units import scope_of, units_visible_to
from events.choices import EventState
from events.forms.when import WhenFields, initial_when
from events.models import Event, PledgeText
from events.queries.pledge_texts import newest_pledge_text
from events.queries.programs import programs_visible_to
from events.queries.units import units_of_same_tree
from regions.choices import RegionLevel
from regions.models import Region
from regions.widgets import RegionChoiceField
from ui.times import zone_label

_VALUES = [
    "kind",
    "title",
    "program",
    "host_unit",
    "region",
    "venue",
    "capacity",
    "topics",
    "outcome",
    "pledge_text",
]
_WHEN = ["day", "starts", "part_of_day", "open_end", "ends", "ends_day"]


class EventForm(WhenFields, forms.ModelForm):
    """It never gets the row itself, only its values: the operation compares the two.

    Once an event is published its date moves on a page of its own, and the outcome is asked for when it was held.
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

    class Meta:
        model = Event
        fields = _VALUES
        widgets = {
            "topics": forms.Textarea(attrs={"rows": 3}),
            "outcome": forms.Textarea(attrs={"rows": 4}),
            "capacity": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 100000}),
        }

    def __init__(self, *args: Any, user: Any, event: Event | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {**_initial(user, event), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.event = event
        self.zone = event.timezone if event is not None else user.unit.timezone
        if event is not None and event.state != EventState.DRAFT:
            for name in _WHEN:
                del self.fields[name]
        if event is None or not event.is_held:
            del self.fields["outcome"]
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
        self._check_units(data)
        return data

    def values(self) -> dict[str, Any]:
        """What the operation takes: fields, date and units."""
        data = self.cleaned_data
        found = {name: data[name] for name in _VALUES if name in self.fields}
        found |= data["when"].as_fields() if self.has_date else {}
        return found | {"co_hosts": list(data["co_hosts"]), "invited_units": list(data["invited_units"])}

    def _offer(self, user: Any) -> None:
        fields: Any = self.fields
        fields["kind"].choices = Event._meta.get_field("kind").choices
        fields["host_unit"].queryset = units_visible_to(user).filter(is_active=True)
        fields["host_unit"].empty_label = None
        fields["program"].queryset = programs_visible_to(user)
        fields["program"].label = _("Programme")
        fields["program"].empty_label = _("Not part of a programme")
        fields["pledge_text"].queryset = PledgeText.objects.all()
        fields["pledge_text"].empty_label = _("Without a joint commitment")
        fields["pledge_text"].label = _("Joint commitment")
        beside = units_of_same_tree(user)
        grouped = _grouped(list(beside), scope_of(user))
        for name in ("co_hosts", "invited_units"):
            fields[name].queryset = beside
            fields[name].choices = grouped

    def _check_units(self, data: dict[str, Any]) -> None:
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


def _initial(user: Any, event: Event | None) -> dict[str, Any]:
    if event is None:
        text = newest_pledge_text()
        return {"host_unit": user.unit_id, "pledge_text": text.pk if text else None}
    found = {name: getattr(event, name) for name in _VALUES}
    for name in ("program", "host_unit", "pledge_text"):
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
