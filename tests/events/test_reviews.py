"""*Perlu dicek*: what a person says of marks that did not count at once, and what two phones saw differently."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from events.choices import ReviewDecision
from events.models import Attendance, Participant, Pledge, Scan, ScanReview
from events.operations import devices, reviews
from events.queries import reviews as queries
from events.queries.reviews import conflicts_of, open_reviews
from events.views import reviews as views
from partners.models import Partner
from tests.events.phones import Phone, ago, close

COUNTED, DISMISSED = ReviewDecision.COUNTED, ReviewDecision.DISMISSED


@pytest.fixture
def revoked(cast, phone):
    devices.revoke(device=phone.device, by=cast.kubar)
    return phone


def _decide(cast, event, items, decision=COUNTED, **how):
    names = [uuid.UUID(item["uuid"]) for item in items]
    return reviews.decide(event=event, scans=names, decision=decision, by=cast.bidhumas, **how)


def _page(event, name, *more):
    return reverse(f"events:{name}", args=[event.public_id, *more])


def test_counted_makes_present_with_the_time_of_the_mark(client, cast, event, revoked, sari):
    item = revoked.present(sari, ago(minutes=30))
    revoked.send(client, [item])

    assert _decide(cast, event, [item]) == 1

    row, review = Attendance.objects.get(), ScanReview.objects.get()
    assert (str(row.scan.client_uuid), row.at) == (item["uuid"], row.scan.at)
    assert (review.decision, review.participant, review.by_id) == ("counted", sari, cast.bidhumas.pk)
    assert Partner.objects.get().last_attended_on is not None
    entry = Entry.objects.get(verb="attendance.counted")
    assert (entry.actor_id, entry.object_public_id) == (cast.bidhumas.pk, sari.public_id)
    assert (open_reviews(event).count(), _decide(cast, event, [item], DISMISSED)) == (0, 0)
    assert Attendance.objects.count() == 1


def test_dismissed_stays_as_it_came_and_counts_nothing(client, cast, event, revoked, sari):
    item = revoked.present(sari)
    revoked.send(client, [item])

    _decide(cast, event, [item], DISMISSED)

    assert (Attendance.objects.count(), Scan.objects.get().state) == (0, "needs_review")
    assert (open_reviews(event).count(), Entry.objects.filter(verb="attendance.dismissed").count()) == (0, 1)


def test_dismissed_walk_in_leaves_no_name(client, cast, event, revoked):
    items = [revoked.walk_in("Rina", contact="0812-3456-7890"), revoked.walk_in("Tuti")]
    revoked.send(client, items)

    _decide(cast, event, items[:1], DISMISSED)
    _decide(cast, event, items[1:], COUNTED)

    assert sorted(Participant.objects.values_list("display_name", "contact")) == [("", ""), ("Tuti", "")]
    assert Attendance.objects.get().participant.display_name == "Tuti"


def test_counted_walk_in_stays_for_tonight_and_the_page_says_so(client, cast, sign_in, event, revoked, sari):
    """Whoever decides says that somebody came, not what they agreed to."""
    items = [
        revoked.walk_in("Rina", "keep", "0812-3456-7890"),
        revoked.walk_in(consent="anonymous"),
        revoked.present(sari),
    ]
    revoked.send(client, items)

    page = sign_in("kubar").get(_page(event, "review-list")).content.decode()
    _decide(cast, event, items)

    assert page.count("review-tonight") == 1
    rina = Participant.objects.get(display_name="Rina")
    assert (rina.walk_in_consent, rina.contact, rina.partner) == ("tonight", "+6281234567890", None)
    assert (Partner.objects.count(), Attendance.objects.count()) == (1, 3)


def test_a_mark_of_nobody_needs_a_name(client, cast, event, phone, sari):
    item = phone.item("present", qr="x" * 43)
    phone.send(client, [item])
    stranger = cast.guest(cast.event("Lain"), cast.partner("Tuti"))

    for how in ({}, {"participant": stranger}):
        with pytest.raises(ValidationError):
            _decide(cast, event, [item], **how)
    _decide(cast, event, [item], participant=sari)

    assert Attendance.objects.get().participant == sari
    assert Scan.objects.get().participant is None


def test_a_mark_and_its_undo_decided_together_cancel_out(client, cast, event, phone, sari):
    item = phone.item("present", ago(minutes=5), qr="x" * 43)
    undo = phone.undo(item, ago(minutes=4))
    phone.send(client, [item, undo])

    _decide(cast, event, [item], participant=sari)

    assert (Attendance.objects.count(), open_reviews(event).count()) == (0, 0)


def test_counted_agreement_and_late_undo_follow_their_rules(client, cast, event, phone, sari):
    close(event)
    agreed = phone.pledge(sari)
    phone.send(client, [agreed])

    _decide(cast, event, [agreed])

    assert list(Pledge.objects.values_list("participant", "channel", "withdrawn_at")) == [
        (sari.pk, "screen", None)
    ]


def test_decide_rolls_back_as_a_whole(client, cast, event, revoked, sari, monkeypatch):
    item = revoked.present(sari)
    revoked.send(client, [item])

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(reviews.facts, "record", fail)
    with pytest.raises(RuntimeError):
        _decide(cast, event, [item])

    assert (ScanReview.objects.count(), Attendance.objects.count()) == (0, 0)


def test_pages_decide_what_is_ticked(client, cast, sign_in, event, revoked, sari):
    budi = cast.guest(event, cast.partner("Budi Santoso"))
    items = [revoked.present(sari), revoked.present(budi)]
    revoked.send(client, items)
    page = sign_in("kubar")

    listed = page.get(_page(event, "review-list")).content.decode()
    assert all(item["uuid"] in listed for item in items)
    assert 'id="to-review"' in page.get(_page(event, "event-detail")).content.decode()
    assert (
        'id="to-review"' in page.get(reverse("reports:quick-report", args=[event.public_id])).content.decode()
    )
    page.post(_page(event, "review-count"), {"scan": [items[0]["uuid"]]})
    page.post(_page(event, "review-dismiss"), {"scan": [items[1]["uuid"]]})
    for data in ({}, {"scan": ["x"]}, {"scan": [items[0]["uuid"]]}):
        assert page.post(_page(event, "review-count"), data).status_code == 302

    assert list(Attendance.objects.values_list("participant", flat=True)) == [sari.pk]
    assert 'id="to-review"' not in page.get(_page(event, "event-detail")).content.decode()


def test_ticks_stay_when_one_of_them_names_nobody(client, cast, sign_in, event, phone, sari):
    known, unknown = phone.present(sari, at=ago(minutes=60 * 24 * 3)), phone.item("present", qr="x" * 43)
    devices.revoke(device=phone.device, by=cast.kubar)
    phone.send(client, [known, unknown])
    page, marks = sign_in("kubar"), [known["uuid"], unknown["uuid"]]

    answer = page.post(_page(event, "review-count"), {"scan": marks})

    assert answer.status_code == 200
    html = answer.content.decode()
    assert [f'value="{mark}" checked' in html for mark in marks] == [True, True]
    assert not ScanReview.objects.exists()
    # The page that refused, loaded again, is no dead end.
    for name in ("review-count", "review-dismiss"):
        assert page.get(_page(event, name))["Location"] == _page(event, "review-list")

    # Another officer was faster with one of the two: the other is decided all the same.
    _decide(cast, event, [known])
    page.post(_page(event, "review-dismiss"), {"scan": marks})
    assert not open_reviews(event).exists()


def test_page_asks_who_it_was(client, cast, sign_in, event, phone, sari):
    stranger = cast.guest(cast.event("Lain"), cast.partner("Tuti"))
    item = phone.item("present", qr="x" * 43)
    phone.send(client, [item])
    page, address = sign_in("kubar"), _page(event, "review-who", item["uuid"])

    assert "Sari Wulandari" in page.get(address).content.decode()
    assert page.post(address, {"person": stranger.public_id}).status_code == 200
    assert page.post(address, {"person": sari.public_id}).status_code == 302

    assert Attendance.objects.get().participant == sari
    assert page.get(address).status_code == 404


def test_conflicts_show_what_two_phones_saw(client, cast, sign_in, event, phone, sari):
    other = Phone(event, cast.bidhumas, "Bidhumas-1")
    budi, tuti = (cast.guest(event, cast.partner(name)) for name in ("Budi Santoso", "Tuti"))
    first = [phone.present(one, ago(minutes=9)) for one in (sari, budi, tuti)]
    phone.send(client, [*first, phone.undo(first[1], ago(minutes=8)), phone.present(tuti, ago(minutes=7))])
    other.send(client, [other.present(sari, ago(minutes=6)), other.present(budi, ago(minutes=5))])

    found = {str(one.person): one for one in conflicts_of(event)}

    assert list(found) == ["Budi Santoso", "Sari Wulandari"]
    assert (found["Budi Santoso"].is_disputed, found["Sari Wulandari"].is_disputed) == (True, False)
    assert [(mark.by, mark.what, mark.is_undone, mark.wins) for mark in found["Budi Santoso"].marks] == [
        ("Kubar-1", "present", True, False),
        ("Kubar-1", "undo", False, False),
        ("Bidhumas-1", "present", False, True),
    ]
    html = sign_in("kubar").get(_page(event, "conflict-list")).content.decode()
    assert (html.count('class="mark-list"'), "Tuti" in html) == (2, False)


def test_conflicts_say_when_there_are_more_than_a_page_holds(
    client, cast, sign_in, event, phone, sari, monkeypatch
):
    people = (sari, cast.guest(event, cast.partner("Budi Santoso")))
    phone.send(client, [phone.present(one, ago(minutes=n)) for n in (9, 8) for one in people])
    page, said = sign_in("kubar"), []
    for most in (2, 1):
        for module in (queries, views):
            monkeypatch.setattr(module, "MOST", most)
        said.append('role="note"' in page.get(_page(event, "conflict-list")).content.decode())

    assert said == [False, True]


def test_review_pages_ask_the_same_of_the_database_for_one_mark_and_three(
    client, cast, sign_in, event, revoked
):
    page, used = sign_in("kubar"), []
    page.get(_page(event, "review-list"))
    for number in (1, 2):
        people = [cast.guest(event, cast.partner(f"Tamu {number}{n}")) for n in range(number)]
        revoked.send(client, [revoked.present(one) for one in people])
        with CaptureQueriesContext(connection) as seen:
            page.get(_page(event, "review-list"))
            page.get(_page(event, "conflict-list"))
        used.append(len(seen))

    assert used[0] == used[1]
