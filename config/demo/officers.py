"""The sample accounts. Their holders are plainly fictional: no real official has an account here."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from accounts.choices import Role
from accounts.models import Officer, Unit


@dataclass(frozen=True)
class Account:
    username: str
    unit: str
    role: Role
    full_name: str
    rank: str
    position: str


ACCOUNTS = [
    Account(
        "bidhumas",
        "polda-kaltim",
        Role.ORGANIZER,
        "Petugas Contoh Bidhumas",
        "Ipda",
        "Staf Bidhumas (contoh)",
    ),
    Account(
        "kubar", "polres-kubar", Role.LOCAL_OFFICER, "Petugas Contoh Kubar", "Aipda", "Staf Sihumas (contoh)"
    ),
    Account(
        "berau", "polres-berau", Role.LOCAL_OFFICER, "Petugas Contoh Berau", "Aipda", "Staf Sihumas (contoh)"
    ),
    Account(
        "bontang",
        "polres-bontang",
        Role.LOCAL_OFFICER,
        "Petugas Contoh Bontang",
        "Aipda",
        "Staf Sihumas (contoh)",
    ),
    Account(
        "kukar", "polres-kukar", Role.LOCAL_OFFICER, "Petugas Contoh Kukar", "Aipda", "Staf Sihumas (contoh)"
    ),
    Account("pimpinan", "polda-kaltim", Role.VIEWER, "Pimpinan Contoh", "", "Pimpinan (contoh)"),
    Account("privasi", "polda-kaltim", Role.PRIVACY_OFFICER, "Petugas Contoh Privasi", "", "PPDP (contoh)"),
    Account("admin", "mabes", Role.ADMINISTRATOR, "Administrator Contoh", "", "Administrator (contoh)"),
    Account("divhumas", "mabes", Role.ORGANIZER, "Petugas Contoh Divhumas", "Ipda", "Staf Divhumas (contoh)"),
    Account(
        "diskominfo.kalbar",
        "diskominfo-kalbar",
        Role.ORGANIZER,
        "Petugas Contoh Diskominfo",
        "",
        "Staf (contoh)",
    ),
    Account(
        "diskominfo.balikpapan",
        "diskominfo-balikpapan",
        Role.ORGANIZER,
        "Petugas Contoh Diskominfo Balikpapan",
        "",
        "Staf (contoh)",
    ),
]


def create() -> dict[str, Officer]:
    """Make the accounts that are missing; all share ``DEMO_PASSWORD``. Returns them by user name.

    :raises ValidationError: ``taken`` when a real officer bears one of the names: nobody works in another's name.
    """
    names = [account.username for account in ACCOUNTS]
    taken = Officer.objects.filter(username__in=names, is_demo=False).values_list("username", flat=True)
    if taken:
        raise ValidationError(
            f"Real accounts bear the names of demo accounts: {', '.join(taken)}.", code="taken"
        )
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={account.unit for account in ACCOUNTS})}
    password = make_password(settings.DEMO_PASSWORD)
    return {account.username: _officer(account, units[account.unit], password) for account in ACCOUNTS}


def _officer(account: Account, unit: Unit, password: str) -> Officer:
    officer, _made = Officer.objects.get_or_create(
        username=account.username,
        defaults={
            "full_name": account.full_name,
            "rank": account.rank,
            "position": account.position,
            "unit": unit,
            "role": account.role,
            "password": password,
            "is_demo": True,
        },
    )
    return officer


def keep_password() -> None:
    """Give the sample accounts the password of today's ``DEMO_PASSWORD`` when it was changed since they were made."""
    first = Officer.objects.filter(is_demo=True, username=ACCOUNTS[0].username).first()
    if first is not None and not first.check_password(settings.DEMO_PASSWORD):
        password = make_password(settings.DEMO_PASSWORD)
        Officer.objects.filter(is_demo=True).update(password=password)
