"""How often contacts were looked at, for the privacy officer; the audit itself names by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.queries.units import scope_of
from audit.models import Entry
from ui.paging import Count, capped_count

_LOOKS = ["partner.contact_revealed", "participant.contact_revealed"]


def recent_looks(user: Any, *, days: int = 7) -> Count:
    """Contacts of partners and of walk-ins revealed in the units in reach during the last days; stops at the cap."""
    since = timezone.now() - timedelta(days=days)
    return capped_count(Entry.objects.filter(verb__in=_LOOKS, unit_id__in=scope_of(user), at__gte=since))
