"""What must not exist. Each line of the promise on /transparansi and in docs/privacy.md is a negative test here.

They read models, choices, addresses, settings, templates, static files and requirements: the ways by which such a
thing would come in.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from csp.constants import NONCE
from django.apps import apps
from django.conf import settings
from django.db.models import Field
from django.utils import timezone

from accounts.choices import Role
from accounts.roles import ALL_PERMISSIONS
from events.models import Attendance, Pledge, Scan
from tests.test_access_matrix import patterns
from tests.test_architecture import HOUSE, ROOT, files, imports_of

# Parts of names, English and Indonesian. A word that means something else here stands in HARMLESS with its reason.
SCORES = (
    "score skor rank rating rated star(?:s|_|$) bintang influence loyal risk risiko sentiment tier level poin"
)
WATCHING = (
    "follower following pengikut engagement reach views likes post_count posts_read scrape crawl monitor feed"
)
SPECIFIC = (
    "nik ktp national_id religion agama ethnic suku race ras(?:_|$) health kesehatan disab criminal crime pidana skck "
    "political politik party partai candidate calon_ leaning affiliation_party face(?:_|$) wajah biometric fingerprint "
    "address alamat home_ birth lahir gender sex marital spouse orientation"
)
HIDDEN = (
    "note catatan remark_ comment_ blacklist blocklist watchlist daftar_hitam flag suspicio warning_ banned"
)
BROKEN = "broken breach violat langgar kept_pledge pledge_kept pledge_broken absent_reason refus penalt sanction sanksi"
INTEL = "intel cyber siber investigat penyid surveil target informan informant"

HARMLESS = {
    "accounts.Jurisdiction.note": "on what ground a unit polices a region",
    "accounts.Officer.rank": "a police rank, of an officer",
    "accounts.Election.candidates_fixed_on": "a day of the calendar from which neutrality holds",
    "accounts.Unit.address": "the seat of an office, for its letterhead",
    "partners.OptOut.address_hash": "a keyed hash, from which nobody can be found",
    "partners.OutsideRequest.state=refused": "a request from outside that the privacy officer refused",
    "events.Approval.note": "what to mend in the plan of an event",
    "events.Outreach.note": "on the division of responsibility for an appeal",
    "events.ProposalRequest.note": "what kind of guests an event needs",
    "outbox.Message.address": "the e-mail address that one message goes to",
    "outbox.Message.note": "why a message was not sent, in our words",
    "outbox.Link.target_public_id": "the row that a link is for",
    "events.EventRole.rank": "a police rank, of somebody in public office",
    "events.Participant.rank": "a police rank, of personnel of an invited unit",
    "events.Outreach.issuer_rank": "a police rank, of an official who speaks in office",
    "regions.Region.level": "province, regency or district",
    "Rank": "the table of police ranks",
    "Pledge_Point": "a numbered point of a text",
    "healthz": "whether this process can serve",
    "partners.Partner.kind=influencer": "what a person calls their own work",
    "partners.SocialAccount.platform=facebook": "the name of a platform",
}


def fields_of_ours() -> dict[str, Field]:
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        if model._meta.app_label in HOUSE
        for field in model._meta.get_fields()
        if isinstance(field, Field)
    }


def named(words: str, names: list[str]) -> list[str]:
    """Names with a part that begins with one of the words: ``risk_level`` has "risk", ``asterisk`` has not."""
    pattern = re.compile(rf"(?:^|[_.\-/ ])(?:{'|'.join(words.split())})", re.IGNORECASE)
    return [name for name in names if pattern.search(name)]


@pytest.mark.parametrize("words", [SCORES, WATCHING, SPECIFIC, HIDDEN, BROKEN, INTEL])
def test_absent_fields(words):
    names = {name: name.split(".", 2)[2] for name in fields_of_ours()}
    found = [name for name, field in names.items() if named(words, [field])]
    assert [name for name in found if name not in HARMLESS] == []


def test_absent_harmless_names_are_all_in_use():
    assert (
        set(HARMLESS) - {*fields_of_ours(), *class_names(), *values_of_choices(), *address_names()} == set()
    )


def class_names() -> list[str]:
    """Models as words: ``Pledge_Point``."""
    return [
        re.sub(r"(?<!^)(?=[A-Z])", "_", m.__name__) for m in apps.get_models() if m._meta.app_label in HOUSE
    ]


def address_names() -> list[str]:
    return [name for name, _pattern in patterns() if not name.startswith("account_")]


def values_of_choices() -> dict[str, str]:
    return {
        f"{name}={value}": str(value)
        for name, field in fields_of_ours().items()
        for value, _label in (field.flatchoices or [])
    }


@pytest.mark.parametrize("words", [SCORES, WATCHING, SPECIFIC, HIDDEN, BROKEN, INTEL])
def test_absent_models_addresses_roles_and_permissions(words):
    names = [*class_names(), *address_names(), *Role.values, *ALL_PERMISSIONS]
    assert [name for name in named(words, names) if name not in HARMLESS] == []


@pytest.mark.parametrize("words", [SCORES, WATCHING, SPECIFIC, HIDDEN, BROKEN, INTEL])
def test_absent_choices(words):
    """No state, kind or purpose by the back door of a choice field."""
    found = [key for key, value in values_of_choices().items() if named(words, [value])]
    assert [key for key in found if key not in HARMLESS] == []


def test_absent_room_for_hidden_notes():
    """Free text about a person has nowhere to stand: the partner and its handles hold names and ways to reach them."""
    texts = {
        name
        for name, field in fields_of_ours().items()
        if field.get_internal_type() in {"TextField", "JSONField"}
        or (getattr(field, "max_length", 0) or 0) > 120
    }
    about_people = (
        "partners.Partner.",
        "partners.SocialAccount.",
        "partners.Consent.",
        "partners.Share.",
        "partners.Affiliation.",
        "events.Pl",
        "events.Proposal.",
    )
    found = {
        name
        for name in texts
        if name.startswith((*about_people, "events.Participant.", "events.Invitation."))
    }
    assert found == {
        "partners.Partner.search_key",  # made from name, stage name and handles
        "partners.Partner.phone",  # the library's length
        "partners.Partner.email",
        "events.Participant.display_name",  # a name with its titles
        "events.Participant.search_key",  # made from the name
        "events.PledgeText.preamble",  # of the text, about nobody
        "events.PledgePoint.body",
    }


def test_absent_uniqueness_of_contacts():
    """A refusal "already taken" would reveal another unit's people."""
    fields = fields_of_ours()
    contacts = ["partners.Partner.phone", "partners.Partner.email", "partners.SocialAccount.handle"]
    assert [name for name in contacts if fields[name].unique] == []


