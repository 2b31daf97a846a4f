"""Reading a roll of personnel as people paste it: "AKBP Nama, S.H., Kabid Humas", one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_LINES = 200
MAX_NAME, MAX_POSITION = 200, 100
# "1.", "2)", "-", "•" before a name.
_LEAD = re.compile(r"^\s*(?:\d{1,3}\s*[.)]\s*|[-•*–]\s+)")
# S.H., M.Si, S.I.K., Ph.D: short parts with points between them; what else follows a comma is a position.
_TITLE = re.compile(r"^(?:[A-Z][A-Za-z]{0,4}\.)+(?:\s?[A-Z][A-Za-z]{0,4}\.?)*$")


@dataclass(frozen=True)
class Person:
    rank: str
    name: str
    position: str


class LineError(ValueError):
    """One line cannot be read. ``number`` counts from 1; ``code`` is no_name, long_name or long_position."""

    def __init__(self, code: str, number: int) -> None:
        super().__init__(code)
        self.code, self.number = code, number


def read(text: str, ranks: Iterable[str]) -> list[Person]:
    """The people of a pasted roll, empty lines left out; cells of a spreadsheet (tabs) count as commas.

    :param ranks: abbreviations as they are written, such as "AKBP" and "Kombes Pol.".
    :raises LineError: a line without a name, or too long; nothing is read then.
    """
    known = sorted(((_plain(rank), rank) for rank in ranks), key=lambda pair: -len(pair[0]))
    lines = [
        (number, " ".join(_LEAD.sub("", line).replace("\t", ", ").split())) for number, line in _lines(text)
    ]
    return [_person(line, number, known) for number, line in lines if line.strip(" ,")]


def _lines(text: str) -> Iterable[tuple[int, str]]:
    return enumerate(text.splitlines(), start=1)


def _person(line: str, number: int, known: list[tuple[str, str]]) -> Person:
    rank, rest = _split_rank(line, known)
    first, *others = [part.strip() for part in rest.split(",")]
    titles: list[str] = []
    others = [part for part in others if part]
    while others and _TITLE.match(others[0]):
        titles.append(others.pop(0))
    if not first:
        raise LineError("no_name", number)
    name, position = ", ".join([first, *titles]), ", ".join(others)
    if len(name) > MAX_NAME:
        raise LineError("long_name", number)
    if len(position) > MAX_POSITION:
        raise LineError("long_position", number)
    return Person(rank, name, position)


def _split_rank(line: str, known: list[tuple[str, str]]) -> tuple[str, str]:
    """The rank at the beginning, however it is pointed and cased, and what follows it."""
    words = line.replace(",", " , ").split()
    for plain, rank in known:
        size = len(plain.split())
        if _plain(" ".join(words[:size])) == plain and len(words) > size:
            rest = words[size + 1 :] if words[size] == "," else words[size:]
            return rank, " ".join(rest).replace(" , ", ", ").removesuffix(" ,")
    return "", line


def _plain(text: str) -> str:
    return text.replace(".", "").casefold().strip()
