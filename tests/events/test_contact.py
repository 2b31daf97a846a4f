"""One tap to a guest's phone, and what the events know about one partner."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import Detail, Entry
from events.choices import Answer, EventState, PledgeChannel
from events.models import Attendance, Participant, Pledge, Scan
from events.operations import attendance, contacts, lifecycle, pledges
from events.queries.participation import exported
from events.queries.tallies import Tallies, tallies_of
from partners.lifecycle import registered
from partners.operations import opt_outs
from partners.operations.erasure import erase
from partners.opt_outs import handle_address, phone_address

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def event(cast):
    return cast.event(invited=["polres-bontang"])


@pytest.fixture
def sari(cast, event):
    partner = cast.partner(
        "Sari Wulandari",
        phone="+6281234567890",
        email="sari@contoh.example",
        handles=[("instagram", "sariw")],
    )
    return cast.guest(event, partner, Answer.YES)


def _address(guest):
    return f"/kegiatan/{guest.event.public_id}/tamu/{guest.public_id}/kontak/"


def test_contact_is_shown_with_a_call_and_whatsapp_and_is_on_record(cast, event, sari, sign_in):
    answer = sign_in("kubar").post(_address(sari), **HTMX)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="tel:+6281234567890"' in html
    assert 'href="https://wa.me/6281234567890"' in html
    assert "0812-3456-7890" in html
    assert "@sariw" in html
    entry = Entry.objects.order_by("pk").last()
    assert (entry.verb, entry.actor_id, entry.subject_public_id, entry.event_public_id) == (
        "partner.contact_revealed",
        cast.kubar.pk,
        sari.partner.public_id,
        event.public_id,
    )
    assert not Detail.objects.filter(entry=entry).exists()
    assert "no-store" in answer["Cache-Control"]


def test_contact_without_javascript_is_a_page(cast, sari, sign_in):
    html = sign_in("kubar").post(_address(sari)).content.decode()

    assert "<html" in html
    assert "0812-3456-7890" in html


def test_contact_of_a_partner_outside_the_scope_stays_hidden_at_a_shared_event(cast, sari, sign_in):
    """Polres Bontang is invited: it runs the door and reads names, but this partner is not its own."""
    client = sign_in("bontang")
    before = Entry.objects.count()
    assert (
        client.post(f"/kegiatan/{sari.event.public_id}/daftar-hadir/{sari.public_id}/hadir/").status_code
        == 302
    )

    answer = client.post(_address(sari))

    assert answer.status_code == 404
    assert b"6281234567890" not in answer.content
    assert not Entry.objects.filter(verb="partner.contact_revealed").exists()
    assert Entry.objects.count() == before + 1
    assert "/kontak/" not in client.get(f"/kegiatan/{sari.event.public_id}/daftar-hadir/").content.decode()


@pytest.mark.parametrize(
    ("username", "status"), [("berau", 404), ("diskominfo", 404), ("pimpinan", 403), ("privasi", 403)]
)
def test_contact_is_closed_to_others(cast, sari, sign_in, username, status):
    assert sign_in(username).post(_address(sari)).status_code == status
    assert not Entry.objects.filter(verb__contains="contact").exists()


def test_contact_is_a_post_and_names_its_event(cast, sari, sign_in):
    client = sign_in("kubar")
    other = cast.event("Lain")

    assert client.get(_address(sari)).status_code == 405
    assert (
        client.post(_address(sari).replace(str(sari.event.public_id), str(other.public_id))).status_code
        == 404
    )
    assert client.post(_address(sari).replace(str(sari.public_id), str(uuid.uuid4()))).status_code == 404


@pytest.mark.parametrize(
    ("left", "quiet", "closed"),
    [
        ("+6281234567890", phone_address("081234567890"), {"phone"}),
        ("@Rina.Sari", handle_address("instagram", "rina.sari"), {"@Rina.Sari"}),
        ("https://www.tiktok.com/@rina", handle_address("tiktok", "rina"), {"https://www.tiktok.com/@rina"}),
        ("@rina", handle_address("tiktok", "rina"), set()),
        ("bukan akun", handle_address("instagram", "rina"), set()),
    ],
)
def test_what_a_walk_in_left_says_that_its_owner_asked_for_quiet(cast, event, left, quiet, closed):
    opt_outs.remember([quiet])
    guest = Participant.objects.create(event=event, kind="walk_in", display_name="Rina", contact=left)

    assert contacts.reveal_walk_in(participant=guest, by=cast.kubar).closed == closed


def test_contact_that_a_walk_in_left_is_on_record_too(cast, event, sign_in):
    guest = attendance.walk_in(
        event=event, by=cast.kubar, consent="tonight", name="Rina", contact="0813-1111-2222"
    ).participant

    assert sign_in("bontang").post(_address(guest), **HTMX).status_code == 404
    assert not Entry.objects.filter(verb="participant.contact_revealed").exists()
    html = sign_in("kubar2").post(_address(guest), **HTMX).content.decode()

    assert 'href="tel:+6281311112222"' in html
    entry = Entry.objects.order_by("pk").last()
    assert (entry.verb, entry.object_public_id, entry.fields) == (
        "participant.contact_revealed",
        guest.public_id,
        ["contact"],
    )


def test_contact_of_who_left_none_is_404(cast, event, sign_in):
    guest = attendance.walk_in(event=event, by=cast.kubar, consent="anonymous").participant

    assert sign_in("kubar").post(_address(guest)).status_code == 404


# The partner's page


def _events_of(partner):
    return f"/kegiatan/mitra/{partner.public_id}/"


def test_partner_events_show_where_they_were_asked_and_came(cast, event, sari, sign_in):
    attendance.record(event=event, participant=sari, by=cast.kubar)
    missed = cast.event("Terlewat", state=EventState.DONE, starts_at=timezone.now() - timedelta(days=9))
    cast.guest(missed, sari.partner)
    hidden = cast.event("Milik Berau", host="polres-berau", co_hosts=[], region_id="64.03.05")
    cast.guest(hidden, sari.partner)

    html = sign_in("kubar").get(_events_of(sari.partner), **HTMX).content.decode()

    assert "<html" not in html
    assert html.index("Dialog Penguatan Kehumasan") < html.index("Terlewat")
    assert "state-good" in html
    assert "Milik Berau" not in html


def test_partner_events_say_nothing_about_pledges(cast, event, sari, sign_in):
    client = sign_in("kubar")
    before = client.get(_events_of(sari.partner)).content
    pledges.record(participant=sari, text=cast.pledge_text(), channel=PledgeChannel.SCREEN, by=cast.kubar)

    assert client.get(_events_of(sari.partner)).content == before


def test_partner_events_are_404_outside_the_scope(cast, sari, sign_in):
    """An invited unit sees the guest at the event, and still not the partner."""
    assert sign_in("bontang").get(_events_of(sari.partner)).status_code == 404
    assert sign_in("privasi").get(_events_of(sari.partner)).status_code == 403


# Leaving


def test_erasure_empties_the_person_and_leaves_the_counts(cast, event, sari):
    text = cast.pledge_text()
    attendance.record(event=event, participant=sari, by=cast.kubar)
    pledges.record(participant=sari, text=text, channel=PledgeChannel.SCREEN, by=cast.kubar)
    delegate = Participant.objects.create(
        event=event, kind="delegate", display_name="Wakil", delegate_for=sari, search_key=" wakil"
    )
    before = tallies_of(event)

    erase(partner=sari.partner)

    gone = Participant.objects.get(pk=sari.pk)
    assert (gone.partner, gone.display_name, gone.contact, gone.institution, gone.search_key) == (
        None,
        "",
        "",
        "",
        "",
    )
    assert Participant.objects.get(pk=delegate.pk).display_name == "Wakil"
    assert tallies_of(event) == before == Tallies(invited=1, confirmed=1, present=1, pledges=1)
    assert (Attendance.objects.count(), Pledge.objects.count(), Scan.objects.count()) == (1, 1, 2)


def test_erasure_of_one_leaves_the_others(cast, event, sari):
    budi = cast.guest(event, cast.partner("Budi"))

    lifecycle.erased(sari.partner)

    assert Participant.objects.get(pk=budi.pk).display_name == "Budi"


def test_move_changes_nothing_of_the_evening(cast, event, sari):
    lifecycle.moved(sari.partner, by=cast.bidhumas)

    assert Participant.objects.get(pk=sari.pk).unit == cast.unit("polres-kubar")


def test_export_holds_all_that_the_events_know(cast, event, sari):
    event.starts_at = cast.at(2024, 10, 21, 20, 0)
    event.save(update_fields=["starts_at"])
    attendance.record(event=event, participant=sari, by=cast.kubar, at=cast.at(2024, 10, 21, 19, 42))
    pledge = pledges.record(
        participant=sari,
        text=cast.pledge_text(),
        channel="paper",
        by=cast.kubar,
        at=cast.at(2024, 10, 21, 22, 0),
    ).pledge
    pledges.withdraw(pledge=pledge, by=None, at=cast.at(2024, 10, 23, 8, 0))
    cast.guest(cast.event("Milik Berau", host="polres-berau", co_hosts=[]), sari.partner)

    first, second = registered()["events.Participant.partner"].exported(sari.partner)

    assert first == {
        "event": "Dialog Penguatan Kehumasan",
        "starts_at": "2024-10-21T20:00+08:00",
        "as": "partner",
        "name": "Sari Wulandari",
        "answer": "yes",
        "present_at": "2024-10-21T19:42+08:00",
        "pledges": [
            {
                "text": "Komitmen bersama (v1)",
                "at": "2024-10-21T22:00+08:00",
                "how": "paper",
                "withdrawn_at": "2024-10-23T08:00+08:00",
            }
        ],
    }
    assert second["event"] == "Milik Berau"
    assert json.loads(json.dumps([first, second])) == exported(sari.partner)


def test_contact_of_a_person_erased_a_moment_ago_is_not_found(sari, sign_in, monkeypatch):
    def gone(partner):
        raise ValidationError("gone", code="gone")

    monkeypatch.setattr("partners.operations.consents.lock", gone)

    assert sign_in("kubar").post(_address(sari), **HTMX).status_code == 404
    assert not Entry.objects.filter(verb="partner.contact_revealed").exists()
