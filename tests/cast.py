"""The named cast: who owns, who stands beside, who is above, who must see nothing.

Names are fixed so that a test reads as a story: ``kubar`` runs the evening in Kutai Barat, ``bidhumas`` is above him,
``berau`` is his neighbour and must see nothing, ``diskominfo`` is another tree altogether.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.choices import JurisdictionMode, Role, UnitKind
from accounts.models import Jurisdiction, Officer, Unit
from events.choices import Answer, AnswerChannel, EventState, ParticipantKind, UnitPart
from events.models import Event, EventUnit, Invitation, Participant, PledgePoint, PledgeText, Program
from partners.choices import Keep, LawfulBasis, PartnerKind, PartnerStatus, Purpose, Source
from partners.models import ConsentText, Partner, SocialAccount
from partners.search import search_key_for, sort_key_for
from regions.models import Region

WITA = ZoneInfo("Asia/Makassar")
PASSWORD = "sandi-uji-coba-2024"
_UNUSABLE = make_password(None)
_REGIONS = [
    ("64", "Kalimantan Timur", "province", None, "Asia/Makassar"),
    ("64.02", "Kabupaten Kutai Kartanegara", "regency", "64", "Asia/Makassar"),
    ("64.02.05", "Muara Badak", "district", "64.02", "Asia/Makassar"),
    ("64.02.06", "Tenggarong", "district", "64.02", "Asia/Makassar"),
    ("64.03", "Kabupaten Berau", "regency", "64", "Asia/Makassar"),
    ("64.03.05", "Tanjung Redeb", "district", "64.03", "Asia/Makassar"),
    ("64.07", "Kabupaten Kutai Barat", "regency", "64", "Asia/Makassar"),
    ("64.07.07", "Barong Tongkok", "district", "64.07", "Asia/Makassar"),
    ("64.74", "Kota Bontang", "regency", "64", "Asia/Makassar"),
    ("61", "Kalimantan Barat", "province", None, "Asia/Pontianak"),
    ("61.71", "Kota Pontianak", "regency", "61", "Asia/Pontianak"),
    ("91", "Papua", "province", None, "Asia/Jayapura"),
    ("91.71", "Kota Jayapura", "regency", "91", "Asia/Jayapura"),
]
_UNITS = [
    ("mabes", "Mabes Polri", UnitKind.MABES, None, "Asia/Jakarta"),
    ("polda-kaltim", "Polda Kaltim", UnitKind.POLDA, "mabes", "Asia/Makassar"),
    ("polres-kubar", "Polres Kubar", UnitKind.POLRES, "polda-kaltim", "Asia/Makassar"),
    ("polres-berau", "Polres Berau", UnitKind.POLRES, "polda-kaltim", "Asia/Makassar"),
    ("polres-kukar", "Polres Kukar", UnitKind.POLRES, "polda-kaltim", "Asia/Makassar"),
    ("polres-bontang", "Polres Bontang", UnitKind.POLRES, "polda-kaltim", "Asia/Makassar"),
    ("diskominfo-kalbar", "Diskominfo Kalbar", UnitKind.AGENCY, None, "Asia/Pontianak"),
]
_JURISDICTIONS = [
    ("polda-kaltim", "64", "include"),
    ("polres-kubar", "64.07", "include"),
    ("polres-berau", "64.03", "include"),
    ("polres-kukar", "64.02", "include"),
    ("polres-kukar", "64.02.05", "exclude"),
    ("polres-bontang", "64.74", "include"),
    ("polres-bontang", "64.02.05", "include"),
]
_OFFICERS = [
    ("bidhumas", "polda-kaltim", Role.ORGANIZER),
    ("kubar", "polres-kubar", Role.LOCAL_OFFICER),
    ("kubar2", "polres-kubar", Role.LOCAL_OFFICER),
    ("berau", "polres-berau", Role.LOCAL_OFFICER),
    ("bontang", "polres-bontang", Role.LOCAL_OFFICER),
    ("kukar", "polres-kukar", Role.LOCAL_OFFICER),
    ("pimpinan", "polda-kaltim", Role.VIEWER),
    ("privasi", "polda-kaltim", Role.PRIVACY_OFFICER),
    ("admin", "mabes", Role.ADMINISTRATOR),
    ("divhumas", "mabes", Role.ORGANIZER),
    ("diskominfo", "diskominfo-kalbar", Role.ORGANIZER),
]


def today(zone: str = "Asia/Makassar") -> date:
    """The day it is where most of the cast works: near midnight another one than at the machine."""
    return timezone.localdate(timezone=ZoneInfo(zone))


class Cast:
    """Regions, units and officers of the stories, by name: ``cast.kubar``, ``cast.unit("polres-kubar")``."""

    def __init__(self) -> None:
        # As few statements as may be: almost every test makes them.
        Region.objects.bulk_create(
            Region(code=code, name=name, level=level, parent_id=parent, timezone=zone)
            for code, name, level, parent, zone in _REGIONS
        )
        self._units: dict[str, Unit] = {}
        for above in (None, "mabes", "polda-kaltim"):
            units = Unit.objects.bulk_create(
                Unit(
                    code=code,
                    name=name,
                    short_name=name,
                    kind=kind,
                    parent=self._units.get(parent or ""),
                    timezone=zone,
                )
                for code, name, kind, parent, zone in _UNITS
                if parent == above
            )
            self._units |= {unit.code: unit for unit in units}
        Jurisdiction.objects.bulk_create(
            Jurisdiction(unit=self._units[unit], region_id=region, mode=JurisdictionMode(mode))
            for unit, region, mode in _JURISDICTIONS
        )
        ConsentText.objects.bulk_create(
            ConsentText(
                purpose=purpose, version=1, body=f"Persetujuan {purpose}", valid_from=date(2024, 1, 1)
            )
            for purpose in Purpose.values
        )
        officers = [self._officer(*about) for about in _OFFICERS]
        self.officers: dict[str, Officer] = {
            one.username: one for one in Officer.objects.bulk_create(officers)
        }

    def __getattr__(self, name: str) -> Officer:
        try:
            return self.__dict__["officers"][name]
        except KeyError as error:
            raise AttributeError(name) from error

    def unit(self, code: str) -> Unit:
        return self._units[code]

    def officer(self, username: str, unit: str, role: Role = Role.LOCAL_OFFICER) -> Officer:
        """An officer whose password is :data:`PASSWORD` (set unusable here for speed; log in by ``force_login``)."""
        officer = self._officer(username, unit, role)
        officer.save()
        return officer

    def _officer(self, username: str, unit: str, role: Role) -> Officer:
        return Officer(
            username=username,
            full_name=f"Petugas {username.title()}",
            unit=self._units[unit],
            role=role,
            rank="Aipda",
            password=_UNUSABLE,
        )

    def partner(
        self, full_name: str = "Sari Wulandari", unit: str = "polres-kubar", **fields: Any
    ) -> Partner:
        """An active partner with a confirmed consent state; written straight to the table."""
        handles = fields.pop("handles", [])
        fields.setdefault("region_id", "64.07.07")
        fields.setdefault("kind", PartnerKind.INFLUENCER)
        fields.setdefault("status", PartnerStatus.ACTIVE)
        fields.setdefault(
            "keep", Keep.CONFIRMED if fields["status"] != PartnerStatus.PROSPECTIVE else Keep.NONE
        )
        fields.setdefault("lawful_basis", LawfulBasis.CONSENT)
        if fields["status"] == PartnerStatus.PROSPECTIVE:
            fields.setdefault("decide_by", timezone.localdate() + timedelta(days=30))
        partner = Partner(full_name=full_name, unit=self._units[unit], source=Source.IN_PERSON, **fields)
        partner.sort_key = sort_key_for(full_name)
        partner.search_key = search_key_for(
            full_name, partner.stage_name, handles=[handle for _p, handle in handles]
        )
        partner.save()
        for platform, handle in handles:
            SocialAccount.objects.create(
                partner=partner, platform=platform, handle=handle, handle_key=handle.lower()
            )
        return partner

    def program(self, **fields: Any) -> Program:
        fields.setdefault("name", "Rangkaian Dialog Penguatan Kehumasan")
        fields.setdefault("unit", self._units["polda-kaltim"])
        fields.setdefault("region_id", "64")
        fields.setdefault("starts_on", date(2024, 10, 1))
        return Program.objects.create(**fields)

    def event(self, title: str = "Dialog Penguatan Kehumasan", **fields: Any) -> Event:
        """K1 in small: Polda Kaltim hosts in Barong Tongkok, with Polres Kubar. Tonight, unless told otherwise."""
        co_hosts = fields.pop("co_hosts", ["polres-kubar"])
        invited = fields.pop("invited", [])
        host = fields.pop("host", "polda-kaltim")
        fields.setdefault("region_id", "64.07.07")
        fields.setdefault("venue", "Raini's Koffie")
        fields.setdefault("starts_at", timezone.now() - timedelta(hours=1))
        fields.setdefault("timezone", "Asia/Makassar")
        fields.setdefault("state", EventState.PUBLISHED)
        event = Event.objects.create(title=title, host_unit=self._units[host], **fields)
        for code in co_hosts:
            EventUnit.objects.create(event=event, unit=self._units[code], part=UnitPart.CO_HOST)
        for code in invited:
            EventUnit.objects.create(event=event, unit=self._units[code], part=UnitPart.INVITED)
        return event

    def guest(self, event: Event, partner: Partner, answer: str = Answer.NONE) -> Participant:
        """An invited partner, with an answer that came by WhatsApp when one is given."""
        participant = Participant.objects.create(
            event=event,
            kind=ParticipantKind.PARTNER,
            partner=partner,
            display_name=partner.titled_name,
            is_press=partner.is_journalist,
            region=partner.region,
            unit=partner.unit,
            search_key=partner.search_key[:500],
        )
        answered = answer != Answer.NONE
        Invitation.objects.create(
            participant=participant,
            answer=answer,
            answer_channel=AnswerChannel.WHATSAPP if answered else "",
            answered_at=timezone.now() if answered else None,
        )
        return participant

    def pledge_text(self) -> PledgeText:
        text = PledgeText.objects.create(code="umum", version=1, title="Komitmen bersama")
        PledgePoint.objects.create(text=text, number=1, body="Memeriksa kabar sebelum membagikannya.")
        return text

    def at(self, *parts: int) -> datetime:
        """An instant by the clock of Kutai Barat (WITA)."""
        return datetime(*parts, tzinfo=WITA)  # type: ignore[arg-type]
