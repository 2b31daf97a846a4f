"""Publishing the words of a joint commitment."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events.models import PledgePoint, PledgeText


@transaction.atomic
def publish(*, code: str, version: int, title: str, preamble: str, points: Sequence[str]) -> PledgeText:
    """Add one version of a pledge text with its points, numbered from 1; the same text again changes nothing.

    :raises ValidationError: ``published`` when this version exists with other words: somebody may have agreed to
        them, so a change is a new version.
    """
    text, created = PledgeText.objects.get_or_create(
        code=code, version=version, defaults={"title": title, "preamble": preamble}
    )
    if created:
        PledgePoint.objects.bulk_create(
            PledgePoint(text=text, number=number, body=body) for number, body in enumerate(points, start=1)
        )
        return text
    published = [point.body for point in text.points.all()]
    if (text.title, text.preamble, published) != (title, preamble, list(points)):
        raise ValidationError(
            _(
                "Pledge text %(code)s, version %(version)s is published and is never edited: add a new version."
            ),
            code="published",
            params={"code": code, "version": version},
        )
    return text
