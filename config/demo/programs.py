"""The two sample programmes: the real tour of 2024, and an invented one that runs today."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Officer
from events.models import Program
from events.operations import programs
from regions.models import Region


def tour(by: Officer) -> Program:
    """The real tour: name and aim as reported; its days are those of the first and the last stop known to us."""
    return programs.create(
        by=by,
        name="Rangkaian Dialog Penguatan Kehumasan",
        theme="Cooling system Pilkada 2024 di ruang digital",
        goal="Dialog dengan influencer dan pegiat media sosial di daerah.",
        unit=by.unit,
        region=Region.objects.get(code="64"),
        starts_on=date(2024, 10, 21),
        ends_on=date(2024, 10, 31),
        is_demo=True,
    )


def sample(by: Officer) -> Program:
    today = timezone.localdate()
    return programs.create(
        by=by,
        name="(CONTOH) Rangkaian Temu Warganet",
        theme="(CONTOH) Saring sebelum sharing",
        goal="(CONTOH) Rangkaian rekaan untuk mencoba Rembuk.",
        unit=by.unit,
        region=Region.objects.get(code="64"),
        starts_on=today - timedelta(days=45),
        ends_on=today + timedelta(days=90),
        is_demo=True,
    )
