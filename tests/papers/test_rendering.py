"""Papers as documents: what people typed stays text, the fonts are ours, and the code on paper is the code meant."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from config import gunicorn
from papers import glyphs, rendering
from papers.qr import code_of, svg_of
from papers.typesetter import FONTS

AT = datetime(2024, 10, 21, 12, 0, tzinfo=UTC)
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissen"
HOSTILE = '#panic("x") *b* _i_ $y$ \\ `c` @a <l> "q" // ü'
ADDRESS = "https://rembuk.example.go.id/q/" + "A-b_0" * 8 + "xyz/"


def card(**fields):
    return {
        "title": "Kartu QR",
        "language": "id",
        "event": "Dialog",
        "when": "Senin, 21 Oktober 2024, 20.00 WITA",
        "place": "Raini's Koffie",
        "words": {"show": "Tunjukkan kode ini kepada petugas."},
        "name": "Sari Wulandari",
        "organisation": "",
        "qr": svg_of(ADDRESS),
        **fields,
    }


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def joined(pdf: bytes) -> str:
    """All its words without the breaks of lines."""
    return "".join(page.extract_text() for page in read(pdf).pages).replace("\n", "").replace(" ", "")


def test_paper_prints_what_people_typed_as_text():
    people = [
        {"name": name, "organisation": HOSTILE, "kind": "Mitra"}
        for name in (HOSTILE, LONG, "Nguyễn Đặng", "王小明 🌸 Ayu")
    ]
    pdf = rendering.render("badges", {**card(event=HOSTILE), "people": people}, at=AT)

    text = joined(pdf)
    assert text.count(HOSTILE.replace(" ", "")) == 9  # four titles, four organisations, one name
    assert LONG in text
    assert "NguyễnĐặng" in text
    assert "□□□Ayu" in text  # a letter without a glyph leaves a box, a picture nothing


def test_paper_is_for_archives_and_carries_its_own_fonts():
    pdf = rendering.render("qr_card", card(), at=AT)

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    fonts = read(pdf).pages[0]["/Resources"]["/Font"].values()
    assert {font["/BaseFont"].split("+")[1].split("-")[0] for font in fonts} == {"SourceSans3"}
    assert rendering.render("qr_card", card(), at=AT) == pdf


def test_paper_shows_the_very_code():
    """Module by module, as a scanner reads it: the picture holds what segno drew for this address."""
    picture = Image.open(io.BytesIO(rendering.render("qr_card", card(), at=AT, form="png", resolution=254)))
    grey, matrix = picture.convert("L"), code_of(ADDRESS).matrix
    module = 660 / len(matrix)  # 66 mm at ten dots each

    def is_dark(x: int, y: int) -> bool:
        return grey.getpixel((int(120 + (x + 0.5) * module), int(260 + (y + 0.5) * module))) < 128

    found = [[is_dark(x, y) for x in range(len(matrix))] for y in range(len(matrix))]
    assert found == [[bool(one) for one in row] for row in matrix]
    assert code_of(ADDRESS).matrix != code_of(ADDRESS[:-2] + "w/").matrix


def test_paper_process_is_given_no_key_and_no_environment(monkeypatch):
    seen = {}

    def run(command, **options):
        seen.update(options, command=command)
        return subprocess.CompletedProcess(command, 0, b"%PDF", b"")

    monkeypatch.setattr(subprocess, "run", run)
    assert rendering.render("badges", {}, at=AT) == b"%PDF"

    assert seen["env"] == {}
    assert seen["command"][1] == "-I"


def test_paper_that_cannot_be_made_says_so():
    with pytest.raises(rendering.PaperError, match="badges"):
        rendering.render("badges", {"title": "ohne alles"}, at=AT)


def test_paper_that_hangs_is_ended(monkeypatch):
    assert gunicorn.timeout > rendering._PATIENCE  # else the worker dies first, and nobody is told
    monkeypatch.setattr(rendering, "_PATIENCE", 0.001)

    with pytest.raises(rendering.PaperError, match="not done"):
        rendering.render("qr_card", card(), at=AT)


def test_glyphs_know_what_the_fonts_have():
    known = glyphs.characters_of(FONTS)

    assert {ord(char) for char in "AzÀđễ0’–□"} <= known
    assert ord("王") not in known
    assert glyphs.printable_text("Ayu\u202e\u200d\x07 \u00a0 Lestari", known) == "Ayu Lestari"
    assert glyphs.printable({"a": ["🌸", 3, None]}, FONTS) == {"a": ["", 3, None]}
