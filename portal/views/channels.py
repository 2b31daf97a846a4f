"""The list of official channels, kept by the administrators of the whole site."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import keeps_reference
from portal.forms import ChannelForm
from portal.operations import channels
from portal.queries.channels import channels_manageable_by
from ui.refusals import show_refusal


@keeps_reference
@require_safe
def channel_list(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/channel_list.html", {"channels": channels_manageable_by(request.user)})


@keeps_reference
@require_http_methods(["GET", "HEAD", "POST"])
def channel_add(request: HttpRequest) -> HttpResponse:
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            channel = channels.add(by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": channel.name})
            return redirect("portal:channel-list")
    return render(request, "portal/channel_form.html", {"form": form})


@keeps_reference
@require_http_methods(["GET", "HEAD", "POST"])
def channel_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    channel = get_object_or_404(channels_manageable_by(request.user), public_id=public_id)
    form = ChannelForm(request.POST or None, channel=channel)
    if request.method == "POST" and form.is_valid():
        try:
            channels.update(channel=channel, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:channel-list")
    return render(request, "portal/channel_form.html", {"form": form, "channel": channel})
