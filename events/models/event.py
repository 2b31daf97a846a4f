"""An event: what, where, when, who, which units."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Officer, Unit
from events.choices import (
    ActingPrefix,
    AgendaKind,
    Answer,
    EventKind,
    EventState,
    PartOfDay,
    RoleKind,
    UnitPart,
)
from events.models.pledge import PledgeText
from events.models.program import Program
from regions.choices import Zone
from regions.models import Region


class Event(models.Model):
    """``starts_at`` is an instant; ``has_time`` says whether the hour is known, else ``part_of_day`` stands for it.
    ``ends_at`` empty means "s.d. selesai". ``postponed_from`` keeps the first date of a postponed event.

    The contact (name and phone) stands on the invitation; ``contact_officer`` is the account that looks after the
    event, and what a hand-over passes on. ``copied_from`` is the stop of the tour that this one was copied from.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind, default=EventKind.PR_DIALOGUE)
    title = models.CharField(_("title"), max_length=160)
    host_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("host"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    venue = models.CharField(_("venue"), max_length=160)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    has_time = models.BooleanField(_("the hour is known"), default=True)
    part_of_day = models.CharField(_("part of the day"), max_length=10, choices=PartOfDay, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=20, choices=Zone)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    dress = models.CharField(_("dress"), max_length=80, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_phone = PhoneNumberField(_("phone of the contact person"), blank=True, default="")
    contact_officer = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("officer in charge"),
    )
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    topics = models.TextField(_("topics"), max_length=2000, blank=True)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    pledge_text = models.ForeignKey(
        PledgeText,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pledge text"),
    )
    state = models.CharField(_("state"), max_length=10, choices=EventState, default=EventState.DRAFT)
    postponed_from = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["host_unit", "-starts_at"], name="event_by_host"),
            models.Index(fields=["starts_at"], name="event_by_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=EventState.values), name="event_state_known"),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="event_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["submitted", "published", "done", "reported"])
                | models.Q(starts_at__isnull=False),
                name="event_planned_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(starts_at__isnull=False),
                name="event_end_needs_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unit_id(self) -> int:
        """The unit in whose audit the event stands."""
        return self.host_unit_id

    @property
    def is_held(self) -> bool:
        return self.state in (EventState.DONE, EventState.REPORTED)

    @property
    def is_open(self) -> bool:
        """Whether guests, attendance and pledges may still be written."""
        return self.state in (
            EventState.DRAFT,
            EventState.SUBMITTED,
            EventState.PUBLISHED,
            EventState.POSTPONED,
            EventState.DONE,
        )


class EventUnit(models.Model):
    """A unit that takes part beside the host. One invited to an internal meeting answers for itself, and says how many
    of its personnel come."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="event_units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, choices=UnitPart)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    recorded_by_id = models.BigIntegerField(null=True, blank=True)
    expected = models.PositiveSmallIntegerField(_("how many come"), null=True, blank=True)

    class Meta:
        ordering = ["part", "unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["event", "unit"], name="event_unit_once"),
            models.CheckConstraint(
                condition=models.Q(part__in=UnitPart.values), name="event_unit_part_known"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="none", answered_at__isnull=True, recorded_by_id__isnull=True)
                | models.Q(answer__in=["yes", "no"], answered_at__isnull=False),
                name="event_unit_answered_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ({self.part})"


class EventRole(models.Model):
    """Somebody with a part in the evening: police people with rank and post, outsiders with their institution."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("part in the event"), max_length=12, choices=RoleKind)
    order = models.PositiveSmallIntegerField(default=0)
    rank = models.CharField(_("rank"), max_length=20, blank=True)
    full_name = models.CharField(_("name"), max_length=120)
    title_after = models.CharField(_("title after the name"), max_length=60, blank=True)
    acting_prefix = models.CharField(_("acting"), max_length=4, choices=ActingPrefix, blank=True)
    position = models.CharField(_("position"), max_length=100, blank=True)
    institution = models.CharField(_("institution"), max_length=120, blank=True)

    class Meta:
        ordering = ["role", "order", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=RoleKind.values), name="event_role_known")
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def formal_name(self) -> str:
        """Rank, name and title: AKBP I Made Pasek Riawan, S.H., M.H."""
        after = f", {self.title_after}" if self.title_after else ""
        return f"{self.rank} {self.full_name}{after}".strip()

    @property
    def post(self) -> str:
        """Acting prefix, position and institution: Plh. Sekretaris Daerah, Pemprov Kalbar."""
        position = f"{self.acting_prefix} {self.position}".strip()
        return ", ".join(part for part in (position, self.institution) if part)


class AgendaItem(models.Model):
    """One line of the evening's order; its time is of the event's place."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField(default=0)
    starts = models.TimeField(_("time"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=AgendaKind)
    title = models.CharField(_("title"), max_length=160)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AgendaKind.values), name="agenda_kind_known")
        ]

    def __str__(self) -> str:
        return self.title
