"""Phones at the door: who may admit one, until when, and what ends it. The token itself is stored nowhere."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.operations import officers
from audit import visibility
from audit.models import Entry
from events.choices import DeviceKind, EventState
from events.models import Device, Event, Scan
from events.operations import devices, door, events, states, units
from events.queries.devices import (
    EXPIRED,
    HELPER_LINK,
    LIVE,
    QUIET,
    REVOKED,
    HeardUntil,
    device_by_link,
    device_figures,
    device_for,
    devices_of,
    devices_visible_to,
    devices_waiting,
    expiry_of,
    free_label,
    heard_until,
    is_unheard,
    state_of,
)
from events.queries.qr import expiry_of as code_expiry_of
from outbox.links import token_of
from outbox.models import Link
from tests.events.phones import batch_of
from tests.events.threads import together


@pytest.fixture
def event(cast):
    return cast.event()


@pytest.fixture
def neighbours(cast):
    """What could leak: phones at a door in Berau, and at one of the agency's."""
    berau = cast.event("Di Berau", host="polres-berau", co_hosts=[], region_id="64.03.05")
    agency = cast.event("Di Pontianak", host="diskominfo-kalbar", co_hosts=[], region_id="61.71")
    return [
        devices.register(event=berau, by=cast.berau, kind=DeviceKind.OFFICER, label="HP Berau")[0],
        devices.invite_helper(event=agency, by=cast.diskominfo, label="HP Dinas")[0],
    ]


def _register(cast, event, label="Kubar-1", by="kubar", kind=DeviceKind.OFFICER):
    return devices.register(event=event, by=cast.officers[by], kind=kind, label=label)


def _claim(link):
    return reverse("portal:door-claim", args=[token_of(link)])


def _codes(refused):
    error = refused.value
    groups = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return [one.code for group in groups for one in group]


# Admitted


def test_device_token_opens_and_only_its_hash_is_stored(cast, event):
    device, token = _register(cast, event)

    assert len(token) == 43
    assert device_for(token) == device
    assert device_for(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert device_for("") is None
    stored = [str(value) for row in Device.objects.values_list() for value in row]
    assert hashlib.sha256(token.encode()).hexdigest() in stored
    assert token not in " ".join(stored)
    assert [entry.verb for entry in Entry.objects.all()] == ["device.registered"]
    assert (Entry.objects.get().event_public_id, Entry.objects.get().unit_id) == (
        event.public_id,
        event.host_unit_id,
    )


def test_device_lookup_is_one_query_with_its_event(cast, event, django_assert_num_queries):
    _device, token = _register(cast, event)

    with django_assert_num_queries(1):
        assert device_for(token).event.title == event.title


def test_device_name_stands_once_at_an_event(cast, event):
    _register(cast, event, " Kubar-1 ")
    with pytest.raises(ValidationError) as refused:
        _register(cast, event, "kubar-1", by="kubar2")
    assert _codes(refused) == ["label_taken"]
    for label, code in (("", "required"), ("x" * 41, "max_length")):
        with pytest.raises(ValidationError) as refused:
            _register(cast, event, label)
        assert _codes(refused) == [code]
    _register(cast, cast.event("Lain"))

    assert Device.objects.filter(label="Kubar-1").count() == 2
    assert free_label(event, cast.kubar) == "Kubar-2"
    assert free_label(event, cast.berau) == "Berau-1"


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.REPORTED])
def test_device_is_refused_where_the_event_is_closed(cast, state):
    with pytest.raises(ValidationError) as refused:
        _register(cast, cast.event(state=state))
    assert _codes(refused) == ["event_closed"]


def test_device_that_was_taken_off_leaves_its_place(cast, event, monkeypatch):
    monkeypatch.setattr(devices, "MOST", 2)
    first, _token = _register(cast, event)
    _register(cast, event, "Kubar-2")
    with pytest.raises(ValidationError) as refused:
        _register(cast, event, "Kubar-3")
    assert _codes(refused) == ["too_many"]

    devices.revoke(device=first, by=cast.kubar)

    assert state_of(_register(cast, event, "Kubar-3")[0]) == LIVE


def test_device_is_refused_long_after_the_event(cast):
    with pytest.raises(ValidationError) as refused:
        _register(cast, cast.event(starts_at=timezone.now() - timedelta(hours=36, minutes=1)))
    assert _codes(refused) == ["over"]


