"""Minta usulan: the host asks units for names, they propose from their own lists, the host decides on each.

Who decides need not see the partner's page: what the officer who proposed was allowed to see is what counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from audit.recording import record
from events.choices import ProposalState, ReturnedFor
from events.models import Event, Proposal, ProposalRequest
from events.operations.guests import put_on_list
from events.operations.locking import lock, lock_open
from events.queries.proposals import AHEAD, COUNTED, known_among, may_be_proposed, units_to_ask
from partners.choices import PartnerStatus
from partners.models import Partner
from ui.times import at_place

MOST_WANTED = 200
MAX_NOTE = 300
# A unit may offer a choice, not a crowd.
TIMES_WANTED = 2
# How far ahead a day may lie while the event has no date.
WITHIN = timedelta(days=365)


@transaction.atomic
def ask(
    *, event: Event, units: Iterable[Unit], wanted: int, due_on: date, by: Any, note: str = ""
) -> list[ProposalRequest]:
    """Ask each of these units for so many names by a day. A unit that was asked before is asked anew: number, day and
    note are those of now, and a closed request opens again.

    :raises ValidationError: ``event_over``, ``units_missing``, ``not_taking_part``, ``wanted``, ``due_on``,
        ``too_long``.
    """
    _lock_ahead(event)
    asked = {unit.pk: unit for unit in units}
    if not asked:
        raise _refused("units", _("Choose at least one unit."), "units_missing")
    if units_to_ask(event).filter(pk__in=asked).count() != len(asked):
        raise _refused("units", _("One of the units does not take part any more."), "not_taking_part")
    values = _values(event, wanted, due_on, note)
    standing = {row.unit_id: row for row in ProposalRequest.objects.select_for_update().filter(event=event)}
    rows = []
    for unit_id in sorted(asked):
        row = standing.get(unit_id)
        if row is None:
            row = ProposalRequest.objects.create(event=event, unit_id=unit_id, asked_by_id=by.pk, **values)
        else:
            _write(row, {**values, "closed_at": None})
        row.event = event
        _record_request(by, "proposal.asked", row)
        rows.append(row)
    return rows


@transaction.atomic
def change(*, asked: ProposalRequest, wanted: int, due_on: date, by: Any, note: str = "") -> ProposalRequest:
    """Another number, day or note. :raises ValidationError: ``event_over``, ``closed``, and those of :func:`ask`."""
    row = _lock_request(asked)
    _require_asking(row)
    changed = _write(row, _values(row.event, wanted, due_on, note))
    if changed:
        _record_request(by, "proposal.request_changed", row, fields=changed)
    return row


@transaction.atomic
def close(*, asked: ProposalRequest, by: Any) -> ProposalRequest:
    """No more names, thank you. Those proposed can still be decided on; closing twice changes nothing."""
    row = _lock_request(asked)
    if row.is_open:
        _write(row, {"closed_at": timezone.now()})
        _record_request(by, "proposal.request_closed", row)
    return row


@transaction.atomic
def propose(*, asked: ProposalRequest, partners: Iterable[Partner], by: Any) -> int:
    """Offer partners of the unit that was asked. One that came back may be offered again; who stands already, stays.

    Returns how many were offered.

    :raises ValidationError: ``event_over``, ``closed``; ``not_selectable`` when one is out of sight, of another unit,
        archived or not to be contacted (then nobody is offered); ``too_many`` beyond twice the number wanted.
    """
    row = _lock_request(asked)
    _require_asking(row)
    wanted = {partner.pk for partner in partners}
    # Held, so that nobody is offered who is erased or asks for quiet at this moment.
    held = may_be_proposed(by, row).filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    found = sorted(held, key=lambda partner: (partner.sort_key, partner.pk))
    if len(found) != len(wanted):
        raise ValidationError(
            _("One of the people picked can no longer be proposed. Look at the list again."),
            code="not_selectable",
        )
    known = known_among(row, wanted)
    offered = [one for one in found if known.get(one.pk, ProposalState.RETURNED) == ProposalState.RETURNED]
    _require_room(row, len(offered))
    again = {
        proposal.partner_id: proposal
        for proposal in Proposal.objects.select_for_update().filter(request=row, partner__in=offered)
    }
    for partner in offered:
        proposal = again.get(partner.pk)
        if proposal is None:
            proposal = Proposal.objects.create(request=row, partner=partner, proposed_by_id=by.pk)
        else:
            proposal.proposed_by_id = by.pk
            _decide(proposal, ProposalState.PROPOSED, None)
        _record(by, "proposal.made", proposal, row, partner)
    return len(offered)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Any) -> None:
    """Take back what the host has not taken yet. The audit keeps that it stood there.

    :raises ValidationError: ``gone``; ``decided`` when the host was quicker.
    """
    row = _lock_request(proposal.request)
    # Not the person: an erasure holds them and then removes the proposals.
    standing = (
        Proposal.objects.select_for_update(of=("self",))
        .filter(pk=proposal.pk)
        .select_related("partner")
        .first()
    )
    if standing is None:
        raise ValidationError(_("This proposal is no longer there."), code="gone")
    if standing.state not in (ProposalState.PROPOSED, ProposalState.RETURNED):
        raise ValidationError(_("The host has already decided on this proposal."), code="decided")
    _record(by, "proposal.withdrawn", standing, row, standing.partner)
    standing.delete()


@transaction.atomic
def accept(*, proposals: Iterable[Proposal], by: Any) -> tuple[list[Proposal], list[Proposal]]:
    """Take those proposed: they are invited. All are of one event.

    Whoever meanwhile may not be invited (archived, without consent, not to be contacted) is left as proposed, and the
    others go on. What was decided or withdrawn meanwhile is passed over: two officers who take the same person at once
    write one invitation. Returns (taken, left).

    :raises ValidationError: ``event_closed``.
    """
    proposals = list(proposals)
    if not proposals:
        return [], []
    event = proposals[0].request.event
    lock_open(event)
    # Partners before proposals: an erasure holds the person and then removes the proposals.
    people = {
        partner.pk: partner
        for partner in Partner.objects.select_for_update()
        .filter(pk__in=[row.partner_id for row in proposals])
        .order_by("pk")
    }
    waiting = list(
        Proposal.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in proposals], request__event=event, state=ProposalState.PROPOSED)
        .select_related("request")
        .order_by("pk")
    )
    taken: list[Proposal] = []
    left: list[Proposal] = []
    for proposal in waiting:
        partner = people.get(proposal.partner_id)
        if partner is None:
            continue
        proposal.partner = partner
        proposal.request.event = event
        (taken if _may_be_invited(partner) else left).append(proposal)
    put_on_list(event=event, partners=[row.partner for row in taken], by=by)
    for proposal in taken:
        _decide(proposal, ProposalState.ACCEPTED, by)
        _record(by, "proposal.accepted", proposal, proposal.request, proposal.partner)
    return taken, left


@transaction.atomic
def decline(*, proposal: Proposal, by: Any) -> Proposal:
    """Not this time; no reason is asked or kept. :raises ValidationError: ``event_closed``, ``gone``, ``decided``."""
    standing = _lock_waiting(proposal)
    _decide(standing, ProposalState.DECLINED, by)
    _record(by, "proposal.declined", standing, standing.request, standing.partner)
    return standing


@transaction.atomic
def give_back(*, proposal: Proposal, returned_for: str, by: Any) -> Proposal:
    """Back to the unit, which may mend the record and propose again.

    :param returned_for: one of :class:`events.choices.ReturnedFor`; there is no free text about a person.
    :raises ValidationError: ``event_closed``, ``gone``, ``decided``, ``returned_for``.
    """
    if returned_for not in ReturnedFor.values:
        raise _refused("returned_for", _("Choose why it goes back."), "returned_for")
    standing = _lock_waiting(proposal)
    _decide(standing, ProposalState.RETURNED, by, returned_for)
    _record(by, "proposal.returned", standing, standing.request, standing.partner)
    return standing


def last_day(event: Event) -> date:
    """Until when names can be wanted: the day of the event; a year ahead while it has none."""
    if event.starts_at is None:
        return today_at(event) + WITHIN
    return at_place(event.starts_at, event.timezone).date()


def today_at(event: Event) -> date:
    return at_place(timezone.now(), event.timezone).date()


def _may_be_invited(partner: Partner) -> bool:
    return partner.status == PartnerStatus.ACTIVE and not partner.is_do_not_contact


def _lock_ahead(event: Event) -> None:
    lock(event)
    if event.state not in AHEAD:
        raise ValidationError(_("The event is over; no names are needed any more."), code="event_over")


def _lock_request(asked: ProposalRequest) -> ProposalRequest:
    return ProposalRequest.objects.select_for_update(of=("self",)).select_related("event").get(pk=asked.pk)


def _require_asking(row: ProposalRequest) -> None:
    if row.event.state not in AHEAD:
        raise ValidationError(_("The event is over; no names are needed any more."), code="event_over")
    if not row.is_open:
        raise ValidationError(_("The host has closed this request."), code="closed")


def _require_room(row: ProposalRequest, more: int) -> None:
    most = row.wanted * TIMES_WANTED
    standing = Proposal.objects.filter(request=row, state__in=COUNTED).count()
    if standing + more > most:
        message = _("At most %(most)s names for this request; %(standing)s stand already.")
        raise ValidationError(message, code="too_many", params={"most": most, "standing": standing})


def _lock_waiting(proposal: Proposal) -> Proposal:
    lock_open(proposal.request.event)
    standing = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("partner", "request__event")
        .filter(pk=proposal.pk)
        .first()
    )
    if standing is None:
        raise ValidationError(_("This proposal is no longer there."), code="gone")
    if standing.state != ProposalState.PROPOSED:
        raise ValidationError(_("Somebody has already decided on this proposal."), code="decided")
    return standing


def _values(event: Event, wanted: int, due_on: date, note: str) -> dict[str, Any]:
    note = " ".join(note.split())
    if not 1 <= wanted <= MOST_WANTED:
        message = _("Ask for 1 to %(most)s names.") % {"most": MOST_WANTED}
        raise _refused("wanted", message, "wanted")
    if due_on < today_at(event):
        raise _refused("due_on", _("This day is over."), "due_on")
    if due_on > last_day(event):
        raise _refused("due_on", _("Choose a day no later than the event."), "due_on")
    if len(note) > MAX_NOTE:
        raise _refused("note", _("Too long."), "too_long")
    return {"wanted": wanted, "due_on": due_on, "note": note}


def _write(row: ProposalRequest, values: dict[str, Any]) -> list[str]:
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def _decide(proposal: Proposal, state: str, by: Any, returned_for: str = "") -> None:
    proposal.state = state
    proposal.returned_for = returned_for
    proposal.decided_at = timezone.now() if by is not None else None
    proposal.decided_by_id = by.pk if by is not None else None
    proposal.save(update_fields=["state", "returned_for", "decided_at", "decided_by_id", "proposed_by_id"])


def _record_request(by: Any, verb: str, row: ProposalRequest, fields: Iterable[str] = ()) -> None:
    record(by=by, verb=verb, obj=row, unit_id=row.unit_id, event=row.event.public_id, fields=fields)


def _record(by: Any, verb: str, proposal: Proposal, row: ProposalRequest, partner: Partner) -> None:
    record(
        by=by,
        verb=verb,
        obj=proposal,
        unit_id=row.unit_id,
        subject=partner.public_id,
        event=row.event.public_id,
    )


def _refused(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
