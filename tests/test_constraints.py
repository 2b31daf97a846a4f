"""Every CHECK and UNIQUE of our models is broken on purpose, past all validation, in the database of this run.

The constraints are read from the models: one without a case here fails. Each case starts from a row that the database
accepts and changes only what the constraint forbids; the refusal must name that constraint.
"""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import Election, Jurisdiction, Officer, Rank, Unit
from audit.models import Detail, Entry
from events.models import (
    AgendaItem,
    Approval,
    Attendance,
    AttendanceSheet,
    Commitment,
    Device,
    Directive,
    DirectiveUnit,
    Event,
    EventRole,
    EventUnit,
    Invitation,
    NeutralityCheck,
    Outreach,
    Participant,
    Pledge,
    PledgePoint,
    PledgeText,
    Program,
    Proposal,
    ProposalRequest,
    Scan,
    ScanReview,
)
from files.models import StoredFile
from jobs.models import Job
from outbox.models import Link, Message
from partners.models import (
    Affiliation,
    Consent,
    ConsentText,
    OptOut,
    Organization,
    OutsideRequest,
    OutsideRequestSubject,
    Partner,
    Share,
    SocialAccount,
)
from portal.models import ReportChannel
from regions.models import DataSource, Region
from reports.models import EventTally, PartnerTally, StopTally, TallyClock
from tests.test_architecture import HOUSE

NOW = timezone.now().replace(microsecond=0)
LATER, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
DAY = date(2024, 10, 21)
UNKNOWN = "zzz"

