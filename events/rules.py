"""Who may do what with an event that they can already see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.queries.units import scope_of
from events.choices import PLANNED_STATES, EventState
from events.models import Commitment, DirectiveUnit, Event, Outreach, Participant, Program, ProposalRequest


def can_change_event(user: Any, event: Event) -> bool:
    """The host, and units above it."""
    return user.can("event.change") and event.host_unit_id in scope_of(user)


def can_change_program(user: Any, program: Program) -> bool:
    """The unit of the programme, and units above it."""
    return user.can("program.change") and program.unit_id in scope_of(user)


def can_change_guests(user: Any, event: Event) -> bool:
    """The host, and units above it."""
    return user.can("guest.change") and event.host_unit_id in scope_of(user) and event.is_open


def can_propose(user: Any, asked: ProposalRequest) -> bool:
    """The unit that was asked, and units above it."""
    return user.can("proposal.make") and asked.unit_id in scope_of(user)


def can_decide_proposals(user: Any, asked: ProposalRequest) -> bool:
    """The host that asked, and units above it."""
    return user.can("guest.change") and asked.event.host_unit_id in scope_of(user)


def can_answer_for(user: Any, event: Event, unit_id: int) -> bool:
    """The unit's own officers and those above it, and the host: the unit's answer and its roll of personnel."""
    scope = scope_of(user)
    return user.can("guest.change") and event.is_open and (unit_id in scope or event.host_unit_id in scope)


def can_record_answer(user: Any, event: Event, participant: Participant) -> bool:
    """The host; and of the guests from their own partners, the unit that knows them and rang them up."""
    scope = scope_of(user)
    return (
        user.can("guest.change")
        and event.is_open
        and (event.host_unit_id in scope or participant.unit_id in scope)
    )


def can_run_door(user: Any, event: Event) -> bool:
    """Everyone who takes part may: host, co-hosts, invited units and those above them (they see the event at all)."""
    return user.can("door.run") and event.is_open


def can_decide_reviews(user: Any) -> bool:
    """Everyone who sees the event and may run doors, whatever became of it: phones bring things late."""
    return bool(user.can("door.run"))


def can_change_commitment(user: Any, commitment: Commitment) -> bool:
    """The unit in charge, the host of the event, and those above either."""
    scope = scope_of(user)
    return user.can("commitment.change") and (
        commitment.owner_unit_id in scope or commitment.event.host_unit_id in scope
    )


def can_tick_neutrality(user: Any, event: Event) -> bool:
    """The host and units above it: those who plan, and leaders."""
    allowed = user.can("event.change") or user.can("event.approve")
    return allowed and event.is_open and event.host_unit_id in scope_of(user)


def can_change_outreach(user: Any, outreach: Outreach) -> bool:
    """The unit that issued it, and units above it."""
    return user.can("outreach.change") and outreach.unit_id in scope_of(user)


def can_direct(user: Any, event: Event, now: datetime | None = None) -> bool:
    """The host and units above it, once the meeting has begun."""
    if not user.can("event.change") or event.host_unit_id not in scope_of(user):
        return False
    has_begun = event.starts_at is not None and event.starts_at <= (now or timezone.now())
    return event.is_held or (event.state in PLANNED_STATES and has_begun)


def can_report_directive(user: Any, owner: DirectiveUnit) -> bool:
    """The unit that was told to act, and those above it."""
    return user.can("directive.report") and owner.unit_id in scope_of(user)


def can_promise(user: Any, event: Event) -> bool:
    """Everyone who takes part may write down what the institution promised there."""
    return user.can("commitment.change") and event.state != EventState.CANCELLED


def can_record_pledges(user: Any, event: Event) -> bool:
    """Everyone who takes part, while the event is open."""
    return user.can("pledge.record") and event.is_open


def may_be_asked_to_pledge(participant: Participant) -> bool:
    """Guests only, and never *Rekan media*: neither those marked so that evening nor partners who are journalists."""
    partner = participant.partner
    return (
        participant.is_guest
        and not participant.is_press
        and not (partner is not None and partner.is_journalist)
    )
