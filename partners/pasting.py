"""Lines as people copy them, from a spreadsheet or out of a chat, read into name, contact and place. Pure text.

What cannot be read stays as it was typed: the officer sees it in the preview and mends it there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from phonenumber_field.phonenumber import to_python

from partners.choices import Platform
from partners.handles import MESSAGES, Handle, HandleError, parse, shown
from ui.phones import spoken_form, written_form

MAX_LINES = 200
MAX_TEXT = 40_000
# What a field of the preview holds; a name may be typed longer than it may be saved, so that the reason can be said.
MAX_NAME, MAX_CONTACT, MAX_PLACE = 200, 300, 120
# As much of a line is looked at: the patterns take the square of its length, and a worker must not stand still.
MAX_LINE = 500

# What stands before a message that was copied out of a chat: "[12/11 14.32] Joko:", "12/11/24, 14.32 - Joko:".
_CHAT = re.compile(
    r"^(?:\[[^\]\n]{4,30}\]\s*|\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}[.:]\d\d\s*-\s*)[^:\n]{1,60}:\s+"
)
_BULLET = re.compile(r"^\s*(?:\(?\d{1,3}[.)]\s*(?=\S)|\d{1,3}\s+(?=[^\W\d_])|[-*•–—▪●‣>]\s*(?=\S))")
_KEYCAPS = re.compile("((?:\\d\ufe0f?\u20e3)+)")
_LABEL = re.compile(
    r"\b(?:nama(?: lengkap)?|alamat|domisili|kecamatan|kec|kabupaten|kab|wilayah)\s*[:=]\s*", re.IGNORECASE
)
_CHAT_LINK = re.compile(
    r"(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?(?=\d)", re.IGNORECASE
)
# The code of a region, as the choice of a place in the preview sends it; looks like a number to call.
_CODE = re.compile(r"\d\d\.\d\d(?:\.\d\d)?")
_HANDLE_WORD = r"(?:instagram|insta|ig|tiktok|tik tok|tt|facebook|fb|youtube|yt|twitter|x)"
_EMAIL = re.compile(r"[^\s@,;|()<>/:]+@[^\s@,;|()<>/:]+\.[a-z]{2,}", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:instagram|tiktok|facebook|youtube|twitter|fb|x)\.com/[^\s,;|)]+", re.I
)
# Of other sites: no account that can be read, and no part of a name either.
_ELSEWHERE = re.compile(
    r"(?:https?://|www\.)[^\s,;|)]+|(?<![\w.])(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s,;|)]*", re.I
)
# "ig rina.sari" is an account where the word behind is none of a name.
_HANDLE = re.compile(
    rf"(?:\b{_HANDLE_WORD}\b\s*[:=.]?\s*)?@[\w.\-]+|\b{_HANDLE_WORD}\b\s*[:=]\s*[\w.]+"
    rf"|\b{_HANDLE_WORD}\b[ ]+(?=\w+[._\d])[\w.]+",
    re.I,
)
_PHONE_WORD = r"(?:\b(?:no|nomor|hp|wa|whatsapp|telp|tlp|telepon|tel|phone|ponsel|kontak)\b[.:]?\s*)*"
_PHONE = re.compile(
    rf"{_PHONE_WORD}(?<![\w.])(?!{_CODE.pattern}(?![\d.]))((?:\+|00)?\d[\d ().\-–]{{3,}}\d)", re.IGNORECASE
)
_SPLIT = re.compile(r"\s[-–—:]\s|[,;|()\t\n]|\s/\s")
_DEGREE = re.compile(r"(?:[A-Za-z]{1,6}\.)+[A-Za-z]{0,6}\.?|S[EHT]|MM|MH|SKM", re.ASCII)
_BEFORE = re.compile(r"^((?:(?:H|Hj|Dr|dr|Drs|Dra|Ir|Prof|Ust|KH|Hj|Bpk|Ibu|Pdt)\.\s*|KH\s|Hj\s)+)", re.ASCII)
_PLATFORMS = {
    "instagram": Platform.INSTAGRAM,
    "insta": Platform.INSTAGRAM,
    "ig": Platform.INSTAGRAM,
    "tiktok": Platform.TIKTOK,
    "tik tok": Platform.TIKTOK,
    "tt": Platform.TIKTOK,
    "facebook": Platform.FACEBOOK,
    "fb": Platform.FACEBOOK,
    "youtube": Platform.YOUTUBE,
    "yt": Platform.YOUTUBE,
    "twitter": Platform.X,
    "x": Platform.X,
}
# The words of a header row, each with the column that it names.
_HEADINGS = {
    "": {"no", "no.", "nomor", "nomer", "#", "number"},
    "name": {"nama", "nama lengkap", "nama mitra", "name", "full name"},
    "contact": {
        *(
            "hp",
            "no hp",
            "no. hp",
            "nohp",
            "nomor hp",
            "wa",
            "no wa",
            "no. wa",
            "nomor wa",
            "whatsapp",
            "telepon",
        ),
        *(
            "telp",
            "no telp",
            "no. telp",
            "no telepon",
            "kontak",
            "phone",
            "contact",
            "email",
            "e-mail",
            "surel",
        ),
    },
    "account": {"akun", "akun media sosial", "media sosial", "medsos", "username", "handle"},
    "place": {
        *(
            "kecamatan",
            "kec",
            "kec.",
            "kabupaten",
            "kab",
            "kabupaten/kota",
            "kota",
            "wilayah",
            "daerah",
            "alamat",
        ),
        *("domisili", "district", "regency", "region"),
    },
}
_COLUMN_OF = {word: column for column, words in _HEADINGS.items() for word in words} | {
    word: f"account {word}" for word in _PLATFORMS
}


@dataclass(frozen=True)
class Line:
    """One person as far as a line says: as typed, to be shown and mended."""

    name: str = ""
    contact: str = ""
    place: str = ""

    @property
    def text(self) -> str:
        """As it goes back into the text field; reads as the same line again."""
        return "\t".join([self.name, self.contact, self.place])


@dataclass(frozen=True)
class Contact:
    """What a contact says. ``unread`` is the first thing in it that is neither number, address nor account."""

    phone: str = ""
    email: str = ""
    handles: tuple[Handle, ...] = ()
    unread: str = ""
    why: str = ""

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.handles)


@dataclass(frozen=True)
class Name:
    full_name: str = ""
    title_before: str = ""
    title_after: str = ""


@dataclass
class _Cells:
    name: list[str] = field(default_factory=list)
    contact: list[str] = field(default_factory=list)
    place: list[str] = field(default_factory=list)


def count_of(text: str) -> int:
    """Lines with anything in them."""
    return sum(1 for line in text.splitlines() if line.strip())


def read_lines(text: str, limit: int = MAX_LINES) -> list[Line]:
    """The people of a pasted text, in order; empty lines and a header row are passed over."""
    found: list[Line] = []
    columns: list[str] = []
    for raw in _joined(_plain(text).splitlines()):
        cells = [cell.strip().strip('"').strip() for cell in raw.split("\t")]
        if header := _header(cells):
            columns = header
            continue
        found.append(_by_columns(cells, columns) if len(cells) > 1 and columns else _read_line(raw, cells))
    return found[:limit]


def _joined(lines: Iterable[str]) -> list[str]:
    """The lines with anything in them; one person who filled in "Nama: …", "HP: …", "Kecamatan: …" below each other is
    one line."""
    found: list[str] = []
    for raw in filter(str.strip, lines):
        word = " ".join(raw.partition(":")[0].casefold().strip(" -*•").split())
        is_more = ":" in raw and _COLUMN_OF.get(word, "name") != "name"
        if (
            is_more
            and found
            and _COLUMN_OF.get(found[-1].partition(":")[0].casefold().strip(" -*•")) == "name"
        ):
            found[-1] += f" | {raw.strip()}"
        else:
            found.append(raw)
    return found


def read_name(text: str) -> Name:
    """A name with its titles apart: "Hj. Rina Sari, S.Sos., M.M."."""
    parts = [part.strip() for part in " ".join(text.split()).split(",")]
    name, after = parts[0], [part for part in parts[1:] if part]
    before = _BEFORE.match(name)
    if before and len(name) > before.end():
        return Name(name[before.end() :].strip(), before.group().strip()[:40], ", ".join(after)[:60])
    return Name(name, "", ", ".join(after)[:60])


def read_contact(text: str) -> Contact:
    """Number, e-mail address and accounts of a contact, in any order. Of two numbers the first counts."""
    phone = email = unread = why = ""
    handles: dict[tuple[str, str], Handle] = {}
    for part in (part.strip() for part in re.split(r"[,;|\n\t]", text)):
        if not part:
            continue
        if _EMAIL.fullmatch(part):
            email = email or part.lower()
            continue
        if number := _number(part):
            phone = phone or number
            continue
        handle, refusal = _handle(part)
        if handle is None:
            unread, why = unread or part, why or refusal
        else:
            handles.setdefault((handle.platform, handle.key), handle)
    return Contact(phone, email, tuple(handles.values()), unread, why)


def _header(cells: list[str]) -> list[str]:
    """The columns that a header row names; empty when the row is none."""
    words = [" ".join(cell.casefold().split()) for cell in cells]
    known = [_COLUMN_OF.get(word) for word in words]
    is_header = "name" in known and len(words) > 1 and sum(one is not None for one in known) * 2 >= len(words)
    return [column or "" for column in known] if is_header else []


def _by_columns(cells: list[str], columns: list[str]) -> Line:
    read = _Cells()
    for cell, column in zip(cells, columns, strict=False):
        if cell and column.startswith("account"):
            read.contact.append(_account_cell(cell, column.removeprefix("account").strip()))
        elif cell and column:
            getattr(read, column).append(cell)
    return _line(read)


def _account_cell(cell: str, platform: str) -> str:
    """An account as it stands in a column of accounts: the column says the platform, and that a bare name is one."""
    if "/" in cell:
        return cell
    return f"{platform} {cell}".strip() if platform or cell.startswith("@") else f"@{cell}"


def _read_line(raw: str, cells: list[str]) -> Line:
    """A line without known columns: what looks like a contact is taken out, of the rest the first part is the name."""
    if len(cells) == 1:
        raw = _BULLET.sub("", _CHAT.sub("", cells[0]))
    elif len(cells) == 3 and not cells[0] and not read_contact(cells[1]).unread:
        return Line(
            "", cells[1][:MAX_CONTACT], cells[2][:MAX_PLACE]
        )  # a line without a name, as it was left over
    else:
        is_numbered = cells[0].rstrip(".").isdecimal() and len(cells[0]) <= 4
        raw = "\t".join(cell.removeprefix("'") for cell in cells[is_numbered:])
    read = _Cells()
    rest = _LABEL.sub(" | ", _CHAT_LINK.sub(" ", raw[:MAX_LINE]))
    for pattern in (_ADDRESS, _EMAIL, _ELSEWHERE, _HANDLE, _PHONE):
        rest = pattern.sub(lambda match: _taken(match, read), rest)
    parts = [
        part.strip(" .-–—:*_") if not _DEGREE.fullmatch(part.strip()) else part.strip()
        for part in _SPLIT.split(rest)
    ]
    parts = [part for part in parts if part]
    named = [part for part in parts if _CODE.fullmatch(part) or not re.fullmatch(r"[\d\W]+", part)]
    read.contact += [part for part in parts if part not in named]
    if named:
        degrees = 1
        while degrees < len(named) and _DEGREE.fullmatch(named[degrees]):
            degrees += 1
        read.name, read.place = named[:degrees], named[degrees:]
    return _line(read)


def _taken(match: re.Match[str], read: _Cells) -> str:
    read.contact.append(match.group(1) if match.re is _PHONE else match.group())
    return " | "


def _line(read: _Cells) -> Line:
    return Line(
        name=", ".join(read.name)[:MAX_NAME],
        contact=_tidy(", ".join(read.contact))[:MAX_CONTACT],
        place=", ".join(read.place)[:MAX_PLACE],
    )


def _tidy(text: str) -> str:
    """A contact as it is shown: numbers and accounts as people write them, whatever is not understood as it stands."""
    parts = []
    for part in (" ".join(part.split()) for part in text.split(",")):
        if number := _number(part):
            parts.append(written_form(number))
        elif part:
            parts.append(part)
    return ", ".join(dict.fromkeys(parts))


def _number(text: str) -> str:
    """E.164, or nothing. A spreadsheet drops the leading zero: 812… is 0812…"""
    match = _PHONE.fullmatch(text.strip().lstrip("'"))
    if match is None:
        return ""
    number = to_python(spoken_form(match.group(1)), region="ID")
    return str(number.as_e164) if number is not None and number.is_valid() else ""


def _handle(text: str) -> tuple[Handle | None, str]:
    """An account; a bare @name is taken for Instagram, as at the door."""
    platform: str = Platform.INSTAGRAM
    named = re.match(rf"({_HANDLE_WORD})\b\s*[:=.]?\s+?(?=\S)|({_HANDLE_WORD})\s*[:=@]\s*(?=\S)", text, re.I)
    if named and "/" not in text:
        platform = _PLATFORMS[(named.group(1) or named.group(2)).lower()]
        text = text[named.end() :]
    elif not text.startswith("@") and "/" not in text:
        return None, ""
    try:
        return parse(text, platform), ""
    except HandleError as error:
        return None, str(MESSAGES[error.code])


def shown_contact(contact: Contact) -> str:
    """The contact in its plain form, for the one line that is not being edited."""
    accounts = [
        f"{handle.platform.label} {shown(handle.platform, handle.handle)}" for handle in contact.handles
    ]
    return ", ".join(part for part in [written_form(contact.phone), contact.email, *accounts] if part)


def _plain(text: str) -> str:
    """Without what chats put between the letters: direction marks, no-break spaces, pictures, bold asterisks around a
    name."""
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\0", ""))
    text = _KEYCAPS.sub(lambda match: f"{re.sub('[^0-9]', '', match.group())}. ", text)
    text = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f\U0001f3fb-\U0001f3ff]", "", text)
    text = "".join(" " if unicodedata.category(char) == "So" else char for char in text)
    return re.sub(r"(?<!\w)[*_]([^*_\n]{2,})[*_](?!\w)", r"\1", text)
