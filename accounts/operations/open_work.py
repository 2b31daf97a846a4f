"""Passing on what lies with an officer who was moved or switched off."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import open_work
from accounts.models import Officer
from accounts.queries.units import scope_of, unit_ids_below
from audit.recording import record


@transaction.atomic
def pass_on(*, officer: Officer, to: Officer, by: Any) -> int:
    """Give the open work of an officer to another one: what both the administrator and the other one reach. Returns how
    many pieces; work of other units stays where it is.

    :raises ValidationError: ``to`` when the other one is the same, is switched off, or has a role or a unit that may
        not do it.
    """
    locked = {
        row.pk: row
        for row in Officer.objects.select_for_update(of=("self",))
        .filter(pk__in=[officer.pk, to.pk])
        .order_by("pk")
    }
    within = set(scope_of(by)) & set(unit_ids_below(locked[to.pk].unit_id)) if to.pk in locked else set()
    if len(locked) < 2 or not may_take(officer, locked[to.pk], within):
        raise ValidationError(_("This officer cannot take the work. Choose another one."), code="to")
    count = sum(
        kind.pass_on(officer=officer, to=locked[to.pk], by=by, within=within) for kind in open_work.kinds()
    )
    if count:
        record(by=by, verb="officer.work_passed_on", obj=locked[officer.pk])
        record(by=by, verb="officer.work_received", obj=locked[to.pk])
    return count


def may_take(officer: Officer, to: Officer, within: Collection[int]) -> bool:
    """Only work that there is: somebody of a unit that hosts none of it takes nothing."""
    piles = open_work.of(officer, within)
    return to.pk != officer.pk and bool(piles) and all(to.can(pile.kind.needs) for pile in piles)
