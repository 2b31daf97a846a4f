"""Codes made of names that people give."""

from hashlib import sha256

from django.utils.text import slugify

MAX_CODE = 40


def code_for(name: str) -> str:
    """A slug of at most 40 characters; "" when the name holds no letter or digit.

    Official names are long and begin alike, so what is cut short is told apart by a digest of the whole.
    """
    slug = slugify(name)
    return (
        slug if len(slug) <= MAX_CODE else f"{slug[: MAX_CODE - 9]}-{sha256(slug.encode()).hexdigest()[:8]}"
    )
