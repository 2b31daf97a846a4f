"""Planning in three steps: nothing is in the database before the last, and nothing typed is lost on the way."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.choices import Role
from audit.models import Entry
from events.models import Event

PLACE, TIME, PEOPLE = (reverse(f"events:event-add{end}") for end in ("", "-time", "-people"))


def _place(**fields) -> dict:
    return {
        "title": "Dialog Penguatan Kehumasan",
        "kind": "pr_dialogue",
        "region_province": "64",
        "region_regency": "64.07",
        "region_district": "64.07.07",
        "venue": "Raini's Koffie",
        **fields,
    }


def _time(**fields) -> dict:
    return {"day": "2024-10-21", "starts": "20:00", "open_end": "on", "capacity": "30", **fields}


def _people(cast, **fields) -> dict:
    return {"host_unit": cast.unit("polda-kaltim").pk, **fields}


def _back(step: str) -> str:
    return reverse("events:event-add-back", args=[step])


def test_three_steps_and_only_the_last_writes(cast, sign_in):
    client = sign_in("bidhumas")
    program = cast.program()

    to_time = client.post(PLACE, _place(program=program.pk))
    to_people = client.post(TIME, _time())
    before = Event.objects.count()
    done = client.post(
        PEOPLE,
        _people(
            cast,
            co_hosts=[cast.unit("polres-kubar").pk],
            invited_units=[cast.unit("polres-kukar").pk],
            dress="Batik",
            contact_name="Ipda Rangga",
            contact_phone="0812 3456 7890",
            contact_officer=cast.bidhumas.pk,
            answer_by="2024-10-18",
            topics="Hoaks",
        ),
    )

    event = Event.objects.get()
    assert (to_time.url, to_people.url, before) == (TIME, PEOPLE, 0)
    assert done.url == reverse("events:event-detail", args=[event.public_id])
    assert (event.title, event.program, event.region_id, event.venue) == (
        "Dialog Penguatan Kehumasan",
        program,
        "64.07.07",
        "Raini's Koffie",
    )
    assert (event.state, event.starts_at, event.capacity) == ("draft", cast.at(2024, 10, 21, 20, 0), 30)
    assert (event.dress, event.contact_name, str(event.contact_phone), event.answer_by, event.topics) == (
        "Batik",
        "Ipda Rangga",
        "+6281234567890",
        date(2024, 10, 18),
        "Hoaks",
    )
    assert (event.contact_officer, event.created_by_id) == (cast.bidhumas, cast.bidhumas.pk)
    assert list(event.event_units.values_list("unit__code", "part")) == [
        ("polres-kubar", "co_host"),
        ("polres-kukar", "invited"),
    ]


def test_the_next_event_begins_with_an_empty_form(cast, sign_in):
    client = sign_in("bidhumas")
    for url, data in ((PLACE, _place()), (TIME, _time()), (PEOPLE, _people(cast))):
        client.post(url, data)

    assert "venue" not in client.get(PLACE).context["form"].initial
    assert client.get(TIME).url == PLACE


@pytest.mark.parametrize("url", [TIME, PEOPLE])
def test_a_later_step_leads_to_the_first_that_is_missing_and_keeps_what_was_sent(cast, sign_in, url):
    client = sign_in("bidhumas")

    assert client.get(url).url == PLACE
    assert client.post(url, _time(capacity="44", dress="Batik")).url == PLACE
    client.post(PLACE, _place())
    client.post(TIME, _time(capacity="44"))
    assert client.get(TIME).context["form"].initial["capacity"] == "44"
    assert Event.objects.count() == 0


def test_going_back_keeps_every_word_finished_or_not(cast, sign_in):
    client = sign_in("bidhumas")
    client.post(PLACE, _place())
    client.post(TIME, _time())

    to_time = client.post(_back("people"), _people(cast, dress="Batik", answer_by="entah", topics="Hoaks"))
    to_place = client.post(_back("time"), _time(day="", starts="25:99", capacity="banyak"))
    place = client.get(PLACE).context["form"].initial
    client.post(PLACE, _place(venue="Kedai Tepi"))
    time = client.get(TIME)
    client.post(TIME, _time())
    people = client.get(PEOPLE)

    assert (to_time.url, to_place.url) == (TIME, PLACE)
    assert (place["title"], place["venue"]) == ("Dialog Penguatan Kehumasan", "Raini's Koffie")
    assert (time.context["form"].initial["capacity"], time.context["form"].errors) == ("banyak", {})
    assert 'value="25:99"' in time.content.decode()
    assert "Kedai Tepi" in time.content.decode()
    initial = people.context["form"].initial
    assert (initial["dress"], initial["answer_by"], initial["topics"]) == ("Batik", "entah", "Hoaks")


def test_the_first_step_stays_where_it_is_when_going_back_and_an_unknown_step_is_not_found(cast, sign_in):
    client = sign_in("bidhumas")

    assert client.post(_back("place"), _place()).url == PLACE
    assert client.post(_back("entah"), _place()).status_code == 404
    assert client.get(_back("time")).status_code == 405


def test_starting_afresh_forgets_the_plan(cast, sign_in):
    client = sign_in("bidhumas")
    client.post(PLACE, _place())

    assert client.post(reverse("events:event-add-restart")).url == PLACE
    assert client.get(TIME).url == PLACE


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({}, "Rangkaian Dialog Penguatan Kehumasan – Kutai Barat"),
        (
            {"region_regency": "64.74", "region_district": ""},
            "Rangkaian Dialog Penguatan Kehumasan – Bontang",
        ),
        ({"title": "Dialog Publik"}, "Dialog Publik"),
    ],
)
def test_an_empty_title_is_made_of_programme_and_region(cast, sign_in, fields, title):
    client = sign_in("bidhumas")
    data = _place(title="", program=cast.program().pk) | fields

    client.post(PLACE, data)

    assert client.get(TIME).context["so_far"]["title"] == title
    assert client.get(PLACE).context["form"].initial["title"] == title


def test_a_made_title_follows_another_region_until_it_is_changed_by_hand(cast, sign_in):
    client = sign_in("bidhumas")
    program = cast.program().pk
    client.post(PLACE, _place(title="", program=program))
    made = client.get(PLACE).context["form"].initial["title"]

    client.post(
        PLACE, _place(title=made, program=program, region_regency="64.03", region_district="64.03.05")
    )
    moved = client.get(TIME).context["so_far"]["title"]
    client.post(PLACE, _place(title="Malam Berau", program=program))

    assert moved == "Rangkaian Dialog Penguatan Kehumasan – Berau"
    assert client.get(TIME).context["so_far"]["title"] == "Malam Berau"


@pytest.mark.parametrize(
    ("region", "zone", "hour"),
    [("61.71", "WIB", 13), ("64.07", "WITA", 12), ("91.71", "WIT", 11)],
)
def test_the_hour_is_by_the_clock_of_the_place_chosen_a_step_before(cast, sign_in, region, zone, hour):
    client = sign_in("divhumas")
    client.post(PLACE, _place(region_province=region[:2], region_regency=region, region_district=""))

    shown = client.get(TIME).context["form"].zone_name
    client.post(TIME, _time())
    client.post(PEOPLE, {"host_unit": cast.unit("mabes").pk, "answer_by": "2024-10-21"})

    assert shown == zone
    assert Event.objects.get().starts_at == datetime(2024, 10, 21, hour, 0, tzinfo=UTC)


def test_answers_are_not_asked_for_after_the_day(cast, sign_in):
    client = sign_in("bidhumas")
    client.post(PLACE, _place())
    client.post(TIME, _time())

    refused = client.post(PEOPLE, _people(cast, answer_by="2024-10-22", dress="Batik"))

    assert list(refused.context["form"].errors) == ["answer_by"]
    assert 'value="Batik"' in refused.content.decode()
    assert Event.objects.count() == 0


def test_the_officer_in_charge_is_of_the_host_unit_or_oneself(cast, sign_in):
    retired = cast.officer("pensiun", "polres-kubar")
    retired.is_active = False
    retired.save(update_fields=["is_active"])
    cast.officer("pembaca", "polres-kubar", Role.VIEWER)
    client = sign_in("bidhumas")
    client.post(PLACE, _place())
    client.post(TIME, _time())
    host = {"host_unit": cast.unit("polres-kubar").pk}

    own = client.get(PEOPLE).context["form"].fields["contact_officer"].queryset
    refused = client.post(PEOPLE, {**host, "contact_officer": cast.berau.pk})
    offered = refused.context["form"].fields["contact_officer"].queryset
    client.post(PEOPLE, {**host, "contact_officer": cast.kubar2.pk})

    assert set(own) == {cast.bidhumas}
    assert list(refused.context["form"].errors) == ["contact_officer"]
    assert set(offered) == {cast.bidhumas, cast.kubar, cast.kubar2}
    assert Event.objects.get().contact_officer == cast.kubar2


def test_officers_of_a_unit_out_of_scope_are_not_offered(cast, sign_in):
    client = sign_in("kubar")
    client.post(PLACE, _place())
    client.post(TIME, _time())

    refused = client.post(
        PEOPLE, {"host_unit": cast.unit("polres-berau").pk, "contact_officer": cast.berau.pk}
    )

    assert set(refused.context["form"].errors) == {"host_unit", "contact_officer"}
    assert cast.berau.full_name not in refused.content.decode()


def test_the_plan_is_of_one_session_and_lost_with_it(cast, sign_in):
    sign_in("bidhumas").post(PLACE, _place())

    assert sign_in("bidhumas").get(TIME).url == PLACE


def test_the_programme_of_the_page_that_led_here_is_chosen(cast, sign_in):
    client = sign_in("bidhumas")
    first, second = cast.program(), cast.program(name="Rangkaian Lain")
    client.post(PLACE, _place(program=first.pk))

    page = client.get(f"{PLACE}?program={second.public_id}")

    assert page.context["form"].initial["program"] == second.pk
    assert client.get(f"{PLACE}?program={uuid.uuid4()}").context["form"].initial["program"] == str(first.pk)


def test_what_the_operation_refuses_is_said_and_everything_stays(cast, sign_in, monkeypatch):
    from django.core.exceptions import ValidationError

    def refuse(**fields):
        raise ValidationError("Tidak bisa sekarang.", code="unit_inactive")

    monkeypatch.setattr("events.operations.events.units.set_units", refuse)
    client = sign_in("bidhumas")
    client.post(PLACE, _place())
    client.post(TIME, _time())

    refused = client.post(PEOPLE, _people(cast, co_hosts=[cast.unit("polres-kubar").pk], dress="Batik"))

    assert "Tidak bisa sekarang." in refused.content.decode()
    assert (Event.objects.count(), Entry.objects.filter(verb="event.created").count()) == (0, 0)
    assert client.get(PEOPLE).context["form"].initial["dress"] == "Batik"


def test_a_second_window_does_not_put_another_place_under_what_is_sent(cast, sign_in):
    """Two plans at once in one session: the last step of the first must not be saved with the place of the second."""
    client = sign_in("bidhumas")
    client.post(PLACE, _place())
    client.post(TIME, _time())
    first = client.get(PEOPLE)
    client.post(PLACE, _place(region_regency="64.03", region_district="64.03.05", venue="Hotel Palmy"))

    refused = client.post(PEOPLE, _people(cast, dress="Batik", so_far=first.context["mark"]))

    assert (refused.status_code, Event.objects.count()) == (200, 0)
    assert len(list(refused.context["form"].non_field_errors())) == 1
    assert (refused.context["form"]["dress"].value(), "Hotel Palmy" in refused.content.decode()) == (
        "Batik",
        True,
    )
    client.post(PEOPLE, _people(cast, dress="Batik", so_far=refused.context["mark"]))
    assert Event.objects.get().venue == "Hotel Palmy"


def test_the_mark_of_what_was_chosen_stands_in_the_form_and_agrees_when_sent(cast, sign_in):
    client = sign_in("bidhumas")
    client.post(PLACE, _place(title=""))
    time_page = client.get(TIME)
    client.post(TIME, _time(so_far=time_page.context["mark"]))
    people_page = client.get(PEOPLE)

    assert f'name="so_far" value="{people_page.context["mark"]}"' in people_page.content.decode()
    client.post(PEOPLE, _people(cast, so_far=people_page.context["mark"]))
    assert Event.objects.count() == 1
