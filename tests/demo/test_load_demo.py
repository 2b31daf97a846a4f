"""The sample: exact figures, plainly invented people, and no way to mix it with real work by accident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Officer, Unit
from accounts.queries.units import scope_of
from config import tasks
from config.demo import names, people
from events.choices import CommitmentState, EventState
from events.models import (
    Attendance,
    Commitment,
    DirectiveUnit,
    Event,
    Outreach,
    Participant,
    Pledge,
    Program,
    Proposal,
)
from events.queries.events import events_visible_to
from events.queries.neutrality import asked_of
from events.queries.tallies import tallies_of
from partners.choices import Keep, PartnerKind, PartnerStatus, Platform
from partners.models import Consent, Organization, Partner, SocialAccount
from partners.queries.partners import partners_visible_to
from tests.client import CheckingClient
from tests.demo.commands import accounts_table, load, row_counts

# People in public office whose names stand in the reports: they may lead an evening, never be in the registry.
REAL_PEOPLE = [
    "Yuliyanto",
    "I Made Pasek Riawan",
    "Kade Budiyarta",
    "Khairul Basyar",
    "Heri Rusyaman",
    "Dedi Prasetyo",
    "Natalia Karyawati",
    "Muhammad Syaifuddin Budi",
    "Faisal Riza",
    "Zulkifli",
    "Anton Frimanto",
]


def event(title: str) -> Event:
    return Event.objects.get(title=title)


def officer(username: str) -> Officer:
    return Officer.objects.get(username=username)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The sample, loaded once for this file and taken away again; each test's own writes are rolled back."""
    with django_db_blocker.unblock():
        load()
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def site(loaded, db) -> None:
    """The loaded sample, inside the test's own transaction."""


# The three evenings


def test_kutai_barat_has_its_exact_figures(site):
    k1 = event("Dialog Penguatan Kehumasan Kutai Barat")
    figures = tallies_of(k1)

    assert (figures.invited, figures.present, figures.walk_in, figures.came_invited) == (42, 31, 5, 26)
    assert (figures.absent, figures.pledges, figures.personnel) == (16, 0, 3)
    assert not Pledge.objects.filter(participant__event=k1).exists()
    assert (k1.state, k1.has_time, k1.part_of_day, k1.pledge_text) == (
        EventState.REPORTED,
        False,
        "night",
        None,
    )
    assert (k1.region_id, k1.host_unit.code, k1.is_demo) == ("64.07.07", "polda-kaltim", True)
    assert k1.starts_at.astimezone(timezone.get_fixed_timezone(480)).date().isoformat() == "2024-10-21"
    assert [role.formal_name for role in k1.roles.order_by("pk")] == [
        "Kombes Pol Yuliyanto, S.I.K., M.Sc.",
        "AKBP I Made Pasek Riawan, S.H., M.H.",
        "AKBP Kade Budiyarta, S.I.K.",
    ]


def test_berau_has_its_exact_figures_and_no_journalist_pledged(site):
    k2 = event("Dialog Penguatan Kehumasan Berau")
    figures = tallies_of(k2)

    assert (figures.invited, figures.present, figures.walk_in, figures.came_invited) == (68, 57, 9, 48)
    assert (figures.pledges, figures.press) == (49, 4)
    assert not Pledge.objects.filter(participant__is_press=True).exists()
    assert not Pledge.objects.filter(participant__partner__kind=PartnerKind.JOURNALIST).exists()
    assert not Pledge.objects.filter(participant__attendance__isnull=True).exists()
    assert (k2.has_time, k2.part_of_day) == (False, "")


def test_the_tour_holds_its_three_stops_and_attendance_lies_on_their_days(site):
    tour = Program.objects.get(name="Rangkaian Dialog Penguatan Kehumasan")
    held = tour.events.order_by("starts_at")

    assert [(e.region_id, e.state) for e in held] == [
        ("64.07.07", "reported"),
        ("64.02.06", "done"),
        ("64.03.05", "reported"),
    ]
    for attendance in Attendance.objects.filter(event__in=held).select_related("event"):
        assert abs(attendance.at - attendance.event.starts_at) < timedelta(hours=4)


