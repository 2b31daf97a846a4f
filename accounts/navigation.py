"""The items of the navigation bar, by permission."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules import can_manage_reference


@dataclass(frozen=True)
class Item:
    label: str | Promise
    icon: str
    url: str
    is_current: bool


# permission (None: everyone), label, icon, URL name, URL namespace that marks it as current
_ITEMS = [
    (None, _("Home"), "home", "home", ""),
    ("partner.view", _("Partners"), "users", "partners:partner-list", "partners"),
    ("event.view", _("Events"), "calendar-event", "events:event-list", "events"),
    ("program.view", _("Programmes"), "map-pin", "events:program-list", "programs"),
    ("audit.view", _("Audit"), "history", "accounts:audit-list", "audit"),
    (
        "outside_request.manage",
        _("Requests from outside"),
        "mail",
        "partners:outside-request-list",
        "outside",
    ),
    ("officer.manage", _("Officers"), "shield", "accounts:officer-list", "officers"),
    ("unit.manage", _("Units"), "building", "accounts:unit-list", "units"),
    ("reference.manage", _("Reference data"), "database", "partners:consent-text-list", "reference"),
]

# Pages of several apps that stand under one item: how their names begin.
_REFERENCE = ("consent-text", "pledge-text", "channel", "election")


def items_for(user: Any, match: Any) -> list[Item]:
    """What this officer's role lets them open, with the current one marked."""
    section = _section(match)
    return [
        Item(label, icon, reverse(name), section == key)
        for permission, label, icon, name, key in _ITEMS
        if permission is None or _may(user, permission)
    ]


def _may(user: Any, permission: str) -> bool:
    return can_manage_reference(user) if permission == "reference.manage" else user.can(permission)


def _section(match: Any) -> str:
    if match is None:
        return "none"
    name = match.url_name or ""
    if name.startswith(_REFERENCE):
        return "reference"
    if name.startswith("jurisdiction"):
        return "units"
    if match.namespace == "partners" and name.startswith("outside"):
        return "outside"
    if match.namespace == "events" and name.startswith("program"):
        return "programs"
    if match.namespace == "reports":
        return "events"
    if match.namespace == "accounts":
        return f"{name.split('-')[0]}s".replace("audits", "audit")
    return match.namespace or ("" if name == "home" else "none")
