"""One normalised key for names, stage names and handles, so that accents, case and spelling variants do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

MAX_QUERY = 80
MAX_WORDS = 6
_APOSTROPHES = re.compile(r"['’‘`´ʼʻ′]")
_NOT_WORD = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"(\w)\1+")
_VOWEL_Y = re.compile(r"(?<=[bcdfghjklmpqrstvwxz])y")
_OLD_CH = re.compile(r"(?<=[aiueo])ch(?=[lmnrstdb])")
# One letter for one letter, so that what is typed so far stays the beginning of what is kept.
_LETTERS = str.maketrans("vqz", "fks")
# Two letters for one sound: old spelling, and Arabic names as people write them.
_SOUNDS = [
    ("pengi", "pegi"),
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("nj", "ny"),
    ("sj", "s"),
    ("sy", "s"),
    ("sh", "s"),
    ("kh", "h"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("ck", "k"),
    ("ie", "i"),
    ("iya", "ia"),
    ("uwa", "ua"),
]
_FORGIVEN = 0.7
# They stand before a name and are no part of it, nor of the key: "Dr. Dadang", copied from an invitation, is Dadang.
_TITLES = frozenset({"dr", "drs", "dra", "ir", "prof", "h", "hj"})
# How near whole names must be (of 100), and each word of the shorter one to a word of the longer (of 1).
_NEAR_NAME, _NEAR_WORD = 86, 0.75


def normalised(text: str) -> str:
    """Lower case, without accents, apostrophes and punctuation; spelling variants and doubled letters folded."""
    return " ".join(_folded(word) for word in _plain(text).split())


def query_words(text: str) -> list[str]:
    """The words of what somebody typed into a search box, folded as the keys are and without titles where there is
    more; no more than six."""
    words = list(dict.fromkeys(normalised(text[:MAX_QUERY]).split()))
    return ([word for word in words if word not in _TITLES] or words)[:MAX_WORDS]


def search_key_for(full_name: str, stage_name: str = "", *, handles: Iterable[str] = ()) -> str:
    """Each word led by a space, as it is spelled and as it is folded, and the words of a name once more run together
    ("marang kayu" → "marangkayu").

    Both spellings are kept so that a name is found from its first letters on: "so" must find Soeharto before "soe".
    """
    parts: list[str] = []
    for text in (full_name, stage_name, *handles):
        plain = _plain(text).split()
        folded = [_folded(word) for word in plain]
        parts += [word for pair in zip(plain, folded, strict=True) for word in pair]
        if len(folded) > 1:
            parts.append(_folded("".join(plain)))
    return "".join(f" {word}" for word in dict.fromkeys(parts))


def sort_key_for(full_name: str) -> str:
    """What a list is ordered by: the name as it is read, without case and accents."""
    return _bare(full_name)[:120]


def resembles(key: str, word: str) -> bool:
    """Whether a misspelled word is near one of the words of a key; what trigrams do where PostgreSQL searches."""
    for other in key.split():
        if OSA.normalized_similarity(word, other, score_cutoff=_FORGIVEN):
            return True
        if len(other) > len(word) > 4 and OSA.distance(word, other[: len(word)], score_cutoff=1) <= 1:
            return True
    return False


def nearness(name: str, other: str) -> float:
    """How near two normalised names are, from 0 (two people) to 100 (the same words).

    A name with a word more is near: "Rina Sari" may be Rina Sari Dewi. A name of one word is not: "Sari" is everybody.
    """
    if not name or not other:
        return 0.0
    whole = fuzz.token_sort_ratio(name, other, score_cutoff=_NEAR_NAME)
    if whole:
        return whole
    shorter, longer = sorted((name.split(), other.split()), key=len)
    is_within = len(shorter) > 1 and all(
        any(OSA.normalized_similarity(word, known, score_cutoff=_NEAR_WORD) for known in longer)
        for word in shorter
    )
    return float(_NEAR_NAME) if is_within else 0.0


def _bare(text: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in text if not unicodedata.combining(char))


def _plain(text: str) -> str:
    """The words without accents and punctuation, one-letter variants folded, doubled letters single."""
    text = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", _bare(text))).strip().translate(_LETTERS)
    return _DOUBLED.sub(r"\1", text)


def _folded(word: str) -> str:
    word = _OLD_CH.sub("h", word)
    for variant, sound in _SOUNDS:
        word = word.replace(variant, sound)
    return _DOUBLED.sub(r"\1", _VOWEL_Y.sub("i", word))
