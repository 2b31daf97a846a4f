"""A filled sheet typed in: the facts of the roll with the paper as their source, once, whatever is sent again."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Entry
from events.forms.key_in import numbers_in
from events.models import Attendance, Participant, Pledge, Scan
from events.operations import attendance, delegations, guests, key_in, pledges, sheets
from events.operations.key_in import WalkIn
from events.queries.key_in import name_of_fact
from events.queries.sheets import rows_of
from partners.choices import ErasureReason
from partners.models import Organization, Partner
from partners.operations import erasure
from tests.cast import WITA

NAMES = ["Ani", "Budi", "Cici", "Dodi", "Eka"]


@pytest.fixture
def event(cast):
    return cast.event(starts_at=timezone.now() - timedelta(hours=3), pledge_text=cast.pledge_text())


@pytest.fixture
def sheet(cast, event):
    for name in NAMES:
        cast.guest(event, cast.partner(name, kind="journalist" if name == "Eka" else "influencer"))
    return sheets.make(event=event, by=cast.kubar, blank_rows=3)


def keyed(sheet, by, **more):
    return key_in.key_in(sheet=sheet, by=by, **{"at": sheet.event.starts_at, **more})


def present(event):
    return sorted(row.participant.display_name for row in Attendance.objects.filter(event=event))


def count_facts():
    return (
        Scan.objects.count(),
        Attendance.objects.count(),
        Pledge.objects.count(),
        Participant.objects.count(),
    )


def codes_of(result):
    found = {}
    for number, refusal in result.refused.items():
        errors = (
            next(iter(refusal.error_dict.values())) if hasattr(refusal, "error_dict") else refusal.error_list
        )
        found[number] = errors[0].code
    return found


# The operation


def test_key_in_writes_facts_from_paper_at_the_time_said(cast, event, sheet):
    result = keyed(
        sheet,
        cast.kubar,
        present=[1, 2],
        pledged=[2, 3],
        walk_ins={6: WalkIn("Gita Puspita", "0812-3456-7890", "keep"), 8: WalkIn("", "", "anonymous")},
    )

    assert (result.marked, result.walk_ins, result.pledged, result.refused) == (3, 2, 2, {})
    assert present(event) == ["", "Ani", "Budi", "Cici", "Gita Puspita"]
    assert set(Scan.objects.exclude(kind="pledge").values_list("source", "at")) == {
        ("paper", event.starts_at)
    }
    assert (
        list(Pledge.objects.order_by("participant__display_name").values_list("channel", "at"))
        == [("paper", event.starts_at)] * 2
    )
    assert Partner.objects.filter(full_name="Gita Puspita", phone="+6281234567890").exists()
    assert Entry.objects.filter(verb="sheet.keyed", event_public_id=event.public_id).count() == 1


def test_key_in_again_changes_nothing(cast, event, sheet):
    filled = {
        "present": [1, 2],
        "pledged": [2],
        "walk_ins": {6: WalkIn("Gita", "0812-3456-7890", "tonight"), 7: WalkIn("", "", "anonymous")},
    }
    keyed(sheet, cast.kubar, **filled)
    before = count_facts()

    result = keyed(sheet, cast.bidhumas, **filled)

    assert count_facts() == before
    assert (result.marked, result.walk_ins, result.pledged, result.already, result.refused) == (
        0,
        0,
        0,
        4,
        {},
    )


def test_key_in_leaves_the_time_that_a_phone_wrote(cast, event, sheet):
    ani = Participant.objects.get(display_name="Ani")
    seen = event.starts_at + timedelta(minutes=12)
    attendance.record(event=event, participant=ani, by=cast.kubar2, at=seen)

    result = keyed(sheet, cast.kubar, present=[1])

    assert result.already == 1
    assert list(Attendance.objects.values_list("at", "by_id")) == [(seen, cast.kubar2.pk)]


def test_key_in_two_names_in_one_row_are_two_guests(cast, event, sheet):
    """Two copies of one sheet lay on two tables: the same number, another person."""
    keyed(sheet, cast.kubar, walk_ins={6: WalkIn("Gita", "", "tonight")})
    keyed(sheet, cast.kubar, walk_ins={6: WalkIn("Hana", "", "tonight")})

    assert present(event) == ["Gita", "Hana"]


def test_key_in_facts_are_not_named_after_the_guest(cast, event, sheet):
    """A plain hash of a name would outlive its erasure: whoever has the table could try names."""
    keyed(sheet, cast.kubar, walk_ins={6: WalkIn("Fitri", "", "tonight")})

    fact = Scan.objects.get(kind="walk_in").client_uuid
    assert fact == name_of_fact(sheet, 6, "Fitri")
    assert fact != uuid.uuid5(sheet.public_id, "6|fitri")
    with override_settings(TOKEN_KEY="another key"):
        assert fact != name_of_fact(sheet, 6, "Fitri")


def test_key_in_names_who_signed_for_an_organisation(cast, event, sign_in):
    forum = Organization.objects.create(
        name="Forum", kind="community", region_id="64.07", unit=event.host_unit
    )
    delegations.invite(event=event, organizations=[forum], by=cast.bidhumas)
    sheet = sheets.make(event=event, by=cast.kubar)

    send(sign_in("kubar"), sheet, **{"delegate-1": "Dodi Saputra"})
    send(sign_in("kubar"), sheet, **{"delegate-1": "Orang Lain"})

    assert present(event) == ["Dodi Saputra"]
    assert Entry.objects.filter(verb="guest.named").count() == 1


def test_key_in_a_bad_row_hides_no_other(cast, event, sheet):
    gone = Participant.objects.get(display_name="Dodi")
    guests.remove(participant=gone, by=cast.bidhumas)

    result = keyed(
        sheet,
        cast.kubar,
        present=[1, 4, 99],
        pledged=[5],
        walk_ins={
            6: WalkIn("Gita", "12", "tonight"),
            7: WalkIn("Hana", "", "tonight"),
            20: WalkIn("X", "", "keep"),
        },
    )

    assert present(event) == ["Ani", "Eka", "Hana"]
    assert set(result.refused) == {4, 5, 6, 20, 99}
    assert codes_of(result) == {4: "gone", 5: "press", 6: "phone", 20: "unknown_number", 99: "unknown_number"}


def test_key_in_writes_no_pledge_that_was_taken_back(cast, event, sheet):
    keyed(sheet, cast.kubar, present=[1], pledged=[1])
    pledges.withdraw(pledge=Pledge.objects.get(), by=None)

    keyed(sheet, cast.kubar, present=[1], pledged=[1])

    assert [pledge.withdrawn_at is None for pledge in Pledge.objects.all()] == [False]


def test_key_in_does_not_bring_back_what_was_undone(cast, event, sheet):
    at = timezone.now() - timedelta(minutes=2)
    keyed(sheet, cast.kubar, present=[1], at=at)
    attendance.undo(participant=Participant.objects.get(display_name="Ani"), by=cast.kubar)

    result = keyed(sheet, cast.kubar, present=[1], at=at)

    assert (codes_of(result), present(event)) == ({1: "undone"}, [])


def test_key_in_slip_can_be_undone_for_15_minutes_after_the_typing(cast, event, sheet, sign_in):
    keyed(sheet, cast.kubar, present=[1, 2])
    ani, budi = (Participant.objects.get(display_name=name) for name in ("Ani", "Budi"))
    page = sign_in("kubar").get(f"/kegiatan/lembar/{sheet.public_id}/salin/").content.decode()
    assert page.count("key-in-undo") == 2

    sign_in("kubar").post(f"/kegiatan/{event.public_id}/daftar-hadir/{ani.public_id}/batal/")
    with pytest.raises(ValidationError) as refused:
        attendance.undo(participant=budi, by=cast.kubar, at=timezone.now() + timedelta(minutes=16))

    assert (present(event), refused.value.code) == (["Budi"], "too_late")


@pytest.mark.parametrize("hours", [1, -48])
def test_key_in_refuses_a_time_that_cannot_be(cast, event, sheet, hours):
    at = timezone.now() + timedelta(hours=hours)

    with pytest.raises(ValidationError) as refused:
        keyed(sheet, cast.kubar, present=[1], at=at)

    assert next(iter(refused.value.error_dict.values()))[0].code == "at"
    assert count_facts()[0] == 0


def test_key_in_refuses_a_closed_event(cast, event, sheet):
    event.state = "reported"
    event.save()
    sheet.event = event

    with pytest.raises(ValidationError) as refused:
        keyed(sheet, cast.kubar, present=[1])

    assert (refused.value.code, count_facts()[0]) == ("event_closed", 0)


# The page


@pytest.mark.parametrize(
    ("text", "numbers", "wrong"),
    [
        ("1-5, 8,12", {1, 2, 3, 4, 5, 8, 12}, []),
        ("5–3 ; 7.", {3, 4, 5, 7}, []),
        ("1 s.d. 3 dan 5", {1, 2, 3, 5}, ["dan"]),
        ("0, 13, 2-99", set(), ["0", "13", "2-99"]),
        ("", set(), []),
    ],
)
def test_key_in_reads_numbers_as_people_write_them(text, numbers, wrong):
    assert numbers_in(text, 12) == (numbers, wrong)


def send(client, sheet, **fields):
    at = timezone.localtime(sheet.event.starts_at, timezone=WITA)
    data = {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", "numbers": "", **fields}
    return client.post(f"/kegiatan/lembar/{sheet.public_id}/salin/", data)


def test_key_in_page_takes_numbers_and_ticks_without_script(event, sheet, sign_in):
    response = send(
        sign_in("kubar"),
        sheet,
        numbers="1-2",
        present=["4"],
        pledged=["2"],
        **{"name-6": "Gita", "contact-6": "", "consent-6": "tonight"},
    )

    assert (response.status_code, response["Location"]) == (302, f"/kegiatan/lembar/{sheet.public_id}/salin/")
    assert present(event) == ["Ani", "Budi", "Dodi", "Gita"]
    assert Pledge.objects.get().participant.display_name == "Budi"
    page = sign_in("kubar").get(response["Location"]).content.decode()
    assert page.count("data-present") == 2  # Cici and Eka are left
    assert 'name="name-6"' not in page and "Gita" in page


def test_key_in_page_takes_a_sheet_of_five_hundred_with_every_box_ticked(event, sheet, sign_in):
    """Two boxes a row and three fields for each empty row: more fields than Django takes by itself."""
    fields = {f"{name}-{n}": "" for n in range(504, 604) for name in ("name", "contact", "consent")}
    ticks = [str(n) for n in range(1, 504)]

    response = send(sign_in("kubar"), sheet, numbers="", present=ticks, pledged=ticks, **fields)

    assert response.status_code == 200
    assert present(event) == NAMES


def test_key_in_page_with_script_goes_by_the_ticks(event, sheet, sign_in):
    """Row 2 was taken out by hand after "1-3" had been typed."""
    send(sign_in("kubar"), sheet, numbers="1-3", present=["1", "3"], by_ticks="1")

    assert present(event) == ["Ani", "Cici"]


def test_key_in_page_loses_nothing_when_a_number_is_wrong(event, sheet, sign_in):
    response = send(
        sign_in("kubar"), sheet, numbers="1, 77", present=["3"], **{"name-7": "Hana", "contact-7": "@hana"}
    )

    page = response.content.decode()
    assert (response.status_code, present(event)) == (200, [])
    assert 'value="1, 77"' in page and 'value="Hana"' in page and 'value="@hana"' in page
    assert page.count(" checked") == 2
    assert "77" in str(response.context["form"].errors["numbers"])


def test_key_in_page_keeps_the_refused_rows_and_saves_the_others(event, sheet, sign_in):
    response = send(sign_in("kubar"), sheet, numbers="1", **{"name-6": "Gita", "contact-6": "12"})

    page = response.content.decode()
    assert (response.status_code, present(event)) == (200, ["Ani"])
    assert 'value="Gita"' in page and 'value="12"' in page
    assert [number for number, _said in response.context["refusals"]] == [6]


def test_key_in_page_never_asks_journalists_nor_shows_who_agreed(event, sheet, sign_in):
    client = sign_in("kubar")
    assert (
        client.get(f"/kegiatan/lembar/{sheet.public_id}/salin/").content.decode().count("data-pledged") == 4
    )

    send(client, sheet, numbers="1-5", pledged=["1"])

    page = client.get(f"/kegiatan/lembar/{sheet.public_id}/salin/").content.decode()
    assert (page.count("data-pledged"), page.count(" checked")) == (4, 0)


def test_key_in_page_of_a_closed_event_leads_to_the_roll(cast, event, sheet, sign_in):
    event.state = "reported"
    event.save()
    client, address = sign_in("kubar"), f"/kegiatan/lembar/{sheet.public_id}/"

    scanned = client.get(f"{address}salin/")

    assert (scanned.status_code, scanned["Location"]) == (302, f"/kegiatan/{event.public_id}/daftar-hadir/")
    assert [client.post(f"{address}{act}/").status_code for act in ("salin", "cetak")] == [403, 403]
    assert client.post(f"/kegiatan/{event.public_id}/kertas/kartu-nama/").status_code == 403
    assert count_facts()[0] == 0


def test_key_in_of_who_was_erased_asks_for_nothing_and_names_nobody(cast, event, sheet, sign_in):
    keyed(sheet, cast.kubar, present=[1])
    for name in ("Ani", "Budi"):
        erasure.erase(partner=Partner.objects.get(full_name=name), by=None, reason=ErasureReason.ASKED)

    rows = rows_of(sheet)
    result = keyed(sheet, cast.kubar, present=[1, 2, 3])
    page = sign_in("kubar").get(f"/kegiatan/lembar/{sheet.public_id}/salin/").content.decode()

    assert [row.name for row in rows[:3]] == [_("Guest without a name"), "", "Cici"]
    assert (result.marked, result.already, codes_of(result)) == (1, 1, {2: "gone"})
    assert "Ani" not in page and "Budi" not in page
