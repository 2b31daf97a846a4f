"""The first contact: once, singly, and only while nobody has answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from outbox.choices import MessageState
from outbox.links import address_of
from outbox.models import Link, Message
from outbox.operations import sending
from partners.choices import Keep, PartnerStatus
from partners.models import Partner
from partners.operations import asking, consents, erasure
from tests.outbox.mail import smtp

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def sari(cast) -> Partner:
    return cast.partner("Sari Wulandari", status=PartnerStatus.PROSPECTIVE, email="sari@example.org")


@pytest.fixture
def postman(settings):
    with smtp(settings) as postman:
        yield postman


def sent_state() -> tuple[str, str]:
    return Message.objects.values_list("state", "note").get()


def test_the_letter_says_where_from_and_offers_both(cast, sari, postman):
    message = asking.by_email(partner=sari, by=cast.kubar)

    assert sending.send_due() == 1
    [letter] = postman.letters
    words = letter.get_content()
    assert letter["To"] == "sari@example.org"
    assert address_of(message.link) in words.replace("=\n", "")
    assert "{link}" not in words
    assert cast.unit("polres-kubar").name in words
    assert (message.dedupe_key, message.expires_at) == (
        f"consent_request:{sari.public_id}",
        message.link.expires_at,
    )


def test_it_is_never_repeated_whatever_became_of_it(cast, sari):
    message = asking.by_email(partner=sari, by=cast.kubar)
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED, ended_at=timezone.now())

    with pytest.raises(ValidationError) as refusal:
        asking.by_email(partner=sari, by=cast.kubar)

    assert refusal.value.code == "asked"
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": ""}, "no_email"),
        ({"status": "active", "keep": "confirmed", "decide_by": None}, "answered"),
        ({"status": "archived", "archived_at": timezone.now()}, "archived"),
    ],
)
def test_whom_not_to_write_to(cast, sari, fields, code):
    Partner.objects.filter(pk=sari.pk).update(**fields)

    with pytest.raises(ValidationError) as refusal:
        asking.by_email(partner=sari, by=cast.kubar)

    assert refusal.value.code == code
    assert (Message.objects.count(), Link.objects.count()) == (0, 0)


def test_consent_withdrawn_between_queue_and_claim_suppresses(cast, sari, postman):
    asking.by_email(partner=sari, by=cast.kubar)
    consents.record(partner=sari, purpose="keep", decision="withdrawn", channel="spoken", by=cast.kubar)

    assert sending.send_due() == 0
    assert (sent_state(), postman.letters) == (("suppressed", "withdrawn"), [])


def test_e_mail_refused_between_queue_and_claim_suppresses(cast, sari, postman):
    asking.by_email(partner=sari, by=cast.kubar)
    consents.record(partner=sari, purpose="email", decision="withdrawn", channel="spoken", by=cast.kubar)

    sending.send_due()
    assert sent_state() == ("suppressed", "withdrawn")


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"email": "lain@example.org"}, "address_changed"),
        ({"status": "archived", "archived_at": timezone.now()}, "archived"),
        ({"status": "active", "keep": Keep.CONFIRMED}, "answered"),
    ],
)
def test_what_changed_since_it_was_queued_suppresses(cast, sari, postman, fields, note):
    asking.by_email(partner=sari, by=cast.kubar)
    Partner.objects.filter(pk=sari.pk).update(**fields)

    assert sending.send_due() == 0
    assert (sent_state(), postman.letters) == (("suppressed", note), [])


def test_an_erased_person_gets_nothing(cast, sari, postman):
    asking.by_email(partner=sari, by=cast.kubar)
    erasure.erase(partner=sari, by=None, reason="asked")

    assert sending.send_due() == 0
    assert (sent_state(), postman.letters) == (("suppressed", "erased"), [])


def test_a_link_that_is_live_is_not_replaced_and_an_expired_one_is(cast, sari):
    first = asking.link_for(partner=sari, by=cast.kubar)
    assert asking.link_for(partner=sari, by=cast.bidhumas) == first
    Link.objects.filter(pk=first.pk).update(expires_at=timezone.now() - timedelta(days=1))

    second = asking.link_for(partner=sari, by=cast.kubar)

    assert (second.version, second.expires_at.date()) == (2, (timezone.now() + timedelta(days=14)).date())


def test_asking_is_rolled_back_when_the_audit_fails(cast, sari, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        asking.by_email(partner=sari, by=cast.kubar)

    assert (Message.objects.count(), Link.objects.count()) == (0, 0)
