"""What becomes of a mark at the door when the list was changed behind the phone's back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from events.choices import ParticipantKind
from events.models import Attendance, Participant, Scan
from events.operations import attendance, delegations, devices, guests
from partners.models import Organization
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_door import Phone, evening, fine, here, phone

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


def test_door_number_that_another_storage_has_used_is_given_anew(
    visit: Callable[..., Visit], evening, cast: Any
) -> None:
    """One address opened in two browsers: both number from one, and no mark may be stuck for ever (red before)."""
    device, token = devices.register(event=evening, by=cast.kubar, kind="officer", label="Kubar-1")
    pair = []
    for name in ("Sari Wulandari", "Budi Santoso"):
        one = object.__new__(Phone)
        one.window, one.event, one.device = visit(width=PHONE), evening, device
        one.page = one.window.page
        one.page.goto(f"{one.window.home}/door/#t={token}")
        one.page.locator(".door-ready.is-whole").wait_for()
        one.open()
        one.offline()
        one.admit(name)
        pair.append(one)
    for one in pair:
        one.sent()
    late = pair[1]
    assert [fact["answer"]["code"] for fact in late.facts("rejected")] == ["sequence"]

    late.page.goto(f"{late.window.home}/door/#/kirim")
    late.page.locator(".queue-acts button").first.click()
    late.page.wait_for_timeout(200)
    late.sent()

    assert (here(evening), late.facts("rejected")) == (["Budi Santoso", "Sari Wulandari"], [])
    assert Attendance.objects.count() == 2


def test_door_is_shut_while_a_guest_holds_the_phone_and_opens_with_the_password(
    visit: Callable[..., Visit], evening, cast: Any
) -> None:
    """The page lies on the phone, where the server shuts nothing (red before: the list stood open)."""
    cast.kubar.set_password("kata-sandi-panjang")
    cast.kubar.save(update_fields=["password"])
    kubar = Phone(visit(cast.kubar, width=PHONE), evening, cast.kubar, "Kubar-1")
    page, context = kubar.page, kubar.window.context
    kubar.open()
    context.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    kubar.admit("Sari Wulandari")

    guest = context.new_page()
    partner = cast.partner("Tamu di meja")
    guest.goto(f"{kubar.window.home}{reverse('partners:consent-screen', args=[partner.public_id])}")
    guest.locator("button[value=yes]").click()
    guest.locator(".consent-thanks").wait_for()

    page.bring_to_front()
    page.locator("body[data-screen=held] h1").wait_for()
    fine(page)
    kubar.offline()
    page.reload()
    page.goto(f"{kubar.window.home}/door/#/e/{evening.public_id}")
    page.locator("body[data-screen=held] h1").wait_for()
    assert "Sari" not in page.locator("body").inner_text()
    assert len(kubar.facts("waiting")) == 1
    context.unroute("**/api/**")
    kubar.sent()
    assert here(evening) == ["Sari Wulandari"]

    page.locator("#door a").click()
    page.locator("input[type=password]").fill("kata-sandi-panjang")
    page.locator("input[type=password]").press("Enter")
    page.locator("body[data-screen=start]").wait_for()
    kubar.open()
    expect(kubar.row("Sari Wulandari")).to_have_count(1)


def test_door_name_of_a_delegate_that_others_marked_or_named_meanwhile_is_not_lost(
    phone, evening, cast: Any
) -> None:
    """Red before: a mark from elsewhere, or another name, swallowed what was typed."""
    seats = list(Participant.objects.filter(organization__isnull=False))
    seat = {"region_id": "64.07.07", "unit": cast.unit("polres-kubar")}
    amsi = Organization.objects.create(name="AMSI Kaltim", kind="association", **seat)
    seats.append(
        Participant.objects.create(
            event=evening, kind=ParticipantKind.DELEGATE, organization=amsi, institution=amsi.name, **seat
        )
    )
    kubar = phone()
    kubar.open()
    page = kubar.page

    kubar.row("PWI Kutai Barat").click()
    attendance.record(event=evening, participant=seats[0], by=cast.bidhumas)
    with page.expect_response(lambda answer: "/state" in answer.url):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    page.locator("#name").fill("Rudi Hartono")
    page.locator("form.door-form [type=submit]").click()
    expect(page.locator("#answer")).to_have_class("door-answer is-amber")
    kubar.next()

    kubar.offline()
    kubar.row("AMSI Kaltim").click()
    page.locator("#name").fill("Tuti Alawiyah")
    page.locator("form.door-form [type=submit]").click()
    kubar.next()
    delegations.name(participant=seats[1], name="Budi Waluyo", by=cast.bidhumas)
    kubar.sent()

    assert here(evening) == ["Budi Waluyo", "Rudi Hartono"]
    page.locator(".door-strip .is-rejected").wait_for()
    expect(kubar.row("Budi Waluyo")).to_have_count(1)
    page.locator(".door-strip").click()
    expect(page.locator(".queue-row b")).to_have_text("Tuti Alawiyah")
    for _press in range(2):
        page.locator(".queue-acts button").nth(1).click()
    expect(page.locator(".queue-row")).to_have_count(0)
    assert [fact.get("name") for fact in kubar.facts("sent")] == [None, None]
