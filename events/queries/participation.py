"""The events of one partner."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from events.models import Participant, Pledge, Proposal
from events.queries.participants import participants_visible_to
from partners.models import Partner
from ui.times import at_place


def participation_of(partner: Partner, user: Any) -> QuerySet[Participant]:
    """Where a partner was asked to or came, at events that the officer can see, the latest first. Nothing on pledges:
    beside an attendance, their absence would show."""
    return (
        participants_visible_to(user)
        .filter(partner=partner)
        .select_related("event", "invitation", "attendance")
        .order_by(F("event__starts_at").desc(nulls_last=True), "-pk")
    )


def exported(partner: Partner) -> list[dict[str, Any]]:
    """All that the events hold about a person, as plain data for that person: whoever recorded it, wherever it was."""
    rows = (
        Participant.objects.filter(partner=partner)
        .select_related("event", "invitation", "attendance")
        .order_by("pk")
    )
    pledges: dict[int, list[Pledge]] = {}
    for pledge in (
        Pledge.objects.filter(participant__partner=partner).select_related("text").order_by("at", "pk")
    ):
        pledges.setdefault(pledge.participant_id, []).append(pledge)
    return [_plain(row, pledges.get(row.pk, [])) for row in rows]


def proposals_exported(partner: Partner) -> list[dict[str, Any]]:
    """For which events a unit proposed the person, and what the host said."""
    rows = Proposal.objects.filter(partner=partner).select_related("request__event", "request__unit")
    return [
        {
            "event": row.request.event.title,
            "proposed_by": row.request.unit.name,
            "proposed_on": row.proposed_at.date().isoformat(),
            "state": row.state,
            "returned_for": row.returned_for,
        }
        for row in rows.order_by("pk")
    ]


def _plain(row: Participant, pledges: list[Pledge]) -> dict[str, Any]:
    event = row.event
    invitation, attendance = getattr(row, "invitation", None), getattr(row, "attendance", None)

    def moment(instant: Any) -> str:
        return at_place(instant, event.timezone).isoformat(timespec="minutes") if instant else ""

    return {
        "event": event.title,
        "starts_at": moment(event.starts_at),
        "as": row.kind,
        "name": row.display_name,
        "answer": invitation.answer if invitation else "",
        "present_at": moment(attendance.at) if attendance else "",
        "pledges": [
            {
                "text": str(pledge.text),
                "at": moment(pledge.at),
                "how": pledge.channel,
                "withdrawn_at": moment(pledge.withdrawn_at),
            }
            for pledge in pledges
        ],
    }
