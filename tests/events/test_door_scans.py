"""What phones at the door send: each item answered for itself, and the same result however it arrives."""

from __future__ import annotations

import json
import random
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Detail, Entry
from events.choices import EventState, ScanState, WalkInConsent
from events.door_batch import MOST_OF_A_PHONE, read
from events.door_files import CLIENT
from events.models import Attendance, Participant, Pledge, Scan
from events.operations import attendance, devices, door, door_rows, lifecycle, pledges
from events.queries.door import counts_of, devices_waiting, moment
from outbox.operations import links
from partners.models import Partner
from tests.events.phones import Phone, ago, batch_of, close, code_of, nameless_seat, statuses

WIRE = Path(__file__).parent / "wire"


def _present():
    return sorted(Attendance.objects.values_list("participant__display_name", flat=True))


def _result():
    """What must not depend on the order of arrival."""
    return sorted(Attendance.objects.values_list("participant_id", "scan__client_uuid", "at", "by_id"))


# Marks


def test_present_writes_scan_attendance_audit_and_the_partners_last_day(client, cast, event, phone, sari):
    at = ago(minutes=5)
    item = phone.present(sari, at)

    answer = phone.send(client, [item], waiting=3)

    assert answer["items"] == [
        {
            "uuid": item["uuid"],
            "status": "stored",
            "code": "",
            "sentence": "",
            "participant": sari.public_id.hex,
            "present_at": answer["items"][0]["present_at"],
            "by": "Kubar-1",
        }
    ]
    assert (answer["closed"], counts_of(event)["present"]) == (False, 1)
    scan, row = Scan.objects.get(), Attendance.objects.get()
    assert (str(scan.client_uuid), scan.participant, scan.kind, scan.state, scan.source) == (
        item["uuid"],
        sari,
        "present",
        "accepted",
        "door",
    )
    assert (scan.device_id, scan.device_sequence, scan.by_id) == (phone.device.public_id, 1, cast.kubar.pk)
    assert abs(scan.at - at) < timedelta(seconds=5)
    assert abs(scan.clock_offset_ms) < 5000
    assert (row.participant, row.event, row.scan, row.at, row.by_id) == (
        sari,
        event,
        scan,
        scan.at,
        cast.kubar.pk,
    )
    entry = Entry.objects.get(verb="attendance.present")
    assert (entry.actor_id, entry.actor_unit_id, entry.unit_id, entry.object_kind, entry.fields) == (
        cast.kubar.pk,
        cast.kubar.unit_id,
        sari.unit_id,
        "participant",
        [],
    )
    assert (entry.object_public_id, entry.subject_public_id, entry.event_public_id) == (
        sari.public_id,
        sari.partner.public_id,
        event.public_id,
    )
    assert (
        Partner.objects.get(pk=sari.partner_id).last_attended_on
        == at.astimezone(cast.at(2024, 1, 1).tzinfo).date()
    )
    device = phone.reload()
    assert (device.last_sequence, device.waiting, device.client_version) == (1, 3, "1")
    assert device.last_seen_at is not None


def test_known_items_change_nothing_however_often_they_are_sent(client, phone, sari, budi):
    items = [phone.present(sari), phone.present(budi), phone.walk_in("Rina"), phone.pledge(sari)]
    items.append(phone.undo(items[1]))
    assert statuses(phone.send(client, items)) == ["stored"] * 5
    before = (_result(), Scan.objects.count(), Entry.objects.count(), Participant.objects.count())

    for seed in range(3):
        random.Random(seed).shuffle(items)
        answer = phone.send(client, items)
        assert statuses(answer) == ["known"] * 5
    one = next(entry for entry in answer["items"] if entry["participant"] == sari.public_id.hex)
    assert (one["by"], one["present_at"] is not None) == ("Kubar-1", True)
    assert (_result(), Scan.objects.count(), Entry.objects.count(), Participant.objects.count()) == before


