"""Passing on what lies with an officer who was moved or switched off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import open_work
from accounts.models import Officer
from audit.recording import record


@transaction.atomic
def pass_on(*, officer: Officer, to: Officer, by: Any) -> int:
    """Give all open work of an officer to another one. Returns how many pieces.

    :raises ValidationError: ``to`` when the other one is the same, is switched off, or has a role that may not do it.
    """
    locked = {
        row.pk: row
        for row in Officer.objects.select_for_update(of=("self",))
        .filter(pk__in=[officer.pk, to.pk])
        .order_by("pk")
    }
    if len(locked) < 2 or not may_take(officer, locked[to.pk]):
        raise ValidationError(_("This officer cannot take the work. Choose another one."), code="to")
    count = sum(kind.pass_on(officer=officer, to=locked[to.pk], by=by) for kind in open_work.kinds())
    if count:
        record(by=by, verb="officer.work_passed_on", obj=locked[officer.pk])
        record(by=by, verb="officer.work_received", obj=locked[to.pk])
    return count


def may_take(officer: Officer, to: Officer) -> bool:
    return to.pk != officer.pk and all(to.can(pile.kind.needs) for pile in open_work.of(officer))
