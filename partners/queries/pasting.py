"""What may become of each pasted line: new, perhaps in the list already, or not possible and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from partners.opt_outs import addresses
from partners.pasting import Contact, Line, Name, read_contact, read_name
from partners.queries.opt_outs import opted_out_among
from partners.queries.territory import holding_units, regency_codes_of
from partners.queries.twins import Asked, Twin, likely_twins_of_all
from partners.search import normalised
from regions.choices import RegionLevel
from regions.models import Region

# How near the name of a district must be (of 100), and how much nearer than the next one to be taken without asking.
_NEAR_PLACE, _CLEARLY = 80, 8
_MOST_OPTIONS = 8
_LONGEST_NAME = 120
_PREFIXES = {"kabupaten", "kab", "kota", "kecamatan", "kec", "kecamtan"}


class Verdict(StrEnum):
    NEW = "new"
    MAYBE = "maybe"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    label: str


@dataclass
class Judged:
    """A line with what was read from it. ``options`` are the districts that its place may mean."""

    number: int
    line: Line
    name: Name
    contact: Contact
    place: Place | None = None
    options: list[Place] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.reasons:
            return Verdict.CANNOT
        return Verdict.MAYBE if self.twins or self.notes else Verdict.NEW

    @property
    def text(self) -> str:
        """As it goes back into the text field, with the name of a place that was chosen from several."""
        if self.place and self.line.place == self.place.code:
            return replace(self.line, place=self.place.label).text
        return self.line.text

    @property
    def handle_pairs(self) -> list[tuple[str, str]]:
        return [(str(handle.platform), handle.handle) for handle in self.contact.handles]

    @property
    def handle_keys(self) -> list[tuple[str, str]]:
        return [(str(handle.platform), handle.key) for handle in self.contact.handles]


def judge(user: Any, lines: Sequence[Line], *, default: str = "") -> list[Judged]:
    """The verdict on each line, in as many queries for one line as for two hundred.

    :param default: code of the region of lines that name none; of two districts of one name, that inside it is meant.
    """
    places = Places(user, default)
    rows = [
        Judged(number, line, read_name(line.name), read_contact(line.contact))
        for number, line in enumerate(lines, start=1)
    ]
    for row in rows:
        _check_name(row)
        _check_contact(row)
        _check_place(row, places)
    _check_territory(user, rows)
    _check_opted_out(rows)
    _check_each_other(rows)
    for row, twins in zip(rows, likely_twins_of_all(user, [_asked(row) for row in rows]), strict=True):
        row.twins = twins
    return rows


class Places:
    """The districts and regencies among which pasted places are looked for, read once."""

    def __init__(self, user: Any, default: str = "") -> None:
        self.default = default
        within = regency_codes_of(user)
        rows = list(Region.objects.order_by("code").values_list("code", "name", "level"))
        names = {code: name for code, name, _level in rows}
        self.inside: dict[str, Place] = {}
        self._named: dict[str, list[str]] = {}
        self._outside: dict[str, str] = {}
        for code, name, level in rows:
            if within and not any(code == one or code.startswith(f"{one}.") for one in within):
                self._outside.setdefault(_folded(name), name)
            elif level != RegionLevel.PROVINCE:
                above = names.get(code.rpartition(".")[0], "") if level == RegionLevel.DISTRICT else ""
                self.inside[code] = Place(code, name, f"{name}, {above}" if above else name)
                self._named.setdefault(_folded(name), []).append(code)

    def find(self, text: str) -> list[Place]:
        """The places that are meant: one when it is clear, several to choose from, or none.

        "Melak, Kutai Barat" is the district in that regency. A code, as the choice in the preview sends it, is itself.
        """
        if text in self.inside:
            return [self.inside[text]]
        found: list[str] = []
        parts = [part for part in text.replace("/", ",").replace(";", ",").split(",") if _folded(part)]
        for hits in map(self._near, parts):
            inner = [code for code in hits if any(code.startswith(f"{one}.") for one in found)]
            outer = [code for code in found if any(code.startswith(f"{one}.") for one in hits)]
            found = inner or outer or found or hits
        if len(found) > 1 and self.default:
            found = [code for code in found if f"{code}.".startswith(f"{self.default}.")] or found
        return [self.inside[code] for code in found[:_MOST_OPTIONS]]

    def is_elsewhere(self, text: str) -> bool:
        """Whether the text names a region that exists, outside the officer's territory."""
        return any(_folded(part) in self._outside for part in text.split(","))

    def _near(self, text: str) -> list[str]:
        word = _folded(text)
        if word in self._named:
            return self._named[word]
        hits = process.extract(word, list(self._named), scorer=fuzz.ratio, score_cutoff=_NEAR_PLACE, limit=5)
        best = hits[0][1] if hits else 0.0
        return [code for name, near, _at in hits if best - near < _CLEARLY for code in self._named[name]]


