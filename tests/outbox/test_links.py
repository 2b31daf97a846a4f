"""Personal links: made from a key, looked up by hash, revoked by a higher version."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import Entry
from outbox.links import TOKEN_LENGTH, address_of, hash_of, make, token_of
from outbox.models import Link
from outbox.operations import links
from outbox.queries.links import live_link_of, resolve


def issue(target, purpose="consent_request", days=14, by=None) -> Link:
    expires = timezone.now() + timedelta(days=days)
    return links.issue(purpose=purpose, target=target, by=by, expires=expires, unit_id=1)


def test_a_token_is_the_same_for_the_same_and_different_for_all_else(settings):
    target, other = uuid4(), uuid4()
    token = make("consent_request", target, 1)

    assert token == make("consent_request", target, 1)
    assert len(token) == TOKEN_LENGTH
    others = {
        make("answer", target, 1),
        make("consent_request", other, 1),
        make("consent_request", target, 2),
    }
    assert len({token, *others}) == 4
    settings.TOKEN_KEY = "another key altogether"
    assert make("consent_request", target, 1) != token


def test_only_the_hash_is_stored(cast):
    link = issue(uuid4(), by=cast.kubar)

    token = token_of(link)
    values = [str(value) for value in Link.objects.values_list().get()]
    assert token not in values
    assert (link.token_hash, link.created_by_id, link.version) == (hash_of(token), cast.kubar.pk, 1)
    assert address_of(link) == f"http://localhost:8000/s/{token}/"


def test_a_token_opens_its_own_purpose_only(db):
    link = issue(uuid4())

    assert resolve(token_of(link), "consent_request") == link
    assert resolve(token_of(link), "answer") is None
    assert resolve("x" * TOKEN_LENGTH, "consent_request") is None
    assert resolve(token_of(link)[:-1], "consent_request") is None


def test_a_new_version_revokes_the_one_before(db):
    target, other = uuid4(), uuid4()
    first, foreign = issue(target), issue(other)

    second = issue(target)

    assert second.version == 2
    assert resolve(token_of(first), "consent_request") is None
    assert resolve(token_of(second), "consent_request") == second
    assert resolve(token_of(foreign), "consent_request") == foreign
    assert live_link_of("consent_request", target) == second


def test_an_expired_link_opens_nothing(db):
    link = issue(uuid4(), days=-1)

    assert resolve(token_of(link), "consent_request") is None
    assert live_link_of("consent_request", link.target_public_id) is None


def test_revoking_takes_every_purpose_of_the_target(db):
    target = uuid4()
    issue(target)
    issue(target, purpose="answer")
    kept = issue(uuid4())

    assert links.revoke_all(target=target, by=None) == 2
    assert links.revoke_all(target=target, by=None) == 0
    assert list(Link.objects.filter(revoked_at__isnull=True)) == [kept]
    assert Entry.objects.filter(verb="link.revoked").count() == 1


def test_issuing_is_rolled_back_when_the_audit_fails(db, monkeypatch):
    first = issue(uuid4())

    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        issue(first.target_public_id)

    first.refresh_from_db()
    assert (Link.objects.count(), first.revoked_at) == (1, None)
