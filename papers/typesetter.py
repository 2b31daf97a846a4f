"""A process of its own that typesets one document and ends: JSON on stdin, PDF or PNG on stdout.

It imports neither Django nor anything of ours but the glyphs, and is given no environment: no key, no database. Started
by :mod:`papers.rendering`; docs/adr/papers-in-a-process.md says why.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))

from glyphs import printable  # noqa: E402

LAYOUTS, FONTS = HERE / "layouts", HERE / "fonts"


def typeset(layout: str, data: dict[str, Any], form: str, resolution: float, at: int) -> bytes:
    """PDF/A-2b, as archives want it: the fonts inside, nothing fetched when it is opened. Or the first page as PNG."""
    compiler = typst.Compiler(
        str(LAYOUTS / layout / "main.typ"),
        root=str(LAYOUTS),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(printable(data, FONTS), ensure_ascii=False)},
    )
    if form == "png":
        made = compiler.compile(format="png", ppi=resolution)
    else:
        made = compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=at)
    first = made[0] if isinstance(made, list) else made
    assert first is not None  # only an output file would leave none
    return first


if __name__ == "__main__":
    order = json.load(sys.stdin)
    try:
        made = typeset(order["layout"], order["data"], order["form"], order["resolution"], order["at"])
    except typst.TypstError as error:
        sys.exit(f"{order['layout']}: {error}")
    sys.stdout.buffer.write(made)
