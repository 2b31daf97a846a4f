"""Marking present: one attendance whatever happens, facts kept, friendly answers, and the partner's last day."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation

from audit.models import AppendOnlyError, Detail, Entry
from events.choices import EventState, ParticipantKind, ScanKind, ScanState, WalkInConsent
from events.models import Attendance, Participant, Scan
from events.operations import attendance, facts, retention, walk_ins
from events.rules import may_be_asked_to_pledge
from partners.choices import Keep, PartnerStatus
from partners.models import Consent, Partner
from partners.queries.partners import partners_visible_to
from tests.events.threads import together


@pytest.fixture
def event(cast):
    return cast.event()


@pytest.fixture
def sari(cast, event):
    return cast.guest(event, cast.partner("Sari Wulandari", phone="+6281234567890"))


def _record(cast, event, participant, by="kubar", **how):
    return attendance.record(event=event, participant=participant, by=cast.officers[by], **how)


def _fresh(participant):
    return Participant.objects.get(pk=participant.pk)


def _facts(participant):
    return list(Scan.objects.filter(participant=participant).order_by("pk").values_list("kind", "state"))


def _codes(error):
    error = error.value
    if hasattr(error, "error_dict"):
        return {name: [one.code for one in errors] for name, errors in error.error_dict.items()}
    return [one.code for one in error.error_list]


# Marking


def test_record_writes_fact_attendance_audit_and_the_partners_last_day(cast, event, sari):
    at = cast.at(2024, 10, 22, 0, 30)

    outcome = _record(cast, event, sari, at=at)

    scan = Scan.objects.get()
    row = Attendance.objects.get()
    assert (scan.kind, scan.state, scan.source, scan.by_id, scan.at) == (
        "present",
        "accepted",
        "roll",
        cast.kubar.pk,
        at,
    )
    assert (row.participant, row.event, row.scan, row.at, row.by_id) == (sari, event, scan, at, cast.kubar.pk)
    assert (outcome.state, outcome.attendance, outcome.by, outcome.at) == (
        "present",
        row,
        "Petugas Kubar",
        at,
    )
    entry = Entry.objects.get()
    assert (
        entry.verb,
        entry.actor_id,
        entry.object_public_id,
        entry.subject_public_id,
        entry.event_public_id,
    ) == (
        "attendance.present",
        cast.kubar.pk,
        sari.public_id,
        sari.partner.public_id,
        event.public_id,
    )
    assert not Detail.objects.exists()
    # Half past midnight in WITA, although it is still the day before in UTC.
    assert str(Partner.objects.get().last_attended_on) == "2024-10-22"


def test_record_a_second_tap_keeps_one_attendance_and_says_who_was_first(cast, event, sari):
    _record(cast, event, sari, at=cast.at(2024, 10, 21, 19, 42))

    with translation.override("en"):
        outcome = _record(cast, event, _fresh(sari), by="bidhumas", at=cast.at(2024, 10, 21, 19, 50))
        sentence = outcome.sentence

    assert (outcome.state, outcome.by) == ("already", "Petugas Kubar")
    assert sentence == "Sari Wulandari is already in: 19.42 by Petugas Kubar."
    assert Attendance.objects.get().at == cast.at(2024, 10, 21, 19, 42)
    assert _facts(sari) == [("present", "accepted"), ("present", "duplicate")]


def test_record_with_a_stale_object_gives_the_same_answer(cast, event, sari):
    stale = Participant.objects.select_related("attendance").get(pk=sari.pk)
    _record(cast, event, sari)

    outcome = _record(cast, event, stale, by="kubar2")

    assert (outcome.state, outcome.by) == ("already", "Petugas Kubar")
    assert _facts(sari) == [("present", "accepted"), ("present", "duplicate")]
    assert Attendance.objects.count() == 1


def test_record_sent_again_changes_nothing(cast, event, sari):
    name = uuid.uuid4()
    first = _record(cast, event, sari, client_uuid=name)

    for participant in (sari, _fresh(sari)):
        again = _record(cast, event, participant, client_uuid=name)
        assert (again.state, again.attendance, again.at) == ("present", first.attendance, first.at)
    assert _facts(sari) == [("present", "accepted")]
    assert Entry.objects.count() == 1


def test_record_sent_again_after_an_undo_stays_undone(cast, event, sari):
    name = uuid.uuid4()
    _record(cast, event, sari, client_uuid=name)
    attendance.undo(participant=sari, by=cast.kubar)

    again = _record(cast, event, _fresh(sari), client_uuid=name)

    assert (again.state, again.attendance) == ("absent", None)
    assert Attendance.objects.count() == 0


def test_record_refuses_a_name_that_stands_for_somebody_else(cast, event, sari):
    budi = cast.guest(event, cast.partner("Budi"))
    name = uuid.uuid4()
    _record(cast, event, sari, client_uuid=name)

    with pytest.raises(ValidationError) as refused:
        _record(cast, event, budi, client_uuid=name)

    assert _codes(refused) == ["uuid_taken"]
    assert _facts(budi) == []


def test_record_an_earlier_fact_that_arrives_late_wins(cast, event, sari):
    """A door without network uploads later what it saw first."""
    _record(cast, event, sari, at=cast.at(2024, 10, 21, 20, 0))

    outcome = _record(cast, event, _fresh(sari), by="kubar2", at=cast.at(2024, 10, 21, 19, 0))

    assert (outcome.state, outcome.by) == ("present", "Petugas Kubar2")
    assert Attendance.objects.get().at == cast.at(2024, 10, 21, 19, 0)


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.REPORTED])
def test_record_refuses_when_the_event_is_closed(cast, sari, event, state):
    event.state = state
    event.save(update_fields=["state"])

    with pytest.raises(ValidationError) as refused:
        _record(cast, event, sari)

    assert _codes(refused) == ["event_closed"]
    assert Scan.objects.count() == 0


def test_record_of_a_guest_taken_off_the_list_meanwhile_is_a_sentence(cast, event, sari):
    _record(cast, event, sari)
    stale = Participant.objects.select_related("attendance", "event").get(pk=sari.pk)
    stale.pk = 987654

    with pytest.raises(ValidationError) as refused:
        _record(cast, event, stale)

    assert _codes(refused) == ["gone"]


def test_record_keeps_the_latest_day_of_a_partner(cast, sari, event):
    other = cast.guest(cast.event("Sebelumnya"), sari.partner)
    _record(cast, event, sari, at=cast.at(2024, 10, 21, 20, 0))

    _record(cast, other.event, _fresh(other), at=cast.at(2024, 3, 1, 20, 0))

    assert str(Partner.objects.get().last_attended_on) == "2024-10-21"


def test_record_rolls_back_as_a_whole(cast, event, sari, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(facts.recording, "record", fail)
    with pytest.raises(RuntimeError):
        _record(cast, event, sari)

    assert (Scan.objects.count(), Attendance.objects.count(), Partner.objects.get().last_attended_on) == (
        0,
        0,
        None,
    )


def test_scans_are_only_added(cast, event, sari):
    _record(cast, event, sari)
    scan = Scan.objects.get()

    for change in (
        scan.save,
        scan.delete,
        Scan.objects.all().delete,
        lambda: Scan.objects.update(kind="undo"),
    ):
        with pytest.raises(AppendOnlyError):
            change()


def test_record_reads_only_the_facts_of_one_person(cast, event, sari, django_assert_num_queries):
    people = [cast.guest(event, cast.partner(f"Tamu {n}")) for n in range(3)]
    for person in people:
        _record(cast, event, person)
    fresh = Participant.objects.select_related("event", "partner", "attendance").get(pk=sari.pk)

    # scan, attendance, audit, and the partner's last day, which note_attendance keeps in two; a savepoint around them.
    with django_assert_num_queries(2 + 5):
        _record(cast, event, fresh)


# Undoing


def test_undo_removes_the_attendance_and_keeps_the_facts(cast, event, sari):
    _record(cast, event, sari)

    outcome = attendance.undo(participant=_fresh(sari), by=cast.kubar2)

    assert (outcome.state, outcome.attendance) == ("absent", None)
    assert _facts(sari) == [("present", "accepted"), ("undo", "accepted")]
    present, undone = Scan.objects.order_by("pk")
    assert (undone.undoes, undone.by_id) == (present, cast.kubar2.pk)
    assert Attendance.objects.count() == 0
    assert Partner.objects.get().last_attended_on is None
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "attendance.present",
        "attendance.undone",
    ]


def test_undo_and_mark_again(cast, event, sari):
    _record(cast, event, sari)
    attendance.undo(participant=_fresh(sari), by=cast.kubar)

    outcome = _record(cast, event, _fresh(sari))

    assert outcome.state == "present"
    assert _facts(sari) == [("present", "accepted"), ("undo", "accepted"), ("present", "accepted")]
    assert Attendance.objects.count() == 1


def test_undo_takes_back_ones_own_double_tap(cast, event, sari):
    _record(cast, event, sari)
    _record(cast, event, _fresh(sari))

    outcome = attendance.undo(participant=_fresh(sari), by=cast.kubar)

    assert outcome.state == "absent"
    assert Attendance.objects.count() == 0


def test_undo_lets_the_mark_of_another_officer_stand_and_says_so(cast, event, sari):
    now = timezone.now()
    _record(cast, event, sari, at=now)
    _record(cast, event, _fresh(sari), by="kubar2", at=now + timedelta(minutes=1))

    outcome = attendance.undo(participant=_fresh(sari), by=cast.kubar)

    assert (outcome.state, outcome.by, outcome.at) == ("still", "Petugas Kubar2", now + timedelta(minutes=1))
    assert Attendance.objects.get().by_id == cast.kubar2.pk
    assert Partner.objects.get().last_attended_on is not None
    assert attendance.undo(participant=_fresh(sari), by=cast.kubar2).state == "absent"


def test_undo_goes_back_to_the_day_before(cast, event, sari):
    earlier = cast.guest(cast.event("Sebelumnya"), sari.partner)
    _record(cast, earlier.event, earlier, at=cast.at(2024, 3, 1, 20, 0))
    _record(cast, event, _fresh(sari))

    attendance.undo(participant=_fresh(sari), by=cast.kubar)

    assert str(Partner.objects.get().last_attended_on) == "2024-03-01"


def test_undo_is_refused_after_15_minutes(cast, event, sari):
    at = timezone.now()
    _record(cast, event, sari, at=at)

    with pytest.raises(ValidationError) as refused:
        attendance.undo(participant=_fresh(sari), by=cast.kubar, at=at + timedelta(minutes=15, seconds=1))
    assert _codes(refused) == ["too_late"]
    assert Attendance.objects.count() == 1

    attendance.undo(participant=_fresh(sari), by=cast.kubar, at=at + timedelta(minutes=15))
    assert Attendance.objects.count() == 0


def test_undo_sent_again_does_not_undo_a_later_mark(cast, event, sari):
    name = uuid.uuid4()
    _record(cast, event, sari)
    attendance.undo(participant=_fresh(sari), by=cast.kubar, client_uuid=name)
    _record(cast, event, _fresh(sari))

    again = attendance.undo(participant=_fresh(sari), by=cast.kubar, client_uuid=name)

    assert again.state == "still"
    assert Attendance.objects.count() == 1
    assert Scan.objects.filter(kind=ScanKind.UNDO).count() == 1


def test_undo_of_what_is_not_marked_changes_nothing(cast, event, sari):
    assert attendance.undo(participant=sari, by=cast.kubar).state == "absent"
    assert Scan.objects.count() == 0


def test_undo_is_refused_when_the_event_is_closed(cast, event, sari):
    _record(cast, event, sari)
    event.state = EventState.REPORTED
    event.save(update_fields=["state"])

    with pytest.raises(ValidationError) as refused:
        attendance.undo(participant=_fresh(sari), by=cast.kubar)

    assert _codes(refused) == ["event_closed"]


def test_undo_rolls_back_as_a_whole(cast, event, sari, monkeypatch):
    _record(cast, event, sari)

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(facts.recording, "record", fail)
    with pytest.raises(RuntimeError):
        attendance.undo(participant=_fresh(sari), by=cast.kubar)

    assert (Scan.objects.count(), Attendance.objects.count()) == (1, 1)


# Walk-ins


def _walk_in(cast, event, consent, name="", contact="", by="kubar", **how):
    return attendance.walk_in(
        event=event, by=cast.officers[by], consent=consent, name=name, contact=contact, **how
    )


def test_walk_in_to_be_kept_becomes_a_partner_not_yet_confirmed(cast, event):
    outcome = _walk_in(cast, event, WalkInConsent.KEEP, "  I Made   Wirawan ", "0812 3456 7890")

    guest = outcome.participant
    partner = Partner.objects.get()
    assert (guest.kind, guest.partner, guest.display_name, guest.contact, guest.walk_in_consent) == (
        ParticipantKind.WALK_IN,
        partner,
        "I Made Wirawan",
        "",
        "keep",
    )
    assert (partner.full_name, str(partner.phone), partner.source, partner.unit, partner.region) == (
        "I Made Wirawan",
        "+6281234567890",
        "event",
        cast.unit("polres-kubar"),
        event.region,
    )
    assert (partner.status, partner.keep) == (PartnerStatus.ACTIVE, Keep.UNCONFIRMED)
    consent = Consent.objects.get()
    assert (consent.purpose, consent.decision, consent.channel, consent.by_id) == (
        "keep",
        "given",
        "spoken",
        cast.kubar.pk,
    )
    assert _facts(guest) == [("walk_in", "accepted")]
    assert (outcome.state, outcome.known) == ("present", False)
    assert partner.last_attended_on == outcome.at.astimezone(cast.at(2024, 1, 1).tzinfo).date()


def test_walk_in_with_a_handle_keeps_it_as_a_way_to_contact(cast, event):
    _walk_in(cast, event, WalkInConsent.KEEP, "Rina", "https://www.tiktok.com/@rina.barong")

    assert list(Partner.objects.get().social_accounts.values_list("platform", "handle")) == [
        ("tiktok", "rina.barong")
    ]


def test_walk_in_for_tonight_is_no_partner(cast, event):
    outcome = _walk_in(cast, event, WalkInConsent.TONIGHT, "Rina", "812-3456-7890")

    guest = outcome.participant
    assert (guest.partner, guest.display_name, guest.contact, guest.search_key) == (
        None,
        "Rina",
        "+6281234567890",
        " rina",
    )
    assert Partner.objects.count() == 0


def test_walk_in_without_a_name_keeps_nothing_that_was_typed(cast, event):
    outcome = _walk_in(cast, event, WalkInConsent.ANONYMOUS, "Rina", "0812-3456-7890")

    guest = _fresh(outcome.participant)
    assert (guest.display_name, guest.contact, guest.search_key, guest.partner) == ("", "", "", None)
    assert Attendance.objects.count() == 1
    assert not Detail.objects.exists()


def test_walk_in_whose_phone_is_invited_marks_that_partner(cast, event, sari):
    outcome = _walk_in(cast, event, WalkInConsent.KEEP, "Sari W", "0812-3456-7890")

    assert (outcome.participant, outcome.state, outcome.known) == (sari, "present", True)
    assert (Partner.objects.count(), Participant.objects.count(), Consent.objects.count()) == (1, 1, 0)
    again = _walk_in(cast, event, WalkInConsent.TONIGHT, "Sari W", "62812 3456 7890", by="kubar2")
    assert (again.state, again.by, again.known) == ("already", "Petugas Kubar", True)
    assert Participant.objects.count() == 1


def test_walk_in_of_a_household_that_shares_a_phone_marks_who_has_the_name(cast, event, sari):
    wife = cast.guest(event, cast.partner("Ni Luh Ayu", phone="+6281234567890"))

    assert _walk_in(cast, event, WalkInConsent.KEEP, "ni luh ayu", "0812-3456-7890").participant == wife


@pytest.mark.parametrize("status", [PartnerStatus.ARCHIVED, PartnerStatus.PROSPECTIVE])
def test_walk_in_does_not_match_who_is_not_an_active_partner(cast, event, status):
    dated = {"archived_at": timezone.now()} if status == PartnerStatus.ARCHIVED else {}
    cast.guest(event, cast.partner("Sari", phone="+6281234567890", status=status, **dated))

    assert _walk_in(cast, event, WalkInConsent.TONIGHT, "Sari", "0812-3456-7890").known is False
    assert Participant.objects.count() == 2


def test_walk_in_does_not_match_a_partner_who_is_not_on_this_list(cast, event):
    cast.partner("Sari", phone="+6281234567890")

    assert _walk_in(cast, event, WalkInConsent.TONIGHT, "Sari", "0812-3456-7890").known is False


def test_walk_in_sent_again_lets_nobody_in_twice(cast, event):
    name = uuid.uuid4()
    first = _walk_in(cast, event, WalkInConsent.KEEP, "Rina", "0812-3456-7890", client_uuid=name)

    again = _walk_in(cast, event, WalkInConsent.KEEP, "Rina", "0812-3456-7890", client_uuid=name)

    assert again.participant == first.participant
    assert (again.state, again.at) == ("present", first.at)
    assert (Participant.objects.count(), Partner.objects.count(), Scan.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("consent", [WalkInConsent.KEEP, WalkInConsent.TONIGHT])
@pytest.mark.parametrize("contact", ["0812-3456-7890", "@rina.barong"])
@pytest.mark.parametrize("is_listed", [True, False])
def test_walk_in_who_was_known_and_is_sent_again_is_one_fact(cast, event, consent, contact, is_listed):
    """Red before but for a guest of the list with a phone: a fact each time. Who has the same contact and another name
    is somebody else."""
    if is_listed:
        partner = cast.partner("Rina Amelia", phone="+6281234567890", handles=[("instagram", "rina.barong")])
        cast.guest(event, partner)
    else:
        _walk_in(cast, event, WalkInConsent.TONIGHT, "Rina Amelia", contact)
    before, name = Scan.objects.count(), uuid.uuid4()

    people = [
        _walk_in(cast, event, consent, "Rina", contact, client_uuid=name).participant for _turn in "123"
    ]

    assert (len(set(people)), Scan.objects.count() - before) == (1, 1)
    tuti = _walk_in(cast, event, consent, "Tuti", contact, client_uuid=name)
    assert (tuti.participant.display_name, Participant.objects.count()) == ("Tuti", 2)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"consent": "keep"}, {"name": ["required"]}),
        ({"consent": "tonight", "name": " "}, {"name": ["required"]}),
        ({"consent": "perhaps", "name": "Rina"}, {"consent": ["unknown"]}),
        ({"consent": "tonight", "name": "R" * 121}, {"name": ["too_long"]}),
        ({"consent": "tonight", "name": "Rina", "contact": "9" * 81}, {"contact": ["too_long"]}),
        ({"consent": "keep", "name": "Rina", "contact": "0812-34"}, {"contact": ["phone"]}),
        (
            {"consent": "keep", "name": "Rina", "contact": "https://example.org/rina"},
            {"contact": ["address"]},
        ),
    ],
)
def test_walk_in_refuses_beside_the_field(cast, event, fields, codes):
    with pytest.raises(ValidationError) as refused:
        attendance.walk_in(event=event, by=cast.kubar, **fields)

    assert _codes(refused) == codes
    assert (Participant.objects.count(), Partner.objects.count()) == (0, 0)


def test_walk_in_to_be_kept_belongs_to_who_polices_the_place_whoever_runs_the_door(cast):
    event = cast.event(invited=["polres-bontang"])

    outcome = _walk_in(cast, event, WalkInConsent.KEEP, "Rina", "0812-3456-7890", by="bontang")

    partner = Partner.objects.get()
    assert (outcome.state, outcome.participant.partner, outcome.participant.unit) == (
        "present",
        partner,
        cast.unit("polres-kubar"),
    )
    assert (partner.unit, partner.keep, partner.created_by_id) == (
        cast.unit("polres-kubar"),
        Keep.UNCONFIRMED,
        cast.bontang.pk,
    )
    assert list(partners_visible_to(cast.bontang)) == []
    assert list(partners_visible_to(cast.kubar)) == [partner]
    lines = Entry.objects.filter(subject_public_id=partner.public_id)
    assert {(line.actor_unit_id, line.unit_id) for line in lines} == {(cast.bontang.unit_id, partner.unit_id)}


def test_walk_in_to_be_kept_where_nobody_is_known_to_police_belongs_to_the_host(cast):
    event = cast.event(region_id="91.71", host="mabes", co_hosts=[])

    _walk_in(cast, event, WalkInConsent.KEEP, "Rina", by="divhumas")

    assert Partner.objects.get().unit == cast.unit("mabes")


def test_walk_in_to_be_kept_at_the_door_of_an_agency_belongs_to_the_agency(cast):
    event = cast.event(region_id="61.71", host="diskominfo-kalbar", co_hosts=[])

    _walk_in(cast, event, WalkInConsent.KEEP, "Rina", by="diskominfo")

    assert Partner.objects.get().unit == cast.unit("diskominfo-kalbar")


def test_walk_in_with_the_phone_of_somebody_else_on_the_list_is_let_in_as_themselves(cast, event, sari):
    """Husband and wife share a phone; he was asked and stayed at home, she came."""
    outcome = _walk_in(cast, event, WalkInConsent.TONIGHT, "Ni Luh Ayu", "0812-3456-7890")

    assert (outcome.state, outcome.known, str(outcome.participant)) == ("present", False, "Ni Luh Ayu")
    assert list(Attendance.objects.values_list("participant", flat=True)) == [outcome.participant.pk]


@pytest.mark.parametrize("name", ["Sari", "sari wulandari", "Wulandari", "Sari Wulandari binti Ahmad"])
def test_walk_in_on_the_list_is_known_by_phone_and_a_part_of_the_name(cast, event, sari, name):
    assert _walk_in(cast, event, WalkInConsent.KEEP, name, "0812-3456-7890").participant == sari


def test_walk_in_who_is_a_partner_already_stays_one_person(cast, event):
    partner = cast.partner("Sari Wulandari", phone="+6281234567890")

    outcome = _walk_in(cast, event, WalkInConsent.KEEP, "sari wulandari", "0812-3456-7890")

    assert (outcome.state, outcome.participant.kind, outcome.participant.partner) == (
        "present",
        ParticipantKind.WALK_IN,
        partner,
    )
    assert (Partner.objects.count(), Consent.objects.count()) == (1, 0)
    assert Partner.objects.get().last_attended_on is not None


@pytest.mark.parametrize(
    ("name", "unit", "fields"),
    [
        ("Sari Wulandari", "polres-berau", {"region_id": "64.03"}),
        ("Joko Wulandari", "polres-kubar", {}),
        ("Sari Wulandari", "polres-kubar", {"status": PartnerStatus.PROSPECTIVE}),
    ],
)
def test_walk_in_is_not_taken_for_a_partner_out_of_scope_of_another_name_or_unasked(
    cast, event, name, unit, fields
):
    other = cast.partner(name, unit=unit, phone="+6281234567890", **fields)

    outcome = _walk_in(cast, event, WalkInConsent.KEEP, "Sari Wulandari", "0812-3456-7890")

    assert outcome.participant.partner != other
    assert Partner.objects.count() == 2


@pytest.mark.parametrize("consent", [WalkInConsent.KEEP, WalkInConsent.TONIGHT])
def test_walk_in_of_a_known_journalist_is_press_and_never_asked_to_pledge(cast, event, consent):
    cast.partner("Rekan Wartawan", kind="journalist", phone="+6281234567890")

    guest = _walk_in(cast, event, consent, "Rekan Wartawan", "0812-3456-7890").participant

    assert (guest.is_press, may_be_asked_to_pledge(guest)) == (True, False)
    assert (guest.partner is not None) is (consent == WalkInConsent.KEEP)


def test_walk_in_typed_over_the_one_before_is_somebody_else(cast, event):
    """The officer goes back to the form, and the browser still has the hidden name of the fact in it."""
    name = uuid.uuid4()
    _walk_in(cast, event, WalkInConsent.TONIGHT, "Rina", client_uuid=name)

    outcome = _walk_in(cast, event, WalkInConsent.TONIGHT, "Budi", client_uuid=name)

    assert (outcome.state, str(outcome.participant)) == ("present", "Budi")
    elsewhere = cast.event()
    assert _walk_in(cast, elsewhere, WalkInConsent.TONIGHT, "Rina", client_uuid=name).state == "present"
    assert list(Attendance.objects.order_by("pk").values_list("participant__display_name", flat=True)) == [
        "Rina",
        "Budi",
        "Rina",
    ]


def test_walk_in_rolls_back_as_a_whole(cast, event, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError("attendance")

    monkeypatch.setattr(attendance, "_first", fail)
    with pytest.raises(RuntimeError):
        _walk_in(cast, event, WalkInConsent.KEEP, "Rina", "0812-3456-7890")

    assert (Participant.objects.count(), Partner.objects.count(), Consent.objects.count()) == (0, 0, 0)


# Forgetting


def test_forget_tonight_empties_names_30_days_after_the_event_and_keeps_the_count(cast, event):
    event.starts_at = timezone.now() - timedelta(days=31)
    event.save(update_fields=["starts_at"])
    recent = cast.event("Baru", starts_at=timezone.now() - timedelta(days=29))
    old = _walk_in(cast, event, WalkInConsent.TONIGHT, "Rina", "@rina").participant
    kept = _walk_in(cast, event, WalkInConsent.KEEP, "Budi").participant
    new = _walk_in(cast, recent, WalkInConsent.TONIGHT, "Tuti").participant

    assert retention.forget_tonight() == 1

    old, kept, new = _fresh(old), _fresh(kept), _fresh(new)
    assert (old.display_name, old.contact, old.search_key) == ("", "", "")
    assert (kept.display_name, new.display_name) == ("Budi", "Tuti")
    assert Attendance.objects.filter(event=event).count() == 2
    assert Entry.objects.filter(verb="participant.forgotten").count() == 1
    assert retention.forget_tonight() == 0
    assert Entry.objects.filter(verb="participant.forgotten").count() == 1


def test_forget_tonight_waits_for_the_end_of_a_long_event(cast, event):
    now = timezone.now()
    event.starts_at, event.ends_at = now - timedelta(days=33), now - timedelta(days=29)
    event.save(update_fields=["starts_at", "ends_at"])
    _walk_in(cast, event, WalkInConsent.TONIGHT, "Rina")

    assert retention.forget_tonight() == 0


def test_forget_tonight_is_swept():
    from config import sweep

    assert "events.tasks.forget_tonight" in sweep.SLOW


# Races, on whichever database the tests run


def _together(number, act):
    """``act(n)`` for so many at the same moment."""
    return together([lambda n=n: act(n) for n in range(number)])


def test_fifty_officers_who_tap_the_same_person_make_one_attendance(real):
    event = real.event()
    sari = real.guest(event, real.partner("Sari"))
    officers = [real.kubar, real.kubar2, real.bidhumas, real.divhumas]

    def tap(n):
        person = Participant.objects.select_related("event", "partner", "attendance").get(pk=sari.pk)
        return attendance.record(event=event, participant=person, by=officers[n % 4])

    outcomes = _together(50, tap)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    row = Attendance.objects.get()
    assert {outcome.state for outcome in outcomes} <= {"present", "already"}
    assert sum(outcome.state == "present" for outcome in outcomes) >= 1
    # Whoever looks now gets one answer, and the facts hold every tap.
    assert Scan.objects.filter(participant=sari, state=ScanState.ACCEPTED).count() == 1
    assert Scan.objects.filter(participant=sari).count() == 50
    assert row.scan == min(Scan.objects.all(), key=lambda scan: (scan.at, scan.pk))


def test_one_fact_sent_by_twenty_threads_is_written_once(real):
    event = real.event()
    sari = real.guest(event, real.partner("Sari"))
    name = uuid.uuid4()

    def send(_n):
        person = Participant.objects.select_related("event", "partner", "attendance").get(pk=sari.pk)
        return attendance.record(event=event, participant=person, by=real.kubar, client_uuid=name)

    outcomes = _together(20, send)

    assert [getattr(outcome, "state", outcome) for outcome in outcomes] == ["present"] * 20
    assert (Scan.objects.count(), Attendance.objects.count()) == (1, 1)


def test_one_walk_in_sent_by_twenty_threads_is_let_in_once(real):
    event = real.event()
    name = uuid.uuid4()

    def send(_n):
        return attendance.walk_in(
            event=event, by=real.kubar, consent="tonight", name="Rina", client_uuid=name
        )

    outcomes = _together(20, send)

    assert [getattr(outcome, "state", outcome) for outcome in outcomes] == ["present"] * 20
    assert (Participant.objects.count(), Scan.objects.count(), Attendance.objects.count()) == (1, 1, 1)


def test_one_partner_let_in_by_ten_officers_at_once_is_one_guest(real):
    event = real.event()
    partner = real.partner("Rina", phone="+6281234567890")

    def send(_n):
        return attendance.walk_in(
            event=event, by=real.kubar, consent="keep", name="Rina", contact="0812-3456-7890"
        )

    outcomes = _together(10, send)

    assert {getattr(outcome, "state", outcome) for outcome in outcomes} <= {"present", "already"}
    assert Participant.objects.get().partner == partner
    assert Attendance.objects.count() == 1


def test_marks_and_undos_at_once_leave_what_the_facts_say(real):
    event = real.event()
    sari = real.guest(event, real.partner("Sari"))
    officers = [real.kubar, real.kubar2, real.bidhumas]

    def act(n):
        person = Participant.objects.select_related("event", "partner", "attendance").get(pk=sari.pk)
        if n % 2:
            return attendance.undo(participant=person, by=officers[n % 3])
        return attendance.record(event=event, participant=person, by=officers[n % 3])

    outcomes = _together(30, act)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    winner = attendance.derive(Scan.objects.filter(participant=sari))
    assert list(Attendance.objects.values_list("scan_id", flat=True)) == ([winner.pk] if winner else [])


def test_a_mark_that_fails_leaves_no_transaction_open(real):
    event = real.event(state=EventState.CANCELLED)
    sari = real.guest(event, real.partner("Sari"))

    with pytest.raises(ValidationError):
        attendance.record(event=event, participant=sari, by=real.kubar)

    assert not connection.in_atomic_block
    assert transaction.get_autocommit()


def test_walk_in_belongs_to_who_polices_the_place_on_its_own_day(cast, monkeypatch):
    """Half past midnight in Jayapura is the evening before in Jakarta."""
    event = cast.event(
        region_id="91.71", timezone="Asia/Jayapura", starts_at=datetime(2026, 3, 1, 11, tzinfo=UTC)
    )
    days = []
    monkeypatch.setattr(walk_ins, "unit_for", lambda _region, day: days.append(day))

    attendance.walk_in(
        event=event,
        by=cast.kubar,
        name="Rina",
        consent="tonight",
        at=datetime(2026, 3, 1, 15, 30, tzinfo=UTC),
    )

    assert days == [date(2026, 3, 2)]
