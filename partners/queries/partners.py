"""The only door to partner rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.queries.units import scope_of
from partners.choices import PartnerStatus
from partners.models import Partner, Share


def partners_visible_to(user: Any) -> QuerySet[Partner]:
    """Partners of the officer's unit and the units below it, and those shared with any of these by live consent.

    The few shared ids are read first and sent as values: an OR over a subquery would cost the index on ``unit``.
    """
    if not user.can("partner.view"):
        return Partner.objects.none()
    units = scope_of(user)
    shared = list(
        Share.objects.filter(unit__in=units, ended_at__isnull=True).values_list("partner_id", flat=True)
    )
    inside = Q(unit__in=units)
    return Partner.objects.filter(inside | Q(pk__in=shared) if shared else inside)


def active_partners(user: Any) -> QuerySet[Partner]:
    """With a consent to be kept, and not archived: who may be written down as having come."""
    return partners_visible_to(user).filter(status=PartnerStatus.ACTIVE)


def selectable_partners(user: Any) -> QuerySet[Partner]:
    """Those who may be picked for anything: active, and without the wish not to be contacted."""
    return active_partners(user).filter(do_not_contact_at__isnull=True)


def not_to_be_contacted(user: Any) -> QuerySet[Partner]:
    """Active partners who asked not to be contacted: a list to pick from says so, instead of leaving a riddle."""
    return active_partners(user).filter(do_not_contact_at__isnull=False)


def same_phone(user: Any, phone: Any, *, besides: Partner | None = None) -> QuerySet[Partner]:
    """Others with this number, as far as the officer sees them: households share, so it warns and never refuses.

    Nothing is said about those outside the scope.
    """
    others = partners_visible_to(user).filter(phone=phone)
    return (others.exclude(pk=besides.pk) if besides else others).only("full_name", "status", "sort_key")[:3]
