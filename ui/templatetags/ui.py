"""Tags and filters that every template has without loading them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui import phones, times

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the vendored sprite; it says nothing to a screen reader, so a word must stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/tabler-icons/sprite.svg"),
        name,
    )


@register.filter
def phone(number: Any) -> str:
    return phones.written_form(number)


@register.filter
def masked(number: Any) -> str:
    return phones.masked_form(number)


@register.filter
def masked_email(address: Any) -> str:
    return phones.masked_address(str(address or ""))


@register.filter
def longdate(day: date | None) -> str:
    return times.long_date(day) if day else ""


@register.filter
def moment(instant: datetime | None, timezone: str) -> str:
    return times.long_moment(instant, timezone) if instant else ""


@register.filter
def clock(instant: datetime | None, timezone: str) -> str:
    return times.clock(instant, timezone) if instant else ""


@register.filter
def moment_of(instant: datetime | None, event: Any) -> str:
    """The hour alone on the day of the event, as its place counts days; otherwise the whole moment."""
    if instant is None:
        return ""
    zone, day = event.timezone, event.starts_at
    if day is not None and times.at_place(instant, zone).date() == times.at_place(day, zone).date():
        return times.clock(instant, zone)
    return times.long_moment(instant, zone)


@register.filter
def zone(timezone: str) -> str:
    """WIB, WITA or WIT."""
    return times.zone_label(timezone)


@register.simple_tag
def when(event: Any) -> str:
    """The whole "when" of an event, in the zone of its place."""
    return times.span(
        event.starts_at,
        event.ends_at,
        event.timezone,
        has_time=event.has_time,
        part_of_day=event.get_part_of_day_display() if event.part_of_day else "",
    )
