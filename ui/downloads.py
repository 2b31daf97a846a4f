"""A document that was made for one answer: it goes straight to the browser, and no copy stays."""

from __future__ import annotations

import io

from django.http import FileResponse


def download(content: bytes, name: str) -> FileResponse:
    """As a file of that name, never shown inside a page, never kept by a proxy."""
    response = FileResponse(io.BytesIO(content), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