# Constraint → changes to an accepted row, each of which the database must refuse.
CHECKS: dict[str, list[dict[str, Any]]] = {
    "job_state_known": [{"state": UNKNOWN, "finished_at": NOW}],
    "job_finished_when_ended": [
        {"state": "queued", "finished_at": NOW},
        {"state": "running", "finished_at": NOW},
        {"state": "done", "finished_at": None},
        {"state": "failed", "finished_at": None},
        {"state": "cancelled", "finished_at": None},
    ],
    "region_level_known": [{"level": UNKNOWN}],
    "region_parent_by_level": [
        {"level": "province", "parent_id": "64"},
        {"level": "district", "parent_id": None},
    ],
    "election_days_in_order": [
        {"campaign_from": DAY - timedelta(days=1)},
        {"campaign_to": DAY - timedelta(days=1)},
        {"quiet_from": DAY + timedelta(days=20)},
        {"quiet_to": DAY + timedelta(days=29)},
        {"voting_on": DAY + timedelta(days=32)},
    ],
    "unit_kind_known": [{"kind": UNKNOWN}],
    "jurisdiction_mode_known": [{"mode": UNKNOWN}],
    "jurisdiction_ends_after_start": [{"valid_from": DAY, "valid_to": DAY - timedelta(days=1)}],
    "officer_role_known": [{"role": "intel"}, {"role": ""}],
    "message_state_known": [{"state": UNKNOWN}],
    "message_channel_known": [{"channel": UNKNOWN}],
    "message_ended_when_over": [
        {"state": "queued", "ended_at": NOW},
        {"state": "claimed", "ended_at": NOW},
        {"state": "sent", "ended_at": None},
        {"state": "suppressed", "ended_at": None},
    ],
    "partner_has_name": [{"full_name": ""}],
    "partner_kind_known": [{"kind": UNKNOWN}],
    "partner_status_known": [{"status": UNKNOWN}],
    "partner_keep_known": [{"keep": UNKNOWN}],
    "partner_source_known": [{"source": ""}, {"source": UNKNOWN}],
    "partner_basis_known": [{"lawful_basis": ""}],
    "partner_archived_when": [
        {"status": "archived"},
        {"archived_at": NOW},
        {"archived_by_id": 1},
    ],
    "partner_do_not_contact_when": [{"do_not_contact_by_id": 1}],
    "opt_out_kind_known": [{"kind": UNKNOWN}],
    "organization_has_name": [{"name": ""}],
    "organization_kind_known": [{"kind": UNKNOWN}],
    "organization_archived_when": [{"archived_by_id": 1}],
    "partner_active_has_consent": [{"keep": "none"}],
    "partner_prospective_is_dated": [
        {"status": "prospective", "keep": "none", "decide_by": None},
        {"status": "prospective", "keep": "confirmed", "decide_by": DAY},
    ],
    "consent_text_purpose_known": [{"purpose": UNKNOWN}],
    "consent_purpose_known": [{"purpose": UNKNOWN}],
    "consent_decision_known": [{"decision": UNKNOWN}],
    "consent_channel_known": [{"channel": UNKNOWN}],
    "consent_paper_has_photo": [{"channel": "paper"}],
    "social_platform_known": [{"platform": UNKNOWN}],
    "pledge_channel_known": [{"channel": UNKNOWN}],
    "pledge_withdrawn_after": [{"withdrawn_at": BEFORE}],
    "program_ends_after_start": [{"ends_on": DAY - timedelta(days=1)}],
    "event_kind_known": [{"kind": UNKNOWN}],
    "event_state_known": [{"state": UNKNOWN}],
    "event_ends_after_start": [{"ends_at": BEFORE}, {"ends_at": NOW}],
    "event_planned_has_date": [
        {"starts_at": None, "state": "submitted"},
        {"starts_at": None, "state": "published"},
        {"starts_at": None, "state": "done"},
        {"starts_at": None, "state": "reported"},
    ],
    "event_end_needs_start": [{"state": "draft", "starts_at": None, "ends_at": LATER}],
    "event_unit_part_known": [{"part": UNKNOWN}],
    "event_unit_answered_when": [
        {"answer": "yes"},
        {"answer": "delegate", "answered_at": NOW},
        {"answered_at": NOW},
        {"recorded_by_id": 1},
    ],
    "proposal_request_wants_some": [{"wanted": 0}],
    "proposal_state_known": [{"state": UNKNOWN, "decided_at": NOW}],
    "proposal_returned_for": [
        {"state": "returned", "decided_at": NOW},
        {"state": "returned", "decided_at": NOW, "returned_for": UNKNOWN},
        {"returned_for": "twice"},
    ],
    "proposal_decided_when": [
        {"state": "accepted"},
        {"state": "returned", "returned_for": "twice"},
        {"decided_at": NOW},
        {"decided_by_id": 1},
    ],
    "event_role_known": [{"role": UNKNOWN}],
    "agenda_kind_known": [{"kind": UNKNOWN}],
    "participant_kind_known": [{"kind": UNKNOWN}],
    "stop_tally_holds_something": [{"held": None}],
    "event_tally_awaits_invited": [{"awaiting": 1}],
    "tally_clock_only_one": [{"pk": 2}],
    "participant_partner_by_kind": [{"kind": "personnel"}, {"kind": "official"}, {"kind": "delegate"}],
    "participant_organization_by_kind": [
        {"kind": "partner", "organization": lambda stage: stage.organization},
        {
            "kind": "delegate",
            "partner": None,
            "organization": lambda stage: stage.organization,
            "delegate_for": lambda stage: stage.participant,
        },
    ],
    "participant_rank_by_kind": [{"rank": "AKP"}, {"kind": "delegate", "partner": None, "rank": "AKP"}],
    "participant_walk_in_fields": [{"contact": "0812"}, {"walk_in_consent": "keep"}],
    "invitation_answer_known": [{"answer": UNKNOWN, "answered_at": NOW, "answer_channel": "phone"}],
    "invitation_answered_when": [
        {"answer": "yes"},
        {"answer": "yes", "answered_at": NOW},
        {"answer": "yes", "answer_channel": "phone"},
        {"answered_at": NOW},
        {"answer_channel": "phone"},
    ],
    "scan_kind_known": [{"kind": UNKNOWN}],
    "scan_state_known": [{"state": UNKNOWN}],
    "scan_undo_names_its_fact": [
        {"kind": "undo"},
        {"undoes": lambda stage: stage.scan},
        {"undoes_uuid": uuid.uuid4()},
        {"kind": "undo", "undoes_uuid": uuid.uuid4()},
    ],
    "scan_pledge_names_its_text": [{"kind": "pledge"}, {"pledge_text": lambda stage: stage.pledge_text}],
    "scan_review_has_a_reason": [{"state": "needs_review"}, {"review_reason": "clock"}],
    "scan_without_person_is_reviewed": [{"participant": None}],
    "scan_review_decision_known": [{"decision": UNKNOWN}],
    "sheet_blank_rows_few": [{"blank_rows": 101}],
    "device_kind_known": [{"kind": UNKNOWN}],
    "device_registered_pair": [{"token_hash": None}, {"registered_at": None}],
    "device_revoked_pair": [{"revoked_by_id": 1}],
    "scan_device_pair": [{"device_id": uuid.uuid4()}, {"device_sequence": 1}],
    "commitment_state_known": [{"state": UNKNOWN}],
    "commitment_done_when": [
        {"state": "done", "evidence_url": "https://example.id/bukti"},
        {"done_at": NOW},
        {"state": "dropped", "done_by_id": 1},
    ],
    "commitment_done_has_evidence": [{"state": "done", "done_at": NOW}],
    "approval_state_known": [{"state": UNKNOWN, "decided_at": NOW}],
    "approval_decided_when": [
        {"decided_at": NOW},
        {"decided_by_id": 1},
        {"state": "approved"},
        {"state": "returned", "note": "Ganti hari"},
    ],
    "approval_returned_says_why": [{"state": "returned", "decided_at": NOW}],
    "directive_state_known": [{"state": UNKNOWN}],
    "directive_reported_when": [
        {"reported_at": NOW},
        {"reported_by_id": 1},
        {"state": "reported", "report": "Sudah", "evidence_url": "https://example.id/bukti"},
        {"state": "reported", "reported_at": NOW, "evidence_url": "https://example.id/bukti"},
    ],
    "directive_reported_has_evidence": [{"state": "reported", "reported_at": NOW, "report": "Sudah"}],
    "outreach_kind_known": [{"kind": UNKNOWN}],
    "outreach_channel_known": [{"channel": UNKNOWN}],
    "outside_state_known": [{"state": UNKNOWN, "decided_at": NOW, "decided_by_id": 1, "decision": "Uji"}],
    "outside_decided_when": [
        {"decided_at": NOW},
        {"decided_by_id": 1},
        {"state": "refused", "decided_at": NOW, "decision": "Uji"},
        {"state": "refused", "decided_by_id": 1, "decision": "Uji"},
        {"state": "granted", "decided_at": NOW, "decided_by_id": 1, "decision": ""},
    ],
    "outside_given_if_granted": [
        {"given": "Uji"},
        {"state": "refused", "decided_at": NOW, "decided_by_id": 1, "decision": "Uji", "given": "Uji"},
    ],
}

