"""The page behind a personal link."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from outbox.links import TOKEN_LENGTH, address_of, token_of
from outbox.models import Link
from outbox.operations import links
from partners.choices import Keep, PartnerStatus
from partners.models import Consent, Partner
from partners.operations import asking
from partners.queries.consents import offered_to_person, standings_of, version_mark
from portal import throttle


@pytest.fixture
def sari(cast) -> Partner:
    return cast.partner(
        "Sari Wulandari",
        status=PartnerStatus.PROSPECTIVE,
        phone="+6281234567890",
        email="sari@example.org",
        stage_name="Sari Kubar",
        handles=[("instagram", "sariw")],
    )


@pytest.fixture
def link(cast, sari) -> Link:
    return asking.link_for(partner=sari, by=cast.kubar)


def page_of(link: Link, name: str = "consent-confirm") -> str:
    return reverse(f"portal:{name}", args=[token_of(link)])


def mark_of(partner: Partner) -> str:
    standings = standings_of(partner)
    return version_mark([standings[0], *offered_to_person(partner, standings)])


def test_the_address_in_letters_is_this_page(link):
    assert address_of(link) == f"http://localhost:8000{page_of(link)}"


def test_the_person_sees_what_is_held_and_contacts_only_masked(cast, client, sari, link):
    cast.partner("Budi Tetangga")

    response = client.get(page_of(link))

    html = response.content.decode()
    for held in (
        "Sari Wulandari",
        "Sari Kubar",
        "@sariw",
        "Barong Tongkok",
        "Polres Kubar",
        "0812-••••-••90",
    ):
        assert held in html
    assert "s••••@example.org" in html
    for secret in ("+6281234567890", "0812-3456", "sari@example.org", "Budi"):
        assert secret not in html
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


def test_a_link_of_consent_shows_no_events_since_the_officer_who_made_it_could_open_it(
    cast, client, sari, link
):
    """An event of another unit, and a pledge made there, lie outside that officer's scope."""
    elsewhere = cast.event("Dialog Berau", host="polres-berau", co_hosts=[], venue="Hotel Palmy")
    cast.guest(elsewhere, sari).pledges.create(text=cast.pledge_text(), channel="spoken", at=timezone.now())

    html = client.get(page_of(link)).content.decode()

    assert [word for word in ("Dialog Berau", "Hotel Palmy", "Komitmen bersama") if word in html] == []
    assert "Sari" in html


def test_looking_changes_nothing(client, link):
    client.get(page_of(link))
    client.get(page_of(link, "consent-erase"))

    link.refresh_from_db()
    assert (Consent.objects.count(), Partner.objects.count(), link.used_at) == (0, 1, None)


def test_agreeing_confirms_by_link_with_no_officer(client, sari, link):
    response = client.post(page_of(link), {"mark": mark_of(sari), "also": ["email"]})

    assert (response.status_code, response["Location"]) == (302, reverse("portal:consent-done"))
    assert client.get(response["Location"]).status_code == 200
    sari.refresh_from_db()
    link.refresh_from_db()
    assert (sari.status, sari.keep, sari.decide_by) == (PartnerStatus.ACTIVE, Keep.CONFIRMED, None)
    decided = Consent.objects.order_by("pk").values_list("purpose", "decision", "channel", "by_id")
    assert list(decided) == [("keep", "given", "link", None), ("email", "given", "link", None)]
    assert link.used_at is not None
    assert (
        Entry.objects.filter(verb="consent.given", actor_id=None, subject_public_id=sari.public_id).count()
        == 2
    )


def test_the_link_still_opens_afterwards_so_that_a_choice_can_be_changed(client, sari, link):
    client.post(page_of(link), {"mark": mark_of(sari), "also": ["email"]})
    client.post(page_of(link), {"mark": mark_of(sari)})

    decided = Consent.objects.order_by("pk").values_list("purpose", "decision")
    assert list(decided)[2:] == [("keep", "given"), ("email", "withdrawn")]


def test_old_words_are_not_agreed_to(client, sari, link):
    response = client.post(page_of(link), {"mark": "keep.9"})

    assert response.status_code == 200
    assert Consent.objects.count() == 0


def test_what_was_not_offered_cannot_be_ticked(client, sari, link):
    response = client.post(page_of(link), {"mark": mark_of(sari), "also": ["share_unit"]})

    assert response.status_code == 200
    assert Consent.objects.count() == 0


