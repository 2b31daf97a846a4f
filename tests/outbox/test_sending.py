"""The sweep of the outbox against a real SMTP server."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Entry
from outbox import gates
from outbox.choices import MessageState
from outbox.links import address_of
from outbox.models import Message
from outbox.operations import links, messages, sending
from tests.cast import Cast
from tests.outbox.mail import smtp
from tests.services import free_port

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def postman(settings):
    with smtp(settings) as postman:
        yield postman


@pytest.fixture(autouse=True)
def open_gate(monkeypatch):
    """A purpose of this test alone, whose gate says what ``verdicts`` says."""
    verdicts: dict[str, str] = {}
    monkeypatch.setitem(gates._gates, "trial", lambda message: verdicts.get(message.dedupe_key, ""))
    return verdicts


def queue(cast, key="k1", **fields) -> Message:
    given = {
        "dedupe_key": key,
        "purpose": "trial",
        "unit": cast.unit("polres-kubar"),
        "address": "sari@example.org",
        "title": "Judul",
        "body": "Halo.",
        "by": cast.kubar,
        "subject": uuid4(),
    }
    return messages.enqueue(**{**given, **fields})


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.note


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())


def test_a_message_goes_out_once(cast, postman):
    message = queue(cast)

    assert (sending.send_due(), sending.send_due()) == (1, 0)

    [letter] = postman.letters
    assert (letter["To"], letter["Subject"]) == ("sari@example.org", "Judul")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<{message.public_id}@localhost>"
    assert letter.get_content().strip() == "Halo."
    assert state_of(message) == (MessageState.SENT, "")
    assert message.ended_at is not None
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "message.queued",
        "message.sent",
    ]


def test_one_connection_serves_the_batch(cast, postman):
    for number in range(5):
        queue(cast, key=f"k{number}")

    assert sending.send_due() == 5
    assert (len(postman.letters), postman.sessions) == (5, 1)


def test_the_same_key_makes_one_message(cast, postman):
    first = queue(cast)

    assert queue(cast, address="lain@example.org") == first
    assert Message.objects.count() == 1
    assert Entry.objects.filter(verb="message.queued").count() == 1


def test_the_link_is_put_in_at_sending_and_never_stored(cast, postman):
    target = uuid4()
    link = links.issue(
        purpose="trial", target=target, by=cast.kubar, expires=timezone.now() + timedelta(days=1)
    )
    message = queue(cast, body="Buka {link} {0} {body}", link=link)

    sending.send_due()

    assert postman.letters[0].get_content().strip() == f"Buka {address_of(link)} {{0}} {{body}}"
    message.refresh_from_db()
    assert message.body == "Buka {link} {0} {body}"


def test_a_revoked_link_is_not_sent(cast, postman):
    target = uuid4()
    link = links.issue(
        purpose="trial", target=target, by=cast.kubar, expires=timezone.now() + timedelta(days=1)
    )
    message = queue(cast, body="Buka {link}", link=link)
    links.revoke_all(target=target, by=cast.kubar)

    assert sending.send_due() == 0
    assert state_of(message) == (MessageState.SUPPRESSED, "link_revoked")
    assert postman.letters == []


def test_what_the_gate_shuts_is_suppressed_and_says_why(cast, postman, open_gate):
    shut, free = queue(cast, key="shut"), queue(cast, key="free")
    open_gate["shut"] = "withdrawn"

    assert sending.send_due() == 1
    assert state_of(shut) == (MessageState.SUPPRESSED, "withdrawn")
    assert state_of(free) == (MessageState.SENT, "")


def test_a_purpose_without_a_gate_is_never_sent(cast, postman):
    message = queue(cast, purpose="unheard")

    assert sending.send_due() == 0
    assert state_of(message) == (MessageState.SUPPRESSED, "no_gate")


def test_nothing_goes_before_it_is_due_or_after_it_is_too_late(cast, postman):
    now = timezone.now()
    early = queue(cast, key="early", due_at=now + timedelta(hours=1))
    late = queue(cast, key="late", expires_at=now - timedelta(minutes=1))

    assert sending.send_due() == 0
    assert state_of(early) == (MessageState.QUEUED, "")
    assert state_of(late) == (MessageState.MISSED, "")
    assert postman.letters == []


def test_a_server_that_is_down_leaves_everything_queued(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message = queue(cast)

    assert sending.send_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts, message.claimed_at) == (MessageState.QUEUED, 0, None)


@pytest.mark.parametrize("place", ["answers", "data_answers"])
def test_a_temporary_refusal_is_tried_again_later(cast, postman, place):
    message, other = queue(cast), queue(cast, key="k2")
    setattr(postman, place, ["451 later please"])

    assert sending.send_due() == 1
    assert state_of(message) == (MessageState.QUEUED, "smtp_451")
    assert message.due_at > timezone.now() + timedelta(seconds=50)
    assert state_of(other)[0] == MessageState.SENT

    assert sending.send_due() == 0
    make_due(message)
    assert sending.send_due() == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 2)


def test_after_six_temporary_refusals_it_has_failed(cast, postman):
    message = queue(cast)
    postman.answers = ["450 busy"] * 6

    for _turn in range(6):
        make_due(message)
        sending.send_due()

    assert state_of(message) == (MessageState.FAILED, "smtp_450")
    assert message.attempts == 6


def test_a_permanent_refusal_fails_and_the_next_message_goes(cast, postman):
    message, other = queue(cast), queue(cast, key="k2")
    postman.answers = ["550 no such person"]

    assert sending.send_due() == 1
    assert state_of(message) == (MessageState.FAILED, "smtp_550")
    assert state_of(other) == (MessageState.SENT, "")


def test_a_line_that_breaks_while_handing_over_leaves_it_unknown(cast, postman):
    message = queue(cast)
    postman.cut = True

    assert sending.send_due() == 0
    assert state_of(message) == (MessageState.UNKNOWN, "SMTPServerDisconnected")

    postman.cut = False
    assert sending.send_due() == 0
    assert len(postman.letters) == 1


def test_what_cannot_be_a_letter_fails_alone(cast, postman):
    broken, good = queue(cast, title="Satu\nBcc: lain@example.org"), queue(cast, key="k2")

    assert sending.send_due() == 1
    assert state_of(broken) == (MessageState.FAILED, "BadHeaderError")
    assert state_of(good)[0] == MessageState.SENT
    assert [letter["To"] for letter in postman.letters] == ["sari@example.org"]


def test_the_claim_of_a_sender_who_died_becomes_unknown_and_is_not_sent_again(cast, postman):
    message = queue(cast)
    assert sending.claim(message.pk) is not None
    assert sending.send_due() == 0
    assert state_of(message) == (MessageState.CLAIMED, "")

    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert sending.send_due() == 0
    assert state_of(message) == (MessageState.UNKNOWN, "sender_died")
    assert postman.letters == []


def test_a_claimed_message_cannot_be_claimed_again(cast):
    message = queue(cast)

    assert sending.claim(message.pk) is not None
    assert sending.claim(message.pk) is None
    message.refresh_from_db()
    assert message.attempts == 1


def test_a_late_answer_does_not_overwrite_what_was_settled(cast, postman):
    message = queue(cast)
    claimed = sending.claim(message.pk)
    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
    sending.send_due()

    sending._settle(claimed, sending.Outcome(MessageState.SENT))

    assert state_of(message) == (MessageState.UNKNOWN, "sender_died")


def test_queueing_is_rolled_back_when_the_audit_fails(cast, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        queue(cast)

    assert Message.objects.count() == 0


def test_erasing_a_person_empties_their_messages_and_keeps_what_is_queued_from_going(cast, postman):
    subject = uuid4()
    gone, waiting = (
        queue(cast, subject=subject),
        queue(cast, key="k2", subject=subject, due_at=timezone.now()),
    )
    Message.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + timedelta(hours=1))
    sending.send_due()

    assert messages.erase_subject(subject=subject) == 2

    assert state_of(gone) == (MessageState.SENT, "")
    assert state_of(waiting) == (MessageState.SUPPRESSED, "erased")
    assert set(Message.objects.values_list("address", "title", "body")) == {("", "", "")}


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_message_once(settings, monkeypatch):
    cast = Cast()
    with smtp(settings) as postman:
        for number in range(12):
            queue(cast, key=f"k{number}", address=f"tamu{number}@example.org")
        start = threading.Barrier(3)
        errors: list[BaseException] = []

        def sweep():
            try:
                start.wait(10)
                sending.send_due()
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=sweep) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert errors == []
        assert sorted(letter["To"] for letter in postman.letters) == sorted(
            f"tamu{n}@example.org" for n in range(12)
        )
        assert set(Message.objects.values_list("state", "attempts")) == {(MessageState.SENT, 1)}


def test_a_message_put_off_by_another_sweep_is_not_claimed(cast):
    """Two sweeps read the same list; the first is told "later" before the second comes to it."""
    message = queue(cast, due_at=timezone.now() + timedelta(minutes=1))

    assert sending.claim(message.pk) is None
    assert state_of(message)[0] == MessageState.QUEUED
