"""Counting the figures of the first screen. Why so: docs/adr/tallies-by-sweep.md.

Whoever counts holds the one row of :class:`TallyClock`; another sweep that comes meanwhile leaves at once. Only what
differs is written, so a count that finds nothing new costs reading alone. No officer acts here and nothing is decided:
the figures can be counted anew at any time, so the audit has no line of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from audit.models import Entry
from events.choices import GUEST_KINDS, HELD_STATES, PLANNED_STATES, Answer
from events.models import Event, EventUnit, Participant, Pledge
from partners.choices import Keep, PartnerStatus
from partners.models import Partner
from reports.models import EventTally, PartnerTally, StopTally, TallyClock

# A line of the audit has its number before it is committed: so long a transaction may take and still be noticed.
LATE = timedelta(seconds=30)
# More lines than this since the last time, and everything is counted.
MANY = 2000
# The clock is written this often when nothing changed; the page shows minutes.
TICK = timedelta(seconds=30)
SOON = timedelta(days=7)

_OF_PARTNERS = {"partner", "consent"}
_PARTNER_FIGURES = ("confirmed", "unconfirmed", "prospective", "due")
_EVENT_FIGURES = ("invited", "awaiting", "guests", "pledges")

# A stop by (programme, region).
Stop = tuple[int | None, str]


@dataclass
class Changed:
    """What lines of the audit say may have changed: units by the people they hold, and events."""

    units: set[int] = field(default_factory=set)
    partners: set[UUID] = field(default_factory=set)
    events: set[UUID] = field(default_factory=set)


@transaction.atomic
def refresh() -> bool:
    """Count everything. False when somebody else is counting."""
    clock = _take_clock()
    if clock is None:
        return False
    _refresh(clock, timezone.now())
    return True


@transaction.atomic
def catch_up() -> bool:
    """Count again what has changed since the last time, as the audit tells. False when somebody else is counting."""
    clock = _take_clock()
    if clock is None:
        return False
    now = timezone.now()
    lines = _lines_after(clock.seen_entry)
    if clock.refreshed_at is None or len(lines) > MANY:
        _refresh(clock, now)
        return True
    changed = _changed_in(lines)
    _settle_partners(_units_of(changed))
    events = {pk: (program, region) for pk, program, region in _events_of(changed)}
    if events:
        _settle_events(list(events))
        _settle_stops({*events.values(), *_stops_naming(events)})
    seen = max((pk for pk, at, *_rest in lines if at < now - LATE), default=clock.seen_entry)
    if lines or clock.counted_at is None or now - clock.counted_at >= TICK:
        _set_clock(clock, counted_at=now, seen_entry=seen)
    return True


def _take_clock() -> TallyClock | None:
    TallyClock.objects.get_or_create(pk=1)
    return TallyClock.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def _set_clock(clock: TallyClock, **values: Any) -> None:
    for name, value in values.items():
        setattr(clock, name, value)
    clock.save(update_fields=list(values))


def _refresh(clock: TallyClock, now: datetime) -> None:
    before = Entry.objects.filter(at__lt=now - LATE).order_by("-pk").values_list("pk", flat=True).first()
    _settle_partners(None)
    _settle_events(None)
    _settle_stops(None)
    _set_clock(clock, counted_at=now, refreshed_at=now, seen_entry=before or 0)


# What changed


def _lines_after(seen: int) -> list[Any]:
    columns = ("pk", "at", "unit_id", "object_kind", "subject_public_id", "event_public_id")
    return list(Entry.objects.filter(pk__gt=seen).order_by("pk").values_list(*columns)[: MANY + 1])


def _changed_in(lines: Iterable[Any]) -> Changed:
    """A partner who moved is told of twice, once to each unit; one who was erased is known by the line's unit alone."""
    changed = Changed()
    for _pk, _at, unit_id, kind, subject, event in lines:
        if kind in _OF_PARTNERS:
            changed.units |= {unit_id} if unit_id else set()
            changed.partners |= {subject} if subject else set()
        if event:
            changed.events.add(event)
    return changed


def _units_of(changed: Changed) -> set[int]:
    if not changed.partners:
        return changed.units
    now_in = Partner.objects.filter(public_id__in=changed.partners).order_by()
    return changed.units | set(now_in.values_list("unit_id", flat=True).distinct())


def _events_of(changed: Changed) -> list[tuple[int, int | None, str]]:
    if not changed.events:
        return []
    found = Event.objects.filter(public_id__in=changed.events).order_by()
    return list(found.values_list("pk", "program_id", "region_id"))


def _stops_naming(events: Iterable[int]) -> list[Stop]:
    """Where these events stood until now: the region or the programme may have been another."""
    rows = StopTally.objects.filter(Q(held__in=list(events)) | Q(planned__in=list(events)))
    return list(rows.values_list("program_id", "region_id").distinct())


