"""The shell of the door: a page, its manifest and its service worker. Nothing here depends on who asks."""

from __future__ import annotations

import json

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from events import door_files

# Kept by the phone, and asked for again at every opening that has network: a new version is found at once.
_CACHED = "public, no-cache"
_WASM = "'wasm-unsafe-eval'"


def _etag(request: HttpRequest) -> str:
    return f'"{door_files.version()}"'


@login_not_required
@require_safe
@csp_update({"script-src": [_WASM], "worker-src": [SELF], "manifest-src": [SELF]})  # type: ignore[arg-type]
@condition(etag_func=_etag)
def shell(request: HttpRequest) -> HttpResponse:
    return HttpResponse(door_files.shell(), headers={"Cache-Control": _CACHED, "Vary": "Cookie"})


@login_not_required
@require_safe
@condition(etag_func=_etag)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps. It lies below ``/door/`` and serves nothing above."""
    context = {
        "version": json.dumps(door_files.version()),
        "files": json.dumps([reverse("door:shell"), reverse("door:manifest"), *door_files.addresses()]),
        "shell": json.dumps(reverse("door:shell")),
    }
    script = render_to_string(door_files.WORKER, context)
    headers = {"Cache-Control": _CACHED, "Vary": "Cookie"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
@condition(etag_func=_etag)
def manifest(request: HttpRequest) -> JsonResponse:
    about = {
        "id": reverse("door:shell"),
        "name": _("Rembuk at the door"),
        "short_name": _("Door"),
        "start_url": reverse("door:shell"),
        "scope": reverse("door:shell"),
        "display": "standalone",
        "lang": request.LANGUAGE_CODE,  # type: ignore[attr-defined]
        "background_color": "#12355b",
        "theme_color": "#12355b",
        "icons": [{"src": static("app/icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
    }
    headers = {"Cache-Control": _CACHED, "Vary": "Cookie"}
    return JsonResponse(about, content_type="application/manifest+json", headers=headers)
