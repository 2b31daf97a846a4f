"""Outreach records: what was said to the public or to our own people, by whom and through what. Never who attended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import scope_of
from audit.recording import record
from events.models import Outreach, Program
from events.queries.programs import programs_visible_to
from regions.models import Region

MAX_MESSAGE = 2000
_CHANGEABLE = frozenset(
    {
        *("kind", "title", "unit", "program", "region", "channel", "audience", "message", "held_on"),
        *("issuer_rank", "issuer_name", "issuer_acting_prefix", "issuer_position", "issuer_institution"),
        *("head_count", "link", "legal_basis", "note"),
    }
)


@transaction.atomic
def create(
    *,
    by: Any,
    kind: str,
    title: str,
    unit: Unit,
    region: Region,
    issuer_name: str,
    channel: str,
    audience: str,
    message: str,
    issuer_rank: str = "",
    issuer_acting_prefix: str = "",
    issuer_position: str = "",
    issuer_institution: str = "",
    program: Program | None = None,
    held_on: date | None = None,
    head_count: int | None = None,
    link: str = "",
    legal_basis: str = "",
    note: str = "",
    is_demo: bool = False,
) -> Outreach:
    """Write down an appeal or an internal session of a unit in the actor's scope.

    :param held_on: None where the day is not known.
    :param head_count: None where nobody counted; never a list of names.
    :raises ValidationError: ``unit_out_of_scope``, ``program_out_of_scope``, ``not_https``, or a field that is not
        valid.
    """
    outreach = Outreach(
        kind=kind,
        title=title,
        unit=unit,
        region=region,
        program=program,
        issuer_rank=issuer_rank,
        issuer_name=issuer_name,
        issuer_acting_prefix=issuer_acting_prefix,
        issuer_position=issuer_position,
        issuer_institution=issuer_institution,
        channel=channel,
        audience=audience,
        message=message,
        held_on=held_on,
        head_count=head_count,
        link=link,
        legal_basis=legal_basis,
        note=note,
        is_demo=is_demo,
        created_by_id=getattr(by, "pk", None),
    )
    _check(outreach, by, {"unit", "program", "link"})
    outreach.save(force_insert=True)
    record(by=by, verb="outreach.created", obj=outreach)
    return outreach


@transaction.atomic
def update(*, outreach: Outreach, by: Any, **fields: Any) -> Outreach:
    """Change what is given. :raises ValidationError: as :func:`create`."""
    unknown = set(fields) - _CHANGEABLE
    if unknown:
        raise TypeError(f"Not a field that may be changed: {sorted(unknown)}")
    outreach.refresh_from_db(from_queryset=Outreach.objects.select_for_update(of=("self",)))
    changed = {name: value for name, value in fields.items() if getattr(outreach, name) != value}
    if not changed:
        return outreach
    if outreach.unit_id not in scope_of(by):
        raise ValidationError(_("The unit must be yours or one below it."), code="unit_out_of_scope")
    for name, value in changed.items():
        setattr(outreach, name, value)
    _check(outreach, by, set(changed))
    outreach.save(update_fields=sorted(changed))
    record(by=by, verb="outreach.updated", obj=outreach, fields=changed)
    return outreach


def _check(outreach: Outreach, by: Any, changed: set[str]) -> None:
    """What stood before is not asked again: a programme may have gone out of sight since."""
    if outreach.unit_id not in scope_of(by):
        raise ValidationError(
            {"unit": ValidationError(_("The unit must be yours or one below it."), code="unit_out_of_scope")}
        )
    program = outreach.program
    if (
        "program" in changed
        and program is not None
        and not programs_visible_to(by).filter(pk=program.pk).exists()
    ):
        error = ValidationError(_("Choose a programme that you can see."), code="program_out_of_scope")
        raise ValidationError({"program": error})
    if "link" in changed and outreach.link and not outreach.link.lower().startswith("https://"):
        raise ValidationError(
            {"link": ValidationError(_("The link must begin with https://"), code="not_https")}
        )
    # A text field of Django's leaves its length to the form.
    if len(outreach.message) > MAX_MESSAGE:
        raise ValidationError({"message": ValidationError(_("Too long."), code="too_long")})
    outreach.full_clean()
