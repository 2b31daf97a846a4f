"""Who may be the same person, among those whom the officer sees. Nothing is said about anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from partners.choices import PartnerStatus
from partners.models import Partner, SocialAccount
from partners.models.partner import titled
from partners.queries.partners import partners_visible_to
from partners.search import nearness, normalised, sort_key_for

_NOBODY = 0
# A form shows no more; whoever bears a very common name finds the others by the list.
MOST = 5
# Bounds on what is compared in Python.
_CANDIDATES, _CANDIDATES_OF_MANY = 200, 4000
# As many who bear every typed word, and misspelled ones are not looked for as well.
_ENOUGH = 10
_COLUMNS = [
    *("pk", "public_id", "full_name", "title_before", "title_after", "stage_name", "phone", "status"),
    *("region__name", "unit__short_name"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of somebody who is about to be added. ``phone`` is E.164, ``handles`` are (platform, key)."""

    names: tuple[str, ...] = ()
    phone: str = ""
    handles: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody who stands in the registry, and by what they resemble who was asked about."""

    public_id: UUID
    name: str
    place: str
    unit: str
    is_archived: bool
    same_phone: bool
    same_handle: bool


def likely_twins(user: Any, asked: Asked) -> list[Twin]:
    """Those in the officer's scope with the same phone, the same handle or a similar name, nearest first."""
    visible = partners_visible_to(user)
    rows, bearers = _by_contact(visible, [asked])
    found = {row.pk: row for row in rows}
    exact = _bearing_all(asked)
    if exact:
        hits = list(_shown(visible.filter(exact))[:_CANDIDATES])
        loose = _resembling(asked)
        if len(hits) < _ENOUGH and loose:
            hits += _shown(visible.filter(loose))[:_CANDIDATES]
        found |= {row.pk: row for row in hits}
    return _nearest(asked, list(_Known.all_of(found.values(), bearers)))


def likely_twins_of_all(user: Any, asked: Sequence[Asked]) -> list[list[Twin]]:
    """The same for many at once, in a number of queries that does not depend on how many."""
    visible = partners_visible_to(user)
    rows, bearers = _by_contact(visible, asked)
    found = {row.pk: row for row in rows}
    exact, loose = Q(), Q()
    for person in asked:
        exact |= _bearing_all(person)
        loose |= _resembling(person)
    # Apart, or those who resemble some of two hundred would leave no room for who bears the very name of another.
    room = _CANDIDATES_OF_MANY
    for wanted in (exact, loose):
        hits = list(_shown(visible.filter(wanted))[:room]) if wanted and room else []
        found |= {row.pk: row for row in hits}
        room -= len(hits)
    # Of thousands of rows each line is compared only with those that share the beginning of a word, or the contact.
    known = list(_Known.all_of(found.values(), bearers))
    by_start: dict[str, list[_Known]] = {}
    for one in known:
        for start in {start for name in one.names for start in _starts(name)} | one.contacts:
            by_start.setdefault(start, []).append(one)
    answers = []
    for asked_one in asked:
        starts = {start for name in asked_one.names for start in _starts(normalised(name))}
        starts |= {asked_one.phone} | {_contact(handle) for handle in asked_one.handles}
        near = {one.row.pk: one for start in starts for one in by_start.get(start, [])}
        answers.append(_nearest(asked_one, near.values()))
    return answers


@dataclass(frozen=True, slots=True)
class _Known:
    """A row with its names folded once."""

    row: Any
    names: tuple[str, ...]
    contacts: set[str]

    @classmethod
    def all_of(cls, rows: Iterable[Any], bearers: dict[int, set[tuple[str, str]]]) -> Iterator[_Known]:
        for row in rows:
            names = tuple(normalised(name) for name in (row.full_name, row.stage_name) if name)
            contacts = {_contact(handle) for handle in bearers.get(row.pk, ())}
            yield cls(row, names, contacts | ({str(row.phone)} if row.phone else set()))


