"""What becomes of a mark at the door when the list was changed behind the phone's back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from events.models import Participant, Scan
from events.operations import guests
from tests.browser.test_door import evening, phone

__all__ = ["evening", "phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_door_who_was_taken_off_the_list_after_the_mark_stays_to_be_seen(phone, evening, cast: Any) -> None:
    """Red before: the server knew nobody by that mark, and the phone forgot the name."""
    kubar = phone()
    kubar.open()
    kubar.offline()
    kubar.admit("Sari Wulandari")
    guests.remove(participant=Participant.objects.get(display_name="Sari Wulandari"), by=cast.bidhumas)

    kubar.sent()

    assert (Scan.objects.get().review_reason, Scan.objects.get().participant) == ("unknown", None)
    kubar.strip(waiting=0, present=0)
    expect(kubar.row("Sari Wulandari")).to_have_count(1)
    kubar.reopened()
    expect(kubar.row("Sari Wulandari")).to_have_count(1)
