"""Walk-ins who may be, or turned out to be, somebody else of the same list.

That a walk-in is another guest stands nowhere but in what was said of their facts: a review lets them speak about that
guest (:func:`events.operations.matches.match`), and the row of the walk-in keeps neither name nor contact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from rapidfuzz.distance import OSA

from accounts.models import Officer
from events.choices import GUEST_KINDS, ParticipantKind, WalkInConsent
from events.derivation import PRESENCE
from events.models import Device, Event, Participant, Scan, ScanReview
from events.queries.participants import matching_name, participants_visible_to
from partners.search import normalised

MOST_LIKELY, MOST_FOUND, MOST_OF_A_NAME = 8, 30, 300
# How near a word of one name must be to a word of the other, of 1; and how many letters make a word at all.
_NEAR, _WORD = 0.75, 3
# How people are spoken to: "Ibu Sari" says no more than "Sari". Folded as names are.
_ADDRESS = frozenset(
    normalised(word)
    for word in (
        *("ibu", "bu", "bapak", "bpk", "pak", "bang", "abang", "kak", "kakak", "mas", "mbak", "om", "tante"),
        *("haji", "hajah", "hj", "ustaz", "ustazah", "pendeta", "pdt", "dr", "drs", "dra", "kang", "teh"),
    )
)


@dataclass(frozen=True)
class Coming:
    """A walk-in who is present: ``by`` is the phone, or the officer who marked on the roll."""

    person: Participant
    at: datetime
    by: str


@dataclass(frozen=True)
class Namesakes:
    """Walk-ins of one name whom different phones, or a phone and the roll, let in: one person who counts twice, or
    people of one name. Who of them stands in no registry may be matched."""

    name: str
    coming: list[Coming]


@dataclass(frozen=True)
class Matched:
    """A walk-in who turned out to be ``person``; ``by`` said so. Their own name is gone."""

    walk_in: Participant
    person: Participant
    came_at: datetime
    at: datetime
    by: str


def same_people(ids: Iterable[int]) -> dict[int, Participant]:
    """Of these participants the walk-ins who turned out to be another guest: that guest, by the walk-in's key."""
    reviews = (
        _matches().filter(scan__participant__in=list(ids)).select_related("participant__partner", "scan")
    )
    return {review.scan.participant_id: review.participant for review in reviews}  # type: ignore[misc]


def who_is(participant: Participant) -> Participant:
    """Whom facts about this row of the list are about: the row itself, or the guest whom a walk-in turned out to be."""
    if participant.kind != ParticipantKind.WALK_IN:
        return participant
    return same_people([participant.pk]).get(participant.pk, participant)


def walk_in_named(user: Any, event_id: UUID, participant_id: UUID) -> QuerySet[Participant]:
    """One walk-in of an event that the officer can see."""
    rows = participants_visible_to(user).filter(event__public_id=event_id, kind=ParticipantKind.WALK_IN)
    return rows.filter(public_id=participant_id).select_related("event", "attendance__scan", "partner")


def guest_named(event: Event, participant_id: UUID) -> QuerySet[Participant]:
    """One person of an event, of whatever kind."""
    rows = Participant.objects.filter(event=event, public_id=participant_id)
    return rows.select_related("partner", "attendance__scan", "delegate_for")


def unknown_walk_ins(event: Event) -> list[Coming]:
    """Walk-ins who are present, gave a name for tonight and stand in no registry, in the order in which they came.
    Three queries."""
    rows = (
        Participant.objects.filter(
            event=event,
            kind=ParticipantKind.WALK_IN,
            walk_in_consent=WalkInConsent.TONIGHT,
            partner__isnull=True,
            attendance__isnull=False,
        )
        .exclude(display_name="")
        .select_related("attendance__scan")
        .order_by("attendance__at", "pk")
    )
    return came(event, rows)


def namesakes_of(event: Event) -> list[Namesakes]:
    """A hint and no more, by name, of the first ``MOST_OF_A_NAME`` who share one. Three queries."""
    many = _of_one_name(event).select_related("attendance__scan")
    found = many.order_by("search_key", "attendance__at", "pk")[:MOST_OF_A_NAME]
    groups: dict[str, list[Coming]] = {}
    for one in came(event, found):
        groups.setdefault(one.person.search_key, []).append(one)
    return [
        Namesakes(group[0].person.display_name, group)
        for group in groups.values()
        if len({_phone(one.person.attendance.scan) for one in group}) > 1
    ]


def namesakes_are_cut(event: Event) -> bool:
    """Whether :func:`namesakes_of` looks at some of them only."""
    return _of_one_name(event).count() > MOST_OF_A_NAME