def test_one_uuid_twice_in_a_batch_is_one_fact(client, phone, sari):
    item = phone.present(sari)

    assert statuses(phone.send(client, [item, item])) == ["stored", "stored"]
    assert Scan.objects.count() == 1


def test_duplicate_says_since_when_and_by_which_phone(client, cast, phone, other, sari):
    phone.send(client, [phone.present(sari, ago(minutes=20))])

    answer = other.send(client, [other.present(sari)])

    (one,) = answer["items"]
    assert (one["status"], one["code"], one["by"]) == ("duplicate", "already", "Kubar-1")
    assert "Kubar-1" in one["sentence"]
    assert (Attendance.objects.count(), Scan.objects.filter(state=ScanState.DUPLICATE).count()) == (1, 1)


def test_duplicate_of_a_mark_on_the_roll_names_the_officer(client, cast, event, phone, sari):
    attendance.record(event=event, participant=sari, by=cast.bidhumas, at=ago(minutes=3))

    (one,) = phone.send(client, [phone.present(sari)])["items"]

    assert (one["status"], one["by"]) == ("duplicate", "Petugas Bidhumas")


@pytest.mark.parametrize("late_first", [True, False])
def test_two_phones_in_either_order_come_to_the_same(client, cast, phone, other, sari, budi, late_first):
    first = [phone.present(sari, ago(minutes=30)), phone.present(budi, ago(minutes=10))]
    second = [other.present(sari, ago(minutes=20)), other.present(budi, ago(minutes=25))]
    sendings = [(phone, first), (other, second)]
    for sender, items in sendings[:: -1 if late_first else 1]:
        sender.send(client, items)

    winners = {str(row.scan.client_uuid) for row in Attendance.objects.select_related("scan")}
    assert winners == {first[0]["uuid"], second[1]["uuid"]}
    assert Scan.objects.count() == 4


def test_the_same_person_twice_in_one_batch_is_a_duplicate_in_the_batch(client, phone, sari):
    items = [phone.present(sari, ago(minutes=2)), phone.present(sari, ago(minutes=6))]

    answer = phone.send(client, items)

    assert statuses(answer) == ["duplicate", "stored"]
    assert str(Attendance.objects.get().scan.client_uuid) == items[1]["uuid"]


def test_a_batch_takes_as_many_statements_for_thirty_as_for_one(client, cast, event, phone):
    people = [cast.guest(event, cast.partner(f"Tamu {n}")) for n in range(31)]
    used = []
    for some in (people[:1], people[1:]):
        items = [phone.present(person, ago(minutes=1), qr=code_of(person)) for person in some]
        for status in ("stored", "known"):
            with CaptureQueriesContext(connection) as seen:
                assert set(statuses(phone.send(client, items))) == {status}
            used.append(len([one for one in seen if "SAVEPOINT" not in one["sql"]]))

    assert used == ([3, 5, 5, 4] if connection.vendor == "postgresql" else [11, 5, 11, 5])


def test_corrected_time_undoes_a_clock_wrong_by_an_hour(client, phone, sari):
    hour, at = timedelta(hours=1), ago(minutes=10)

    phone.send(client, [phone.present(sari, at + hour)], sent_at=timezone.now() + hour)

    scan = Scan.objects.get()
    assert abs(scan.at - at) < timedelta(seconds=5)
    assert abs(scan.clock_offset_ms + 3_600_000) < 5000
    assert abs(scan.device_at - at - hour) < timedelta(seconds=5)


def test_a_code_alone_names_the_person(client, phone, sari):
    item = phone.item("present", qr=f"https://contoh.id/q/{code_of(sari)}/")

    (one,) = phone.send(client, [item])["items"]

    assert (one["status"], one["participant"]) == ("stored", sari.public_id.hex)


def test_a_delegate_without_a_name_is_named_at_the_door(client, cast, event, phone):
    seat = nameless_seat(cast, event, institution="PWI", is_press=True)

    phone.send(client, [phone.present(seat, name=" Rudi  Hartono ")])
    phone.send(client, [phone.present(seat, name="Orang Lain")])

    seat.refresh_from_db()
    assert (seat.display_name, _present()) == ("Rudi Hartono", ["Rudi Hartono"])


