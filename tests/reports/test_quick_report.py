"""The quick report word for word: what an officer pastes must be exact, Indonesian, and say when it is sample data."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from accounts.models import Unit
from events.choices import CommitmentState, EventState, PartOfDay, RoleKind
from events.models import Commitment, Event, EventRole
from events.operations import attendance, commitments
from events.queries.tallies import Tallies
from regions.models import Region
from reports.quick_report import build

KALTIM = Region(code="64", name="Kalimantan Timur", level="province")
KUBAR = Region(code="64.07", name="Kabupaten Kutai Barat", level="regency", parent=KALTIM)
BARONG = Region(code="64.07.07", name="Barong Tongkok", level="district", parent=KUBAR)
KALBAR = Region(code="61", name="Kalimantan Barat", level="province")
PONTIANAK = Region(code="61.71", name="Kota Pontianak", level="regency", parent=KALBAR)
PAPUA = Region(code="91", name="Papua", level="province")
JAYAPURA = Region(code="91.71", name="Kota Jayapura", level="regency", parent=PAPUA)
KUBAR_UNIT = Unit(short_name="Polres Kubar")


def _event(zone="Asia/Makassar", **fields):
    fields.setdefault("title", "Dialog Penguatan Kehumasan")
    fields.setdefault("region", BARONG)
    fields.setdefault("venue", "Raini's Koffie")
    fields.setdefault("state", EventState.DONE)
    fields.setdefault("starts_at", datetime(2024, 10, 21, 20, 0, tzinfo=ZoneInfo(zone)))
    return Event(timezone=zone, **fields)


def _role(role, full_name, **fields):
    return EventRole(role=role, full_name=full_name, **fields)


K1_ROLES = [
    _role(
        RoleKind.LEADER,
        "Yuliyanto",
        rank="Kombes Pol",
        title_after="S.I.K., M.Sc.",
        position="Kabid Humas Polda Kaltim",
    ),
    _role(
        RoleKind.ACCOMPANYING,
        "I Made Pasek Riawan",
        rank="AKBP",
        title_after="S.H., M.H.",
        position="Kasubbid PID",
    ),
    _role(
        RoleKind.ACCOMPANYING,
        "Kade Budiyarta",
        rank="AKBP",
        title_after="S.I.K.",
        position="Kapolres Kutai Barat",
    ),
]
K1_TALLIES = Tallies(invited=42, confirmed=30, present=31, walk_in=5, press=2, personnel=2, officials=1)


def test_quick_report_of_k1_with_unknown_hour():
    event = _event(
        has_time=False,
        part_of_day=PartOfDay.NIGHT,
        is_demo=True,
        topics="Bijak bermedia sosial selama masa kampanye.\n\nMenangkal hoaks dan ujaran kebencian.",
        outcome="Harapan agar mitra turut menjaga ruang digital yang damai.",
    )

    assert (
        build(event, K1_ROLES, K1_TALLIES, 0, [])
        == """\
DATA CONTOH: peserta dan angka rekaan

*LAPORAN CEPAT*
*Dialog Penguatan Kehumasan*

Hari, tanggal: Senin, 21 Oktober 2024
Waktu: malam hari (WITA)
Tempat: Raini's Koffie, Kecamatan Barong Tongkok, Kabupaten Kutai Barat

*Dipimpin oleh:* Kombes Pol Yuliyanto, S.I.K., M.Sc. (Kabid Humas Polda Kaltim)

*Didampingi oleh:*
- AKBP I Made Pasek Riawan, S.H., M.H. (Kasubbid PID)
- AKBP Kade Budiyarta, S.I.K. (Kapolres Kutai Barat)

*Hadir 31 orang* (undangan 26, tambahan 5)
Diundang: 42 orang
Rekan media di antaranya: 2 orang
Personel dan pejabat: 3 orang

*Materi:*
Bijak bermedia sosial selama masa kampanye.
Menangkal hoaks dan ujaran kebencian.

*Hasil:*
Harapan agar mitra turut menjaga ruang digital yang damai."""
    )


def test_quick_report_with_acting_titles_institutions_and_pledges_in_wib():
    event = _event(
        "Asia/Pontianak",
        title="Optimalisasi Kerja Sama Media dan Pemerintah Daerah",
        region=PONTIANAK,
        venue="Hotel Mercure",
        starts_at=datetime(2024, 3, 5, 9, 0, tzinfo=ZoneInfo("Asia/Pontianak")),
        ends_at=datetime(2024, 3, 5, 12, 30, tzinfo=ZoneInfo("Asia/Pontianak")),
    )
    roles = [
        _role(
            RoleKind.OPENER,
            "Natalia Karyawati",
            acting_prefix="Plh.",
            position="Sekretaris Daerah",
            institution="Pemprov Kalbar",
        ),
        _role(RoleKind.SPEAKER, "Muhammad Syaifuddin Budi", institution="KPU Kalbar"),
        _role(RoleKind.SPEAKER, "Faisal Riza", institution="Bawaslu Kalbar"),
        _role(RoleKind.MODERATOR, "Zulkifli", acting_prefix="Plt.", position="Kepala Diskominfo"),
        _role(RoleKind.MC, "Tidak dicetak"),
    ]

    assert (
        build(event, roles, Tallies(invited=60, present=57, walk_in=9), 49, [])
        == """\
*LAPORAN CEPAT*
*Optimalisasi Kerja Sama Media dan Pemerintah Daerah*

Hari, tanggal: Selasa, 5 Maret 2024
Waktu: 09.00–12.30 WIB
Tempat: Hotel Mercure, Kota Pontianak

