"""What a guest who was not asked leaves at the door: at most three things. Part of ``attendance.walk_in``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from events.choices import ParticipantKind, WalkInConsent
from events.models import Event, Participant
from partners.choices import PartnerKind, PartnerStatus, Platform, Source
from partners.handles import HandleError, parse
from partners.operations.partners import register
from partners.operations.social_accounts import MESSAGES
from partners.search import search_key_for
from ui.phones import spoken_form

MAX_NAME = 120
MAX_CONTACT = 80
# What ``register`` calls the fields that this form has under other names.
_FIELD = {"full_name": "name", "phone": "contact"}


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


def on_the_list(event: Event, guest: Guest) -> Participant | None:
    """The active partner on this event's list whose phone it is; of a household that shares one, who has the name."""
    if not guest.phone:
        return None
    found = list(
        Participant.objects.filter(
            event=event, partner__phone=guest.phone, partner__status=PartnerStatus.ACTIVE
        )
        .select_related("partner", "attendance")
        .order_by("pk")
    )
    key = search_key_for(guest.name)
    return next(
        (row for row in found if search_key_for(row.display_name) == key), found[0] if found else None
    )


def add(*, event: Event, guest: Guest, by: Any, at: datetime | None) -> Participant:
    """The participant; with consent to be kept, the partner too."""
    partner = _registered(event, guest, by, at) if guest.consent == WalkInConsent.KEEP else None
    is_kept = partner is not None
    participant = Participant(
        event=event,
        kind=ParticipantKind.WALK_IN,
        partner=partner,
        display_name=guest.name,
        contact="" if is_kept else guest.contact,
        walk_in_consent=guest.consent,
        region_id=partner.region_id if partner is not None else event.region_id,
        unit_id=partner.unit_id if partner is not None else None,
        search_key=search_key_for(guest.name)[:500] if guest.name else "",
        added_by_id=by.pk,
    )
    participant.save(force_insert=True)
    return participant


def _registered(event: Event, guest: Guest, by: Any, at: datetime | None) -> Any:
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
        )
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        fields = {_FIELD.get(name, "consent"): errors for name, errors in error.error_dict.items()}
        raise ValidationError(fields) from error


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


def _refused(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
