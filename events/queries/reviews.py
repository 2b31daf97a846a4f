"""What an officer has to look at after an evening at the door, and what two phones saw differently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Officer
from events.choices import ScanKind, ScanState
from events.derivation import PRESENCE, VALID, counts, derive, standing
from events.models import Device, Event, Participant, Scan
from events.queries.facts import Fact, facts_about
from events.queries.matches import same_people

# More than an evening brings; the page says so where it is reached.
MOST = 300


@dataclass(frozen=True)
class Doubt:
    """A fact that does not count yet: about whom, by which phone, and why."""

    scan: Scan
    person: Participant | None
    by: str


@dataclass(frozen=True)
class Mark:
    """One fact about a person, as a line: ``what`` is a word of :class:`ScanKind`."""

    at: datetime
    by: str
    what: str
    is_undone: bool
    wins: bool


@dataclass(frozen=True)
class Conflict:
    """Somebody about whom two phones, or a phone and the roll, said something."""

    person: Participant
    marks: list[Mark]
    is_present: bool
    is_disputed: bool


def open_reviews(event: Event) -> QuerySet[Scan]:
    """Facts that nobody has looked at, and that nobody took back meanwhile."""
    undone = Scan.objects.filter(undoes=OuterRef("pk"), state__in=VALID)
    return Scan.objects.filter(event=event, state=ScanState.NEEDS_REVIEW, review__isnull=True).exclude(
        Exists(undone)
    )


def doubts_of(event: Event) -> list[Doubt]:
    """Those facts in the order of their time, with names; four queries, at most ``MOST`` rows."""
    scans = list(
        open_reviews(event).select_related("participant", "undoes__participant").order_by("at", "pk")[:MOST]
    )
    same = same_people(scan.participant_id for scan in scans if scan.participant_id)
    labels = dict(Device.objects.filter(event=event).order_by().values_list("public_id", "label"))
    officers = dict(
        Officer.objects.filter(pk__in={scan.by_id for scan in scans if scan.by_id})
        .order_by()
        .values_list("pk", "full_name")
    )
    return [
        Doubt(
            scan,
            same.get(scan.participant_id or 0)
            or scan.participant
            or (scan.undoes.participant if scan.undoes else None),
            labels.get(scan.device_id) or officers.get(scan.by_id, ""),  # type: ignore[arg-type]
        )
        for scan in scans
    ]


def doubt_named(event: Event, name: UUID) -> QuerySet[Scan]:
    """One fact to be looked at."""
    return open_reviews(event).filter(client_uuid=name)


def _marked_often(event: Event) -> QuerySet[Any, int]:
    """Whom more than one fact is about, by key: among them are all about whom two phones said something."""
    return (
        Scan.objects.filter(event=event, kind__in=[*PRESENCE, ScanKind.UNDO])
        .order_by()
        .values(about=Coalesce("review__participant", "participant"))
        .annotate(marks=Count("pk"))
        .filter(about__isnull=False, marks__gt=1)
        .values_list("about", flat=True)
    )


def conflicts_are_cut(event: Event) -> bool:
    """Whether :func:`conflicts_of` looks at some of them only."""
    return _marked_often(event).count() > MOST


def conflicts_of(event: Event) -> list[Conflict]:
    """People whom more than one phone marked, or one marked and another officer took back; those in dispute first. Of
    those who were marked often, the first ``MOST`` by name are looked at."""
    many = _marked_often(event)
    people = list(Participant.objects.filter(pk__in=many).order_by("search_key", "pk")[:MOST])
    by_person: dict[int, list[Fact]] = {person.pk: [] for person in people}
    for fact in facts_about(by_person):
        if fact.about in by_person and counts(fact) and fact.kind != ScanKind.PLEDGE:
            by_person[fact.about].append(fact)
    found = [_conflict(person, by_person[person.pk]) for person in people]
    return sorted((one for one in found if one is not None), key=lambda one: not one.is_disputed)


def _conflict(person: Participant, facts: list[Fact]) -> Conflict | None:
    here = [fact for fact in facts if fact.kind in PRESENCE]
    named = {fact.pk for fact in here} | {fact.client_uuid for fact in here}
    undos = [
        fact
        for fact in facts
        if fact.kind == ScanKind.UNDO and (fact.undoes_id in named or fact.undoes_uuid in named)
    ]
    officers = {fact.by_id for fact in here}
    phones = {fact.device_id or fact.by_id for fact in here}
    by_another = [undo for undo in undos if undo.by_id not in officers and undo.device_id not in phones]
    if len(phones) < 2 and not by_another:
        return None
    left, winner = {fact.pk for fact in standing(facts)}, derive(facts)
    marks = [
        Mark(fact.at, fact.label, fact.kind, fact.kind in PRESENCE and fact.pk not in left, fact is winner)
        for fact in sorted([*here, *undos], key=lambda fact: (fact.at, fact.pk))
    ]
    return Conflict(person, marks, winner is not None, bool(by_another or (undos and winner)))
