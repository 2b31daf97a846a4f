"""A handle: a way to contact a person, and no more. Nothing about it is ever read from the platform."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.choices import Platform
from partners.handles import shown
from partners.models.partner import Partner


class SocialAccount(models.Model):
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="social_accounts")
    platform = models.CharField(_("platform"), max_length=10, choices=Platform)
    handle = models.CharField(_("handle"), max_length=80)
    handle_key = models.CharField(max_length=80, editable=False)

    class Meta:
        ordering = ["platform", "handle_key"]
        indexes = [models.Index(fields=["handle_key"], name="social_by_handle")]
        constraints = [
            models.UniqueConstraint(fields=["partner", "platform", "handle_key"], name="social_account_once"),
            models.CheckConstraint(
                condition=models.Q(platform__in=Platform.values), name="social_platform_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} @{self.handle}"

    @property
    def shown(self) -> str:
        """As people write it: "@rinabarong"."""
        return shown(self.platform, self.handle)
