"""Forms that the page sends itself: where they lead, and what the same form sent again does."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from config import drafts
from partners.models import Partner
from tests.partners.test_partner_pages import posted

KEY = "0b0e6c8e-9d5f-4f0a-8a53-0e6c8e9d5f4f"
OTHER_KEY = "1b0e6c8e-9d5f-4f0a-8a53-0e6c8e9d5f4f"


def sent(client, key=KEY, **fields):
    return client.post("/mitra/tambah/", posted(**fields), headers={"X-Form-Key": key})


def test_a_form_that_is_saved_names_the_next_page(sign_in):
    client = sign_in("kubar")

    response = sent(client)

    partner = Partner.objects.get()
    assert (response.status_code, response["X-Location"]) == (204, f"/mitra/{partner.public_id}/")
    assert "Location" not in response and response.content == b""
    assert "Sari Wulandari" in client.get(response["X-Location"]).content.decode()


def test_the_sentence_waits_for_the_next_page(sign_in):
    client = sign_in("kubar")
    place = sent(client)["X-Location"]

    assert len(client.get(place).context["messages"]) == 1


def test_the_same_sent_again_is_saved_once_and_leads_to_the_same(sign_in):
    client = sign_in("kubar")

    first, second = sent(client), sent(client)

    assert (second.status_code, second["X-Location"]) == (204, first["X-Location"])
    assert Partner.objects.count() == 1


def test_another_key_or_officer_or_no_key_is_another_sending(sign_in):
    client = sign_in("kubar")
    sent(client)

    assert sent(client, OTHER_KEY, full_name="Budi Santoso").status_code == 204
    assert sent(sign_in("kubar2"), full_name="Joko Susilo").status_code == 204
    assert client.post("/mitra/tambah/", posted(full_name="Tuti Rahayu")).status_code == 302
    assert (
        client.post(
            "/mitra/tambah/", posted(full_name="Ani Lestari"), headers={"X-Form-Key": "kunci"}
        ).status_code
        == 302
    )
    assert Partner.objects.count() == 5


def test_a_form_with_mistakes_may_be_sent_again_with_its_key(sign_in):
    client = sign_in("kubar")

    assert sent(client, full_name="").status_code == 200
    assert sent(client).status_code == 204
    assert Partner.objects.count() == 1


def test_a_sending_under_way_asks_the_second_for_patience(sign_in, cast):
    client = sign_in("kubar")
    cache.add(f"form:{cast.kubar.pk}:/mitra/tambah/:{KEY}", drafts._UNDER_WAY)

    assert sent(client).status_code == 409
    assert not Partner.objects.exists()


@pytest.mark.expects_error_log
def test_a_view_that_breaks_leaves_the_key_free(sign_in, monkeypatch):
    client = sign_in("kubar")
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("partners.operations.partners.record", lambda **facts: 1 / 0)
        assert sent(client).status_code == 500

    assert sent(client).status_code == 204


def test_who_is_logged_out_is_led_to_the_login_and_nothing_is_remembered(client, cast):
    response = sent(client)

    assert response.status_code == 204 and response["X-Location"].startswith("/akun/masuk/")
    client.force_login(cast.kubar)
    assert sent(client)["X-Location"] == f"/mitra/{Partner.objects.get().public_id}/"


def test_a_phone_handed_over_is_led_to_the_password_and_may_send_again(sign_in):
    client = sign_in("kubar")
    session = client.session
    session["handed_over_at"] = 9e12
    session.save()
    assert sent(client)["X-Location"].startswith("/akun/")

    session = client.session
    del session["handed_over_at"]
    session.save()
    assert sent(client)["X-Location"] == f"/mitra/{Partner.objects.get().public_id}/"


def test_drafts_are_for_officers_and_for_no_form_with_a_password(client, sign_in, cast):
    assert "drafts.js" not in client.get("/akun/masuk/").content.decode()
    html = sign_in("kubar").get("/mitra/tambah/").content.decode()
    assert "app/drafts.js" in html and 'data-draft="partner-add"' in html
    assert f'data-officer="{cast.kubar.public_id}"' in html
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        for form in re.findall(r"<form[^>]*data-draft.*?</form>", path.read_text(), re.S):
            assert "password" not in form, path
    for name in ("consent_screen", "consent_thanks", "partner_reveal"):
        assert "data-draft" not in Path(settings.BASE_DIR, f"templates/partners/{name}.html").read_text()
