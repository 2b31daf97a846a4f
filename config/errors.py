"""Answers that end a request early: each a page with a sentence that says what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", {"no_echo": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes whether the object lies outside the reader's scope or does not exist: the path is not echoed."""
    return render(request, "errors/404.html", {"no_echo": True}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's key is missing or old (signed in elsewhere, cookies off): what was typed is still in the browser."""
    return render(request, "errors/csrf.html", status=403)
