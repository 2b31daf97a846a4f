"""The door's API: what a phone at the door reads of its event. It speaks with the token of the phone, never a session.

Kept apart from the pages: nothing here draws HTML, so that a process which serves the door alone stays small.
"""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.security import HttpBearer

from events.models import Device
from events.operations.devices import note_call
from events.queries.devices import EXPIRED, LIVE, device_for, state_of
from events.queries.door import changes_of, device_facts, event_facts, pack_of

router = Router(tags=["door"])
# Below this, compressing saves nothing.
SMALL = 1000


class Refused(Exception):
    """An answer that is no: its status, a word for the machine and a sentence for the person."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(code)
        self.status, self.code, self.sentence = status, code, sentence


class AnyDevice(HttpBearer):
    """Whoever was admitted once, revoked and expired phones too: what they bring is never refused."""

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        device = device_for(token)
        if device is None:
            raise unknown_device()
        return device


class LiveDevice(AnyDevice):
    """A phone that is admitted now: only that one may read names."""

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        device = super().authenticate(request, token)
        standing = state_of(device)
        if standing != LIVE:
            ended = _("This phone's time at the door is over. What it holds can still be sent.")
            taken = _("This phone is no longer admitted. What it holds can still be sent.")
            raise Refused(403, standing, ended if standing == EXPIRED else taken)
        return device


any_device, live_device = AnyDevice(), LiveDevice()


def unknown_device() -> Refused:
    return Refused(401, "device", _("This phone is not known here. Let an officer register it again."))


def device_of(request: HttpRequest, public_id: UUID | None = None) -> Device:
    """The phone that calls.

    :param public_id: of the event in the address; another one than the phone's own answers like none at all.
    """
    device: Device = request.auth  # type: ignore[attr-defined]
    if public_id is not None and device.event.public_id != public_id:
        raise Http404
    return device


class Error(Schema):
    code: str
    sentence: str


class DeviceOut(Schema):
    id: str
    label: str
    kind: str
    expires_at: str
    last_sequence: int


class EventOut(Schema):
    id: str
    title: str
    venue: str
    starts_at: str | None
    timezone: str
    zone: str
    state: str


class DeviceAnswer(Schema):
    device: DeviceOut
    event: EventOut


class PledgeOut(Schema):
    id: str
    title: str
    preamble: str
    points: list[str]


class Pack(Schema):
    """``guests``: [id, name, organisation, kind, qr, present_at, by]; ``cursor`` is what ``state?since=`` takes."""

    v: int
    made_at: str
    cursor: str
    event: EventOut
    device: DeviceOut
    pledge: PledgeOut | None
    guests: list[list[Any]]


class Counts(Schema):
    present: int
    invited: int
    walk_ins: int
    officials: int
    personnel: int
    pledged: int


class State(Schema):
    """``gone``: ids that stand on the list no longer. ``rows`` may repeat what was sent a minute ago."""

    cursor: str
    rows: list[list[Any]]
    gone: list[str]
    counts: Counts
    devices_waiting: int
    closed: bool
    server_time: str
    event: EventOut
    device: DeviceOut


REFUSALS = {401: Error, 403: Error, 404: Error}


@router.get("/device", auth=live_device, response={200: DeviceAnswer, **REFUSALS})
def device(request: HttpRequest) -> HttpResponse:
    """Who the phone is, and at which event's door."""
    caller = device_of(request)
    note_call(device=caller)
    return answer(request, {"device": device_facts(caller), "event": event_facts(caller.event)})


@router.get("/events/{uuid:public_id}/pack", auth=live_device, response={200: Pack, **REFUSALS})
def pack(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list to work with where there is no network. No phone number, address or consent stands in it."""
    caller = device_of(request, public_id)
    given = pack_of(caller)
    note_call(device=caller, prepared=True)
    return answer(request, given)


@router.get("/events/{uuid:public_id}/state", auth=live_device, response={200: State, **REFUSALS})
def state(request: HttpRequest, public_id: UUID, since: str = "") -> HttpResponse:
    """What others did since: rows that changed, the figures, how many phones have not reported; and until when this
    phone is admitted."""
    caller = device_of(request, public_id)
    note_call(device=caller)
    return answer(request, {**changes_of(caller.event, since), "device": device_facts(caller)})


def answer(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    """JSON, compressed where the phone takes it. Nothing secret stands beside what a stranger could choose (BREACH):
    the token travels in a header, and no answer repeats what was asked."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(content_type="application/json")
    response["Cache-Control"], response["Vary"] = "private, no-store", "Accept-Encoding"
    if len(body) > SMALL and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"
    response.content = body
    return response
