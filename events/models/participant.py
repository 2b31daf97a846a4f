"""Everyone at an event is a participant; those asked to come have an invitation too."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from events.choices import GUEST_KINDS, Answer, AnswerChannel, ParticipantKind, WalkInConsent
from events.models.event import Event, EventRole
from partners.models import Organization, Partner
from regions.models import Region


class Participant(models.Model):
    """One row per event and person. Erasure empties ``partner`` and ``display_name``; the row stays for the count.

    ``region`` and ``unit`` are the partner's at the time. ``is_press`` marks *Rekan media*, who are never asked to
    pledge. ``contact`` is what a walk-in left (phone or handle) until somebody makes a partner of it. An organisation
    that was asked to come is a delegate whose name may follow later. Personnel carry rank and position.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participants")
    kind = models.CharField(max_length=10, choices=ParticipantKind)
    partner = models.ForeignKey(
        Partner, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="participants"
    )
    delegate_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="delegates"
    )
    role = models.OneToOneField(
        EventRole, on_delete=models.SET_NULL, null=True, blank=True, related_name="participant"
    )
    display_name = models.CharField(_("name"), max_length=200, blank=True)
    institution = models.CharField(_("organisation"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="participants"
    )
    rank = models.CharField(_("rank"), max_length=20, blank=True)
    position = models.CharField(_("position"), max_length=100, blank=True)
    contact = models.CharField(_("phone or handle"), max_length=80, blank=True)
    walk_in_consent = models.CharField(max_length=10, choices=WalkInConsent, blank=True)
    is_press = models.BooleanField(default=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    search_key = models.CharField(max_length=500, editable=False, default="")
    added_at = models.DateTimeField(auto_now_add=True)
    added_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["display_name", "pk"]
        indexes = [models.Index(fields=["event", "kind", "display_name"], name="participant_by_event")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "partner"],
                condition=models.Q(partner__isnull=False),
                name="participant_once",
            ),
            models.UniqueConstraint(
                fields=["delegate_for"],
                condition=models.Q(delegate_for__isnull=False),
                name="participant_one_delegate",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ParticipantKind.values), name="participant_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["partner", "walk_in"]) | models.Q(partner__isnull=True),
                name="participant_partner_by_kind",
            ),
            models.UniqueConstraint(
                fields=["event", "organization"],
                condition=models.Q(organization__isnull=False),
                name="participant_organization_once",
            ),
            models.CheckConstraint(
                condition=models.Q(organization__isnull=True)
                | models.Q(kind="delegate", delegate_for__isnull=True),
                name="participant_organization_by_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["personnel", "official"]) | models.Q(rank=""),
                name="participant_rank_by_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="walk_in") | models.Q(walk_in_consent="", contact=""),
                name="participant_walk_in_fields",
            ),
        ]

    def __str__(self) -> str:
        if self.organization_id is not None and not self.display_name:
            said = _("%(organization)s — delegate not named yet")
            return str(said % {"organization": self.institution})
        return f"{self.rank} {self.display_name}".strip() or str(_("Guest without a name"))

    @property
    def is_guest(self) -> bool:
        return self.kind in GUEST_KINDS

    @property
    def is_erased(self) -> bool:
        """Once somebody of the registry, and now only a row that keeps the count."""
        was_partner = self.kind == ParticipantKind.PARTNER or self.walk_in_consent == WalkInConsent.KEEP
        return was_partner and self.partner_id is None and not self.display_name

    @property
    def is_named_for_tonight(self) -> bool:
        """A walk-in who left a name for the evening and is nobody of the registry: may be another guest of the list."""
        is_tonight = self.walk_in_consent == WalkInConsent.TONIGHT
        return is_tonight and self.partner_id is None and bool(self.display_name)


class Invitation(models.Model):
    """The asking of one participant, and the answer that came."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="invitation")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.NONE)
    answer_channel = models.CharField(_("came by"), max_length=10, choices=AnswerChannel, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    recorded_by_id = models.BigIntegerField(null=True, blank=True)
    invited_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer__in=Answer.values), name="invitation_answer_known"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="none", answered_at__isnull=True, answer_channel="")
                | (
                    ~models.Q(answer="none")
                    & models.Q(answered_at__isnull=False)
                    & ~models.Q(answer_channel="")
                ),
                name="invitation_answered_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.answer}"
