"""Programmes: a tour of events of one unit."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from audit.models import Entry
from events.models import Program
from events.operations import programs
from events.queries.programs import programs_visible_to
from regions.models import Region


def _create(cast, **fields):
    fields = {
        "by": cast.bidhumas,
        "name": "Rangkaian Dialog",
        "unit": cast.unit("polda-kaltim"),
        "region": Region.objects.get(pk="64"),
        "starts_on": date(2024, 10, 1),
        **fields,
    }
    return programs.create(**fields)


def test_create_writes_the_programme_and_one_line(cast):
    program = _create(cast, goal="Satu dialog di tiap kabupaten dan kota")

    assert Program.objects.get().goal == "Satu dialog di tiap kabupaten dan kota"
    assert list(Entry.objects.values_list("verb", "object_public_id", "unit_id")) == [
        ("program.created", program.public_id, program.unit_id)
    ]


def test_create_refuses_a_unit_above(cast):
    with pytest.raises(ValidationError) as error:
        _create(cast, unit=cast.unit("mabes"))

    assert error.value.code == "unit_out_of_scope"
    assert (Program.objects.count(), Entry.objects.count()) == (0, 0)


def test_create_refuses_a_last_day_before_the_first(cast):
    with pytest.raises(ValidationError) as error:
        _create(cast, ends_on=date(2024, 9, 30))

    assert error.value.error_dict["ends_on"][0].code == "ends_before_start"


def test_update_names_what_changed(cast):
    program = _create(cast)

    programs.update(program=program, by=cast.bidhumas, name="Rangkaian Dialog Damai", theme="")

    assert Program.objects.get().name == "Rangkaian Dialog Damai"
    assert Entry.objects.get(verb="program.updated").fields == ["name"]


@pytest.mark.parametrize("act", ["create", "update"])
def test_a_programme_rolls_back_with_its_audit(cast, monkeypatch, act):
    program = _create(cast)

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.programs.record", broken)
    with pytest.raises(RuntimeError):
        _create(cast) if act == "create" else programs.update(program=program, by=cast.bidhumas, name="Lain")

    assert list(Program.objects.values_list("name", flat=True)) == ["Rangkaian Dialog"]


def test_a_unit_sees_the_programme_through_its_event(cast):
    program = cast.program()
    cast.event(program=program, co_hosts=["polres-kubar"])

    assert list(programs_visible_to(cast.kubar)) == [program]
    assert list(programs_visible_to(cast.berau)) == []
    assert list(programs_visible_to(cast.divhumas)) == [program]
    assert list(programs_visible_to(cast.privasi)) == []
