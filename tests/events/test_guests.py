"""The guest list: who may be asked, what they answer, who may be taken off again."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from audit.models import Detail, Entry
from events.models import Invitation, Participant, Scan
from events.operations import attendance, guests, roles
from events.queries.participants import is_marked, matching_name, participants_visible_to, people_of
from tests.cast import Cast


def _code(error: pytest.ExceptionInfo[ValidationError]) -> str:
    raised = error.value
    first = next(iter(raised.error_dict.values())) if hasattr(raised, "error_dict") else raised.error_list
    return first[0].code


def _mark(participant: Participant) -> None:
    Scan.objects.create(
        event=participant.event, participant=participant, kind="present", source="roll", at=timezone.now()
    )


# Inviting


def test_invite_keeps_what_the_partner_was_on_that_day(cast):
    partner = cast.partner("Sari Wulandari", title_before="Dr.", title_after="S.Sos.", kind="journalist")
    event = cast.event()

    new = guests.invite(event=event, partners=[partner], by=cast.bidhumas)

    row = Participant.objects.get()
    assert new == 1
    assert (row.kind, row.display_name, row.is_press, row.region_id, row.unit_id, row.search_key) == (
        "partner",
        "Dr. Sari Wulandari, S.Sos.",
        True,
        "64.07.07",
        partner.unit_id,
        partner.search_key,
    )
    assert row.invitation.answer == "none"
    assert list(Entry.objects.values_list("verb", "subject_public_id", "event_public_id", "unit_id")) == [
        ("guest.invited", partner.public_id, event.public_id, partner.unit_id)
    ]


def test_inviting_twice_changes_nothing(cast):
    one, two = cast.partner("Sari"), cast.partner("Budi")
    event = cast.event()
    guests.invite(event=event, partners=[one], by=cast.bidhumas)
    guests.answer(participant=Participant.objects.get(), answer="yes", channel="phone", by=cast.bidhumas)

    assert guests.invite(event=event, partners=[one, two], by=cast.bidhumas) == 1
    assert guests.invite(event=event, partners=[one, two], by=cast.bidhumas) == 0
    assert list(
        Participant.objects.order_by("display_name").values_list("display_name", "invitation__answer")
    ) == [
        ("Budi", "none"),
        ("Sari", "yes"),
    ]


def test_somebody_quicker_with_the_same_partner_leaves_one_row(cast, monkeypatch):
    """The read of who stands is stale: the constraint decides, and nobody sees an error."""
    partner = cast.partner("Sari")
    event = cast.event()
    guests.invite(event=event, partners=[partner], by=cast.bidhumas)
    real = Participant.objects.filter

    def blind(**lookups):
        return Participant.objects.none() if "partner__in" in lookups else real(**lookups)

    monkeypatch.setattr(Participant.objects, "filter", blind)

    assert guests.invite(event=event, partners=[partner], by=cast.bidhumas) == 0
    assert (Participant.objects.count(), Invitation.objects.count()) == (1, 1)


@pytest.mark.parametrize("status", ["prospective", "archived"])
def test_invite_refuses_everybody_when_one_may_not_be_picked(cast, status):
    extra = {"archived_at": timezone.now()} if status == "archived" else {}
    allowed = cast.partner("Sari")
    refused = cast.partner("Budi", status=status, **extra)

    with pytest.raises(ValidationError) as error:
        guests.invite(event=cast.event(), partners=[allowed, refused], by=cast.bidhumas)

    assert _code(error) == "not_selectable"
    assert (Participant.objects.count(), Entry.objects.count()) == (0, 0)


def test_invite_refuses_a_partner_out_of_sight(cast):
    foreign = cast.partner("Rahasia Berau", unit="polres-berau", region_id="64.03.05")
    event = cast.event(host="polres-kubar", co_hosts=[])

    with pytest.raises(ValidationError) as error:
        guests.invite(event=event, partners=[foreign], by=cast.kubar)

    assert _code(error) == "not_selectable"
    assert "Rahasia" not in str(error.value)
    assert guests.invite(event=event, partners=[foreign], by=cast.bidhumas) == 1


def test_invite_rolls_back_with_its_audit(cast, monkeypatch):
    event, partner = cast.event(), cast.partner()

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.guests.record", broken)
    with pytest.raises(RuntimeError):
        guests.invite(event=event, partners=[partner], by=cast.bidhumas)

    assert (Participant.objects.count(), Invitation.objects.count()) == (0, 0)


def test_invite_takes_as_many_reads_for_three_as_for_one(cast, django_assert_num_queries):
    event = cast.event()
    many = [cast.partner(name) for name in ("Sari", "Budi", "Wati", "Dewi")]
    cast.bidhumas._scope = [unit.pk for unit in (cast.unit("polda-kaltim"), cast.unit("polres-kubar"))]

    # savepoint pair, lock, shares, partners, standing, participants, new rows, invitations; then one line each
    with django_assert_num_queries(9 + 1):
        guests.invite(event=event, partners=many[:1], by=cast.bidhumas)
    with django_assert_num_queries(9 + 3):
        guests.invite(event=event, partners=many[1:], by=cast.bidhumas)


# By hand


@pytest.mark.parametrize(
    ("kind", "has_invitation"), [("delegate", True), ("personnel", False), ("official", False)]
)
def test_by_hand_only_guests_are_asked_for_an_answer(cast, kind, has_invitation):
    row = guests.add_by_hand(
        event=cast.event(), by=cast.bidhumas, kind=kind, name=" Faisal Riza ", institution="PWI Kubar"
    )

    assert (row.display_name, row.institution, row.search_key) == (
        "Faisal Riza",
        "PWI Kubar",
        " faisal risa faisalrisa pwi kubar pwikubar",
    )
    assert Invitation.objects.filter(participant=row).exists() is has_invitation
    assert Entry.objects.get().verb == "guest.added"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "partner", "name": "Sari"}, "kind_not_by_hand"),
        ({"kind": "walk_in", "name": "Sari"}, "kind_not_by_hand"),
        ({"kind": "official", "name": "  "}, "name_missing"),
        ({"kind": "official", "name": "x" * 201}, "max_length"),
    ],
)
def test_by_hand_refuses(cast, fields, code):
    with pytest.raises(ValidationError) as error:
        guests.add_by_hand(event=cast.event(), by=cast.bidhumas, **fields)

    assert _code(error) == code
    assert Participant.objects.count() == 0


# Answers


def _invited(cast, name: str = "Sari Wulandari") -> Participant:
    return cast.guest(cast.event(), cast.partner(name))


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_keeps_channel_time_and_recorder(cast, answer, time_machine):
    row = _invited(cast)
    time_machine.move_to(cast.at(2024, 10, 20, 9, 0), tick=False)

    guests.answer(participant=row, answer=answer, channel="whatsapp", by=cast.bidhumas)

    invitation = Invitation.objects.get()
    assert (
        invitation.answer,
        invitation.answer_channel,
        invitation.answered_at,
        invitation.recorded_by_id,
    ) == (
        answer,
        "whatsapp",
        cast.at(2024, 10, 20, 9, 0),
        cast.bidhumas.pk,
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_public_id) == ("guest.answered", row.partner.public_id)
    assert Detail.objects.get().changes == {"answer": ["none", answer]}


def test_none_takes_the_answer_back(cast):
    row = _invited(cast)
    guests.answer(participant=row, answer="yes", channel="phone", by=cast.bidhumas)

    guests.answer(participant=row, answer="none", by=cast.bidhumas)

    invitation = Invitation.objects.get()
    assert (invitation.answer, invitation.answer_channel, invitation.answered_at) == ("none", "", None)


def test_a_delegate_is_a_participant_whose_name_may_follow(cast):
    row = _invited(cast)

    guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas)
    nameless = Participant.objects.get(delegate_for=row)
    guests.answer(
        participant=row, answer="delegate", channel="phone", by=cast.bidhumas, delegate_name="Rudi Hartono"
    )
    guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas)

    named = Participant.objects.get(delegate_for=row)
    assert (nameless.display_name, nameless.kind, nameless.unit_id) == ("", "delegate", row.unit_id)
    assert (named.pk, named.display_name, named.search_key) == (
        nameless.pk,
        "Rudi Hartono",
        " rudi hartono rudihartono",
    )


def test_a_delegate_goes_when_the_answer_changes_unless_marked(cast):
    row = _invited(cast)
    guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas)
    guests.answer(participant=row, answer="yes", channel="phone", by=cast.bidhumas)
    assert Participant.objects.count() == 1
    guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas, delegate_name="Rudi")
    _mark(Participant.objects.get(delegate_for=row))

    with pytest.raises(ValidationError) as error:
        guests.answer(participant=row, answer="no", channel="phone", by=cast.bidhumas)

    assert _code(error) == "already_marked"
    assert Invitation.objects.get().answer == "delegate"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"answer": "yes"}, "channel_missing"),
        ({"answer": "yes", "channel": "pigeon"}, "channel_missing"),
        ({"answer": "maybe", "channel": "phone"}, "answer_unknown"),
    ],
)
def test_answer_refuses(cast, fields, code):
    row = _invited(cast)

    with pytest.raises(ValidationError) as error:
        guests.answer(participant=row, by=cast.bidhumas, **fields)

    assert _code(error) == code
    assert (Invitation.objects.get().answer, Entry.objects.count()) == ("none", 0)


def test_nobody_answers_who_was_not_asked(cast):
    row = guests.add_by_hand(event=cast.event(), by=cast.bidhumas, kind="official", name="Faisal Riza")

    with pytest.raises(ValidationError) as error:
        guests.answer(participant=row, answer="yes", channel="phone", by=cast.bidhumas)

    assert _code(error) == "not_invited"


def test_answer_rolls_back_with_its_audit(cast, monkeypatch):
    row = _invited(cast)

    def broken(**_kwargs):
        raise RuntimeError("audit gone")

    monkeypatch.setattr("events.operations.guests.record", broken)
    with pytest.raises(RuntimeError):
        guests.answer(
            participant=row, answer="delegate", channel="phone", by=cast.bidhumas, delegate_name="Rudi"
        )

    assert (Invitation.objects.get().answer, Participant.objects.count()) == ("none", 1)


# Taking off the list


def test_remove_takes_guest_and_delegate_and_the_audit_remembers(cast):
    row = _invited(cast)
    guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas, delegate_name="Rudi")
    subject = row.partner.public_id

    guests.remove(participant=row, by=cast.bidhumas)

    assert (Participant.objects.count(), Invitation.objects.count()) == (0, 0)
    assert Entry.objects.filter(verb="guest.removed", subject_public_id=subject).count() == 1


def test_remove_refuses_whoever_was_marked_even_when_undone(cast):
    row = _invited(cast)
    _mark(row)

    with pytest.raises(ValidationError) as error:
        guests.remove(participant=row, by=cast.bidhumas)

    assert _code(error) == "already_marked"
    assert Participant.objects.count() == 1


def test_remove_refuses_when_the_delegate_was_marked(cast):
    row = _invited(cast)
    guests.answer(participant=row, answer="delegate", channel="phone", by=cast.bidhumas, delegate_name="Rudi")
    _mark(Participant.objects.get(delegate_for=row))

    with pytest.raises(ValidationError) as error:
        guests.remove(participant=row, by=cast.bidhumas)

    assert _code(error) == "already_marked"
    assert Participant.objects.count() == 2


# Who sees them


def test_participants_are_seen_by_host_co_host_invited_unit_and_those_above(cast):
    event = cast.event(co_hosts=["polres-kubar"], invited=["polres-kukar"])
    cast.guest(event, cast.partner("Sari", unit="polres-bontang"))
    other = cast.event("Dialog Berau", host="polres-berau", co_hosts=[], region_id="64.03.05")
    cast.guest(other, cast.partner("Rahasia Berau", unit="polres-berau"))

    def seen(name: str) -> list[str]:
        rows = participants_visible_to(cast.officers[name]).order_by("display_name")
        return list(rows.values_list("display_name", flat=True))

    assert seen("kubar") == ["Sari"]
    assert seen("kukar") == ["Sari"]
    assert seen("bontang") == []
    assert seen("berau") == ["Rahasia Berau"]
    assert seen("bidhumas") == seen("divhumas") == ["Rahasia Berau", "Sari"]
    assert seen("pimpinan") == seen("privasi") == seen("admin") == seen("diskominfo") == []


def test_a_name_is_found_by_the_beginning_of_its_words(cast):
    event = cast.event()
    cast.guest(event, cast.partner("I Made Pasek Riawan"))
    cast.guest(event, cast.partner("Sari Wulandari"))

    def found(text: str) -> list[str]:
        return [str(row) for row in matching_name(people_of(event), text)]

    assert found("pasek ria") == ["I Made Pasek Riawan"]
    assert found("WULAN") == ["Sari Wulandari"]
    assert found("sek") == []
    assert len(found("")) == 2


@pytest.mark.parametrize("act", ["guest", "role"])
def test_somebody_marked_while_they_are_taken_off_is_never_half_there(transactional_db, monkeypatch, act):
    """The tap comes after the look and before the removal: it waits, and is told that the person is gone."""
    cast = Cast()
    event = cast.event()
    if act == "guest":
        person = cast.guest(event, cast.partner("Sari"))
        module, remove = guests, partial(guests.remove, participant=person, by=cast.bidhumas)
    else:
        role = roles.add(event=event, by=cast.bidhumas, role="leader", full_name="Yuliyanto", rank="Kombes")
        person = role.participant
        module, remove = roles, partial(roles.remove, person=role, by=cast.bidhumas)
    told: list[str] = []

    def tap() -> None:
        try:
            attendance.record(event=event, participant=person, by=cast.kubar)
        except ValidationError as refused:
            told.append(refused.code)
        finally:
            connections.close_all()

    taps = threading.Thread(target=tap)

    def looks_and_somebody_taps(participant) -> bool:
        found = is_marked(participant)
        taps.start()
        taps.join(timeout=1)
        return found

    monkeypatch.setattr(module, "is_marked", looks_and_somebody_taps)
    remove()
    taps.join(timeout=30)

    assert told == ["gone"]
    assert (Participant.objects.count(), Scan.objects.count()) == (0, 0)
