"""A walk-in who is somebody of the list: said the next morning, on the server, and true whatever phones bring later."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Detail, Entry
from events.choices import ReviewDecision
from events.models import Attendance, Participant, Pledge, Scan, ScanReview
from events.operations import attendance, door, guests, key_in, matches, retention, reviews
from events.operations.sheets import make
from events.queries import matches as queries
from events.queries.door import changes_of
from events.queries.key_in import name_of_fact
from events.queries.matches import (
    likely_to_be,
    matched_walk_ins,
    namesakes_of,
    others_named,
    same_people,
    unknown_walk_ins,
    who_is,
)
from events.queries.roll import roll_of
from events.queries.sheets import rows_of
from events.queries.tallies import tallies_of
from events.views import reviews as views
from partners.models import Consent, Partner
from partners.operations.erasure import erase
from tests.events.phones import Phone, ago, close, nameless_seat, statuses


@pytest.fixture
def sari(cast, event):
    return cast.guest(event, cast.partner("Sari Dewi Lestari"))


@pytest.fixture
def came(client, phone, event):
    """ "Ibu Sari" at the door twenty minutes ago; the item, and her row."""
    item = phone.walk_in("Ibu Sari", contact="0812-3456-7890", at=ago(minutes=20))
    phone.send(client, [item])
    return item, Participant.objects.get(event=event, kind="walk_in")


def _present():
    return sorted(Attendance.objects.values_list("participant__display_name", flat=True))


def _counted(event):
    tallies = tallies_of(event)
    return tallies.present, tallies.walk_in, tallies.came_invited, tallies.pledges


def _match(cast, walk_in, other):
    return matches.match(walk_in=walk_in, other=other, by=cast.bidhumas)


def _decide(cast, event, item, decision=ReviewDecision.COUNTED, **how):
    reviews.decide(event=event, scans=[uuid.UUID(item["uuid"])], decision=decision, by=cast.kubar, **how)


def _page(name, event, *more):
    return reverse(f"events:{name}", args=[event.public_id, *(one.public_id for one in more)])


def test_matched_is_present_since_they_came_and_counts_once(cast, event, sari, came):
    item, ibu = came
    consents = Consent.objects.count()

    _match(cast, ibu, sari)

    row = Attendance.objects.get()
    assert (row.participant, str(row.scan.client_uuid), row.at) == (sari, item["uuid"], row.scan.at)
    assert _counted(event) == (1, 0, 1, 0)
    ibu.refresh_from_db()
    assert (ibu.display_name, ibu.contact, ibu.search_key, who_is(ibu)) == ("", "", "", sari)
    assert Partner.objects.get().last_attended_on is not None
    assert Consent.objects.count() == consents
    lines = Entry.objects.filter(verb="attendance.matched").values_list("actor_id", "object_public_id")
    assert sorted(lines) == sorted([(cast.bidhumas.pk, one.public_id) for one in (ibu, sari)])
    assert not Detail.objects.filter(entry__verb="attendance.matched").exists()


@pytest.mark.parametrize(("first", "wins"), [(30, "sari"), (5, "ibu")])
def test_somebody_marked_by_both_names_counts_once_by_the_earlier(
    client, cast, event, sari, came, other, first, wins
):
    item, ibu = came
    mark = other.present(sari, ago(minutes=first))
    other.send(client, [mark])
    assert _counted(event)[0] == 2

    _match(cast, ibu, sari)

    assert (_present(), _counted(event)[:3]) == (["Sari Dewi Lestari"], (1, 0, 1))
    expected = {"sari": mark, "ibu": item}[wins]["uuid"]
    assert str(Attendance.objects.get().scan.client_uuid) == expected


def test_what_phones_bring_later_is_about_the_right_person(client, cast, event, sari, came, phone, other):
    item, ibu = came
    _match(cast, ibu, sari)

    again = phone.send(client, [item])
    stale = other.send(client, [other.present(ibu, ago(minutes=3)), other.pledge(ibu)])

    assert (statuses(again), statuses(stale)) == (["known"], ["duplicate", "stored"])
    assert {one["participant"] for one in stale["items"]} == {sari.public_id.hex}
    assert (_present(), _counted(event)) == (["Sari Dewi Lestari"], (1, 0, 1, 1))
    assert not Scan.objects.filter(state="needs_review").exists()


def test_undo_of_the_phone_after_the_match_undoes_the_right_presence(client, cast, event, sari, came, phone):
    item, ibu = came
    _match(cast, ibu, sari)

    answer = phone.send(client, [phone.undo(item, ago(minutes=10))])

    assert [(one["status"], one["participant"]) for one in answer["items"]] == [
        ("stored", sari.public_id.hex)
    ]
    assert (_present(), _counted(event)) == ([], (0, 0, 0, 0))
    assert Partner.objects.get().last_attended_on is None


def test_a_tap_on_a_page_from_before_is_about_the_right_person(cast, event, sari, came):
    ibu = came[1]
    before = Participant.objects.select_related("attendance").get(pk=ibu.pk)
    _match(cast, ibu, sari)

    assert attendance.record(event=event, participant=before, by=cast.kubar).participant == sari
    assert _present() == ["Sari Dewi Lestari"]
    Scan.objects.filter(participant=sari, kind="present").get()
    with pytest.raises(ValidationError) as refused:
        attendance.undo(participant=before, by=cast.kubar)
    assert refused.value.code == "too_late"
    assert _present() == ["Sari Dewi Lestari"]


def test_a_doubtful_fact_that_is_decided_later_is_about_the_right_person(client, cast, event, sari, came):
    ibu = came[1]
    late = Phone(event, cast.kubar, "Kubar-9")
    late.send(client, [late.present(ibu, ago(days=3))])
    _match(cast, ibu, sari)
    doubt = Scan.objects.get(state="needs_review")

    page = client_of(client, cast).get(_page("review-list", event))
    assert "Sari Dewi Lestari" in page.content.decode()
    reviews.decide(event=event, scans=[doubt.client_uuid], decision=ReviewDecision.COUNTED, by=cast.kubar)

    assert (_present(), _counted(event)[0]) == (["Sari Dewi Lestari"], 1)


def test_phones_learn_that_the_walk_in_is_gone(cast, event, sari, came):
    ibu, since = came[1], changes_of(event, "")["cursor"]
    _match(cast, ibu, sari)

    told = changes_of(event, since)

    assert ibu.public_id.hex in told["gone"]
    row = next(one for one in told["rows"] if one[0] == sari.public_id.hex)
    assert row[5] is not None
    assert (told["counts"]["present"], told["counts"]["walk_ins"]) == (1, 0)


def test_an_agreement_goes_along_as_it_was_given(client, cast, event, sari, came, phone):
    ibu = came[1]
    phone.send(client, [phone.pledge(ibu, ago(minutes=15))])

    _match(cast, ibu, sari)

    row = Pledge.objects.get()
    assert (row.participant, row.withdrawn_at, _counted(event)[3]) == (sari, None, 1)


def test_two_agreements_become_one(client, cast, event, sari, came, phone):
    ibu = came[1]
    phone.send(client, [phone.pledge(ibu, ago(minutes=15)), phone.pledge(sari, ago(minutes=5))])

    _match(cast, ibu, sari)

    row = Pledge.objects.get()
    assert (row.participant, row.at) == (sari, Scan.objects.filter(kind="pledge").earliest("at").at)


def test_no_agreement_comes_to_a_journalist(client, cast, event, came, phone):
    ibu, journalist = came[1], cast.guest(event, cast.partner("Sari Warta", kind="journalist"))
    phone.send(client, [phone.pledge(ibu)])

    _match(cast, ibu, journalist)

    assert (_present(), _counted(event)[3]) == (["Sari Warta"], 0)
    assert not Pledge.objects.filter(participant=journalist).exists()
    assert Entry.objects.filter(verb="pledge.withdrawn").count() == 1


@pytest.mark.parametrize("decision", [ReviewDecision.COUNTED, ReviewDecision.DISMISSED])
def test_somebody_present_only_by_a_mark_that_a_look_named_is_known_later_too(
    client, cast, event, sari, decision
):
    """Red before: nothing said whom the entry is about, and the next tap on it counted a nameless guest."""
    late = Phone(event, cast.kubar, "Kubar-9")
    noted = late.walk_in("Ibu Sari", at=ago(days=3))
    tapped = late.item("present", ago(minutes=9), participant=uuid.uuid4().hex)
    late.send(client, [noted, tapped])
    ibu = Participant.objects.get(kind="walk_in")
    _decide(cast, event, tapped, participant=ibu)
    assert _present() == ["Ibu Sari"]

    with pytest.raises(ValidationError) as refused:
        _match(cast, ibu, sari)
    assert (refused.value.code, _present()) == ("undecided", ["Ibu Sari"])
    _decide(cast, event, noted, decision)
    stale = Participant.objects.get(pk=ibu.pk)
    _match(cast, ibu, sari)
    attendance.record(event=event, participant=stale, by=cast.kubar)

    assert (who_is(stale), _present()) == (sari, ["Sari Dewi Lestari"])
    assert [one.walk_in for one in matched_walk_ins(event)] == [ibu]


def test_a_coming_that_a_look_found_to_be_a_third_guests_is_not_given_to_another(client, cast, event, sari):
    budi, late = cast.guest(event, cast.partner("Budi Santoso")), Phone(event, cast.kubar, "Kubar-9")
    noted = late.walk_in("Ibu Sari", at=ago(days=3))
    late.send(client, [noted])
    ibu = Participant.objects.get(kind="walk_in")
    _decide(cast, event, noted, participant=budi)
    attendance.record(event=event, participant=ibu, by=cast.kubar)

    with pytest.raises(ValidationError) as refused:
        _match(cast, ibu, sari)

    assert (refused.value.code, _present()) == ("said_before", ["Budi Santoso", "Ibu Sari"])
    _match(cast, ibu, budi)
    assert _present() == ["Budi Santoso"]


def test_a_tap_on_the_entry_that_was_found_to_be_about_another_does_not_say_who_came(
    client, cast, event, sari, came
):
    ibu, budi = came[1], cast.guest(event, cast.partner("Budi Santoso"))
    late = Phone(event, cast.kubar, "Kubar-9")
    for when in ({"days": 3}, {"days": 4}):
        tapped = late.present(ibu, ago(**when))
        late.send(client, [tapped])
        _decide(cast, event, tapped, participant=budi)

    _match(cast, ibu, sari)

    assert (who_is(ibu), _present()) == (sari, ["Budi Santoso", "Sari Dewi Lestari"])


def test_who_comes_for_an_organisation_is_named_before_and_not_lost(client, cast, event, came):
    ibu, seat = came[1], nameless_seat(cast, event, institution="PWI")

    with pytest.raises(ValidationError) as refused:
        _match(cast, ibu, seat)

    assert refused.value.code == "unnamed"
    close(event)
    page = client_of(client, cast).get(_page("walk-in-confirm", event, ibu, seat))
    assert page.context["loses_name"]
    assert _match(cast, ibu, seat).participant == seat


def test_undone_before_the_answer_is_no_error(client, cast, event, sari, came, monkeypatch):
    found = matches.match

    def then_undone(**how):
        attendance = found(**how)
        Attendance.objects.all().delete()
        return attendance

    monkeypatch.setattr(matches, "match", then_undone)

    done = client_of(client, cast).post(_page("walk-in-confirm", event, came[1], sari))

    assert done.url == _page("walk-in-list", event)


def test_a_mark_that_waited_for_the_match_in_a_batch_that_another_spoils_is_taken(
    client, cast, event, sari, came, phone, other, monkeypatch
):
    """Red before: the one mark that stood for itself was answered with "failed"."""
    ibu, budi = came[1], cast.guest(event, cast.partner("Budi Santoso"))
    other.send(client, [other.present(budi)])
    _match(cast, ibu, sari)
    spoils = {**other.present(budi), "seq": 1}
    seen = []

    def not_yet(ids):
        seen.append(ids)
        return {} if len(seen) == 1 else same_people(ids)

    monkeypatch.setattr(door, "same_people", not_yet)

    answer = other.send(client, [spoils, other.present(ibu)])

    assert statuses(answer) == ["rejected", "duplicate"]
    assert answer["items"][1]["participant"] == sari.public_id.hex
    assert _present() == ["Budi Santoso", "Sari Dewi Lestari"]


def test_two_walk_ins_who_are_one_guest_of_the_list(client, cast, event, sari, came, other):
    ibu = came[1]
    other.send(client, [other.walk_in("Mbak Sari", at=ago(minutes=25))])
    mbak = Participant.objects.get(display_name="Mbak Sari")

    _match(cast, ibu, mbak)
    assert (_present(), _counted(event)[:2]) == (["Mbak Sari"], (1, 1))
    _match(cast, mbak, sari)

    assert (_present(), _counted(event)[:3]) == (["Sari Dewi Lestari"], (1, 0, 1))
    assert (who_is(ibu), who_is(mbak)) == (sari, sari)
    assert {one.walk_in for one in matched_walk_ins(event)} == {ibu, mbak}


def test_refusals(client, cast, event, sari, came, phone):
    ibu = came[1]
    phone.send(client, [phone.walk_in(consent="anonymous"), phone.walk_in("Tuti", consent="keep")])
    nameless, kept = Participant.objects.filter(kind="walk_in").exclude(pk=ibu.pk).order_by("pk")
    staff = Participant.objects.create(event=event, kind="personnel", display_name="Budi")
    erased = Participant.objects.create(event=event, kind="partner")
    elsewhere = cast.guest(cast.event("Lain"), cast.partner("Sari Jauh"))
    absent = Participant.objects.create(
        event=event, kind="walk_in", display_name="Wati", walk_in_consent="tonight"
    )
    cases = [
        (nameless, sari, "no_name"),
        (kept, sari, "kept"),
        (absent, sari, "absent"),
        (sari, ibu, "kept"),
        (ibu, ibu, "same"),
        (ibu, staff, "not_a_guest"),
        (ibu, erased, "gone"),
        (ibu, elsewhere, "other_event"),
    ]

    for walk_in, guest, code in cases:
        with pytest.raises(ValidationError) as refused:
            _match(cast, walk_in, guest)
        assert refused.value.code == code

    _match(cast, ibu, sari)
    with pytest.raises(ValidationError) as refused:
        _match(cast, ibu, kept)
    assert refused.value.code == "no_name"


def test_nobody_is_lost_where_the_phone_took_the_other_back(client, cast, event, sari, came, phone):
    mark = phone.present(sari, ago(minutes=15))
    phone.send(client, [mark, phone.undo(mark, ago(minutes=14))])

    _match(cast, came[1], sari)

    assert (_present(), _counted(event)[:3]) == (["Sari Dewi Lestari"], (1, 0, 1))
    assert str(Attendance.objects.get().scan.client_uuid) == came[0]["uuid"]


def test_nobody_is_lost_where_somebody_said_that_the_undo_was_about_the_other(
    client, cast, event, sari, came, phone
):
    late = phone.undo(came[0])
    phone.send(client, [late])
    reviews.decide(
        event=event,
        scans=[uuid.UUID(late["uuid"])],
        decision=ReviewDecision.COUNTED,
        by=cast.kubar,
        participant=sari,
    )
    said = ScanReview.objects.count()

    with pytest.raises(ValidationError) as refused:
        _match(cast, came[1], sari)

    assert refused.value.code == "taken_back"
    assert (_present(), ScanReview.objects.count()) == (["Ibu Sari"], said)


def test_erasure_and_forgetting_keep_the_count(client, cast, event, sari, came):
    ibu = came[1]
    _match(cast, ibu, sari)

    erase(partner=sari.partner, by=cast.bidhumas)
    retention.forget_tonight()

    assert (_counted(event)[:3], who_is(ibu).pk) == ((1, 0, 1), sari.pk)
    assert set(Participant.objects.values_list("display_name", "contact")) == {("", "")}


def test_matched_guest_is_history_and_stays_on_the_list(client, cast, event, sari, came, phone):
    _match(cast, came[1], sari)
    Attendance.objects.all().delete()

    with pytest.raises(ValidationError) as refused:
        guests.remove(participant=sari, by=cast.bidhumas)

    assert refused.value.code == "already_marked"


def test_numbers_on_paper_stay_true(cast, event, sari, came):
    ibu = came[1]
    sheet = make(event=event, by=cast.kubar)
    number = next(row.number for row in rows_of(sheet) if row.person == ibu)
    _match(cast, ibu, sari)

    row = {row.number: row for row in rows_of(sheet)}[number]

    assert (row.person, row.is_present) == (sari, True)
    result = key_in.key_in(sheet=sheet, present=[number], at=ago(minutes=1), by=cast.kubar)
    assert (result.already, result.refused, _counted(event)[0]) == (1, {}, 1)


def test_a_row_of_paper_that_is_typed_again_adds_nobody(cast, event, sari):
    sheet = make(event=event, by=cast.kubar)
    number = sheet.last_number
    guest = key_in.WalkIn(name="Ibu Sari", contact="", consent="tonight")
    how = {"sheet": sheet, "present": [], "at": ago(minutes=1), "by": cast.kubar, "walk_ins": {number: guest}}
    key_in.key_in(**how)
    assert Scan.objects.get().client_uuid == name_of_fact(sheet, number, "Ibu Sari")
    _match(cast, Participant.objects.get(kind="walk_in"), sari)

    key_in.key_in(**how)

    assert (_present(), Participant.objects.filter(kind="walk_in").count()) == (["Sari Dewi Lestari"], 1)


def test_likely_names_first_and_who_is_not_present_before_who_is(client, cast, event, came, other):
    ibu = came[1]
    names = ["Sari Wulandari", "Rina Sary", "Budi Santoso", "Sariaman Lubis"]
    people = [cast.guest(event, cast.partner(name)) for name in names]
    cast.guest(cast.event("Lain"), cast.partner("Sari Jauh"))
    other.send(client, [other.present(people[0])])

    found = [person.display_name for person in likely_to_be(ibu)]

    assert found[-1] == "Sari Wulandari"
    assert sorted(found[:-1]) == ["Rina Sary", "Sariaman Lubis"]
    assert [person.display_name for person in others_named(ibu, "budi")] == ["Budi Santoso"]
    assert others_named(ibu, "jauh") == []


def client_of(client, cast):
    client.force_login(cast.kubar)
    return client


def test_pages_from_the_roll_to_the_match(client, cast, event, sari, came):
    ibu = came[1]
    close(event)
    client = client_of(client, cast)

    rows = roll_of(event, cast.kubar, undo_within=attendance.UNDO_WITHIN).guests
    assert [(row.person.pk, row.may_match) for row in rows] == [(ibu.pk, True), (sari.pk, False)]
    assert _page("walk-in-match", event, ibu) in client.get(_page("roll", event)).content.decode()
    assert [one.person for one in unknown_walk_ins(event)] == [ibu]
    page = client.get(_page("walk-in-match", event, ibu)).content.decode()
    assert _page("walk-in-confirm", event, ibu, sari) in page
    assert "Kubar-1" in page
    assert "0812" not in page
    asked = client.get(_page("walk-in-confirm", event, ibu, sari))
    assert asked.status_code == 200
    done = client.post(_page("walk-in-confirm", event, ibu, sari))
    assert done.url == _page("walk-in-list", event)
    listed = client.get(done.url).content.decode()
    assert f'id="m-{ibu.public_id}"' in listed
    assert _page("walk-in-match", event, ibu) not in listed
    gone = client.get(_page("walk-in-confirm", event, sari, ibu))
    assert gone.status_code == 404


def test_walk_ins_of_one_name_from_two_phones_are_a_hint_and_no_more(
    client, cast, event, came, phone, other, monkeypatch
):
    """Red before: one guest noted on two phones by name alone counted twice, and no page said so."""
    ibu = came[1]
    other.send(client, [other.walk_in("ibu  SARI"), other.walk_in("Tuti"), other.walk_in("Tuti")])
    phone.send(client, [phone.walk_in("Rina"), phone.walk_in(consent="anonymous")])
    other.send(client, [other.walk_in("Rina", "keep"), other.walk_in(consent="anonymous")])
    undone = other.walk_in("Ibu Sari")
    other.send(client, [undone, other.undo(undone)])

    found = namesakes_of(event)

    assert [
        (one.name, [(who.by, who.person.is_named_for_tonight) for who in one.coming]) for one in found
    ] == [
        ("Ibu Sari", [("Kubar-1", True), ("Bidhumas-1", True)]),
        ("Rina", [("Kubar-1", True), ("Bidhumas-1", False)]),
    ]
    assert _counted(event)[0] == 8
    page = client_of(client, cast).get(_page("conflict-list", event)).content.decode()
    assert page.count('id="n-') == 4
    assert [_page("walk-in-match", event, who.person) in page for one in found for who in one.coming] == [
        True, True, True, False,
    ]  # fmt: skip

    said = []
    for most in (6, 5):
        for module in (queries, views):
            monkeypatch.setattr(module, "MOST_OF_A_NAME", most)
        said.append(client.get(_page("conflict-list", event)).context["namesakes_cut"])
    assert said == [0, 5]

    _match(cast, found[0].coming[1].person, ibu)
    assert [one.name for one in namesakes_of(event)] == ["Rina"]


def test_a_refusal_is_a_sentence_on_the_list(client, cast, event, sari, came, phone):
    phone.send(client, [phone.walk_in("Tuti", consent="keep")])
    kept = Participant.objects.get(display_name="Tuti")
    client = client_of(client, cast)

    answer = client.get(_page("walk-in-match", event, kept), follow=True)

    assert answer.redirect_chain == [(_page("walk-in-list", event), 302)]
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize(("name", "expected"), [("walk-in-list", 9), ("walk-in-match", 9)])
def test_one_number_of_queries_however_many(client, cast, event, sari, came, phone, name, expected):
    def another():
        guest = cast.guest(event, cast.partner("Sari Puspita"))
        item = phone.walk_in("Mbak Sari")
        phone.send(client, [item])
        _match(cast, Scan.objects.get(client_uuid=item["uuid"]).participant, guest)
        phone.send(client, [phone.walk_in("Kak Sari")])

    client, numbers = client_of(client, cast), []
    for count in (1, 2):
        for _more in range(count):
            another()
        with CaptureQueriesContext(connection) as queries:
            page = client.get(_page(name, event, *([came[1]] if name == "walk-in-match" else [])))
        assert page.status_code == 200
        numbers.append(len(queries))
    assert numbers == [expected, expected]