# A row that breaks the first breaks the second too, and PostgreSQL names the one that comes first in the alphabet.
ALSO_BROKEN = {
    "directive_state_known": "directive_reported_when",
    "job_state_known": "job_finished_when_ended",
    "message_state_known": "message_ended_when_over",
}

# UNIQUE constraint → what both rows share. ``but`` is a change with which the second is welcome.
DEVICE = uuid.uuid4()
UNIQUES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "jurisdiction_once": ({"valid_from": DAY, "mode": "include"}, {"valid_from": DAY + timedelta(days=1)}),
    "jurisdiction_once_without_start": ({"mode": "include"}, {"mode": "exclude"}),
    "link_version_once": ({"target_public_id": DEVICE}, {"version": 2}),
    "consent_text_once": ({"version": 9}, {"version": 10}),
    "share_live_once": ({"partner": lambda stage: stage.partner}, {"ended_at": NOW}),
    "affiliation_live_once": ({"partner": lambda stage: stage.partner}, {"ended_on": DAY}),
    "outside_subject_once": (
        {"request": lambda stage: stage.outside_request},
        {"partner": lambda stage: stage.guest},
    ),
    "social_account_once": ({}, {"platform": "tiktok"}),
    "pledge_text_once": ({"code": "umum", "version": 7}, {"version": 8}),
    "pledge_point_once": ({"number": 7}, {"number": 8}),
    "pledge_once": ({"participant": lambda stage: stage.participant}, {"withdrawn_at": LATER}),
    "partner_tally_once": ({}, {"unit": lambda stage: stage.other_unit}),
    "stop_tally_once": ({"program": lambda stage: stage.program}, {"unit": lambda stage: stage.other_unit}),
    "stop_tally_once_without_program": ({}, {"unit": lambda stage: stage.other_unit}),
    "event_unit_once": ({}, {"unit": lambda stage: stage.other_unit}),
    "participant_once": ({"partner": lambda stage: stage.guest}, {"partner": None}),
    "participant_organization_once": (
        {"kind": "delegate", "partner": None, "organization": lambda stage: stage.organization},
        {"organization": None},
    ),
    "proposal_request_once": (
        {"event": lambda stage: stage.event},
        {"unit": lambda stage: stage.other_unit},
    ),
    "proposal_once": ({"partner": lambda stage: stage.guest}, {"partner": lambda stage: stage.partner}),
    "participant_one_delegate": (
        {"kind": "delegate", "partner": None, "delegate_for": lambda stage: stage.participant},
        {"delegate_for": None},
    ),
    "approval_one_waiting": (
        {"event": lambda stage: stage.event},
        {"state": "approved", "decided_at": NOW},
    ),
    "neutrality_check_once": (
        {"event": lambda stage: stage.event, "election": lambda stage: stage.election},
        {"event": lambda stage: stage.cast.event("Lain")},
    ),
    "directive_number_once": ({"number": 7}, {"number": 8}),
    "directive_unit_once": (
        {"directive": lambda stage: stage.directive},
        {"unit": lambda stage: stage.other_unit},
    ),
    "device_label_once": (
        {"event": lambda stage: stage.event, "label": "Kubar-1"},
        {"event": lambda stage: stage.cast.event("Lain")},
    ),
    "scan_device_sequence_once": ({"device_id": DEVICE, "device_sequence": 1}, {"device_sequence": 2}),
}


