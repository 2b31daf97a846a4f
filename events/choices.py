from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventKind(models.TextChoices):
    PR_DIALOGUE = "pr_dialogue", _("PR dialogue")
    FGD = "fgd", _("Focus group discussion")
    COFFEE_MEETING = "coffee_meeting", _("Coffee meeting")
    JUMAT_CURHAT = "jumat_curhat", "Jumat Curhat"
    COURTESY_VISIT = "courtesy_visit", _("Courtesy visit")
    DIGITAL_LITERACY = "digital_literacy", _("Digital literacy session")
    TRAINING = "training", _("Training")
    DECLARATION = "declaration", _("Peace declaration")
    PRESS_CONFERENCE = "press_conference", _("Press conference")
    WORKING_MEETING = "working_meeting", _("Working meeting")
    SUPERVISION = "supervision", _("Supervision visit")


# Attended by units and their personnel rather than by partners.
INTERNAL_KINDS = (EventKind.WORKING_MEETING, EventKind.SUPERVISION)


class EventState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting approval")
    PUBLISHED = "published", _("Planned")
    DONE = "done", _("Done")
    REPORTED = "reported", _("Reported")
    CANCELLED = "cancelled", _("Cancelled")
    POSTPONED = "postponed", _("Postponed")


HELD_STATES = (EventState.DONE, EventState.REPORTED)
PLANNED_STATES = (EventState.PUBLISHED, EventState.POSTPONED)


class PartOfDay(models.TextChoices):
    """Said instead of an hour when only this much is known."""

    MORNING = "morning", _("in the morning")
    NOON = "noon", _("around noon")
    AFTERNOON = "afternoon", _("in the afternoon")
    NIGHT = "night", _("at night")


class UnitPart(models.TextChoices):
    CO_HOST = "co_host", _("Co-host")
    INVITED = "invited", _("Invited unit")


class RoleKind(models.TextChoices):
    LEADER = "leader", _("Led by")
    ACCOMPANYING = "accompanying", _("Accompanied by")
    OPENER = "opener", _("Opened by")
    SPEAKER = "speaker", _("Speaker")
    MODERATOR = "moderator", _("Moderator")
    MC = "mc", _("Master of ceremonies")
    MINUTE_TAKER = "minute_taker", _("Minute taker")


class ActingPrefix(models.TextChoices):
    PLT = "Plt.", "Plt."
    PLH = "Plh.", "Plh."
    PJ = "Pj.", "Pj."
    PS = "Ps.", "Ps."


class AgendaKind(models.TextChoices):
    OPENING = "opening", _("Opening")
    REMARKS = "remarks", _("Welcome speech")
    PRESENTATION = "presentation", _("Presentation")
    QNA = "qna", _("Questions and answers")
    AWARD = "award", _("Presentation of certificates")
    PHOTO = "photo", _("Group photo")
    REFRESHMENT = "refreshment", _("Refreshments")
    CLOSING = "closing", _("Closing")


class ParticipantKind(models.TextChoices):
    """Personnel and officials (speakers, leaders from outside the force) are counted apart from guests."""

    PARTNER = "partner", _("Partner")
    DELEGATE = "delegate", _("Delegate")
    WALK_IN = "walk_in", _("Walk-in")
    PERSONNEL = "personnel", _("Personnel")
    OFFICIAL = "official", pgettext_lazy("participant", "Official")


GUEST_KINDS = (ParticipantKind.PARTNER, ParticipantKind.DELEGATE, ParticipantKind.WALK_IN)
OFFICIAL_KINDS = (ParticipantKind.PERSONNEL, ParticipantKind.OFFICIAL)


class ProposalState(models.TextChoices):
    """A co-host proposes one of its own partners; the host takes, declines or returns it."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Taken")
    DECLINED = "declined", _("Not taken")
    RETURNED = "returned", _("Returned")


class ReturnedFor(models.TextChoices):
    """Why a proposal comes back: about the seat and the record, never about the person; so there is no free text."""

    NO_SEAT = "no_seat", _("The seats are taken")
    TWICE = "twice", _("Already invited through another unit")
    CONSENT = "consent", _("The consent is still missing")
    CONTACT = "contact", _("The contact needs to be completed")
    OTHER_STOP = "other_stop", _("Better for another event of the tour")


class Answer(models.TextChoices):
    NONE = "none", _("No answer yet")
    YES = "yes", _("Will come")
    NO = "no", _("Unable")
    DELEGATE = "delegate", _("Represented")


# A unit comes or does not; who stands for it is on its roll of personnel.
UNIT_ANSWERS = (Answer.NONE, Answer.YES, Answer.NO)


class AnswerChannel(models.TextChoices):
    PHONE = "phone", _("Phone")
    WHATSAPP = "whatsapp", "WhatsApp"
    IN_PERSON = "in_person", _("In person")
    LETTER = "letter", _("Letter")


class ScanKind(models.TextChoices):
    PRESENT = "present", _("Present")
    WALK_IN = "walk_in", _("Walk-in")
    UNDO = "undo", _("Undone")
    PLEDGE = "pledge", _("Pledge")


class ScanState(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    DUPLICATE = "duplicate", _("Already in")
    NEEDS_REVIEW = "needs_review", _("Needs review")


class ReviewReason(models.TextChoices):
    """Why a fact from the door does not count until a person has looked at it."""

    REVOKED_DEVICE = "device", _("the phone was no longer admitted")
    REVOKED_TOKEN = "token", _("the code was replaced or taken back")
    UNKNOWN = "unknown", _("nobody on the list has this code")
    ERASED = "erased", _("the person was erased")
    CLOSED = "closed", _("the event was cancelled or closed")
    CLOCK = "clock", _("the clock of the phone does not fit")
    LATE_UNDO = "late_undo", _("undone after more than 15 minutes")


class ReviewDecision(models.TextChoices):
    COUNTED = "counted", _("counts")
    DISMISSED = "dismissed", _("does not count")


class DeviceKind(models.TextChoices):
    OFFICER = "officer", _("Phone of an officer")
    HELPER = "helper", _("Phone of a helper")
    KIOSK = "kiosk", _("Tablet at the table")


class ScanSource(models.TextChoices):
    ROLL = "roll", _("Roll")
    DOOR = "door", _("Door")
    PAPER = "paper", _("Paper")


class WalkInConsent(models.TextChoices):
    KEEP = "keep", _("Keep")
    TONIGHT = "tonight", _("Tonight only")
    ANONYMOUS = "anonymous", _("Guest without a name +1")


class PledgeChannel(models.TextChoices):
    SCREEN = "screen", _("On the screen")
    PAPER = "paper", _("On paper")
    SPOKEN = "spoken", _("Spoken")


class CommitmentState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ApprovalState(models.TextChoices):
    """What a leader says to an event that was submitted: agreed (it is published), or back with a note."""

    WAITING = "waiting", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("To be mended")


class DirectiveState(models.TextChoices):
    OPEN = "open", _("Not reported yet")
    REPORTED = "reported", _("Reported")


class OutreachKind(models.TextChoices):
    APPEAL = "appeal", _("Appeal to the public")
    INTERNAL_SESSION = "internal_session", _("Internal session")


class OutreachChannel(models.TextChoices):
    PRESS = "press", _("Press and media")
    SOCIAL_MEDIA = "social_media", _("Own social media")
    RADIO_TV = "radio_tv", _("Radio or television")
    IN_PERSON = "in_person", _("In person")
    LETTER = "letter", _("Circular letter")
    BANNER = "banner", _("Banner or poster")
