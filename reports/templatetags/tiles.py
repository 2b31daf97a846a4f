"""The maps of tiles, drawn in code: in a template the same few words of fifty tiles were most of the page's time."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events.models import Program
from reports.queries.coverage import HELD, NONE, Nation, ProvinceRow, RegionRow
from reports.queries.tiles import Tile, TileMap

register = template.Library()


@register.simple_tag
def program_tiles(tiles: TileMap, program: Program, can_plan: bool, can_see_partners: bool) -> SafeString:
    """The regions of one programme. A tile leads to its event, else to planning one, else to the partners there."""
    planning = reverse("events:event-add")
    partners = reverse("partners:partner-list")
    page = reverse("events:program-detail", args=[program.public_id])

    def address(row: RegionRow) -> str:
        if row.shown is not None:
            return reverse("events:event-detail", args=[row.shown.public_id])
        if can_plan:
            return f"{planning}?program={program.public_id}&region={row.codes[0]}"
        return f"{partners}?{row.region_query}" if can_see_partners else page

    return _svg("tiles", _("Map by region"), tiles, address, _state_of_region, _region_in_full)


@register.simple_tag
def nation_tiles(tiles: TileMap, can_see_partners: bool) -> SafeString:
    """All provinces, over all programmes. A tile leads to the events there, else to the partners."""
    events, partners = reverse("events:event-list"), reverse("partners:partner-list")

    def address(row: ProvinceRow) -> str:
        if row.state != NONE:
            return f"{events}?region={row.region.code}"
        return f"{partners}?province={row.region.code}" if can_see_partners else events

    return _svg("tiles tiles-nation", _("Map of the provinces"), tiles, address, _state_of_province, reached)


@register.simple_tag
def nation_rows(nation: Nation) -> SafeString:
    """The same as lines of a table."""
    none = f'<span class="state state-none">{escape(_("No dialogue yet"))}</span>'
    lines = [
        f'<tr><th scope="row">{escape(row.name)}</th><td>{none if row.state == NONE else escape(reached(row))}</td>'
        f'<td class="coverage-people">{localize(row.people.with_consent)}</td></tr>'
        for row in nation.rows
    ]
    return mark_safe("\n".join(lines))


def reached(row: ProvinceRow) -> str:
    """Such as "terlaksana di 3 kabupaten/kota, direncanakan di 2"."""
    words = []
    if row.reached.held:
        held = ngettext(
            "held in %(number)s regency or city", "held in %(number)s regencies and cities", row.reached.held
        )
        words.append(held % {"number": localize(row.reached.held)})
    if row.reached.planned:
        planned = ngettext("planned in %(number)s", "planned in %(number)s", row.reached.planned)
        words.append(planned % {"number": localize(row.reached.planned)})
    return ", ".join(words) or _("No dialogue yet")


def _svg(
    classes: str,
    name: str,
    tiles: TileMap,
    address: Callable[[Any], str],
    state: Callable[[Any], str],
    in_full: Callable[[Any], str],
) -> SafeString:
    """In the points of a phone 360 wide: static/app/map.css. Letters and signs say what the colours say."""
    drawn = [_tile(tile, tiles.tile_height, address, state, in_full) for tile in tiles.tiles]
    return format_html(
        '<svg class="{}" viewBox="-2 -2 332 {}" role="group" aria-label="{}">{}</svg>',
        *(classes, tiles.box_height, name, mark_safe("\n".join(drawn))),
    )


def _tile(
    tile: Tile,
    height: str,
    address: Callable[[Any], str],
    state: Callable[[Any], str],
    in_full: Callable[[Any], str],
) -> str:
    """The name that is read out begins with what is drawn, so that it can be called by it (WCAG 2.5.3).

    Escaped here once for each text: ``format_html`` would look at every coordinate of every tile.
    """
    row, said = tile.entry, state(tile.entry)
    people = _people(row.people.with_consent) if row.people.with_consent else ""
    words = " ".join(word for word in (*(line.text for line in tile.lines), said, people) if word)
    face = f'<rect class="tile-face" x="{tile.x}" y="{tile.y}" width="{tile.width}" height="{height}" rx="6"></rect>'
    name = "".join(_text("tile-name", tile.middle, line.y, line.text, line.squeeze) for line in tile.lines)
    under = _text("tile-people", tile.middle, tile.y_people, people) if people else ""
    return (
        f'<a class="tile tile-{row.state}" href="{escape(address(row))}"'
        f' aria-label="{escape(f"{words}: {row.name}, {in_full(row)}")}">'
        f"{face}{name}{_text('tile-state', tile.middle, tile.y_state, said)}{under}</a>"
    )


def _text(kind: str, x: str, y: str, words: str, squeeze: str = "") -> str:
    fit = f' textLength="{squeeze}" lengthAdjust="spacingAndGlyphs"' if squeeze else ""
    return f'<text class="{kind}" aria-hidden="true" x="{x}" y="{y}"{fit}>{escape(words)}</text>'


def _people(number: int) -> str:
    return ngettext("%(count)s partner", "%(count)s partners", number) % {"count": localize(number)}


def _state_of_region(row: RegionRow) -> str:
    if row.held_on:
        return f"✓ {dateformat.format(row.held_on, row.held_form)}"
    if row.held:
        return "✓"
    if row.planned:
        return f"→ {dateformat.format(row.planned_on, row.planned_form) if row.planned_on else '?'}"
    # Apart from the sign: what stands inside an f-string is not found by script/messages.
    none_yet = pgettext("dialogue in a tile", "none yet")
    return f"– {none_yet}"


def _region_in_full(row: RegionRow) -> str:
    if row.held:
        held = _("Held")
        return f"{held} {dateformat.format(row.held_on, 'j F Y')}" if row.held_on else held
    if row.planned:
        planned = _("Planned")
        day = dateformat.format(row.planned_on, "j F Y") if row.planned_on else _("date to follow")
        return f"{planned} {day}"
    return _("No dialogue yet")


def _state_of_province(row: ProvinceRow) -> str:
    if row.state == NONE:
        return "–"
    return f"✓ {row.reached.held}" if row.state == HELD else f"→ {row.reached.planned}"
