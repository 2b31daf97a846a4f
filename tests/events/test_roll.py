"""The roll page: a tap, an undo, a walk-in, live counts; with JavaScript and without; who may run it, what it costs."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from events.choices import Answer, EventState, ParticipantKind
from events.models import Attendance, Participant, Scan
from events.operations import attendance
from events.queries.roll import PAGE
from partners.models import Partner
from tests.client import CheckingClient

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def event(cast):
    return cast.event()


@pytest.fixture
def sari(cast, event):
    return cast.guest(event, cast.partner("Sari Wulandari", phone="+6281234567890"), Answer.YES)


def _roll(event):
    return f"/kegiatan/{event.public_id}/daftar-hadir/"


def _mark(person):
    return f"{_roll(person.event)}{person.public_id}/hadir/"


def _undo(person):
    return f"{_roll(person.event)}{person.public_id}/batal/"


def _text(html):
    """What a reader reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.content.decode()).split())


def _counts(html):
    """The five figures by their order: present, invited, confirmed, walk-ins, not here."""
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", html.content.decode())]


def _steady(html):
    """The bytes but for the two values that are random in every answer."""
    return re.sub(
        rb'nonce="[^"]+"|"X-CSRFToken": "[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"', b"", html.content
    )


def _names(html):
    return re.findall(r'class="roll-name">([^<]*)<', html.content.decode())


def sign(cast, username):
    client = CheckingClient()
    client.force_login(cast.officers[username])
    return client


# Reading


def test_roll_shows_people_by_name_with_delegates_under_their_sender_and_staff_apart(cast, event, sari):
    budi = cast.guest(event, cast.partner("Budi"), Answer.DELEGATE)
    Participant.objects.create(
        event=event,
        kind=ParticipantKind.DELEGATE,
        display_name="Wakil Budi",
        delegate_for=budi,
        search_key=" wakil budi",
    )
    Participant.objects.create(
        event=event, kind=ParticipantKind.PERSONNEL, display_name="Aipda Agus", search_key=" agus"
    )

    page = sign(cast, "kubar").get(_roll(event))

    assert page.status_code == 200
    assert _names(page) == ["Budi", "Wakil Budi", "Sari Wulandari", "Aipda Agus"]
    assert _counts(page) == [0, 2, 1, 0, 2]


def test_roll_search_finds_by_the_beginning_of_a_word_and_delegates_with_their_sender(cast, event, sari):
    budi = cast.guest(event, cast.partner("Budi Hartono"))
    Participant.objects.create(
        event=event,
        kind=ParticipantKind.DELEGATE,
        display_name="Yuniarti",
        delegate_for=budi,
        search_key=" yuniarti",
    )
    client = sign(cast, "kubar")

    assert _names(client.get(_roll(event), {"q": "wulan"})) == ["Sari Wulandari"]
    assert _names(client.get(_roll(event), {"q": "yuni"}, **HTMX)) == ["Budi Hartono", "Yuniarti"]
    assert _names(client.get(_roll(event), {"q": "tidak ada"})) == []


def test_roll_answers_a_search_as_you_type_with_the_list_alone(cast, event, sari):
    html = sign(cast, "kubar").get(_roll(event), {"q": "sari"}, **HTMX).content.decode()

    assert html.lstrip().startswith("<form")
    assert "<html" not in html
    assert 'name="q" value="sari"' in html


def test_roll_shows_sixty_and_leads_on(cast, event):
    Participant.objects.bulk_create(
        Participant(
            event=event,
            kind="walk_in",
            walk_in_consent="tonight",
            display_name=f"Tamu {n:03}",
            search_key=f" tamu {n:03}",
        )
        for n in range(PAGE + 5)
    )
    client = sign(cast, "kubar")
    first, second, beyond = (client.get(_roll(event), {"page": page}) for page in ("1", "2", "999999999"))

    assert len(_names(first)) == PAGE
    assert "?page=2" in first.content.decode()
    assert _names(second) == [f"Tamu {n:03}" for n in range(PAGE, PAGE + 5)]
    assert "?page=3" not in second.content.decode()
    assert len(_names(beyond)) == PAGE


def test_roll_leaves_out_nameless_guests_who_are_not_here(cast, event):
    outcome = attendance.walk_in(event=event, by=cast.kubar, consent="anonymous")
    client = sign(cast, "kubar")
    assert len(_names(client.get(_roll(event)))) == 1

    attendance.undo(participant=outcome.participant, by=cast.kubar)

    assert _names(client.get(_roll(event))) == []


def test_roll_never_speaks_of_pledges(cast, event, sari):
    attendance.record(event=event, participant=sari, by=cast.kubar)
    html = sign(cast, "kubar").get(_roll(event)).content.decode()

    assert "komitmen" not in html.lower()
    assert "pledge" not in html.lower()


