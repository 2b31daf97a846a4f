"""Saving the good ones of many pasted lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Officer
from partners.models import Partner
from partners.operations.partners import register
from partners.pasting import Line
from partners.queries.pasting import Judged, Verdict, judge
from regions.models import Region


@dataclass(frozen=True)
class Wanted:
    """A line of the preview: whether the officer ticked it, and which twins stood beside it then."""

    line: Line
    is_ticked: bool
    seen: frozenset[str] = frozenset()


@dataclass
class Outcome:
    saved: list[Partner] = field(default_factory=list)
    left: list[Judged] = field(default_factory=list)


@transaction.atomic
def save_lines(*, by: Any, lines: Sequence[Wanted], kind: str, source: str, default: str = "") -> Outcome:
    """Register the ticked lines that can be, as calon mitra, all or none; the others are left with their reasons.

    Every line is judged anew. A twin that was not shown, such as the record that the same press of the button made a
    moment ago, leaves its line over; two presses at once wait for each other.

    :param default: code of the region of lines that name none.
    :raises PermissionDenied: the role may not add partners.
    """
    if not by.can("partner.add"):
        raise PermissionDenied
    Officer.objects.select_for_update().get(pk=by.pk)
    outcome = Outcome()
    judged = judge(by, [one.line for one in lines], default=default)
    regions = Region.objects.in_bulk({row.place.code for row in judged if row.place})
    for one, row in zip(lines, judged, strict=True):
        unseen = {str(twin.public_id) for twin in row.twins} - one.seen
        if not one.is_ticked or row.verdict == Verdict.CANNOT or unseen or row.place is None:
            outcome.left.append(row)
            continue
        try:
            outcome.saved.append(_register(by, row, regions[row.place.code], kind, source))
        except ValidationError as refusal:
            row.reasons += refusal.messages
            outcome.left.append(row)
    return outcome


def _register(by: Any, row: Judged, region: Region, kind: str, source: str) -> Partner:
    return register(
        by=by,
        full_name=row.name.full_name,
        title_before=row.name.title_before,
        title_after=row.name.title_after,
        kind=kind,
        source=source,
        region=region,
        phone=row.contact.phone,
        email=row.contact.email,
        handles=row.handle_pairs,
    )