def test_absent_overdue_of_persons():
    """Only what the institution promised has a day by which it is due."""
    due = [name for name in fields_of_ours() if re.search(r"\.(due|deadline|overdue|jatuh_tempo)", name)]
    assert set(due) == {
        "outbox.Message.due_at",
        "events.Commitment.due_on",
        # What units owe: a report on a directive, a list of proposals.
        "events.Directive.due_on",
        "events.ProposalRequest.due_on",
        # How many records end within a week unless the office decides: a figure, of nobody.
        "reports.PartnerTally.due",
    }
    pledge = {name.rsplit(".", 1)[1] for name in fields_of_ours() if name.startswith("events.Pledge.")}
    assert pledge == {"id", "public_id", "participant", "text", "channel", "at", "by_id", "withdrawn_at"}


def test_absent_reason_for_leaving():
    """Withdrawing asks no reason: neither consent, pledge nor answer has a place for one."""
    names = [name for name in fields_of_ours() if "reason" in name or "alasan" in name]
    # The second one says why a fact from the door is looked at before it counts; a list of words, about the fact.
    assert sorted(names) == ["audit.Detail.reason", "events.Scan.review_reason"]


def test_absent_admin():
    assert [app for app in settings.INSTALLED_APPS if "admin" in app] == []
    assert [name for name, _pattern in patterns() if "admin" in name] == []


