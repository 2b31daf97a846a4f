"""What happens to higher apps' rows when a partner moves or is erased: callbacks set in their ``AppConfig.ready()``.

Each relation to :class:`Partner` is named by the app that owns it; a test compares the registry with
``Partner._meta.related_objects``, so that a new relation cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Lifecycle:
    """What one higher app does with its rows about a partner. ``exported`` returns them as plain data for them."""

    relation: str
    moved: Callable[..., None]
    erased: Callable[..., None]
    exported: Callable[..., list[dict[str, Any]]]


_registry: dict[str, Lifecycle] = {}


def register(lifecycle: Lifecycle) -> None:
    """Called once per relation, from ``ready()``. ``relation`` is "app_label.Model.field"."""
    _registry[lifecycle.relation] = lifecycle


def registered() -> dict[str, Lifecycle]:
    return dict(_registry)


def tell_moved(partner: Any, *, by: Any) -> None:
    """The partner now belongs to another unit: every higher app carries its rows along, in the same transaction."""
    for lifecycle in _registry.values():
        lifecycle.moved(partner, by=by)
