"""Who the sample people are: a name, a place, a kind, the forms of contact, and what they allowed. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from config.demo import contacts, names
from partners.choices import PartnerKind, Purpose, Source

SEED = 6407
# place (a regency, or one district of it that another unit polices): districts that its people live in, how many people
PLACES: dict[str, tuple[list[str], int]] = {
    "64.03": (["64.03.05", "64.03.05", "64.03.03", "64.03.06", "64.03.09", "64.03.07", "64.03.02"], 78),
    "64.07": (["64.07.07", "64.07.07", "64.07.06", "64.07.20", "64.07.15", "64.07.08"], 54),
    "64.02": (["64.02.06", "64.02.06", "64.02.16", "64.02.02", "64.02.03", "64.02.13"], 38),
    "64.74": (["64.74.01", "64.74.02", "64.74.03"], 16),
    "64.02.05": (["64.02.05"], 6),
    "64.02.17": (["64.02.17"], 6),
    "64.72": (["64.72.09", "64.72.03", "64.72.08", "64.72.06"], 14),
    "64.71": (["64.71.06", "64.71.05", "64.71.03"], 14),
    "64.08": (["64.08.04", "64.08.13", "64.08.09"], 12),
    "64.01": (["64.01.04", "64.01.05"], 10),
    "64.09": (["64.09.01", "64.09.04", "64.09.02"], 10),
    "64.11": (["64.11.01", "64.11.02", "64.11.05"], 8),
    "61.71": (["61.71.01", "61.71.05", "61.71.06"], 8),
}
_KINDS = [
    PartnerKind.INFLUENCER,
    PartnerKind.ACTIVIST,
    PartnerKind.CREATOR,
    PartnerKind.ACCOUNT_ADMIN,
    PartnerKind.COMMUNITY_LEADER,
    PartnerKind.INFLUENCER,
    PartnerKind.ACTIVIST,
    PartnerKind.CREATOR,
    PartnerKind.JOURNALIST,
    PartnerKind.ACTIVIST,
]
_SOURCES = [Source.IN_PERSON, Source.EVENT, Source.PHONE, Source.RECOMMENDED, Source.PUBLIC_CONTACT]


class Standing:
    """What became of a person's consent to be kept."""

    SCREEN = "screen"
    LINK = "link"
    SPOKEN = "spoken"  # told to an officer: belum dikonfirmasi
    NONE = "none"  # calon mitra
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Person:
    number: int
    name: names.Name
    place: str
    region: str
    kind: PartnerKind
    source: Source
    standing: str
    phone: str
    email: str
    handles: list[contacts.Handle]
    allows_messages: bool
    withdrew: Purpose | None


def everybody() -> list[Person]:
    """The same people each time, place by place. Consent, kind and contact vary by number."""
    chance = Random(SEED)
    places = [place for place, (_districts, count) in PLACES.items() for _one in range(count)]
    people = names.generate(len(places), chance)
    chance.shuffle(people)
    return [_person(number, name, places[number], chance) for number, name in enumerate(people)]


def _person(number: int, name: names.Name, place: str, chance: Random) -> Person:
    districts, _count = PLACES[place]
    # Every ninth has no phone, and each thirtieth shares that of the person before: a household.
    owner = number - 1 if number % 30 == 29 else number
    return Person(
        number=number,
        name=name,
        place=place,
        region=districts[number % len(districts)],
        kind=_KINDS[number % len(_KINDS)],
        source=_SOURCES[number % len(_SOURCES)],
        standing=_standing(number),
        phone="" if number % 9 == 4 else contacts.phone(owner),
        email=contacts.email(name.full_name, number) if number % 3 == 0 else "",
        handles=contacts.handles(name.full_name, number, chance) if number % 7 != 3 else [],
        allows_messages=number % 4 != 1,
        withdrew={40: Purpose.WHATSAPP, 100: Purpose.KEEP}.get(number),
    )


def _standing(number: int) -> str:
    if number == 12:
        return Standing.ARCHIVED
    if number % 20 == 7:
        return Standing.NONE
    return (Standing.SCREEN, Standing.LINK, Standing.SCREEN, Standing.SPOKEN)[number % 4]
