"""Outreach: appeals and internal sessions, never with a list of who attended."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import Entry
from events.models import Event, Outreach, Participant
from events.operations import outreach
from events.queries.outreach import outreach_of, outreach_visible_to
from regions.models import Region


def _fields(cast, **fields):
    return {
        "kind": "appeal",
        "title": "Imbauan bijak bermedia sosial",
        "unit": cast.unit("polres-kubar"),
        "region": Region.objects.get(pk="64.07"),
        "issuer_name": "I Made Pasek Riawan",
        "channel": "press",
        "audience": "Pegiat media sosial",
        "message": "Periksa dahulu sebelum membagikan.",
        **fields,
    }


def _issue(cast, by="kubar", **fields):
    return outreach.create(by=cast.officers[by], **_fields(cast, **fields))


def _form(cast, **fields):
    return {
        **_fields(cast, unit=cast.unit("polres-kubar").pk),
        "region_province": "64",
        "region_regency": "64.07",
        "region_district": "",
        **fields,
    }


def _code(refused):
    return next(iter(refused.value.error_dict.values()))[0].code


def _url(name, *rows):
    return reverse(f"events:{name}", args=[row.public_id for row in rows])


# The operations


def test_create_writes_what_is_known_and_one_line_in_the_audit(cast):
    record = _issue(cast, held_on=None, head_count=None)

    record.refresh_from_db()
    assert (record.held_on, record.head_count, record.created_by_id) == (None, None, cast.kubar.pk)
    assert list(Entry.objects.values_list("verb", "unit_id", "object_public_id")) == [
        ("outreach.created", cast.unit("polres-kubar").pk, record.public_id)
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"unit": "polda-kaltim"}, "unit_out_of_scope"),
        ({"unit": "diskominfo-kalbar"}, "unit_out_of_scope"),
        ({"link": "http://contoh.example/"}, "not_https"),
        ({"link": "javascript:alert(1)"}, "not_https"),
        ({"message": "x" * 2001}, "too_long"),
        ({"title": ""}, "blank"),
        ({"head_count": -1}, "min_value"),
    ],
)
def test_create_is_refused_and_leaves_nothing(cast, fields, code):
    if "unit" in fields:
        fields = {"unit": cast.unit(fields["unit"])}

    with pytest.raises(ValidationError) as refused:
        _issue(cast, **fields)

    assert (_code(refused), Outreach.objects.count(), Entry.objects.count()) == (code, 0, 0)


def test_a_programme_out_of_sight_is_refused(cast):
    hidden = cast.program(name="Kenari", unit=cast.unit("diskominfo-kalbar"), region_id="61")

    with pytest.raises(ValidationError) as refused:
        _issue(cast, program=hidden)

    assert _code(refused) == "program_out_of_scope"


def test_update_writes_what_changed_and_refuses_other_units(cast):
    record = _issue(cast)

    outreach.update(outreach=record, by=cast.bidhumas, head_count=40, title=record.title)

    entry = Entry.objects.order_by("pk").last()
    assert (Outreach.objects.get().head_count, entry.verb, entry.fields) == (
        40,
        "outreach.updated",
        ["head_count"],
    )
    for username in ("berau", "diskominfo"):
        with pytest.raises(ValidationError) as refused:
            outreach.update(outreach=record, by=cast.officers[username], head_count=1)
        assert refused.value.code == "unit_out_of_scope"
    with pytest.raises(TypeError):
        outreach.update(outreach=record, by=cast.kubar, is_demo=True)


@pytest.mark.parametrize("act", ["create", "update"])
def test_outreach_rolls_back_as_a_whole(cast, monkeypatch, act):
    record = _issue(cast) if act == "update" else None

    def fail(*_args, **_named):
        raise RuntimeError("audit")

    monkeypatch.setattr(outreach, "record", fail)
    with pytest.raises(RuntimeError):
        if record is None:
            _issue(cast)
        else:
            outreach.update(outreach=record, by=cast.kubar, head_count=40)

    assert list(Outreach.objects.values_list("head_count", flat=True)) == ([None] if record else [])


# Who sees


def test_outreach_is_seen_by_the_unit_and_those_above(cast):
    ours, polda = _issue(cast), _issue(cast, by="bidhumas", unit=cast.unit("polda-kaltim"))
    theirs = _issue(cast, by="diskominfo", unit=cast.unit("diskominfo-kalbar"))

    def seen(username):
        return set(outreach_visible_to(cast.officers[username]))

    assert seen("kubar") == seen("kubar2") == {ours}
    assert seen("bidhumas") == seen("pimpinan") == seen("divhumas") == {ours, polda}
    assert seen("diskominfo") == {theirs}
    assert seen("berau") == seen("privasi") == seen("admin") == set()


def test_the_programme_shows_only_what_the_officer_sees(cast):
    program = cast.program()
    cast.event(program=program)
    ours = _issue(cast, program=program)
    polda = _issue(cast, by="bidhumas", unit=cast.unit("polda-kaltim"), program=program)

    assert list(outreach_of(program, cast.kubar)) == [ours]
    assert set(outreach_of(program, cast.bidhumas)) == {ours, polda}


# The pages


def test_pages_add_show_and_edit(cast, sign_in):
    client = sign_in("kubar")
    sent = _form(cast, held_on="2024-10-16", head_count="120", link="https://contoh.example/imbauan")

    answer = client.post(reverse("events:outreach-add"), sent)

    record = Outreach.objects.get()
    assert answer.url == _url("outreach-detail", record)
    assert (record.held_on, record.head_count, record.region_id) == (date(2024, 10, 16), 120, "64.07")
    page = client.get(answer.url).content.decode()
    assert all(words in page for words in (record.title, record.issuer_name, record.link, "120"))
    opened = client.get(_url("outreach-edit", record)).content.decode()
    assert ('data-draft="outreach"' in opened, record.message in opened) == (True, True)

    client.post(_url("outreach-edit", record), {**sent, "held_on": "", "head_count": ""})
    record.refresh_from_db()
    assert (record.held_on, record.head_count) == (None, None)
    assert (Participant.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind": "pesta"}, "kind"),
        ({"link": "http://contoh.example/"}, "link"),
        ({"head_count": "banyak"}, "head_count"),
        ({"held_on": "9999-12-31"}, "held_on"),
        ({"region_province": ""}, "region"),
    ],
)
def test_bad_input_is_kept_and_answered_beside_its_field(cast, sign_in, fields, field):
    response = sign_in("kubar").post(
        reverse("events:outreach-add"), _form(cast, audience="Warganet Kubar", **fields)
    )

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert "Warganet Kubar" in response.content.decode()
    assert Outreach.objects.count() == 0


def test_the_forms_offer_own_units_and_visible_programmes_only(cast, sign_in):
    hidden = cast.program(name="Kenari", unit=cast.unit("diskominfo-kalbar"), region_id="61")

    form = (
        sign_in("kubar").get(f"{reverse('events:outreach-add')}?program={hidden.public_id}").context["form"]
    )

    assert {unit.code for unit in form.fields["unit"].queryset} == {"polres-kubar"}
    assert list(form.fields["program"].queryset) == []
    assert "program" not in form.initial


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Sesi", "Imbauan lama", "Tanpa tanggal"]),
        ("kind=internal_session", ["Sesi"]),
        ("year=2023", ["Imbauan lama"]),
        ("q=lama", ["Imbauan lama"]),
        ("q=warganet", ["Tanpa tanggal"]),
        ("year=1066", ["Sesi", "Imbauan lama", "Tanpa tanggal"]),
        ("from=99999", []),
        ("from=abc", ["Sesi", "Imbauan lama", "Tanpa tanggal"]),
    ],
)
def test_list_is_narrowed_and_undated_stands_last(cast, sign_in, query, titles):
    _issue(cast, title="Tanpa tanggal", audience="Warganet")
    _issue(cast, title="Imbauan lama", held_on=date(2023, 1, 2))
    _issue(cast, title="Sesi", kind="internal_session", held_on=date(2024, 1, 2))
    _issue(cast, by="diskominfo", unit=cast.unit("diskominfo-kalbar"), title="KENARI")

    response = sign_in("kubar").get(f"{reverse('events:outreach-list')}?{query}")

    found = [row.title for row in response.context["rows"]]
    # A year of which there is nothing is no choice of the filter: the list stays empty or whole, never an error.
    assert found == titles or (query == "year=1066" and found == [])
    assert "KENARI" not in response.content.decode()


def test_list_costs_the_same_with_one_and_three_records(cast, sign_in, django_assert_num_queries):
    client = sign_in("kubar")
    _issue(cast, held_on=date(2024, 1, 2), program=None)
    # session, officer, scope; years, programmes, the records
    with django_assert_num_queries(6):
        client.get(reverse("events:outreach-list"))
    _issue(cast, title="Dua", region=Region.objects.get(pk="64.07.07"))
    _issue(cast, title="Tiga", held_on=date(2023, 1, 2))
    with django_assert_num_queries(6):
        client.get(reverse("events:outreach-list"))


def test_a_leader_reads_and_does_not_write(cast, sign_in):
    record = _issue(cast)
    client = sign_in("pimpinan")

    assert record.title in client.get(_url("outreach-detail", record)).content.decode()
    assert client.get(_url("outreach-edit", record)).status_code == 403
    assert _url("outreach-edit", record) not in client.get(_url("outreach-detail", record)).content.decode()


def test_a_programme_that_the_reader_cannot_see_is_not_named(cast, sign_in):
    """Moved to another unit after the record was written."""
    program = cast.program(name="KENARI rangkaian")
    cast.event(program=program)
    record = _issue(cast, program=program)
    Event.objects.update(host_unit=cast.unit("polda-kaltim"))
    Event.objects.get().event_units.all().delete()

    assert "KENARI" not in sign_in("kubar").get(_url("outreach-detail", record)).content.decode()
    assert "KENARI" in sign_in("bidhumas").get(_url("outreach-detail", record)).content.decode()
