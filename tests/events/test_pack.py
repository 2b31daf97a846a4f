"""What a phone at the door is given: the list once, then what changed. Nothing that the door does not need."""

from __future__ import annotations

import gzip
import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import gettext as _

from events.choices import DeviceKind, ParticipantKind, ScanKind, ScanSource, WalkInConsent
from events.cursor import Cursor, cursor_from
from events.models import Attendance, Device, Participant, Scan
from events.operations import attendance, devices, guests, states
from events.queries.devices import devices_waiting
from events.queries.door import INVITATION_QR, SETTLED_AFTER, moment
from events.queries.qr import live_code_of
from outbox.operations import links
from outbox.queries.links import resolve
from partners.choices import ErasureReason, PartnerKind
from partners.operations import erasure
from tests.events.phones import Phone, close, code_of


@pytest.fixture
def sari(cast, event):
    person = cast.partner("Sari Wulandari", phone="+628120000001", email="sari@contoh.id")
    return cast.guest(event, person)


def _rows(answer, key="guests"):
    return {row[1]: row for row in answer.json()[key]}


def _settled(event):
    """As if a minute had passed: what is written before this is not repeated."""
    old = timezone.now() - SETTLED_AFTER * 2
    Participant.objects.filter(event=event).update(added_at=old)


# Who is let in


def test_pack_device_says_who_it_is_and_at_which_door(client, phone, event):
    answer = phone.get(client, "device")

    assert answer.status_code == 200
    said = answer.json()
    assert said["device"]["label"] == "Kubar-1"
    assert said["event"] == {
        "id": str(event.public_id),
        "title": event.title,
        "venue": "Raini's Koffie",
        "starts_at": event.starts_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "timezone": "Asia/Makassar",
        "zone": "WITA",
        "state": "published",
    }


@pytest.mark.parametrize("path", ["device", "pack", "state"])
def test_pack_strangers_and_ended_phones_read_nothing(client, cast, phone, path):
    other = Phone.holding(phone.device, "x" * 43)
    assert other.get(client, path).status_code == 401
    assert other.get(client, path).json()["code"] == "device"
    assert client.get(f"/api/v1/events/{phone.device.event.public_id}/pack").status_code == 401
    assert set(other.get(client, path).json()) == {"code", "sentence"}

    Device.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (phone.get(client, path).status_code, phone.get(client, path).json()["code"]) == (403, "expired")

    devices.revoke(device=phone.device, by=cast.kubar)
    assert (phone.get(client, path).status_code, phone.get(client, path).json()["code"]) == (403, "revoked")


@pytest.mark.parametrize("path", ["pack", "state"])
def test_pack_of_another_event_answers_like_none(client, cast, phone, path):
    neighbours = cast.event(host="polres-berau", co_hosts=[])
    cast.guest(neighbours, cast.partner("Budi Rahasia", unit="polres-berau"))
    agency = cast.event(host="diskominfo-kalbar", co_hosts=[])
    nothing = cast.event()
    missing = nothing.public_id
    nothing.delete()
    nothing.public_id = missing

    answers = [phone.get(client, path, event=one) for one in (nothing, neighbours, agency)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "not_found"


def test_pack_unknown_addresses_and_bad_input_answer_in_json(client, phone, event):
    header = {"Authorization": f"Bearer {phone.token}"}

    assert client.get("/api/v1/nothing/here").json()["code"] == "not_found"
    assert client.get("/api/v1/").json()["code"] == "not_found"
    other = client.post("/api/v1/device", headers=header)
    assert (other.status_code, other.json()["code"], other["Allow"]) == (405, "method", "GET")
    assert client.get("/api/v1/device", headers={"Authorization": "Basic eDp5"}).status_code == 401
    described = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/device", "/api/v1/events/{public_id}/pack", "/api/v1/events/{public_id}/state"} <= set(
        described["paths"]
    )


def test_pack_session_of_an_officer_opens_nothing(sign_in, phone):
    assert sign_in("kubar").get(f"/api/v1/events/{phone.device.event.public_id}/pack").status_code == 401


# The list


