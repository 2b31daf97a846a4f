"""What is known of a sheet that was typed in before."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from events.choices import ScanKind, ScanSource
from events.models import AttendanceSheet, Event, Participant, Pledge, Scan
from partners.search import search_key_for


def name_of_fact(sheet: AttendanceSheet, number: int, who: str) -> uuid.UUID:
    """The name under which one row's fact is written: the same sheet, row and person always give the same.

    Made under the key, for it outlives the person: facts stay when a name is erased, and from a plain hash of a name
    whoever reads the table could find out whether somebody stood on that sheet.
    """
    message = f"key_in|{sheet.public_id}|{number}|{search_key_for(who) if who else ''}".encode()
    digest = hmac.digest(settings.TOKEN_KEY.encode(), message, "sha256")
    return uuid.UUID(bytes=digest[:16], version=4)


def is_written(client_uuid: uuid.UUID) -> bool:
    return Scan.objects.filter(client_uuid=client_uuid).exists()


def typed_at(scan_id: int) -> datetime | None:
    """When a mark was typed in from paper; None for any other."""
    typed = Scan.objects.filter(pk=scan_id, source=ScanSource.PAPER).order_by()
    return typed.values_list("received_at", flat=True).first()


def walk_ins_typed_in(sheet: AttendanceSheet) -> dict[int, Participant]:
    """Who was typed into which empty row of this sheet before. One query."""
    numbers = range(len(sheet.rows) + 1, sheet.last_number + 1)
    facts = (
        Scan.objects.filter(event=sheet.event_id, source=ScanSource.PAPER, kind=ScanKind.WALK_IN)
        .select_related("participant__attendance__scan")
        .order_by("pk")
    )
    people = {fact.client_uuid: fact.participant for fact in facts if fact.participant is not None}
    names = {person.display_name for person in people.values()}
    by_row = {name_of_fact(sheet, number, name): number for number in numbers for name in names}
    return {by_row[key]: person for key, person in people.items() if key in by_row}


def pledged_before(event: Event, people: Iterable[Participant | None]) -> set[int]:
    """Who agreed to the words of this event before, also those who took it back. One query."""
    wanted = [person.pk for person in people if person is not None]
    if not wanted or event.pledge_text_id is None:
        return set()
    rows = Pledge.objects.filter(participant__in=wanted, text=event.pledge_text_id)
    return set(rows.order_by().values_list("participant_id", flat=True))
