"""What the fonts can print. A character without a glyph would stop the whole document (PDF/A allows none)."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

# Letters and signs that cannot be printed leave a box; pictures and invisible marks leave nothing.
BOX, SILENT = "□", {"Cc", "Cf", "Co", "Cs", "Mn", "Sk", "So"}


def printable(value: Any, fonts: Path) -> Any:
    """The same data with every text in characters that all the fonts of the folder have."""
    if isinstance(value, str):
        return printable_text(value, characters_of(fonts))
    if isinstance(value, dict):
        return {key: printable(one, fonts) for key, one in value.items()}
    if isinstance(value, list):
        return [printable(one, fonts) for one in value]
    return value


def printable_text(text: str, known: frozenset[int]) -> str:
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    shown = "".join(_shown(char, known) for char in unicodedata.normalize("NFC", text))
    return "\n".join(" ".join(line.split()) for line in shown.split("\n"))


def _shown(char: str, known: frozenset[int]) -> str:
    if char == "\n" or (ord(char) in known and char.isprintable()):
        return char
    kind = unicodedata.category(char)
    if kind.startswith("Z"):
        return " "
    return "" if kind in SILENT else BOX


@cache
def characters_of(fonts: Path) -> frozenset[int]:
    """The characters that every font of the folder has, read from their character maps."""
    return frozenset.intersection(*(_characters(path.read_bytes()) for path in sorted(fonts.glob("*.ttf"))))


def _characters(font: bytes) -> frozenset[int]:
    tables = struct.unpack(">H", font[4:6])[0]
    entries = (struct.unpack(">4sIII", font[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    start = next(offset for tag, _sum, offset, _length in entries if tag == b"cmap")
    count = struct.unpack(">H", font[start + 2 : start + 4])[0]
    found: set[int] = set()
    for n in range(count):
        offset = struct.unpack(">I", font[start + 8 + 8 * n : start + 12 + 8 * n])[0]
        found.update(_subtable(font, start + offset))
    return frozenset(found)


def _subtable(font: bytes, at: int) -> Iterator[int]:
    """Formats 4 and 12, which are those of Unicode; the others repeat them."""
    form = struct.unpack(">H", font[at : at + 2])[0]
    if form == 12:
        for n in range(struct.unpack(">I", font[at + 12 : at + 16])[0]):
            first, last, _glyph = struct.unpack(">III", font[at + 16 + 12 * n : at + 28 + 12 * n])
            yield from range(first, last + 1)
    elif form == 4:
        twice = struct.unpack(">H", font[at + 6 : at + 8])[0]
        lasts = struct.unpack(f">{twice // 2}H", font[at + 14 : at + 14 + twice])
        firsts = struct.unpack(f">{twice // 2}H", font[at + 16 + twice : at + 16 + 2 * twice])
        for first, last in zip(firsts, lasts, strict=True):
            yield from range(first, min(last, 0xFFFE) + 1)
