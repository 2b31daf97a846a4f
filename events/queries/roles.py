"""People with a part, in the order in which a paper names them."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from events.choices import RoleKind
from events.models import Event, EventRole

_ORDER = Case(
    *[When(role=role, then=Value(place)) for place, role in enumerate(RoleKind.values)],
    output_field=IntegerField(),
)


def roles_of(event: Event) -> QuerySet[EventRole]:
    """Leader first, minute taker last; within a part as they were added."""
    return EventRole.objects.filter(event=event).order_by(_ORDER, "order", "pk")
