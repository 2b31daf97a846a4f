"""Requests from outside the humas function: written down, decided once, told to the person, counted for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Unit
from audit.models import Entry
from outbox.links import token_of
from partners.choices import ErasureReason
from partners.models import OutsideRequest, OutsideRequestSubject
from partners.operations import asking, erasure
from partners.operations import outside_requests as operations
from partners.queries.outside_requests import (
    counts_by_year,
    outside_requests_visible_to,
    to_pick,
    told_to,
)

FACTS = {
    "asker": "Satreskrim Zzyx",
    "letter_number": "B/12/X/2024",
    "wanted": "Daftar hadir dialog",
    "legal_basis": "KUHAP pasal 38",
}
GRANT = {"state": "partly", "decision": "Ada izin tertulis", "given": "Jumlah yang hadir"}


@pytest.fixture
def asked(cast) -> OutsideRequest:
    return operations.receive(by=cast.privasi, received_on=date(2024, 10, 21), **FACTS)


@pytest.fixture
def sari(cast):
    return cast.partner(
        "Sari Wulandari", status="prospective", phone="+6281234567890", email="sari@example.org"
    )


def codes(caught) -> dict[str, str]:
    return {name: errors[0].code for name, errors in caught.value.error_dict.items()}


def page(name: str, request: OutsideRequest, *more) -> str:
    return reverse(f"partners:{name}", args=[request.public_id, *more])


def test_receive_belongs_to_the_unit_and_is_recorded(cast, asked):
    assert (asked.unit, asked.state, asked.created_by_id) == (cast.privasi.unit, "open", cast.privasi.pk)
    line = Entry.objects.get(verb="outside_request.received")
    assert (line.object_public_id, line.unit_id) == (asked.public_id, cast.privasi.unit_id)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"legal_basis": " "}, {"legal_basis": "blank"}),
        ({"asker": ""}, {"asker": "blank"}),
        ({"received_on": date(2999, 1, 1)}, {"received_on": "future"}),
    ],
)
def test_receive_refuses(cast, change, refused):
    with pytest.raises(ValidationError) as caught:
        operations.receive(by=cast.privasi, **{"received_on": date(2024, 10, 21), **FACTS, **change})
    assert codes(caught) == refused
    assert OutsideRequest.objects.count() == 0


@pytest.mark.parametrize("username", ["kubar", "bidhumas", "pimpinan", "admin"])
def test_register_is_kept_by_privacy_officers_only(cast, asked, sari, username):
    officer = cast.officers[username]
    for act in (
        lambda: operations.receive(by=officer, received_on=date(2024, 1, 1), **FACTS),
        lambda: operations.decide(asked=asked, by=officer, **GRANT),
        lambda: operations.name_person(asked=asked, partner=sari, by=officer),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert list(outside_requests_visible_to(officer)) == []


def test_scope_is_the_unit_and_those_below(cast, asked, sari):
    below = cast.officer("privasi.kubar", "polres-kubar", "privacy_officer")
    above = cast.officer("privasi.mabes", "mabes", "privacy_officer")
    agency = cast.officer("privasi.kalbar", "diskominfo-kalbar", "privacy_officer")

    seen = {who.username: list(outside_requests_visible_to(who)) for who in (below, above, agency)}
    assert seen == {"privasi.kubar": [], "privasi.mabes": [asked], "privasi.kalbar": []}
    with pytest.raises(PermissionDenied):
        operations.decide(asked=asked, by=below, **GRANT)
    foreign = cast.partner("Asing Zzyx", "diskominfo-kalbar")
    with pytest.raises(PermissionDenied):
        operations.name_person(asked=asked, partner=foreign, by=cast.privasi)
    assert to_pick(asked, cast.privasi, "asing") == []
    assert to_pick(asked, cast.privasi, "sari") == [sari]
    assert to_pick(asked, cast.privasi, "") == []


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"state": "open"}, {"state": "unknown"}),
        ({"state": "refused"}, {"given": "given"}),
        ({"given": ""}, {"given": "given"}),
        ({"decision": " "}, {"decision": "blank"}),
    ],
)
def test_decide_refuses(cast, asked, change, refused):
    with pytest.raises(ValidationError) as caught:
        operations.decide(asked=asked, by=cast.privasi, **{**GRANT, **change})
    assert codes(caught) == refused
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at) == ("open", None)


def test_decided_stays_as_it_is(cast, asked, sari):
    operations.name_person(asked=asked, partner=sari, by=cast.privasi)
    operations.name_person(asked=asked, partner=sari, by=cast.privasi)
    operations.decide(asked=asked, by=cast.privasi, **GRANT)

    for act in (
        lambda: operations.decide(asked=asked, by=cast.privasi, state="refused", decision="Lain"),
        lambda: operations.take_person_off(asked=asked, partner=sari, by=cast.privasi),
        lambda: operations.name_person(asked=asked, partner=cast.partner("Budi"), by=cast.privasi),
    ):
        with pytest.raises(ValidationError) as caught:
            act()
        assert caught.value.code == "decided"
    asked.refresh_from_db()
    assert (asked.state, asked.given, asked.decided_by_id) == ("partly", GRANT["given"], cast.privasi.pk)
    assert list(OutsideRequestSubject.objects.values_list("partner", flat=True)) == [sari.pk]


def test_decide_is_all_or_nothing(cast, asked, monkeypatch):
    def fails(**about):
        raise RuntimeError

    monkeypatch.setattr(operations, "record", fails)
    with pytest.raises(RuntimeError):
        operations.decide(asked=asked, by=cast.privasi, **GRANT)
    asked.refresh_from_db()
    assert asked.state == "open"


def test_person_is_told_of_what_is_decided_unless_a_law_forbids_it(cast, client, asked, sari):
    """Red with the silence left out of ``told_to``."""
    silent = operations.receive(
        by=cast.privasi, received_on=date(2024, 11, 1), **{**FACTS, "asker": "Peminta Diam Zzyx"}
    )
    other = operations.receive(
        by=cast.privasi, received_on=date(2024, 11, 2), **{**FACTS, "asker": "Peminta Lain Zzyx"}
    )
    operations.name_person(asked=other, partner=cast.partner("Budi"), by=cast.privasi)
    for one in (asked, silent):
        operations.name_person(asked=one, partner=sari, by=cast.privasi)
    link = asking.link_for(partner=sari, by=cast.kubar)
    address = reverse("portal:consent-confirm", args=[token_of(link)])

    assert told_to(sari) == []
    assert "Zzyx" not in client.get(address).content.decode()
    operations.decide(asked=other, by=cast.privasi, **GRANT)
    operations.decide(asked=silent, by=cast.privasi, silence_basis="UU 1 pasal 2", **GRANT)
    operations.decide(asked=asked, by=cast.privasi, **GRANT)

    text = client.get(address).content.decode()
    shown = [word for word in ("Satreskrim Zzyx", "KUHAP pasal 38", "Ada izin tertulis") if word in text]
    assert shown == ["Satreskrim Zzyx", "KUHAP pasal 38", "Ada izin tertulis"]
    assert GRANT["given"] in text
    assert [word for word in ("Diam Zzyx", "Lain Zzyx", "UU 1 pasal 2") if word in text] == []


def test_erasure_takes_the_person_off_and_leaves_the_count(cast, asked, sari):
    operations.name_person(asked=asked, partner=sari, by=cast.privasi)
    operations.decide(asked=asked, by=cast.privasi, **GRANT)

    erasure.erase(partner=sari, by=None, reason=ErasureReason.ASKED)

    assert OutsideRequestSubject.objects.count() == 0
    assert [(year.year, year.received, year.partly) for year in counts_by_year()] == [(2024, 1, 1)]


# ---- pages


def test_pages_from_letter_to_decision(cast, sign_in, sari):
    client = sign_in("privasi")
    client.post(reverse("partners:outside-request-add"), {"received_on": "2024-10-21", **FACTS})
    asked = OutsideRequest.objects.get()

    found = client.get(page("outside-request-detail", asked), {"q": "sari"})
    assert found.context["found"] == [sari]
    client.post(page("outside-person-add", asked, sari.public_id))
    client.post(page("outside-request-decide", asked), GRANT)

    text = client.get(page("outside-request-detail", asked)).content.decode()
    assert ("Sari Wulandari" in text, GRANT["given"] in text) == (True, True)
    asked.refresh_from_db()
    assert asked.state == "partly"
    assert page("outside-person-remove", asked, sari.public_id) not in text
    again = client.post(page("outside-request-decide", asked), {**GRANT, "state": "refused", "given": ""})
    assert again.status_code == 302
    asked.refresh_from_db()
    assert asked.state == "partly"


def test_form_keeps_what_was_typed(cast, sign_in):
    response = sign_in("privasi").post(
        reverse("partners:outside-request-add"), {"received_on": "2024-10-21", **FACTS, "legal_basis": ""}
    )
    assert set(response.context["form"].errors) == {"legal_basis"}
    assert "Daftar hadir dialog" in response.content.decode()


def test_partner_page_shows_it_to_the_privacy_officer_alone(cast, sign_in, asked, sari):
    operations.name_person(asked=asked, partner=sari, by=cast.privasi)
    address = reverse("partners:partner-detail", args=[sari.public_id])

    shown = {
        who: "Satreskrim Zzyx" in sign_in(who).get(address).content.decode() for who in ("privasi", "kubar")
    }

    assert shown == {"privasi": True, "kubar": False}


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_however_long(cast, sign_in, rows, django_assert_num_queries):
    for number in range(rows):
        one = operations.receive(
            by=cast.privasi, received_on=date(2024, 10, 1) + timedelta(days=number), **FACTS
        )
        operations.name_person(asked=one, partner=cast.partner(f"Mitra {number}"), by=cast.privasi)
    client = sign_in("privasi")

    with django_assert_num_queries(6):
        response = client.get(reverse("partners:outside-request-list"))
    assert [row.people for row in response.context["page"].rows] == [1] * rows


def test_receive_goes_by_the_clock_of_the_unit(cast, sign_in):
    """Just after midnight in Jayapura it is still yesterday in Jakarta. Red before: today was called a day to come."""
    Unit.objects.filter(pk=cast.privasi.unit_id).update(timezone="Asia/Jayapura")
    with time_machine.travel(datetime(2024, 10, 20, 15, 30, tzinfo=UTC), tick=False):
        client = sign_in("privasi")
        form = client.get(reverse("partners:outside-request-add")).context["form"]
        client.post(reverse("partners:outside-request-add"), {"received_on": "2024-10-21", **FACTS})

    assert form["received_on"].value() == date(2024, 10, 21)
    assert OutsideRequest.objects.get().received_on == date(2024, 10, 21)
