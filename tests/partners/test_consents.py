"""Decisions: the latest rules, and the registry is kept true to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AppendOnlyError, Detail, Entry
from files import operations as file_operations
from partners.choices import ConsentChannel, Decision, Keep, LawfulBasis, PartnerStatus, Purpose
from partners.models import Consent, ConsentText, Partner
from partners.operations import consents, shares
from partners.queries.consents import allows, latest_by_purpose, standings_of
from partners.queries.partners import partners_visible_to
from tests.files.pictures import jpeg

TODAY_PLUS_30 = timedelta(days=30)


@pytest.fixture
def prospect(cast) -> Partner:
    return cast.partner(
        "Sari Wulandari", status=PartnerStatus.PROSPECTIVE, lawful_basis=LawfulBasis.PUBLIC_TASK
    )


def decide(partner, decision=Decision.GIVEN, channel=ConsentChannel.SPOKEN, purpose=Purpose.KEEP, **fields):
    return consents.record(partner=partner, purpose=purpose, decision=decision, channel=channel, **fields)


def state_of(partner: Partner) -> tuple[object, ...]:
    partner.refresh_from_db()
    return partner.status, partner.keep, partner.lawful_basis, partner.decide_by


def test_a_spoken_yes_makes_an_active_partner_who_is_not_confirmed_for_thirty_days(cast, prospect):
    consent = decide(prospect, by=cast.kubar)

    due = timezone.localdate() + TODAY_PLUS_30
    assert (prospect.status, prospect.keep) == (PartnerStatus.ACTIVE, Keep.UNCONFIRMED)
    assert state_of(prospect) == (PartnerStatus.ACTIVE, Keep.UNCONFIRMED, LawfulBasis.PUBLIC_TASK, due)
    assert (consent.is_confirmed, consent.by_id, consent.text.version) == (False, cast.kubar.pk, 1)


@pytest.mark.parametrize("channel", [ConsentChannel.SCREEN, ConsentChannel.LINK])
def test_a_yes_by_screen_or_link_is_confirmed_and_undated(prospect, channel):
    consent = decide(prospect, channel=channel)

    assert state_of(prospect) == (PartnerStatus.ACTIVE, Keep.CONFIRMED, LawfulBasis.CONSENT, None)
    assert (consent.is_confirmed, consent.by_id) == (True, None)


def test_a_photographed_sheet_confirms(cast, prospect):
    sheet = file_operations.store(
        by=cast.kubar, purpose="consent_sheet", owner=prospect, upload=jpeg(), unit_id=prospect.unit_id
    )

    decide(prospect, channel=ConsentChannel.PAPER, evidence=sheet, by=cast.kubar)

    assert prospect.keep == Keep.CONFIRMED


def test_a_withdrawal_makes_a_calon_mitra_to_be_erased_in_thirty_days(cast):
    partner = cast.partner()
    decide(partner, channel=ConsentChannel.SCREEN)

    decide(partner, decision=Decision.WITHDRAWN, by=cast.kubar)

    due = timezone.localdate() + TODAY_PLUS_30
    assert state_of(partner) == (PartnerStatus.PROSPECTIVE, Keep.NONE, LawfulBasis.PUBLIC_TASK, due)


def test_a_tick_after_a_confirmed_yes_does_not_downgrade(prospect, cast):
    decide(prospect, channel=ConsentChannel.LINK)

    decide(prospect, by=cast.kubar)

    assert state_of(prospect) == (PartnerStatus.ACTIVE, Keep.CONFIRMED, LawfulBasis.CONSENT, None)


def test_a_tick_after_a_withdrawal_is_unconfirmed_again(prospect, cast):
    decide(prospect, channel=ConsentChannel.LINK)
    decide(prospect, decision=Decision.WITHDRAWN, channel=ConsentChannel.LINK)

    decide(prospect, by=cast.kubar)

    assert prospect.keep == Keep.UNCONFIRMED


def test_ticking_or_withdrawing_again_does_not_prolong_the_wait(prospect, cast):
    decide(prospect, by=cast.kubar)
    soon = timezone.localdate() + timedelta(days=2)
    Partner.objects.filter(pk=prospect.pk).update(decide_by=soon)

    decide(prospect, by=cast.kubar)
    assert prospect.decide_by == soon

    decide(prospect, decision=Decision.WITHDRAWN, by=cast.kubar)
    Partner.objects.filter(pk=prospect.pk).update(decide_by=soon)
    decide(prospect, decision=Decision.WITHDRAWN, by=cast.kubar)
    assert prospect.decide_by == soon


def test_the_latest_by_time_rules_not_the_last_typed(prospect, cast):
    decide(prospect, decision=Decision.WITHDRAWN, by=cast.kubar)

    decide(prospect, by=cast.kubar, at=timezone.now() - timedelta(days=1))

    assert (prospect.keep, prospect.status) == (Keep.NONE, PartnerStatus.PROSPECTIVE)
    assert latest_by_purpose(prospect)["keep"].decision == Decision.WITHDRAWN


def test_the_archived_stay_archived(cast):
    partner = cast.partner(status=PartnerStatus.ARCHIVED, archived_at=timezone.now())

    decide(partner, decision=Decision.WITHDRAWN, channel=ConsentChannel.LINK)
    due = timezone.localdate() + TODAY_PLUS_30
    assert state_of(partner) == (PartnerStatus.ARCHIVED, Keep.NONE, LawfulBasis.PUBLIC_TASK, due)

    decide(partner, channel=ConsentChannel.LINK)
    assert state_of(partner) == (PartnerStatus.ARCHIVED, Keep.CONFIRMED, LawfulBasis.CONSENT, None)


def test_other_purposes_do_not_touch_the_state_of_the_record(prospect, cast):
    before = state_of(prospect)

    decide(prospect, purpose=Purpose.WHATSAPP, by=cast.kubar)

    assert state_of(prospect) == before
    assert {purpose: consent.decision for purpose, consent in latest_by_purpose(prospect).items()} == {
        "whatsapp": "given"
    }


def test_nothing_is_allowed_of_a_person_who_may_not_be_kept(prospect, cast):
    decide(prospect, purpose=Purpose.EMAIL, channel=ConsentChannel.LINK)
    assert allows(prospect, Purpose.EMAIL) is False

    decide(prospect, channel=ConsentChannel.LINK)
    assert allows(prospect, Purpose.EMAIL) is True
    assert allows(prospect, Purpose.PHONE) is False

    decide(prospect, purpose=Purpose.EMAIL, decision=Decision.WITHDRAWN, channel=ConsentChannel.LINK)
    assert allows(prospect, Purpose.EMAIL) is False


def test_the_words_in_force_are_kept_with_the_decision(prospect, cast):
    second = ConsentText.objects.create(
        purpose="keep", version=2, body="Kata-kata baru", valid_from=timezone.localdate()
    )
    first = ConsentText.objects.get(purpose="keep", version=1)

    assert decide(prospect, by=cast.kubar).text == second
    assert decide(prospect, by=cast.kubar, text=first).text == first


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"purpose": "belief"}, "unknown"),
        ({"decision": "perhaps"}, "unknown"),
        ({"channel": "rumour"}, "unknown"),
        ({"channel": ConsentChannel.PAPER}, "paper_needs_photo"),
        ({"at": timezone.now() + timedelta(days=1)}, "in_future"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_writes_nothing(cast, prospect, fields, code):
    with pytest.raises(ValidationError) as refusal:
        decide(prospect, by=cast.kubar, **fields)

    assert refusal.value.code == code
    assert (Consent.objects.count(), Entry.objects.count()) == (0, 0)


def test_without_words_nobody_can_agree(cast, prospect):
    ConsentText.objects.filter(purpose="photo").delete()

    with pytest.raises(ValidationError) as refusal:
        decide(prospect, purpose=Purpose.PHOTO)

    assert refusal.value.code == "no_text"


def test_an_erased_person_cannot_agree_any_more(cast, prospect):
    Partner.objects.filter(pk=prospect.pk).delete()

    with pytest.raises(ValidationError) as refusal:
        decide(prospect)

    assert refusal.value.code == "gone"


def test_a_decision_is_audited_without_personal_values(cast, prospect):
    consent = decide(prospect, by=cast.kubar)

    entry = Entry.objects.get()
    assert (entry.verb, entry.actor_id, entry.unit_id) == ("consent.given", cast.kubar.pk, prospect.unit_id)
    assert (entry.object_public_id, entry.subject_public_id) == (consent.public_id, prospect.public_id)
    assert entry.fields == ["keep", "spoken", "status"]
    assert Detail.objects.count() == 0


def test_a_decision_is_rolled_back_when_the_audit_fails(cast, prospect, monkeypatch):
    before = state_of(prospect)

    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        decide(prospect, by=cast.kubar)

    assert Consent.objects.count() == 0
    assert state_of(prospect) == before


def test_all_decisions_of_one_moment_or_none(cast, prospect):
    with pytest.raises(ValidationError):
        consents.record_all(
            partner=prospect, decisions={"keep": "given", "email": "perhaps"}, channel="spoken", by=cast.kubar
        )
    assert Consent.objects.count() == 0

    made = consents.record_all(
        partner=prospect, decisions={"email": "given", "keep": "given"}, channel="screen", by=cast.kubar
    )
    assert [consent.purpose for consent in made] == ["keep", "email"]

    with pytest.raises(ValidationError) as refusal:
        consents.record_all(partner=prospect, decisions={}, channel="spoken", by=cast.kubar)
    assert refusal.value.code == "nothing_decided"


def test_decisions_are_never_edited_and_go_only_with_the_person(cast, prospect):
    consent = decide(prospect, by=cast.kubar)

    consent.decision = Decision.WITHDRAWN
    with pytest.raises(AppendOnlyError):
        consent.save()
    with pytest.raises(AppendOnlyError):
        Consent.objects.update(decision=Decision.WITHDRAWN)
    with pytest.raises(AppendOnlyError):
        consent.delete()
    with pytest.raises(AppendOnlyError):
        prospect.consents.all().delete()
    assert Consent.objects.get().decision == Decision.GIVEN

    Partner.objects.filter(pk=prospect.pk).delete()
    assert Consent.objects.count() == 0


def test_standings_tell_every_purpose_in_two_queries(cast, prospect, django_assert_num_queries):
    decide(prospect, channel=ConsentChannel.LINK)
    decide(prospect, purpose=Purpose.EMAIL, by=cast.kubar)
    decide(prospect, purpose=Purpose.PHONE, by=cast.kubar)
    decide(prospect, purpose=Purpose.PHONE, decision=Decision.WITHDRAWN, by=cast.kubar)

    with django_assert_num_queries(2):
        standings = standings_of(prospect)

    assert [(s.purpose.value, s.is_given, s.is_confirmed, s.is_withdrawn) for s in standings] == [
        ("keep", True, True, False),
        ("email", True, False, False),
        ("whatsapp", False, False, False),
        ("phone", False, False, True),
        ("photo", False, False, False),
        ("public_name", False, False, False),
        ("share_unit", False, False, False),
    ]


def test_a_share_stands_on_consent_and_ends_with_it(cast):
    partner = cast.partner()
    other = cast.partner("Budi")
    with pytest.raises(ValidationError) as refusal:
        shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar)
    assert refusal.value.code == "no_consent"
    assert list(partners_visible_to(cast.berau)) == []

    decide(partner, purpose=Purpose.SHARE_UNIT, channel=ConsentChannel.SCREEN)
    decide(other, purpose=Purpose.SHARE_UNIT, channel=ConsentChannel.SCREEN)
    share = shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar)
    assert shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar) == share
    shares.grant(partner=other, unit=cast.unit("polres-berau"), by=cast.kubar)
    assert sorted(p.full_name for p in partners_visible_to(cast.berau)) == ["Budi", "Sari Wulandari"]

    decide(partner, purpose=Purpose.SHARE_UNIT, decision=Decision.WITHDRAWN, channel=ConsentChannel.LINK)
    assert [p.full_name for p in partners_visible_to(cast.berau)] == ["Budi"]
    decide(other, decision=Decision.WITHDRAWN, channel=ConsentChannel.LINK)
    assert list(partners_visible_to(cast.berau)) == []


def test_a_share_is_ended_once_and_never_with_the_own_unit(cast):
    partner = cast.partner()
    decide(partner, purpose=Purpose.SHARE_UNIT, channel=ConsentChannel.SCREEN)
    with pytest.raises(ValidationError) as refusal:
        shares.grant(partner=partner, unit=partner.unit, by=cast.kubar)
    assert refusal.value.code == "own_unit"

    share = shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar)
    ended = shares.end(share=share, by=cast.kubar)
    assert shares.end(share=share, by=cast.kubar).ended_at == ended.ended_at
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["consent.given", "share.granted", "share.ended"]
    assert list(partners_visible_to(cast.berau)) == []


def test_a_share_is_rolled_back_when_the_audit_fails(cast, monkeypatch):
    partner = cast.partner()
    decide(partner, purpose=Purpose.SHARE_UNIT, channel=ConsentChannel.SCREEN)

    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        shares.grant(partner=partner, unit=cast.unit("polres-berau"), by=cast.kubar)

    assert partner.shares.count() == 0


def test_a_tick_repeated_after_it_lapsed_does_not_keep_a_person(prospect, cast):
    """Else an officer could hold somebody who never confirms for as long as they like."""
    decide(prospect, by=cast.kubar)
    consents.lapse(partner=prospect, today=timezone.localdate() + timedelta(days=31))
    lapsed = state_of(prospect)

    decide(prospect, by=cast.kubar)
    assert state_of(prospect) == lapsed

    decide(prospect, channel=ConsentChannel.SCREEN)
    assert state_of(prospect) == (PartnerStatus.ACTIVE, Keep.CONFIRMED, LawfulBasis.CONSENT, None)


def test_a_share_ends_when_the_consent_to_be_kept_lapses(prospect, cast):
    decide(prospect, by=cast.kubar)
    decide(prospect, purpose=Purpose.SHARE_UNIT, by=cast.kubar)
    shares.grant(partner=prospect, unit=cast.unit("polres-berau"), by=cast.kubar)
    assert list(partners_visible_to(cast.berau)) == [prospect]

    consents.lapse(partner=prospect, today=timezone.localdate() + timedelta(days=31))

    assert list(partners_visible_to(cast.berau)) == []
    verbs = Entry.objects.order_by("-pk").values_list("verb", flat=True)[:2]
    assert sorted(verbs) == ["consent.lapsed", "share.ended"]