def test_device_registering_is_all_or_nothing(cast, event, monkeypatch):
    def fails(**_said):
        raise IntegrityError

    monkeypatch.setattr(devices, "record", fails)
    with pytest.raises(IntegrityError):
        devices.invite_helper(event=event, by=cast.kubar, label="Bantu")

    assert (Device.objects.count(), Link.objects.count()) == (0, 0)


# Until when


@pytest.mark.parametrize(
    ("zone", "region", "hour"),
    [("Asia/Pontianak", "61.71", 13), ("Asia/Makassar", "64.07.07", 12), ("Asia/Jayapura", "91.71", 11)],
)
def test_device_ends_a_day_after_the_event_in_every_zone(cast, zone, region, hour):
    """20.00 by the clock of the place, in WIB, WITA and WIT."""
    starts = datetime(2024, 10, 21, hour, tzinfo=UTC)
    event = cast.event(region_id=region, timezone=zone, starts_at=starts, ends_at=starts + timedelta(hours=3))
    with time_machine.travel(starts - timedelta(hours=1), tick=False):
        device, token = _register(cast, event)
    over = starts + timedelta(hours=27)

    assert device.expires_at == over
    assert state_of(device_for(token), over - timedelta(seconds=1)) == LIVE
    assert state_of(device_for(token), over) == EXPIRED


def test_device_of_an_open_end_or_without_a_date(cast):
    now = timezone.now()
    assert expiry_of(cast.event(starts_at=now)) == now + timedelta(hours=36)
    assert expiry_of(cast.event(state=EventState.DRAFT, starts_at=None), now) == now + timedelta(hours=48)
    some_time_that_day = cast.event(starts_at=now, has_time=False)
    assert expiry_of(some_time_that_day) == now + timedelta(hours=48)
    assert code_expiry_of(some_time_that_day) == now + timedelta(hours=72)


def test_device_of_an_event_that_was_called_off_ends_a_day_later(cast):
    """Not weeks later, a day after an evening that never was: nobody needs the names any more."""
    event = cast.event(starts_at=timezone.now() + timedelta(weeks=3))
    device, _token = _register(cast, event)
    helper, link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")

    with time_machine.travel(timezone.now(), tick=False):
        states.cancel(event=event, by=cast.bidhumas, reason="Hujan")
        over = timezone.now() + timedelta(hours=24)

    for row in (device, helper, link):
        row.refresh_from_db()
        assert row.expires_at == over


def test_device_follows_the_hour_of_the_event_too(cast):
    starts = timezone.now() + timedelta(days=2)
    event = cast.event(starts_at=starts, has_time=False)
    device, _token = _register(cast, event)
    assert device.expires_at == starts + timedelta(hours=48)

    states.reschedule(event=event, by=cast.bidhumas, starts_at=starts, has_time=True)

    device.refresh_from_db()
    assert device.expires_at == starts + timedelta(hours=36)


def test_device_and_its_link_follow_the_date_of_the_event(cast, event):
    device, _link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")
    taken, _token = _register(cast, event)
    devices.revoke(device=taken, by=cast.kubar)
    ended = taken.expires_at
    later = timezone.now() + timedelta(days=9)

    states.postpone(event=event, by=cast.bidhumas, starts_at=later)

    device.refresh_from_db()
    taken.refresh_from_db()
    assert device.expires_at == later + timedelta(hours=36)
    assert Link.objects.get(target_public_id=device.public_id).expires_at == device.expires_at
    assert taken.expires_at == ended
    draft = cast.event("Rancangan", state=EventState.DRAFT)
    device, _token = _register(cast, draft)
    events.update(event=draft, by=cast.bidhumas, ends_at=draft.starts_at + timedelta(hours=2))
    device.refresh_from_db()
    assert device.expires_at == draft.starts_at + timedelta(hours=26)


# A helper


def test_device_of_a_helper_is_claimed_once(cast, event):
    device, link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")
    assert device.token_hash is None
    assert device_by_link(token_of(link)) == (link, device)

    token = devices.claim(device=device, link=link)

    assert state_of(device_for(token)) == LIVE
    link.refresh_from_db()
    assert link.used_at is not None
    with pytest.raises(ValidationError) as refused:
        devices.claim(device=device, link=link)
    assert _codes(refused) == ["claimed"]
    verbs = list(Entry.objects.order_by("pk").values_list("verb", "actor_id"))
    assert verbs == [
        ("link.issued", cast.kubar.pk),
        ("device.invited", cast.kubar.pk),
        ("device.claimed", None),
    ]


