"""Roll, phones, looks and withdrawals in any mixture: the rows say what the facts say, and every figure agrees."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from events.choices import ParticipantKind, ReviewDecision, ScanKind, ScanState
from events.derivation import PRESENCE, agreed, counts, derive
from events.models import Attendance, Event, Participant, Pledge, Scan, ScanReview
from events.operations import attendance, devices, door, pledges, reviews
from events.queries.devices import device_for
from events.queries.facts import facts_about
from events.queries.reviews import conflicts_of, doubts_of, open_reviews
from events.queries.tallies import tallies_of
from partners.models import Partner
from reports.models import EventTally
from reports.operations import tallies
from tests.events.phones import Phone, batch_of, code_of
from ui.times import at_place


class Evening:
    """Acts of one evening by chance; ``noted`` are the facts of each phone, sent or not."""

    def __init__(self, cast, chance):
        self.cast, self.chance = cast, chance
        self.event = cast.event(pledge_text=cast.pledge_text())
        partners = [cast.partner(f"Tamu {n}", phone=f"+62812345678{n:02}") for n in range(3)]
        self.people = [cast.guest(self.event, partner) for partner in partners]
        seat = {"kind": ParticipantKind.OFFICIAL, "display_name": "Bupati"}
        self.people.append(Participant.objects.create(event=self.event, **seat))
        self.phones = [Phone(self.event, cast.officers[name], name) for name in ("kubar", "bidhumas")]
        self.noted: list[list[dict[str, Any]]] = [[], []]

    def note(self):
        n, at = self.chance.randrange(2), timezone.now() - timedelta(seconds=self.chance.randrange(3000))
        phone, who = self.phones[n], self.chance.choice(self.people)
        before = [item for item in self.noted[n] if item["kind"] != ScanKind.UNDO]
        consent, contact = (
            self.chance.choice(["tonight", "keep", "anonymous"]),
            self.chance.choice(["", "0812-1111-2222"]),
        )
        known = {"name": "Tamu 1", "contact": "0812-3456-7801"}
        makes = [
            lambda: phone.present(who, at),
            lambda: phone.item("present", at, qr=code_of(self.people[0])),
            lambda: phone.item("present", at, qr="x" * 43),
            lambda: phone.undo(self.chance.choice(before or [{"uuid": "0" * 32}]), at),
            lambda: phone.pledge(who, at),
            lambda: phone.walk_in("Rina", consent, contact, at=at),
            lambda: phone.walk_in(consent="tonight", at=at, **known),
        ]
        self.noted[n].append(self.chance.choice(makes)())

    def send(self, everything=False):
        for phone, noted in zip(self.phones, self.noted, strict=True):
            items = noted if everything else self.chance.sample(noted, self.chance.randint(0, len(noted)))
            device: Any = device_for(phone.token)
            door.take(device=device, batch=batch_of(items))

    def on_the_roll(self):
        person = Participant.objects.get(pk=self.chance.choice(self.people).pk)
        if self.chance.random() < 0.6:
            attendance.record(event=person.event, participant=person, by=self.cast.kubar)
        else:
            attendance.undo(participant=person, by=self.cast.bidhumas)

    def look(self):
        names = list(open_reviews(self.event).values_list("client_uuid", flat=True))
        one = self.chance.sample(names, min(len(names), 1))
        named = self.chance.choice([None, self.people[1]])
        decision = self.chance.choice(ReviewDecision.values)
        reviews.decide(event=self.event, scans=one, decision=decision, by=self.cast.kubar, participant=named)

    def agree_or_withdraw(self):
        live = Pledge.objects.filter(withdrawn_at=None).first()
        if live is not None:
            pledges.withdraw(pledge=live, by=None)
        else:
            person = Participant.objects.get(pk=self.people[2].pk)
            pledges.record(
                participant=person, text=self.event.pledge_text, channel="paper", by=self.cast.kubar
            )

    def turn(self):
        if self.chance.random() < 0.5:
            devices.revoke(device=self.phones[1].device, by=self.cast.kubar)
        elif self.chance.random() < 0.3:
            Event.objects.filter(pk=self.event.pk).update(state="reported")


def _assert_pages_say_what_is_open_and_what_differs(event):
    decided = set(ScanReview.objects.values_list("scan", flat=True))
    undone = set(
        Scan.objects.exclude(state=ScanState.NEEDS_REVIEW)
        .filter(kind="undo")
        .values_list("undoes", flat=True)
    )
    doubtful = Scan.objects.filter(state=ScanState.NEEDS_REVIEW)
    waiting = {scan.pk for scan in doubtful} - decided - undone
    assert {one.scan.pk for one in doubts_of(event)} == waiting
    shown = {one.person.pk: one for one in conflicts_of(event)}
    for person in Participant.objects.all():
        marks = [fact for fact in facts_about([person.pk]) if fact.kind in PRESENCE and counts(fact)]
        if len({fact.device_id or fact.by_id for fact in marks}) > 1:
            assert shown[person.pk].is_present == hasattr(person, "attendance")
            assert [mark.wins for mark in shown[person.pk].marks].count(True) == hasattr(person, "attendance")
        elif not any(fact.kind == ScanKind.UNDO for fact in facts_about([person.pk])):
            assert person.pk not in shown


@pytest.mark.parametrize("seed", range(10))
def test_rows_say_what_the_facts_say_whatever_happened(cast, seed):
    chance = random.Random(seed)
    evening = Evening(cast, chance)
    often = [evening.note] * 6 + [evening.send] * 3 + [evening.on_the_roll] * 2
    for act in chance.choices([*often, evening.look, evening.agree_or_withdraw, evening.turn], k=25):
        try:
            act()
        except ValidationError:
            continue  # such as on the roll, once the event is reported
    evening.send(everything=True)

    for person in Participant.objects.all():
        facts, row = facts_about([person.pk]), Attendance.objects.filter(participant=person).first()
        assert getattr(derive(facts), "pk", None) == getattr(row, "scan_id", None)
        holds = agreed(fact for fact in facts if fact.kind == ScanKind.UNDO or fact.pledge_text_id)
        live = Pledge.objects.filter(participant=person, withdrawn_at=None).first()
        assert getattr(holds, "at", None) == getattr(live, "at", None)
    for partner in Partner.objects.all():
        came = Attendance.objects.filter(participant__partner=partner)
        days = [at_place(row.at, evening.event.timezone).date() for row in came]
        assert partner.last_attended_on == max(days, default=None)
    tallies.catch_up()
    figures, counted = tallies_of(evening.event), EventTally.objects.get(event=evening.event)
    assert (figures.present, figures.pledges) == (counted.guests, counted.pledges)
    _assert_pages_say_what_is_open_and_what_differs(evening.event)
    for phone, noted in zip(evening.phones, evening.noted, strict=True):
        here = set(
            Scan.objects.filter(device_id=phone.device.public_id).values_list("client_uuid", flat=True)
        )
        lost = [item for item in noted if item["uuid"] not in {str(name) for name in here}]
        assert all(item["kind"] in (ScanKind.PLEDGE, ScanKind.UNDO) for item in lost)
