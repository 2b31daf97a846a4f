"""The floors: a bare Django site on the same database, without middleware, forms, scope or templates of ours.

``rows``: one indexed query and fifty rows rendered, as Django's tutorial would.
``replay``: the exact statements of one real request, by cursor; those of the door by its own connection.
``checkin``: a check-in of six round trips, which says how fast this machine is.
``setwise``: a batch from the door in one statement that writes scans and attendance, and asks nothing: neither who
calls, nor what came before, nor whose code it is; no line in the audit.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor_settings"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

from events.door_connection import kept_plans  # noqa: E402
from partners.models import Partner  # noqa: E402

PAGE = """<!doctype html><title>Rows</title><table>{% for row in rows %}
<tr><td><a href="{% url 'row' row.public_id %}">{{ row.full_name }}</a></td><td>{{ row.get_kind_display }}</td>
<td>{{ row.region.name }}</td><td>{{ row.unit.short_name }}</td><td>{{ row.status }}</td></tr>{% endfor %}
</table>"""
_template: Any = None
_replays: dict[str, list[dict[str, Any]]] = {}


def rows(request: HttpRequest) -> HttpResponse:
    global _template
    _template = _template or engines["django"].from_string(PAGE)
    found = Partner.objects.filter(unit_id=int(request.GET["unit"])).select_related("region", "unit")[:50]
    return HttpResponse(_template.render({"rows": found}))


def replay(request: HttpRequest) -> HttpResponse:
    """Run the recorded statements with the values of another participant put in their places."""
    name = request.GET["name"]
    if name not in _replays:
        _replays[name] = json.loads((Path(os.environ["BENCH_REPLAYS"]) / f"{name}.json").read_text())
    values: dict[str, Any] = {key: value for key, value in request.GET.items() if key != "name"}
    statements = _replays[name]
    first_write = next((n for n, s in enumerate(statements) if s["writes"]), len(statements))
    is_alone = len(statements) - first_write == 1
    with kept_plans() if name.startswith("door") else nullcontext(), connection.cursor() as cursor:
        for statement in statements[:first_write]:
            _run(cursor, statement, values)
        with nullcontext() if is_alone else transaction.atomic():
            for statement in statements[first_write:]:
                _run(cursor, statement, values)
    return HttpResponse("ok")


def _run(cursor: Any, statement: dict[str, Any], values: dict[str, Any]) -> None:
    cursor.execute(statement["sql"], [_filled(value, values) for value in statement["params"]])
    if cursor.description is None:
        return
    fetched = cursor.fetchall()
    if statement["returns"] and fetched:
        values[statement["returns"]] = fetched[0][0]


_WAYS: dict[str, Callable[[Any], Any]] = {"int": int, "text": str, "list": "{{{}}}".format}


def _filled(value: Any, values: dict[str, Any]) -> Any:
    if not isinstance(value, dict):
        return value
    if "slot" in value:
        found = values[value["slot"]]
        return _WAYS[value["as"]](found)
    if "list" in value:
        return [_filled(one, values) for one in value["list"]]
    if "uuid" in value:
        return uuid.uuid4()
    return value["raw"]


def checkin(request: HttpRequest) -> HttpResponse:
    """As a ticket is redeemed elsewhere: who calls, BEGIN, the guest held, a mark, an attendance, COMMIT."""
    given = {name: request.GET[name] for name in ("event", "device", "person")}
    mark = (uuid.uuid4(), given["event"], given["person"])
    with kept_plans(), connection.cursor() as cursor:
        cursor.execute("SELECT id, event_id FROM events_device WHERE public_id = %s", [given["device"]])
        with transaction.atomic():
            cursor.execute("SELECT id FROM events_participant WHERE id = %s FOR UPDATE", [given["person"]])
            cursor.execute(_MARK, mark)
            cursor.execute(_SEAT, [given["person"], given["event"], cursor.fetchone()[0]])
    return HttpResponse("ok")


_MARK = """
INSERT INTO events_scan (client_uuid, event_id, participant_id, kind, source, state, review_reason, at, received_at)
VALUES (%s, %s, %s, 'present', 'door', 'accepted', '', now(), now()) RETURNING id
"""
_SEAT = "INSERT INTO events_attendance (participant_id, event_id, scan_id, at) VALUES (%s, %s, %s, now())"
_SETWISE = """
WITH r AS (
  SELECT p.id AS person, r.* FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::int[])
    AS r(name, participant, at, number) JOIN events_participant p ON p.public_id = r.participant
), written AS (
  INSERT INTO events_scan (client_uuid, event_id, participant_id, kind, source, state, review_reason, at,
    received_at, device_id, device_sequence, device_at)
  SELECT name, %s::bigint, person, 'present', 'door', 'accepted', '', at, now(), %s::uuid, number, at FROM r
  ON CONFLICT DO NOTHING RETURNING id, participant_id, at
)
INSERT INTO events_attendance (participant_id, event_id, scan_id, at)
SELECT participant_id, %s::bigint, id, at FROM written ORDER BY participant_id
ON CONFLICT (participant_id) DO UPDATE SET scan_id = EXCLUDED.scan_id, at = EXCLUDED.at
  WHERE EXCLUDED.at < events_attendance.at
"""


def setwise(request: HttpRequest) -> HttpResponse:
    items = json.loads(request.body)["items"]
    columns = [[item[name] for item in items] for name in ("uuid", "participant", "at")]
    numbers = [item["seq"] for item in items]
    event, device = request.GET["event"], request.GET["device"]
    with kept_plans(), connection.cursor() as cursor:
        cursor.execute(_SETWISE, [*columns, numbers, event, device, event])
    return HttpResponse(json.dumps({"items": [{"uuid": item["uuid"], "status": "stored"} for item in items]}))


urlpatterns = [
    path("checkin", checkin),
    path("setwise", setwise),
    path("rows", rows),
    path("rows/<uuid:public_id>", rows, name="row"),
    path("replay", replay),
]
application = WSGIHandler()
