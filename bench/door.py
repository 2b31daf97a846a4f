"""The door: one scan in a request beside the same statements from a bare view, and batches of a hundred from twenty
phones, each sent three times in another order."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import load, processes, recording, sites
from bench.data import copy_rows
from bench.scenarios import Row, switch

NAME = "bench_door"
GUESTS, SINGLE, FULL, BARE = 1_000, 4, 10, 2
PHONES_SINGLE, PHONES_FULL = 16, 2
BATCH = 100
WARM = 100
# Milliseconds of a bare check-in of six round trips where the figures of a scan were set.
CHECKIN_CPU = 1.6


@dataclass
class Evening:
    """An event with its phones, and its guests as (id, public id, partner, its public id, code)."""

    event: Any
    phones: list[tuple[Any, str]]
    guests: list[tuple[int, uuid.UUID, int, uuid.UUID, str]]

    @property
    def path(self) -> str:
        return f"/api/v1/events/{self.event.public_id}/scans"


def door(folder: Path) -> list[Row]:
    sites.make(NAME, 2_000, folder=folder, events=1)
    switch(NAME)
    evenings = [make_evening(number) for number in range(SINGLE + FULL + BARE + 1)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    bare, cpu = _checkin(evenings[-1], folder)
    return [
        bare,
        *_single(evenings[:SINGLE], folder, cpu / CHECKIN_CPU),
        *_batches(evenings[SINGLE : -BARE - 1], evenings[-BARE - 1 : -1], folder),
    ]


def _single(evenings: list[Evening], folder: Path, slower: float) -> list[Row]:
    """:param slower: than the machine on which the milliseconds of CPU were set; this one's change by the hour."""
    four, sixteen, floor4, floor16 = evenings
    queries = _record(floor4, folder / "door4.json")
    _record(floor16, folder / "door16.json")
    rows = []
    for evening, floor, clients in ((four, floor4, 4), (sixteen, floor16, 16)):
        asked = list(scan_requests(evening))
        bare = [_replay(f"door{clients}", guest, number) for number, guest in enumerate(floor.guests[9:])]
        ours, cpu = _rate("config.wsgi:application", asked, clients, folder)
        same, least = _rate("bench.floors:application", bare, clients, folder)
        share = ours.rate / same.rate
        p99 = ours.percentile(0.99)
        rows.append(
            Row(
                f"one scan per request, {clients} clients, {queries} queries",
                f"{ours.rate:.0f}/s p50 {ours.percentile(0.5):.1f} p99 {p99:.0f} ms, "
                f"{cpu:.2f} ms of CPU ({cpu / slower:.2f} there) = {share:.0%}",
                f"same SQL, bare view: {same.rate:.0f}/s p99 {same.percentile(0.99):.0f} ms, {least:.2f} ms of CPU",
                ">= 50 % of the same SQL, <= 8 queries, <= 3 ms of CPU there"
                + (", p99 <= 60 ms" if clients == 16 else ""),
                share >= 0.5
                and queries <= 8
                and cpu / slower <= 3
                and (clients == 4 or p99 <= 60)
                and is_exact(evening),
            )
        )
    return rows


def _checkin(evening: Evening, folder: Path) -> tuple[Row, float]:
    """What this machine is worth beside the one on which the figures were set, and the milliseconds of CPU."""
    asked = [
        load.get(
            f"/checkin?event={evening.event.pk}&device={evening.phones[0][0].public_id}&person={guest[0]}"
        )
        for guest in evening.guests
    ]
    bare, cpu = _rate("bench.floors:application", asked, 4, folder)
    row = Row(
        "a bare check-in of six round trips, 4 clients",
        f"{bare.rate:.0f}/s, {cpu:.2f} ms of CPU",
        f"there, where the figures were set: 900/s, {CHECKIN_CPU:.2f} ms",
        "",
        True,
    )
    return row, cpu


