"""Which unit polices a region: the loaded data, dated synthetic rows, and an independent brute-force oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.choices import JurisdictionMode, UnitKind
from accounts.models import Jurisdiction, Unit
from accounts.queries.units import unit_for
from regions.models import Region

EVENING = date(2024, 10, 21)
DAY_ONE = date(2030, 1, 1)


def named(code: str, on: date = EVENING) -> str | None:
    unit = unit_for(Region.objects.get(code=code), on)
    return unit.code if unit else None


# ---- the loaded data


def test_unit_for_follows_the_loaded_jurisdictions(db):
    call_command("load_reference", verbosity=0)
    expected = {
        "64.02.05": "polres-bontang",  # Muara Badak, in Kutai Kartanegara
        "64.02.17": "polres-bontang",  # Marang Kayu, likewise
        "64.02.06": "polres-kukar",  # Tenggarong
        "64.02": "polres-kukar",
        "64.11": "polres-mahulu",
        "64.11.01": "polres-mahulu",
        "64.07.07": "polres-kubar",
        "64": "polda-kaltim",
        "32.76": "polda-metro-jaya",  # Depok, in Jawa Barat
        "32.76.01": "polda-metro-jaya",
        "32.73": "polda-jabar",  # Kota Bandung
        "36.71": "polda-metro-jaya",
        "36": "polda-banten",
        "93.01": "polda-papua",
    }

    assert {code: named(code) for code in expected} == expected


def test_unit_for_costs_one_query(cast, django_assert_num_queries):
    region = Region.objects.get(code="64.02.05")
    with django_assert_num_queries(1):
        assert unit_for(region, EVENING) == cast.unit("polres-bontang")


# ---- single rules on synthetic rows


@pytest.fixture
def synthetic(db):
    return _Synthetic()


class _Synthetic:
    """Two provinces, and five units: a > b > c, d beside b, and e, an agency of its own."""

    REGIONS = ("10", "10.01", "10.01.01", "10.01.02", "10.02", "11", "11.01")
    UNITS = {"a": None, "b": "a", "c": "b", "d": "a", "e": None}

    def __init__(self) -> None:
        for code in self.REGIONS:
            level = ("province", "regency", "district")[code.count(".")]
            parent = code.rpartition(".")[0] or None
            Region.objects.create(
                code=code, name=code, level=level, parent_id=parent, timezone="Asia/Makassar"
            )
        self.units: dict[str, Unit] = {}
        for code, above in self.UNITS.items():
            self.units[code] = Unit.objects.create(
                code=code,
                name=code,
                short_name=code,
                kind=UnitKind.POLRES,
                parent=self.units.get(above or ""),
                timezone="Asia/Makassar",
            )

    def row(
        self, unit: str, region: str, mode: str = "include", start: int | None = None, end: int | None = None
    ):
        """``start`` and ``end`` are days after :data:`DAY_ONE`."""
        return Jurisdiction.objects.create(
            unit=self.units[unit], region_id=region, mode=mode, valid_from=day(start), valid_to=day(end)
        )


def day(number: int | None) -> date | None:
    return None if number is None else DAY_ONE + timedelta(days=number)


def test_unit_for_region_without_a_unit_is_none(synthetic):
    synthetic.row("b", "10")

    assert named("11.01") is None


def test_unit_for_exclude_binds_its_own_unit_only(synthetic):
    synthetic.row("b", "10")
    synthetic.row("c", "10.01")
    synthetic.row("c", "10.01.01", "exclude")

    assert (named("10.01"), named("10.01.01"), named("10.01.02")) == ("c", "b", "c")


def test_unit_for_exclude_yields_to_a_longer_include_of_the_same_unit(synthetic):
    synthetic.row("b", "10")
    synthetic.row("b", "10.01", "exclude")
    synthetic.row("b", "10.01.01")

    assert (named("10.02"), named("10.01"), named("10.01.01"), named("10.01.02")) == ("b", None, "b", None)


def test_unit_for_exclude_beats_an_include_of_the_same_length(synthetic):
    synthetic.row("b", "10.01")
    synthetic.row("b", "10.01", "exclude")

    assert named("10.01.01") is None


def test_unit_for_equal_claims_go_to_the_unit_lower_in_the_tree_then_by_code(synthetic):
    synthetic.row("a", "10")
    synthetic.row("e", "10")
    assert named("10") == "a"
    synthetic.row("d", "10")
    assert named("10") == "d"
    synthetic.row("b", "10")
    assert named("10") == "b"
    synthetic.row("c", "10")
    assert named("10") == "c"


def test_unit_for_switched_off_unit_polices_nothing(synthetic):
    synthetic.row("b", "10")
    synthetic.row("c", "10.01")
    Unit.objects.filter(code="c").update(is_active=False)

    assert named("10.01") == "b"


@pytest.mark.parametrize(
    ("number", "code"), [(-1, "b"), (0, "c"), (5, "c"), (6, "b"), (9, "b"), (10, "d"), (100, "d")]
)
def test_unit_for_counts_the_first_and_the_last_day(synthetic, number, code):
    synthetic.row("b", "10")
    synthetic.row("c", "10.01", start=0, end=5)
    synthetic.row("d", "10.01", start=10)

    assert named("10.01", DAY_ONE + timedelta(days=number)) == code


@pytest.mark.parametrize(("number", "code"), [(2, "b"), (3, None), (4, None), (5, "b")])
def test_unit_for_dated_exclude(synthetic, number, code):
    synthetic.row("b", "10")
    synthetic.row("b", "10.01", "exclude", start=3, end=4)

    assert named("10.01.02", DAY_ONE + timedelta(days=number)) == code


# ---- all rules at once, against the oracle

spans = st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4)).filter(
    lambda span: None in span or span[0] <= span[1]
)
rows = st.lists(
    st.tuples(
        st.sampled_from(list(_Synthetic.UNITS)),
        st.sampled_from(_Synthetic.REGIONS),
        st.sampled_from(JurisdictionMode.values),
        spans,
    ),
    max_size=14,
    unique_by=lambda row: (row[0], row[1], row[2], row[3][0]),
)


def oracle(given_rows, switched_off: set[str], region: str, number: int) -> str | None:
    """Walk from the region upward; at each level ask every unit still standing. Shares no code with the query."""
    out = set(switched_off)
    level = region
    while level:
        here = [
            (unit, mode)
            for unit, code, mode, (start, end) in given_rows
            if code == level and (start is None or start <= number) and (end is None or number <= end)
        ]
        out |= {unit for unit, mode in here if mode == "exclude"}
        claims = {unit for unit, mode in here if mode == "include"} - out
        if claims:
            depth = {"a": 0, "e": 0, "b": 1, "d": 1, "c": 2}
            return sorted(claims, key=lambda unit: (-depth[unit], unit))[0]
        level = level.rpartition(".")[0]
    return None


@given(
    given_rows=rows,
    switched_off=st.sets(st.sampled_from(list(_Synthetic.UNITS)), max_size=2),
    number=st.integers(0, 4),
)
@pytest.mark.django_db
def test_unit_for_agrees_with_the_oracle(given_rows, switched_off, number):
    with transaction.atomic():
        synthetic = _Synthetic()
        for unit, region, mode, (start, end) in given_rows:
            synthetic.row(unit, region, mode, start, end)
        Unit.objects.filter(code__in=switched_off).update(is_active=False)

        found = {code: named(code, DAY_ONE + timedelta(days=number)) for code in _Synthetic.REGIONS}
        transaction.set_rollback(True)

    assert found == {code: oracle(given_rows, switched_off, code, number) for code in _Synthetic.REGIONS}
