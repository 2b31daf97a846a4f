"""Where two rules of the door meet: guests met twice, agreements of the press, undos of what was looked at."""

from __future__ import annotations

import threading
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from audit.models import Entry
from events.choices import ParticipantKind, ReviewDecision
from events.models import Attendance, Participant, Pledge, Scan, ScanReview
from events.operations import (
    attendance,
    delegations,
    devices,
    door,
    guests,
    personnel,
    pledges,
    reviews,
    roles,
)
from events.queries.door import counts_of
from events.queries.reviews import conflicts_of
from partners.choices import Keep
from partners.models import Partner
from partners.operations import opt_outs
from partners.opt_outs import phone_address
from partners.search import search_key_for
from tests.events.phones import Phone, ago, batch_of, close, nameless_seat, statuses
from tests.events.threads import together

COUNTED, DISMISSED = ReviewDecision.COUNTED, ReviewDecision.DISMISSED


@pytest.fixture
def press(cast, event):
    return cast.guest(event, cast.partner("Wartawan", kind="journalist"))


def _count(cast, event, *items, decision=COUNTED, **how):
    names = [uuid.UUID(item["uuid"]) for item in items]
    return reviews.decide(event=event, scans=names, decision=decision, by=cast.bidhumas, **how)


# Guests who were not asked, met twice


@pytest.mark.parametrize("decision", [COUNTED, DISMISSED])
def test_walk_in_of_a_doubtful_phone_who_is_on_the_list_is_one_person(
    client, cast, event, phone, other, sari, decision
):
    devices.revoke(device=phone.device, by=cast.kubar)
    item = phone.walk_in("Sari W", "keep", "0812-3456-7890")
    (answer,) = phone.send(client, [item])["items"]
    other.send(client, [other.present(sari)])

    _count(cast, event, item, decision=decision)

    assert (answer["status"], answer["participant"]) == ("review", sari.public_id.hex)
    assert [one.participant for one in Attendance.objects.all()] == [sari]
    assert list(Participant.objects.values_list("display_name", "kind")) == [("Sari Wulandari", "partner")]


def test_guest_for_tonight_typed_on_two_phones_is_one_person(client, cast, event, phone, other):
    phone.send(client, [phone.walk_in("Rina", "tonight", "0812-1111-2222", at=ago(minutes=3))])
    again = [
        other.walk_in("Rina Amelia", "tonight", "0812 1111 2222"),
        other.walk_in("Tuti", "tonight", "0812-1111-2222"),  # of one household
        other.walk_in("Rina"),  # without a contact nobody knows
    ]

    answer = other.send(client, again)

    assert statuses(answer) == ["duplicate", "stored", "stored"]
    assert sorted(Participant.objects.values_list("display_name", flat=True)) == ["Rina", "Rina", "Tuti"]


@pytest.mark.parametrize("consent", ["tonight", "keep"])
@pytest.mark.parametrize(
    ("typed", "again"), [("@Rina.Barong", "instagram.com/rina.barong/"), ("rina", "RINA")]
)
def test_guest_with_a_handle_typed_on_two_phones_is_one_person(
    client, cast, event, phone, other, consent, typed, again
):
    phone.send(client, [phone.walk_in("Rina", consent, typed, at=ago(minutes=3))])
    items = [
        other.walk_in("Rina Amelia", consent, again),
        other.walk_in("Tuti", consent, again),
        other.walk_in("Rina", consent, "tiktok.com/@rina.barong"),
        other.walk_in("Rina", consent, again[:-2]),
    ]

    answer = other.send(client, items)

    assert statuses(answer) == ["duplicate", "stored", "stored", "stored"]
    assert Partner.objects.count() == (4 if consent == "keep" else 0)
    assert conflicts_of(event)[0].person.display_name == "Rina"


