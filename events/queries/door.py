"""What a phone at the door is given: the list once, then what changed. Names and seats, nothing else that is personal.

A row is ``[id, name, organisation, kind, qr, present_at, by]``. The cursor that follows the list names the last fact,
participant, line of the audit and link that were *settled*: what was written in the last minute is read once more at
the next call, because a transaction that began earlier may still have been under way. Rows may repeat, none is lost.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Officer
from audit.models import Entry
from events.choices import GUEST_KINDS, OFFICIAL_KINDS, ParticipantKind, WalkInConsent
from events.cursor import Cursor, cursor_from
from events.models import Device, Event, Participant, PledgePoint, Scan
from events.queries.devices import devices_waiting
from events.queries.tallies import tallies_of
from outbox.models import Link
from outbox.queries.links import live_links
from partners.choices import PartnerKind
from ui.times import zone_label

VERSION = 1
INVITATION_QR = "invitation_qr"
QR_LENGTH = 16
SETTLED_AFTER = timedelta(seconds=60)
PRESS = "press"
_COLUMNS = (
    *("public_id", "kind", "is_press", "partner__kind", "rank", "display_name"),
    *("institution", "unit__short_name"),
    *("attendance__at", "attendance__by_id", "attendance__scan__device_id"),
)
_SEATS = {ParticipantKind.PARTNER: "guest"}
# What the audit calls the people on the list; after a line about parts or personnel all of those are looked at again.
_PERSON = "participant"
_STAFF_VERBS = ("role.", "personnel.")
Row = list[Any]


def pack_of(device: Device) -> dict[str, Any]:
    """The whole list of the device's event. Nine queries at most, however many guests."""
    event, now = device.event, timezone.now()
    cursor = _settled(event, now)
    return {
        "v": VERSION,
        "made_at": moment(now),
        "cursor": str(cursor),
        "event": event_facts(event),
        "device": device_facts(device),
        "pledge": _pledge(event),
        "guests": rows_of(event),
    }


def changes_of(event: Event, since: str) -> dict[str, Any]:
    """What happened at the event since the cursor."""
    now = timezone.now()
    cursor = _settled(event, now)
    touched, with_staff = _touched(event, _read_here(cursor_from(since), cursor))
    touched.update(_forgotten(event))
    rows = rows_of(event, touched, with_staff=with_staff) if touched or with_staff else []
    shown = {row[0] for row in rows}
    left = {public_id.hex for public_id in touched}
    return {
        "cursor": str(cursor),
        "rows": rows,
        "gone": sorted(left - shown),
        "counts": counts_of(event),
        "devices_waiting": devices_waiting(event, now),
        "closed": not event.is_open,
        "server_time": moment(now),
        "event": event_facts(event),
    }


def rows_of(event: Event, only: set[UUID] | None = None, *, with_staff: bool = False) -> list[Row]:
    """A row for everybody on the list. Who was erased has none, and a guest without a name only while present.

    :param only: of these alone, and with ``with_staff`` of all personnel and officials too.
    """
    people = _people(event)
    if only is not None:
        people = people.filter(Q(public_id__in=only) | Q(kind__in=OFFICIAL_KINDS if with_staff else []))
    found = list(people.order_by("pk").values_list(*_COLUMNS))
    codes = _codes(event, None if only is None else [one[0] for one in found])
    phones, officers = _markers(event, found)
    nameless, rows = _("Guest without a name"), []
    for public_id, kind, press, trade, rank, name, place, unit, at, by, device in found:
        shown = f"{rank} {name}".strip() or (nameless if kind == ParticipantKind.WALK_IN else "")
        seat = _SEATS.get(kind, kind)
        if kind in GUEST_KINDS and (press or trade == PartnerKind.JOURNALIST):
            seat = PRESS
        elif kind == ParticipantKind.PERSONNEL:
            place = place or unit or ""
        marked = (moment(at), phones.get(device) or officers.get(by, "")) if at else (None, None)
        rows.append([public_id.hex, shown, place, seat, codes.get(public_id), *marked])
    return rows


def counts_of(event: Event) -> dict[str, int]:
    """The figures on the phone's strip and in *Laporan cepat*: those of the event's page."""
    tallies = tallies_of(event)
    return {
        "present": tallies.present,
        "invited": tallies.invited,
        "walk_ins": tallies.walk_in,
        "officials": tallies.officials,
        "personnel": tallies.personnel,
        "pledged": tallies.pledges,
    }


