"""Puts the sample people into the registry and records what they allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from accounts.models import Officer
from config.demo.people import Person, Standing, everybody
from partners.choices import ConsentChannel, Decision, Purpose
from partners.models import Partner
from partners.operations import consents, partners
from regions.models import Region

# Far enough that neither the lapse of a tick nor the end of a calon mitra takes a sample person away.
KEPT_FOR = timedelta(days=10 * 365)
_CHANNELS = {
    Standing.SCREEN: ConsentChannel.SCREEN,
    Standing.LINK: ConsentChannel.LINK,
    Standing.SPOKEN: ConsentChannel.SPOKEN,
    Standing.ARCHIVED: ConsentChannel.SCREEN,
}
_FIRST_DAY = datetime(2024, 8, 19, 2, 0, tzinfo=UTC)
# Who registers the people of a place; all others are registered by Bidhumas.
_REGISTRARS = {
    "64.03": "berau",
    "64.07": "kubar",
    "64.02": "kukar",
    "64.74": "bontang",
    "64.02.05": "bontang",
    "64.02.17": "bontang",
    "61.71": "diskominfo.kalbar",
}


def register(officers: dict[str, Officer]) -> dict[str, list[Partner]]:
    """Register everybody. Returns those who may be invited, by place, in the order of their numbers."""
    regions = Region.objects.in_bulk({person.region for person in everybody()})
    invitable: dict[str, list[Partner]] = {}
    for person in everybody():
        by = officers[_REGISTRARS.get(person.place, "bidhumas")]
        partner = _register(person, by, regions[person.region])
        if partner.status == "active":
            invitable.setdefault(person.place, []).append(partner)
    return invitable


def _register(person: Person, by: Officer, region: Region) -> Partner:
    at = _FIRST_DAY + timedelta(hours=3 * person.number)
    partner = partners.register(
        by=by,
        full_name=person.name.full_name,
        title_before=person.name.title_before,
        title_after=person.name.title_after,
        stage_name=person.name.stage_name,
        kind=person.kind,
        region=region,
        source=person.source,
        phone=person.phone,
        email=person.email,
        handles=person.handles,
        is_demo=True,
        at=at,
    )
    if person.standing != Standing.NONE:
        _decide(person, partner, by, at)
    if person.standing == Standing.ARCHIVED:
        return partners.archive(partner=partner, by=by, reason="Contoh: pindah ke luar Kalimantan.")
    return partner


def _decide(person: Person, partner: Partner, by: Officer, at: datetime) -> None:
    """The consent to be kept, and for most the messages too; one took the messages back."""
    channel = _CHANNELS[person.standing]
    actor = None if channel == ConsentChannel.LINK else by
    purposes = [Purpose.KEEP]
    if person.allows_messages and person.phone:
        purposes += [Purpose.WHATSAPP, Purpose.PHONE]
    if person.email:
        purposes.append(Purpose.EMAIL)
    for purpose in purposes:
        consents.record(
            partner=partner, purpose=purpose, decision=Decision.GIVEN, channel=channel, by=actor, at=at
        )
    if person.withdrew is not None:
        later = at + timedelta(days=30)
        consents.record(
            partner=partner,
            purpose=person.withdrew,
            decision=Decision.WITHDRAWN,
            channel=ConsentChannel.LINK,
            at=later,
        )


def keep_long() -> None:
    """Move the day of decision of the sample people far ahead, so that the retention sweep keeps the sample whole."""
    waiting = Partner.objects.filter(is_demo=True, decide_by__isnull=False)
    waiting.update(decide_by=timezone.localdate() + KEPT_FOR)
