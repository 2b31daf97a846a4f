"""With whom a partner is shared, and with whom they may be."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Unit
from accounts.queries.units import unit_ids_above, unit_ids_below
from partners.models import Partner, Share


def live_shares_of(partner: Partner) -> QuerySet[Share]:
    """Which units see the partner by their consent, in the order of names."""
    return (
        Share.objects.filter(partner=partner, ended_at__isnull=True)
        .select_related("unit")
        .order_by("unit__short_name", "pk")
    )


def units_to_share_with(partner: Partner) -> QuerySet[Unit]:
    """Active units of the same tree that do not see the partner yet: not their own unit, and none above it.

    Two queries here, one more for the units.
    """
    line = unit_ids_above(partner.unit_id)
    shared = live_shares_of(partner).values_list("unit_id", flat=True)
    return (
        Unit.objects.filter(pk__in=unit_ids_below(line[-1]), is_active=True)
        .exclude(pk__in=[*line, *shared])
        .order_by("short_name", "pk")
    )
