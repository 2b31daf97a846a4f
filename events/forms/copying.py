"""The form with which an event is copied to the next place of its tour: only what is different there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from events.choices import RoleKind
from events.forms.when import WhenFields, initial_when
from events.models import Event, EventRole
from events.queries.roles import roles_of
from regions.widgets import RegionChoiceField
from ui.times import zone_label


class _PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: EventRole) -> str:
        return f"{obj.get_role_display()}: {obj.formal_name}"


class EventCopyForm(WhenFields, forms.Form):
    """The hour is the same as there, the day is not yet known."""

    region = RegionChoiceField(label=gettext_lazy("Region"), least="regency")
    venue = forms.CharField(label=gettext_lazy("Venue"), max_length=160)
    also = _PeopleField(
        queryset=EventRole.objects.none(),
        required=False,
        to_field_name="public_id",
        label=gettext_lazy("Who else comes along?"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        first = initial_when(event)
        kwargs["initial"] = {
            "region": event.region.prefixes[0],
            **{name: first[name] for name in ("starts", "part_of_day", "open_end", "ends") if name in first},
        }
        super().__init__(*args, **kwargs)
        self.zone_name = zone_label(event.timezone)
        self.event = event
        people: Any = self.fields["also"]
        people.queryset = roles_of(event).exclude(role=RoleKind.LEADER)
        if not people.queryset:
            del self.fields["also"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        region = data.get("region")
        # Hours kept from the old date say nothing while the new day is open.
        if data.get("day") is None and "day" not in self.errors:
            data |= {"starts": None, "ends": None}
        data["when"] = self.read_when(region.timezone if region is not None else self.event.timezone)
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "region": data["region"],
            "venue": data["venue"],
            "also": list(data.get("also", ())),
            **data["when"].as_fields(),
        }
