"""The token of the link by which an officer chooses a password. Only the version that counts opens anything."""

from __future__ import annotations

import base64
import hmac
from typing import Any

from django.conf import settings


def token_of(officer: Any) -> str:
    """HMAC-SHA256 over the account and the version of its link; nothing of it is stored."""
    text = f"accounts.set_password:{officer.public_id}:{officer.link_version}"
    digest = hmac.digest(settings.TOKEN_KEY.encode(), text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def fits(officer: Any, token: str) -> bool:
    return hmac.compare_digest(token_of(officer).encode(), token.encode())
