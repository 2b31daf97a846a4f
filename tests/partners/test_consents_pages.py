"""The pages on which decisions are recorded, taken on the phone, and asked for by a link."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import handover
from audit.models import Entry
from files.models import StoredFile
from outbox.links import address_of
from outbox.models import Link, Message
from partners.choices import CONSENT_REQUEST, Keep, PartnerStatus
from partners.models import Consent, ConsentText, Partner
from partners.operations import consents, shares
from partners.queries.consents import offered_to_person, standings_of, version_mark
from tests.cast import PASSWORD
from tests.files.pictures import jpeg, upload

PAGES = ["consent-record", "consent-screen", "consent-link"]


def url(name: str, partner: Partner) -> str:
    return reverse(f"partners:{name}", args=[partner.public_id])


def prospect(cast, **fields) -> Partner:
    return cast.partner("Sari Wulandari", status=PartnerStatus.PROSPECTIVE, **fields)


def mark_of(partner: Partner) -> str:
    standings = standings_of(partner)
    return version_mark([standings[0], *offered_to_person(partner, standings)])


def decided() -> list[tuple[str, str, str]]:
    return list(Consent.objects.order_by("pk").values_list("purpose", "decision", "channel"))


@pytest.mark.parametrize("page", PAGES)
def test_a_neighbour_finds_nothing_and_a_leader_may_not(cast, sign_in, page):
    partner = prospect(cast, email="sari@example.org")

    assert sign_in("berau").get(url(page, partner)).status_code == 404
    assert sign_in("berau").post(url(page, partner), {"answer": "yes"}).status_code == 404
    assert sign_in("diskominfo").get(url(page, partner)).status_code == 404
    assert sign_in("pimpinan").get(url(page, partner)).status_code == 403
    assert sign_in("admin").post(url(page, partner)).status_code == 403
    assert sign_in("kubar").get(reverse(f"partners:{page}", args=[uuid4()])).status_code == 404
    assert [
        sign_in(name).get(url(page, partner)).status_code for name in ("kubar", "bidhumas", "privasi")
    ] == [200] * 3
    assert (Consent.objects.count(), Link.objects.count()) == (0, 0)


def test_the_e_mail_is_posted_only_and_scoped(cast, sign_in):
    partner = prospect(cast, email="sari@example.org")

    assert sign_in("berau").post(url("consent-email", partner)).status_code == 404
    assert sign_in("kubar").get(url("consent-email", partner)).status_code == 405
    assert Message.objects.count() == 0


@pytest.mark.parametrize("page", PAGES)
def test_a_unit_that_only_shares_a_partner_records_nothing(cast, sign_in, page):
    partner = cast.partner()
    consents.record(partner=partner, purpose="share_unit", decision="given", channel="screen")
    shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar)

    assert sign_in("berau").get(url(page, partner)).status_code == 403


def test_what_was_said_is_recorded_purpose_by_purpose(cast, sign_in):
    partner = prospect(cast)

    response = sign_in("kubar").post(
        url("consent-record", partner),
        {"channel": "spoken", "decision_keep": "given", "decision_phone": "withdrawn", "decision_photo": ""},
    )

    assert (response.status_code, response["Location"]) == (302, url("partner-detail", partner))
    assert decided() == [("keep", "given", "spoken"), ("phone", "withdrawn", "spoken")]
    partner.refresh_from_db()
    assert partner.keep == Keep.UNCONFIRMED


def test_a_signed_sheet_is_stored_with_its_decisions(cast, sign_in):
    partner, client = prospect(cast), sign_in("kubar")

    client.post(
        url("consent-record", partner), {"channel": "paper", "decision_keep": "given", "sheet": jpeg()}
    )

    consent = Consent.objects.get()
    partner.refresh_from_db()
    assert (partner.keep, consent.channel, consent.is_confirmed) == (Keep.CONFIRMED, "paper", True)
    sheet = StoredFile.objects.get()
    assert (consent.evidence, sheet.owner_public_id, sheet.purpose) == (
        sheet,
        partner.public_id,
        "consent_sheet",
    )
    download = reverse("files:file-download", args=[sheet.public_id])
    answers = {name: sign_in(name).get(download) for name in ("kubar", "privasi", "berau", "pimpinan")}
    for answer in answers.values():
        answer.close()
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {"kubar": 200, "privasi": 200, "berau": 404, "pimpinan": 404}


@pytest.mark.parametrize(
    ("data", "place", "code"),
    [
        ({"channel": "spoken"}, "__all__", "nothing_decided"),
        ({"channel": "paper", "decision_keep": "given"}, "sheet", "paper_needs_photo"),
        ({"channel": "link", "decision_keep": "given"}, "channel", "invalid_choice"),
        ({"channel": "spoken", "decision_keep": "perhaps"}, "decision_keep", "invalid_choice"),
    ],
)
def test_what_cannot_be_recorded_comes_back_with_a_sentence(cast, sign_in, data, place, code):
    partner = prospect(cast)

    response = sign_in("kubar").post(url("consent-record", partner), data)

    assert response.status_code == 200
    assert [error["code"] for error in response.context["form"].errors.get_json_data()[place]] == [code]
    assert decided() == []


def test_a_sheet_that_is_no_picture_is_refused_beside_its_field_and_nothing_stays(cast, sign_in, settings):
    partner, client = prospect(cast), sign_in("kubar")
    data = {"channel": "paper", "decision_keep": "given", "sheet": upload(b"<svg/>", "lembar.jpg")}

    response = client.post(url("consent-record", partner), data)

    assert response.context["form"].errors.get_json_data()["sheet"][0]["code"] == "file_type"
    assert (decided(), StoredFile.objects.count()) == ([], 0)


def test_a_sheet_leaves_no_content_behind_when_its_decision_fails(cast, settings, monkeypatch):
    partner = prospect(cast)
    ConsentText.objects.filter(purpose="keep").delete()

    with pytest.raises(ValidationError) as refusal:
        consents.record_sheet(partner=partner, decisions={"keep": "given"}, upload=jpeg(), by=cast.kubar)

    assert refusal.value.code == "no_text"
    assert [path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()] == []
    assert StoredFile.objects.count() == 0


def test_the_persons_screen_shows_the_words_and_nothing_else_about_them(cast, sign_in):
    partner = prospect(cast, phone="+6281234567890", email="sari@example.org", handles=[("x", "sariw")])

    page = sign_in("kubar").get(url("consent-screen", partner))

    html = page.content.decode()
    assert "Persetujuan keep" in html
    assert "Persetujuan whatsapp" in html
    home = f'href="{reverse("home")}"'
    for secret in ("0812", "sari@example.org", "sariw", url("partner-detail", partner) + '"', home):
        assert secret not in html
    assert "no-store" in page["Cache-Control"]


def test_agreeing_on_the_screen_confirms_and_leads_away_from_the_data(cast, sign_in):
    partner = prospect(cast, phone="+6281234567890")
    client = sign_in("kubar")

    response = client.post(
        url("consent-screen", partner), {"answer": "yes", "also": ["whatsapp"], "mark": mark_of(partner)}
    )

    assert (response.status_code, response["Location"]) == (302, reverse("partners:consent-thanks"))
    assert decided() == [("keep", "given", "screen"), ("whatsapp", "given", "screen")]
    partner.refresh_from_db()
    assert (partner.status, partner.keep) == (PartnerStatus.ACTIVE, Keep.CONFIRMED)
    thanks = client.get(response["Location"]).content.decode()
    assert "Sari" not in thanks
    assert str(partner.public_id) not in thanks
    assert f'href="{reverse("home")}"' not in thanks
    assert f'href="{reverse("account_reauthenticate")}?next={reverse("partners:partner-list")}"' in thanks


def test_the_way_on_asks_for_the_password_and_offers_no_other(cast, sign_in):
    cast.kubar.set_password(PASSWORD)
    cast.kubar.save(update_fields=["password"])

    page = sign_in("kubar").get(reverse("account_reauthenticate"), {"next": reverse("partners:partner-list")})

    assert page.status_code == 200
    assert f'href="{reverse("partners:partner-list")}"' not in page.content.decode()


def test_saying_no_on_the_screen_withdraws(cast, sign_in):
    partner = cast.partner(phone="+6281234567890")
    consents.record(partner=partner, purpose="keep", decision="given", channel="link")

    sign_in("kubar").post(
        url("consent-screen", partner), {"answer": "no", "also": ["whatsapp"], "mark": mark_of(partner)}
    )

    assert decided()[1:] == [("keep", "withdrawn", "screen")]
    partner.refresh_from_db()
    assert (partner.status, partner.keep) == (PartnerStatus.PROSPECTIVE, Keep.NONE)


def test_what_was_allowed_and_is_not_ticked_any_more_is_withdrawn(cast, sign_in):
    partner = cast.partner(phone="+6281234567890")
    consents.record_all(partner=partner, decisions={"keep": "given", "phone": "given"}, channel="link")
    consents.record(partner=partner, purpose="whatsapp", decision="given", channel="spoken", by=cast.kubar)

    sign_in("kubar").post(
        url("consent-screen", partner), {"answer": "yes", "also": ["whatsapp"], "mark": mark_of(partner)}
    )

    assert decided()[3:] == [
        ("keep", "given", "screen"),
        ("whatsapp", "given", "screen"),
        ("phone", "withdrawn", "screen"),
    ]


def test_nobody_agrees_to_words_that_changed_under_their_thumb(cast, sign_in):
    partner = prospect(cast)
    mark = mark_of(partner)
    ConsentText.objects.create(purpose="keep", version=2, body="Kata baru", valid_from="2025-01-01")

    response = sign_in("kubar").post(url("consent-screen", partner), {"answer": "yes", "mark": mark})

    assert response.status_code == 200
    assert "Kata baru" in response.content.decode()
    assert decided() == []


def test_an_answer_without_a_button_is_asked_again(cast, sign_in):
    partner = prospect(cast)

    assert (
        sign_in("kubar").post(url("consent-screen", partner), {"mark": mark_of(partner)}).status_code == 200
    )
    assert decided() == []


def test_a_link_is_made_by_post_and_shown_again_by_get(cast, sign_in):
    partner, client = prospect(cast), sign_in("kubar")
    page = url("consent-link", partner)

    assert "/s/" not in client.get(page).content.decode()
    assert Link.objects.count() == 0

    assert client.post(page)["Location"] == page
    client.post(page)
    link = Link.objects.get()
    response = client.get(page)
    html = response.content.decode()
    assert html.count(address_of(link)) == 2
    assert (link.purpose, link.target_public_id, link.created_by_id) == (
        CONSENT_REQUEST,
        partner.public_id,
        cast.kubar.pk,
    )
    assert Entry.objects.filter(verb="link.issued").count() == 1
    assert "no-store" in response["Cache-Control"]


def test_who_said_no_is_not_asked_again(cast, sign_in):
    partner, client = cast.partner(email="sari@example.org"), sign_in("kubar")
    consents.record(partner=partner, purpose="keep", decision="withdrawn", channel="spoken", by=cast.kubar)

    client.post(url("consent-link", partner))
    client.post(url("consent-email", partner))

    assert (Link.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("page", PAGES)
def test_pages_cost_the_same_with_one_decision_and_with_many(cast, sign_in, page, django_assert_num_queries):
    partner, client = prospect(cast, phone="+6281234567890"), sign_in("kubar")
    consents.record(partner=partner, purpose="phone", decision="given", channel="spoken", by=cast.kubar)
    client.get(url(page, partner))
    expected = {"consent-record": 7, "consent-screen": 7, "consent-link": 7}[page]
    with django_assert_num_queries(expected):
        client.get(url(page, partner))
    for purpose in ("whatsapp", "photo", "keep"):
        consents.record(partner=partner, purpose=purpose, decision="given", channel="spoken", by=cast.kubar)
    with django_assert_num_queries(expected):
        client.get(url(page, partner))


def test_after_the_answer_only_the_password_leads_on(cast, sign_in):
    """The phone is in a guest's hand: an address typed or gone back to must open nothing."""
    cast.kubar.set_password(PASSWORD)
    cast.kubar.save(update_fields=["password"])
    partner = prospect(cast)
    client = sign_in("kubar")
    detail, again = url("partner-detail", partner), reverse("account_reauthenticate")
    on = f"{again}?next={quote(reverse('partners:partner-list'), safe='')}"
    assert client.get(detail).status_code == 200

    client.post(url("consent-screen", partner), {"answer": "yes", "mark": mark_of(partner)})

    for response in (
        client.get(detail),
        client.post(url("partner-reveal", partner), {"reason": "ingin tahu"}),
    ):
        assert (response.status_code, response["Location"]) == (302, on)
    assert client.get(reverse("partners:partner-list"), headers={"HX-Request": "true"})["HX-Redirect"] == on
    assert not Entry.objects.filter(verb="partner.contact_revealed").exists()
    assert client.get(url("consent-screen", partner)).status_code == 200

    client.post(again, {"password": "salah-sama-sekali"})
    assert client.get(detail).status_code == 302
    client.post(again, {"password": PASSWORD})
    assert client.get(detail).status_code == 200


def test_mark_of_a_phone_handed_over_stays_until_somebody_comes_in_again(cast, sign_in):
    """It is read by the page of the door, which no server can shut. Logging out takes no password."""
    cast.kubar.set_password(PASSWORD)
    cast.kubar.save(update_fields=["password"])
    partner = prospect(cast)
    client = sign_in("kubar")
    assert handover.MARK not in client.get(url("partner-detail", partner)).cookies

    mark = client.post(url("consent-screen", partner), {"answer": "yes", "mark": mark_of(partner)}).cookies[
        handover.MARK
    ]
    assert (mark.value, mark["httponly"], mark["path"]) == ("1", "", "/")
    assert mark["max-age"] == client.session.get_expiry_age()

    client.post(reverse("account_logout"))
    client.get(reverse("account_login"))
    assert client.cookies[handover.MARK].value == "1"
    client.post(reverse("account_login"), {"login": cast.kubar.username, "password": PASSWORD})
    assert client.cookies[handover.MARK].value == ""

    client.post(url("consent-screen", partner), {"answer": "no", "mark": mark_of(partner)})
    assert client.cookies[handover.MARK].value == "1"
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.cookies[handover.MARK].value == ""
