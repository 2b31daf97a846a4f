"""Minta usulan for next week's evening: Polres Kubar is asked for six names and has sent three; one came back."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Officer
from events.choices import ReturnedFor
from events.models import Event, Proposal
from events.operations import proposals
from partners.models import Partner

WANTED, SENT = 6, 3


def ask(event: Event, people: list[Partner], *, host: Officer, local: Officer) -> None:
    """:param people: of the local unit, not on the list of the event yet."""
    request = proposals.ask(
        event=event,
        units=[local.unit],
        wanted=WANTED,
        due_on=timezone.localdate() + timedelta(days=4),
        by=host,
        note="(CONTOH) Pegiat dari Melak dan Barong Tongkok.",
    )[0]
    proposals.propose(asked=request, partners=people[:SENT], by=local)
    first = Proposal.objects.filter(request=request).order_by("pk").first()
    assert first is not None
    proposals.give_back(proposal=first, returned_for=ReturnedFor.CONTACT, by=host)
