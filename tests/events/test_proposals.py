"""Minta usulan: what the host may ask, what a unit may propose, and who must never see a name before it is taken."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from events.models import Event, Invitation, Participant, Proposal, ProposalRequest
from events.operations import guests, lifecycle, proposals, states, units
from events.queries.participation import proposals_exported
from events.queries.proposals import (
    may_be_proposed,
    proposals_awaited,
    proposals_to_decide,
    proposals_visible_to,
    requests_to_answer,
    requests_visible_to,
)
from partners.lifecycle import registered
from partners.operations.erasure import erase
from tests.cast import Cast, today


@pytest.fixture
def event(cast):
    """Next week: Polda Kaltim hosts, Kubar is co-host, Kukar is invited."""
    return _event(cast)


def _event(cast, **fields):
    fields.setdefault("invited", ["polres-kukar"])
    return cast.event(starts_at=timezone.now() + timedelta(days=7), **fields)


def _ask(cast, event, *units, wanted=2, days=3, by=None, note=""):
    return proposals.ask(
        event=event,
        units=[cast.unit(code) for code in units or ("polres-kubar",)],
        wanted=wanted,
        due_on=today() + timedelta(days=days),
        by=by or cast.bidhumas,
        note=note,
    )


def _proposed(cast, event, name="Sari Wulandari", **fields):
    row = ProposalRequest.objects.filter(event=event, unit=cast.unit("polres-kubar")).first()
    row = row or _ask(cast, event)[0]
    partner = cast.partner(name, **fields)
    proposals.propose(asked=row, partners=[partner], by=cast.kubar)
    return Proposal.objects.get(request=row, partner=partner)


def _code(error) -> str:
    raised = error.value
    first = next(iter(raised.error_dict.values())) if hasattr(raised, "error_dict") else raised.error_list
    return first[0].code


# Asking


def test_one_page_asks_several_units_and_each_has_its_line(cast, event):
    rows = _ask(cast, event, "polres-kubar", "polres-kukar", wanted=5, note="  wartawan \n kecamatan ")

    assert [(row.unit.code, row.wanted, row.note, row.is_open) for row in rows] == [
        ("polres-kubar", 5, "wartawan kecamatan", True),
        ("polres-kukar", 5, "wartawan kecamatan", True),
    ]
    assert list(Entry.objects.order_by("pk").values_list("verb", "unit_id", "event_public_id")) == [
        ("proposal.asked", row.unit_id, event.public_id) for row in rows
    ]


def test_a_unit_asked_again_has_one_request_that_opens_anew(cast, event):
    row = _ask(cast, event)[0]
    proposals.close(asked=row, by=cast.bidhumas)

    again = _ask(cast, event, wanted=7, days=5)[0]

    assert again.pk == row.pk
    assert list(ProposalRequest.objects.values_list("wanted", "closed_at")) == [(7, None)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"units": []}, "units_missing"),
        ({"units": ["polres-berau"]}, "not_taking_part"),
        ({"units": ["diskominfo-kalbar"]}, "not_taking_part"),
        ({"wanted": 0}, "wanted"),
        ({"wanted": 201}, "wanted"),
        ({"days": -1}, "due_on"),
        ({"days": 8}, "due_on"),
        ({"note": "x" * 301}, "too_long"),
    ],
)
def test_ask_refuses(cast, event, change, code):
    values = {"units": ["polres-kubar"], "wanted": 2, "days": 3, "note": "", **change}

    with pytest.raises(ValidationError) as error:
        proposals.ask(
            event=event,
            units=[cast.unit(unit) for unit in values["units"]],
            wanted=values["wanted"],
            due_on=today() + timedelta(days=values["days"]),
            note=values["note"],
            by=cast.bidhumas,
        )

    assert _code(error) == code
    assert (ProposalRequest.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize("state", ["done", "reported", "cancelled"])
def test_what_is_over_asks_nobody_and_takes_no_names(cast, event, state):
    row = _ask(cast, event)[0]
    event.state = state
    event.save()

    for act in (
        lambda: _ask(cast, event),
        lambda: proposals.propose(asked=row, partners=[cast.partner()], by=cast.kubar),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert _code(error) == "event_over"
    assert list(requests_to_answer(cast.kubar)) == []


def test_number_and_day_change_and_the_audit_names_what(cast, event):
    row = _ask(cast, event)[0]
    day = today() + timedelta(days=6)

    proposals.change(asked=row, wanted=4, due_on=day, by=cast.bidhumas)
    proposals.change(asked=row, wanted=4, due_on=day, by=cast.bidhumas)

    row.refresh_from_db()
    assert (row.wanted, row.due_on) == (4, day)
    assert [entry.fields for entry in Entry.objects.filter(verb="proposal.request_changed")] == [
        ["due_on", "wanted"]
    ]


def test_a_closed_request_takes_no_name_but_what_stands_is_decided(cast, event):
    proposal = _proposed(cast, event)
    row = proposal.request
    proposals.close(asked=row, by=cast.bidhumas)
    proposals.close(asked=row, by=cast.bidhumas)

    with pytest.raises(ValidationError) as error:
        proposals.propose(asked=row, partners=[cast.partner("Budi")], by=cast.kubar)

    assert _code(error) == "closed"
    assert Entry.objects.filter(verb="proposal.request_closed").count() == 1
    assert len(proposals.accept(proposals=[proposal], by=cast.bidhumas)[0]) == 1


# Proposing


def test_a_unit_offers_its_own_partners_and_nobody_elses(cast, event):
    own, below = cast.partner("Sari"), cast.partner("Milik Polda", unit="polda-kaltim")
    foreign = cast.partner("Rahasia", unit="polres-berau", region_id="64.03.05")
    row = _ask(cast, event)[0]

    # Even an officer above the unit proposes for it only from its list.
    assert [partner.full_name for partner in may_be_proposed(cast.bidhumas, row)] == ["Sari"]
    for other in (below, foreign):
        with pytest.raises(ValidationError) as error:
            proposals.propose(asked=row, partners=[own, other], by=cast.kubar)
        assert _code(error) == "not_selectable"
    assert (Proposal.objects.count(), proposals.propose(asked=row, partners=[own], by=cast.kubar)) == (0, 1)
    entry = Entry.objects.get(verb="proposal.made")
    assert (entry.subject_public_id, entry.unit_id, entry.object_kind) == (
        own.public_id,
        own.unit_id,
        "proposal",
    )
    assert Participant.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "prospective"},
        {"status": "archived", "archived_at": timezone.now()},
        {"do_not_contact_at": timezone.now()},
    ],
)
def test_nobody_is_offered_who_may_not_be_invited(cast, event, fields):
    row = _ask(cast, event)[0]

    with pytest.raises(ValidationError) as error:
        proposals.propose(asked=row, partners=[cast.partner("Budi", **fields)], by=cast.kubar)

    assert _code(error) == "not_selectable"


def test_whoever_stands_already_is_passed_over(cast, event):
    proposal = _proposed(cast, event)
    invited = cast.partner("Budi")
    cast.guest(event, invited)

    new = proposals.propose(asked=proposal.request, partners=[proposal.partner, invited], by=cast.kubar)

    assert (new, Proposal.objects.count()) == (0, 1)


def test_twice_the_number_wanted_and_no_more(cast, event):
    row = _ask(cast, event, wanted=1)[0]
    people = [cast.partner(name) for name in ("Sari", "Budi", "Wati")]

    with pytest.raises(ValidationError) as error:
        proposals.propose(asked=row, partners=people, by=cast.kubar)

    assert _code(error) == "too_many"
    assert Proposal.objects.count() == 0
    assert proposals.propose(asked=row, partners=people[:2], by=cast.kubar) == 2
    # Somebody not taken makes room for another.
    proposals.decline(proposal=Proposal.objects.first(), by=cast.bidhumas)
    assert proposals.propose(asked=row, partners=people[2:], by=cast.kubar) == 1


def test_a_proposal_is_taken_back_until_it_is_decided(cast, event):
    proposal = _proposed(cast, event)
    taken = _proposed(cast, event, "Budi")
    proposals.accept(proposals=[taken], by=cast.bidhumas)

    proposals.withdraw(proposal=proposal, by=cast.kubar)
    with pytest.raises(ValidationError) as error:
        proposals.withdraw(proposal=taken, by=cast.kubar)
    with pytest.raises(ValidationError) as gone:
        proposals.withdraw(proposal=proposal, by=cast.kubar)

    assert (_code(error), _code(gone)) == ("decided", "gone")
    assert list(Proposal.objects.values_list("pk", flat=True)) == [taken.pk]
    assert Entry.objects.filter(
        verb="proposal.withdrawn", subject_public_id=proposal.partner.public_id
    ).exists()


# Deciding


def test_who_is_taken_is_invited_as_on_that_day_whoever_keeps_the_partner(cast):
    """The host is an agency: it may not open the page of a police partner, and yet its word is enough."""
    event = _event(cast, host="diskominfo-kalbar", co_hosts=["polres-kubar"], invited=[])
    _ask(cast, event, by=cast.diskominfo)
    proposal = _proposed(cast, event, kind="journalist", title_after="S.Sos.")

    taken, left = proposals.accept(proposals=[proposal], by=cast.diskominfo)

    guest = Participant.objects.get()
    assert (len(taken), left) == (1, [])
    assert (guest.kind, guest.display_name, guest.is_press, guest.unit_id, guest.region_id) == (
        "partner",
        "Sari Wulandari, S.Sos.",
        True,
        cast.unit("polres-kubar").pk,
        "64.07.07",
    )
    assert guest.invitation.answer == "none"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by_id) == ("accepted", cast.diskominfo.pk)
    verbs = Entry.objects.filter(subject_public_id=proposal.partner.public_id).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "proposal.made",
        "guest.invited",
        "proposal.accepted",
    ]


@pytest.mark.parametrize("change", [{"do_not_contact_at": timezone.now()}, {"status": "archived"}])
def test_who_may_no_longer_be_invited_is_left_and_the_others_go_on(cast, event, change):
    stays, goes = _proposed(cast, event), _proposed(cast, event, "Budi")
    partner = stays.partner
    for name, value in change.items():
        setattr(partner, name, value)
    if partner.status == "archived":
        partner.archived_at = timezone.now()
    partner.save()

    taken, left = proposals.accept(proposals=[stays, goes], by=cast.bidhumas)

    assert ([row.pk for row in taken], [row.pk for row in left]) == ([goes.pk], [stays.pk])
    assert [row.partner_id for row in Participant.objects.all()] == [goes.partner_id]
    stays.refresh_from_db()
    assert stays.state == "proposed"


def test_taken_twice_is_invited_once(cast, event):
    proposal = _proposed(cast, event)

    proposals.accept(proposals=[proposal], by=cast.bidhumas)
    again = proposals.accept(proposals=[proposal], by=cast.bidhumas)

    assert again == ([], [])
    assert (Participant.objects.count(), Invitation.objects.count()) == (1, 1)


def test_two_officers_take_the_same_name_at_once(transactional_db):
    cast = Cast()
    event = _event(cast)
    proposal = _proposed(cast, event)
    outcomes: list[int] = []
    start = threading.Barrier(2)

    def take(officer) -> None:
        try:
            start.wait(timeout=10)
            row = Proposal.objects.select_related("request__event").get(pk=proposal.pk)
            outcomes.append(len(proposals.accept(proposals=[row], by=officer)[0]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=[one]) for one in (cast.bidhumas, cast.divhumas)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == [0, 1]
    assert (Participant.objects.count(), Invitation.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="proposal.accepted").count() == 1


def test_a_person_erased_while_the_unit_proposes_is_refused_and_not_a_fault(transactional_db):
    cast = Cast()
    row = _ask(cast, _event(cast))[0]
    partner = cast.partner()
    codes: list[str] = []

    def offer() -> None:
        try:
            proposals.propose(asked=row, partners=[partner], by=cast.kubar)
        except ValidationError as error:
            codes.append(error.error_list[0].code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=offer)
    with transaction.atomic():
        erase(partner=partner)
        thread.start()
        # Long enough to reach the person, whom the erasure still holds.
        thread.join(timeout=1)
    thread.join(timeout=30)

    assert (codes, Proposal.objects.count()) == (["not_selectable"], 0)


def test_what_comes_back_has_a_fixed_reason_and_may_be_proposed_again(cast, event):
    proposal = _proposed(cast, event)

    with pytest.raises(ValidationError) as error:
        proposals.give_back(proposal=proposal, returned_for="dia cerewet", by=cast.bidhumas)
    proposals.give_back(proposal=proposal, returned_for="contact", by=cast.bidhumas)
    returned = Proposal.objects.get()
    seen = (returned.state, returned.returned_for, returned.decided_by_id)
    proposals.propose(asked=returned.request, partners=[returned.partner], by=cast.kubar2)

    proposal.refresh_from_db()
    assert _code(error) == "returned_for"
    assert seen == ("returned", "contact", cast.bidhumas.pk)
    assert (proposal.state, proposal.returned_for, proposal.decided_at, proposal.proposed_by_id) == (
        "proposed",
        "",
        None,
        cast.kubar2.pk,
    )


def test_who_is_not_taken_is_not_proposed_again_and_decided_once(cast, event):
    proposal = _proposed(cast, event)
    proposals.decline(proposal=proposal, by=cast.bidhumas)

    with pytest.raises(ValidationError) as error:
        proposals.decline(proposal=proposal, by=cast.divhumas)

    assert _code(error) == "decided"
    assert proposals.propose(asked=proposal.request, partners=[proposal.partner], by=cast.kubar) == 0
    assert Participant.objects.count() == 0


@pytest.mark.parametrize("act", ["ask", "propose", "accept", "decline", "return", "withdraw"])
def test_each_act_rolls_back_with_its_audit(cast, event, monkeypatch, act):
    proposal = _proposed(cast, event) if act not in ("ask", "propose") else None
    row = _ask(cast, event)[0] if act == "propose" else None
    before = list(Proposal.objects.values_list("state"))
    acts = {
        "ask": lambda: _ask(cast, event),
        "propose": lambda: proposals.propose(asked=row, partners=[cast.partner()], by=cast.kubar),
        "accept": lambda: proposals.accept(proposals=[proposal], by=cast.bidhumas),
        "decline": lambda: proposals.decline(proposal=proposal, by=cast.bidhumas),
        "return": lambda: proposals.give_back(proposal=proposal, returned_for="twice", by=cast.bidhumas),
        "withdraw": lambda: proposals.withdraw(proposal=proposal, by=cast.kubar),
    }

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.proposals.record", broken)
    with pytest.raises(RuntimeError):
        acts[act]()

    assert list(Proposal.objects.values_list("state")) == before
    assert (Participant.objects.count(), ProposalRequest.objects.count()) == (0, 0 if act == "ask" else 1)


# Who sees them


def test_a_name_proposed_is_seen_by_the_host_the_unit_and_those_above_only(cast, event):
    _proposed(cast, event)
    _ask(cast, event, "polres-kukar")

    def seen(name: str) -> tuple[int, int]:
        officer = cast.officers[name]
        return requests_visible_to(officer).count(), proposals_visible_to(officer).count()

    assert {name: seen(name) for name in ("kubar", "kubar2", "bidhumas", "divhumas")} == {
        "kubar": (1, 1),
        "kubar2": (1, 1),
        "bidhumas": (2, 1),
        "divhumas": (2, 1),
    }
    # The other unit at the same event sees its own request, and nobody proposed by its neighbour.
    assert seen("kukar") == (1, 0)
    others = ("berau", "bontang", "diskominfo", "pimpinan", "privasi", "admin")
    assert {name: seen(name) for name in others} == dict.fromkeys(others, (0, 0))


def test_a_polres_that_hosts_decides_on_what_the_unit_above_it_proposed(cast):
    event = _event(cast, host="polres-kubar", co_hosts=["polda-kaltim"], invited=[])
    row = _ask(cast, event, "polda-kaltim", by=cast.kubar)[0]
    partner = cast.partner("Milik Polda", unit="polda-kaltim", region_id="64")
    proposals.propose(asked=row, partners=[partner], by=cast.bidhumas)

    taken, _left = proposals.accept(proposals=proposals_visible_to(cast.kubar), by=cast.kubar)

    assert [row.partner_id for row in taken] == [partner.pk]


def test_a_unit_that_no_longer_takes_part_loses_sight_of_the_request(cast, event):
    _ask(cast, event, "polres-kukar")
    event.event_units.filter(unit=cast.unit("polres-kukar")).delete()

    assert list(requests_visible_to(cast.kukar)) == []
    assert requests_visible_to(cast.bidhumas).count() == 1


def test_a_unit_taken_off_the_event_is_asked_for_no_names_any_more(cast, event):
    _ask(cast, event, "polres-kukar", "polres-kubar")
    before = Entry.objects.latest("pk").pk

    units.set_units(event=event, by=cast.bidhumas, co_hosts=[cast.unit("polres-kubar")])

    open_now = {row.unit.code: row.is_open for row in ProposalRequest.objects.select_related("unit")}
    assert open_now == {"polres-kukar": False, "polres-kubar": True}
    assert sorted(Entry.objects.filter(pk__gt=before).values_list("verb", flat=True)) == [
        "event.units_changed",
        "proposal.request_closed",
    ]


def test_who_is_taken_off_the_list_again_is_not_taken(cast, event):
    """Else the unit reads that its proposal was taken, of somebody who is not asked to come."""
    proposal, other = _proposed(cast, event), _proposed(cast, event, "Rina Sari")
    proposals.accept(proposals=[proposal, other], by=cast.bidhumas)

    guests.remove(participant=Participant.objects.get(partner=proposal.partner), by=cast.bidhumas)

    states = dict(Proposal.objects.values_list("partner__full_name", "state"))
    assert states == {"Sari Wulandari": "declined", "Rina Sari": "accepted"}


@pytest.mark.parametrize("act", ["reschedule", "postpone"])
def test_names_are_not_wanted_until_after_an_event_that_moved_forward(cast, event, act):
    row = _ask(cast, event, days=5)[0]
    earlier = timezone.now() + timedelta(days=2)

    getattr(states, act)(event=event, by=cast.bidhumas, starts_at=earlier)

    row.refresh_from_db()
    assert row.due_on == proposals.last_day(Event.objects.get(pk=event.pk))


def test_first_screen_knows_what_is_short_and_what_waits(cast, event):
    row = _ask(cast, event, wanted=2)[0]
    assert [(one.pk, one.counted) for one in proposals_awaited(cast.kubar)] == [(row.pk, 0)]
    # Who asked does not owe the answer, though the unit asked lies below.
    assert list(proposals_awaited(cast.bidhumas)) == list(requests_to_answer(cast.bidhumas)) == []

    _proposed(cast, event)
    _proposed(cast, event, "Budi")

    assert list(proposals_awaited(cast.kubar)) == []
    assert [one.pk for one in requests_to_answer(cast.kubar)] == [row.pk]
    assert [(one.pk, one.waiting) for one in proposals_to_decide(cast.bidhumas)] == [(row.pk, 2)]
    assert list(proposals_to_decide(cast.kubar)) == []
    assert list(proposals_to_decide(cast.pimpinan)) == []


def test_the_lists_of_the_first_screen_are_one_query_each(cast, event):
    _proposed(cast, event)
    cast.kubar._scope = [cast.unit("polres-kubar").pk]
    for query in (proposals_awaited, requests_to_answer):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            [(row.event.title, row.event.host_unit.short_name) for row in query(cast.kubar)]
        assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        [(row.event.title, row.unit.short_name) for row in proposals_to_decide(cast.bidhumas)]
    assert len(asked) == 1


# What happens to a person


def test_a_proposal_goes_with_the_person_and_stays_when_they_move(cast, event):
    proposal = _proposed(cast, event)
    assert "events.Proposal.partner" in registered()

    lifecycle.moved(proposal.partner, by=cast.bidhumas)
    told = proposals_exported(proposal.partner)
    lifecycle.proposals_erased(proposal.partner)

    assert [(line["event"], line["proposed_by"], line["state"]) for line in told] == [
        (event.title, "Polres Kubar", "proposed")
    ]
    assert Proposal.objects.count() == 0


def test_a_person_erased_while_the_host_decides_is_passed_over(cast, event):
    proposal = _proposed(cast, event)
    stale = Proposal.objects.select_related("request__event", "partner").get(pk=proposal.pk)
    Proposal.objects.filter(pk=proposal.pk).delete()

    assert proposals.accept(proposals=[stale], by=cast.bidhumas) == ([], [])
    for act in (
        lambda: proposals.decline(proposal=stale, by=cast.bidhumas),
        lambda: proposals.give_back(proposal=stale, returned_for="twice", by=cast.bidhumas),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert _code(error) == "gone"
