"""What each role may do. This file is the whole truth about permissions; there is no other table."""

from accounts.choices import Role

_REGISTRY = {
    "partner.view",
    "partner.add",
    "partner.change",
    "partner.archive",
    "partner.reveal",
    "partner.share",
    "consent.record",
    "organization.view",
    "organization.change",
}
_EVENTS = {
    "program.view",
    "event.view",
    "participant.view",
    "event.change",
    "guest.change",
    "proposal.make",
    "outreach.view",
    "outreach.change",
    "directive.report",
    "contact.reveal",
    "door.run",
    "pledge.record",
    "commitment.change",
    "report.view",
}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ORGANIZER: frozenset(_REGISTRY | _EVENTS | {"program.change"}),
    Role.LOCAL_OFFICER: frozenset(_REGISTRY | _EVENTS),
    Role.VIEWER: frozenset({"program.view", "event.view", "event.approve", "outreach.view", "report.view"}),
    Role.PRIVACY_OFFICER: frozenset(
        {"partner.view", "partner.reveal", "consent.record", "audit.view", "outside_request.manage"}
    ),
    Role.ADMINISTRATOR: frozenset({"officer.manage", "unit.manage", "reference.manage"}),
}

ALL_PERMISSIONS = frozenset().union(*PERMISSIONS.values())
