"""How an instant is written at its place: "Senin, 21 Oktober 2024 pukul 20.00 WITA"."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_label(timezone: str) -> str:
    """WIB, WITA or WIT; an unknown zone answers with its own name."""
    return ZONE_LABELS.get(timezone, timezone)


def at_place(instant: datetime, timezone: str) -> datetime:
    return instant.astimezone(ZoneInfo(timezone))


def days_by_place(instant: datetime) -> dict[date, list[str]]:
    """The day that it is in each of the country's zones: one day, or two and which zones have each."""
    found: dict[date, list[str]] = {}
    for zone in ZONE_LABELS:
        found.setdefault(at_place(instant, zone).date(), []).append(zone)
    return found


def clock(instant: datetime, timezone: str) -> str:
    """Such as 19.42 WITA."""
    return f"{at_place(instant, timezone):%H.%M} {zone_label(timezone)}"


def long_date(day: date) -> str:
    """Such as Senin, 21 Oktober 2024."""
    return dateformat.format(day, "l, j F Y")


def long_moment(instant: datetime, timezone: str) -> str:
    """Such as Senin, 21 Oktober 2024 pukul 20.00 WITA."""
    return _("%(date)s at %(time)s") % {
        "date": long_date(at_place(instant, timezone)),
        "time": clock(instant, timezone),
    }


def span(
    starts_at: datetime | None,
    ends_at: datetime | None,
    timezone: str,
    *,
    has_time: bool = True,
    part_of_day: str = "",
) -> str:
    """The whole "when" of an event.

    :param has_time: False prints the day only, with ``part_of_day`` ("malam hari") and the zone.
    :param ends_at: None prints "s.d. selesai".
    """
    if starts_at is None:
        return _("date to follow")
    day = long_date(at_place(starts_at, timezone))
    if not has_time:
        return " ".join(
            part for part in (f"{day},", part_of_day, f"({zone_label(timezone)})") if part
        ).replace(", (", " (")
    begin = f"{at_place(starts_at, timezone):%H.%M}"
    if ends_at is None:
        end = pgettext("open end of an event", "until finished")
        return f"{day}, {begin} {zone_label(timezone)} {end}"
    last = at_place(ends_at, timezone)
    if last.date() == at_place(starts_at, timezone).date():
        return f"{day}, {begin}–{last:%H.%M} {zone_label(timezone)}"
    return f"{day}, {begin} – {long_date(last)}, {last:%H.%M} {zone_label(timezone)}"
