"""A handle as people paste it (an address, @name, name) becomes one form per platform. Pure text: nothing is fetched.

The form that is kept: the bare name in lower case for Instagram, TikTok and X; for Facebook the name or the number of
the profile; for YouTube the name behind the @, or ``channel/…``, ``c/…``, ``user/…`` as the channel's address has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from partners.choices import Platform

MAX_PASTED = 300
MAX_HANDLES = 12
MESSAGES = {
    "empty": _("Write the name of the account, or paste its address."),
    "address": _("This is not an address on Instagram, TikTok, Facebook, YouTube or X."),
    "short_link": _("A short link does not say whose account it is. Write the name of the account."),
    "not_a_profile": _("This address leads to a post or a page, not to an account. Paste the profile."),
    "malformed": _("This does not look like an account name. Example: @infokubar"),
}
_HOSTS = {
    "instagram.com": Platform.INSTAGRAM,
    "instagr.am": Platform.INSTAGRAM,
    "tiktok.com": Platform.TIKTOK,
    "facebook.com": Platform.FACEBOOK,
    "fb.com": Platform.FACEBOOK,
    "fb.me": Platform.FACEBOOK,
    "youtube.com": Platform.YOUTUBE,
    "twitter.com": Platform.X,
    "x.com": Platform.X,
}
# Short links name a post or hide the name until they are opened, and nothing is opened here.
_SHORT_HOSTS = {
    "vm.tiktok.com",
    "vt.tiktok.com",
    "youtu.be",
    "t.co",
    "bit.ly",
    "fb.watch",
    "s.id",
    "linktr.ee",
}
_HAS_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LOOKS_LIKE_ADDRESS = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_NAME = {
    Platform.INSTAGRAM: re.compile(r"[a-z0-9_](?:[a-z0-9_.]{0,28}[a-z0-9_])?"),
    Platform.TIKTOK: re.compile(r"[a-z0-9_](?:[a-z0-9_.]{0,22}[a-z0-9_])?"),
    Platform.X: re.compile(r"[a-z0-9_]{1,15}"),
    Platform.FACEBOOK: re.compile(r"[a-z0-9](?:[a-z0-9.]{0,48}[a-z0-9])"),
}
_YOUTUBE_NAME = re.compile(r"\w(?:[\w.·-]{0,58}\w)?")
_YOUTUBE_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
# First parts of a path that are pages of the platform and not a person.
_NOT_A_NAME = {
    Platform.INSTAGRAM: {"p", "reel", "reels", "tv", "explore", "accounts", "direct", "share"},
    Platform.TIKTOK: {"t", "tag", "discover", "foryou", "music", "live", "v"},
    Platform.X: {
        "i",
        "home",
        "search",
        "hashtag",
        "explore",
        "share",
        "settings",
        "messages",
        "notifications",
    },
    Platform.FACEBOOK: {
        *("groups", "events", "share", "sharer", "watch", "photo", "photo.php", "permalink.php", "story.php"),
        *(
            "reel",
            "reels",
            "stories",
            "marketplace",
            "login",
            "login.php",
            "hashtag",
            "home.php",
            "l.php",
            "posts",
        ),
    },
    Platform.YOUTUBE: {"watch", "shorts", "playlist", "live", "embed", "feed", "results", "hashtag", "post"},
}


class HandleError(ValueError):
    """The text names no profile. ``code``: empty, address (of another site), short_link, not_a_profile, malformed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Handle:
    platform: Platform
    handle: str

    @property
    def key(self) -> str:
        """What two handles are compared by."""
        return self.handle.casefold()

    @property
    def url(self) -> str:
        return profile_url(self.platform, self.handle)


