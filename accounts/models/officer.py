"""Officers: the accounts of the public-relations function, and of nobody else."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models.unit import Unit
from accounts.roles import PERMISSIONS


class OfficerManager(BaseUserManager["Officer"]):
    """Reads the unit along with the officer: every page names it, and every scope begins with it."""

    def get_queryset(self) -> models.QuerySet["Officer"]:
        return super().get_queryset().select_related("unit")


class Officer(AbstractBaseUser):
    """A person of the humas function: always of one unit, always of one role."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        _("user name"), max_length=60, unique=True, validators=[ASCIIUsernameValidator()]
    )
    full_name = models.CharField(_("full name"), max_length=120)
    rank = models.CharField(_("rank"), max_length=20, blank=True)
    position = models.CharField(_("position"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officers", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # The link by which a password is chosen (accounts/links.py): the version that counts; empty when none is out.
    link_version = models.PositiveIntegerField(default=0, editable=False)
    link_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = OfficerManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="officer_role_known")
        ]

    def __str__(self) -> str:
        return self.full_name

    def can(self, permission: str) -> bool:
        """Whether the role holds a permission; scope is asked apart, by the ``*_visible_to`` queries."""
        return self.is_active and permission in PERMISSIONS[Role(self.role)]

    def keeps_reference(self) -> bool:
        """Whether texts, channels and calendars of the whole site are this officer's to keep."""
        return self.can("reference.manage") and self.unit.parent_id is None and self.unit.is_police

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session must carry: it ends with another password, as Django has it, and with another epoch."""
        key_salt = "accounts.models.Officer.session"
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac(key_salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def formal_name(self) -> str:
        """Rank and name as they are written on a paper: "AKBP Kade Budiyarta"."""
        return f"{self.rank} {self.full_name}".strip()
