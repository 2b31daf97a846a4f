"""Many phones at one moment, on whichever database the tests run: one is admitted, the others get a friendly answer."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Entry
from events.derivation import derive
from events.models import Attendance, Device, Participant, Scan
from events.operations import attendance, door, facts, matches, reviews
from events.queries.devices import device_for
from events.queries.facts import facts_about
from outbox.links import hash_of
from tests.events.phones import Phone, ago, batch_of, code_of
from tests.events.threads import together

THREADS = 50


def _phones(event, number, by):
    """Registered without the ceremony: fifty of them."""
    first = Phone(event, by, "HP-0")
    found = [first]
    for n in range(1, number):
        token = f"{n:043}"
        device = Device.objects.create(
            event=event, kind="helper", label=f"HP-{n}", officer_id=by.pk, token_hash=hash_of(token),
            registered_at=timezone.now(), expires_at=first.device.expires_at,
        )  # fmt: skip
        found.append(Phone.holding(device, token))
    return found


def _send(phone, items):
    return door.take(device=device_for(phone.token), batch=batch_of(items)).answers


def _together(acts):
    found = together(acts)
    assert [one for one in found if isinstance(one, Exception)] == []
    return found


def test_fifty_phones_scan_one_code_and_one_admits(real):
    event = real.event()
    sari = real.guest(event, real.partner("Sari"))
    code, phones = code_of(sari), _phones(event, THREADS, real.kubar)
    items = [phone.present(sari, qr=code) for phone in phones]

    answers = _together([lambda n=n: _send(phones[n], [items[n]])[0] for n in range(THREADS)])

    assert Counter(one.status for one in answers) == {"stored": 1, "duplicate": THREADS - 1}
    assert all(one.by.startswith("HP-") and one.present_at for one in answers)
    assert (Scan.objects.count(), Attendance.objects.count()) == (THREADS, 1)
    assert Attendance.objects.get().scan_id == derive(facts_about([sari.pk])).pk


@pytest.mark.parametrize(
    ("quicker", "status", "present", "scans"),
    [
        ("nobody", "stored", 1, 1),
        ("erasure", "review", 0, 1),
        ("roll", "duplicate", 1, 2),
        ("list", "review", 0, 1),
        ("name", "known", 0, 1),
    ],
)
def test_one_mark_alone_and_somebody_quicker(real, monkeypatch, quicker, status, present, scans):
    """Between reading and writing nobody is held: the database says who came first, and the careful way answers. (On
    SQLite that is taken at once.)"""
    event = real.event()
    sari, phone, found = real.guest(event, real.partner("Sari")), Phone(event, real.kubar), door.unmarked
    item = phone.present(sari)

    def meanwhile(*named):
        person = found(*named)
        assert person is not None
        if quicker == "roll":
            attendance.record(event=event, participant=sari, by=real.kubar)
        elif quicker == "list":
            Participant.objects.filter(pk=sari.pk).delete()
        elif quicker == "erasure":
            bare = {"display_name": "", "search_key": "", "partner": None}
            Participant.objects.filter(pk=sari.pk).update(**bare)
        elif quicker == "name":
            mark = {"participant": sari, "kind": "present", "source": "roll", "at": timezone.now()}
            Scan.objects.create(event=event, client_uuid=item["uuid"], by_id=real.kubar.pk, **mark)
        return person

    monkeypatch.setattr(door, "unmarked", meanwhile)
    answer = _send(phone, [item])[0]

    is_alone = connection.vendor == "postgresql"
    assert answer.status == (status if is_alone else "stored")
    assert Attendance.objects.count() == (present if is_alone else 1)
    assert Scan.objects.count() == (scans if is_alone else 1)
    assert Entry.objects.filter(verb="attendance.present").count() == (
        quicker in ("nobody", "roll") or not is_alone
    )
    assert phone.reload().last_sequence == 1


@pytest.mark.parametrize("source", ["phone", "roll"])
@pytest.mark.parametrize("gap", ["after the facts", "after the row"])
@pytest.mark.parametrize("act", ["undo", "decide"])
def test_a_first_mark_while_somebody_derives(real, monkeypatch, source, gap, act):
    """Who looks at what the facts say and writes it down holds the person; a mark that comes in between is neither
    lost nor passed over. (On SQLite it waits.)"""
    event = real.event()
    sari, phone, early = real.guest(event, real.partner("Sari")), Phone(event, real.kubar), ago(minutes=20)
    came: list[threading.Thread] = []

    def mark():
        if source == "phone":
            _send(phone, [phone.present(sari, early)])
        else:
            attendance.record(
                event=event, participant=Participant.objects.get(pk=sari.pk), by=real.kubar, at=early
            )

    def meanwhile(real_act):
        def hooked(*given):
            found = real_act(*given)
            if not came:
                came.append(threading.Thread(target=lambda: together([mark])))
                came[0].start()
                came[0].join(timeout=1)
                waits = source == "phone" or connection.vendor != "postgresql"
                assert came[0].is_alive() == waits
            return found

        return hooked

    module, name = (
        (facts, "derive")
        if gap == "after the row"
        else (attendance if act == "undo" else reviews, "facts_about")
    )
    monkeypatch.setattr(module, name, meanwhile(getattr(module, name)))
    if act == "undo":
        attendance.undo(participant=sari, by=real.berau)
    else:
        doubted = {"kind": "present", "state": "needs_review", "review_reason": "unknown", "source": "door"}
        late = Scan.objects.create(event=event, by_id=real.kubar.pk, at=ago(minutes=5), **doubted)
        reviews.decide(
            event=event, scans=[late.client_uuid], decision="counted", by=real.kubar, participant=sari
        )
    came[0].join(timeout=60)

    first = Scan.objects.get(participant=sari, kind="present")
    assert abs(first.at - early) < timedelta(seconds=60)
    assert Attendance.objects.get().scan_id == first.pk == derive(facts_about([sari.pk])).pk


def test_one_mark_sent_by_twenty_at_once_is_one_fact(real):
    event = real.event()
    people = [real.guest(event, real.partner(f"Tamu {n}")) for n in range(3)]
    phone = Phone(event, real.kubar)
    items = [
        *(phone.present(one) for one in people),
        phone.walk_in("Rina"),
        phone.undo(phone.present(people[0])),
    ]

    def numbered(n):
        """A phone that lost count and numbers anew sends the same names."""
        return [{**item, "seq": item["seq"] + 10 * n} for item in items]

    answers = _together([lambda n=n: _send(phone, numbered(n % 10)) for n in range(20)])

    assert {one.status for some in answers for one in some[:4]} <= {"stored", "known"}
    assert (Scan.objects.count(), Attendance.objects.count(), Participant.objects.count()) == (5, 4, 4)


def test_phones_and_roll_at_once_leave_what_the_facts_say(real):
    """Batches of the same people in other orders, taps on the roll, and undos of both."""
    event = real.event()
    people = [real.guest(event, real.partner(f"Tamu {n}")) for n in range(6)]
    phones = _phones(event, 8, real.kubar)
    start = timezone.now() - timedelta(minutes=5)

    def batch(n):
        items = [phones[n].present(one, start + timedelta(seconds=n)) for one in people]
        return lambda: (
            _send(phones[n], items[:: -1 if n % 2 else 1]),
            _send(phones[n], [phones[n].undo(items[n % 6])]),
        )

    def tap(n):
        def act():
            rows = Participant.objects.select_related("event", "partner", "attendance")
            attendance.record(event=event, participant=rows.get(pk=people[n % 6].pk), by=real.bidhumas)
            if n % 3 == 0:
                attendance.undo(participant=rows.get(pk=people[n % 6].pk), by=real.bidhumas)

        return act

    _together([*(batch(n) for n in range(8)), *(tap(n) for n in range(12))])

    for person in people:
        winner = derive(facts_about([person.pk]))
        rows = list(Attendance.objects.filter(participant=person).values_list("scan_id", "at"))
        assert rows == ([(winner.pk, winner.at)] if winner else [])


def test_found_to_be_one_person_while_both_are_being_marked_counts_once(real):
    event = real.event()
    sari, first, second = real.guest(event, real.partner("Sari Dewi")), *_phones(event, 2, real.kubar)
    _send(first, [first.walk_in("Ibu Sari")])
    ibu = Participant.objects.get(kind="walk_in")
    stale = Participant.objects.select_related("attendance").get(pk=ibu.pk)

    def found():
        return matches.match(walk_in=ibu, other=sari, by=real.bidhumas)

    results = together(
        [
            found,
            lambda: attendance.record(event=event, participant=sari, by=real.kubar),
            lambda: attendance.record(event=event, participant=stale, by=real.kubar),
            lambda: _send(second, [second.present(ibu), second.present(sari)]),
            found,
        ]
    )

    refused = [one for one in results if isinstance(one, Exception)]
    assert [getattr(one, "code", one) for one in refused] == ["no_name"]
    assert Attendance.objects.get().participant_id == sari.pk
    assert Attendance.objects.get().scan_id == derive(facts_about([sari.pk])).pk
    assert facts_about([ibu.pk]) == []
