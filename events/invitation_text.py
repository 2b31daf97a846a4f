"""The invitation as an officer pastes it into WhatsApp: plain lines, no personal link.

Always in Indonesian: it is a paper of the office and not a page of the site.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from events.choices import PLANNED_STATES, EventState
from events.models import Event
from ui.phones import written_form
from ui.times import long_date, span

# A text that goes out is what publishing means: before it a leader, or the neutrality list, has not spoken yet.
_NOT_YET = (EventState.DRAFT, EventState.SUBMITTED)


def why_not(event: Event) -> str:
    """The sentence that says why there is no invitation yet or any more; empty when there is one."""
    if event.state not in (*_NOT_YET, *PLANNED_STATES):
        return _("The event is %(state)s: nobody is invited any more.") % {
            "state": str(event.get_state_display()).lower()
        }
    if event.starts_at is None:
        return _("Give the event a date first: an invitation without a day helps nobody.")
    if event.state in _NOT_YET:
        return _("Publish the event first: until then nobody is invited.")
    return ""


def invitation_text(event: Event, name: str = "") -> str:
    """For one guest by name, or for a group where there is none.

    The greeting is the same for everybody: nobody's gender is known here.

    :param event: with ``host_unit``, ``region`` and those above it at hand.
    """
    with translation.override("id"):
        greeting = f"Yth. {_plain(name)}" if name else "Yth. Bapak/Ibu/Saudara sekalian"
        invites = f"Dengan hormat, {event.host_unit.name} mengundang hadir dalam kegiatan {event.get_kind_display()}:"
        parts = [greeting, f"{invites}\n*{_plain(event.title)}*", "\n".join(_facts(event)), _closing(event)]
        return "\n\n".join(parts)


def _facts(event: Event) -> list[str]:
    when = span(
        event.starts_at,
        event.ends_at,
        event.timezone,
        has_time=event.has_time,
        part_of_day=event.get_part_of_day_display() if event.part_of_day else "",
    )
    lines = [f"Waktu: {when}", f"Tempat: {_place(event)}"]
    if event.dress:
        lines.append(f"Pakaian: {_plain(event.dress)}")
    contact = [part for part in (_plain(event.contact_name), written_form(event.contact_phone)) if part]
    if contact:
        lines.append(f"Narahubung: {', '.join(contact)}")
    return lines


def _closing(event: Event) -> str:
    lines = ["Terima kasih."]
    if event.answer_by:
        lines.insert(0, f"Mohon jawaban paling lambat {long_date(event.answer_by)}.")
    return "\n".join(lines)


def _place(event: Event) -> str:
    region = event.region
    if region.level != "district" or region.parent is None:
        return f"{_plain(event.venue)}, {region.name}"
    return f"{_plain(event.venue)}, Kecamatan {region.name}, {region.parent.name}"


def _plain(text: str) -> str:
    """On one line, and without the sign that would open or close our bold."""
    return " ".join(text.replace("*", "").split())
