"""The audit: the whole of it for the privacy officer, the history of one object for whoever sees the object."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.filters import AuditFilter
from accounts.queries.audit import entries_visible_to, history_for, lines_for
from ui.htmx import wants_fragment
from ui.paging import page_of


@requires("audit.view")
@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Whole page, or the lines alone for htmx; newest first."""
    filterset = AuditFilter(request.GET, queryset=entries_visible_to(request.user), user=request.user)
    page = page_of(filterset.qs, key="pk", cursor=request.GET.get("after", ""), descending=True)
    template = "accounts/_audit_lines.html" if wants_fragment(request) else "accounts/audit_list.html"
    lines = lines_for(request.user, page.rows)
    return render(request, template, {"filter": filterset, "page": page, "lines": lines})


@require_safe
def history(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Riwayat of one object: whole page, or the lines alone for htmx. 404 for whoever does not see the object."""
    entries = history_for(request.user, public_id)
    if entries is None:
        raise Http404
    page = page_of(entries, key="pk", cursor=request.GET.get("after", ""), descending=True)
    template = "accounts/_history_lines.html" if wants_fragment(request) else "accounts/history.html"
    lines = lines_for(request.user, page.rows)
    return render(request, template, {"page": page, "lines": lines, "public_id": public_id})
