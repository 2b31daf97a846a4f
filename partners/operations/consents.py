"""Recording what a person allowed, and keeping the registry true to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording
from files import operations as file_operations
from files.models import StoredFile
from partners.choices import (
    CONFIRMING_CHANNELS,
    CONTACT_PURPOSES,
    ConsentChannel,
    Decision,
    Keep,
    LawfulBasis,
    PartnerStatus,
    Purpose,
)
from partners.models import Consent, ConsentText, Partner, Share
from partners.operations import opt_outs
from partners.queries.consents import (
    current_texts,
    decisions_of,
    keep_state,
    offered_to_person,
    standings_of,
    version_mark,
)

# How long a record may wait for an answer: an unconfirmed tick before it lapses, a calon mitra before erasure.
DAYS_TO_DECIDE = 30
# A phone's clock may run a little ahead of ours.
CLOCK_TOLERANCE = timedelta(minutes=5)
SHEET_PURPOSE = "consent_sheet"
STATE_FIELDS = ["keep", "status", "decide_by", "lawful_basis"]


@transaction.atomic
def record(
    *,
    partner: Partner,
    purpose: str,
    decision: str,
    channel: str,
    by: Any | None = None,
    evidence: StoredFile | None = None,
    at: datetime | None = None,
    text: ConsentText | None = None,
) -> Consent:
    """Add one decision and keep the partner's consent state, status and date of decision true to the latest.

    A confirmed consent to be kept (screen, link, photographed sheet) makes an active partner on the basis of consent;
    an officer's tick one who is *belum dikonfirmasi* for 30 days; a withdrawal a calon mitra who is erased after
    30 days (UU 27/2022 art. 8, 9, 43). A tick repeated after it lapsed changes nothing more: else nobody who
    never confirms need ever be erased. The archived stay archived. Shares end with the consent they stand on.
    Whoever asked not to be contacted lifts it by their own yes to be contacted, and nobody else does.

    :param by: the officer who recorded it, or None when the person decided through a link.
    :param text: the words that the person read; by default those in force.
    :raises ValidationError: ``unknown``, ``paper_needs_photo``, ``evidence_only_on_paper``, ``in_future``, ``no_text``,
        ``gone`` (the person was erased meanwhile), ``do_not_contact`` (an officer's tick for who asked for quiet).
    """
    at = at or timezone.now()
    _check(purpose=purpose, decision=decision, channel=channel, evidence=evidence, at=at)
    locked = lock(partner)
    allows_contact = decision == Decision.GIVEN and purpose in CONTACT_PURPOSES
    if allows_contact and channel not in CONFIRMING_CHANNELS:
        _refuse_tick(locked)
    consent = Consent.objects.create(
        partner=locked,
        purpose=purpose,
        decision=decision,
        text=_text_for(purpose, text),
        at=at,
        channel=channel,
        evidence=evidence,
        by_id=getattr(by, "pk", None),
    )
    touched = _settle(locked) if purpose == Purpose.KEEP else []
    if decision == Decision.WITHDRAWN and purpose in {Purpose.KEEP, Purpose.SHARE_UNIT}:
        _end_shares(locked, by)
    recording.record(
        by=by,
        verb=f"consent.{decision}",
        obj=consent,
        unit_id=locked.unit_id,
        subject=locked.public_id,
        fields=[purpose, channel, *touched],
    )
    if allows_contact and channel in CONFIRMING_CHANNELS:
        _allow_contact(locked, purpose, by)
    _copy_state(locked, partner)
    return consent


@transaction.atomic
def record_all(
    *,
    partner: Partner,
    decisions: dict[str, str],
    channel: str,
    by: Any | None = None,
    evidence: StoredFile | None = None,
) -> list[Consent]:
    """Several decisions taken at one moment: all of them or none. The consent to be kept comes first.

    :raises ValidationError: ``nothing_decided``, and those of :func:`record`.
    """
    if not decisions:
        raise ValidationError(_("Choose at least one decision."), code="nothing_decided")
    at = timezone.now()
    return [
        record(
            partner=partner,
            purpose=purpose,
            decision=decisions[purpose],
            channel=channel,
            by=by,
            evidence=evidence,
            at=at,
        )
        for purpose in Purpose.values
        if purpose in decisions
    ]


@transaction.atomic
def record_sheet(*, partner: Partner, decisions: dict[str, str], upload: IO[bytes], by: Any) -> list[Consent]:
    """Decisions on a signed sheet, with its photo or scan as evidence.

    :raises ValidationError: those of :func:`record_all` and of :func:`files.operations.store`.
    """
    sheet = file_operations.store(
        by=by, purpose=SHEET_PURPOSE, owner=partner.public_id, upload=upload, unit_id=partner.unit_id
    )
    try:
        return record_all(
            partner=partner, decisions=decisions, channel=ConsentChannel.PAPER, by=by, evidence=sheet
        )
    except BaseException:
        # The row is rolled back; the content would stay behind, and erasure would not find it.
        file_operations.discard(stored=sheet)
        raise


@transaction.atomic
def answer(
    *,
    partner: Partner,
    agreed: bool,
    also: Collection[str],
    channel: str,
    by: Any | None = None,
    mark: str = "",
) -> list[Consent]:
    """What a person decided themselves, on a screen or by a link. A no withdraws the consent to be kept, and so all.

    :param also: the further purposes that they ticked; those allowed before and not ticked now are withdrawn.
    :param mark: which words they read (:func:`partners.queries.consents.version_mark`).
    :raises ValidationError: ``new_words`` when the words in force are others than those they read; ``gone``.
    """
    standings = standings_of(lock(partner))
    offered = offered_to_person(partner, standings)
    if mark != version_mark([*standings[:1], *offered]):
        raise ValidationError(_("The words have just changed. Please read them once more."), code="new_words")
    decisions: dict[str, str] = {Purpose.KEEP: Decision.GIVEN if agreed else Decision.WITHDRAWN}
    for standing in offered if agreed else []:
        ticked = standing.purpose in also
        if ticked and not standing.is_confirmed:
            decisions[standing.purpose] = Decision.GIVEN
        elif standing.is_given and not ticked:
            decisions[standing.purpose] = Decision.WITHDRAWN
    return record_all(partner=partner, decisions=decisions, channel=channel, by=by)


@transaction.atomic
def lapse(*, partner: Partner, today: date) -> bool:
    """An officer's tick that nobody confirmed in time: back to calon mitra, with a new 30 days before erasure, and seen
    by their own unit alone.

    Returns False when it was confirmed, withdrawn or prolonged meanwhile.
    """
    rows = Partner.objects.select_for_update().filter(
        pk=partner.pk, keep=Keep.UNCONFIRMED, decide_by__lt=today
    )
    locked = rows.first()
    if locked is None:
        return False
    _set_state(locked, Keep.NONE, decide_by=today + timedelta(days=DAYS_TO_DECIDE))
    locked.save(update_fields=[*STATE_FIELDS, "updated_at"])
    _end_shares(locked, None)
    recording.record(
        by=None, verb="consent.lapsed", obj=locked, subject=locked.public_id, fields=STATE_FIELDS
    )
    _copy_state(locked, partner)
    return True


def lock(partner: Partner) -> Partner:
    """The partner's row, held until the transaction ends.

    :raises ValidationError: ``gone`` when the person was erased meanwhile.
    """
    locked = Partner.objects.select_for_update().filter(pk=partner.pk).first()
    if locked is None:
        raise ValidationError(_("This person's data has been erased."), code="gone")
    return locked


def _check(*, purpose: str, decision: str, channel: str, evidence: StoredFile | None, at: datetime) -> None:
    if (
        purpose not in Purpose.values
        or decision not in Decision.values
        or channel not in ConsentChannel.values
    ):
        raise ValidationError(_("This decision cannot be recorded."), code="unknown")
    if channel == ConsentChannel.PAPER and evidence is None:
        raise ValidationError(_("Photograph the signed sheet."), code="paper_needs_photo")
    if channel != ConsentChannel.PAPER and evidence is not None:
        raise ValidationError(_("A photo belongs to a signed sheet only."), code="evidence_only_on_paper")
    if at > timezone.now() + CLOCK_TOLERANCE:
        raise ValidationError(_("A decision cannot lie in the future."), code="in_future")


def _text_for(purpose: str, text: ConsentText | None) -> ConsentText:
    if text is None:
        text = current_texts().get(purpose)
    if text is None or text.purpose != purpose:
        raise ValidationError(_("There is no text for this purpose yet."), code="no_text")
    return text


def _settle(partner: Partner) -> list[str]:
    """Derive the state from all decisions to be kept. A repeated tick or withdrawal does not prolong the wait."""
    decisions = list(decisions_of(partner).filter(purpose=Purpose.KEEP))
    state = keep_state(decisions)
    if state == Keep.UNCONFIRMED and partner.keep == Keep.NONE and _was_ticked_before(decisions):
        state = Keep.NONE
    before = [getattr(partner, name) for name in STATE_FIELDS]
    unchanged = state == partner.keep and partner.decide_by is not None
    due = partner.decide_by if unchanged else timezone.localdate() + timedelta(days=DAYS_TO_DECIDE)
    _set_state(partner, state, decide_by=None if state == Keep.CONFIRMED else due)
    touched = [
        name for name, value in zip(STATE_FIELDS, before, strict=True) if getattr(partner, name) != value
    ]
    if touched:
        partner.save(update_fields=[*touched, "updated_at"])
    return touched


def _was_ticked_before(decisions: list[Consent]) -> bool:
    """Whether the one before the latest was a yes too: then it has lapsed."""
    return len(decisions) > 1 and decisions[1].decision == Decision.GIVEN


def _refuse_tick(partner: Partner) -> None:
    if partner.is_do_not_contact:
        raise ValidationError(
            _(
                "This person asked not to be contacted. Only they can take it back: on this phone, by their link, or "
                "on a signed sheet."
            ),
            code="do_not_contact",
        )


def _allow_contact(partner: Partner, purpose: str, by: Any | None) -> None:
    """The person's own yes: their addresses may be used again, and "Berhenti dihubungi" is over."""
    reopened = opt_outs.reopen(partner, purpose)
    if not partner.is_do_not_contact and not reopened:
        return
    partner.do_not_contact_at = partner.do_not_contact_by_id = None
    partner.save(update_fields=["do_not_contact_at", "do_not_contact_by_id", "updated_at"])
    recording.record(
        by=by, verb="partner.contact_allowed", obj=partner, subject=partner.public_id, fields=[purpose]
    )


def _end_shares(partner: Partner, by: Any | None) -> None:
    for share in Share.objects.filter(partner=partner, ended_at__isnull=True).select_related("unit"):
        share.ended_at = timezone.now()
        share.save(update_fields=["ended_at"])
        recording.record(
            by=by, verb="share.ended", obj=partner, subject=partner.public_id, fields=[share.unit.code]
        )


def _set_state(partner: Partner, state: Keep, *, decide_by: date | None) -> None:
    partner.keep = state
    partner.decide_by = decide_by
    partner.lawful_basis = LawfulBasis.CONSENT if state == Keep.CONFIRMED else LawfulBasis.PUBLIC_TASK
    if not partner.is_archived:
        partner.status = PartnerStatus.PROSPECTIVE if state == Keep.NONE else PartnerStatus.ACTIVE


def _copy_state(source: Partner, target: Partner) -> None:
    """The caller's object tells the same as the row."""
    for name in [*STATE_FIELDS, "do_not_contact_at", "do_not_contact_by_id"]:
        setattr(target, name, getattr(source, name))
