"""The synthetic volume, written by COPY: partners by the hundred thousand, and evenings with guests."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Officer, Unit
from accounts.queries.units import unit_for
from events.models import Event, EventUnit, Invitation, Participant
from partners.choices import Keep, LawfulBasis, PartnerKind, PartnerStatus, Platform, Source
from partners.models import Consent, ConsentText, Partner, SocialAccount
from partners.search import search_key_for, sort_key_for
from regions.models import Region

KUBAR_PARTNERS = 400
GUESTS = 100
_SYLLABLES = [
    "an",
    "ar",
    "as",
    "ba",
    "di",
    "du",
    "fa",
    "ga",
    "ha",
    "in",
    "ja",
    "ka",
    "la",
    "li",
    "ma",
    "na",
    "ni",
    "nu",
    "pa",
    "ra",
    "ri",
    "sa",
    "si",
    "su",
    "ta",
    "ti",
    "wa",
    "wi",
    "ya",
    "yu",
]
_GIVEN = [
    "Ahmad",
    "Siti",
    "Muhammad",
    "Nur",
    "Dewi",
    "Andi",
    "Rahmat",
    "Sari",
    "Budi",
    "Fitri",
    "Agus",
    "Rina",
    "Hendra",
    "Yuliana",
    "Made",
    "Wayan",
    "Maria",
    "Yohanes",
    "Lukas",
    "Ayu",
    "Rizky",
    "Putri",
    "Fajar",
    "Indah",
    "Taufik",
    "Wulan",
    "Joko",
    "Ratna",
    "Bambang",
    "Hasan",
    "Aminah",
    "Arif",
    "Desi",
    "Eko",
    "Lestari",
    "Hamzah",
    "Intan",
]
_FAMILY = [
    "Rahman",
    "Hidayat",
    "Saputra",
    "Wulandari",
    "Pratama",
    "Aminah",
    "Syahrani",
    "Lestari",
    "Nugroho",
    "Kurniawan",
    "Ramadhan",
    "Hasanah",
    "Setiawan",
    "Maulana",
    "Puspita",
    "Firmansyah",
    "Wijaya",
    "Anggraini",
    "Permana",
    "Hakim",
    "Yusuf",
    "Mahmud",
    "Ibrahim",
    "Salsabila",
    "Gunawan",
    "Siregar",
    "Usop",
]


def copy_rows(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> int:
    """Write rows by COPY, filling what is not named from the model's defaults. Returns how many."""
    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    prepared = list(rows)  # what they ask of the database must be asked before COPY takes the connection
    now = timezone.now()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN") as sink,
    ):
        for row in prepared:
            sink.write_row([_value(field, row, now) for field in fields])
    return len(prepared)


def _value(field: models.Field, row: dict[str, Any], now: Any) -> Any:
    if field.attname in row:
        return row[field.attname]
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return now
    return field.get_default()


def load(partners: int, *, events: int) -> None:
    """Fill an empty, migrated database that holds the reference data."""
    chance = random.Random(20241021)
    officers()
    copy_rows(Partner, partner_rows(partners, chance))
    copy_rows(SocialAccount, account_rows(chance))
    copy_rows(Consent, consent_rows())
    evening_rows(events)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def officers() -> None:
    for username, unit, role in (
        ("bidhumas", "polda-kaltim", Role.ORGANIZER),
        ("kubar", "polres-kubar", Role.LOCAL_OFFICER),
    ):
        officer = Officer(
            username=username, full_name=username.title(), unit=Unit.objects.get(code=unit), role=role
        )
        officer.set_unusable_password()
        officer.save()


def _names(chance: random.Random) -> list[str]:
    """Twenty thousand given and family names: some common as in life, most rare."""
    coined = {
        "".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 3, 3)))).title()
        for _ in range(20_000)
    }
    return sorted(coined)


