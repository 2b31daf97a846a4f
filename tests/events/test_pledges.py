"""Komitmen bersama: voluntary, withdrawable, never asked of journalists; who did not agree is written nowhere."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Detail, Entry
from events.choices import EventState, ParticipantKind, PledgeChannel
from events.models import Attendance, Participant, Pledge, Scan
from events.operations import attendance, matches, pledges
from tests.events.threads import together

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def text(cast):
    return cast.pledge_text()


@pytest.fixture
def event(cast, text):
    return cast.event(pledge_text=text)


@pytest.fixture
def sari(cast, event):
    return cast.guest(event, cast.partner("Sari Wulandari"))


@pytest.fixture
def reporter(cast, event):
    return cast.guest(event, cast.partner("Rekan Wartawan", kind="journalist"))


def _record(cast, participant, text, **how):
    return pledges.record(
        participant=participant, text=text, by=cast.kubar, **{"channel": PledgeChannel.SCREEN, **how}
    )


def _codes(refused):
    return [error.code for error in refused.value.error_list]


def _page(event):
    return f"/kegiatan/{event.public_id}/komitmen-bersama/"


# The operation


def test_record_writes_pledge_fact_and_audit(cast, event, sari, text):
    at = cast.at(2024, 10, 31, 22, 0)

    outcome = _record(cast, sari, text, channel=PledgeChannel.PAPER, at=at)

    pledge = Pledge.objects.get()
    assert (outcome.pledge, outcome.is_new) == (pledge, True)
    assert (
        pledge.participant,
        pledge.text,
        pledge.channel,
        pledge.at,
        pledge.by_id,
        pledge.withdrawn_at,
    ) == (
        sari,
        text,
        "paper",
        at,
        cast.kubar.pk,
        None,
    )
    scan = Scan.objects.get()
    assert (scan.kind, scan.pledge_text, scan.participant, scan.source, scan.at) == (
        "pledge",
        text,
        sari,
        "paper",
        at,
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.object_public_id, entry.subject_public_id, entry.event_public_id) == (
        "pledge.recorded",
        pledge.public_id,
        sari.partner.public_id,
        event.public_id,
    )
    assert not Detail.objects.exists()


def test_record_twice_changes_nothing(cast, sari, text):
    first = _record(cast, sari, text)

    again = _record(cast, sari, text, channel=PledgeChannel.PAPER)

    assert (again.pledge, again.is_new) == (first.pledge, False)
    assert (Pledge.objects.count(), Scan.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_record_needs_no_presence_and_makes_none(cast, sari, text):
    _record(cast, sari, text)

    assert Attendance.objects.count() == 0


def test_record_refuses_journalists_even_when_the_list_does_not_mark_them(cast, event, reporter, text):
    later = cast.guest(event, cast.partner("Kelak Wartawan"))
    later.partner.kind = "journalist"
    later.partner.save(update_fields=["kind"])
    delegate = Participant.objects.create(
        event=event, kind=ParticipantKind.DELEGATE, display_name="Wakil redaksi", is_press=True
    )

    for person in (reporter, later, delegate):
        with pytest.raises(ValidationError) as refused:
            _record(cast, person, text)
        assert _codes(refused) == ["press"]
    assert (Pledge.objects.count(), Scan.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", [ParticipantKind.PERSONNEL, ParticipantKind.OFFICIAL])
def test_record_is_for_guests(cast, event, text, kind):
    person = Participant.objects.create(event=event, kind=kind, display_name="Petugas")

    with pytest.raises(ValidationError) as refused:
        _record(cast, person, text)

    assert _codes(refused) == ["not_a_guest"]


def test_record_refuses_an_unknown_channel_and_a_closed_event(cast, event, sari, text):
    with pytest.raises(ValidationError) as refused:
        _record(cast, sari, text, channel="telepathy")
    assert _codes(refused) == ["channel"]

    sari.event.state = EventState.CANCELLED
    with pytest.raises(ValidationError) as refused:
        _record(cast, sari, text)
    assert _codes(refused) == ["event_closed"]


def test_record_after_the_evening_is_open_until_it_is_reported(cast, event, sari, text):
    sari.event.state = EventState.DONE

    assert _record(cast, sari, text).is_new


def test_withdraw_needs_no_reason_and_leaves_the_fact(cast, event, sari, text):
    pledge = _record(cast, sari, text).pledge

    withdrawn = pledges.withdraw(pledge=pledge, by=cast.kubar2)

    assert withdrawn.withdrawn_at is not None
    given, undone = Scan.objects.order_by("pk")
    assert (undone.kind, undone.undoes, undone.by_id) == ("undo", given, cast.kubar2.pk)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "pledge.recorded",
        "pledge.withdrawn",
    ]
    assert not Detail.objects.exists()
    assert pledges.withdraw(pledge=pledge, by=cast.kubar).withdrawn_at == withdrawn.withdrawn_at
    assert (Scan.objects.count(), Entry.objects.count()) == (2, 2)


def test_withdraw_does_not_touch_the_attendance(cast, event, sari, text):
    attendance.record(event=event, participant=sari, by=cast.kubar)

    pledges.withdraw(pledge=_record(cast, sari, text).pledge, by=cast.kubar)
    attendance.record(event=event, participant=Participant.objects.get(pk=sari.pk), by=cast.kubar2)

    assert Attendance.objects.get().participant == sari


def test_withdraw_is_open_after_the_event_is_reported_and_recorded_again_before(cast, event, sari, text):
    pledge = _record(cast, sari, text).pledge
    pledges.withdraw(pledge=pledge, by=cast.kubar)
    again = _record(cast, sari, text)
    event.state = EventState.REPORTED
    event.save(update_fields=["state"])

    pledges.withdraw(pledge=again.pledge, by=None)

    assert again.is_new
    assert Pledge.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert Pledge.objects.count() == 2


@pytest.mark.parametrize("act", ["record", "withdraw"])
def test_pledges_roll_back_as_a_whole(cast, sari, text, monkeypatch, act):
    pledge = _record(cast, sari, text).pledge if act == "withdraw" else None

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(pledges.recording, "record", fail)
    with pytest.raises(RuntimeError):
        _record(cast, sari, text) if pledge is None else pledges.withdraw(pledge=pledge, by=cast.kubar)

    expected = 1 if pledge else 0
    assert (Pledge.objects.filter(withdrawn_at__isnull=True).count(), Scan.objects.count()) == (
        expected,
        expected,
    )


def test_twenty_officers_who_record_at_once_make_one_pledge(real):
    text = real.pledge_text()
    guest = real.guest(real.event(pledge_text=text), real.partner("Sari"))

    def record():
        person = Participant.objects.select_related("event", "partner").get(pk=guest.pk)
        return pledges.record(participant=person, text=text, channel="screen", by=real.kubar).is_new

    found = together([record] * 20)

    assert sorted(map(str, found)) == ["False"] * 19 + ["True"]
    assert (Pledge.objects.count(), Scan.objects.count()) == (1, 1)


# The page


def test_page_shows_the_numbered_text_and_only_who_agreed(cast, event, sari, text, sign_in):
    silent = cast.guest(event, cast.partner("Tidak Ikut"))
    for person in (sari, silent):
        attendance.record(event=event, participant=person, by=cast.kubar)
    _record(cast, sari, text)

    html = sign_in("kubar").get(_page(event)).content.decode()

    assert '<li value="1">Memeriksa kabar sebelum membagikannya.</li>' in html
    assert "Sari Wulandari" in html
    assert "Tidak Ikut" not in html


@pytest.mark.parametrize("query", ["", "a", "ta", "  t ", "%", "__"])
def test_page_lists_nobody_for_less_than_three_letters(cast, event, sign_in, query):
    cast.guest(event, cast.partner("Tari"))

    for extra in ({}, HTMX):
        html = sign_in("kubar").get(_page(event), {"q": query}, **extra).content.decode()
        assert "Tari" not in html


def test_page_search_shows_a_few_with_a_button_or_that_it_is_recorded(cast, event, sari, text, sign_in):
    _record(cast, cast.guest(event, cast.partner("Wulan 0")), text)
    for n in range(1, 8):
        cast.guest(event, cast.partner(f"Wulan {n}"))

    html = sign_in("kubar").get(_page(event), {"q": "wulan"}, **HTMX).content.decode()

    assert html.count('class="row-item"') == 5
    assert html.count("/catat/") + html.count("state-good") == 5
    assert html.count("state-good") == 1


def test_page_never_prompts_for_journalists(cast, event, reporter, sign_in):
    html = sign_in("kubar").get(_page(event), {"q": "wartawan"}, **HTMX).content.decode()

    assert "Rekan Wartawan" in html
    assert "/catat/" not in html


def test_page_search_says_nothing_about_presence(cast, event, sari, sign_in):
    client = sign_in("kubar")
    before = client.get(_page(event), {"q": "sari"}, **HTMX).content
    attendance.record(event=event, participant=sari, by=cast.kubar)
    after = client.get(_page(event), {"q": "sari"}, **HTMX).content

    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub(b"", before) == token.sub(b"", after)


def test_page_records_and_withdraws_in_one_tap_and_a_confirmation(cast, event, sari, sign_in):
    client = sign_in("kubar")

    answer = client.post(f"{_page(event)}{sari.public_id}/catat/", {"channel": "spoken"})
    pledge = Pledge.objects.get()
    assert (answer.status_code, answer.url, pledge.channel) == (302, _page(event), "spoken")

    address = f"/kegiatan/komitmen-bersama/{pledge.public_id}/tarik/"
    page = client.get(address)
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert Pledge.objects.get().withdrawn_at is None
    assert client.post(address).url == _page(event)
    assert Pledge.objects.get().withdrawn_at is not None
    assert "Sari Wulandari" not in re.sub(
        r'<div class="messages">.*?</div>\s*</div>',
        "",
        client.get(_page(event)).content.decode(),
        flags=re.DOTALL,
    )


def test_page_refuses_a_journalist_with_a_sentence(cast, event, reporter, sign_in):
    client = sign_in("kubar")

    answer = client.post(f"{_page(event)}{reporter.public_id}/catat/", {"channel": "screen"})

    assert answer.status_code == 302
    assert 'role="alert"' in client.get(_page(event)).content.decode()
    assert Pledge.objects.count() == 0


def test_page_of_an_event_without_a_text_offers_none(cast, text, sign_in):
    """Whoever planned the evening chose so; a text that happens to be there is not put in its place."""
    event = cast.event()
    guest = cast.guest(event, cast.partner("Sari"))
    client = sign_in("kubar")

    page = client.get(_page(event), {"q": "sari"})
    sent = client.post(f"{_page(event)}{guest.public_id}/catat/", {"channel": "screen"})

    assert (page.status_code, sent.status_code) == (200, 404)
    assert (page.context["text"], page.context["can_record"], page.context["found"]) == (None, False, [])
    assert text.points.get().body not in page.content.decode()
    assert Pledge.objects.count() == 0


def test_page_keeps_what_was_agreed_when_the_text_is_taken_away(cast, event, sari, text, sign_in):
    pledge = _record(cast, sari, text).pledge
    event.pledge_text = None
    event.save()

    assert (
        f"/kegiatan/komitmen-bersama/{pledge.public_id}/tarik/"
        in sign_in("kubar").get(_page(event)).content.decode()
    )


def test_page_and_acts_are_closed_to_others(cast, event, sari, text, sign_in):
    pledge = _record(cast, sari, text).pledge
    record, withdraw = (
        f"{_page(event)}{sari.public_id}/catat/",
        f"/kegiatan/komitmen-bersama/{pledge.public_id}/tarik/",
    )

    for username, status in (("berau", 404), ("diskominfo", 404), ("pimpinan", 403), ("privasi", 403)):
        client = sign_in(username)
        answers = [client.get(_page(event)), client.post(record), client.get(withdraw), client.post(withdraw)]
        assert [answer.status_code for answer in answers] == [status] * 4
    assert Pledge.objects.get().withdrawn_at is None


def test_page_costs_the_same_with_one_and_three_pledges(cast, event, text, sign_in):
    client = sign_in("kubar")
    counts = []
    for n in range(3):
        _record(cast, cast.guest(event, cast.partner(f"Sari {n}")), text)
        with CaptureQueriesContext(connection) as queries:
            client.get(_page(event), {"q": "sari"})
        counts.append(len(queries))

    # session, officer, units, event with its text, the points, the few found, pledges, counts
    assert counts == [8, 8, 8]


def test_an_agreement_from_a_page_of_before_is_the_guests_whom_the_walk_in_turned_out_to_be(
    cast, event, sari, text
):
    """Red before: it went to the row without a name, and counted for nobody."""
    ibu = attendance.walk_in(event=event, by=cast.kubar, consent="tonight", name="Ibu Sari").participant
    stale = Participant.objects.get(pk=ibu.pk)
    matches.match(walk_in=ibu, other=sari, by=cast.kubar)

    said = [_record(cast, stale, text) for _twice in range(2)]

    assert [(one.pledge.participant, one.is_new) for one in said] == [(sari, True), (sari, False)]
    assert Scan.objects.get(kind="pledge").participant == sari