def test_a_name_that_is_not_taken_is_said_and_never_lost(client, cast, event, phone, other):
    """Two phones without network let in somebody for one organisation; the second name was dropped without a word."""
    seat = nameless_seat(cast, event, institution="PWI")
    first, second = phone.present(seat, name="Rudi Hartono"), other.present(seat, name="Budi")

    assert phone.send(client, [first])["items"][0]["code"] == ""
    for status in ("duplicate", "known"):
        (answer,) = other.send(client, [second])["items"]
        assert (answer["status"], answer["code"]) == (status, "name")
        assert "Rudi Hartono" in answer["sentence"] and "PWI" in answer["sentence"]
    assert phone.send(client, [first])["items"][0]["code"] == ""

    seat.refresh_from_db()
    assert (seat.display_name, _present()) == ("Rudi Hartono", ["Rudi Hartono"])


def test_a_name_for_a_closed_event_is_said_to_be_refused_however_often_it_comes(client, cast, event, phone):
    seat = nameless_seat(cast, event, institution="PWI")
    item = phone.present(seat, name="Rudi Hartono")
    close(event, EventState.REPORTED)

    for _turn in range(2):
        (answer,) = phone.send(client, [item])["items"]
        assert (answer["status"], answer["code"]) == ("review", "name")

    seat.refresh_from_db()
    assert (seat.display_name, Scan.objects.get().review_reason) == ("", "closed")


# Put aside, to be looked at


def _aside(client, phone, item, reason, **how):
    (one,) = phone.send(client, [item], **how)["items"]
    scan = Scan.objects.get(client_uuid=item["uuid"])
    assert (one["status"], one["code"], scan.state, scan.review_reason) == (
        "review",
        reason,
        "needs_review",
        reason,
    )
    assert one["sentence"]
    assert not Attendance.objects.filter(scan=scan).exists()
    assert Entry.objects.filter(verb="attendance.doubted").count() >= 1
    assert statuses(phone.send(client, [item], **how)) == ["known"]
    return scan


def test_review_what_a_revoked_phone_sends(client, cast, phone, sari):
    item = phone.present(sari, ago(minutes=30))
    devices.revoke(device=phone.device, by=cast.kubar)

    assert _aside(client, phone, item, "device").participant == sari


def test_review_what_an_ended_phone_sends(client, phone, sari):
    phone.device.expires_at = ago(minutes=1)
    phone.device.save(update_fields=["expires_at"])

    _aside(client, phone, phone.present(sari), "device")


def test_review_a_code_that_was_replaced_unless_it_was_scanned_before(client, phone, sari, budi):
    old, budis = code_of(sari), code_of(budi)
    code_of(sari)
    links.revoke_all(target=budi.public_id, by=None)

    _aside(client, phone, phone.present(sari, qr=old), "token")
    assert statuses(phone.send(client, [phone.present(budi, ago(minutes=5), qr=budis)])) == ["stored"]


def test_review_a_code_or_person_that_nobody_knows(client, cast, phone, sari):
    elsewhere = cast.guest(cast.event("Lain"), cast.partner("Tuti"))

    assert _aside(client, phone, phone.item("present", qr="x" * 43), "unknown").participant is None
    assert _aside(client, phone, phone.present(sari, qr="x" * 43), "unknown").participant == sari
    assert _aside(client, phone, phone.present(elsewhere), "unknown").participant is None


def test_review_of_a_delegate_keeps_the_name_that_was_typed(client, cast, event, phone):
    """Red before: the phone forgets the name once it is sent, so nobody could have said who it was."""
    seat = nameless_seat(cast, event, institution="PWI")
    devices.revoke(device=phone.device, by=cast.kubar)

    scan = _aside(client, phone, phone.present(seat, name="Rudi Hartono"), "device")

    assert (scan.participant.display_name, _present()) == ("Rudi Hartono", [])