def test_guest_of_the_list_is_known_by_a_handle_and_one_of_the_registry_too(client, cast, event, phone):
    tuti = cast.partner("Tuti", handles=[("tiktok", "tuti.hulu"), ("instagram", "tuti")])
    listed = cast.guest(event, cast.partner("Rina Amelia", handles=[("instagram", "rina")]))

    phone.send(client, [phone.walk_in("Rina", "tonight", "@rina"), phone.walk_in("Tuti", "keep", "@Tuti")])

    assert set(Attendance.objects.values_list("participant__partner", flat=True)) == {
        listed.partner_id,
        tuti.pk,
    }
    assert Partner.objects.count() == 2


def test_guest_who_may_be_kept_is_kept_though_noted_for_tonight_before(client, cast, event, phone, other):
    phone.send(client, [phone.walk_in("Rina", "tonight", "0812-1111-2222", at=ago(minutes=3))])
    other.send(client, [other.walk_in("Rina", "keep", "0812-1111-2222")])

    assert Participant.objects.get().partner.full_name == "Rina"
    assert (Attendance.objects.count(), counts_of(event)["walk_ins"]) == (1, 1)


@pytest.mark.parametrize("is_keep_heard_first", [False, True])
@pytest.mark.parametrize("is_keep_earlier", [False, True])
@pytest.mark.parametrize("contact", ["0812-1111-2222", "@rina.barong"])
@pytest.mark.parametrize(("tonight", "kept"), [("Rina", "Rina Amelia"), ("Rina Amelia", "Rina")])
def test_guest_kept_by_one_phone_and_not_by_the_other_is_one_whichever_is_heard_first(
    client, cast, event, phone, other, is_keep_heard_first, is_keep_earlier, contact, tonight, kept
):
    """Red before where the one for tonight was heard first: two people."""
    wanted = other.walk_in(kept, "keep", contact, at=ago(minutes=6))
    noted = phone.walk_in(tonight, "tonight", contact, at=ago(minutes=9 - 6 * is_keep_earlier))
    neighbour = phone.walk_in("Tuti", "tonight" if is_keep_heard_first else "keep", contact)
    sent = [(phone, noted), (other, wanted), (phone, neighbour)]
    if is_keep_heard_first:
        sent[:2] = reversed(sent[:2])

    answers = [one.send(client, [item])["items"][0] for one, item in sent]

    assert [one["status"] for one in answers] == ["stored", "duplicate", "stored"]
    rina, tuti = Participant.objects.order_by("pk")
    assert (tuti.display_name, {one["participant"] for one in answers[:2]}) == ("Tuti", {rina.public_id.hex})
    assert (rina.display_name, rina.contact, rina.walk_in_consent) == (kept, "", "keep")
    partner = rina.partner
    assert (partner.full_name, partner.keep, partner.unit) == (kept, Keep.UNCONFIRMED, rina.unit)
    assert (rina.unit, rina.search_key) == (cast.unit("polres-kubar"), search_key_for(kept))
    earliest = wanted if is_keep_earlier else noted
    assert str(rina.attendance.scan.client_uuid) == earliest["uuid"]
    day = timezone.localdate(rina.attendance.at, ZoneInfo(event.timezone))
    assert (Attendance.objects.count(), partner.last_attended_on) == (2, day)


def test_guest_kept_after_all_who_is_of_the_press_has_agreed_to_nothing(client, cast, event, phone, other):
    """As if kept first: then nobody would have asked."""
    phone.send(client, [phone.walk_in("Rekan Wartawan", "tonight", "0812-1111-2222", at=ago(minutes=3))])
    phone.send(client, [phone.pledge(Participant.objects.get())])
    known = cast.partner("Rekan Wartawan", kind="journalist", phone="+6281211112222")

    other.send(client, [other.walk_in("Rekan Wartawan", "keep", "0812-1111-2222")])

    guest = Participant.objects.get()
    assert (guest.partner, guest.is_press, Partner.objects.count()) == (known, True, 1)
    assert [pledge.withdrawn_at is None for pledge in Pledge.objects.all()] == [False]


