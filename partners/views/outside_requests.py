"""The register of requests from outside the humas function, kept by the privacy officer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from partners.forms.outside_requests import DecisionForm, OutsideRequestForm
from partners.models import OutsideRequest, Partner
from partners.operations import outside_requests as operations
from partners.queries.outside_requests import about, outside_requests_visible_to, to_pick, with_people
from partners.queries.partners import partners_visible_to
from partners.search import MAX_QUERY
from ui.paging import page_of
from ui.refusals import absent_when_gone, first_message, show_refusal


def outside_summary(user: Any, partner: Partner) -> dict[str, object]:
    """What ``partners/_outside_requests.html`` needs on the page of a partner; nothing where it may not be read."""
    if not user.can("outside_request.manage"):
        return {"can_see_outside": False}
    return {"can_see_outside": True, "outside_requests": list(about(partner, user))}


@requires("outside_request.manage")
@require_safe
def outside_request_list(request: HttpRequest) -> HttpResponse:
    rows = with_people(outside_requests_visible_to(request.user), request.user)
    page = page_of(rows, key="received_on", cursor=request.GET.get("after", ""), descending=True)
    return render(request, "partners/outside_request_list.html", {"page": page})


@requires("outside_request.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def outside_request_add(request: HttpRequest) -> HttpResponse:
    form = OutsideRequestForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.receive(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Written down. Now choose the partners whom it is about."))
            return redirect("partners:outside-request-detail", made.public_id)
    return render(request, "partners/outside_request_form.html", {"form": form})


@requires("outside_request.manage")
@require_safe
def outside_request_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The request, whom it is about, and a search for further partners while it is open."""
    typed = " ".join(request.GET.get("q", "").split())[:MAX_QUERY]
    row = get_object_or_404(
        with_people(outside_requests_visible_to(request.user), request.user), public_id=public_id
    )
    is_open = row.state == "open"
    context = {
        "row": row,
        "is_open": is_open,
        "typed": typed,
        "found": to_pick(row, request.user, typed) if is_open else [],
        "hidden": row.people - len(row.seen_subjects),  # type: ignore[attr-defined]
        "max_query": MAX_QUERY,
    }
    return render(request, "partners/outside_request_detail.html", context)


@requires("outside_request.manage")
@require_POST
def outside_person_add(request: HttpRequest, public_id: UUID, partner: UUID) -> HttpResponse:
    row, person = _row(request, public_id), _person(request, partner)
    try:
        with absent_when_gone():
            operations.name_person(asked=row, partner=person, by=request.user)
    except ValidationError as refusal:
        messages.error(request, first_message(refusal))
    return redirect("partners:outside-request-detail", row.public_id)


@requires("outside_request.manage")
@require_POST
def outside_person_remove(request: HttpRequest, public_id: UUID, partner: UUID) -> HttpResponse:
    row, person = _row(request, public_id), _person(request, partner)
    try:
        operations.take_person_off(asked=row, partner=person, by=request.user)
    except ValidationError as refusal:
        messages.error(request, first_message(refusal))
    return redirect("partners:outside-request-detail", row.public_id)


@requires("outside_request.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def outside_request_decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _row(request, public_id)
    if row.state != "open":
        messages.info(request, _("This request is decided: nothing in it changes any more."))
        return redirect("partners:outside-request-detail", row.public_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.decide(asked=row, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("partners:outside-request-detail", row.public_id)
    return render(request, "partners/outside_request_decide.html", {"form": form, "row": row})


def _row(request: HttpRequest, public_id: UUID) -> OutsideRequest:
    return get_object_or_404(outside_requests_visible_to(request.user), public_id=public_id)


def _person(request: HttpRequest, public_id: UUID) -> Partner:
    return get_object_or_404(partners_visible_to(request.user), public_id=public_id)