def test_review_somebody_who_was_erased(client, phone, sari):
    lifecycle.erased(sari.partner)

    _aside(client, phone, phone.present(sari), "erased")
    _aside(client, phone, phone.pledge(sari), "erased")
    assert not Pledge.objects.exists()


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.REPORTED])
def test_review_what_comes_after_the_event_was_closed(client, phone, event, sari, state):
    close(event, state)

    _aside(client, phone, phone.present(sari), "closed")


def test_review_a_clock_more_than_a_day_off_or_ahead_of_its_own(client, phone, sari):
    _aside(client, phone, phone.present(sari), "clock", sent_at=ago(hours=25))
    _aside(client, phone, phone.present(sari, timezone.now() + timedelta(minutes=6)), "clock")
    off = timedelta(hours=23)
    assert statuses(
        phone.send(client, [phone.present(sari, ago(hours=23))], sent_at=timezone.now() - off)
    ) == ["stored"]


def test_review_a_time_long_before_the_event_and_the_phone(client, phone, sari, budi):
    """A dead battery: the clock began in another year, and was set right before the phone sent."""
    _aside(client, phone, phone.present(sari, ago(days=400)), "clock")
    assert not Attendance.objects.exists()

    early = phone.present(budi, ago(hours=20))
    assert statuses(phone.send(client, [early])) == ["stored"]


@pytest.mark.parametrize("kind", ["present", "walk_in", "pledge", "undo"])
def test_review_what_was_noted_by_a_clock_that_was_set_before_it_was_sent(
    client, phone, other, sari, budi, kind
):
    """An hour slow when it was written, right when it is sent: corrected by the offset of now it would be an hour early
    and win as the first one."""
    mark = phone.present(budi, ago(minutes=2))
    phone.send(client, [mark, phone.pledge(budi)])
    other.send(client, [other.present(sari, ago(minutes=20))])
    item = {
        "present": lambda: phone.present(sari, ago(minutes=70), offset=3_600_000),
        "walk_in": lambda: phone.walk_in(
            "Sari", contact="0812-3456-7890", at=ago(minutes=70), offset=3_600_000
        ),
        "pledge": lambda: phone.pledge(sari, ago(minutes=70), offset=3_600_000),
        "undo": lambda: {**phone.undo(mark, ago(minutes=1)), "offset": -3_600_000},
    }[kind]()

    _aside(client, phone, item, "clock")

    assert Attendance.objects.get(participant=sari).scan.device_id == other.device.public_id
    assert (_present(), Pledge.objects.count()) == (["Budi Santoso", "Sari Wulandari"], 1)


def test_clock_that_was_as_far_off_then_as_now_is_corrected(client, phone, sari, budi):
    hour = timedelta(hours=1)
    items = [
        phone.present(sari, ago(minutes=70), offset=3_600_000 - 290_000),
        phone.present(budi, ago(minutes=70)),
    ]
    items.append(phone.walk_in("Rina", at=ago(minutes=70), offset="an hour"))  # as if it were left out

    answer = phone.send(client, items, sent_at=timezone.now() - hour)

    assert statuses(answer) == ["stored"] * 3


def test_review_what_a_clock_noted_that_had_gone_back(client, phone, sari, budi):
    """Without power for a while, hours slow after it, and set right before it sends: the offset tells nothing, the
    order does (red before: the earliest, and so the one that counted). What was put into an event later has none."""
    mark = phone.present(budi, ago(minutes=20), offset=0)
    early = phone.present(sari, ago(hours=3), offset=0)
    guest = phone.walk_in("Rina", contact="0812-3456-7890", at=ago(hours=3), offset=0)
    jitter = phone.walk_in("Tono", at=ago(minutes=24), offset=0)
    note = phone.walk_in("Catatan", at=ago(hours=1), offset=0, moved=True)
    # Wrong by itself, it says nothing of those after it.
    ahead = phone.walk_in("Nanti", at=ago(hours=-1), offset=0)
    after = phone.walk_in("Wati", at=ago(minutes=10), offset=0)

    answer = phone.send(client, [after, ahead, note, jitter, guest, early, mark])

    assert [(one["status"], one["code"]) for one in reversed(answer["items"])] == [
        ("stored", ""),
        *[("review", "clock")] * 2,
        *[("stored", "")] * 2,
        ("review", "clock"),
        ("stored", ""),
    ]