def test_roll_of_a_closed_event_can_be_read_and_not_marked(cast, event, sari):
    attendance.record(event=event, participant=sari, by=cast.kubar)
    event.state = EventState.REPORTED
    event.save(update_fields=["state"])
    client = sign(cast, "kubar")

    page = client.get(_roll(event))
    assert page.status_code == 200
    assert "/hadir/" not in page.content.decode()
    assert "/batal/" not in page.content.decode()
    assert client.post(_mark(sari)).status_code == 403
    assert client.post(_undo(sari)).status_code == 403
    assert client.get(f"{_roll(event)}tamu-tambahan/").status_code == 403


def test_roll_offers_undo_for_fifteen_minutes(cast, event, sari):
    client = sign(cast, "kubar")
    now = timezone.now()
    attendance.record(event=event, participant=sari, by=cast.kubar, at=now - timedelta(minutes=14))
    assert "/batal/" in client.get(_roll(event)).content.decode()

    other = cast.guest(event, cast.partner("Lama"))
    attendance.record(event=event, participant=other, by=cast.kubar, at=now - timedelta(minutes=16))
    assert (
        client.get(_roll(event)).content.decode().count("/batal/") == 2
    )  # formaction and hx-post of the one row


# A tap


def test_mark_answers_with_the_green_row_and_the_counts(cast, event, sari):
    answer = sign(cast, "kubar").post(_mark(sari), **HTMX)

    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<li") == 1
    assert f'id="p-{sari.public_id}" class="roll-row is-present"' in html
    assert "Petugas Kubar" in html
    assert 'id="roll-counts"' in html
    assert _counts(answer) == [1, 1, 1, 0, 0]
    assert len(html) < 4000
    assert Attendance.objects.get().by_id == cast.kubar.pk


def test_mark_by_a_second_officer_says_who_was_first(cast, event, sari):
    attendance.record(event=event, participant=sari, by=cast.kubar, at=cast.at(2024, 10, 21, 19, 42))

    answer = sign(cast, "bidhumas").post(_mark(sari), **HTMX)

    assert "19.42" in _text(answer)
    assert "Petugas Kubar" in _text(answer)
    assert 'class="roll-said"' in answer.content.decode()
    assert _counts(answer) == [1, 1, 1, 0, 0]
    assert Attendance.objects.count() == 1


def test_mark_without_javascript_goes_back_to_the_row_with_a_sentence(cast, event, sari):
    client = sign(cast, "kubar")

    answer = client.post(_mark(sari), {"q": "sari & co", "page": "2"})

    assert answer.status_code == 302
    assert answer.url == f"{_roll(event)}?q=sari+%26+co&page=2#p-{sari.public_id}"
    page = client.get(_roll(event))
    assert "Sari Wulandari" in _text(page)
    assert 'role="status"' in page.content.decode()


def test_mark_of_a_delegate_keeps_them_under_their_sender(cast, event, sari):
    delegate = Participant.objects.create(
        event=event,
        kind=ParticipantKind.DELEGATE,
        display_name="Wakil",
        delegate_for=sari,
        search_key=" wakil",
    )

    html = sign(cast, "kubar").post(_mark(delegate), **HTMX).content.decode()

    assert "is-present is-delegate" in html
    assert "Sari Wulandari" in html


@pytest.mark.parametrize("username", ["bidhumas", "kubar", "divhumas", "bontang"])
def test_mark_is_open_to_host_co_host_invited_unit_and_those_above(cast, username):
    event = cast.event(invited=["polres-bontang"])
    guest = cast.guest(event, cast.partner("Sari"))

    assert sign(cast, username).post(_mark(guest), **HTMX).status_code == 200
    assert Attendance.objects.get().by_id == cast.officers[username].pk


@pytest.mark.parametrize("username", ["berau", "diskominfo"])
def test_mark_and_roll_are_404_for_who_takes_no_part_as_if_there_were_nothing(cast, event, sari, username):
    client = sign(cast, username)
    nowhere = uuid.uuid4()
    missing = f"/kegiatan/{nowhere}/daftar-hadir/"
    pairs = [
        (client.get(_roll(event)), client.get(missing)),
        (client.get(f"{_roll(event)}angka/"), client.get(f"{missing}angka/")),
        (client.get(f"{_roll(event)}tamu-tambahan/"), client.get(f"{missing}tamu-tambahan/")),
        (client.post(_mark(sari)), client.post(f"{missing}{nowhere}/hadir/")),
        (client.post(_undo(sari)), client.post(f"{missing}{nowhere}/batal/")),
    ]

    for mine, other in pairs:
        assert (mine.status_code, other.status_code) == (404, 404)
        assert _steady(mine) == _steady(other)
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("username", ["pimpinan", "privasi", "admin"])
def test_roles_without_the_door_are_refused(cast, event, sari, username):
    client = sign(cast, username)

    assert client.get(_roll(event)).status_code == 403
    assert client.post(_mark(sari)).status_code == 403
    assert Scan.objects.count() == 0


