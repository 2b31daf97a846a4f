"""The invitation to paste: these words, in Indonesian, without links, and none for who asked to be left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from events.choices import EventState
from events.invitation_text import invitation_text
from events.models import Event, Participant
from events.operations import delegations
from events.queries.events import with_place
from partners.models import Partner
from tests.events.test_delegations import organization


def _event(cast, **fields) -> Event:
    fields = {
        "starts_at": cast.at(2024, 10, 21, 20, 0),
        "dress": "Batik",
        "contact_name": "Ipda Rangga",
        "contact_phone": "+6281234567890",
        "answer_by": date(2024, 10, 18),
        **fields,
    }
    event = cast.event("Dialog Kehumasan", **fields)
    return with_place(Event.objects.all()).get(pk=event.pk)


def _group(event: Event) -> str:
    return reverse("events:invitation-copy", args=[event.public_id])


def _single(event: Event, guest) -> str:
    return reverse("events:guest-invitation-copy", args=[event.public_id, guest.public_id])


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_text_for_one_guest_whatever_the_language_of_the_site(cast, language):
    with translation.override(language):
        text = invitation_text(_event(cast, kind="jumat_curhat"), "Rina Sari, S.Kom.")

    assert text == (
        "Yth. Rina Sari, S.Kom.\n"
        "\n"
        "Dengan hormat, Polda Kaltim mengundang hadir dalam kegiatan Jumat Curhat:\n"
        "*Dialog Kehumasan*\n"
        "\n"
        "Waktu: Senin, 21 Oktober 2024, 20.00 WITA s.d. selesai\n"
        "Tempat: Raini's Koffie, Kecamatan Barong Tongkok, Kabupaten Kutai Barat\n"
        "Pakaian: Batik\n"
        "Narahubung: Ipda Rangga, 0812-3456-7890\n"
        "\n"
        "Mohon jawaban paling lambat Jumat, 18 Oktober 2024.\n"
        "Terima kasih."
    )


def test_what_is_not_known_is_left_out(cast):
    event = _event(cast, dress="", contact_name="", contact_phone="", answer_by=None, region_id="64.74")

    assert invitation_text(event).splitlines() == [
        "Yth. Bapak/Ibu/Saudara sekalian",
        "",
        "Dengan hormat, Polda Kaltim mengundang hadir dalam kegiatan Dialog kehumasan:",
        "*Dialog Kehumasan*",
        "",
        "Waktu: Senin, 21 Oktober 2024, 20.00 WITA s.d. selesai",
        "Tempat: Raini's Koffie, Kota Bontang",
        "",
        "Terima kasih.",
    ]


@pytest.mark.parametrize(
    ("region", "zone", "printed"),
    [
        ("61.71", "Asia/Pontianak", "Senin, 21 Oktober 2024, 19.00 WIB"),
        ("64.07", "Asia/Makassar", "Senin, 21 Oktober 2024, 20.00 WITA"),
        ("91.71", "Asia/Jayapura", "Senin, 21 Oktober 2024, 21.00 WIT"),
    ],
)
def test_the_hour_is_of_the_place_and_names_its_zone(cast, region, zone, printed):
    event = _event(cast, region_id=region, timezone=zone, starts_at=datetime(2024, 10, 21, 12, 0, tzinfo=UTC))

    assert f"Waktu: {printed} s.d. selesai" in invitation_text(event).splitlines()


def test_an_event_of_which_only_the_part_of_the_day_is_known(cast):
    event = _event(cast, has_time=False, part_of_day="night")

    assert "Waktu: Senin, 21 Oktober 2024, malam hari (WITA)" in invitation_text(event).splitlines()


def test_no_star_of_a_title_ends_the_bold_and_no_line_is_broken_into_it(cast):
    event = _event(cast)
    event.title, event.venue = "Dialog *hebat*", "Kedai\nlain"

    lines = invitation_text(event, "Rina\n*Sari*").splitlines()
    assert (lines[0], lines[3], lines[6][:18]) == ("Yth. Rina Sari", "*Dialog hebat*", "Tempat: Kedai lain")


def test_the_text_for_a_group_names_nobody_and_holds_no_link(cast, sign_in):
    event = _event(cast)
    cast.guest(event, cast.partner("Kenari Rahasia", phone="+6281100099977"))

    page = sign_in("kubar").get(_group(event))

    assert page.context["text"] == invitation_text(event)
    assert "http" not in page.context["text"]
    assert "Kenari" not in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "ready"),
    [
        ({"starts_at": None, "state": EventState.DRAFT, "answer_by": None}, False),
        ({"starts_at": None, "state": EventState.POSTPONED, "answer_by": None}, False),
        ({"state": EventState.CANCELLED}, False),
        ({"state": EventState.DONE}, False),
        (
            {"state": EventState.DRAFT},
            False,
        ),  # nothing goes out before a leader or the neutrality list has spoken
        ({"state": EventState.SUBMITTED}, False),
        ({"state": EventState.POSTPONED}, True),
        ({"state": EventState.PUBLISHED}, True),
    ],
)
def test_too_early_or_too_late_there_is_a_sentence_instead(cast, sign_in, fields, ready):
    event = _event(cast, **fields)
    guest = cast.guest(event, cast.partner())

    # Of a closed event no answer is written down any more, and so no single guest is asked.
    for url in (_group(event), _single(event, guest))[: 2 if event.is_open else 1]:
        page = sign_in("bidhumas").get(url)
        assert (page.status_code, bool(page.context["text"]), not page.context["refusal"]) == (
            200,
            ready,
            ready,
        )
        assert ('id="invitation"' in page.content.decode()) is ready


def test_nobody_who_asked_to_be_left_alone_gets_a_text(cast, sign_in):
    event = _event(cast)
    partner = cast.partner("Sari Wulandari")
    guest = cast.guest(event, partner)
    before = sign_in("bidhumas").get(_single(event, guest)).context["text"]
    Partner.objects.filter(pk=partner.pk).update(
        do_not_contact_at=timezone.now(), do_not_contact_by_id=cast.kubar.pk
    )

    page = sign_in("bidhumas").get(_single(event, guest))

    assert before.startswith("Yth. Sari Wulandari\n")
    assert page.context["text"] == ""
    assert "mengundang" not in page.content.decode()


@pytest.mark.parametrize(
    ("officer", "group", "single"),
    [
        ("bidhumas", 200, 200),
        ("kubar", 200, 200),
        ("kukar", 200, 403),
        ("berau", 404, 404),
        ("diskominfo", 404, 404),
        ("pimpinan", 403, 403),
    ],
)
def test_who_may_copy_what(cast, sign_in, officer, group, single):
    event = _event(cast, invited=["polres-kukar"])
    guest = cast.guest(event, cast.partner())
    client = sign_in(officer)

    assert (client.get(_group(event)).status_code, client.get(_single(event, guest)).status_code) == (
        group,
        single,
    )


def test_the_guest_list_offers_it_for_those_who_have_not_answered(cast, sign_in):
    event = _event(cast)
    silent = cast.guest(event, cast.partner("Satu"))
    answered = cast.guest(event, cast.partner("Dua"), answer="yes")

    page = sign_in("bidhumas").get(reverse("events:guest-list", args=[event.public_id])).content.decode()

    assert [_single(event, guest) in page for guest in (silent, answered)] == [True, False]


def test_who_is_no_partner_any_more_gets_no_text(cast, sign_in):
    """Invited, and then the consent to be kept was taken back."""
    event = _event(cast)
    partner = cast.partner("Sari Wulandari")
    guest = cast.guest(event, partner)
    Partner.objects.filter(pk=partner.pk).update(
        status="prospective", keep="none", decide_by=date(2024, 10, 30)
    )

    page = sign_in("bidhumas").get(_single(event, guest))

    assert (page.context["text"], bool(page.context["refusal"])) == ("", True)


def test_an_organisation_is_addressed_by_its_name_until_it_says_who_comes(cast, sign_in):
    event, one = _event(cast), organization(cast, "PWI Kutai Barat")
    delegations.invite(event=event, organizations=[one], by=cast.bidhumas)
    guest = Participant.objects.get(organization=one)
    before = sign_in("bidhumas").get(_single(event, guest)).context["text"].splitlines()[0]

    delegations.name(participant=guest, name="Rina Sari", by=cast.bidhumas)

    after = sign_in("bidhumas").get(_single(event, guest)).context["text"].splitlines()[0]
    assert (before, after) == ("Yth. PWI Kutai Barat", "Yth. Rina Sari")
