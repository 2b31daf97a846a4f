"""The link by which an officer chooses a password: shown once, used once, for three days, revocable."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.links import token_of
from accounts.models import Officer
from accounts.operations import links, officers, sessions
from accounts.queries.links import officer_of
from audit.models import Entry

NEW = "sandi-pilihan-sendiri-2026"


def url(officer: Officer) -> str:
    return reverse("accounts:officer-link", args=[officer.public_id])


def invitation(officer: Officer) -> str:
    officer.refresh_from_db()
    return reverse("account_invitation", args=[officer.public_id, token_of(officer)])


def address_in(response) -> str:
    found = re.search(r'id="link-address" value="http://localhost:8000([^"]+)"', response.content.decode())
    return found[1] if found else ""


def choose(client, address: str, password: str = NEW):
    return client.post(address, {"password1": password, "password2": password})


def test_link_is_shown_once_to_the_administrator(cast, sign_in):
    admin = sign_in("admin")

    made = admin.post(url(cast.kubar))
    first, second = admin.get(url(cast.kubar)), admin.get(url(cast.kubar))

    assert (made.status_code, made["Location"]) == (302, url(cast.kubar))
    assert address_in(first) == invitation(cast.kubar)
    assert 'data-copy="#link-address"' in first.content.decode()
    assert address_in(second) == ""
    assert token_of(cast.kubar) not in second.content.decode()
    line = Entry.objects.get()
    assert (line.verb, line.actor_id, line.object_public_id) == (
        "officer.link_issued",
        cast.admin.pk,
        cast.kubar.public_id,
    )


def test_link_lets_the_officer_choose_a_password_and_come_in(cast, client):
    links.issue(officer=cast.kubar, by=cast.admin)
    address = invitation(cast.kubar)
    page = client.get(address)

    response = choose(client, address)

    assert "<strong>kubar</strong>" in page.content.decode()
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/wilayah/sumber-data/").status_code == 200
    assert Officer.objects.get(username="kubar").check_password(NEW)
    assert [(line.verb, line.actor_id) for line in Entry.objects.order_by("pk")] == [
        ("officer.link_issued", cast.admin.pk),
        ("officer.password_changed", cast.kubar.pk),
        ("officer.logged_in", cast.kubar.pk),
    ]


def test_link_works_once(cast, client):
    links.issue(officer=cast.kubar, by=cast.admin)
    address = invitation(cast.kubar)
    choose(client, address)
    other = type(client)()

    assert other.get(address).status_code == 404
    assert choose(other, address, "sandi-orang-lain-2026").status_code == 404
    assert Officer.objects.get(username="kubar").check_password(NEW)


def test_link_works_three_days(cast, client):
    links.issue(officer=cast.kubar, by=cast.admin)
    address = invitation(cast.kubar)

    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=-10), tick=False):
        assert client.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=1), tick=False):
        assert client.get(address).status_code == 404
        assert choose(client, address).status_code == 404


def test_link_made_anew_revokes_the_earlier_one(cast, client):
    links.issue(officer=cast.kubar, by=cast.admin)
    first = invitation(cast.kubar)
    links.issue(officer=cast.kubar, by=cast.admin)

    assert client.get(first).status_code == 404
    assert client.get(invitation(cast.kubar)).status_code == 200


@pytest.mark.parametrize(
    "act",
    [
        lambda cast: officers.deactivate(officer=cast.kubar, by=cast.admin),
        lambda cast: sessions.change_password(officer=cast.kubar, password=NEW),
        lambda cast: officers.update(officer=cast.kubar, by=cast.admin, unit=cast.unit("polres-berau")),
    ],
)
def test_link_ends_with_the_account_the_unit_and_another_password(cast, client, act):
    links.issue(officer=cast.kubar, by=cast.admin)
    address = invitation(cast.kubar)

    act(cast)
    if not cast.kubar.is_active:
        officers.activate(officer=cast.kubar, by=cast.admin)

    assert client.get(address).status_code == 404


def test_link_that_opens_nothing_is_like_one_that_never_was(cast, client):
    links.issue(officer=cast.kubar, by=cast.admin)
    args = [
        [uuid4(), token_of(Officer.objects.get(username="kubar"))],
        [cast.kubar.public_id, "tidak-ada"],
        [cast.berau.public_id, token_of(cast.berau)],
        [cast.kubar.public_id, "é" * 43],
    ]

    answers = [client.get(reverse("account_invitation", args=one)) for one in args]

    def told(response) -> str:
        return re.sub(
            r'(csrfmiddlewaretoken" value|X-CSRFToken"|nonce|next" value)[=:] ?"[^"]+"',
            "",
            response.content.decode(),
        )

    assert [response.status_code for response in answers] == [404] * 4
    assert len({told(response) for response in answers}) == 1


@pytest.mark.parametrize(
    ("password", "again"), [("pendek", "pendek"), (NEW, "lain-lain-2026"), ("1234567890", "1234567890")]
)
def test_link_stays_when_the_password_is_refused(cast, client, password, again):
    links.issue(officer=cast.kubar, by=cast.admin)
    address = invitation(cast.kubar)

    response = client.post(address, {"password1": password, "password2": again})

    assert response.status_code == 200
    assert response.content.decode().count("is-invalid") == 1
    assert client.get(address).status_code == 200
    assert not Officer.objects.get(username="kubar").has_usable_password()


def test_link_used_meanwhile_says_so(cast):
    links.issue(officer=cast.kubar, by=cast.admin)
    found = officer_of(cast.kubar.public_id, token_of(Officer.objects.get(username="kubar")))
    token = token_of(found)
    sessions.choose_password(officer=found, token=token, password=NEW)

    with pytest.raises(ValidationError) as refusal:
        sessions.choose_password(officer=found, token=token, password="sandi-kedua-2026")

    assert refusal.value.code == "gone"
    assert Officer.objects.get(username="kubar").check_password(NEW)


def test_link_ends_sessions_that_were_open(cast, client, sign_in):
    old = sign_in("kubar")
    links.issue(officer=cast.kubar, by=cast.admin)
    assert old.get("/wilayah/sumber-data/").status_code == 200

    choose(client, invitation(cast.kubar))

    assert old.get("/wilayah/sumber-data/").status_code == 302


def test_link_of_somebody_else_logs_the_reader_out(cast, sign_in):
    links.issue(officer=cast.kubar, by=cast.admin)
    berau = sign_in("berau")

    choose(berau, invitation(cast.kubar))

    assert int(berau.session["_auth_user_id"]) == cast.kubar.pk


def test_link_for_oneself_or_for_a_closed_account_is_refused(cast, sign_in):
    officers.deactivate(officer=cast.kubar, by=cast.admin)

    for officer, code in ((cast.admin, "self"), (cast.kubar, "inactive")):
        with pytest.raises(ValidationError) as refusal:
            links.issue(officer=officer, by=cast.admin)
        assert refusal.value.code == code
        assert sign_in("admin").post(url(officer))["Location"].endswith(f"/petugas/{officer.public_id}/")
    assert Officer.objects.filter(link_expires_at__isnull=False).count() == 0


def test_link_rolls_back_when_the_audit_fails(cast):
    with mock.patch.object(links, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        links.issue(officer=cast.kubar, by=cast.admin)
    cast.kubar.refresh_from_db()
    assert (cast.kubar.link_version, cast.kubar.link_expires_at) == (0, None)

    links.issue(officer=cast.kubar, by=cast.admin)
    cast.kubar.refresh_from_db()
    with mock.patch.object(sessions, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        sessions.choose_password(officer=cast.kubar, token=token_of(cast.kubar), password=NEW)
    cast.kubar.refresh_from_db()
    assert (cast.kubar.link_version, cast.kubar.has_usable_password()) == (1, False)
    assert cast.kubar.link_expires_at is not None


def test_link_is_not_logged(caplog, cast, client):
    import logging

    from config.logs import WithoutTokens

    links.issue(officer=cast.kubar, by=cast.admin)
    address = invitation(cast.kubar)
    record = logging.LogRecord("django", logging.WARNING, "", 0, "Forbidden: %s", (address,), None)

    WithoutTokens().filter(record)

    assert record.getMessage() == f"Forbidden: /akun/undangan/{cast.kubar.public_id}/…/"
