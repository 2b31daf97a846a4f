"""What a phone at the door keeps to work without network, and the version of all of it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from accounts import handover
from events import door_words

# Beside everything in static/door/.
OTHERS = (
    "app/app.css",
    "app/evening.css",
    "app/icon.svg",
    "vendor/idb/idb.js",
    "vendor/tabler/tabler.min.css",
    "vendor/tabler-icons/sprite.svg",
    "vendor/zxing-wasm/zxing-reader.js",
    "vendor/zxing-wasm/zxing-reader.wasm",
)
WORKER = "events/door_worker.js"
# The version of the API that the client speaks; the server takes the last two.
CLIENT = "2"


@cache
def names() -> tuple[str, ...]:
    """The static files, in one order on every machine."""
    folder = settings.BASE_DIR / "static" / "door"
    own = sorted(f"door/{path.name}" for path in folder.iterdir() if path.suffix in {".css", ".js"})
    return (*own, *OTHERS)


def addresses() -> list[str]:
    return [static(name) for name in names()]


def shell() -> str:
    """The page, in the language that is active: the same bytes for everybody, so that a phone may keep it."""
    # Without a request: nothing of a session can get in.
    return render_to_string("events/door.html", {"config": _config(), "words": door_words.words()})


def _config() -> dict[str, Any]:
    """What the scripts cannot know by themselves."""
    return {
        "client": CLIENT,
        "api": "/api/v1/",
        "worker": reverse("door:worker"),
        "held": {
            "mark": handover.MARK,
            "password": f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('door:shell')})}",
        },
        "logout": reverse("account_logout"),
        "sprite": static("vendor/tabler-icons/sprite.svg"),
        "zxing": {
            "script": static("vendor/zxing-wasm/zxing-reader.js"),
            "wasm": static("vendor/zxing-wasm/zxing-reader.wasm"),
        },
    }


def version() -> str:
    """Changes whenever the page, a word on it or a file changes: phones then fetch everything anew."""
    return _version(translation.get_language() or settings.LANGUAGE_CODE)


@cache
def _version(language: str) -> str:
    with translation.override(language):
        held = json.dumps([shell(), addresses(), (settings.BASE_DIR / "templates" / WORKER).read_text()])
    return hashlib.sha256(held.encode()).hexdigest()[:16]
