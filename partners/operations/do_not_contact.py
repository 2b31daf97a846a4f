"""Berhenti dihubungi: a person said that nobody shall contact them any more."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from audit import recording
from partners.choices import CONTACT_PURPOSES, ConsentChannel, Decision
from partners.models import Partner
from partners.operations import consents, opt_outs
from partners.queries.consents import latest_by_purpose
from partners.queries.opt_outs import addresses_of, records_of_same_person
from partners.rules import can_record_consent


@transaction.atomic
def stop(*, partner: Partner, by: Any) -> Partner:
    """Write down that the person asked not to be contacted; it holds everywhere at once.

    Their consents to e-mail, WhatsApp and calls are withdrawn, their addresses remembered by hash, and records of the
    same person in other units stop too, without saying which unit wrote it down. What is queued is suppressed when it
    is claimed. Only the person lifts it (``consents.record``); said twice, it keeps its first day.

    :raises ValidationError: ``gone`` when the person was erased meanwhile.
    :raises PermissionDenied: the partner is not in the officer's own scope.
    """
    if not can_record_consent(by, partner):
        raise PermissionDenied
    others = records_of_same_person(partner)
    # In the order of ids: two officers who write down the same wish at once must not wait for each other.
    rows = Partner.objects.select_for_update().filter(pk__in=[partner.pk, *others]).order_by("pk")
    locked = {row.pk: row for row in rows}
    mine = locked.pop(partner.pk, None) or consents.lock(partner)
    opt_outs.remember(addresses_of(mine))
    _stop(mine, by)
    for other in locked.values():
        _stop(other, None)
    partner.do_not_contact_at, partner.do_not_contact_by_id = (
        mine.do_not_contact_at,
        mine.do_not_contact_by_id,
    )
    return mine


def _stop(partner: Partner, by: Any | None) -> None:
    if partner.is_do_not_contact:
        return
    latest = latest_by_purpose(partner)
    for purpose in CONTACT_PURPOSES:
        if purpose not in latest or latest[purpose].decision != Decision.WITHDRAWN:
            consents.record(
                partner=partner,
                purpose=purpose,
                decision=Decision.WITHDRAWN,
                channel=ConsentChannel.SPOKEN,
                by=by,
            )
    partner.do_not_contact_at = timezone.now()
    partner.do_not_contact_by_id = getattr(by, "pk", None)
    partner.save(update_fields=["do_not_contact_at", "do_not_contact_by_id", "updated_at"])
    recording.record(by=by, verb="partner.contact_stopped", obj=partner, subject=partner.public_id)
