"""The officer's phone in somebody else's hand: once the person has answered on it, only the password leads on.

The officer stays logged in, so that the answer can be given at all. Until then nothing but what the page shows stands
between the person and the officer's session: the officer looks on. From the answer on, every other page is shut.

The page of the door lies on the phone, where the server shuts nothing: it reads a mark (``static/door/held.js``).
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse

_KEY = "handed_over_at"
# Says nothing but that somebody else holds the phone, and is read by the page of the door.
MARK = "handed_over"


def begin(request: HttpRequest) -> None:
    request.session[_KEY] = time.time()


def is_shut(request: HttpRequest) -> bool:
    """Whether the password has not been given since."""
    began = request.session.get(_KEY)
    if began is None:
        return False
    user: Any = request.user
    if any(record["at"] > began for record in get_authentication_records(request, user)):
        del request.session[_KEY]
        return False
    return True


def mark(request: HttpRequest, response: HttpResponse) -> None:
    """Leave the mark on the phone while it is handed over, and take it away from an officer who came in again.

    Logging out leaves it: anybody may tap that. It ends with the password, and at the latest when the session would.
    """
    is_marked = bool(request.COOKIES.get(MARK))
    if not is_marked and not request.session.accessed:
        return
    if is_shut(request):
        if not is_marked:
            response.set_cookie(
                MARK,
                "1",
                max_age=request.session.get_expiry_age(),
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
    elif is_marked and request.user.is_authenticated:
        response.delete_cookie(MARK, samesite="Lax")
