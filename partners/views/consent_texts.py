"""Consent texts: the words in force, those of before, and the next version. None is ever edited."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import keeps_reference
from partners.choices import Purpose
from partners.forms.consent_texts import ConsentTextForm
from partners.operations import consent_texts
from partners.queries.consent_texts import texts_by_purpose
from ui.refusals import show_refusal


@keeps_reference
@require_safe
def consent_text_list(request: HttpRequest) -> HttpResponse:
    return render(request, "partners/consent_text_list.html", {"purposes": texts_by_purpose(request.user)})


@keeps_reference
@require_http_methods(["GET", "HEAD", "POST"])
def consent_text_add(request: HttpRequest, purpose: str) -> HttpResponse:
    if purpose not in Purpose.values:
        raise Http404
    texts = next(texts for texts in texts_by_purpose(request.user) if texts.purpose == purpose)
    last = texts.coming[-1] if texts.coming else texts.current
    initial = {"body": last.body if last else "", "valid_from": timezone.localdate()}
    form = ConsentTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            text = consent_texts.publish_next(purpose=purpose, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            said = _("Version %(version)s has been published.")
            messages.success(request, said % {"version": text.version})
            return redirect("partners:consent-text-list")
    return render(request, "partners/consent_text_form.html", {"form": form, "texts": texts})
