"""The guest list, the picker and the answers as pages: scope above all, and one tap each."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Invitation, Participant, Scan
from events.operations import guests

CANARY = "Kenari Rahasia"


def _url(name: str, event, *rest) -> str:
    return reverse(f"events:{name}", args=[event.public_id, *rest])


def _names(response) -> list[str]:
    return [str(row) for row in response.context["page"].rows]


def _page(response, *addresses: uuid.UUID) -> str:
    """A page without nonce, masked CSRF token and the address asked for."""
    page = response.content.decode()
    for address in addresses:
        page = page.replace(str(address), "")
    return re.sub(r'nonce="[^"]+"|[A-Za-z0-9]{64}', "", page)


# Who reads the list


@pytest.mark.parametrize(
    ("officer", "status"),
    [
        ("bidhumas", 200),
        ("kubar", 200),
        ("kukar", 200),
        ("divhumas", 200),
        ("berau", 404),
        ("diskominfo", 404),
        ("pimpinan", 403),
        ("privasi", 403),
        ("admin", 403),
    ],
)
def test_the_list_is_read_by_those_who_take_part_and_those_above(cast, sign_in, officer, status):
    event = cast.event(invited=["polres-kukar"])
    cast.guest(event, cast.partner(CANARY))
    client = sign_in(officer)
    nowhere = uuid.uuid4()

    answer = client.get(_url("guest-list", event))
    missing = client.get(reverse("events:guest-list", args=[nowhere]))

    assert answer.status_code == status
    assert (CANARY in answer.content.decode()) is (status == 200)
    if status != 200:
        assert _page(answer, event.public_id) == _page(missing, nowhere)


def test_a_co_host_reads_name_organisation_and_answer_and_no_more_of_a_foreign_partner(cast, sign_in):
    event = cast.event()
    own = cast.partner("Sari Wulandari", phone="+6281234567890")
    foreign = cast.partner(
        CANARY,
        unit="polres-berau",
        region_id="64.03.05",
        phone="+6281399998888",
        handles=[("instagram", "kenari")],
    )
    cast.guest(event, own, answer="yes")
    cast.guest(event, foreign, answer="no")

    page = sign_in("kubar").get(_url("guest-list", event)).content.decode()

    assert CANARY in page
    assert reverse("partners:partner-detail", args=[own.public_id]) in page
    assert str(foreign.public_id) not in page
    assert "9999" not in page
    assert "kenari" not in page.lower().replace(CANARY.lower(), "")


def test_a_co_host_has_no_buttons_that_change_the_list(cast, sign_in):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari"))

    page = sign_in("kubar").get(_url("guest-list", event)).content.decode()

    for name, rest in [("guest-pick", []), ("guest-add", []), ("guest-remove", [row.public_id])]:
        assert _url(name, event, *rest) not in page


def test_a_co_host_writes_down_the_answers_of_its_own_partners_and_of_nobody_else(cast, sign_in):
    event = cast.event()
    own = cast.guest(event, cast.partner("Sari"))
    other = cast.guest(event, cast.partner("Budi", unit="polres-berau", region_id="64.03.05"))
    client = sign_in("kubar")

    page = client.get(_url("guest-list", event)).content.decode()
    answers = [
        client.post(
            _url("guest-answer", event, row.public_id), {"answer": "yes", "channel": "phone"}
        ).status_code
        for row in (own, other)
    ]

    assert _url("guest-answer", event, own.public_id) in page
    assert _url("guest-answer", event, other.public_id) not in page
    assert answers == [302, 403]
    own.invitation.refresh_from_db()
    other.invitation.refresh_from_db()
    assert (own.invitation.answer, other.invitation.answer) == ("yes", "none")


_CHANGING = ["guest-pick", "guest-add", "guest-answer", "guest-remove"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", _CHANGING)
def test_only_the_host_and_those_above_change_the_list(cast, sign_in, name, method):
    event = cast.event(invited=["polres-kukar"])
    row = cast.guest(event, cast.partner("Sari", unit="polres-berau", region_id="64.03.05"))
    rest = [row.public_id] if name in ("guest-answer", "guest-remove") else []

    def status(officer: str) -> int:
        return getattr(sign_in(officer), method)(_url(name, event, *rest)).status_code

    assert {officer: status(officer) for officer in ("kubar", "kukar", "berau", "pimpinan", "privasi")} == {
        "kubar": 403,
        "kukar": 403,
        "berau": 404,
        "pimpinan": 403,
        "privasi": 403,
    }
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("name", ["guest-answer", "guest-remove"])
def test_a_guest_of_another_event_is_not_reached_through_ones_own(cast, sign_in, name):
    own = cast.event(host="polres-kubar", co_hosts=[])
    other = cast.event("Dialog lain", host="polres-kubar", co_hosts=[])
    row = cast.guest(other, cast.partner("Sari"))
    client = sign_in("kubar")

    assert (
        client.post(_url(name, own, row.public_id), {"answer": "yes", "channel": "phone"}).status_code == 404
    )
    assert (Participant.objects.count(), Invitation.objects.get().answer) == (1, "none")


# Reading it


def test_the_list_is_narrowed_by_name_answer_and_kind(cast, sign_in):
    event = cast.event()
    cast.guest(event, cast.partner("Sari Wulandari"), answer="yes")
    cast.guest(event, cast.partner("Budi Santoso"))
    guests.add_by_hand(
        event=event, by=cast.bidhumas, kind="official", name="Faisal Riza", institution="Bawaslu"
    )
    client = sign_in("bidhumas")

    def found(query: str) -> list[str]:
        return _names(client.get(f"{_url('guest-list', event)}?{query}"))

    assert found("") == ["Budi Santoso", "Faisal Riza", "Sari Wulandari"]
    assert found("q=wulan") == ["Sari Wulandari"]
    assert found("q=bawaslu") == ["Faisal Riza"]
    assert found("answer=yes") == ["Sari Wulandari"]
    assert found("answer=none") == ["Budi Santoso"]
    assert found("kind=official") == ["Faisal Riza"]


def test_the_list_answers_htmx_with_the_rows_alone(cast, sign_in):
    event = cast.event()
    cast.guest(event, cast.partner("Sari"))

    response = sign_in("bidhumas").get(_url("guest-list", event), HTTP_HX_REQUEST="true")

    assert b"<html" not in response.content
    assert b"Sari" in response.content


def test_the_list_costs_the_same_with_one_and_three_guests(cast, sign_in, django_assert_num_queries):
    event = cast.event()
    client = sign_in("bidhumas")

    def add(name: str) -> None:
        row = cast.guest(event, cast.partner(name))
        guests.answer(
            participant=row, answer="delegate", channel="phone", by=cast.bidhumas, delegate_name=f"{name} II"
        )

    add("Sari")
    # session, officer, scope, event, figures, rows, delegates; shares and pages of those whom the reader knows
    with django_assert_num_queries(9):
        client.get(_url("guest-list", event))
    add("Budi")
    add("Wati")
    with django_assert_num_queries(9):
        client.get(_url("guest-list", event))


# Picking


def test_the_picker_shows_selectable_partners_in_sight_and_marks_the_invited(cast, sign_in):
    event = cast.event(host="polres-kubar", co_hosts=[])
    invited = cast.partner("Budi")
    cast.partner("Sari")
    cast.partner("Calon", status="prospective")
    cast.partner("Arsip", status="archived", archived_at=timezone.now())
    cast.partner(CANARY, unit="polres-berau", region_id="64.03.05")
    cast.guest(event, invited)

    response = sign_in("kubar").get(_url("guest-pick", event))

    assert _names(response) == ["Budi", "Sari"]
    assert [row.pk for row in response.context["page"].rows if row.is_invited] == [invited.pk]
    assert CANARY not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=wulan", ["Sari Wulandari"]),
        ("q=saritv", ["Sari Wulandari"]),
        ("kind=journalist", ["Budi"]),
        ("platform=tiktok", ["Sari Wulandari"]),
        ("keep=unconfirmed", ["Budi"]),
        ("unit=polres-berau", ["Budi"]),
        ("region_province=64&region_regency=64.03", ["Budi"]),
        ("region_province=64&region_regency=64.07&region_district=64.07.07", ["Sari Wulandari"]),
        ("unit=diskominfo-kalbar", ["Budi", "Sari Wulandari"]),
    ],
)
def test_the_picker_has_the_filters_of_the_registry(cast, sign_in, query, names):
    event = cast.event()
    cast.partner("Sari Wulandari", handles=[("tiktok", "saritv"), ("tiktok", "saritv2")])
    cast.partner("Budi", unit="polres-berau", region_id="64.03.05", kind="journalist", keep="unconfirmed")

    response = sign_in("bidhumas").get(f"{_url('guest-pick', event)}?{query}")

    assert _names(response) == names


def test_those_ticked_are_invited_and_the_filters_are_kept(cast, sign_in):
    event = cast.event()
    one, two = cast.partner("Sari"), cast.partner("Budi")
    cast.partner("Wati")
    address = f"{_url('guest-pick', event)}?kind=influencer"

    response = sign_in("bidhumas").post(address, {"partners": [one.public_id, two.public_id]}, follow=True)

    assert response.redirect_chain == [(address, 302)]
    assert sorted(Participant.objects.values_list("display_name", flat=True)) == ["Budi", "Sari"]
    assert [message.level_tag for message in response.context["messages"]] == ["success"]


def test_the_picker_goes_on_page_by_page(cast, sign_in, monkeypatch):
    monkeypatch.setattr("ui.paging.page_of.__kwdefaults__", {**_defaults(), "size": 2})
    event = cast.event()
    for name in ("Ani", "Budi", "Citra"):
        cast.partner(name)
    client = sign_in("bidhumas")

    first = client.get(_url("guest-pick", event))
    second = client.get(f"{_url('guest-pick', event)}?after={first.context['page'].after}")

    assert (_names(first), _names(second)) == (["Ani", "Budi"], ["Citra"])


def _defaults() -> dict:
    from ui.paging import page_of

    return dict(page_of.__kwdefaults__)


@pytest.mark.parametrize("who", ["foreign", "prospective", "nonsense", "nobody"])
def test_a_tick_that_may_not_be_invites_nobody(cast, sign_in, who):
    event = cast.event(host="polres-kubar", co_hosts=[])
    allowed = cast.partner("Sari")
    ticked = {
        "foreign": [
            allowed.public_id,
            cast.partner(CANARY, unit="polres-berau", region_id="64.03.05").public_id,
        ],
        "prospective": [allowed.public_id, cast.partner("Calon", status="prospective").public_id],
        "nonsense": [allowed.public_id, "bukan-kunci"],
        "nobody": [],
    }[who]

    response = sign_in("kubar").post(_url("guest-pick", event), {"partners": ticked})

    assert response.status_code == 200
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert CANARY not in response.content.decode()
    assert "bukan-kunci" not in response.content.decode()
    assert response.context["ticked"] == {str(one) for one in ticked}
    assert Participant.objects.count() == 0


def test_the_picker_costs_the_same_with_one_and_three_partners(cast, sign_in, django_assert_num_queries):
    event = cast.event()
    client = sign_in("bidhumas")
    cast.partner("Sari", handles=[("tiktok", "sari")])
    # session, officer, scope, event; shares; territory, regions and units for the filters; rows, handles, count
    with django_assert_num_queries(11):
        client.get(_url("guest-pick", event))
    for name in ("Budi", "Wati"):
        cast.guest(event, cast.partner(name, region_id="64.03.05", handles=[("tiktok", name.lower())]))
    with django_assert_num_queries(11):
        client.get(_url("guest-pick", event))


# By hand


def test_somebody_is_added_by_hand(cast, sign_in):
    event = cast.event()

    response = sign_in("bidhumas").post(
        _url("guest-add", event), {"kind": "delegate", "name": "Rudi Hartono", "institution": "PWI Kubar"}
    )

    assert response.url == _url("guest-list", event)
    assert list(Participant.objects.values_list("kind", "display_name", "institution")) == [
        ("delegate", "Rudi Hartono", "PWI Kubar")
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "delegate", "name": ""}, "name"),
        ({"kind": "delegate", "name": "x" * 201}, "name"),
        ({"kind": "walk_in", "name": "Rudi"}, "kind"),
        ({"kind": "delegate", "name": "Rudi", "institution": "x" * 121}, "institution"),
    ],
)
def test_bad_input_by_hand_is_kept_and_answered_beside_its_field(cast, sign_in, fields, field):
    response = sign_in("bidhumas").post(_url("guest-add", cast.event()), fields)

    form = response.context["form"]
    assert list(form.errors) == [field]
    assert str(form.errors[field][0]) in response.content.decode()
    assert fields["name"] in response.content.decode()
    assert Participant.objects.count() == 0


# Answers


def test_one_tap_records_an_answer_and_gives_the_row_and_the_counts_back(cast, sign_in):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari"))

    response = sign_in("bidhumas").post(
        _url("guest-answer", event, row.public_id),
        {"answer": "yes", "channel": "whatsapp"},
        HTTP_HX_REQUEST="true",
    )

    body = response.content.decode()
    assert Invitation.objects.get().answer == "yes"
    assert b"<html" not in response.content
    assert f'id="guest-{row.pk}"' in body
    assert 'id="guest-counts" hx-swap-oob="true"' in body
    assert response.context["tallies"].confirmed == 1


def test_without_htmx_the_tap_comes_back_to_the_same_filters(cast, sign_in):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari"))

    response = sign_in("bidhumas").post(
        f"{_url('guest-answer', event, row.public_id)}?answer=none", {"answer": "no", "channel": "phone"}
    )

    assert response.url == f"{_url('guest-list', event)}?answer=none#guest-{row.pk}"


def test_the_page_of_an_answer_takes_the_name_of_the_delegate(cast, sign_in):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari"))
    client = sign_in("bidhumas")

    client.post(
        _url("guest-answer", event, row.public_id),
        {"answer": "delegate", "channel": "letter", "delegate_name": "Rudi Hartono"},
    )
    form = client.get(_url("guest-answer", event, row.public_id)).context["form"]

    assert form.initial == {"answer": "delegate", "channel": "letter", "delegate_name": "Rudi Hartono"}
    assert "Rudi Hartono" in client.get(_url("guest-list", event)).content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"answer": "yes", "channel": ""}, "channel"),
        ({"answer": "yes", "channel": "burung"}, "channel"),
        ({"answer": "", "channel": "phone"}, "answer"),
        ({"answer": "delegate", "channel": "phone", "delegate_name": "x" * 201}, "delegate_name"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_bad_answer_is_said_and_nothing_is_written(cast, sign_in, fields, field, htmx):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari"))
    headers = {"HTTP_HX_REQUEST": "true"} if htmx else {}

    response = sign_in("bidhumas").post(_url("guest-answer", event, row.public_id), fields, **headers)

    assert response.status_code == 200
    if htmx:
        assert response.context["refusal"] in response.content.decode()
        assert response.context["refusal"] != ""
    else:
        assert list(response.context["form"].errors) == [field]
    assert Invitation.objects.get().answer == "none"


def test_a_person_with_a_part_has_no_answer_page(cast, sign_in):
    event = cast.event()
    row = guests.add_by_hand(event=event, by=cast.bidhumas, kind="official", name="Faisal Riza")

    assert sign_in("bidhumas").get(_url("guest-answer", event, row.public_id)).status_code == 404


# Taking off


def test_taking_off_asks_once_with_the_name_and_then_does_it(cast, sign_in):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari Wulandari"))
    client = sign_in("bidhumas")

    asked = client.get(_url("guest-remove", event, row.public_id))
    done = client.post(_url("guest-remove", event, row.public_id))

    assert "Sari Wulandari" in asked.content.decode()
    assert done.url == _url("guest-list", event)
    assert Participant.objects.count() == 0


def test_somebody_marked_stays_and_the_officer_reads_why(cast, sign_in):
    event = cast.event()
    row = cast.guest(event, cast.partner("Sari"))
    Scan.objects.create(event=event, participant=row, kind="present", source="roll", at=timezone.now())

    response = sign_in("bidhumas").post(_url("guest-remove", event, row.public_id), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("state", ["cancelled", "reported"])
def test_a_closed_event_is_read_and_no_longer_changed(cast, sign_in, state):
    event = cast.event(state=state)
    row = cast.guest(event, cast.partner("Sari"))
    client = sign_in("bidhumas")

    assert client.get(_url("guest-list", event)).status_code == 200
    assert client.get(_url("guest-pick", event)).status_code == 403
    assert client.post(_url("guest-remove", event, row.public_id)).status_code == 403
    assert Participant.objects.count() == 1