def test_deleting_asks_once_and_erases_at_once(cast, client, sari, link):
    kept = cast.partner("Budi")
    page = page_of(link, "consent-erase")
    assert client.get(page).status_code == 200
    assert Partner.objects.count() == 2

    response = client.post(page)

    assert (response.status_code, response["Location"]) == (302, reverse("portal:consent-erased"))
    assert client.get(response["Location"]).status_code == 200
    assert list(Partner.objects.all()) == [kept]
    entry = Entry.objects.get(verb="partner.erased")
    assert (entry.actor_id, entry.fields, entry.unit_id) == (None, ["asked"], sari.unit_id)
    assert client.get(page_of(link)).status_code == 404


def dead_links(cast) -> dict[str, str]:
    """A token of every kind that must not open anything."""
    expired = asking.link_for(partner=cast.partner("Kedaluwarsa"), by=cast.kubar)
    Link.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoked_of = cast.partner("Dicabut")
    revoked = asking.link_for(partner=revoked_of, by=cast.kubar)
    links.revoke_all(target=revoked_of.public_id, by=None)
    gone = asking.link_for(partner=(partner := cast.partner("Terhapus")), by=cast.kubar)
    Partner.objects.filter(pk=partner.pk).delete()
    until = timezone.now() + timedelta(days=1)
    foreign = links.issue(purpose="answer", target=cast.partner("Lain").public_id, by=None, expires=until)
    tokens = {"expired": expired, "revoked": revoked, "gone": gone, "foreign": foreign}
    return {name: token_of(link) for name, link in tokens.items()} | {
        "unknown": "x" * TOKEN_LENGTH,
        "short": "x",
        "id": str(uuid4()),
    }


@pytest.mark.parametrize("name", ["consent-confirm", "consent-erase"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_dead_link_answers_the_same_bytes(cast, client, link, name, method):
    answers = {
        kind: getattr(client, method)(reverse(f"portal:{name}", args=[token]))
        for kind, token in dead_links(cast).items()
    }

    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.content for answer in answers.values()}) == 1
    assert Partner.objects.count() == 4
    assert {answer["X-Robots-Tag"] for answer in answers.values()} == {"noindex, nofollow"}


def test_who_guesses_waits_and_others_do_not(client, link):
    for _guess in range(throttle.MISSES):
        assert client.get(reverse("portal:consent-confirm", args=["x" * TOKEN_LENGTH])).status_code == 404

    assert client.get(reverse("portal:consent-confirm", args=["y" * TOKEN_LENGTH])).status_code == 429
    assert client.get(page_of(link)).status_code == 429
    assert client.get(page_of(link), REMOTE_ADDR="10.0.0.9").status_code == 200


def test_behind_a_proxy_the_address_it_saw_counts(client, link, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    bad = reverse("portal:consent-confirm", args=["x" * TOKEN_LENGTH])
    for number in range(throttle.MISSES):
        client.get(bad, headers={"X-Forwarded-For": f"10.1.1.{number}, 203.0.113.5"})

    assert client.get(bad, headers={"X-Forwarded-For": "8.8.8.8, 203.0.113.5"}).status_code == 429
    assert client.get(bad, headers={"X-Forwarded-For": "203.0.113.5, 203.0.113.6"}).status_code == 404


def test_an_officers_session_shows_no_navigation_here(sign_in, link):
    html = sign_in("berau").get(page_of(link)).content.decode()

    assert reverse("partners:partner-list") not in html


def test_the_page_costs_the_same_queries_with_one_handle_and_with_three(
    cast, client, sari, link, django_assert_num_queries
):
    with django_assert_num_queries(8):
        client.get(page_of(link))
    for platform in ("x", "tiktok"):
        sari.social_accounts.create(platform=platform, handle="sari", handle_key="sari")
    with django_assert_num_queries(8):
        client.get(page_of(link))


@pytest.mark.parametrize("name", ["consent-confirm", "consent-erase"])
def test_answers_need_the_forms_key(cast, link, name):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.post(page_of(link, name)).status_code == 403
    assert Partner.objects.count() == 1


def test_leaving_is_rolled_back_when_the_audit_fails(client, sari, link, monkeypatch):
    from portal.operations import answers
    from portal.queries.people import visitor_behind

    visitor = visitor_behind(token_of(link))

    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        answers.leave(visitor=visitor)
    with pytest.raises(RuntimeError):
        answers.agree(visitor=visitor, also=[], mark=mark_of(sari))

    link.refresh_from_db()
    assert (Partner.objects.count(), Consent.objects.count(), link.used_at) == (1, 0, None)
