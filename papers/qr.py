"""QR codes: drawn by segno, as SVG for a layout or a page."""

from __future__ import annotations

import io

import segno

# The mask is fixed: finding the best of eight takes five times as long, and an address that ends in a random token is
# as good under any of them.
_MASK = 0


def code_of(text: str) -> segno.QRCode:
    """A code that still reads with 15 % of it dirty or torn."""
    return segno.make(text, error="m", micro=False, mask=_MASK)


def svg_of(text: str) -> str:
    """Without the quiet zone, which a layout leaves, and without a size."""
    drawing = io.BytesIO()
    code_of(text).save(
        drawing, kind="svg", border=0, xmldecl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return drawing.getvalue().decode()
