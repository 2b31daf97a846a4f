"""What happens to the events of a partner who moves to another unit or is erased. Registered in ``events/apps.py``."""

from __future__ import annotations

from typing import Any

from events.models import Participant, Proposal
from events.operations import qr
from partners.models import Partner


def moved(partner: Partner, **_about: Any) -> None:
    """Nothing: region and unit of a participant are those of the evening."""


def erased(partner: Partner, **_about: Any) -> None:
    """Take the person off their events and leave the rows, so that the counts of a report stay what they were. Codes of
    invitations that are still out stop working.

    The name of a delegate who came instead is somebody else's and stays.
    """
    for participant in Participant.objects.filter(partner=partner).select_related("event").order_by("pk"):
        qr.take_back(participant, None)
    Participant.objects.filter(partner=partner).update(
        partner=None, display_name="", contact="", institution="", search_key=""
    )


def proposals_erased(partner: Partner, **_about: Any) -> None:
    """A proposal goes with the person: until it is taken nothing counts it."""
    Proposal.objects.filter(partner=partner).delete()