def moment(instant: datetime) -> str:
    """As the phone reads it: UTC, to the millisecond."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_facts(event: Event) -> dict[str, Any]:
    return {
        "id": str(event.public_id),
        "title": event.title,
        "venue": event.venue,
        "starts_at": moment(event.starts_at) if event.starts_at else None,
        "timezone": event.timezone,
        "zone": zone_label(event.timezone),
        "state": event.state,
    }


def device_facts(device: Device) -> dict[str, Any]:
    return {
        "id": str(device.public_id),
        "label": device.label,
        "kind": device.kind,
        "expires_at": moment(device.expires_at),
        "last_sequence": device.last_sequence,
    }


def _people(event: Event) -> QuerySet[Participant]:
    nameless_partner = Q(kind=ParticipantKind.PARTNER, partner__isnull=True, display_name="")
    nobody_yet = Q(kind=ParticipantKind.WALK_IN, display_name="", attendance__isnull=True)
    return Participant.objects.filter(event=event).exclude(nameless_partner | nobody_yet)


def _forgotten(event: Event) -> list[UUID]:
    """Who was erased since: their name must leave the phone too. Nothing else tells of it: the line of the audit is
    about the person, not about the event. A walk-in who was counted stays, as a guest without a name."""
    erased = Q(kind=ParticipantKind.PARTNER, partner__isnull=True)
    had_a_name = Q(kind=ParticipantKind.WALK_IN) & ~Q(walk_in_consent=WalkInConsent.ANONYMOUS)
    nameless = Participant.objects.filter(erased | had_a_name, event=event, display_name="")
    return list(nameless.order_by().values_list("public_id", flat=True))


def _codes(event: Event, only: list[UUID] | None) -> dict[UUID, str]:
    """The first half of the hash of each invitation's code that is live: enough to know it by, no use to make one."""
    everybody = Participant.objects.filter(event=event).values("public_id")
    targets: Any = everybody if only is None else only
    found = live_links().filter(purpose=INVITATION_QR, target_public_id__in=targets)
    return {target: code[:QR_LENGTH] for target, code in found.values_list("target_public_id", "token_hash")}


def _markers(event: Event, found: list[Any]) -> tuple[dict[UUID, str], dict[int, str]]:
    """Labels of the event's phones, and names of the officers who marked."""
    phones = {row[-1] for row in found if row[-1] is not None}
    officers = {row[-2] for row in found if row[-2] is not None}
    labels = Device.objects.filter(event=event).order_by().values_list("public_id", "label") if phones else ()
    names = (
        Officer.objects.filter(pk__in=officers).order_by().values_list("pk", "full_name") if officers else ()
    )
    return dict(labels), dict(names)


def _pledge(event: Event) -> dict[str, Any] | None:
    if event.pledge_text_id is None:
        return None
    points = list(
        PledgePoint.objects.filter(text=event.pledge_text_id).select_related("text").order_by("number")
    )
    if not points:
        return None
    text = points[0].text
    return {
        "id": str(text.public_id),
        "title": text.title,
        "preamble": text.preamble,
        "points": [point.body for point in points],
    }


def _settled(event: Event, now: datetime) -> Cursor:
    """The last of each that is old enough to have nothing before it still under way. One query."""
    before = now - SETTLED_AFTER
    of_event = OuterRef("pk")
    last = (
        Scan.objects.filter(event=of_event, received_at__lt=before),
        Participant.objects.filter(event=of_event, added_at__lt=before),
        Entry.objects.filter(at__lt=before),
        Link.objects.filter(created_at__lt=before),
    )
    newest = [Coalesce(Subquery(rows.order_by("-pk").values("pk")[:1]), 0) for rows in last]
    return Cursor(*Event.objects.filter(pk=event.pk).order_by().values_list(*newest)[0])


def _read_here(since: Cursor, settled: Cursor) -> Cursor:
    """From where to go on. A phone that has read further than there is anything read it in a database that was lost:
    what is written now takes the same keys once more. Scans and lines of the audit are never deleted; participants and
    links are, so that of those the last may be gone rightly."""
    is_lost = since.scan > settled.scan or since.entry > settled.entry
    return Cursor() if is_lost else since


def _touched(event: Event, since: Cursor) -> tuple[set[UUID], bool]:
    """Public ids of the participants about whom something was written, and whether a part or the personnel changed."""
    ids: set[UUID] = set()
    scans = Scan.objects.filter(event=event, pk__gt=since.scan, participant__isnull=False)
    ids.update(scans.order_by().values_list("participant__public_id", flat=True))
    added = Participant.objects.filter(event=event, pk__gt=since.participant)
    ids.update(added.order_by().values_list("public_id", flat=True))
    lines = Entry.objects.filter(pk__gt=since.entry, event_public_id=event.public_id)
    with_staff = False
    for kind, public_id, verb in lines.order_by().values_list("object_kind", "object_public_id", "verb"):
        if kind == _PERSON and public_id is not None:
            ids.add(public_id)
        with_staff = with_staff or verb.startswith(_STAFF_VERBS)
    links = Link.objects.filter(
        pk__gt=since.link,
        purpose=INVITATION_QR,
        target_public_id__in=Participant.objects.filter(event=event).values("public_id"),
    )
    ids.update(links.order_by().values_list("target_public_id", flat=True))
    return ids, with_staff