def test_absent_other_apps():
    """Whatever is installed is named here, so that a tracker does not come in with an upgrade."""
    libraries = {app for app in settings.INSTALLED_APPS if app.split(".")[0] not in {*HOUSE, "django"}}
    assert libraries == {
        *("allauth", "allauth.account", "allauth.mfa", "allauth.usersessions"),
        *("crispy_forms", "crispy_bootstrap5"),
        *("django_filters", "django_htmx", "phonenumber_field", "csp"),
    }


MESSAGING = (
    "twilio telegram whatsapp vonage nexmo fonnte wablas qiscus messagebird infobip slack discord firebase"
)
PLATFORMS = (
    "tweepy instaloader instagrapi facebook tiktok praw snscrape youtube google-api selenium scrapy newspaper"
)
TRACKERS = "sentry analytics posthog mixpanel segment amplitude datadog newrelic matomo"
MINDS = "openai anthropic transformers torch tensorflow nltk spacy textblob vader sastrawi face-recognition opencv"


@pytest.mark.parametrize("words", [MESSAGING, PLATFORMS, TRACKERS, MINDS])
def test_absent_libraries(words):
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert len(pinned) > 20
    assert named(words, pinned) == []


def test_absent_clients_of_other_hosts():
    """Nothing of ours opens a connection but to the database, the cache and the mail server."""
    clients = ("requests", "httpx", "urllib.request", "urllib3", "http.client", "aiohttp", "socket", "ftplib")
    found = [str(one) for path in files() for one in imports_of(path) if one.module.startswith(clients)]
    assert found == []