class Stage:
    """Rows to stand on, and for each model a row that the database accepts."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.unit = cast.unit("polres-kubar")
        self.other_unit = cast.unit("polres-berau")
        self.partner = cast.partner("Sari Wulandari")
        self.guest = cast.partner("Budi Santoso")
        self.event = cast.event()
        self.program = cast.program()
        self.participant = cast.guest(self.event, self.partner)
        self.organization = Organization.objects.create(
            name="PWI", kind="association", region_id="64.07", unit=self.unit
        )
        self.request = ProposalRequest.objects.create(
            event=cast.event("Dialog dengan usulan"), unit=self.unit, wanted=2, due_on=DAY
        )
        self.pledge_text = cast.pledge_text()
        self.consent_text = ConsentText.objects.get(purpose="keep", version=1)
        self.scan = Scan.objects.create(
            event=self.event, participant=self.participant, kind="present", source="roll", at=NOW
        )
        self.outside_request = self.row(OutsideRequest)
        self.outside_request.save()
        self.consent = self.row(Consent)
        self.consent.save()
        self._numbers = itertools.count(100)
        self.election = self._election(98)
        self.directive = self._directive(98)

    def row(self, model: type[models.Model], **changes: Any) -> Any:
        """An unsaved, acceptable row; its unique values differ from every other's."""
        values = {**self._values(model), **changes}
        return model(**{key: value(self) if callable(value) else value for key, value in values.items()})

    def _values(self, model: type[models.Model]) -> dict[str, Any]:
        number = next(self._numbers) if hasattr(self, "_numbers") else 99
        here = {"unit": self.unit, "region_id": "64.07"}
        of_event = {"event": self.event}
        return {
            Entry: lambda: {"verb": "test.made"},
            Detail: lambda: {"entry": Entry.objects.create(verb="test.made")},
            StoredFile: lambda: {
                "purpose": "test",
                "owner_public_id": uuid.uuid4(),
                "file": "a",
                "name": "a",
                "size": 1,
                "content_type": "image/jpeg",
                "sha256": "0" * 64,
                "unit_id": 1,
            },
            Job: lambda: {"kind": "test"},
            Region: lambda: {
                "code": f"64.{number}",
                "name": "Uji",
                "level": "regency",
                "parent_id": "64",
                "timezone": "Asia/Makassar",
            },
            DataSource: lambda: {"key": f"s{number}", "name": "Uji", "source": "Uji", "loaded_at": NOW},
            Election: lambda: {
                "code": f"e{number}",
                "name": "Uji",
                "candidates_fixed_on": DAY,
                "campaign_from": DAY,
                **{
                    f"{key}_to": DAY + timedelta(days=days) for key, days in (("campaign", 30), ("quiet", 32))
                },
                "quiet_from": DAY + timedelta(days=31),
                "voting_on": DAY + timedelta(days=33),
            },
            Unit: lambda: {
                "code": f"u{number}",
                "name": "Uji",
                "kind": "polres",
                "timezone": "Asia/Makassar",
            },
            Jurisdiction: lambda: {
                "unit": self.other_unit,
                "region_id": "64.74",
                "mode": "exclude" if number % 2 else "include",
            },
            Rank: lambda: {"abbreviation": f"R{number}", "name": "Uji", "group": "Uji", "order": 1},
            Officer: lambda: {
                "username": f"o{number}",
                "full_name": "Uji",
                "unit": self.unit,
                "role": "viewer",
            },
            Link: lambda: {
                "purpose": "test",
                "target_public_id": uuid.uuid4(),
                "expires_at": LATER,
                "token_hash": f"{number:064}",
            },
            Message: lambda: {
                "dedupe_key": f"k{number}",
                "purpose": "test",
                "channel": "email",
                "unit": self.unit,
                "address": "a@example.id",
                "title": "Uji",
                "body": "Uji",
                "due_at": NOW,
            },
            Partner: lambda: {
                **here,
                "full_name": "Uji",
                "kind": "influencer",
                "status": "active",
                "keep": "confirmed",
                "source": "in_person",
                "lawful_basis": "consent",
            },
            ConsentText: lambda: {"purpose": "keep", "version": number, "body": "Uji", "valid_from": DAY},
            Consent: lambda: {
                "partner": self.partner,
                "purpose": "keep",
                "decision": "given",
                "text": self.consent_text,
                "at": NOW,
                "channel": "screen",
            },
            OptOut: lambda: {"address_hash": f"{number:064}", "kind": "phone"},
            Organization: lambda: {**here, "name": f"Uji {number}", "kind": "media"},
            Affiliation: lambda: {
                "organization": self.organization,
                "partner": self.cast.partner(f"Anggota {number}"),
            },
            Share: lambda: {
                "partner": self.cast.partner(f"Dibagi {number}"),
                "unit": self.other_unit,
                "consent": self.consent,
            },
            OutsideRequest: lambda: {
                "unit": self.unit,
                "received_on": DAY,
                "asker": "Uji",
                "wanted": "Uji",
                "legal_basis": "Uji",
            },
            OutsideRequestSubject: lambda: {"request": self.outside_request, "partner": self.partner},
            ReportChannel: lambda: {"code": f"k{number}", "name": "Uji", "owner": "Uji", "use_for": "Uji"},
            SocialAccount: lambda: {
                "partner": self.partner,
                "platform": "instagram",
                "handle": "uji",
                "handle_key": "uji",
            },
            PledgeText: lambda: {"code": f"c{number}", "version": 1, "title": "Uji"},
            PledgePoint: lambda: {"text": self.pledge_text, "number": number, "body": "Uji"},
            Pledge: lambda: {
                "participant": self._participant(number),
                "text": self.pledge_text,
                "channel": "screen",
                "at": NOW,
            },
            Program: lambda: {**here, "name": "Uji", "starts_on": DAY},
            Event: lambda: {
                "title": "Uji",
                "host_unit": self.unit,
                "region_id": "64.07",
                "venue": "Uji",
                "starts_at": NOW,
                "ends_at": None,
                "timezone": "Asia/Makassar",
                "state": "published",
            },
            EventUnit: lambda: {**of_event, "unit": self.cast.unit("polres-kukar"), "part": "invited"},
            EventRole: lambda: {**of_event, "role": "leader", "full_name": "Uji"},
            AgendaItem: lambda: {**of_event, "kind": "opening", "title": "Uji"},
            Participant: lambda: {
                **of_event,
                "kind": "partner",
                "partner": self.cast.partner(f"Tamu {number}"),
            },
            Invitation: lambda: {"participant": self._participant(number)},
            Scan: lambda: {
                **of_event,
                "participant": self.participant,
                "kind": "present",
                "source": "roll",
                "at": NOW,
            },
            Attendance: lambda: {
                **of_event,
                "participant": self._participant(number),
                "scan": self._scan(),
                "at": NOW,
            },
            ScanReview: lambda: {"scan": self._scan(), "decision": "counted", "by_id": 1},
            AttendanceSheet: lambda: {"event": self.event, "made_by_id": 1},
            Device: lambda: {
                **of_event,
                "kind": "officer",
                "label": f"Kubar-{number}",
                "officer_id": 1,
                "token_hash": f"{number:064}",
                "registered_at": NOW,
                "expires_at": NOW,
            },
            PartnerTally: lambda: here,
            StopTally: lambda: {**here, "held": self.event},
            EventTally: lambda: {"event": self.cast.event()},
            TallyClock: dict,
            Commitment: lambda: {**of_event, "text": "Uji", "owner_unit": self.unit, "due_on": DAY},
            ProposalRequest: lambda: {
                "event": self.cast.event(f"Permintaan {number}"),
                "unit": self.unit,
                "wanted": 2,
                "due_on": DAY,
            },
            Proposal: lambda: {
                "request": self.request,
                "partner": self.cast.partner(f"Usulan {number}"),
            },
            Approval: lambda: {"event": self.cast.event(f"Ajuan {number}", state="submitted")},
            NeutralityCheck: lambda: {
                "event": self.cast.event(f"Netral {number}"),
                "election": self._election(number),
                "checked_by_id": 1,
            },
            Directive: lambda: {**of_event, "number": number, "text": "Uji", "due_on": DAY},
            DirectiveUnit: lambda: {"directive": self._directive(number), "unit": self.unit},
            Outreach: lambda: {
                **here,
                "kind": "appeal",
                "title": "Uji",
                "issuer_name": "Uji",
                "channel": "press",
                "audience": "Uji",
                "message": "Uji",
            },
        }[model]()

    def _election(self, number: int) -> Election:
        election: Election = self.row(Election)
        election.save()
        return election

    def _directive(self, number: int) -> Directive:
        return Directive.objects.create(event=self.event, number=number, text="Uji", due_on=DAY)

    def _participant(self, number: int) -> Participant:
        return Participant.objects.create(event=self.event, kind="walk_in", display_name=f"Tamu {number}")

    def _scan(self) -> Scan:
        return Scan.objects.create(
            event=self.event, participant=self.participant, kind="present", source="roll", at=NOW
        )


