"""Making a partner visible to another unit, while the person allows it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit import recording
from partners.choices import Decision, Purpose
from partners.models import Partner, Share
from partners.operations.consents import lock
from partners.queries.consents import decisions_of


@transaction.atomic
def grant(*, partner: Partner, unit: Unit, by: Any) -> Share:
    """Share a partner with another unit on the ruling consent ``share_unit``. Granted twice, it stays one share.

    :raises ValidationError: ``own_unit``, ``no_consent``, ``gone``.
    """
    locked = lock(partner)
    if unit.pk == locked.unit_id:
        raise ValidationError(_("The partner already belongs to this unit."), code="own_unit")
    consent = decisions_of(locked).filter(purpose=Purpose.SHARE_UNIT).first()
    if consent is None or consent.decision != Decision.GIVEN:
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
    """End a share; ended twice, it keeps its first end."""
    locked = Share.objects.select_for_update(of=("self",)).select_related("partner", "unit").get(pk=share.pk)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        partner = locked.partner
        recording.record(
            by=by, verb="share.ended", obj=partner, subject=partner.public_id, fields=[locked.unit.code]
        )
    return locked
