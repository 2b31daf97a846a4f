"""The words of the joint commitment, version after version. None is ever edited."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import keeps_reference
from events.forms.pledge_texts import PledgeTextForm
from events.operations import pledge_texts
from events.queries.pledge_texts import pledge_texts_manageable_by
from ui.refusals import show_refusal


@keeps_reference
@require_safe
def pledge_text_list(request: HttpRequest) -> HttpResponse:
    texts = list(pledge_texts_manageable_by(request.user))
    return render(request, "events/pledge_text_list.html", {"newest": texts[:1], "past": texts[1:]})


@keeps_reference
@require_http_methods(["GET", "HEAD", "POST"])
def pledge_text_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The version after this one, beginning with its words."""
    text = get_object_or_404(pledge_texts_manageable_by(request.user), public_id=public_id)
    form = PledgeTextForm(request.POST or None, text=text)
    if request.method == "POST" and form.is_valid():
        try:
            new = pledge_texts.publish_next(text=text, by=request.user, **form.facts)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            said = _("Version %(version)s has been published.")
            messages.success(request, said % {"version": new.version})
            return redirect("events:pledge-text-list")
    return render(request, "events/pledge_text_form.html", {"form": form, "text": text})
