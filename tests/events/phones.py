"""A phone at the door, as the tests hold it: it notes, numbers and sends."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from events.choices import DeviceKind, EventState
from events.door_batch import Batch, read
from events.models import Device, Event, Participant
from events.operations import devices
from events.queries.door import moment
from outbox.links import token_of
from outbox.operations import links
from partners.models import Organization


class Phone:
    """``phone.present(sari)`` is an item; ``phone.send(client, items)`` the answer as JSON."""

    def __init__(self, event: Any, by: Any, label: str = "Kubar-1", kind: str = DeviceKind.OFFICER) -> None:
        self._hold(*devices.register(event=event, by=by, kind=kind, label=label))

    @classmethod
    def holding(cls, device: Device, token: str) -> Phone:
        """Admitted elsewhere, or not at all."""
        phone = object.__new__(cls)
        phone._hold(device, token)
        return phone

    def _hold(self, device: Device, token: str) -> None:
        self.device, self.token, self.event, self.number = device, token, device.event, 0

    def item(self, kind: str, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        self.number += 1
        return {
            "uuid": str(uuid.uuid4()),
            "seq": self.number,
            "kind": kind,
            "at": moment(at or timezone.now()),
            **fields,
        }

    def present(self, person: Participant, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        return self.item("present", at, participant=person.public_id.hex, **fields)

    def undo(self, undone: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
        return self.item("undo", at, undoes=undone["uuid"])

    def pledge(self, person: Participant, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        return self.item("pledge", at, participant=person.public_id.hex, **{"channel": "screen", **fields})

    def walk_in(
        self, name: str = "", consent: str = "tonight", contact: str = "", **how: Any
    ) -> dict[str, Any]:
        return self.item("walk_in", **how, name=name, contact=contact, consent=consent)

    def post(self, client: Any, items: list[Any], sent_at: datetime | None = None, **body: Any) -> Any:
        content = {
            "client": "1",
            "sent_at": moment(sent_at or timezone.now()),
            "waiting": 0,
            "items": items,
            **body,
        }
        return client.post(
            f"/api/v1/events/{self.event.public_id}/scans",
            data=content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def get(self, client: Any, path: str, event: Any = None, **headers: str) -> Any:
        """``path``: device, pack or state."""
        event = event or self.event
        address = "/api/v1/device" if path == "device" else f"/api/v1/events/{event.public_id}/{path}"
        return client.get(address, headers={"Authorization": f"Bearer {self.token}", **headers})

    def send(self, client: Any, items: list[Any], **how: Any) -> dict[str, Any]:
        response = self.post(client, items, **how)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        assert [one["uuid"] for one in answer["items"]] == [one["uuid"] for one in items if "uuid" in one]
        return answer

    def reload(self) -> Device:
        self.device.refresh_from_db()
        return self.device


def statuses(answer: dict[str, Any]) -> list[str]:
    return [one["status"] for one in answer["items"]]


def batch_of(items: list[Any]) -> Batch:
    """As the server reads it."""
    return read(json.dumps({"client": "1", "items": items}).encode())


def ago(**how: float) -> datetime:
    return timezone.now() - timedelta(**how)


def close(event: Event, state: str = EventState.REPORTED) -> None:
    event.state = state
    event.save(update_fields=["state"])


def nameless_seat(cast: Any, event: Event, **fields: Any) -> Participant:
    """An organisation was invited, and has not said who comes."""
    unit = cast.unit("polres-kubar")
    pwi = Organization.objects.create(name="PWI", kind="association", region_id="64.07", unit=unit)
    return Participant.objects.create(event=event, kind="delegate", organization=pwi, unit=unit, **fields)


def code_of(person: Participant, days: int = 30) -> str:
    """The code of an invitation; asked once more, the one before is revoked."""
    expires = timezone.now() + timedelta(days=days)
    return token_of(links.issue(purpose="invitation_qr", target=person.public_id, by=None, expires=expires))
