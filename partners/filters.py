"""What narrows the list of partners; every choice stands in the address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.queries.units import scope_of, units_visible_to
from partners.choices import Attended, Keep, OrganizationKind, PartnerKind, PartnerStatus, Platform
from partners.models import Organization, Partner, SocialAccount
from partners.queries.attended import attended_within
from partners.queries.search import matching
from partners.queries.territory import regency_codes_of, regions_beside
from partners.search import MAX_QUERY
from regions.choices import RegionLevel
from regions.models import Region
from regions.widgets import RegionFilter

_CODE = re.compile(r"^\d\d(\.\d\d(\.\d\d)?)?$")
REGION_LEVELS = ["province", "regency", "district"]


@dataclass(frozen=True)
class Select:
    """One select box, ready to print. ``empty`` is what the first, open choice says."""

    name: str
    label: str | Promise
    empty: str | Promise
    options: list[tuple[str, str | Promise]]
    chosen: str


class PartnerFilter(django_filters.FilterSet):
    """Search text, region, unit, kind, platform, status, consent, last attended. What is not on offer is passed over.

    The archived are left out unless the status asks for them.
    """

    q = django_filters.CharFilter()
    province = django_filters.ChoiceFilter(
        label=_("Province"), empty_label=_("All provinces"), method="by_region"
    )
    regency = django_filters.ChoiceFilter(
        label=_("Regency or city"), empty_label=_("All regencies and cities"), method="by_region"
    )
    district = django_filters.ChoiceFilter(
        label=_("District"), empty_label=_("All districts"), method="by_region"
    )
    unit = django_filters.ChoiceFilter(label=_("Unit"), empty_label=_("All units"), method="by_unit")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), empty_label=_("All kinds"), choices=PartnerKind.choices
    )
    platform = django_filters.ChoiceFilter(
        label=_("Platform"), empty_label=_("All platforms"), choices=Platform.choices, method="by_platform"
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"), empty_label=_("All but the archived"), choices=PartnerStatus.choices
    )
    keep = django_filters.ChoiceFilter(
        label=_("Consent"), empty_label=_("With and without"), choices=Keep.choices
    )
    attended = django_filters.ChoiceFilter(
        label=_("Last attended"), empty_label=_("At any time"), choices=Attended.choices, method="by_attended"
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Partner], *, user: Any) -> None:
        data = {name: value[:MAX_QUERY].replace("\x00", "") for name, value in data.items()}
        super().__init__(data, queryset)
        self.user = user
        self._offer_regions()
        self._offer_units()
        self.typed = data.get("q", "").strip()

    @cached_property
    def chosen(self) -> dict[str, str]:
        """What narrows the list, by name, valid choices only: what the address needs to say."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def narrowed_by(self) -> int:
        """How many select boxes are set."""
        return len(self.chosen.keys() - {"q"})

    @property
    def region_selects(self) -> list[Select]:
        """Drawn anew with every answer: what one offers depends on the one before."""
        return [self._select(name) for name in REGION_LEVELS if name in self.filters]

    @property
    def other_selects(self) -> list[Select]:
        return [self._select(name) for name in self.filters if name not in {"q", *REGION_LEVELS}]

    def _select(self, name: str) -> Select:
        item = self.filters[name]
        return Select(
            name=name,
            label=item.label,
            empty=item.extra["empty_label"],
            options=list(item.extra["choices"]),
            chosen=self.chosen.get(name, ""),
        )

    def filter_queryset(self, queryset: QuerySet[Partner]) -> QuerySet[Partner]:
        return matching(self._narrowed(queryset), self.typed)

    def exactly(self) -> QuerySet[Partner]:
        """What ``qs`` holds, without the misspelled."""
        return matching(self.among, self.typed, nearly=False)

    @property
    def among(self) -> QuerySet[Partner]:
        """What the filters leave, whatever was searched for."""
        return self._narrowed(self.queryset.all())

    def _narrowed(self, queryset: QuerySet[Partner]) -> QuerySet[Partner]:
        chosen = self.chosen
        if "status" not in chosen:
            queryset = queryset.exclude(status=PartnerStatus.ARCHIVED)
        for name in chosen.keys() - {"q"}:
            queryset = self.filters[name].filter(queryset, chosen[name])
        return queryset

    def by_region(self, queryset: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """The region and all below it, by range of codes."""
        low, high = Region(code=value).range
        return queryset.filter(region__gte=low, region__lt=high)

    def by_unit(self, queryset: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return queryset.filter(unit=self._unit_ids[value])

    def by_platform(self, queryset: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return queryset.filter(Exists(SocialAccount.objects.filter(partner=OuterRef("pk"), platform=value)))

    def by_attended(self, queryset: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return attended_within(queryset, value)

    def _offer_regions(self) -> None:
        codes = regency_codes_of(self.user)
        asked = [code for code in (self.data.get(name, "") for name in REGION_LEVELS) if _CODE.match(code)]
        province = _only(code[:2] for code in codes) or next((code for code in asked if len(code) == 2), "")
        regency = _only(codes) if len(codes) == 1 and len(codes[0]) == 5 else ""
        regency = regency or next((c for c in asked if len(c) == 5 and c[:2] == province), "")
        regions = list(regions_beside(codes, province=province, regency=regency))
        self._options: dict[str, list[tuple[str, str | Promise]]] = {
            RegionLevel.PROVINCE: [],
            RegionLevel.REGENCY: [],
            RegionLevel.DISTRICT: [],
        }
        for region in regions:
            self._options[region.level].append((region.code, region.name))
        for name in REGION_LEVELS:
            if len(self._options[name]) < (1 if name == "district" else 2):
                del self.filters[name], self._options[name]
            else:
                self.filters[name].extra["choices"] = self._options[name]

    def _offer_units(self) -> None:
        self._unit_ids: dict[str, int] = {}
        if len(scope_of(self.user)) < 2:
            del self.filters["unit"]
            return
        units = list(
            units_visible_to(self.user).values_list("pk", "code", "short_name").order_by("short_name")
        )
        self._unit_ids = {code: pk for pk, code, _name in units}
        self._options["unit"] = [(code, name) for _pk, code, name in units]
        self.filters["unit"].extra["choices"] = self._options["unit"]


class OrganizationFilter(django_filters.FilterSet):
    """Search text, kind and region. Those set aside are left out unless they are asked for."""

    q = django_filters.CharFilter(
        method="by_words",
        label=_("Name or short name"),
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = django_filters.ChoiceFilter(
        choices=OrganizationKind.choices, label=_("Kind"), empty_label=_("All kinds")
    )
    state = django_filters.ChoiceFilter(
        choices=[("archived", _("Archived"))],
        method="leave",
        label=_("Status"),
        empty_label=_("All but the archived"),
    )
    region = RegionFilter(label=_("Region"))

    class Meta:
        model = Organization
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Organization]) -> QuerySet[Organization]:
        is_archived = self.form.cleaned_data.get("state") == "archived"
        return super().filter_queryset(queryset.filter(archived_at__isnull=not is_archived))

    def by_words(self, queryset: QuerySet[Organization], _name: str, text: str) -> QuerySet[Organization]:
        return matching(queryset, text)

    def leave(self, queryset: QuerySet[Organization], _name: str, _value: str) -> QuerySet[Organization]:
        return queryset


def _only(values: Iterable[str]) -> str:
    """The one value that all share, or nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
