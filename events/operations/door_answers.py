"""What a phone is told of each thing it sent, and the circumstances under which it is heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Officer
from events.choices import ReviewReason, ScanSource, ScanState
from events.door_batch import Batch, Item
from events.models import Device, Event
from events.operations.door_rows import Call
from events.operations.facts import Origin
from events.queries.devices import LIVE, state_of
from events.queries.facts import Known
from ui.times import at_place

CLOCK_OFF = timedelta(days=1)
AHEAD = timedelta(minutes=5)
# How far what the phone knew of its clock when it wrote a fact may be from what is measured when it sends it.
CLOCK_SET_MS = 5 * 60 * 1000
_MOST_MS = 2**31 - 1


class Status(StrEnum):
    STORED = "stored"
    KNOWN = "known"
    DUPLICATE = "duplicate"
    REVIEW = "review"
    REJECTED = "rejected"


@dataclass(slots=True)
class Answer:
    """``present_at`` and ``by``: since when the person is in, and by whom, as things stand now."""

    uuid: UUID | str
    status: Status
    code: str = ""
    sentence: str = ""
    participant: UUID | None = None
    present_at: datetime | None = None
    by: str = ""


@dataclass
class Door:
    """One phone that calls: its event, how far its clock is off, and what casts doubt on all it says, or on the items
    whose clock had ``slipped`` back."""

    device: Device
    event: Event
    call: Call
    offset: timedelta
    doubt_of_all: str
    slipped: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, device: Device, batch: Batch, now: datetime) -> Door:
        offset = now - batch.sent_at if batch.sent_at is not None else timedelta()
        items = [item for item in batch.items if isinstance(item, Item)]
        last = max((item.seq for item in items), default=0)
        milliseconds = min(max(offset // timedelta(milliseconds=1), -_MOST_MS), _MOST_MS)
        call = Call(device, now, batch.waiting, last, milliseconds, batch.client)
        doubt = ""
        if state_of(device, now) != LIVE:
            doubt = ReviewReason.REVOKED_DEVICE
        elif abs(offset) > CLOCK_OFF:
            doubt = ReviewReason.CLOCK
        elif not device.event.is_open:
            doubt = ReviewReason.CLOSED
        door = cls(device, device.event, call, offset, doubt)
        door.slipped = door._slipped(items)
        return door

    @property
    def is_waiting(self) -> bool:
        """Whether the phone still holds something, and is one of those that are waited for."""
        waiting = self.device.waiting if self.call.waiting is None else self.call.waiting
        return (
            waiting > 0
            and self.device.prepared_at is not None
            and state_of(self.device, self.call.now) == LIVE
        )

    @cached_property
    def officer(self) -> Any:
        """Who answers for the phone, and so for what is written."""
        return Officer.objects.select_related("unit").get(pk=self.device.officer_id)

    @cached_property
    def earliest(self) -> datetime:
        """When the door can have opened: names may be noted before the phone is admitted, not days before both."""
        admitted = self.device.registered_at or self.device.created_at
        return min(self.event.starts_at or admitted, admitted)

    def corrected(self, at: datetime) -> datetime:
        return at + self.offset

    def doubt(self, item: Item, at: datetime) -> str:
        """Why this item, at its corrected time, does not count at once; empty when it does.

        A phone that starts anew without network begins its clock at some day long ago; set right before it sends, it
        does not look wrong any more, and its facts would win as the earliest. So would those of a clock that was an
        hour slow and is not any more: what the phone knew of its clock then is another offset than the one of now. If
        it knew nothing amiss, as after a dead battery, only its order tells: see :meth:`_slipped`.

        Not caught: a clock that was hours slow from the first item that comes in this batch, or less than five minutes.
        """
        wrong = item.uuid in self.slipped or self._is_wrong(item, at)
        return self.doubt_of_all or (ReviewReason.CLOCK if wrong else "")

    def _is_wrong(self, item: Item, at: datetime) -> bool:
        return at - self.call.now > AHEAD or self.earliest - at > CLOCK_OFF or self._was_set(item.offset)

    def _slipped(self, items: list[Item]) -> frozenset[UUID]:
        """What a phone wrote after something else, at an earlier hour: its clock went back in between. What is wrong
        by itself shows nothing of the others; what got its number later than it was written stands in no order."""
        found, latest = [], None
        for item in sorted(items, key=attrgetter("seq")):
            if item.is_moved:
                continue
            if latest is None or item.at > latest:
                if not self._is_wrong(item, self.corrected(item.at)):
                    latest = item.at
            elif latest - item.at > AHEAD:
                found.append(item.uuid)
        return frozenset(found)

    def _was_set(self, offset: int | None) -> bool:
        return offset is not None and abs(offset - (self.call.clock_offset_ms or 0)) > CLOCK_SET_MS

    def origin(self, item: Item, source: str = ScanSource.DOOR) -> Origin:
        return Origin(source, self.device.public_id, item.seq, item.at, self.call.clock_offset_ms)

    def already(self, at: datetime, by: str) -> str:
        place = at_place(at, self.event.timezone)
        time = f"{place.hour:02}.{place.minute:02}"
        return self._already_in % {"time": time, "officer": by or _("the door")}

    @cached_property
    def _already_in(self) -> str:
        return _("Already in: %(time)s by %(officer)s.")

    def review(self, name: UUID, reason: str, participant: UUID | None = None) -> Answer:
        sentence = _("Kept, to be looked at: %(reason)s.") % {"reason": ReviewReason(reason).label}
        return Answer(name, Status.REVIEW, reason, sentence, participant)


def known_answer(door: Door, known: Known, status: Status = Status.KNOWN) -> Answer:
    """How things stand with the person of a fact that came before."""
    if known.event_id != door.event.pk:
        return rejected(known.client_uuid, "uuid_taken", _("This mark was already sent for another event."))
    sentence = code = ""
    if status == Status.DUPLICATE and known.at is not None:
        code, sentence = "already", door.already(known.at, known.by)
    elif known.state == ScanState.NEEDS_REVIEW:
        code = "review"
    return Answer(
        known.client_uuid, status, code, sentence, known.participant, known.at, known.by if known.at else ""
    )


def rejected(name: UUID | str, code: str, sentence: str) -> Answer:
    return Answer(name, Status.REJECTED, code, sentence)
