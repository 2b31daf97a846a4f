"""Who did, saw or exported what. Entries are append-only and hold no personal value; see :class:`Detail`."""

import uuid
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a fact that may only be added."""


_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class AppendOnlyQuerySet(models.QuerySet[_Row]):
    """A QuerySet whose rows can be added and read, never changed or deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are append-only.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are append-only.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are append-only.")


class AppendOnlyModel(models.Model):
    """A row that is written once. On PostgreSQL a trigger refuses what slips past the ORM."""

    objects: ClassVar[models.Manager[Self]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are append-only.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} rows are append-only.")


class Entry(AppendOnlyModel):
    """One line of the audit: ids, a verb and field names. No foreign keys, so that nothing can take a line away."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_unit_id = models.BigIntegerField(null=True, blank=True)
    unit_id = models.BigIntegerField(null=True, blank=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_public_id = models.UUIDField(null=True, blank=True)
    subject_public_id = models.UUIDField(null=True, blank=True)
    event_public_id = models.UUIDField(null=True, blank=True)
    fields = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_public_id", "-id"], name="audit_by_object"),
            models.Index(fields=["subject_public_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["unit_id", "-id"], name="audit_by_unit"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Detail(models.Model):
    """Personal before/after values and free-text reasons of an entry, keyed by subject; only erasure empties it."""

    entry = models.OneToOneField(
        Entry, on_delete=models.DO_NOTHING, related_name="detail", db_constraint=False
    )
    subject_public_id = models.UUIDField(null=True, blank=True, db_index=True)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True, max_length=500)

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"