def test_invented_events_say_so_and_have_what_the_home_page_shows(site):
    tour = Program.objects.get(name="Rangkaian Dialog Penguatan Kehumasan")
    reported = ["Anev dan Koordinasi Fungsi Kehumasan", "Optimalisasi Kerjasama Media dan Pemerintah Daerah"]
    invented = Event.objects.exclude(title__in=reported).exclude(program=tour)

    assert [e.title.startswith("(CONTOH)") for e in invented] == [True] * 4
    assert dict(invented.order_by("region").values_list("region_id", "state")) == {
        "64.01.04": EventState.POSTPONED,
        "64.07.06": EventState.PUBLISHED,
        "64.11.02": EventState.DRAFT,
        "64.74.02": EventState.DONE,
    }
    assert [c.text.startswith("(CONTOH)") for c in Commitment.objects.all()] == [True, True, True]
    assert set(Commitment.objects.values_list("event__title", flat=True)) == {
        "(CONTOH) Ngopi Bareng Pegiat Media Sosial Bontang"
    }
    overdue = Commitment.objects.filter(state=CommitmentState.OPEN, due_on__lt=timezone.localdate())
    assert overdue.count() == 1
    assert Commitment.objects.filter(state=CommitmentState.OPEN).count() == 2
    assert Commitment.objects.get(state=CommitmentState.DONE).evidence_url.startswith(
        "https://contoh.example/"
    )
    coming = event("(CONTOH) Dialog Warganet Kutai Barat")
    figures = tallies_of(coming)
    # 32 people, and a community that comes and has not said who.
    assert (coming.state, figures.invited, figures.awaiting, figures.declined) == ("published", 33, 13, 4)
    community = coming.participants.get(organization__isnull=False)
    assert (community.display_name, community.invitation.answer) == ("", "yes")
    proposals = Proposal.objects.filter(request__event=coming)
    assert sorted(proposals.values_list("state", flat=True)) == ["proposed", "proposed", "returned"]
    assert (coming.dress != "", coming.contact_name != "", coming.answer_by < coming.starts_at.date()) == (
        True,
        True,
        True,
    )
    assert timedelta(days=6) < coming.starts_at - timezone.now() < timedelta(days=8)


# The meeting in Jakarta, the agency in Pontianak, the appeals in Balikpapan


def test_the_national_meeting_has_units_personnel_and_six_directives(site):
    n1 = event("Anev dan Koordinasi Fungsi Kehumasan")
    figures = tallies_of(n1)

    assert (n1.host_unit.code, n1.timezone, n1.state, n1.kind) == (
        "mabes",
        "Asia/Jakarta",
        "done",
        "working_meeting",
    )
    assert (figures.invited, figures.present, figures.personnel, figures.pledges) == (0, 0, 17, 0)
    assert n1.event_units.filter(answer="yes", expected=3).count() == 6
    assert n1.participants.filter(kind="personnel", role__isnull=True).count() == 18
    assert [directive.number for directive in n1.directives.all()] == [1, 2, 3, 4, 5, 6]
    lines = DirectiveUnit.objects.filter(directive__event=n1)
    assert Counter(lines.values_list("state", flat=True)) == {"reported": 24, "open": 12}
    # Nobody's default is invented.
    assert not lines.filter(state="open", directive__due_on__lt=timezone.localdate()).exists()
    assert not Partner.objects.filter(participants__event=n1).exists()


def test_the_agency_has_organisations_with_delegates_and_outside_speakers(site):
    b1 = event("Optimalisasi Kerjasama Media dan Pemerintah Daerah")
    figures = tallies_of(b1)

    assert (b1.host_unit.code, b1.timezone) == ("diskominfo-kalbar", "Asia/Pontianak")
    assert (figures.invited, figures.present, figures.press, figures.officials, figures.declined) == (
        *(14, 11, 11, 3, 1),
    )
    assert [(role.role, role.post) for role in b1.roles.order_by("pk")] == [
        ("opener", "Plh. Sekretaris Daerah, Pemerintah Provinsi Kalimantan Barat"),
        ("speaker", "KPU Provinsi Kalimantan Barat"),
        ("speaker", "Bawaslu Provinsi Kalimantan Barat"),
    ]


def test_the_appeals_have_their_issuers_and_no_attendees(site):
    rows = Outreach.objects.order_by("pk").values_list("unit__code", "issuer_name", "held_on", "head_count")

    assert list(rows) == [
        ("diskominfo-balikpapan", "Zulkifli", date(2024, 10, 2), None),
        ("diskominfo-balikpapan", "Zulkifli", None, None),
        ("polresta-balikpapan", "Anton Frimanto", None, None),
    ]


