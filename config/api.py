"""The JSON API: ``/api/v1/``, described at ``/api/v1/openapi.json``. No session and no cookie, so no form key either:
whoever calls shows the token of a device. Every refusal is ``{"code", "sentence"}``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Malformed

from events import api_scans
from events.api import Refused, router, unknown_device

logger = logging.getLogger(__name__)
NAMESPACE = "api"
# The description finds its own addresses by the name of this one, which has nothing to show.
ROOT = "api-root"
api = NinjaAPI(title="Rembuk", version="1", docs_url=None, urls_namespace=NAMESPACE)
api.add_router("", router)
api.add_router("", api_scans.router)


def answer(status: int, code: str, sentence: str) -> HttpResponse:
    response = JsonResponse({"code": code, "sentence": sentence}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@api.exception_handler(Refused)
def _refused(request: HttpRequest, exc: Refused) -> HttpResponse:
    return answer(exc.status, exc.code, exc.sentence)


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    return _refused(request, unknown_device())


@api.exception_handler(Http404)
def not_found(request: HttpRequest, exc: Exception | None = None) -> HttpResponse:
    """The same bytes for what does not exist and for what belongs to somebody else."""
    return answer(404, "not_found", _("There is nothing here for this phone."))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    code = getattr(exc, "code", None) or "invalid"
    return answer(409, str(code), " ".join(exc.messages))


@api.exception_handler(Malformed)
@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, exc: Malformed | HttpError) -> HttpResponse:
    status = exc.status_code if isinstance(exc, HttpError) else 400
    return answer(
        status, "malformed", _("This could not be read. Update the page at the door and try again.")
    )


@api.exception_handler(Exception)
def _failed(request: HttpRequest, exc: Exception) -> HttpResponse:
    logger.error("The API failed at %s", request.path, exc_info=exc)
    return answer(500, "failed", _("Something went wrong here. What was sent is not lost; it is sent again."))


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address below the API's that is none: in JSON too."""
    return not_found(request)


def _in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A method that an address does not take is refused as everything else is."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        refusal = answer(405, "method", _("This address does not take that."))
        refusal["Allow"] = response["Allow"]
        return refusal

    return answered


def _open(patterns: list[URLPattern]) -> list[URLPattern]:
    """The one place that lets the API in without an officer's login: it asks for the token of a device itself."""
    for pattern in patterns:
        callback: Any = nowhere if pattern.name == ROOT else pattern.callback
        pattern.callback = login_not_required(_in_json(callback))
    return patterns


_patterns, _app_name, _namespace = api.urls
_beside = path("<path:rest>", nowhere, name="unknown")
#: For ``path("api/v1/", urls)``: patterns, application name, namespace.
urls = (_open([*_patterns, _beside]), _app_name, _namespace)  # type: ignore[list-item]
