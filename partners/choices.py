from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerKind(models.TextChoices):
    INFLUENCER = "influencer", _("Influencer")
    ACTIVIST = "activist", _("Social-media activist")
    CREATOR = "creator", _("Content creator")
    ACCOUNT_ADMIN = "account_admin", _("Admin of a local account")
    JOURNALIST = "journalist", _("Journalist")
    COMMUNITY_LEADER = "community_leader", _("Community figure")
    OFFICIAL = "official", _("Official")


class PartnerStatus(models.TextChoices):
    """Prospective: no consent to be kept, erased when due. Archived: set aside by an officer, with a reason."""

    ACTIVE = "active", _("Partner")
    PROSPECTIVE = "prospective", _("Prospective partner")
    ARCHIVED = "archived", _("Archived")


class Keep(models.TextChoices):
    """The state of the consent to be kept, maintained from the latest decision on it."""

    NONE = "none", _("No consent")
    UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
    CONFIRMED = "confirmed", _("Consent confirmed")


class Source(models.TextChoices):
    """Where the record came from; no record stands without one."""

    IN_PERSON = "in_person", _("Met in person")
    EVENT = "event", _("Met at an event")
    PHONE = "phone", _("Spoken to by phone or WhatsApp")
    PUBLIC_CONTACT = "public_contact", _("Contact published by the person")
    RECOMMENDED = "recommended", _("Recommended by a partner or organisation")


class LawfulBasis(models.TextChoices):
    """UU 27/2022 art. 20(2): a for consent, e for a task in the public interest (until the person has answered)."""

    CONSENT = "consent", _("Consent (Law 27/2022 art. 20(2)a)")
    PUBLIC_TASK = "public_task", _("Public task, until the person answers (Law 27/2022 art. 20(2)e)")


class Platform(models.TextChoices):
    INSTAGRAM = "instagram", "Instagram"
    TIKTOK = "tiktok", "TikTok"
    FACEBOOK = "facebook", "Facebook"
    YOUTUBE = "youtube", "YouTube"
    X = "x", "X"


class Purpose(models.TextChoices):
    """What a person may consent to, each apart."""

    KEEP = "keep", _("Keep my data in the registry")
    EMAIL = "email", _("Write to me by e-mail")
    WHATSAPP = "whatsapp", _("Write to me by WhatsApp")
    PHONE = "phone", _("Call me")
    PHOTO = "photo", _("Photograph me at events")
    PUBLIC_NAME = "public_name", _("Name me in public reports")
    SHARE_UNIT = "share_unit", _("Share my data with another unit")


class Decision(models.TextChoices):
    GIVEN = "given", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentChannel(models.TextChoices):
    """How a decision reached us. Only screen, link and a photographed sheet confirm it; an officer's tick does not."""

    SPOKEN = "spoken", _("Told to an officer")
    SCREEN = "screen", _("By the person on this screen")
    LINK = "link", _("By the person through a link")
    PAPER = "paper", _("On a signed sheet, photographed")


# How long a stated reason may be, for an archiving or a look at a contact.
MAX_REASON = 200

CONFIRMING_CHANNELS = frozenset({ConsentChannel.SCREEN, ConsentChannel.LINK, ConsentChannel.PAPER})

# What "Berhenti dihubungi" withdraws, and of which the person's own yes lifts it.
CONTACT_PURPOSES = (Purpose.EMAIL, Purpose.WHATSAPP, Purpose.PHONE)


class ErasureReason(models.TextChoices):
    """Why a record was erased: its time to be decided on ran out, the person asked, or a backup brought it back."""

    DUE = "due", _("Nobody agreed in time")
    ASKED = "asked", _("The person asked for it")
    REPLAYED = "replayed", _("Erased before a backup was restored")


# The outbox purpose and link purpose of the one message that may go to somebody who has not agreed yet.
CONSENT_REQUEST = "consent_request"


class OrganizationKind(models.TextChoices):
    MEDIA = "media", _("Media house")
    ASSOCIATION = "association", _("Association of journalists or media")
    COMMUNITY = "community", _("Community")
    INSTITUTION = "institution", _("Institution")


class AddressKind(models.TextChoices):
    """What kind of address somebody asked not to be reached at."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    HANDLE = "handle", _("Handle")


class OutsideState(models.TextChoices):
    """What the privacy officer decided on a request from outside the humas function."""

    OPEN = "open", _("Awaiting a decision")
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Granted in part")
    REFUSED = "refused", _("Refused")


class Attended(models.TextChoices):
    """When somebody last came to a dialogue, to see whom nobody has spoken with for long; never a ranking."""

    QUARTER = "3", _("Within 3 months")
    HALF_YEAR = "6", _("Within 6 months")
    YEAR = "12", _("Within 12 months")
    LONGER = "longer", _("Longer ago")
    NEVER = "never", _("Never yet")
