"""The link by which an officer chooses a password: once, for three days, and only the latest one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.links import fits
from accounts.models import Officer
from audit.recording import record

DAYS = 3


@transaction.atomic
def issue(*, officer: Officer, by: Any) -> Officer:
    """Make a new link; an earlier one stops working. The password, if there is one, holds until another is chosen.

    :raises ValidationError: ``inactive``; ``self``, for one's own password is changed by typing the old one.
    """
    if officer.pk == by.pk:
        raise ValidationError(_("You change your own password under Account security."), code="self")
    locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    if not locked.is_active:
        raise ValidationError(_("The account is switched off. Switch it on first."), code="inactive")
    locked.link_version += 1
    locked.link_expires_at = timezone.now() + timedelta(days=DAYS)
    locked.save(update_fields=["link_version", "link_expires_at"])
    record(by=by, verb="officer.link_issued", obj=locked)
    return locked


def revoke(*, officer: Any) -> None:
    """Stop the link that is out, if any. Called by what makes it void, within that transaction."""
    if officer.link_expires_at is None:
        return
    officer.link_version += 1
    officer.link_expires_at = None
    officer.save(update_fields=["link_version", "link_expires_at"])


def redeem(*, officer: Any, token: str) -> Officer:
    """Use the link up, within the transaction that sets the password. Returns the locked row.

    :raises ValidationError: ``gone`` when it was used, revoked or has expired meanwhile.
    """
    locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    expires = locked.link_expires_at
    if not locked.is_active or expires is None or expires <= timezone.now() or not fits(locked, token):
        raise ValidationError(_("This link has been used or is too old."), code="gone")
    revoke(officer=locked)
    return locked