def test_line_that_breaks_halfway_is_no_fault_of_the_server(client, phone, sari, monkeypatch):
    """An ERROR in the log fails the test: with a bad line that would be one for each attempt."""

    def broken(*_args):
        raise ConnectionResetError

    item = phone.present(sari)
    with monkeypatch.context() as line:
        line.setattr("django.core.handlers.wsgi.WSGIRequest.read", broken)
        response = phone.post(client, [item])

    assert (response.status_code, response.json()["code"]) == (408, "interrupted")
    assert statuses(phone.send(client, [item])) == ["stored"]


def test_token_that_leaked_cannot_fill_the_house(client, phone, sari):
    """Also a phone that was taken off may send, for ever; the numbers that it may give come to an end."""
    last, beyond = phone.present(sari), phone.present(sari)
    last["seq"], beyond["seq"] = MOST_OF_A_PHONE, MOST_OF_A_PHONE + 1

    assert statuses(phone.send(client, [beyond, last])) == ["rejected", "stored"]
    assert phone.reload().last_sequence == MOST_OF_A_PHONE


def test_review_a_walk_in_keeps_nobody_on_the_word_of_a_revoked_phone(client, cast, phone):
    devices.revoke(device=phone.device, by=cast.kubar)

    scan = _aside(client, phone, phone.walk_in("Rina", "keep", "0812-3456-7890"), "device")

    assert (scan.participant.display_name, scan.participant.walk_in_consent) == (
        "Rina",
        WalkInConsent.TONIGHT,
    )
    assert (Partner.objects.count(), Attendance.objects.count()) == (0, 0)


# Undos


def test_undo_takes_back_what_it_names(client, phone, other, sari, budi):
    item = phone.present(sari, ago(minutes=3))
    phone.send(client, [item, phone.present(budi)])

    (one,) = phone.send(client, [phone.undo(item)])["items"]

    assert (one["status"], one["present_at"], _present()) == ("stored", None, ["Budi Santoso"])
    assert Partner.objects.get(pk=sari.partner_id).last_attended_on is None


def test_undo_leaves_the_mark_of_another_phone(client, phone, other, sari):
    item = phone.present(sari, ago(minutes=3))
    phone.send(client, [item])
    other.send(client, [other.present(sari)])

    (one,) = phone.send(client, [phone.undo(item)])["items"]

    assert (one["by"], Attendance.objects.get().scan.device_id) == ("Bidhumas-1", other.device.public_id)


def test_undo_takes_back_nothing_but_what_it_names(client, phone, sari):
    """A phone that marked somebody twice writes one undo for each mark."""
    items = [phone.present(sari, ago(minutes=3)), phone.present(sari, ago(minutes=2))]

    phone.send(client, [*items, phone.undo(items[1])])

    assert str(Attendance.objects.get().scan.client_uuid) == items[0]["uuid"]
    phone.send(client, [phone.undo(items[0])])
    assert _present() == []


def test_undo_of_a_second_mark_leaves_the_walk_in_who_was_on_the_list(client, phone, sari):
    """Without network the list still shows her as absent: tapped, seen double, and the tap taken back."""
    came = phone.walk_in("Sari Wulandari", contact="0812-3456-7890", at=ago(minutes=3))
    tap = phone.present(sari, ago(minutes=2))

    answer = phone.send(client, [came, tap, phone.undo(tap, ago(minutes=1))])

    assert str(Attendance.objects.get().scan.client_uuid) == came["uuid"]
    assert {one["participant"] for one in answer["items"]} == {sari.public_id.hex}


