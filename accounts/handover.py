"""The officer's phone in somebody else's hand: once the person has answered on it, only the password leads on.

The officer stays logged in, so that the answer can be given at all. Until then nothing but what the page shows stands
between the person and the officer's session: the officer looks on. From the answer on, every other page is shut.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

_KEY = "handed_over_at"


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