def test_events_in_an_election_have_their_neutrality_list(site):
    asked = {
        e.title: [row.check is not None for row in asked_of(e)] for e in Event.objects.all() if asked_of(e)
    }

    assert len(asked) == 5  # K1, K2, K3, N1, B1
    assert all(asked.values())
    assert all(all(checks) for checks in asked.values())


# The people


def test_people_live_in_all_ten_regencies_and_belong_to_the_unit_that_polices_them(site):
    per_regency = Counter(code[:5] for code in Partner.objects.values_list("region_id", flat=True))
    unit_of = dict(Partner.objects.values_list("region_id", "unit__code"))

    assert sum(per_regency.values()) >= 220
    assert {code for code in per_regency if code.startswith("64")} == {
        *("64.01", "64.02", "64.03", "64.07", "64.08", "64.09", "64.11", "64.71", "64.72", "64.74")
    }
    assert (unit_of["64.02.05"], unit_of["64.02.17"], unit_of["64.02.06"]) == (
        "polres-bontang",
        "polres-bontang",
        "polres-kukar",
    )
    assert unit_of["61.71.01"] == "diskominfo-kalbar"


def test_people_bring_every_awkward_kind(site):
    everyone = Partner.objects.all()

    assert everyone.filter(full_name="Lahang").exists()
    assert everyone.filter(full_name__startswith="I Made ").exists()
    assert everyone.filter(full_name__startswith="Ni Luh ").exists()
    assert everyone.filter(full_name="Nur'aini", title_before="Hj.").exists()
    assert everyone.filter(full_name="O").exists()
    assert everyone.filter(full_name="José Ramírez Lejau").exists()
    assert max(len(name) for name in everyone.values_list("full_name", flat=True)) == 60
    assert set(SocialAccount.objects.values_list("platform", flat=True)) == set(Platform.values)
    assert set(everyone.values_list("kind", flat=True)) >= set(PartnerKind.values) - {"official"}
    assert everyone.exclude(phone="").values("phone").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert everyone.filter(phone="").exists()


def test_nobody_can_be_reached_and_no_real_official_is_in_the_registry(site):
    for phone in Partner.objects.exclude(phone="").values_list("phone", flat=True):
        assert str(phone).startswith("+628120000"), phone
    for email in Partner.objects.exclude(email="").values_list("email", flat=True):
        assert email.endswith("@contoh.example")
    assert all("contoh" in h or "cth" in h for h in SocialAccount.objects.values_list("handle", flat=True))
    for name in REAL_PEOPLE:
        assert not Partner.objects.filter(full_name__icontains=name).exists(), name
        assert not Officer.objects.filter(full_name__icontains=name).exists(), name


def test_consents_are_mixed(site):
    states = Counter(Partner.objects.values_list("status", "keep"))

    assert states[(PartnerStatus.ACTIVE, Keep.CONFIRMED)] > 100
    assert states[(PartnerStatus.ACTIVE, Keep.UNCONFIRMED)] > 30
    assert states[(PartnerStatus.PROSPECTIVE, Keep.NONE)] > 5
    assert states[(PartnerStatus.ARCHIVED, Keep.CONFIRMED)] == 1
    assert Consent.objects.filter(decision="withdrawn").values("partner").distinct().count() == 2


def test_the_same_people_come_each_time():
    assert people.everybody() == people.everybody()
    assert len({person.name.full_name for person in people.everybody()}) == len(people.everybody())
    assert {len(entry) for entry in names.AWKWARD} == {4}


def test_everything_is_marked_as_demo(site):
    for model in (Partner, Event, Officer, Program, Organization, Outreach):
        assert not model.objects.filter(is_demo=False).exists()


@pytest.mark.parametrize("days", [0, 400, 1500])
def test_the_sweep_keeps_the_sample(site, time_machine, days):
    before = (
        Partner.objects.count(),
        Participant.objects.exclude(display_name="").count(),
        Consent.objects.count(),
    )
    keeps = Counter(Partner.objects.values_list("status", "keep"))

    time_machine.move_to(timezone.now() + timedelta(days=days))
    tasks.sweep_slow()

    after = (
        Partner.objects.count(),
        Participant.objects.exclude(display_name="").count(),
        Consent.objects.count(),
    )
    assert after == before
    assert Counter(Partner.objects.values_list("status", "keep")) == keeps


# Accounts


