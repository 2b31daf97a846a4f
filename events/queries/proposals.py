"""Who was asked to propose guests, and whom they proposed. Why apart from participants: docs/adr/proposals-apart.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from accounts.models import Unit
from accounts.queries.units import scope_of, unit_ids_below
from events.choices import EventState, ProposalState
from events.models import Event, EventUnit, Participant, Proposal, ProposalRequest
from events.queries.events import takes_part
from partners.models import Affiliation, Partner
from partners.queries.partners import selectable_partners

# Only what still lies ahead asks anybody for names.
AHEAD = (EventState.DRAFT, EventState.SUBMITTED, EventState.PUBLISHED, EventState.POSTPONED)
# What counts towards the number wanted: not those who came back or were not taken.
COUNTED = (ProposalState.PROPOSED, ProposalState.ACCEPTED)


def requests_visible_to(user: Any) -> QuerySet[ProposalRequest]:
    """Requests of events that the officer sees, where the host or the unit asked is theirs or below it.

    Other units at the same event learn neither that somebody was asked nor who was proposed.
    """
    if not (user.can("proposal.make") or user.can("guest.change")):
        return ProposalRequest.objects.none()
    units = scope_of(user)
    if not user.can("event.view"):
        return ProposalRequest.objects.none()
    return ProposalRequest.objects.filter(takes_part(user, "event")).filter(
        Q(event__host_unit__in=units) | Q(unit__in=units)
    )


def proposals_visible_to(user: Any) -> QuerySet[Proposal]:
    """The proposals of these requests: the host's, the proposing unit's, and of those above either."""
    return Proposal.objects.filter(request__in=requests_visible_to(user))


def with_figures(requests: QuerySet[ProposalRequest]) -> QuerySet[Any]:
    """With ``counted`` (proposed or taken), ``waiting`` for the host, ``taken``, ``returned``; event, unit at hand."""
    return requests.select_related("unit", "event__host_unit").annotate(
        counted=Count("proposals", filter=Q(proposals__state__in=COUNTED)),
        waiting=Count("proposals", filter=Q(proposals__state=ProposalState.PROPOSED)),
        taken=Count("proposals", filter=Q(proposals__state=ProposalState.ACCEPTED)),
        returned=Count("proposals", filter=Q(proposals__state=ProposalState.RETURNED)),
    )


def requests_to_answer(user: Any) -> QuerySet[Any]:
    """Open requests to the officer's unit or one below it, the next due first.

    What the officer's own tree asked of units below is left out: whoever asked does not owe the answer.
    """
    if not user.can("proposal.make"):
        return ProposalRequest.objects.none()
    units = scope_of(user)
    rows = requests_visible_to(user).filter(unit__in=units, closed_at__isnull=True, event__state__in=AHEAD)
    return with_figures(rows.filter(Q(unit=user.unit_id) | ~Q(event__host_unit__in=units))).order_by(
        "due_on", "pk"
    )


def proposals_awaited(user: Any) -> QuerySet[Any]:
    """Of the requests to the officer's own unit those that are still short of names, the next due first.

    Each row has ``due_on``, ``wanted``, ``counted`` and the event at hand: for the first screen.
    """
    if not (user.can("proposal.make") and user.can("event.view")):
        return ProposalRequest.objects.none()
    counted = Count("proposals", filter=Q(proposals__state__in=COUNTED))
    return (
        ProposalRequest.objects.filter(
            takes_part(user, "event"), unit=user.unit_id, closed_at__isnull=True, event__state__in=AHEAD
        )
        .select_related("event__host_unit")
        .annotate(counted=counted)
        .filter(counted__lt=F("wanted"))
        .order_by("due_on", "pk")
    )


def proposals_to_decide(user: Any) -> QuerySet[Any]:
    """Requests by the officer's own unit with names that wait for its word (``waiting``), the nearest event first."""
    if not user.can("guest.change"):
        return ProposalRequest.objects.none()
    return (
        ProposalRequest.objects.filter(
            event__host_unit=user.unit_id, event__state__in=AHEAD, proposals__state=ProposalState.PROPOSED
        )
        .select_related("unit", "event")
        .annotate(waiting=Count("proposals"))
        .order_by("event__starts_at", "event_id", "due_on", "pk")
    )


def requests_of(event: Event, user: Any) -> QuerySet[Any]:
    """The requests of one event that this officer sees, with their figures."""
    return with_figures(requests_visible_to(user).filter(event=event)).order_by("unit__code")


def proposals_of(requests: Iterable[ProposalRequest]) -> dict[int, list[Proposal]]:
    """The proposals by request, in the order in which they came, with what the host may know of a person: name,
    kind, organisation and region. Two queries."""
    live = Affiliation.objects.filter(ended_on__isnull=True).select_related("organization").order_by("pk")
    rows = (
        Proposal.objects.filter(request__in=[row.pk for row in requests])
        .select_related("partner__region__parent")
        .defer("partner__phone", "partner__email", "partner__search_key")
        .prefetch_related(Prefetch("partner__affiliations", queryset=live, to_attr="live_affiliations"))
        .order_by("pk")
    )
    found: dict[int, list[Proposal]] = {}
    for row in rows:
        found.setdefault(row.request_id, []).append(row)
    return found


def may_be_proposed(user: Any, asked: ProposalRequest) -> QuerySet[Partner]:
    """Whom the officer may propose: partners of the unit asked and of those below it, as far as they see them."""
    return selectable_partners(user).filter(unit__in=unit_ids_below(asked.unit_id))


def known_among(asked: ProposalRequest, partner_ids: Iterable[int]) -> dict[int, str]:
    """Which of these partners stand already, by id: "invited", or the state of their proposal."""
    ids = list(partner_ids)
    states = dict(Proposal.objects.filter(request=asked, partner__in=ids).values_list("partner_id", "state"))
    there = Participant.objects.filter(event=asked.event_id, partner__in=ids)
    return states | {pk: "invited" for pk in there.values_list("partner_id", flat=True) if pk is not None}


def units_to_ask(event: Event) -> QuerySet[Unit]:
    """Units that take part beside the host."""
    taking_part = EventUnit.objects.filter(event=event).values("unit")
    return Unit.objects.filter(pk__in=taking_part, is_active=True).order_by("code")
