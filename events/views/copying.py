"""The same event at the next place of its tour."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from events.forms.copying import EventCopyForm
from events.operations import copying
from events.views.reach import event_to_change
from ui.refusals import show_refusal


@requires("event.change")
@require_http_methods(["GET", "POST"])
def event_copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    event = event_to_change(request.user, public_id)
    form = EventCopyForm(request.POST if request.method == "POST" else None, event=event)
    if request.method == "POST" and form.is_valid():
        try:
            draft = copying.copy(event=event, by=request.user, **form.values())
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                _("The next stop is saved as a draft. Look through it; who accompanies is still open."),
            )
            return redirect("events:event-detail", draft.public_id)
    return render(request, "events/event_copy.html", {"form": form, "event": event})
