"""Ajukan, Setuju, Perbaiki: where a unit wants it, a leader decides before an event is planned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from audit.models import Entry
from events.choices import ApprovalState, EventState
from events.models import Approval, Event
from events.operations import approvals, events, states
from events.queries.approvals import approvals_awaited, approvals_visible_to, last_note
from regions.models import Region


@pytest.fixture
def event(cast):
    """A draft of Polres Kubar, which wants a leader's word; Berau stands beside as co-host."""
    unit = cast.unit("polres-kubar")
    unit.needs_approval = True
    unit.save()
    return cast.event(
        host="polres-kubar",
        co_hosts=["polres-berau"],
        state=EventState.DRAFT,
        starts_at=timezone.now() + timedelta(days=7),
    )


@pytest.fixture
def leader(cast):
    return cast.officer("kapolres", "polres-kubar", Role.VIEWER)


@pytest.fixture
def waiting(cast, event):
    return approvals.submit(event=event, by=cast.kubar)


def _code(refused):
    error = refused.value
    return (
        next(iter(error.error_dict.values()))[0].code
        if hasattr(error, "error_dict")
        else error.error_list[0].code
    )


def _url(name, row):
    return reverse(f"events:{name}", args=[row.public_id])


# The operations


def test_submit_waits_for_a_leader_and_stands_in_the_audit(cast, event):
    approval = approvals.submit(event=event, by=cast.kubar)

    event.refresh_from_db()
    assert (event.state, approval.state, approval.asked_by_id) == ("submitted", "waiting", cast.kubar.pk)
    assert list(Entry.objects.values_list("verb", "event_public_id", "unit_id")) == [
        ("event.submitted", event.public_id, event.host_unit_id)
    ]


def test_submit_is_refused_without_date_or_where_nobody_asks_for_it(cast, event):
    undated = cast.event(host="polres-kubar", co_hosts=[], state=EventState.DRAFT, starts_at=None)
    free = cast.event(host="polres-kukar", co_hosts=[], state=EventState.DRAFT)

    for row, code in ((undated, "date_missing"), (free, "approval_not_needed")):
        with pytest.raises(ValidationError) as refused:
            approvals.submit(event=row, by=cast.bidhumas)
        assert _code(refused) == code
    assert Approval.objects.count() == 0


def test_publish_is_refused_where_a_leader_decides(cast, event):
    with pytest.raises(ValidationError) as refused:
        states.publish(event=event, by=cast.kubar)

    assert (_code(refused), Event.objects.get().state) == ("needs_approval", "draft")


def test_approve_publishes_at_once(cast, event, waiting, leader):
    approvals.approve(approval=waiting, by=leader)

    event.refresh_from_db()
    waiting.refresh_from_db()
    assert (event.state, waiting.state, waiting.decided_by_id) == ("published", "approved", leader.pk)
    assert Entry.objects.order_by("pk").last().verb == "event.approved"


def test_send_back_needs_a_note_and_gives_the_draft_back(cast, event, waiting, leader):
    for note, code in (("  ", "note_required"), ("x" * 501, "too_long")):
        with pytest.raises(ValidationError) as refused:
            approvals.send_back(approval=waiting, by=leader, note=note)
        assert _code(refused) == code
    assert Event.objects.get().state == "submitted"

    approvals.send_back(approval=waiting, by=leader, note=" Ganti hari ")

    event.refresh_from_db()
    assert (event.state, last_note(event)) == ("draft", "Ganti hari")
    again = approvals.submit(event=event, by=cast.kubar)
    assert (last_note(event), Approval.objects.count(), again.note) == ("", 2, "")