def test_pack_carries_seats_and_codes_and_nothing_else_personal(client, cast, event, sari, phone):
    media = cast.guest(event, cast.partner("Rani Pewarta", kind=PartnerKind.JOURNALIST))
    link = links.issue(
        purpose=INVITATION_QR,
        target=sari.public_id,
        by=None,
        expires=timezone.now() + timedelta(days=1),
    )
    old = links.issue(
        purpose=INVITATION_QR, target=media.public_id, by=None, expires=timezone.now() - timedelta(days=1)
    )
    Participant.objects.create(
        event=event, kind="personnel", rank="Aipda", display_name="Joko", unit=cast.unit("polres-kubar")
    )
    Participant.objects.create(event=event, kind="delegate", institution="KNPI Kutai Barat")
    Participant.objects.create(
        event=event,
        kind="walk_in",
        display_name="Tamu Malam",
        contact="081299990000",
        walk_in_consent="tonight",
    )

    answer = phone.get(client, "pack")

    rows = _rows(answer)
    assert rows["Sari Wulandari"] == [
        sari.public_id.hex,
        "Sari Wulandari",
        "",
        "guest",
        link.token_hash[:16],
        None,
        None,
    ]
    assert rows["Rani Pewarta"][3:5] == ["press", None]
    assert rows["Aipda Joko"][2:4] == ["Polres Kubar", "personnel"]
    assert rows[""][2:4] == ["KNPI Kutai Barat", "delegate"]
    assert len(rows) == 5
    assert old.token_hash[:16] not in answer.content.decode()
    for secret in (
        "8120000001",
        "81299990000",
        "contoh.id",
        "email",
        "phone",
        "consent",
        link.token_hash[:20],
    ):
        assert secret not in answer.content.decode()
    assert answer.json()["pledge"]["points"] == ["Memeriksa kabar sebelum membagikannya."]
    assert answer["Cache-Control"] == "private, no-store"
    assert Device.objects.get().prepared_at is not None


def test_pack_names_who_marked_by_phone_or_by_officer(client, cast, event, sari, phone):
    budi = cast.guest(event, cast.partner("Budi"))
    attendance.record(event=event, participant=budi, by=cast.kubar2)
    scan = _scan(event, sari, phone.device, 1)
    Attendance.objects.create(participant=sari, event=event, scan=scan, at=scan.at, by_id=None)

    rows = _rows(phone.get(client, "pack"))

    assert rows["Budi"][6] == "Petugas Kubar2"
    assert rows["Sari Wulandari"][6] == "Kubar-1"
    assert rows["Sari Wulandari"][5].endswith("Z")


def test_pack_leaves_out_the_erased_and_walk_ins_who_are_not_there(client, cast, event, sari, phone):
    came = attendance.walk_in(event=event, by=cast.kubar, consent=WalkInConsent.ANONYMOUS)
    left = attendance.walk_in(event=event, by=cast.kubar, consent=WalkInConsent.ANONYMOUS)
    attendance.undo(participant=left.participant, by=cast.kubar)
    erasure.erase(partner=sari.partner, by=None, reason=ErasureReason.ASKED)

    answer = phone.get(client, "pack")

    assert [row[0] for row in answer.json()["guests"]] == [came.participant.public_id.hex]
    assert answer.json()["guests"][0][1] != ""


def test_pack_queries_do_not_grow_with_the_guests(
    client, cast, event, sari, phone, django_assert_num_queries
):
    other = Phone(event, cast.kubar, "Meja", DeviceKind.KIOSK)
    _come(cast, event, sari, phone.device, 1)
    with django_assert_num_queries(8):
        one = phone.get(client, "pack")
    for n, device in enumerate((other.device, phone.device)):
        guest = cast.guest(event, cast.partner(f"Tamu {n}"))
        _come(cast, event, guest, device, n + 2)
    with django_assert_num_queries(8):
        three = phone.get(client, "pack")

    assert (len(one.json()["guests"]), len(three.json()["guests"])) == (1, 3)


def test_pack_is_compressed_for_who_takes_it(client, cast, event, phone):
    Participant.objects.bulk_create(
        [Participant(event=event, kind=ParticipantKind.PARTNER, display_name=f"Tamu {n}") for n in range(50)]
    )

    packed = phone.get(client, "pack", **{"Accept-Encoding": "gzip, br"})
    plain = phone.get(client, "pack")

    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert json.loads(gzip.decompress(packed.content))["guests"] == plain.json()["guests"]


