"""Reading the audit: who may see which lines, and what each of them says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import DateField, DateTimeField, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Officer, Unit
from accounts.queries.units import scope_of
from accounts.sentences import field_label, field_of, kind_label, sentence_for
from audit import visibility
from audit.models import Detail, Entry
from regions.models import Region
from ui import times


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One line as it is shown. ``changes`` and ``reason`` are personal and filled for the privacy officer alone."""

    at: datetime
    sentence: str
    kind: str
    object_public_id: UUID | None
    actor: str
    actor_unit: str
    unit: str
    fields: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reason: str = ""


def entries_visible_to(user: Any) -> QuerySet[Entry]:
    """Lines about objects of the units in scope, and those that officers of these units caused elsewhere.

    What belongs to no unit and was done by nobody, such as a login with a name that no account has, is seen by every
    privacy officer: else by none. Such a line holds no value, and its details are shown to nobody.
    """
    if not user.can("audit.view"):
        return Entry.objects.none()
    scope = scope_of(user)
    nobodys = Q(unit_id__isnull=True, actor_unit_id__isnull=True)
    return Entry.objects.filter(Q(unit_id__in=scope) | Q(actor_unit_id__in=scope) | nobodys)


def history_for(user: Any, public_id: UUID) -> QuerySet[Entry] | None:
    """The lines on one object or person; None when the officer may not know of it.

    Who sees the object sees its lines, except those on joint commitments: beside an attendance, their absence would
    tell who did not agree. The privacy officer sees these too, and the lines of their scope even when the object is
    gone, as after an erasure.
    """
    about = Q(object_public_id=public_id) | Q(subject_public_id=public_id)
    if visibility.may_see(user, public_id):
        lines = Entry.objects.filter(about)
        return lines if user.can("audit.view") else lines.exclude(verb__startswith="pledge.")
    inside = entries_visible_to(user).filter(about)
    return inside if inside.exists() else None


def lines_for(user: Any, entries: Iterable[Entry]) -> list[Line]:
    """The lines in words, with a fixed number of queries however many there are.

    Values and reasons are read only for the privacy officer, and only of lines about objects of a unit in scope: a
    line that an own officer caused elsewhere may hold personal data of another unit's partner.
    """
    entries = list(entries)
    officers = Officer.objects.select_related("unit").in_bulk({e.actor_id for e in entries if e.actor_id})
    units = Unit.objects.in_bulk({e.unit_id for e in entries if e.unit_id})
    details = _details_for(user, entries)
    said = _Words(entries, details, user.unit.timezone)
    return [_line(entry, officers, units, details.get(entry.pk), said) for entry in entries]


def _details_for(user: Any, entries: list[Entry]) -> dict[int, Detail]:
    if not user.can("audit.view"):
        return {}
    scope = set(scope_of(user))
    inside = [entry.pk for entry in entries if entry.unit_id in scope]
    return {detail.entry_id: detail for detail in Detail.objects.filter(entry__in=inside)}


def _line(
    entry: Entry,
    officers: dict[int, Officer],
    units: dict[int, Unit],
    detail: Detail | None,
    said: _Words,
) -> Line:
    officer = officers.get(entry.actor_id or 0)
    unit = units.get(entry.unit_id or 0)
    return Line(
        at=entry.at,
        sentence=sentence_for(entry.verb),
        kind=kind_label(entry.object_kind),
        object_public_id=entry.object_public_id,
        actor=officer.formal_name if officer else _("without an account, or the system"),
        actor_unit=officer.unit.short_name if officer else "",
        unit=unit.short_name if unit else "",
        fields=[field_label(entry.object_kind, name) for name in entry.fields],
        changes=_changes(entry.object_kind, detail.changes, said) if detail else [],
        reason=detail.reason if detail else "",
    )


def _changes(kind: str, changes: dict[str, Any], said: _Words) -> list[Change]:
    found = []
    for name, pair in changes.items():
        before, after = _both(pair)
        about = field_of(kind, name)
        found.append(Change(field_label(kind, name), said.of(about, before), said.of(about, after)))
    return found


def _both(pair: Any) -> tuple[Any, Any]:
    """Before and after; what was written once has no before."""
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else ("", pair)


class _Words:
    """Stored values as people say them: choices by their labels, regions by name, moments by the reader's clock."""

    def __init__(self, entries: list[Entry], details: dict[int, Detail], timezone: str) -> None:
        self.timezone = timezone
        codes = {
            value
            for entry in entries
            if entry.pk in details
            for name, pair in details[entry.pk].changes.items()
            if _is_region(field_of(entry.object_kind, name))
            for value in _both(pair)
            if isinstance(value, str) and value
        }
        self.places = dict(Region.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}

    def of(self, about: Any, value: Any) -> str:
        """A stored value in words; nothing is "–"."""
        if isinstance(value, list):
            return ", ".join(self.of(about, item) for item in value) or "–"
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return self._of_field(about, str(value))

    def _of_field(self, about: Any, text: str) -> str:
        if _is_region(about):
            return self.places.get(text, text)
        try:
            if isinstance(about, DateTimeField):
                return times.long_moment(datetime.fromisoformat(text), self.timezone)
            if isinstance(about, DateField):
                return times.long_date(date.fromisoformat(text))
        except ValueError:
            return text
        labels = dict(getattr(about, "flatchoices", None) or [])
        return str(labels.get(text, text))


def _is_region(about: Any) -> bool:
    return getattr(about, "related_model", None) is Region
