"""Writing down a request from outside the humas function, and deciding it. What is decided stays as it is."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries.units import scope_of
from audit.recording import record
from partners.choices import OutsideState
from partners.models import OutsideRequest, OutsideRequestSubject, Partner
from partners.operations import consents
from partners.queries.partners import partners_visible_to

GIVES = frozenset({OutsideState.GRANTED, OutsideState.PARTLY})


@transaction.atomic
def receive(
    *,
    by: Any,
    received_on: date,
    asker: str,
    wanted: str,
    legal_basis: str,
    letter_number: str = "",
) -> OutsideRequest:
    """Write down what somebody outside the humas function asks for; it belongs to the officer's unit.

    :param legal_basis: the written one; without it there is nothing to decide.
    :raises ValidationError: by field: ``blank``, ``future``, and what is too long.
    :raises PermissionDenied: the role does not keep the register.
    """
    if not by.can("outside_request.manage"):
        raise PermissionDenied
    if received_on > timezone.localdate(timezone=ZoneInfo(by.unit.timezone)):
        raise ValidationError(
            {"received_on": ValidationError(_("This day has not come yet."), code="future")}
        )
    asked = OutsideRequest(
        unit=by.unit,
        received_on=received_on,
        asker=asker.strip(),
        letter_number=letter_number.strip(),
        wanted=wanted.strip(),
        legal_basis=legal_basis.strip(),
        created_by_id=by.pk,
    )
    asked.full_clean(validate_unique=False, validate_constraints=False)
    asked.save(force_insert=True)
    record(by=by, verb="outside_request.received", obj=asked, fields=["asker", "wanted", "legal_basis"])
    return asked


@transaction.atomic
def name_person(*, asked: OutsideRequest, partner: Partner, by: Any) -> OutsideRequestSubject:
    """Say that an open request is about a partner, who is told of it once it is decided. Twice changes nothing.

    :raises ValidationError: ``decided``; ``gone`` when the person was erased meanwhile.
    :raises PermissionDenied: the request or the partner lies outside the scope.
    """
    asked = _open(asked, by)
    partner = consents.lock(partner)
    if not partners_visible_to(by).filter(pk=partner.pk).exists():
        raise PermissionDenied
    known = OutsideRequestSubject.objects.filter(request=asked, partner=partner).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            subject = OutsideRequestSubject.objects.create(request=asked, partner=partner)
    except IntegrityError:
        return OutsideRequestSubject.objects.get(request=asked, partner=partner)
    record(
        by=by,
        verb="outside_request.person_named",
        obj=asked,
        subject=partner.public_id,
        fields=["subjects"],
    )
    return subject


@transaction.atomic
def take_person_off(*, asked: OutsideRequest, partner: Partner, by: Any) -> None:
    """Undo a slip while the request is open.

    :raises ValidationError: ``decided``.
    :raises PermissionDenied: the request or the partner lies outside the scope.
    """
    asked = _open(asked, by)
    if not partners_visible_to(by).filter(pk=partner.pk).exists():
        raise PermissionDenied
    gone, _models = OutsideRequestSubject.objects.filter(request=asked, partner=partner).delete()
    if gone:
        record(
            by=by,
            verb="outside_request.person_taken_off",
            obj=asked,
            subject=partner.public_id,
            fields=["subjects"],
        )


@transaction.atomic
def decide(
    *, asked: OutsideRequest, by: Any, state: str, decision: str, given: str = "", silence_basis: str = ""
) -> OutsideRequest:
    """Grant a request, in whole or in part, or refuse it; once and for good.

    :param silence_basis: the law that forbids telling the people concerned; empty, they are told.
    :raises ValidationError: ``decided``; by field: ``unknown``, ``blank``, ``given`` when something was given though
        refused, or nothing is said of what was given.
    :raises PermissionDenied: the request lies outside the scope.
    """
    asked = _open(asked, by)
    if state not in OutsideState.values or state == OutsideState.OPEN:
        raise ValidationError({"state": ValidationError(_("Choose a decision."), code="unknown")})
    given = given.strip()
    if given and state not in GIVES:
        raise ValidationError(
            {"given": ValidationError(_("What is refused gives nothing: leave this empty."), code="given")}
        )
    if not given and state in GIVES:
        raise ValidationError({"given": ValidationError(_("Say what was given."), code="given")})
    if not decision.strip():
        raise ValidationError({"decision": ValidationError(_("Give the grounds."), code="blank")})
    asked.state, asked.decision, asked.given = state, decision.strip(), given
    asked.silence_basis = silence_basis.strip()
    asked.decided_at, asked.decided_by_id = timezone.now(), by.pk
    asked.full_clean(validate_unique=False, validate_constraints=False)
    changed = ["state", "decision", "given", "silence_basis", "decided_at", "decided_by_id"]
    asked.save(update_fields=changed)
    record(by=by, verb="outside_request.decided", obj=asked, fields=["state", "decision", "given"])
    return asked


def _open(asked: OutsideRequest, by: Any) -> OutsideRequest:
    """The row under lock, while it is not decided."""
    if not by.can("outside_request.manage") or asked.unit_id not in scope_of(by):
        raise PermissionDenied
    asked = OutsideRequest.objects.select_for_update(of=("self",)).select_related("unit").get(pk=asked.pk)
    if asked.state != OutsideState.OPEN:
        raise ValidationError(_("This request is decided: nothing in it changes any more."), code="decided")
    return asked