def partner_rows(count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """``KUBAR_PARTNERS`` of Polres Kubar, the rest spread over the other regencies of East Kalimantan."""
    rare = _names(chance)
    today = timezone.localdate()
    regencies = list(Region.objects.filter(parent_id="64"))
    districts = {
        r.code: list(Region.objects.filter(parent=r).values_list("code", flat=True)) for r in regencies
    }
    units = {
        code: unit
        for codes in districts.values()
        for code in codes
        if (unit := unit_for(Region.objects.get(pk=code), today))
    }
    others = [code for code in districts if code != "64.07"]
    kubar = min(KUBAR_PARTNERS, count // 5)
    for number in range(count):
        regency = "64.07" if number < kubar else chance.choice(others)
        district = chance.choice(districts[regency])
        name = " ".join(
            [
                chance.choice(_GIVEN) if chance.random() < 0.4 else chance.choice(rare),
                *([chance.choice(rare)] if chance.random() < 0.5 else []),
                chance.choice(_FAMILY) if chance.random() < 0.3 else chance.choice(rare),
            ]
        )
        status = PartnerStatus.ACTIVE if chance.random() < 0.9 else PartnerStatus.PROSPECTIVE
        active = status == PartnerStatus.ACTIVE
        unit = units[district]
        yield {
            "public_id": uuid.UUID(int=chance.getrandbits(128), version=4),
            "full_name": name,
            "kind": chance.choice(PartnerKind.values),
            "phone": f"+62812{number:08d}",
            "region_id": district,
            "unit_id": unit.pk,
            "status": status.value,
            "keep": (Keep.CONFIRMED if active else Keep.NONE).value,
            "lawful_basis": (LawfulBasis.CONSENT if active else LawfulBasis.PUBLIC_TASK).value,
            "source": Source.IN_PERSON.value,
            "decide_by": None if active else today + timedelta(days=60),
            "search_key": search_key_for(name, handles=[handle_of(name, number)]),
            "sort_key": sort_key_for(name),
        }


def handle_of(name: str, number: int) -> str:
    return f"{name.split()[0].lower()}.{number}"


def account_rows(chance: random.Random) -> Iterator[dict[str, Any]]:
    partners = list(Partner.objects.order_by("pk").values_list("pk", "full_name"))
    for number, (pk, name) in enumerate(partners):
        handle = handle_of(name, number)
        for platform in chance.sample(Platform.values, chance.choice((1, 1, 2))):
            yield {"partner_id": pk, "platform": platform, "handle": handle, "handle_key": handle}


def consent_rows() -> Iterator[dict[str, Any]]:
    text = ConsentText.objects.filter(purpose="keep").latest("version")
    now = timezone.now()
    for pk in list(Partner.objects.filter(status=PartnerStatus.ACTIVE).values_list("pk", flat=True)):
        yield {
            "partner_id": pk,
            "purpose": "keep",
            "decision": "given",
            "text_id": text.pk,
            "at": now,
            "channel": "screen",
        }


def evening_rows(events: int) -> None:
    """Evenings in Kutai Barat with a hundred invited guests each, tonight."""
    host = Unit.objects.get(code="polda-kaltim")
    kubar = Unit.objects.get(code="polres-kubar")
    guests = list(Partner.objects.filter(unit=kubar)[:GUESTS])
    if len(guests) < GUESTS:
        guests += list(Partner.objects.exclude(unit=kubar)[: GUESTS - len(guests)])
    start = timezone.now() - timedelta(hours=1)
    for number in range(events):
        event = Event.objects.create(
            title=f"Dialog {number}",
            host_unit=host,
            region_id="64.07.07",
            venue="Balai",
            starts_at=start,
            timezone="Asia/Makassar",
            state="published",
        )
        EventUnit.objects.create(event=event, unit=kubar, part="co_host")
        copy_rows(
            Participant,
            (
                {
                    "event_id": event.pk,
                    "kind": "partner",
                    "partner_id": guest.pk,
                    "display_name": guest.full_name,
                    "region_id": guest.region_id,
                    "unit_id": guest.unit_id,
                    "search_key": guest.search_key[:500],
                }
                for guest in guests
            ),
        )
    copy_rows(
        Invitation, ({"participant_id": pk} for pk in list(Participant.objects.values_list("pk", flat=True)))
    )
