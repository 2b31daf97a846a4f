"""The first screen answers: which of our regions had its dialogue, which not, what is next, what do we owe."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.recording import record
from events.choices import Answer, CommitmentState, EventState
from events.models import Attendance, Commitment, Event, Scan
from partners.choices import Keep, PartnerStatus
from reports.operations import tallies
from tests.cast import Cast, today

BUDGET = 15


def seen_in(html: str) -> str:
    """What a reader sees, spaces squeezed."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return seen_in(response.content.decode().split("<main", 1)[1].split(">", 1)[1].split("</main>")[0])


def home_of(client: Any, query: Any = None) -> Any:
    """The page after the sweep has come by."""
    tallies.refresh()
    return client.get(reverse("home"), query)


def section_of(response: Any, anchor: str) -> str:
    html = response.content.decode().split(f'id="{anchor}">', 1)[1]
    return seen_in(html.split("</section>")[0])


def commitment(cast: Cast, event: Event, text: str, days: int, unit: str = "polda-kaltim") -> Commitment:
    due_on = today() + timedelta(days=days)
    return Commitment.objects.create(event=event, text=text, owner_unit=cast.unit(unit), due_on=due_on)


def held(cast: Cast, region: str, **fields: Any) -> Event:
    return cast.event(region_id=region, state=EventState.DONE, **fields)


@pytest.fixture
def tour(cast: Cast):
    """Kutai Barat and Berau had their dialogue, Kutai Kartanegara will, Bontang has none."""
    program = cast.program()
    held(cast, "64.07.07", program=program, title="Dialog Kubar", starts_at=cast.at(2024, 10, 21, 19, 30))
    held(
        cast,
        "64.03.05",
        program=program,
        title="Dialog Berau",
        starts_at=cast.at(2024, 10, 31, 9),
        co_hosts=["polres-berau"],
    )
    soon = timezone.now() + timedelta(days=5)
    cast.event(
        "Dialog Kukar", program=program, region_id="64.02.06", starts_at=soon, co_hosts=["polres-kukar"]
    )
    return program


# The programme by region


def test_coverage_names_every_region_with_what_it_had(tour, sign_in):
    section = section_of(home_of(sign_in("bidhumas")), "coverage")

    assert "2 dari 4 kabupaten/kota · 1 direncanakan · 1 belum ada dialog" in section
    assert "Kutai Barat Terlaksana 21 Oktober 2024" in section
    assert "Berau Terlaksana 31 Oktober 2024" in section
    assert "Kutai Kartanegara Direncanakan" in section
    assert "Kota Bontang Belum ada dialog" in section


def test_coverage_of_a_local_unit_holds_only_what_it_polices(tour, cast, sign_in):
    cast.event("Dialog Kukar", program=tour, region_id="64.02.06", co_hosts=["polres-bontang"])

    section = section_of(home_of(sign_in("bontang")), "coverage")

    assert "0 dari 2 kabupaten/kota · 2 belum ada dialog" in section
    assert "Kutai Kartanegara Muara Badak Belum ada dialog" in section
    assert "Kota Bontang Belum ada dialog" in section
    assert "Berau" not in section


def test_coverage_counts_an_event_in_a_policed_district_for_its_unit(tour, cast, sign_in):
    held(cast, "64.02.05", program=tour, starts_at=cast.at(2024, 11, 4, 9), co_hosts=["polres-bontang"])

    section = section_of(home_of(sign_in("bontang")), "coverage")

    assert "1 dari 2 kabupaten/kota" in section
    assert "Muara Badak Terlaksana 4 November 2024" in section


def test_coverage_shows_the_latest_held_and_the_next_planned(tour, cast, sign_in):
    held(cast, "64.07.07", program=tour, starts_at=cast.at(2024, 9, 2, 9))
    cast.event("Kubar lagi", program=tour, starts_at=cast.at(2030, 5, 2, 9))
    cast.event("Kubar nanti", program=tour, starts_at=cast.at(2030, 6, 2, 9))

    section = section_of(home_of(sign_in("bidhumas")), "coverage")

    assert "Kutai Barat Terlaksana 21 Oktober 2024 Direncanakan 2 Mei 2030" in section


