"""Who polices what, changed by administrators: the preview, the move, and the day that comes later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Jurisdiction, Officer, Unit
from accounts.operations import jurisdictions
from accounts.queries import territory
from accounts.queries.units import unit_for
from audit.models import Entry
from jobs import operations as jobs
from jobs.models import Job
from partners import lifecycle
from partners.models import Partner
from partners.operations import moves as partner_moves
from regions.models import Region

TODAY = date(2030, 5, 6)
NOON = datetime(2030, 5, 6, 4, tzinfo=UTC)  # 11.00 WIB, 12.00 WITA, 13.00 WIT
BADAK, TENGGARONG = "64.02.05", "64.02.06"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def row_of(unit: str, region: str, mode: str = "include") -> Jurisdiction:
    return Jurisdiction.objects.get(unit__code=unit, region=region, mode=mode)


def region(code: str) -> Region:
    return Region.objects.get(code=code)


def take_over(cast, *, by=None, unit="polres-kukar", code=BADAK, mode="include", start=TODAY, end=None):
    """Kukar is given the district that Bontang polices: what the exclude took away comes back by a longer day."""
    return jurisdictions.add(
        by=by or cast.admin,
        unit=cast.unit(unit),
        region=region(code),
        mode=mode,
        valid_from=start,
        valid_to=end,
    )


def holders() -> dict[str, str]:
    return dict(Partner.objects.order_by("pk").values_list("full_name", "unit__code"))


@pytest.fixture
def people(cast):
    """Two in Muara Badak and one in Bontang, held by Bontang; one in Tenggarong; one that an agency keeps."""
    cast.partner("Ani", "polres-bontang", region_id=BADAK)
    cast.partner("Budi", "polres-bontang", region_id=BADAK, status="archived", archived_at=timezone.now())
    cast.partner("Citra", "polres-bontang", region_id="64.74")
    cast.partner("Dewi", "polres-kukar", region_id=TENGGARONG)
    cast.partner("Eko", "diskominfo-kalbar", region_id=BADAK)
    return cast


# ---- one rule, two ways to ask it


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_territory_answers_like_unit_for(cast, data):
    code = data.draw(st.sampled_from([BADAK, TENGGARONG, "64.02", "64.74", "64.07.07", "64", "61.71"]))
    unit = data.draw(st.sampled_from(["polres-kukar", "polres-bontang", "polda-kaltim", "polres-kubar"]))
    mode = data.draw(st.sampled_from(["include", "exclude"]))
    start, length = data.draw(st.integers(-3, 3)), data.draw(st.integers(0, 3))
    Jurisdiction.objects.filter(note="uji").delete()
    Jurisdiction.objects.create(
        unit=cast.unit(unit),
        region_id=data.draw(st.sampled_from(["64.02", BADAK, "64.74", "64"])),
        mode=mode,
        valid_from=TODAY + timedelta(days=start),
        valid_to=TODAY + timedelta(days=start + length),
        note="uji",
    )
    Unit.objects.filter(code="polres-bontang").update(is_active=data.draw(st.booleans()))

    known = territory.whole_territory()
    for days in range(-4, 8):
        day = TODAY + timedelta(days=days)
        found = unit_for(region(code), day)
        assert known.holder_of(code, day) == (found.pk if found else None)


# ---- the preview


def test_preview_of_bontangs_two_districts_is_exact(db, django_assert_num_queries):
    """On the loaded data: Bontang gives back Muara Badak and Marang Kayu, and nobody else moves."""
    call_command("load_reference", verbosity=0)
    units = {code: Unit.objects.get(code=code) for code in ("polres-bontang", "polres-kukar", "mabes")}
    admin = Officer.objects.create(
        username="admin", full_name="Admin", unit=units["mabes"], role="administrator", password="!"
    )
    amounts = {("64.02.05", "polres-bontang"): 3, ("64.02.17", "polres-bontang"): 2}
    amounts |= {("64.74.01", "polres-bontang"): 4, ("64.02.06", "polres-kukar"): 5}
    for (code, unit), amount in amounts.items():
        for number in range(amount):
            Partner.objects.create(
                full_name=f"Mitra {code} {number}",
                kind="influencer",
                region_id=code,
                unit=units[unit],
                keep="confirmed",
                status="active",
                source="in_person",
            )
    yesterday = TODAY - timedelta(days=1)
    for code, amount in (("64.02.05", 3), ("64.02.17", 2)):
        ending = {"by": admin, "valid_to": yesterday}
        exclude = row_of("polres-kukar", code, "exclude")
        jurisdictions.end(jurisdiction=exclude, note="", **ending)
        assert Partner.objects.filter(region=code, unit=units["polres-kukar"]).count() in (0, amount)
        row = row_of("polres-bontang", code)

        found = jurisdictions.preview_end(jurisdiction=row, **ending)
        said = [(move.region, move.from_id, move.to_id, move.people) for move in found.moves]
        moved = [(code, units["polres-bontang"].pk, units["polres-kukar"].pk, amount)]
        assert (said, found.people, found.is_today) == (moved, amount, True)

        jurisdictions.end(jurisdiction=row, note="", **ending)
        assert Partner.objects.filter(region=code, unit=units["polres-kukar"]).count() == amount
    assert Partner.objects.filter(unit=units["polres-bontang"]).count() == 4
    assert Partner.objects.filter(unit=units["polres-kukar"]).count() == 10


def test_preview_counts_everybody_whom_it_would_move_and_nobody_else(people):
    cast = people

    found = jurisdictions.preview_end(
        jurisdiction=row_of("polres-bontang", BADAK), by=cast.admin, valid_to=TODAY - timedelta(days=1)
    )

    # Kukar has given the district away, so it falls to the province above.
    to = cast.unit("polda-kaltim").pk
    assert [(m.region, m.to_id, m.people) for m in found.moves] == [(BADAK, to, 2)]
    assert holders()["Ani"] == "polres-bontang"
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("amount", [1, 30])
def test_preview_costs_the_same_however_many(cast, django_assert_num_queries, amount):
    for number in range(amount):
        cast.partner(f"Mitra {number}", "polres-bontang", region_id=BADAK)
    row = territory.jurisdictions_visible_to(cast.admin).get(unit__code="polres-bontang", region=BADAK)

    with django_assert_num_queries(4):
        jurisdictions.preview_end(jurisdiction=row, by=cast.admin, valid_to=TODAY - timedelta(days=1))


# ---- the move


def test_end_moves_people_with_a_line_each_and_tells_the_higher_apps(people, monkeypatch):
    told = []
    monkeypatch.setattr(lifecycle, "tell_moved", lambda partner, by: told.append((partner.full_name, by)))
    cast = people

    _row, job = jurisdictions.end(
        jurisdiction=row_of("polres-bontang", BADAK),
        by=cast.admin,
        valid_to=TODAY - timedelta(days=1),
        note="dikembalikan",
    )

    assert job is None
    assert holders() == {
        "Ani": "polda-kaltim",
        "Budi": "polda-kaltim",
        "Citra": "polres-bontang",
        "Dewi": "polres-kukar",
        "Eko": "diskominfo-kalbar",
    }
    assert told == [("Ani", cast.admin), ("Budi", cast.admin)]
    lines = Entry.objects.filter(verb="partner.moved")
    bontang = cast.unit("polres-bontang").pk
    assert {(line.actor_id, line.unit_id) for line in lines} == {(cast.admin.pk, bontang)}
    assert lines.count() == 2


def test_move_is_all_or_nothing(people, monkeypatch):
    def fails(partner, by):
        raise RuntimeError

    monkeypatch.setattr(lifecycle, "tell_moved", fails)

    with pytest.raises(RuntimeError):
        jurisdictions.end(
            jurisdiction=row_of("polres-bontang", BADAK),
            by=people.admin,
            valid_to=TODAY - timedelta(days=1),
            note="",
        )

    assert holders()["Ani"] == "polres-bontang"
    assert row_of("polres-bontang", BADAK).valid_to is None
    assert Entry.objects.count() == 0


def test_many_are_moved_by_a_job(people, monkeypatch):
    monkeypatch.setattr(partner_moves, "AT_ONCE", 1)
    monkeypatch.setattr(partner_moves, "BATCH", 1)

    _row, job = jurisdictions.end(
        jurisdiction=row_of("polres-bontang", BADAK),
        by=people.admin,
        valid_to=TODAY - timedelta(days=1),
        note="",
    )
    assert (job.by_id, holders()["Ani"]) == (people.admin.pk, "polres-bontang")
    jobs.run_due()

    assert (holders()["Ani"], holders()["Budi"]) == ("polda-kaltim", "polda-kaltim")
    done = Job.objects.get()
    assert (done.state, done.done, done.total) == ("done", 2, 2)


def test_region_that_nobody_would_police_leaves_its_people_where_they_are(people):
    Jurisdiction.objects.filter(unit__code="polda-kaltim").delete()

    found = jurisdictions.preview_end(
        jurisdiction=row_of("polres-bontang", BADAK), by=people.admin, valid_to=TODAY - timedelta(days=1)
    )
    jurisdictions.end(
        jurisdiction=row_of("polres-bontang", BADAK),
        by=people.admin,
        valid_to=TODAY - timedelta(days=1),
        note="",
    )

    assert (found.people, found.staying) == (0, 2)
    assert holders()["Ani"] == "polres-bontang"


# ---- the day that comes later


def test_territory_of_a_later_day_moves_people_when_it_comes(people):
    later = TODAY + timedelta(days=3)
    jurisdictions.end(
        jurisdiction=row_of("polres-kukar", BADAK, "exclude"), by=people.admin, valid_to=later, note=""
    )
    _row, job = jurisdictions.end(
        jurisdiction=row_of("polres-bontang", BADAK), by=people.admin, valid_to=later, note=""
    )

    seen = {}
    for days in range(6):
        with time_machine.travel(NOON + timedelta(days=days), tick=False):
            jurisdictions.move_due()
        seen[days] = holders()["Ani"]
    assert job is None
    assert seen == {
        **dict.fromkeys(range(4), "polres-bontang"),
        **dict.fromkeys(range(4, 6), "polres-kukar"),
    }
    line = Entry.objects.filter(verb="partner.moved").first()
    assert (line.actor_id, line.unit_id) == (None, people.unit("polres-bontang").pk)


def test_sweep_leaves_those_whom_another_unit_holds_for_its_own_reasons(people):
    people.partner("Fitri", "polres-berau", region_id=BADAK)
    jurisdictions.end(jurisdiction=row_of("polres-bontang", BADAK), by=people.admin, valid_to=TODAY, note="")
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        jurisdictions.move_due()

    assert (holders()["Fitri"], holders()["Ani"], holders()["Eko"]) == (
        "polres-berau",
        "polda-kaltim",
        "diskominfo-kalbar",
    )


def test_sweep_asks_one_question_when_no_day_came(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        territory.due_moves()


def test_sweep_queues_a_long_move_once(people, monkeypatch):
    monkeypatch.setattr(partner_moves, "AT_ONCE", 1)
    jurisdictions.end(jurisdiction=row_of("polres-bontang", BADAK), by=people.admin, valid_to=TODAY, note="")
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        jurisdictions.move_due()
        jurisdictions.move_due()

        assert Job.objects.count() == 1
        jobs.run_due()
        jurisdictions.move_due()
    assert (Job.objects.count(), holders()["Ani"]) == (1, "polda-kaltim")


@pytest.mark.parametrize(
    ("code", "hour", "begun"),
    [
        ("61.71", 16, False),  # 23.00 WIB
        ("64.07.07", 16, True),  # 00.00 WITA
        ("91.71", 15, True),  # 00.00 WIT
        ("64.07.07", 15, False),  # 23.00 WITA
        ("61.71", 17, True),  # 00.00 WIB
    ],
)
def test_day_of_a_territory_is_that_of_the_place(cast, code, hour, begun):
    other = cast.unit("polres-berau")
    for place in ("61.71", "64.07.07", "91.71"):
        Jurisdiction.objects.create(unit=cast.unit("polres-kubar"), region_id=place, mode="include")
        cast.partner(f"Warga {place}", "polres-kubar", region_id=place)
        Jurisdiction.objects.create(
            unit=cast.unit("polres-kubar"), region_id=place, mode="exclude", valid_from=TODAY
        )
        Jurisdiction.objects.create(unit=other, region_id=place, mode="include", valid_from=TODAY)

    with time_machine.travel(datetime(2030, 5, 5, hour, tzinfo=UTC), tick=False):
        jurisdictions.move_due()

    assert holders()[f"Warga {code}"] == ("polres-berau" if begun else "polres-kubar")


# ---- what is refused


def code_of(caught) -> set[str]:
    return (
        {error.code for error in caught.value.error_list}
        if not hasattr(caught.value, "error_dict")
        else {error.code for errors in caught.value.error_dict.values() for error in errors}
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": TODAY - timedelta(days=1)}, "past"),
        ({"start": TODAY, "end": TODAY - timedelta(days=1)}, "order"),
    ],
)
def test_add_refuses_days_that_cannot_be(people, change, code):
    with pytest.raises(ValidationError) as caught:
        take_over(people, **change)
    assert code_of(caught) == {code}


def test_add_refuses_the_same_row_twice(people):
    take_over(people, code=TENGGARONG)
    with pytest.raises(ValidationError) as caught:
        take_over(people, code=TENGGARONG)
    assert code_of(caught) == {"twice"}


def test_end_leaves_the_past_as_it_is(people):
    row = row_of("polres-bontang", BADAK)
    with pytest.raises(ValidationError) as caught:
        jurisdictions.end(jurisdiction=row, by=people.admin, valid_to=TODAY - timedelta(days=2), note="")
    assert code_of(caught) == {"past"}

    Jurisdiction.objects.filter(pk=row.pk).update(valid_to=TODAY - timedelta(days=9))
    row.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        jurisdictions.end(jurisdiction=row, by=people.admin, valid_to=None, note="")
    assert code_of(caught) == {"past"}
    with pytest.raises(ValidationError) as caught:
        jurisdictions.remove(jurisdiction=row, by=people.admin)
    assert code_of(caught) == {"past"}


def test_remove_takes_back_what_begins_today(people):
    take_over(people, unit="polda-kaltim", code=BADAK)
    assert holders()["Ani"] == "polres-bontang"  # of two that claim it, the lower one polices

    Jurisdiction.objects.filter(unit__code="polres-bontang", region=BADAK).update(valid_from=TODAY)
    jurisdictions.remove(jurisdiction=row_of("polres-bontang", BADAK), by=people.admin)

    assert holders()["Ani"] == "polda-kaltim"
    assert Entry.objects.filter(verb="jurisdiction.removed").count() == 1


def test_territory_of_a_neighbour_is_not_for_a_lower_administrator(people):
    """Red without the guard: an administrator of one Polres could take the neighbour's ground, and its people."""
    lower = people.officer("admin.kukar", "polres-kukar", "administrator")

    for change in ({"code": "64.74"}, {"code": TENGGARONG, "mode": "exclude"}):
        with pytest.raises(ValidationError) as caught:
            take_over(people, by=lower, **change)
        assert code_of(caught) == {"outside"}
    with pytest.raises(PermissionDenied):
        take_over(people, by=lower, unit="polres-bontang")
    with pytest.raises(PermissionDenied):
        take_over(people, by=people.bidhumas)
    assert set(holders().values()) == {"polres-bontang", "polres-kukar", "diskominfo-kalbar"}