def _folded(name: str) -> str:
    """A region's name without what kind it is and without gaps: "Kec. Barong  Tongkok" → "barongtongkok"."""
    words = normalised(name).split()
    while len(words) > 1 and words[0] in _PREFIXES:
        words.pop(0)
    return "".join(words)


def _check_name(row: Judged) -> None:
    if not row.name.full_name:
        row.reasons.append(_("There is no name."))
    elif len(row.name.full_name) > _LONGEST_NAME:
        row.reasons.append(_("The name is too long."))


def _check_contact(row: Judged) -> None:
    unread = row.contact.unread
    if not unread:
        return
    if row.contact.why:
        row.reasons.append(f"{unread}: {row.contact.why}")
    elif sum(char.isdigit() for char in unread) >= len(unread) / 2:
        row.reasons.append(_("%(text)s is no valid phone number.") % {"text": unread})
    else:
        row.reasons.append(
            _("%(text)s is neither a phone number nor an account. An account begins with @.")
            % {"text": unread}
        )


def _check_place(row: Judged, places: Places) -> None:
    text = row.line.place.strip() or places.default
    found = places.find(text)
    if len(found) == 1:
        row.place = found[0]
    elif found:
        row.options = found
        row.reasons.append(_("Which place is meant? Choose it."))
    elif not text:
        row.reasons.append(_("There is no district."))
    elif places.is_elsewhere(text):
        row.reasons.append(_("%(place)s lies outside your territory.") % {"place": text})
    else:
        row.reasons.append(
            _("%(place)s is not found among the districts of your territory.") % {"place": text}
        )


def _check_territory(user: Any, rows: Iterable[Judged]) -> None:
    wanted = {row.place.code: row.place.name for row in rows if row.place}
    units = holding_units(user, wanted)
    for row in rows:
        unit = units[row.place.code] if row.place else None
        if isinstance(unit, ValidationError):
            row.reasons.append(str(unit.messages[0]))


def _check_opted_out(rows: Iterable[Judged]) -> None:
    wanted = {row.number: addresses_of_line(row) for row in rows}
    closed = opted_out_among(address for found in wanted.values() for address in found)
    for row in rows:
        if closed.intersection(wanted[row.number]):
            row.reasons.append(_("Whoever has this number or account asked not to be contacted."))


def addresses_of_line(row: Judged) -> list[Any]:
    return addresses(phone=row.contact.phone, email=row.contact.email, handles=row.handle_keys)


def _check_each_other(rows: Iterable[Judged]) -> None:
    """The same person twice among the lines, and two people with one number, which households share."""
    people: dict[tuple[str, str], int] = {}
    phones: dict[str, int] = {}
    for row in rows:
        name, phone = normalised(row.name.full_name), row.contact.phone
        marks = [phone, *(":".join(key) for key in row.handle_keys), row.place.code if row.place else ""]
        keys = [(name, mark) for mark in marks if name and mark]
        first = min((people[key] for key in keys if key in people), default=0)
        if first:
            row.reasons.append(_("The same person stands in line %(number)s.") % {"number": first})
        elif phone in phones:
            row.notes.append(_("The same number stands in line %(number)s.") % {"number": phones[phone]})
        for key in keys:
            people.setdefault(key, row.number)
        if phone:
            phones.setdefault(phone, row.number)


def _asked(row: Judged) -> Asked:
    name = row.name.full_name
    return Asked(
        names=(name,) if 2 < len(name) <= _LONGEST_NAME else (),
        phone=row.contact.phone,
        handles=frozenset(row.handle_keys),
    )
