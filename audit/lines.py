"""Many lines of the audit at once, for what arrives by the hundred. Each as :func:`audit.recording.record` would write
it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit.arrays import literal, words
from audit.models import Entry


@dataclass(slots=True)
class Line:
    verb: str
    object_kind: str
    object_public_id: UUID
    unit_id: int | None
    subject_public_id: UUID | None = None


_INSERT = """
INSERT INTO audit_entry (public_id, at, actor_id, actor_unit_id, unit_id, verb, object_kind, object_public_id,
  subject_public_id, event_public_id, fields)
SELECT gen_random_uuid(), clock_timestamp(), %s::bigint, {actor_unit}, unit_id, verb, object_kind, object_public_id,
  subject_public_id, %s::uuid, '[]'::jsonb
FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::uuid[])
  AS r(verb, object_kind, object_public_id, unit_id, subject_public_id)
"""


def write(lines: list[Line], *, actor_id: int | None, actor_unit_id: int | None, event: UUID | None) -> None:
    """In the caller's transaction, on any database.

    :param event: ``public_id`` of the event that all lines are about.
    """
    Entry.objects.bulk_create(
        [
            Entry(
                public_id=uuid.uuid4(),
                actor_id=actor_id,
                actor_unit_id=actor_unit_id,
                unit_id=line.unit_id,
                verb=line.verb,
                object_kind=line.object_kind,
                object_public_id=line.object_public_id,
                subject_public_id=line.subject_public_id,
                event_public_id=event,
            )
            for line in lines
        ]
    )


def part(
    lines: list[Line], *, actor_id: int | None, actor_unit: str, event: UUID | None
) -> tuple[str, list[Any]]:
    """The same as a part of a larger statement of PostgreSQL: its text and its parameters.

    :param actor_unit: how the unit of the actor is found, as SQL with one parameter, the actor.
    """
    columns = [
        words([line.verb for line in lines]),
        words([line.object_kind for line in lines]),
        literal([line.object_public_id for line in lines]),
        literal([line.unit_id for line in lines]),
        literal([line.subject_public_id for line in lines]),
    ]
    actor = None if actor_id is None else str(actor_id)  # as text: its type would hang on its size
    return _INSERT.format(actor_unit=actor_unit), [actor, actor, event, *columns]
