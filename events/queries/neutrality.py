"""In the window of which elections an event stands, and whether its neutrality checklist was ticked."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Election, Officer
from events.choices import ApprovalState
from events.models import Approval, Event, NeutralityCheck
from regions.models import Region
from ui.times import at_place

# While no result is declared the window stays open this long after voting: national recapitulation takes up to 35 days
# (UU 7/2017 art. 413), and a few days for the decree.
RESULT_WITHIN = timedelta(days=40)
_SOURCE = Path(__file__).resolve().parent.parent / "reference" / "neutrality.json"
_WHO_TICKS = (Role.ORGANIZER, Role.LOCAL_OFFICER, Role.VIEWER)


@dataclass(frozen=True)
class Checklist:
    version: int
    points: tuple[str, ...]

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(range(1, len(self.points) + 1))


@dataclass(frozen=True)
class Asked:
    """An election that asks for the checklist. ``is_quiet``: by a second officer. ``check`` is the one ticked."""

    election: Election
    is_quiet: bool
    check: NeutralityCheck | None

    def is_settled(self, barred: Collection[int | None]) -> bool:
        """:param barred: officers whose tick does not count in quiet days."""
        return self.check is not None and not (self.is_quiet and self.check.checked_by_id in barred)


@cache
def checklist() -> Checklist:
    source = json.loads(_SOURCE.read_text(encoding="utf-8"))
    return Checklist(source["version"], tuple(source["points"]))


def elections_at(region: Region, first: date, last: date) -> QuerySet[Election]:
    """Elections whose window, from the fixing of candidates to the result, meets these days of the place."""
    open_still = Q(result_on__gte=first) | Q(result_on__isnull=True, voting_on__gte=first - RESULT_WITHIN)
    here = Q(region__isnull=True) | Q(region__in=region.prefixes)
    return Election.objects.filter(open_still, here, candidates_fixed_on__lte=last)


def asked_of(event: Event) -> list[Asked]:
    """The elections in whose window the event's days or today stand, at the place. Two queries; one where none does.

    The event is read as it stands on the instance, so that a date about to be saved is asked about too.
    """
    today = at_place(timezone.now(), event.timezone).date()
    spans = {(today, today), *_days_of(event)}
    found: dict[int, Election] = {}
    for election in elections_at(event.region, min(a for a, _b in spans), max(b for _a, b in spans)):
        if any(_in_window(election, span) for span in spans):
            found[election.pk] = election
    if not found:
        return []
    checks = {row.election_id: row for row in event.neutrality_checks.filter(election__in=list(found))}
    return [
        Asked(election, any(_is_quiet(election, span) for span in spans), checks.get(pk))
        for pk, election in found.items()
    ]


def barred_of(event: Event, *also: Any) -> set[int | None]:
    """Whose tick does not count in quiet days: who drafted the event, who submitted it, and ``also``."""
    asked = Approval.objects.filter(event=event, state=ApprovalState.WAITING).values_list(
        "asked_by_id", flat=True
    )
    return {event.created_by_id, *asked, *(officer.pk for officer in also)} - {None}


def who_may_tick(event: Event, barred: Iterable[int | None]) -> list[Officer]:
    """A few officers of the host who may tick in quiet days, by name."""
    rows = Officer.objects.filter(unit=event.host_unit_id, is_active=True, role__in=_WHO_TICKS)
    return list(rows.exclude(pk__in=[pk for pk in barred if pk]).order_by("full_name")[:5])


def _days_of(event: Event) -> list[tuple[date, date]]:
    if event.starts_at is None:
        return []
    first = at_place(event.starts_at, event.timezone).date()
    return [(first, at_place(event.ends_at, event.timezone).date() if event.ends_at else first)]


def _in_window(election: Election, span: tuple[date, date]) -> bool:
    until = election.result_on or election.voting_on + RESULT_WITHIN
    return span[0] <= until and span[1] >= election.candidates_fixed_on


def _is_quiet(election: Election, span: tuple[date, date]) -> bool:
    return span[0] <= election.quiet_to and span[1] >= election.quiet_from