def test_guest_kept_by_many_phones_at_once_is_kept_once(real):
    event = real.event()
    phones = [Phone(event, real.kubar, f"HP-{n}") for n in range(5)]
    first = phones[0].walk_in("Rina", "tonight", "0812-1111-2222", at=ago(minutes=9))
    door.take(device=phones[0].reload(), batch=batch_of([first]))
    items = [one.walk_in("Rina Amelia", "keep", "0812-1111-2222") for one in phones]

    answers = together(
        [
            lambda n=n: door.take(device=phones[n].reload(), batch=batch_of([items[n]])).answers[0].status
            for n in range(len(phones))
        ]
    )

    assert answers == ["duplicate"] * len(phones)
    assert (Participant.objects.get().partner, Attendance.objects.count()) == (Partner.objects.get(), 1)
    assert str(Attendance.objects.get().scan.client_uuid) == first["uuid"]


@pytest.mark.parametrize("contact", ["0812-1111-2222", "@rina.barong"])
def test_guest_brought_by_many_phones_at_one_moment_is_one(real, contact):
    """Red before on PostgreSQL: none saw yet what the others were writing."""
    event = real.event()
    phones = [Phone(event, real.kubar, f"HP-{n}") for n in range(6)]
    devices.revoke(device=phones[0].device, by=real.kubar)
    batches = [
        batch_of([one.walk_in("Rina", ("tonight", "keep")[n % 2], contact, at=ago(minutes=n + 1))])
        for n, one in enumerate(phones)
    ]

    answers = together(
        [
            lambda n=n: door.take(device=phones[n].reload(), batch=batches[n]).answers[0].status
            for n in range(len(phones))
        ]
    )

    assert sorted(answers) == ["duplicate"] * 4 + ["review", "stored"]
    assert Participant.objects.get().partner == Partner.objects.get()
    assert Attendance.objects.get().scan.device_id == phones[-1].device.public_id


def test_guest_for_tonight_of_a_doubtful_phone_is_kept_and_present_since_that_phone_said(
    client, cast, event, phone, other
):
    devices.revoke(device=phone.device, by=cast.kubar)
    item = phone.walk_in("Rina", "keep", "0812-1111-2222", at=ago(minutes=9))
    phone.send(client, [item])
    other.send(client, [other.walk_in("Rina", "keep", "0812-1111-2222")])
    # Once more on the word of the phone that is not admitted any more: nobody is added.
    phone.send(client, [phone.walk_in("Rina", "keep", "0812-1111-2222")])

    _count(cast, event, item)

    assert Participant.objects.get().partner == Partner.objects.get()
    assert str(Attendance.objects.get().scan.client_uuid) == item["uuid"]


@pytest.mark.parametrize("consent", ["tonight", "keep"])
@pytest.mark.parametrize("is_revoked", [False, True])
def test_guest_who_once_asked_not_to_be_contacted_leaves_no_address(
    client, cast, event, phone, consent, is_revoked
):
    opt_outs.remember([phone_address("+6281211112222")])
    if is_revoked:
        devices.revoke(device=phone.device, by=cast.kubar)

    phone.send(client, [phone.walk_in("Rina", consent, "0812-1111-2222")])

    assert list(Participant.objects.values_list("display_name", "contact")) == [("Rina", "")]
    assert not Partner.objects.filter(phone__gt="").exists()


# Joint commitments


def test_agreement_of_the_press_is_never_kept_not_even_to_be_looked_at(client, cast, event, phone, press):
    close(event)

    (answer,) = phone.send(client, [phone.pledge(press)])["items"]

    assert (answer["status"], answer["code"], Scan.objects.count()) == ("rejected", "press", 0)


@pytest.mark.parametrize("kind", ["press", "official"])
def test_agreement_that_names_nobody_cannot_be_given_to_whom_it_is_not_for(
    client, cast, event, phone, press, kind
):
    whose = press
    if kind == "official":
        whose = Participant.objects.create(event=event, kind=ParticipantKind.OFFICIAL, display_name="Bupati")
    item = phone.item("pledge", participant=uuid.uuid4().hex, channel="screen")
    phone.send(client, [item])

    with pytest.raises(ValidationError) as refused:
        _count(cast, event, item, participant=whose)

    assert refused.value.code == {"press": "press", "official": "not_a_guest"}[kind]
    assert (Pledge.objects.count(), ScanReview.objects.count()) == (0, 0)


