"""What an officer's open events are called in a hand-over."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.open_work import Piece
from events.queries.open_work import open_events_of, with_waiting


def pieces_of(officer: Any) -> list[Piece]:
    """Each open event: the work of its host."""
    return [
        Piece(_told(event), reverse("events:event-detail", args=[event.public_id]), event.host_unit_id)
        for event in with_waiting(open_events_of(officer))
    ]


def _told(event: Any) -> str:
    if not event.waiting:
        return str(event.title)
    asked = ngettext("%(count)d request for names open", "%(count)d requests for names open", event.waiting)
    return f"{event.title} · {asked % {'count': event.waiting}}"
