"""Publishing the words that a person agrees to."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partners.models import ConsentText


def publish(*, purpose: str, version: int, body: str, valid_from: date) -> ConsentText:
    """Add one version of a consent text; the same text again changes nothing.

    :raises ValidationError: ``published`` when this version exists with other words: somebody may have agreed to
        them, so a change is a new version.
    """
    text, created = ConsentText.objects.get_or_create(
        purpose=purpose, version=version, defaults={"body": body, "valid_from": valid_from}
    )
    if not created and (text.body, text.valid_from) != (body, valid_from):
        raise ValidationError(
            _(
                "Consent text %(purpose)s, version %(version)s is published and is never edited: add a new version."
            ),
            code="published",
            params={"purpose": purpose, "version": version},
        )
    return text
