"""Phones at the door: by their token, and until when they are admitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, DateTimeField, Field, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Officer
from events.choices import DeviceKind, EventState
from events.models import Device, Event, Scan
from events.queries.events import events_visible_to
from events.queries.statements import as_time, instant
from outbox.links import TOKEN_LENGTH, hash_of
from outbox.models import Link

LIVE, REVOKED, EXPIRED = "live", "revoked", "expired"
# How a one-time link for a helper's phone is called in the outbox; its target is the device.
HELPER_LINK = "door_device"
AFTER_THE_END = timedelta(hours=24)
# An evening "s.d. selesai" is taken to last no longer than this; one whose hour is not known may begin late that day.
OPEN_END, HOUR_UNKNOWN = timedelta(hours=12), timedelta(hours=24)
WITHOUT_DATE = timedelta(hours=48)
# An open phone calls four times a minute; one that was not heard for this long may be noting guests out of reach.
QUIET = timedelta(minutes=10)
# By then who still comes to an evening "s.d. selesai" has come: a phone that was heard later has said what it holds.
USUAL_END = timedelta(hours=3)


def device_for(token: str) -> Device | None:
    """The phone that holds this token, revoked and expired ones too, with its event at hand. One query, asked with
    every call: where the database has all our types, its statement is put together once."""
    if len(token) != TOKEN_LENGTH:
        return None
    if connection.vendor != "postgresql":
        return Device.objects.select_related("event").filter(token_hash=hash_of(token)).first()
    statement, own, events = _device_statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [hash_of(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    row = [as_time(value) if isinstance(value, datetime) else value for value in row]
    device = Device.from_db(connection.alias, own, row[: len(own)])
    device.event = Event.from_db(connection.alias, events, row[len(own) :])
    return device


# What calls do not ask for is read when it is; each column takes its time.
_NOT_OWN = frozenset({"token_hash", "revoked_by_id", "last_seen_at", "clock_offset_ms", "client_version"})
_OF_EVENT = frozenset(
    {
        *(
            "id",
            "public_id",
            "host_unit_id",
            "title",
            "venue",
            "starts_at",
            "has_time",
            "ends_at",
            "timezone",
        ),
        *("pledge_text_id", "state"),
    }
)


@cache
def _device_statement() -> tuple[str, list[str], list[str]]:
    """It, and the names of the columns of the phone and of its event."""
    own = [field for field in Device._meta.concrete_fields if field.attname not in _NOT_OWN]
    events = [field for field in Event._meta.concrete_fields if field.attname in _OF_EVENT]
    columns = [_column("d", field) for field in own] + [_column("e", field) for field in events]
    tables = "events_device d JOIN events_event e ON e.id = d.event_id"
    statement = f"SELECT {', '.join(columns)} FROM {tables} WHERE d.token_hash = %s"
    return statement, [field.attname for field in own], [field.attname for field in events]


def _column(table: str, field: Field[Any, Any]) -> str:
    name = f"{table}.{field.column}"
    return instant(name) if isinstance(field, DateTimeField) else name


def state_of(device: Device, now: datetime | None = None) -> str:
    """Live, revoked or expired; revoked wins."""
    if device.revoked_at is not None:
        return REVOKED
    return LIVE if device.expires_at > (now or timezone.now()) else EXPIRED


def expiry_of(event: Event, now: datetime | None = None) -> datetime:
    """24 hours after the end of the event, wherever it takes place; 48 hours from now where there is no date. Where it
    was called off, 24 hours from now at the latest: whoever stands at that door still needs the list, and its names
    need not stay until the date that was. What was noted can be sent for as long as the phone holds it."""
    now = now or timezone.now()
    over = end_of(event.starts_at, event) + AFTER_THE_END if event.starts_at else now + WITHOUT_DATE
    return min(over, now + AFTER_THE_END) if event.state == EventState.CANCELLED else over


def end_of(starts_at: datetime, event: Event) -> datetime:
    """When an event that begins then is over, at the latest."""
    return event.ends_at or starts_at + (OPEN_END if event.has_time else HOUR_UNKNOWN)


@dataclass(frozen=True)
class HeardUntil:
    """From when on a phone must have been heard to have reported: one that noted something, and one that did not.
    Where it is None, nobody is waited for on that ground."""

    noted: datetime | None
    idle: datetime | None


def heard_until(event: Event, now: datetime) -> HeardUntil:
    """A phone without network cannot say that it notes: whoever was not heard of lately, or not after the evening was
    over, may hold facts. Before it begins, and where nobody knows when that is, only a phone that noted something is
    missed, and on a closed list none."""
    if not event.is_open:
        return HeardUntil(None, None)
    until = now - QUIET
    if event.starts_at is None:
        return HeardUntil(until, None)
    usual = USUAL_END if event.has_time else HOUR_UNKNOWN
    until = min(until, event.ends_at or event.starts_at + usual)
    return HeardUntil(until, until if now >= event.starts_at else None)


def is_unheard(device: Device, event: Event, now: datetime) -> bool:
    """Whether a phone that works at this door was silent for too long to have reported."""
    since = heard_until(event, now)
    until = since.noted if device.last_sequence else since.idle
    if until is None or device.last_seen_at is None or device.prepared_at is None:
        return False
    return device.last_seen_at < until and state_of(device, now) == LIVE


def unreported(event: Event, now: datetime | None = None) -> Q:
    """The phones of this event that have not reported: those that said they hold facts, and those not heard of.

    A number that is missing here (:func:`devices_of`) is no reason to wait: the phone said that it holds nothing more,
    and shows itself what was refused. ``events/operations/door_rows.py`` asks the same beside what it writes.
    """
    now = now or timezone.now()
    since, is_late = heard_until(event, now), Q(waiting__gt=0)
    if since.noted is not None:
        is_late |= Q(last_sequence__gt=0, last_seen_at__lt=since.noted)
    if since.idle is not None:
        is_late |= Q(last_sequence=0, last_seen_at__lt=since.idle)
    is_live = Q(token_hash__isnull=False, revoked_at__isnull=True, expires_at__gt=now)
    return is_late & is_live & Q(prepared_at__isnull=False)


def devices_waiting(event: Event, now: datetime | None = None) -> int:
    """How many phones have not reported."""
    return Device.objects.filter(unreported(event, now), event=event).count()


def devices_visible_to(user: Any) -> QuerySet[Device]:
    """The phones of events that the officer can see and whose door they may run."""
    if not user.can("door.run"):
        return Device.objects.none()
    return Device.objects.filter(event__in=events_visible_to(user))


def devices_of(event: Event) -> list[Device]:
    """All phones of one event, those that are admitted first. Two queries.

    Each with ``officer_name``, ``standing``, ``is_unheard`` and ``missing``: how many of the facts that it numbered
    never came, because they were refused or are lost.
    """
    devices = list(
        Device.objects.filter(event=event).annotate(received=_received()).order_by("created_at", "pk")
    )
    names = dict(
        Officer.objects.filter(pk__in={device.officer_id for device in devices})
        .order_by()
        .values_list("pk", "full_name")
    )
    now = timezone.now()
    for device in devices:
        device.event = event
        device.officer_name = names.get(device.officer_id, "")  # type: ignore[attr-defined]
        device.standing = state_of(device, now)  # type: ignore[attr-defined]
        device.is_unheard = is_unheard(device, event, now)  # type: ignore[attr-defined]
        device.missing = max(device.last_sequence - device.received, 0)  # type: ignore[attr-defined]
    return sorted(devices, key=lambda device: device.standing != LIVE)  # type: ignore[attr-defined]


def device_figures(event: Event, user: Any) -> dict[str, int]:
    """How many phones are admitted, how many of them have not reported, and how many the officer has prepared as their
    own. One query."""
    now = timezone.now()
    live = Device.objects.filter(
        event=event, token_hash__isnull=False, revoked_at__isnull=True, expires_at__gt=now
    )
    own = Q(officer_id=user.pk, prepared_at__isnull=False) & ~Q(kind=DeviceKind.HELPER)
    return live.aggregate(
        phones=Count("pk"), waiting=Count("pk", filter=unreported(event, now)), own=Count("pk", filter=own)
    )


def free_label(event: Event, user: Any) -> str:
    """A name that no phone of this event has yet, such as "Kubar-2": the unit's last word, counted on."""
    word = (user.unit.short_name.split() or [""])[-1][:30] if user.unit_id else "HP"
    taken = set(Device.objects.filter(event=event).values_list("label", flat=True))
    return next(label for n in range(1, len(taken) + 2) if (label := f"{word}-{n}") not in taken)


def device_by_link(token: str) -> tuple[Link, Device] | None:
    """The link of this token, live or over, and the phone it is for, with its event at hand."""
    link = Link.objects.filter(purpose=HELPER_LINK, token_hash=hash_of(token)).first()
    if link is None:
        return None
    rows = Device.objects.select_related("event__region__parent__parent")
    device = rows.filter(public_id=link.target_public_id).first()
    return None if device is None else (link, device)


def _received() -> Coalesce:
    """How many of a phone's facts are here, up to the last number that it is known to have given."""
    here = Scan.objects.filter(
        device_id=OuterRef("public_id"), device_sequence__lte=OuterRef("last_sequence")
    )
    counted = here.order_by().values("device_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
