"""What a guest who was not asked leaves at the door: at most three things. Part of ``attendance.walk_in``."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from accounts.models import Unit
from accounts.queries.units import unit_for
from events.choices import ParticipantKind, ScanSource, WalkInConsent
from events.models import Event, Participant, Pledge, Scan
from events.operations import facts, pledges
from events.operations.locking import hold_contact
from partners.choices import PartnerKind, PartnerStatus, Platform, Source
from partners.handles import Handle, HandleError, parse
from partners.models import Partner, SocialAccount
from partners.operations.partners import register
from partners.operations.social_accounts import MESSAGES
from partners.opt_outs import addresses
from partners.queries.opt_outs import opted_out_among
from partners.queries.partners import active_partners
from partners.search import search_key_for
from ui.phones import spoken_form
from ui.times import at_place

MAX_NAME = 120
MAX_CONTACT = 80
# What ``register`` calls the fields that this form has under other names.
_FIELD = {"full_name": "name", "phone": "contact"}
# What of a participant hangs on what they agreed to.
_BY_CONSENT = ("partner", "display_name", "contact", "walk_in_consent")


@dataclass(frozen=True)
class Guest:
    """The three fields, read. ``phone`` is E.164; ``handle`` is what was typed when it is no number."""

    name: str
    phone: str
    handle: str
    consent: str

    @property
    def contact(self) -> str:
        return self.phone or self.handle

    @property
    def account(self) -> Handle | None:
        """What the handle names."""
        return _account(self.handle)


def read(*, name: str, contact: str, consent: str) -> Guest:
    """The fields in one form each. Of a guest without a name nothing is kept, whatever was typed."""
    if consent not in WalkInConsent.values:
        raise _refused("consent", _("Choose what may be kept."), "unknown")
    if consent == WalkInConsent.ANONYMOUS:
        return Guest("", "", "", consent)
    name = " ".join(name.split())
    if not name:
        raise _refused("name", _("Write the name."), "required")
    if len(name) > MAX_NAME:
        raise _refused("name", _("Too long."), "too_long")
    phone, handle = _read_contact(contact)
    return Guest(name, phone, handle, consent)


def hold(event: Event, guest: Guest) -> None:
    """Two phones that bring one guest at one moment: the second looks at the list when the first has written."""
    account = guest.account
    if guest.contact:
        hold_contact(event, f"{account.platform} {account.key}" if account else guest.phone)


def on_the_list(event: Event, guest: Guest) -> Participant | None:
    """Who of this event's list has this contact and may have this name: the active partner whose phone or handle it is,
    or a guest for tonight whom another phone noted too. Whoever may be kept is one of those who are kept, if they may
    be; else the guest for tonight, who is then kept by :func:`keep`.

    Households share a phone: whoever gives another name than those on the list is somebody else.
    """
    if not guest.contact:
        return None
    account = guest.account
    typed = Q(contact__icontains=account.handle) if account else Q(contact=guest.phone)
    found = list(
        Participant.objects.filter(
            Q(partner__in=_partners_of(guest, Partner.objects.filter(status=PartnerStatus.ACTIVE)))
            | typed & Q(walk_in_consent=WalkInConsent.TONIGHT),
            event=event,
        )
        .select_related("partner", "attendance")
        .order_by(F("partner").asc(nulls_last=True), "pk")
    )
    # One name is written in many ways: "@rina", or the address of the profile.
    found = [row for row in found if row.partner or not account or _account(row.contact) == account]
    kept = [row for row in found if row.partner] if guest.consent == WalkInConsent.KEEP else []
    return _named(guest.name, kept) or _named(guest.name, found)


def name_of_fact(event: Event, guest: Guest, client_uuid: uuid.UUID | None) -> uuid.UUID:
    """The name under which the coming of this guest is written: the client's, unless it stands for somebody else.

    A browser that goes back keeps the hidden name of the fact before, and the next guest typed there must not be lost.
    """
    if client_uuid is None:
        return uuid.uuid4()
    sent = Scan.objects.filter(client_uuid=client_uuid).select_related("participant__partner").first()
    if sent is not None and not (sent.participant and _is_sent_again(event, guest, sent, sent.participant)):
        return uuid.uuid4()
    return client_uuid


def _is_sent_again(event: Event, guest: Guest, sent: Scan, participant: Participant) -> bool:
    """Of a walk-in whose name is not kept any more, the name of a fact from paper still says that it is the same."""
    if participant.event_id != event.pk:
        return False
    if participant.kind == ParticipantKind.WALK_IN:
        is_nameless = sent.source == ScanSource.PAPER and not participant.display_name
        if is_nameless or participant.display_name == guest.name:
            return True
    return _has_contact(participant, guest) and _named(guest.name, [participant]) is not None


def _has_contact(participant: Participant, guest: Guest) -> bool:
    """Whether the contact that a guest gave is the participant's: the partner's, else what was noted for tonight."""
    if not guest.contact:
        return False
    partner = participant.partner
    if partner is not None:
        return _partners_of(guest, Partner.objects.filter(pk=partner.pk)).exists()
    account = guest.account
    return _account(participant.contact) == account if account else participant.contact == guest.phone


def add(*, event: Event, guest: Guest, by: Any, at: datetime | None) -> Participant:
    """The participant; with consent to be kept, the partner too: the one who stands in the registry, or a new one.

    An address whose owner once asked not to be contacted is left out: the door takes in whoever comes.
    """
    known, guest = _in_registry(guest, by), _without_closed(guest)
    is_kept = guest.consent == WalkInConsent.KEEP
    holder = _holder(event, by, at)
    partner = (known or _registered(event, guest, by, at, holder)) if is_kept else None
    participant = Participant(
        event=event,
        kind=ParticipantKind.WALK_IN,
        partner=partner,
        display_name=guest.name,
        contact="" if is_kept else guest.contact,
        walk_in_consent=guest.consent,
        is_press=known is not None and known.is_journalist,
        region_id=partner.region_id if partner is not None else event.region_id,
        unit_id=partner.unit_id if partner is not None else holder.pk,
        search_key=search_key_for(guest.name)[:500] if guest.name else "",
        added_by_id=by.pk,
    )
    participant.save(force_insert=True)
    return participant


def keep(*, row: Participant, guest: Guest, by: Any, at: datetime | None) -> Participant:
    """A guest for tonight says, on another phone, that they may be kept: the same row is from now on that of the
    partner, as if they had been kept first. The later wish is a consent. The row is held.

    :raises Moved: the row, or the partner, is somebody else's by now; who looks again finds whose.
    """
    held = Participant.objects.select_for_update(no_key=True).filter(pk=row.pk, event=row.event_id).first()
    if held is None or not held.is_named_for_tonight:
        raise facts.Moved
    held.event = row.event
    known, guest = _in_registry(guest, by), _without_closed(guest)
    partner = known or _registered(held.event, guest, by, at, _holder(held.event, by, at))
    held.is_press = held.is_press or partner.is_journalist
    if held.is_press:  # of whom no agreement is kept
        for pledge in Pledge.objects.filter(participant=held, withdrawn_at__isnull=True):
            pledges.withdraw(pledge=pledge, by=by)
    held.partner, held.display_name, held.contact = partner, guest.name, ""
    held.walk_in_consent = WalkInConsent.KEEP
    held.region_id, held.unit_id = partner.region_id, partner.unit_id
    held.search_key = search_key_for(guest.name)[:500]
    try:
        held.save(update_fields=[*_BY_CONSENT, "is_press", "region", "unit", "search_key"])
    except IntegrityError as error:  # the partner came onto the list meanwhile
        raise facts.Moved from error
    return held


def _named(name: str, rows: list[Participant]) -> Participant | None:
    """Who has this name, else who may have it."""
    key = search_key_for(name)
    same = [row for row in rows if search_key_for(row.display_name) == key]
    return next(iter(same or [row for row in rows if _may_be(name, row)]), None)


def _may_be(name: str, row: Participant) -> bool:
    """Whether each word of one name begins a word of the other: "Sari W" may be Sari Wulandari, "Ayu" may not."""
    typed, listed = search_key_for(name).split(), search_key_for(row.display_name).split()
    return _begins(typed, [*listed, *row.search_key.split()]) or _begins(listed, typed)


def _begins(words: list[str], others: list[str]) -> bool:
    return bool(words) and all(any(other.startswith(word) for other in others) for word in words)


def _in_registry(guest: Guest, by: Any) -> Partner | None:
    """The partner of this contact and this name, as far as the officer sees partners."""
    if not guest.contact:
        return None
    key = search_key_for(guest.name)
    rows = _partners_of(guest, active_partners(by)).order_by("pk")[:20]
    return next((row for row in rows if search_key_for(row.full_name) == key), None)


def _partners_of(guest: Guest, rows: QuerySet[Partner]) -> QuerySet[Partner]:
    """Those whose phone or handle a guest gave."""
    account = guest.account
    if account is None:
        return rows.filter(phone=guest.phone)
    same = SocialAccount.objects.filter(platform=account.platform, handle_key=account.key)
    return rows.filter(pk__in=same.order_by().values("partner"))


def _holder(event: Event, by: Any, at: datetime | None) -> Unit:
    """Who keeps what a person who came in leaves, and so who may look at it: the agency at its own door; else who
    polices the place, whoever runs the door, and the host where nobody is known to."""
    if not by.unit.is_police:
        unit: Unit = by.unit
        return unit
    day = at_place(at or timezone.now(), event.timezone).date()
    return unit_for(event.region, day) or event.host_unit


def _registered(event: Event, guest: Guest, by: Any, at: datetime | None, holder: Unit) -> Any:
    """A partner from three fields: an activist of the event's region, until an officer says it more exactly."""
    try:
        return register(
            by=by,
            full_name=guest.name,
            kind=PartnerKind.ACTIVIST,
            region=event.region,
            source=Source.EVENT,
            phone=guest.phone,
            handles=[(Platform.INSTAGRAM, guest.handle)] if guest.handle else [],
            consent_given=True,
            is_demo=event.is_demo,
            at=at,
            unit=holder,
        )
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        fields = {_FIELD.get(name, "consent"): errors for name, errors in error.error_dict.items()}
        raise ValidationError(fields) from error


def _without_closed(guest: Guest) -> Guest:
    if not guest.contact:
        return guest
    account = guest.account
    wanted = addresses(phone=guest.phone, handles=[(account.platform, account.key)] if account else [])
    return replace(guest, phone="", handle="") if opted_out_among(wanted) else guest


def _read_contact(text: str) -> tuple[str, str]:
    text = " ".join(text.split())
    if not text:
        return "", ""
    if len(text) > MAX_CONTACT:
        raise _refused("contact", _("Too long."), "too_long")
    number = to_python(spoken_form(text), region="ID")
    if number is not None and number.is_valid():
        return number.as_e164, ""
    if not any(char.isalpha() for char in text):
        raise _refused("contact", _("Write a phone number such as 0812-3456-7890."), "phone")
    try:
        parse(text, Platform.INSTAGRAM)
    except HandleError as error:
        raise _refused("contact", str(MESSAGES[error.code]), error.code) from error
    return "", text


def _account(text: str) -> Handle | None:
    """A phone number names none, and "@name" one on Instagram."""
    try:
        return parse(text, Platform.INSTAGRAM) if text and not text.startswith("+") else None
    except HandleError:
        return None


def _refused(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
