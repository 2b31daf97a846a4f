from events.models.attendance import Attendance, Scan
from events.models.commitment import Commitment
from events.models.event import AgendaItem, Event, EventRole, EventUnit
from events.models.participant import Invitation, Participant
from events.models.pledge import Pledge, PledgePoint, PledgeText
from events.models.program import Program

__all__ = [
    "AgendaItem",
    "Attendance",
    "Commitment",
    "Event",
    "EventRole",
    "EventUnit",
    "Invitation",
    "Participant",
    "Pledge",
    "PledgePoint",
    "PledgeText",
    "Program",
    "Scan",
]