def test_whoever_submitted_cannot_approve_even_after_becoming_a_leader(cast, event, waiting):
    cast.kubar.role = Role.VIEWER
    cast.kubar.save()

    for act in (
        lambda: approvals.approve(approval=waiting, by=cast.kubar),
        lambda: approvals.send_back(approval=waiting, by=cast.kubar, note="Ganti"),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert _code(refused) == "own_submission"
    assert (Event.objects.get().state, list(approvals_awaited(cast.kubar))) == ("submitted", [])


def test_take_back_gives_the_draft_back_and_the_leader_comes_too_late(cast, event, waiting, leader):
    stale = Approval.objects.select_related("event").get(pk=waiting.pk)
    approvals.take_back(event=event, by=cast.kubar)

    assert (Event.objects.get().state, Approval.objects.count()) == ("draft", 0)
    assert Entry.objects.order_by("pk").last().verb == "event.taken_back"
    with pytest.raises(ValidationError) as refused:
        approvals.approve(approval=stale, by=leader)
    assert _code(refused) == "wrong_state"


def test_an_old_submission_does_not_approve_what_was_submitted_anew(cast, event, waiting, leader):
    """The leader has the first page still open, and the plan has changed since."""
    stale = Approval.objects.select_related("event").get(pk=waiting.pk)
    approvals.take_back(event=event, by=cast.kubar)
    approvals.submit(event=event, by=cast.kubar)

    with pytest.raises(ValidationError) as refused:
        approvals.approve(approval=stale, by=leader)

    assert (_code(refused), Event.objects.get().state) == ("already_decided", "submitted")


def test_what_where_when_and_with_whom_stand_still_while_a_leader_reads(cast, event, waiting):
    for fields in (
        {"title": "Acara lain"},
        {"kind": "working_meeting"},
        {"program": cast.program()},
        {"co_hosts": []},
        {"co_hosts": [cast.unit("polres-berau")], "invited_units": [cast.unit("polres-kukar")]},
        {"starts_at": event.starts_at + timedelta(days=1)},
        {"venue": "Kedai lain"},
        {"region": Region.objects.get(pk="64.74")},
        {"host_unit": cast.unit("polres-kukar")},
    ):
        with pytest.raises(ValidationError) as refused:
            events.update(event=event, by=cast.bidhumas, **fields)
        assert _code(refused) == "take_back_first"
    with pytest.raises(ValidationError) as refused:
        states.reschedule(event=event, by=cast.kubar, starts_at=timezone.now())
    assert _code(refused) == "wrong_state"

    same = [cast.unit("polres-berau")]
    events.update(event=event, by=cast.kubar, title=event.title, topics="Cek fakta", co_hosts=same)
    assert Event.objects.get().topics == "Cek fakta"


@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.POSTPONED])
def test_a_planned_event_does_not_go_to_a_host_whose_leader_was_never_asked(cast, event, state):
    """Published by another unit first, it would pass by the leader of this one."""
    planned = cast.event(host="polres-kukar", co_hosts=[], state=state)

    with pytest.raises(ValidationError) as refused:
        events.update(event=planned, by=cast.bidhumas, host_unit=cast.unit("polres-kubar"))

    assert _code(refused) == "needs_approval"
    draft = cast.event(host="polres-kukar", co_hosts=[], state=EventState.DRAFT)
    events.update(event=draft, by=cast.bidhumas, host_unit=cast.unit("polres-kubar"))
    assert Event.objects.get(pk=draft.pk).host_unit == cast.unit("polres-kubar")
    assert Event.objects.get(pk=planned.pk).host_unit == cast.unit("polres-kukar")


@pytest.mark.parametrize("act", ["submit", "take_back", "approve", "send_back"])
def test_deciding_rolls_back_as_a_whole(cast, event, leader, monkeypatch, act):
    if act != "submit":
        waiting = approvals.submit(event=event, by=cast.kubar)
    before = (Event.objects.get().state, list(Approval.objects.values_list("pk", "state", "note")))

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(states, "record", fail)
    with pytest.raises(RuntimeError):
        {
            "submit": lambda: approvals.submit(event=event, by=cast.kubar),
            "take_back": lambda: approvals.take_back(event=event, by=cast.kubar),
            "approve": lambda: approvals.approve(approval=waiting, by=leader),
            "send_back": lambda: approvals.send_back(approval=waiting, by=leader, note="Ganti"),
        }[act]()

    assert (Event.objects.get().state, list(Approval.objects.values_list("pk", "state", "note"))) == before