def test_coverage_ignores_drafts_and_cancelled_and_shows_postponed_without_date(cast, sign_in):
    program = cast.program()
    cast.event(program=program, region_id="64.74", state=EventState.CANCELLED)
    cast.event(program=program, region_id="64.07.07", state=EventState.DRAFT)
    cast.event(program=program, region_id="64.03.05", state=EventState.POSTPONED, starts_at=None)

    section = section_of(home_of(sign_in("bidhumas")), "coverage")

    assert "0 dari 4 kabupaten/kota · 1 direncanakan · 3 belum ada dialog" in section
    assert "Berau Direncanakan tanggal menyusul" in section


def test_coverage_does_not_tell_of_events_out_of_sight(tour, cast, sign_in):
    """Berau takes part in one stop of the programme and sees neither the others nor their dates."""
    page = text_of(home_of(sign_in("berau")))

    assert "1 dari 1 kabupaten/kota" in page
    assert "Dialog Kukar" not in page
    assert "21 Oktober 2024" not in page


def test_coverage_opens_with_the_running_programme_and_keeps_the_others_folded(tour, cast, sign_in):
    today = timezone.localdate()
    cast.program(name="Berjalan", starts_on=today - timedelta(days=3), ends_on=today + timedelta(days=3))
    cast.program(name="Nanti", starts_on=today + timedelta(days=30))

    response = home_of(sign_in("bidhumas"))

    assert response.context["coverage"].program.name == "Berjalan"
    assert {table.program.name for table in response.context["other_coverages"]} == {"Nanti", tour.name}
    assert response.context["programs"] == []


def test_coverage_offers_a_choice_when_there_are_many_programmes(cast, sign_in):
    programs = [cast.program(name=f"Rangkaian {n}", starts_on=date(2024, n, 1)) for n in range(1, 6)]
    client = sign_in("divhumas")

    first = home_of(client)
    second = home_of(client, {"rangkaian": str(programs[0].public_id)})

    assert len(first.context["programs"]) == 5
    assert first.context["coverage"].program == programs[4]
    assert second.context["coverage"].program == programs[0]


@pytest.mark.parametrize("text", ["x", "", "00000000-0000-4000-8000-000000000000"])
def test_coverage_answers_an_unknown_choice_as_none(tour, sign_in, text):
    assert home_of(sign_in("bidhumas"), {"rangkaian": text}).context["coverage"].program == tour


def test_coverage_answers_a_choice_out_of_sight_as_none(tour, cast, sign_in):
    foreign = cast.program(name="Milik Kalbar", unit=cast.unit("diskominfo-kalbar"), region_id="61")

    response = home_of(sign_in("bidhumas"), {"rangkaian": str(foreign.public_id)})

    assert response.context["coverage"].program == tour
    assert "Milik Kalbar" not in response.content.decode()


# What is next


def test_upcoming_counts_the_days_and_the_answers(cast, sign_in):
    event = cast.event("Dialog pekan depan", starts_at=timezone.now() + timedelta(days=7))
    for name, answer in [
        ("Sari", Answer.YES),
        ("Budi", Answer.NO),
        ("Tri", Answer.NONE),
        ("Umi", Answer.NONE),
    ]:
        cast.guest(event, cast.partner(name), answer)

    response = home_of(sign_in("kubar"))
    section = section_of(response, "upcoming")

    assert "Dialog pekan depan" in section
    assert "7 hari lagi" in section
    assert "2 dari 4 tamu sudah menjawab" in section
    assert "2 belum menjawab" in section
    assert reverse("events:guest-list", args=[event.public_id]) in response.content.decode()
    assert response.context["awaiting"] == 2
    assert "Sari" not in section


@pytest.mark.parametrize(
    ("hours", "said"), [(0, "hari ini"), (24, "besok"), (48, "2 hari lagi"), (-48, "belum ditandai")]
)
def test_upcoming_says_when_by_the_calendar_of_the_place(cast, sign_in, time_machine, hours, said):
    time_machine.move_to(cast.at(2026, 3, 3, 23, 30), tick=False)
    cast.event(starts_at=cast.at(2026, 3, 3, 19, 30) + timedelta(hours=hours))

    assert said in section_of(home_of(sign_in("kubar")), "upcoming")


