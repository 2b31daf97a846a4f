"""Minta usulan as pages: both ends of it, and the eyes that must not meet a name."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from events.models import Participant, Proposal, ProposalRequest
from events.operations import proposals
from partners.models import Affiliation, Organization
from tests.cast import today

CANARY = "Kenari Rahasia"
LONG = "Muhammadabdurrahmanwahidhasyimasyarinursalimhidayatullahjaya"


@pytest.fixture
def event(cast):
    return cast.event(starts_at=timezone.now() + timedelta(days=7), invited=["polres-kukar"])


@pytest.fixture
def row(cast, event):
    return proposals.ask(
        event=event,
        units=[cast.unit("polres-kubar")],
        wanted=2,
        due_on=today() + timedelta(days=3),
        by=cast.bidhumas,
        note="Wartawan dan admin akun",
    )[0]


def _url(name: str, thing) -> str:
    return reverse(f"events:{name}", args=[thing.public_id])


def _proposed(cast, row, name: str = CANARY, **fields) -> Proposal:
    partner = cast.partner(name, **fields)
    proposals.propose(asked=row, partners=[partner], by=cast.kubar)
    return Proposal.objects.get(request=row, partner=partner)


def _page(response, *addresses) -> str:
    page = response.content.decode()
    for one in addresses:
        page = page.replace(str(one), "")
    return re.sub(r'nonce="[^"]+"|[A-Za-z0-9]{64}', "", page)


# Asking


def test_one_page_asks_both_units_at_once(cast, event, sign_in):
    client = sign_in("bidhumas")
    fields = {
        "units": [cast.unit("polres-kubar").public_id, cast.unit("polres-kukar").public_id],
        "wanted": "5",
        "due_on": str(today() + timedelta(days=2)),
        "note": "Wartawan",
    }

    kept = client.post(_url("proposal-ask", event), {**fields, "wanted": "0"}).content.decode()
    done = client.post(_url("proposal-ask", event), fields)

    assert "Wartawan</textarea>" in kept
    assert done.url == _url("proposal-review", event)
    assert list(ProposalRequest.objects.order_by("unit__code").values_list("unit__code", "wanted")) == [
        ("polres-kubar", 5),
        ("polres-kukar", 5),
    ]


def test_the_day_suggested_may_be_sent_as_it_stands(cast, sign_in):
    """Tonight's event, tomorrow's and next month's: the form never suggests what it refuses."""
    client = sign_in("bidhumas")
    for days in (0, 1, 30):
        event = cast.event(starts_at=timezone.now() + timedelta(days=days))
        form = client.get(_url("proposal-ask", event)).context["form"]
        answer = client.post(
            _url("proposal-ask", event),
            {
                "units": [cast.unit("polres-kubar").public_id],
                "wanted": str(form["wanted"].value()),
                "due_on": str(form["due_on"].value()),
            },
        )
        assert answer.status_code == 302, days


def test_an_event_without_other_units_says_whom_to_name_first(cast, sign_in):
    event = cast.event(co_hosts=[], starts_at=timezone.now() + timedelta(days=7))
    client = sign_in("bidhumas")

    page = client.get(_url("proposal-review", event)).content.decode()

    assert _url("event-edit", event) in page
    assert _url("proposal-ask", event) not in page
    assert client.get(_url("proposal-ask", event)).status_code == 200


def test_number_day_and_end_of_a_request_are_changed_on_its_page(cast, row, sign_in):
    client = sign_in("bidhumas")
    day = today() + timedelta(days=5)

    changed = client.post(_url("proposal-request-edit", row), {"wanted": "8", "due_on": str(day)})
    closed = client.post(_url("proposal-request-close", row))

    row.refresh_from_db()
    assert (changed.status_code, closed.status_code) == (302, 302)
    assert (row.wanted, row.due_on, row.note, row.is_open) == (8, day, "", False)


# Proposing


def test_the_unit_sees_what_is_asked_and_ticks_in_its_own_list(cast, event, row, sign_in):
    mine, other = cast.partner("Sari Wulandari"), cast.partner(LONG)
    cast.partner("Milik Kukar", unit="polres-kukar", region_id="64.02.06")
    client = sign_in("kubar")

    detail = client.get(_url("event-detail", event)).content.decode()
    asked = client.get(reverse("events:proposal-list")).content.decode()
    pick = client.get(_url("proposal-pick", row))
    found = client.get(_url("proposal-pick", row), {"q": "wulan"}, HTTP_HX_REQUEST="true")
    nobody = client.post(_url("proposal-pick", row), {})
    done = client.post(_url("proposal-pick", row), {"partners": [mine.public_id, other.public_id]})
    shown = client.get(_url("proposal-pick", row)).content.decode()

    assert _url("proposal-detail", row) in detail
    assert _url("proposal-detail", row) in asked
    assert [partner.full_name for partner in pick.context["page"].rows] == [LONG, "Sari Wulandari"]
    assert [partner.full_name for partner in found.context["page"].rows] == ["Sari Wulandari"]
    assert (nobody.status_code, done.url) == (200, _url("proposal-detail", row))
    assert shown.count("checked disabled") == 2
    assert Proposal.objects.filter(request=row, state="proposed").count() == 2


