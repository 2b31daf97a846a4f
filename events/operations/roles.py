"""People with a part in the evening. Each is a participant too, counted apart from the guests."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.recording import record
from events.choices import ParticipantKind
from events.models import Event, EventRole, Participant
from events.operations.locking import hold_people, lock_open
from events.queries.participants import is_marked
from partners.search import search_key_for

_CHANGEABLE = frozenset(
    {"role", "rank", "full_name", "title_after", "acting_prefix", "position", "institution"}
)


@transaction.atomic
def add(
    *,
    event: Event,
    by: Any,
    role: str,
    full_name: str,
    rank: str = "",
    title_after: str = "",
    acting_prefix: str = "",
    position: str = "",
    institution: str = "",
    unit: Unit | None = None,
) -> EventRole:
    """Give somebody a part: police people by rank, outsiders by institution.

    :param unit: the unit of a police person, when it is known.
    :raises ValidationError: ``event_closed``, ``rank_or_institution``, or a field that is not valid.
    """
    lock_open(event)
    person = EventRole(
        event=event,
        role=role,
        order=event.roles.filter(role=role).count() + 1,
        rank=rank,
        full_name=full_name,
        title_after=title_after,
        acting_prefix=acting_prefix,
        position=position,
        institution=institution,
    )
    _check(person)
    person.save(force_insert=True)
    Participant.objects.create(
        event=event, role=person, unit=unit, added_by_id=by.pk, **_as_participant(person)
    )
    record(by=by, verb="role.added", obj=person, unit_id=event.host_unit_id, event=event.public_id)
    return person


@transaction.atomic
def update(*, person: EventRole, by: Any, **fields: Any) -> EventRole:
    """Change what is given, on the programme of the evening and on the roll alike."""
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not a field that may be changed: {sorted(unknown)}")
    hold_people(Participant.objects.filter(role=person))
    lock_open(person.event)
    changed = {name: value for name, value in fields.items() if getattr(person, name) != value}
    if not changed:
        return person
    for name, value in changed.items():
        setattr(person, name, value)
    _check(person)
    person.save(update_fields=sorted(changed))
    Participant.objects.filter(role=person).update(**_as_participant(person))
    record(
        by=by,
        verb="role.updated",
        obj=person,
        unit_id=person.event.host_unit_id,
        event=person.event.public_id,
        fields=changed,
    )
    return person


@transaction.atomic
def remove(*, person: EventRole, by: Any) -> None:
    """Take the part away. Somebody already marked at the door stays on the roll, without the part."""
    event = person.event
    hold_people(Participant.objects.filter(role=person))
    lock_open(event)
    participant = Participant.objects.filter(role=person).first()
    record(by=by, verb="role.removed", obj=person, unit_id=event.host_unit_id, event=event.public_id)
    if participant is not None and not is_marked(participant):
        participant.delete()
    person.delete()


def _check(person: EventRole) -> None:
    if not person.rank and not person.institution:
        message = _("Give a rank (police) or an institution (others).")
        raise ValidationError({"institution": ValidationError(message, code="rank_or_institution")})
    person.full_clean(exclude=["event"])


def _as_participant(person: EventRole) -> dict[str, Any]:
    return {
        "kind": ParticipantKind.PERSONNEL if person.rank else ParticipantKind.OFFICIAL,
        "display_name": person.formal_name,
        "institution": person.institution,
        "search_key": search_key_for(person.formal_name)[:500],
    }