# What changed


def test_state_tells_what_changed_since_and_no_more(client, cast, event, sari, phone):
    _settled(event)
    cursor = phone.get(client, "pack").json()["cursor"]
    assert phone.get(client, f"state?since={cursor}").json()["rows"] == []

    budi = cast.partner("Budi Santoso")
    guests.invite(event=event, partners=[budi], by=cast.bidhumas)
    new = Participant.objects.get(partner=budi)
    answer = phone.get(client, f"state?since={cursor}").json()
    assert [row[1] for row in answer["rows"]] == ["Budi Santoso"]
    assert answer["counts"] == {
        "present": 0,
        "invited": 2,
        "walk_ins": 0,
        "officials": 0,
        "personnel": 0,
        "pledged": 0,
    }

    _come(cast, event, sari, phone.device, 1)
    answer = phone.get(client, f"state?since={cursor}").json()
    assert {row[1]: row[6] for row in answer["rows"]} == {"Budi Santoso": None, "Sari Wulandari": "Kubar-1"}
    assert answer["counts"]["present"] == 1

    guests.remove(participant=new, by=cast.bidhumas)
    erasure.erase(partner=sari.partner, by=None, reason=ErasureReason.ASKED)
    answer = phone.get(client, f"state?since={cursor}").json()
    assert answer["rows"] == []
    assert answer["gone"] == sorted([new.public_id.hex, sari.public_id.hex])


def test_state_takes_the_name_of_an_erased_walk_in_and_their_code_off_the_phone(
    client, cast, event, sari, phone
):
    code = code_of(sari)
    came = attendance.walk_in(
        event=event, by=cast.kubar, name="Budi", contact="0812 1111 2222", consent=WalkInConsent.KEEP
    ).participant
    _settled(event)
    with time_machine.travel(timezone.now() + 2 * SETTLED_AFTER, tick=False):
        cursor = phone.get(client, "pack").json()["cursor"]
        assert phone.get(client, f"state?since={cursor}").json()["rows"] == []

        for person in (came, sari):
            erasure.erase(partner=person.partner, by=None, reason=ErasureReason.ASKED)
        answer = phone.get(client, f"state?since={cursor}").json()

    assert [row[:2] for row in answer["rows"]] == [[came.public_id.hex, _("Guest without a name")]]
    assert answer["gone"] == [sari.public_id.hex]
    assert live_code_of(sari) is None
    assert resolve(code, "invitation_qr") is None


def test_state_repeats_what_is_not_settled_and_then_forgets_it(client, event, sari, phone):
    fresh = phone.get(client, "pack").json()["cursor"]
    assert [row[1] for row in phone.get(client, f"state?since={fresh}").json()["rows"]] == ["Sari Wulandari"]

    with time_machine.travel(timezone.now() + SETTLED_AFTER * 2, tick=False):
        later = phone.get(client, f"state?since={fresh}").json()["cursor"]
        assert phone.get(client, f"state?since={later}").json()["rows"] == []


def test_state_begins_again_where_the_database_is_older_than_the_phone(client, event, sari, phone):
    """Put back from a backup: the keys begin anew below what the phone has read, and what is written under them would
    not be seen (red before). A guest who left the list, or a code that was deleted, is no such thing."""
    _settled(event)
    with time_machine.travel(timezone.now() + 2 * SETTLED_AFTER, tick=False):
        now = cursor_from(phone.get(client, "pack").json()["cursor"])
        assert now.entry and now.participant

        def told(**ahead):
            answer = phone.get(client, f"state?since={replace(now, **ahead)}").json()
            assert cursor_from(answer["cursor"]) == now
            return [row[1] for row in answer["rows"]]

        assert told() == []
        assert told(entry=now.entry + 1) == told(scan=now.scan + 1) == ["Sari Wulandari"]
        assert told(participant=now.participant + 1) == told(link=now.link + 1) == []