def test_undo_after_15_minutes_is_put_aside(client, phone, sari):
    item = phone.present(sari, ago(minutes=16))
    phone.send(client, [item])

    scan = _aside(client, phone, phone.undo(item), "late_undo")

    assert (scan.participant, _present()) == (sari, ["Sari Wulandari"])


@pytest.mark.parametrize("kind", ["present", "walk_in", "pledge"])
def test_undo_that_comes_before_its_fact_holds_when_that_comes(client, cast, phone, sari, kind):
    at = ago(minutes=4)
    item = {
        "present": lambda: phone.present(sari, at),
        "walk_in": lambda: phone.walk_in("Rina", at=at),
        "pledge": lambda: phone.pledge(sari, at),
    }[kind]()
    undo = phone.undo(item, at + timedelta(minutes=1))

    _aside(client, phone, undo, "unknown")
    phone.send(client, [item])

    assert (_present(), Pledge.objects.filter(withdrawn_at=None).count()) == ([], 0)
    assert Scan.objects.count() == 2
    phone.send(client, [phone.present(sari)])
    assert _present() == ["Sari Wulandari"]


# Guests who were not asked, agreements


def test_walk_in_at_the_door_follows_the_rules_of_the_roll(client, cast, phone, sari):
    answer = phone.send(
        client,
        [
            phone.walk_in("Rina", "keep", "0812-1111-2222"),
            phone.walk_in(consent="anonymous"),
            phone.walk_in("Sari W", "keep", "0812-3456-7890"),
        ],
    )

    assert statuses(answer) == ["stored"] * 3
    assert answer["items"][2]["participant"] == sari.public_id.hex
    assert _present() == ["", "Rina", "Sari Wulandari"]
    assert list(Scan.objects.order_by().values_list("source", "device_id").distinct()) == [
        ("door", phone.device.public_id)
    ]
    assert not Detail.objects.filter(reason__gt="").exists()


def test_pledge_is_voluntary_and_never_asked_of_journalists(client, cast, event, phone, sari):
    wartawan = cast.guest(event, cast.partner("Wartawan", kind="journalist"))
    agreed = phone.pledge(sari)

    answer = phone.send(client, [agreed, phone.pledge(wartawan), phone.pledge(sari, channel="paper")])

    assert statuses(answer) == ["stored", "rejected", "duplicate"]
    assert answer["items"][1]["code"] == "press"
    assert list(Pledge.objects.values_list("participant", "channel")) == [(sari.pk, "screen")]
    phone.send(client, [phone.undo(agreed)])
    assert Pledge.objects.get().withdrawn_at is not None
    assert counts_of(event)["pledged"] == 0


def test_pledge_taken_back_by_the_person_is_not_brought_back_by_an_older_one(
    client, cast, phone, other, sari
):
    phone.send(client, [phone.pledge(sari, ago(minutes=30))])
    pledges.withdraw(pledge=Pledge.objects.get(), by=None)

    other.send(client, [other.pledge(sari, ago(minutes=20))])

    assert Pledge.objects.filter(withdrawn_at=None).count() == 0


def test_pledge_taken_back_after_another_was_given_counts_from_the_other(client, phone, other, sari):
    """Found by Hypothesis: the undo arrives when both are there."""
    first, second = phone.pledge(sari, ago(minutes=9)), other.pledge(sari, ago(minutes=3))
    phone.send(client, [first])
    other.send(client, [second])

    phone.send(client, [phone.undo(first, ago(minutes=6))])

    given = dict(Scan.objects.values_list("client_uuid", "at"))[uuid.UUID(second["uuid"])]
    assert list(Pledge.objects.filter(withdrawn_at=None).values_list("at", flat=True)) == [given]
    assert Pledge.objects.count() == 2


# What cannot be taken