*Dibuka oleh:* Natalia Karyawati (Plh. Sekretaris Daerah, Pemprov Kalbar)

*Narasumber:*
- Muhammad Syaifuddin Budi (KPU Kalbar)
- Faisal Riza (Bawaslu Kalbar)

*Moderator:* Zulkifli (Plt. Kepala Diskominfo)

*Hadir 57 orang* (undangan 48, tambahan 9)
Diundang: 60 orang
Komitmen bersama: 49 orang"""
    )


def test_quick_report_with_our_promises_and_an_open_end_in_wit():
    event = _event("Asia/Jayapura", region=JAYAPURA, venue="Aula")
    promises = [
        Commitment(text="Menjawab pertanyaan  warga", owner_unit=KUBAR_UNIT, due_on=date(2024, 11, 4)),
        Commitment(
            text="Membuka nomor aduan",
            owner_unit=KUBAR_UNIT,
            due_on=date(2024, 11, 1),
            state=CommitmentState.DONE,
        ),
        Commitment(
            text="Dilepas", owner_unit=KUBAR_UNIT, due_on=date(2024, 11, 1), state=CommitmentState.DROPPED
        ),
    ]

    assert (
        build(event, [], Tallies(invited=1, present=1), 0, promises)
        == """\
*LAPORAN CEPAT*
*Dialog Penguatan Kehumasan*

Hari, tanggal: Senin, 21 Oktober 2024
Waktu: 20.00 WIT s.d. selesai
Tempat: Aula, Kota Jayapura

*Hadir 1 orang* (undangan 1, tambahan 0)
Diundang: 1 orang

*Janji kami:*
1. Menjawab pertanyaan warga (Polres Kubar, paling lambat 4 November 2024)
2. Membuka nomor aduan (Polres Kubar, sudah selesai)"""
    )


def test_quick_report_without_guests_or_date():
    event = _event(starts_at=None, state=EventState.POSTPONED, region=KALTIM)

    assert (
        build(event, [], Tallies(), 0, [])
        == """\
*LAPORAN CEPAT*
*Dialog Penguatan Kehumasan*
*KEGIATAN DITUNDA*

Hari, tanggal: menyusul
Tempat: Raini's Koffie, Kalimantan Timur

*Hadir 0 orang* (undangan 0, tambahan 0)"""
    )


def test_quick_report_of_an_evening_that_ends_the_next_day():
    event = _event(ends_at=datetime(2024, 10, 22, 1, 0, tzinfo=ZoneInfo("Asia/Makassar")))

    assert "Waktu: 20.00 s.d. Selasa, 22 Oktober 2024, 01.00 WITA\n" in build(event, [], Tallies(), 0, [])


def test_quick_report_of_an_unknown_hour_says_no_more_than_is_known():
    assert "Waktu: jam tidak tercatat (WITA)\n" in build(_event(has_time=False), [], Tallies(), 0, [])


def test_quick_report_keeps_its_bold_whatever_was_typed():
    event = _event(title="Dialog *penting*\nsekali", topics="*")
    text = build(event, [_role(RoleKind.LEADER, "Yuli*anto")], Tallies(), 0, [])

    assert text.splitlines()[:2] == ["*LAPORAN CEPAT*", "*Dialog penting sekali*"]
    assert "*Dipimpin oleh:* Yulianto" in text
    assert "Materi" not in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_quick_report_is_indonesian_whatever_the_officer_reads(language):
    with translation.override(language):
        assert "Senin, 21 Oktober 2024" in build(_event(), [], Tallies(), 0, [])


# The page


def _area(response):
    return html.unescape(
        re.search(r"<textarea[^>]*>(.*?)</textarea>", response.content.decode(), re.DOTALL).group(1)
    )


def test_quick_report_page_holds_exact_counts_ready_to_copy(cast, sign_in, django_assert_max_num_queries):
    event = cast.event("Dialog <b>malam</b>", is_demo=True, topics="Ruang digital")
    EventRole.objects.create(event=event, role=RoleKind.LEADER, full_name="Yuliyanto", rank="Kombes Pol")
    attendance.record(event=event, participant=cast.guest(event, cast.partner("Sari")), by=cast.kubar)
    attendance.walk_in(event=event, by=cast.kubar, consent="anonymous")
    for n in range(3):
        commitments.promise(
            event=event,
            text=f"Janji {n}",
            owner_unit=cast.unit("polres-kubar"),
            due_on=date(2030, 1, 1),
            by=cast.kubar,
        )
    client = sign_in("pimpinan")

    # session, officer, units, event with place, figures, roles, promises
    with django_assert_max_num_queries(8):
        page = client.get(f"/laporan/{event.public_id}/laporan-cepat/")

    text = _area(page)
    assert page.status_code == 200
    assert text.splitlines()[0] == "DATA CONTOH: peserta dan angka rekaan"
    assert "*Dialog <b>malam</b>*" in text
    assert "*Hadir 2 orang* (undangan 1, tambahan 1)" in text
    assert "3. Janji 2 (Polres Kubar, paling lambat 1 Januari 2030)" in text
    assert "Sari" not in text
    assert 'data-copy="#quick-report"' in page.content.decode()


def test_quick_report_page_is_404_for_a_unit_that_takes_no_part(cast, sign_in):
    event = cast.event()

    assert sign_in("berau").get(f"/laporan/{event.public_id}/laporan-cepat/").status_code == 404
    assert sign_in("privasi").get(f"/laporan/{event.public_id}/laporan-cepat/").status_code == 403
