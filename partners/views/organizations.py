"""The pages of organisations, and of who holds a position in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.queries.units import scope_of
from partners.filters import OrganizationFilter
from partners.forms.organizations import AffiliationForm, OrganizationForm
from partners.models import Organization
from partners.operations import organizations as operations
from partners.queries.organizations import found_to_add, organizations_visible_to, people_in
from partners.rules import can_change_organization, can_end_affiliation
from partners.search import MAX_QUERY
from ui.htmx import wants_fragment
from ui.paging import capped_count, page_of
from ui.refusals import absent_when_gone, show_refusal


@requires("organization.view")
@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """The list, its search and its filters; htmx asks for the rows alone."""
    user: Any = request.user
    everyone = organizations_visible_to(user).select_related("region__parent", "unit")
    filters = OrganizationFilter(request.GET, queryset=everyone, request=request)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "filters": filters,
        "page": page_of(filters.qs, key="sort_key", cursor=request.GET.get("after", "")),
        "count": capped_count(filters.qs),
        "query": query.urlencode(),
        "is_narrowed": any(query.values()),
        "can_change": user.can("organization.change"),
    }
    template = "_organization_rows" if wants_fragment(request) else "organization_list"
    response = render(request, f"partners/{template}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("organization.view")
@require_safe
def organization_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The facts, and those of its people whom the officer may see."""
    user: Any = request.user
    organization = _organization(request, public_id)
    people = people_in(user, organization)
    page = page_of(people.filter(ended_on__isnull=True), key="name_key", cursor=request.GET.get("after", ""))
    for row in page.rows:
        row.may_end = can_end_affiliation(user, row)
    context = {
        "organization": organization,
        "page": page,
        "former": people.filter(ended_on__isnull=False).order_by("-ended_on", "pk")[:50]
        if page.is_first
        else [],
        "can_change": can_change_organization(user, organization),
        "can_name": user.can("organization.change") and organization.archived_at is None,
        "has_units": len(scope_of(user)) > 1,
    }
    return render(request, "partners/organization_detail.html", context)


@requires("organization.change")
@require_http_methods(["GET", "HEAD", "POST"])
def organization_add(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            organization = operations.add(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": organization.name})
            return redirect("partners:organization-detail", public_id=organization.public_id)
    return render(request, "partners/organization_form.html", {"form": form})


@requires("organization.change")
@require_http_methods(["GET", "HEAD", "POST"])
def organization_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    organization = _changeable(request, public_id)
    form = OrganizationForm(
        request.POST if request.method == "POST" else None, user=request.user, organization=organization
    )
    if form.is_valid():
        try:
            operations.update(organization=organization, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:organization-detail", public_id=public_id)
    return render(request, "partners/organization_form.html", {"form": form, "organization": organization})


@requires("organization.change")
@require_POST
def organization_archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sets it aside at once; the page that follows offers to undo it."""
    organization = _changeable(request, public_id)
    operations.archive(organization=organization, by=request.user)
    messages.success(request, _("%(name)s has been archived.") % {"name": organization.name})
    return redirect("partners:organization-detail", public_id=public_id)


@requires("organization.change")
@require_POST
def organization_restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    organization = _changeable(request, public_id)
    operations.restore(organization=organization, by=request.user)
    messages.success(request, _("%(name)s is back in the list.") % {"name": organization.name})
    return redirect("partners:organization-detail", public_id=public_id)


@requires("organization.change")
@require_http_methods(["GET", "HEAD", "POST"])
def affiliation_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Search among the officer's own partners, tick one, name the position."""
    organization = _organization(request, public_id)
    typed = request.GET.get("q", "")[:MAX_QUERY].replace("\x00", "")
    form = AffiliationForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        partner = form.cleaned_data["partner"]
        try:
            with absent_when_gone():
                operations.affiliate(
                    organization=organization,
                    partner=partner,
                    by=request.user,
                    position=form.cleaned_data["position"],
                )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": partner.full_name})
            return redirect("partners:organization-detail", public_id=public_id)
    context = {
        "organization": organization,
        "form": form,
        "typed": typed,
        "found": found_to_add(request.user, typed),
        "chosen": str(request.POST.get("partner", "")),
        "max_query": MAX_QUERY,
        "here": f"{reverse('partners:affiliation-add', args=[public_id])}?{urlencode({'q': typed})}",
    }
    return render(request, "partners/affiliation_add.html", context)


@requires("organization.change")
@require_POST
def affiliation_end(request: HttpRequest, public_id: UUID, affiliation_id: UUID) -> HttpResponse:
    """404 for somebody the officer does not see; 403 for one who is only shared with them."""
    organization = _organization(request, public_id)
    row = get_object_or_404(people_in(request.user, organization), public_id=affiliation_id)
    if not can_end_affiliation(request.user, row):
        raise PermissionDenied
    operations.end_affiliation(affiliation=row, by=request.user)
    messages.success(
        request,
        _("%(name)s no longer holds this position.") % {"name": row.partner.full_name},
    )
    return redirect("partners:organization-detail", public_id=public_id)


def _organization(request: HttpRequest, public_id: UUID) -> Organization:
    """One within the officer's sight; anything else is 404, as if it did not exist."""
    visible = organizations_visible_to(request.user).select_related("unit", "region__parent__parent")
    return get_object_or_404(visible, public_id=public_id)


def _changeable(request: HttpRequest, public_id: UUID) -> Organization:
    organization = _organization(request, public_id)
    if not can_change_organization(request.user, organization):
        raise PermissionDenied
    return organization