def test_one_submission_waits_at_a_time(event, waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(event=event)


# Who sees what


def test_only_leaders_of_the_host_and_above_see_a_submission(cast, waiting, leader):
    neighbour = cast.officer("kapolres.berau", "polres-berau", Role.VIEWER)
    agency = cast.officer("kadis", "diskominfo-kalbar", Role.VIEWER)

    assert list(approvals_awaited(leader)) == list(approvals_awaited(cast.pimpinan)) == [waiting]
    for officer in (neighbour, agency, cast.kubar, cast.bidhumas, cast.privasi):
        assert list(approvals_visible_to(officer)) == []


def test_approvals_awaited_is_one_query(cast, event, leader, django_assert_num_queries):
    approvals.submit(event=event, by=cast.kubar)
    list(approvals_awaited(leader))
    for number in (1, 2, 3):
        with django_assert_num_queries(1):
            rows = list(approvals_awaited(leader))
            assert [(row.event.host_unit.short_name, row.event.region.name) for row in rows]
        assert len(rows) == number
        other = cast.event(f"Lain {number}", host="polres-kubar", co_hosts=[], state=EventState.DRAFT)
        approvals.submit(event=other, by=cast.kubar)


# The pages


def test_the_host_submits_and_takes_back_on_the_page_of_the_event(event, sign_in):
    client = sign_in("kubar")
    page = client.get(_url("event-detail", event)).content.decode()
    assert _url("event-submit", event) in page
    assert _url("event-publish", event) not in page

    assert client.post(_url("event-submit", event)).status_code == 302
    page = client.get(_url("event-detail", event)).content.decode()
    assert _url("event-take-back", event) in page
    assert "/persetujuan/" not in page

    client.post(_url("event-take-back", event))
    assert Event.objects.get().state == "draft"


def test_a_leader_reads_the_plan_and_approves(cast, event, waiting, sign_in):
    client = sign_in("pimpinan")
    assert _url("approval-detail", waiting) in client.get(_url("event-detail", event)).content.decode()

    page = client.get(_url("approval-detail", waiting)).content.decode()
    assert (event.title in page, "s Koffie" in page, _url("approval-approve", waiting) in page) == (True,) * 3
    answer = client.post(_url("approval-approve", waiting))

    assert (answer.url, Event.objects.get().state) == (_url("event-detail", event), "published")
    decided = client.get(_url("approval-detail", waiting)).content.decode()
    assert _url("approval-approve", waiting) not in decided


def test_a_leader_sends_back_with_a_note_that_only_the_host_reads(cast, event, waiting, sign_in):
    client = sign_in("pimpinan")
    empty = client.post(_url("approval-return", waiting), {"note": ""})
    assert (empty.status_code, list(empty.context["form"].errors)) == (200, ["note"])

    client.post(_url("approval-return", waiting), {"note": "Ganti hari, KENARI"})

    assert Approval.objects.get().state == ApprovalState.RETURNED
    assert "KENARI" in sign_in("kubar").get(_url("event-detail", event)).content.decode()
    assert "KENARI" not in sign_in("berau").get(_url("event-detail", event)).content.decode()


def test_a_submitted_event_is_found_by_its_state_and_is_not_among_the_planned(cast, event, waiting, sign_in):
    found = sign_in("kubar").get(f"{reverse('events:event-list')}?state=submitted")

    assert [row.title for row in found.context["coming"].rows] == [event.title]


@pytest.mark.parametrize("username", ["kubar", "berau", "privasi", "admin"])
def test_deciding_is_closed_to_those_who_are_no_leaders(cast, waiting, sign_in, username):
    client = sign_in(username)

    assert client.get(_url("approval-detail", waiting)).status_code == 403
    assert client.post(_url("approval-approve", waiting)).status_code == 403
    assert Event.objects.get().state == "submitted"
