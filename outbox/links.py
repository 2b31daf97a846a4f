"""Tokens of personal links: made from a key, never stored.

The same purpose, target and version always give the same token, so a link can be shown again; raising the version makes
another one and revokes the one before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from outbox.models import Link

TOKEN_LENGTH = 43


def make(purpose: str, target: UUID, version: int) -> str:
    """The token of one link: HMAC-SHA256 under ``TOKEN_KEY``, 43 characters that may stand in an address."""
    message = f"{purpose}|{target}|{version}".encode()
    digest = hmac.new(settings.TOKEN_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is stored of a token, for look-up."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(link: Link) -> str:
    return make(link.purpose, link.target_public_id, link.version)


def address_of(link: Link) -> str:
    """The whole address, as it stands in a letter."""
    return f"{settings.SITE_URL}/s/{token_of(link)}/"
