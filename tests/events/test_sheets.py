"""The attendance sheet on paper: numbers that stay true, no phone number, one code, and a line in the audit."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from pypdf import PdfReader

from audit.models import Entry
from events import paperwork
from events.choices import RoleKind
from events.models import AttendanceSheet, Participant
from events.operations import attendance, guests, roles, sheets
from events.queries.sheets import people_on_paper, rows_of, sheets_visible_to
from papers import rendering
from papers.qr import svg_of

PHONE = "+6281234567890"


@pytest.fixture
def event(cast):
    unit = cast.unit("polda-kaltim")
    unit.letterhead, unit.address = "KEPOLISIAN NEGARA\nDAERAH KALTIM", "Jalan Uji 1"
    unit.save()
    return cast.event(starts_at=cast.at(2024, 10, 21, 20), ends_at=None)


def guest(cast, event, name, answer="none", **fields):
    return cast.guest(event, cast.partner(name, **fields), answer)


def names(event):
    return [person.display_name for person in people_on_paper(event)]


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


# Who stands on it


def test_sheet_lists_guests_by_name_then_personnel(cast, event):
    guest(cast, event, "Sari")
    guest(cast, event, "Ani", "yes")
    away = guest(cast, event, "Badu", "no")
    sender = guest(cast, event, "Cici")
    guests.answer(
        participant=sender, answer="delegate", channel="phone", delegate_name="Dodi", by=cast.bidhumas
    )
    guests.add_by_hand(event=event, by=cast.bidhumas, kind="official", name="Bupati", institution="Pemkab")
    Participant.objects.create(event=event, kind="partner", display_name="")  # erased
    Participant.objects.create(event=event, kind="delegate", institution="Forum Wartawan")

    assert names(event) == ["Ani", "Dodi", "Sari", "", "Bupati"]

    attendance.record(event=event, participant=away, by=cast.kubar)
    assert "Badu" in names(event)


def test_sheet_says_for_whom_a_delegate_comes_and_a_badge_not_who_is_in_the_registry(cast, event):
    sender = guest(cast, event, "Cici")
    guests.answer(
        participant=sender, answer="delegate", channel="phone", delegate_name="Dodi", by=cast.bidhumas
    )
    guest(cast, event, "Ani", "yes")
    attendance.walk_in(event=event, by=cast.kubar, name="Tono", contact="", consent="tonight")

    sheet = sheets.make(event=event, by=cast.kubar)
    dodi = next(row for row in rows_of(sheet) if row.name == "Dodi")
    assert dodi.organisation == gettext("for %(name)s") % {"name": "Cici"}

    roles.add(event=event, by=cast.bidhumas, role="speaker", full_name="Rina", institution="Dewan Pers")
    printed = " ".join(text_of(paperwork.badges(event, people_on_paper(event)))).upper()
    assert printed.count(pgettext("badge", "Guest").upper()) == 2
    assert str(RoleKind.SPEAKER.label).upper() in printed
    assert str(Participant.objects.get(display_name="Ani").get_kind_display()).upper() not in printed


def test_sheet_keeps_its_numbers_when_the_list_changes(cast, event):
    for name in ("Ani", "Sari"):
        guest(cast, event, name)
    sheet = sheets.make(event=event, by=cast.kubar)

    guest(cast, event, "Aaron")
    gone = Participant.objects.get(display_name="Sari")
    guests.remove(participant=gone, by=cast.bidhumas)

    assert [(row.number, row.name, row.person is None) for row in rows_of(sheet)] == [
        (1, "Ani", False),
        (2, "", True),
    ]
    fresh = sheets.make(event=event, by=cast.kubar)
    assert [row.name for row in rows_of(fresh)] == ["Aaron", "Ani"]
    assert fresh.pk != sheet.pk


def test_sheet_is_the_same_one_while_nothing_changed(cast, event):
    guest(cast, event, "Ani")

    made = {sheets.make(event=event, by=cast.kubar).pk for _turn in range(2)}

    assert len(made) == 1
    assert sheets.make(event=event, by=cast.kubar, blank_rows=4).pk not in made
    assert Entry.objects.filter(verb="sheet.printed", event_public_id=event.public_id).count() == 3


def test_sheet_refuses_a_closed_event_and_too_many_rows(cast, event):
    with pytest.raises(ValidationError) as refused:
        sheets.make(event=event, by=cast.kubar, blank_rows=101)
    assert refused.value.code == "blank_rows"

    event.state = "reported"
    event.save()
    with pytest.raises(ValidationError) as refused:
        sheets.make(event=event, by=cast.kubar)
    assert refused.value.code == "event_closed"
    assert (AttendanceSheet.objects.count(), Entry.objects.filter(verb="sheet.printed").count()) == (0, 0)


def test_sheets_are_seen_by_those_who_run_the_door(cast, event):
    sheet = sheets.make(event=event, by=cast.kubar)

    seen = {name for name, officer in cast.officers.items() if sheet in sheets_visible_to(officer)}
    assert seen == {"bidhumas", "kubar", "kubar2", "divhumas"}


# The paper


def test_sheet_as_pdf_has_names_and_no_phone(cast, event, monkeypatch):
    for number in range(40):
        guest(cast, event, f"Tamu {number:02} Wulandari", phone=f"+62812345678{number:02}")
    sheet = sheets.make(event=event, by=cast.kubar, blank_rows=6)
    handed = []
    real = rendering.render
    monkeypatch.setattr(
        rendering, "render", lambda layout, data, **more: handed.append(data) or real(layout, data, **more)
    )

    pages = text_of(paperwork.attendance_sheet(sheet, rows_of(sheet)))

    assert len(pages) == 3
    assert "KEPOLISIAN NEGARA" in pages[0]
    assert "Senin, 21 Oktober 2024, 20.00 WITA s.d. selesai" in pages[0]
    assert all(gettext("Signature") in page and "Dialog Penguatan Kehumasan" in page for page in pages)
    whole = "\n".join(pages)
    assert [f"Tamu {number:02} Wulandari" in whole for number in range(40)] == [True] * 40
    assert "8123" not in whole and "0812" not in whole
    assert "46" in pages[2]  # the last empty row
    address = f"http://testserver/kegiatan/lembar/{sheet.public_id}/salin/"
    assert handed[0]["qr"] == svg_of(address.replace("http://testserver", paperwork.settings.SITE_URL))


def test_sheet_download_has_a_name_and_is_not_kept(cast, event, sign_in, monkeypatch):
    monkeypatch.setattr(rendering, "render", lambda *_a, **_b: b"%PDF-1.7")
    guest(cast, event, "Ani")

    made = sign_in("kubar").post(f"/kegiatan/{event.public_id}/kertas/daftar-hadir/", {"blank_rows": "3"})
    sheet = AttendanceSheet.objects.get()
    again = sign_in("kubar").post(f"/kegiatan/lembar/{sheet.public_id}/cetak/")

    assert sheet.blank_rows == 3
    for response in (made, again):
        assert response.content == b"%PDF-1.7"
        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "private, no-store"
        expected = 'attachment; filename="daftar-hadir-dialog-penguatan-kehumasan-2024-10-21.pdf"'
        assert response["Content-Disposition"] == expected
    assert Entry.objects.filter(verb="sheet.printed", actor_id=cast.kubar.pk).count() == 2


@pytest.mark.parametrize("typed", ["101", "-1", "sepuluh", ""])
def test_sheet_with_a_number_of_rows_that_cannot_be_says_so_and_prints_nothing(cast, event, sign_in, typed):
    """It was taken for ten, without a word."""
    client, papers = sign_in("kubar"), f"/kegiatan/{event.public_id}/kertas/"

    page = client.post(f"{papers}daftar-hadir/", {"blank_rows": typed})

    html = page.content.decode()
    assert (page.status_code, AttendanceSheet.objects.count()) == (200, 0)
    assert html.count('id="id_blank_rows_error"') == 1
    assert 'aria-describedby="id_blank_rows_error"' in html
    assert (f'value="{typed}"' in html) == (typed != "")
    assert client.get(f"{papers}daftar-hadir/")["Location"] == papers


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_pages_ask_a_constant_number_of_queries(cast, event, sign_in, monkeypatch, people):
    monkeypatch.setattr(rendering, "render", lambda *_a, **_b: b"%PDF-1.7")
    event.pledge_text = cast.pledge_text()
    event.starts_at = timezone.now() - timedelta(hours=2)
    event.save()
    marked = [guest(cast, event, f"Tamu {number}") for number in range(people)]
    for one in marked:
        attendance.record(event=event, participant=one, by=cast.kubar)
    sheet = sheets.make(event=event, by=cast.kubar)
    client = sign_in("kubar")
    client.get("/")

    def queries(method, address: str, **data) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert method(address, **data).status_code == 200
        return len(asked)

    papers = f"/kegiatan/{event.public_id}/kertas/"
    assert {
        "list": queries(client.get, papers),
        "grid": queries(client.get, f"/kegiatan/lembar/{sheet.public_id}/salin/"),
        "sheet": queries(client.post, f"{papers}daftar-hadir/", data={"blank_rows": "10"}),
        "badges": queries(client.post, f"{papers}kartu-nama/"),
        "cards": queries(client.post, f"{papers}kartu-qr/"),
        "cards again": queries(client.post, f"{papers}kartu-qr/"),
    } == {"list": 6, "grid": 7, "sheet": 18, "badges": 9, "cards": 18, "cards again": 12}