def test_upcoming_puts_the_nearest_first_and_the_forgotten_last(cast, sign_in):
    now = timezone.now()
    cast.event("Lama", starts_at=now - timedelta(days=40))
    cast.event("Tanpa tanggal", starts_at=None, state=EventState.POSTPONED)
    cast.event("Jauh", starts_at=now + timedelta(days=20))
    cast.event("Dekat", starts_at=now + timedelta(days=2))
    cast.event("Rancangan", state=EventState.DRAFT)
    cast.event("Selesai", state=EventState.DONE)

    titles = [item.event.title for item in home_of(sign_in("bidhumas")).context["upcoming"]]

    assert titles == ["Dekat", "Jauh", "Tanpa tanggal", "Lama"]


def test_upcoming_shows_nothing_of_a_neighbour(cast, sign_in):
    event = cast.event("Rahasia Kubar", starts_at=timezone.now() + timedelta(days=3))
    cast.guest(event, cast.partner("Sari"))

    response = home_of(sign_in("berau"))

    assert "Rahasia Kubar" not in response.content.decode()
    assert response.context["awaiting"] == 0
    assert "Tidak ada kegiatan yang direncanakan" in section_of(response, "upcoming")


# What we owe


def test_duties_put_the_overdue_first_and_name_it(cast, sign_in):
    event = cast.event("Dialog", state=EventState.DONE)
    commitment(cast, event, "Nomor aduan", days=9)
    commitment(cast, event, "Jadwal dialog", days=-6)
    commitment(cast, event, "Hari ini juga", days=0)
    done = commitment(cast, event, "Sudah beres", days=-9)
    done.state, done.done_at, done.evidence_url = (
        CommitmentState.DONE,
        timezone.now(),
        "https://contoh.example/",
    )
    done.save()

    response = home_of(sign_in("bidhumas"))
    section = section_of(response, "duties")

    assert [duty.commitment.text for duty in response.context["duties"].shown] == [
        "Jadwal dialog",
        "Hari ini juga",
        "Nomor aduan",
    ]
    assert "terlambat 6 hari" in section
    assert "jatuh tempo hari ini" in section
    assert "9 hari lagi" in section
    assert "Sudah beres" not in section


def test_duties_reach_the_owner_and_the_event_and_nobody_else(cast, sign_in):
    kubar_event = cast.event("Dialog Kubar", state=EventState.DONE)
    commitment(cast, kubar_event, "Dari Kubar", days=3)
    commitment(cast, kubar_event, "Milik Berau", days=3, unit="polres-berau")

    def seen(username: str) -> list[str]:
        shown = home_of(sign_in(username)).context["duties"].shown
        return sorted(duty.commitment.text for duty in shown)

    assert seen("kubar") == ["Dari Kubar", "Milik Berau"]
    assert seen("berau") == ["Milik Berau"]
    assert seen("kukar") == []
    assert seen("diskominfo") == []


def test_duties_of_an_event_out_of_sight_do_not_name_it(cast, sign_in):
    """A unit that owes something sees what and when, without a link that would answer 404."""
    event = cast.event("Dialog tertutup", state=EventState.DONE)
    commitment(cast, event, "Milik Berau", days=3, unit="polres-berau")

    section = section_of(home_of(sign_in("berau")), "duties")

    assert "Milik Berau" in section
    assert "Dialog tertutup" not in section


def test_duties_lead_whoever_may_finish_them_to_the_page_where_that_is_done(cast, sign_in):
    event = cast.event("Dialog tertutup", state=EventState.DONE, co_hosts=["polres-kubar"])
    owed = commitment(cast, event, "Milik Berau", days=3, unit="polres-berau")
    address = reverse("events:commitment-finish", args=[owed.public_id])

    pages = {
        name: home_of(sign_in(name)).content.decode() for name in ("berau", "bidhumas", "kubar", "pimpinan")
    }

    assert {name: address in page for name, page in pages.items()} == {
        "berau": True,
        "bidhumas": True,
        "kubar": False,
        "pimpinan": False,
    }
    assert sign_in("berau").get(address).status_code == 200


# Who has not decided, and the other roles


def test_prospects_are_counted_and_lead_to_the_list(cast, sign_in):
    today = timezone.localdate()
    cast.partner("Satu", status=PartnerStatus.PROSPECTIVE, decide_by=today + timedelta(days=3))
    cast.partner("Dua", status=PartnerStatus.PROSPECTIVE, decide_by=today + timedelta(days=20))
    cast.partner("Tiga", unit="polres-berau", region_id="64.03.05", status=PartnerStatus.PROSPECTIVE)

    response = home_of(sign_in("kubar"))
    section = section_of(response, "prospects")

    assert (response.context["prospects"].prospective, response.context["prospects"].due) == (2, 1)
    assert "2 orang belum menyatakan" in section
    assert f"{reverse('partners:partner-list')}?status=prospective" in response.content.decode()
    assert "Satu" not in section