def parse(text: str, platform: str = "") -> Handle:
    """Read what was pasted. An address says its own platform; a bare name needs ``platform``.

    :raises HandleError: when no profile of a known platform can be read from it.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if not text or len(text) > MAX_PASTED:
        raise HandleError("malformed" if text else "empty")
    host, path, query = _split(text)
    if host:
        found = _platform_of(host)
        return Handle(
            found, _READERS[found]([part for part in unquote(path).split("/") if part], parse_qs(query))
        )
    if platform not in Platform.values:
        raise HandleError("malformed")
    known = Platform(platform)
    parts = [part for part in text.rstrip("/").split("/") if part]
    if known != Platform.YOUTUBE and len(parts) != 1:
        raise HandleError("malformed")
    if known == Platform.FACEBOOK and text.lower().startswith("profile.php?"):
        return Handle(known, _facebook(["profile.php"], parse_qs(text.partition("?")[2])))
    return Handle(known, _READERS[known](parts, {}))


def profile_url(platform: str, handle: str) -> str:
    """The public address of a profile, for a link that an officer opens."""
    name = quote(handle, safe="/._-~")
    if platform == Platform.YOUTUBE:
        return f"https://www.youtube.com/{name if '/' in handle else f'@{name}'}"
    if platform == Platform.FACEBOOK:
        return f"https://www.facebook.com/{f'profile.php?id={name}' if handle.isdigit() else name}"
    base = {
        Platform.INSTAGRAM: "www.instagram.com/",
        Platform.TIKTOK: "www.tiktok.com/@",
        Platform.X: "x.com/",
    }
    return f"https://{base[Platform(platform)]}{name}"


def shown(platform: str, handle: str) -> str:
    """As people write it: "@rinabarong"; numbers and channel paths stay as they are."""
    is_path = "/" in handle or (platform == Platform.FACEBOOK and handle.isdigit())
    return handle if is_path else f"@{handle}"


def _split(text: str) -> tuple[str, str, str]:
    """Host, path and query of an address; host is empty for a bare name."""
    if text.lower().removeprefix("www.") in _HOSTS:
        raise HandleError("not_a_profile")
    if not _HAS_SCHEME.match(text):
        if not _LOOKS_LIKE_ADDRESS.match(text):
            return "", "", ""
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        return (parts.hostname or "?").lower(), parts.path, parts.query
    except ValueError:
        raise HandleError("malformed") from None


def _platform_of(host: str) -> Platform:
    if host.removeprefix("www.") in _SHORT_HOSTS:
        raise HandleError("short_link")
    for known, platform in _HOSTS.items():
        if host == known or host.endswith(f".{known}"):
            return platform
    raise HandleError("address")


def _plain(platform: Platform) -> Callable[[list[str], dict[str, list[str]]], str]:
    """Reader for platforms whose profiles are ``/name``."""

    def read(parts: list[str], query: dict[str, list[str]]) -> str:
        first = parts[0].lower() if parts else ""
        if first in {"stories", "_u"} and len(parts) > 1:
            first = parts[1].lower()
        if first == "intent" and query.get("screen_name"):
            first = query["screen_name"][0].lower()
        return _named(platform, first)

    return read


def _named(platform: Platform, name: str) -> str:
    name = name.removeprefix("@")
    if not name or name in _NOT_A_NAME[platform]:
        raise HandleError("not_a_profile")
    if not _NAME[platform].fullmatch(name):
        raise HandleError("malformed")
    return name


def _facebook(parts: list[str], query: dict[str, list[str]]) -> str:
    first = parts[0].lower() if parts else ""
    if first == "profile.php":
        number = query.get("id", [""])[0]
        if not (number.isascii() and number.isdigit() and 5 <= len(number) <= 20):
            raise HandleError("not_a_profile")
        return number
    if first in {"people", "pages", "p", "pg"} and len(parts) > 1:
        last = parts[-1].lower() if first in {"people", "pages"} else parts[1].lower()
        numbered = re.search(r"(?:^|-)([0-9]{5,20})$", last)
        return numbered.group(1) if numbered else _named(Platform.FACEBOOK, last)
    return _named(Platform.FACEBOOK, first)


def _youtube(parts: list[str], query: dict[str, list[str]]) -> str:
    if not parts:
        raise HandleError("not_a_profile")
    first = parts[0]
    if first.lower() in {"channel", "c", "user"}:
        is_channel = first.lower() == "channel"
        name = parts[1] if len(parts) > 1 else ""
        name = name if is_channel else name.casefold()  # which may make it longer: measured afterwards
        if not (_YOUTUBE_CHANNEL if is_channel else _YOUTUBE_NAME).fullmatch(name):
            raise HandleError("not_a_profile")
        return f"{first.lower()}/{name}"
    if _YOUTUBE_CHANNEL.fullmatch(first):
        return f"channel/{first}"
    name = first.removeprefix("@").casefold()
    if name in _NOT_A_NAME[Platform.YOUTUBE]:
        raise HandleError("not_a_profile")
    if not _YOUTUBE_NAME.fullmatch(name):
        raise HandleError("malformed")
    return name


_READERS: dict[Platform, Callable[[list[str], dict[str, list[str]]], str]] = {
    Platform.INSTAGRAM: _plain(Platform.INSTAGRAM),
    Platform.TIKTOK: _plain(Platform.TIKTOK),
    Platform.X: _plain(Platform.X),
    Platform.FACEBOOK: _facebook,
    Platform.YOUTUBE: _youtube,
}
