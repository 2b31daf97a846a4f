"""Private files: what may be stored, what is left of it, and who may take it out."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from PIL import Image

from audit.models import Entry
from files import access, operations, photos
from files.models import StoredFile
from tests.files.pictures import jpeg, picture, upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def store(cast, content=None, **fields) -> StoredFile:
    given = {"by": cast.kubar, "purpose": "trial", "owner": uuid4(), "unit_id": cast.kubar.unit_id}
    return operations.store(**{**given, **fields}, upload=upload(content or picture()))


def content_of(stored: StoredFile) -> bytes:
    with stored.file.open("rb") as file:
        return file.read()


def on_disk(settings) -> list[Path]:
    return [path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()]


@pytest.fixture
def trial_access(monkeypatch):
    """A purpose of this test alone, open to the officer named."""
    allowed: set[str] = set()
    monkeypatch.setitem(access._checks, "trial", lambda user, stored: user.username in allowed)
    return allowed


def with_everything(kind: str) -> bytes:
    """A picture with a place, a camera, a comment and a thumbnail written into it."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "S"
    options = {"exif": exif}
    if kind == "JPEG":
        options["comment"] = b"Alamat rumah"
    return picture(kind, (60, 20), **options)


@pytest.mark.parametrize(("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_photos_are_drawn_anew_without_what_the_camera_wrote(cast, kind, extension):
    stored = store(cast, with_everything(kind))

    content = content_of(stored)
    assert b"Rahasia" not in content
    assert b"Alamat" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, dict(image.getexif())) == (kind, {})
        assert image.size == (20, 60)
    assert stored.content_type == f"image/{kind.lower()}"
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert stored.name.endswith(f".{extension}")


@pytest.mark.parametrize("mode", ["L", "P", "CMYK"])
def test_uncommon_colours_are_accepted(cast, mode):
    image = Image.new("RGB", (10, 10), "teal").convert(mode)
    output = io.BytesIO()
    image.save(output, "PNG" if mode == "P" else "JPEG")

    assert store(cast, output.getvalue()).size > 0


def test_transparency_is_kept(cast):
    output = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(output, "PNG")

    with Image.open(io.BytesIO(content_of(store(cast, output.getvalue())))) as image:
        assert image.getpixel((0, 0)) == (0, 0, 0, 0)


def test_large_photos_are_made_smaller(cast):
    with Image.open(io.BytesIO(content_of(store(cast, picture(size=(4800, 1200)))))) as image:
        assert image.size == (2400, 600)


def test_a_pdf_is_stored_as_it_is(cast):
    stored = store(cast, PDF)

    assert content_of(stored) == PDF
    assert stored.content_type == "application/pdf"


def test_the_uploaders_file_name_is_dropped_and_the_stored_one_is_random(cast, settings):
    stored = operations.store(
        by=cast.kubar,
        purpose="trial",
        owner=uuid4(),
        upload=jpeg("../Sari Wulandari 0812.jpg"),
        unit_id=cast.kubar.unit_id,
    )

    [path] = on_disk(settings)
    assert "Sari" not in f"{stored.name}{stored.file.name}{path}"
    assert len(path.stem) == 32


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "file_type"),
        (b"<?xml version='1.0'?><svg/>", "file_type"),
        (b"<!doctype html><script>alert(1)</script>", "file_type"),
        (b"GIF89a" + b"\0" * 40, "file_type"),
        (b"MZ\x90\0", "file_type"),
        (b"\n%PDF-1.7", "file_type"),
        (picture()[:200], "file_broken"),
        (b"\xff\xd8\xff" + b"\0" * 500, "file_broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "file_broken"),
        (b"RIFF\0\0\0\0WEBP" + b"\0" * 500, "file_broken"),
        (bomb(7200, 7200), "file_pixels"),
        (bomb(10_000, 10_000), "file_pixels"),
        (bomb(60_000, 60_000), "file_pixels"),
        (b"\xff\xd8\xff" + b"\0" * photos.MAX_BYTES, "file_size"),
    ],
)
def test_all_else_is_refused_in_words_and_leaves_nothing(cast, settings, content, code):
    with pytest.raises(ValidationError) as refusal:
        store(cast, content)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert (StoredFile.objects.count(), Entry.objects.count(), on_disk(settings)) == (0, 0, [])


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError) as refusal:
        photos.cleaned(io.BytesIO(b""))

    assert refusal.value.code == "file_empty"


def test_a_picture_named_pdf_is_what_its_bytes_say(cast):
    stored = operations.store(
        by=cast.kubar,
        purpose="trial",
        owner=uuid4(),
        upload=upload(picture("PNG"), "surat.pdf", "application/pdf"),
        unit_id=cast.kubar.unit_id,
    )

    assert stored.content_type == "image/png"


def test_storing_leaves_nothing_behind_when_the_audit_fails(cast, settings, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("audit.recording.record", fail)
    with pytest.raises(RuntimeError):
        store(cast)

    assert (StoredFile.objects.count(), on_disk(settings)) == (0, [])


def test_removing_takes_row_and_content(cast, settings, django_capture_on_commit_callbacks):
    gone, kept = store(cast), store(cast)

    with django_capture_on_commit_callbacks(execute=True):
        assert operations.remove(files=[gone], by=None) == 1

    assert list(StoredFile.objects.all()) == [kept]
    assert [path.name for path in on_disk(settings)] == [Path(kept.file.name).name]


def test_a_download_is_an_attachment_that_no_browser_opens(cast, sign_in, trial_access):
    trial_access.add("kubar")
    stored = store(cast)

    response = sign_in("kubar").get(reverse("files:file-download", args=[stored.public_id]))

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == content_of(stored)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == f'attachment; filename="{stored.name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    entry = Entry.objects.get(verb="file.downloaded")
    assert (entry.actor_id, entry.object_public_id) == (cast.kubar.pk, stored.public_id)


def test_whom_the_check_refuses_finds_nothing_and_is_not_audited(cast, sign_in, trial_access):
    trial_access.add("kubar")
    stored, unregistered = store(cast), store(cast, purpose="unheard")
    client = sign_in("berau")

    answers = [
        client.get(reverse("files:file-download", args=[public_id])).status_code
        for public_id in (stored.public_id, unregistered.public_id, uuid4())
    ]
    assert answers == [404, 404, 404]
    assert (
        sign_in("kubar").get(reverse("files:file-download", args=[unregistered.public_id])).status_code == 404
    )
    assert Entry.objects.filter(verb="file.downloaded").count() == 0


def test_a_stranger_is_sent_to_the_login(cast, client, trial_access):
    stored = store(cast)

    response = client.get(reverse("files:file-download", args=[stored.public_id]))

    assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_content_that_is_missing_is_not_found(cast, sign_in, trial_access):
    trial_access.add("kubar")
    stored = store(cast)
    stored.file.storage.delete(stored.file.name)

    assert sign_in("kubar").get(reverse("files:file-download", args=[stored.public_id])).status_code == 404
    assert Entry.objects.filter(verb="file.downloaded").count() == 0


def test_stored_content_is_for_the_services_own_user(cast, settings):
    store(cast)

    [path] = on_disk(settings)
    assert [oct(place.stat().st_mode & 0o777) for place in (path, path.parent)] == ["0o600", "0o700"]
