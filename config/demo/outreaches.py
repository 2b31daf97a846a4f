"""B2 as it was reported, in our own words: two outreach records of a city's agency, and one of its police."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Officer, Unit
from events.choices import ActingPrefix, OutreachChannel, OutreachKind
from events.models import Outreach
from events.operations import outreach
from regions.models import Region

# The division of responsibility that was named: not a function of this product.
_OVERSIGHT = "Pengawasan konten pemilu ada pada Bawaslu dan inspektorat."
_ZULKIFLI: dict[str, Any] = {
    "issuer_name": "Zulkifli",
    "issuer_acting_prefix": ActingPrefix.PLT,
    "issuer_position": "Kepala Dinas",
    "issuer_institution": "Diskominfo Kota Balikpapan",
}


def make(*, agency: Officer, police: Officer) -> list[Outreach]:
    """The day of the sessions and of the police's appeal was not reported, and nobody counted heads."""
    city = Region.objects.get(code="64.71")
    balikpapan = Unit.objects.get(code="polresta-balikpapan")
    return [
        outreach.create(
            by=agency,
            kind=OutreachKind.APPEAL,
            title="Imbauan tidak mudah percaya hoaks",
            unit=agency.unit,
            region=city,
            channel=OutreachChannel.PRESS,
            audience="Masyarakat Kota Balikpapan",
            message="Jangan mudah percaya kabar yang belum jelas kebenarannya.",
            held_on=date(2024, 10, 2),
            note=_OVERSIGHT,
            is_demo=True,
            **_ZULKIFLI,
        ),
        outreach.create(
            by=agency,
            kind=OutreachKind.INTERNAL_SESSION,
            title="Sosialisasi netralitas aparatur sipil negara",
            unit=agency.unit,
            region=city,
            channel=OutreachChannel.IN_PERSON,
            audience="Aparatur sipil negara Pemerintah Kota Balikpapan",
            message="Aparatur sipil negara menjaga netralitas. Kegiatan ini dilakukan berulang kali.",
            note=_OVERSIGHT,
            is_demo=True,
            **_ZULKIFLI,
        ),
        outreach.create(
            by=police,
            kind=OutreachKind.APPEAL,
            title="Imbauan Kapolresta Balikpapan",
            unit=balikpapan,
            region=city,
            issuer_rank="Kombes Pol",
            issuer_name="Anton Frimanto",
            issuer_position="Kapolresta Balikpapan",
            channel=OutreachChannel.PRESS,
            audience="Masyarakat Kota Balikpapan",
            message="Imbauan kepada masyarakat tentang hoaks, pada kesempatan lain.",
            is_demo=True,
        ),
    ]