POISON = [
    "no object",
    {},
    {"uuid": "x"},
    {"kind": "present"},
    {"at": "yesterday"},
    {"at": "2024-10-21T20:00:00"},
    {"at": "0001-01-01T00:00:00+14:00"},
    {"uuid": "\ud800"},
    {"seq": 0},
    {"seq": True},
    {"seq": 2**31},
    {"kind": "burn"},
    {"kind": None},
    {"participant": "zz"},
    {"participant": None},
    {"participant": 7},
    {"qr": ["x"]},
    {"qr": "\x00"},
    {"qr": "\ud800"},
    {"kind": "undo"},
    {"kind": "walk_in", "consent": "perhaps"},
    {"kind": "walk_in", "consent": "tonight", "name": "R" * 121},
    {"kind": "walk_in", "consent": "tonight", "name": "R\x00"},
    {"kind": "walk_in", "consent": "tonight", "name": "Rina", "contact": "0812-34"},
    {"kind": "pledge", "pledge_text": str(uuid.uuid4())},
    {"kind": "pledge", "channel": "telepathy"},
]


def test_poison_among_many_hides_no_other(client, phone, cast, event):
    items = []
    for number, poison in enumerate(POISON):
        person = cast.guest(event, cast.partner(f"Tamu {number}"))
        good = phone.present(person)
        bad = {**phone.present(person), **poison} if isinstance(poison, dict) and poison else poison
        if poison == {"kind": "present"}:
            bad = {**bad, "seq": items[-1]["seq"]}
        items += [bad, good]

    answer = phone.post(client, items).json()

    assert statuses(answer) == ["rejected", "stored"] * len(POISON)
    assert all(one["sentence"] and one["code"] for one in answer["items"][::2])
    assert Attendance.objects.count() == len(POISON) == Scan.objects.count()


@pytest.mark.parametrize("client", ["1\x00", "\ud800", {"v": 1}, 7, None])
def test_poison_in_the_name_of_the_client_is_left_out(client):
    """PostgreSQL takes neither of the first two, and the whole batch would fail with them."""
    assert read(json.dumps({"client": client, "items": []}).encode()).client == ""


@pytest.mark.expects_error_log
def test_what_nobody_foresaw_stays_with_its_item(client, phone, sari, budi, monkeypatch):
    """A phone sends again what was answered with an error, so a fault of ours would block all that is behind it."""
    real = attendance.walk_in

    def faulty(**said):
        return 1 / 0 if said["name"] == "Rina" else real(**said)

    monkeypatch.setattr(attendance, "walk_in", faulty)
    items = [phone.present(sari), phone.walk_in("Rina"), phone.walk_in("Tono"), phone.present(budi)]

    answer = phone.send(client, items)

    assert statuses(answer) == ["stored", "rejected", "stored", "stored"]
    assert answer["items"][1]["code"] == "failed"
    assert _present() == ["Budi Santoso", "Sari Wulandari", "Tono"]


def test_a_number_used_before_is_rejected_alone(client, phone, sari, budi):
    phone.send(client, [phone.present(sari)])

    taken = {**phone.present(budi), "seq": 1}
    answer = phone.send(client, [taken, phone.present(budi), {**phone.walk_in("Rina"), "seq": 1}])

    assert [(one["status"], one["code"]) for one in answer["items"]] == [
        ("rejected", "sequence"),
        ("stored", ""),
        ("rejected", "sequence"),
    ]
    assert _present() == ["Budi Santoso", "Sari Wulandari"]


