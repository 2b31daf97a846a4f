"""Keeping the list of official channels. One that is no longer right is hidden, not deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import can_manage_reference
from audit.recording import record
from portal.models import ReportChannel
from ui.codes import code_for

FIELDS = ["name", "owner", "use_for", "url", "contact", "order", "checked_on", "is_active"]
_LOADED = ["name", "owner", "use_for", "url", "contact", "order"]


@transaction.atomic
def add(*, by: Any, name: str, **values: Any) -> ReportChannel:
    """Add a channel. Its code is made from its name and stays.

    :raises ValidationError: ``taken`` or ``code`` on ``name``; by field otherwise.
    :raises PermissionDenied: not an administrator of the whole site.
    """
    _check(by)
    channel = ReportChannel(name=name, code=code_for(name), edited_at=timezone.now(), **values)
    if not channel.code:
        raise ValidationError(
            {"name": ValidationError(_("Use letters and digits in the name."), code="code")}
        )
    channel.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError as error:
        taken = ValidationError(_("A channel of this name exists already."), code="taken")
        raise ValidationError({"name": taken}) from error
    record(by=by, verb="report_channel.added", obj=channel, fields=FIELDS)
    return channel


@transaction.atomic
def update(*, channel: ReportChannel, by: Any, **values: Any) -> ReportChannel:
    """Change any of :data:`FIELDS`; hidden (``is_active`` False) it leaves the public page.

    :raises ValidationError: by field when a value is refused.
    :raises PermissionDenied: not an administrator of the whole site.
    """
    _check(by)
    channel = ReportChannel.objects.select_for_update().get(pk=channel.pk)
    changed = [name for name in FIELDS if name in values and getattr(channel, name) != values[name]]
    for name in changed:
        setattr(channel, name, values[name])
    if changed:
        channel.full_clean(validate_unique=False)
        channel.edited_at = timezone.now()
        channel.save(update_fields=[*changed, "edited_at"])
        record(by=by, verb="report_channel.updated", obj=channel, fields=changed)
    return channel


@transaction.atomic
def load(rows: Iterable[Mapping[str, str]]) -> int:
    """Add or update channels by code from the files of the program; what an administrator changed stays.

    Returns how many rows were read. The day of the last check stays empty: somebody of the office checks.
    """
    known = {channel.code: channel for channel in ReportChannel.objects.all()}
    count = 0
    for order, row in enumerate(rows, start=1):
        count += 1
        wanted = {name: row[name] for name in _LOADED if name != "order"} | {"order": order * 10}
        channel = known.get(row["code"])
        if channel is None:
            ReportChannel.objects.create(code=row["code"], **wanted)
        elif channel.edited_at is None and any(getattr(channel, k) != v for k, v in wanted.items()):
            for name, value in wanted.items():
                setattr(channel, name, value)
            channel.save(update_fields=list(wanted))
    return count


def _check(by: Any) -> None:
    if not can_manage_reference(by):
        raise PermissionDenied
