"""Janji kami: what the institution promised. Only this can be overdue, and only evidence makes it done."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from audit.models import Detail, Entry
from events.choices import CommitmentState, EventState
from events.models import Commitment
from events.operations import commitments
from events.queries.commitments import commitments_of, commitments_visible_to
from files.access import may_download
from files.models import StoredFile
from tests.cast import today


@pytest.fixture
def event(cast):
    return cast.event(state=EventState.DONE)


@pytest.fixture
def promise(cast, event):
    return _promise(cast, event)


def _promise(cast, event, text="Menjawab soal lampu jalan", unit="polres-kubar", due_on=None):
    return commitments.promise(
        event=event,
        text=text,
        owner_unit=cast.unit(unit),
        due_on=due_on or today() + timedelta(days=7),
        by=cast.kubar,
    )


def _photo():
    content = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(content, "PNG")
    return SimpleUploadedFile("Sari Wulandari.png", content.getvalue(), content_type="image/png")


def _codes(refused):
    error = refused.value
    groups = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return [one.code for group in groups for one in group]


# The operation


def test_promise_stands_in_the_audit_of_the_unit_in_charge(cast, event):
    promise = _promise(cast, event, "  Menjawab   soal\nlampu jalan ", due_on=date(2024, 11, 1))

    promise.refresh_from_db()
    assert (promise.text, promise.owner_unit, promise.due_on, promise.state, promise.created_by_id) == (
        "Menjawab soal lampu jalan",
        cast.unit("polres-kubar"),
        date(2024, 11, 1),
        "open",
        cast.kubar.pk,
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.unit_id, entry.object_public_id, entry.event_public_id) == (
        "commitment.promised",
        cast.unit("polres-kubar").pk,
        promise.public_id,
        event.public_id,
    )


def test_promise_is_refused_without_words_or_at_a_cancelled_event(cast, event):
    for text, code in ((" ", "required"), ("x" * 301, "too_long")):
        with pytest.raises(ValidationError) as refused:
            _promise(cast, event, text)
        assert _codes(refused) == [code]
    event.state = EventState.CANCELLED
    with pytest.raises(ValidationError) as refused:
        _promise(cast, event)
    assert _codes(refused) == ["event_cancelled"]
    assert Commitment.objects.count() == 0


def test_update_keeps_what_stood_before(cast, promise):
    commitments.update(commitment=promise, by=cast.bidhumas, due_on=date(2030, 1, 2), text=promise.text)

    promise.refresh_from_db()
    assert promise.due_on == date(2030, 1, 2)
    entry = Entry.objects.order_by("pk").last()
    assert (entry.verb, entry.fields) == ("commitment.updated", ["due_on"])
    assert Detail.objects.get(entry=entry).changes["due_on"][1] == "2030-01-02"
    commitments.update(commitment=promise, by=cast.bidhumas, text=promise.text)
    assert Entry.objects.filter(verb="commitment.updated").count() == 1


def test_finish_with_a_file_stores_it_without_its_name(cast, promise):
    commitments.finish(commitment=promise, by=cast.kubar, evidence_file=_photo())

    promise.refresh_from_db()
    stored = StoredFile.objects.get()
    assert (promise.state, promise.evidence_file, promise.done_by_id) == ("done", stored, cast.kubar.pk)
    assert (stored.purpose, stored.owner_public_id, stored.unit_id) == (
        "commitment_evidence",
        promise.public_id,
        promise.owner_unit_id,
    )
    assert "Sari" not in stored.name


def test_finish_with_a_link(cast, promise):
    commitments.finish(
        commitment=promise, by=cast.kubar, evidence_url=" https://tribratanews.example/berita "
    )

    promise.refresh_from_db()
    assert (promise.state, promise.evidence_url) == ("done", "https://tribratanews.example/berita")
    assert Entry.objects.order_by("pk").last().verb == "commitment.finished"


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ({}, "evidence_missing"),
        ({"evidence_url": "  "}, "evidence_missing"),
        ({"evidence_url": "javascript:alert(1)"}, "invalid"),
        ({"evidence_url": "https://contoh.example/" + "a" * 300}, "too_long"),
        ({"evidence_file": SimpleUploadedFile("a.svg", b"<svg/>")}, "file_type"),
    ],
)
def test_finish_is_refused_without_good_evidence(cast, promise, evidence, code):
    with pytest.raises(ValidationError) as refused:
        commitments.finish(commitment=promise, by=cast.kubar, **evidence)

    assert _codes(refused) == [code]
    promise.refresh_from_db()
    assert (promise.state, StoredFile.objects.count()) == ("open", 0)


def test_done_without_evidence_is_refused_by_the_database(promise):
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=promise.pk).update(state="done", done_at=timezone.now())


def test_drop_keeps_the_line_and_the_reason(cast, promise):
    with pytest.raises(ValidationError) as refused:
        commitments.drop(commitment=promise, by=cast.kubar, reason=" ")
    assert _codes(refused) == ["reason_required"]

    commitments.drop(commitment=promise, by=cast.kubar, reason="Bukan kewenangan kami")

    promise.refresh_from_db()
    entry = Entry.objects.order_by("pk").last()
    assert (promise.state, entry.verb, entry.detail.reason) == (
        "dropped",
        "commitment.dropped",
        "Bukan kewenangan kami",
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda promise, by: commitments.update(commitment=promise, by=by, text="Lain"),
        lambda promise, by: commitments.finish(
            commitment=promise, by=by, evidence_url="https://contoh.example/"
        ),
        lambda promise, by: commitments.drop(commitment=promise, by=by, reason="Sudah lewat"),
    ],
)
def test_what_is_done_or_dropped_stays(cast, promise, act):
    stale = Commitment.objects.select_related("event").get(pk=promise.pk)
    commitments.drop(commitment=promise, by=cast.kubar, reason="Bukan kewenangan kami")

    with pytest.raises(ValidationError) as refused:
        act(stale, cast.kubar)

    assert _codes(refused) == ["not_open"]


@pytest.mark.parametrize(
    "act",
    [
        lambda promise, by: commitments.update(commitment=promise, by=by, text="Lain"),
        lambda promise, by: commitments.finish(
            commitment=promise, by=by, evidence_url="https://contoh.example/"
        ),
        lambda promise, by: commitments.drop(commitment=promise, by=by, reason="Sudah lewat"),
    ],
)
def test_commitments_roll_back_as_a_whole(cast, promise, monkeypatch, act):
    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(commitments.recording, "record", fail)
    with pytest.raises(RuntimeError):
        act(promise, cast.kubar)

    promise = Commitment.objects.get(pk=promise.pk)
    assert (promise.text, promise.state, promise.evidence_url) == ("Menjawab soal lampu jalan", "open", "")


def test_promise_rolls_back_as_a_whole(cast, event, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(commitments.recording, "record", fail)
    with pytest.raises(RuntimeError):
        _promise(cast, event)

    assert Commitment.objects.count() == 0


# Who sees, and what is overdue


def test_only_what_is_open_and_past_its_day_is_overdue(cast, event):
    today = date(2024, 11, 1)
    _promise(cast, event, "Hari ini", due_on=today)
    _promise(cast, event, "Kemarin", due_on=today - timedelta(days=1))
    done = _promise(cast, event, "Selesai", due_on=today - timedelta(days=2))
    commitments.finish(commitment=done, by=cast.kubar, evidence_url="https://contoh.example/")

    found = commitments_of(event, cast.kubar, today=today)

    assert [(row.text, row.is_overdue) for row in found] == [
        ("Selesai", False),
        ("Kemarin", True),
        ("Hari ini", False),
    ]


def test_commitments_are_seen_by_who_was_there_and_by_the_unit_in_charge(cast, event):
    ours = _promise(cast, event)
    theirs = _promise(cast, event, "Titipan", unit="polres-berau")

    def seen(username):
        return set(commitments_visible_to(cast.officers[username]))

    assert seen("kubar") == seen("bidhumas") == seen("pimpinan") == {ours, theirs}
    assert seen("berau") == {theirs}
    assert seen("diskominfo") == seen("privasi") == set()


def test_commitments_say_who_may_change_them(cast):
    event = cast.event(invited=["polres-bontang"])
    _promise(cast, event, "Kubar")
    _promise(cast, event, "Bontang", unit="polres-bontang")

    def may_change(username):
        return {row.text for row in commitments_of(event, cast.officers[username]) if row.may_change}

    assert may_change("bidhumas") == {"Kubar", "Bontang"}
    assert may_change("kubar") == {"Kubar"}
    assert may_change("bontang") == {"Bontang"}
    assert may_change("pimpinan") == set()


def test_evidence_is_opened_by_who_sees_the_commitment(cast, promise, sign_in):
    commitments.finish(commitment=promise, by=cast.kubar, evidence_file=_photo())
    stored = StoredFile.objects.get()
    names = ("kubar", "bidhumas", "pimpinan", "berau", "privasi")

    assert {name: may_download(cast.officers[name], stored) for name in names} == {
        "kubar": True,
        "bidhumas": True,
        "pimpinan": True,
        "berau": False,
        "privasi": False,
    }
    assert sign_in("berau").get(f"/berkas/{stored.public_id}/").status_code == 404


# The pages


def _page(promise, act):
    return f"/kegiatan/janji-kami/{promise.public_id}/{act}/"


def test_pages_add_edit_and_finish(cast, event, sign_in):
    client = sign_in("kubar")
    unit = cast.unit("polres-kubar")
    sent = {"text": "Membuka nomor aduan", "owner_unit": unit.pk, "due_on": "2030-01-02"}

    added = client.post(f"/kegiatan/{event.public_id}/janji-kami/tambah/", sent)
    promise = Commitment.objects.get()
    assert (added.status_code, promise.text, promise.owner_unit) == (302, "Membuka nomor aduan", unit)

    assert "Membuka nomor aduan" in client.get(_page(promise, "ubah")).content.decode()
    client.post(_page(promise, "ubah"), {**sent, "due_on": "2030-02-03"})
    promise.refresh_from_db()
    assert promise.due_on == date(2030, 2, 3)

    empty = client.post(_page(promise, "selesai"), {})
    assert empty.status_code == 200
    assert [error.code for error in empty.context["form"].non_field_errors().as_data()] == [
        "evidence_missing"
    ]
    assert client.post(_page(promise, "selesai"), {"evidence_file": _photo()}).status_code == 302
    promise.refresh_from_db()
    assert promise.state == CommitmentState.DONE
    assert [client.get(_page(promise, act)).status_code for act in ("ubah", "selesai", "lepas")] == [403] * 3


def test_page_drops_with_a_reason(cast, promise, sign_in):
    client = sign_in("kubar")
    assert client.post(_page(promise, "lepas"), {}).status_code == 200

    assert client.post(_page(promise, "lepas"), {"reason": "Bukan kewenangan kami"}).status_code == 302
    promise.refresh_from_db()
    assert promise.state == CommitmentState.DROPPED


def test_page_offers_units_that_take_part_and_ones_own(cast, event, sign_in):
    form = sign_in("kubar").get(f"/kegiatan/{event.public_id}/janji-kami/tambah/").context["form"]

    assert {unit.code for unit in form.fields["owner_unit"].queryset} == {"polda-kaltim", "polres-kubar"}


def test_a_unit_in_charge_that_was_not_there_finishes_its_promise(cast, event, sign_in):
    promise = _promise(cast, event, unit="polres-berau")
    client = sign_in("berau")

    assert client.get(_page(promise, "selesai")).status_code == 200
    answer = client.post(_page(promise, "selesai"), {"evidence_url": "https://contoh.example/"})
    assert (answer.status_code, answer.url) == (302, "/")


@pytest.mark.parametrize("act", ["ubah", "selesai", "lepas"])
def test_pages_tell_a_unit_in_charge_nothing_of_an_event_out_of_its_sight(cast, sign_in, act):
    event = cast.event("KANARI judul", state=EventState.DONE, co_hosts=["polres-kukar"])
    promise = _promise(cast, event, unit="polres-berau")

    page = sign_in("berau").get(_page(promise, act))
    html = page.content.decode()

    assert page.status_code == 200
    assert promise.text in html
    assert "KANARI" not in html
    assert str(event.public_id) not in html
    assert "Polres Kukar" not in html
    assert "KANARI" in sign_in("bidhumas").get(_page(promise, act)).content.decode()


def test_pages_are_closed_to_others(cast, promise, event, sign_in):
    for username, status in (("berau", 404), ("diskominfo", 404), ("pimpinan", 403), ("privasi", 403)):
        client = sign_in(username)
        answers = [client.get(_page(promise, act)).status_code for act in ("ubah", "selesai", "lepas")]
        answers.append(client.get(f"/kegiatan/{event.public_id}/janji-kami/tambah/").status_code)
        assert answers == [status] * 4


def test_overdue_by_the_calendar_of_the_place(cast, event, time_machine):
    """23.30 in Jakarta is half past midnight of the next day in Kutai Barat."""
    _promise(cast, event, due_on=date(2024, 10, 21))

    time_machine.move_to(cast.at(2024, 10, 21, 23, 59), tick=False)
    assert [row.is_overdue for row in commitments_of(event, cast.kubar)] == [False]
    time_machine.move_to(cast.at(2024, 10, 22, 0, 30), tick=False)
    assert [row.is_overdue for row in commitments_of(event, cast.kubar)] == [True]


@pytest.mark.parametrize("due_on", ["0001-01-01", "1999-12-31", "2100-01-02", "9999-12-31"])
def test_page_refuses_a_day_that_cannot_be_meant(cast, event, sign_in, due_on):
    sent = {"text": "Menjawab", "owner_unit": cast.kubar.unit_id, "due_on": due_on}

    response = sign_in("kubar").post(f"/kegiatan/{event.public_id}/janji-kami/tambah/", sent)

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["due_on"])
    assert Commitment.objects.count() == 0


def test_commitments_of_an_event_are_one_query(cast, event):
    counts = []
    for n in range(3):
        _promise(cast, event, f"Janji {n}")
        with CaptureQueriesContext(connection) as queries:
            for row in commitments_of(event, cast.kubar):
                assert row.owner_unit.short_name
        counts.append(len(queries))

    assert counts == [2, 1, 1]  # the first one reads the officer's units too
