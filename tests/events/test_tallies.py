"""The figures of an evening: every kind of person counted in its own place, in one query."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.choices import Answer, ParticipantKind, PledgeChannel, WalkInConsent
from events.models import Participant
from events.operations import attendance, pledges
from events.queries.tallies import Tallies, tallies_by_event, tallies_of


@pytest.fixture
def event(cast):
    return cast.event()


def _person(event, kind, name="Seseorang", **fields):
    return Participant.objects.create(event=event, kind=kind, display_name=name, **fields)


def _mark(cast, event, *people):
    for person in people:
        attendance.record(event=event, participant=person, by=cast.kubar)


def test_tallies_of_an_event_without_anybody_are_zero(event, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tallies_of(event) == Tallies()


def test_tallies_k1_42_invited_31_present_of_whom_5_walk_ins(cast, event, django_assert_num_queries):
    answers = [Answer.YES] * 30 + [Answer.NO] * 5 + [Answer.NONE] * 7
    guests = [cast.guest(event, cast.partner(f"Tamu {n}"), answer) for n, answer in enumerate(answers)]
    _mark(cast, event, *guests[:26])
    for n in range(5):
        attendance.walk_in(event=event, by=cast.kubar, consent=WalkInConsent.TONIGHT, name=f"Tambahan {n}")
    _mark(cast, event, _person(event, ParticipantKind.PERSONNEL), _person(event, ParticipantKind.PERSONNEL))
    _mark(cast, event, _person(event, ParticipantKind.OFFICIAL))
    _person(event, ParticipantKind.OFFICIAL, "Tidak datang")

    with django_assert_num_queries(1):
        tallies = tallies_of(event)

    assert tallies == Tallies(
        invited=42,
        confirmed=30,
        declined=5,
        awaiting=7,
        present=31,
        walk_in=5,
        personnel=2,
        officials=1,
    )
    assert (tallies.came_invited, tallies.absent) == (26, 16)


def test_tallies_count_a_delegate_for_who_sent_them(cast, event):
    sender = cast.guest(event, cast.partner("Yang diundang"), Answer.DELEGATE)
    delegate = _person(event, ParticipantKind.DELEGATE, "Wakil", delegate_for=sender)
    _mark(cast, event, delegate)

    tallies = tallies_of(event)

    assert (tallies.invited, tallies.represented, tallies.present, tallies.absent) == (1, 1, 1, 0)


def test_tallies_leave_out_undone_marks(cast, event):
    guest = cast.guest(event, cast.partner("Sari"))
    _mark(cast, event, guest)
    attendance.undo(participant=guest, by=cast.kubar)

    assert tallies_of(event) == Tallies(invited=1, awaiting=1)


def test_tallies_count_a_pledge_once_and_only_while_it_stands(cast, event):
    text = cast.pledge_text()
    sari, budi = (cast.guest(event, cast.partner(name)) for name in ("Sari", "Budi"))
    for _again in range(2):
        outcome = pledges.record(participant=sari, text=text, channel=PledgeChannel.SCREEN, by=cast.kubar)
        pledges.withdraw(pledge=outcome.pledge, by=cast.kubar)
    pledges.record(participant=sari, text=text, channel=PledgeChannel.SCREEN, by=cast.kubar)
    withdrawn = pledges.record(participant=budi, text=text, channel=PledgeChannel.PAPER, by=cast.kubar)
    pledges.withdraw(pledge=withdrawn.pledge, by=cast.kubar)
    _mark(cast, event, sari)

    assert tallies_of(event) == Tallies(invited=2, awaiting=2, present=1, pledges=1)


def test_tallies_count_press_among_the_guests(cast, event):
    reporter = cast.guest(event, cast.partner("Wartawan", kind="journalist"))
    cast.guest(event, cast.partner("Wartawan lain", kind="journalist"))
    _mark(cast, event, reporter)

    tallies = tallies_of(event)

    assert (tallies.present, tallies.press) == (1, 1)


def test_tallies_of_several_events_do_not_mix(cast, event, django_assert_num_queries):
    other = cast.event("Lain")
    empty = cast.event("Kosong")
    sari = cast.partner("Sari")
    _mark(cast, event, cast.guest(event, sari))
    cast.guest(other, sari, Answer.NO)

    with django_assert_num_queries(1):
        found = tallies_by_event([event.pk, other.pk, empty.pk])

    assert found == {
        event.pk: Tallies(invited=1, awaiting=1, present=1),
        other.pk: Tallies(invited=1, declined=1),
    }


def test_tallies_query_does_not_grow_with_the_guests(cast, event):
    counts = []
    for n in range(3):
        cast.guest(event, cast.partner(f"Tamu {n}"))
        with CaptureQueriesContext(connection) as queries:
            tallies_of(event)
        counts.append(len(queries))

    assert counts == [1, 1, 1]
