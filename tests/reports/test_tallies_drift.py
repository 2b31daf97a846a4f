"""Whatever officers do, in whatever order: what the quick sweep counts anew is what counting everything gives."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import Entry
from events.choices import Answer, AnswerChannel, ParticipantKind, WalkInConsent
from events.models import Attendance, Event, Participant, Pledge
from events.operations import attendance, copying, delegations, events, guests, pledges, states
from partners.choices import ConsentChannel, Decision, Purpose
from partners.models import Organization, Partner
from partners.operations import consents, do_not_contact, erasure, partners
from regions.models import Region
from reports.models import EventTally, PartnerTally, StopTally, TallyClock
from reports.operations import tallies
from ui.times import at_place

PLACES = ["64.07.07", "64.07", "64.03.05", "64.02.05", "64.74"]
UNITS = ["polres-kubar", "polres-berau", "polres-bontang"]
STEPS = 60


def figures() -> list[set[tuple[Any, ...]]]:
    return [
        set(model.objects.values_list(*names))
        for model, names in (
            (PartnerTally, ("unit", "region", "confirmed", "unconfirmed", "prospective", "due")),
            (StopTally, ("program", "region", "unit", "held", "planned")),
            (EventTally, ("event", "invited", "awaiting", "guests", "pledges")),
        )
    ]


def forget_lines() -> None:
    """As if all lines were old: what they name is not counted a second time by chance."""
    TallyClock.objects.update(
        seen_entry=Entry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    )


class Week:
    """One thing after another, each by the operation that the pages call."""

    def __init__(self, cast: Any, seed: int) -> None:
        self.cast, self.dice = cast, random.Random(seed)
        self.programs = [cast.program(), cast.program(name="Rangkaian lain"), None]
        self.text = cast.pledge_text()
        self.organization = Organization.objects.create(
            name="PWI", kind="association", region_id="64.07", unit=cast.unit("polda-kaltim")
        )
        self.by = cast.bidhumas
        for number in range(3):
            cast.partner(f"Tamu {number}")
        for program in self.programs[:2]:
            cast.event("Dialog", program=program)

    def do(self) -> str:
        names = [name for name in dir(self) if name.startswith("and_")]
        name = self.dice.choice(names)
        try:
            getattr(self, name)()
        except (ValidationError, PermissionDenied) as error:
            return f"{name} refused {error}"
        return name

    def some(self, model: Any) -> Any:
        rows = list(model.objects.order_by("pk"))
        if not rows:
            raise ValidationError("nobody yet")
        return self.dice.choice(rows)

    def region(self) -> Region:
        return Region.objects.get(pk=self.dice.choice(PLACES))

    def and_somebody_is_added(self) -> None:
        partners.register(
            by=self.by,
            full_name=f"Sari {self.dice.random()}",
            kind="activist",
            source="phone",
            region=self.region(),
            consent_given=self.dice.random() < 0.5,
        )

    def and_somebody_decides(self) -> None:
        decision = self.dice.choice([Decision.GIVEN, Decision.GIVEN, Decision.WITHDRAWN])
        channel = self.dice.choice([ConsentChannel.SCREEN, ConsentChannel.SPOKEN])
        consents.record(
            partner=self.some(Partner), purpose=Purpose.KEEP, decision=decision, channel=channel, by=self.by
        )

    def and_somebody_moves(self) -> None:
        partners.update(partner=self.some(Partner), by=self.by, region=self.region())

    def and_somebody_is_set_aside(self) -> None:
        partners.archive(partner=self.some(Partner), by=self.by, reason="pindah")

    def and_somebody_comes_back(self) -> None:
        partners.restore(partner=self.some(Partner), by=self.by)

    def and_somebody_is_erased(self) -> None:
        erasure.erase(partner=self.some(Partner), by=self.by)

    def and_a_tick_lapses(self) -> None:
        erasure.sweep(timezone.localdate() + timedelta(days=31))

    def and_somebody_wants_quiet(self) -> None:
        do_not_contact.stop(partner=self.some(Partner), by=self.by)

    def and_an_event_is_planned(self) -> None:
        event = events.create(
            by=self.by,
            title="Dialog",
            kind="pr_dialogue",
            host_unit=self.cast.unit("polda-kaltim"),
            region=self.region(),
            venue="Balai",
            starts_at=timezone.now() - timedelta(hours=self.dice.randint(1, 90)),
            program=self.dice.choice(self.programs),
            co_hosts=[self.cast.unit(self.dice.choice(UNITS))],
        )
        if self.dice.random() < 0.8:
            states.publish(event=event, by=self.by)

    and_another_event_is_planned = and_an_event_is_planned

    def and_an_event_is_copied(self) -> None:
        copying.copy(event=self.some(Event), by=self.by, region=self.region(), venue="Aula")

    def and_an_event_changes(self) -> None:
        changed: dict[str, Any] = self.dice.choice(
            [
                {"region": self.region()},
                {"program": self.dice.choice(self.programs)},
                {"co_hosts": [self.cast.unit(code) for code in self.dice.sample(UNITS, 2)]},
                {"invited_units": [self.cast.unit("polres-kukar")]},
                {"co_hosts": []},
            ]
        )
        events.update(event=self.some(Event), by=self.by, **changed)

    def and_an_event_is_published(self) -> None:
        states.publish(event=self.some(Event), by=self.by)

    def and_an_event_is_held(self) -> None:
        states.finish(event=self.some(Event), by=self.by)

    def and_an_event_is_reported(self) -> None:
        states.report(event=self.some(Event), by=self.by)

    def and_an_event_is_cancelled(self) -> None:
        states.cancel(event=self.some(Event), by=self.by, reason="hujan")

    def and_an_event_is_put_off(self) -> None:
        states.postpone(event=self.some(Event), by=self.by)

    def and_guests_are_invited(self) -> None:
        active = list(Partner.objects.filter(status="active", do_not_contact_at=None))
        guests.invite(event=self.some(Event), partners=active, by=self.by)

    def and_an_organisation_is_invited(self) -> None:
        delegations.invite(event=self.some(Event), organizations=[self.organization], by=self.by)

    def and_somebody_is_written_by_hand(self) -> None:
        guests.add_by_hand(event=self.some(Event), by=self.by, kind=ParticipantKind.DELEGATE, name="Utusan")

    def and_a_guest_answers(self) -> None:
        guests.answer(
            participant=self.some(Participant),
            answer=self.dice.choice(Answer.values),
            channel=AnswerChannel.PHONE,
            by=self.by,
        )

    def and_a_guest_is_taken_off(self) -> None:
        guests.remove(participant=self.some(Participant), by=self.by)

    def and_a_guest_comes(self) -> None:
        participant = self.some(Participant)
        attendance.record(event=participant.event, participant=participant, by=self.by)

    and_another_guest_comes = and_a_guest_comes

    def and_a_mark_is_taken_back(self) -> None:
        attendance.undo(participant=self.some(Participant), by=self.by)

    def and_somebody_walks_in(self) -> None:
        attendance.walk_in(
            event=self.some(Event),
            by=self.by,
            name=f"Budi {self.dice.random()}",
            consent=self.dice.choice(WalkInConsent.values),
        )

    def and_a_guest_agrees(self) -> None:
        pledges.record(participant=self.some(Participant), text=self.text, channel="screen", by=self.by)

    def and_a_pledge_is_taken_back(self) -> None:
        pledges.withdraw(pledge=self.some(Pledge), by=self.by)


@pytest.mark.parametrize("seed", range(8))
def test_catching_up_says_what_counting_everything_says(cast, seed):
    week, done = Week(cast, seed), []
    tallies.refresh()
    forget_lines()
    for _step in range(STEPS):
        done.append(week.do())
        if week.dice.random() < 0.6:
            continue
        tallies.catch_up()
        noticed = figures()
        tallies.refresh()
        forget_lines()

        assert noticed == figures(), done


@pytest.mark.parametrize("seed", range(8))
def test_the_last_day_is_that_of_the_latest_mark_that_stands(cast, seed):
    week, done = Week(cast, seed), []
    for _step in range(STEPS):
        done.append(week.do())

    days: dict[int | None, Any] = dict.fromkeys(Partner.objects.values_list("pk", flat=True))
    for mark in Attendance.objects.filter(participant__partner__isnull=False).order_by("at"):
        days[mark.participant.partner_id] = at_place(mark.at, mark.event.timezone).date()
    assert dict(Partner.objects.values_list("pk", "last_attended_on")) == days, done
