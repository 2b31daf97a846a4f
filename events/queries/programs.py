"""The only door to programme rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.queries.units import scope_of
from events.models import Program
from events.queries.events import events_visible_to


def programs_visible_to(user: Any) -> QuerySet[Program]:
    """Programmes of the officer's unit and those below it, and any that holds an event they can see."""
    if not user.can("program.view"):
        return Program.objects.none()
    through = events_visible_to(user).filter(program__isnull=False).order_by().values("program")
    return Program.objects.filter(Q(unit__in=scope_of(user)) | Q(pk__in=through))
