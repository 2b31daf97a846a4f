"""Papers: one function that hands data to a layout and returns the document."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

_TYPESETTER = Path(__file__).resolve().parent / "typesetter.py"
# Less than gunicorn gives a whole answer (config/gunicorn.py), so that a page says what went wrong.
_PATIENCE = 40
PDF, PNG = "pdf", "png"


class PaperError(RuntimeError):
    """The document could not be made. Data never cause it: whatever people typed is printed as text."""


def render(
    layout: str, data: dict[str, Any], *, at: datetime, form: str = PDF, resolution: float = 200
) -> bytes:
    """One document as PDF/A-2b, or its first page as PNG.

    :raises PaperError: the layout is broken, or the document was not done in 40 seconds.
    :param layout: a folder of ``papers/layouts``.
    :param data: what the layout prints, as JSON; texts stay text.
    :param at: the date that the document bears; the same data and date give the same bytes.
    :param resolution: of a PNG, in dots per inch.
    """
    order = {
        "layout": layout,
        "data": data,
        "form": form,
        "resolution": resolution,
        "at": int(at.timestamp()),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_TYPESETTER)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=_PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PaperError(f"{layout}: not done after {_PATIENCE} seconds") from error
    if done.returncode:
        raise PaperError(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
