"""Every change to an organisation, and to the positions that people hold in it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.queries.units import scope_of
from audit.recording import record
from partners.models import Affiliation, Organization, Partner
from partners.operations import consents
from partners.queries.organizations import organizations_visible_to
from partners.rules import can_affiliate, can_change_organization, can_end_affiliation
from partners.search import search_key_for, sort_key_for
from regions.models import Region

_FACTS = ("name", "short_name", "kind", "region", "unit", "phone", "email", "website")
_TEXTS = ("name", "short_name", "email", "website")
MAX_POSITION = 100


@transaction.atomic
def add(
    *,
    by: Any,
    name: str,
    kind: str,
    region: Region,
    unit: Unit,
    short_name: str = "",
    phone: Any = "",
    email: str = "",
    website: str = "",
    is_demo: bool = False,
) -> Organization:
    """Add an organisation to a unit of the officer's scope.

    :raises ValidationError: by field; ``exists`` when the unit has one of this name in this region already.
    :raises PermissionDenied: the role may not, or the unit lies outside the officer's scope.
    """
    if not by.can("organization.change"):
        raise PermissionDenied
    organization = Organization(created_by_id=by.pk, is_demo=is_demo)
    _set(
        organization,
        {
            "name": name,
            "short_name": short_name,
            "kind": kind,
            "region": region,
            "unit": unit,
            "phone": phone,
            "email": email,
            "website": website,
        },
    )
    _check(organization, by)
    organization.save(force_insert=True)
    record(by=by, verb="organization.added", obj=organization)
    return organization


@transaction.atomic
def update(*, organization: Organization, by: Any, **facts: Any) -> Organization:
    """Change facts of an organisation; what stays the same writes nothing.

    :param facts: any of name, short_name, kind, region, unit, phone, email, website.
    :raises ValidationError: as :func:`add`.
    :raises PermissionDenied: the organisation, or the unit it is to go to, lies outside the officer's scope.
    """
    unknown = set(facts) - set(_FACTS)
    if unknown:
        raise TypeError(f"Not a fact of an organisation: {sorted(unknown)}")
    locked = _lock(organization, by)
    unit_before = locked.unit_id
    touched = _set(locked, facts)
    if not touched:
        return locked
    _check(locked, by)
    locked.save(update_fields=[*touched, "search_key", "sort_key"])
    record(by=by, verb="organization.updated", obj=locked, unit_id=unit_before, fields=touched)
    return locked


@transaction.atomic
def archive(*, organization: Organization, by: Any) -> Organization:
    """Set an organisation aside: out of lists and selections; its people and history stay. Twice changes nothing.

    :raises PermissionDenied: it lies outside the officer's scope.
    """
    locked = _lock(organization, by)
    if locked.archived_at is None:
        locked.archived_at, locked.archived_by_id = timezone.now(), by.pk
        locked.save(update_fields=["archived_at", "archived_by_id"])
        record(by=by, verb="organization.archived", obj=locked)
    return locked


@transaction.atomic
def restore(*, organization: Organization, by: Any) -> Organization:
    """Undo an archiving.

    :raises PermissionDenied: it lies outside the officer's scope.
    """
    locked = _lock(organization, by)
    if locked.archived_at is not None:
        locked.archived_at = locked.archived_by_id = None
        locked.save(update_fields=["archived_at", "archived_by_id"])
        record(by=by, verb="organization.restored", obj=locked)
    return locked


@transaction.atomic
def affiliate(*, organization: Organization, partner: Partner, by: Any, position: str = "") -> Affiliation:
    """Write down that a person holds a position there. Written down again, it is the new position.

    :raises ValidationError: ``archived``, ``too_long``, ``gone`` when the person was erased meanwhile.
    :raises PermissionDenied: the organisation is out of sight, or the person is not in the officer's own scope.
    """
    position = " ".join(position.split())
    if len(position) > MAX_POSITION:
        raise ValidationError({"position": ValidationError(_("Too long."), code="too_long")})
    locked = consents.lock(partner)  # so that two at once do not both find nothing
    seen = organizations_visible_to(by).filter(pk=organization.pk).first()
    if seen is None or not can_affiliate(by, locked):
        raise PermissionDenied
    if seen.archived_at is not None:
        raise ValidationError(_("This organisation is archived."), code="archived")
    live = Affiliation.objects.filter(organization=seen, partner=locked, ended_on__isnull=True).first()
    if live is None:
        live = Affiliation.objects.create(
            organization=seen, partner=locked, position=position, created_by_id=by.pk
        )
        _record(by, "affiliation.began", live, ["", position])
    elif live.position != position:
        before, live.position = live.position, position
        live.save(update_fields=["position"])
        _record(by, "affiliation.updated", live, [before, position])
    return live


@transaction.atomic
def end_affiliation(*, affiliation: Affiliation, by: Any) -> Affiliation:
    """The person no longer holds the position, as of today; ended twice, it keeps its first day.

    :raises PermissionDenied: the person is not in the officer's own scope.
    """
    rows = Affiliation.objects.select_for_update(of=("self",)).select_related("partner", "organization")
    locked = rows.get(pk=affiliation.pk)
    if not can_end_affiliation(by, locked):
        raise PermissionDenied
    if locked.ended_on is None:
        locked.ended_on = timezone.localdate()
        locked.save(update_fields=["ended_on"])
        _record(by, "affiliation.ended", locked, [locked.position, ""])
    return locked


def _lock(organization: Organization, by: Any) -> Organization:
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    if not can_change_organization(by, locked):
        raise PermissionDenied
    return locked


def _set(organization: Organization, facts: dict[str, Any]) -> list[str]:
    """Set what differs, texts with their spaces squeezed; returns the names of what was set."""
    touched = []
    for name, given in facts.items():
        value: Any = " ".join(str(given or "").split()) if name in _TEXTS else (given or "")
        value = value.lower() if name == "email" else value
        key = f"{name}_id" if name in {"region", "unit"} else name
        if getattr(organization, key) != (value.pk if key != name else value):
            setattr(organization, name, value)
            touched.append(name)
    organization.sort_key = sort_key_for(organization.name)
    organization.search_key = search_key_for(organization.name, organization.short_name)[:500]
    return touched


def _check(organization: Organization, by: Any) -> None:
    if organization.unit_id not in scope_of(by):
        raise PermissionDenied
    organization.full_clean(validate_unique=False, validate_constraints=False)
    same = Organization.objects.filter(
        unit=organization.unit_id, region=organization.region_id, sort_key=organization.sort_key
    )
    if same.exclude(pk=organization.pk).exists():
        sentence = _("There is an organisation of this name in this region already; perhaps it is archived.")
        raise ValidationError({"name": ValidationError(sentence, code="exists")})


def _record(by: Any, verb: str, affiliation: Affiliation, change: list[str]) -> None:
    partner = affiliation.partner
    record(
        by=by,
        verb=verb,
        obj=partner,
        subject=partner.public_id,
        changes={"affiliations": [f"{affiliation.organization}: {text}" if text else "" for text in change]}
        if any(change)
        else None,
        fields=["affiliations"],
    )
