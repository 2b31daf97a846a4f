"""The public pages: what is kept, what can never be done, the yearly count, and the official channels."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Officer, Unit
from audit.models import Entry
from partners.models import OutsideRequest
from portal.models import ReportChannel
from portal.operations import channels
from portal.promises import PROMISES
from tests import test_absent, test_access_matrix

PAGE, CHANNELS = reverse("portal:transparency"), reverse("portal:report-channels")

# Promise → the tests that fail when it is broken.
KEPT_BY = {
    "posts": ["test_absent_fields", "test_absent_libraries", "test_absent_clients_of_other_hosts"],
    "score": ["test_absent_fields", "test_absent_choices"],
    "traits": ["test_absent_fields", "test_absent_choices"],
    "notes": ["test_absent_fields", "test_absent_room_for_hidden_notes"],
    "pledges": ["test_absent_list_of_those_who_did_not_pledge", "test_absent_filter_by_pledge"],
    "reporting": ["test_absent_reporting_of_persons"],
    "source": ["test_absent_fields"],
    "elsewhere": ["test_absent_foreign_assets", "test_absent_foreign_sources_in_the_policy"],
    "neutrality": ["test_absent_fields", "test_absent_choices"],
    "branches": ["test_absent_models_addresses_roles_and_permissions"],
}


def asked(cast, year: int, state: str = "open") -> OutsideRequest:
    decided = {"decided_at": timezone.now(), "decided_by_id": 1, "decision": "Uji"} if state != "open" else {}
    return OutsideRequest.objects.create(
        unit=cast.unit("polres-kubar"),
        received_on=date(year, 3, 1),
        asker="Satreskrim Zzyx",
        wanted="Minta",
        legal_basis="UU",
        state=state,
        given="Jumlah" if state in {"granted", "partly"} else "",
        **decided,
    )


def test_promises_are_kept_by_tests_that_exist():
    assert set(PROMISES) == set(KEPT_BY)
    names = {name for kept in KEPT_BY.values() for name in kept}
    assert {name for name in names if not callable(getattr(test_absent, name, None))} == set()
    assert callable(test_access_matrix.test_access_matrix)


@pytest.mark.parametrize("language", ["id", "en"])
def test_transparency_says_every_promise_to_everybody(client, db, language):
    client.cookies["rembuk_language"] = language
    client.post(reverse("set_language"), {"language": language, "next": "/"})

    text = client.get(PAGE).content.decode()

    with translation.override(language):
        said = [key for key in PROMISES if f'id="never-{key}"' in text]
    assert said == list(PROMISES)
    assert f'<html lang="{language}">' in text


def test_transparency_counts_requests_by_year(cast, client, django_assert_num_queries):
    for year, states in {2025: ["granted", "refused", "refused", "open"], 2026: ["partly"]}.items():
        for state in states:
            asked(cast, year, state)

    with django_assert_num_queries(1):
        response = client.get(PAGE)

    rows = [(y.year, y.received, y.granted, y.partly, y.refused) for y in response.context["years"]]
    assert rows == [(2026, 1, 0, 1, 0), (2025, 4, 1, 0, 2)]
    assert "Zzyx" not in response.content.decode()


@pytest.mark.parametrize("address", ["/akun/masuk/", "/transparansi/"])
def test_public_pages_are_linked(client, db, address):
    text = client.get(reverse("account_login") if "masuk" in address else address).content.decode()
    assert (f'href="{PAGE}"' in text, f'href="{CHANNELS}"' in text) == (True, True)


# ---- channels


@pytest.fixture
def channel(db):
    return ReportChannel.objects.create(
        code="uji", name="Kanal Uji", owner="Lembaga Uji", use_for="Hoaks", url="https://uji.go.id", order=5
    )


def test_hidden_channel_is_not_shown(cast, client, channel):
    assert "Kanal Uji" in client.get(CHANNELS).content.decode()

    channels.update(channel=channel, by=cast.admin, is_active=False)

    assert "Kanal Uji" not in client.get(CHANNELS).content.decode()
    line = Entry.objects.get()
    assert (line.verb, line.fields, line.actor_id) == ("report_channel.updated", ["is_active"], cast.admin.pk)


def test_loaded_channels_print_no_old_number_and_stay_as_changed(db, client):
    call_command("load_reference", verbosity=0)
    mabes = Unit.objects.get(code="mabes")
    admin = Officer.objects.create(username="admin", full_name="Admin", unit=mabes, role="administrator")
    text = client.get(CHANNELS).content.decode()
    assert ReportChannel.objects.count() == 12
    assert ("0811" in text, "SIGAPLapor" in text) == (False, True)
    assert ReportChannel.objects.exclude(contact="").values_list("code", "contact").get() == (
        "polri110",
        "110",
    )

    lapor = ReportChannel.objects.get(code="lapor")
    channels.update(channel=lapor, by=admin, name="LAPOR baru")
    rows = [
        {"code": code, "name": "Lain", "owner": "Lain", "use_for": "Lain", "url": "", "contact": ""}
        for code in ("lapor", "kpai")
    ]
    channels.load(rows)

    named = dict(ReportChannel.objects.filter(code__in=["lapor", "kpai"]).values_list("code", "name"))
    assert named == {"lapor": "LAPOR baru", "kpai": "Lain"}


def test_channels_are_kept_by_administrators_of_the_whole_site(cast, channel):
    lower = cast.officer("admin.polda", "polda-kaltim", "administrator")
    agency = cast.officer("admin.agency", "diskominfo-kalbar", "administrator")
    for officer in (lower, agency, cast.bidhumas):
        with pytest.raises(PermissionDenied):
            channels.update(channel=channel, by=officer, name="Lain")
        with pytest.raises(PermissionDenied):
            channels.add(by=officer, name="Lain", owner="Lain", use_for="Lain")
    assert list(ReportChannel.objects.values_list("name", flat=True)) == ["Kanal Uji"]


def test_channel_of_the_same_name_is_refused(cast, channel):
    channels.add(by=cast.admin, name="Kanal Dua", owner="Uji", use_for="Uji")
    with pytest.raises(ValidationError) as caught:
        channels.add(by=cast.admin, name="Kanal Dua", owner="Uji", use_for="Uji")
    assert caught.value.error_dict["name"][0].code == "taken"


def test_channel_form_keeps_what_was_typed(cast, sign_in):
    client = sign_in("admin")
    sent = {
        "name": "Kanal Baru",
        "owner": "",
        "use_for": "Hoaks",
        "url": "javascript:alert(1)",
        "order": "10",
    }

    response = client.post(reverse("portal:channel-add"), sent)

    assert set(response.context["form"].errors) == {"owner", "url"}
    assert 'value="Kanal Baru"' in response.content.decode()
    good = {**sent, "owner": "Uji", "url": "https://baru.go.id", "is_active": "on"}
    assert client.post(reverse("portal:channel-add"), good).status_code == 302
    assert ReportChannel.objects.get().url == "https://baru.go.id"


def test_pages_of_administrators_are_shut_while_the_phone_is_handed_over(cast, channel, sign_in):
    """Red before: they stand in the app of the public pages, which stay open to the person who holds the phone."""
    client = sign_in("admin")
    session = client.session
    session["handed_over_at"] = time.time()
    session.save()

    closed = [
        client.get(reverse("portal:channel-list")),
        client.post(reverse("portal:channel-edit", args=[channel.public_id]), {"name": "Lain"}),
    ]

    assert [response.status_code for response in closed] == [302, 302]
    assert {response["Location"].split("?")[0] for response in closed} == {reverse("account_reauthenticate")}
    assert client.get(reverse("portal:transparency")).status_code == 200
