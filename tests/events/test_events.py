"""Planning an event: its states as a whole table, its dates in three zones, its units, and what each change leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Unit
from audit.models import Detail, Entry
from events.choices import AgendaKind, EventState, PartOfDay, RoleKind
from events.models import Event, EventUnit, Participant, PledgeText, Scan
from events.operations import agenda, events, guests, roles, states, units
from regions.models import Region
from ui.templatetags.ui import moment_of, when


def _region(code: str = "64.07.07") -> Region:
    return Region.objects.get(pk=code)


def _create(cast, **fields):
    fields = {
        "by": cast.bidhumas,
        "title": "Dialog Penguatan Kehumasan",
        "kind": "pr_dialogue",
        "host_unit": cast.unit("polda-kaltim"),
        "region": _region(),
        "venue": "Raini's Koffie",
        "starts_at": cast.at(2024, 10, 21, 20, 0),
        **fields,
    }
    return events.create(**fields)


def _code(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return error.value.error_list[0].code if not hasattr(error.value, "error_dict") else _first(error.value)


def _first(error: ValidationError) -> str:
    return next(iter(error.error_dict.values()))[0].code


# Creating


def test_create_writes_a_draft_with_its_units_and_one_line_each_in_the_audit(cast):
    text = cast.pledge_text()

    event = _create(
        cast,
        co_hosts=[cast.unit("polres-kubar")],
        invited_units=[cast.unit("polres-kukar")],
        program=cast.program(),
    )

    event.refresh_from_db()
    assert (event.state, event.timezone, event.pledge_text, event.ends_at) == (
        EventState.DRAFT,
        "Asia/Makassar",
        text,
        None,
    )
    assert list(event.event_units.values_list("unit__code", "part")) == [
        ("polres-kubar", "co_host"),
        ("polres-kukar", "invited"),
    ]
    assert list(Entry.objects.order_by("pk").values_list("verb", "event_public_id", "unit_id")) == [
        ("event.created", event.public_id, event.host_unit_id),
        ("event.units_changed", event.public_id, event.host_unit_id),
    ]


def test_create_takes_the_newest_pledge_text_or_none_when_told(cast):
    cast.pledge_text()
    second = PledgeText.objects.create(code="umum", version=2, title="Komitmen bersama")

    assert _create(cast).pledge_text == second
    assert _create(cast, pledge_text=None).pledge_text is None


def test_create_refuses_a_host_outside_the_actors_scope(cast):
    with pytest.raises(ValidationError) as error:
        _create(cast, by=cast.kubar, host_unit=cast.unit("polda-kaltim"))

    assert _code(error) == "host_out_of_scope"
    assert Event.objects.count() == 0
    assert _create(cast, by=cast.kubar, host_unit=cast.unit("polres-kubar")).host_unit.code == "polres-kubar"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"co_hosts": ["polda-kaltim"]}, "host_twice"),
        ({"invited_units": ["polda-kaltim"]}, "host_twice"),
        ({"co_hosts": ["polres-kubar"], "invited_units": ["polres-kubar"]}, "unit_twice"),
    ],
)
def test_create_refuses_units_that_stand_twice_and_leaves_nothing_behind(cast, fields, code):
    fields = {name: [cast.unit(unit) for unit in codes] for name, codes in fields.items()}

    with pytest.raises(ValidationError) as error:
        _create(cast, **fields)

    assert _code(error) == code
    assert (Event.objects.count(), EventUnit.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_create_refuses_a_unit_that_is_no_longer_active(cast):
    Unit.objects.filter(code="polres-kukar").update(is_active=False)

    with pytest.raises(ValidationError) as error:
        _create(cast, co_hosts=[Unit.objects.get(code="polres-kukar")])

    assert _code(error) == "unit_inactive"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ends_at": datetime(2024, 10, 21, 11, tzinfo=UTC)}, "ends_before_start"),
        ({"starts_at": None, "ends_at": datetime(2024, 10, 21, 13, tzinfo=UTC)}, "end_without_start"),
        ({"has_time": False, "ends_at": datetime(2024, 10, 21, 14, tzinfo=UTC)}, "end_needs_hour"),
    ],
)
def test_create_refuses_an_end_that_does_not_fit(cast, fields, code):
    with pytest.raises(ValidationError) as error:
        _create(cast, **fields)

    assert _code(error) == code


def test_create_rolls_back_with_its_audit(cast, monkeypatch):
    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.events.record", broken)
    with pytest.raises(RuntimeError):
        _create(cast)

    assert Event.objects.count() == 0


# States: the whole table, every act from every state

_OUTCOMES = {
    ("publish", "draft"): "published",
    ("finish", "published"): "done",
    ("finish", "postponed"): "done",
    ("report", "done"): "reported",
    ("cancel", "draft"): "cancelled",
    ("cancel", "published"): "cancelled",
    ("cancel", "postponed"): "cancelled",
    ("postpone", "published"): "postponed",
    ("postpone", "postponed"): "postponed",
    ("reschedule", "draft"): "draft",
    ("reschedule", "published"): "published",
    ("reschedule", "postponed"): "published",
}
_ACTS = {
    "publish": {},
    "finish": {},
    "report": {},
    "cancel": {"reason": "Hujan lebat"},
    "postpone": {},
    "reschedule": {"starts_at": datetime(2030, 1, 2, 12, tzinfo=UTC)},
}
_VERBS = {"publish": "published", "finish": "finished", "report": "reported", "cancel": "cancelled"} | {
    "postpone": "postponed",
    "reschedule": "rescheduled",
}


@pytest.mark.parametrize("state", EventState.values)
@pytest.mark.parametrize("act", list(_ACTS))
def test_every_act_from_every_state_ends_as_the_table_says(cast, act, state):
    event = cast.event(state=state)
    expected = _OUTCOMES.get((act, state))

    if expected is None:
        with pytest.raises(ValidationError) as error:
            getattr(states, act)(event=event, by=cast.bidhumas, **_ACTS[act])
        assert _code(error) == "wrong_state"
        assert (Event.objects.get().state, Entry.objects.count()) == (state, 0)
        return

    getattr(states, act)(event=event, by=cast.bidhumas, **_ACTS[act])
    entry = Entry.objects.get()
    assert (event.state, Event.objects.get().state) == (expected, expected)
    assert (entry.verb, entry.event_public_id, entry.actor_id) == (
        f"event.{_VERBS[act]}",
        event.public_id,
        cast.bidhumas.pk,
    )


def test_the_state_in_the_database_counts_not_the_one_on_the_page(cast):
    event = cast.event(state=EventState.PUBLISHED)
    stale = Event.objects.get(pk=event.pk)
    states.cancel(event=event, by=cast.bidhumas, reason="Hujan lebat")

    with pytest.raises(ValidationError) as error:
        states.finish(event=stale, by=cast.kubar)

    assert _code(error) == "wrong_state"
    assert Event.objects.get().state == EventState.CANCELLED


@pytest.mark.parametrize("act", list(_ACTS))
def test_a_change_of_state_rolls_back_with_its_audit(cast, monkeypatch, act):
    state = next(state for (name, state) in _OUTCOMES if name == act)
    event = cast.event(state=state)
    before = Event.objects.values().get()

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.states.record", broken)
    with pytest.raises(RuntimeError):
        getattr(states, act)(event=event, by=cast.bidhumas, **_ACTS[act])

    assert Event.objects.values().get() == before


def test_publish_needs_a_date(cast):
    event = _create(cast, starts_at=None)

    with pytest.raises(ValidationError) as error:
        states.publish(event=event, by=cast.bidhumas)

    assert _code(error) == "date_missing"


def test_finish_needs_the_start_to_have_passed(cast):
    event = cast.event(starts_at=timezone.now() + timedelta(minutes=1))

    with pytest.raises(ValidationError) as error:
        states.finish(event=event, by=cast.bidhumas)

    assert _code(error) == "not_begun"


def test_finish_goes_by_the_day_of_the_place_where_the_hour_is_not_known(cast, time_machine):
    event = cast.event(starts_at=cast.at(2024, 10, 21, 19, 0), has_time=False, part_of_day=PartOfDay.NIGHT)

    time_machine.move_to(cast.at(2024, 10, 20, 23, 59))
    with pytest.raises(ValidationError) as error:
        states.finish(event=event, by=cast.bidhumas)
    time_machine.move_to(cast.at(2024, 10, 21, 8, 0))
    states.finish(event=event, by=cast.bidhumas)

    assert _code(error) == "not_begun"
    assert event.state == EventState.DONE


def test_cancel_keeps_its_reason_in_the_detail_and_asks_for_one(cast):
    event = cast.event()

    with pytest.raises(ValidationError) as error:
        states.cancel(event=event, by=cast.bidhumas, reason="  ")
    states.cancel(event=event, by=cast.bidhumas, reason=" Hujan lebat ")

    assert _code(error) == "reason_missing"
    assert Detail.objects.get().reason == "Hujan lebat"


# Moving the date


def test_postpone_without_a_date_keeps_the_first_date_and_everything_else(cast):
    first = cast.at(2024, 10, 21, 20, 0)
    event = cast.event(starts_at=first)
    guests.invite(event=event, partners=[cast.partner()], by=cast.bidhumas)
    invited = Participant.objects.get()
    guests.answer(participant=invited, answer="yes", channel="phone", by=cast.bidhumas)
    agenda.replace(event=event, by=cast.bidhumas, items=[{"kind": AgendaKind.OPENING, "title": "Pembukaan"}])

    states.postpone(event=event, by=cast.bidhumas)
    states.reschedule(event=event, by=cast.bidhumas, starts_at=cast.at(2024, 10, 28, 19, 30))
    states.postpone(event=event, by=cast.bidhumas, starts_at=cast.at(2024, 11, 4, 19, 30))

    event = Event.objects.get()
    assert (event.state, event.starts_at, event.postponed_from) == (
        EventState.POSTPONED,
        cast.at(2024, 11, 4, 19, 30),
        first,
    )
    assert Participant.objects.get().invitation.answer == "yes"
    assert [item.title for item in event.agenda.all()] == ["Pembukaan"]


def test_moving_the_date_of_a_draft_remembers_no_first_date(cast):
    event = _create(cast)

    states.reschedule(event=event, by=cast.bidhumas, starts_at=cast.at(2024, 10, 28, 20, 0))

    assert (event.state, event.postponed_from) == (EventState.DRAFT, None)


def test_update_refuses_to_move_the_date_of_a_published_event(cast):
    event = cast.event()

    with pytest.raises(ValidationError) as error:
        events.update(event=event, by=cast.bidhumas, starts_at=cast.at(2030, 1, 1, 20, 0))

    assert _code(error) == "date_moves_apart"


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.REPORTED])
def test_a_closed_event_takes_no_change(cast, state):
    event = cast.event(state=state)
    person = Participant.objects.create(event=event, kind="official", display_name="Faisal Riza")
    calls = [
        lambda: events.update(event=event, by=cast.bidhumas, title="Lain"),
        lambda: roles.add(
            event=event, by=cast.bidhumas, role="speaker", full_name="Faisal Riza", institution="Bawaslu"
        ),
        lambda: agenda.replace(event=event, by=cast.bidhumas, items=[]),
        lambda: guests.invite(event=event, partners=[], by=cast.bidhumas),
        lambda: guests.add_by_hand(event=event, by=cast.bidhumas, kind="official", name="Faisal Riza"),
        lambda: guests.answer(participant=person, answer="yes", channel="phone", by=cast.bidhumas),
        lambda: guests.remove(participant=person, by=cast.bidhumas),
    ]

    for call in calls:
        with pytest.raises(ValidationError) as error:
            call()
        assert _code(error) == "event_closed"
    assert Entry.objects.count() == 0


# Places and zones


@pytest.mark.parametrize(
    ("code", "instant", "printed"),
    [
        ("61.71", datetime(2024, 3, 5, 2, 0, tzinfo=UTC), "Selasa, 5 Maret 2024, 09.00 WIB s.d. selesai"),
        (
            "64.07.07",
            datetime(2024, 10, 21, 12, 0, tzinfo=UTC),
            "Senin, 21 Oktober 2024, 20.00 WITA s.d. selesai",
        ),
        (
            "91.71",
            datetime(2024, 10, 21, 23, 30, tzinfo=UTC),
            "Selasa, 22 Oktober 2024, 08.30 WIT s.d. selesai",
        ),
    ],
)
def test_an_event_is_printed_by_the_clock_of_its_place(cast, code, instant, printed):
    event = _create(cast, region=_region(code), starts_at=instant)

    assert when(event).replace("until finished", "s.d. selesai") == printed


def test_a_region_in_another_zone_keeps_the_clock_on_the_invitation(cast):
    event = cast.event(starts_at=cast.at(2024, 10, 21, 20, 0), ends_at=cast.at(2024, 10, 21, 22, 0))

    events.update(event=event, by=cast.bidhumas, region=_region("91.71"))

    event = Event.objects.get()
    assert (event.timezone, event.starts_at, event.ends_at) == (
        "Asia/Jayapura",
        datetime(2024, 10, 21, 11, 0, tzinfo=UTC),
        datetime(2024, 10, 21, 13, 0, tzinfo=UTC),
    )


def test_a_draft_moved_to_another_zone_takes_the_hour_that_was_typed_there(cast):
    """20.00 WITA and 21.00 WIT are one instant: the hour typed for the new place counts, not the old clock."""
    event = cast.event(state=EventState.DRAFT, starts_at=cast.at(2024, 10, 21, 20, 0))

    events.update(
        event=event, by=cast.bidhumas, region=_region("91.71"), starts_at=cast.at(2024, 10, 21, 20, 0)
    )

    assert when(Event.objects.get()) == "Senin, 21 Oktober 2024, 21.00 WIT s.d. selesai"


def test_a_mark_of_the_evening_is_said_by_the_hour_and_another_day_by_its_date(cast):
    """At 23.30 UTC the day has turned in WITA: the place counts, not the server."""
    event = cast.event(starts_at=datetime(2024, 10, 21, 23, 30, tzinfo=UTC))
    assert event.timezone == "Asia/Makassar"

    assert moment_of(datetime(2024, 10, 22, 11, 42, tzinfo=UTC), event) == "19.42 WITA"
    assert moment_of(datetime(2024, 10, 22, 16, 5, tzinfo=UTC), event).endswith(
        "23 Oktober 2024 pukul 00.05 WITA"
    )
    assert moment_of(datetime(2024, 10, 21, 11, 0, tzinfo=UTC), event).startswith("Senin, 21 Oktober 2024")
    assert moment_of(None, event) == ""


def test_update_names_the_fields_it_touched_and_nothing_when_nothing_changed(cast):
    event = _create(cast)

    events.update(event=event, by=cast.bidhumas, title="Dialog Publik", venue=event.venue)
    events.update(event=event, by=cast.bidhumas, title="Dialog Publik")

    assert list(Entry.objects.filter(verb="event.updated").values_list("fields", flat=True)) == [["title"]]


def test_update_refuses_a_host_that_already_takes_part(cast):
    event = cast.event(co_hosts=["polres-kubar"])

    with pytest.raises(ValidationError) as error:
        events.update(event=event, by=cast.bidhumas, host_unit=cast.unit("polres-kubar"))

    assert _code(error) == "host_twice"


def test_set_units_changes_only_what_differs(cast):
    event = cast.event(co_hosts=["polres-kubar"], invited=["polres-kukar"])
    kept = EventUnit.objects.get(unit__code="polres-kubar").pk

    units.set_units(
        event=event,
        by=cast.bidhumas,
        co_hosts=[cast.unit("polres-kubar"), cast.unit("polres-kukar")],
        invited_units=[],
    )

    assert list(event.event_units.values_list("unit__code", "part")) == [
        ("polres-kubar", "co_host"),
        ("polres-kukar", "co_host"),
    ]
    assert EventUnit.objects.get(unit__code="polres-kubar").pk == kept


# Roles and agenda


def test_a_role_is_also_a_participant_counted_apart(cast):
    event = cast.event()

    roles.add(
        event=event,
        by=cast.bidhumas,
        role=RoleKind.LEADER,
        rank="Kombes Pol",
        full_name="Yuliyanto",
        title_after="S.I.K., M.Sc.",
        position="Kabid Humas Polda Kaltim",
    )
    roles.add(
        event=event,
        by=cast.bidhumas,
        role=RoleKind.SPEAKER,
        full_name="Faisal Riza",
        institution="Bawaslu Kalbar",
    )

    assert list(Participant.objects.order_by("pk").values_list("kind", "display_name", "institution")) == [
        ("personnel", "Kombes Pol Yuliyanto, S.I.K., M.Sc.", ""),
        ("official", "Faisal Riza", "Bawaslu Kalbar"),
    ]


def test_a_role_needs_a_rank_or_an_institution(cast):
    with pytest.raises(ValidationError) as error:
        roles.add(event=cast.event(), by=cast.bidhumas, role="speaker", full_name="Zulkifli")

    assert _code(error) == "rank_or_institution"
    assert Participant.objects.count() == 0


def test_changing_a_role_changes_the_roll(cast):
    person = roles.add(
        event=cast.event(), by=cast.bidhumas, role="speaker", full_name="Zulkifli", institution="KPU"
    )

    roles.update(person=person, by=cast.bidhumas, full_name="Zulkifli Hasan", rank="AKBP")

    assert list(Participant.objects.values_list("kind", "display_name")) == [
        ("personnel", "AKBP Zulkifli Hasan")
    ]


def test_removing_a_role_keeps_somebody_who_was_marked(cast):
    event = cast.event()
    marked = roles.add(event=event, by=cast.bidhumas, role="speaker", full_name="Zulkifli", institution="KPU")
    other = roles.add(
        event=event, by=cast.bidhumas, role="moderator", full_name="Natalia", institution="Pemprov"
    )
    Scan.objects.create(
        event=event, participant=marked.participant, kind="present", source="roll", at=timezone.now()
    )

    roles.remove(person=marked, by=cast.bidhumas)
    roles.remove(person=other, by=cast.bidhumas)

    assert list(Participant.objects.values_list("display_name", "role")) == [("Zulkifli", None)]
    assert event.roles.count() == 0


def test_agenda_is_written_as_a_whole_or_not_at_all(cast):
    event = cast.event()
    agenda.replace(event=event, by=cast.bidhumas, items=[{"kind": "opening", "title": "Pembukaan"}])

    with pytest.raises(ValidationError):
        agenda.replace(
            event=event,
            by=cast.bidhumas,
            items=[{"kind": "qna", "title": "Diskusi"}, {"kind": "tari", "title": "x"}],
        )

    assert list(event.agenda.values_list("order", "title")) == [(1, "Pembukaan")]


# Dress, contact and the last day for answers


def test_create_keeps_dress_contact_and_deadline_and_who_wrote_it(cast):
    event = _create(
        cast,
        dress="Batik",
        contact_name="Ipda Rangga",
        contact_phone="+6281234567890",
        contact_officer=cast.bidhumas,
        answer_by=date(2024, 10, 21),
    )

    event.refresh_from_db()
    assert (event.dress, event.contact_name, str(event.contact_phone)) == (
        "Batik",
        "Ipda Rangga",
        "+6281234567890",
    )
    assert (event.contact_officer, event.answer_by) == (cast.bidhumas, date(2024, 10, 21))
    assert (event.created_by_id, event.copied_from) == (cast.bidhumas.pk, None)


@pytest.mark.parametrize(("hour", "day"), [(23, 21), (0, 22)])
def test_the_last_day_for_answers_is_by_the_calendar_of_the_place(cast, hour, day):
    """23.30 and 00.30 in Jayapura lie on one day in UTC, and on two at the place."""
    place = {
        "by": cast.divhumas,
        "host_unit": cast.unit("mabes"),
        "region": _region("91.71"),
        "starts_at": datetime(2024, 10, 21, hour - 9 if hour else 15, 30, tzinfo=UTC),
    }

    with pytest.raises(ValidationError) as error:
        _create(cast, answer_by=date(2024, 10, day + 1), **place)

    assert _code(error) == "answer_after_event"
    assert Event.objects.count() == 0
    assert _create(cast, answer_by=date(2024, 10, day), **place).answer_by == date(2024, 10, day)


def test_update_refuses_a_deadline_after_the_event_and_an_officer_of_another_unit(cast):
    event = _create(cast)

    for fields, code in (
        ({"answer_by": date(2024, 10, 22)}, "answer_after_event"),
        ({"contact_officer": cast.kubar}, "contact_officer_elsewhere"),
    ):
        with pytest.raises(ValidationError) as error:
            events.update(event=event, by=cast.bidhumas, **fields)
        assert _code(error) == code
    event.refresh_from_db()
    assert (event.answer_by, event.contact_officer) == (None, None)


def test_whoever_plans_for_a_unit_below_may_look_after_it_themselves(cast):
    below = {"host_unit": cast.unit("polres-kubar")}

    assert _create(cast, contact_officer=cast.bidhumas, **below).contact_officer == cast.bidhumas
    assert _create(cast, contact_officer=cast.kubar, **below).contact_officer == cast.kubar
    cast.kubar2.is_active = False
    cast.kubar2.save(update_fields=["is_active"])
    with pytest.raises(ValidationError) as error:
        _create(cast, contact_officer=cast.kubar2, **below)
    assert _code(error) == "contact_officer_elsewhere"


@pytest.mark.parametrize("act", ["reschedule", "postpone"])
def test_the_deadline_keeps_its_distance_when_the_date_moves(cast, act):
    event = cast.event(starts_at=cast.at(2024, 10, 21, 20, 0), answer_by=date(2024, 10, 18))

    getattr(states, act)(event=event, by=cast.bidhumas, starts_at=cast.at(2024, 10, 14, 20, 0))

    event.refresh_from_db()
    assert event.answer_by == date(2024, 10, 11)
    changes = Detail.objects.latest("pk").changes
    assert changes["answer_by"] == ["2024-10-18", "2024-10-11"]


def test_the_deadline_stands_while_there_is_no_new_date(cast):
    event = cast.event(starts_at=cast.at(2024, 10, 21, 20, 0), answer_by=date(2024, 10, 18))

    states.postpone(event=event, by=cast.bidhumas)

    event.refresh_from_db()
    assert (event.starts_at, event.answer_by) == (None, date(2024, 10, 18))
