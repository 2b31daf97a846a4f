"""Units and what they police. They come with the reference data, so this page only shows them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.queries.units import unit_tree


@requires("unit.manage")
@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accounts/unit_list.html", {"branches": unit_tree(request.user, timezone.localdate())}
    )
