"""Making a partner visible to another unit, while the person allows it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import unit_ids_above
from audit import recording
from partners.choices import Purpose
from partners.models import Partner, Share
from partners.operations.consents import lock
from partners.queries.consents import allows, decisions_of
from partners.rules import can_share


@transaction.atomic
def grant(*, partner: Partner, unit: Unit, by: Any) -> Share:
    """Share a partner with another unit on the ruling consent ``share_unit``. Granted twice, it stays one share.

    Of whom may not be kept any more nothing is shared anew, whatever they once said about sharing.

    The other unit reads, and no more; it ends with the consent (``consents.record``).

    :raises ValidationError: ``own_unit`` (the partner's unit, and those above it, see them anyway), ``other_tree``,
        ``no_consent``, ``gone``.
    :raises PermissionDenied: the partner is not in the officer's own scope.
    """
    locked = lock(partner)
    if not can_share(by, locked):
        raise PermissionDenied
    line = unit_ids_above(locked.unit_id)
    if unit.pk in line:
        raise ValidationError(_("This unit sees the partner already."), code="own_unit")
    if unit_ids_above(unit.pk)[-1] != line[-1]:
        raise ValidationError(
            _("Partners are shared within one institution only."),
            code="other_tree",
        )
    consent = decisions_of(locked).filter(purpose=Purpose.SHARE_UNIT).first()
    if consent is None or not allows(locked, Purpose.SHARE_UNIT):
        raise ValidationError(
            _("The person has not agreed to be shared with another unit."), code="no_consent"
        )
    share = Share.objects.filter(partner=locked, unit=unit, ended_at__isnull=True).first()
    if share is None:
        share = Share.objects.create(partner=locked, unit=unit, consent=consent)
        recording.record(
            by=by, verb="share.granted", obj=locked, subject=locked.public_id, fields=[unit.code]
        )
    return share


@transaction.atomic
def end(*, share: Share, by: Any) -> Share:
    """End a share; ended twice, it keeps its first end.

    :raises PermissionDenied: the partner is not in the officer's own scope.
    """
    locked = Share.objects.select_for_update(of=("self",)).select_related("partner", "unit").get(pk=share.pk)
    partner = locked.partner
    if not can_share(by, partner):
        raise PermissionDenied
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        recording.record(
            by=by, verb="share.ended", obj=partner, subject=partner.public_id, fields=[locked.unit.code]
        )
    return locked