def test_device_of_a_helper_is_not_claimed_after_its_time_or_taken_back(cast, event):
    late, late_link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")
    taken, taken_link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-2")
    Device.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    devices.revoke(device=taken, by=cast.kubar)

    for device, link, code in ((late, late_link, EXPIRED), (taken, taken_link, REVOKED)):
        with pytest.raises(ValidationError) as refused:
            devices.claim(device=device, link=link)
        assert _codes(refused) == [code]
    assert not Device.objects.filter(token_hash__isnull=False).exists()


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.REPORTED])
def test_device_of_a_helper_is_not_claimed_once_the_list_is_closed(cast, client, event, sign_in, state):
    device, link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")
    Event.objects.filter(pk=event.pk).update(state=state)

    with pytest.raises(ValidationError) as refused:
        devices.claim(device=Device.objects.get(pk=device.pk), link=link)
    answers = [getattr(client, how)(_claim(link)) for how in ("get", "post")]
    page = sign_in("kubar").get(_at("device-link", event.public_id, device.public_id))

    assert _codes(refused) == ["event_closed"]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert token_of(link) not in page.content.decode()
    assert not Device.objects.filter(token_hash__isnull=False).exists()


def test_device_link_opened_on_ten_phones_at_once_admits_one(real):
    device, link = devices.invite_helper(event=real.event(), by=real.kubar, label="Bantu-1")

    found = together([lambda: devices.claim(device=Device.objects.get(pk=device.pk), link=link)] * 10)

    tokens = [one for one in found if isinstance(one, str)]
    refused = [one.code for one in found if not isinstance(one, str)]
    assert (len(tokens), refused) == (1, ["claimed"] * 9)
    assert device_for(tokens[0]) == device


# The end


def test_device_is_revoked_once_and_still_known(cast, event):
    device, token = _register(cast, event)

    devices.revoke(device=device, by=cast.bidhumas)
    devices.revoke(device=device, by=cast.kubar)

    assert state_of(device_for(token)) == REVOKED
    assert device_for(token).revoked_by_id == cast.bidhumas.pk
    assert Entry.objects.filter(verb="device.revoked").count() == 1


@pytest.mark.parametrize("how", ["moved", "switched off", "may do less"])
def test_device_ends_with_its_officer(cast, event, how):
    mine, _token = _register(cast, event)
    asked, link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-1")
    _register(cast, event, "Kubar-2", by="kubar2")
    over, _token = _register(cast, event, "Lama")
    Device.objects.filter(pk=over.pk).update(expires_at=timezone.now())

    if how == "moved":
        officers.update(officer=cast.kubar, by=cast.admin, unit=cast.unit("polres-berau"))
    elif how == "may do less":
        officers.update(officer=cast.kubar, by=cast.admin, role=Role.ORGANIZER)
        assert not Device.objects.filter(revoked_at__isnull=False).exists()
        officers.update(officer=cast.kubar, by=cast.admin, role=Role.VIEWER)
    else:
        officers.deactivate(officer=cast.kubar, by=cast.admin)

    revoked = set(Device.objects.filter(revoked_at__isnull=False).values_list("label", flat=True))
    assert revoked == {mine.label, asked.label}
    assert Device.objects.get(pk=mine.pk).revoked_by_id == cast.admin.pk
    link.refresh_from_db()
    assert link.revoked_at is not None


def test_device_ends_when_its_unit_is_taken_off_the_event(cast):
    event = cast.event(co_hosts=["polres-kubar", "polres-berau"])
    kubar, _token = _register(cast, event)
    berau, _token = _register(cast, event, "Berau-1", by="berau")

    units.set_units(event=event, by=cast.bidhumas, co_hosts=[cast.unit("polres-berau")])

    kubar.refresh_from_db()
    berau.refresh_from_db()
    assert (state_of(kubar), state_of(berau)) == (REVOKED, LIVE)
    events.update(event=event, by=cast.bidhumas, co_hosts=[], invited_units=[])
    berau.refresh_from_db()
    assert state_of(berau) == REVOKED


# What a call leaves


