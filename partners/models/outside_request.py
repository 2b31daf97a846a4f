"""Requests for data from outside the humas function: who asked, on which written basis, what was decided and given."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from partners.choices import OutsideState
from partners.models.partner import Partner


class OutsideRequest(models.Model):
    """One request, decided by the privacy officer. The people it is about are told, unless ``silence_basis`` names the
    law that forbids it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    received_on = models.DateField(_("received"))
    asker = models.CharField(_("who asked"), max_length=160)
    letter_number = models.CharField(_("number of the letter"), max_length=80, blank=True)
    wanted = models.TextField(_("what was asked for"), max_length=1000)
    legal_basis = models.TextField(_("written legal basis"), max_length=1000)
    state = models.CharField(_("decision"), max_length=8, choices=OutsideState, default=OutsideState.OPEN)
    decision = models.TextField(_("grounds of the decision"), max_length=1000, blank=True)
    given = models.TextField(_("what was given"), max_length=1000, blank=True)
    silence_basis = models.CharField(_("law that forbids telling the person"), max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=OutsideState.values), name="outside_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True, decided_by_id__isnull=True)
                | (
                    ~models.Q(state="open")
                    & models.Q(decided_at__isnull=False, decided_by_id__isnull=False)
                    & ~models.Q(decision="")
                ),
                name="outside_decided_when",
            ),
            models.CheckConstraint(
                condition=models.Q(given="") | models.Q(state__in=["granted", "partly"]),
                name="outside_given_if_granted",
            ),
        ]

    def __str__(self) -> str:
        return self.asker


class OutsideRequestSubject(models.Model):
    """A partner whom a request is about; the row goes with the person."""

    request = models.ForeignKey(OutsideRequest, on_delete=models.CASCADE, related_name="subjects")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="outside_requests")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "partner"], name="outside_subject_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.partner_id}"
