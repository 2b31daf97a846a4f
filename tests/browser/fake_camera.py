"""A camera for Chromium: a film of one picture, a code lying on a grey table."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from PIL import Image

WIDTH, HEIGHT = 640, 480
GREY, NO_COLOUR = 200, 128


def film(path: Path, text: str) -> Path:
    """Write a Y4M that shows ``text`` as a QR code in the middle, over and over."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=7, border=4)
    code = Image.open(drawn).convert("L")
    picture = Image.new("L", (WIDTH, HEIGHT), GREY)
    picture.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    frame = b"FRAME\n" + picture.tobytes() + bytes([NO_COLOUR]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT) + frame * 5)
    return path


def flags(path: Path) -> list[str]:
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
