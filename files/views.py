"""Handing out a private file."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from files import access, operations
from files.queries import stored_files


@require_GET
def file_download(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The file as an attachment that no browser opens in our name; 404 unless the check of its purpose lets it pass."""
    stored = get_object_or_404(stored_files(), public_id=public_id)
    if not access.may_download(request.user, stored):
        raise Http404
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    operations.note_download(stored=stored, by=request.user)
    response = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