def test_device_call_is_one_statement_and_the_sequence_only_grows(cast, event, django_assert_num_queries):
    device, _token = _register(cast, event)

    with django_assert_num_queries(1):
        devices.note_call(device=device, waiting=5, last_sequence=40, clock_offset_ms=-7, client_version="1")
    devices.note_call(device=device, waiting=2, last_sequence=12, prepared=True)
    devices.note_call(device=device, waiting=-4)

    device.refresh_from_db()
    assert (device.waiting, device.last_sequence, device.clock_offset_ms) == (0, 40, -7)
    assert device.client_version == "1"
    assert device.prepared_at is not None


# Who sees


def test_device_is_seen_by_who_runs_that_door_alone(cast, event, neighbours):
    device, _token = _register(cast, event)
    seen = {
        name: set(devices_visible_to(cast.officers[name]).values_list("label", flat=True))
        for name in ("kubar", "bidhumas", "divhumas", "berau", "diskominfo", "pimpinan", "admin", "privasi")
    }

    assert seen == {
        "kubar": {"Kubar-1"},
        "bidhumas": {"Kubar-1", "HP Berau"},
        "divhumas": {"Kubar-1", "HP Berau"},
        "berau": {"HP Berau"},
        "diskominfo": {"HP Dinas"},
        "pimpinan": set(),
        "admin": set(),
        "privasi": set(),
    }
    assert visibility.may_see(cast.kubar, device.public_id)
    assert not visibility.may_see(cast.berau, device.public_id)


def _at(name, *args):
    return reverse(f"events:{name}", args=args)


def test_device_pages_of_neighbours_are_not_there(cast, event, neighbours, sign_in):
    device, _token = _register(cast, event)
    berau, agency = sign_in("berau"), sign_in("diskominfo")

    for client in (berau, agency):
        for name in ("device-list", "device-register", "device-invite"):
            assert client.get(_at(name, event.public_id)).status_code == 404
        for name in ("device-link", "device-revoke"):
            assert client.get(_at(name, event.public_id, device.public_id)).status_code == 404
    kubar = sign_in("kubar")
    for other in neighbours:
        assert kubar.post(_at("device-revoke", event.public_id, other.public_id)).status_code == 404
    assert not Device.objects.filter(revoked_at__isnull=False).exists()


def test_device_list_shows_its_own_phones_in_a_constant_number_of_queries(cast, event, neighbours, sign_in):
    _register(cast, event)
    client = sign_in("kubar")
    client.get(_at("device-list", event.public_id))
    counts = []
    for labels in ((), ("Kubar-2", "X" * 40)):
        for label in labels:
            _register(cast, event, label, by="kubar2")
        with CaptureQueriesContext(connection) as queries:
            html = client.get(_at("device-list", event.public_id)).content.decode()
        counts.append(len(queries))

    assert counts == [6, 6]
    assert html.count('id="device-') == 3
    assert "X" * 40 in html
    assert "HP Berau" not in html
    assert "HP Dinas" not in html


def test_device_registering_page_leads_to_the_door_with_the_token_behind_the_hash(cast, event, sign_in):
    client = sign_in("kubar")
    page = client.get(_at("device-register", event.public_id)).content.decode()
    assert 'value="Kubar-1"' in page
    taken = client.post(_at("device-register", event.public_id), {"label": "Kubar-1", "kind": "officer"})
    assert device_for(taken["Location"].partition("#t=")[2]).kind == DeviceKind.OFFICER
    helper = client.post(_at("device-register", event.public_id), {"label": "B", "kind": "helper"})
    assert helper.context["form"].errors["kind"]

    answer = client.post(_at("device-register", event.public_id), {"label": "Meja", "kind": "kiosk"})

    door, _hash, token = answer["Location"].partition("#t=")
    assert (answer.status_code, door) == (302, reverse("door:shell"))
    assert device_for(token).kind == DeviceKind.KIOSK
    # Guests will hold the tablet: nobody stays logged in on it, and the audit says so as ever.
    assert client.get(_at("device-register", event.public_id)).status_code == 302
    assert Entry.objects.filter(verb="officer.logged_out", actor_id=cast.kubar.pk).count() == 1
    client = sign_in("kubar")
    again = client.post(_at("device-register", event.public_id), {"label": "Meja", "kind": "kiosk"})
    assert again.status_code == 200
    assert again.context["form"].errors["label"]
    assert 'value="Meja"' in again.content.decode()
    assert client.get(_at("device-register", event.public_id)).status_code == 200