@pytest.fixture
def stage(cast) -> Stage:
    return Stage(cast)


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in HOUSE]


def constraints(kind: type) -> list[tuple[type[models.Model], Any]]:
    return [(m, c) for m in our_models() for c in m._meta.constraints if isinstance(c, kind)]


def unique_fields() -> list[tuple[type[models.Model], str]]:
    return [(m, f.name) for m in our_models() for f in m._meta.local_concrete_fields if f.unique]


def insert(row: models.Model) -> None:
    """Straight to the table: no clean(), no save()."""
    with transaction.atomic():
        type(row)._base_manager.bulk_create([row])


def refused(row: models.Model) -> str:
    with pytest.raises(IntegrityError) as caught:
        insert(row)
    return str(caught.value)


def test_constraints_each_has_a_case():
    assert {c.name for _m, c in constraints(models.CheckConstraint)} == set(CHECKS)
    assert {c.name for _m, c in constraints(models.UniqueConstraint)} == set(UNIQUES)
    kinds = {type(c) for m in our_models() for c in m._meta.constraints}
    assert kinds <= {models.CheckConstraint, models.UniqueConstraint}
    assert [m for m in our_models() if m._meta.unique_together] == []


@pytest.mark.parametrize(
    ("model", "name"), [pytest.param(m, c.name, id=c.name) for m, c in constraints(models.CheckConstraint)]
)
def test_constraints_check_is_kept_by_the_database(stage, model, name):
    insert(stage.row(model))

    for changes in CHECKS[name]:
        message = refused(stage.row(model, **changes))
        assert name in message or ALSO_BROKEN.get(name, name) in message, changes


