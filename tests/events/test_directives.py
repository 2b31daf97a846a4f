"""Arahan: what a meeting tells units to do, who reported with evidence, and who is late."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audit.models import Detail, Entry
from events.choices import EventState
from events.models import Directive, DirectiveUnit
from events.operations import directives
from events.queries.directives import (
    directive_units_visible_to,
    directives_concerning,
    directives_due,
    directives_of,
    directives_visible_to,
    in_state,
)
from files.access import may_download
from files.models import StoredFile
from tests.cast import today

LINK = "https://contoh.example/bukti"


@pytest.fixture
def meeting(cast):
    """Anev of Polda Kaltim with Kubar and Kukar; Berau and Bontang were not there."""
    return cast.event("Rapat anev", kind="working_meeting", invited=["polres-kukar"], state=EventState.DONE)


@pytest.fixture
def directive(cast, meeting):
    return _give(cast, meeting)


def _give(cast, meeting, *units, text="Membentuk tim cek fakta", due_on=None, by="bidhumas"):
    return directives.give(
        event=meeting,
        by=cast.officers[by],
        text=text,
        units=[cast.unit(code) for code in units or ("polres-kubar", "polres-berau")],
        due_on=due_on or today() + timedelta(days=7),
    )


def _line(directive, unit="polres-kubar"):
    return DirectiveUnit.objects.get(directive=directive, unit__code=unit)


def _report(cast, directive, unit="polres-kubar", by="kubar", **fields):
    fields = {"report": "Tim sudah dibentuk", "evidence_url": LINK, **fields}
    return directives.report(line=_line(directive, unit), by=cast.officers[by], **fields)


def _photo():
    content = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(content, "PNG")
    return SimpleUploadedFile("Sari Wulandari.png", content.getvalue(), content_type="image/png")


def _codes(refused):
    error = refused.value
    groups = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return [one.code for group in groups for one in group]


def _url(name, *rows):
    return reverse(f"events:{name}", args=[row.public_id for row in rows])


# Giving


def test_give_numbers_the_directives_of_a_meeting(cast, meeting):
    first, second = _give(cast, meeting, text="  Membentuk \n tim "), _give(cast, meeting)

    assert [(row.number, row.text) for row in meeting.directives.all()] == [
        (1, "Membentuk tim"),
        (2, "Membentuk tim cek fakta"),
    ]
    assert list(first.owners.values_list("unit__code", "state")) == [
        ("polres-berau", "open"),
        ("polres-kubar", "open"),
    ]
    assert list(Entry.objects.order_by("pk").values_list("verb", "object_public_id", "unit_id")) == [
        ("directive.given", first.public_id, meeting.host_unit_id),
        ("directive.given", second.public_id, meeting.host_unit_id),
    ]


@pytest.mark.parametrize(
    ("text", "units", "code"),
    [
        ("  ", ["polres-kubar"], "required"),
        ("x" * 401, ["polres-kubar"], "too_long"),
        ("Membentuk tim", [], "units_required"),
        ("Membentuk tim", ["mabes"], "unit_out_of_tree"),
        ("Membentuk tim", ["polres-kubar", "diskominfo-kalbar"], "unit_out_of_tree"),
    ],
)
def test_give_is_refused_without_words_or_units_of_the_host(cast, meeting, text, units, code):
    with pytest.raises(ValidationError) as refused:
        directives.give(
            event=meeting,
            by=cast.bidhumas,
            text=text,
            units=[cast.unit(unit) for unit in units],
            due_on=date(2030, 1, 2),
        )

    assert (_codes(refused), Directive.objects.count(), Entry.objects.count()) == ([code], 0, 0)


@pytest.mark.parametrize(
    ("state", "hours", "allowed"),
    [
        (EventState.DRAFT, 1, False),
        (EventState.SUBMITTED, 1, False),
        (EventState.PUBLISHED, -1, False),
        (EventState.PUBLISHED, 1, True),
        (EventState.DONE, 1, True),
        (EventState.REPORTED, 1, True),
        (EventState.CANCELLED, 1, False),
    ],
)
def test_directives_are_given_once_the_meeting_has_begun(cast, state, hours, allowed):
    meeting = cast.event(state=state, starts_at=timezone.now() - timedelta(hours=hours))

    if allowed:
        assert _give(cast, meeting).number == 1
        return
    with pytest.raises(ValidationError) as refused:
        _give(cast, meeting)
    assert _codes(refused) == ["not_begun"]


def test_only_the_host_and_those_above_give(cast, meeting):
    with pytest.raises(ValidationError):
        _give(cast, meeting, by="kubar")

    assert _give(cast, meeting, by="divhumas").number == 1


def test_update_changes_text_day_and_units_and_keeps_what_stood_before(cast, directive):
    kubar = _line(directive)
    wanted = [cast.unit("polres-kubar"), cast.unit("polres-bontang")]

    directives.update(
        directive=directive, by=cast.bidhumas, text="Memperkuat tim", units=wanted, due_on=date(2030, 1, 2)
    )

    directive.refresh_from_db()
    assert (directive.text, directive.due_on) == ("Memperkuat tim", date(2030, 1, 2))
    assert set(directive.owners.values_list("unit__code", flat=True)) == {"polres-kubar", "polres-bontang"}
    assert _line(directive) == kubar
    entry = Entry.objects.order_by("pk").last()
    assert entry.verb == "directive.updated"
    assert Detail.objects.get(entry=entry).changes["text"] == ["Membentuk tim cek fakta", "Memperkuat tim"]
    directives.update(
        directive=directive, by=cast.bidhumas, text="Memperkuat tim", units=wanted, due_on=date(2030, 1, 2)
    )
    assert Entry.objects.filter(verb="directive.updated").count() == 1


def test_what_somebody_reported_on_stays_as_it_is(cast, directive):
    stale = Directive.objects.get(pk=directive.pk)
    _report(cast, directive)

    for act in (
        lambda: directives.remove(directive=stale, by=cast.bidhumas),
        lambda: directives.update(
            directive=stale,
            by=cast.bidhumas,
            text="Lain",
            units=[cast.unit("polres-kubar")],
            due_on=date(2030, 1, 2),
        ),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert _codes(refused) == ["already_reported"]
    assert Directive.objects.get().text == "Membentuk tim cek fakta"


def test_remove_leaves_the_numbers_of_the_others(cast, meeting, directive):
    second = _give(cast, meeting)
    line = _line(directive)

    directives.remove(directive=directive, by=cast.bidhumas)

    assert list(Directive.objects.values_list("number", flat=True)) == [second.number] == [2]
    assert Entry.objects.order_by("pk").last().verb == "directive.removed"
    with pytest.raises(ValidationError) as refused:
        directives.report(line=line, by=cast.kubar, report="Sudah", evidence_url=LINK)
    assert _codes(refused) == ["not_open"]


# Reporting


def test_report_with_a_file_stores_it_without_its_name(cast, directive):
    _report(cast, directive, evidence_file=_photo(), evidence_url="")

    line, stored = _line(directive), StoredFile.objects.get()
    assert (line.state, line.report, line.reported_by_id, line.evidence_file) == (
        "reported",
        "Tim sudah dibentuk",
        cast.kubar.pk,
        stored,
    )
    assert (stored.purpose, stored.unit_id, "Sari" in stored.name) == (
        "directive_evidence",
        line.unit_id,
        False,
    )
    entry = Entry.objects.order_by("pk").last()
    assert (entry.verb, entry.unit_id) == ("directive.reported", line.unit_id)
    assert _line(directive, "polres-berau").state == "open"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"report": " "}, "required"),
        ({"report": "x" * 501}, "too_long"),
        ({"evidence_url": " "}, "evidence_missing"),
        ({"evidence_url": "javascript:alert(1)"}, "invalid"),
        ({"evidence_url": LINK + "a" * 300}, "too_long"),
        ({"evidence_file": SimpleUploadedFile("a.svg", b"<svg/>")}, "file_type"),
    ],
)
def test_report_is_refused_without_words_and_good_evidence(cast, directive, fields, code):
    with pytest.raises(ValidationError) as refused:
        _report(cast, directive, **fields)

    assert _codes(refused) == [code]
    assert (_line(directive).state, StoredFile.objects.count()) == ("open", 0)


def test_a_unit_reports_for_itself_and_once(cast, directive):
    with pytest.raises(ValidationError) as refused:
        _report(cast, directive, by="berau")
    assert _codes(refused) == ["out_of_scope"]

    _report(cast, directive)
    with pytest.raises(ValidationError) as refused:
        _report(cast, directive, report="Lagi")
    assert _codes(refused) == ["not_open"]
    assert _line(directive).report == "Tim sudah dibentuk"


@pytest.mark.parametrize("act", ["give", "update", "remove", "report"])
def test_directives_roll_back_as_a_whole(cast, meeting, directive, monkeypatch, act):
    before = (
        list(Directive.objects.values_list("pk", "text")),
        list(DirectiveUnit.objects.values_list("pk", "state")),
    )

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(directives.recording, "record", fail)
    with pytest.raises(RuntimeError):
        {
            "give": lambda: _give(cast, meeting),
            "update": lambda: directives.update(
                directive=directive,
                by=cast.bidhumas,
                text="Lain",
                units=[cast.unit("polres-bontang")],
                due_on=date(2030, 1, 2),
            ),
            "remove": lambda: directives.remove(directive=directive, by=cast.bidhumas),
            "report": lambda: _report(cast, directive),
        }[act]()

    assert before == (
        list(Directive.objects.values_list("pk", "text")),
        list(DirectiveUnit.objects.values_list("pk", "state")),
    )


# Who sees, and who is late


def test_a_unit_that_was_not_there_sees_the_directive_and_its_own_line(cast, meeting, directive):
    other = _give(cast, meeting, "polres-kubar")

    def seen(username):
        return set(directives_visible_to(cast.officers[username]))

    def lines(username):
        rows = directive_units_visible_to(cast.officers[username]).filter(directive=directive)
        return set(rows.values_list("unit__code", flat=True))

    everyone = {"polres-kubar", "polres-berau"}
    assert seen("bidhumas") == seen("kubar") == seen("kukar") == seen("pimpinan") == {directive, other}
    assert seen("berau") == {directive}
    assert seen("bontang") == seen("diskominfo") == seen("privasi") == set()
    assert lines("bidhumas") == lines("kubar") == lines("kukar") == everyone
    assert lines("berau") == {"polres-berau"}
    assert lines("diskominfo") == set()


def test_an_agency_at_the_meeting_heard_the_directive_and_reads_no_report_of_the_police(cast):
    meeting = cast.event(
        "Rapat", kind="working_meeting", invited=["diskominfo-kalbar"], state=EventState.DONE
    )
    directive = _give(cast, meeting)
    _report(cast, directive)

    assert list(directives_visible_to(cast.diskominfo)) == [directive]
    assert directive_units_visible_to(cast.diskominfo).count() == 0
    assert directive_units_visible_to(cast.bidhumas).count() == 2


def test_an_agency_and_the_police_see_nothing_of_each_other(cast):
    meeting = cast.event(host="diskominfo-kalbar", co_hosts=[], state=EventState.DONE, region_id="61.71")
    directive = _give(cast, meeting, "diskominfo-kalbar", by="diskominfo")

    assert list(directives_visible_to(cast.diskominfo)) == [directive]
    for username in ("divhumas", "bidhumas", "kubar", "pimpinan"):
        assert list(directives_visible_to(cast.officers[username])) == []
        assert list(directives_due(cast.officers[username])) == []


def test_counts_are_of_the_lines_that_the_reader_sees(cast, meeting, directive):
    _report(cast, directive)

    def counted(username):
        row = directives_concerning(cast.officers[username]).get(pk=directive.pk)
        return row.reported, row.total

    assert (counted("bidhumas"), counted("kubar"), counted("berau")) == ((1, 2), (1, 2), (0, 1))


@pytest.mark.parametrize(
    ("host", "by", "zone", "last", "late"),
    [
        ("diskominfo-kalbar", "diskominfo", "Asia/Pontianak", (2024, 10, 22, 0, 59), (2024, 10, 22, 1, 0)),
        ("polda-kaltim", "bidhumas", "Asia/Makassar", (2024, 10, 21, 23, 59), (2024, 10, 22, 0, 0)),
        ("polda-kaltim", "bidhumas", "Asia/Jayapura", (2024, 10, 21, 22, 59), (2024, 10, 21, 23, 0)),
    ],
)
def test_overdue_by_the_calendar_of_the_host(cast, time_machine, host, by, zone, last, late):
    """Moments by the clock of Kutai Barat; the host sits in WIB, WITA or WIT."""
    unit = cast.unit(host)
    unit.timezone = zone
    unit.save()
    meeting = cast.event(host=host, co_hosts=[], state=EventState.DONE)
    directive = _give(cast, meeting, host, due_on=date(2024, 10, 21), by=by)
    user = cast.officers[by]

    found = []
    for moment in (last, late):
        time_machine.move_to(cast.at(*moment), tick=False)
        found.append(
            (
                directives_of(meeting, user).get(pk=directive.pk).is_overdue,
                [row.is_overdue for row in directives_due(user)],
            )
        )

    assert found == [(False, [False]), (True, [True])]


def test_what_all_reported_on_is_never_overdue(cast, meeting):
    directive = _give(cast, meeting, "polres-kubar", due_on=date(2024, 1, 1))
    assert directives_of(meeting, cast.bidhumas).get().is_overdue is True

    _report(cast, directive)

    assert directives_of(meeting, cast.bidhumas).get().is_overdue is False


def test_list_is_narrowed_by_state(cast, meeting):
    late = _give(cast, meeting, "polres-kubar", due_on=date(2024, 1, 1))
    done = _give(cast, meeting, "polres-kubar")
    half = _give(cast, meeting)
    _report(cast, done)
    _report(cast, half)

    def found(username, state):
        return set(in_state(directives_concerning(cast.officers[username]), state))

    assert found("bidhumas", "") == {late, done, half}
    assert found("bidhumas", "open") == {late, half}
    assert found("bidhumas", "reported") == {done}
    assert found("bidhumas", "overdue") == {late}
    # Taking part alone is no concern: Kukar gave none and carries none out.
    assert found("kukar", "") == set()
    assert (found("berau", "open"), found("berau", "reported")) == ({half}, set())


def test_list_begins_with_what_is_still_open(cast, meeting):
    done = _give(cast, meeting, "polres-kubar", due_on=date(2024, 1, 1))
    later = _give(cast, meeting, due_on=date(2030, 2, 1))
    soon = _give(cast, meeting, due_on=date(2030, 1, 1))
    _report(cast, done)

    assert list(directives_concerning(cast.bidhumas)) == [soon, later, done]


def test_directives_due_are_those_of_ones_own_units_the_next_first(cast, meeting):
    later = _give(cast, meeting, due_on=date(2030, 2, 1))
    soon = _give(cast, meeting, due_on=date(2030, 1, 1))
    _report(cast, _give(cast, meeting, "polres-kubar"))

    assert [row.directive for row in directives_due(cast.kubar)] == [soon, later]
    assert {row.unit.code for row in directives_due(cast.berau)} == {"polres-berau"}
    assert list(directives_due(cast.pimpinan)) == []


def test_directives_cost_one_query_each_way(cast, meeting):
    counts = []
    for number in range(3):
        _give(cast, meeting, text=f"Arahan {number}")
        list(directives_of(meeting, cast.kubar))
        with CaptureQueriesContext(connection) as queries:
            for row in directives_of(meeting, cast.kubar):
                assert (row.event.host_unit.short_name, row.total) == ("Polda Kaltim", 2)
            for line in directives_due(cast.kubar):
                assert line.unit.short_name != line.directive.event.host_unit.short_name
            assert len(directives_concerning(cast.kubar)) == number + 1
        counts.append(len(queries))

    assert counts == [3, 3, 3]


def test_evidence_is_opened_by_who_sees_the_line(cast, directive, sign_in):
    _report(cast, directive, evidence_file=_photo(), evidence_url="")
    stored = StoredFile.objects.get()
    names = ("kubar", "bidhumas", "pimpinan", "kukar", "berau", "diskominfo", "privasi")

    assert {name: may_download(cast.officers[name], stored) for name in names} == {
        "kubar": True,
        "bidhumas": True,
        "pimpinan": True,
        "kukar": True,
        "berau": False,
        "diskominfo": False,
        "privasi": False,
    }
    assert sign_in("berau").get(f"/berkas/{stored.public_id}/").status_code == 404


# The pages


def test_pages_give_edit_and_take_away(cast, meeting, sign_in):
    client = sign_in("bidhumas")
    unit = cast.unit("polres-kubar")
    sent = {"text": "Membentuk tim", "due_on": "2030-01-02", "units": [unit.pk]}
    assert _url("directive-add", meeting) in client.get(_url("event-detail", meeting)).content.decode()

    assert client.post(_url("directive-add", meeting), sent).url == _url("event-detail", meeting)
    directive = Directive.objects.get()
    page = client.get(_url("event-detail", meeting)).content.decode()
    assert (directive.text in page, _url("directive-detail", directive) in page) == (True, True)

    client.post(_url("directive-edit", directive), {**sent, "due_on": "2030-02-03"})
    directive.refresh_from_db()
    assert directive.due_on == date(2030, 2, 3)
    assert directive.text in client.get(_url("directive-remove", directive)).content.decode()
    client.post(_url("directive-remove", directive))
    assert Directive.objects.count() == 0


def test_all_units_directly_below_in_one_tick(cast, meeting, sign_in):
    sent = {"text": "Membentuk tim", "due_on": "2030-01-02", "all_below": "on", "units": []}

    sign_in("bidhumas").post(_url("directive-add", meeting), sent)

    codes = set(DirectiveUnit.objects.values_list("unit__code", flat=True))
    assert codes == {"polres-kubar", "polres-berau", "polres-kukar", "polres-bontang"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 401}, "text"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"units": []}, "units"),
        ({"units": ["999999"]}, "units"),
    ],
)
def test_bad_input_is_kept_and_answered_beside_its_field(cast, meeting, sign_in, fields, field):
    sent = {
        "text": "Membentuk tim",
        "due_on": "2030-01-02",
        "units": [cast.unit("polres-kubar").pk],
        **fields,
    }

    response = sign_in("bidhumas").post(_url("directive-add", meeting), sent)

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Directive.objects.count() == 0
    assert field == "text" or "Membentuk tim" in response.content.decode()


def test_a_unit_reports_and_the_meeting_sees_how_many(cast, meeting, directive, sign_in):
    client, line = sign_in("kubar"), _line(directive)
    assert _url("directive-report", line) in client.get(_url("directive-detail", directive)).content.decode()

    empty = client.post(_url("directive-report", line), {"report": "Tim sudah dibentuk"})
    assert [error.code for error in empty.context["form"].non_field_errors().as_data()] == [
        "evidence_missing"
    ]
    assert "Tim sudah dibentuk" in empty.content.decode()
    sent = {"report": "Tim sudah dibentuk", "evidence_file": _photo()}
    assert client.post(_url("directive-report", line), sent).url == _url("directive-detail", directive)

    assert client.get(_url("directive-report", line)).status_code == 403
    page = sign_in("bidhumas").get(_url("directive-detail", directive))
    assert (page.context["reported"], len(page.context["lines"])) == (1, 2)
    assert "Tim sudah dibentuk" in page.content.decode()
    assert _url("directive-edit", directive) not in page.content.decode()
    rows = sign_in("bidhumas").get(_url("event-detail", meeting)).context["directives"]
    assert [(row.reported, row.total) for row in rows] == [(1, 2)]


def test_pages_tell_a_unit_that_was_not_there_nothing_of_the_meeting(cast, sign_in):
    meeting = cast.event(
        "KENARI judul", venue="KENARI ruang", state=EventState.DONE, co_hosts=["polres-kukar"]
    )
    directive = _give(cast, meeting, "polres-berau", "polres-kukar")
    _report(cast, directive, "polres-kukar", by="kukar", report="KENARI laporan")
    client = sign_in("berau")
    pages = [
        client.get(_url("directive-detail", directive)),
        client.get(_url("directive-report", _line(directive, "polres-berau"))),
        client.get(reverse("events:directive-list")),
    ]

    for page in pages:
        html = page.content.decode()
        assert (page.status_code, directive.text in html, "Polda Kaltim" in html) == (200, True, True)
        assert "KENARI" not in html
        assert "Polres Kukar" not in html
        assert str(meeting.public_id) not in html
    assert client.get(_url("directive-report", _line(directive, "polres-kukar"))).status_code == 404
    assert "KENARI laporan" in sign_in("bidhumas").get(_url("directive-detail", directive)).content.decode()


@pytest.mark.parametrize("name", ["directive-edit", "directive-remove"])
def test_pages_are_closed_to_others(cast, directive, sign_in, name):
    answers = {
        username: sign_in(username).get(_url(name, directive)).status_code
        for username in ("kubar", "berau", "bontang", "diskominfo", "pimpinan")
    }

    assert answers == {"kubar": 403, "berau": 403, "bontang": 404, "diskominfo": 404, "pimpinan": 403}


def test_list_costs_the_same_with_one_and_three(cast, meeting, sign_in, django_assert_num_queries):
    client = sign_in("kubar")
    _give(cast, meeting)
    # session, officer, scope, the rows
    with django_assert_num_queries(4):
        client.get(reverse("events:directive-list"))
    _give(cast, meeting)
    _report(cast, _give(cast, meeting))
    with django_assert_num_queries(4):
        client.get(f"{reverse('events:directive-list')}?state=open")


def test_the_page_of_one_costs_the_same_with_one_and_three_units(
    cast, meeting, sign_in, django_assert_num_queries
):
    client = sign_in("bidhumas")
    one = _give(cast, meeting, "polres-kubar")
    three = _give(cast, meeting, "polres-kubar", "polres-berau", "polres-kukar")
    # session, officer, scope, the directive, its lines, whether the meeting is in sight
    for row in (one, three):
        with django_assert_num_queries(6):
            client.get(_url("directive-detail", row))


def test_the_list_reads_odd_addresses(cast, directive, sign_in):
    for query in ("state=lain", "from=abc", "from=99999", "state=open&from=0"):
        assert sign_in("kubar").get(f"{reverse('events:directive-list')}?{query}").status_code == 200
