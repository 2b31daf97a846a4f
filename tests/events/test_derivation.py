"""The derivation as a pure function: whatever order facts arrive in, every machine names the same winner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from events.choices import ScanKind, ScanState
from events.derivation import derive, standing

START = datetime(2024, 10, 21, 11, 0, tzinfo=UTC)
DEVICES = [None, UUID(int=1), UUID(int=2)]


@dataclass(frozen=True)
class Fact:
    pk: int
    kind: str = ScanKind.PRESENT
    state: str = ScanState.ACCEPTED
    decision: str = ""
    at: datetime = START
    device_id: UUID | None = None
    device_sequence: int | None = None
    undoes_id: int | None = None
    undoes_uuid: UUID | None = None

    @property
    def client_uuid(self) -> UUID:
        return UUID(int=self.pk)


def _at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


@st.composite
def facts(draw) -> list[Fact]:
    """A dozen facts about one person, with ties in time, two devices, and undos of whatever was noted before, by its
    key or by its name."""
    found: list[Fact] = []
    for pk in range(1, draw(st.integers(0, 12)) + 1):
        device = draw(st.sampled_from(DEVICES))
        kind = draw(st.sampled_from(list(ScanKind)))
        if kind == ScanKind.UNDO and not found:
            kind = ScanKind.PRESENT
        undone = draw(st.sampled_from(found)) if kind == ScanKind.UNDO else None
        came_first = draw(st.booleans())
        found.append(
            Fact(
                pk=pk,
                kind=kind,
                state=draw(st.sampled_from(list(ScanState))),
                at=_at(draw(st.integers(0, 4))),
                device_id=device,
                device_sequence=pk if device else None,
                undoes_id=undone.pk if undone and not came_first else None,
                undoes_uuid=undone.client_uuid if undone and came_first else None,
            )
        )
    return found


@given(facts(), st.randoms())
def test_derive_does_not_depend_on_the_order_of_arrival(scans, random):
    shuffled = list(scans)
    random.shuffle(shuffled)

    assert derive(shuffled) == derive(scans)


@given(facts(), st.data())
def test_derive_does_not_change_when_facts_are_sent_again(scans, data):
    again = data.draw(st.lists(st.sampled_from(scans), max_size=6)) if scans else []

    assert derive(scans + again) == derive(scans)


@given(facts())
def test_derive_names_the_earliest_standing_fact(scans):
    left = standing(scans)
    winner = derive(scans)

    assert (winner is None) == (left == [])
    assert all(winner.at <= fact.at for fact in left)


@given(facts())
def test_derive_after_undoing_the_winner_lets_the_next_win(scans):
    winner = derive(scans)
    if winner is None:
        return
    undone = [*scans, Fact(pk=99, kind=ScanKind.UNDO, at=_at(9), undoes_id=winner.pk)]

    assert derive(undone) == derive([fact for fact in scans if fact.pk != winner.pk])
    assert derive([*undone, replace(undone[-1], pk=100)]) == derive(undone)


@given(facts())
def test_standing_is_all_that_counts_but_what_an_undo_names(scans):
    """Said a second time, one fact after the other, as one would on paper."""
    left = {}
    for fact in scans:
        if fact.kind in {"present", "walk_in"} and fact.state != "needs_review":
            left[fact.pk] = fact
    for fact in scans:
        if fact.kind == "undo" and fact.state != "needs_review":
            left.pop(fact.undoes_id or fact.undoes_uuid.int, None)

    assert standing(scans) == list(left.values())


@given(facts(), facts())
def test_derive_of_a_union_is_one_of_the_two_parts_winners_when_nothing_is_undone(one, two):
    """Two doors without network: joining their facts is the same as comparing their winners."""
    one = [fact for fact in one if fact.kind != ScanKind.UNDO]
    two = [replace(fact, pk=fact.pk + 50) for fact in two if fact.kind != ScanKind.UNDO]
    winners = [winner for winner in (derive(one), derive(two)) if winner is not None]

    assert derive(one + two) == derive(winners)


def test_derive_of_nothing_is_nobody():
    assert derive([]) is None


def test_derive_breaks_ties_by_device_then_sequence_then_id():
    roll = Fact(pk=9)
    first = Fact(pk=8, device_id=UUID(int=1), device_sequence=2)
    second = Fact(pk=7, device_id=UUID(int=1), device_sequence=3)
    other = Fact(pk=6, device_id=UUID(int=2), device_sequence=1)

    assert derive([other, second, first, roll]) == roll
    assert derive([other, second, first]) == first
    assert derive([other, second]) == second
    assert derive([Fact(pk=4), Fact(pk=3)]).pk == 3


def test_derive_a_duplicate_wins_when_the_first_is_undone():
    first = Fact(pk=1, at=_at(0))
    repeated = Fact(pk=2, at=_at(1), state=ScanState.DUPLICATE)
    undo = Fact(pk=3, at=_at(2), kind=ScanKind.UNDO, undoes_id=1)

    assert derive([first, repeated]) == first
    assert derive([first, repeated, undo]) == repeated


def test_derive_an_undo_of_an_undo_brings_nothing_back():
    first = Fact(pk=1)
    undo = Fact(pk=2, kind=ScanKind.UNDO, undoes_id=1)
    undo_of_undo = Fact(pk=3, kind=ScanKind.UNDO, undoes_id=2)
    again = Fact(pk=4, at=_at(5))

    assert derive([first, undo, undo_of_undo]) is None
    assert derive([first, undo, undo_of_undo, again]) == again


def test_derive_an_undo_that_needs_review_undoes_nothing():
    first = Fact(pk=1)
    doubtful = Fact(pk=2, kind=ScanKind.UNDO, undoes_id=1, state=ScanState.NEEDS_REVIEW)

    assert derive([first, doubtful]) == first


def test_derive_a_pledge_is_no_presence():
    assert derive([Fact(pk=1, kind=ScanKind.PLEDGE)]) is None
