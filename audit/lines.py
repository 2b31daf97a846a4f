"""Many lines of the audit in one statement, for what arrives by the hundred. Each as :func:`audit.recording.record`
would write it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from audit.models import Entry


@dataclass(frozen=True, slots=True)
class Line:
    verb: str
    object_kind: str
    object_public_id: UUID
    unit_id: int | None
    subject_public_id: UUID | None = None


_INSERT = """
INSERT INTO audit_entry (public_id, at, actor_id, actor_unit_id, unit_id, verb, object_kind, object_public_id,
  subject_public_id, event_public_id, fields)
SELECT gen_random_uuid(), clock_timestamp(), %s::bigint, %s::bigint, unit_id, verb, object_kind, object_public_id,
  subject_public_id, %s::uuid, '[]'::jsonb
FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::uuid[])
  AS r(verb, object_kind, object_public_id, unit_id, subject_public_id)
"""


def write(lines: list[Line], *, actor_id: int | None, actor_unit_id: int | None, event: UUID | None) -> None:
    """In the caller's transaction.

    :param event: ``public_id`` of the event that all lines are about.
    """
    if connection.vendor != "postgresql":
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
        return
    columns: list[list[Any]] = [
        [line.verb for line in lines],
        [line.object_kind for line in lines],
        [line.object_public_id for line in lines],
        [line.unit_id for line in lines],
        [line.subject_public_id for line in lines],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [actor_id, actor_unit_id, event, *columns])
