"""How a phone number is read, written and hidden."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s().\-–/]+")


def spoken_form(text: str) -> str:
    """Rewrite what people type so that it parses as an Indonesian mobile number.

    "62812…" without a plus would parse as the landline area 0628, and "812…" not at all.
    """
    text = _SEPARATORS.sub("", text.strip())
    text = re.sub(r"^00(?=62)", "+", text)
    text = re.sub(r"^\+?62(?:0)?(?=8)", "+62", text)
    return re.sub(r"^8(?=\d{7,})", "+628", text)


def written_form(number: object) -> str:
    """E.164 as people write it at home: "+6281234567890" → "0812-3456-7890". Foreign numbers stay as they are."""
    text = str(number or "")
    if not text.startswith("+62"):
        return text
    local = "0" + text[3:]
    return "-".join(part for part in (local[:4], local[4:8], local[8:]) if part)


def masked_form(number: object) -> str:
    """The first four and the last two digits: "0812-••••-••90". Length is not given away."""
    text = written_form(number).replace("-", "")
    return f"{text[:4]}-••••-••{text[-2:]}" if len(text) >= 8 else "••••"


def masked_address(email: str) -> str:
    """The first letter and the domain: "s••••@gmail.com"."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}••••@{domain}" if at else "••••"
