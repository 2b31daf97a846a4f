"""The lists of regions that a form offers."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regions.widgets import LEVELS, RegionSelect

_NAME = re.compile(r"[A-Za-z][\w-]{0,59}")
_PROVINCES = re.compile(r"\d\d(,\d\d)*")


@require_safe
def region_options(request: HttpRequest) -> HttpResponse:
    """The three selects again, the lower ones filled for what was chosen above. What cannot be read is left out."""
    name = _text(request, "name", _NAME) or "region"
    least = request.GET.get("least", "")
    widget = RegionSelect(
        least=least if least in LEVELS else "",
        within=[code for code in _text(request, "within", _PROVINCES).split(",") if code],
        has_show=False,
    )
    chosen = widget.value_from_datadict(request.GET, {}, name)
    return HttpResponse(
        widget.render(name, chosen, attrs={"id": _text(request, "id", _NAME) or f"id_{name}"})
    )


def _text(request: HttpRequest, key: str, pattern: re.Pattern[str]) -> str:
    text = request.GET.get(key, "")
    return text if pattern.fullmatch(text) else ""