def _batches(evenings: list[Evening], spare: list[Evening], folder: Path) -> list[Row]:
    """Twenty phones with a thousand scans each: two at every evening, who both see everybody.

    :param spare: evenings for warming up, and for the floor.
    """
    chance = random.Random(7)
    batches = [one for evening in evenings for one in _batched(evening)]
    again = [chance.sample(batches, len(batches)) for _time in range(2)]
    clients = 2 * int(sites.WORKERS)
    warm, bare = (_batched(evening) for evening in spare)
    with sites.gunicorn("config.wsgi:application", NAME, folder=folder, replays=folder) as port:
        load.run(port, warm, clients=clients, good=load.is_ok)
        before = processes.cpu_seconds()
        first = load.run(port, chance.sample(batches, len(batches)), clients=clients, good=load.is_ok)
        used = processes.cpu_seconds() - before
        resent = [load.run(port, some, clients=clients, good=load.is_ok) for some in again]
        memory = processes.worker_megabytes()
    bare = [_stripped(spare[1], one) for one in bare]
    with sites.gunicorn("bench.floors:application", NAME, folder=folder, replays=folder) as port:
        load.run(port, bare[:4], clients=clients, good=load.is_ok)
        before = processes.cpu_seconds()
        floor = load.run(port, bare[4:], clients=clients, good=load.is_ok)
        least = processes.cpu_seconds() - before
    failed = sum(one.failed for one in (first, *resent, floor))
    if failed:
        raise SystemExit(f"{failed} batches failed: {[one.sample for one in (first, *resent)]}")
    scans = len(batches) * BATCH
    rate = scans / first.wall
    quicker = first.wall / (sum(one.wall for one in resent) / len(resent))
    exact = all(is_exact(evening) for evening in evenings)
    return [
        Row(
            f"{scans:,} scans of {len(batches) * BATCH // GUESTS} phones in batches of {BATCH}, sent three times",
            f"{rate:,.0f} scans/s, {1e6 * used / scans:.0f} us of CPU each, resent {quicker:.1f}x faster, "
            + ("exact" if exact else "NOT EXACT"),
            f"one bare statement: {BATCH * floor.rate:,.0f}/s, {1e6 * least / BATCH / len(floor.seconds):.0f} us",
            ">= 10,000/s, resent >= 2x, exact",
            rate >= 10_000 and quicker >= 2 and exact,
        ),
        Row("memory of a web worker after that", f"{memory:.0f} MB", "", "<= 120 MB", memory <= 120),
    ]


def make_evening(number: int) -> Evening:
    from accounts.models import Officer, Unit
    from events.models import Event, Participant
    from events.operations import devices
    from events.queries.door import INVITATION_QR
    from outbox.links import hash_of, make
    from outbox.models import Link
    from partners.models import Partner

    now, officer = timezone.now(), Officer.objects.get(username="kubar")
    event = Event.objects.create(
        title=f"Pintu {number}",
        host_unit=Unit.objects.get(code="polda-kaltim"),
        region_id="64.07.07",
        venue="Balai",
        starts_at=now - timedelta(hours=1),
        timezone="Asia/Makassar",
        state="published",
    )
    partners = list(Partner.objects.order_by("pk")[number * 60 : number * 60 + GUESTS])
    copy_rows(
        Participant,
        (
            {
                "event_id": event.pk,
                "kind": "partner",
                "partner_id": partner.pk,
                "display_name": partner.full_name,
                "unit_id": partner.unit_id,
                "search_key": partner.search_key[:500],
            }
            for partner in partners
        ),
    )
    found = list(
        Participant.objects.filter(event=event)
        .order_by("pk")
        .values_list("pk", "public_id", "partner_id", "partner__public_id")
    )
    codes = {public_id: make(INVITATION_QR, public_id, 1) for _pk, public_id, _p, _q in found}
    expires = now + timedelta(days=1)
    copy_rows(
        Link,
        (
            {
                "purpose": INVITATION_QR,
                "target_public_id": public_id,
                "token_hash": hash_of(code),
                "expires_at": expires,
            }
            for public_id, code in codes.items()
        ),
    )
    phones = [
        devices.register(event=event, by=officer, kind="officer", label=f"HP-{n}")
        for n in range(PHONES_SINGLE if number < SINGLE else PHONES_FULL)
    ]
    return Evening(event, phones, [(*row, codes[row[1]]) for row in found])


def _item(guest: tuple[Any, ...], sequence: int, at: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid.uuid4()),
        "seq": sequence,
        "kind": "present",
        "at": at.isoformat(),
        "participant": guest[1].hex,
        "qr": guest[4],
    }


