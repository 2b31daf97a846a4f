"""The door's API: taking what a phone noted. Each item is answered for itself, however often it is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import Router, Schema

from events.api import Error, Refused, answer, any_device, device_of
from events.choices import PledgeChannel, ScanKind, WalkInConsent
from events.door_batch import MOST_ITEMS, MOST_OF_A_PHONE, Unreadable, read, too_large
from events.operations.door import take
from events.operations.door_answers import Answer
from events.queries.door import moment

router = Router(tags=["door"])
_STATUS = {"too_large": 413, "too_many": 413, "interrupted": 408}


_TEXT, _OPTIONAL = {"type": "string"}, {"type": ["string", "null"]}
_MOMENT = {"type": "string", "format": "date-time"}
_OFFSET = {
    "type": ["integer", "null"],
    "description": "Milliseconds by which the server's clock was ahead of the phone's when they last spoke before this"
    " mark was written. Left out or null where it was never measured.",
}
_MOVED = {
    "type": "boolean",
    "description": "Whether the mark got its number later than it was written, as a note that was put into an event:"
    " its time may then lie before that of lower numbers.",
}
_CODE = {
    "type": ["string", "null"],
    "description": "The code that was scanned, or its whole address. It names the person of a mark only; an agreement"
    " names its participant, or waits for somebody to say whose it is.",
}
# Read by hand, item by item: described here for whoever writes a client.
BATCH = {
    "title": "Batch",
    "type": "object",
    "required": ["items"],
    "properties": {
        "client": _TEXT,
        "sent_at": _MOMENT,
        "waiting": {"type": "integer"},
        "items": {
            "type": "array",
            "maxItems": MOST_ITEMS,
            "items": {
                "type": "object",
                "required": ["uuid", "seq", "kind", "at"],
                "properties": {
                    "uuid": {"type": "string", "format": "uuid"},
                    "seq": {"type": "integer", "minimum": 1, "maximum": MOST_OF_A_PHONE},
                    "kind": {"enum": list(ScanKind.values)},
                    "at": _MOMENT,
                    "offset": _OFFSET,
                    "moved": _MOVED,
                    "participant": _OPTIONAL,
                    "qr": _CODE,
                    "undoes": _OPTIONAL,
                    "name": _TEXT,
                    "contact": _TEXT,
                    "consent": {"enum": ["", *WalkInConsent.values]},
                    "pledge_text": _OPTIONAL,
                    "channel": {"enum": ["", PledgeChannel.SCREEN, PledgeChannel.PAPER]},
                },
            },
        },
    },
}


class AnswerOut(Schema):
    """``status``: stored, known (sent before), duplicate (somebody marked the person before), review (kept, to be
    looked at) or rejected (the phone keeps it and shows ``sentence``)."""

    uuid: str
    status: str
    code: str
    sentence: str
    participant: str | None
    present_at: str | None
    by: str


class ScansAnswer(Schema):
    received_at: str
    items: list[AnswerOut]
    devices_waiting: int
    closed: bool


@router.post(
    "/events/{uuid:public_id}/scans",
    auth=any_device,
    response={200: ScansAnswer, 400: Error, 401: Error, 404: Error, 408: Error, 413: Error},
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": BATCH}}}},
)
def scans(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take up to 100 items. Revoked and ended phones may send too: what they bring is kept, to be looked at."""
    device = device_of(request, public_id)
    try:
        batch = read(_body(request))
    except Unreadable as error:
        raise Refused(_STATUS.get(error.code, 400), error.code, error.sentence) from error
    taken = take(device=device, batch=batch)
    event = device.event
    return answer(
        request,
        {
            "received_at": moment(taken.received_at),
            "items": [_item(one) for one in taken.answers],
            "devices_waiting": taken.devices_waiting,
            "closed": not event.is_open,
        },
    )


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise too_large() from error
    except UnreadablePostError as error:  # the line broke: the phone sends it again, and nothing here failed
        raise Unreadable("interrupted", _("This did not arrive whole.")) from error


def _item(one: Answer) -> dict[str, Any]:
    return {
        "uuid": str(one.uuid),
        "status": one.status,
        "code": one.code,
        "sentence": one.sentence,
        "participant": one.participant.hex if one.participant else None,
        "present_at": moment(one.present_at) if one.present_at else None,
        "by": one.by,
    }
