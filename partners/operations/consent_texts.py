"""Publishing the words that a person agrees to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import can_manage_reference
from audit.recording import record
from partners.models import ConsentText
from partners.queries.consent_texts import texts_of


@transaction.atomic
def publish_next(*, purpose: str, body: str, valid_from: date, by: Any) -> ConsentText:
    """Add the next version, in force from a day on. Decisions keep the words that they were given on.

    :raises ValidationError: ``past``; ``before_another`` when one that begins later is announced already; ``same``
        when nothing is new.
    :raises PermissionDenied: not an administrator of the whole site.
    """
    if not can_manage_reference(by):
        raise PermissionDenied
    body = body.strip().replace("\r\n", "\n")
    if valid_from < timezone.localdate():
        raise _refusal("valid_from", _("The first day is today or later."), "past")
    texts = list(texts_of(purpose))
    if any(text.valid_from > valid_from for text in texts):
        raise _refusal(
            "valid_from", _("A version of a later day is announced: not before it."), "before_another"
        )
    if texts and texts[0].body == body:
        raise _refusal("body", _("These are the words of the last version."), "same")
    text = ConsentText(
        purpose=purpose,
        version=texts[0].version + 1 if texts else 1,
        body=body,
        valid_from=valid_from,
        published_by_id=by.pk,
    )
    text.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            text.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody published a version meanwhile. Look again."), code="meanwhile"
        ) from error
    record(by=by, verb="consent_text.published", obj=text, fields=[purpose, f"v{text.version}"])
    return text


def publish(*, purpose: str, version: int, body: str, valid_from: date) -> ConsentText:
    """Add one version that comes with the program; the same text again changes nothing.

    A version that an administrator published under this number stays as it is.

    :raises ValidationError: ``published`` when this version exists with other words: somebody may have agreed to
        them, so a change is a new version.
    """
    text, created = ConsentText.objects.get_or_create(
        purpose=purpose, version=version, defaults={"body": body, "valid_from": valid_from}
    )
    if created or text.published_by_id is not None:
        return text
    if (text.body, text.valid_from) != (body, valid_from):
        raise ValidationError(
            _(
                "Consent text %(purpose)s, version %(version)s is published and is never edited: add a new version."
            ),
            code="published",
            params={"purpose": purpose, "version": version},
        )
    return text


def _refusal(field: str, text: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(text, code=code)})
