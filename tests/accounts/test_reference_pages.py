"""Texts and calendars of the whole site: published anew, never edited, by the administrators at the top."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Election
from accounts.operations import elections
from audit.models import Entry
from events.models import PledgeText
from events.operations import pledge_texts
from partners.models import ConsentText
from partners.operations import consent_texts
from partners.queries.consents import current_texts, standings_of

DAYS = {
    "candidates_fixed_on": date(2029, 9, 1),
    "campaign_from": date(2029, 9, 4),
    "campaign_to": date(2029, 11, 20),
    "quiet_from": date(2029, 11, 21),
    "quiet_to": date(2029, 11, 23),
    "voting_on": date(2029, 11, 24),
}
CALENDAR = {"name": "Pilkada 2029", "region": None, "result_on": None, "checked": "", **DAYS}


def field_codes(caught) -> dict[str, str]:
    return {name: errors[0].code for name, errors in caught.value.error_dict.items()}


@pytest.fixture
def lower(cast):
    return cast.officer("admin.polda", "polda-kaltim", "administrator")


def test_only_the_top_keeps_what_holds_for_the_whole_site(cast, lower, sign_in):
    """Red with the rule asking for the permission alone."""
    text = cast.pledge_text()
    for officer in (lower, cast.bidhumas):
        for act in (
            lambda officer=officer: consent_texts.publish_next(
                purpose="keep", body="Lain", valid_from=timezone.localdate(), by=officer
            ),
            lambda officer=officer: pledge_texts.publish_next(
                text=text, title="Lain", preamble="", points=["Satu"], by=officer
            ),
            lambda officer=officer: elections.add(by=officer, **CALENDAR),
        ):
            with pytest.raises(PermissionDenied):
                act()
    cast.officers["admin.polda"] = lower
    entry = reverse("partners:consent-text-list")
    assert sign_in("admin.polda").get(entry).status_code == 403
    shown = {
        who: entry in sign_in(who).get("/").content.decode() for who in ("admin", "admin.polda", "kubar")
    }
    assert shown == {"admin": True, "admin.polda": False, "kubar": False}


# ---- consent texts


def test_next_version_is_in_force_from_its_day(cast):
    today = timezone.localdate()
    later = today + timedelta(days=5)
    consent_texts.publish_next(purpose="keep", body="Kalimat baru", valid_from=later, by=cast.admin)
    partner = cast.partner("Sari")

    assert (current_texts()["keep"].version, current_texts(later)["keep"].version) == (1, 2)
    assert standings_of(partner)[0].text.version == 1
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert standings_of(partner)[0].text.version == 2
    line = Entry.objects.get(verb="consent_text.published")
    assert (line.actor_id, line.fields) == (cast.admin.pk, ["keep", "v2"])


def test_next_version_refuses(cast):
    today = timezone.localdate()
    publish = {"purpose": "keep", "by": cast.admin}
    with pytest.raises(ValidationError) as caught:
        consent_texts.publish_next(body="Lain", valid_from=today - timedelta(days=1), **publish)
    assert field_codes(caught) == {"valid_from": "past"}
    with pytest.raises(ValidationError) as caught:
        consent_texts.publish_next(body="Persetujuan keep", valid_from=today, **publish)
    assert field_codes(caught) == {"body": "same"}
    consent_texts.publish_next(body="Lain", valid_from=today + timedelta(days=9), **publish)
    with pytest.raises(ValidationError) as caught:
        consent_texts.publish_next(body="Lain lagi", valid_from=today, **publish)
    assert field_codes(caught) == {"valid_from": "before_another"}


def test_version_of_the_program_yields_to_one_published_here(cast):
    consent_texts.publish_next(
        purpose="keep", body="Dari kantor", valid_from=timezone.localdate(), by=cast.admin
    )
    kept = consent_texts.publish(purpose="keep", version=2, body="Dari program", valid_from=date(2024, 1, 1))
    assert kept.body == "Dari kantor"


def test_consent_text_pages(cast, sign_in):
    client = sign_in("admin")
    add = reverse("partners:consent-text-add", args=["keep"])
    assert client.get(add).context["form"]["body"].value() == "Persetujuan keep"
    client.post(add, {"body": "Kalimat <b>baru</b>", "valid_from": timezone.localdate().isoformat()})
    text = client.get(reverse("partners:consent-text-list")).content.decode()
    assert ("Kalimat &lt;b&gt;baru" in text, "Persetujuan keep" in text) == (True, True)
    assert ConsentText.objects.filter(purpose="keep").count() == 2
    assert client.get(reverse("partners:consent-text-add", args=["tidak"])).status_code == 404


# ---- pledge texts


def test_next_pledge_text_is_numbered_anew_and_the_old_one_stays(cast, sign_in):
    old = cast.pledge_text()
    add = reverse("events:pledge-text-add", args=[old.public_id])
    client = sign_in("admin")
    empty = client.post(add, {"title": "Komitmen", "preamble": "Sukarela"})
    assert set(empty.context["form"].errors) == {"point_1"}

    client.post(add, {"title": "Komitmen", "preamble": "Sukarela", "point_1": "Satu", "point_4": "Dua  dua"})

    new = PledgeText.objects.get(version=2)
    assert list(new.points.values_list("number", "body")) == [(1, "Satu"), (2, "Dua dua")]
    assert list(old.points.values_list("body", flat=True)) == ["Memeriksa kabar sebelum membagikannya."]
    assert client.get(reverse("events:pledge-text-list")).context["newest"] == [new]
    with pytest.raises(ValidationError) as caught:
        pledge_texts.publish_next(
            text=new, title="Komitmen", preamble="Sukarela", points=["x"] * 11, by=cast.admin
        )
    assert caught.value.code == "too_many"


# ---- election calendars


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("campaign_from", date(2029, 8, 1)),
        ("campaign_to", date(2029, 9, 1)),
        ("quiet_from", date(2029, 11, 20)),
        ("quiet_to", date(2029, 11, 20)),
        ("voting_on", date(2029, 11, 23)),
        ("result_on", date(2029, 11, 1)),
    ],
)
def test_days_of_a_calendar_are_in_order(cast, name, day):
    with pytest.raises(ValidationError) as caught:
        elections.add(by=cast.admin, **{**CALENDAR, name: day})
    assert name in field_codes(caught)
    assert Election.objects.count() == 0


def test_calendar_is_added_and_changed_by_its_pages(cast, sign_in):
    client = sign_in("admin")
    sent = {key: str(value) for key, value in DAYS.items()} | {"name": "Pilkada 2029"}
    wrong = client.post(reverse("accounts:election-add"), {**sent, "voting_on": "2029-11-01"})
    assert set(wrong.context["form"].errors) == {"voting_on"}
    client.post(reverse("accounts:election-add"), {**sent, "region_province": "64"})
    election = Election.objects.get()
    assert (election.code, election.region_id) == ("pilkada-2029", "64")

    edit = reverse("accounts:election-edit", args=[election.public_id])
    client.post(edit, {**sent, "region_province": "64", "result_on": "2029-12-20"})
    election.refresh_from_db()
    assert (election.result_on, election.edited_at is not None) == (date(2029, 12, 20), True)
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "election.added",
        "election.updated",
    ]


def test_calendars_whose_long_names_begin_alike_stand_beside_each_other(cast):
    """Red before: the code was cut at forty characters, and the second name was called taken."""
    names = [f"Pemilihan Gubernur dan Wakil Gubernur Kalimantan {side} 2029" for side in ("Timur", "Tengah")]
    for name in names:
        elections.add(by=cast.admin, **{**CALENDAR, "name": name})
    with pytest.raises(ValidationError) as caught:
        elections.add(by=cast.admin, **{**CALENDAR, "name": names[0]})

    assert caught.value.error_dict["name"][0].code == "taken"
    assert list(Election.objects.order_by("pk").values_list("name", flat=True)) == names
