"""Publishing the words of a joint commitment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.rules import can_manage_reference
from audit.recording import record
from events.models import PledgePoint, PledgeText

MAX_POINTS = 10


@transaction.atomic
def publish_next(
    *, text: PledgeText, title: str, preamble: str, points: Sequence[str], by: Any
) -> PledgeText:
    """Add the next version after ``text``, offered to new events at once; events keep the version that they have.

    :param points: one to ten sentences, numbered from 1.
    :raises ValidationError: ``no_points``, ``too_many``, ``same``, ``meanwhile``.
    :raises PermissionDenied: not an administrator of the whole site.
    """
    if not can_manage_reference(by):
        raise PermissionDenied
    wanted = [point for point in (" ".join(point.split()) for point in points) if point]
    if not wanted:
        raise ValidationError(_("Write at least one point."), code="no_points")
    if len(wanted) > MAX_POINTS:
        raise ValidationError(_("At most ten points."), code="too_many")
    if (text.title, text.preamble, [point.body for point in text.points.all()]) == (title, preamble, wanted):
        raise ValidationError(_("These are the words of the last version."), code="same")
    last = PledgeText.objects.filter(code=text.code).aggregate(last=Max("version"))["last"]
    new = PledgeText(code=text.code, version=last + 1, title=title, preamble=preamble, published_by_id=by.pk)
    new.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody published a version meanwhile. Look again."), code="meanwhile"
        ) from error
    _number(new, wanted)
    record(by=by, verb="pledge_text.published", obj=new, fields=["title", "preamble", "points"])
    return new


def _number(text: PledgeText, points: Sequence[str]) -> None:
    PledgePoint.objects.bulk_create(
        PledgePoint(text=text, number=number, body=body) for number, body in enumerate(points, start=1)
    )


@transaction.atomic
def publish(*, code: str, version: int, title: str, preamble: str, points: Sequence[str]) -> PledgeText:
    """Add one version that comes with the program, its points numbered from 1; the same text again changes nothing.

    A version that an administrator published under this number stays as it is.

    :raises ValidationError: ``published`` when this version exists with other words: somebody may have agreed to
        them, so a change is a new version.
    """
    text, created = PledgeText.objects.get_or_create(
        code=code, version=version, defaults={"title": title, "preamble": preamble}
    )
    if created:
        _number(text, points)
        return text
    if text.published_by_id is not None:
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
