"""What a phone at the door sends, read by hand: one item that cannot be read hides no other.

What a client leaves out is taken as empty. Version "2" says with each item how far the clock was off when it was noted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from events.choices import PledgeChannel, ScanKind
from outbox.links import TOKEN_LENGTH, hash_of

MOST_ITEMS = 100
MOST_BYTES = 256 * 1024
# How many facts one phone may number at one event: many times what any door sees. Who holds a token that leaked can
# add no more than that, and what is missing among the numbers stays a figure that means something.
MOST_OF_A_PHONE = 20_000
_LARGEST = 2**31 - 1
_LONGEST = 400
_KINDS = tuple(ScanKind.values)
_YEARS = range(1970, 2200)


class Unreadable(Exception):
    """The whole batch: a word for the machine and a sentence for the person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


@dataclass(slots=True)
class Item:
    """One thing that happened at the door. ``at`` is by the clock of the phone, which by its last word with the server
    was ``offset`` milliseconds behind (None where it had had none); ``code`` the hash of a scanned code. What
    ``is_moved`` got its number later than it was written, as a note that was put into an event."""

    uuid: UUID
    seq: int
    kind: str
    at: datetime
    offset: int | None
    participant: UUID | None
    code: str
    undoes: UUID | None
    name: str
    contact: str
    consent: str
    pledge_text: UUID | None
    channel: str
    is_moved: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that cannot be taken as it is: the phone keeps it and shows it. ``uuid`` as it was sent."""

    uuid: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Batch:
    """``sent_at`` by the clock of the phone, None when it did not say; ``waiting`` what it holds beside these items."""

    client: str
    sent_at: datetime | None
    waiting: int | None
    items: list[Item | Rejected]


def read(body: bytes) -> Batch:
    """:raises Unreadable: ``too_large``, ``too_many``, ``malformed``."""
    if len(body) > MOST_BYTES:
        raise too_large()
    try:
        found = json.loads(body)
        items = found["items"]
        if not isinstance(items, list):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unreadable("malformed", _("This could not be read. Update the app at the door.")) from error
    if len(items) > MOST_ITEMS:
        raise Unreadable("too_many", too_large().sentence)
    try:
        sent_at = _moment(found["sent_at"]) if found.get("sent_at") else None
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable("malformed", _("The clock of this phone could not be read.")) from error
    waiting = found.get("waiting")
    return Batch(
        client=_plain(found.get("client"), 20),
        sent_at=sent_at,
        waiting=min(max(waiting, 0), _LARGEST) if _is_number(waiting) else None,
        items=[_read(item) for item in items],
    )


def too_large() -> Unreadable:
    return Unreadable("too_large", _("Too much at once. Send at most %(most)d marks.") % {"most": MOST_ITEMS})


def _read(raw: Any) -> Item | Rejected:
    if not isinstance(raw, dict):
        return Rejected("", "malformed", _("This mark could not be read."))
    try:
        return _item(raw)
    except (ValueError, TypeError, KeyError, OverflowError):
        return Rejected(_plain(raw.get("uuid"), 36), "malformed", _("This mark could not be read."))


def _item(raw: dict[str, Any]) -> Item:
    kind, seq, get = raw["kind"], raw["seq"], raw.get
    if kind not in _KINDS or not _is_number(seq) or not 0 < seq <= MOST_OF_A_PHONE:
        raise ValueError
    participant, code, undoes = get("participant"), get("qr"), get("undoes")
    item = Item(
        uuid=_name(raw["uuid"]),
        seq=seq,
        kind=kind,
        at=_moment(raw["at"]),
        offset=offset if _is_number(offset := get("offset")) else None,
        participant=_name(participant) if participant else None,
        code=_hash(code) if code else "",
        undoes=_name(undoes) if undoes else None,
        name=_text(get("name")),
        contact=_text(get("contact")),
        consent=_text(get("consent")),
        pledge_text=_name(get("pledge_text")) if get("pledge_text") else None,
        channel=_text(get("channel")) or PledgeChannel.SCREEN,
        is_moved=get("moved") is True,
    )
    names_nobody = kind in (ScanKind.PRESENT, ScanKind.PLEDGE) and not (item.participant or item.code)
    if names_nobody or (kind == ScanKind.UNDO and item.undoes is None):
        raise ValueError
    return item


def _name(text: Any) -> UUID:
    if not isinstance(text, str):
        raise TypeError
    return UUID(text)


def _moment(text: Any) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.year not in _YEARS:
        raise ValueError
    return found


def _hash(code: Any) -> str:
    """Of the code alone, should a phone send the whole address that it read."""
    text = _text(code)
    if "/q/" in text:
        text = text.split("/q/", 1)[1][:TOKEN_LENGTH]
    return hash_of(text)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST or "\x00" in value:
        raise ValueError
    value.encode()  # half of a surrogate pair is no text; no database takes it
    return value


def _plain(value: Any, most: int) -> str:
    """What is said back, or kept, as it came: letters and digits that every answer and every database can hold."""
    return value[:most] if isinstance(value, str) and value.isascii() and value.isprintable() else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
