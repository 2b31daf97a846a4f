"""The pages of events and programmes: who reads what, what a form keeps, and how many queries a page may cost."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.choices import EventState
from events.models import AgendaItem, Event, EventRole, Program
from events.operations import roles

CANARY = "Kenari Rahasia"


def _url(name: str, event: Event, *rest) -> str:
    return reverse(f"events:{name}", args=[event.public_id, *rest])


def _titles(response) -> list[str]:
    context = response.context
    return [event.title for event in (*context["undated"], *context["coming"].rows, *context["gone"].rows)]


def _form(cast, **fields) -> dict:
    return {
        "title": "Dialog Penguatan Kehumasan",
        "kind": "pr_dialogue",
        "host_unit": cast.unit("polda-kaltim").pk,
        "region_province": "64",
        "region_regency": "64.07",
        "region_district": "64.07.07",
        "venue": "Raini's Koffie",
        "day": "2024-10-21",
        "starts": "20:00",
        "open_end": "on",
        **fields,
    }


_STEPS = ("event-add", "event-add-time", "event-add-people")


def _plan(client, data):
    """Send every step of planning in turn; the answer is the first with a refusal, else that of the last."""
    for name in _STEPS:
        response = client.post(reverse(f"events:{name}"), data)
        if response.status_code != 302:
            break
    return response


def _page(response, public_id: uuid.UUID) -> str:
    """A page without nonce, masked CSRF token and the address asked for: nothing else may differ."""
    page = response.content.decode().replace(str(public_id), "")
    return re.sub(r'nonce="[^"]+"|[A-Za-z0-9]{64}', "", page)


# The list


def test_list_shows_undated_then_coming_then_past(cast, sign_in):
    now = timezone.now()
    cast.event("Bulan depan", starts_at=now + timedelta(days=30))
    cast.event("Besok", starts_at=now + timedelta(days=1))
    cast.event("Malam ini", starts_at=now - timedelta(hours=2))
    cast.event("Kemarin", starts_at=now - timedelta(days=1), state=EventState.DONE)
    cast.event("Lusa batal", starts_at=now + timedelta(days=2), state=EventState.CANCELLED)
    cast.event("Belum bertanggal", starts_at=None, state=EventState.DRAFT)

    response = sign_in("bidhumas").get(reverse("events:event-list"))

    assert _titles(response) == [
        "Belum bertanggal",
        "Malam ini",
        "Besok",
        "Bulan depan",
        "Lusa batal",
        "Kemarin",
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=ngopi", ["Ngopi bareng"]),
        ("state=done", ["Ngopi bareng"]),
        ("region=64.07", ["Ngopi bareng"]),
        ("region=64", ["Dialog Berau", "Ngopi bareng"]),
        ("kind=coffee_meeting", ["Ngopi bareng"]),
        ("when=upcoming", ["Dialog Berau"]),
        ("when=past", ["Ngopi bareng"]),
        ("state=bukan-keadaan", ["Dialog Berau", "Ngopi bareng"]),
    ],
)
def test_list_is_narrowed_by_the_address(cast, sign_in, query, titles):
    cast.event("Dialog Berau", region_id="64.03.05", starts_at=timezone.now() + timedelta(days=1))
    cast.event(
        "Ngopi bareng",
        kind="coffee_meeting",
        state=EventState.DONE,
        starts_at=timezone.now() - timedelta(days=3),
    )

    response = sign_in("bidhumas").get(f"{reverse('events:event-list')}?{query}")

    assert _titles(response) == titles


def test_list_of_one_programme(cast, sign_in):
    program = cast.program()
    cast.event("Dalam rangkaian", program=program)
    cast.event("Di luar")

    response = sign_in("bidhumas").get(f"{reverse('events:event-list')}?program={program.public_id}")

    assert _titles(response) == ["Dalam rangkaian"]


def test_list_goes_on_page_by_page(cast, sign_in):
    for number in range(12):
        cast.event(f"Lampau {number:02}", starts_at=timezone.now() - timedelta(days=2 + number), state="done")
    client = sign_in("bidhumas")
    first = client.get(reverse("events:event-list"))

    more = client.get(reverse("events:event-list") + first.context["more_gone"])

    assert _titles(first) == [f"Lampau {number:02}" for number in range(10)]
    assert _titles(more) == ["Lampau 10", "Lampau 11"]


@pytest.mark.parametrize("cursor", ["WyJidWthbiB3YWt0dSIsMV0", "WzEsMV0", "omong-kosong"])
def test_a_cursor_that_is_no_time_gives_the_first_page(cast, sign_in, cursor):
    cast.event("Lampau", starts_at=timezone.now() - timedelta(days=2), state="done")

    response = sign_in("bidhumas").get(f"{reverse('events:event-list')}?when=past&after={cursor}")

    assert _titles(response) == ["Lampau"]


def test_list_answers_htmx_with_the_rows_alone(cast, sign_in):
    cast.event("Malam ini")

    response = sign_in("bidhumas").get(reverse("events:event-list"), HTTP_HX_REQUEST="true")

    assert next(template.name for template in response.templates) == "events/_event_rows.html"
    assert b"<html" not in response.content


# Scope


@pytest.mark.parametrize(
    ("officer", "sees"),
    [
        ("bidhumas", True),
        ("kubar", True),
        ("kukar", True),
        ("divhumas", True),
        ("pimpinan", True),
        ("berau", False),
        ("bontang", False),
        ("diskominfo", False),
    ],
)
def test_an_event_is_seen_by_those_who_take_part_and_those_above(cast, sign_in, officer, sees):
    event = cast.event(CANARY, invited=["polres-kukar"])
    client = sign_in(officer)

    listed = client.get(reverse("events:event-list"))
    answer = client.get(_url("event-detail", event))
    nowhere = uuid.uuid4()
    missing = client.get(reverse("events:event-detail", args=[nowhere]))

    assert (CANARY in listed.content.decode()) is sees
    assert answer.status_code == (200 if sees else 404)
    if not sees:
        assert _page(answer, event.public_id) == _page(missing, nowhere)


_CHANGING = [
    "event-edit",
    "event-finish",
    "event-report",
    "event-cancel",
    "event-postpone",
    "event-reschedule",
    "role-add",
    "agenda-edit",
]


@pytest.mark.parametrize("name", _CHANGING)
def test_only_the_host_and_those_above_may_change(cast, sign_in, name):
    event = cast.event(invited=["polres-kukar"])

    statuses = {
        officer: sign_in(officer).get(_url(name, event)).status_code
        for officer in ("bidhumas", "divhumas", "kubar", "kukar", "pimpinan", "berau", "privasi")
    }

    assert statuses == {
        "bidhumas": 200,
        "divhumas": 200,
        "kubar": 403,
        "kukar": 403,
        "pimpinan": 403,
        "berau": 404,
        "privasi": 403,
    }


def test_publishing_is_for_the_host_and_by_post(cast, sign_in):
    event = cast.event(state=EventState.DRAFT)

    assert sign_in("bidhumas").get(_url("event-publish", event)).status_code == 405
    assert sign_in("kubar").post(_url("event-publish", event)).status_code == 403
    assert sign_in("berau").post(_url("event-publish", event)).status_code == 404
    assert Event.objects.get().state == EventState.DRAFT
    assert sign_in("bidhumas").post(_url("event-publish", event)).url == _url("event-detail", event)
    assert Event.objects.get().state == EventState.PUBLISHED


def test_a_role_of_another_event_is_not_reached_through_ones_own(cast, sign_in):
    own = cast.event(host="polres-kubar", co_hosts=[])
    foreign = cast.event("Dialog Berau", host="polres-berau", co_hosts=[], region_id="64.03.05")
    role = roles.add(event=foreign, by=cast.berau, role="speaker", full_name=CANARY, institution="KPU")
    client = sign_in("kubar")

    for name in ("role-edit", "role-remove"):
        assert client.get(_url(name, own, role.public_id)).status_code == 404
        assert client.post(_url(name, own, role.public_id)).status_code == 404
    assert EventRole.objects.get().full_name == CANARY


# One event


def test_the_viewer_reads_figures_and_people_with_a_part_but_no_guest(cast, sign_in):
    event = cast.event()
    cast.guest(event, cast.partner(CANARY), answer="yes")
    roles.add(event=event, by=cast.bidhumas, role="leader", rank="Kombes Pol", full_name="Yuliyanto")

    page = sign_in("pimpinan").get(_url("event-detail", event))

    assert CANARY not in page.content.decode()
    assert "Kombes Pol Yuliyanto" in page.content.decode()
    assert page.context["tallies"].invited == 1
    assert _url("guest-list", event) not in page.content.decode()


def test_no_guest_is_named_on_the_page_of_the_event_for_anybody(cast, sign_in):
    event = cast.event()
    cast.guest(event, cast.partner(CANARY), answer="yes")

    assert CANARY not in sign_in("bidhumas").get(_url("event-detail", event)).content.decode()


def test_people_stand_in_the_order_of_their_part(cast, sign_in):
    event = cast.event()
    for role, name in [
        ("moderator", "Tiga"),
        ("accompanying", "Dua"),
        ("leader", "Satu"),
        ("accompanying", "Dua Lagi"),
    ]:
        roles.add(event=event, by=cast.bidhumas, role=role, rank="AKBP", full_name=name)

    page = sign_in("kubar").get(_url("event-detail", event))

    assert [person.full_name for person in page.context["roles"]] == ["Satu", "Dua", "Dua Lagi", "Tiga"]


@pytest.mark.parametrize(
    ("region", "zone", "instant", "printed"),
    [
        (
            "61.71",
            "Asia/Pontianak",
            datetime(2024, 3, 5, 2, 0, tzinfo=UTC),
            "Selasa, 5 Maret 2024, 09.00 WIB",
        ),
        (
            "64.07.07",
            "Asia/Makassar",
            datetime(2024, 10, 21, 12, 0, tzinfo=UTC),
            "Senin, 21 Oktober 2024, 20.00 WITA",
        ),
        (
            "91.71",
            "Asia/Jayapura",
            datetime(2024, 10, 21, 23, 30, tzinfo=UTC),
            "Selasa, 22 Oktober 2024, 08.30 WIT",
        ),
    ],
)
def test_every_reader_sees_the_clock_of_the_place(cast, sign_in, region, zone, instant, printed):
    event = cast.event(region_id=region, timezone=zone, starts_at=instant, state="done")

    for officer in ("divhumas", "bidhumas", "kubar"):
        assert printed in sign_in(officer).get(_url("event-detail", event)).content.decode()


def test_the_roll_is_one_tap_from_the_event_on_the_evening(cast, sign_in):
    event = cast.event()

    page = sign_in("kubar").get(_url("event-detail", event)).content.decode()

    assert f'href="{_url("roll", event)}"' in page


def _fill(cast, event: Event, number: int) -> None:
    cast.guest(event, cast.partner(f"Tamu {number}"), answer="yes")
    roles.add(event=event, by=cast.bidhumas, role="speaker", full_name=f"Tokoh {number}", institution="KPU")
    AgendaItem.objects.create(event=event, order=number, kind="qna", title=f"Sesi {number}")


def test_the_page_of_an_event_costs_the_same_with_one_and_three_of_everything(
    cast, sign_in, django_assert_num_queries
):
    event = cast.event(pledge_text=cast.pledge_text())
    client = sign_in("bidhumas")
    _fill(cast, event, 1)
    # session, officer, scope, event, units beside, people, agenda, tallies, commitments, points of the commitment;
    # hints (3: territory, whose it is, leaders that day), directives, proposals, phones at the door
    with django_assert_num_queries(17):
        client.get(_url("event-detail", event))
    _fill(cast, event, 2)
    _fill(cast, event, 3)
    with django_assert_num_queries(17):
        client.get(_url("event-detail", event))


def test_the_list_costs_the_same_with_one_and_three_events(cast, sign_in, django_assert_num_queries):
    client = sign_in("bidhumas")
    program = cast.program()
    cast.event("Satu", program=program)
    # session, officer, scope; regions for the filter (2), undated, coming, past, programmes for the filter
    with django_assert_num_queries(9):
        client.get(reverse("events:event-list"))
    cast.event("Dua", region_id="64.03.05", program=program)
    cast.event("Tiga", starts_at=timezone.now() - timedelta(days=9), state="done", region_id="61.71")
    with django_assert_num_queries(9):
        client.get(reverse("events:event-list"))


# The form


def test_planning_an_event_writes_what_was_typed_by_the_clock_of_the_place(cast, sign_in):
    text = cast.pledge_text()
    program = cast.program()
    fields = {
        "program": program.pk,
        "pledge_text": text.pk,
        "co_hosts": [cast.unit("polres-kubar").pk],
        "invited_units": [cast.unit("polres-kukar").pk],
    }

    response = _plan(sign_in("bidhumas"), _form(cast, **fields))

    event = Event.objects.get()
    assert response.url == _url("event-detail", event)
    assert (event.state, event.starts_at, event.ends_at, event.has_time, event.timezone) == (
        "draft",
        cast.at(2024, 10, 21, 20, 0),
        None,
        True,
        "Asia/Makassar",
    )
    assert (event.program, event.pledge_text, event.region_id) == (program, text, "64.07.07")
    assert list(event.event_units.values_list("unit__code", "part")) == [
        ("polres-kubar", "co_host"),
        ("polres-kukar", "invited"),
    ]


@pytest.mark.parametrize(
    ("codes", "hour"),
    [
        ({"region_province": "61", "region_regency": "61.71", "region_district": ""}, 13),
        ({}, 12),
        ({"region_province": "91", "region_regency": "91.71", "region_district": ""}, 11),
    ],
)
def test_twenty_hours_is_by_the_clock_of_the_region_chosen(cast, sign_in, codes, hour):
    host = {"host_unit": cast.unit("mabes").pk}

    _plan(sign_in("divhumas"), _form(cast, **host, **codes))

    assert Event.objects.get().starts_at == datetime(2024, 10, 21, hour, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "starts", "ends", "has_time", "part"),
    [
        ({"open_end": "", "ends": "22:00"}, (20, 0), (21, 22, 0), True, ""),
        ({"open_end": "", "ends": "00:30"}, (20, 0), (22, 0, 30), True, ""),
        ({"open_end": "", "ends": "12:00", "ends_day": "2024-10-23"}, (20, 0), (23, 12, 0), True, ""),
        ({"starts": "", "part_of_day": "night"}, (19, 0), None, False, "night"),
        ({"starts": ""}, (12, 0), None, False, ""),
    ],
)
def test_ends_and_hours_as_people_give_them(cast, sign_in, fields, starts, ends, has_time, part):
    _plan(sign_in("bidhumas"), _form(cast, **fields))

    event = Event.objects.get()
    assert (event.starts_at, event.ends_at, event.has_time, event.part_of_day) == (
        cast.at(2024, 10, 21, *starts),
        cast.at(2024, 10, *ends) if ends else None,
        has_time,
        part,
    )


def test_an_event_may_wait_for_its_date(cast, sign_in):
    _plan(sign_in("bidhumas"), _form(cast, day="", starts=""))

    assert Event.objects.get().starts_at is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "x" * 161}, "title"),
        ({"venue": ""}, "venue"),
        ({"kind": "pesta"}, "kind"),
        ({"region_regency": "", "region_district": ""}, "region"),
        ({"day": "", "starts": "20:00"}, "day"),
        ({"day": "31-31-2024"}, "day"),
        ({"day": "0001-01-01", "starts": "01:00"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"open_end": "", "ends": "22:00", "ends_day": "9999-12-31"}, "ends_day"),
        ({"starts": "25:00"}, "starts"),
        ({"open_end": "", "ends": ""}, "ends"),
        ({"open_end": "on", "ends": "22:00"}, "ends"),
        ({"open_end": "", "ends": "19:00"}, "ends"),
        ({"open_end": "", "ends": "22:00", "starts": ""}, "starts"),
        ({"capacity": "-1"}, "capacity"),
        ({"capacity": "banyak"}, "capacity"),
        ({"topics": "x" * 2001}, "topics"),
        ({"co_hosts": "host"}, "co_hosts"),
        ({"co_hosts": "kubar", "invited_units": "kubar"}, "invited_units"),
        ({"invited_units": "foreign"}, "invited_units"),
        ({"host_unit": "above"}, "host_unit"),
    ],
)
def test_bad_input_is_kept_and_answered_beside_its_field(cast, sign_in, fields, field):
    units = {
        "host": "polda-kaltim",
        "kubar": "polres-kubar",
        "foreign": "diskominfo-kalbar",
        "above": "mabes",
    }
    fields = {name: cast.unit(units[value]).pk if value in units else value for name, value in fields.items()}

    response = _plan(sign_in("bidhumas"), _form(cast, topics_note="", **fields))

    page = response.content.decode()
    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert str(form.errors[field][0]).replace("'", "&#x27;") in page
    assert fields.get("title", "Dialog Penguatan Kehumasan") in page
    assert Event.objects.count() == 0


def test_a_local_officer_plans_for_their_own_unit_only(cast, sign_in):
    client = sign_in("kubar")

    refused = _plan(client, _form(cast))
    own = _plan(client, _form(cast, host_unit=cast.unit("polres-kubar").pk))

    assert list(refused.context["form"].errors) == ["host_unit"]
    assert own.status_code == 302
    assert Event.objects.get().host_unit.code == "polres-kubar"


def test_the_form_does_not_offer_a_programme_out_of_sight(cast, sign_in):
    hidden = Program.objects.create(
        name=CANARY, unit=cast.unit("diskominfo-kalbar"), region_id="61", starts_on="2024-01-01"
    )

    page = sign_in("bidhumas").get(f"{reverse('events:event-add')}?program={hidden.public_id}")
    posted = _plan(sign_in("bidhumas"), _form(cast, program=hidden.pk))

    assert CANARY not in page.content.decode()
    assert list(posted.context["form"].errors) == ["program"]


def test_editing_opens_with_what_stands_and_saves_what_changed(cast, sign_in):
    event = cast.event(
        state=EventState.DRAFT, starts_at=cast.at(2024, 10, 21, 20, 0), pledge_text=cast.pledge_text()
    )
    client = sign_in("bidhumas")

    initial = client.get(_url("event-edit", event)).context["form"].initial
    response = client.post(
        _url("event-edit", event),
        _form(
            cast,
            title="Dialog Publik",
            starts="19:30",
            co_hosts=[],
            invited_units=[cast.unit("polres-kubar").pk],
        ),
    )

    event.refresh_from_db()
    assert (str(initial["day"]), f"{initial['starts']:%H:%M}", initial["open_end"]) == (
        "2024-10-21",
        "20:00",
        True,
    )
    assert initial["co_hosts"] == [cast.unit("polres-kubar").pk]
    assert response.url == _url("event-detail", event)
    assert (event.title, event.starts_at, event.pledge_text) == (
        "Dialog Publik",
        cast.at(2024, 10, 21, 19, 30),
        None,
    )
    assert list(event.event_units.values_list("unit__code", "part")) == [("polres-kubar", "invited")]


def test_once_published_the_form_has_no_date_and_leaves_it_alone(cast, sign_in):
    starts_at = cast.at(2024, 10, 21, 20, 0)
    event = cast.event(starts_at=starts_at)
    client = sign_in("bidhumas")

    form = client.get(_url("event-edit", event)).context["form"]
    client.post(_url("event-edit", event), _form(cast, title="Dialog Publik", day="2030-01-01"))

    event.refresh_from_db()
    assert "day" not in form.fields
    assert (event.title, event.starts_at) == ("Dialog Publik", starts_at)


def test_a_reported_event_keeps_what_was_typed_and_says_why_not(cast, sign_in):
    event = cast.event(state=EventState.REPORTED)

    response = sign_in("bidhumas").post(_url("event-edit", event), _form(cast, title="Judul Lain"))

    assert list(response.context["form"].errors) == ["__all__"]
    assert "Judul Lain" in response.content.decode()
    assert Event.objects.get().title == "Dialog Penguatan Kehumasan"


# States


@pytest.mark.parametrize(
    ("name", "state", "fields", "after"),
    [
        ("event-finish", "published", {"outcome": "Masukan tentang kanal aduan."}, "done"),
        ("event-report", "done", {}, "reported"),
        ("event-cancel", "published", {"reason": "Hujan lebat"}, "cancelled"),
        ("event-postpone", "published", {}, "postponed"),
        (
            "event-postpone",
            "published",
            {"day": "2030-01-02", "starts": "20:00", "open_end": "on"},
            "postponed",
        ),
        (
            "event-reschedule",
            "postponed",
            {"day": "2030-01-02", "starts": "20:00", "open_end": "on"},
            "published",
        ),
    ],
)
def test_each_act_asks_on_its_page_and_acts_on_post(cast, sign_in, name, state, fields, after):
    event = cast.event(state=state)
    client = sign_in("bidhumas")

    asked = client.get(_url(name, event))
    done = client.post(_url(name, event), fields)

    assert asked.status_code == 200
    assert done.status_code == 302, done.context["form"].errors
    assert done.url == _url("event-detail", event)
    event.refresh_from_db()
    assert event.state == after
    if "day" in fields:
        assert event.starts_at == cast.at(2030, 1, 2, 20, 0)


def test_finishing_keeps_the_outcome(cast, sign_in):
    event = cast.event()

    sign_in("bidhumas").post(_url("event-finish", event), {"outcome": "Masukan tentang kanal aduan."})

    assert Event.objects.get().outcome == "Masukan tentang kanal aduan."


@pytest.mark.parametrize(
    ("name", "state", "fields"),
    [
        ("event-finish", "done", {}),
        ("event-report", "published", {}),
        ("event-cancel", "done", {"reason": "Salah"}),
        ("event-postpone", "draft", {}),
        ("event-reschedule", "cancelled", {"day": "2030-01-02", "starts": "20:00", "open_end": "on"}),
    ],
)
def test_an_act_that_does_not_fit_is_answered_with_a_sentence(cast, sign_in, name, state, fields):
    event = cast.event(state=state)

    response = sign_in("bidhumas").post(_url(name, event), fields)

    assert response.status_code == 200
    assert [error.code for error in response.context["form"].errors.as_data()["__all__"]] == ["wrong_state"]
    assert str(response.context["form"].non_field_errors()[0]) in response.content.decode()
    assert Event.objects.get().state == state


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("event-cancel", {"reason": ""}, "reason"),
        ("event-cancel", {"reason": "x" * 301}, "reason"),
        ("event-reschedule", {"day": ""}, "day"),
        ("event-postpone", {"starts": "20:00"}, "day"),
    ],
)
def test_an_act_says_beside_the_field_what_is_missing(cast, sign_in, name, fields, field):
    response = sign_in("bidhumas").post(_url(name, cast.event()), fields)

    assert list(response.context["form"].errors) == [field]
    assert Event.objects.get().state == "published"


def test_cancelling_names_how_many_are_told(cast, sign_in):
    event = cast.event()
    for number in range(3):
        cast.guest(event, cast.partner(f"Tamu {number}"), answer="yes" if number else "none")

    tallies = sign_in("bidhumas").get(_url("event-cancel", event)).context["tallies"]

    assert (tallies.invited, tallies.confirmed) == (3, 2)


# People and agenda


def test_somebody_with_a_part_is_added_changed_and_taken_off(cast, sign_in):
    event = cast.event()
    client = sign_in("bidhumas")
    fields = {
        "role": "opener",
        "acting_prefix": "Plh.",
        "full_name": "Natalia Karyawati",
        "institution": "Pemprov",
    }

    client.post(_url("role-add", event), {**fields, "position": "Sekretaris Daerah"})
    role = EventRole.objects.get()
    client.post(_url("role-edit", event, role.public_id), {**fields, "position": "Sekda"})
    changed = EventRole.objects.get()
    asked = client.get(_url("role-remove", event, role.public_id))
    client.post(_url("role-remove", event, role.public_id))

    assert (role.post, changed.post) == ("Plh. Sekretaris Daerah, Pemprov", "Plh. Sekda, Pemprov")
    assert "Natalia Karyawati" in asked.content.decode()
    assert (EventRole.objects.count(), event.participants.count()) == (0, 0)


def test_a_part_without_rank_and_institution_is_answered_beside_the_field(cast, sign_in):
    response = sign_in("bidhumas").post(
        _url("role-add", cast.event()), {"role": "speaker", "full_name": "Zulkifli"}
    )

    assert list(response.context["form"].errors) == ["institution"]
    assert "Zulkifli" in response.content.decode()


def _lines(*lines: tuple[str, str, str], initial: int = 0) -> dict:
    data = {"line-TOTAL_FORMS": len(lines), "line-INITIAL_FORMS": initial}
    for number, (starts, kind, title) in enumerate(lines):
        data |= {f"line-{number}-starts": starts, f"line-{number}-kind": kind, f"line-{number}-title": title}
    return data


def test_the_agenda_is_put_in_the_order_of_its_hours_past_midnight_last(cast, sign_in):
    event = cast.event()
    lines = _lines(
        ("20:00", "qna", "Diskusi"), ("00:15", "closing", "Penutup"), ("19:30", "opening", "Pembukaan")
    )

    sign_in("bidhumas").post(_url("agenda-edit", event), lines)

    assert [item.title for item in event.agenda.all()] == ["Pembukaan", "Diskusi", "Penutup"]


def test_an_emptied_title_takes_its_agenda_line_away(cast, sign_in):
    event = cast.event()
    client = sign_in("bidhumas")
    client.post(_url("agenda-edit", event), _lines(("", "opening", "Pembukaan"), ("", "qna", "Diskusi")))

    client.post(
        _url("agenda-edit", event),
        _lines(("", "opening", ""), ("", "qna", "Diskusi"), ("", "opening", ""), initial=2),
    )

    assert [item.title for item in event.agenda.all()] == ["Diskusi"]


def test_a_bad_agenda_line_keeps_all_lines_as_typed(cast, sign_in):
    event = cast.event()

    response = sign_in("bidhumas").post(
        _url("agenda-edit", event), _lines(("99:00", "opening", "Pembukaan"), ("", "qna", "Diskusi"))
    )

    assert [list(errors) for errors in response.context["lines"].errors] == [["starts"], []]
    assert "Pembukaan" in response.content.decode()
    assert "Diskusi" in response.content.decode()
    assert event.agenda.count() == 0


def test_every_page_of_a_demo_event_says_so_to_a_real_officer(cast, sign_in):
    """Where the sample was loaded beside real data (``--force``), no page may be taken for a real evening."""
    note = "DATA CONTOH: peserta dan angka rekaan"
    program = cast.program(is_demo=True)
    sample = cast.event(is_demo=True, program=program, pledge_text=cast.pledge_text())
    client = sign_in("bidhumas")
    names = ["event-detail", "event-edit", "guest-list", "guest-pick", "roll", "pledge-list", "event-cancel"]

    pages = [client.get(reverse(f"events:{name}", args=[sample.public_id])) for name in names]
    pages.append(client.get(reverse("events:program-detail", args=[program.public_id])))
    pages.append(client.get(reverse("partners:partner-detail", args=[cast.partner(is_demo=True).public_id])))

    assert [page.content.decode().count(note) for page in pages] == [1] * 9
    for real in (
        reverse("events:event-detail", args=[cast.event().public_id]),
        reverse("partners:partner-detail", args=[cast.partner().public_id]),
    ):
        assert note not in client.get(real).content.decode()
