"""Carrying people to the unit that now polices where they live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Officer
from accounts.moves import Move
from accounts.queries.territory import today_in, whole_territory
from audit.recording import record
from jobs import operations as jobs
from jobs.kinds import Step
from jobs.models import Job
from partners import lifecycle
from partners.models import Partner
from regions.models import Region

KIND = "partners.move"
BATCH = 500
# More than these are moved in the background.
AT_ONCE = 2000


@transaction.atomic
def move(moves: Sequence[Move], *, by: Any | None) -> Job | None:
    """Move the people of these regions from one unit to another, now, or by a job when they are many.

    :param by: the administrator, or None when a day came.
    :returns: the job, None when it is done. A job that waits for the same moves is not queued twice.
    """
    wanted = [[move.region, move.from_id] for move in moves if move.to_id is not None]
    arguments = {"from": sorted(wanted), "by": getattr(by, "pk", None)}
    if sum(move.people for move in moves) > AT_ONCE:
        waiting = Job.objects.filter(kind=KIND, state__in=jobs.OPEN_STATES)
        if by is None and waiting.exists():
            return waiting.first()
        return jobs.enqueue(kind=KIND, by=by, arguments=arguments)
    last = 0
    while batch := _batch(arguments, last):
        last = _carry(batch, by=by)
    return None


def count_all(arguments: dict[str, Any]) -> int:
    return Partner.objects.filter(_of(arguments)).count()


def step(arguments: dict[str, Any], cursor: Any) -> Step:
    """The next few hundred, by id; whoever has moved is no more where they were, so it may be repeated."""
    by = Officer.objects.filter(pk=arguments["by"]).first() if arguments["by"] else None
    batch = _batch(arguments, cursor.get("last", 0) if cursor else 0)
    if not batch:
        return Step(done=0)
    last = _carry(batch, by=by)
    return Step(done=len(batch), cursor={"last": last} if len(batch) == BATCH else None)


def _of(arguments: dict[str, Any]) -> Q:
    regions: dict[int, list[str]] = {}
    for region, unit_id in arguments["from"]:
        regions.setdefault(unit_id, []).append(region)
    wanted = Q(pk__in=[])
    for unit_id, codes in regions.items():
        wanted |= Q(unit=unit_id, region__in=codes)
    return wanted


def _batch(arguments: dict[str, Any], last: int) -> list[Partner]:
    rows = Partner.objects.select_for_update().filter(_of(arguments), pk__gt=last)
    return list(rows.order_by("pk")[:BATCH])


def _carry(batch: list[Partner], *, by: Any | None) -> int:
    """To whoever polices the region by now, which another change may have made a third unit. Returns the last id."""
    territory = whole_territory()
    regions = Region.objects.in_bulk({partner.region_id for partner in batch})
    days = {code: today_in(region) for code, region in regions.items()}
    holders = {code: territory.holder_of(code, day) for code, day in days.items()}
    now = timezone.now()
    going: dict[int, list[Partner]] = {}
    for partner in batch:
        to = holders[partner.region_id]
        if to is not None and to != partner.unit_id:
            going.setdefault(to, []).append(partner)
    for to, partners in going.items():
        Partner.objects.filter(pk__in=[partner.pk for partner in partners]).update(unit=to, updated_at=now)
        for partner in partners:
            before, partner.unit_id = partner.unit_id, to
            record(
                by=by,
                verb="partner.moved",
                obj=partner,
                unit_id=before,
                subject=partner.public_id,
                fields=["unit"],
            )
            lifecycle.tell_moved(partner, by=by)
    return batch[-1].pk
