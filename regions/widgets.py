"""Choosing a region down to its district: a form field, its widget of three selects, and a filter.

In a form of any app::

    from regions.widgets import RegionChoiceField

    region = RegionChoiceField(label=_("region"), least="regency", within=["64"])

``form.cleaned_data["region"]`` is the :class:`~regions.models.Region` of the deepest level that was chosen (None when
nothing was and the field is not required). ``initial`` takes a Region or its code, so a ModelForm of a model with a
foreign key to Region works unchanged. ``within`` takes any region codes and offers only their provinces
(``accounts.queries.units.region_codes_of(user)`` gives those of an officer); it may be set later, in the form's
``__init__``: ``self.fields["region"].within = codes``.

In a FilterSet::

    region = RegionFilter(label=_("Region"))          # field_name="region", everything in the region and below it

The names in the query string are ``region_province``, ``region_regency`` and ``region_district``. With htmx a choice
loads the next list; without JavaScript a button "Show" sends the form, which comes back with the lists filled. Drawing
the widget costs one query, reading a choice one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from regions.queries.regions import options_for, provinces_of, region_with_parents

LEVELS = ["province", "regency", "district"]
_LABELS = {"province": _("Province"), "regency": _("Regency or city"), "district": _("District")}
_EMPTY = {
    "province": _("Choose a province"),
    "regency": _("Choose a regency or city"),
    "district": _("Choose a district"),
}


@dataclass(frozen=True)
class Choice:
    """What stands in the three selects; ``shown`` when the button "Show" sent them."""

    province: str = ""
    regency: str = ""
    district: str = ""
    shown: bool = False

    @classmethod
    def of(cls, value: Any) -> Choice:
        """From a choice, a region, a code or nothing."""
        if isinstance(value, Choice):
            return value
        parts = str(getattr(value, "code", value) or "").split(".")
        province, regency, district = (".".join(parts[:n]) if len(parts) >= n else "" for n in (1, 2, 3))
        return cls(province, regency, district)

    @property
    def deepest(self) -> str:
        return self.district or self.regency or self.province

    def settled(self) -> Choice:
        """Without what no longer lies in the level above it, as after changing only the province."""
        regency = self.regency if _lies_in(self.regency, self.province) else ""
        district = self.district if _lies_in(self.district, regency) else ""
        return replace(self, regency=regency, district=district)


def _lies_in(code: str, above: str) -> bool:
    return bool(above) and code.startswith(f"{above}.")


class RegionSelect(forms.Widget):
    """Three dependent selects. ``least`` is the level that must be reached (empty: none)."""

    template_name = "regions/widgets/region_select.html"
    use_fieldset = True

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        least: str = "",
        within: Iterable[str] = (),
        has_show: bool = True,
    ) -> None:
        """:param has_show: False for htmx, which makes a real button of the one in ``<noscript>``: the first of a form,
        and so the one that Enter presses.
        """
        super().__init__(attrs)
        self.least = least
        self.within = list(within)
        self.has_show = has_show

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Choice:
        """Text that a database refuses counts as nothing chosen."""
        sent = (str(data.get(f"{name}_{level}") or "")[:8] for level in LEVELS)
        province, regency, district = ("" if "\0" in code else code for code in sent)
        return Choice(province, regency, district, shown=f"{name}_show" in data)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{level}" not in data for level in LEVELS)

    def id_for_label(self, id_: str) -> str:
        """None: the three selects have labels of their own, below the legend."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        chosen = Choice.of(value).settled()
        options = options_for(chosen.province, chosen.regency, within=self.within)
        if self.least and not chosen.province and len(options.provinces) == 1:
            chosen = Choice(province=options.provinces[0].code)
            options = options_for(chosen.province, within=self.within)
        lists = zip(LEVELS, (options.provinces, options.regencies, options.districts), strict=True)
        widget = context["widget"]
        widget["id"] = widget["attrs"].get("id") or f"id_{name}"
        widget["has_show"] = self.has_show
        widget["is_invalid"] = "is-invalid" in widget["attrs"].get("class", "")
        widget["parts"] = [self._part(level, regions, getattr(chosen, level)) for level, regions in lists]
        widget["query"] = urlencode(
            {"name": name, "id": widget["id"], "least": self.least, "within": ",".join(self.within)}
        )
        return context

    def _part(self, level: str, regions: list[Region], chosen: str) -> dict[str, Any]:
        must = bool(self.least) and LEVELS.index(level) <= LEVELS.index(self.least)
        return {
            "level": level,
            "label": _LABELS[level],
            "empty": _EMPTY[level],
            "regions": regions,
            "chosen": chosen,
            "required": must,
        }


class RegionChoiceField(forms.Field):
    """A region, by the deepest of three selects.

    :param least: ``province``, ``regency`` or ``district``: how deep a choice must go. Default ``regency``.
    :param within: codes of regions; only their provinces are offered and accepted.
    :param lenient: for filters: a half-made choice counts as far as it holds together, instead of being refused.
    """

    widget: RegionSelect = RegionSelect  # type: ignore[assignment]
    default_error_messages = {
        "required": _("Choose a region."),
        "too_shallow": _("Choose a region down to this level: %(level)s."),
        "mismatch": _("The lists did not belong together and have been renewed. Choose again."),
        "shown": _("The lists now fit the choice above them. Go on choosing, then send the form."),
        "invalid_choice": _("This region is not among the choices."),
    }

    def __init__(
        self, *, least: str = "regency", within: Iterable[str] = (), lenient: bool = False, **kwargs: Any
    ) -> None:
        self.least = least
        self.lenient = lenient
        super().__init__(**kwargs)
        self.widget.least = least if self.required else ""
        self.within = within

    @property
    def within(self) -> list[str]:
        provinces: list[str] = self.widget.within
        return provinces

    @within.setter
    def within(self, codes: Iterable[str]) -> None:
        self.widget.within = provinces_of(codes)

    def to_python(self, value: Any) -> Region | None:
        """The region chosen.

        :raises ValidationError: ``shown``, ``mismatch``, ``too_shallow``, ``invalid_choice``.
        """
        chosen = Choice.of(value)
        if not self.lenient:
            self._refuse_half_made(chosen)
        code = chosen.settled().deepest
        if not code:
            return None
        if code.count(".") < LEVELS.index(self.least):
            raise self._error("too_shallow", level=_LABELS[self.least])
        if self.within and code.split(".")[0] not in self.within:
            raise self._error("invalid_choice")
        region = region_with_parents(code)
        if region is None:
            raise self._error("invalid_choice")
        return region

    def _refuse_half_made(self, chosen: Choice) -> None:
        if chosen.shown:
            raise self._error("shown")
        if chosen != chosen.settled():
            raise self._error("mismatch")

    def _error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return Choice.of(initial).deepest != Choice.of(data).deepest


class RegionFilter(django_filters.Filter):
    """Rows in the chosen region and everything below it; ``field_name`` is the path to the region."""

    field_class = RegionChoiceField

    def __init__(self, field_name: str = "region", **kwargs: Any) -> None:
        kwargs.setdefault("least", "province")
        super().__init__(field_name=field_name, lenient=True, **kwargs)

    def filter(self, qs: QuerySet, value: Region | None) -> QuerySet:
        if value is None:
            return qs
        first, last = value.range
        return qs.filter(**{f"{self.field_name}__gte": first, f"{self.field_name}__lt": last})