def test_agreement_taken_back_late_before_a_look_stays_taken_back(client, cast, event, phone, sari):
    item = phone.item("pledge", ago(minutes=50), participant=uuid.uuid4().hex, channel="screen")
    undo = phone.undo(item, ago(minutes=10))
    phone.send(client, [item, undo])

    _count(cast, event, item, participant=sari)

    assert (Pledge.objects.filter(withdrawn_at=None).count(), ScanReview.objects.count()) == (0, 2)


def test_agreement_counted_after_a_look_and_withdrawn_does_not_come_back(
    client, cast, event, phone, other, sari
):
    item = phone.item("pledge", ago(minutes=50), participant=uuid.uuid4().hex, channel="screen")
    phone.send(client, [item])
    _count(cast, event, item, participant=sari)
    pledges.withdraw(pledge=Pledge.objects.get(), by=None)

    other.send(client, [other.pledge(sari, ago(minutes=40))])

    assert Pledge.objects.filter(withdrawn_at=None).count() == 0


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_agreement_taken_back_takes_back_all_also_where_one_waits_for_a_look(
    client, cast, event, phone, other, sari, is_withdrawn
):
    """Whichever of the two the taking back names."""
    phone.send(client, [phone.pledge(sari, ago(minutes=30))])
    doubtful = other.pledge(sari, ago(minutes=20))
    other.send(client, [doubtful], sent_at=timezone.now() - timedelta(hours=25))
    if is_withdrawn:
        pledges.withdraw(pledge=Pledge.objects.get(), by=None)
    else:
        other.send(client, [other.undo(doubtful)])
    phone.send(client, [phone.pledge(sari, ago(minutes=10))])

    assert Pledge.objects.filter(withdrawn_at=None).count() == 0


def test_agreement_taken_back_before_it_came_is_no_attendance_undone(client, cast, event, phone, sari):
    item = phone.pledge(sari, ago(minutes=4))
    undo = phone.undo(item)

    phone.send(client, [undo])
    phone.send(client, [item])

    verbs = list(Entry.objects.filter(event_public_id=event.public_id).values_list("verb", flat=True))
    assert ("attendance.undone" in verbs, "pledge.withdrawn" in verbs) == (False, True)


# Sent again