def test_device_link_page_shows_its_maker_link_and_code_until_it_is_claimed(cast, event, sign_in):
    client = sign_in("kubar")
    answer = client.post(_at("device-invite", event.public_id), {"label": "Bantu-1"})
    device = Device.objects.get()
    assert answer["Location"] == _at("device-link", event.public_id, device.public_id)
    link = Link.objects.get(purpose=HELPER_LINK)
    address = reverse("portal:door-claim", args=[token_of(link)])

    page = client.get(answer["Location"]).content.decode()
    assert f"http://localhost:8000{address}" in page
    assert "<svg" in page.split("device-code")[1]
    colleague = sign_in("kubar2")
    assert address not in colleague.get(answer["Location"]).content.decode()
    listed = _at("device-list", event.public_id)
    assert answer["Location"] not in colleague.get(listed).content.decode()
    assert answer["Location"] in sign_in("kubar").get(listed).content.decode()
    devices.claim(device=device, link=link)
    page = sign_in("kubar").get(answer["Location"]).content.decode()
    assert address not in page


def test_device_list_says_what_never_came(cast, event, sign_in):
    device, _token = _register(cast, event)
    guest = cast.guest(event, cast.partner())
    facts = [(1, guest), (3, guest)]
    for sequence, person in facts:
        Scan.objects.create(
            event=event,
            participant=person,
            kind="present",
            source="door",
            at=timezone.now(),
            device_id=device.public_id,
            device_sequence=sequence,
        )
    devices.note_call(device=device, last_sequence=4, prepared=True)

    assert [one.missing for one in devices_of(event)] == [2]
    assert 'data-missing="2"' in sign_in("kubar").get(_at("device-list", event.public_id)).content.decode()


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "after", "noted", "idle"),
    [
        ({}, -HOUR, -HOUR - QUIET, None),  # before it begins nobody is missed who has noted nothing
        ({}, HOUR, HOUR - QUIET, HOUR - QUIET),
        ({}, 9 * HOUR, 3 * HOUR, 3 * HOUR),
        ({"ends_at": 2 * HOUR}, 9 * HOUR, 2 * HOUR, 2 * HOUR),
        (
            {"has_time": False},
            9 * HOUR,
            9 * HOUR - QUIET,
            9 * HOUR - QUIET,
        ),  # "tonight", kept from midnight on
        ({"starts_at": None}, HOUR, HOUR - QUIET, None),  # when it begins, nobody knows
        ({"state": EventState.REPORTED}, HOUR, None, None),
    ],
)
def test_device_must_have_been_heard_lately_or_after_the_evening(fields, after, noted, idle):
    start = datetime(2024, 10, 21, 12, 0, tzinfo=UTC)
    fields = {"state": EventState.DONE, "starts_at": start, "has_time": True, **fields}
    if "ends_at" in fields:
        fields["ends_at"] += start
    until = [None if span is None else start + span for span in (noted, idle)]

    assert heard_until(Event(**fields), start + after) == HeardUntil(*until)


def test_device_that_was_not_heard_of_is_waited_for_on_every_page(cast, event, sign_in):
    """It called with nothing in hand, went out of reach and notes on (red before: all had reported)."""
    event.starts_at = timezone.now() - timedelta(hours=1)
    event.save(update_fields=["starts_at"])
    silent, _token = _register(cast, event)
    other, _token = _register(cast, event, "Kubar-2")
    for device in (silent, other):
        devices.note_call(device=device, prepared=True, waiting=0)
    _register(cast, event, "Kubar-3")  # was never prepared
    client = sign_in("kubar")
    report = reverse("reports:quick-report", args=[event.public_id])

    def seen():
        pages = [report, _at("device-list", event.public_id), _at("event-detail", event.public_id)]
        report_html, phones, card = (client.get(page).content.decode() for page in pages)
        return [
            devices_waiting(event),
            device_figures(event, cast.kubar)["waiting"],
            [one.label for one in devices_of(event) if one.is_unheard],
            'id="unsent"' in report_html,
            "_Angka sementara, 1 HP belum terkirim._" in report_html,
            phones.count("data-unheard"),
            "data-unreported" in card,
        ]

    assert seen() == [0, 0, [], False, False, 0, False]
    Device.objects.filter(pk=silent.pk).update(last_seen_at=timezone.now() - QUIET * 2)
    assert seen() == [1, 1, ["Kubar-1"], True, True, 1, True]
    devices.note_call(device=silent, waiting=2)
    assert seen() == [1, 1, [], True, True, 0, True]
    Device.objects.filter(pk=silent.pk).update(waiting=0, last_seen_at=timezone.now() - QUIET * 2)
    Event.objects.filter(pk=event.pk).update(state=EventState.REPORTED)
    event.refresh_from_db()
    assert seen() == [0, 0, [], False, False, 0, False]


