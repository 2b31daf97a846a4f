"""The pages of the registry."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.queries.units import scope_of
from partners import rules
from partners.filters import PartnerFilter
from partners.forms.partners import PartnerForm, ReasonForm, TwinsForm, handle_rows
from partners.handles import profile_url, shown
from partners.models import Partner
from partners.operations import partners as operations
from partners.queries.consents import standings_of
from partners.queries.listing import Line, Listing, filtered_listing_of, listing_of
from partners.queries.opt_outs import closed_ways_of
from partners.queries.organizations import positions_of
from partners.queries.partners import partners_visible_to
from partners.queries.search import SHORT_WORD
from partners.queries.twins import likely_twins
from partners.search import MAX_QUERY, query_words
from partners.views.consents import consent_summary
from partners.views.outside_requests import outside_summary
from ui.htmx import wants_fragment
from ui.refusals import absent_when_gone

_ANY = UUID(int=0)


@requires("partner.view")
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """The list, its search and its filters; htmx asks for the results alone."""
    filters = PartnerFilter(request.GET, partners_visible_to(request.user), user=request.user)
    listing = _listing(filters, request.GET.get("after", ""))
    query = urlencode(filters.chosen)
    context = {
        "filters": filters,
        "page": listing.page,
        "lines": _addressed(listing.page.rows),
        "count": listing.count,
        "query": query,
        "max_query": MAX_QUERY,
        "can_see_organizations": _can(request, "organization.view"),
        "attended_label": _("last attended"),
        "has_units": len(scope_of(request.user)) > 1,
        "can_add": _can(request, "partner.add"),
        "next_url": f"?{urlencode({**filters.chosen, 'after': listing.page.after})}"
        if listing.page.after
        else "",
    }
    fragment = wants_fragment(request)
    response = render(
        request, "partners/_results.html" if fragment else "partners/partner_list.html", context
    )
    if fragment and listing.page.is_first:
        response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("partner.view")
@require_safe
def partner_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    partner = _partner(request, public_id)
    context = {
        "partner": partner,
        "accounts": _accounts(partner),
        **consent_summary(request.user, partner),
        **outside_summary(request.user, partner),
        "is_shared": partner.unit_id not in scope_of(request.user),
        "can_change": rules.can_change(request.user, partner),
        "can_archive": rules.can_archive(request.user, partner),
        "can_reveal": _can(request, "partner.reveal"),
        "can_see_events": _can(request, "event.view"),
        "can_share": rules.can_share(request.user, partner),
        "closed": closed_ways_of(partner),
        "positions": positions_of(request.user, partner),
    }
    return render(request, "partners/partner_detail.html", context)


@requires("partner.add")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_add(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    typed = " ".join(request.GET.get("nama", "").split())[:MAX_QUERY]
    form = PartnerForm(data, user=request.user, initial={"full_name": typed} if typed else {})
    handles = handle_rows(data)
    if _is_ready(form, handles):
        try:
            partner = operations.register(
                by=request.user,
                handles=[row.pair for row in handles],
                consent_given=form.cleaned_data["consent_given"],
                **form.facts,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": partner.full_name})
            return redirect("partners:partner-detail", public_id=partner.public_id)
    return _form_page(request, form, handles)


@requires("partner.add")
@require_POST
def partner_twins(request: HttpRequest) -> HttpResponse:
    """Who may be the person whose name is being typed. By POST: a name and a number belong into no address or log."""
    form = TwinsForm(request.POST)
    return render(request, "partners/_twins.html", {"twins": likely_twins(request.user, form.asked())})


@requires("partner.change")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    partner = _partner(request, public_id)
    if not rules.can_change(request.user, partner):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = PartnerForm(data, user=request.user, partner=partner)
    handles = handle_rows(data, partner)
    if _is_ready(form, handles):
        try:
            partner = operations.update(
                partner=partner, by=request.user, handles=[row.pair for row in handles], **form.facts
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:partner-detail", public_id=partner.public_id)
    return _form_page(request, form, handles, partner)


@requires("partner.archive")
@require_http_methods(["GET", "HEAD", "POST"])
def partner_archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks for the reason, then sets the partner aside; the page that follows offers to undo it."""
    partner = _partner(request, public_id)
    if not rules.can_archive(request.user, partner):
        raise PermissionDenied
    form = ReasonForm(
        request.POST or None, help_text=_("The person may read this. Such as: moved away, asked for a pause.")
    )
    if request.method == "POST" and form.is_valid():
        with absent_when_gone():
            operations.archive(partner=partner, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(name)s has been archived.") % {"name": partner.full_name})
        return redirect("partners:partner-detail", public_id=public_id)
    return render(request, "partners/partner_archive.html", {"partner": partner, "form": form})


@requires("partner.archive")
@require_POST
def partner_restore(request: HttpRequest, public_id: UUID) -> HttpResponse:
    partner = _partner(request, public_id)
    if not rules.can_archive(request.user, partner):
        raise PermissionDenied
    with absent_when_gone():
        operations.restore(partner=partner, by=request.user)
    messages.success(request, _("%(name)s is back in the list.") % {"name": partner.full_name})
    return redirect("partners:partner-detail", public_id=public_id)


@requires("partner.reveal")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def partner_reveal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET asks why; POST puts the look on record and shows the contact, in this one answer."""
    partner = _partner(request, public_id)
    form = ReasonForm(
        request.POST or None,
        help_text=_("The person may read this. Such as: invitation to Monday's dialogue."),
    )
    context: dict[str, Any] = {"partner": partner, "form": form, "closed": closed_ways_of(partner)}
    if request.method == "POST" and form.is_valid():
        with absent_when_gone():
            context["contact"] = operations.reveal_contact(
                partner=partner, by=request.user, reason=form.cleaned_data["reason"]
            )
        context["accounts"] = _accounts(partner)
        context["ways"] = {standing.purpose.value: standing for standing in standings_of(partner)}
    return render(request, "partners/partner_reveal.html", context)


def _can(request: HttpRequest, permission: str) -> bool:
    user: Any = request.user
    return bool(user.can(permission))


def _listing(filters: PartnerFilter, cursor: str) -> Listing:
    if not filters.chosen:
        return listing_of(filters.qs, cursor=cursor)
    words = query_words(filters.typed)
    return filtered_listing_of(
        filters.exactly(),
        nearly=filters.qs if any(len(word) > SHORT_WORD for word in words) else None,
        among=filters.among,
        words=words,
        cursor=cursor,
    )


def _addressed(lines: list[Line]) -> list[tuple[str, Line]]:
    """Each line with the address of its partner, resolved once for all."""
    pattern = reverse("partners:partner-detail", args=[_ANY])
    return [(pattern.replace(str(_ANY), str(line.public_id)), line) for line in lines]


def _partner(request: HttpRequest, public_id: UUID) -> Partner:
    """A partner within the officer's scope; anything else is 404, as if it did not exist."""
    visible = partners_visible_to(request.user).select_related("unit", "region__parent__parent")
    return get_object_or_404(visible.prefetch_related("social_accounts"), public_id=public_id)


def _accounts(partner: Partner) -> list[dict[str, str]]:
    return [
        {
            "platform": account.get_platform_display(),
            "name": shown(account.platform, account.handle),
            "url": profile_url(account.platform, account.handle),
        }
        for account in partner.social_accounts.all()
    ]


def _is_ready(form: PartnerForm, handles: Any) -> bool:
    """Valid, and no question left open about a phone that others have too, or about somebody who may be the same."""
    if not all([form.is_bound and form.is_valid(), handles.is_bound and handles.is_valid()]):
        return False
    if form.partner is None:
        form.look_for_twins(row.pair for row in handles)
    return not form.sharing and not form.twins


def _form_page(
    request: HttpRequest, form: PartnerForm, handles: Any, partner: Partner | None = None
) -> HttpResponse:
    back = (
        reverse("partners:partner-detail", args=[partner.public_id])
        if partner
        else reverse("partners:partner-list")
    )
    context = {"form": form, "handles": handles, "partner": partner, "back": back}
    return render(request, "partners/partner_form.html", context)
