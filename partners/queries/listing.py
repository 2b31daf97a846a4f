"""One page of the registry's list, at a cost that depends on the page and not on the registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from partners.choices import PartnerKind
from partners.handles import shown
from partners.models import Partner, SocialAccount
from partners.models.partner import titled
from partners.queries.search import SHORT_WORD, within
from regions.choices import RegionLevel
from ui.paging import COUNT_CAP, PAGE_SIZE, Count, Page, capped_count, page_of, rows_after

_COLUMNS = [
    *("pk", "public_id", "full_name", "title_before", "title_after", "stage_name", "kind", "status", "keep"),
    *("unit__short_name", "region__name", "region__level", "region__parent__name"),
]
# A line names no more of somebody's accounts than this.
MOST_HANDLES = 2

# The sort key behind an expression that no index serves, so that the walk is no choice.
_NAME_ORDER = Concat(F("sort_key"), Value(""))
# Fewer hits than this, and misspelled names are looked for as well.
FEW = 10
# So many of the next names are looked through for a page of hits.
NEARBY = 3000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, ready to print; ``alias`` is the stage name and the first accounts.

    Plain values, since fifty models with their relations cost more to make than the database takes to find them.
    """

    public_id: UUID
    name: str
    alias: str
    kind: str
    region: str
    unit: str
    status: str
    keep: str


@dataclass(frozen=True)
class Listing:
    """``page.rows`` are :class:`Line`."""

    page: Page
    count: Count


def listing_of(partners: QuerySet[Partner], *, cursor: str = "") -> Listing:
    """A page of an unnarrowed list, read straight in the order of names."""
    page = page_of(_shown(partners, "sort_key"), key="sort_key", cursor=cursor)
    return Listing(page=_printed(page), count=capped_count(partners))


def filtered_listing_of(
    partners: QuerySet[Partner],
    *,
    nearly: QuerySet[Partner] | None = None,
    among: QuerySet[Partner] | None = None,
    words: Sequence[str] = (),
    cursor: str = "",
) -> Listing:
    """A page of what a search or a filter leaves.

    A database that is asked for the first fifty names of a search walks the whole list by name when it guesses the hits
    to be many, and they may all stand at its end. So the hits are found first, by their own index, no more than the
    count needs; only these are put in order.

    :param nearly: the same search with misspelled words, asked where the right spelling finds next to nobody.
    :param among: what the filters leave without the search, and ``words`` what was searched for. The beginning of a
        word has hits by the ten thousand, which mostly stand close together in the order of names: the next few
        thousand names are looked through before all hits are ordered.
    """
    found = _ids(partners)
    if nearly is not None and len(found) < FEW:
        partners, found = nearly, _ids(nearly)
    if len(found) <= COUNT_CAP:
        few = _shown(Partner.objects.filter(pk__in=found).annotate(name_order=_NAME_ORDER), "name_order")
        page = page_of(few, key="name_order", cursor=cursor)
        return Listing(page=_printed(page), count=Count(len(found), is_more=False))
    nearby = _page_nearby(among, words, cursor) if among is not None and _are_common(words) else None
    page = nearby or _page_of_many(partners, cursor, in_order=not words)
    return Listing(page=_printed(page), count=Count(COUNT_CAP, is_more=True))


def _are_common(words: Sequence[str]) -> bool:
    return bool(words) and all(len(word) <= SHORT_WORD for word in words)


def _page_nearby(among: QuerySet[Partner], words: Sequence[str], cursor: str) -> Page | None:
    """The page, when the next names fill it; None when the hits lie further apart."""
    behind, is_first = rows_after(among, key="sort_key", cursor=cursor)
    near = behind.order_by("sort_key", "pk").values_list("pk", "sort_key", "search_key")[:NEARBY]
    found = within(near, list(words), limit=PAGE_SIZE + 1)
    return _page_at(found, is_first) if len(found) > PAGE_SIZE else None


def _page_of_many(partners: QuerySet[Partner], cursor: str, *, in_order: bool) -> Page:
    """What a mere filter leaves, when many, stands everywhere in the order of names: walking along it finds fifty soon.
    The hits of a search are ordered after they are found."""
    key = "sort_key" if in_order else "name_order"
    behind, is_first = rows_after(partners.annotate(name_order=_NAME_ORDER), key=key, cursor=cursor)
    return _page_at(behind.order_by(key, "pk").values("pk")[: PAGE_SIZE + 1], is_first)


def _page_at(ids: Any, is_first: bool) -> Page:
    """The page of the rows with these ids: those it holds, and one more when there is a next."""
    page = page_of(_shown(Partner.objects.filter(pk__in=ids), "sort_key"), key="sort_key")
    return replace(page, is_first=is_first)


def _ids(partners: QuerySet[Partner]) -> list[int]:
    return list(partners.order_by().values_list("pk", flat=True)[: COUNT_CAP + 1])


def _shown(partners: QuerySet[Partner], *more: str) -> QuerySet[Partner, Any]:
    """What a line shows, as named tuples."""
    return partners.values_list(*_COLUMNS, *more, named=True)


def _printed(page: Page) -> Page:
    """The same page with lines for rows; the accounts of all in one query."""
    handles = _handles_of([row.pk for row in page.rows])
    kinds = {value: str(label) for value, label in PartnerKind.choices}
    lines = [_line(row, handles.get(row.pk, []), kinds) for row in page.rows]
    return replace(page, rows=lines)


def _line(row: Any, handles: list[str], kinds: dict[str, str]) -> Line:
    region = row.region__name
    if row.region__level == RegionLevel.DISTRICT:
        region = f"{region}, {row.region__parent__name}"
    return Line(
        public_id=row.public_id,
        name=titled(row.full_name, row.title_before, row.title_after),
        alias=" · ".join([row.stage_name, *handles] if row.stage_name else handles),
        kind=kinds[row.kind],
        region=region,
        unit=row.unit__short_name,
        status=row.status,
        keep=row.keep,
    )


def _handles_of(partner_ids: Iterable[int]) -> dict[int, list[str]]:
    """The first accounts of each, as people write them; the same handle on two platforms once."""
    found: dict[int, list[str]] = {}
    accounts = SocialAccount.objects.filter(partner__in=list(partner_ids)).values_list(
        "partner_id", "platform", "handle"
    )
    for partner_id, platform, handle in accounts.order_by("partner_id", "platform", "handle_key"):
        names = found.setdefault(partner_id, [])
        name = shown(platform, handle)
        if name not in names and len(names) < MOST_HANDLES:
            names.append(name)
    return found
