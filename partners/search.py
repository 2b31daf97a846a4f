"""One normalised key for names, stage names and handles, so that accents, case and spelling variants do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_NOT_WORD = re.compile(r"[^0-9a-z]+")
# Old spelling and everyday variants of the same sounds, longest first.
_VARIANTS = [
    ("pengg", "peg"),
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "sy"),
    ("nj", "ny"),
    ("kh", "h"),
    ("dh", "d"),
    ("th", "t"),
    ("ie", "i"),
    ("yy", "y"),
    ("v", "f"),
    ("q", "k"),
    ("z", "s"),
]


def normalised(text: str) -> str:
    """Lower case, without accents, apostrophes and punctuation, variants folded, doubled letters single."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = re.sub(r"['’‘`ʼ]", "", text)
    text = _NOT_WORD.sub(" ", text).strip()
    for variant, plain in _VARIANTS:
        text = text.replace(variant, plain)
    return re.sub(r"([a-z])\1", r"\1", text)


def search_key_for(full_name: str, stage_name: str = "", *, handles: Iterable[str] = ()) -> str:
    """Each word led by a space, and the words of a name once more run together ("marang kayu" → "marangkayu")."""
    parts = []
    for text in (full_name, stage_name, *handles):
        words = normalised(text).split()
        parts += words
        if len(words) > 1:
            parts.append("".join(words))
    return "".join(f" {word}" for word in dict.fromkeys(parts))


def sort_key_for(full_name: str) -> str:
    """What a list is ordered by: the name as it is read, without case and accents."""
    text = unicodedata.normalize("NFKD", full_name).casefold()
    return "".join(char for char in text if not unicodedata.combining(char))[:120]
