"""Two hundred facts of one phone, and among them everything that can be wrong with one: each is answered for itself."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from events.choices import ParticipantKind
from events.models import Attendance, Participant, Pledge, Scan
from events.operations import door
from tests.events.phones import Phone, ago, code_of

# What is sent in the place of an object.
NO_OBJECTS = [None, 7, 1.5, True, "Sari", [], [{}], {}]
# What is wrong with a mark that is right otherwise.
BROKEN = [
    {"uuid": "bukan-uuid"},
    {"uuid": "x" * 60},
    {"uuid": None},
    {"uuid": 7},
    {"uuid": "\ud800"},
    {"uuid": "\x00"},
    {"seq": 0},
    {"seq": -1},
    {"seq": 20_001},
    {"seq": 2**31},
    {"seq": 10**30},
    {"seq": True},
    {"seq": "5"},
    {"seq": 1.5},
    {"seq": float("nan")},
    {"seq": None},
    {"kind": "dance"},
    {"kind": None},
    {"kind": ["present"]},
    {"kind": "undo"},
    {"at": "kemarin"},
    {"at": None},
    {"at": 1_700_000_000},
    {"at": "2024-10-21T20:00:00"},
    {"at": "9999-12-31T23:59:59Z"},
    {"at": "0001-01-01T00:00:00+14:00"},
    {"participant": None},
    {"participant": "zz"},
    {"participant": ["x"]},
    {"qr": {"code": "x"}},
    {"qr": "\x00"},
    {"qr": "\ud800"},
    {"qr": "x" * 5000},
    {"name": "R" * 5000},
    {"name": "R\x00"},
    {"name": "\udfff"},
]
LEFT_OUT = ["uuid", "seq", "kind", "at", "participant"]
SENTENCES = {
    "malformed": "Catatan ini tidak terbaca.",
    "sequence": "HP ini sudah memakai nomor urut yang sama untuk catatan lain.",
    "uuid_taken": "Catatan ini sudah dikirim untuk kegiatan lain.",
    "pledge_text": "Naskah komitmen bersama ini tidak dikenal di sini.",
    "undo_of_undo": "Yang sudah dibatalkan dicatat lagi saja sebagai hadir.",
}
FACTS = 200


@pytest.fixture
def people(event):
    """Guests in one statement."""
    names = [f"Tamu {n}" for n in range(FACTS)]
    rows = [Participant(event=event, kind=ParticipantKind.PARTNER, display_name=name) for name in names]
    return Participant.objects.bulk_create(rows)


def _mark(phone, people, **fault):
    return {**phone.present(next(people), ago(minutes=4)), **fault}


def _unreadable(phone, people):
    yield from NO_OBJECTS
    for fault in BROKEN:
        yield _mark(phone, people, **fault)
    for name in LEFT_OUT:
        item = _mark(phone, people)
        del item[name]
        yield item


def _poisons(cast, client, event, phone, people):
    """Each with the status and the code of its answer; nobody named here may be present in the end."""
    other = cast.event("Lain")
    stranger = cast.guest(other, cast.partner("Tuti"))
    press = cast.guest(event, cast.partner("Wartawan", kind="journalist"))
    official = Participant.objects.create(event=event, kind="official", display_name="Bupati")
    # What was sent before: a mark with its undo, which have the numbers 1 and 2, and a mark at another event.
    first = phone.present(next(people), ago(minutes=9))
    undo = phone.undo(first, ago(minutes=8))
    phone.send(client, [first, undo])
    elsewhere = Phone(other, cast.bidhumas, "Bidhumas-1")
    theirs = elsewhere.present(stranger)
    elsewhere.send(client, [theirs])

    tonight = {"consent": "tonight", "name": "Rina"}
    for item in _unreadable(phone, people):
        yield item, "rejected", "malformed"
    # These can be read; the database refuses them, and with them all that is written at once.
    for number in (1, 2, 1, 2):
        yield _mark(phone, people, seq=number), "rejected", "sequence"
    yield phone.walk_in("Rina") | {"seq": 1}, "rejected", "sequence"
    yield _mark(phone, people, uuid=theirs["uuid"]), "rejected", "uuid_taken"
    yield phone.undo({"uuid": str(uuid.uuid4())}), "review", "unknown"
    yield phone.undo(theirs), "review", "unknown"
    yield phone.undo(undo), "rejected", "undo_of_undo"
    yield phone.present(stranger), "review", "unknown"
    yield phone.item("present", participant=uuid.uuid4().hex), "review", "unknown"
    yield phone.item("present", qr="😀 https://contoh.id/'; DROP TABLE"), "review", "unknown"
    yield _mark(phone, people, qr=code_of(stranger)), "review", "unknown"
    yield phone.present(next(people), timezone.now() + timedelta(days=700)), "review", "clock"
    yield phone.present(next(people), ago(days=700)), "review", "clock"
    for about in ({"consent": "selamanya"}, {"name": "R" * 121}, {"contact": "0812-34"}):
        yield phone.item("walk_in", **tonight | about), "rejected", None
    yield phone.pledge(next(people), pledge_text=str(uuid.uuid4())), "rejected", "pledge_text"
    yield phone.pledge(next(people), channel="telepathy"), "rejected", "channel"
    yield phone.pledge(press), "rejected", "press"
    yield phone.pledge(official), "rejected", "not_a_guest"


def _good(phone, people, number):
    """Marks by id and by code, guests who were not asked, and agreements of some who came."""
    for n in range(number):
        at = ago(minutes=4 - n / 60)
        if n % 10 == 7:
            yield phone.walk_in(f"Tamu dari jalan {n}", at=at)
        elif n % 10 == 8:
            person = next(people)
            yield phone.item("present", at, qr=code_of(person))
        elif n % 10 == 9:
            yield phone.pledge(person, at)
        else:
            yield phone.present(next(people), at)


def _shuffled(good, poisons):
    """Scattered, the good ones in their order; the rest of the answer is None for them."""
    chance = random.Random(4)
    order = chance.sample(range(FACTS), len(poisons))
    found, left = [], iter(good)
    rest = iter(chance.sample(poisons, len(poisons)))
    for n in range(FACTS):
        found.append(next(rest) if n in set(order) else (next(left), "stored", ""))
    return found


def _world():
    return (
        sorted(Attendance.objects.values_list("participant_id", "scan_id", "at", "by_id")),
        sorted(Scan.objects.values_list("client_uuid", "state", "device_sequence")),
        sorted(Pledge.objects.values_list("participant_id", "at", "withdrawn_at")),
        (Entry.objects.count(), Participant.objects.count()),
    )


def _name(item):
    """How the answer names an item, for which nothing that is not plain text is said back."""
    name = item.get("uuid") if isinstance(item, dict) else None
    return name[:36] if isinstance(name, str) and name.isascii() and name.isprintable() else ""


def test_poison_of_every_kind_among_two_hundred(client, cast, event, phone, people):
    some = iter(people)
    poisons = list(_poisons(cast, client, event, phone, some))
    assert len(poisons) > 60
    good = list(_good(phone, some, FACTS - len(poisons)))
    sent = _shuffled(good, poisons)
    before = set(Scan.objects.values_list("client_uuid", flat=True))

    answers = []
    for batch in (sent[:100], sent[100:]):
        response = phone.post(client, [item for item, _status, _code in batch])
        assert response.status_code == 200, response.content
        answers += response.json()["items"]

    # In their order, each for itself, each refusal in words that an officer understands.
    assert [one["uuid"] for one in answers] == [_name(item) for item, _status, _code in sent]
    for (item, status, code), answer in zip(sent, answers, strict=True):
        assert (answer["status"], answer["code"] if code is not None else None) == (status, code), item
        if status != "stored":
            assert answer["code"]
            assert answer["sentence"].startswith(
                SENTENCES.get(code, "Disimpan, perlu dicek: " if status == "review" else "")
            )
            assert answer["sentence"].endswith(".")

    # Every good one is there as it was sent, and of the others only what is to be looked at.
    new = {str(scan.client_uuid): scan for scan in Scan.objects.exclude(client_uuid__in=before)}
    aside = {item["uuid"] for item, status, _code in poisons if status == "review"}
    assert set(new) == {item["uuid"] for item in good} | aside
    for item in good:
        scan = new[item["uuid"]]
        assert (scan.kind, scan.state, scan.device_sequence) == (item["kind"], "accepted", item["seq"])
        assert scan.device_at == datetime.fromisoformat(item["at"])
        if "participant" in item:
            assert scan.participant.public_id.hex == item["participant"]
    came = [new[item["uuid"]] for item in good if item["kind"] != "pledge"]
    assert sorted(Attendance.objects.filter(event=event).values_list("scan_id", flat=True)) == sorted(
        scan.pk for scan in came
    )
    assert len({scan.participant_id for scan in came}) == len(came)
    assert Pledge.objects.filter(withdrawn_at=None).count() == len(good) - len(came)

    # All of it once more changes nothing, and is answered as before.
    world = _world()
    again = []
    for batch in (sent[100:], sent[:100]):
        again = phone.post(client, [item for item, _status, _code in batch]).json()["items"] + again
    assert _world() == world
    assert [one["status"] for one in again] == [
        "rejected" if status == "rejected" else "known" for _item, status, _code in sent
    ]
    assert [one["code"] for one in again if one["status"] == "rejected"] == [
        one["code"] for one in answers if one["status"] == "rejected"
    ]


def test_numbers_that_the_database_refuses_are_found_among_a_hundred_by_halves(
    client, phone, people, monkeypatch
):
    """In a few dozen turns, not in a hundred: an evening that is sent at once must not wait for one fact."""
    phone.send(client, [phone.present(people[100])])
    turns, mark = [], door._mark
    monkeypatch.setattr(door, "_mark", lambda door, items: turns.append(len(items)) or mark(door, items))
    items = [phone.present(person, ago(minutes=3)) for person in people[:100]]
    for n in (0, 36, 99):
        items[n]["seq"] = 1
    items[71]["seq"] = items[70]["seq"]  # twice in one batch: the first that came has it

    answer = phone.send(client, items)

    refused = {0, 36, 71, 99}
    assert [n for n, one in enumerate(answer["items"]) if one["code"] == "sequence"] == sorted(refused)
    assert Counter(one["status"] for one in answer["items"]) == {"stored": 96, "rejected": 4}
    here = set(Attendance.objects.values_list("participant_id", flat=True))
    assert here == {people[n].pk for n in range(101) if n not in refused}
    assert (turns[0], len(turns) < 60) == (100, True)