def test_leader_gets_figures_and_no_name(cast, sign_in):
    event = held(cast, "64.07.07", title="Dialog", starts_at=timezone.now() - timedelta(days=3))
    guest = cast.guest(event, cast.partner("Canary Kenari"), Answer.YES)
    scan = Scan.objects.create(
        event=event, participant=guest, kind="present", source="roll", at=timezone.now()
    )
    Attendance.objects.create(event=event, participant=guest, scan=scan, at=scan.at)
    cast.guest(cast.event(starts_at=timezone.now() + timedelta(days=2)), cast.partner("Canary Camar"))

    response = home_of(sign_in("pimpinan"))
    page = text_of(response)

    assert "Canary" not in page
    assert "Kegiatan terlaksana 1 Tamu yang hadir 1 Komitmen bersama 0" in page
    assert "1 belum menjawab" not in page
    assert "Calon mitra" not in page


def test_privacy_officer_gets_counts_and_the_audit(cast, sign_in):
    sari = cast.partner("Sari")
    cast.partner("Budi", keep=Keep.UNCONFIRMED)
    cast.partner("Calon", status=PartnerStatus.PROSPECTIVE)
    record(by=cast.kubar, verb="partner.contact_revealed", obj=sari, subject=sari.public_id)
    record(by=cast.kubar, verb="participant.contact_revealed", unit_id=cast.kubar.unit_id)
    record(by=cast.diskominfo, verb="partner.contact_revealed")

    page = text_of(home_of(sign_in("privasi")))

    assert "Persetujuan terkonfirmasi 1 Belum dikonfirmasi 1 Calon mitra 1 Kontak dibuka, 7 hari 2" in page
    assert "Buka audit" in page
    assert "Sari" not in page
    assert "Janji kami" not in page


def test_administrator_gets_officers_and_units_only(cast, sign_in):
    cast.event("Dialog Kubar", starts_at=timezone.now() + timedelta(days=2))
    response = home_of(sign_in("admin"))
    html = response.content.decode()

    assert reverse("accounts:officer-list") in html
    assert reverse("accounts:unit-list") in html
    assert "Dialog Kubar" not in html
    assert "upcoming" not in response.context


def test_page_says_whose_it_is_and_as_of_when(cast, sign_in, time_machine):
    time_machine.move_to(cast.at(2026, 3, 3, 19, 42), tick=False)

    assert "per 19.42 WITA Polres Kubar" in text_of(home_of(sign_in("kubar")))
    assert "per 18.42 WIB Mabes Polri" in text_of(home_of(sign_in("divhumas")))


def test_empty_page_says_what_to_do_next(cast, sign_in):
    organizer = text_of(home_of(sign_in("bidhumas")))
    leader = text_of(home_of(sign_in("pimpinan")))

    assert "Rencanakan kegiatan" in organizer
    assert "Mulai rangkaian" in organizer
    assert "Rencanakan kegiatan" not in leader
    assert "Mulai rangkaian" not in leader


def test_home_asks_a_stranger_to_log_in(client, db):
    answer = client.get(reverse("home"))

    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next=/")


# Cost


@pytest.mark.parametrize(
    ("username", "queries"),
    [("bidhumas", 13), ("kubar", 13), ("pimpinan", 12), ("divhumas", 14), ("privasi", 7), ("admin", 2)],
)
@pytest.mark.parametrize("items", [1, 3])
def test_queries_do_not_grow(cast, sign_in, django_assert_num_queries, username, queries, items):
    for n in range(items):
        program = cast.program(name=f"Rangkaian {n}", starts_on=date(2024, n + 1, 1))
        event = cast.event(f"Dialog {n}", program=program, starts_at=timezone.now() + timedelta(days=n + 1))
        cast.guest(event, cast.partner(f"Tamu {n}"))
        done = held(cast, "64.07.07", title=f"Lalu {n}", program=program)
        commitment(cast, done, f"Janji {n}", days=n)
        cast.partner(f"Calon {n}", status=PartnerStatus.PROSPECTIVE)
    client = sign_in(username)
    tallies.refresh()

    with django_assert_num_queries(queries):
        client.get(reverse("home"))
    assert queries <= BUDGET
