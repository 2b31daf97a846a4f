"""The guest list: who is asked, who answered what, who is added by hand or taken off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from events.choices import INTERNAL_KINDS, AnswerChannel
from events.filters import GuestFilter, PickFilter
from events.forms.guests import AnswerForm, GuestByHandForm, PickForm
from events.invitation_text import why_not
from events.models import Event, Participant
from events.operations import guests
from events.queries.participants import people_of, with_invited
from events.queries.tallies import tallies_of
from events.rules import can_change_guests, can_record_answer, can_run_door
from events.views.reach import event_or_404, event_to_invite, guest_to_answer, guest_to_change
from partners.queries.partners import not_to_be_contacted, partners_visible_to, selectable_partners
from partners.queries.search import matching
from ui.htmx import wants_fragment
from ui.paging import capped_count, page_of
from ui.refusals import first_message, show_refusal


@requires("participant.view")
@require_safe
def guest_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everyone who takes part reads names, organisations and answers; only partners of one's own scope have a link."""
    event = event_or_404(request.user, public_id)
    filters = GuestFilter(
        request.GET, queryset=people_of(event).prefetch_related("delegates"), request=request
    )
    page = page_of(filters.qs, key="display_name", cursor=request.GET.get("after", ""))
    _mark_known(request.user, event, page.rows)
    context = {**_row_context(request, event), "filters": filters, "page": page, "query": _query(request)}
    if wants_fragment(request):
        return render(request, "events/_guest_rows.html", context)
    context["is_narrowed"] = any(value for name, value in request.GET.items() if name != "after")
    context["tallies"] = tallies_of(event)
    return render(request, "events/guest_list.html", context)


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def guest_pick(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tick partners and invite them, one page of the list at a time."""
    event = event_to_invite(request.user, public_id)
    if request.method == "POST":
        form = PickForm(request.POST, user=request.user)
        if form.is_valid() and _invite(request, event, form):
            return redirect(f"{reverse('events:guest-pick', args=[public_id])}?{request.GET.urlencode()}")
        for sentence in form.errors.get("partners", []):
            messages.error(request, str(sentence))
    context = {"event": event, "ticked": set(request.POST.getlist("partners")), **_pickable(request, event)}
    template = "events/_pick_rows.html" if wants_fragment(request) else "events/guest_pick.html"
    return render(request, template, context)


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def guest_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_invite(request.user, public_id)
    form = GuestByHandForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            guest = guests.add_by_hand(event=event, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is on the list.") % {"name": guest})
            return redirect("events:guest-list", event.public_id)
    return render(request, "events/guest_add.html", {"event": event, "form": form})


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def guest_answer(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    """The page holds the whole answer; the buttons on the list post here too, and get their row back."""
    guest = guest_to_answer(request.user, public_id, guest_id)
    if not hasattr(guest, "invitation"):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, participant=guest)
    if request.method == "POST" and form.is_valid() and _answer(request, guest, form):
        if wants_fragment(request):
            return _answered_row(request, public_id, guest_id)
        return redirect(
            f"{reverse('events:guest-list', args=[public_id])}?{request.GET.urlencode()}#guest-{guest.pk}"
        )
    if request.method == "POST" and wants_fragment(request):
        sentence = " ".join(str(text) for errors in form.errors.values() for text in errors)
        return _answered_row(request, public_id, guest_id, refusal=sentence)
    return render(request, "events/guest_answer.html", {"event": guest.event, "guest": guest, "form": form})


@requires("guest.change")
@require_http_methods(["GET", "POST"])
def guest_remove(request: HttpRequest, public_id: UUID, guest_id: UUID) -> HttpResponse:
    guest = guest_to_change(request.user, public_id, guest_id)
    if request.method == "POST":
        name = str(guest)
        try:
            guests.remove(participant=guest, by=request.user)
        except ValidationError as error:
            messages.error(request, first_message(error))
        else:
            messages.success(request, _("%(name)s is off the list.") % {"name": name})
        return redirect("events:guest-list", public_id)
    return render(request, "events/guest_remove.html", {"event": guest.event, "guest": guest})


def _invite(request: HttpRequest, event: Event, form: PickForm) -> bool:
    try:
        new = guests.invite(event=event, partners=form.cleaned_data["partners"], by=request.user)
    except ValidationError as error:
        show_refusal(form, error)
        return False
    sentence = ngettext("%(count)s person invited.", "%(count)s people invited.", new) % {"count": new}
    messages.success(request, sentence)
    return True


def _answer(request: HttpRequest, guest: Participant, form: AnswerForm) -> bool:
    try:
        guests.answer(participant=guest, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        show_refusal(form, error)
        return False
    return True


def _answered_row(request: HttpRequest, event_id: UUID, guest_id: UUID, refusal: str = "") -> HttpResponse:
    """The row as it stands now, and the counts beside it."""
    guest = guest_to_answer(request.user, event_id, guest_id)
    _mark_known(request.user, guest.event, [guest])
    context = {
        **_row_context(request, guest.event),
        "guest": guest,
        "refusal": refusal,
        "query": _query(request),
        "tallies": tallies_of(guest.event),
    }
    return render(request, "events/_guest_answered.html", context)


def _row_context(request: HttpRequest, event: Event) -> dict[str, Any]:
    user: Any = request.user
    return {
        "event": event,
        "can_invite": can_change_guests(request.user, event),
        "is_internal": event.kind in INTERNAL_KINDS,
        "can_reach": user.can("contact.reveal"),
        "can_copy_invitation": not why_not(event),
        "can_run_door": can_run_door(request.user, event),
        "channels": AnswerChannel.choices,
    }


def _mark_known(user: Any, event: Event, rows: Sequence[Participant]) -> None:
    """Give each guest whose partner page this officer may open the id of that page, and say whose answer they may write
    down."""
    ids = [row.partner_id for row in rows if row.partner_id]
    visible: QuerySet = partners_visible_to(user).filter(pk__in=ids)
    pages = dict(visible.values_list("pk", "public_id"))
    for row in rows:
        row.partner_page = pages.get(row.partner_id)  # type: ignore[attr-defined]
        row.may_answer = can_record_answer(user, event, row)  # type: ignore[attr-defined]


def _pickable(request: HttpRequest, event: Event) -> dict[str, Any]:
    everyone = selectable_partners(request.user).select_related("region__parent", "unit").defer("search_key")
    everyone = with_invited(everyone.prefetch_related("social_accounts"), event)
    filters = PickFilter(request.GET, queryset=everyone, request=request)
    page = page_of(filters.qs, key="sort_key", cursor=request.GET.get("after", ""))
    return {
        "filters": filters,
        "page": page,
        "count": capped_count(filters.qs),
        "query": _query(request),
        "here": request.GET.urlencode(),
        "quiet": _quiet(request),
    }


def _quiet(request: HttpRequest) -> list[str]:
    """Names that a search would have found, had they not asked to be left alone: the list says why they are missing."""
    typed = request.GET.get("q", "")[:80].replace("\x00", "").strip()
    if not typed:
        return []
    found = matching(not_to_be_contacted(request.user), typed).order_by("sort_key", "pk")
    return list(found.values_list("full_name", flat=True)[:3])


def _query(request: HttpRequest) -> str:
    """The filters of this list without its place, for the link to the next page."""
    query = request.GET.copy()
    query.pop("after", None)
    return query.urlencode()
