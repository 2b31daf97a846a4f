"""Organisations as guests: invited as one, and a delegate who is named at the latest at the door."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import Entry
from events.models import Invitation, Participant
from events.operations import attendance, delegations, guests, pledges
from events.queries.delegations import organizations_to_invite
from events.queries.roll import roll_of
from events.queries.tallies import tallies_of
from events.rules import may_be_asked_to_pledge
from partners.models import Organization
from partners.search import search_key_for, sort_key_for

LONG = "Perhimpunan" + "Wartawan" * 7


def organization(cast, name: str = "PWI Kutai Barat", unit: str = "polda-kaltim", **fields) -> Organization:
    fields.setdefault("kind", "association")
    fields.setdefault("region_id", "64.07")
    return Organization.objects.create(
        name=name,
        unit=cast.unit(unit),
        search_key=search_key_for(name),
        sort_key=sort_key_for(name),
        **fields,
    )


def _url(name: str, event, *rest) -> str:
    return reverse(f"events:{name}", args=[event.public_id, *rest])


def _code(error) -> str:
    raised = error.value
    first = next(iter(raised.error_dict.values())) if hasattr(raised, "error_dict") else raised.error_list
    return first[0].code


def _invited(cast, event=None, **fields) -> Participant:
    event = event or cast.event()
    one = organization(cast, **fields)
    delegations.invite(event=event, organizations=[one], by=cast.bidhumas)
    return Participant.objects.get(organization=one)


def test_an_organisation_is_one_invitation_and_nobody_until_the_delegate_came(cast):
    event = cast.event()
    row = _invited(cast, event)

    before = tallies_of(event)
    guests.answer(participant=row, answer="yes", channel="letter", by=cast.bidhumas)
    attendance.record(event=event, participant=row, by=cast.kubar)
    after = tallies_of(event)

    assert (row.kind, row.display_name, row.institution, row.is_press, row.unit_id, row.region_id) == (
        "delegate",
        "",
        "PWI Kutai Barat",
        True,
        cast.unit("polda-kaltim").pk,
        "64.07",
    )
    assert "PWI Kutai Barat" in str(row)
    assert (before.invited, before.awaiting, before.present) == (1, 1, 0)
    assert (after.invited, after.confirmed, after.present, after.press, after.absent) == (1, 1, 1, 1, 0)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)[:1]) == ["guest.invited"]


@pytest.mark.parametrize(
    ("kind", "press"),
    [("media", True), ("association", True), ("community", False), ("institution", False)],
)
def test_who_comes_for_the_press_is_never_asked_to_pledge(cast, kind, press):
    row = _invited(cast, kind=kind)

    assert (row.is_press, may_be_asked_to_pledge(row)) == (press, not press)


def test_asked_twice_stands_once(cast):
    event, one, two = cast.event(), organization(cast), organization(cast, "AJI Balikpapan")

    assert delegations.invite(event=event, organizations=[one], by=cast.bidhumas) == 1
    assert delegations.invite(event=event, organizations=[one, two], by=cast.bidhumas) == 1
    assert (Participant.objects.count(), Invitation.objects.count()) == (2, 2)


def test_only_organisations_of_own_unit_those_above_and_below(cast):
    organization(cast, "Milik Polda")
    organization(cast, "Milik Kubar", unit="polres-kubar")
    organization(cast, "Milik Berau", unit="polres-berau", region_id="64.03")
    foreign = organization(cast, "Milik Dinas", unit="diskominfo-kalbar", region_id="61")
    event = cast.event()

    def seen(name: str) -> list[str]:
        return [row.name for row in organizations_to_invite(cast.officers[name]).order_by("name")]

    assert seen("kubar") == ["Milik Kubar", "Milik Polda"]
    assert seen("bidhumas") == ["Milik Berau", "Milik Kubar", "Milik Polda"]
    assert seen("diskominfo") == ["Milik Dinas"]
    assert seen("pimpinan") == seen("admin") == []
    with pytest.raises(ValidationError) as error:
        delegations.invite(event=event, organizations=[foreign], by=cast.bidhumas)
    assert _code(error) == "not_selectable"
    assert Participant.objects.count() == 0


def test_the_delegate_is_named_later_and_found_by_either_name(cast):
    event = cast.event()
    row = _invited(cast, event)

    delegations.name(participant=row, name=" Rudi  Hartono ", position="Ketua", by=cast.kubar)
    delegations.name(participant=row, name="Rudi Hartono", position="Ketua", by=cast.kubar)

    row.refresh_from_db()
    assert (str(row), row.position, row.institution) == ("Rudi Hartono", "Ketua", "PWI Kutai Barat")
    assert Entry.objects.filter(verb="guest.named").count() == 1
    for text in ("rudi", "pwi", "kutai barat"):
        found = roll_of(event, cast.kubar, text=text, undo_within=attendance.UNDO_WITHIN).guests
        assert [one.person.pk for one in found] == [row.pk], text


def test_the_roll_finds_an_organisation_whose_delegate_is_not_named(cast, sign_in):
    event = cast.event()
    row = _invited(cast, event)
    client = sign_in("kubar")

    page = client.get(_url("roll", event), {"q": "pwi"}).content.decode()
    marked = client.post(_url("roll-mark", event, row.public_id), HTTP_HX_REQUEST="true").content.decode()

    assert page.count('class="roll-row') == 1
    assert "PWI Kutai Barat" in page
    assert _url("guest-name", event, row.public_id) in page
    # Also once it is marked: the name is often said at the door.
    assert _url("guest-name", event, row.public_id) in marked


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "required"),
        ({"name": "x" * 201}, "too_long"),
        ({"name": "Rudi", "position": "x" * 101}, "too_long"),
    ],
)
def test_naming_refuses(cast, fields, code):
    row = _invited(cast)

    with pytest.raises(ValidationError) as error:
        delegations.name(participant=row, by=cast.kubar, **fields)

    assert _code(error) == code
    row.refresh_from_db()
    assert row.display_name == ""


def test_another_name_is_not_put_on_a_joint_commitment_that_stands(cast):
    row = _invited(cast, kind="community")
    delegations.name(participant=row, name="Rudi Hartono", by=cast.kubar)
    pledge = pledges.record(
        participant=Participant.objects.get(), text=cast.pledge_text(), channel="screen", by=cast.kubar
    ).pledge

    with pytest.raises(ValidationError) as error:
        delegations.name(participant=row, name="Sari Wulandari", by=cast.kubar)
    delegations.name(participant=row, name="Rudi Hartono", position="Ketua", by=cast.kubar)
    seen = _code(error), str(Participant.objects.get()), Participant.objects.get().position
    pledges.withdraw(pledge=pledge, by=cast.kubar)
    delegations.name(participant=row, name="Sari Wulandari", by=cast.kubar)

    assert seen == ("has_pledged", "Rudi Hartono", "Ketua")
    assert str(Participant.objects.get()) == "Sari Wulandari"


def test_only_a_delegate_of_an_organisation_is_named_here(cast, sign_in):
    guest = cast.guest(cast.event(), cast.partner("Sari"))

    with pytest.raises(ValidationError) as error:
        delegations.name(participant=guest, name="Budi", by=cast.kubar)
    address = _url("guest-name", guest.event, guest.public_id)

    assert _code(error) == "not_a_delegation"
    assert sign_in("kubar").get(address).status_code == 404


def test_represented_is_no_answer_of_an_organisation(cast, sign_in):
    row = _invited(cast)

    with pytest.raises(ValidationError) as error:
        guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas)
    page = sign_in("bidhumas").get(_url("guest-answer", row.event, row.public_id)).content.decode()

    assert _code(error) == "answer_unknown"
    assert 'value="yes"' in page
    assert 'value="delegate"' not in page


@pytest.mark.parametrize("act", ["invite", "name"])
def test_rolls_back_with_its_audit(cast, monkeypatch, act):
    event = cast.event()
    row = _invited(cast, event)
    other = organization(cast, "AJI Balikpapan")
    acts = {
        "invite": lambda: delegations.invite(event=event, organizations=[other], by=cast.bidhumas),
        "name": lambda: delegations.name(participant=row, name="Rudi", by=cast.bidhumas),
    }

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.delegations.record", broken)
    with pytest.raises(RuntimeError):
        acts[act]()

    assert list(Participant.objects.values_list("organization__name", "display_name")) == [
        ("PWI Kutai Barat", "")
    ]


# The pages


def test_picking_organisations_on_the_page(cast, sign_in):
    event = cast.event()
    one, two = organization(cast), organization(cast, LONG)
    client = sign_in("bidhumas")

    found = client.get(_url("guest-organizations", event), {"q": "perhimpunan"})
    empty = client.post(_url("guest-organizations", event), {})
    done = client.post(_url("guest-organizations", event), {"organizations": [one.public_id, two.public_id]})
    guest_list = client.get(_url("guest-list", event)).content.decode()

    assert [row.name for row in found.context["page"].rows] == [LONG]
    assert empty.status_code == 200
    assert done.url == _url("guest-list", event)
    assert LONG in guest_list
    assert Participant.objects.filter(organization__isnull=False).count() == 2


def test_a_foreign_tick_is_answered_like_an_invented_one(cast, sign_in):
    event = cast.event()
    foreign = organization(cast, "Rahasia Dinas", unit="diskominfo-kalbar", region_id="61")
    client = sign_in("bidhumas")

    answers = [
        client.post(_url("guest-organizations", event), {"organizations": [one]}).content.decode()
        for one in (foreign.public_id, "00000000-0000-4000-8000-000000000000")
    ]

    assert all("Rahasia" not in page for page in answers)
    assert Participant.objects.count() == 0


@pytest.mark.parametrize(
    ("officer", "pick", "name"),
    [
        ("bidhumas", 200, 200),
        ("kubar", 403, 200),
        ("kukar", 403, 200),
        ("berau", 404, 404),
        ("diskominfo", 404, 404),
        ("pimpinan", 403, 403),
        ("admin", 403, 403),
    ],
)
def test_who_invites_and_who_names(cast, sign_in, officer, pick, name):
    event = cast.event(invited=["polres-kukar"])
    row = _invited(cast, event)
    client = sign_in(officer)

    answers = (
        client.get(_url("guest-organizations", event)).status_code,
        client.get(_url("guest-name", event, row.public_id)).status_code,
    )

    assert answers == (pick, name)


def test_naming_on_the_page_returns_to_where_it_was_asked(cast, sign_in):
    event = cast.event()
    row = _invited(cast, event)
    client = sign_in("kubar")
    address = _url("guest-name", event, row.public_id)

    kept = client.post(address, {"name": "", "position": "Ketua"}).content.decode()
    at_door = client.post(f"{address}?from=roll", {"name": "Rudi", "position": "Ketua"})
    on_list = client.post(address, {"name": "Rudi Hartono", "position": "Ketua"})

    assert 'value="Ketua"' in kept
    assert at_door.url == f"{_url('roll', event)}#p-{row.public_id}"
    assert on_list.url == f"{_url('guest-list', event)}#guest-{row.pk}"


def test_the_list_of_organisations_costs_the_same_with_one_and_three(
    cast, sign_in, django_assert_num_queries
):
    event = cast.event()
    client = sign_in("bidhumas")
    organization(cast)
    # session, officer, event, scope, units above, organisations, those invited
    with django_assert_num_queries(7):
        client.get(_url("guest-organizations", event))
    organization(cast, "AJI Balikpapan", unit="polres-kubar")
    organization(cast, LONG, unit="polres-berau", region_id="64.03")
    with django_assert_num_queries(7):
        client.get(_url("guest-organizations", event))