# The one link to elsewhere that an officer may tap, and what the page about the data must name by licence.
LINKS = {
    "wa.me": ["partners/partner_reveal.html", "events/_guest_contact.html", "partners/consent_link.html"],
    "github.com": ["regions/about_data.html"],
    "opendatacommons.org": ["regions/about_data.html"],
    "www.w3.org": [],
}
HOST = re.compile(r"(?:https?:)?//((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)


def test_absent_foreign_hosts_in_templates():
    found = []
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            name = str(path.relative_to(ROOT / "templates"))
            hosts = {host for host in HOST.findall(path.read_text()) if name not in LINKS.get(host, [])}
            found += [f"{name}: {host}" for host in hosts]
    assert found == []


def test_absent_foreign_assets():
    """A style sheet, script or picture that names a host would be loaded from it. Comments and namespaces are text."""
    found = []
    for path in sorted((ROOT / "static").rglob("*")):
        if path.suffix in {".css", ".svg", ".js", ".html"}:
            text = re.sub(
                r"/\*.*?\*/|<!--.*?-->|^\s*//.*?$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE
            )
            found += [
                f"{path.relative_to(ROOT)}: {match}"
                for match in re.findall(r"url\([\"']?(?:https?:)?//[^)]+|@import[^;]+//[^;]+", text)
            ]
            if "vendor" not in path.parts:
                found += [
                    f"{path.relative_to(ROOT)}: {host}" for host in HOST.findall(text) if host != "www.w3.org"
                ]
    assert found == []


def test_absent_foreign_sources_in_the_policy():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {str(source) for values in directives.values() for source in values}
    assert sources == {"'self'", "'none'", "data:", "blob:", str(NONCE)}
    assert directives["default-src"] == ["'self'"]
    assert directives["object-src"] == ["'none'"]
    assert directives["frame-ancestors"] == ["'none'"]


def test_absent_foreign_hosts_in_settings():
    text = "\n".join(
        (ROOT / "config" / name).read_text() for name in ("settings.py", "gunicorn.py", "celery.py")
    )
    assert HOST.findall(text) == []


def test_absent_map_and_font_files():
    assert [
        p.name
        for p in (ROOT / "static").rglob("*")
        if p.suffix in {".woff", ".woff2", ".ttf", ".pbf", ".mvt"}
    ] == []


def test_absent_reporting_of_persons():
    words = "report_person lapor_orang complaint_about suspect terlapor aduan_orang"
    assert named(words, [name for name, _pattern in patterns()]) == []


@pytest.fixture
def closing(cast):
    """An evening on which two of three guests were present and one of these pledged; a journalist was there too."""
    event = cast.event(pledge_text=cast.pledge_text())
    people = {
        "pledged": cast.guest(event, cast.partner("Setuju Zzyx"), "yes"),
        "present": cast.guest(event, cast.partner("Hadir Diam Zzyx"), "yes"),
        "absent": cast.guest(event, cast.partner("Tidak Datang Zzyx"), "no"),
        "press": cast.guest(event, cast.partner("Wartawan Zzyx", kind="journalist"), "yes"),
    }
    for key in ("pledged", "present", "press"):
        about = {"event": event, "participant": people[key], "at": timezone.now()}
        scan = Scan.objects.create(**about, kind="present", source="roll")
        Attendance.objects.create(**about, scan=scan)
    Pledge.objects.create(
        participant=people["pledged"], text=event.pledge_text, channel="screen", at=timezone.now(), by_id=1
    )
    return event


@pytest.mark.parametrize("username", ["kubar", "bidhumas", "divhumas", "pimpinan"])
def test_absent_list_of_those_who_did_not_pledge(closing, sign_in, username):
    """No page about pledges names a guest who was present and did not: whoever is named there agreed."""
    client, tried = sign_in(username), 0
    for name, pattern in patterns():
        if "pledge" not in name:
            continue
        arguments = sorted(pattern.pattern.regex.groupindex)
        if arguments != ["public_id"] or name == "events:pledge-withdraw":
            continue
        response = client.get(
            f"/kegiatan/{pattern.pattern}".replace("<uuid:public_id>", str(closing.public_id))
        )
        text = response.content.decode()
        assert "Hadir Diam" not in text
        assert "Wartawan Zzyx" not in text
        if response.status_code == 200:
            tried += 1
            assert "Setuju Zzyx" in text
    assert tried == (username != "pimpinan")


@pytest.mark.parametrize(
    "query", ["", "?pledge=no", "?pledged=0", "?state=present&pledge=none", "?belum=1", "?sort=pledge"]
)
def test_absent_filter_by_pledge(closing, sign_in, query):
    """Roll and guest list know nothing of pledges, so no filter or order can set the silent apart."""
    client = sign_in("kubar")
    for page in ("daftar-hadir", "tamu"):
        text = client.get(f"/kegiatan/{closing.public_id}/{page}/{query}").content.decode()
        assert {
            name for name in ("Setuju", "Hadir Diam", "Tidak Datang", "Wartawan") if f"{name} Zzyx" in text
        } == {
            "Setuju",
            "Hadir Diam",
            "Tidak Datang",
            "Wartawan",
        }


def test_absent_prompt_of_the_press(closing, sign_in):
    """A journalist found by name is shown without a button; so is nobody a list to go through."""
    client = sign_in("kubar")
    address = f"/kegiatan/{closing.public_id}/komitmen-bersama/"
    text = client.get(f"{address}?q=Wartawan").content.decode()
    assert "/catat/" not in text
    everyone = client.get(f"{address}?q=Zz").content.decode()
    assert "Hadir Diam" not in everyone


def test_absent_pledge_count_in_the_quick_report_names_nobody(closing, sign_in):
    response = sign_in("bidhumas").get(f"/laporan/{closing.public_id}/laporan-cepat/")
    assert "Hadir Diam" not in response.content.decode()


def test_absent_words_of_watching_in_the_interface():
    """The interface never speaks of watching: no sentence on a page offers to monitor, score or rank people."""
    words = re.compile(
        r"monitor(ing)? (of )?(social|posts)|sentiment|engagement|influence score|follower", re.IGNORECASE
    )
    # The promises say what is never done here, in these words.
    promises = ROOT / "portal" / "promises.py"
    places = [*(ROOT / "templates").rglob("*.html"), *(p for p in files() if "migrations" not in p.parts)]
    places = [place for place in places if place != promises]
    assert [str(p.relative_to(ROOT)) for p in places if words.search(Path(p).read_text())] == []
