"""How far a phone at the door has read, as it carries it: four primary keys, sealed.

The keys count what the whole site wrote, and stay inside: a helper's phone would learn from two of them how much the
others did meanwhile. The text is the same for the same keys and means nothing without the secret of the site.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import astuple, dataclass

from django.conf import settings

_KEYS = struct.Struct(">4Q")
_MARK = 16


@dataclass(frozen=True)
class Cursor:
    """The last fact, participant, line of the audit and link that were settled."""

    scan: int = 0
    participant: int = 0
    entry: int = 0
    link: int = 0

    def __str__(self) -> str:
        keys = _KEYS.pack(*astuple(self))
        mark = _keyed(b"cursor mark", keys, _MARK)
        return base64.urlsafe_b64encode(mark + _veil(mark, keys)).decode()


def cursor_from(text: str) -> Cursor:
    """What a phone sent back; what cannot be read begins from the start, so that nothing is missed."""
    try:
        sealed = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError):
        return Cursor()
    if len(sealed) != _MARK + _KEYS.size:
        return Cursor()
    mark, keys = sealed[:_MARK], _veil(sealed[:_MARK], sealed[_MARK:])
    if not hmac.compare_digest(mark, _keyed(b"cursor mark", keys, _MARK)):
        return Cursor()
    return Cursor(*_KEYS.unpack(keys))


def _veil(mark: bytes, keys: bytes) -> bytes:
    """On and off: the mark is made from what it hides and stands in for a random number (SIV, RFC 5297), so that the
    same stream never covers two contents."""
    stream = _keyed(b"cursor veil", mark, _KEYS.size)
    return (int.from_bytes(keys) ^ int.from_bytes(stream)).to_bytes(_KEYS.size)


def _keyed(use: bytes, content: bytes, size: int) -> bytes:
    secret = hashlib.sha512(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(content, digest_size=size, key=secret, person=use).digest()
