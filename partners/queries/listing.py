"""One page of the registry's list, at a cost that depends on the page and not on the registry."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from partners.models import Partner
from ui.paging import COUNT_CAP, Count, Page, capped_count, page_of

_COLUMNS = [
    *("public_id", "full_name", "title_before", "title_after", "stage_name", "kind", "status", "keep", "sort_key"),
    *("unit__short_name", "region__name", "region__level", "region__parent__name"),
]


@dataclass(frozen=True)
class Listing:
    page: Page
    count: Count


def listing_of(partners: QuerySet[Partner], *, cursor: str = "", searched: bool = False, narrowed: bool = False) -> Listing:
    """A page in the order of names, and how many there are, "more than 1,000" at most.

    A database that is asked for the first fifty names of a search walks the whole list by name when it guesses the hits
    to be many, and they all stand at its end. So what a search or a filter leaves is found first, by its own index,
    and ordered afterwards; unsearched lists are read straight in the order of names.

    :param searched: whether text narrows ``partners``; ``narrowed``: whether a filter does.
    """
    if not searched and not narrowed:
        return Listing(page=_page(partners, "sort_key", cursor), count=capped_count(partners))
    found = list(partners.order_by().values_list("pk", flat=True)[: COUNT_CAP + 1])
    if len(found) <= COUNT_CAP:
        few = Partner.objects.filter(pk__in=found)
        return Listing(page=_page(few, "name_order", cursor), count=Count(number=len(found), is_more=False))
    order = "name_order" if searched else "sort_key"
    return Listing(page=_page(partners, order, cursor), count=Count(number=COUNT_CAP, is_more=True))


def _page(partners: QuerySet[Partner], order: str, cursor: str) -> Page:
    """``name_order`` is the sort key again, behind an expression that no index serves."""
    if order == "name_order":
        partners = partners.annotate(name_order=Concat(F("sort_key"), Value("")))
    rows = (
        partners.select_related("unit", "region__parent").only(*_COLUMNS).prefetch_related("social_accounts")
    )
    return page_of(rows, key=order, cursor=cursor)
