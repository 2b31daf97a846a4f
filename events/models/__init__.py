from events.models.approval import Approval, NeutralityCheck
from events.models.attendance import Attendance, Scan, ScanReview
from events.models.commitment import Commitment
from events.models.device import Device
from events.models.directive import Directive, DirectiveUnit
from events.models.event import AgendaItem, Event, EventRole, EventUnit
from events.models.outreach import Outreach
from events.models.participant import Invitation, Participant
from events.models.pledge import Pledge, PledgePoint, PledgeText
from events.models.program import Program
from events.models.proposal import Proposal, ProposalRequest
from events.models.sheet import AttendanceSheet

__all__ = [
    "AgendaItem",
    "Approval",
    "Attendance",
    "AttendanceSheet",
    "Commitment",
    "Device",
    "Directive",
    "DirectiveUnit",
    "Event",
    "EventRole",
    "EventUnit",
    "Invitation",
    "NeutralityCheck",
    "Outreach",
    "Participant",
    "Pledge",
    "PledgePoint",
    "PledgeText",
    "Program",
    "Proposal",
    "ProposalRequest",
    "Scan",
    "ScanReview",
]
