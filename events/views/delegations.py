"""Organisations asked as one, and the delegate who is named later, at the latest at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from events.filters import OrganizationFilter
from events.forms.delegations import DelegateForm, PickOrganizationsForm
from events.models import Event
from events.operations import delegations
from events.queries.delegations import delegations_among, organizations_to_invite
from events.queries.participants import participants_visible_to
from events.rules import can_run_door
from events.views.reach import event_to_invite
from ui.htmx import wants_fragment
from ui.paging import page_of
from ui.refusals import show_refusal


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def guest_organizations(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tick organisations and invite them; who comes for each may be named later."""
    event = event_to_invite(request.user, public_id)
    if request.method == "POST":
        form = PickOrganizationsForm(request.POST, user=request.user)
        if form.is_valid() and _invited(request, event, form):
            return redirect("events:guest-list", public_id)
        for sentence in form.errors.get("organizations", []) + form.non_field_errors():
            messages.error(request, str(sentence))
    context = {
        "event": event,
        "ticked": set(request.POST.getlist("organizations")),
        **_pickable(request, event),
    }
    template = (
        "events/_organization_rows.html" if wants_fragment(request) else "events/guest_organizations.html"
    )
    return render(request, template, context)


@requires("door.run")
@require_http_methods(["GET", "POST"])
def guest_name(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """Who comes for an organisation: whoever runs the door may write it down."""
    rows = participants_visible_to(request.user).filter(organization__isnull=False)
    guest = get_object_or_404(
        rows.select_related("event__host_unit", "event__region__parent__parent"),
        public_id=guest_id,
        event__public_id=public_id,
    )
    if not can_run_door(request.user, guest.event):
        raise PermissionDenied
    form = DelegateForm(
        request.POST if request.method == "POST" else None,
        initial={"name": guest.display_name, "position": guest.position},
    )
    to_roll = request.GET.get("from") == "roll"
    if request.method == "POST" and form.is_valid():
        try:
            named = delegations.name(participant=guest, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            sentence = _("%(name)s comes for %(organization)s.")
            messages.success(request, sentence % {"name": named, "organization": named.institution})
            place = f"#p-{guest.public_id}" if to_roll else f"#guest-{guest.pk}"
            page = "events:roll" if to_roll else "events:guest-list"
            return redirect(f"{reverse(page, args=[public_id])}{place}")
    context = {"event": guest.event, "guest": guest, "form": form, "to_roll": to_roll}
    return render(request, "events/guest_name.html", context)


def _invited(request: HttpRequest, event: Event, form: PickOrganizationsForm) -> bool:
    try:
        new = delegations.invite(
            event=event, organizations=form.cleaned_data["organizations"], by=request.user
        )
    except ValidationError as error:
        show_refusal(form, error)
        return False
    sentence = ngettext("%(count)s organisation invited.", "%(count)s organisations invited.", new)
    messages.success(request, sentence % {"count": new})
    return True


def _pickable(request: HttpRequest, event: Event) -> dict[str, Any]:
    everyone = organizations_to_invite(request.user).select_related("region", "unit")
    filters = OrganizationFilter(request.GET, queryset=everyone, request=request)
    page = page_of(filters.qs, key="sort_key", cursor=request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    return {
        "filters": filters,
        "page": page,
        "invited": delegations_among(event, [row.pk for row in page.rows]),
        "query": query.urlencode(),
        "here": request.GET.urlencode(),
    }
