"""The list that a phone at the door loads once: 5,000 guests with a code each, before the evening and at its end."""

from __future__ import annotations

import statistics
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench import load, recording, sites
from bench.scenarios import Row, switch

NAME = "bench_pack"
GUESTS = 5_000
ASKED = 20
MOST_BYTES, MOST_QUERIES = 400_000, 10


def pack(folder: Path) -> list[Row]:
    """Bytes as they travel, statements sent, and seconds to make it."""
    from events.models import Event

    sites.make(NAME, GUESTS, folder=folder, events=1)
    switch(NAME)
    event = Event.objects.get()
    token = invite(event)
    before = _measured("offline pack, 5,000 guests", event, token, folder)
    _let_in(event)
    return [before, _measured("the same, all of them present", event, token, folder)]


def _measured(name: str, event: Any, token: str, folder: Path) -> Row:
    from django.test import Client

    path = f"/api/v1/events/{event.public_id}/pack"
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
    client.get(path)
    answer, statements = recording.statements_of(partial(client.get, path))
    if len(answer.json()["guests"]) < GUESTS:
        raise SystemExit(f"{len(answer.json()['guests'])} guests in the pack")
    asked = load.get(path, extra=f"Authorization: Bearer {token}\r\n")
    with sites.gunicorn("config.wsgi:application", NAME, folder=folder, replays=folder) as port:
        load.run(port, [asked] * 4, clients=2, good=load.is_ok)
        result = load.run(port, [asked] * ASKED, clients=1, good=load.is_ok)
        body = load.exchange(port, asked).split(b"\r\n\r\n", 1)[1]
    if result.failed:
        raise SystemExit(f"{result.failed} requests failed: {result.sample}")
    return Row(
        name,
        f"{len(body) / 1000:.0f} kB compressed, {len(statements)} queries, "
        f"{1000 * statistics.median(result.seconds):.0f} ms",
        f"{len(answer.content) / 1000:.0f} kB raw",
        "<= 400 kB compressed, <= 10 queries",
        len(body) <= MOST_BYTES and len(statements) <= MOST_QUERIES,
    )


def invite(event: Any) -> str:
    """Every partner of the volume is on the list, with a code of their own. Returns the token of a phone."""
    from django.utils import timezone

    from accounts.models import Officer
    from bench.data import copy_rows
    from events.models import Participant
    from events.operations import devices
    from events.queries.door import INVITATION_QR
    from outbox.links import hash_of, make
    from outbox.models import Link
    from partners.models import Partner

    asked = set(Participant.objects.filter(event=event).values_list("partner_id", flat=True))
    people = Partner.objects.exclude(pk__in=asked).values_list("pk", "full_name", "region_id", "unit_id")
    rows = [
        {
            "public_id": uuid.uuid4(),
            "event_id": event.pk,
            "kind": "partner",
            "partner_id": pk,
            "display_name": name,
            "region_id": region,
            "unit_id": unit,
        }
        for pk, name, region, unit in people
    ]
    copy_rows(Participant, rows)
    expires = timezone.now() + timedelta(days=1)
    listed = list(Participant.objects.filter(event=event).values_list("public_id", flat=True))
    copy_rows(
        Link,
        [
            {
                "purpose": INVITATION_QR,
                "target_public_id": target,
                "version": 1,
                "token_hash": hash_of(make(INVITATION_QR, target, 1)),
                "expires_at": expires,
            }
            for target in listed
        ],
    )
    by = Officer.objects.get(username="kubar")
    return devices.register(event=event, by=by, kind="officer", label="Kubar-1")[1]


def _let_in(event: Any) -> None:
    from django.utils import timezone

    from bench.data import copy_rows
    from events.models import Attendance, Device, Participant, Scan

    phone, begun = Device.objects.get(event=event), timezone.now()
    people = list(
        Participant.objects.filter(event=event, attendance__isnull=True).values_list("pk", flat=True)
    )
    copy_rows(
        Scan,
        [
            {
                "client_uuid": uuid.uuid4(),
                "event_id": event.pk,
                "participant_id": pk,
                "kind": "present",
                "source": "door",
                "state": "accepted",
                "at": begun + timedelta(milliseconds=1_370 * number),
                "device_id": phone.public_id,
                "device_sequence": number + 1,
            }
            for number, pk in enumerate(people)
        ],
    )
    scans = list(
        Scan.objects.filter(event=event, device_id=phone.public_id).values_list("pk", "participant_id", "at")
    )
    copy_rows(
        Attendance,
        [
            {"participant_id": person, "event_id": event.pk, "scan_id": pk, "at": at}
            for pk, person, at in scans
        ],
    )


SCENARIOS = {"pack": pack}