def test_mark_of_a_person_of_another_event_is_404(cast, event, sari):
    other = cast.event("Lain")

    answer = sign(cast, "kubar").post(f"{_roll(other)}{sari.public_id}/hadir/")

    assert answer.status_code == 404
    assert Scan.objects.count() == 0


def test_mark_and_undo_are_posts(cast, event, sari):
    client = sign(cast, "kubar")

    assert client.get(_mark(sari)).status_code == 405
    assert client.get(_undo(sari)).status_code == 405


# Undo


def test_undo_gives_the_row_back(cast, event, sari):
    client = sign(cast, "kubar")
    client.post(_mark(sari), **HTMX)

    answer = client.post(_undo(sari), **HTMX)

    assert f'id="p-{sari.public_id}" class="roll-row"' in answer.content.decode()
    assert "/hadir/" in answer.content.decode()
    assert _counts(answer) == [0, 1, 1, 0, 1]
    assert Attendance.objects.count() == 0


def test_undo_too_late_says_so_and_leaves_the_row(cast, event, sari):
    attendance.record(event=event, participant=sari, by=cast.kubar, at=timezone.now() - timedelta(minutes=20))

    answer = sign(cast, "kubar").post(_undo(sari), **HTMX)

    assert answer.status_code == 200
    assert "15" in re.search(r'class="roll-said">([^<]*)<', answer.content.decode()).group(1)
    assert "is-present" in answer.content.decode()
    assert Attendance.objects.count() == 1


# Walk-ins


def test_walk_in_form_has_three_fields_and_leads_back_to_the_new_row(cast, event):
    client = sign(cast, "kubar")
    address = f"{_roll(event)}tamu-tambahan/"
    page = client.get(address).content.decode()
    visible = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)) - {
        "csrfmiddlewaretoken",
        "next",
    }
    assert visible == {"name", "contact", "consent", "client_uuid"}
    name = re.search(r'name="client_uuid" value="([0-9a-f-]{36})"', page).group(1)

    sent = {"name": "Rina", "contact": "0812-3456-7890", "consent": "keep", "client_uuid": name}
    first, again = client.post(address, sent), client.post(address, sent)

    guest = Participant.objects.get()
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.url == again.url == f"{_roll(event)}#p-{guest.public_id}"
    assert guest.partner == Partner.objects.get()
    assert Attendance.objects.count() == 1


def test_walk_in_is_refused_beside_the_field(cast, event):
    client = sign(cast, "kubar")

    answer = client.post(
        f"{_roll(event)}tamu-tambahan/", {"consent": "keep", "client_uuid": str(uuid.uuid4())}
    )

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["name"]
    assert Participant.objects.count() == 0


def test_walk_in_of_an_invited_phone_marks_that_guest(cast, event, sari):
    client = sign(cast, "kubar")
    sent = {"name": "Sari", "contact": "081234567890", "consent": "tonight", "client_uuid": str(uuid.uuid4())}

    answer = client.post(f"{_roll(event)}tamu-tambahan/", sent)

    assert answer.url == f"{_roll(event)}#p-{sari.public_id}"
    assert (Participant.objects.count(), Attendance.objects.get().participant) == (1, sari)


# What it costs


def _statements(act):
    """The statements of a request, without the frame of its transaction."""
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == 200
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in queries if not query["sql"].startswith(frame)]


def test_marking_costs_the_same_whatever_the_number_of_guests(cast, event, sari):
    client = sign(cast, "kubar")
    people = [cast.guest(event, cast.partner(f"Tamu {n}")) for n in range(4)]

    found = [_statements(lambda person=person: client.post(_mark(person), **HTMX)) for person in people]

    # session, officer, units, person with event; scan, attendance, audit; the partner's last day; counts.
    assert [len(statements) for statements in found] == [MARKING] * 4
    assert sum("events_scan" in sql for sql in found[0]) == 1


MARKING = 10


def test_roll_costs_the_same_with_one_guest_and_with_three(cast, event):
    client = sign(cast, "kubar")
    counts = []
    for n in range(3):
        guest = cast.guest(event, cast.partner(f"Tamu {n}"), Answer.DELEGATE)
        Participant.objects.create(
            event=event, kind="delegate", display_name=f"Wakil {n}", delegate_for=guest
        )
        attendance.record(
            event=event, participant=guest, by=cast.officers[["kubar", "kubar2", "bidhumas"][n]]
        )
        Participant.objects.create(event=event, kind="personnel", display_name=f"Anggota {n}")
        counts.append(len(_statements(lambda: client.get(_roll(event)))))

    # session, officer, units, event, guests, delegates, staff, names of officers, counts
    assert counts == [9, 9, 9]


def test_counts_cost_five_statements(cast, event, sari):
    client = sign(cast, "kubar")

    assert len(_statements(lambda: client.get(f"{_roll(event)}angka/", **HTMX))) == 5


def test_marking_is_on_record_once(cast, event, sari):
    client = sign(cast, "kubar")
    before = Entry.objects.count()
    client.post(_mark(sari), **HTMX)

    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True))[before:] == [
        "attendance.present"
    ]