@pytest.mark.parametrize(
    ("model", "constraint"),
    [pytest.param(m, c, id=c.name) for m, c in constraints(models.UniqueConstraint)],
)
def test_constraints_unique_is_kept_by_the_database(stage, model, constraint):
    shared, but = UNIQUES[constraint.name]
    insert(stage.row(model, **shared))

    assert names_it(refused(stage.row(model, **shared)), model, constraint.name, constraint.fields)
    insert(stage.row(model, **{**shared, **but}))


@pytest.mark.parametrize(
    ("model", "field"), [pytest.param(m, f, id=f"{m.__name__}.{f}") for m, f in unique_fields()]
)
def test_constraints_unique_field_is_kept_by_the_database(stage, model, field):
    attname = model._meta.get_field(field).attname
    first = stage.row(model)
    insert(first)
    shared = getattr(first, attname)
    if shared is None:
        shared = _an_owner(stage, model, field)
        first = stage.row(model, **{attname: shared})
        insert(first)

    assert names_it(refused(stage.row(model, **{attname: shared})), model, f"{attname}", [field])


def _an_owner(stage: Stage, model: type[models.Model], field: str) -> Any:
    """The key of a row that an empty one-to-one may point to."""
    target = stage.row(model._meta.get_field(field).related_model)
    insert(target)
    return target.pk


def names_it(message: str, model: type[models.Model], name: str, fields: Any) -> bool:
    """PostgreSQL gives the constraint's name, SQLite the columns."""
    if connection.vendor == "postgresql":
        return name in message or f"{model._meta.db_table}_pkey" in message
    columns = [f"{model._meta.db_table}.{model._meta.get_field(field).column}" for field in fields]
    return all(column in message for column in columns) or f"index '{name}'" in message
