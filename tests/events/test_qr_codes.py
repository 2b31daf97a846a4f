"""Codes of invitations: one for each guest, set-wise, following the date, gone with the invitation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from events.models import Participant
from events.operations import guests, qr, states
from events.queries.qr import address_of, expiry_of, live_code_of
from outbox.models import Link
from outbox.queries.links import resolve
from papers import rendering


@pytest.fixture
def event(cast):
    return cast.event()


@pytest.fixture
def sari(cast, event):
    return cast.guest(event, cast.partner("Sari Wulandari"))


def live(participant):
    link = live_code_of(participant)
    return None if link is None else link.version


def test_codes_are_made_once_for_all_guests(cast, event, sari):
    cast.guest(event, cast.partner("Ani"))
    guests.add_by_hand(event=event, by=cast.bidhumas, kind="official", name="Bupati")
    Participant.objects.create(event=event, kind="walk_in", display_name="Lewat")

    first = qr.issue_all(event=event, by=cast.kubar)
    again = qr.issue_all(event=event, by=cast.kubar)

    assert [person.display_name for person, _link in first] == ["Ani", "Sari Wulandari"]
    assert [link.pk for _person, link in first] == [link.pk for _person, link in again]
    token = address_of(first[1][1]).rstrip("/").rpartition("/")[2]
    assert resolve(token, "invitation_qr").target_public_id == sari.public_id
    assert resolve(token, "consent") is None
    assert first[0][1].expires_at == event.starts_at + timedelta(hours=12 + 48)
    lines = Entry.objects.filter(verb="link.issued").order_by("pk")
    assert [(line.subject_public_id, line.unit_id, line.fields) for line in lines] == [
        (person.public_id, event.host_unit_id, ["invitation_qr"]) for person, _link in first
    ]
    assert Entry.objects.filter(verb="qr_cards.exported").count() == 2


@pytest.mark.parametrize("people", [1, 3])
def test_codes_take_a_constant_number_of_statements(cast, event, people):
    for number in range(people):
        cast.guest(event, cast.partner(f"Tamu {number}"))

    with CaptureQueriesContext(connection) as asked:
        qr.issue_all(event=event, by=cast.kubar)
    assert len(asked) == 13


def test_code_of_a_new_guest_leaves_the_others_alone(cast, event, sari):
    qr.issue_all(event=event, by=cast.kubar)
    ani = cast.guest(event, cast.partner("Ani"))

    qr.issue_all(event=event, by=cast.kubar)

    assert (live(sari), live(ani), Link.objects.count()) == (1, 1, 2)


def test_code_replaced_takes_the_one_before_back(cast, sari):
    before = qr.issue(participant=sari, by=cast.kubar)
    assert qr.issue(participant=sari, by=cast.kubar).pk == before.pk

    after = qr.replace(participant=sari, by=cast.kubar)

    before.refresh_from_db()
    assert (after.version, live(sari), before.revoked_at is None) == (2, 2, False)
    assert address_of(after) != address_of(before)


def test_codes_go_with_the_invitation(cast, event, sari):
    guests.answer(
        participant=sari, answer="delegate", channel="phone", delegate_name="Dodi", by=cast.bidhumas
    )
    dodi = Participant.objects.get(display_name="Dodi")
    for person in (sari, dodi):
        qr.issue(participant=person, by=cast.kubar)

    guests.remove(participant=sari, by=cast.bidhumas)

    assert Link.objects.filter(revoked_at__isnull=True).count() == 0
    assert Link.objects.count() == 2


def test_codes_follow_the_date(cast, event, sari):
    code = qr.issue(participant=sari, by=cast.kubar)

    states.reschedule(event=event, by=cast.bidhumas, starts_at=event.starts_at + timedelta(days=9))

    code.refresh_from_db()
    assert code.expires_at == expiry_of(event) == event.starts_at + timedelta(hours=60)


@pytest.mark.parametrize(("kind", "code"), [("walk_in", "no_code"), ("personnel", "no_code")])
def test_code_is_for_invited_guests(cast, event, kind, code):
    person = Participant.objects.create(event=event, kind=kind, display_name="Lewat")

    with pytest.raises(ValidationError) as refused:
        qr.issue(participant=person, by=cast.kubar)

    assert (refused.value.code, Link.objects.count()) == (code, 0)


def test_codes_are_refused_without_guests_and_when_closed(cast, event, sari):
    empty = cast.event("Lain")
    with pytest.raises(ValidationError) as refused:
        qr.issue_all(event=empty, by=cast.kubar)
    assert refused.value.code == "nobody"

    event.state = "cancelled"
    event.save()
    with pytest.raises(ValidationError) as refused:
        qr.replace(participant=sari, by=cast.kubar)
    assert (refused.value.code, Link.objects.count()) == ("event_closed", 0)


def test_code_page_makes_shows_and_hands_out(event, sari, sign_in, monkeypatch):
    handed = []

    def render(layout, data, *, form="pdf", **more):
        handed.append((layout, data["name"], form))
        return b"%PDF" if form == "pdf" else b"\x89PNG"

    monkeypatch.setattr(rendering, "render", render)
    client, address = sign_in("kubar"), f"/kegiatan/{event.public_id}/tamu/{sari.public_id}/kode/"
    assert "guest-code-drawing" not in client.get(address).content.decode()

    client.post(f"{address}buat/")
    assert "<svg" in client.get(address).content.decode().split("guest-code-drawing")[1]

    card, picture = client.post(f"{address}kartu/"), client.post(f"{address}gambar/")
    assert handed == [("qr_card", "Sari Wulandari", "pdf"), ("qr_card", "Sari Wulandari", "png")]
    assert (card["Content-Type"], picture["Content-Type"]) == ("application/pdf", "image/png")
    assert picture["Content-Disposition"].endswith('.png"')
    assert "sari-wulandari" in picture["Content-Disposition"]
    lines = Entry.objects.filter(verb="qr_card.exported", object_public_id=sari.public_id)
    assert set(lines.values_list("subject_public_id", flat=True)) == {sari.partner.public_id}
    assert lines.count() == 2

    client.post(f"{address}ganti/")
    assert live(sari) == 2
