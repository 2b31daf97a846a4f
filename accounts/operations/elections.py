"""Keeping the election calendars, from which neutrality follows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Election
from accounts.rules import can_manage_reference
from audit.recording import record
from ui.codes import code_for

FIELDS = [
    "name",
    "region",
    "candidates_fixed_on",
    "campaign_from",
    "campaign_to",
    "quiet_from",
    "quiet_to",
    "voting_on",
    "result_on",
    "checked",
]


@transaction.atomic
def add(*, by: Any, name: str, **values: Any) -> Election:
    """Add a calendar. Its code is made from its name and stays.

    :raises ValidationError: ``taken`` on ``name``; by field when the days are out of order.
    :raises PermissionDenied: not an administrator of the whole site.
    """
    _check(by)
    _check_order(values)
    election = Election(name=name, code=code_for(name), edited_at=timezone.now(), **values)
    if not election.code:
        raise ValidationError(
            {"name": ValidationError(_("Use letters and digits in the name."), code="code")}
        )
    try:
        with transaction.atomic():
            election.save(force_insert=True)
    except IntegrityError as error:
        taken = ValidationError(_("A calendar of this name exists already."), code="taken")
        raise ValidationError({"name": taken}) from error
    record(by=by, verb="election.added", obj=election, fields=FIELDS)
    return election


@transaction.atomic
def update(*, election: Election, by: Any, **values: Any) -> Election:
    """Change any of :data:`FIELDS`.

    :raises ValidationError: by field when the days are out of order.
    :raises PermissionDenied: not an administrator of the whole site.
    """
    _check(by)
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    changed = [name for name in FIELDS if name in values and getattr(election, name) != values[name]]
    for name in changed:
        setattr(election, name, values[name])
    _check_order({name: getattr(election, name) for name in FIELDS})
    if changed:
        election.edited_at = timezone.now()
        election.save(update_fields=[*changed, "edited_at"])
        record(by=by, verb="election.updated", obj=election, fields=changed)
    return election


def _check(by: Any) -> None:
    if not can_manage_reference(by):
        raise PermissionDenied


def _check_order(days: dict[str, Any]) -> None:
    """The order of the database's own check, one sentence for each field that breaks it."""
    rules = [
        (
            "campaign_from",
            days["campaign_from"] >= days["candidates_fixed_on"],
            _("The campaign begins when the candidates are fixed, or later."),
        ),
        (
            "campaign_to",
            days["campaign_to"] >= days["campaign_from"],
            _("The campaign ends after it begins."),
        ),
        (
            "quiet_from",
            days["quiet_from"] > days["campaign_to"],
            _("The quiet days begin after the campaign has ended."),
        ),
        (
            "quiet_to",
            days["quiet_to"] >= days["quiet_from"],
            _("The quiet days end after they begin."),
        ),
        ("voting_on", days["voting_on"] > days["quiet_to"], _("The vote comes after the quiet days.")),
        (
            "result_on",
            days.get("result_on") is None or days["result_on"] >= days["voting_on"],
            _("The result comes on the day of the vote or later."),
        ),
    ]
    wrong = {name: ValidationError(text, code="order") for name, holds, text in rules if not holds}
    if wrong:
        raise ValidationError(wrong)
