"""One page of the registry's list, at a cost that depends on the page and not on the registry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from partners.models import Partner
from ui.paging import COUNT_CAP, Count, Page, capped_count, page_of

_COLUMNS = [
    *(
        "public_id",
        "full_name",
        "title_before",
        "title_after",
        "stage_name",
        "kind",
        "status",
        "keep",
        "sort_key",
    ),
    *("unit__short_name", "region__name", "region__level", "region__parent__name"),
]

# The sort key behind an expression that no index serves, so that the walk is no choice.
_NAME_ORDER = Concat(F("sort_key"), Value(""))
# Fewer hits than this, and misspelled names are looked for as well.
FEW = 10


@dataclass(frozen=True)
class Listing:
    page: Page
    count: Count


def listing_of(partners: QuerySet[Partner], *, cursor: str = "") -> Listing:
    """A page of an unnarrowed list, read straight in the order of names."""
    return Listing(
        page=page_of(_shown(partners), key="sort_key", cursor=cursor), count=capped_count(partners)
    )


def filtered_listing_of(
    partners: QuerySet[Partner],
    *,
    nearly: QuerySet[Partner] | None = None,
    everywhere: bool = False,
    cursor: str = "",
) -> Listing:
    """A page of what a search or a filter leaves.

    A database that is asked for the first fifty names of a search walks the whole list by name when it guesses the hits
    to be many, and they may all stand at its end. So the hits are found first, by their own index, no more than the
    count needs; only these are put in order.

    :param nearly: the same search with misspelled words, asked where the right spelling finds next to nobody.
    :param everywhere: a mere filter or a single letter: its hits, when many, stand everywhere in the order of names.
    """
    found = _ids(partners)
    if nearly is not None and len(found) < FEW:
        partners, found = nearly, _ids(nearly)
    if len(found) <= COUNT_CAP:
        few = _shown(Partner.objects.filter(pk__in=found)).annotate(name_order=_NAME_ORDER)
        return Listing(
            page=page_of(few, key="name_order", cursor=cursor), count=Count(len(found), is_more=False)
        )
    page = _page_of_many(partners, cursor, in_order=everywhere)
    rows = {row.pk: row for row in _shown(Partner.objects.filter(pk__in=[row.pk for row in page.rows]))}
    page = replace(page, rows=[rows[row.pk] for row in page.rows])
    return Listing(page=page, count=Count(COUNT_CAP, is_more=True))


def _page_of_many(partners: QuerySet[Partner], cursor: str, *, in_order: bool) -> Page:
    """Bare rows. Where hits stand everywhere in the order of names, walking along it finds fifty soon; else they are
    ordered after they are found."""
    if in_order:
        return page_of(partners.only("pk", "sort_key"), key="sort_key", cursor=cursor)
    return page_of(partners.annotate(name_order=_NAME_ORDER).only("pk"), key="name_order", cursor=cursor)


def _ids(partners: QuerySet[Partner]) -> list[int]:
    return list(partners.order_by().values_list("pk", flat=True)[: COUNT_CAP + 1])


def _shown(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """With what a row of the list shows."""
    return (
        partners.select_related("unit", "region__parent").only(*_COLUMNS).prefetch_related("social_accounts")
    )
