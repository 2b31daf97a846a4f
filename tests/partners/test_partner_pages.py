"""The pages of one partner: who may open them, what they show, and what they do."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from partners.choices import Keep, PartnerStatus
from partners.models import Consent, ConsentText, Partner, Share, SocialAccount

PHONE = "+6281234567890"
FACTS = {"full_name": "Sari Wulandari", "kind": "influencer", "source": "in_person", "phone": "", "email": ""}
REGION = {"region_province": "64", "region_regency": "64.07", "region_district": "64.07.07"}


def posted(handles=(), **fields):
    rows = list(handles)
    data = FACTS | REGION | {"handles-TOTAL_FORMS": len(rows), "handles-INITIAL_FORMS": 0} | fields
    for number, (platform, text) in enumerate(rows):
        data |= {f"handles-{number}-platform": platform, f"handles-{number}-text": text}
    return data


def url(partner, step=""):
    return f"/mitra/{partner.public_id}/{step}"


@pytest.fixture
def sari(cast):
    return cast.partner(
        "Sari Wulandari", phone=PHONE, email="sari@gmail.com", handles=[("instagram", "sari.w")]
    )


@pytest.fixture
def shared_sari(cast, sari):
    """Sari of Polres Kubar, shared with Polres Berau."""
    text = ConsentText.objects.get(purpose="share_unit")
    consent = Consent.objects.create(
        partner=sari, purpose="share_unit", decision="given", text=text, at=timezone.now(), channel="link"
    )
    Share.objects.create(partner=sari, unit=cast.unit("polres-berau"), consent=consent)
    return sari


# Detail ---------------------------------------------------------------------------------------------------------------


def test_detail_shows_the_facts_and_hides_the_contact(sign_in, sari):
    html = sign_in("kubar").get(url(sari)).content.decode()

    assert "0812-••••-••90" in html and "s••••@gmail.com" in html
    assert "1234567890" not in html and "3456-7890" not in html and "sari@gmail.com" not in html
    assert "Barong Tongkok, Kabupaten Kutai Barat, Kalimantan Timur" in html
    assert 'href="https://www.instagram.com/sari.w"' in html
    assert f"/kegiatan/mitra/{sari.public_id}/" in html


@pytest.mark.parametrize("step", ["", "ubah/", "arsipkan/", "kontak/"])
def test_pages_of_another_unit_answer_as_if_there_were_nobody(sign_in, sari, step):
    client = sign_in("berau")
    nobody = f"/mitra/00000000-0000-4000-8000-000000000000/{step}"

    theirs, missing = client.get(url(sari, step)), client.get(nobody)

    assert theirs.status_code == missing.status_code == 404
    blind = [
        re.sub(r'value="[^"]*"|X-CSRFToken[^}]*|nonce="[^"]*"', "", page.content.decode())
        for page in (theirs, missing)
    ]
    assert blind[0] == blind[1]
    assert not Entry.objects.filter(subject_public_id=sari.public_id).exists()


@pytest.mark.parametrize("step", ["ubah/", "arsipkan/", "pulihkan/", "kontak/"])
def test_posts_to_a_partner_of_another_unit_change_nothing(sign_in, sari, step):
    response = sign_in("berau").post(url(sari, step), posted(reason="ingin tahu", full_name="Diganti"))

    assert response.status_code == 404
    assert Partner.objects.get().full_name == "Sari Wulandari"
    assert not Entry.objects.filter(subject_public_id=sari.public_id).exists()


@pytest.mark.parametrize("username", ["pimpinan", "admin"])
@pytest.mark.parametrize("step", ["", "ubah/", "arsipkan/", "kontak/"])
def test_pages_are_closed_to_roles_without_partners(sign_in, sari, username, step):
    response = sign_in(username).get(url(sari, step))

    assert response.status_code == 403
    assert "Sari" not in response.content.decode()


@pytest.mark.parametrize("step", ["ubah/", "arsipkan/", "pulihkan/"])
def test_a_unit_that_sees_a_partner_by_a_share_only_reads(sign_in, shared_sari, step):
    client = sign_in("berau")

    html = client.get(url(shared_sari)).content.decode()
    assert "Polres Kubar" in html
    assert url(shared_sari, "ubah/") not in html and url(shared_sari, "arsipkan/") not in html
    assert client.post(url(shared_sari, step), posted(reason="tidak boleh")).status_code == 403
    assert Partner.objects.get().status == PartnerStatus.ACTIVE


def test_privacy_officer_reads_and_neither_adds_nor_changes(sign_in, sari):
    client = sign_in("privasi")

    html = client.get(url(sari)).content.decode()
    assert url(sari, "kontak/") in html and url(sari, "ubah/") not in html
    assert client.get("/mitra/tambah/").status_code == 403
    assert client.post(url(sari, "ubah/"), posted()).status_code == 403


@pytest.mark.parametrize(
    "name", ["Nur'aini", "X", "<b>Budi</b>", "I Made " + "Panjang" * 15, "Wolfeschlegelsteinhausen" * 4]
)
def test_pages_take_every_kind_of_name(cast, sign_in, name):
    partner = cast.partner(name, title_before="H.", title_after="S.Sos., M.M.")
    client = sign_in("kubar")

    for address in (
        "/mitra/",
        url(partner),
        url(partner, "ubah/"),
        url(partner, "arsipkan/"),
        url(partner, "kontak/"),
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert "<b>Budi" not in response.content.decode()


# Adding ---------------------------------------------------------------------------------------------------------------


def test_add_registers_and_leads_to_the_partner(sign_in, cast):
    response = sign_in("kubar").post(
        "/mitra/tambah/",
        posted(
            [
                ("instagram", "https://instagram.com/Sari.W?igsh=1"),
                ("tiktok", ""),
                ("", "youtube.com/@SariW"),
            ],
            phone="0812 3456 7890",
            title_after="S.Sos.",
        ),
    )

    partner = Partner.objects.get()
    assert response.status_code == 302 and response["Location"] == url(partner)
    assert str(partner.phone) == PHONE
    assert (partner.unit, partner.region_id) == (cast.unit("polres-kubar"), "64.07.07")
    assert (partner.status, partner.keep) == (PartnerStatus.PROSPECTIVE, Keep.NONE)
    assert list(SocialAccount.objects.values_list("platform", "handle")) == [
        ("instagram", "sari.w"),
        ("youtube", "sariw"),
    ]


def test_add_with_the_tick_is_a_partner_not_confirmed_yet(sign_in, cast):
    sign_in("kubar").post("/mitra/tambah/", posted(consent_given="on"))

    assert (Partner.objects.get().status, Partner.objects.get().keep) == (
        PartnerStatus.ACTIVE,
        Keep.UNCONFIRMED,
    )


def test_add_takes_the_name_that_was_searched(sign_in, cast):
    html = sign_in("kubar").get("/mitra/tambah/?nama=Nur%27aini%20%26%20co").content.decode()

    assert 'value="Nur&#x27;aini &amp; co"' in html


def test_add_begins_in_the_officers_regency(sign_in, cast):
    html = sign_in("kubar").get("/mitra/tambah/").content.decode()

    assert re.search(r'value="64\.07" selected', html)
    assert "Barong Tongkok" in html and "Papua" not in html


@pytest.mark.parametrize(
    ("fields", "handles", "sentence"),
    [
        ({"full_name": " "}, [], 'id="error_1_id_full_name"'),
        ({"full_name": "a" * 121}, [], 'id="error_1_id_full_name"'),
        ({"phone": "12"}, [], "0812-3456-7890"),
        ({"email": "sari"}, [], 'id="error_1_id_email"'),
        ({"region_province": "", "region_regency": "", "region_district": ""}, [], 'id="error_1_id_region"'),
        ({"kind": "informan"}, [], 'id="error_1_id_kind"'),
        ({}, [("instagram", "https://linkedin.com/in/sari")], 'id="error_1_id_handles-0-text"'),
        ({}, [("", "sari")], 'id="error_1_id_handles-0-platform"'),
    ],
)
def test_add_says_beside_the_field_what_is_wrong(sign_in, cast, fields, handles, sentence):
    response = sign_in("kubar").post("/mitra/tambah/", posted(handles, **fields))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Partner.objects.exists()


def test_add_in_a_neighbours_district_says_whose_it_is(sign_in, cast):
    place = {"region_province": "64", "region_regency": "64.02", "region_district": "64.02.05"}

    response = sign_in("kukar").post("/mitra/tambah/", posted(**place))

    html = response.content.decode()
    assert "Muara Badak" in html and "Polres Bontang" in html
    assert response.context["form"].errors["region"]
    assert not Partner.objects.exists()


def test_add_warns_once_of_a_phone_that_a_neighbour_in_the_list_has(sign_in, cast, sari):
    client = sign_in("kubar")

    asked = client.post("/mitra/tambah/", posted(full_name="Budi", phone="0812-3456-7890"))
    html = asked.content.decode()
    assert asked.status_code == 200
    assert url(sari) in html and f'name="twins_seen" value="{sari.public_id}"' in html
    assert 'value="Budi"' in html and 'value="0812-3456-7890"' in html
    assert Partner.objects.count() == 1

    saved = client.post(
        "/mitra/tambah/", posted(full_name="Budi", phone="0812-3456-7890", twins_seen=str(sari.public_id))
    )
    assert saved.status_code == 302
    assert Partner.objects.filter(phone=PHONE).count() == 2


def test_add_asks_again_when_the_phone_was_changed_meanwhile(sign_in, cast, sari):
    cast.partner("Tuti", phone="+6281200000000")

    response = sign_in("kubar").post(
        "/mitra/tambah/", posted(full_name="Budi", phone="081200000000", twins_seen=str(sari.public_id))
    )

    assert "Tuti" in response.content.decode() and Partner.objects.count() == 2


def test_add_says_nothing_of_a_phone_outside_the_scope(sign_in, cast, sari):
    place = {"region_province": "64", "region_regency": "64.03", "region_district": "64.03.05"}

    response = sign_in("berau").post(
        "/mitra/tambah/", posted(full_name="Budi", phone="0812-3456-7890", **place)
    )

    assert response.status_code == 302
    assert Partner.objects.filter(phone=PHONE).count() == 2


def test_add_with_a_broken_row_count_is_answered_and_not_saved(sign_in, cast):
    client = sign_in("kubar")

    for broken in ({"handles-TOTAL_FORMS": "kacau"}, {"handles-TOTAL_FORMS": "5000"}):
        assert client.post("/mitra/tambah/", posted() | broken).status_code == 200
    assert not Partner.objects.exists()


# Changing -------------------------------------------------------------------------------------------------------------


def test_edit_keeps_what_is_not_touched(sign_in, sari):
    client = sign_in("kubar")
    assert 'value="@sari.w"' in client.get(url(sari, "ubah/")).content.decode()

    response = client.post(url(sari, "ubah/"), posted([("instagram", "@sari.w")], stage_name="Info Barong"))

    assert response.status_code == 302
    assert Entry.objects.get(verb="partner.updated").fields == ["stage_name"]
    assert (str(Partner.objects.get().phone), Partner.objects.get().email) == (PHONE, "sari@gmail.com")


def test_edit_does_not_show_the_contact(sign_in, sari):
    client = sign_in("kubar")

    for response in (client.get(url(sari, "ubah/")), client.post(url(sari, "ubah/"), posted(full_name=""))):
        html = response.content.decode()
        assert "0812-••••-••90" in html and "s••••@gmail.com" in html
        assert "3456" not in html and "sari@gmail" not in html


def test_edit_replaces_and_removes_a_contact(sign_in, sari):
    client = sign_in("kubar")

    client.post(url(sari, "ubah/"), posted(phone="0813 1111 2222", email_removed="on"))
    assert (str(Partner.objects.get().phone), Partner.objects.get().email) == ("+6281311112222", "")

    client.post(url(sari, "ubah/"), posted(phone_removed="on"))
    assert Partner.objects.get().phone == ""


def test_edit_removes_an_account_that_was_emptied(sign_in, sari):
    sign_in("kubar").post(url(sari, "ubah/"), posted([("instagram", "")]))

    assert not SocialAccount.objects.exists()


def test_edit_into_another_territory_is_refused_with_its_unit(sign_in, sari):
    place = {"region_province": "64", "region_regency": "64.03", "region_district": "64.03.05"}

    response = sign_in("kubar").post(url(sari, "ubah/"), posted(**place))

    assert response.status_code == 200
    assert "Polres Berau" in response.content.decode()
    assert Partner.objects.get().region_id == "64.07.07"


def test_edit_has_no_field_for_consent_status_or_notes(sign_in, sari):
    html = sign_in("kubar").get(url(sari, "ubah/")).content.decode()

    names = set(
        re.findall(
            r'name="([\w-]+)"',
            re.search(r'<form method="post"[^>]* class="card.*?</form>', html, re.S).group(),
        )
    )
    assert {name for name in names if not name.startswith(("handles-", "region_"))} == {
        "csrfmiddlewaretoken",
        *("full_name", "title_before", "title_after", "stage_name", "kind", "source", "phone", "email"),
        *("phone_removed", "email_removed"),
    }
    assert "<textarea" not in html


# Setting aside, and the contact ---------------------------------------------------------------------------------------


def test_archive_asks_why_and_offers_to_undo(sign_in, sari):
    client = sign_in("kubar")

    assert client.post(url(sari, "arsipkan/"), {"reason": ""}).status_code == 200
    assert Partner.objects.get().status == PartnerStatus.ACTIVE
    assert client.post(url(sari, "arsipkan/"), {"reason": "pindah ke Jawa"}).status_code == 302
    assert Partner.objects.get().is_archived
    html = client.get(url(sari)).content.decode()
    assert f'action="{url(sari, "pulihkan/")}"' in html and url(sari, "ubah/") not in html
    assert client.get(url(sari, "pulihkan/")).status_code == 405
    assert client.post(url(sari, "pulihkan/")).status_code == 302
    assert Partner.objects.get().status == PartnerStatus.ACTIVE


def test_contact_is_shown_once_after_a_reason(cast, sign_in, sari):
    client = sign_in("kubar")
    asked = client.get(url(sari, "kontak/")).content.decode()
    assert "3456" not in asked and not Entry.objects.filter(verb="partner.contact_revealed").exists()
    assert client.post(url(sari, "kontak/"), {"reason": " "}).status_code == 200
    assert not Entry.objects.filter(verb="partner.contact_revealed").exists()

    response = client.post(url(sari, "kontak/"), {"reason": "undangan dialog"})

    html = response.content.decode()
    assert "0812-3456-7890" in html
    assert f'href="tel:{PHONE}"' in html and 'href="https://wa.me/6281234567890"' in html
    assert "mailto:sari@gmail.com" in html
    assert "no-store" in response["Cache-Control"]
    entry = Entry.objects.get(verb="partner.contact_revealed")
    assert (entry.actor_id, entry.detail.reason) == (cast.kubar.pk, "undangan dialog")
    assert "3456" not in client.get(url(sari)).content.decode()


def test_contact_offers_no_way_that_the_person_withdrew(sign_in, sari):
    for purpose in ("whatsapp", "phone", "email"):
        text = ConsentText.objects.get(purpose=purpose)
        Consent.objects.create(
            partner=sari, purpose=purpose, decision="withdrawn", text=text, at=timezone.now(), channel="link"
        )

    html = sign_in("kubar").post(url(sari, "kontak/"), {"reason": "undangan dialog"}).content.decode()

    assert "wa.me" not in html and "tel:" not in html and "mailto:" not in html
    assert html.count("state-bad") == 3


@pytest.mark.parametrize("step", ["archive", "restore", "reveal"])
def test_a_person_erased_a_moment_ago_is_not_found(sign_in, sari, monkeypatch, step):
    def gone(partner):
        raise ValidationError("gone", code="gone")

    monkeypatch.setattr("partners.operations.consents.lock", gone)

    response = sign_in("kubar").post(
        reverse(f"partners:partner-{step}", args=[sari.public_id]), {"reason": "pindah"}
    )

    assert response.status_code == 404
