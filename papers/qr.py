"""QR codes: drawn by segno, as SVG for a layout or a page."""

from __future__ import annotations

import re

import segno

# The mask is fixed: finding the best of eight takes five times as long, and an address that ends in a random token is
# as good under any of them.
_MASK = 0
_DARK = re.compile(rb"\x01+")


def code_of(text: str) -> segno.QRCode:
    """A code that still reads with 15 % of it dirty or torn."""
    return segno.make(text, error="m", micro=False, mask=_MASK)


def svg_of(text: str) -> str:
    """Dark modules as strokes, without the quiet zone, which a layout leaves, and without a size.

    Written here because hundreds are drawn at once, and segno's own writer takes half of the time.
    """
    matrix = code_of(text).matrix
    strokes = "".join(
        f"M{run.start()} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(matrix)
        for run in _DARK.finditer(bytes(row))
    )
    box = f"0 0 {len(matrix)} {len(matrix)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path stroke="#000" d="{strokes}"/></svg>'
    )
