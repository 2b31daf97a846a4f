"""The next stop of a tour, copied from one that stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import unit_for
from events.choices import RoleKind, UnitPart
from events.models import Event, EventRole, Participant
from events.operations import agenda, events, roles
from events.operations.locking import lock
from events.rules import can_change_event
from regions.models import Region
from ui.times import at_place

# What is the same at every stop.
SAME = (
    *("kind", "program", "host_unit", "capacity", "topics", "pledge_text"),
    *("dress", "contact_name", "contact_phone", "contact_officer", "is_demo"),
)
_AS_PERSON = ("role", "rank", "full_name", "title_after", "acting_prefix", "position", "institution")
_KINDS_OF_REGENCY = ("Kabupaten ", "Kota ")


@transaction.atomic
def copy(
    *,
    event: Event,
    by: Any,
    region: Region,
    venue: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    has_time: bool = True,
    part_of_day: str = "",
    also: Iterable[EventRole] = (),
) -> Event:
    """Write the draft of the same event at another place. No guest comes along.

    The unit that polices the new place is co-host instead of the one that policed the old. Who leads comes along, and
    of the others with a part those named in ``also``: the head of the local unit that accompanied is another one there.
    The last day for answers keeps its distance from the event.

    :raises ValidationError: ``not_ones_own`` for an event that the actor may not change; and those of
        :func:`events.operations.events.create`.
    """
    lock(event)
    if not can_change_event(by, event):
        raise ValidationError(_("Only the host can copy this event."), code="not_ones_own")
    co_hosts, invited = _units_at(event, region, starts_at)
    draft = events.create(
        by=by,
        title=title_at(event.title, event.region, region),
        region=region,
        venue=venue,
        starts_at=starts_at,
        ends_at=ends_at,
        has_time=has_time,
        part_of_day=part_of_day,
        answer_by=_answer_by(event, region, starts_at),
        co_hosts=co_hosts,
        invited_units=invited,
        copied_from=event,
        **{name: getattr(event, name) for name in SAME if name != "contact_officer"},
        contact_officer=_in_charge(event, by),
    )
    lines: list[dict[str, Any]] = [dict(line) for line in event.agenda.values("starts", "kind", "title")]
    if lines:
        agenda.replace(event=draft, by=by, items=lines)
    _take_people(event, draft, by, {person.pk for person in also})
    return draft


def title_at(title: str, old: Region, new: Region) -> str:
    """The title with the new place's name wherever it named the old one: regency, city or district."""
    names = _names(old, new)
    if not names:
        return title
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(
        rf"\b(?:{longest_first})\b",
        lambda found: _in_case_of(found.group(), names[found.group().lower()]),
        title,
        flags=re.IGNORECASE,
    )[:160]


def _names(old: Region, new: Region) -> dict[str, str]:
    """Each way of naming the old place, in small letters → the same way of naming the new one."""
    found: dict[str, str] = {}
    regencies = _regency_of(old), _regency_of(new)
    pairs = [regencies] if None not in regencies else []
    if old.level == "district":
        pairs.append((old, new))
    for before, after in pairs:
        assert before is not None and after is not None
        found[_short(before).lower()] = _short(after)
        found[before.name.lower()] = after.name
        if before.short_name:
            found[before.short_name.lower()] = after.short_name or _short(after)
    return found


def _regency_of(region: Region) -> Region | None:
    return {"district": region.parent, "regency": region}.get(region.level)


def _short(region: Region) -> str:
    name = region.name
    for kind in _KINDS_OF_REGENCY:
        name = name.removeprefix(kind)
    return name


def _in_case_of(written: str, name: str) -> str:
    return name.upper() if written.isupper() and not name.isupper() and len(written) > 1 else name


def _units_at(event: Event, region: Region, starts_at: datetime | None) -> tuple[list[Unit], list[Unit]]:
    """Co-hosts and invited units at the new place. Units that are no longer active stay behind."""
    beside = list(event.event_units.filter(unit__is_active=True).select_related("unit"))
    co_hosts = [row.unit for row in beside if row.part == UnitPart.CO_HOST]
    invited = [row.unit for row in beside if row.part == UnitPart.INVITED]
    before = unit_for(event.region, _day(event.starts_at, event.timezone))
    if before is None or before not in co_hosts:
        return co_hosts, invited
    after = unit_for(region, _day(starts_at, region.timezone))
    if after is None or after.pk == event.host_unit_id:
        return [unit for unit in co_hosts if unit != before], invited
    others = [unit for unit in co_hosts if unit not in (before, after)]
    return [*others, after], [unit for unit in invited if unit != after]


def _day(instant: datetime | None, zone: str) -> date:
    return at_place(instant or timezone.now(), zone).date()


def _answer_by(event: Event, region: Region, starts_at: datetime | None) -> date | None:
    if event.answer_by is None or event.starts_at is None or starts_at is None:
        return None
    ahead = at_place(event.starts_at, event.timezone).date() - event.answer_by
    return at_place(starts_at, region.timezone).date() - ahead


def _in_charge(event: Event, by: Any) -> Any:
    """The same officer while the account is still of the host unit, else whoever copies."""
    officer = event.contact_officer
    stays = officer is not None and officer.is_active and officer.unit_id == event.host_unit_id
    return officer if stays else by


def _take_people(event: Event, draft: Event, by: Any, also: set[int]) -> None:
    seats = Participant.objects.filter(event=event, role__isnull=False).select_related("unit")
    units = {seat.role_id: seat.unit for seat in seats}
    for person in event.roles.order_by("role", "order", "pk"):
        if person.role != RoleKind.LEADER and person.pk not in also:
            continue
        unit = units.get(person.pk)
        roles.add(event=draft, by=by, unit=unit, **{name: getattr(person, name) for name in _AS_PERSON})
