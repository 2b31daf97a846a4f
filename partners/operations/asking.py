"""Asking a person, by a personal link, whether they may be kept.

This is the one message that goes to somebody who has not agreed yet (first contact, UU 27/2022 art. 20(2)e): once,
singly, saying where the address came from and offering to keep or to delete. It is never repeated.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from outbox.links import address_of
from outbox.models import Link, Message
from outbox.operations import links, messages
from outbox.queries.links import live_link_of
from outbox.queries.messages import message_by_key
from partners.choices import CONSENT_REQUEST, Decision, Keep, Purpose, Source
from partners.models import Partner
from partners.operations.consents import DAYS_TO_DECIDE, lock
from partners.opt_outs import email_address
from partners.queries.consents import latest_by_purpose
from partners.queries.opt_outs import is_opted_out
from ui.times import long_date

LINK_DAYS = 14


@transaction.atomic
def link_for(*, partner: Partner, by: Any) -> Link:
    """The person's live link, or a new one for 14 days. A live one is shown again, not replaced: it may be on its way.

    :raises ValidationError: ``withdrawn`` when the person said no, ``gone`` when they were erased.
    """
    locked = lock(partner)
    _refuse_asking_again(locked)
    live = live_link_of(CONSENT_REQUEST, locked.public_id)
    if live is not None:
        return live
    expires = timezone.now() + timedelta(days=LINK_DAYS)
    return links.issue(
        purpose=CONSENT_REQUEST, target=locked.public_id, by=by, expires=expires, unit_id=locked.unit_id
    )


@transaction.atomic
def by_email(*, partner: Partner, by: Any) -> Message:
    """Queue the one e-mail that asks.

    :raises ValidationError: ``no_email``, ``archived``, ``withdrawn``, ``asked`` when it was queued before (whatever
        became of it), ``answered`` when the person has confirmed already, ``do_not_contact`` when they, or the owner of
        the address, asked for quiet, ``gone``.
    """
    locked = lock(partner)
    if not locked.email:
        raise ValidationError(_("There is no e-mail address."), code="no_email")
    if message_by_key(_dedupe_key(locked)) is not None:
        raise ValidationError(
            _("This person has been written to once already. It is not repeated."), code="asked"
        )
    if locked.is_archived:
        raise ValidationError(_("This partner is archived."), code="archived")
    if locked.is_do_not_contact or is_opted_out(email_address(locked.email)):
        raise ValidationError(
            _("The owner of this address asked not to be contacted."), code="do_not_contact"
        )
    if locked.decide_by is None:
        raise ValidationError(_("This person has agreed already."), code="answered")
    link = link_for(partner=locked, by=by)
    title, body = _letter(locked)
    return messages.enqueue(
        dedupe_key=_dedupe_key(locked),
        purpose=CONSENT_REQUEST,
        unit=locked.unit,
        address=locked.email,
        title=title,
        body=body,
        by=by,
        subject=locked.public_id,
        link=link,
        expires_at=link.expires_at,
    )


def email_of(partner: Partner) -> Message | None:
    """The e-mail that asked, if one was ever queued."""
    return message_by_key(_dedupe_key(partner))


def words_for_whatsapp(*, partner: Partner, link: Link) -> str:
    """What the officer pastes into their own WhatsApp, with the link in it."""
    with translation.override("id"):
        return _letter(partner)[1].replace("{link}", address_of(link))


def _refuse_asking_again(partner: Partner) -> None:
    latest = latest_by_purpose(partner).get(Purpose.KEEP)
    if latest is not None and latest.decision == Decision.WITHDRAWN:
        raise ValidationError(_("This person has said no, and is not asked again."), code="withdrawn")


def _dedupe_key(partner: Partner) -> str:
    return f"{CONSENT_REQUEST}:{partner.public_id}"


def _letter(partner: Partner) -> tuple[str, str]:
    """Title and words in Indonesian, whatever the officer reads. ``{link}`` is filled at sending."""
    with translation.override("id"):
        source = Source(partner.source).label
        title = _("May %(unit)s keep your contact?") % {"unit": partner.unit.short_name}
        paragraphs = [
            _("Dear %(name)s,") % {"name": partner.full_name},
            _(
                "the public-relations office of %(unit)s would like to invite you to dialogues. We hold your name and "
                "contact. Where we have them from: %(source)s."
            )
            % {"unit": partner.unit.name, "source": source},
            _("On this personal page you see what we hold. There you may agree, or have it deleted at once:"),
            "{link}",
            _(
                "Both are free of consequences. If you do not answer, your data is erased on %(date)s at the latest. "
                "We do not write to you about this again."
            )
            % {"date": _last_day(partner)},
        ]
    return title, "\n\n".join(paragraphs)


def _last_day(partner: Partner) -> str:
    """When an unanswered record is gone: a tick first lapses, and then waits as long again."""
    waits = DAYS_TO_DECIDE if partner.keep == Keep.UNCONFIRMED else 0
    return long_date((partner.decide_by or timezone.localdate()) + timedelta(days=waits + 1))
