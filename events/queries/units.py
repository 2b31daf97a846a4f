"""Which units may stand beside the host."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import Unit
from accounts.queries.units import unit_ids_below


def units_of_same_tree(user: Any) -> QuerySet[Unit]:
    """All active units under the same root as the officer's: the whole force, or the whole agency."""
    parents = dict(Unit.objects.order_by().values_list("pk", "parent_id"))
    root = user.unit_id
    while parents[root] is not None:
        root = parents[root]
    return Unit.objects.filter(pk__in=unit_ids_below(root), is_active=True)
