"""Making an uploaded file harmless: photos are drawn anew without what the camera wrote into them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_EDGE = 2400


@dataclass(frozen=True)
class Clean:
    content: bytes
    content_type: str
    extension: str


def cleaned(upload: IO[bytes]) -> Clean:
    """The content that may be stored: JPEG, PNG and WebP re-encoded, PDF as it is.

    What a file is, its first bytes say; its name and its declared type are not asked.

    :raises ValidationError: ``file_empty``, ``file_size``, ``file_type``, ``file_pixels``, ``file_broken``.
    """
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    if not content:
        raise ValidationError(_("The file is empty."), code="file_empty")
    if len(content) > MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Choose a smaller one."), code="file_size")
    if content.startswith(b"%PDF-"):
        return Clean(content, "application/pdf", "pdf")
    kind = _image_kind(content)
    if kind is None:
        raise ValidationError(
            _("Only photos (JPEG, PNG, WebP) and PDF files can be stored."), code="file_type"
        )
    return _redrawn(content, kind)


def _image_kind(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def _redrawn(content: bytes, kind: str) -> Clean:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            image.draft("RGB", (MAX_EDGE, MAX_EDGE))
            output = io.BytesIO()
            _without_metadata(image).save(output, kind, quality=85)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        # The decoder met bytes made by anybody; whatever it raises, the file cannot be read.
        raise ValidationError(_("The photo cannot be read. Take it again."), code="file_broken") from error
    return Clean(output.getvalue(), f"image/{kind.lower()}", {"JPEG": "jpg"}.get(kind, kind.lower()))


def _without_metadata(image: Image.Image) -> Image.Image:
    """Turned upright, no larger than needed, on a new canvas: place, camera and comments stay behind."""
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((MAX_EDGE, MAX_EDGE))
    transparent = image.format != "JPEG" and upright.has_transparency_data
    mode = "RGBA" if transparent else "RGB"
    canvas = Image.new(mode, upright.size)
    canvas.paste(upright.convert(mode))
    return canvas


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("The photo has too many pixels. Choose a smaller one."), code="file_pixels")
