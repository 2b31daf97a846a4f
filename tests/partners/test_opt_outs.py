"""Berhenti dihubungi: holds everywhere at once, does not tell where it was said, and only the person lifts it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError

from audit.models import Entry
from events.operations import attendance
from outbox import gates
from outbox.models import Message
from outbox.operations import sending
from partners.choices import ErasureReason, PartnerStatus
from partners.models import Consent, OptOut, Partner
from partners.operations import asking, consents, do_not_contact, erasure, opt_outs
from partners.operations import partners as registration
from partners.opt_outs import Address, email_address, handle_address, hash_of, phone_address
from partners.queries.consents import allows
from partners.queries.opt_outs import opted_out_among
from partners.queries.partners import not_to_be_contacted, selectable_partners
from regions.models import Region
from tests.outbox.mail import smtp

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PHONE, EMAIL = "+6281234567890", "sari@example.org"


@pytest.fixture
def sari(cast) -> Partner:
    return cast.partner("Sari Wulandari", phone=PHONE, email=EMAIL, handles=[("instagram", "sariw")])


@pytest.fixture
def postman(settings):
    with smtp(settings) as postman:
        yield postman


def stop(cast, partner) -> Partner:
    return do_not_contact.stop(partner=partner, by=cast.kubar)


def register(by, region="64.07.07", **fields) -> Partner:
    given = {"full_name": "Orang Lain", "kind": "activist", "source": "in_person"}
    return registration.register(by=by, region=Region.objects.get(code=region), **{**given, **fields})


def latest(partner) -> dict[str, tuple[str, str]]:
    rows = Consent.objects.filter(partner=partner).order_by("pk")
    return {row.purpose: (row.decision, row.channel) for row in rows}


# The hash


def test_the_same_address_has_one_hash_however_it_is_spelled():
    assert {phone_address(text) for text in ("0812-3456-7890", "62812 3456 7890", PHONE)} == {
        Address("phone", PHONE)
    }
    assert email_address(" Sari@Example.org ") == Address("email", EMAIL)
    assert handle_address("instagram", "SariW") == Address("handle", "instagram:sariw")
    assert handle_address("tiktok", "sariw") != handle_address("instagram", "sariw")


def test_the_hash_has_a_key_of_its_own(settings):
    before = hash_of(phone_address(PHONE))
    assert len(before) == 64
    assert hash_of(Address("email", PHONE)) != before

    settings.TOKEN_KEY = "x" * 60

    assert hash_of(phone_address(PHONE)) != before


def test_many_addresses_are_asked_at_once(cast, sari, django_assert_num_queries):
    stop(cast, sari)
    wanted = [phone_address(PHONE), phone_address("0811111111"), email_address(EMAIL)]

    with django_assert_num_queries(1):
        found = opted_out_among(wanted)
    with django_assert_num_queries(0):
        assert opted_out_among([]) == set()

    assert found == {phone_address(PHONE), email_address(EMAIL)}


# Writing it down


def test_one_wish_withdraws_every_way_and_remembers_every_address(cast, sari):
    consents.record(partner=sari, purpose="email", decision="given", channel="link")

    stop(cast, sari)

    sari.refresh_from_db()
    assert (sari.is_do_not_contact, sari.do_not_contact_by_id, sari.status) == (
        True,
        cast.kubar.pk,
        PartnerStatus.ACTIVE,
    )
    assert latest(sari) == dict.fromkeys(["email", "whatsapp", "phone"], ("withdrawn", "spoken"))
    assert sorted(OptOut.objects.values_list("kind", flat=True)) == ["email", "handle", "phone"]
    assert [allows(sari, purpose) for purpose in ("email", "whatsapp", "phone")] == [False] * 3
    entry = Entry.objects.get(verb="partner.contact_stopped")
    assert (entry.actor_id, entry.object_public_id, entry.unit_id) == (
        cast.kubar.pk,
        sari.public_id,
        sari.unit_id,
    )


def test_no_address_can_be_read_from_what_is_kept(cast, sari):
    stop(cast, sari)

    kept = str(list(OptOut.objects.values()))
    assert [text for text in (PHONE, "8123456", "sari", "example") if text in kept] == []


def test_said_twice_it_keeps_its_first_day(cast, sari):
    first = stop(cast, sari).do_not_contact_at

    do_not_contact.stop(partner=sari, by=cast.bidhumas)

    sari.refresh_from_db()
    assert (sari.do_not_contact_at, sari.do_not_contact_by_id) == (first, cast.kubar.pk)
    assert Entry.objects.filter(verb="partner.contact_stopped").count() == 1


@pytest.mark.parametrize("username", ["berau", "diskominfo", "pimpinan", "admin"])
def test_only_who_keeps_the_partner_writes_it_down(cast, sari, username):
    with pytest.raises(PermissionDenied):
        do_not_contact.stop(partner=sari, by=cast.officers[username])

    assert (OptOut.objects.count(), Consent.objects.count()) == (0, 0)


def test_all_of_it_or_nothing(cast, sari, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(do_not_contact.recording, "record", broken)

    with pytest.raises(DatabaseError):
        stop(cast, sari)

    sari.refresh_from_db()
    assert (sari.is_do_not_contact, OptOut.objects.count(), Consent.objects.count()) == (False, 0, 0)


# What follows


def test_whoever_asked_for_quiet_cannot_be_picked(cast, sari):
    other = cast.partner("Budi")
    hidden = cast.partner("Rahasia", unit="polres-berau")
    do_not_contact.stop(partner=hidden, by=cast.berau)

    stop(cast, sari)

    assert list(selectable_partners(cast.kubar)) == [other]
    assert list(not_to_be_contacted(cast.kubar)) == [sari]


def ask_by_email(cast, partner, officer="kubar"):
    return asking.by_email(partner=partner, by=cast.officers[officer])


def prospect(cast, name="Sari Wulandari", unit="polres-kubar", **fields) -> Partner:
    return cast.partner(name, unit=unit, status=PartnerStatus.PROSPECTIVE, email=EMAIL, **fields)


def test_what_is_queued_is_suppressed_when_it_is_claimed(cast, postman):
    sari = prospect(cast)
    ask_by_email(cast, sari)
    stop(cast, sari)

    assert sending.send_due() == 0
    assert Message.objects.values_list("state", "note").get() == ("suppressed", "opted_out")
    assert postman.letters == []


@pytest.mark.parametrize("name", ["Sari", "Budi Santoso"])
@pytest.mark.parametrize(
    ("unit", "officer"), [("polres-berau", "berau"), ("diskominfo-kalbar", "diskominfo")]
)
def test_a_letter_of_another_unit_to_the_same_address_stays(cast, sari, postman, name, unit, officer):
    """The same person, or one who shares the address: nobody writes to it, whoever is meant."""
    theirs = prospect(cast, name, unit)
    ask_by_email(cast, theirs, officer)
    stop(cast, sari)

    assert sending.send_due() == 0
    assert Message.objects.values_list("state", "note").get() == ("suppressed", "opted_out")
    with pytest.raises(ValidationError) as refused:
        asking.by_email(partner=prospect(cast, "Orang Ketiga", unit), by=cast.officers[officer])
    assert refused.value.code == "do_not_contact"


def test_every_gate_about_a_person_asks(cast, sari):
    """A new purpose of the registry must not forget the wish: each gate is asked about a person who wants quiet."""
    stop(cast, sari)
    Partner.objects.filter(pk=sari.pk).update(do_not_contact_at=None, do_not_contact_by_id=None)
    message = Message(subject_public_id=sari.public_id, address=EMAIL)

    about_people = {name: gate for name, gate in gates._gates.items() if gate.__module__ == "partners.gates"}
    assert about_people
    Partner.objects.filter(pk=sari.pk).update(keep="unconfirmed")
    assert {name: gate(message) for name, gate in about_people.items()} == dict.fromkeys(
        about_people, "opted_out"
    )


def test_records_of_the_same_person_elsewhere_stop_too_and_do_not_learn_where(cast, sari):
    same = cast.partner("Sari", unit="polres-berau", phone=PHONE)
    mother = cast.partner("Ibu Rahayu", unit="polres-berau", phone=PHONE)
    namesake = cast.partner("Sari Wulandari", unit="polres-berau", phone="+6281199999999")
    agency = cast.partner("Sari Wulandari", unit="diskominfo-kalbar", handles=[("instagram", "sariw")])

    stop(cast, sari)

    for partner, is_quiet in ((same, True), (agency, True), (mother, False), (namesake, False)):
        partner.refresh_from_db()
        assert (partner.is_do_not_contact, partner.do_not_contact_by_id) == (is_quiet, None), partner
    assert list(selectable_partners(cast.berau)) == [mother, namesake]
    lines = Entry.objects.filter(subject_public_id__in=[same.public_id, agency.public_id])
    assert lines.exists()
    assert set(lines.values_list("actor_id", "actor_unit_id")) == {(None, None)}
    assert set(Consent.objects.filter(partner=same).values_list("by_id", flat=True)) == {None}


# Writing the address down anew


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone": "0812 3456 7890"}, "opted_out_phone"),
        ({"email": "SARI@example.org"}, "opted_out_email"),
        ({"handles": [("", "https://instagram.com/SariW/")]}, "opted_out_handle"),
    ],
)
@pytest.mark.parametrize(
    ("officer", "region"), [("kubar", "64.07.07"), ("berau", "64.03.05"), ("diskominfo", "61.71")]
)
def test_a_closed_address_is_refused_for_anybody_in_any_unit(cast, sari, fields, code, officer, region):
    stop(cast, sari)
    by = cast.officers[officer]

    with pytest.raises(ValidationError) as refused:
        register(by, region, **fields)

    assert refused.value.code == code
    assert not [word for word in ("Kubar", "Polres", "Sari") if word in str(refused.value.messages)]
    assert register(by, region).full_name == "Orang Lain"


def test_a_change_refuses_a_closed_address_and_leaves_known_ones_alone(cast, sari):
    budi = cast.partner("Budi", phone="+6281199999999", handles=[("tiktok", "budi")])
    stop(cast, sari)

    for fields, code in (
        ({"phone": PHONE}, "opted_out_phone"),
        ({"email": EMAIL}, "opted_out_email"),
        ({"handles": [("instagram", "@sariw")]}, "opted_out_handle"),
    ):
        with pytest.raises(ValidationError) as refused:
            registration.update(partner=budi, by=cast.kubar, **fields)
        assert refused.value.code == code
    registration.update(partner=sari, by=cast.kubar, stage_name="Info", phone=PHONE, email=EMAIL)

    budi.refresh_from_db()
    assert (str(budi.phone), budi.email, budi.social_accounts.get().handle) == ("+6281199999999", "", "budi")
    assert Partner.objects.get(pk=sari.pk).stage_name == "Info"


def test_a_new_number_of_who_wants_quiet_is_closed_too(cast, sari):
    do_not_contact.stop(partner=sari, by=cast.kubar)

    registration.update(partner=sari, by=cast.kubar, phone="0813-9999-8888")

    new = phone_address("081399998888")
    assert opted_out_among([new]) == {new}
    registration.update(partner=cast.partner("Budi"), by=cast.kubar, phone="0813-7777-6666")
    assert opted_out_among([phone_address("081377776666")]) == set()


def test_the_door_takes_in_who_wants_no_contact(cast, sari):
    event = cast.event()
    stop(cast, sari)

    known = attendance.walk_in(
        event=event, by=cast.kubar, name="Sari Wulandari", contact=PHONE, consent="keep"
    )
    other = attendance.walk_in(event=event, by=cast.kubar, name="Rahmat", contact=PHONE, consent="keep")

    assert known.participant.partner == sari
    newcomer = other.participant.partner
    assert (newcomer.full_name, str(newcomer.phone)) == ("Rahmat", "")


# Lifting it


def test_an_officers_tick_never_lifts_it(cast, sari):
    stop(cast, sari)

    for purpose in ("email", "whatsapp", "phone"):
        with pytest.raises(ValidationError) as refused:
            consents.record(partner=sari, purpose=purpose, decision="given", channel="spoken", by=cast.kubar)
        assert refused.value.code == "do_not_contact"

    sari.refresh_from_db()
    assert (sari.is_do_not_contact, OptOut.objects.count()) == (True, 3)


@pytest.mark.parametrize("channel", ["screen", "link"])
def test_the_persons_own_yes_lifts_it(cast, sari, channel):
    stop(cast, sari)

    consents.record(partner=sari, purpose="email", decision="given", channel=channel)

    fresh = Partner.objects.get(pk=sari.pk)
    assert (sari.is_do_not_contact, fresh.is_do_not_contact, fresh.do_not_contact_by_id) == (
        False,
        False,
        None,
    )
    assert sorted(OptOut.objects.values_list("kind", flat=True)) == ["handle", "phone"]
    assert (allows(fresh, "email"), allows(fresh, "whatsapp")) == (True, False)
    assert list(selectable_partners(cast.kubar)) == [sari]
    consents.record(partner=sari, purpose="whatsapp", decision="given", channel=channel)
    assert OptOut.objects.count() == 0
    assert Entry.objects.filter(verb="partner.contact_allowed").count() == 2


@pytest.mark.parametrize("purpose", ["keep", "photo", "public_name", "share_unit"])
def test_a_yes_to_something_else_does_not_lift_it(cast, sari, purpose):
    stop(cast, sari)

    consents.record(partner=sari, purpose=purpose, decision="given", channel="link")

    assert Partner.objects.get(pk=sari.pk).is_do_not_contact
    assert OptOut.objects.count() == 3


def test_the_yes_of_one_unit_leaves_the_other_quiet(cast, sari):
    theirs = cast.partner("Sari Wulandari", unit="polres-berau", email=EMAIL)
    stop(cast, sari)

    consents.record(partner=sari, purpose="email", decision="given", channel="link")

    assert Partner.objects.get(pk=theirs.pk).is_do_not_contact


# Leaving


@pytest.mark.parametrize(
    ("reason", "said_no", "kept"),
    [
        (ErasureReason.ASKED, False, 3),
        (ErasureReason.REPLAYED, False, 3),
        (ErasureReason.DUE, True, 3),
        (ErasureReason.DUE, False, 0),
    ],
)
def test_leaving_is_remembered_without_the_person(cast, sari, reason, said_no, kept):
    if said_no:
        consents.record(partner=sari, purpose="keep", decision="withdrawn", channel="link")

    assert erasure.erase(partner=sari, reason=reason) is True

    assert (Partner.objects.count(), OptOut.objects.count()) == (0, kept)
    assert bool(opted_out_among([phone_address(PHONE)])) == bool(kept)


def test_an_opt_out_outlives_the_record(cast, sari):
    stop(cast, sari)

    erasure.erase(partner=sari, reason=ErasureReason.DUE)

    assert opted_out_among([phone_address(PHONE), email_address(EMAIL)]) == {
        phone_address(PHONE),
        email_address(EMAIL),
    }


def test_an_address_is_remembered_once(cast, sari):
    addresses = [phone_address(PHONE)]
    opt_outs.remember(addresses)
    first = OptOut.objects.get().at

    opt_outs.remember(addresses)

    assert OptOut.objects.get().at == first
