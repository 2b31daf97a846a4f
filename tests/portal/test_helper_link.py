"""The link that makes one phone a helper's phone, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.logs import WithoutTokens
from events.models import Device
from events.operations import devices
from events.queries.devices import device_for
from outbox.links import token_of
from outbox.operations import links
from portal import throttle


@pytest.fixture
def event(cast):
    return cast.event("Dialog di Barong Tongkok")


@pytest.fixture
def helper(cast, event):
    """(device, link, address) of a link that nobody has opened yet."""
    device, link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")
    return device, link, reverse("portal:door-claim", args=[token_of(link)])


def test_helper_link_shows_on_get_and_acts_once_on_post(client, helper):
    device, _link, address = helper

    page = client.get(address)
    html = page.content.decode()
    assert page.status_code == 200
    assert "Dialog di Barong Tongkok" in html
    assert "Bantu-1" in html
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert Device.objects.get().token_hash is None

    answer = client.post(address)
    door, _hash, token = answer["Location"].partition("#t=")
    assert (answer.status_code, door) == (302, reverse("door:shell"))
    assert device_for(token) == device

    for again in (client.post(address), client.get(address)):
        assert again.status_code == 410
        assert "#t=" not in again.content.decode()
    assert device_for(token) == device


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_helper_link_that_is_over_says_so_and_gives_nothing(cast, client, helper, how):
    device, _link, address = helper
    if how == "revoked":
        devices.revoke(device=device, by=cast.kubar)
    else:
        Device.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 410
        assert "Dialog di Barong Tongkok" not in answer.content.decode()
    assert Device.objects.get().token_hash is None


def test_helper_link_leads_the_phone_that_took_it_back_to_the_door_even_when_ended(cast, client, helper):
    """It may still hold what it has not sent."""
    device, _link, address = helper
    door = f'href="{reverse("door:shell")}"'
    client.post(address)
    used = client.get(address).content.decode()
    devices.revoke(device=device, by=cast.kubar)
    ended = client.get(address).content.decode()

    assert (door in used, door in ended) == (True, True)
    assert used != ended


def test_helper_link_of_another_purpose_and_unknown_ones_are_one_page(cast, client, event, helper):
    device, _link, _address = helper
    foreign = links.issue(
        purpose="consent_request",
        target=device.public_id,
        by=None,
        expires=timezone.now() + timedelta(days=1),
    )
    answers = [
        client.get(reverse("portal:door-claim", args=[token])) for token in (token_of(foreign), "x" * 43, "y")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_helper_link_guessing_has_to_wait(client, helper):
    for n in range(throttle.MISSES):
        client.get(reverse("portal:door-claim", args=[f"{n:043d}"]))

    assert client.post(helper[2]).status_code == 429
    assert Device.objects.get().token_hash is None


def test_helper_link_is_no_line_in_a_log(helper):
    import logging

    record = logging.LogRecord("django", logging.WARNING, "", 0, "Not Found: %s", (helper[2],), None)
    WithoutTokens().filter(record)

    assert helper[2] not in record.getMessage()
    assert "/pintu/" in record.getMessage()
