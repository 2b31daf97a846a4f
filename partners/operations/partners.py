"""Every change to a partner, and every look at a contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import EmailValidator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import to_python

from accounts.models import Unit
from audit.arrays import literal
from audit.recording import record
from partners import lifecycle
from partners.choices import (
    MAX_REASON,
    AddressKind,
    ConsentChannel,
    Decision,
    Keep,
    PartnerKind,
    PartnerStatus,
    Purpose,
    Source,
)
from partners.handles import Handle, shown
from partners.models import Partner
from partners.operations import consents, opt_outs, social_accounts
from partners.opt_outs import Address, addresses
from partners.queries.opt_outs import addresses_of, closed_ways_of, opted_out_among
from partners.queries.partners import partners_visible_to
from partners.queries.territory import holding_unit
from partners.rules import can_archive, can_change
from partners.search import search_key_for, sort_key_for
from regions.models import Region
from ui.phones import spoken_form

_LIMITS = {"full_name": 120, "title_before": 40, "title_after": 60, "stage_name": 80, "email": 254}
_EDITABLE = frozenset({*_LIMITS, "kind", "phone", "region", "source"})
_CLOSED = {
    AddressKind.PHONE: gettext_lazy(
        "The owner of this number asked not to be contacted. Leave it empty: the person may be recorded without it."
    ),
    AddressKind.EMAIL: gettext_lazy(
        "The owner of this e-mail address asked not to be contacted. Leave it empty: the person may be recorded "
        "without it."
    ),
    AddressKind.HANDLE: gettext_lazy(
        "The owner of one of these accounts asked not to be contacted. Leave it out: the person may be recorded "
        "without it."
    ),
}


@dataclass(frozen=True)
class Contact:
    """How to reach a person, shown once. ``handles`` are as people write them: (platform, "@name").

    ``closed`` names what its owner asked not to be reached by: "phone", "email", or "@name"; ``is_do_not_contact`` that
    this person asked for quiet altogether.
    """

    phone: str
    email: str
    handles: list[tuple[str, str]]
    closed: frozenset[str] = frozenset()
    is_do_not_contact: bool = False


@transaction.atomic
def register(
    *,
    by: Any,
    full_name: str,
    kind: str,
    region: Region,
    source: str,
    phone: Any = "",
    email: str = "",
    title_before: str = "",
    title_after: str = "",
    stage_name: str = "",
    handles: Iterable[tuple[str, str]] = (),
    consent_given: bool = False,
    is_demo: bool = False,
    at: datetime | None = None,
    unit: Unit | None = None,
) -> Partner:
    """Add a person: a calon mitra, who is erased after 30 days unless they agree to be kept.

    :param handles: (platform, pasted text); see :func:`partners.handles.parse`.
    :param consent_given: the person told the officer that they agree; recorded as *belum dikonfirmasi*.
    :param at: when it happened, for records of the past; now by default.
    :param unit: who holds the person, where it is not for the officer's scope to say: the door of an event lets in
        whoever comes. The officer may then be unable to open what they registered.
    :raises ValidationError: ``no_unit`` or ``other_unit`` (see :func:`partners.queries.territory.holding_unit`),
        ``required``, ``too_long``, ``unknown``, ``phone``, ``email``, the codes of a handle, and ``opted_out_phone``,
        ``opted_out_email``, ``opted_out_handle`` for an address whose owner asked not to be contacted.
    :raises PermissionDenied: the role may not add partners.
    """
    if not by.can("partner.add"):
        raise PermissionDenied
    moment = at or timezone.now()
    facts = _checked(
        {
            "full_name": full_name,
            "kind": kind,
            "region": region,
            "source": source,
            "phone": phone,
            "email": email,
            "title_before": title_before,
            "title_after": title_after,
            "stage_name": stage_name,
        }
    )
    accounts = social_accounts.read_handles(handles)
    _refuse_closed(
        addresses(
            phone=facts["phone"],
            email=facts["email"],
            handles=[(account.platform, account.key) for account in accounts],
        )
    )
    day = timezone.localdate(moment)
    partner = Partner(
        **facts,
        unit=unit or holding_unit(by, region, day),
        status=PartnerStatus.PROSPECTIVE,
        decide_by=day + timedelta(days=consents.DAYS_TO_DECIDE),
        created_by_id=by.pk,
        is_demo=is_demo,
    )
    _set_keys(partner, accounts)
    partner.save()
    if at is not None:
        Partner.objects.filter(pk=partner.pk).update(created_at=moment)
        partner.created_at = moment
    _before, after = social_accounts.replace(partner, accounts)
    changes: dict[str, list[Any]] = {name: ["", _plain(value)] for name, value in facts.items() if value}
    if after:
        changes["handles"] = [[], after]
    record(by=by, verb="partner.registered", obj=partner, subject=partner.public_id, changes=changes)
    if consent_given:
        consents.record(
            partner=partner,
            purpose=Purpose.KEEP,
            decision=Decision.GIVEN,
            channel=ConsentChannel.SPOKEN,
            by=by,
            at=at,
        )
    return partner


@transaction.atomic
def update(
    *, partner: Partner, by: Any, handles: Iterable[tuple[str, str]] | None = None, **fields: Any
) -> Partner:
    """Change facts of a partner. Another region may mean another unit, and what hangs on the partner moves along.

    :param handles: all handles anew; None leaves them.
    :param fields: any of full_name, title_before, title_after, stage_name, kind, phone, email, region, source.
    :raises ValidationError: as :func:`register`; ``gone`` when the person was erased meanwhile.
    :raises PermissionDenied: the partner is not in the officer's own scope.
    """
    unknown = set(fields) - _EDITABLE
    if unknown:
        raise TypeError(f"Not a fact of a partner: {sorted(unknown)}")
    partner = consents.lock(partner)
    if not can_change(by, partner):
        raise PermissionDenied
    known = addresses_of(partner)
    changes = _apply(partner, _checked(fields))
    unit_before = partner.unit_id
    if "region" in changes and partner.unit.is_police:
        partner.unit = holding_unit(by, fields["region"])
    if handles is not None:
        before, after = social_accounts.replace(partner, social_accounts.read_handles(handles))
        if before != after:
            changes["handles"] = [before, after]
    if not changes:
        return partner
    new = [address for address in addresses_of(partner) if address not in known]
    _refuse_closed(new)
    if partner.is_do_not_contact:
        opt_outs.remember(new)  # the wish is about the person: no unit writes to the new number either
    _set_keys(partner, partner.social_accounts.all())
    touched = [name for name in changes if name != "handles"]
    partner.save(update_fields=[*touched, "unit", "search_key", "sort_key", "updated_at"])
    record(by=by, verb="partner.updated", obj=partner, subject=partner.public_id, changes=changes)
    if partner.unit_id != unit_before:
        record(
            by=by,
            verb="partner.moved",
            obj=partner,
            unit_id=unit_before,
            subject=partner.public_id,
            fields=["unit"],
        )
        lifecycle.tell_moved(partner, by=by)
    return partner


@transaction.atomic
def archive(*, partner: Partner, by: Any, reason: str) -> Partner:
    """Set a partner aside: out of lists and selections, restorable. The date of decision stays, and with it erasure.

    Archiving twice changes nothing.

    :raises ValidationError: ``reason_required``, ``too_long``, ``gone``.
    :raises PermissionDenied: the partner is not in the officer's own scope.
    """
    reason = _reason(reason)
    partner = consents.lock(partner)
    if not can_archive(by, partner):
        raise PermissionDenied
    if partner.is_archived:
        return partner
    partner.status = PartnerStatus.ARCHIVED
    partner.archived_at = timezone.now()
    partner.archived_by_id = by.pk
    partner.save(update_fields=["status", "archived_at", "archived_by_id", "updated_at"])
    record(
        by=by,
        verb="partner.archived",
        obj=partner,
        subject=partner.public_id,
        fields=["status"],
        reason=reason,
    )
    return partner


@transaction.atomic
def restore(*, partner: Partner, by: Any) -> Partner:
    """Undo an archiving: a partner again, or a calon mitra where there is no consent to be kept.

    :raises ValidationError: ``gone``.
    :raises PermissionDenied: the partner is not in the officer's own scope.
    """
    partner = consents.lock(partner)
    if not can_archive(by, partner):
        raise PermissionDenied
    if not partner.is_archived:
        return partner
    partner.status = PartnerStatus.PROSPECTIVE if partner.keep == Keep.NONE else PartnerStatus.ACTIVE
    partner.archived_at = partner.archived_by_id = None
    if partner.is_prospective and partner.decide_by is None:
        partner.decide_by = timezone.localdate() + timedelta(days=consents.DAYS_TO_DECIDE)
    partner.save(update_fields=["status", "archived_at", "archived_by_id", "decide_by", "updated_at"])
    record(by=by, verb="partner.restored", obj=partner, subject=partner.public_id, fields=["status"])
    return partner


@transaction.atomic
def reveal_contact(*, partner: Partner, by: Any, reason: str = "", event: Any | None = None) -> Contact:
    """The contact of a person, unmasked; the look is on record before it is shown.

    The row is held meanwhile, so that an erasure empties this reason too.

    :param event: the event at which the person is expected: then it is the reason, and no other is asked.
    :raises ValidationError: ``reason_required``, ``too_long``, ``gone``.
    :raises PermissionDenied: the role may not see contacts, or the person lies outside the officer's scope.
    """
    allowed = by.can("contact.reveal") if event is not None else by.can("partner.reveal")
    if not allowed or not partners_visible_to(by).filter(pk=partner.pk).exists():
        raise PermissionDenied
    reason = _reason(reason) if event is None else ""
    partner = consents.lock(partner)
    contact = _contact(partner)
    record(
        by=by,
        verb="partner.contact_revealed",
        obj=partner,
        subject=partner.public_id,
        event=getattr(event, "public_id", None),
        fields=[name for name in ("phone", "email", "handles") if getattr(contact, name)],
        reason=reason,
    )
    return contact


def note_attendance(partner_id: int, on: date | None) -> None:
    """Keep the day on which a partner last came. Part of the caller's operation, which writes the audit.

    An earlier day than the one known changes nothing; None (the last attendance was undone) empties it.
    """
    known = Partner.objects.filter(pk=partner_id)
    if on is None:
        known.update(last_attended_on=None)
        return
    known.filter(last_attended_on__isnull=True).update(last_attended_on=on)
    known.filter(last_attended_on__lt=on).update(last_attended_on=on)


def note_attendances(days: dict[int, date]) -> None:
    """:func:`note_attendance` for many, partner → day; one statement for each day."""
    for day in sorted(set(days.values())):
        partners = sorted(partner for partner, on in days.items() if on == day)
        later = Q(last_attended_on__isnull=True) | Q(last_attended_on__lt=day)
        Partner.objects.filter(later, pk__in=partners).update(last_attended_on=day)


def attendances_part(days: dict[int, date]) -> tuple[str, list[Any]]:
    """:func:`note_attendances` as a part of a larger statement of PostgreSQL: its text and its parameters."""
    text = (
        "UPDATE partners_partner p SET last_attended_on = r.day FROM unnest(%s::bigint[], %s::date[]) AS r(id, day)"
        " WHERE p.id = r.id AND (p.last_attended_on IS NULL OR p.last_attended_on < r.day)"
    )
    return text, [literal(days), literal(days.values())]


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept: spaces squeezed, phone in E.164, e-mail in lower case."""
    facts = dict(fields)
    for name, limit in _LIMITS.items():
        if name in facts:
            facts[name] = " ".join(str(facts[name] or "").split())
            if len(facts[name]) > limit:
                raise ValidationError(_("Too long: %(text)s") % {"text": facts[name][:30]}, code="too_long")
    if "full_name" in facts and not facts["full_name"]:
        raise ValidationError(_("Write the name."), code="required")
    for name, choices in (("kind", PartnerKind), ("source", Source)):
        if name in facts and facts[name] not in choices.values:
            raise ValidationError(_("Choose one of the list."), code="unknown")
    if facts.get("email"):
        facts["email"] = facts["email"].lower()
        EmailValidator(code="email")(facts["email"])
    if "phone" in facts:
        facts["phone"] = _phone(facts["phone"])
    return facts


