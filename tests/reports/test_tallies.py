"""The figures of the first screen: what the sweep counts, what it notices, and who gets which sum."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from audit.recording import record
from events.choices import Answer, EventState, UnitPart
from events.models import Attendance, Event, EventUnit, Pledge, Scan
from partners.choices import Keep, PartnerStatus
from partners.operations import erasure, partners
from reports.models import EventTally, PartnerTally, StopTally, TallyClock
from reports.operations import tallies
from reports.queries import tallies as reading
from reports.queries.evenings import held_figures


def figures(unit: Any) -> dict[str, tuple[int, ...]]:
    rows = PartnerTally.objects.filter(unit=unit).values_list(
        "region_id", "confirmed", "unconfirmed", "prospective", "due"
    )
    return {region: tuple(counts) for region, *counts in rows}


def stops() -> set[tuple[str, str, str | None, str | None]]:
    rows = StopTally.objects.values_list("region_id", "unit__code", "held__title", "planned__title")
    return set(rows)


def told(event: Event) -> None:
    """What every operation on an event leaves in the audit."""
    record(by=None, verb="event.updated", obj=event, event=event.public_id)


# Counting everything


def test_tallies_count_partners_by_unit_and_region(cast):
    today = timezone.localdate()
    cast.partner("Satu")
    cast.partner("Dua", keep=Keep.UNCONFIRMED)
    cast.partner("Tiga", status=PartnerStatus.PROSPECTIVE, decide_by=today + timedelta(days=7))
    cast.partner("Empat", status=PartnerStatus.PROSPECTIVE, decide_by=today + timedelta(days=8))
    cast.partner("Lima", status=PartnerStatus.ARCHIVED, archived_at=timezone.now())
    cast.partner("Enam", unit="polres-berau", region_id="64.03.05")

    tallies.refresh()

    assert figures(cast.unit("polres-kubar")) == {"64.07.07": (1, 1, 2, 1)}
    assert figures(cast.unit("polres-berau")) == {"64.03.05": (1, 0, 0, 0)}
    assert PartnerTally.objects.count() == 2


def test_tallies_hold_the_last_held_and_the_next_planned_of_each_unit(cast):
    program = cast.program()
    cast.event("Lama", program=program, state=EventState.REPORTED, starts_at=cast.at(2024, 9, 1, 9))
    cast.event("Baru", program=program, state=EventState.DONE, starts_at=cast.at(2024, 10, 1, 9), co_hosts=[])
    cast.event("Tanpa tanggal", program=program, state=EventState.POSTPONED, starts_at=None)
    cast.event("Nanti", program=program, starts_at=cast.at(2030, 2, 1, 9), invited=["polres-berau"])
    cast.event("Lain rangkaian", starts_at=cast.at(2030, 1, 1, 9), co_hosts=[])
    cast.event("Rancangan", program=program, state=EventState.DRAFT)
    cast.event("Batal", program=program, state=EventState.CANCELLED)

    tallies.refresh()

    assert stops() == {
        ("64.07.07", "polda-kaltim", "Baru", "Nanti"),
        ("64.07.07", "polres-kubar", "Lama", "Nanti"),
        ("64.07.07", "polres-berau", None, "Nanti"),
        ("64.07.07", "polda-kaltim", None, "Lain rangkaian"),
    }


def test_tallies_sum_an_event_without_multiplying(cast):
    event = cast.event(state=EventState.DONE)
    text = cast.pledge_text()
    people = [
        cast.guest(event, cast.partner(f"Tamu {n}"), Answer.YES if n else Answer.NONE) for n in range(3)
    ]
    for person in people[:2]:
        scan = Scan.objects.create(
            event=event, participant=person, kind="present", source="roll", at=timezone.now()
        )
        Attendance.objects.create(event=event, participant=person, scan=scan, at=scan.at)
        pledge = {"participant": person, "text": text, "channel": "screen", "at": event.starts_at}
        Pledge.objects.create(**pledge, withdrawn_at=timezone.now())
        Pledge.objects.create(**pledge)

    tallies.refresh()

    counts = EventTally.objects.values_list("event", "invited", "awaiting", "guests", "pledges")
    assert list(counts) == [(event.pk, 3, 1, 2, 2)]


def test_tallies_counted_again_write_only_what_differs(cast, django_assert_max_num_queries):
    cast.partner("Sari")
    cast.guest(cast.event(), cast.partner("Budi"))
    tallies.refresh()
    before = list(PartnerTally.objects.values_list("pk", flat=True))

    tallies.refresh()
    cast.partner("Tri", unit="polres-berau", region_id="64.03.05")
    tallies.refresh()

    after = list(PartnerTally.objects.order_by("pk").values_list("pk", flat=True))
    assert after[: len(before)] == before
    assert len(after) == 2


# What changed is noticed


@pytest.fixture
def counted(cast):
    tallies.refresh()
    return cast


def test_catching_up_counts_the_unit_of_a_changed_partner(counted):
    partner = counted.partner("Sari")
    record(by=counted.kubar, verb="partner.registered", obj=partner, subject=partner.public_id)
    counted.partner("Tanpa jejak", unit="polres-berau", region_id="64.03.05")

    tallies.catch_up()

    assert figures(counted.unit("polres-kubar")) == {"64.07.07": (1, 0, 0, 0)}
    assert figures(counted.unit("polres-berau")) == {}


def test_catching_up_follows_a_partner_to_another_unit_and_away(counted):
    partner = counted.partner("Sari", region_id="64.07.07")
    tallies.refresh()
    region = type(partner.region).objects.get(pk="64.03.05")
    partners.update(partner=partner, by=counted.bidhumas, **_values(partner, region=region))

    tallies.catch_up()
    moved = (figures(counted.unit("polres-kubar")), figures(counted.unit("polres-berau")))
    erasure.erase(partner=partner, by=counted.bidhumas)
    tallies.catch_up()

    assert moved == ({}, {"64.03.05": (1, 0, 0, 0)})
    assert PartnerTally.objects.count() == 0


def _values(partner: Any, **changes: Any) -> dict[str, Any]:
    names = ("full_name", "kind", "phone", "email", "region", "source", "title_before", "title_after")
    return {name: getattr(partner, name) for name in (*names, "stage_name")} | changes


def test_catching_up_moves_a_stop_from_where_it_stood(cast):
    program = cast.program()
    event = cast.event("Dialog", program=program, starts_at=cast.at(2030, 1, 1, 9), co_hosts=[])
    tallies.refresh()
    event.region_id, event.program = "64.03.05", None
    event.save()
    told(event)

    tallies.catch_up()

    assert stops() == {("64.03.05", "polda-kaltim", None, "Dialog")}
    assert StopTally.objects.get().program is None


def test_catching_up_forgets_a_unit_that_no_longer_takes_part(cast):
    event = cast.event("Dialog", program=cast.program())
    tallies.refresh()
    EventUnit.objects.filter(event=event).update(unit=cast.unit("polres-berau"), part=UnitPart.INVITED)
    told(event)

    tallies.catch_up()

    assert {row[1] for row in stops()} == {"polda-kaltim", "polres-berau"}


def test_catching_up_counts_the_answers_of_the_event_alone(cast):
    event, other = cast.event(), cast.event("Lain")
    tallies.refresh()
    cast.guest(event, cast.partner("Sari"))
    cast.guest(other, cast.partner("Budi"))
    told(event)

    tallies.catch_up()

    assert list(EventTally.objects.values_list("event", "awaiting")) == [(event.pk, 1)]


def test_catching_up_reads_young_lines_again_and_old_ones_once(cast, time_machine):
    """A line that is numbered early and committed late is not missed."""
    time_machine.move_to(cast.at(2026, 3, 3, 19, 42), tick=False)
    tallies.refresh()
    told(cast.event())
    tallies.catch_up()
    young = TallyClock.objects.get().seen_entry
    time_machine.move_to(cast.at(2026, 3, 3, 19, 43), tick=False)

    tallies.catch_up()

    assert young == 0
    assert TallyClock.objects.get().seen_entry == Entry.objects.latest("pk").pk


def test_catching_up_counts_everything_the_first_time_and_when_too_much_happened(cast, monkeypatch):
    cast.partner("Sari")
    tallies.catch_up()
    first = figures(cast.unit("polres-kubar"))
    cast.partner("Tanpa jejak")
    monkeypatch.setattr(tallies, "MANY", 1)
    for _n in range(2):
        told(cast.event())

    tallies.catch_up()

    assert first == {"64.07.07": (1, 0, 0, 0)}
    assert figures(cast.unit("polres-kubar")) == {"64.07.07": (2, 0, 0, 0)}


def test_catching_up_that_fails_leaves_the_figures_and_the_clock(cast, monkeypatch):
    tallies.refresh()
    before = TallyClock.objects.values().get()
    partner = cast.partner("Sari")
    told(cast.event())
    record(by=None, verb="partner.updated", obj=partner, subject=partner.public_id)
    monkeypatch.setattr(tallies, "_settle_stops", lambda stops: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tallies.catch_up()

    assert TallyClock.objects.values().get() == before
    assert PartnerTally.objects.count() == 0


def test_catching_up_with_nothing_new_is_two_reads(counted, django_assert_num_queries):
    with django_assert_num_queries(5):  # a savepoint, its release, the clock twice, the audit
        tallies.catch_up()


# Who gets which sum


def test_sums_are_of_the_units_in_scope_and_no_other(cast):
    cast.partner("Kubar")
    cast.partner("Berau", unit="polres-berau", region_id="64.03.05")
    cast.partner("Dinas", unit="diskominfo-kalbar", region_id="61.71")
    # An agency may keep somebody who lives where the police keep others: one region, two trees.
    cast.partner("Dinas di Kubar", unit="diskominfo-kalbar", region_id="64.07.07")
    tallies.refresh()

    def seen(username: str) -> tuple[int, int, int]:
        people = reading.people_by_region(cast.officers[username])
        return people.total.with_consent, people.within(["64"]).confirmed, people.within(["64.07"]).confirmed

    assert {name: seen(name) for name in ("kubar", "berau", "bidhumas", "divhumas", "diskominfo")} == {
        "kubar": (1, 1, 1),
        "berau": (1, 1, 0),
        "bidhumas": (2, 2, 1),
        "divhumas": (2, 2, 1),
        "diskominfo": (2, 1, 1),
    }


def test_sums_of_provinces_are_of_the_units_in_scope(cast):
    cast.event("Kubar", state=EventState.DONE)
    cast.event("Berau", region_id="64.03.05", co_hosts=["polres-berau"])
    cast.event("Dinas", host="diskominfo-kalbar", region_id="61.71", co_hosts=[], state=EventState.DONE)
    tallies.refresh()

    def seen(username: str) -> dict[str, tuple[int, int]]:
        reached = reading.provinces_reached(cast.officers[username])
        return {code: (province.held, province.planned) for code, province in reached.items()}

    assert {name: seen(name) for name in ("kubar", "berau", "divhumas", "diskominfo", "bontang")} == {
        "kubar": {"64": (1, 0)},
        "berau": {"64": (0, 1)},
        "divhumas": {"64": (1, 1)},
        "diskominfo": {"61": (1, 0)},
        "bontang": {},
    }


def test_a_tally_that_lags_names_no_event_out_of_sight(cast, sign_in):
    """Berau was a co-host a moment ago; the sweep has not come by since."""
    program = cast.program()
    event = cast.event("Canary Kenari", program=program, region_id="64.03.05", co_hosts=["polres-berau"])
    cast.event(
        program=program, region_id="64.03.05", starts_at=cast.at(2030, 5, 2, 9), co_hosts=["polres-berau"]
    )
    tallies.refresh()
    EventUnit.objects.filter(event=event).delete()

    page = sign_in("berau").get(reverse("home"))

    assert StopTally.objects.filter(unit=cast.unit("polres-berau"), planned=event).exists()
    assert [row.planned for row in page.context["coverage"].rows] == [None]
    assert str(event.public_id) not in page.content.decode()


def test_held_figures_are_of_the_last_year_and_of_visible_events(cast):
    now = timezone.now()
    for title, days, host in (
        ("Dekat", 3, "polda-kaltim"),
        ("Lama", 400, "polda-kaltim"),
        ("Dinas", 3, "diskominfo-kalbar"),
    ):
        event = cast.event(
            title, host=host, co_hosts=[], state=EventState.DONE, starts_at=now - timedelta(days=days)
        )
        EventTally.objects.create(event=event, guests=5, pledges=2)

    found = held_figures(cast.pimpinan)

    assert (found.events, found.guests, found.pledges) == (1, 5, 2)


# As of when


@pytest.mark.parametrize(
    ("unit", "said"),
    [("polda-kaltim", "per 19.42 WITA"), ("mabes", "per 18.42 WIB"), ("polda-papua", "per 20.42 WIT")],
)
def test_page_says_as_of_when_in_the_zone_of_the_unit(cast, time_machine, client, unit, said):
    from accounts.models import Unit

    cast._units["polda-papua"] = Unit.objects.create(
        code="polda-papua",
        name="Polda Papua",
        short_name="Polda Papua",
        kind="polda",
        timezone="Asia/Jayapura",
    )
    time_machine.move_to(cast.at(2026, 3, 3, 19, 42), tick=False)
    tallies.refresh()
    time_machine.move_to(cast.at(2026, 3, 3, 19, 50), tick=False)
    client.force_login(cast.officer("pembaca", unit))

    assert said in client.get(reverse("home")).content.decode()


def test_page_names_the_day_when_the_sweep_has_stood_still(cast, time_machine, sign_in):
    time_machine.move_to(cast.at(2026, 3, 3, 19, 42), tick=False)
    tallies.refresh()
    time_machine.move_to(cast.at(2026, 3, 4, 8), tick=False)

    response = sign_in("kubar").get(reverse("home"))

    assert response.context["counted_on"] == date(2026, 3, 3)
    assert "per 19.42 WITA, 3 Maret 2026" in response.content.decode()


def test_page_without_tallies_opens(cast, sign_in):
    cast.event("Dialog", program=cast.program(), starts_at=timezone.now() + timedelta(days=2))

    response = sign_in("kubar").get(reverse("home"))

    assert response.context["counted_at"] is None
    assert [item.event.title for item in response.context["upcoming"]] == ["Dialog"]