def _posted(evening: Evening, token: str, items: list[dict[str, Any]]) -> bytes:
    body = json.dumps({"client": "1", "sent_at": timezone.now().isoformat(), "waiting": 0, "items": items})
    return (
        f"POST {evening.path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nAccept-Encoding: gzip\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    ).encode()


def scan_requests(evening: Evening) -> Iterator[bytes]:
    now = timezone.now()
    for number, guest in enumerate(evening.guests):
        _device, token = evening.phones[number % len(evening.phones)]
        yield _posted(evening, token, [_item(guest, number + 1, now)])


def _batched(evening: Evening) -> list[bytes]:
    now, found = timezone.now(), []
    for number, (_device, token) in enumerate(evening.phones):
        items = [
            _item(guest, n + 1, now + timedelta(seconds=number)) for n, guest in enumerate(evening.guests)
        ]
        random.Random(number).shuffle(items)
        found += [_posted(evening, token, items[n : n + BATCH]) for n in range(0, len(items), BATCH)]
    return found


def _stripped(evening: Evening, posted: bytes) -> bytes:
    """The same batch for the bare statement."""
    names = {token.encode(): device.public_id for device, token in evening.phones}
    device = next(name for token, name in names.items() if token in posted)
    address = f"/setwise?event={evening.event.pk}&device={device}"
    return posted.replace(evening.path.encode(), address.encode(), 1)


def _record(evening: Evening, path: Path) -> int:
    """Keep the statements of the third of three scans for the bare view. Returns how many there were."""
    from django.test import Client

    from outbox.links import hash_of

    device, token = evening.phones[0]
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
    for number, guest in enumerate(evening.guests[5:8]):
        item = _item(guest, 9_001 + number, timezone.now())
        body = {"client": "1", "sent_at": timezone.now().isoformat(), "waiting": 0, "items": [item]}
        answer, statements = recording.statements_of(
            partial(client.post, evening.path, body, content_type="application/json")
        )
        if [one["status"] for one in answer.json()["items"]] != ["stored"]:
            raise SystemExit(f"not stored: {answer.content!r}")
    pk, public_id, partner, subject, code = guest
    slots: recording.Slots = {
        pk: ("person", "int"),
        public_id: ("participant", "text"),
        partner: ("partner", "int"),
        subject: ("subject", "text"),
        hash_of(code): ("code", "text"),
        uuid.UUID(item["uuid"]): ("fact", "text"),
        item["seq"]: ("number", "int"),
    }
    fixed = {evening.event.pk, device.pk, device.officer_id}
    if len(slots) != 7 or fixed & {pk, partner}:
        raise SystemExit("two numbers of the recorded request are the same")
    recording.write_replay(path, statements, slots, {})
    return len(statements)


def _replay(name: str, guest: tuple[Any, ...], number: int) -> bytes:
    from outbox.links import hash_of

    pk, public_id, partner, subject, code = guest
    return load.get(
        f"/replay?name={name}&person={pk}&participant={public_id}&partner={partner}&subject={subject}"
        f"&code={hash_of(code)}&fact={uuid.uuid4()}&number={number + 1}"
    )


def _rate(application: str, asked: list[bytes], clients: int, folder: Path) -> tuple[load.Result, float]:
    """The answers after a warm-up, and milliseconds of CPU for each, in the workers and in the database."""
    with sites.gunicorn(application, NAME, folder=folder, replays=folder) as port:
        load.run(port, asked[:WARM], clients=clients, good=load.is_ok)
        before = processes.cpu_seconds()
        result = load.run(port, asked[WARM:], clients=clients, good=load.is_ok)
        used = processes.cpu_seconds() - before
    if result.failed:
        raise SystemExit(f"{result.failed} requests failed: {result.sample}")
    return result, 1000 * used / len(result.seconds)


def is_exact(evening: Evening) -> bool:
    """Everybody is present once, by the earliest of all facts."""
    from events.models import Attendance, Scan

    rows = Attendance.objects.filter(event=evening.event)
    earliest: dict[int, Any] = {}
    for person, at in Scan.objects.filter(event=evening.event).values_list("participant_id", "at"):
        earliest[person] = min(at, earliest.get(person, at))
    return dict(rows.values_list("participant_id", "at")) == earliest and len(earliest) == GUESTS


SCENARIOS = {"door": door}
