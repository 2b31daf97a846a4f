"""What a line of the audit says to a person. A verb without a sentence is shown as it is stored."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "affiliation.began": _("Position in an organisation recorded"),
    "affiliation.ended": _("Position in an organisation ended"),
    "affiliation.updated": _("Position in an organisation changed"),
    "agenda.replaced": _("Agenda changed"),
    "attendance.counted": _("Mark from the door counted after a look"),
    "attendance.dismissed": _("Mark from the door not counted after a look"),
    "attendance.doubted": _("Mark from the door kept, to be looked at"),
    "attendance.matched": _("Walk-in found to be another guest of the list"),
    "attendance.present": _("Marked as present"),
    "attendance.repeated": _("Marked as present once more"),
    "attendance.undone": _("Attendance undone"),
    "attendance.walk_in": _("Walk-in received"),
    "badges.exported": _("Name badges printed"),
    "commitment.dropped": _("Our promise dropped"),
    "commitment.finished": _("Our promise kept"),
    "commitment.promised": _("Our promise recorded"),
    "commitment.updated": _("Our promise changed"),
    "consent.given": _("Consent given"),
    "consent.lapsed": _("Consent lapsed: it was not confirmed in time"),
    "consent.withdrawn": _("Consent withdrawn"),
    "consent_text.published": _("Consent text published"),
    "device.claimed": _("A helper's phone came to the door"),
    "device.invited": _("Link for a helper's phone made"),
    "device.registered": _("Phone prepared for the door"),
    "device.revoked": _("Phone taken off the door"),
    "directive.given": _("Directive given"),
    "directive.removed": _("Directive taken away"),
    "directive.reported": _("Report on a directive"),
    "directive.updated": _("Directive changed"),
    "election.added": _("Election calendar added"),
    "election.updated": _("Election calendar changed"),
    "event.approved": _("Event approved and published"),
    "event.cancelled": _("Event cancelled"),
    "event.created": _("Event drafted"),
    "event.finished": _("Event marked as done"),
    "event.handed_over": _("Event passed on to another officer"),
    "event.postponed": _("Event postponed"),
    "event.published": _("Event published"),
    "event.reported": _("Event reported"),
    "event.rescheduled": _("Event moved to another date"),
    "event.returned": _("Event sent back to be mended"),
    "event.submitted": _("Event submitted to a leader"),
    "event.taken_back": _("Submission of the event taken back"),
    "event.unit_answered": _("Answer of a unit recorded"),
    "event.units_changed": _("Units taking part changed"),
    "event.updated": _("Event changed"),
    "file.downloaded": _("File opened"),
    "file.removed": _("File removed"),
    "file.stored": _("File stored"),
    "guest.added": _("Guest added by hand"),
    "guest.answered": _("Answer of a guest recorded"),
    "guest.invited": _("Guest invited"),
    "guest.named": _("Guest named"),
    "guest.removed": _("Guest taken off the list"),
    "job.cancelled": _("Background work cancelled"),
    "job.done": _("Background work finished"),
    "job.failed": _("Background work failed"),
    "job.queued": _("Background work begun"),
    "jurisdiction.added": _("Territory added"),
    "jurisdiction.removed": _("Territory taken back"),
    "jurisdiction.updated": _("Territory changed"),
    "link.issued": _("Link made for a person"),
    "link.revoked": _("Link revoked"),
    "message.failed": _("Message failed"),
    "message.missed": _("Message not sent in time"),
    "message.queued": _("Message queued"),
    "message.sent": _("Message sent"),
    "message.suppressed": _("Message not sent"),
    "message.unknown": _("Message perhaps sent"),
    "neutrality.checked": _("Neutrality list ticked"),
    "officer.activated": _("Account switched on"),
    "officer.added": _("Account made"),
    "officer.deactivated": _("Account switched off"),
    "officer.factor_added": _("Second step set up"),
    "officer.factor_failed": _("Login failed: wrong code"),
    "officer.factor_removed": _("Second step removed"),
    "officer.factor_renewed": _("New recovery codes made"),
    "officer.factor_reset": _("Second step reset by the administrator"),
    "officer.link_issued": _("Link for choosing a password made"),
    "officer.logged_in": _("Logged in"),
    "officer.logged_out": _("Logged out"),
    "officer.login_failed": _("Login failed"),
    "officer.password_changed": _("Password changed"),
    "officer.password_set": _("Password set by the administrator"),
    "officer.session_ended": _("Logged out on one device"),
    "officer.sessions_ended": _("Logged out on all other devices"),
    "officer.updated": _("Account changed"),
    "officer.work_passed_on": _("Open work passed on to another officer"),
    "officer.work_received": _("Open work received from another officer"),
    "organization.added": _("Organisation added"),
    "organization.archived": _("Organisation archived"),
    "organization.restored": _("Organisation restored"),
    "organization.updated": _("Organisation changed"),
    "outreach.created": _("Outreach recorded"),
    "outreach.updated": _("Outreach changed"),
    "outside_request.decided": _("Request from outside decided"),
    "outside_request.person_named": _("Named in a request from outside"),
    "outside_request.person_taken_off": _("Taken off a request from outside"),
    "outside_request.received": _("Request from outside received"),
    "participant.contact_revealed": _("Contact of a guest opened"),
    "participant.forgotten": _("Guest of one evening forgotten"),
    "partner.archived": _("Partner archived"),
    "partner.contact_allowed": _("The person allows to be contacted again"),
    "partner.contact_revealed": _("Contact opened"),
    "partner.contact_stopped": _("The person asked not to be contacted"),
    "partner.erased": _("Data of a person erased"),
    "partner.moved": _("Partner moved to another unit"),
    "partner.registered": _("Partner registered"),
    "partner.restored": _("Partner restored"),
    "partner.updated": _("Partner changed"),
    "personnel.added": _("Personnel of a unit named"),
    "personnel.removed": _("Personnel taken off the list"),
    "pledge.recorded": _("Joint commitment recorded"),
    "pledge.withdrawn": _("Joint commitment withdrawn"),
    "pledge_text.published": _("Pledge text published"),
    "program.created": _("Programme begun"),
    "program.updated": _("Programme changed"),
    "proposal.accepted": _("Proposed guest taken"),
    "proposal.asked": _("Names asked of a unit"),
    "proposal.declined": _("Proposed guest not taken"),
    "proposal.made": _("Proposed as a guest"),
    "proposal.request_changed": _("Request for names changed"),
    "proposal.request_closed": _("Request for names closed"),
    "proposal.returned": _("Proposed guest sent back"),
    "proposal.withdrawn": _("Proposal of a guest withdrawn"),
    "qr_card.exported": _("QR card of a guest taken"),
    "qr_cards.exported": _("QR cards printed"),
    "report_channel.added": _("Report channel added"),
    "report_channel.updated": _("Report channel changed"),
    "role.added": _("Role at an event added"),
    "role.removed": _("Role at an event removed"),
    "role.updated": _("Role at an event changed"),
    "share.ended": _("Sharing with another unit ended"),
    "share.granted": _("Shared with another unit"),
    "sheet.keyed": _("Filled attendance sheet typed in"),
    "sheet.printed": _("Attendance sheet printed"),
    "unit.activated": _("Unit switched on"),
    "unit.added": _("Unit added"),
    "unit.deactivated": _("Unit switched off"),
    "unit.updated": _("Unit changed"),
}

KINDS: dict[str, str | Promise] = {
    "organization": _("Organisation"),
    "partner": _("Partner"),
    "consent": _("Consent"),
    "event": _("Event"),
    "program": _("Programme"),
    "participant": _("Participant"),
    "pledge": _("Joint commitment"),
    "proposal": _("Proposed guest"),
    "proposalrequest": _("Request for names"),
    "commitment": _("Our promise"),
    "directive": _("Directive"),
    "directiveunit": _("Report on a directive"),
    "outreach": _("Outreach"),
    "officer": _("Officer"),
    "message": _("Message"),
    "storedfile": _("File"),
    "job": _("Background work"),
    "link": _("Link"),
    "unit": _("Unit"),
    "jurisdiction": _("Jurisdiction"),
    "election": _("Election calendar"),
    "consenttext": _("Consent text"),
    "pledgetext": _("Pledge text"),
    "reportchannel": _("Report channel"),
    "outsiderequest": _("Request from outside"),
}

# What a line names beside the fields of its own kind: purposes, channels, fields of the partner behind a consent.
WORDS: dict[str, str | Promise] = {
    "affiliations": _("Positions"),
    "answer": _("answer"),
    "co_hosts": _("Co-hosts"),
    "consent_request": _("request for consent"),
    "contact": _("Contact"),
    "decide_by": _("decide by"),
    "email": _("e-mail"),
    "handles": _("Accounts"),
    "invited_units": _("Invited units"),
    "keep": _("data may be kept"),
    "lawful_basis": _("Lawful basis"),
    "link": _("through a link"),
    "paper": _("on paper"),
    "personnel": _("Personnel"),
    "phone": _("Phone"),
    "photo": _("photo at events"),
    "public_name": _("name in reports"),
    "screen": _("on a screen"),
    "share_unit": _("shared with another unit"),
    "spoken": _("Spoken"),
    "status": _("status"),
    "recovery_codes": _("Recovery codes"),
    "totp": _("Authenticator app"),
    "webauthn": _("Passkey"),
    "whatsapp": "WhatsApp",
}


# A line about the one may name a field of the other: the answer of a guest lies in the invitation.
BEHIND = {"participant": "invitation"}


def sentence_for(verb: str) -> str:
    return str(SENTENCES.get(verb, verb))


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def field_label(kind: str, name: str) -> str:
    """The name of a field as forms show it; what is no field of that kind (a purpose) in the word for it."""
    label = getattr(field_of(kind, name), "verbose_name", "")
    return str(label or WORDS.get(name) or name.replace("_", " "))


def field_of(kind: str, name: str) -> Any:
    """The field of that kind of object, or of what stands behind it; None for what is no field of either."""
    for model in filter(None, map(_model_of, (kind, BEHIND.get(kind, "")))):
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return None


def _model_of(kind: str) -> type[Model] | None:
    return next((model for model in apps.get_models() if model._meta.model_name == kind), None)