def _phone(value: Any) -> str:
    text = str(value or "").strip()
    if not text:
        return ""
    number = to_python(spoken_form(text), region="ID")
    if number is None or not number.is_valid():
        raise ValidationError(_("Write a phone number such as 0812-3456-7890."), code="phone")
    return number.as_e164


def _contact(partner: Partner) -> Contact:
    closed = closed_ways_of(partner)
    accounts = list(partner.social_accounts.all())
    names = {f"{one.platform}:{one.handle_key}": shown(one.platform, one.handle) for one in accounts}
    return Contact(
        phone=str(partner.phone or ""),
        email=partner.email,
        handles=[(one.platform, shown(one.platform, one.handle)) for one in accounts],
        closed=frozenset(
            [name for name in ("phone", "email") if closed[name]]
            + [names[key] for key in closed["handles"] if key in names]
        ),
        is_do_not_contact=partner.is_do_not_contact,
    )


def _refuse_closed(wanted: list[Address]) -> None:
    """An address whose owner asked for quiet is not written down anew, by whatever unit; the person may be, without.

    Nothing is said of who recorded the wish, where, or when.
    """
    closed = opted_out_among(wanted)
    for kind, sentence in _CLOSED.items():
        if any(address.kind == kind for address in closed):
            raise ValidationError(sentence, code=f"opted_out_{kind}")


def _apply(partner: Partner, facts: dict[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; returns it as field → [before, after], ready for the audit."""
    changes = {}
    for name, value in facts.items():
        before = getattr(partner, name)
        if _plain(before) != _plain(value):
            changes[name] = [_plain(before), _plain(value)]
            setattr(partner, name, value)
    return changes


def _plain(value: Any) -> str:
    return value.code if isinstance(value, Region) else str(value or "")


def _set_keys(partner: Partner, accounts: Iterable[Handle | Any]) -> None:
    partner.sort_key = sort_key_for(partner.full_name)
    partner.search_key = search_key_for(
        partner.full_name, partner.stage_name, handles=[account.handle for account in accounts]
    )


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if len(text) < 3:
        raise ValidationError(_("Say why, in a few words."), code="reason_required")
    if len(text) > MAX_REASON:
        raise ValidationError(_("Too long: %(text)s") % {"text": text[:30]}, code="too_long")
    return text
