"""One page of the registry's list, at a cost that depends on the page and not on the registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count as CountAll
from django.db.models import F, QuerySet, Value, Window
from django.db.models.functions import Concat
from django.utils.dates import MONTHS_3

from partners.choices import PartnerKind
from partners.handles import shown
from partners.models import Partner, SocialAccount
from partners.models.partner import titled
from partners.queries.search import SHORT_WORD, within
from regions.choices import RegionLevel
from ui.paging import COUNT_CAP, PAGE_SIZE, Count, Page, capped_count, page_of, place_of, rows_after

_COLUMNS = [
    *("pk", "public_id", "full_name", "title_before", "title_after", "stage_name", "kind", "status", "keep"),
    *("do_not_contact_at", "last_attended_on"),
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
    """One line of the list, ready to print; ``alias`` is the stage name and the first accounts, ``last_attended`` a
    day or nothing.

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
    is_do_not_contact: bool
    last_attended: str


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
    to be many, and they may all stand at its end. So the hits are found first, by their own index, and only these are
    put in order.

    :param nearly: the same search with misspelled words, asked where the right spelling finds next to nobody.
    :param among: what the filters leave without the search, and ``words`` what was searched for. The beginning of a
        word has hits by the ten thousand, which mostly stand close together in the order of names: the next few
        thousand names are looked through before all hits are ordered.
    """
    if words and not _are_common(words):
        ids, count = _ordered(partners, cursor)
        if nearly is not None and count.number < FEW:
            ids, count = _ordered(nearly, cursor)
        return Listing(page=_printed(_page_at(ids, is_first=place_of(cursor) is None)), count=count)
    found = _found(partners)
    if len(found) <= COUNT_CAP:
        return Listing(page=_printed(_page_among(found, cursor)), count=Count(len(found), is_more=False))
    page = _page_nearby(among, words, cursor) if among is not None and words else None
    page = page or _page_of_many(partners, cursor, in_order=not words)
    return Listing(page=_printed(page), count=Count(COUNT_CAP, is_more=True))


def _ordered(partners: QuerySet[Partner], cursor: str) -> tuple[list[int], Count]:
    """The ids of the page of a name that was typed whole: its hits are seldom many, and all are read to be ordered.
    They are counted in passing; behind a cursor, where not all are read, apart."""
    behind, is_first = rows_after(partners.annotate(name_order=_NAME_ORDER), key="name_order", cursor=cursor)
    in_order = behind.order_by("name_order", "pk")
    if not is_first:
        return list(in_order.values_list("pk", flat=True)[: PAGE_SIZE + 1]), capped_count(partners)
    rows = list(in_order.annotate(hits=Window(CountAll("*"))).values_list("pk", "hits")[: PAGE_SIZE + 1])
    hits = rows[0][1] if rows else 0
    return [pk for pk, _hits in rows], Count(min(hits, COUNT_CAP), is_more=hits > COUNT_CAP)


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


def _found(partners: QuerySet[Partner]) -> list[tuple[str, int]]:
    """Sort key and id of what is found, in no order, no more than one past the cap."""
    return list(partners.order_by().values_list("sort_key", "pk")[: COUNT_CAP + 1])


def _page_among(found: list[tuple[str, int]], cursor: str) -> Page:
    """Of all that was found, the page behind the cursor: ordered here, by bytes as the database would, so that only the
    fifty that are shown are read."""
    place = place_of(cursor)
    if place is not None and not isinstance(place[0], str):
        place = None  # a cursor that somebody made up
    behind = sorted(found if place is None else [row for row in found if row > place])
    return _page_at([pk for _key, pk in behind[: PAGE_SIZE + 1]], is_first=place is None)


def _shown(partners: QuerySet[Partner], *more: str) -> QuerySet[Partner, Any]:
    """What a line shows, as named tuples."""
    return partners.values_list(*_COLUMNS, *more, named=True)


def _printed(page: Page) -> Page:
    """The same page with lines for rows; the accounts of all in one query."""
    handles = _handles_of([row.pk for row in page.rows])
    kinds = {value: str(label) for value, label in PartnerKind.choices}
    months = {number: str(name).title() for number, name in MONTHS_3.items()}
    lines = [_line(row, handles.get(row.pk, []), kinds, months) for row in page.rows]
    return replace(page, rows=lines)


def _line(row: Any, handles: list[str], kinds: dict[str, str], months: dict[int, str]) -> Line:
    region, day = row.region__name, row.last_attended_on
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
        is_do_not_contact=row.do_not_contact_at is not None,
        last_attended=f"{day.day} {months[day.month]} {day.year}" if day else "",
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