# Counting


def _settle_partners(units: set[int] | None) -> None:
    """Partners by unit and region; of these units, or of all."""
    if units is not None and not units:
        return
    partners, tallies = Partner.objects.order_by(), PartnerTally.objects.all()
    if units is not None:
        partners, tallies = partners.filter(unit__in=units), tallies.filter(unit__in=units)
    active, waiting = Q(status=PartnerStatus.ACTIVE), Q(status=PartnerStatus.PROSPECTIVE)
    until = timezone.localdate() + SOON
    rows = (
        partners.exclude(status=PartnerStatus.ARCHIVED)
        .values("unit_id", "region_id")
        .annotate(
            confirmed=Count("status", filter=active & Q(keep=Keep.CONFIRMED)),
            unconfirmed=Count("status", filter=active & Q(keep=Keep.UNCONFIRMED)),
            prospective=Count("status", filter=waiting),
            due=Count("status", filter=waiting & Q(decide_by__lte=until)),
        )
        .values_list("unit_id", "region_id", *_PARTNER_FIGURES)
    )
    wanted = {row[:2]: row[2:] for row in rows}
    _write(tallies, ("unit_id", "region_id"), _PARTNER_FIGURES, wanted)


def _settle_events(events: list[int] | None) -> None:
    """The sums of these events, or of all."""
    people, tallies = Participant.objects.order_by(), EventTally.objects.all()
    pledges = Pledge.objects.filter(withdrawn_at__isnull=True).order_by()
    if events is not None:
        people, tallies = people.filter(event__in=events), tallies.filter(event__in=events)
        pledges = pledges.filter(participant__event__in=events)
    sums = people.values("event_id").annotate(
        invited=Count("invitation"),
        awaiting=Count("invitation", filter=Q(invitation__answer=Answer.NONE)),
        guests=Count("attendance", filter=Q(kind__in=GUEST_KINDS)),
    )
    agreed = dict(
        pledges.values("participant__event_id")
        .annotate(n=Count("*"))
        .values_list("participant__event_id", "n")
    )
    wanted = {
        (pk,): (invited, awaiting, guests, agreed.get(pk, 0))
        for pk, invited, awaiting, guests in sums.values_list("event_id", *_EVENT_FIGURES[:3])
    }
    _write(tallies, ("event_id",), _EVENT_FIGURES, wanted)


def _settle_stops(stops: set[Stop] | None) -> None:
    """The last held and the next planned event of each unit, at these stops or at all."""
    events, tallies = (
        Event.objects.filter(state__in=[*HELD_STATES, *PLANNED_STATES]),
        StopTally.objects.all(),
    )
    if stops is not None:
        events, tallies = events.filter(_at(stops)), tallies.filter(_at(stops))
    beside: dict[int, list[int]] = {}
    for event_id, unit_id in EventUnit.objects.filter(event__in=events.order_by()).values_list(
        "event_id", "unit_id"
    ):
        beside.setdefault(event_id, []).append(unit_id)
    wanted: dict[tuple[Any, ...], list[int | None]] = {}
    columns = ("pk", "program_id", "region_id", "host_unit_id", "state")
    # A postponed event without a date is the next one only where none has a date.
    for pk, program, region, host, state in events.order_by(
        F("starts_at").asc(nulls_last=True), "pk"
    ).values_list(*columns):
        for unit in {host, *beside.get(pk, [])}:
            place = wanted.setdefault((program, region, unit), [None, None])
            if state in HELD_STATES:
                place[0] = pk
            elif place[1] is None:
                place[1] = pk
    found = {key: tuple(place) for key, place in wanted.items()}
    _write(tallies, ("program_id", "region_id", "unit_id"), ("held_id", "planned_id"), found)


def _at(stops: set[Stop]) -> Q:
    """An OR over the few stops that changed."""
    condition = Q(pk__in=[])
    for program, region in stops:
        condition |= Q(program=program, region=region)
    return condition


def _write(
    tallies: models.QuerySet[Any],
    keys: Sequence[str],
    figures: Sequence[str],
    wanted: dict[tuple[Any, ...], tuple[Any, ...]],
) -> None:
    """Make ``tallies`` say what was counted. What differs goes and comes anew: one statement each."""
    over: list[int] = []
    for row in tallies.values_list("pk", *keys, *figures):
        key, standing = row[1 : 1 + len(keys)], row[1 + len(keys) :]
        if wanted.get(key) == standing:
            del wanted[key]
        else:
            over.append(row[0])
    if over:
        tallies.model._default_manager.filter(pk__in=over).delete()
    tallies.model._default_manager.bulk_create(
        [
            tallies.model(**dict(zip((*keys, *figures), (*key, *counted), strict=True)))
            for key, counted in wanted.items()
        ],
        batch_size=1000,
    )
