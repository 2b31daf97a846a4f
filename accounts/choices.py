from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    MABES = "mabes", _("National headquarters")
    POLDA = "polda", _("Regional police")
    POLRESTABES = "polrestabes", _("Big-city police")
    POLRESTA = "polresta", _("City police")
    POLRES = "polres", _("Regency police")
    POLSEK = "polsek", _("District police")
    AGENCY = "agency", _("Government agency")


class JurisdictionMode(models.TextChoices):
    INCLUDE = "include", _("Polices")
    EXCLUDE = "exclude", _("Does not police")


class Role(models.TextChoices):
    """What an account is for; what each may do stands in :mod:`accounts.roles`."""

    ORGANIZER = "organizer", _("Organiser")
    LOCAL_OFFICER = "local_officer", _("Local officer")
    VIEWER = "viewer", _("Leader (figures only)")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    ADMINISTRATOR = "administrator", _("Administrator")
