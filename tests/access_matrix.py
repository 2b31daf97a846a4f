"""The access matrix: every named address → permission → scope rule. ``test_access_matrix.py`` drives all of it.

*permission* is one of ``accounts/roles.py``, or ``PUBLIC`` (nobody need be signed in), or ``ANY`` (every officer).
*scope* names the kind of rows that the address is about; who sees each row stands, by hand, in :class:`World`, which
asks none of our queries. ``""`` is an address about no single row: its lists are checked by the canaries alone.
*rule* narrows further, for rows that are visible: who may act is named there too, and the others get 403.

Out of scope = 404, the same bytes as for a row that does not exist. Seen but not allowed = 403.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.links import token_of as token_of_officer
from accounts.models import Election, Jurisdiction, Officer
from accounts.queries.sessions import ref_of
from accounts.roles import PERMISSIONS
from audit.recording import record
from events.models import (
    AgendaItem,
    Approval,
    Attendance,
    AttendanceSheet,
    Commitment,
    Device,
    Directive,
    DirectiveUnit,
    Event,
    EventRole,
    Outreach,
    Participant,
    Pledge,
    Program,
    Proposal,
    ProposalRequest,
    Scan,
    ScanReview,
)
from events.operations import devices
from events.queries.sheets import people_on_paper
from files.models import StoredFile
from jobs.models import Job
from outbox.links import token_of
from outbox.operations import links
from partners.choices import CONSENT_REQUEST
from partners.models import (
    Affiliation,
    Consent,
    ConsentText,
    Organization,
    OutsideRequest,
    OutsideRequestSubject,
    Partner,
    Share,
)
from portal.models import ReportChannel
from tests.accounts.passkeys import passkey
from tests.cast import Cast, today

PUBLIC, ANY = "public", "any officer"
OPENS = frozenset({200, 302})
# What a POST with nothing in it may answer to someone who may post: done, or the form again with its errors.
TAKES = frozenset({200, 302, 400, 409, 422})


@dataclass(frozen=True)
class Row:
    permission: str
    scope: str = ""
    method: str = "GET"
    rule: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    answers: frozenset[int] = frozenset()
    # Query strings that are tried besides the bare address: searches for what must not be found.
    queries: tuple[str, ...] = ()
    # Only officers of these units may, whatever they see: the rest get 403 at once.
    only_from: frozenset[str] = frozenset()
    # The page may show a phone number unmasked to those who see the partner.
    shows_contact: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        return ("GET", "POST") if self.method == "BOTH" else (self.method,)

    def expected(self, method: str) -> frozenset[int]:
        return self.answers or (TAKES if method == "POST" else OPENS)


def page(permission: str, scope: str = "", **more: Any) -> Row:
    return Row(permission, scope, **more)


def form(permission: str, scope: str = "", **more: Any) -> Row:
    """A page with a form that is posted to the page itself: both are driven."""
    return Row(permission, scope, method="BOTH", **more)


def post(permission: str, scope: str = "", **more: Any) -> Row:
    return Row(permission, scope, method="POST", **more)


SEARCH = ("?q=kanari", "?q=0811", "?q=Kanari+Berau")

PASTED = {"count": "1", "name-1": "Kanari Beraw Zzyx", "kind": "activist", "source": "phone"}

ROWS: dict[str, Row] = {
    "home": page(ANY),
    "healthz": page(PUBLIC),
    "set_language": post(PUBLIC, data={"language": "en"}),
    # allauth: an officer's own account
    "account_login": form(PUBLIC),
    "account_logout": form(PUBLIC),
    "account_inactive": page(PUBLIC),
    "account_signup": page(PUBLIC),
    "account_reauthenticate": form(ANY),
    "account_change_password": form(ANY),
    "account_set_password": form(ANY),
    "account_reset_password": form(PUBLIC),
    "account_reset_password_from_key_done": page(PUBLIC),
    "account_reset_password_from_key": page(PUBLIC, "reset_key"),
    "account_reset_password_done": page(PUBLIC),
    "account_invitation": form(PUBLIC, "invitation"),
    "mfa_authenticate": form(PUBLIC),
    "mfa_reauthenticate": form(ANY),
    "mfa_reauthenticate_webauthn": form(ANY),
    "mfa_index": page(ANY),
    "mfa_activate_totp": form(ANY),
    # Nobody here has an app or codes, so there is nothing to remove or to see.
    "mfa_deactivate_totp": form(ANY, answers=frozenset({404})),
    "mfa_view_recovery_codes": page(ANY, answers=frozenset({404})),
    "mfa_download_recovery_codes": page(ANY, answers=frozenset({404})),
    "mfa_generate_recovery_codes": form(ANY),
    "mfa_list_webauthn": page(ANY),
    "mfa_add_webauthn": form(ANY),
    "mfa_remove_webauthn": form(ANY, "passkey"),
    "mfa_edit_webauthn": form(ANY, "passkey"),
    "account_session_end": post(ANY, "own_session"),
    "account_sessions_end": post(ANY),
    # officers, units, the audit
    "accounts:audit-list": page("audit.view"),
    "accounts:history": page(ANY, "history"),
    "accounts:officer-list": page("officer.manage", queries=("?q=petugas",)),
    "accounts:officer-add": form("officer.manage"),
    "accounts:officer-edit": form("officer.manage", "officer"),
    "accounts:officer-deactivate": post("officer.manage", "officer"),
    "accounts:officer-activate": post("officer.manage", "officer"),
    "accounts:officer-link": form("officer.manage", "officer"),
    "accounts:officer-factor-reset": form("officer.manage", "officer"),
    "accounts:officer-hand-over": form("officer.manage", "officer"),
    "accounts:unit-list": page("unit.manage"),
    "accounts:unit-add": form("unit.manage"),
    "accounts:unit-detail": page("unit.manage", "unit"),
    "accounts:unit-edit": form("unit.manage", "unit"),
    "accounts:unit-deactivate": post("unit.manage", "unit"),
    "accounts:unit-activate": post("unit.manage", "unit"),
    "accounts:jurisdiction-add": form("unit.manage", "unit"),
    "accounts:jurisdiction-check": page(
        "unit.manage",
        "unit",
        queries=("?mode=include&region_province=64&region_regency=64.07&valid_from=2099-01-01",),
    ),
    "accounts:jurisdiction-end": form("unit.manage", "jurisdiction"),
    "accounts:jurisdiction-end-check": page("unit.manage", "jurisdiction", queries=("?valid_to=2099-01-01",)),
    "accounts:jurisdiction-remove": form("unit.manage", "jurisdiction"),
    "accounts:election-list": page("reference.manage", only_from=frozenset({"mabes"})),
    "accounts:election-add": form("reference.manage", only_from=frozenset({"mabes"})),
    "accounts:election-edit": form("reference.manage", "election", only_from=frozenset({"mabes"})),
    "partners:consent-text-list": page("reference.manage", only_from=frozenset({"mabes"})),
    "partners:consent-text-add": form("reference.manage", "purpose", only_from=frozenset({"mabes"})),
    "events:pledge-text-list": page("reference.manage", only_from=frozenset({"mabes"})),
    "events:pledge-text-add": form("reference.manage", "pledge_text", only_from=frozenset({"mabes"})),
    "portal:channel-list": page("reference.manage", only_from=frozenset({"mabes"})),
    "portal:channel-add": form("reference.manage", only_from=frozenset({"mabes"})),
    "portal:channel-edit": form("reference.manage", "channel", only_from=frozenset({"mabes"})),
    # requests from outside
    "partners:outside-request-list": page("outside_request.manage"),
    "partners:outside-request-add": form("outside_request.manage"),
    "partners:outside-request-detail": page("outside_request.manage", "outside_request", queries=SEARCH),
    "partners:outside-request-decide": form("outside_request.manage", "outside_request"),
    "partners:outside-person-add": post("outside_request.manage", "outside_person"),
    "partners:outside-person-remove": post("outside_request.manage", "outside_person"),
    # regions, files, jobs
    "regions:about-data": page(ANY),
    "regions:region-options": page(ANY, queries=("?region=64.07",)),
    "files:file-download": page(ANY, "file"),
    "jobs:job-detail": page(ANY, "job"),
    "jobs:job-cancel": post(ANY, "job"),
    # the registry
    "partners:partner-list": page("partner.view", queries=SEARCH),
    "partners:partner-add": form("partner.add"),
    "partners:partner-twins": post(
        "partner.add", data={"full_name": "Kanari Beraw Zzyx", "phone": "081100011177"}
    ),
    "partners:partner-paste": form(
        "partner.add",
        data={"text": "Kanari Beraw Zzyx\nKanari Poldu Zzyx", "kind": "activist", "source": "phone"},
    ),
    "partners:partner-paste-check": post("partner.add", data=PASTED),
    "partners:partner-paste-save": post("partner.add", data=PASTED),
    "partners:partner-detail": page("partner.view", "partner"),
    "partners:partner-edit": form("partner.change", "partner", rule="own", shows_contact=True),
    "partners:partner-archive": form("partner.archive", "partner", rule="own"),
    "partners:partner-restore": post("partner.archive", "partner", rule="own"),
    "partners:partner-reveal": form("partner.reveal", "partner", data={"reason": "uji"}, shows_contact=True),
    "partners:consent-record": form("consent.record", "partner", rule="own"),
    "partners:consent-screen": form("consent.record", "partner", rule="own"),
    "partners:consent-thanks": page("consent.record"),
    "partners:consent-link": form("consent.record", "partner", rule="own"),
    "partners:consent-email": post("consent.record", "partner", rule="own"),
    "partners:contact-stop": form("consent.record", "partner", rule="own"),
    "partners:partner-share": form("partner.share", "partner", rule="own"),
    "partners:share-end": post("partner.share", "share", rule="own"),
    "partners:organization-list": page("organization.view", queries=(*SEARCH, "?state=archived")),
    "partners:organization-add": form("organization.change"),
    "partners:organization-detail": page("organization.view", "organization"),
    "partners:organization-edit": form("organization.change", "organization", rule="own"),
    "partners:organization-archive": post("organization.change", "organization", rule="own"),
    "partners:organization-restore": post("organization.change", "organization", rule="own"),
    "partners:affiliation-add": form("organization.change", "organization", queries=SEARCH),
    "partners:affiliation-end": post("organization.change", "affiliation", rule="own"),
    # programmes and events
    "events:program-list": page("program.view", queries=SEARCH),
    "events:program-add": form("program.change"),
    "events:program-detail": page("program.view", "program"),
    "events:program-edit": form("program.change", "program", rule="host"),
    "events:event-list": page("event.view", queries=("?q=zzyx", "?q=Malam", "?q=Berau")),
    "events:event-add": form("event.change"),
    "events:event-add-time": form("event.change"),
    "events:event-add-people": form("event.change"),
    "events:event-add-back": post("event.change", "plan_step"),
    "events:event-add-restart": post("event.change"),
    "events:event-detail": page("event.view", "event"),
    "events:event-edit": form("event.change", "event", rule="host"),
    "events:calendar": page("event.view", queries=("?tampilan=minggu", "?tampilan=daftar")),
    "events:invitation-copy": page("participant.view", "event"),
    "events:guest-invitation-copy": page("guest.change", "participant", rule="answer"),
    "events:event-copy": form("event.change", "event", rule="host"),
    "events:event-publish": post("event.change", "event", rule="host"),
    "events:event-finish": form("event.change", "event", rule="host"),
    "events:event-report": form("event.change", "event", rule="host"),
    "events:event-cancel": form("event.change", "event", rule="host"),
    "events:event-postpone": form("event.change", "event", rule="host"),
    "events:event-reschedule": form("event.change", "event", rule="host"),
    "events:role-add": form("event.change", "event", rule="host"),
    "events:role-edit": form("event.change", "role", rule="host"),
    "events:role-remove": form("event.change", "role", rule="host"),
    "events:agenda-edit": form("event.change", "event", rule="host"),
    "events:guest-list": page("participant.view", "event", queries=SEARCH),
    "events:guest-pick": form("guest.change", "event", rule="host", queries=SEARCH),
    "events:guest-add": form("guest.change", "event", rule="host"),
    "events:guest-answer": form("guest.change", "participant", rule="answer"),
    "events:guest-remove": form("guest.change", "participant", rule="host"),
    # the evening and after
    "events:roll": page("door.run", "event", queries=SEARCH),
    "events:roll-counts": page("door.run", "event"),
    "events:roll-walk-in": form("door.run", "event", rule="door"),
    "events:roll-mark": post("door.run", "participant", rule="door"),
    "events:roll-undo": post("door.run", "participant", rule="door"),
    # papers: what a layout is given is what the canaries are looked for in
    "events:sheet-list": page("door.run", "event", rule="door"),
    "events:sheet-make": form("door.run", "event", rule="door"),
    "events:sheet-print": post("door.run", "sheet", rule="door"),
    "events:sheet-key-in": form("door.run", "sheet", rule="door"),
    "events:badges": post("door.run", "event", rule="door"),
    "events:qr-cards": post("door.run", "event", rule="door"),
    "events:guest-qr": page("door.run", "participant", rule="door"),
    "events:guest-qr-make": post("door.run", "participant", rule="door"),
    "events:guest-qr-replace": post("door.run", "participant", rule="door"),
    "events:guest-qr-card": post("door.run", "participant", rule="door"),
    "events:guest-qr-picture": post("door.run", "participant", rule="door"),
    "portal:invitation-code": page(PUBLIC, "code"),
    # phones at the door: what they speak to takes the token of a device, never a session
    "events:device-list": page("door.run", "event"),
    "events:device-register": form("door.run", "event", rule="door"),
    "events:device-invite": form("door.run", "event", rule="door"),
    "events:device-link": page("door.run", "device"),
    "events:device-revoke": form("door.run", "device"),
    # what the phones brought that needs a look; also after the event was reported
    "events:review-list": page("door.run", "event"),
    "events:review-count": form("door.run", "event"),
    "events:review-dismiss": form("door.run", "event"),
    "events:review-who": form("door.run", "doubt"),
    "events:conflict-list": page("door.run", "event"),
    "events:walk-in-list": page("door.run", "event"),
    "events:walk-in-match": page("door.run", "walk_in", queries=SEARCH),
    "events:walk-in-confirm": form("door.run", "match"),
    "portal:door-claim": form(PUBLIC, "helper_link"),
    # The shell of the door is the same for everybody.
    "door:shell": page(PUBLIC),
    "door:worker": page(PUBLIC),
    "door:manifest": page(PUBLIC),
    "api:device": page(PUBLIC, answers=frozenset({401})),
    "api:pack": page(PUBLIC, "door_event", answers=frozenset({401})),
    "api:state": page(PUBLIC, "door_event", answers=frozenset({401})),
    "api:scans": post(PUBLIC, "door_event", answers=frozenset({401})),
    "api:openapi-json": page(PUBLIC),
    "api:api-root": page(PUBLIC, answers=frozenset({404})),
    "api:unknown": page(PUBLIC, "api_nothing", answers=frozenset({404})),
    "events:guest-contact": post("contact.reveal", "guest_contact", shows_contact=True),
    "events:pledge-list": page("pledge.record", "event", queries=SEARCH),
    "events:pledge-record": post("pledge.record", "participant", rule="door", data={"channel": "screen"}),
    "events:pledge-withdraw": form("pledge.record", "pledge"),
    "events:commitment-add": form("commitment.change", "event", rule="door"),
    "events:commitment-edit": form("commitment.change", "commitment", rule="keeper"),
    "events:commitment-finish": form("commitment.change", "commitment", rule="keeper"),
    "events:commitment-drop": form("commitment.change", "commitment", rule="keeper"),
    # names asked of units, organisations and units as guests
    "events:proposal-list": page("proposal.make"),
    "events:proposal-ask": form("guest.change", "event", rule="host"),
    "events:proposal-review": page("guest.change", "event", rule="host"),
    "events:proposal-detail": page("proposal.make", "request", rule="asked"),
    "events:proposal-pick": form("proposal.make", "request", rule="asked", queries=SEARCH),
    "events:proposal-request-edit": form("guest.change", "request", rule="host"),
    "events:proposal-request-close": post("guest.change", "request", rule="host"),
    "events:proposal-accept-all": post("guest.change", "request", rule="host"),
    "events:proposal-accept": post("guest.change", "proposal", rule="host"),
    "events:proposal-decline": post("guest.change", "proposal", rule="host"),
    "events:proposal-return": form("guest.change", "proposal", rule="host"),
    "events:proposal-again": post("proposal.make", "proposal", rule="asked"),
    "events:proposal-withdraw": post("proposal.make", "proposal", rule="asked"),
    "events:guest-organizations": form("guest.change", "event", rule="host", queries=SEARCH),
    "events:guest-name": form("door.run", "delegation", rule="door"),
    "events:unit-list": page("participant.view", "event"),
    "events:unit-answer": form("guest.change", "unit_line", rule="unit"),
    "events:unit-personnel": form("guest.change", "unit_line", rule="unit"),
    "events:personnel-remove": post("guest.change", "personnel", rule="unit"),
    # deciding, directives, outreach
    "events:event-submit": post("event.change", "event", rule="host"),
    "events:event-take-back": post("event.change", "event", rule="host"),
    "events:approval-detail": page("event.approve", "approval"),
    "events:approval-approve": post("event.approve", "approval"),
    "events:approval-return": post("event.approve", "approval"),
    "events:neutrality-check": form("event.view", "event", rule="host", queries=("?hari=2024-11-20",)),
    "events:directive-list": page("event.view", queries=("?state=open", "?state=overdue", "?state=reported")),
    "events:directive-detail": page("event.view", "directive"),
    "events:directive-add": form("event.change", "event", rule="host"),
    "events:directive-edit": form("event.change", "directive", rule="host"),
    "events:directive-remove": form("event.change", "directive", rule="host"),
    "events:directive-report": form("directive.report", "directive_unit", rule="keeper"),
    "events:outreach-list": page("outreach.view", queries=("?q=zzyx", "?kind=appeal", "?year=2024")),
    "events:outreach-add": form("outreach.change"),
    "events:outreach-detail": page("outreach.view", "outreach"),
    "events:outreach-edit": form("outreach.change", "outreach", rule="own"),
    "events:partner-events": page("participant.view", "partner"),
    "reports:quick-report": page("report.view", "event"),
    # what a person does without an account
    "portal:consent-confirm": form(PUBLIC, "link"),
    "portal:consent-erase": form(PUBLIC, "link"),
    "portal:transparency": page(PUBLIC),
    "portal:report-channels": page(PUBLIC),
    "portal:consent-done": page(PUBLIC),
    "portal:consent-erased": page(PUBLIC),
}

Who = tuple[str, str]  # role, unit


@dataclass(frozen=True)
class Thing:
    """A row that addresses may be about.

    ``seen_from``: units whose officers see it. ``may``: rule → units that may act.
    ``needs``: a permission without which the row is not there (404), where the address itself asks for none.
    ``roles``: likewise, where it is not one permission. ``only``: the single officer who sees it, where the scope is
    not a unit. ``also``: others who do.
    """

    name: str
    args: tuple[Any, ...]
    seen_from: frozenset[str]
    may: dict[str, frozenset[str]] = field(default_factory=dict)
    needs: str = ""
    only: Who | None = None
    roles: frozenset[Role] = frozenset(Role)
    also: Callable[[Who], bool] = lambda who: False
    # A real id under somebody else's parent: whatever the answer, it is that of an id that does not exist.
    crossed: bool = False

    def seen_by(self, who: Who) -> bool:
        if self.seen_from == EVERYBODY:
            return True
        role, unit = who
        if role not in Role:
            return False
        allowed = role in self.roles and (not self.needs or self.needs in PERMISSIONS[Role(role)])
        return (unit in self.seen_from and allowed and self.only in (None, who)) or self.also(who)

    def may_act(self, who: Who, rule: str) -> bool:
        return not rule or who[1] in self.may[rule]

    @property
    def missing(self) -> tuple[Any, ...]:
        """The address of a row that does not exist, beside this one: only its own id is another."""
        nowhere = 2**40 if isinstance(self.args[-1], int) else uuid.uuid4()
        return (*self.args[:-1], nowhere) if len(self.args) > 1 else (nowhere,)


@dataclass(frozen=True)
class Canary:
    """A text that stands in exactly one row; ``sees`` says who may meet it. ``contact``: only on pages that say so."""

    text: str
    sees: Callable[[Who], bool]
    contact: bool = False


KALTIM = frozenset({"mabes", "polda-kaltim"})
KUBAR, BERAU = KALTIM | {"polres-kubar"}, KALTIM | {"polres-berau"}
AGENCY = frozenset({"diskominfo-kalbar"})
# K1: host Polda Kaltim, co-host Polres Kubar, invited Polres Kukar, and those above them.
K1 = KALTIM | {"polres-kubar", "polres-kukar"}
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset({"everybody"})

READ_PARTNERS = frozenset({Role.ORGANIZER, Role.LOCAL_OFFICER, Role.PRIVACY_OFFICER})
READ_GUESTS = frozenset({Role.ORGANIZER, Role.LOCAL_OFFICER})
READ_EVENTS = READ_GUESTS | {Role.VIEWER}

# Own unit, other unit, parent, grandparent, child, co-host, invited unit, another tree; each role where it matters.
VIEWERS: list[Who] = [
    (Role.LOCAL_OFFICER, "polres-kubar"),
    (Role.LOCAL_OFFICER, "polres-berau"),
    (Role.LOCAL_OFFICER, "polres-kukar"),
    (Role.LOCAL_OFFICER, "polres-bontang"),
    (Role.ORGANIZER, "polda-kaltim"),
    (Role.ORGANIZER, "mabes"),
    (Role.ORGANIZER, "diskominfo-kalbar"),
    (Role.VIEWER, "polda-kaltim"),
    (Role.VIEWER, "polres-berau"),
    (Role.PRIVACY_OFFICER, "polda-kaltim"),
    (Role.PRIVACY_OFFICER, "polres-berau"),
    (Role.ADMINISTRATOR, "mabes"),
    (Role.ADMINISTRATOR, "polres-kubar"),
]
EVERY_VIEWER: list[Who] = [
    (role, unit)
    for role in Role
    for unit in (
        *("mabes", "polda-kaltim", "polres-kubar", "polres-berau", "polres-kukar", "polres-bontang"),
        "diskominfo-kalbar",
    )
]


class World:
    """Rows of every kind in every relation, with the canaries in them."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.password = make_password("sandi-uji-coba-2024")  # once: argon2 is slow on purpose
        self.things: dict[str, list[Thing]] = {}
        self.canaries: list[Canary] = []
        self.officers = {who: self._officer(who) for who in EVERY_VIEWER}
        for key, seen in (("kubar", KUBAR), ("berau", BERAU)):
            officer = self.cast.officer(f"kanari.{key}", f"polres-{key}")
            # Administrators, and whoever plans an event of the unit: they choose who looks after it.
            self.plant(officer.full_name, READ_GUESTS | {Role.ADMINISTRATOR}, seen)
            self.add("officer", key, (officer.public_id,), seen)
            title = f"Serah Terima {key.title()} Zzyx"
            self.cast.event(title, host=f"polres-{key}", co_hosts=[], contact_officer=officer)
            self.plant(title, READ_EVENTS | {Role.ADMINISTRATOR}, seen)
        self.partners = {
            "kubar": self._partner("kubar", "polres-kubar", KUBAR, KUBAR),
            "berau": self._partner("berau", "polres-berau", BERAU, BERAU),
            "polda": self._partner("polda", "polda-kaltim", KALTIM, KALTIM),
            "shared": self._partner("shared", "polres-berau", BERAU | {"polres-kubar"}, BERAU),
            "agency": self._partner("agency", "diskominfo-kalbar", AGENCY, AGENCY),
        }
        self._share(self.partners["shared"], "polres-kubar")
        self._organizations()
        self.text = self.cast.pledge_text()
        self._evenings()
        self._proposals()
        self._delegations()
        self._directives()
        self._outreaches()
        self._files()
        self._jobs()
        self._door()
        self._links()
        self._ways_in()
        self._office()
        self._outside()
        self.add("reset_key", "unknown key", ("a", "tidak-ada"), EVERYBODY)
        self.add("plan_step", "a step of planning", ("time",), EVERYBODY)

    def add(
        self, scope: str, name: str, args: tuple[Any, ...], seen_from: frozenset[str], **more: Any
    ) -> None:
        self.things.setdefault(scope, []).append(Thing(name, args, seen_from, **more))

    def plant(
        self, text: str, roles: frozenset[Role], units: frozenset[str], *, contact: bool = False
    ) -> str:
        self.canaries.append(Canary(text, lambda who: who[0] in roles and who[1] in units, contact))
        return text

    def _officer(self, who: Who) -> Officer:
        role, unit = who
        officer = self.cast.officer(f"{role}.{unit}".replace("_", "."), unit, Role(role))
        officer.password = self.password
        officer.save(update_fields=["password"])
        return officer

    def _partner(self, key: str, unit: str, seen: frozenset[str], own: frozenset[str]) -> Partner:
        number = 110 + len(self.things.get("partner", []))
        name, handle = f"Kanari {key.title()} Zzyx", f"kanari_{key}_zzyx"
        partner = self.cast.partner(
            name,
            unit=unit,
            region_id="64.03.05" if unit == "polres-berau" else "64.07.07",
            phone=f"+62811000{number}77",
            email=f"kanari-{key}@zzyx.example",
            handles=[("instagram", handle)],
        )
        self.add("partner", key, (partner.public_id,), seen, may={"own": own})
        self.add("history", f"partner {key}", (partner.public_id,), seen, roles=READ_PARTNERS)
        self.plant(handle, READ_PARTNERS, seen)
        self.plant(f"811000{number}77", READ_PARTNERS, seen, contact=True)
        self.plant(f"811-000{number}-77"[:12], READ_PARTNERS, seen, contact=True)
        self.plant(f"kanari-{key}@zzyx.example", READ_PARTNERS, seen, contact=True)
        record(
            by=None, verb="partner.added", obj=partner, subject=partner.public_id, reason=f"alasan {key} zzyx"
        )
        return partner

    def _share(self, partner: Partner, unit: str) -> None:
        text = ConsentText.objects.get(purpose="share_unit", version=1)
        consent = Consent.objects.create(
            partner=partner,
            purpose="share_unit",
            decision="given",
            text=text,
            at=timezone.now(),
            channel="screen",
        )
        share = Share.objects.create(partner=partner, unit=self.cast.unit(unit), consent=consent)
        # The unit that it is shared with sees the partner, and may neither end the share nor make another.
        ids = (partner.public_id, share.public_id)
        self.add("share", "of berau with kubar", ids, BERAU | {unit}, may={"own": BERAU})
        crossed = (self.partners["kubar"].public_id, share.public_id)
        self.add("share", "share of another partner", crossed, NOBODY, crossed=True)

    def _organizations(self) -> None:
        """Seen by their own unit, those above and those below; of their people each sees whom they see anyway."""
        below = frozenset({"polres-kubar", "polres-berau", "polres-kukar", "polres-bontang"})
        here: dict[str, Organization] = {}
        for key, unit, seen, own in (
            ("kubar", "polres-kubar", KUBAR, KUBAR),
            ("berau", "polres-berau", BERAU, BERAU),
            ("polda", "polda-kaltim", KALTIM | below, KALTIM),
            ("agency", "diskominfo-kalbar", AGENCY, AGENCY),
        ):
            name = self.plant(f"Media Kanari {key} zzyx", READ_GUESTS, seen)
            here[key] = Organization.objects.create(
                name=name,
                kind="media",
                unit=self.cast.unit(unit),
                region_id="64.07",
                sort_key=name.lower(),
                search_key=f" {name.lower()}",
            )
            self.add("organization", key, (here[key].public_id,), seen, may={"own": own})
            record(by=None, verb="organization.added", obj=here[key])
            ids = (here[key].public_id,)
            self.add("history", f"organization {key}", ids, seen, roles=READ_GUESTS, also=_privacy_of(own))
        # In the one that all of Kaltim sees, people of two neighbours: neither meets the other's.
        for key, at, seen, own in (
            ("kubar", "polda", KUBAR, KUBAR),
            ("berau", "polda", BERAU, BERAU),
            ("shared", "polda", BERAU | {"polres-kubar"}, BERAU),
            ("agency", "agency", AGENCY, AGENCY),
        ):
            position = self.plant(f"Jabatan {key} zzyx", READ_PARTNERS, seen)
            row = Affiliation.objects.create(
                organization=here[at], partner=self.partners[key], position=position
            )
            ids = (here[at].public_id, row.public_id)
            self.add("affiliation", f"{key} at {at}", ids, seen, may={"own": own})
            crossed = (here["kubar"].public_id, row.public_id)
            self.add("affiliation", f"{key} elsewhere", crossed, NOBODY, crossed=True)

    def _evenings(self) -> None:
        self.programs = {
            "kaltim": self._program("kaltim", "polda-kaltim"),
            "agency": self._program("agency", "diskominfo-kalbar"),
        }
        self.evenings = {
            "k1": self._evening(
                *("k1", "polda-kaltim", K1, KALTIM, ["kubar", "shared"]),
                co_hosts=["polres-kubar"],
                invited=["polres-kukar"],
            ),
            "berau": self._evening("berau", "polres-berau", BERAU, BERAU, ["berau"], program="kaltim"),
            "agency": self._evening(
                "agency", "diskominfo-kalbar", AGENCY, AGENCY, ["agency"], program="agency"
            ),
        }
        for key, partner in self.partners.items():
            seen_at = {"kubar": K1, "shared": K1 | BERAU, "berau": BERAU, "agency": AGENCY}.get(key, NOBODY)
            seen = next(thing for thing in self.things["partner"] if thing.name == key).seen_from
            self._plant_name(partner.full_name, seen, seen_at if key != "shared" else K1)
        k1, berau = self.evenings["k1"], self.evenings["berau"]
        role = EventRole.objects.get(event=berau)
        self.add("role", "role of another evening", (k1.public_id, role.public_id), NOBODY, crossed=True)
        other = Participant.objects.filter(event=berau).first()
        self.add(
            "participant", "guest of another evening", (k1.public_id, other.public_id), NOBODY, crossed=True
        )
        walk_in = Participant.objects.get(event=k1, kind="walk_in", attendance__isnull=False)
        across = (k1.public_id, walk_in.public_id, other.public_id)
        self.add("match", "guest of another evening", across, NOBODY, crossed=True)

    def _plant_name(self, name: str, as_partner: frozenset[str], as_guest: frozenset[str]) -> None:
        def sees(who: Who) -> bool:
            role, unit = who
            return (role in READ_PARTNERS and unit in as_partner) or (
                role in READ_GUESTS and unit in as_guest
            )

        self.canaries.append(Canary(name, sees))

    def _evening(
        self,
        key: str,
        host: str,
        seen: frozenset[str],
        hosts: frozenset[str],
        guests: list[str],
        program: str = "kaltim",
        co_hosts: list[str] | None = None,
        invited: list[str] | None = None,
    ) -> Any:
        may = {"host": hosts, "door": seen}
        event = self.cast.event(
            self.plant(f"Malam {key} zzyx", READ_EVENTS, seen),
            host=host,
            co_hosts=co_hosts or [],
            invited=invited or [],
            venue=self.plant(f"Kedai {key} zzyx", READ_EVENTS, seen),
            program=self.programs[program],
            pledge_text=self.text,
        )
        self.add("event", key, (event.public_id,), seen, may=may)
        for guest in guests:
            participant = self.cast.guest(event, self.partners[guest], "yes")
            # The unit whose partner it is rings them up, and writes the answer down itself.
            answering = hosts | (seen & self._and_above(participant.unit))
            self.add(
                "participant",
                f"{key} {guest}",
                (event.public_id, participant.public_id),
                seen,
                may={**may, "answer": answering},
            )
            # A contact is given to those at the event who also have the person in their own scope.
            partner = next(thing for thing in self.things["partner"] if thing.name == guest)
            both = (event.public_id, participant.public_id)
            self.add("guest_contact", f"{key} {guest}", both, seen & partner.seen_from)
        self._presence(event, participant)
        self._walk_in(event, key, seen, hosts)
        pledge = Pledge.objects.create(
            participant=participant,
            text=self.text,
            channel="screen",
            at=timezone.now(),
            by_id=self.cast.kubar.pk,
        )
        self.add("pledge", key, (pledge.public_id,), seen, may=may)
        role = EventRole.objects.create(event=event, role="leader", full_name=f"Pemimpin {key} zzyx", order=1)
        self.plant(f"Pemimpin {key} zzyx", READ_EVENTS, seen)
        self.add("role", key, (event.public_id, role.public_id), seen, may=may)
        AgendaItem.objects.create(event=event, kind="opening", title=f"Acara {key} zzyx")
        self.plant(f"Acara {key} zzyx", READ_EVENTS, seen)
        self._commitment(event, key, host, seen, may)
        self._approval(event, key, hosts)
        self._sheet(event, key, seen)
        self._phone(event, key, seen)
        record(
            by=self.cast.bidhumas,
            verb="event.published",
            obj=event,
            event=event.public_id,
            reason=f"alasan {key} zzyx",
        )
        return event

    def _phone(self, event: Any, key: str, seen: frozenset[str]) -> None:
        """A helper's phone that nobody has taken yet: its link and its name are for those who run this door."""
        phone = Device.objects.create(
            event=event,
            kind="helper",
            label=self.plant(f"HP {key} zzyx", READ_GUESTS, seen),
            officer_id=self.cast.kubar.pk,
            expires_at=timezone.now() + timedelta(days=1),
        )
        link = links.issue(purpose="door_device", target=phone.public_id, by=None, expires=phone.expires_at)
        self.plant(token_of(link), READ_GUESTS, seen)
        self.add("device", key, (event.public_id, phone.public_id), seen)
        self._doubts(event, phone, key, seen)
        self.add("door_event", key, (event.public_id,), EVERYBODY)

    def _door(self) -> None:
        """A phone under another evening is no phone; whoever holds a helper's link is told of its event."""
        berau = Device.objects.get(event=self.evenings["berau"])
        k1 = self.evenings["k1"]
        self.add("device", "phone of another evening", (k1.public_id, berau.public_id), NOBODY, crossed=True)
        _phone, link = devices.invite_helper(
            event=Event.objects.get(title="Dialog bersama dinas"), by=self.cast.diskominfo, label="Bantu-1"
        )
        self.add("helper_link", "live", (token_of(link),), EVERYBODY)
        self.add("helper_link", "a person's", ("x" * 43,), NOBODY)
        self.add("api_nothing", "no address", ("tidak/ada",), EVERYBODY)

    def _doubts(self, event: Any, phone: Device, key: str, seen: frozenset[str]) -> None:
        """Marks that need a look, of nobody and of every guest; and every guest marked by two phones."""
        about = [None, *Participant.objects.filter(event=event)]
        for number, person in enumerate(about, start=1000):
            aside = Scan.objects.create(
                event=event,
                participant=person,
                kind="present",
                source="door",
                state="needs_review",
                review_reason="unknown",
                at=timezone.now(),
                by_id=phone.officer_id,
                device_id=phone.public_id,
                device_sequence=number,
            )
            self.add("doubt", f"{key} {number}", (event.public_id, aside.client_uuid), seen)
            for by in (0, 1) if person is not None else ():
                Scan.objects.create(
                    event=event,
                    participant=person,
                    kind="present",
                    source="roll",
                    at=timezone.now(),
                    by_id=-by,
                )

    def _sheet(self, event: Any, key: str, seen: frozenset[str]) -> None:
        """Printed while they were all on the list, and a code of one of them that anybody may open."""
        people = people_on_paper(event)
        sheet = AttendanceSheet.objects.create(
            event=event, made_by_id=self.cast.kubar.pk, rows=[person.public_id.hex for person in people]
        )
        self.add("sheet", key, (sheet.public_id,), seen, may={"door": seen})
        guest = next(person for person in people if person.partner_id is not None)
        code = links.issue(
            purpose="invitation_qr",
            target=guest.public_id,
            by=None,
            expires=timezone.now() + timedelta(days=1),
        )
        self.plant(token_of(code), READ_GUESTS, seen)
        self.add("code", key, (token_of(code),), EVERYBODY)

    def _approval(self, event: Any, key: str, hosts: frozenset[str]) -> None:
        """Deciding is the host's: a co-host's leader sees neither the submission nor what was to be mended."""
        approval = Approval.objects.create(
            event=event,
            state="returned",
            decided_at=timezone.now(),
            note=self.plant(f"Perbaiki {key} zzyx", READ_EVENTS, hosts),
        )
        self.add("approval", key, (approval.public_id,), hosts, roles=frozenset({Role.VIEWER}))

    def _proposals(self) -> None:
        """A name is the host's and the proposing unit's until it is taken: nobody else at the event meets it."""
        proposed = self._partner("usulan", "polres-kubar", KUBAR, KUBAR)
        self._plant_name(proposed.full_name, KUBAR, NOBODY)
        self._proposal("k1", self.evenings["k1"], proposed, KUBAR, KALTIM, KUBAR)
        # An agency asks a Polres and reads the name, but neither page nor contact. Berau is there too, and reads none.
        kukar = KALTIM | {"polres-kukar"}
        everybody = AGENCY | kukar | BERAU
        event = self.cast.event(
            "Dialog bersama dinas",
            host="diskominfo-kalbar",
            co_hosts=["polres-kukar"],
            invited=["polres-berau"],
        )
        self.add("event", "joint", (event.public_id,), everybody, may={"host": AGENCY, "door": everybody})
        partner = self._partner("kukar", "polres-kukar", kukar, kukar)
        self._plant_name(partner.full_name, kukar, AGENCY)
        self._proposal("joint", event, partner, AGENCY | kukar, AGENCY, kukar)

    def _proposal(
        self,
        key: str,
        event: Any,
        partner: Partner,
        seen: frozenset[str],
        hosts: frozenset[str],
        asked: frozenset[str],
    ) -> None:
        may = {"host": hosts, "asked": asked}
        request = ProposalRequest.objects.create(
            event=event,
            unit=partner.unit,
            wanted=3,
            due_on=today(),
            note=self.plant(f"Catatan {key} zzyx", READ_GUESTS, seen),
        )
        self.add("request", key, (request.public_id,), seen, may=may)
        proposal = Proposal.objects.create(request=request, partner=partner)
        self.add("proposal", key, (proposal.public_id,), seen, may=may)

    def _delegations(self) -> None:
        """Everyone at the event reads who comes for an organisation or a unit; each unit writes its own line."""
        k1, hosts = self.evenings["k1"], {"polres-kubar": KUBAR, "polres-kukar": KALTIM | {"polres-kukar"}}
        institution = self.plant("Utusan k1 zzyx", READ_GUESTS, K1)
        organization = Organization.objects.create(
            name="Perkumpulan", kind="media", region_id="64.07", unit=self.cast.unit("polda-kaltim")
        )
        row = Participant.objects.create(
            event=k1, kind="delegate", organization=organization, institution=institution
        )
        self.add("delegation", "k1", (k1.public_id, row.public_id), K1, may={"door": K1})
        for code, may in hosts.items():
            unit = self.cast.unit(code)
            self.add("unit_line", code, (k1.public_id, unit.public_id), K1, may={"unit": may})
            person = Participant.objects.create(
                event=k1,
                kind="personnel",
                unit=unit,
                rank="AKP",
                display_name=self.plant(f"Personel {code} zzyx", READ_GUESTS, K1),
            )
            self.add("personnel", code, (k1.public_id, person.public_id), K1, may={"unit": may})
        berau = self.cast.unit("polres-berau")
        self.add("unit_line", "not taking part", (k1.public_id, berau.public_id), NOBODY, crossed=True)

    def _directives(self) -> None:
        """Of K1 to a co-host and to Berau, which was not there and reads its own line only; and of an agency."""
        k1, agency = self.evenings["k1"], self.evenings["agency"]
        both, own = (
            {"polres-kubar": K1, "polres-berau": K1 | BERAU},
            {"polres-kubar": KUBAR, "polres-berau": BERAU},
        )
        for number in (1, 2):
            self._directive(k1, "k1", number, K1 | BERAU, KALTIM, both, own)
            self._directive(
                *(agency, "agency", number, AGENCY, AGENCY),
                {"diskominfo-kalbar": AGENCY},
                {"diskominfo-kalbar": AGENCY},
            )

    def _directive(
        self,
        event: Any,
        key: str,
        number: int,
        seen: frozenset[str],
        hosts: frozenset[str],
        lines: dict[str, frozenset[str]],
        keepers: dict[str, frozenset[str]],
    ) -> None:
        """The first is open; on the second every unit has reported."""
        directive = Directive.objects.create(
            event=event,
            number=number,
            text=self.plant(f"Arahan {key} {number} zzyx", READ_EVENTS, seen),
            due_on=date(2024, 1, 1),
        )
        self.add("directive", f"{key} {number}", (directive.public_id,), seen, may={"host": hosts})
        record(by=None, verb="directive.given", obj=directive, event=event.public_id)
        also = _privacy_of(hosts)
        self.add("history", f"directive {key}", (directive.public_id,), seen, roles=READ_EVENTS, also=also)
        for unit, sees_line in lines.items():
            line = DirectiveUnit.objects.create(directive=directive, unit=self.cast.unit(unit))
            if number == 1:
                self.add(
                    "directive_unit",
                    f"{key} {unit}",
                    (line.public_id,),
                    sees_line,
                    may={"keeper": keepers[unit]},
                )
                continue
            line.state, line.reported_at = "reported", timezone.now()
            line.report = self.plant(f"Laporan {key} {unit} zzyx", READ_EVENTS, sees_line)
            line.evidence_file = self._file("directive_evidence", line.public_id)
            line.save()
            self.add(
                "file",
                f"report {key} {unit}",
                (line.evidence_file.public_id,),
                sees_line,
                needs="event.view",
            )

    def _outreaches(self) -> None:
        for unit, seen in (
            ("polres-kubar", KUBAR),
            ("polres-berau", BERAU),
            ("polda-kaltim", KALTIM),
            ("diskominfo-kalbar", AGENCY),
        ):
            outreach = Outreach.objects.create(
                kind="appeal",
                title=self.plant(f"Imbauan {unit} zzyx", READ_EVENTS, seen),
                unit=self.cast.unit(unit),
                # Of the tour that others see too: the record still stays with its unit.
                program=self.programs["agency" if seen == AGENCY else "kaltim"],
                region_id="61" if seen == AGENCY else "64",
                issuer_name="Pejabat Uji",
                channel="press",
                audience="Umum",
                message=self.plant(f"Pesan {unit} zzyx", READ_EVENTS, seen),
                held_on=date(2024, 10, 1),
            )
            self.add("outreach", unit, (outreach.public_id,), seen, may={"own": seen})
            record(by=None, verb="outreach.created", obj=outreach)
            self.add(
                *("history", f"outreach {unit}", (outreach.public_id,), seen),
                roles=READ_EVENTS,
                also=_privacy_of(seen),
            )

    def _presence(self, event: Any, participant: Participant) -> None:
        scan = Scan.objects.create(
            event=event, participant=participant, kind="present", source="roll", at=timezone.now()
        )
        Attendance.objects.create(event=event, participant=participant, scan=scan, at=scan.at)

    def _walk_in(self, event: Any, key: str, seen: frozenset[str], keepers: frozenset[str]) -> None:
        """What they left is kept by one unit (here the host) and shown to it and those above, not to all there."""
        name = self.plant(f"Singgah {key} zzyx", READ_GUESTS, seen)
        walk_in = Participant.objects.create(
            event=event,
            kind="walk_in",
            display_name=name,
            contact=self.plant(f"singgah-{key}-zzyx", READ_GUESTS, keepers, contact=True),
            walk_in_consent="tonight",
            unit=event.host_unit,
        )
        self._presence(event, walk_in)
        both = (event.public_id, walk_in.public_id)
        self.add("guest_contact", f"{key} walk-in", both, keepers)
        self.add("walk_in", key, both, seen)
        guest = Participant.objects.filter(event=event, partner__isnull=False).earliest("pk")
        self.add("match", key, (*both, guest.public_id), seen)
        self._matched(event, guest)

    def _matched(self, event: Any, guest: Participant) -> None:
        """Somebody who came as a walk-in and turned out to be a guest of the list, whose name stands there twice."""
        nobody = Participant.objects.create(
            event=event, kind="walk_in", walk_in_consent="tonight", unit=event.host_unit
        )
        scan = Scan.objects.create(
            event=event, participant=nobody, kind="walk_in", source="door", at=timezone.now()
        )
        ScanReview.objects.create(scan=scan, decision="counted", participant=guest, by_id=self.cast.kubar.pk)

    def _and_above(self, unit: Any) -> frozenset[str]:
        codes = []
        while unit is not None:
            codes.append(unit.code)
            unit = unit.parent
        return frozenset(codes)

    def _commitment(
        self, event: Any, key: str, unit: str, seen: frozenset[str], may: dict[str, frozenset[str]]
    ) -> None:
        commitment = Commitment.objects.create(
            event=event,
            text=self.plant(f"Janji {key} zzyx", READ_EVENTS, seen),
            owner_unit=self.cast.unit(unit),
            due_on=date(2024, 1, 1),
        )
        self.add("commitment", key, (commitment.public_id,), seen, may={"keeper": may["host"]})
        record(by=None, verb="commitment.promised", obj=commitment, event=event.public_id)
        lines = _privacy_of(may["host"])
        self.add("history", f"promise {key}", (commitment.public_id,), seen, roles=READ_EVENTS, also=lines)
        self.commitments = {**getattr(self, "commitments", {}), key: commitment}

    def _program(self, key: str, unit: str) -> Program:
        program = self.cast.program(name=f"Rangkaian {key} zzyx", unit=self.cast.unit(unit))
        # A unit that takes part in one stop sees the tour: Kukar and Berau through their evenings.
        seen = {"kaltim": KALTIM | {"polres-kubar", "polres-kukar", "polres-berau"}, "agency": AGENCY}[key]
        own = {"kaltim": KALTIM, "agency": AGENCY}[key]
        self.plant(program.name, READ_EVENTS, seen)
        self.add("program", key, (program.public_id,), seen, may={"host": own})
        record(by=None, verb="program.created", obj=program)
        self.add(
            "history", f"program {key}", (program.public_id,), seen, roles=READ_EVENTS, also=_privacy_of(own)
        )
        return program

    def _files(self) -> None:
        consent_text = ConsentText.objects.get(purpose="keep", version=1)
        for key, seen in (("kubar", KUBAR), ("berau", BERAU)):
            stored = self._file("consent_sheet", self.partners[key].public_id)
            Consent.objects.create(
                partner=self.partners[key],
                purpose="keep",
                decision="given",
                text=consent_text,
                at=timezone.now(),
                channel="paper",
                evidence=stored,
            )
            self.add("file", f"sheet {key}", (stored.public_id,), seen, needs="consent.record")
        for key, seen in (("k1", K1), ("berau", BERAU)):
            commitment = self.commitments[key]
            commitment.evidence_file = self._file("commitment_evidence", commitment.public_id)
            commitment.save(update_fields=["evidence_file"])
            self.add(
                "file", f"evidence {key}", (commitment.evidence_file.public_id,), seen, needs="event.view"
            )

    def _file(self, purpose: str, owner: uuid.UUID) -> StoredFile:
        stored = StoredFile(
            purpose=purpose,
            owner_public_id=owner,
            name=f"{purpose}.jpg",
            unit_id=1,
            content_type="image/jpeg",
            size=4,
            sha256="0" * 64,
        )
        stored.file.name = f"aa/{uuid.uuid4().hex}.jpg"
        stored.save()
        self.stored = [*getattr(self, "stored", []), stored]
        return stored

    def put_files_in_place(self) -> None:
        """Each test has its own empty storage."""
        for stored in self.stored:
            stored.file.storage.save(stored.file.name, ContentFile(b"\xff\xd8\xff\xd9"))

    def _jobs(self) -> None:
        for who in ((Role.LOCAL_OFFICER, "polres-kubar"), (Role.LOCAL_OFFICER, "polres-berau")):
            officer = self.officers[who]
            job = Job.objects.create(kind="reindex", by_id=officer.pk, unit_id=officer.unit_id)
            self.add("job", f"of {officer.username}", (job.public_id,), frozenset({who[1]}), only=who)

    def _ways_in(self) -> None:
        """Links for choosing a password; and of two officers a passkey and a session elsewhere: theirs alone."""
        for name, days, version in (("live", 1, 1), ("expired", -1, 1), ("revoked", 1, 2)):
            officer = self.cast.officer(f"diundang.{name}", "polres-kukar")
            officer.link_version, officer.link_expires_at = 1, timezone.now() + timedelta(days=days)
            args = (officer.public_id, token_of_officer(officer))
            officer.link_version = version
            officer.save(update_fields=["link_version", "link_expires_at"])
            self.add("invitation", name, args, EVERYBODY if name == "live" else NOBODY)
        for who in ((Role.LOCAL_OFFICER, "polres-kubar"), (Role.ORGANIZER, "polda-kaltim")):
            officer, own = self.officers[who], {"seen_from": frozenset({who[1]}), "only": who}
            self.add("passkey", officer.username, (passkey(officer).pk,), **own)
            elsewhere = SessionStore()
            elsewhere.create()
            UserSession.objects.create(
                user=officer, ip="10.0.0.1", session_key=elsewhere.session_key, user_agent="Firefox"
            )
            self.add("own_session", officer.username, (ref_of(elsewhere.session_key),), **own)

    def _office(self) -> None:
        """Units and their territory, and what the administrators of the whole site keep."""
        for key, code, seen in (
            ("kubar", "polres-kubar", KUBAR),
            ("berau", "polres-berau", BERAU),
            ("agency", "diskominfo-kalbar", AGENCY),
        ):
            unit = self.cast.unit(code)
            unit.letterhead = self.plant(f"KOP {key} zzyx", frozenset({Role.ADMINISTRATOR}), seen)
            unit.save(update_fields=["letterhead"])
            self.add("unit", key, (unit.public_id,), seen)
            row = Jurisdiction.objects.filter(unit=unit).first()
            if row is not None:
                row.note = self.plant(f"dasar {key} zzyx", frozenset({Role.ADMINISTRATOR}), seen)
                row.save(update_fields=["note"])
                self.add("jurisdiction", key, (row.public_id,), seen)
        mabes = frozenset({"mabes"})
        day = date(2029, 2, 1)
        days = {"candidates_fixed_on": day, "campaign_from": day, "campaign_to": day}
        rest = {"quiet_from": date(2029, 2, 2), "quiet_to": date(2029, 2, 3), "voting_on": date(2029, 2, 4)}
        election = Election.objects.create(code="uji", name="Pemilu Uji", **days, **rest)
        self.add("election", "one", (election.public_id,), mabes)
        self.add("pledge_text", "one", (self.text.public_id,), mabes)
        channel = ReportChannel.objects.create(code="uji", name="Kanal Uji", owner="Uji", use_for="Uji")
        self.add("channel", "one", (channel.public_id,), mabes)
        self.add("purpose", "keep", ("keep",), mabes)

    def _outside(self) -> None:
        """Requests that three units received, each about one of its partners; no other unit reads them."""
        readers = frozenset({Role.PRIVACY_OFFICER})
        for key, code, seen in (
            ("polda", "polda-kaltim", KALTIM),
            ("berau", "polres-berau", BERAU),
            ("agency", "diskominfo-kalbar", AGENCY),
        ):
            asked = OutsideRequest.objects.create(
                unit=self.cast.unit(code),
                received_on=date(2024, 10, 1),
                asker=self.plant(f"Peminta {key} zzyx", readers, seen),
                wanted=self.plant(f"Minta data {key} zzyx", readers, seen),
                legal_basis="UU",
            )
            OutsideRequestSubject.objects.create(request=asked, partner=self.partners[key])
            self.add("outside_request", key, (asked.public_id,), seen)
            self.add("outside_person", key, (asked.public_id, self.partners[key].public_id), seen)
        # Nobody outside the reader's scope can be named, and nobody learns whether they exist.
        polda = OutsideRequest.objects.get(unit__code="polda-kaltim")
        other = (polda.public_id, self.partners["agency"].public_id)
        self.add("outside_person", "partner of another tree", other, NOBODY, crossed=True)

    def _links(self) -> None:
        """A personal link shows its own person to whoever holds it, and says nothing once it is over."""
        for number, (name, days) in enumerate((("live", 1), ("expired", -1))):
            person = self.cast.partner(f"Tamu Bertaut {number}", status="prospective")
            expires = timezone.now() + timedelta(days=days)
            link = links.issue(purpose=CONSENT_REQUEST, target=person.public_id, by=None, expires=expires)
            self.add("link", name, (token_of(link),), EVERYBODY if days > 0 else NOBODY)


def _privacy_of(units: frozenset[str]) -> Callable[[Who], bool]:
    """The privacy officers who read the audit lines of these units, whatever the lines are about."""
    return lambda who: who[0] == Role.PRIVACY_OFFICER and who[1] in units


def address(name: str, thing: Thing | None, *, missing: bool = False) -> str:
    if thing is None:
        return reverse(name)
    return reverse(name, args=thing.missing if missing else thing.args)