def test_device_rule_in_words_and_in_rows_is_one(cast, event):
    """What each phone is told beside its scans, what the pages count, and the pure rule."""
    now = timezone.now()
    phones = [_register(cast, event, f"HP-{n}")[0] for n in range(8)]
    for n, device in enumerate(phones):
        heard = now - (QUIET * 2 if n & 1 else timedelta())
        Device.objects.filter(pk=device.pk).update(
            prepared_at=now, last_seen_at=heard, last_sequence=n & 2, waiting=n & 4
        )
    for start, late_ones in ((now - HOUR, 6), (now + HOUR, 5), (None, 5)):
        event.starts_at = start
        event.state = EventState.PUBLISHED if start else EventState.POSTPONED
        event.save(update_fields=["starts_at", "state"])
        rows = [Device.objects.select_related("event").get(pk=device.pk) for device in phones]
        late = {row.pk for row in rows if row.waiting or is_unheard(row, event, now)}
        assert devices_waiting(event, now) == len(late) == late_ones
        for row in rows:
            told = door.take(device=row, batch=batch_of([]), now=now).devices_waiting
            # Whoever calls is heard of.
            assert told == len(late - {row.pk}) + bool(row.waiting)
            Device.objects.filter(pk=row.pk).update(last_seen_at=row.last_seen_at)


def test_device_revoke_asks_and_then_takes_it_off(cast, event, sign_in):
    device, _token = _register(cast, event)
    Device.objects.update(waiting=3)
    client = sign_in("bidhumas")

    asked = client.get(_at("device-revoke", event.public_id, device.public_id))
    assert "Kubar-1" in asked.content.decode()
    assert Device.objects.get().revoked_at is None
    answer = client.post(_at("device-revoke", event.public_id, device.public_id))

    assert answer["Location"] == _at("device-list", event.public_id)
    assert Device.objects.get().revoked_by_id == cast.bidhumas.pk


def test_device_card_is_on_the_event_for_those_who_run_the_door(cast, event, sign_in):
    cast.officers["tamu"] = cast.officer("tamu", "polda-kaltim", Role.VIEWER)
    door = _at("device-register", event.public_id)

    over = cast.event("Lama", state=EventState.DONE, starts_at=timezone.now() - timedelta(days=3))
    assert "pintu/siapkan" not in sign_in("kubar").get(_at("event-detail", over.public_id)).content.decode()
    assert door in sign_in("kubar").get(_at("event-detail", event.public_id)).content.decode()
    assert door not in sign_in("tamu").get(_at("event-detail", event.public_id)).content.decode()


def test_device_card_leads_to_the_door_once_an_own_phone_is_prepared(cast, event, sign_in):
    """A phone of somebody else, a helper's and one without its list are no reason to think this one ready."""
    event.starts_at = timezone.now()
    event.save()
    own, _token = devices.register(event=event, by=cast.kubar, kind=DeviceKind.OFFICER, label="Kubar-9")
    devices.register(event=event, by=cast.bidhumas, kind=DeviceKind.OFFICER, label="Bidhumas-9")
    helper, link = devices.invite_helper(event=event, by=cast.kubar, label="Bantu-9")
    devices.claim(device=helper, link=link)
    Device.objects.exclude(pk=own.pk).update(prepared_at=timezone.now())

    assert [device_figures(event, cast.kubar)["own"], _first_act(sign_in("kubar"), event)] == [
        0,
        _at("device-register", event.public_id),
    ]
    Device.objects.filter(pk=own.pk).update(prepared_at=timezone.now())
    assert [device_figures(event, cast.kubar)["own"], _first_act(sign_in("kubar"), event)] == [
        1,
        reverse("door:shell"),
    ]


def _first_act(page, event):
    html = page.get(_at("event-detail", event.public_id)).content.decode()
    return re.search(r'href="([^"]+)"', html[html.index('class="next-step"') :]).group(1)
