"""The next stop of a tour, copied: what comes along, what does not, and whose unit stands beside the host there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Unit
from audit.models import Entry
from events.choices import EventState
from events.models import AgendaItem, Event, EventRole, EventUnit, Participant
from events.operations import agenda, copying, roles
from regions.models import Region


def _region(code: str) -> Region:
    return Region.objects.select_related("parent__parent").get(pk=code)


def _k1(cast, **fields) -> Event:
    """K1 as it was planned: everything that can come along, and a guest, who cannot."""
    fields = {
        "program": cast.program(),
        "kind": "fgd",
        "starts_at": cast.at(2024, 10, 21, 20, 0),
        "capacity": 30,
        "dress": "Batik",
        "contact_name": "Ipda Rangga",
        "contact_phone": "+6281234567890",
        "contact_officer": cast.bidhumas,
        "answer_by": date(2024, 10, 18),
        "topics": "Hoaks",
        "pledge_text": cast.pledge_text(),
        "invited": ["polres-kukar"],
        **fields,
    }
    event = cast.event(fields.pop("title", "Dialog Kehumasan di Kutai Barat"), **fields)
    agenda.replace(
        event=event,
        by=cast.bidhumas,
        items=[
            {"starts": time(20, 0), "kind": "opening", "title": "Pembukaan"},
            {"starts": None, "kind": "qna", "title": "Tanya jawab"},
        ],
    )
    add = {"event": event, "by": cast.bidhumas}
    roles.add(
        role="leader",
        rank="Kombes Pol",
        full_name="Yuliyanto",
        title_after="S.I.K.",
        position="Kabid Humas",
        unit=cast.unit("polda-kaltim"),
        **add,
    )
    roles.add(
        role="accompanying",
        rank="AKBP",
        full_name="Kade",
        position="Kapolres",
        unit=cast.unit("polres-kubar"),
        **add,
    )
    roles.add(role="speaker", full_name="Tokoh", institution="KPU", **add)
    cast.guest(event, cast.partner(), answer="yes")
    return event


def _copy(cast, event: Event, region: str = "64.03.05", **fields) -> Event:
    fields = {
        "by": cast.bidhumas,
        "venue": "Kedai Berau",
        "starts_at": cast.at(2024, 10, 28, 19, 30),
        **fields,
    }
    return copying.copy(event=event, region=_region(region), **fields)


def _units(event: Event) -> list[tuple[str, str]]:
    return list(event.event_units.values_list("unit__code", "part"))


def _code(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return error.value.error_list[0].code


def test_a_copy_takes_exactly_what_is_the_same_there(cast):
    event = _k1(cast)

    draft = _copy(cast, event)

    draft.refresh_from_db()
    same = (
        "program",
        "kind",
        "host_unit",
        "capacity",
        "dress",
        "contact_name",
        "contact_phone",
        "contact_officer",
    )
    assert [getattr(draft, name) for name in same] == [getattr(event, name) for name in same]
    assert (draft.topics, draft.pledge_text, draft.is_demo) == ("Hoaks", event.pledge_text, False)
    assert (draft.state, draft.copied_from, draft.created_by_id) == ("draft", event, cast.bidhumas.pk)
    assert (draft.title, draft.region_id, draft.venue) == (
        "Dialog Kehumasan di Berau",
        "64.03.05",
        "Kedai Berau",
    )
    assert (draft.starts_at, draft.answer_by) == (cast.at(2024, 10, 28, 19, 30), date(2024, 10, 25))
    assert (draft.outcome, draft.postponed_from) == ("", None)
    assert _units(draft) == [("polres-berau", "co_host"), ("polres-kukar", "invited")]
    assert list(draft.agenda.values_list("order", "starts", "kind", "title")) == [
        (1, time(20, 0), "opening", "Pembukaan"),
        (2, None, "qna", "Tanya jawab"),
    ]


def test_every_field_of_an_event_is_copied_or_left_on_purpose():
    own = {
        *(
            "id",
            "public_id",
            "title",
            "region",
            "venue",
            "timezone",
            "created_at",
            "created_by_id",
            "copied_from",
        ),
        *("starts_at", "ends_at", "has_time", "part_of_day", "answer_by"),
    }
    left_behind = {"state", "outcome", "postponed_from"}
    fields = {field.name for field in Event._meta.concrete_fields}

    assert fields == own | left_behind | set(copying.SAME)


def test_who_leads_comes_along_and_nobody_else(cast):
    draft = _copy(cast, _k1(cast))

    assert list(draft.roles.values_list("role", "rank", "full_name", "title_after", "position")) == [
        ("leader", "Kombes Pol", "Yuliyanto", "S.I.K.", "Kabid Humas")
    ]
    assert list(draft.participants.values_list("display_name", "unit__code", "kind")) == [
        ("Kombes Pol Yuliyanto, S.I.K.", "polda-kaltim", "personnel")
    ]


def test_those_named_come_along_too(cast):
    event = _k1(cast)

    draft = _copy(cast, event, also=[EventRole.objects.get(full_name="Tokoh")])

    assert sorted(draft.roles.values_list("full_name", flat=True)) == ["Tokoh", "Yuliyanto"]


def test_somebody_of_another_evening_is_not_brought_along(cast):
    event = _k1(cast)
    foreign = cast.event("Lain", host="polres-berau", co_hosts=[])
    person = roles.add(event=foreign, by=cast.berau, role="speaker", full_name="Kenari", institution="KPU")

    draft = _copy(cast, event, also=[person])

    assert list(draft.roles.values_list("full_name", flat=True)) == ["Yuliyanto"]


def test_the_event_copied_stays_as_it_was(cast):
    event = _k1(cast)
    before = Event.objects.filter(pk=event.pk).values().get(), _units(event)

    _copy(cast, event)

    assert (Event.objects.filter(pk=event.pk).values().get(), _units(event)) == before
    assert (event.agenda.count(), event.roles.count(), event.participants.count()) == (2, 3, 4)


@pytest.mark.parametrize(
    ("region", "unit"),
    [
        ("64.03.05", "polres-berau"),
        ("64.74", "polres-bontang"),
        ("64.02.06", "polres-kukar"),
        # Policed by Bontang, though it lies in Kutai Kartanegara.
        ("64.02.05", "polres-bontang"),
    ],
)
def test_the_unit_that_polices_the_place_is_co_host(cast, region, unit):
    draft = _copy(cast, _k1(cast), region)

    assert [code for code, part in _units(draft) if part == "co_host"] == [unit]


def test_an_invited_unit_that_becomes_co_host_is_not_listed_twice(cast):
    assert _units(_copy(cast, _k1(cast), "64.02.06")) == [("polres-kukar", "co_host")]


def test_a_place_that_nobody_polices_has_no_local_co_host(cast):
    assert _units(_copy(cast, _k1(cast), "91.71")) == [("polres-kukar", "invited")]


def test_other_co_hosts_stay_and_a_host_alone_stays_alone(cast):
    both = _k1(cast, co_hosts=["polres-kubar", "polres-bontang"], invited=[])
    alone = cast.event("Sendiri", co_hosts=[])

    assert _units(_copy(cast, both)) == [("polres-berau", "co_host"), ("polres-bontang", "co_host")]
    assert _units(_copy(cast, alone)) == []


def test_the_host_is_not_its_own_co_host(cast):
    event = cast.event(host="polda-kaltim", region_id="64.07", co_hosts=["polres-kubar"])

    assert _units(_copy(cast, event, "64")) == []


def test_units_that_are_no_longer_active_stay_behind(cast):
    event = _k1(cast)
    Unit.objects.filter(code="polres-kukar").update(is_active=False)

    assert _units(_copy(cast, event)) == [("polres-berau", "co_host")]


@pytest.mark.parametrize(
    ("title", "old", "new", "expected"),
    [
        ("Dialog di Kutai Barat", "64.07.07", "64.03.05", "Dialog di Berau"),
        ("Dialog di Kabupaten Kutai Barat", "64.07", "64.74", "Dialog di Kota Bontang"),
        ("DIALOG KUTAI BARAT", "64.07", "64.03", "DIALOG BERAU"),
        ("Ngopi Barong Tongkok, Kutai Barat", "64.07.07", "64.03.05", "Ngopi Tanjung Redeb, Berau"),
        ("Dialog Penguatan Kehumasan", "64.07", "64.03", "Dialog Penguatan Kehumasan"),
        ("Dialog Beraunya", "64.03", "64.07", "Dialog Beraunya"),
        ("Dialog Kalimantan Timur", "64.07", "64.03", "Dialog Kalimantan Timur"),
    ],
)
def test_the_title_names_the_new_place(cast, title, old, new, expected):
    assert copying.title_at(title, _region(old), _region(new)) == expected


def test_a_title_that_grows_is_cut_at_what_a_title_may_be(cast):
    title = "x" * 149 + " di Berau"

    assert (
        copying.title_at(title, _region("64.03"), _region("64.07")) == ("x" * 149 + " di Kutai Barat")[:160]
    )


@pytest.mark.parametrize(
    ("region", "hour"), [("61.71", 12), ("64.03.05", 11), ("91.71", 10)], ids=["WIB", "WITA", "WIT"]
)
def test_the_date_is_by_the_clock_of_the_new_place(cast, sign_in, region, hour):
    event = _k1(cast)
    parts = [*region.split("."), ""]
    form = {
        "region_province": parts[0],
        "region_regency": ".".join(parts[:2]),
        "region_district": region if region.count(".") == 2 else "",
        "venue": "Kedai",
        "day": "2024-10-28",
        "starts": "19:00",
        "open_end": "on",
    }

    response = sign_in("bidhumas").post(_url(event), form)

    draft = Event.objects.get(copied_from=event)
    assert response.url == reverse("events:event-detail", args=[draft.public_id])
    assert draft.starts_at == datetime(2024, 10, 28, hour, 0, tzinfo=UTC)
    assert draft.answer_by == date(2024, 10, 25)


def test_the_date_may_wait(cast, sign_in):
    event = _k1(cast)
    form = {
        "region_province": "64",
        "region_regency": "64.74",
        "venue": "Kedai",
        "starts": "20:00",
        "open_end": "on",
    }

    sign_in("bidhumas").post(_url(event), form)

    draft = Event.objects.get(copied_from=event)
    assert (draft.starts_at, draft.ends_at, draft.answer_by) == (None, None, None)


def test_the_form_asks_for_place_date_and_who_else_comes_along(cast, sign_in):
    event = _k1(cast)
    page = sign_in("bidhumas").get(_url(event))

    form = page.context["form"]
    assert [person.full_name for person in form.fields["also"].queryset] == ["Kade", "Tokoh"]
    assert str(form.initial["starts"]) == "20:00:00"
    assert "day" not in form.initial


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"venue": ""}, "venue"), ({"region_regency": ""}, "region"), ({"day": "31-31-2024"}, "day")],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(cast, sign_in, fields, field):
    event = _k1(cast)
    form = {
        "region_province": "64",
        "region_regency": "64.74",
        "venue": "Kedai Tepi",
        "day": "2024-10-28",
        **fields,
    }

    refused = sign_in("bidhumas").post(_url(event), {**form, "open_end": "on"})

    assert list(refused.context["form"].errors) == [field]
    assert field == "venue" or "Kedai Tepi" in refused.content.decode()
    assert Event.objects.filter(copied_from=event).count() == 0


def test_a_co_host_cannot_copy_what_it_cannot_change(cast, sign_in):
    event = _k1(cast)

    with pytest.raises(ValidationError) as error:
        _copy(cast, event, by=cast.kubar)

    assert _code(error) == "not_ones_own"
    assert sign_in("kubar").post(_url(event)).status_code == 403
    assert sign_in("berau").post(_url(event)).status_code == 404
    assert Event.objects.count() == 1


def test_a_copy_that_fails_half_way_leaves_nothing(cast, monkeypatch):
    event = _k1(cast)

    def stumble(**fields):
        raise RuntimeError("stumbled")

    monkeypatch.setattr("events.operations.copying.roles.add", stumble)
    before = _counts()
    with pytest.raises(RuntimeError):
        _copy(cast, event)

    assert _counts() == before


def test_a_held_or_cancelled_event_may_be_copied_and_the_copy_is_a_draft(cast):
    for state in (EventState.REPORTED, EventState.CANCELLED):
        event = cast.event(f"Malam {state}", state=state)
        assert _copy(cast, event).state == EventState.DRAFT


def _url(event: Event) -> str:
    return reverse("events:event-copy", args=[event.public_id])


def _counts() -> list[int]:
    return [model.objects.count() for model in (Event, EventUnit, EventRole, AgendaItem, Participant, Entry)]
