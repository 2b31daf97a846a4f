"""The roll of personnel that a unit brings to an internal meeting: counted apart from guests, marked like them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.recording import record
from events.choices import OFFICIAL_KINDS, ParticipantKind
from events.models import Event, Participant
from events.operations.locking import hold_people, lock_open
from events.personnel import MAX_LINES, Person
from events.queries.participants import is_marked
from events.queries.personnel import is_taking_part
from events.queries.roll import MAX_STAFF
from partners.search import search_key_for


@transaction.atomic
def add(*, event: Event, unit: Unit, people: Iterable[Person], by: Any) -> int:
    """Put personnel of one unit on the list. Rank and name that the unit's roll holds already stay as they are; the
    same name with another rank is somebody else.

    Returns how many are new.

    :raises ValidationError: ``event_closed``, ``not_taking_part``, ``nobody``, ``too_many`` at once or in all.
    """
    lock_open(event)
    people = list(people)
    if not is_taking_part(event, unit):
        raise ValidationError(_("This unit does not take part any more."), code="not_taking_part")
    if not people:
        raise ValidationError({"lines": ValidationError(_("Write at least one name."), code="nobody")})
    if len(people) > MAX_LINES:
        message = _("At most %(most)s lines at once.") % {"most": MAX_LINES}
        raise ValidationError({"lines": ValidationError(message, code="too_many")})
    known = set(
        Participant.objects.filter(
            event=event, unit=unit, kind=ParticipantKind.PERSONNEL, role__isnull=True
        ).values_list("search_key", "rank")
    )
    rows = []
    for person in people:
        row = _row(event, unit, person, by)
        if (row.search_key, row.rank) not in known:
            known.add((row.search_key, row.rank))
            rows.append(row)
    _require_seats(event, len(rows))
    Participant.objects.bulk_create(rows)
    if rows:
        record(
            by=by,
            verb="personnel.added",
            obj=event,
            unit_id=unit.pk,
            event=event.public_id,
            fields=["personnel"],
        )
    return len(rows)


@transaction.atomic
def remove(*, participant: Participant, by: Any) -> None:
    """Take one of them off again.

    :raises ValidationError: ``event_closed``; ``not_personnel`` (a guest, or somebody with a part in the event);
        ``already_marked``.
    """
    event = participant.event
    hold_people(Participant.objects.filter(pk=participant.pk))
    lock_open(event)
    if participant.kind != ParticipantKind.PERSONNEL or participant.role_id is not None:
        raise ValidationError(
            _("This person has a part in the event; take the part away first."), code="not_personnel"
        )
    if is_marked(participant):
        message = _("%(name)s has already been marked at the event and stays on the list.")
        raise ValidationError(message, code="already_marked", params={"name": str(participant)})
    record(
        by=by, verb="personnel.removed", obj=participant, unit_id=participant.unit_id, event=event.public_id
    )
    participant.delete()


def _require_seats(event: Event, more: int) -> None:
    """The roll shows personnel all at once; nobody on the list may be missing there."""
    standing = Participant.objects.filter(event=event, kind__in=OFFICIAL_KINDS).count()
    if standing + more > MAX_STAFF:
        message = _("At most %(most)s personnel and officials at one event; %(standing)s stand already.")
        raise ValidationError(
            {
                "lines": ValidationError(
                    message, code="too_many", params={"most": MAX_STAFF, "standing": standing}
                )
            }
        )


def _row(event: Event, unit: Unit, person: Person, by: Any) -> Participant:
    return Participant(
        event=event,
        kind=ParticipantKind.PERSONNEL,
        unit=unit,
        rank=person.rank,
        display_name=person.name,
        position=person.position,
        institution=unit.short_name,
        search_key=search_key_for(person.name, unit.short_name)[:500],
        added_by_id=by.pk,
    )
