"""Units as guests of an internal meeting: their answer, and the roll of personnel that each brings."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Rank
from audit.models import Entry
from events.models import EventUnit, Participant
from events.operations import attendance, personnel, units
from events.personnel import LineError, Person, read
from events.queries.roll import roll_of
from events.queries.tallies import tallies_of

RANKS = ["AKBP", "AKP", "Kombes Pol.", "Kompol", "Bripka", "Briptu", "Brigadir"]
LONG = "Muhammadabdurrahmanwahidhasyimasyarinursalimhidayatullahjaya"


@pytest.fixture
def event(cast):
    """N1 in small: Polda calls its Polres in."""
    for order, rank in enumerate(RANKS):
        Rank.objects.create(abbreviation=rank, name=rank, group="x", order=order)
    return cast.event(
        "Rakernis Humas", kind="working_meeting", co_hosts=[], invited=["polres-kubar", "polres-kukar"]
    )


def _url(name: str, event, *rest) -> str:
    return reverse(f"events:{name}", args=[event.public_id, *rest])


def _code(error) -> str:
    raised = error.value
    first = next(iter(raised.error_dict.values())) if hasattr(raised, "error_dict") else raised.error_list
    return first[0].code


def _add(cast, event, text="AKP Budi Santoso, Kasi Humas", unit="polres-kubar", by=None) -> int:
    return personnel.add(event=event, unit=cast.unit(unit), people=read(text, RANKS), by=by or cast.kubar)


# Reading what is pasted


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("AKBP Yuliyanto", Person("AKBP", "Yuliyanto", "")),
        ("AKBP Yuliyanto, Kabid Humas", Person("AKBP", "Yuliyanto", "Kabid Humas")),
        (
            "AKBP I Made Pasek Riawan, S.H., M.H., Kapolres Kutai Barat",
            Person("AKBP", "I Made Pasek Riawan, S.H., M.H.", "Kapolres Kutai Barat"),
        ),
        ("kombes pol Yuliyanto, S.I.K., M.Sc.", Person("Kombes Pol.", "Yuliyanto, S.I.K., M.Sc.", "")),
        ("AKP\tBudi Santoso\tKasi Humas", Person("AKP", "Budi Santoso", "Kasi Humas")),
        ("AKP, Budi Santoso, Kasi Humas", Person("AKP", "Budi Santoso", "Kasi Humas")),
        ("1. Bripka Sari, Ba Humas", Person("Bripka", "Sari", "Ba Humas")),
        ("  -  Briptu  Nur'aini ,  Ba Humas ", Person("Briptu", "Nur'aini", "Ba Humas")),
        ("Siti Aminah, Kabag Ops, Polres", Person("", "Siti Aminah", "Kabag Ops, Polres")),
        ("Akbar Prasetyo", Person("", "Akbar Prasetyo", "")),
        ("AKP", Person("", "AKP", "")),
        (LONG, Person("", LONG, "")),
    ],
)
def test_a_line_is_read_as_people_write_it(line, person):
    assert read(line, RANKS) == [person]


def test_empty_lines_are_left_out():
    assert read("\n AKP Budi \n\n , \nBripka Sari\r\n", RANKS) == [
        Person("AKP", "Budi", ""),
        Person("Bripka", "Sari", ""),
    ]


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("AKP Budi\nx" + "x" * 200, "long_name", 2),
        ("AKP Budi, " + "x" * 101, "long_position", 1),
        ("AKP Budi\n\n, Kasi Humas", "no_name", 3),
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number(text, code, number):
    with pytest.raises(LineError) as error:
        read(text, RANKS)

    assert (error.value.code, error.value.number) == (code, number)


# The roll of a unit


def test_personnel_carry_rank_position_and_unit(cast, event):
    new = _add(cast, event, "AKP Budi Santoso, Kasi Humas\nBripka Sari")

    assert new == 2
    assert list(
        Participant.objects.order_by("pk").values_list(
            "kind", "rank", "display_name", "position", "unit__code", "institution"
        )
    ) == [
        ("personnel", "AKP", "Budi Santoso", "Kasi Humas", "polres-kubar", "Polres Kubar"),
        ("personnel", "Bripka", "Sari", "", "polres-kubar", "Polres Kubar"),
    ]
    assert [str(row) for row in Participant.objects.order_by("pk")] == ["AKP Budi Santoso", "Bripka Sari"]
    entry = Entry.objects.get()
    assert (entry.verb, entry.unit_id, entry.event_public_id) == (
        "personnel.added",
        cast.unit("polres-kubar").pk,
        event.public_id,
    )


def test_a_name_pasted_twice_stands_once_and_the_same_name_of_another_unit_is_another(cast, event):
    assert _add(cast, event, "AKP Budi\nAKP Budi") == 1
    assert _add(cast, event, "AKP Budi, Kasi Humas\nBripka Sari") == 1
    assert _add(cast, event, "AKP Budi", unit="polres-kukar", by=cast.kukar) == 1
    assert _add(cast, event, "AKP Budi", unit="polda-kaltim", by=cast.bidhumas) == 1


def test_personnel_are_counted_apart_from_guests_and_marked_like_them(cast, event):
    _add(cast, event, "AKP Budi\nBripka Sari")
    person = Participant.objects.get(display_name="Sari")

    attendance.record(event=event, participant=person, by=cast.kubar)

    tallies = tallies_of(event)
    assert (tallies.personnel, tallies.present, tallies.invited) == (1, 0, 0)


def test_the_same_name_with_another_rank_is_somebody_else(cast, event):
    """Many have one name only: "AKP Agus" must not swallow "Bripka Agus"."""
    _add(cast, event, "AKP Agus")

    new = _add(cast, event, "AKP Agus\nBripka Agus")

    assert (new, Participant.objects.filter(display_name="Agus").count()) == (1, 2)


def test_no_more_stand_on_the_list_than_the_roll_shows(cast, event, monkeypatch):
    monkeypatch.setattr(personnel, "MAX_STAFF", 3)
    _add(cast, event, "Agus\nBudi")

    with pytest.raises(ValidationError) as refused:
        _add(cast, event, "Cici\nDedi", unit="polres-kukar", by=cast.kukar)

    assert (_code(refused), Participant.objects.count()) == ("too_many", 2)
    assert _add(cast, event, "Agus\nCici") == 1


def test_the_roll_groups_personnel_by_unit(cast, event, sign_in):
    _add(cast, event, "AKP Budi\nBripka Sari")
    _add(cast, event, "AKP Ahmad", unit="polres-kukar", by=cast.kukar)
    _add(cast, event, "Kompol Wati", unit="polda-kaltim", by=cast.bidhumas)
    Participant.objects.create(event=event, kind="official", display_name="Dr. Faisal", search_key=" faisal")

    roll = roll_of(event, cast.bidhumas, undo_within=attendance.UNDO_WITHIN)
    page = sign_in("kubar").get(_url("roll", event)).content.decode()

    assert [(row.staff_unit, str(row.person)) for row in roll.officials] == [
        ("Polda Kaltim", "Kompol Wati"),
        ("Polres Kubar", "AKP Budi"),
        ("Polres Kubar", "Bripka Sari"),
        ("Polres Kukar", "AKP Ahmad"),
        ("", "Dr. Faisal"),
    ]
    assert page.count('class="roll-unit"') == 4


@pytest.mark.parametrize(
    ("unit", "text", "code"),
    [
        ("polres-berau", "AKP Budi", "not_taking_part"),
        ("polres-kubar", "", "nobody"),
        ("polres-kubar", "\n".join(f"AKP Budi {n}" for n in range(201)), "too_many"),
    ],
)
def test_add_refuses(cast, event, unit, text, code):
    with pytest.raises(ValidationError) as error:
        _add(cast, event, text, unit=unit)

    assert _code(error) == code
    assert Participant.objects.count() == 0


def test_remove_takes_only_personnel_without_a_mark(cast, event):
    _add(cast, event, "AKP Budi\nBripka Sari")
    budi, sari = Participant.objects.order_by("pk")
    guest = cast.guest(event, cast.partner("Tamu"))
    attendance.record(event=event, participant=sari, by=cast.kubar)

    personnel.remove(participant=budi, by=cast.kubar)
    codes = []
    for one in (sari, guest):
        with pytest.raises(ValidationError) as error:
            personnel.remove(participant=one, by=cast.kubar)
        codes.append(_code(error))

    assert codes == ["already_marked", "not_personnel"]
    assert Participant.objects.filter(pk=budi.pk).count() == 0
    assert Entry.objects.filter(verb="personnel.removed").count() == 1


@pytest.mark.parametrize("state", ["reported", "cancelled"])
def test_a_closed_event_takes_neither_names_nor_answers(cast, event, state):
    event.state = state
    event.save()

    for act in (
        lambda: _add(cast, event),
        lambda: units.answer(event=event, unit=cast.unit("polres-kubar"), answer="yes", by=cast.kubar),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert _code(error) == "event_closed"


@pytest.mark.parametrize("act", ["add", "remove", "answer"])
def test_rolls_back_with_its_audit(cast, event, monkeypatch, act):
    _add(cast, event, "AKP Budi")
    acts = {
        "add": lambda: _add(cast, event, "Bripka Sari"),
        "remove": lambda: personnel.remove(participant=Participant.objects.get(), by=cast.kubar),
        "answer": lambda: units.answer(
            event=event, unit=cast.unit("polres-kubar"), answer="yes", by=cast.kubar
        ),
    }

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.personnel.record", broken)
    monkeypatch.setattr("events.operations.units.record", broken)
    with pytest.raises(RuntimeError):
        acts[act]()

    assert [row.display_name for row in Participant.objects.all()] == ["Budi"]
    assert set(EventUnit.objects.values_list("answer", flat=True)) == {"none"}


# The answer of a unit


def test_a_unit_answers_how_many_come_and_takes_it_back(cast, event):
    def answer(**fields):
        units.answer(event=event, unit=cast.unit("polres-kubar"), by=cast.kubar, **fields)
        row = EventUnit.objects.get(event=event, unit=cast.unit("polres-kubar"))
        return row.answer, row.expected, row.answered_at is not None, row.recorded_by_id

    assert answer(answer="yes", expected=4) == ("yes", 4, True, cast.kubar.pk)
    assert answer(answer="no", expected=4) == ("no", None, True, cast.kubar.pk)
    assert answer(answer="none") == ("none", None, False, None)
    assert Entry.objects.filter(verb="event.unit_answered").count() == 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"answer": "delegate"}, "answer_unknown"),
        ({"answer": "mungkin"}, "answer_unknown"),
        ({"answer": "yes", "expected": 0}, "expected"),
        ({"answer": "yes", "expected": 501}, "expected"),
    ],
)
def test_an_answer_that_is_none_is_refused(cast, event, fields, code):
    with pytest.raises(ValidationError) as error:
        units.answer(event=event, unit=cast.unit("polres-kubar"), by=cast.kubar, **fields)

    assert _code(error) == code


def test_a_unit_that_does_not_take_part_answers_nothing(cast, event):
    for code in ("polres-berau", "polda-kaltim"):
        with pytest.raises(ValidationError) as error:
            units.answer(event=event, unit=cast.unit(code), answer="yes", by=cast.bidhumas)
        assert _code(error) == "not_taking_part"


# The pages


def test_the_table_says_who_answered_how_many_are_expected_named_and_here(cast, event, sign_in):
    _add(cast, event, "AKP Budi\nBripka Sari")
    units.answer(event=event, unit=cast.unit("polres-kubar"), answer="yes", expected=3, by=cast.kubar)
    attendance.record(event=event, participant=Participant.objects.first(), by=cast.kubar)

    response = sign_in("bidhumas").get(_url("unit-list", event))
    summary = sign_in("bidhumas").get(_url("event-detail", event)).context

    rows = [
        (row.unit.code, row.beside.answer if row.beside else None, row.named, row.present, may)
        for row, may in response.context["rows"]
    ]
    assert rows == [
        ("polda-kaltim", None, 0, 0, True),
        ("polres-kubar", "yes", 2, 1, True),
        ("polres-kukar", "none", 0, 0, True),
    ]
    assert [response.context[name] for name in ("units_expected", "units_named", "units_present")] == [
        3,
        2,
        1,
    ]
    assert (summary["shows_units"], summary["units_answered"], summary["units_asked"]) == (True, 1, 2)


def test_an_ordinary_dialogue_shows_no_units_on_its_page(cast, sign_in):
    event = cast.event(invited=["polres-kukar"])

    assert sign_in("bidhumas").get(_url("event-detail", event)).context["shows_units"] is False


def test_the_guest_list_of_an_internal_meeting_leads_with_units(cast, event, sign_in):
    client = sign_in("bidhumas")

    internal = client.get(_url("guest-list", event)).content.decode()
    dialogue = client.get(_url("guest-list", cast.event())).content.decode()

    assert _url("unit-list", event) in internal
    assert "/unit/" not in dialogue


@pytest.mark.parametrize("name", ["unit-answer", "unit-personnel"])
def test_each_unit_writes_its_own_line_and_the_host_every_one(cast, event, sign_in, name):
    def status(officer: str, unit: str) -> int:
        return sign_in(officer).get(_url(name, event, cast.unit(unit).public_id)).status_code

    assert {
        officer: (status(officer, "polres-kubar"), status(officer, "polres-kukar"))
        for officer in ("bidhumas", "divhumas", "kubar", "kukar", "berau", "diskominfo", "pimpinan", "admin")
    } == {
        "bidhumas": (200, 200),
        "divhumas": (200, 200),
        "kubar": (200, 403),
        "kukar": (403, 200),
        "berau": (404, 404),
        "diskominfo": (404, 404),
        "pimpinan": (403, 403),
        "admin": (403, 403),
    }
    # A unit that takes no part here has no line; the host has personnel, but no answer to give.
    assert status("bidhumas", "polres-berau") == 404
    assert status("bidhumas", "polda-kaltim") == (404 if name == "unit-answer" else 200)


def test_a_unit_answers_and_pastes_its_roll_on_the_pages(cast, event, sign_in):
    client, unit = sign_in("kubar"), cast.unit("polres-kubar")

    answered = client.post(_url("unit-answer", event, unit.public_id), {"answer": "yes", "expected": "2"})
    named = client.post(
        _url("unit-personnel", event, unit.public_id), {"lines": f"AKP Budi, Kasi Humas\n{LONG}"}
    )
    page = client.get(named.url).content.decode()

    assert answered.url == f"{_url('unit-list', event)}#unit-{unit.pk}"
    assert EventUnit.objects.get(unit=unit).expected == 2
    assert "AKP Budi" in page
    assert LONG in page


def test_what_was_pasted_is_not_lost_when_a_line_cannot_be_read(cast, event, sign_in):
    address = _url("unit-personnel", event, cast.unit("polres-kubar").public_id)

    page = sign_in("kubar").post(address, {"lines": "AKP Budi\n, Kasi Humas"}).content.decode()

    assert "AKP Budi" in page
    assert "2" in page
    assert Participant.objects.count() == 0


def test_personnel_of_another_unit_are_not_taken_off(cast, event, sign_in):
    _add(cast, event, "AKP Ahmad", unit="polres-kukar", by=cast.kukar)
    guest = cast.guest(event, cast.partner("Tamu"))
    ahmad = Participant.objects.get(display_name="Ahmad")

    def status(officer: str, person) -> int:
        return sign_in(officer).post(_url("personnel-remove", event, person.public_id)).status_code

    assert [status(name, ahmad) for name in ("kubar", "berau", "pimpinan")] == [403, 404, 403]
    assert status("bidhumas", guest) == 404
    assert Participant.objects.count() == 2
    assert status("kukar", ahmad) == 302
    assert Participant.objects.get().pk == guest.pk


def test_the_table_of_units_costs_the_same_with_one_and_three(
    cast, event, sign_in, django_assert_num_queries
):
    client = sign_in("bidhumas")
    EventUnit.objects.filter(unit=cast.unit("polres-kukar")).delete()
    # session, officer, scope, event, units beside, personnel counted
    with django_assert_num_queries(6):
        client.get(_url("unit-list", event))
    for code in ("polres-kukar", "polres-berau"):
        EventUnit.objects.create(event=event, unit=cast.unit(code), part="invited")
        _add(cast, event, "AKP Ahmad\nBripka Sari", unit=code)
    with django_assert_num_queries(6):
        client.get(_url("unit-list", event))
