"""Filters of the audit and of the list of officers, kept in the URL."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Officer, Unit
from accounts.queries.officers import matching
from accounts.queries.units import units_visible_to
from accounts.sentences import KINDS, SENTENCES
from audit.models import Entry
from ui.fields import PLAUSIBLE_DAYS


def _day(label: Any, method: str) -> django_filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(
        label=label, method=method, widget=widget, input_formats=["%Y-%m-%d"], validators=PLAUSIBLE_DAYS
    )


def _by_label(labels: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(labels.items(), key=lambda item: str(item[1]))


class AuditFilter(django_filters.FilterSet):
    """Days are those of the reader's unit; ``until`` includes its day."""

    verb = django_filters.ChoiceFilter(
        label=_("What"), choices=lambda: _by_label(SENTENCES), empty_label=_("Everything")
    )
    officer = django_filters.CharFilter(label=_("Officer"), method="by_officer", max_length=60)
    kind = django_filters.ChoiceFilter(
        label=_("Concerning"),
        field_name="object_kind",
        choices=lambda: _by_label(KINDS),
        empty_label=_("Everything"),
    )
    since = _day(_("From"), "from_day")
    until = _day(_("Until"), "to_day")

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def by_officer(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(actor_id__in=matching(Officer.objects.order_by(), text).values("pk"))

    def from_day(self, queryset: QuerySet, name: str, day: date) -> QuerySet:
        return queryset.filter(at__gte=self._midnight(day))

    def to_day(self, queryset: QuerySet, name: str, day: date) -> QuerySet:
        return queryset.filter(at__lt=self._midnight(day + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.user.unit.timezone))


class OfficerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search by name"), method="by_name", max_length=60)
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.none(), to_field_name="public_id", empty_label=_("All units")
    )
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("All roles"))
    active = django_filters.ChoiceFilter(
        label=_("State"),
        field_name="is_active",
        choices=[("True", _("Active")), ("False", _("Switched off"))],
        empty_label=_("All"),
    )

    class Meta:
        model = Officer
        fields: list[str] = []

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = units_visible_to(user)

    def by_name(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return matching(queryset, text)
