"""The register of requests from outside the humas function, and what of it whom is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import ExtractYear

from accounts.queries.units import scope_of
from partners.choices import OutsideState
from partners.models import OutsideRequest, OutsideRequestSubject, Partner
from partners.queries.partners import partners_visible_to
from partners.queries.search import matching
from partners.search import query_words


def outside_requests_visible_to(user: Any) -> QuerySet[OutsideRequest]:
    """Those of the privacy officer's unit and the units below it; to every other role none. The newest first."""
    if not user.can("outside_request.manage"):
        return OutsideRequest.objects.none()
    rows = OutsideRequest.objects.filter(unit__in=scope_of(user)).select_related("unit")
    return rows.order_by("-received_on", "-pk")


def with_people(requests: QuerySet[OutsideRequest], user: Any) -> QuerySet[OutsideRequest]:
    """The same with ``people`` = how many they are about, and the rows of those whom this officer sees."""
    seen = OutsideRequestSubject.objects.filter(partner__in=partners_visible_to(user))
    subjects = seen.select_related("partner").order_by("partner__sort_key")
    return requests.annotate(people=Count("subjects")).prefetch_related(
        Prefetch("subjects", queryset=subjects, to_attr="seen_subjects")
    )


def about(partner: Partner, user: Any) -> QuerySet[OutsideRequest]:
    """What the register says of a person, as far as this officer reads the register."""
    return outside_requests_visible_to(user).filter(subjects__partner=partner)


def told_to(partner: Partner) -> list[OutsideRequest]:
    """What the person is shown: every decided request about them, unless a law forbids telling them."""
    decided = OutsideRequest.objects.filter(subjects__partner=partner, silence_basis="")
    return list(decided.exclude(state=OutsideState.OPEN).order_by("-received_on", "-pk"))


def to_pick(asked: OutsideRequest, user: Any, typed: str, limit: int = 10) -> list[Partner]:
    """Partners within scope whom a request may be about, by words of their names; nobody without a word."""
    if not query_words(typed):
        return []
    others = partners_visible_to(user).exclude(outside_requests__request=asked)
    found = matching(others, typed, nearly=False).select_related("unit")
    return list(found.order_by("sort_key", "pk")[:limit])


@dataclass(frozen=True)
class Year:
    """The requests received in one year. ``received`` counts those that are not decided yet, too."""

    year: int
    received: int
    granted: int
    partly: int
    refused: int


def counts_by_year() -> list[Year]:
    """Of the whole site, for the public page; the newest year first. One query."""

    def how_many(state: str) -> Count:
        return Count("pk", filter=Q(state=state))

    rows = (
        OutsideRequest.objects.annotate(year=ExtractYear("received_on"))
        .order_by("-year")
        .values("year")
        .annotate(
            received=Count("pk"),
            granted=how_many(OutsideState.GRANTED),
            partly=how_many(OutsideState.PARTLY),
            refused=how_many(OutsideState.REFUSED),
        )
    )
    return [Year(**row) for row in rows]
