"""Facts as the derivation reads them, and what a batch from the door must know before it is written.

Asked with every mark, so the statements are written by hand: putting them together would cost more than the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from events.choices import ParticipantKind, WalkInConsent
from events.queries.door import INVITATION_QR
from events.queries.statements import (
    among,
    as_day,
    as_time,
    as_uuid,
    beside,
    instant,
    listed,
    looked_up,
    selected,
)


@dataclass(slots=True)
class Fact:
    """One scan. ``about`` is the participant whom it concerns: the one that a review named, else its own. ``label`` is
    the phone, or the officer who marked on the roll."""

    pk: int
    client_uuid: UUID
    about: int | None
    kind: str
    state: str
    decision: str
    at: datetime
    by_id: int | None
    device_id: UUID | None
    device_sequence: int | None
    undoes_id: int | None
    undoes_uuid: UUID | None
    pledge_text_id: int | None
    label: str


@dataclass(slots=True)
class Known:
    """A fact that came before, and how things stand with its person now."""

    client_uuid: UUID
    event_id: int
    state: str
    participant: UUID | None
    at: datetime | None
    by: str


@dataclass(slots=True)
class Person:
    """Somebody on the list, and the code that named them, if one did."""

    pk: int
    public_id: UUID
    kind: str
    unit_id: int | None
    partner_id: int | None
    partner_public_id: UUID | None
    last_attended_on: date | None
    is_nameless: bool
    walk_in_consent: str
    code: str | None
    revoked_at: datetime | None
    expires_at: datetime | None

    @property
    def is_erased(self) -> bool:
        """Once somebody of the registry, and now only a row that keeps the count."""
        was_partner = self.kind == ParticipantKind.PARTNER or self.walk_in_consent == WalkInConsent.KEEP
        return was_partner and self.partner_id is None and self.is_nameless


_FACT = (
    "s.id, s.client_uuid, {about}, s.kind, s.state, COALESCE(r.decision, ''), {at}, s.by_id, s.device_id,"
    " s.device_sequence, s.undoes_id, s.undoes_uuid, s.pledge_text_id, COALESCE(d.label, o.full_name, '')"
)


def facts_about(participants: Iterable[int], named: Iterable[UUID] = ()) -> list[Fact]:
    """All facts about these participants, in the order in which they came, each with what was decided about it.

    :param named: names of facts that are about to be written: undos that came before them are found too, about nobody.
    """
    people, names = list(participants), list(named)
    if not people and not names:
        return []
    about = (
        "CASE WHEN r.decision = 'counted' THEN COALESCE(r.participant_id, s.participant_id)"
        " ELSE s.participant_id END"
    )
    wanted = (
        f"SELECT s.id FROM {looked_up('events_scan', 'participant_id', 'bigint', 's')}"
        f" UNION SELECT r.scan_id FROM {looked_up('events_scanreview', 'participant_id', 'bigint', 'r')}"
        f" UNION SELECT s.id FROM {looked_up('events_scan', 'undoes_uuid', 'uuid', 's')}"
    )
    sql = (
        f"SELECT {_FACT.format(about=about, at=instant('s.at'))} FROM ({wanted}) w"
        + beside("events_scan", "id", "w.id", "s", needed=True)
        + beside("events_scanreview", "scan_id", "s.id", "r")
        + beside("events_device", "public_id", "s.device_id", "d")
        + beside("accounts_officer", "id", "s.by_id", "o")
        + " ORDER BY s.id"
    )
    asked, theirs = listed(people), set(people)
    rows = selected(sql, [asked, asked, listed(names)])
    found = [_fact(row) for row in rows]
    return [one for one in found if one.about in theirs or one.about is None]


def pending(facts: Iterable[Fact]) -> dict[UUID, list[Fact]]:
    """Undos that came before what they take back, by the name of that, which somebody may have taken back twice."""
    found: dict[UUID, list[Fact]] = {}
    for fact in facts:
        if fact.undoes_uuid is not None and not fact.decision:
            found.setdefault(fact.undoes_uuid, []).append(fact)
    return found


def is_any_known(names: Sequence[UUID]) -> bool:
    """Whether any of these facts came before."""
    found = looked_up("events_scan", "client_uuid", "uuid", "s")
    row = selected(f"SELECT EXISTS (SELECT 1 FROM {found})", [listed(names)])
    return bool(row[0][0])


def known_among(names: Sequence[UUID]) -> dict[UUID, Known]:
    """Which of these facts came before, whatever they were about."""
    sql = (
        f"SELECT s.client_uuid, s.event_id, s.state, p.public_id, {instant('a.at')},"
        f" COALESCE(d.label, o.full_name, '') FROM {looked_up('events_scan', 'client_uuid', 'uuid', 's')}"
        + beside("events_participant", "id", "s.participant_id", "p")
        + beside("events_attendance", "participant_id", "s.participant_id", "a")
        + beside("events_scan", "id", "a.scan_id", "m")
        + beside("events_device", "public_id", "m.device_id", "d")
        + beside("accounts_officer", "id", "m.by_id", "o")
    )
    found = (
        Known(as_uuid(row[0]), row[1], row[2], as_uuid(row[3]), as_time(row[4]), row[5])
        for row in selected(sql, [listed(names)])
    )
    return {one.client_uuid: one for one in found}


def hold_people(
    event_id: int, participants: Iterable[UUID], codes: Iterable[str], until: datetime
) -> list[Person]:
    """The people of an event that a batch names, by the hash of their code, else by id, held in the order of their ids
    until the transaction ends. As with a mark on the roll their keys are not held.

    :param until: when a code ended is told where it ended before this (on SQLite always).
    """
    lock = " FOR NO KEY UPDATE OF p" if connection.vendor == "postgresql" else ""
    asked = _named(event_id, participants, codes, until)
    return [_person(row) for row in selected(f"{_people()} ORDER BY p.id{lock}", asked)]


def unmarked(
    event_id: int, participant: UUID | None, code: str, until: datetime, name: UUID
) -> Person | None:
    """Whom a mark names, where nothing was noted of that person yet, nor under the name of this fact: nobody else
    otherwise, and nobody is held."""
    asked = _named(event_id, [participant] if participant else [], [code] if code else [], until)
    rows = selected(_people() + _UNMARKED, [*asked, name, name])
    return _person(rows[0]) if len(rows) == 1 else None


_UNMARKED = (
    " AND NOT EXISTS (SELECT 1 FROM events_scan WHERE participant_id = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM events_scanreview WHERE participant_id = p.id)"
    " AND NOT EXISTS (SELECT 1 FROM events_scan WHERE client_uuid = %s)"
    " AND NOT EXISTS (SELECT 1 FROM events_scan WHERE undoes_uuid = %s)"
)


def _people() -> str:
    is_ours = connection.vendor == "postgresql"
    ended = f"CASE WHEN t.{{0}} <= %s::timestamptz THEN {instant('t.{0}')} END" if is_ours else "t.{0}"
    return (
        "WITH c AS (SELECT target_public_id AS named, token_hash, revoked_at, expires_at FROM outbox_link"
        f" WHERE purpose = %s AND {among('token_hash', 'text')})"
        " SELECT p.id, p.public_id, p.kind, p.unit_id, p.partner_id, q.public_id, q.last_attended_on,"
        " p.display_name = '', p.walk_in_consent,"
        f" t.token_hash, {ended.format('revoked_at')}, {ended.format('expires_at')} FROM ("
        "SELECT named, token_hash, revoked_at, expires_at FROM c"
        " UNION ALL SELECT public_id, NULL, NULL, NULL FROM events_participant"
        f" WHERE {among('public_id', 'uuid')} AND public_id NOT IN (SELECT named FROM c)) t"
        " JOIN events_participant p ON p.public_id = t.named AND p.event_id = %s"
        " LEFT JOIN partners_partner q ON q.id = p.partner_id WHERE true"
    )


def _named(event_id: int, participants: Iterable[UUID], codes: Iterable[str], until: datetime) -> list[Any]:
    ends = [until, until] if connection.vendor == "postgresql" else []
    return [INVITATION_QR, listed(codes), *ends, listed(participants), str(event_id)]


def _fact(row: tuple[Any, ...]) -> Fact:
    pk, name, about, kind, state, decision, at, by_id, device, number, undoes, undoes_name, text, label = row
    return Fact(
        pk,
        as_uuid(name),
        about,
        kind,
        state,
        decision,
        as_time(at),
        by_id,
        as_uuid(device),
        number,
        undoes,
        as_uuid(undoes_name),
        text,
        label,
    )


def _person(row: tuple[Any, ...]) -> Person:
    pk, name, kind, unit, partner, subject, day, nameless, consent, code, revoked, expires = row
    return Person(
        pk,
        as_uuid(name),
        kind,
        unit,
        partner,
        as_uuid(subject),
        as_day(day),
        bool(nameless),
        consent,
        code,
        as_time(revoked),
        as_time(expires),
    )
