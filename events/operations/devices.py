"""Phones at the door: admitted by an officer or by a one-time link, and no longer admitted.

Whatever a phone still sends after that is kept, to be looked at: nothing here touches a scan.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Officer
from audit.recording import record
from events.choices import DeviceKind
from events.models import Device, Event
from events.operations.locking import lock_open
from events.queries.devices import HELPER_LINK, LIVE, expiry_of, state_of
from events.queries.events import events_visible_to
from outbox.links import hash_of
from outbox.models import Link
from outbox.operations import links

# More phones than any evening has doors; whoever makes more has lost count. Those that were taken off do not count:
# otherwise a door that had trouble with its phones could admit no other.
MOST = 60
_LARGEST = 2**31 - 1


@transaction.atomic
def register(*, event: Event, by: Any, kind: str, label: str) -> tuple[Device, str]:
    """Admit the officer's own phone, or a tablet for the table. Returns it with its token, which is stored nowhere.

    :param kind: officer or kiosk.
    :raises ValidationError: ``event_closed``, ``over``, ``too_many``; on ``label`` ``required``, ``label_taken`` or
        one that is too long.
    """
    if kind not in (DeviceKind.OFFICER, DeviceKind.KIOSK):
        raise TypeError(f"Not registered by an officer: {kind!r}")
    device, token = _new(event, by, kind, label), secrets.token_urlsafe(32)
    device.token_hash, device.registered_at = hash_of(token), timezone.now()
    device.save(force_insert=True)
    _record(by, "device.registered", device)
    return device, token


@transaction.atomic
def invite_helper(*, event: Event, by: Any, label: str) -> tuple[Device, Link]:
    """A link that makes one phone a helper's phone for this event, once. The officer answers for it.

    :raises ValidationError: as :func:`register`.
    """
    device = _new(event, by, DeviceKind.HELPER, label)
    device.save(force_insert=True)
    link = links.issue(
        purpose=HELPER_LINK,
        target=device.public_id,
        by=by,
        expires=device.expires_at,
        unit_id=event.host_unit_id,
    )
    _record(by, "device.invited", device)
    return device, link


@transaction.atomic
def claim(*, device: Device, link: Link) -> str:
    """The helper takes the phone: whoever comes first gets the token, and the link is used up.

    :raises ValidationError: ``claimed``, ``revoked``, ``expired``, ``event_closed``: the list of an event that was
        called off, or is over and reported, is nobody's to take along.
    """
    device.refresh_from_db(from_queryset=Device.objects.select_for_update())
    if device.token_hash is not None:
        raise ValidationError(_("This link has already been used on a phone."), code="claimed")
    standing = state_of(device)
    if standing != LIVE:
        raise ValidationError(_("This link is no longer valid."), code=standing)
    if not device.event.is_open:
        raise ValidationError(_("This link is no longer valid."), code="event_closed")
    token, now = secrets.token_urlsafe(32), timezone.now()
    device.token_hash, device.registered_at = hash_of(token), now
    device.save(update_fields=["token_hash", "registered_at"])
    links.note_use(link=link)
    _record(None, "device.claimed", device)
    return token


@transaction.atomic
def revoke(*, device: Device, by: Any) -> Device:
    """The phone is admitted no longer; what it still sends goes to *perlu dicek*. Once more changes nothing."""
    device.refresh_from_db(from_queryset=Device.objects.select_for_update())
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by_id = timezone.now(), getattr(by, "pk", None)
        device.save(update_fields=["revoked_at", "revoked_by_id"])
        links.revoke_all(target=device.public_id, by=by, unit_id=device.event.host_unit_id)
        _record(by, "device.revoked", device)
    return device


def end_those_of(officer: Any, by: Any) -> None:
    """An officer was moved, switched off or may do less: the phones that they answer for end at once
    (``accounts.endings``)."""
    admitted = Device.objects.filter(
        officer_id=officer.pk, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    for device in admitted.select_related("event").order_by("pk"):
        revoke(device=device, by=by)


def end_those_out_of_sight(event: Event, by: Any) -> None:
    """Units were taken off the event, or its host is another: a phone whose officer no longer sees it ends at once."""
    admitted = list(
        Device.objects.filter(event=event, revoked_at__isnull=True, expires_at__gt=timezone.now()).order_by(
            "pk"
        )
    )
    officers = Officer.objects.in_bulk({device.officer_id for device in admitted})
    seeing = {pk for pk, one in officers.items() if events_visible_to(one).filter(pk=event.pk).exists()}
    for device in admitted:
        if device.officer_id not in seeing:
            revoke(device=device, by=by)


def follow_date(event: Event) -> None:
    """The event has another date: its phones and the links for helpers end 24 hours after the new one."""
    expires = expiry_of(event)
    admitted = Device.objects.filter(event=event, revoked_at__isnull=True)
    links.expire_at(purpose=HELPER_LINK, targets=admitted.values("public_id"), expires=expires)
    admitted.update(expires_at=expires)


def note_call(
    *,
    device: Device,
    waiting: int | None = None,
    last_sequence: int | None = None,
    clock_offset_ms: int | None = None,
    client_version: str | None = None,
    prepared: bool = False,
    at: datetime | None = None,
) -> None:
    """That the phone called, and what it said of itself. One statement; no line in the audit.

    :param waiting: facts that it holds and has not sent, after what it sends just now.
    :param last_sequence: the highest number that it is known to have given; an older one changes nothing.
    :param prepared: it has just been given the list.
    """
    now = at or timezone.now()
    said: dict[str, Any] = {"last_seen_at": now}
    if waiting is not None:
        said["waiting"] = min(max(waiting, 0), _LARGEST)
    if last_sequence is not None:
        said["last_sequence"] = Greatest("last_sequence", min(max(last_sequence, 0), _LARGEST))
    if clock_offset_ms is not None:
        said["clock_offset_ms"] = clock_offset_ms
    if client_version is not None:
        said["client_version"] = client_version[:20]
    if prepared:
        said["prepared_at"] = now
    Device.objects.filter(pk=device.pk).update(**said)


def _new(event: Event, by: Any, kind: str, label: str) -> Device:
    """Not saved yet. The event is held, so that two phones cannot take one name."""
    lock_open(event)
    expires = expiry_of(event)
    if expires <= timezone.now():
        message = _("The event was over more than a day ago. Use the roll to add who was there.")
        raise ValidationError(message, code="over")
    label = " ".join(label.split())
    if not label:
        raise ValidationError({"label": ValidationError(_("Give the phone a name."), code="required")})
    phones = Device.objects.filter(event=event)
    labels = set(phones.order_by().values_list("label", flat=True))
    if phones.filter(revoked_at__isnull=True).count() >= MOST:
        message = _("This event has %(most)d phones already. Use one of them, or take one off.")
        raise ValidationError(message, code="too_many", params={"most": MOST})
    if label.casefold() in {taken.casefold() for taken in labels}:
        message = _("Another phone of this event has this name. Choose another one.")
        raise ValidationError({"label": ValidationError(message, code="label_taken")})
    device = Device(event=event, kind=kind, label=label, officer_id=by.pk, expires_at=expires)
    device.full_clean(exclude=["event"])
    return device


def _record(by: Any, verb: str, device: Device) -> None:
    event = device.event
    record(by=by, verb=verb, obj=device, unit_id=event.host_unit_id, event=event.public_id)
