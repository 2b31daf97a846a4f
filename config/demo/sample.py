"""Loads the whole sample in one transaction, or finds that it is there."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from accounts.models import Officer, Unit
from config.demo import (
    asking,
    delegations,
    evenings,
    events,
    meeting,
    officers,
    outreaches,
    programs,
    promises,
    registry,
)
from events.models import Commitment, Event, Outreach
from events.operations import states
from partners.models import Organization, Partner
from regions.models import Region

SHORTEST_PASSWORD = 10


def is_loaded() -> bool:
    """The promises are written last: where one of a sample event stands, the sample is whole."""
    return Commitment.objects.filter(event__is_demo=True).exists()


def holds_real_data() -> bool:
    """Whether anything here was entered by people at work, and not by this sample."""
    return any(
        model.objects.filter(is_demo=False).exists()
        for model in (Partner, Event, Officer, Organization, Outreach)
    )


def check_password(password: str) -> None:
    """:raises ValidationError: when ``DEMO_PASSWORD`` is too short, or has spaces that get lost in copying."""
    if len(password) < SHORTEST_PASSWORD or password != password.strip():
        raise ValidationError(
            f"DEMO_PASSWORD must have at least {SHORTEST_PASSWORD} characters and no space at its ends."
        )


def load() -> None:
    """Write accounts, people, programmes, evenings and promises; all or nothing."""
    if not (
        Region.objects.filter(code="64.07.07").exists() and Unit.objects.filter(code="polda-kaltim").exists()
    ):
        call_command("load_reference", verbosity=0)
    with transaction.atomic():
        accounts = officers.create()
        people = registry.register(accounts)
        meeting.hold(by=accounts["divhumas"])
        delegations.hold(by=accounts["diskominfo.kalbar"])
        _tour(accounts, people)
        outreaches.make(agency=accounts["diskominfo.balikpapan"], police=accounts["bidhumas"])
        _invented(accounts, people)
        registry.keep_long()


def _tour(accounts: dict[str, Officer], people: dict[str, list[Partner]]) -> None:
    """K1, K2 and K3: real facts, invented guests."""
    by = accounts["bidhumas"]
    tour = programs.tour(by)
    stops = [
        (events.KUTAI_BARAT, evenings.KUTAI_BARAT, "64.07", "kubar", True),
        (events.KUTAI_KARTANEGARA, evenings.KUTAI_KARTANEGARA, "64.02", "kukar", False),
        (events.BERAU, evenings.BERAU, "64.03", "berau", True),
    ]
    for plan, figures, place, local, is_reported in stops:
        event = events.make(plan, by=by, program=tour)
        evenings.invite(event, people[place], figures, by=by)
        evenings.hold(event, figures, officers=[accounts[local], by])
        states.finish(event=event, by=by)
        if is_reported:
            states.report(event=event, by=by)


def _invented(accounts: dict[str, Officer], people: dict[str, list[Partner]]) -> None:
    """The evening next week and the meeting three weeks ago, in a programme that runs today."""
    by, bontang = accounts["bidhumas"], accounts["bontang"]
    program = programs.sample(by)
    coming = events.make(events.next_week(), by=by, program=program)
    evenings.invite(coming, people["64.07"], evenings.NEXT_WEEK, by=by)
    delegations.announce(coming, by=by)
    asking.ask(coming, people["64.07"][evenings.NEXT_WEEK.invited :], host=by, local=accounts["kubar"])
    late = events.make(events.put_off(), by=by, program=program)
    states.postpone(event=late, by=by, reason="(CONTOH) Gedung dipakai acara lain.")
    events.make(events.in_the_making(), by=by, program=program)
    past = events.make(events.three_weeks_ago(), by=bontang, program=program)
    near = people["64.74"] + people["64.02.05"] + people["64.02.17"]
    evenings.invite(past, near, evenings.THREE_WEEKS_AGO, by=bontang)
    evenings.hold(past, evenings.THREE_WEEKS_AGO, officers=[bontang])
    promises.make(past, by=bontang)
    states.finish(event=past, by=bontang)
