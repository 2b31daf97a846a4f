"""One block: in an election's window no event is planned before its neutrality list is ticked."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Election
from audit.models import Entry
from events.choices import EventState
from events.models import Event, NeutralityCheck
from events.operations import approvals, events, neutrality, states
from events.queries.neutrality import asked_of, checklist, elections_at
from regions.models import Region

ALL = checklist().numbers


@pytest.fixture(autouse=True)
def august(cast, time_machine):
    """Before every window: candidates are fixed on 22 September."""
    time_machine.move_to(cast.at(2024, 8, 1, 9, 0), tick=False)


def _election(code="pilkada-2024", region=None, **days):
    return Election.objects.create(
        code=code,
        name=f"Pemilihan {code}",
        region_id=region,
        candidates_fixed_on=date(2024, 9, 22),
        campaign_from=date(2024, 9, 25),
        campaign_to=date(2024, 11, 23),
        quiet_from=date(2024, 11, 24),
        quiet_to=date(2024, 11, 26),
        voting_on=date(2024, 11, 27),
        **days,
    )


@pytest.fixture
def election(cast):
    return _election()


def _draft(cast, *when, **fields):
    return cast.event(
        state=fields.pop("state", EventState.DRAFT),
        starts_at=cast.at(*when) if when else cast.at(2024, 10, 21, 20, 0),
        created_by_id=cast.bidhumas.pk,
        **fields,
    )


def _code(refused):
    error = refused.value
    return (
        next(iter(error.error_dict.values()))[0].code
        if hasattr(error, "error_dict")
        else error.error_list[0].code
    )


def _refusal(act):
    with pytest.raises(ValidationError) as refused:
        act()
    return _code(refused)


def _tick(event, by, points=ALL, **more):
    return neutrality.tick(event=event, by=by, points=points, **more)


# The list and the window


def test_checklist_has_a_few_plain_points():
    assert 5 <= len(checklist().points) <= 7
    assert all(len(point) < 160 and point.endswith(".") for point in checklist().points)


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2024, 9, 21), False),
        (date(2024, 9, 22), True),
        (date(2024, 11, 27), True),
        (date(2025, 1, 6), True),  # 40 days after voting, no result yet
        (date(2025, 1, 7), False),
    ],
)
def test_the_window_is_open_until_the_result_or_forty_days(election, day, asked):
    place = Region.objects.get(pk="64.07.07")

    assert elections_at(place, day, day).exists() is asked


@pytest.mark.parametrize(("day", "asked"), [(date(2024, 12, 15), True), (date(2024, 12, 16), False)])
def test_the_declared_result_closes_the_window(cast, day, asked):
    _election(result_on=date(2024, 12, 15))
    event = _draft(cast, day.year, day.month, day.day, 9, 0)

    assert bool(asked_of(event)) is asked


@pytest.mark.parametrize(
    ("region", "asked"), [(None, True), ("64", True), ("64.07", True), ("64.03", False), ("61", False)]
)
def test_an_election_asks_where_it_is_held(cast, region, asked):
    _election(region=region)

    assert bool(asked_of(_draft(cast))) is asked


@pytest.mark.parametrize(
    ("zone", "region", "asked"),
    [
        # 15.30 UTC of the 21st is half past midnight of the 22nd in Jayapura only.
        ("Asia/Jakarta", "61.71", False),
        ("Asia/Makassar", "64.07.07", False),
        ("Asia/Jayapura", "91.71", True),
    ],
)
def test_days_are_those_of_the_place(cast, election, zone, region, asked):
    event = _draft(cast, 2024, 9, 21, 23, 30, region_id=region, timezone=zone)

    assert bool(asked_of(event)) is asked


def test_today_counts_as_the_day_of_the_event_does(cast, election, time_machine):
    """Invitations go out today, though the evening is after the result."""
    event = _draft(cast, 2025, 3, 1, 20, 0)
    assert asked_of(event) == []

    time_machine.move_to(cast.at(2024, 10, 1, 9, 0), tick=False)
    assert [row.election for row in asked_of(event)] == [election]


def test_an_event_of_several_days_that_reaches_into_the_window(cast, election):
    event = _draft(cast, 2024, 9, 20, 9, 0, ends_at=cast.at(2024, 9, 22, 12, 0))

    assert [row.election for row in asked_of(event)] == [election]


# The block


def test_publish_is_refused_until_every_point_is_ticked(cast, election):
    event = _draft(cast)

    assert _refusal(lambda: states.publish(event=event, by=cast.bidhumas)) == "neutrality_missing"
    assert Event.objects.get().state == "draft"
    assert _refusal(lambda: _tick(event, cast.bidhumas, points={1, 2})) == "points_missing"
    assert NeutralityCheck.objects.count() == 0

    _tick(event, cast.bidhumas)
    states.publish(event=event, by=cast.bidhumas)

    check = NeutralityCheck.objects.get()
    assert (check.election, check.checked_by_id, check.list_version) == (election, cast.bidhumas.pk, 1)
    assert Event.objects.get().state == "published"
    entry = Entry.objects.get(verb="neutrality.checked")
    assert (entry.event_public_id, entry.fields) == (event.public_id, ["pilkada-2024"])


def test_outside_of_every_window_nothing_is_asked(cast, election):
    event = _draft(cast, 2024, 9, 1, 20, 0)

    assert _refusal(lambda: _tick(event, cast.bidhumas)) == "not_asked"
    assert states.publish(event=event, by=cast.bidhumas).state == "published"


def test_a_second_election_asks_anew(cast, election):
    event = _draft(cast)
    _tick(event, cast.bidhumas)
    second = _election("pilkades-2024", region="64.07")

    assert _refusal(lambda: states.publish(event=event, by=cast.bidhumas)) == "neutrality_missing"
    _tick(event, cast.bidhumas)
    assert set(NeutralityCheck.objects.values_list("election", flat=True)) == {election.pk, second.pk}
    assert states.publish(event=event, by=cast.bidhumas).state == "published"


@pytest.mark.parametrize("act", ["postpone", "reschedule"])
@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.POSTPONED])
def test_a_planned_event_does_not_move_into_a_window_unasked(cast, election, act, state):
    event = _draft(cast, 2024, 8, 20, 20, 0, state=state)
    new = cast.at(2024, 10, 21, 20, 0)
    move = getattr(states, act)

    assert _refusal(lambda: move(event=event, by=cast.bidhumas, starts_at=new)) == "neutrality_missing"
    assert Event.objects.get().starts_at == cast.at(2024, 8, 20, 20, 0)

    _tick(event, cast.bidhumas, planned={"starts_at": new, "ends_at": None})
    move(event=event, by=cast.bidhumas, starts_at=new)
    assert Event.objects.get().starts_at == new


def test_a_planned_event_does_not_move_to_a_place_with_an_election_unasked(cast):
    _election(region="64.03")
    event = _draft(cast, state=EventState.PUBLISHED)
    there = Region.objects.get(pk="64.03.05")

    assert (
        _refusal(lambda: events.update(event=event, by=cast.bidhumas, region=there)) == "neutrality_missing"
    )
    assert Event.objects.get().region_id == "64.07.07"

    _tick(event, cast.bidhumas, planned={"region": there, "timezone": there.timezone})
    assert Event.objects.get().region_id == "64.07.07"
    events.update(event=event, by=cast.bidhumas, region=there)
    assert Event.objects.get().region_id == "64.03.05"


def test_putting_off_without_a_date_is_never_blocked(cast, election, time_machine):
    event = _draft(cast, state=EventState.PUBLISHED)
    time_machine.move_to(cast.at(2024, 10, 20, 9, 0), tick=False)

    assert states.postpone(event=event, by=cast.bidhumas, reason="Banjir").state == "postponed"
    again = cast.at(2024, 10, 30, 20, 0)
    assert (
        _refusal(lambda: states.reschedule(event=event, by=cast.bidhumas, starts_at=again))
        == "neutrality_missing"
    )


def test_a_draft_moves_freely_and_is_asked_when_published(cast, election):
    event = _draft(cast, 2024, 8, 20, 20, 0)

    states.reschedule(event=event, by=cast.bidhumas, starts_at=cast.at(2024, 10, 21, 20, 0))

    assert _refusal(lambda: states.publish(event=event, by=cast.bidhumas)) == "neutrality_missing"


def test_only_the_host_and_those_above_tick(cast, election):
    event = _draft(cast)

    assert _refusal(lambda: _tick(event, cast.kubar)) == "out_of_scope"


# Quiet days


@pytest.fixture
def quiet(cast, election):
    """On Monday 25 November, in the quiet days; drafted by bidhumas, who is not alone in the office."""
    cast.officers["bidhumas2"] = cast.officer("bidhumas2", "polda-kaltim", Role.ORGANIZER)
    cast.officers["bidhumas3"] = cast.officer("bidhumas3", "polda-kaltim", Role.ORGANIZER)
    return _draft(cast, 2024, 11, 25, 20, 0)


def test_in_quiet_days_who_drafted_does_not_tick(cast, quiet):
    assert _refusal(lambda: _tick(quiet, cast.bidhumas)) == "second_officer"
    assert NeutralityCheck.objects.count() == 0


def test_in_quiet_days_who_ticked_does_not_publish(cast, quiet):
    _tick(quiet, cast.bidhumas2)

    assert _refusal(lambda: states.publish(event=quiet, by=cast.bidhumas2)) == "second_officer"
    assert Event.objects.get().state == "draft"
    assert states.publish(event=quiet, by=cast.bidhumas).state == "published"


def test_what_was_ticked_before_the_quiet_days_by_who_drafted_is_not_enough_in_them(
    cast, election, time_machine
):
    event = _draft(cast, 2024, 12, 3, 20, 0)
    _tick(event, cast.bidhumas)
    second = cast.officer("bidhumas2", "polda-kaltim", Role.ORGANIZER)
    time_machine.move_to(cast.at(2024, 11, 24, 0, 1), tick=False)

    assert _refusal(lambda: states.publish(event=event, by=second)) == "second_officer"
    _tick(event, second)
    assert NeutralityCheck.objects.get().checked_by_id == second.pk
    assert states.publish(event=event, by=cast.bidhumas).state == "published"
    assert Entry.objects.filter(verb="neutrality.checked").count() == 2


def test_who_submitted_does_not_tick_and_the_leader_may(cast, quiet):
    unit = cast.unit("polda-kaltim")
    unit.needs_approval = True
    unit.save()
    quiet.refresh_from_db()
    approval = approvals.submit(event=quiet, by=cast.bidhumas2)

    assert _refusal(lambda: _tick(quiet, cast.bidhumas2)) == "second_officer"
    assert _refusal(lambda: approvals.approve(approval=approval, by=cast.pimpinan)) == "neutrality_missing"
    _tick(quiet, cast.pimpinan)
    assert approvals.approve(approval=approval, by=cast.pimpinan).state == "published"


def test_a_tick_given_before_submitting_by_the_same_officer_does_not_carry_an_approval(cast, quiet):
    unit = cast.unit("polda-kaltim")
    unit.needs_approval = True
    unit.save()
    quiet.refresh_from_db()
    _tick(quiet, cast.bidhumas2)
    approval = approvals.submit(event=quiet, by=cast.bidhumas2)

    assert _refusal(lambda: approvals.approve(approval=approval, by=cast.pimpinan)) == "second_officer"
    assert Event.objects.get().state == "submitted"


def test_ticking_rolls_back_as_a_whole(cast, election, monkeypatch):
    event = _draft(cast)

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(neutrality, "record", fail)
    with pytest.raises(RuntimeError):
        _tick(event, cast.bidhumas)

    assert NeutralityCheck.objects.count() == 0


# The pages


def _url(name, event):
    return reverse(f"events:{name}", args=[event.public_id])


def test_publishing_leads_to_the_list_and_back(cast, election, sign_in):
    event = _draft(cast)
    client = sign_in("bidhumas")
    assert _url("neutrality-check", event) in client.get(_url("event-detail", event)).content.decode()

    assert client.post(_url("event-publish", event)).url == _url("neutrality-check", event)
    some = client.post(_url("neutrality-check", event), {"points": ["1"]})
    assert (some.status_code, list(some.context["form"].errors)) == (200, ["points"])
    assert 'value="1"' in some.content.decode()
    client.post(_url("neutrality-check", event), {"points": sorted(ALL)})

    assert client.post(_url("event-publish", event)).url == _url("event-detail", event)
    assert Event.objects.get().state == "published"


def test_moving_into_a_window_shows_where_to_tick_and_keeps_what_was_typed(cast, election, sign_in):
    event = _draft(cast, 2024, 8, 20, 20, 0, state=EventState.PUBLISHED)
    client = sign_in("bidhumas")
    sent = {"day": "2024-10-21", "starts": "20:00", "open_end": "on"}

    page = client.post(_url("event-reschedule", event), sent).content.decode()
    link = f"{_url('neutrality-check', event)}?hari=2024-10-21"
    assert (link in page, 'value="2024-10-21"' in page) == (True, True)
    client.post(link, {"points": sorted(ALL)})
    client.post(_url("event-reschedule", event), sent)

    assert Event.objects.get().starts_at == cast.at(2024, 10, 21, 20, 0)


def test_moving_the_place_into_a_window_shows_where_to_tick(cast, sign_in):
    _election(region="64.03")
    event = _draft(cast, state=EventState.PUBLISHED)
    client = sign_in("bidhumas")
    sent = {
        "title": event.title,
        "kind": "pr_dialogue",
        "host_unit": event.host_unit_id,
        "venue": "Kedai Berau",
        "region_province": "64",
        "region_regency": "64.03",
        "region_district": "64.03.05",
    }

    page = client.post(_url("event-edit", event), sent).content.decode()
    link = f"{_url('neutrality-check', event)}?daerah=64.03.05"
    assert (link in page, "Kedai Berau" in page) == (True, True)
    client.post(link, {"points": sorted(ALL)})
    client.post(_url("event-edit", event), sent)

    assert Event.objects.get().region_id == "64.03.05"


def test_the_page_says_who_may_tick_in_quiet_days(cast, quiet, sign_in):
    page = sign_in("bidhumas").get(_url("neutrality-check", quiet))
    html = page.content.decode()

    assert page.context["is_barred"] is True
    assert [officer.username for officer in page.context["others"]] == ["bidhumas2", "bidhumas3", "pimpinan"]
    assert ('type="checkbox"' in html, cast.bidhumas2.full_name in html) == (False, True)
    assert 'type="checkbox"' in sign_in("bidhumas2").get(_url("neutrality-check", quiet)).content.decode()


@pytest.mark.parametrize(
    "query", ["hari=besok", "hari=9999-12-31", "daerah=xx", "daerah=%00", "hari=0001-01-01"]
)
def test_odd_questions_are_passed_over(cast, election, sign_in, query):
    assert sign_in("bidhumas").get(f"{_url('neutrality-check', _draft(cast))}?{query}").status_code == 200


def test_the_list_is_closed_to_co_hosts(cast, election, sign_in):
    event = _draft(cast)

    assert sign_in("kubar").get(_url("neutrality-check", event)).status_code == 403
    assert sign_in("diskominfo").get(_url("neutrality-check", event)).status_code == 404
    assert "netralitas" not in sign_in("kubar").get(_url("event-detail", event)).content.decode()


def test_what_is_asked_costs_two_queries(cast, election, django_assert_num_queries):
    event = _draft(cast)
    assert event.region.name  # loaded before
    for number in (1, 2, 3):
        with django_assert_num_queries(2):
            assert len(asked_of(event)) == number
        _election(f"lain-{number}")