def test_a_foreign_tick_is_answered_like_an_invented_one_and_ticks_stay(cast, row, sign_in):
    mine = cast.partner("Sari Wulandari")
    foreign = cast.partner(CANARY, unit="polres-kukar", region_id="64.02.06")
    client = sign_in("kubar")

    pages = [
        client.post(_url("proposal-pick", row), {"partners": [mine.public_id, one]}).content.decode()
        for one in (foreign.public_id, uuid.uuid4())
    ]

    assert all(CANARY not in page for page in pages)
    assert all(f'value="{mine.public_id}" checked' in page for page in pages)
    assert Proposal.objects.count() == 0


def test_too_many_are_refused_and_the_ticks_stay(cast, row, sign_in):
    people = [cast.partner(f"Nama {number}") for number in range(5)]
    client = sign_in("kubar")

    page = client.post(_url("proposal-pick", row), {"partners": [one.public_id for one in people]})

    assert page.status_code == 200
    assert page.content.decode().count(" checked>") == 5
    assert Proposal.objects.count() == 0


def test_the_unit_withdraws_and_proposes_again(cast, row, sign_in):
    proposal, back = _proposed(cast, row), _proposed(cast, row, "Budi")
    proposals.give_back(proposal=back, returned_for="contact", by=cast.bidhumas)
    client = sign_in("kubar2")

    page = client.get(_url("proposal-detail", row)).content.decode()
    client.post(_url("proposal-again", back))
    client.post(_url("proposal-withdraw", proposal))

    assert _url("proposal-again", back) in page
    assert _url("proposal-again", proposal) not in page
    assert list(Proposal.objects.values_list("partner__full_name", "state")) == [("Budi", "proposed")]


def test_proposing_again_who_was_invited_otherwise_says_so(cast, event, row, sign_in):
    """The host sent the name back because of another invitation; a second try must not look as if it worked."""
    back = _proposed(cast, row)
    proposals.give_back(proposal=back, returned_for="twice", by=cast.bidhumas)
    cast.guest(event, back.partner)

    page = sign_in("kubar2").post(_url("proposal-again", back), follow=True)

    said = gettext("%(name)s stands on the list already.") % {"name": back.partner}
    assert [str(one) for one in page.context["messages"]] == [said]
    assert Proposal.objects.get().state == "returned"


def test_a_closed_request_offers_no_list(cast, row, sign_in):
    _proposed(cast, row)
    proposals.close(asked=row, by=cast.bidhumas)
    client = sign_in("kubar")

    page = client.get(_url("proposal-detail", row)).content.decode()
    sent = client.post(_url("proposal-pick", row), {"partners": [cast.partner("Budi").public_id]})

    assert _url("proposal-pick", row) not in page
    assert sent.status_code == 200
    assert Proposal.objects.count() == 1


# Deciding


def test_the_host_invites_sends_back_and_declines_one_by_one(cast, event, row, sign_in):
    taken, back, declined = (_proposed(cast, row, name) for name in ("Sari", "Budi", "Wati"))
    client = sign_in("bidhumas")

    client.post(_url("proposal-accept", taken))
    empty = client.post(_url("proposal-return", back), {})
    client.post(_url("proposal-return", back), {"returned_for": "other_stop"})
    client.post(_url("proposal-decline", declined))

    assert empty.status_code == 200
    assert list(
        Proposal.objects.order_by("pk").values_list("partner__full_name", "state", "returned_for")
    ) == [("Sari", "accepted", ""), ("Budi", "returned", "other_stop"), ("Wati", "declined", "")]
    assert [row.display_name for row in Participant.objects.filter(event=event)] == ["Sari"]


def test_everybody_of_one_unit_is_invited_at_once_and_who_may_not_be_is_named(cast, event, row, sign_in):
    _proposed(cast, row, "Sari")
    left = _proposed(cast, row, "Budi Santoso")
    left.partner.do_not_contact_at = timezone.now()
    left.partner.save()
    client = sign_in("bidhumas")

    page = client.post(_url("proposal-accept-all", row), follow=True)

    said = [str(message) for message in page.context["messages"]]
    assert [("Budi Santoso" in text) for text in said] == [False, True]
    assert [one.display_name for one in Participant.objects.filter(event=event)] == ["Sari"]


