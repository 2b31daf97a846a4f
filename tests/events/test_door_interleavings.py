"""Whatever order phones are heard in, however often, and whether the event was closed in between: one result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from events.choices import EventState, ReviewDecision, ScanState
from events.derivation import derive, is_late
from events.models import Attendance, Event, Pledge, Scan
from events.operations import door, reviews
from events.queries.facts import facts_about
from tests.events.phones import Phone, batch_of

PEOPLE, PHONES = 2, 2


@pytest.fixture
def evening(cast):
    event = cast.event(pledge_text=cast.pledge_text())
    people = [cast.guest(event, cast.partner(f"Tamu {n}")) for n in range(PEOPLE)]
    phones = [Phone(event, cast.officers[name], name) for name in ("kubar", "bidhumas")]
    return event, people, phones


# (what, which phone, which person or which earlier act, minute of the evening)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["present", "present", "undo", "pledge"]),
        st.integers(0, PHONES - 1),
        st.integers(0, 5),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=9,
)


def _items(acts, people, phones, start):
    """What each phone noted; an undo names something that its own phone noted before."""
    noted = [[] for _ in phones]
    for number, (kind, phone, which, minute) in enumerate(acts):
        at = start + timedelta(minutes=minute, seconds=number)
        mine = [item for item in noted[phone] if item["kind"] != "undo"]
        if kind == "undo" and mine:
            noted[phone].append(phones[phone].undo(mine[which % len(mine)], at))
        else:
            make = phones[phone].pledge if kind == "pledge" else phones[phone].present
            noted[phone].append(make(people[which % len(people)], at))
    return [(phones[n], item) for n, items in enumerate(noted) for item in items]


def _heard(event, sendings, kubar, closed_after=None):
    """The result of these single sendings, and everything that was put aside counted at the end."""
    for number, (phone, item) in enumerate(sendings):
        if number == closed_after:
            Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED)
            for one, _item in sendings:
                one.device.event.state = EventState.CANCELLED
        door.take(device=phone.device, batch=batch_of([item]))
    if closed_after is None:
        _assert_only_late_undos_are_put_aside()
    aside = Scan.objects.filter(state=ScanState.NEEDS_REVIEW).values_list("client_uuid", flat=True)
    reviews.decide(event=event, scans=aside, decision=ReviewDecision.COUNTED, by=kubar)
    for _phone, _item in sendings:
        _phone.device.event.state = EventState.PUBLISHED
    present = sorted(Attendance.objects.values_list("participant_id", "at", "scan__client_uuid"))
    agreed = sorted(Pledge.objects.filter(withdrawn_at=None).values_list("participant_id", "at"))
    return present, agreed


def _assert_only_late_undos_are_put_aside():
    """An undo that came first is settled by what it takes back; nobody is asked."""
    for undo in Scan.objects.filter(state=ScanState.NEEDS_REVIEW, review=None):
        assert is_late(undo.at, (undo.undoes or Scan.objects.get(client_uuid=undo.undoes_uuid)).at)


def _apart(work):
    """In a world of its own, which is taken back."""
    with transaction.atomic():
        found = work()
        transaction.set_rollback(True)
    return found


def test_interleavings_of_two_phones_and_a_cancelled_event_come_to_one_result(cast, evening):
    event, people, phones = evening
    start = timezone.now() - timedelta(hours=1)

    # A failure is shown as it was found: making it smaller would take minutes.
    @settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(ACTS, st.randoms(use_true_random=False), st.integers(0, 12))
    def check(acts, chance, closed_after):
        sendings = _items(acts, people, phones, start)
        mixed = [*sendings, *chance.sample(sendings, len(sendings) // 2)]
        chance.shuffle(mixed)

        plain = _apart(lambda: _heard(event, sendings, cast.kubar))
        assert _apart(lambda: _heard(event, mixed, cast.kubar)) == plain
        assert _apart(lambda: _heard(event, mixed, cast.kubar, closed_after)) == plain

    check()


def test_two_invitees_who_are_one_person_are_derived_from_all_their_facts(evening):
    _event, (sari, twin), (first, second) = evening
    early, late = (timezone.now() - timedelta(minutes=minutes) for minutes in (9, 5))
    mark = second.present(twin, early)
    sendings = [(first, first.present(sari, late)), (second, mark)]
    for phone, item in sendings:
        door.take(device=phone.device, batch=batch_of([item]))

    union = facts_about([sari.pk, twin.pk])

    assert str(derive(union).client_uuid) == mark["uuid"]
    assert derive(union) == min(
        (derive(facts_about([one.pk])) for one in (sari, twin)), key=lambda fact: fact.at
    )
    undo = second.undo(mark, early + timedelta(minutes=1))
    door.take(device=second.device, batch=batch_of([undo]))
    assert str(derive(facts_about([sari.pk, twin.pk])).client_uuid) == sendings[0][1]["uuid"]