def test_accounts_are_those_of_the_issue_and_plainly_invented(site):
    found = {o.username: (o.role, o.unit.code) for o in Officer.objects.select_related("unit")}

    assert found == {
        "bidhumas": (Role.ORGANIZER, "polda-kaltim"),
        "kubar": (Role.LOCAL_OFFICER, "polres-kubar"),
        "berau": (Role.LOCAL_OFFICER, "polres-berau"),
        "bontang": (Role.LOCAL_OFFICER, "polres-bontang"),
        "kukar": (Role.LOCAL_OFFICER, "polres-kukar"),
        "pimpinan": (Role.VIEWER, "polda-kaltim"),
        "privasi": (Role.PRIVACY_OFFICER, "polda-kaltim"),
        "admin": (Role.ADMINISTRATOR, "mabes"),
        "divhumas": (Role.ORGANIZER, "mabes"),
        "diskominfo.kalbar": (Role.ORGANIZER, "diskominfo-kalbar"),
        "diskominfo.balikpapan": (Role.ORGANIZER, "diskominfo-balikpapan"),
    }
    assert all("Contoh" in name for name in Officer.objects.values_list("full_name", flat=True))


def test_each_account_sees_its_own(site):
    total = Partner.objects.count()
    kalbar = Partner.objects.filter(region__code__startswith="61").count()
    seen = {o.username: partners_visible_to(o).count() for o in Officer.objects.all()}
    titles = {
        o.username: set(events_visible_to(o).values_list("region_id", flat=True))
        for o in Officer.objects.all()
    }

    assert kalbar == 8
    assert seen["bidhumas"] == seen["divhumas"] == seen["privasi"] == total - kalbar
    assert seen["diskominfo.kalbar"] == kalbar
    assert seen["pimpinan"] == seen["admin"] == 0
    assert set(partners_visible_to(officer("bontang")).values_list("unit__code", flat=True)) == {
        "polres-bontang"
    }
    assert titles["kubar"] == {"64.07.07", "64.07.06"}
    assert titles["berau"] == {"64.03.05"}
    assert titles["kukar"] == {"64.02.06"}
    assert titles["bontang"] == {"64.74.02"}
    # All the evenings of the province, and the meeting in Jakarta to which Polda Kaltim was invited.
    assert len(titles["bidhumas"]) == len(titles["pimpinan"]) == len(titles["divhumas"]) == 8
    assert titles["diskominfo.kalbar"] == {"61.71"}
    assert titles["privasi"] == titles["admin"] == titles["diskominfo.balikpapan"] == set()
    assert Unit.objects.get(code="polres-mahulu").pk in scope_of(officer("bidhumas"))


def test_accounts_log_in_with_the_demo_password_and_see_the_banner(site):
    client = CheckingClient()

    answer = client.post(reverse("account_login"), {"login": "kubar", "password": "rembuk-demo"}, follow=True)

    assert answer.redirect_chain == [(reverse("home"), 302)]
    assert "DATA CONTOH: peserta dan angka rekaan" in answer.content.decode()


def test_accounts_are_refused_where_no_trial_is_meant(site, settings):
    inside = CheckingClient()
    inside.force_login(officer("kubar"))
    settings.DEMO_LOGIN = False
    client = CheckingClient()

    refused = client.post(reverse("account_login"), {"login": "kubar", "password": "rembuk-demo"})
    wrong = client.post(reverse("account_login"), {"login": "kubar", "password": "wrong-password"})

    assert "_auth_user_id" not in client.session
    assert refused.context["form"].errors == wrong.context["form"].errors != {}
    assert inside.get(reverse("home")).status_code == 302


def test_demo_accounts_prints_the_table_only_where_the_demo_is(site):
    lines = accounts_table().splitlines()

    assert lines[0] == "Demo accounts:"
    assert lines[1].split() == ["user", "role", "unit", "password"]
    assert lines[2].split() == ["bidhumas", "organizer", "Polda", "Kaltim", "rembuk-demo"]
    assert [line.split()[0] for line in lines[2:]] == [
        *("bidhumas", "kubar", "berau", "bontang", "kukar"),
        *("pimpinan", "privasi", "admin", "divhumas", "diskominfo.kalbar", "diskominfo.balikpapan"),
    ]


# Loading


def test_loading_again_changes_nothing(site):
    before = row_counts()

    assert load() == ""

    assert row_counts() == before


def test_loading_again_follows_a_changed_password(site, settings):
    settings.DEMO_PASSWORD = "another-password"

    load()

    assert officer("kubar").check_password("another-password")
    assert officer("admin").check_password("another-password")


def test_loading_again_is_possible_after_somebody_worked_on_it(site):
    Partner.objects.filter(pk=Partner.objects.first().pk).update(is_demo=False)

    assert load() == ""