def test_territory_of_a_neighbour_that_begins_later_is_not_taken_before(people):
    """Red before: only the first day was looked at, and on the neighbour's first day the lower unit would have won."""
    polda = Unit.objects.create(
        code="polda-kalbar",
        name="Polda Kalbar",
        short_name="Polda Kalbar",
        kind="polda",
        timezone="Asia/Pontianak",
    )
    later = {"region_id": "61.71", "mode": "include"}
    Jurisdiction.objects.create(unit=polda, valid_from=TODAY + timedelta(days=60), **later)
    lower = people.officer("admin.kukar", "polres-kukar", "administrator")

    start = TODAY + timedelta(days=30)
    for end in (None, TODAY + timedelta(days=60)):
        with pytest.raises(ValidationError) as caught:
            take_over(people, by=lower, code="61.71", start=start, end=end)
        assert code_of(caught) == {"outside"}
    row, _job = take_over(people, by=lower, code="61.71", start=start, end=TODAY + timedelta(days=59))
    with pytest.raises(ValidationError) as caught:
        jurisdictions.end(jurisdiction=row, by=lower, valid_to=None, note="")
    assert code_of(caught) == {"outside"}


def test_territory_is_for_police_that_are_switched_on(people):
    """Red before: an agency could be given a region, and police partners who live there would have been its own."""
    Unit.objects.filter(code="polres-berau").update(is_active=False)
    agency = people.officer("admin.kalbar", "diskominfo-kalbar", "administrator")

    for unit, by, code in (
        ("diskominfo-kalbar", agency, "agency"),
        ("polres-berau", people.admin, "unit_off"),
    ):
        people.unit(unit).refresh_from_db()
        with pytest.raises(ValidationError) as caught:
            take_over(people, by=by, unit=unit, code="61.71")
        assert code_of(caught) == {code}