def test_the_host_reads_name_kind_organisation_and_region_and_never_a_contact(cast, sign_in):
    """An agency hosts: the police partner is out of its sight but for what it decides on."""
    event = cast.event(
        host="diskominfo-kalbar", co_hosts=["polres-kubar"], starts_at=timezone.now() + timedelta(days=7)
    )
    row = proposals.ask(
        event=event,
        units=[cast.unit("polres-kubar")],
        wanted=2,
        due_on=today(),
        by=cast.diskominfo,
    )[0]
    proposal = _proposed(
        cast,
        row,
        kind="journalist",
        phone="+6281399998888",
        email="kenari@example.id",
        handles=[("instagram", "kenari_rahasia")],
    )
    organization = Organization.objects.create(
        name="Kabar Kubar", kind="media", region_id="64.07", unit=cast.unit("polres-kubar")
    )
    Affiliation.objects.create(organization=organization, partner=proposal.partner, position="Redaktur")

    page = sign_in("diskominfo").get(_url("proposal-review", event)).content.decode()

    assert CANARY in page
    assert "Kabar Kubar" in page
    assert "Barong Tongkok" in page
    assert str(proposal.partner.public_id) not in page
    for secret in ("9999", "kenari@", "kenari_rahasia", "Redaktur"):
        assert secret not in page


# Whoever else is at the event


@pytest.mark.parametrize("officer", ["kukar", "berau", "diskominfo", "pimpinan", "privasi", "admin"])
def test_nobody_else_meets_the_name_or_the_request(cast, event, row, sign_in, officer):
    """Kukar takes part in the same evening; the others do not, or may not read guests."""
    proposal = _proposed(cast, row)
    client = sign_in(officer)

    for name in ("event-detail", "guest-list", "roll", "proposal-review"):
        page = client.get(_url(name, event)).content.decode()
        assert CANARY not in page
        assert str(row.public_id) not in page
        assert "Wartawan dan admin akun" not in page
    for name, thing in (("proposal-detail", row), ("proposal-pick", row)):
        nowhere = uuid.uuid4()
        answer = client.get(_url(name, thing))
        missing = client.get(reverse(f"events:{name}", args=[nowhere]))
        assert answer.status_code in (403, 404)
        assert _page(answer, thing.public_id) == _page(missing, nowhere)
    for name in ("proposal-accept", "proposal-decline", "proposal-withdraw", "proposal-again"):
        assert client.post(_url(name, proposal)).status_code in (403, 404)
    proposal.refresh_from_db()
    assert (proposal.state, Participant.objects.count()) == ("proposed", 0)


def test_until_it_is_taken_the_name_stands_on_no_list_of_guests(cast, event, row, sign_in):
    _proposed(cast, row)

    for officer in ("bidhumas", "kubar"):
        for name in ("guest-list", "roll", "event-detail"):
            assert CANARY not in sign_in(officer).get(_url(name, event)).content.decode()


def test_a_unit_does_not_decide_on_its_own_proposal(cast, event, row, sign_in):
    proposal = _proposed(cast, row)
    client = sign_in("kubar")

    names = ("proposal-accept", "proposal-decline", "proposal-return")
    answers = [client.post(_url(name, proposal)).status_code for name in names]
    answers += [
        client.post(_url(name, row)).status_code for name in ("proposal-accept-all", "proposal-request-close")
    ]

    assert answers == [403] * 5
    assert client.get(_url("proposal-review", event)).status_code == 403


# What it costs


def test_the_pages_cost_the_same_with_one_and_three(cast, event, row, sign_in, django_assert_num_queries):
    _proposed(cast, row, "Sari")
    host, unit = sign_in("bidhumas"), sign_in("kubar")
    pages = [
        # session, officer, scope, event, requests, proposals, organisations, units beside
        (host, _url("proposal-review", event), 8),
        # session, officer, scope, request, proposals, organisations
        (unit, _url("proposal-detail", row), 6),
        # session, officer, scope, request asked of us, to decide
        (unit, reverse("events:proposal-list"), 5),
    ]
    for client, address, queries in pages:
        with django_assert_num_queries(queries):
            client.get(address)
    for name in ("Budi", "Wati"):
        _proposed(cast, row, name)
    other = cast.event("Dialog lain", starts_at=timezone.now() + timedelta(days=8))
    proposals.ask(
        event=other,
        units=[cast.unit("polres-kubar")],
        wanted=1,
        due_on=today(),
        by=cast.bidhumas,
    )
    for client, address, queries in pages:
        with django_assert_num_queries(queries):
            client.get(address)


def test_the_list_to_tick_costs_the_same_with_one_and_three(cast, row, sign_in, django_assert_num_queries):
    client = sign_in("kubar")
    cast.partner("Sari", handles=[("instagram", "sari")])
    client.get(_url("proposal-pick", row))
    counts = []
    for names in ((), ("Budi", "Wati")):
        for name in names:
            cast.partner(name, handles=[("instagram", name.lower())])
        with django_assert_num_queries(15, exact=False) as asked:
            client.get(_url("proposal-pick", row))
        counts.append(len(asked))
    assert counts[0] == counts[1]
