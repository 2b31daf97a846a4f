"""The pages of Berhenti dihubungi and of sharing, and what other pages say of either; last attended as a filter."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from outbox.links import token_of
from partners.models import Consent, OptOut, Partner, Share
from partners.operations import asking, consents, do_not_contact, shares
from partners.queries.consents import offered_to_person, standings_of, version_mark
from partners.queries.partners import partners_visible_to
from partners.queries.shares import units_to_share_with

PHONE, EMAIL = "+6281234567890", "sari@example.org"


@pytest.fixture
def sari(cast) -> Partner:
    return cast.partner("Sari Wulandari", phone=PHONE, email=EMAIL, handles=[("instagram", "sariw")])


def url(name, *args):
    return reverse(f"partners:{name}", args=[one.public_id for one in args])


def html_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# Berhenti dihubungi


def test_two_taps_from_the_partners_page(cast, sign_in, sari):
    client = sign_in("kubar")
    assert url("contact-stop", sari) in html_of(client, url("partner-detail", sari))

    assert html_of(client, url("contact-stop", sari)).count("<li>") >= 4
    assert OptOut.objects.count() == 0
    response = client.post(url("contact-stop", sari))

    assert (response.status_code, response["Location"]) == (302, url("partner-detail", sari))
    sari.refresh_from_db()
    assert (sari.do_not_contact_by_id, OptOut.objects.count()) == (cast.kubar.pk, 3)
    after = html_of(client, url("partner-detail", sari))
    assert "quiet-note" in after and url("contact-stop", sari) not in after
    assert "state-bad" in html_of(client, "/mitra/")
    assert "btn-danger" not in html_of(client, url("contact-stop", sari))


def test_looking_at_the_contact_warns_before_and_offers_no_tap(cast, sign_in, sari):
    do_not_contact.stop(partner=sari, by=cast.kubar)
    client = sign_in("kubar")

    assert "quiet-note" in html_of(client, url("partner-reveal", sari))
    shown = client.post(url("partner-reveal", sari), {"reason": "menjawab surat"}).content.decode()

    assert "0812-3456-7890" in shown
    assert [link for link in ("tel:", "wa.me", "mailto:") if link in shown] == []


def test_another_unit_is_warned_of_the_number_and_not_told_by_whom(cast, sign_in, sari):
    mother = cast.partner("Ibu Rahayu", unit="polres-berau", phone=PHONE)
    do_not_contact.stop(partner=sari, by=cast.kubar)
    client = sign_in("berau")

    detail, before = (
        html_of(client, url("partner-detail", mother)),
        html_of(client, url("partner-reveal", mother)),
    )
    shown = client.post(url("partner-reveal", mother), {"reason": "undangan"}).content.decode()

    assert "state-bad" in detail and "quiet-note" in before
    assert "tel:" not in shown and "wa.me" not in shown
    for page in (detail, before, shown):
        assert not [
            word for word in ("Sari", "Kubar", timezone.localdate().strftime("%d %B")) if word in page
        ]


def test_the_guest_page_gives_no_tap_to_who_wants_quiet(cast, sign_in, sari):
    event = cast.event()
    guest = cast.guest(event, sari, "yes")
    address = reverse("events:guest-contact", args=[event.public_id, guest.public_id])
    assert "tel:" in sign_in("kubar").post(address).content.decode()

    do_not_contact.stop(partner=sari, by=cast.kubar)

    html = sign_in("kubar").post(address).content.decode()
    assert "0812-3456-7890" in html and "state-bad" in html
    assert [link for link in ("tel:", "wa.me", "mailto:") if link in html] == []


def test_the_list_to_pick_guests_from_says_why_somebody_is_missing(cast, sign_in, sari):
    event = cast.event()
    hidden = cast.partner("Sari Rahasia", unit="polres-berau")
    do_not_contact.stop(partner=sari, by=cast.kubar)
    do_not_contact.stop(partner=hidden, by=cast.berau)
    address = reverse("events:guest-pick", args=[event.public_id])

    html = html_of(sign_in("bidhumas"), f"{address}?q=sari+wulan")

    assert str(sari.public_id) not in html
    assert re.search(r'id="quiet">.*Sari Wulandari', html, re.DOTALL)
    assert 'id="quiet"' not in html_of(sign_in("bidhumas"), address)


def test_a_form_says_plainly_that_the_owner_of_a_number_wants_quiet(cast, sign_in, sari):
    do_not_contact.stop(partner=sari, by=cast.kubar)
    fields = {
        "full_name": "Orang Lain",
        "kind": "activist",
        "source": "phone",
        "region_province": "64",
        "region_regency": "64.03",
        "phone": "0812 3456 7890",
        "handles-TOTAL_FORMS": "0",
        "handles-INITIAL_FORMS": "0",
    }

    response = sign_in("berau").post(url("partner-add"), fields)

    html = response.content.decode()
    assert response.status_code == 200 and Partner.objects.count() == 1
    assert "Orang Lain" in html and "0812 3456 7890" in html
    sign_in("berau").post(url("partner-add"), fields | {"phone": ""})
    assert str(Partner.objects.get(full_name="Orang Lain").phone) == ""


def test_the_person_lifts_it_by_their_own_link(cast, client, sari):
    link = asking.link_for(partner=sari, by=cast.kubar)
    do_not_contact.stop(partner=sari, by=cast.kubar)
    address = reverse("portal:consent-confirm", args=[token_of(link)])
    assert client.get(address).status_code == 200
    sari.refresh_from_db()
    standings = standings_of(sari)
    mark = version_mark([standings[0], *offered_to_person(sari, standings)])

    client.post(address, {"mark": mark, "also": ["whatsapp"]})

    sari.refresh_from_db()
    assert not sari.is_do_not_contact
    assert list(OptOut.objects.values_list("kind", flat=True)) == ["email"]


def test_an_officers_tick_is_refused_on_the_page(cast, sign_in, sari):
    do_not_contact.stop(partner=sari, by=cast.kubar)
    before = Consent.objects.count()

    response = sign_in("kubar").post(
        url("consent-record", sari), {"channel": "spoken", "decision_whatsapp": "given"}
    )

    assert response.status_code == 200 and "alert-danger" in response.content.decode()
    assert (Consent.objects.count(), Partner.objects.get().is_do_not_contact) == (before, True)


def test_the_page_with_the_link_gives_no_words_to_send(cast, sign_in, sari):
    asking.link_for(partner=sari, by=cast.kubar)
    assert "link-whatsapp" in html_of(sign_in("kubar"), url("consent-link", sari))

    do_not_contact.stop(partner=sari, by=cast.kubar)

    html = html_of(sign_in("kubar"), url("consent-link", sari))
    assert "link-address" in html and "link-whatsapp" not in html


# Sharing


def consented(partner):
    consents.record(partner=partner, purpose="share_unit", decision="given", channel="screen")


def test_units_that_see_the_partner_anyway_are_not_offered(cast, sari):
    assert {unit.code for unit in units_to_share_with(sari)} == {
        "polres-berau",
        "polres-kukar",
        "polres-bontang",
    }
    consented(sari)
    shares.grant(partner=sari, unit=cast.unit("polres-berau"), by=cast.kubar)

    assert {unit.code for unit in units_to_share_with(sari)} == {"polres-kukar", "polres-bontang"}


@pytest.mark.parametrize(
    ("unit", "code"),
    [("polda-kaltim", "own_unit"), ("mabes", "own_unit"), ("diskominfo-kalbar", "other_tree")],
)
def test_some_units_are_refused(cast, sari, unit, code):
    consented(sari)

    with pytest.raises(ValidationError) as refused:
        shares.grant(partner=sari, unit=cast.unit(unit), by=cast.kubar)

    assert refused.value.code == code
    assert Share.objects.count() == 0


def test_who_reads_by_a_share_neither_shares_on_nor_ends_it(cast, sari):
    consented(sari)
    share = shares.grant(partner=sari, unit=cast.unit("polres-berau"), by=cast.kubar)

    with pytest.raises(PermissionDenied):
        shares.grant(partner=sari, unit=cast.unit("polres-kukar"), by=cast.berau)
    with pytest.raises(PermissionDenied):
        shares.end(share=share, by=cast.berau)

    assert Share.objects.get().ended_at is None


def test_without_consent_the_page_offers_to_ask_and_no_unit(cast, sign_in, sari):
    html = html_of(sign_in("kubar"), url("partner-share", sari))

    assert url("consent-record", sari) in html and 'name="unit"' not in html
    response = sign_in("kubar").post(url("partner-share", sari), {"unit": "polres-berau"})
    assert (response.status_code, Share.objects.count()) == (200, 0)


def test_who_may_not_be_kept_any_more_is_not_shared_anew(cast, sign_in, sari):
    """The yes to sharing still stands; it ended with the consent to be kept, and so it stays."""
    consented(sari)
    consents.record(partner=sari, purpose="keep", decision="withdrawn", channel="link")
    client = sign_in("kubar")

    html = html_of(client, url("partner-share", sari))
    client.post(url("partner-share", sari), {"unit": "polres-berau"})

    assert 'name="unit"' not in html and url("consent-record", sari) in html
    assert Share.objects.count() == 0 and not partners_visible_to(cast.berau).exists()


def test_sharing_ends_at_a_tap_or_with_the_consent(cast, sign_in, sari):
    consented(sari)
    client = sign_in("kubar")
    for code in ("polres-berau", "polres-kukar"):
        client.post(url("partner-share", sari), {"unit": code})
    html = html_of(client, url("partner-share", sari))
    assert html.count("/akhiri/") == 2
    assert list(partners_visible_to(cast.berau)) == [sari]
    assert sign_in("berau").get(url("partner-edit", sari)).status_code == 403

    client.post(url("share-end", sari, Share.objects.get(unit__code="polres-berau")))
    assert [list(partners_visible_to(user)) for user in (cast.berau, cast.kukar)] == [[], [sari]]
    consents.record(partner=sari, purpose="share_unit", decision="withdrawn", channel="link")

    assert list(partners_visible_to(cast.kukar)) == []
    assert Share.objects.filter(ended_at__isnull=True).count() == 0


# Last attended


@pytest.mark.parametrize(
    ("choice", "seen"),
    [
        ("3", ["Baru"]),
        ("6", ["Baru", "Lama"]),
        ("12", ["Baru", "Lama", "Setahun"]),
        ("longer", ["Usang"]),
        ("never", ["Belum"]),
        ("kacau", ["Baru", "Belum", "Lama", "Setahun", "Usang"]),
    ],
)
@pytest.mark.parametrize("where", ["/mitra/", "pick"])
def test_the_list_is_narrowed_by_when_somebody_last_came(cast, sign_in, choice, seen, where):
    today = timezone.localdate()
    for name, days in (("Baru", 5), ("Lama", 120), ("Setahun", 365), ("Usang", 366), ("Belum", None)):
        day = None if days is None else today - timedelta(days=days)
        cast.partner(name, last_attended_on=day)
    cast.partner("Rahasia", unit="polres-berau", last_attended_on=today)
    officer = "kubar"
    if where == "pick":
        event = cast.event(host="polres-kubar", co_hosts=[])
        where = reverse("events:guest-pick", args=[event.public_id])

    html = html_of(sign_in(officer), f"{where}?attended={choice}")

    assert re.findall(r'class="row-title"[^>]*>([^<]+)<', html) == seen


def test_the_line_says_when_somebody_last_came(cast, sign_in):
    cast.partner("Sari", last_attended_on=timezone.localdate().replace(year=2024, month=10, day=21))
    cast.partner("Budi")

    html = html_of(sign_in("kubar"), "/mitra/")

    assert html.count("line-last") == 1 and "21 Okt 2024" in html
