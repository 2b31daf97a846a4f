"""The page behind a personal link: what is held, agree, or have it deleted. No account, GET shows, POST acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from partners.queries.consents import offered_to_person, standings_of, version_mark
from partners.queries.outside_requests import told_to
from portal import throttle
from portal.forms import AgreeForm
from portal.operations import answers
from portal.queries.people import Visitor, visitor_behind

View = Callable[[HttpRequest, str, Visitor], HttpResponse]


def personal(view: View) -> Callable[..., HttpResponse]:
    """Let a visitor with a live link in. All others get one and the same page, which tells nothing."""

    @login_not_required
    @never_cache
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        if throttle.is_waiting(request):
            return _private(render(request, "portal/wait.html", status=429))
        visitor = visitor_behind(token)
        if visitor is None:
            throttle.note_miss(request)
            return _private(render(request, "portal/link_over.html", status=404))
        return _private(view(request, token, visitor))

    return answered


@personal
def consent_confirm(request: HttpRequest, token: str, visitor: Visitor) -> HttpResponse:
    """What is held about the person, and the words to agree to; POST agrees."""
    standings = standings_of(visitor.partner)
    offered = offered_to_person(visitor.partner, standings)
    form = AgreeForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_valid() and _agreed(visitor, form):
        return redirect("portal:consent-done")
    context = {
        "token": token,
        "partner": visitor.partner,
        "link": visitor.link,
        "form": form,
        "keep": standings[0] if standings else None,
        "offered": offered,
        "mark": version_mark([*standings[:1], *offered]),
        "outside_requests": told_to(visitor.partner),
    }
    return render(request, "portal/consent_confirm.html", context)


@personal
def consent_erase(request: HttpRequest, token: str, visitor: Visitor) -> HttpResponse:
    """Asks once, saying what will go; POST erases."""
    if request.method == "POST":
        answers.leave(visitor=visitor)
        return redirect("portal:consent-erased")
    return render(request, "portal/consent_erase.html", {"token": token, "partner": visitor.partner})


@login_not_required
@require_GET
def consent_done(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "portal/consent_done.html"))


@login_not_required
@require_GET
def consent_erased(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "portal/consent_erased.html"))


def _agreed(visitor: Visitor, form: AgreeForm) -> bool:
    try:
        answers.agree(visitor=visitor, also=form.cleaned_data["also"], mark=form.cleaned_data["mark"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
