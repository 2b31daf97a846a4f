"""What narrows the list of events, and the list of partners from which guests are picked."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.queries.units import region_codes_of, units_visible_to
from events.choices import Answer, EventKind, EventState, OutreachKind, ParticipantKind
from events.models import Event, Outreach, Participant
from events.queries.events import regions_of
from events.queries.outreach import years_of_outreach
from events.queries.participants import matching_name
from events.queries.programs import programs_visible_to
from partners.choices import Attended, Keep, OrganizationKind, PartnerKind, Platform
from partners.models import Organization, Partner, SocialAccount
from partners.queries.attended import attended_within
from partners.queries.search import matching
from regions.choices import RegionLevel
from regions.models import Region
from regions.widgets import RegionFilter

WHEN_CHOICES = [("upcoming", _("Coming")), ("past", _("Past"))]


def _within(queryset: QuerySet, name: str, code: str) -> QuerySet:
    """Rows in a region or anywhere below it, by the range of its code."""
    return queryset.filter(**{f"{name}__gte": code, f"{name}__lt": f"{code}/"})


class EventFilter(django_filters.FilterSet):
    """``when`` chooses between the two halves of the list; the view reads it."""

    q = django_filters.CharFilter(
        method="by_words",
        label=_("Title or venue"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    when = django_filters.ChoiceFilter(
        choices=WHEN_CHOICES, method="leave", label=_("When"), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        choices=EventState.choices, label=_("State"), empty_label=_("All states")
    )
    kind = django_filters.ChoiceFilter(choices=EventKind.choices, label=_("Kind"), empty_label=_("All kinds"))
    region = django_filters.ChoiceFilter(method="by_region", label=_("Region"), empty_label=_("All regions"))
    program = django_filters.ModelChoiceFilter(
        queryset=lambda request: programs_visible_to(request.user),
        to_field_name="public_id",
        label=_("Programme"),
        empty_label=_("All programmes"),
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.user.can("program.view"):
            del self.filters["program"]
        regions = regions_of(self.queryset)
        self.filters["region"].extra["choices"] = [(region.code, _indented(region)) for region in regions]

    def by_words(self, queryset: QuerySet[Event], _name: str, text: str) -> QuerySet[Event]:
        for word in text.split()[:6]:
            queryset = queryset.filter(Q(title__icontains=word) | Q(venue__icontains=word))
        return queryset

    def by_region(self, queryset: QuerySet[Event], _name: str, code: str) -> QuerySet[Event]:
        return _within(queryset, "region_id", code)

    def leave(self, queryset: QuerySet[Event], _name: str, _value: str) -> QuerySet[Event]:
        return queryset


class GuestFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="by_words",
        label=_("Name or organisation"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    answer = django_filters.ChoiceFilter(
        field_name="invitation__answer",
        choices=Answer.choices,
        label=_("Answer"),
        empty_label=_("All answers"),
    )
    kind = django_filters.ChoiceFilter(
        choices=ParticipantKind.choices, label=_("Comes as"), empty_label=_("All")
    )

    class Meta:
        model = Participant
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Participant], _name: str, text: str) -> QuerySet[Participant]:
        return matching_name(queryset, text)


class PickFilter(django_filters.FilterSet):
    """The registry's filters, over those who may be picked."""

    q = django_filters.CharFilter(
        method="by_words",
        label=_("Name or handle"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    region = RegionFilter(label=_("Region"))
    kind = django_filters.ChoiceFilter(
        choices=PartnerKind.choices, label=_("Kind"), empty_label=_("All kinds")
    )
    platform = django_filters.ChoiceFilter(
        choices=Platform.choices, method="by_platform", label=_("Platform"), empty_label=_("All platforms")
    )
    unit = django_filters.ModelChoiceFilter(
        queryset=lambda request: units_visible_to(request.user),
        to_field_name="code",
        label=_("Unit"),
        empty_label=_("All units"),
    )
    keep = django_filters.ChoiceFilter(
        choices=[choice for choice in Keep.choices if choice[0] != Keep.NONE],
        label=_("Consent"),
        empty_label=_("All"),
    )
    attended = django_filters.ChoiceFilter(
        choices=Attended.choices, method="by_attended", label=_("Last attended"), empty_label=_("At any time")
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["within"] = region_codes_of(self.request.user)

    def by_words(self, queryset: QuerySet[Partner], _name: str, text: str) -> QuerySet[Partner]:
        return matching(queryset, text)

    def by_platform(self, queryset: QuerySet[Partner], _name: str, platform: str) -> QuerySet[Partner]:
        held = SocialAccount.objects.filter(partner=OuterRef("pk"), platform=platform)
        return queryset.filter(Exists(held))

    def by_attended(self, queryset: QuerySet[Partner], _name: str, when: str) -> QuerySet[Partner]:
        return attended_within(queryset, when)


class OutreachFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="by_words",
        label=_("Title, message or audience"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=OutreachKind.choices, label=_("Kind"), empty_label=_("All kinds")
    )
    year = django_filters.ChoiceFilter(method="by_year", label=_("Year"), empty_label=_("All years"))
    program = django_filters.ModelChoiceFilter(
        queryset=lambda request: programs_visible_to(request.user),
        to_field_name="public_id",
        label=_("Programme"),
        empty_label=_("All programmes"),
    )

    class Meta:
        model = Outreach
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = years_of_outreach(self.request.user)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]

    def by_words(self, queryset: QuerySet[Outreach], _name: str, text: str) -> QuerySet[Outreach]:
        for word in text.split()[:6]:
            queryset = queryset.filter(
                Q(title__icontains=word) | Q(message__icontains=word) | Q(audience__icontains=word)
            )
        return queryset

    def by_year(self, queryset: QuerySet[Outreach], _name: str, year: str) -> QuerySet[Outreach]:
        return queryset.filter(held_on__year=int(year))


class OrganizationFilter(django_filters.FilterSet):
    """Over the organisations that may be asked to send somebody."""

    q = django_filters.CharFilter(
        method="by_words",
        label=_("Name of the organisation"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=OrganizationKind.choices, label=_("Kind"), empty_label=_("All kinds")
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Organization], _name: str, text: str) -> QuerySet[Organization]:
        return matching(queryset, text)


def _indented(region: Region) -> str:
    return region.name if region.level == RegionLevel.PROVINCE else f"– {region.name}"
