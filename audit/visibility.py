"""Who may read the history of one object: asked of the app that owns it, by a callback set in its ``ready()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

Sees = Callable[[Any, UUID], bool]
_registry: dict[str, Sees] = {}


def register(kind: str, sees: Sees) -> None:
    """``sees(user, public_id)`` says whether the officer sees the object of this kind."""
    _registry[kind] = sees


def through(reader: Callable[[Any], QuerySet]) -> Sees:
    """Seen is what the reader of that noun gives: ``register("partner", through(partners_visible_to))``."""

    def sees(user: Any, public_id: UUID) -> bool:
        return reader(user).filter(public_id=public_id).exists()

    return sees


def registered() -> frozenset[str]:
    return frozenset(_registry)


def may_see(user: Any, public_id: UUID) -> bool:
    """Whether ``public_id`` belongs to an object of any kind that the officer sees."""
    return any(sees(user, public_id) for sees in _registry.values())
