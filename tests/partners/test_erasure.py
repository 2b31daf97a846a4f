"""Erasure and retention: who goes, what stays, and that a restored backup brings nobody back."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from audit import recording
from audit.models import Detail, Entry
from events.models import Attendance
from events.operations import attendance, guests
from files.models import StoredFile
from outbox import gates
from outbox.links import token_of
from outbox.models import Message
from outbox.operations import sending
from outbox.queries.links import resolve
from partners import erasures, lifecycle
from partners.choices import CONSENT_REQUEST, Keep, PartnerStatus
from partners.models import Consent, Partner
from partners.operations import asking, consents, erasure, shares
from partners.operations import partners as registration
from partners.tasks import sweep_retention
from regions.models import Region
from tests.cast import Cast
from tests.files.pictures import jpeg


def days(number: int):
    return timezone.localdate() + timedelta(days=number)


def prospect(cast, name="Sari Wulandari", due=-1, **fields) -> Partner:
    return cast.partner(name, status=PartnerStatus.PROSPECTIVE, decide_by=days(due), **fields)


def unconfirmed(cast, name="Budi", due=-1) -> Partner:
    return cast.partner(name, keep=Keep.UNCONFIRMED, decide_by=days(due))


def names() -> list[str]:
    return sorted(Partner.objects.values_list("full_name", flat=True))


def ledger() -> list[str]:
    return [str(public_id) for public_id in erasures.read()]


def test_erasing_leaves_no_personal_value(cast, settings, django_capture_on_commit_callbacks):
    partner = prospect(cast, due=9, email="sari@example.org", handles=[("instagram", "sariw")])
    kept = cast.partner("Budi")
    recording.record(
        by=cast.kubar,
        verb="partner.changed",
        obj=partner,
        subject=partner.public_id,
        changes={"full_name": ["A", "B"]},
    )
    recording.record(by=cast.kubar, verb="partner.changed", obj=kept, subject=kept.public_id, reason="tetap")
    message = asking.by_email(partner=partner, by=cast.kubar)
    token = token_of(message.link)
    consents.record_sheet(partner=partner, decisions={"keep": "given"}, upload=jpeg(), by=cast.kubar)
    assert resolve(token, CONSENT_REQUEST) is not None

    with django_capture_on_commit_callbacks(execute=True):
        assert erasure.erase(partner=partner, by=cast.kubar, reason="asked") is True

    assert names() == ["Budi"]
    assert (Consent.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert [path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()] == []
    assert list(Message.objects.values_list("state", "address", "title", "body")) == [
        ("suppressed", "", "", "")
    ]
    assert resolve(token, CONSENT_REQUEST) is None
    assert list(Detail.objects.order_by("pk").values_list("changes", "reason")) == [({}, ""), ({}, "tetap")]
    entry = Entry.objects.get(verb="partner.erased")
    assert (entry.actor_id, entry.subject_public_id, entry.fields) == (
        cast.kubar.pk,
        partner.public_id,
        ["asked"],
    )


def test_the_ledger_holds_an_id_and_a_time_and_nothing_else(cast, django_capture_on_commit_callbacks):
    partner = prospect(cast)

    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(partner=partner, by=None, reason="due")

    [line] = erasures.path().read_text().splitlines()
    row = json.loads(line)
    assert sorted(row) == ["at", "public_id"]
    assert row["public_id"] == str(partner.public_id)
    assert erasures.path().stat().st_mode & 0o777 == 0o600


def test_erasing_twice_is_harmless(cast):
    partner = prospect(cast)

    assert erasure.erase(partner=partner, by=None, reason="due") is True
    assert erasure.erase(partner=partner, by=None, reason="due") is False
    assert Entry.objects.filter(verb="partner.erased").count() == 1


def test_higher_apps_are_told_and_a_failing_one_keeps_everything(cast, monkeypatch):
    partner = prospect(cast, handles=[("x", "sari")])
    told: list[str] = []

    def erased(person):
        told.append(person.full_name)
        raise RuntimeError("higher app")

    entry = lifecycle.Lifecycle("trial.Row.partner", moved=erased, erased=erased, exported=lambda person: [])
    monkeypatch.setitem(lifecycle._registry, "trial.Row.partner", entry)
    with pytest.raises(RuntimeError):
        erasure.erase(partner=partner, by=None, reason="due")

    assert told == ["Sari Wulandari"]
    assert names() == ["Sari Wulandari"]
    assert (partner.social_accounts.count(), Entry.objects.count(), ledger()) == (1, 0, [])


def test_the_sweep_erases_overdue_prospects_and_nobody_else(cast):
    prospect(cast, "Lewat", due=-1)
    prospect(cast, "Hari ini", due=0)
    prospect(cast, "Besok", due=1)
    prospect(cast, "Contoh", due=36500, is_demo=True)
    cast.partner("Aktif")
    cast.partner("Arsip", status=PartnerStatus.ARCHIVED, archived_at=timezone.now())
    withdrawn = {"status": PartnerStatus.ARCHIVED, "archived_at": timezone.now(), "keep": Keep.NONE}
    cast.partner("Arsip yang menolak", decide_by=days(-1), **withdrawn)

    assert erasure.sweep() == 2
    assert names() == ["Aktif", "Arsip", "Besok", "Contoh", "Hari ini"]
    assert erasure.sweep() == 0
    reasons = Entry.objects.filter(verb="partner.erased").values_list("fields", flat=True)
    assert list(reasons) == [["due"], ["due"]]


def test_an_unconfirmed_tick_lapses_to_a_calon_mitra_with_a_new_thirty_days(cast):
    partner, fresh = unconfirmed(cast), unconfirmed(cast, "Baru", due=0)

    assert erasure.sweep() == 1
    partner.refresh_from_db()
    fresh.refresh_from_db()
    assert (partner.status, partner.keep, partner.decide_by) == (
        PartnerStatus.PROSPECTIVE,
        Keep.NONE,
        days(30),
    )
    assert (fresh.status, fresh.keep) == (PartnerStatus.ACTIVE, Keep.UNCONFIRMED)
    assert erasure.sweep() == 0
    assert erasure.sweep(today=days(30)) == 1
    assert erasure.sweep(today=days(31)) == 1
    assert names() == ["Baru"]


def test_the_sweep_erases_in_batches_past_one_that_fails(cast, monkeypatch, caplog):
    monkeypatch.setattr(erasure, "BATCH", 2)
    for number in range(5):
        prospect(cast, f"Tamu {number}")
    real = erasure.erase

    def failing(*, partner, **fields):
        if partner.full_name == "Tamu 1":
            raise RuntimeError("stuck")
        return real(partner=partner, **fields)

    monkeypatch.setattr(erasure, "erase", failing)
    with caplog.at_level("CRITICAL", logger="partners.operations.erasure"):
        assert erasure.sweep() == 4

    assert names() == ["Tamu 1"]


@pytest.mark.parametrize("channel", ["link", "spoken"])
def test_the_person_who_agrees_a_moment_before_the_sweep_stays(cast, channel):
    partner = prospect(cast)
    stale = Partner.objects.get(pk=partner.pk)
    consents.record(partner=partner, purpose="keep", decision="given", channel=channel)

    assert erasure._erase_overdue(stale, timezone.localdate()) is False
    assert names() == ["Sari Wulandari"]


def test_what_the_sweep_calls_is_the_sweep(cast):
    prospect(cast)

    sweep_retention()

    assert names() == []


def test_a_restored_backup_brings_nobody_back(cast, django_capture_on_commit_callbacks, capsys):
    partner = prospect(cast)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(partner=partner, by=None, reason="due")
    restored = prospect(cast, public_id=partner.public_id, due=20)
    cast.partner("Budi")

    call_command("replay_erasures")
    call_command("replay_erasures")

    assert capsys.readouterr().out == "Erased again: 1.\nErased again: 0.\n"
    assert names() == ["Budi"]
    assert ledger() == [str(restored.public_id)]


def test_a_ledger_with_a_broken_line_is_said_so(cast):
    erasures.path().write_text("not json\n")

    with pytest.raises(CommandError, match="line 1 cannot be read"):
        call_command("replay_erasures")


def test_the_sweep_completes_a_ledger_that_a_crash_left_short(cast):
    partner = prospect(cast)
    erasure.erase(partner=partner, by=None, reason="due")
    assert ledger() == []

    erasure.sweep()
    erasure.sweep()

    assert ledger() == [str(partner.public_id)]
    assert len(erasures.path().read_text().splitlines()) == 1


def test_lapsing_is_rolled_back_when_the_audit_fails(cast, monkeypatch):
    partner = unconfirmed(cast)

    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        consents.lapse(partner=partner, today=timezone.localdate())

    partner.refresh_from_db()
    assert (partner.status, partner.keep) == (PartnerStatus.ACTIVE, Keep.UNCONFIRMED)


TRACES = [
    "Zulkanari",
    "zulkanari",
    "Si Kanari",
    "kanarikubar",
    "81234567",
    "zul@example",
    "menelepon",
    "Drs. Zul",
]


def traces() -> list[str]:
    """Where in any table a value of the person still stands; sessions are read as they are used."""
    rows = [
        (model._meta.label, str(row))
        for model in apps.get_models()
        for row in model._base_manager.values()
        if model is not Session
    ]
    rows += [("session", str(session.get_decoded())) for session in Session.objects.all()]
    return sorted({label for label, row in rows if any(trace in row for trace in TRACES)})


def test_erasing_leaves_no_trace_in_any_table(cast, sign_in):
    """A person whom everything has happened to, mostly through the pages."""
    kubar = sign_in("kubar")
    partner = registration.register(
        by=cast.kubar,
        full_name="Zulkanari",
        title_before="Drs. Zul",
        stage_name="Si Kanari",
        kind="activist",
        region=Region.objects.get(code="64.07.07"),
        source="in_person",
        phone="081234567890",
        email="zul@example.org",
        handles=[("instagram", "kanarikubar")],
    )
    page = f"/mitra/{partner.public_id}/"
    asking.by_email(partner=partner, by=cast.kubar)
    consents.record_sheet(partner=partner, decisions={"keep": "given"}, upload=jpeg(), by=cast.kubar)
    consents.record(partner=partner, purpose="share_unit", decision="given", channel="link")
    shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar)
    kubar.post(f"{page}kontak/", {"reason": "menelepon Zulkanari"})
    kubar.post(f"{page}arsipkan/", {"reason": "menelepon Zulkanari"})
    kubar.post(f"{page}pulihkan/")
    event = cast.event("Dialog", starts_at=timezone.now())
    assert guests.invite(event=event, partners=[partner], by=cast.kubar) == 1
    guest = event.participants.get()
    guests.answer(participant=guest, answer="yes", channel="phone", by=cast.kubar)
    attendance.record(event=event, participant=guest, by=cast.kubar)
    before = traces()
    assert {"audit.Detail", "events.Participant", "outbox.Message", "partners.Partner"} <= set(before)

    erasure.erase(partner=Partner.objects.get(pk=partner.pk), by=None)

    assert traces() == []
    assert not Entry.objects.filter(unit_id=None).exists()  # a line of no unit is a line that nobody reads
    assert (event.participants.count(), Attendance.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_erasing_while_the_letter_is_being_claimed_waits_and_nobody_stops_the_other(monkeypatch):
    """The sender holds the letter and asks for the person; who erases must not hold one and ask for the other."""
    cast = Cast()
    partner = prospect(cast, due=9, email="sari@example.org")
    message = asking.by_email(partner=partner, by=cast.kubar)
    in_hand, failures, may_ask = threading.Event(), [], gates._gates[CONSENT_REQUEST]

    def slow_gate(message):
        in_hand.set()
        time.sleep(0.5)
        return may_ask(message)

    def claim() -> None:
        try:
            sending.claim(message.pk)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    monkeypatch.setitem(gates._gates, CONSENT_REQUEST, slow_gate)
    sender = threading.Thread(target=claim)
    sender.start()
    assert in_hand.wait(10)
    assert erasure.erase(partner=partner) is True
    sender.join(10)

    assert failures == []
    message.refresh_from_db()
    assert (message.state, message.address, message.body) == ("claimed", "", "")
