"""Where the reference data comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regions.queries.sources import data_sources


@require_safe
def about_data(request: HttpRequest) -> HttpResponse:
    """Source, licence, date and number of rows of every piece of reference data, and the attribution the ODbL asks."""
    return render(request, "regions/about_data.html", {"sources": data_sources()})