def test_name_of_a_delegate_is_written_though_the_answer_to_the_mark_was_lost(
    client, cast, event, phone, monkeypatch
):
    """The mark was written, the name was not, and the phone sends both again."""
    seat = nameless_seat(cast, event)
    item = phone.present(seat, name="Rudi Hartono")
    with monkeypatch.context() as fault:
        fault.setattr(door.door_items, "name_delegate", lambda *_about: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            door.take(device=phone.device, batch=batch_of([item]))

    assert statuses(phone.send(client, [item])) == ["known"]

    assert Attendance.objects.get().participant.display_name == "Rudi Hartono"


def test_seat_that_the_office_named_meanwhile_is_not_said_to_be_taken(client, cast, event, phone, other):
    """Red before: "Budi is here already", though nobody but this mark said that anybody came."""
    seat = nameless_seat(cast, event)
    delegations.name(participant=seat, name="Budi", by=cast.bidhumas)
    item, later = phone.present(seat, name="Tuti"), other.present(seat, name="Wati")

    answers = [
        one["items"][0]
        for one in (phone.send(client, [item]), phone.send(client, [item]), other.send(client, [later]))
    ]

    assert [(one["status"], one["code"]) for one in answers] == [
        ("stored", "name"),
        ("known", "name"),
        ("duplicate", "name"),
    ]
    first, again, taken = [one["sentence"] for one in answers]
    assert first == again != taken
    assert "Budi" in first and "PWI" not in first and "PWI" in taken


# Locks


@pytest.mark.parametrize("at_once", [False, True])
def test_delegate_named_by_two_phones_has_the_first_name_and_the_second_is_said_so(
    real, monkeypatch, at_once
):
    """Red before at once: both read the seat without a name, the last won, and neither was told."""
    event = real.event()
    seat = nameless_seat(real, event)
    phones = [Phone(event, real.kubar), Phone(event, real.bidhumas, "Bidhumas-1")]
    batches = [
        batch_of([one.present(seat, name=name)]) for one, name in zip(phones, ("Rudi", "Tuti"), strict=True)
    ]
    answers: dict[int, str] = {}

    def send(n):
        try:
            answers[n] = door.take(device=phones[n].reload(), batch=batches[n]).answers[0].code
        finally:
            connections.close_all()

    second = threading.Thread(target=send, args=(1,))
    require = door.door_items._require_unnamed

    def slowly(*about):
        require(*about)
        if threading.current_thread() is not second:
            second.start()
            second.join(timeout=0.5)  # it gets as far as it may, and waits there

    with monkeypatch.context() as meanwhile:
        if at_once:
            meanwhile.setattr(door.door_items, "_require_unnamed", slowly)
        send(0)
        if not at_once:
            second.start()
        second.join()

    seat.refresh_from_db()
    assert (seat.display_name, answers) == ("Rudi", {0: "", 1: "name"})


def test_marks_are_decided_with_the_people_held_in_the_order_of_the_list(
    client, cast, event, phone, sari, press, monkeypatch
):
    """As a batch from the door holds them: two that hold the same people in two orders would wait for each other."""
    devices.revoke(device=phone.device, by=cast.kubar)
    items = [phone.present(press, ago(minutes=5)), phone.present(sari, ago(minutes=4))]
    phone.send(client, items)
    held, hold = [], reviews.facts.hold

    def noted(pk):
        held.append(pk)
        hold(pk)

    monkeypatch.setattr(reviews.facts, "hold", noted)

    assert _count(cast, event, *items) == 2

    assert list(dict.fromkeys(held)) == sorted([sari.pk, press.pk])


# Numbers


def test_pack_says_which_number_comes_next(client, phone, sari):
    """A phone that was emptied and opens its address again must not number from one."""
    phone.send(client, [phone.present(sari), phone.walk_in("Rina")])
    headers = {"Authorization": f"Bearer {phone.token}"}

    for path in ("device", f"events/{phone.event.public_id}/pack"):
        answer = client.get(f"/api/v1/{path}", headers=headers).json()
        assert answer["device"]["last_sequence"] == 2


# Days


@pytest.mark.parametrize("is_looked_at", [False, True])
def test_day_of_the_earliest_mark_is_the_last_day_whatever_came_first(
    client, cast, event, phone, sari, is_looked_at
):
    """Marked on the roll after midnight; a phone, or a look, finds that they came before it."""
    evening = timezone.make_aware(datetime(2026, 10, 21, 23, 50), ZoneInfo("Asia/Makassar"))
    attendance.record(event=event, participant=sari, by=cast.kubar, at=evening + timedelta(minutes=20))
    type(phone.device).objects.update(registered_at=evening)
    item = phone.present(sari, evening)
    if is_looked_at:
        devices.revoke(device=phone.device, by=cast.kubar)
    phone.send(client, [item])

    assert _count(cast, event, item) == is_looked_at

    assert Attendance.objects.get().scan.device_id == phone.device.public_id
    assert Partner.objects.get().last_attended_on == date(2026, 10, 21)


def test_day_of_an_earlier_mark_on_the_roll_leaves_that_of_another_event(cast, event, sari):
    evening = timezone.make_aware(datetime(2026, 10, 21, 23, 50), ZoneInfo("Asia/Makassar"))
    sari.refresh_from_db()
    later = cast.guest(cast.event("Lain"), sari.partner)
    attendance.record(event=later.event, participant=later, by=cast.kubar, at=evening + timedelta(days=3))
    for minutes in (20, 0):
        person = Participant.objects.get(pk=sari.pk)
        at = evening + timedelta(minutes=minutes)
        attendance.record(event=event, participant=person, by=cast.kubar, at=at)

    assert Partner.objects.get().last_attended_on == date(2026, 10, 24)


# What two saw differently


def test_conflict_of_a_mark_that_another_officer_took_back(client, cast, event, phone, sari, press):
    phone.send(client, [phone.present(sari), phone.present(press)])
    attendance.undo(participant=sari, by=cast.bidhumas)
    attendance.undo(participant=press, by=cast.kubar)  # who answers for the phone

    found = conflicts_of(event)

    assert [(one.person, one.is_present, one.is_disputed) for one in found] == [(sari, False, True)]


def test_conflict_shows_a_mark_whose_person_was_found_by_a_look(client, cast, event, phone, other, sari):
    item = phone.item("present", qr="x" * 43)
    phone.send(client, [item])
    other.send(client, [other.present(sari)])
    _count(cast, event, item, participant=sari)

    assert [(one.person, len(one.marks)) for one in conflicts_of(event)] == [(sari, 2)]


# Changes of the list


def _meanwhile(monkeypatch, module, phone, item):
    """The phone sends this mark at the moment when an officer's change of the list takes the event."""
    batch = batch_of([item])
    answers, called = [], threading.Event()

    def scan():
        called.set()
        try:
            answers.extend(door.take(device=phone.reload(), batch=batch).answers)
        finally:
            connections.close_all()

    thread, lock_open = threading.Thread(target=scan), module.lock_open

    def slowly(event):
        lock_open(event)
        thread.start()
        called.wait(timeout=30)
        thread.join(timeout=0.3)  # it gets as far as it may, and waits there

    monkeypatch.setattr(module, "lock_open", slowly)
    return thread, answers


def test_guest_marked_while_taken_off_the_list_is_kept_to_be_looked_at(real, monkeypatch):
    event = real.event()
    sari = real.guest(event, real.partner("Sari Wulandari"))
    phone = Phone(event, real.kubar)
    thread, answers = _meanwhile(monkeypatch, guests, phone, phone.present(sari))

    guests.remove(participant=sari, by=real.bidhumas)
    thread.join()

    assert [(one.status, one.code) for one in answers] == [("review", "unknown")]
    assert (Participant.objects.count(), Scan.objects.get().participant) == (0, None)


def test_delegate_marked_while_somebody_gives_the_name_is_in_under_that_name(real, monkeypatch):
    event = real.event()
    seat = nameless_seat(real, event)
    phone = Phone(event, real.kubar)
    thread, answers = _meanwhile(monkeypatch, delegations, phone, phone.present(seat))

    delegations.name(participant=seat, name="Rudi Hartono", by=real.bidhumas)
    thread.join()

    assert [one.status for one in answers] == ["stored"]
    assert Attendance.objects.get().participant.display_name == "Rudi Hartono"


@pytest.mark.parametrize("change", ["personnel.remove", "roles.update", "roles.remove"])
def test_personnel_marked_while_an_officer_changes_their_part_wait_for_nobody_in_a_circle(
    real, monkeypatch, change
):
    """Red before on PostgreSQL: each held what the other waited for, and one of the two was ended by the database."""
    event = real.event()
    if change.startswith("personnel"):
        bripka = Participant.objects.create(
            event=event, kind="personnel", unit=real.kubar.unit, display_name="Bripka Andi"
        )
        module, work = personnel, lambda: personnel.remove(participant=bripka, by=real.kubar)
    else:
        part = roles.add(event=event, by=real.kubar, role="speaker", full_name="Andi", rank="Bripka")
        bripka, module = Participant.objects.get(role=part), roles
        work = {
            "roles.update": lambda: roles.update(person=part, by=real.kubar, full_name="Andi Saputra"),
            "roles.remove": lambda: roles.remove(person=part, by=real.kubar),
        }[change]
    phone = Phone(event, real.kubar)
    thread, answers = _meanwhile(monkeypatch, module, phone, phone.present(bripka))

    work()
    thread.join()

    is_gone = change != "roles.update"
    assert [one.status for one in answers] == ["review" if is_gone else "stored"]
    assert (Participant.objects.count(), Attendance.objects.count()) == ((0, 0) if is_gone else (1, 1))