def came(event: Event, people: Iterable[Participant]) -> list[Coming]:
    """When and by which phone these came, who are all present. Two queries."""
    found = list(people)
    scans = [person.attendance.scan for person in found]
    labels = dict(Device.objects.filter(event=event).order_by().values_list("public_id", "label"))
    names = _names(scan.by_id for scan in scans)
    return [
        Coming(person, person.attendance.at, _by(scan, labels, names))
        for person, scan in zip(found, scans, strict=True)
    ]


def matched_walk_ins(event: Event) -> list[Matched]:
    """Walk-ins who turned out to be somebody else, the latest first. Two queries."""
    rows = _matches().filter(scan__event=event).select_related("scan__participant", "participant")
    reviews = {review.scan.participant_id: review for review in rows}
    names = _names(review.by_id for review in reviews.values())
    found = [
        Matched(
            review.scan.participant,  # type: ignore[arg-type]
            review.participant,  # type: ignore[arg-type]
            review.scan.at,
            review.at,
            names.get(review.by_id, ""),
        )
        for review in reviews.values()
    ]
    return sorted(found, key=lambda one: (one.at, one.walk_in.pk), reverse=True)


def likely_to_be(walk_in: Participant) -> list[Participant]:
    """Who of the list may be this walk-in, by words of the name; who is not present yet first. Two queries."""
    words = _words(walk_in.display_name)
    if not words:
        return []
    names = _others(walk_in).exclude(display_name="")
    ranked: list[tuple[bool, float, int, int]] = []
    for pk, name, mark in names.order_by("search_key", "pk").values_list("pk", "display_name", "attendance"):
        likeness = _likeness(words, normalised(name).split())
        if likeness:
            ranked.append((mark is not None, -likeness, len(ranked), pk))
    best = [pk for *_rank, pk in sorted(ranked)[:MOST_LIKELY]]
    people = {person.pk: person for person in _others(walk_in).filter(pk__in=best)}
    return [people[pk] for pk in best if pk in people]


def others_named(walk_in: Participant, text: str) -> list[Participant]:
    """Others of the list whose name or organisation is like ``text``. One query."""
    return list(matching_name(_others(walk_in), text).order_by("search_key", "pk")[:MOST_FOUND])


def _others(walk_in: Participant) -> QuerySet[Participant]:
    """Guests of the same list, without those who have no name any more; a delegate's may follow."""
    nobody = Q(display_name="", organization__isnull=True, delegate_for__isnull=True)
    rows = Participant.objects.filter(event=walk_in.event_id, kind__in=GUEST_KINDS)
    return (
        rows.exclude(pk=walk_in.pk).exclude(nobody).select_related("attendance", "invitation", "delegate_for")
    )


def _matches() -> QuerySet[ScanReview]:
    """What was said of facts of walk-ins without a name: that they are about another guest, whether or not they count.
    The fact by which a walk-in came stands last: where a single tap on their entry was found to be about somebody else,
    it says who they are."""
    rows = ScanReview.objects.filter(
        participant__isnull=False,
        scan__kind__in=PRESENCE,
        scan__participant__kind=ParticipantKind.WALK_IN,
        scan__participant__display_name="",
    ).exclude(participant=F("scan__participant"))
    return rows.order_by("scan__kind", "-decision", "-scan__at", "-scan__pk")


def _of_one_name(event: Event) -> QuerySet[Participant]:
    """Walk-ins who are present and share their name with another."""
    present = Participant.objects.filter(event=event, kind=ParticipantKind.WALK_IN, attendance__isnull=False)
    rows = present.exclude(display_name="")
    often = rows.order_by().values("search_key").annotate(found=Count("pk")).filter(found__gt=1)
    return rows.filter(search_key__in=often.values("search_key"))


def _words(name: str) -> list[str]:
    words = [word for word in normalised(name).split() if word not in _ADDRESS]
    return words if any(len(word) >= _WORD for word in words) else []


def _likeness(words: list[str], others: list[str]) -> float:
    """From 0 (not one word in common) to 1 (each word of the walk-in's name is in the other)."""
    near = [max((_near(word, other) for other in others), default=0.0) for word in words]
    is_known = any(value for word, value in zip(words, near, strict=True) if len(word) >= _WORD)
    return sum(near) / len(near) if is_known else 0.0


def _near(word: str, other: str) -> float:
    if other.startswith(word):
        return 1.0 if len(word) >= _WORD else 0.5
    return OSA.normalized_similarity(word, other, score_cutoff=_NEAR)


def _phone(scan: Scan) -> UUID | int | None:
    return scan.device_id or scan.by_id


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in ids if pk is not None}
    return dict(Officer.objects.filter(pk__in=wanted).order_by().values_list("pk", "full_name"))


def _by(scan: Scan, labels: dict[UUID, str], names: dict[int, str]) -> str:
    label = labels.get(scan.device_id, "") if scan.device_id else ""
    return label or (names.get(scan.by_id, "") if scan.by_id else "")