def test_a_uuid_of_another_event_is_rejected(client, cast, phone, sari):
    elsewhere = Phone(cast.event("Lain"), cast.kubar)
    item = phone.present(sari)
    phone.send(client, [item])

    assert elsewhere.send(client, [item])["items"][0]["code"] == "uuid_taken"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b'{"items": 3}', 400, "malformed"),
        (b'{"items": [], "sent_at": "now"}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (json.dumps({"items": [{}] * 101}).encode(), 413, "too_many"),
        (b" " * (300 * 1024), 413, "too_large"),
        (b" " * (3 * 1024 * 1024), 413, "too_large"),
    ],
    ids=range(8),
)
def test_a_batch_that_cannot_be_read_is_a_sentence(client, phone, body, status, code):
    response = client.post(
        f"/api/v1/events/{phone.event.public_id}/scans",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["sentence"].endswith(".")


def test_scans_of_another_event_and_of_an_unknown_phone(client, cast, phone, sari):
    phone.event = cast.event("Lain")
    elsewhere = phone.post(client, [])
    phone.event.public_id = uuid.uuid4()
    nowhere = phone.post(client, [])
    phone.token = "x" * 43

    assert (elsewhere.status_code, elsewhere.content) == (404, nowhere.content)
    assert phone.post(client, []).status_code == 401


# Rollback, both ways of writing, wire


def test_marks_roll_back_as_a_whole(client, phone, sari, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(door, "_finish", fail)
    with pytest.raises(RuntimeError):
        door.take(device=phone.device, batch=batch_of([phone.present(sari), phone.present(sari)]))

    assert (Scan.objects.count(), Attendance.objects.count()) == (0, 0)
    assert Partner.objects.get(pk=sari.partner_id).last_attended_on is None
    assert phone.reload().last_sequence == 0


def test_what_the_database_refuses_is_found_by_halves(client, cast, event, phone, monkeypatch):
    """Whatever one item breaks, the others are written."""
    people = [cast.guest(event, cast.partner(f"Tamu {n}")) for n in range(9)]
    real = door_rows.write

    def picky(call, rows, beaten, beside):
        if any(row.participant_id == people[4].pk for row in rows):
            raise IntegrityError
        return real(call, rows, beaten, beside)

    monkeypatch.setattr(door, "write", picky)
    answer = phone.send(client, [phone.present(person) for person in people])

    assert [one["code"] for one in answer["items"]] == [""] * 4 + ["failed"] + [""] * 4
    assert Attendance.objects.count() == 8


def test_devices_waiting_is_what_the_page_says(client, phone, other, event, sari):
    for one in (phone, other):
        one.device.prepared_at = timezone.now()
        one.device.save(update_fields=["prepared_at"])
    other.send(client, [], waiting=2)

    for waiting in (4, 0):
        answer = phone.send(client, [phone.present(sari)], waiting=waiting)
        assert answer["devices_waiting"] == devices_waiting(event) == 1 + bool(waiting)


def test_the_last_two_clients_are_recorded():
    """A field that clients send anew makes a new version, and a body of it is recorded beside the one before."""
    assert [path.name for path in sorted(WIRE.iterdir())] == [
        f"client-{version}.json" for version in (int(CLIENT) - 1, int(CLIENT))
    ]


@pytest.mark.parametrize("version", [int(CLIENT), int(CLIENT) - 1])
def test_bodies_of_the_last_two_clients_are_still_taken(client, cast, event, phone, sari, version):
    """Recorded as the client put them together; only who and when is put in."""
    text = (WIRE / f"client-{version}.json").read_text()
    now = timezone.now()
    filled = {
        "PARTICIPANT": sari.public_id.hex,
        "QR": code_of(sari),
        "TEXT": event.pledge_text.public_id.hex,
    }
    filled |= {"NOW": moment(now), "EARLIER": moment(now - timedelta(minutes=3))}
    for key, value in filled.items():
        text = text.replace(f"@{key}@", value)
    response = client.post(
        f"/api/v1/events/{event.public_id}/scans",
        data=text,
        content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )

    assert response.status_code == 200
    sent = json.loads(text)["items"]
    # The phone knows each answer by the name that it gave.
    assert [one["uuid"] for one in response.json()["items"]] == [item["uuid"] for item in sent]
    assert statuses(response.json()) == ["stored"] * len(sent)
    assert (_present(), Pledge.objects.count()) == (["Rina", "Sari Wulandari"], 1)
    assert phone.reload().client_version == str(version)
