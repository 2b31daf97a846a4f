"""What a person allowed, as it stands today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from partners.choices import CONTACT_PURPOSES, Decision, Keep, Purpose
from partners.models import Consent, ConsentText, Partner


@dataclass(frozen=True)
class Standing:
    """One purpose: the words in force, and the decision that rules (None: never asked).

    ``is_given`` is what counts; ``is_confirmed`` whether the person themselves confirmed it since they last withdrew.
    """

    purpose: Purpose
    text: ConsentText
    consent: Consent | None
    is_given: bool
    is_confirmed: bool

    @property
    def is_withdrawn(self) -> bool:
        return self.consent is not None and self.consent.decision == Decision.WITHDRAWN

    @property
    def is_lapsed(self) -> bool:
        """Ticked by an officer once, never confirmed in time."""
        return self.consent is not None and not self.is_given and not self.is_withdrawn


def decisions_of(partner: Partner) -> QuerySet[Consent]:
    """Every decision, the latest first."""
    return Consent.objects.filter(partner=partner).select_related("text", "evidence").order_by("-at", "-pk")


def latest_by_purpose(partner: Partner) -> dict[str, Consent]:
    """The ruling decision of each purpose that was ever decided."""
    latest: dict[str, Consent] = {}
    for consent in decisions_of(partner):
        latest.setdefault(consent.purpose, consent)
    return latest


def current_texts(on: date | None = None) -> dict[str, ConsentText]:
    """The words in force on a day (today), by purpose: the last whose first day has come, of that day the highest."""
    begun = ConsentText.objects.filter(valid_from__lte=on or timezone.localdate())
    return {text.purpose: text for text in begun.order_by("valid_from", "version")}


def keep_state(decisions: Iterable[Consent]) -> Keep:
    """The state of the consent to be kept. A tick after a confirmed decision does not take the confirmation away.

    :param decisions: those on one purpose, the latest first.
    """
    state = Keep.NONE
    for consent in decisions:
        if consent.decision == Decision.WITHDRAWN:
            break
        if consent.is_confirmed:
            return Keep.CONFIRMED
        state = Keep.UNCONFIRMED
    return state


def standings_of(partner: Partner) -> list[Standing]:
    """Every purpose in its fixed order, decided or not. Two queries."""
    texts = current_texts()
    decided: dict[str, list[Consent]] = {}
    for consent in decisions_of(partner):
        decided.setdefault(consent.purpose, []).append(consent)
    return [
        _standing(partner, Purpose(purpose), texts[purpose], decided.get(purpose, []))
        for purpose in Purpose.values
        if purpose in texts
    ]


def offered_to_person(partner: Partner, standings: Iterable[Standing]) -> list[Standing]:
    """What a person is asked beside being kept: by ways of contact that we have, and whatever they allow already.

    Sharing is not offered by itself: it names a unit, so it is asked when there is one.
    """
    useful = {Purpose.PHOTO, Purpose.PUBLIC_NAME}
    if partner.email:
        useful.add(Purpose.EMAIL)
    if partner.phone:
        useful |= {Purpose.WHATSAPP, Purpose.PHONE}
    return [s for s in standings if s.purpose != Purpose.KEEP and (s.purpose in useful or s.is_given)]


def version_mark(standings: Iterable[Standing]) -> str:
    """Which words were on the screen: sent along with the answer, so that nobody agrees to words they did not read."""
    return ",".join(f"{standing.purpose}.{standing.text.version}" for standing in standings)


def allows(partner: Partner, purpose: str) -> bool:
    """Whether the ruling decision is *given*, the person may be kept at all, and did not ask for quiet. One query."""
    if partner.keep == Keep.NONE or (partner.is_do_not_contact and purpose in CONTACT_PURPOSES):
        return False
    latest = decisions_of(partner).filter(purpose=purpose).first()
    return latest is not None and latest.decision == Decision.GIVEN


def _standing(partner: Partner, purpose: Purpose, text: ConsentText, decisions: list[Consent]) -> Standing:
    state = Keep(partner.keep) if purpose == Purpose.KEEP else keep_state(decisions)
    return Standing(
        purpose=purpose,
        text=text,
        consent=decisions[0] if decisions else None,
        is_given=state != Keep.NONE,
        is_confirmed=state == Keep.CONFIRMED,
    )
