"""The handles of a partner, always set as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.handles import MAX_HANDLES, MESSAGES, Handle, HandleError, parse
from partners.models import Partner, SocialAccount


def read_handles(pairs: Iterable[tuple[str, str]]) -> list[Handle]:
    """The handles in one form each, the same account once; empty lines are passed over.

    :param pairs: (platform, pasted text); an address overrules the platform.
    :raises ValidationError: with the code of :class:`HandleError`, or ``too_many_handles``.
    """
    found: dict[tuple[str, str], Handle] = {}
    for platform, text in pairs:
        if not text.strip():
            continue
        try:
            handle = parse(text, platform)
        except HandleError as error:
            raise ValidationError(MESSAGES[error.code], code=error.code) from error
        found.setdefault((handle.platform, handle.key), handle)
    if len(found) > MAX_HANDLES:
        raise ValidationError(
            _("No more than %(count)s accounts.") % {"count": MAX_HANDLES}, code="too_many_handles"
        )
    return sorted(found.values(), key=lambda handle: (handle.platform, handle.key))


def replace(partner: Partner, handles: Sequence[Handle]) -> tuple[list[str], list[str]]:
    """Make these the partner's handles. Part of an operation on the partner, which writes the audit.

    Returns what they were before and are now, as "platform:handle".
    """
    present = {(account.platform, account.handle_key): account for account in partner.social_accounts.all()}
    wanted = {(handle.platform, handle.key): handle for handle in handles}
    gone = [account.pk for key, account in present.items() if key not in wanted]
    SocialAccount.objects.filter(pk__in=gone).delete()
    SocialAccount.objects.bulk_create(
        SocialAccount(partner=partner, platform=handle.platform, handle=handle.handle, handle_key=handle.key)
        for key, handle in wanted.items()
        if key not in present
    )
    return _named(present), _named(wanted)


def _named(keys: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{platform}:{handle_key}" for platform, handle_key in keys)