def test_state_reports_a_new_code_and_a_named_delegate(client, cast, event, sari, phone):
    _settled(event)
    cursor = phone.get(client, "pack").json()["cursor"]
    elsewhere = cast.guest(cast.event("Lain"), cast.partner("Orang Lain"))
    for person in (sari, elsewhere):
        links.issue(
            purpose=INVITATION_QR,
            target=person.public_id,
            by=None,
            expires=timezone.now() + timedelta(days=1),
        )

    answer = phone.get(client, f"state?since={cursor}").json()

    assert [row[1] for row in answer["rows"]] == ["Sari Wulandari"]
    assert answer["rows"][0][4] is not None
    assert answer["gone"] == []


@pytest.mark.parametrize("text", ["", "x", "1.2.3.4", "９" * 64, "=" * 64, "A" * 64, "A" * 63, "é"])
def test_state_reads_a_cursor_or_begins_again(text):
    assert cursor_from(text) == Cursor()


def test_state_cursor_shows_nothing_and_is_nobody_elses(client, phone, settings):
    """Red before: the keys of the audit and of the links stood in the address."""
    cursor = Cursor(12, 3, 4, 2**63 - 1)
    text = str(cursor)
    assert cursor_from(text) == cursor
    assert (str(cursor), len(text)) == (text, 64)
    # Whoever changes any of it begins from the start; the next key has nothing in common with it.
    assert {cursor_from(f"{text[:at]}{'AB'[text[at] == 'A']}{text[at + 1 :]}") for at in range(64)} == {
        Cursor()
    }
    alike = sum(one == other for one, other in zip(text, str(Cursor(13, 3, 4, 2**63 - 1)), strict=True))
    assert alike < 16
    settings.SECRET_KEY = "x" * 50
    assert cursor_from(text) == Cursor()
    assert phone.get(client, f"state?since={text}").status_code == 200
    assert phone.get(client, f"state?since={'9' * 40}.0.0.0").status_code == 200


def test_state_says_until_when_the_phone_is_admitted(client, cast, event, phone):
    """The event was given another date (red before: only a new list said so)."""
    before = phone.get(client, "state").json()["device"]["expires_at"]
    states.postpone(event=event, by=cast.bidhumas, starts_at=timezone.now() + timedelta(days=9))

    told = phone.get(client, "state").json()["device"]

    assert told["expires_at"] == moment(phone.reload().expires_at) > before
    assert (told["label"], told["id"]) == ("Kubar-1", str(phone.device.public_id))


def test_state_says_when_the_list_is_closed(client, cast, event, phone):
    assert phone.get(client, "state").json()["closed"] is False
    close(event, "cancelled")

    assert phone.get(client, "state").json()["closed"] is True


def test_state_counts_the_phones_that_still_hold_something(cast, event, sari, phone):
    def mark(**fields):
        Device.objects.filter(pk=phone.device.pk).update(**fields)
        return devices_waiting(event)

    assert mark(waiting=3) == 0  # never prepared: nobody waits for it
    devices.note_call(device=phone.device, prepared=True)
    assert mark(waiting=3) == 1
    assert mark(waiting=0) == 0
    # Said that it holds nothing, and was not heard of since: it may be noting guests (red before).
    assert mark(last_seen_at=timezone.now() - timedelta(minutes=11)) == 1
    assert mark(last_seen_at=timezone.now() - timedelta(minutes=9)) == 0
    # A number that never came was refused, and the phone shows it: nobody waits for it.
    assert mark(last_sequence=2) == 0
    assert mark(waiting=1, expires_at=timezone.now()) == 0
    assert mark(expires_at=timezone.now() + timedelta(hours=1)) == 1
    devices.revoke(device=phone.device, by=cast.kubar)
    assert mark() == 0


def _scan(event, participant, device, sequence):
    return Scan.objects.create(
        client_uuid=uuid.uuid4(),
        event=event,
        participant=participant,
        kind=ScanKind.PRESENT,
        source=ScanSource.DOOR,
        at=timezone.now(),
        device_id=device.public_id,
        device_sequence=sequence,
    )


def _come(cast, event, participant, device, sequence):
    scan = _scan(event, participant, device, sequence)
    Attendance.objects.create(
        participant=participant, event=event, scan=scan, at=scan.at, by_id=cast.kubar.pk
    )
