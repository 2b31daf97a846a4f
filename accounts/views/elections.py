"""Election calendars, kept by the administrators of the whole site."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import keeps_reference
from accounts.forms.elections import ElectionForm
from accounts.operations import elections
from accounts.queries.elections import elections_manageable_by
from ui.refusals import show_refusal


@keeps_reference
@require_safe
def election_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accounts/election_list.html", {"elections": elections_manageable_by(request.user)}
    )


@keeps_reference
@require_http_methods(["GET", "HEAD", "POST"])
def election_add(request: HttpRequest) -> HttpResponse:
    form = ElectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            election = elections.add(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": election.name})
            return redirect("accounts:election-list")
    return render(request, "accounts/election_form.html", {"form": form})


@keeps_reference
@require_http_methods(["GET", "HEAD", "POST"])
def election_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    election = get_object_or_404(elections_manageable_by(request.user), public_id=public_id)
    form = ElectionForm(request.POST or None, election=election)
    if request.method == "POST" and form.is_valid():
        try:
            elections.update(election=election, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:election-list")
    return render(request, "accounts/election_form.html", {"form": form, "election": election})
