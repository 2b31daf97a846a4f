"""The one way in which a view asks for a permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.roles import ALL_PERMISSIONS
from accounts.rules import can_manage_reference


def requires(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Refuse with 403 when the officer's role lacks the permission.

    What is out of scope must answer 404, so the view fetches its object through ``*_visible_to(user)``; a role that
    cannot see rows of that kind at all is refused here, before any row is looked up, and learns nothing.
    """
    if permission not in ALL_PERMISSIONS:
        raise LookupError(f"No role holds the permission {permission!r}.")

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user: Any = request.user
            if not user.can(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def keeps_reference(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """``@requires("reference.manage")``, and an administrator with none above: all others get 403."""

    @requires("reference.manage")
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_manage_reference(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
