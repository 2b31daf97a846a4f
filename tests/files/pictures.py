"""Uploads made at test time."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    mode = options.pop("mode", "RGB")
    output = io.BytesIO()
    Image.new(mode, size, "teal" if mode != "L" else 90).save(output, kind, **options)
    return output.getvalue()


def upload(content: bytes, name: str = "lembar.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def jpeg(name: str = "lembar.jpg") -> SimpleUploadedFile:
    return upload(picture(), name)
