"""The audit as the privacy officer reads it, and the history of one object as everyone who sees the object does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.choices import Role
from accounts.queries.audit import entries_visible_to, lines_for
from accounts.sentences import SENTENCES, field_label, field_of, sentence_for
from audit.models import Entry
from audit.recording import record
from events.models import Commitment
from partners.models import Partner
from regions.models import Region

LIST = "/kantor/audit/"


@pytest.fixture
def noted(cast):
    """Lines inside the scope of ``privasi`` (Polda Kaltim and below), beside it, and one across its border."""
    inside = cast.partner("Sari Kubar", unit="polres-kubar")
    outside = cast.partner("Joko Pontianak", unit="diskominfo-kalbar", region_id="61.71")
    secret = {"phone": ["+6281100000001", "+6281100000002"]}
    return {
        "inside": record(
            by=cast.kubar,
            verb="partner.updated",
            obj=inside,
            subject=inside.public_id,
            changes=secret,
            reason="salah",
        ),
        "outside": record(
            by=cast.diskominfo,
            verb="partner.updated",
            obj=outside,
            subject=outside.public_id,
            changes={"phone": ["KANARI-LUAR", "KANARI-LUAR-2"]},
            reason="KANARI-ALASAN",
        ),
        "across": record(
            by=cast.kubar,
            verb="partner.contact_revealed",
            obj=outside,
            subject=outside.public_id,
            changes={"phone": ["KANARI-LINTAS", "KANARI-LINTAS-2"]},
            reason="KANARI-ALASAN-LINTAS",
        ),
        "above": record(by=cast.divhumas, verb="program.created", unit_id=cast.unit("mabes").pk),
        "nobody": record(by=None, verb="officer.login_failed"),
    }


def rows(html: str) -> list[str]:
    """The sentences of the lines on a page, in its order."""
    return [text.strip() for text in re.findall(r'<div class="row-title">(.*?)</div>', html, re.DOTALL)]


def test_audit_list_shows_the_scope_and_what_its_officers_did_elsewhere(cast, noted, sign_in):
    html = sign_in("privasi").get(LIST).content.decode()

    assert rows(html) == [
        sentence_for("officer.login_failed"),
        sentence_for("partner.contact_revealed"),
        sentence_for("partner.updated"),
    ]
    assert set(entries_visible_to(cast.privasi)) == {noted["inside"], noted["across"], noted["nobody"]}


def test_audit_list_shows_values_and_reasons_of_the_scope_only(noted, sign_in):
    html = sign_in("privasi").get(LIST).content.decode()

    assert "+6281100000001 → +6281100000002" in html
    assert "<dd>salah</dd>" in html
    assert "KANARI" not in html


def test_audit_values_are_said_in_words(cast):
    """Red before: choices stood in English code, regions as numbers, moments in UTC."""
    partner = cast.partner()
    entry = record(
        by=cast.kubar,
        verb="partner.updated",
        obj=partner,
        changes={
            "kind": ["activist", "journalist"],
            "region_id": ["64.07.07", "64.07"],
            "archived_at": ["2026-11-21T16:30:00+00:00", ""],
            "decide_by": ["", "2026-12-21"],
            "is_demo": [False, True],
            "stage_name": ["journalist", "bukan-tanggal"],
        },
    )

    (line,) = lines_for(cast.privasi, Entry.objects.filter(pk=entry.pk))
    guest = field_of("participant", "answer")

    kinds = dict(Partner._meta.get_field("kind").flatchoices)
    # PostgreSQL keeps an order of its own.
    assert {(change.before, change.after) for change in line.changes} == {
        (str(kinds["activist"]), str(kinds["journalist"])),
        (Region.objects.get(code="64.07.07").name, Region.objects.get(code="64.07").name),
        ("Minggu, 22 November 2026 pukul 00.30 WITA", "–"),
        ("–", "Senin, 21 Desember 2026"),
        ("Tidak", "Ya"),
        ("journalist", "bukan-tanggal"),
    }
    assert {"yes", "no", "delegate", "none"} <= set(dict(guest.flatchoices))


def test_audit_lines_of_another_unit_are_never_read(cast, noted, django_assert_num_queries):
    lines = lines_for(cast.privasi, Entry.objects.order_by("pk"))

    assert [(len(line.changes), line.reason) for line in lines] == [
        (1, "salah"),
        (0, ""),
        (0, ""),
        (0, ""),
        (0, ""),
    ]


@pytest.mark.parametrize("username", ["bidhumas", "kubar", "pimpinan", "admin", "divhumas", "diskominfo"])
def test_audit_list_is_for_the_privacy_officer(cast, noted, sign_in, username):
    assert sign_in(username).get(LIST).status_code == 403
    assert list(entries_visible_to(cast.officers[username])) == []


def test_audit_list_of_a_local_privacy_officer_ends_at_the_unit(cast, noted, sign_in):
    cast.officers["privasi-berau"] = cast.officer("privasi-berau", "polres-berau", Role.PRIVACY_OFFICER)

    assert set(entries_visible_to(cast.officers["privasi-berau"])) == {noted["nobody"]}


def test_audit_line_that_is_nobodys_is_read_by_every_privacy_officer_without_its_values(cast, sign_in):
    """A login with a name that no account has: it belongs to no unit, and somebody must be able to see it."""
    cast.officers["privasi-berau"] = cast.officer("privasi-berau", "polres-berau", Role.PRIVACY_OFFICER)
    record(by=None, verb="officer.login_failed", changes={"username": ["", "KANARI"]}, reason="KANARI")
    record(by=cast.diskominfo, verb="partner.archived", unit_id=cast.diskominfo.unit_id)

    for username in ("privasi", "privasi-berau"):
        html = sign_in(username).get(LIST).content.decode()
        assert rows(html) == [sentence_for("officer.login_failed")]
        assert "KANARI" not in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verb": "partner.updated"}, ["inside"]),
        ({"verb": "pledge.recorded"}, []),
        ({"officer": "KUBAR"}, ["across", "inside"]),
        ({"officer": "petugas kubar"}, ["across", "inside"]),
        ({"officer": "berau"}, []),
        ({"kind": "partner"}, ["across", "inside"]),
        ({"kind": "event"}, []),
        ({"verb": "partner.updated", "officer": "diskominfo"}, []),
    ],
)
def test_audit_list_filters(noted, sign_in, query, found):
    html = sign_in("privasi").get(LIST, query).content.decode()

    assert rows(html) == [sentence_for(noted[name].verb) for name in found]


def test_audit_list_days_are_those_of_the_unit(cast, sign_in):
    """23.30 WITA on 21 October is still 15.30 UTC; 00.30 WITA on the 22nd is 16.30 UTC of the 21st."""
    for hour in (15, 16):
        with time_machine.travel(datetime(2024, 10, 21, hour, 30, tzinfo=UTC), tick=False):
            record(by=cast.kubar, verb=f"jam.{hour}", obj=cast.kubar)
    client = sign_in("privasi")

    def found(**query: str) -> list[str]:
        return rows(client.get(LIST, query).content.decode())

    assert found(since="2024-10-21", until="2024-10-21") == ["jam.15"]
    assert found(since="2024-10-22") == ["jam.16"]
    assert found(until="2024-10-22") == ["jam.16", "jam.15"]


@pytest.mark.parametrize(
    "query",
    [
        {"since": "kemarin"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"verb": "tidak.ada"},
        {"officer": "x" * 500},
        {"after": "omong-kosong"},
        {"after": "WyJhIiwgMV0"},
        {"after": "WzEsICJhIl0"},
        {"after": "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LCAxXQ"},
    ],
)
def test_audit_list_survives_what_it_cannot_read(noted, sign_in, query):
    assert sign_in("privasi").get(LIST, query).status_code == 200


def test_audit_list_pages_by_key_newest_first(cast, sign_in):
    for number in range(55):
        record(by=cast.kubar, verb=f"uji.{number:02}", obj=cast.kubar)
    client = sign_in("privasi")

    first = client.get(LIST, {"kind": "officer"})
    link = re.search(r'href="(\?[^"]*after=[^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = client.get(LIST + link)

    assert rows(first.content.decode()) == [f"uji.{n:02}" for n in range(54, 4, -1)]
    assert "kind=officer" in link
    assert rows(second.content.decode()) == [f"uji.{n:02}" for n in range(4, -1, -1)]


@pytest.mark.parametrize("count", [1, 3])
def test_audit_list_costs_the_same_for_one_line_and_three(cast, sign_in, count, django_assert_num_queries):
    client = sign_in("privasi")
    for number in range(count):
        officer = cast.officer(f"petugas{number}", ["polres-kubar", "polres-berau", "polres-kukar"][number])
        partner = cast.partner(f"Mitra {number}", unit=officer.unit.code)
        record(by=officer, verb="partner.updated", obj=partner, changes={"phone": ["a", "b"]}, reason="uji")

    # session, officer, scope, lines, their officers, units, details
    with django_assert_num_queries(7):
        html = client.get(LIST).content.decode()

    assert len(rows(html)) == count


def test_audit_list_fragment_is_the_lines_alone(noted, sign_in):
    html = sign_in("privasi").get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in html
    assert len(rows(html)) == 3


# ---- history of one object


def told(response, public_id) -> str:
    """A page without what differs at every request: the address itself, the form key, the nonce."""
    text = response.content.decode().replace(str(public_id), "")
    return re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken"|nonce)[=:] ?"[^"]+"', "", text)


def history(public_id) -> str:
    return reverse("accounts:history", args=[public_id])


def test_history_shows_time_who_what_and_field_names_but_no_values(cast, sign_in):
    partner = cast.partner()
    with time_machine.travel(cast.at(2024, 10, 21, 19, 42), tick=False):
        record(
            by=cast.bidhumas,
            verb="partner.updated",
            obj=partner,
            subject=partner.public_id,
            changes={"phone": ["NILAI-LAMA", "NILAI-BARU"]},
            reason="ALASAN",
        )

    html = sign_in("kubar").get(history(partner.public_id)).content.decode()

    assert rows(html) == [sentence_for("partner.updated")]
    assert "19.42 WITA" in html
    assert "Petugas Bidhumas · Polda Kaltim" in html
    assert field_label("partner", "phone") in html
    assert "NILAI" not in html
    assert "ALASAN" not in html


def test_history_shows_values_to_the_privacy_officer(cast, sign_in):
    partner = cast.partner()
    record(
        by=cast.kubar, verb="partner.updated", obj=partner, changes={"phone": ["NILAI-LAMA", "NILAI-BARU"]}
    )

    html = sign_in("privasi").get(history(partner.public_id)).content.decode()

    assert html.count("NILAI-LAMA → NILAI-BARU") == 1


def test_history_of_a_person_holds_what_concerned_them(cast, sign_in):
    partner, event = cast.partner(), cast.event()
    guest = cast.guest(event, partner)
    other = cast.guest(event, cast.partner("Orang Lain"))
    record(
        by=cast.kubar, verb="guest.answered", obj=guest, unit_id=partner.unit_id, subject=partner.public_id
    )
    record(
        by=cast.kubar,
        verb="guest.invited",
        obj=other,
        unit_id=partner.unit_id,
        subject=other.partner.public_id,
    )

    html = sign_in("kubar").get(history(partner.public_id)).content.decode()

    assert rows(html) == [sentence_for("guest.answered")]


def test_history_of_a_person_says_nothing_of_pledges_beside_an_attendance(cast, sign_in):
    """Where "present" stands without "agreed", the history would tell who did not."""
    guest = cast.guest(cast.event(), cast.partner())
    partner = guest.partner
    for verb in ("attendance.present", "pledge.recorded", "pledge.withdrawn"):
        record(by=cast.kubar, verb=verb, obj=guest, subject=partner.public_id)

    shown = {
        name: rows(sign_in(name).get(history(partner.public_id)).content.decode())
        for name in ("kubar", "privasi")
    }

    assert shown["kubar"] == [sentence_for("attendance.present")]
    assert shown["privasi"] == [
        sentence_for(verb) for verb in ("pledge.withdrawn", "pledge.recorded", "attendance.present")
    ]


@pytest.mark.parametrize("username", ["berau", "diskominfo", "pimpinan", "admin"])
def test_history_out_of_scope_is_like_one_that_does_not_exist(cast, sign_in, username):
    partner = cast.partner()
    record(by=cast.kubar, verb="partner.registered", obj=partner, subject=partner.public_id)
    client = sign_in(username)

    nowhere = uuid4()
    hidden, missing = client.get(history(partner.public_id)), client.get(history(nowhere))

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert told(hidden, partner.public_id) == told(missing, nowhere)


@pytest.mark.parametrize(
    ("username", "status"),
    [("bidhumas", 200), ("kubar", 200), ("pimpinan", 200), ("divhumas", 200), ("berau", 404), ("admin", 404)],
)
def test_history_of_event_programme_and_commitment_follows_the_object(cast, sign_in, username, status):
    program = cast.program()
    event = cast.event(program=program)
    promise = Commitment.objects.create(
        event=event, text="Balasan", owner_unit=cast.unit("polres-kubar"), due_on="2030-01-01"
    )
    client = sign_in(username)

    for thing in (event, program, promise):
        assert client.get(history(thing.public_id)).status_code == status


def test_history_of_an_account_is_for_the_administrator(cast, sign_in):
    record(by=cast.kubar, verb="officer.logged_in", obj=cast.kubar)

    assert rows(sign_in("admin").get(history(cast.kubar.public_id)).content.decode()) == [
        sentence_for("officer.logged_in")
    ]
    assert sign_in("berau").get(history(cast.kubar.public_id)).status_code == 404


def test_history_of_the_erased_stays_for_the_privacy_officer(cast, sign_in):
    partner = cast.partner()
    record(by=None, verb="partner.erased", obj=partner, subject=partner.public_id)
    public_id = partner.public_id
    partner.delete()

    assert rows(sign_in("privasi").get(history(public_id)).content.decode()) == [
        sentence_for("partner.erased")
    ]
    assert sign_in("kubar").get(history(public_id)).status_code == 404


def test_history_without_lines_says_so(cast, sign_in):
    html = sign_in("kubar").get(history(cast.partner().public_id)).content.decode()

    assert rows(html) == []
    assert "text-secondary p-3" in html


def test_history_fragment_is_the_lines_alone(cast, sign_in):
    partner = cast.partner()
    record(by=cast.kubar, verb="partner.registered", obj=partner)

    html = sign_in("kubar").get(history(partner.public_id), headers={"HX-Request": "true"}).content.decode()

    assert html.lstrip().startswith('<div class="history-lines">')
    assert len(rows(html)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_history_costs_the_same_for_one_line_and_three(cast, sign_in, count, django_assert_num_queries):
    partner = cast.partner()
    client = sign_in("kubar")
    for number in range(count):
        record(by=cast.officer(f"petugas{number}", "polres-kubar"), verb="partner.updated", obj=partner)

    # session, officer; may the account, the partner be seen (scope, shares, partner); lines, officers, units
    with django_assert_num_queries(8):
        html = client.get(history(partner.public_id)).content.decode()

    assert len(rows(html)) == count


def test_sentence_falls_back_to_the_verb():
    assert sentence_for("hal.baru") == "hal.baru"
    assert field_label("partner", "tidak_ada") == "tidak ada"
    assert field_label("bukan-model", "tidak_ada") == "tidak ada"
    assert field_label("consent", "handles") == "Akun"


def test_sentence_exists_for_every_verb_that_is_recorded():
    """Verbs are literals in the operations, so the source is read; those built from a state are listed by hand."""
    from tests.test_architecture import ROOT, files

    literal = re.compile(r'verb=f?"([a-z_]+\.[a-z_{}.]+)"')
    found = {verb for path in files() for verb in literal.findall((ROOT / path).read_text())}

    assert "officer.logged_in" in found
    assert {verb for verb in found if "{" not in verb} - set(SENTENCES) == set()
