"""What an officer's open events are called in a hand-over."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from events.queries.open_work import open_events_of, with_waiting


def rows_of(officer: Any) -> list[tuple[str, str]]:
    """Title and address of each open event."""
    return [
        (_told(event), reverse("events:event-detail", args=[event.public_id]))
        for event in with_waiting(open_events_of(officer))
    ]


def _told(event: Any) -> str:
    if not event.waiting:
        return str(event.title)
    asked = ngettext("%(count)d request for names open", "%(count)d requests for names open", event.waiting)
    return f"{event.title} · {asked % {'count': event.waiting}}"
