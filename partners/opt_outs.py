"""Addresses that somebody asked not to be reached at, as a keyed hash: remembered without the person.

The key is made from ``TOKEN_KEY`` under a label of its own, so that neither a token nor a hash tells anything of the
other; whoever has the database alone cannot try numbers against it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from phonenumber_field.phonenumber import to_python

from partners.choices import AddressKind
from ui.phones import spoken_form

_LABEL = b"partners.opt_out"


class Address(NamedTuple):
    """One way to reach a person; ``value`` of a handle is ``platform:handle_key``."""

    kind: str
    value: str


def phone_address(number: object) -> Address:
    """In E.164, however it is spelled; what is no number stays as it is."""
    text = spoken_form(str(number or ""))
    parsed = to_python(text, region="ID") if text else None
    return Address(AddressKind.PHONE, parsed.as_e164 if parsed is not None and parsed.is_valid() else text)


def email_address(email: str) -> Address:
    return Address(AddressKind.EMAIL, email.strip().lower())


def handle_address(platform: str, handle_key: str) -> Address:
    return Address(AddressKind.HANDLE, f"{platform}:{handle_key.casefold()}")


def addresses(
    *, phone: object = "", email: str = "", handles: Iterable[tuple[str, str]] = ()
) -> list[Address]:
    """Those that there are, in the form in which they are compared. ``handles`` are (platform, handle key)."""
    found = [phone_address(phone)] if phone else []
    found += [email_address(email)] if email else []
    return found + [handle_address(platform, key) for platform, key in handles]


def hash_of(address: Address) -> str:
    """64 hexadecimal figures; the same address always gives the same."""
    key = hmac.new(settings.TOKEN_KEY.encode(), _LABEL, hashlib.sha256).digest()
    return hmac.new(key, f"{address.kind}|{address.value}".encode(), hashlib.sha256).hexdigest()