def _starts(name: str) -> set[str]:
    return {word[:2] for word in name.split()}


def _contact(handle: tuple[str, str]) -> str:
    return ":".join(handle)


def _shown(partners: QuerySet[Partner]) -> QuerySet[Partner, Any]:
    return partners.order_by().values_list(*_COLUMNS, named=True)


def _by_contact(
    visible: QuerySet[Partner], asked: Iterable[Asked]
) -> tuple[list[Any], dict[int, set[tuple[str, str]]]]:
    """Rows with one of the phones or handles, and whose handles these are.

    As many queries whether an account is known or not: one more would tell, by the time it takes, that it stands
    elsewhere.
    """
    phones = {one.phone for one in asked if one.phone}
    handles = {handle for one in asked for handle in one.handles}
    bearers: dict[int, set[tuple[str, str]]] = {}
    if handles:
        accounts = SocialAccount.objects.filter(handle_key__in={key for _platform, key in handles})
        for partner_id, platform, key in accounts.values_list("partner_id", "platform", "handle_key"):
            if (platform, key) in handles:
                bearers.setdefault(partner_id, set()).add((platform, key))
    wanted = Q()
    if phones:
        wanted |= Q(phone__in=phones)
    if handles:
        wanted |= Q(pk__in=[_NOBODY, *bearers])
    rows = list(_shown(visible.filter(wanted))[:_CANDIDATES_OF_MANY]) if wanted else []
    return rows, bearers


def _bearing_all(asked: Asked) -> Q:
    """Every word of one of the names; a name of one word is compared with such names alone, or every Sari of the
    province would resemble Sari."""
    wanted = Q()
    for name in asked.names:
        words = normalised(name).split()
        if len(words) == 1:
            begun = sort_key_for(name)[:4]
            wanted |= Q(sort_key__gte=begun, sort_key__lt=f"{begun}\U0010ffff") & ~Q(sort_key__contains=" ")
        elif words:
            arm = Q()
            for word in words[:6]:
                arm &= Q(search_key__has_part=word)
            wanted |= arm
    return wanted


def _resembling(asked: Asked) -> Q:
    """One of the two longest words as it is typed, and the other's first letters: what a slip in one word leaves.

    Both conditions are served by the trigram index; similarity itself would be computed for every row it proposes.
    """
    wanted = Q()
    for name in asked.names:
        words = sorted(dict.fromkeys(normalised(name).split()), key=len, reverse=True)[:2]
        if len(words) == 2:
            for whole, begun in (words, reversed(words)):
                wanted |= Q(search_key__has_part=whole) & Q(search_key__has_part=begun[:2])
        else:
            wanted |= _bearing_all(Asked(names=(name,)))
    return wanted


def _nearest(asked: Asked, candidates: Iterable[_Known]) -> list[Twin]:
    names = [normalised(name) for name in asked.names]
    handles = {_contact(handle) for handle in asked.handles}
    found = []
    for known in candidates:
        row = known.row
        same_phone = bool(asked.phone) and asked.phone in known.contacts
        same_handle = bool(handles & known.contacts)
        near = max((nearness(name, other) for name in names for other in known.names), default=0.0)
        if same_phone or same_handle or near:
            # Of many with one name the newest first, or the record of a press a moment ago would not be among the few.
            order = (not same_phone, not same_handle, -near, -row.pk)
            found.append((order, _twin(row, same_phone=same_phone, same_handle=same_handle)))
    return [twin for _order, twin in sorted(found, key=lambda pair: pair[0])[:MOST]]


def _twin(row: Any, *, same_phone: bool, same_handle: bool) -> Twin:
    return Twin(
        public_id=row.public_id,
        name=titled(row.full_name, row.title_before, row.title_after),
        place=row.region__name,
        unit=row.unit__short_name,
        is_archived=row.status == PartnerStatus.ARCHIVED,
        same_phone=same_phone,
        same_handle=same_handle,
    )
