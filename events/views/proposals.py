"""Minta usulan, seen from both ends: the host asks and decides, the unit proposes from its own list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from events.choices import ProposalState, ReturnedFor
from events.filters import PickFilter
from events.forms.proposals import AskForm, ProposeForm, RequestForm, ReturnForm
from events.models import Event, Proposal, ProposalRequest
from events.operations import proposals
from events.queries.proposals import (
    AHEAD,
    known_among,
    may_be_proposed,
    proposals_of,
    proposals_to_decide,
    proposals_visible_to,
    requests_of,
    requests_to_answer,
    requests_visible_to,
    with_figures,
)
from events.rules import can_change_guests, can_decide_proposals, can_propose
from events.views.reach import event_to_invite
from ui.htmx import wants_fragment
from ui.paging import capped_count, page_of
from ui.refusals import first_message, show_refusal

# The day suggested for an answer lies this long before the event, where there is time.
_BEFORE = timedelta(days=3)


def proposal_summary(user: Any, event: Event, *, has_units: bool) -> dict[str, object]:
    """What ``events/_proposals.html`` needs beside ``event``: nothing for those who neither asked nor were asked.

    One query, and none at an event without units beside the host.

    :param has_units: whether anybody takes part who could be asked.
    """
    decides = can_change_guests(user, event)
    rows = list(requests_of(event, user)) if has_units else []
    return {
        "proposal_requests": rows,
        "asked_of_us": [] if decides else rows,
        "decides_proposals": decides,
        "can_ask": decides and event.state in AHEAD and has_units,
        "proposals_wait": sum(row.waiting for row in rows),  # type: ignore[attr-defined]
    }


@requires("proposal.make")
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """What is asked of the officer's units, and what waits for their own word as host."""
    context = {
        "asked": list(requests_to_answer(request.user)[:100]),
        "to_decide": list(proposals_to_decide(request.user)[:100]),
    }
    return render(request, "events/proposal_list.html", context)


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def proposal_ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One page asks several units at once."""
    event = event_to_invite(request.user, public_id)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        event=event,
        initial={"due_on": _suggested_day(event), "wanted": 10},
    )
    if request.method == "POST" and form.is_valid():
        try:
            rows = proposals.ask(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            sentence = ngettext("%(count)s unit is asked.", "%(count)s units are asked.", len(rows))
            messages.success(request, sentence % {"count": len(rows)})
            return redirect("events:proposal-review", public_id)
    context = {"event": event, "form": form, "last_day": proposals.last_day(event)}
    return render(request, "events/proposal_ask.html", context)


@requires("guest.change")
@require_safe
def proposal_review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every proposal for one event, unit by unit, with a button for each word that the host may say."""
    event = event_to_invite(request.user, public_id)
    rows = list(requests_of(event, request.user))
    found = proposals_of(rows)
    for row in rows:
        row.people = found.get(row.pk, [])  # type: ignore[attr-defined]
    context = {
        "event": event,
        "rows": rows,
        "can_ask": event.state in AHEAD,
        "has_units": event.event_units.exists(),
        "reasons": ReturnedFor.choices,
    }
    return render(request, "events/proposal_review.html", context)


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def proposal_request_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _request_to_decide(request, public_id)
    initial = {"wanted": row.wanted, "due_on": row.due_on, "note": row.note}
    form = RequestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            proposals.change(asked=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:proposal-review", row.event.public_id)
    context = {"event": row.event, "row": row, "form": form, "last_day": proposals.last_day(row.event)}
    return render(request, "events/proposal_request_edit.html", context)


@requires("guest.change")
@require_POST
def proposal_request_close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _request_to_decide(request, public_id)
    proposals.close(asked=row, by=request.user)
    messages.success(request, _("The request is closed. What was proposed can still be decided on."))
    return redirect("events:proposal-review", row.event.public_id)


@requires("guest.change")
@require_POST
def proposal_accept_all(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take everybody whom one unit proposed and who still waits."""
    row = _request_to_decide(request, public_id)
    waiting = (
        proposals_visible_to(request.user)
        .filter(request=row, state=ProposalState.PROPOSED)
        .select_related("request__event", "partner")
    )
    return _accepted(request, row.event, list(waiting))


@requires("guest.change")
@require_POST
def proposal_accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    proposal = _proposal_to_decide(request, public_id)
    return _accepted(request, proposal.request.event, [proposal])


@requires("guest.change")
@require_POST
def proposal_decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    proposal = _proposal_to_decide(request, public_id)
    try:
        proposals.decline(proposal=proposal, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("%(name)s is not taken.") % {"name": proposal.partner})
    return _to_review(proposal.request.event, proposal)


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def proposal_return(request: HttpRequest, public_id: UUID) -> HttpResponse:
    proposal = _proposal_to_decide(request, public_id)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            proposals.give_back(proposal=proposal, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("%(name)s goes back to the unit.") % {"name": proposal.partner})
            return _to_review(proposal.request.event, proposal)
    context = {"event": proposal.request.event, "proposal": proposal, "form": form}
    return render(request, "events/proposal_return.html", context)


@requires("proposal.make")
@require_safe
def proposal_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One request as the unit asked sees it: what is wanted, whom it proposed, what became of each."""
    row = _request_to_answer(request, public_id)
    context = {
        "event": row.event,
        "row": row,
        "people": proposals_of([row]).get(row.pk, []),
        "can_propose": row.is_open and row.event.state in AHEAD,
    }
    return render(request, "events/proposal_detail.html", context)


@requires("proposal.make")
@require_http_methods(["GET", "POST"])
def proposal_pick(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tick partners of one's own list and propose them, one page of the list at a time."""
    row = _request_to_answer(request, public_id)
    if request.method == "POST":
        form = ProposeForm(request.POST, user=request.user, request_of=row)
        if form.is_valid() and _proposed(request, row, form):
            return redirect("events:proposal-detail", public_id)
        for sentence in form.errors.get("partners", []) + form.non_field_errors():
            messages.error(request, str(sentence))
    context = {
        "event": row.event,
        "row": row,
        "ticked": set(request.POST.getlist("partners")),
        "most": row.wanted * proposals.TIMES_WANTED,
        **_pickable(request, row),
    }
    template = "events/_propose_rows.html" if wants_fragment(request) else "events/proposal_pick.html"
    return render(request, template, context)


@requires("proposal.make")
@require_POST
def proposal_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What came back is mended: propose the same person once more."""
    proposal = _own_proposal(request, public_id)
    try:
        new = proposals.propose(asked=proposal.request, partners=[proposal.partner], by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        said = _("%(name)s is proposed again.") if new else _("%(name)s stands on the list already.")
        messages.success(request, said % {"name": proposal.partner})
    return redirect("events:proposal-detail", proposal.request.public_id)


@requires("proposal.make")
@require_POST
def proposal_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    proposal = _own_proposal(request, public_id)
    try:
        proposals.withdraw(proposal=proposal, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("%(name)s is no longer proposed.") % {"name": proposal.partner})
    return redirect("events:proposal-detail", proposal.request.public_id)


def _suggested_day(event: Event) -> Any:
    last, today = proposals.last_day(event), proposals.today_at(event)
    return max(min(last - _BEFORE, today + timedelta(days=7)), min(today, last))


def _request(request: HttpRequest, public_id: UUID) -> ProposalRequest:
    rows = with_figures(requests_visible_to(request.user)).select_related("event__region__parent__parent")
    return get_object_or_404(rows, public_id=public_id)


def _request_to_decide(request: HttpRequest, public_id: UUID) -> ProposalRequest:
    row = _request(request, public_id)
    if not can_decide_proposals(request.user, row):
        raise PermissionDenied
    return row


def _request_to_answer(request: HttpRequest, public_id: UUID) -> ProposalRequest:
    row = _request(request, public_id)
    if not can_propose(request.user, row):
        raise PermissionDenied
    return row


def _proposal(request: HttpRequest, public_id: UUID) -> Proposal:
    rows = proposals_visible_to(request.user).select_related(
        "partner", "request__unit", "request__event__host_unit", "request__event__region__parent__parent"
    )
    return get_object_or_404(rows, public_id=public_id)


def _proposal_to_decide(request: HttpRequest, public_id: UUID) -> Proposal:
    proposal = _proposal(request, public_id)
    if not can_decide_proposals(request.user, proposal.request):
        raise PermissionDenied
    return proposal


def _own_proposal(request: HttpRequest, public_id: UUID) -> Proposal:
    proposal = _proposal(request, public_id)
    if not can_propose(request.user, proposal.request):
        raise PermissionDenied
    return proposal


def _accepted(request: HttpRequest, event: Event, waiting: list[Proposal]) -> HttpResponse:
    try:
        taken, left = proposals.accept(proposals=waiting, by=request.user)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return _to_review(event)
    if taken:
        sentence = ngettext("%(count)s person invited.", "%(count)s people invited.", len(taken))
        messages.success(request, sentence % {"count": len(taken)})
    for proposal in left:
        sentence = _("%(name)s can no longer be invited. Send the proposal back, or decline it.")
        messages.error(request, sentence % {"name": proposal.partner})
    if not taken and not left:
        messages.info(request, _("Somebody has already decided on this proposal."))
    return _to_review(event)


def _to_review(event: Event, proposal: Proposal | None = None) -> HttpResponse:
    place = f"#request-{proposal.request_id}" if proposal is not None else ""
    return redirect(f"{reverse('events:proposal-review', args=[event.public_id])}{place}")


def _proposed(request: HttpRequest, row: ProposalRequest, form: ProposeForm) -> bool:
    try:
        new = proposals.propose(asked=row, partners=form.cleaned_data["partners"], by=request.user)
    except ValidationError as error:
        show_refusal(form, error)
        return False
    sentence = ngettext("%(count)s name proposed.", "%(count)s names proposed.", new)
    messages.success(request, sentence % {"count": new})
    return True


def _pickable(request: HttpRequest, row: ProposalRequest) -> dict[str, Any]:
    everyone = may_be_proposed(request.user, row).select_related("region__parent", "unit").defer("search_key")
    filters = PickFilter(request.GET, queryset=everyone.prefetch_related("social_accounts"), request=request)
    page = page_of(filters.qs, key="sort_key", cursor=request.GET.get("after", ""))
    known = known_among(row, [partner.pk for partner in page.rows])
    for partner in page.rows:
        partner.known = known.get(partner.pk, "")
    query = request.GET.copy()
    query.pop("after", None)
    return {
        "filters": filters,
        "page": page,
        "count": capped_count(filters.qs),
        "query": query.urlencode(),
        "here": request.GET.urlencode(),
    }
