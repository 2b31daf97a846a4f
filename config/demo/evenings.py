"""Who was invited, who came and who agreed: invented figures, exact to the head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from django.utils import timezone

from accounts.models import Officer
from config.demo import contacts
from events.choices import GUEST_KINDS, Answer, AnswerChannel, PledgeChannel, WalkInConsent
from events.models import Event, Invitation, Participant
from events.operations import attendance, guests, pledges
from partners.models import Partner

_CHANNELS = [AnswerChannel.WHATSAPP, AnswerChannel.PHONE, AnswerChannel.WHATSAPP, AnswerChannel.IN_PERSON]
_WALK_INS = [
    "Rekaan Satu",
    "Ni Wayan Rekaan",
    "Nur'Contoh",
    "Rekaan",
    "",
    "H. Rekaan Enam",
    "Rekaan Tujuh bin Contoh",
    "",
    "Rekaan Sembilan",
]


@dataclass(frozen=True)
class Figures:
    """``present`` counts walk-ins and delegates. At most ``press`` journalists come; none is asked to pledge."""

    invited: int
    present: int
    walk_ins: int
    delegates: int
    declined: int
    silent: int
    pledges: int = 0
    press: int = 4


KUTAI_BARAT = Figures(invited=42, present=31, walk_ins=5, delegates=2, declined=6, silent=4, press=3)
BERAU = Figures(invited=68, present=57, walk_ins=9, delegates=2, declined=8, silent=5, pledges=49)
KUTAI_KARTANEGARA = Figures(invited=30, present=24, walk_ins=3, delegates=1, declined=4, silent=2, press=2)
NEXT_WEEK = Figures(invited=32, present=0, walk_ins=0, delegates=2, declined=4, silent=13)
THREE_WEEKS_AGO = Figures(
    invited=18, present=15, walk_ins=2, delegates=1, declined=2, silent=2, pledges=9, press=1
)


def invite(event: Event, people: list[Partner], figures: Figures, *, by: Officer) -> None:
    """Invite the first of ``people`` and write down the answers; some decline, some send another, some are silent."""
    chosen = people[: figures.invited]
    guests.invite(event=event, partners=chosen, by=by)
    asked = _guests(event)
    kinds = (
        [Answer.DELEGATE] * figures.delegates
        + [Answer.NO] * figures.declined
        + [Answer.NONE] * figures.silent
    )
    # From the end, so that those who come first on the list are those who come.
    for participant, answer in zip(reversed(asked), kinds, strict=False):
        _answer(participant, answer, by)
    for participant in asked[: len(asked) - len(kinds)]:
        _answer(participant, Answer.YES, by)
    _backdate(event)


def hold(event: Event, figures: Figures, *, officers: list[Officer]) -> None:
    """Mark those who came, by the officers of the evening in turn; then those who agreed to the text."""
    begin = _begin(event)
    moments = (begin + timedelta(seconds=97 * step - 1500) for step in range(500))
    turn = cycle(officers)
    for person in Participant.objects.filter(event=event, role__isnull=False).order_by("pk"):
        attendance.record(event=event, participant=person, by=next(turn), at=next(moments))
    for participant in _coming(event, figures):
        attendance.record(event=event, participant=participant, by=next(turn), at=next(moments))
    for number in range(figures.walk_ins):
        _walk_in(event, number, next(turn), moments)
    _pledge(event, figures, by=officers[0])


def _begin(event: Event) -> datetime:
    assert event.starts_at is not None
    return event.starts_at


def _guests(event: Event) -> list[Participant]:
    """Those invited, journalists first, so that the evening has some of them."""
    rows = Participant.objects.filter(event=event, partner__isnull=False, invitation__isnull=False)
    return list(rows.order_by("-is_press", "partner_id"))


def _answer(participant: Participant, answer: str, by: Officer) -> None:
    if answer == Answer.NONE:
        return
    name = f"Utusan Contoh {participant.pk % 7 + 1}" if answer == Answer.DELEGATE else ""
    channel = _CHANNELS[participant.pk % len(_CHANNELS)]
    guests.answer(participant=participant, answer=answer, channel=channel, by=by, delegate_name=name)


def _backdate(event: Event) -> None:
    """An evening of the past was asked for and answered before it."""
    if event.starts_at is not None and event.starts_at < timezone.now():
        asked = Invitation.objects.filter(participant__event=event)
        asked.update(invited_at=event.starts_at - timedelta(days=7))
        asked.exclude(answer=Answer.NONE).update(answered_at=event.starts_at - timedelta(days=3))


def _coming(event: Event, figures: Figures) -> list[Participant]:
    """The delegates, a few journalists, and as many of the others as the figures want."""
    delegates = list(Participant.objects.filter(event=event, delegate_for__isnull=False).order_by("pk"))
    asked = [person for person in _guests(event) if person.invitation.answer in {Answer.YES, Answer.NONE}]
    press = [person for person in asked if person.is_press][: figures.press]
    others = [person for person in asked if not person.is_press]
    wanted = figures.present - figures.walk_ins - len(delegates) - len(press)
    return [*others[:wanted], *press, *delegates]


def _walk_in(event: Event, number: int, by: Officer, moments: Iterator[datetime]) -> None:
    name = _WALK_INS[number]
    attendance.walk_in(
        event=event,
        by=by,
        name=name,
        contact=contacts.phone(8000 + 10 * event.pk % 900 + number) if name else "",
        consent=WalkInConsent.KEEP if name else WalkInConsent.ANONYMOUS,
        at=next(moments),
    )


def _pledge(event: Event, figures: Figures, *, by: Officer) -> None:
    if not figures.pledges or event.pledge_text is None:
        return
    begin = _begin(event)
    present = Participant.objects.filter(
        event=event, kind__in=GUEST_KINDS, attendance__isnull=False, is_press=False
    )
    willing = present.exclude(display_name="").order_by("pk")[: figures.pledges]
    for step, participant in enumerate(willing):
        at = begin + timedelta(minutes=100, seconds=20 * step)
        channel = PledgeChannel.PAPER if step % 3 else PledgeChannel.SCREEN
        pledges.record(participant=participant, text=event.pledge_text, channel=channel, by=by, at=at)
