"""What a browser shows of a code: the same for every code, so that posting or guessing one tells nothing."""

from __future__ import annotations

import pytest

from events.operations import qr
from outbox.links import token_of
from portal import throttle


@pytest.fixture
def tokens(cast):
    event = cast.event()
    sari, ani = (cast.guest(event, cast.partner(name)) for name in ("Sari Wulandari", "Ani"))
    old = qr.issue(participant=ani, by=cast.kubar)
    qr.replace(participant=ani, by=cast.kubar)
    return {
        "live": token_of(qr.issue(participant=sari, by=cast.kubar)),
        "revoked": token_of(old),
        "unknown": "x" * 43,
    }


def test_qr_page_is_the_same_for_every_code(client, tokens, django_assert_num_queries):
    with django_assert_num_queries(0):
        answers = {kind: client.get(f"/q/{token}/") for kind, token in tokens.items()}

    assert {response.status_code for response in answers.values()} == {200}
    assert len({response.content for response in answers.values()}) == 1
    headers = [
        {k: v for k, v in one.items() if k not in ("Expires", "Content-Security-Policy")}
        for one in answers.values()
    ]
    assert headers[0] == headers[1] == headers[2]
    page = answers["live"].content.decode()
    assert "Sari" not in page and "Dialog" not in page
    assert "noindex" in answers["live"]["X-Robots-Tag"]
    assert client.post(f"/q/{tokens['live']}/").status_code == 405


def test_qr_page_lets_nobody_guess_for_long_and_the_waiting_tells_nothing(client, tokens, monkeypatch):
    monkeypatch.setattr(throttle, "CALLS", 3)

    found = [
        client.get(f"/q/{tokens[kind]}/").status_code
        for kind in ("live", "unknown", "live", "live", "unknown")
    ]

    assert found == [200, 200, 200, 429, 429]
    elsewhere = client.get(f"/q/{tokens['live']}/", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 200
