"""What leaves the house with every answer: policy, referrer, cookies; and nothing that points elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from config.uploads import MOST_BYTES

PAGES = ["/", "/mitra/", "/kegiatan/", "/kegiatan/rangkaian/", "/wilayah/sumber-data/", "/tidak-ada/"]


@pytest.mark.parametrize("path", PAGES)
def test_headers_of_a_page(sign_in, path):
    response = sign_in("bidhumas").get(path)

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = policy_of(response)
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert policy["base-uri"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'"]
    nonce = nonce_of(policy)
    assert policy["script-src"] == ["'self'", f"'nonce-{nonce}'"]
    assert set(re.findall(r'nonce="([^"]+)"', response.content.decode())) == {nonce}


def policy_of(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def nonce_of(policy: dict[str, list[str]]) -> str:
    found = [source for source in policy["script-src"] if source.startswith("'nonce-")]
    assert len(found) == 1
    return found[0].removeprefix("'nonce-").removesuffix("'")


def test_headers_nonce_is_new_each_time(sign_in):
    client = sign_in("bidhumas")
    assert len({nonce_of(policy_of(client.get("/"))) for _turn in range(3)}) == 3


@pytest.mark.parametrize("path", ["/healthz", "/akun/masuk/"])
def test_headers_of_a_public_page(db, client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert "Content-Security-Policy" in response
    assert response["Referrer-Policy"] == "same-origin"


def test_headers_of_a_personal_link_say_no_referrer_and_no_store(db, client):
    """The token is in the address: it must not travel on, nor lie in a cache."""
    response = client.get("/s/unknown-token/")

    assert response.status_code == 404
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "noindex" in response["X-Robots-Tag"]


def test_headers_cookies(cast):
    client = Client()
    page = client.get("/akun/masuk/")
    csrf = page.cookies["csrftoken"]
    assert (bool(csrf["httponly"]), csrf["samesite"]) == (True, "Lax")

    cast.kubar.set_password("sandi-uji-coba-2024")
    cast.kubar.save()
    response = client.post("/akun/masuk/", {"login": "kubar", "password": "sandi-uji-coba-2024"})
    assert response.status_code == 302
    session = response.cookies["sessionid"]
    assert (bool(session["httponly"]), session["samesite"]) == (True, "Lax")


def test_headers_cookies_of_production(cast, settings):
    """As config/settings.py sets it for a site that is not local; the run of tests/production checks the real one."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True

    assert Client().get("/akun/masuk/", secure=True).cookies["csrftoken"]["secure"] is True


@pytest.mark.parametrize("path", PAGES)
def test_headers_pages_load_nothing_from_elsewhere(sign_in, path):
    html = sign_in("bidhumas").get(path).content.decode()
    loaded = re.findall(
        r"<(?:script|link|img|source|iframe|use|form)\b[^>]*?(?:src|href|srcset|action)=\"([^\"]*)\"", html
    )

    assert len(loaded) > 4
    assert [address for address in loaded if re.match(r"(?:[a-z]+:)?//", address)] == []


@pytest.mark.expects_error_log
def test_headers_foreign_host_is_refused(db, client):
    response = client.get("/akun/masuk/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_headers_no_open_redirect(cast, target):
    client = Client()
    cast.kubar.set_password("sandi-uji-coba-2024")
    cast.kubar.save()

    response = client.post(
        "/akun/masuk/", {"login": "kubar", "password": "sandi-uji-coba-2024", "next": target}
    )
    assert (response.status_code, response["Location"]) == (302, "/")
    response = client.post("/bahasa/", {"language": "en", "next": target})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("path", PAGES)
def test_headers_no_browser_keeps_a_page_of_an_officer(sign_in, path):
    """After logging out, the back button must not show a list of people."""
    assert sign_in("bidhumas").get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.expects_error_log
def test_headers_a_body_that_is_too_large_is_refused_unread(db, client):
    head = b'--x\r\nContent-Disposition: form-data; name="sheet"; filename="a.jpg"\r\n\r\n'
    body = head + b"0" * MOST_BYTES + b"\r\n--x--\r\n"

    client = Client(enforce_csrf_checks=True)
    client.get("/akun/masuk/")

    response = client.post("/akun/masuk/", body, content_type="multipart/form-data; boundary=x")

    assert response.status_code == 400
