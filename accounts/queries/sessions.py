"""Where an officer is logged in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

# The first that fits: Edge and Opera also call themselves Chrome, and Chrome also Safari.
_BROWSERS = [
    ("Edg", "Microsoft Edge"),
    ("OPR|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
]
_SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


@dataclass(frozen=True)
class OwnSession:
    """One login. ``ref`` names it in an address without being the key that opens it."""

    row: UserSession
    ref: str
    browser: str
    ip: str
    last_seen_at: datetime
    is_current: bool


def sessions_of(officer: Any, current_key: str) -> list[OwnSession]:
    """The officer's living sessions: this one first, then the one used last."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows = UserSession.objects.filter(Exists(living), user_id=officer.pk).order_by("-last_seen_at")
    found = [
        OwnSession(
            row=row,
            ref=ref_of(row.session_key),
            browser=browser_in_words(row.user_agent),
            ip=row.ip,
            last_seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_current)


def ref_of(key: str) -> str:
    return hashlib.sha256(f"accounts.session:{key}".encode()).hexdigest()[:32]


def browser_in_words(agent: str) -> str:
    """Such as "Chrome on Android"; what a browser says of itself is a guess, and said by it alone."""
    browser = _first(_BROWSERS, agent) or _("Another browser")
    system = _first(_SYSTEMS, agent)
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _first(names: list[tuple[str, str]], agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, agent)), "")
