"""Whole organisations as guests: asked as one, and the name of who comes for it follows later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from events.choices import ParticipantKind
from events.models import Event, Invitation, Participant, Pledge
from events.operations.locking import lock_open
from events.queries.delegations import organizations_to_invite
from partners.choices import OrganizationKind
from partners.models import Organization
from partners.search import search_key_for

# Whoever comes for these is *Rekan media*, and never asked to pledge.
PRESS = (OrganizationKind.MEDIA, OrganizationKind.ASSOCIATION)


@transaction.atomic
def invite(*, event: Event, organizations: Iterable[Organization], by: Any) -> int:
    """Ask organisations to send somebody; one that is on the list stays as it is. Returns how many are new.

    :raises ValidationError: ``event_closed``; ``not_selectable`` when one is out of the actor's sight or set aside.
    """
    lock_open(event)
    wanted = {organization.pk for organization in organizations}
    found = list(organizations_to_invite(by).filter(pk__in=wanted).order_by("sort_key", "pk"))
    if len(found) != len(wanted):
        raise ValidationError(
            _("One of the organisations picked can no longer be invited. Look at the list again."),
            code="not_selectable",
        )
    new = _new_rows(event, found, by)
    Invitation.objects.bulk_create([Invitation(participant=row, recorded_by_id=by.pk) for row in new])
    for row in new:
        _record(by, "guest.invited", row)
    return len(new)


@transaction.atomic
def name(*, participant: Participant, name: str, by: Any, position: str = "") -> Participant:
    """Who comes for the organisation, known before or said at the door; may be mended while the event is open.

    :raises ValidationError: ``event_closed``, ``not_a_delegation``, ``gone``, ``required``, ``too_long``;
        ``has_pledged`` for another name on a joint commitment that stands: nobody agrees in somebody else's place.
    """
    # Before the event, as a mark at the door takes them: in another order two would wait for each other.
    row = Participant.objects.select_for_update().filter(pk=participant.pk).first()
    lock_open(participant.event)
    if row is None:
        raise ValidationError(_("This guest is no longer on the list."), code="gone")
    if row.organization_id is None:
        raise ValidationError(_("Only a delegate of an organisation is named here."), code="not_a_delegation")
    name, position = " ".join(name.split()), " ".join(position.split())
    if not name:
        raise ValidationError({"name": ValidationError(_("Write the name."), code="required")})
    for field, value, most in (("name", name, 200), ("position", position, 100)):
        if len(value) > most:
            raise ValidationError({field: ValidationError(_("Too long."), code="too_long")})
    if (
        row.display_name not in ("", name)
        and Pledge.objects.filter(participant=row, withdrawn_at=None).exists()
    ):
        message = _("%(name)s agreed to the joint commitment. If somebody else comes, take that back first.")
        params = {"name": row.display_name}
        raise ValidationError({"name": ValidationError(message, code="has_pledged", params=params)})
    if (row.display_name, row.position) != (name, position):
        row.display_name, row.position = name, position
        row.search_key = _key(name, row.organization)
        row.save(update_fields=["display_name", "position", "search_key"])
        row.event = participant.event
        _record(by, "guest.named", row)
    return row


def _new_rows(event: Event, organizations: list[Organization], by: Any) -> list[Participant]:
    """Insert those who are not there yet; the constraint decides should somebody else be quicker."""
    standing = set(
        Participant.objects.filter(event=event, organization__in=organizations).values_list(
            "organization_id", flat=True
        )
    )
    rows = [
        Participant(
            event=event,
            kind=ParticipantKind.DELEGATE,
            organization=one,
            institution=one.name[:120],
            is_press=one.kind in PRESS,
            region_id=one.region_id,
            unit_id=one.unit_id,
            search_key=_key("", one),
            added_by_id=by.pk,
        )
        for one in organizations
        if one.pk not in standing
    ]
    Participant.objects.bulk_create(rows, ignore_conflicts=True)
    inserted = list(Participant.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("pk"))
    for row in inserted:
        row.event = event
    return inserted


def _key(name: str, organization: Organization | None) -> str:
    """Found by the name of who comes and by both names of the organisation."""
    names = f"{organization.name} {organization.short_name}" if organization is not None else ""
    return search_key_for(f"{name} {names}".strip())[:500]


def _record(by: Any, verb: str, participant: Participant) -> None:
    event = participant.event
    record(
        by=by,
        verb=verb,
        obj=participant,
        unit_id=participant.unit_id or event.host_unit_id,
        event=event.public_id,
    )
