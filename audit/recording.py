"""Writing and reading the audit. A leaf: it knows objects only by kind and public id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from audit.models import Detail, Entry


def record(
    *,
    by: Any | None,
    verb: str,
    obj: models.Model | None = None,
    unit_id: int | None = None,
    subject: UUID | None = None,
    event: UUID | None = None,
    fields: Iterable[str] = (),
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
) -> Entry:
    """Add one line, in the caller's transaction.

    :param by: the officer who acts, or None for the system and for a person without an account.
    :param verb: ``noun.past`` such as ``partner.archived``.
    :param obj: the row acted on; its ``public_id`` and model name are kept, never its values.
    :param unit_id: the unit whose privacy officer may see the line; by default the object's unit, else the actor's.
    :param subject: ``public_id`` of the person concerned.
    :param fields: names of the fields touched. ``changes`` (field → [before, after]) and ``reason`` are personal and
        go to the detail table.
    """
    entry = Entry.objects.create(
        actor_id=getattr(by, "pk", None),
        actor_unit_id=getattr(by, "unit_id", None),
        unit_id=unit_id or getattr(obj, "unit_id", None) or getattr(by, "unit_id", None),
        verb=verb,
        object_kind=(obj._meta.model_name or "") if obj is not None else "",
        object_public_id=getattr(obj, "public_id", None),
        subject_public_id=subject,
        event_public_id=event,
        fields=sorted(set(fields) | set(changes or {})),
    )
    if changes or reason:
        Detail.objects.create(entry=entry, subject_public_id=subject, changes=changes or {}, reason=reason)
    return entry


def record_many(
    *,
    by: Any | None,
    verb: str,
    objects: Iterable[models.Model],
    unit_id: int | None = None,
    subjects: Iterable[UUID | None] | None = None,
    event: UUID | None = None,
    fields: Iterable[str] = (),
) -> None:
    """The lines that :func:`record` would write for each of many objects, in one statement.

    :param subjects: in the order of the objects, ``public_id`` of the person concerned.
    """
    named, rows = sorted(set(fields)), list(objects)
    concerned = [None] * len(rows) if subjects is None else list(subjects)
    Entry.objects.bulk_create(
        [
            Entry(
                actor_id=getattr(by, "pk", None),
                actor_unit_id=getattr(by, "unit_id", None),
                unit_id=unit_id or getattr(obj, "unit_id", None) or getattr(by, "unit_id", None),
                verb=verb,
                object_kind=obj._meta.model_name or "",
                object_public_id=getattr(obj, "public_id", None),
                subject_public_id=subject,
                event_public_id=event,
                fields=named,
            )
            for obj, subject in zip(rows, concerned, strict=True)
        ],
        batch_size=500,
    )


def entries_about(public_id: UUID) -> models.QuerySet[Entry]:
    """The lines on one object or person, newest first."""
    return (
        Entry.objects.filter(models.Q(object_public_id=public_id) | models.Q(subject_public_id=public_id))
        .select_related("detail")
        .order_by("-pk")
    )


def erase_subject(subject: UUID) -> int:
    """Empty the personal details kept about a person; the lines themselves stay. Returns how many were emptied."""
    return Detail.objects.filter(subject_public_id=subject).update(changes={}, reason="")


def protect(schema_editor: Any, table: str) -> None:
    """Refuse UPDATE and DELETE on ``table`` in PostgreSQL itself. SQLite relies on the ORM guard."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION rembuk_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$",
            params=None,
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION rembuk_append_only()",
            params=None,
        )


def unprotect(schema_editor: Any, table: str) -> None:
    """Take the trigger of :func:`protect` away, for a reversed migration."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