# ---- the pages


def form_data(code: str, **more) -> dict[str, str]:
    parts = code.split(".")
    names = ["province", "regency", "district"]
    chosen = {f"region_{name}": ".".join(parts[: n + 1]) for n, name in enumerate(names[: len(parts)])}
    return {"mode": "include", "valid_from": TODAY.isoformat(), "valid_to": "", "note": "", **chosen, **more}


def test_pages_preview_before_they_save(people, sign_in):
    client, unit = sign_in("admin"), people.unit("polres-kukar")
    add = reverse("accounts:jurisdiction-add", args=[unit.public_id])
    check = reverse("accounts:jurisdiction-check", args=[unit.public_id])
    Jurisdiction.objects.filter(unit__code="polres-bontang", region=BADAK).delete()
    Partner.objects.filter(region=BADAK).exclude(full_name="Eko").update(unit=people.unit("polda-kaltim"))
    Jurisdiction.objects.filter(unit=unit, mode="exclude").delete()
    Partner.objects.filter(full_name="Ani").update(unit=unit)

    page = client.get(check, form_data("64.74"))
    assert page.context["forecast"].people == 0
    unseen = client.post(add, form_data(BADAK))
    assert (unseen.status_code, Jurisdiction.objects.filter(unit=unit, region=BADAK).exists()) == (200, False)

    saved = client.post(add, form_data("64.74", seen="0"))
    assert saved.status_code == 302
    assert Jurisdiction.objects.filter(unit=unit, region="64.74", valid_from=TODAY).count() == 1


def test_page_shows_figures_and_no_names(people, sign_in):
    client, row = sign_in("admin"), row_of("polres-bontang", BADAK)
    day = (TODAY - timedelta(days=1)).isoformat()

    page = client.get(reverse("accounts:jurisdiction-end-check", args=[row.public_id]), {"valid_to": day})
    text = page.content.decode()

    assert page.context["forecast"].people == 2
    assert ("Polres Bontang" in text, "Polda Kaltim" in text, "Muara Badak" in text) == (True, True, True)
    assert [name for name in ("Ani", "Budi", "Citra") if f">{name}<" in text] == []
    stale = client.post(
        reverse("accounts:jurisdiction-end", args=[row.public_id]), {"valid_to": day, "seen": "1"}
    )
    assert (stale.status_code, holders()["Ani"]) == (200, "polres-bontang")
    sure = client.post(
        reverse("accounts:jurisdiction-end", args=[row.public_id]), {"valid_to": day, "seen": "2"}
    )
    assert (sure.status_code, holders()["Ani"]) == (302, "polda-kaltim")
