"""Names as they occur in Kalimantan, with every kind that a form in an office stumbles over. Nobody bears them here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

# (full name, title before, title after, stage name): each an awkward kind that lists, papers and searches must bear.
AWKWARD = [
    ("Sugianto", "", "", ""),
    ("Lahang", "", "", "Bung Lahang"),
    ("Yohanna", "", "", "Kak Yo"),
    ("I Made Artawan Contoh", "", "S.Kom.", ""),
    ("Ni Made Ayu Lestari", "Dr.", "S.Sos., M.I.Kom.", "Ayu Bontang"),
    ("I Gusti Ngurah Putra Wirasatya", "", "", "Gus Wira"),
    ("Ni Luh Putu Kirana", "", "A.Md.", ""),
    ("Anak Agung Gede Rai", "Drs.", "", ""),
    ("Muhammad Syarifudin Abdurrahman Wahyudinata Kusumawardhanana", "", "", "Didin"),
    ("Nur'aini", "Hj.", "", "Bunda Nur"),
    ("Ma'ruf Al-Banjari", "Ust.", "Lc.", ""),
    ("Sa'diyah binti Jum'at", "", "", ""),
    ("D’Anggun Puspitasari", "", "", "D’Anggun"),
    ("O", "", "", "Mas O"),
    ("A. Y.", "", "", "AY Project"),
    ("M. R. Fadhil", "", "", ""),
    ("José Ramírez Lejau", "", "", ""),
    ("Renée Ajang", "", "", "Renée"),
    ("Søren Bit Lawing", "", "", ""),
    ("Siti Aminah", "Hj.", "S.Sos.", ""),
    ("Rudiansyah", "H.", "Amd.", ""),
    ("Yuliana Dê Ping", "Dr.", "", ""),
    ("Jony Tjondro", "", "S.E.", "Ko Jon"),
    ("Djoemadi", "H.", "", "Pak Djoem"),
    ("Tomasius Higang", "Pdt.", "S.Th.", ""),
    ("Markus Juk", "", "", "juk.vlog"),
    ("Mariam Ulfah", "", "", ""),
    ("Abdul Khalik bin Abdul Karim", "K.H.", "", ""),
    ("Yosef Lung Ding", "", "", "Penggiat Mahulu"),
    ("Ayu", "", "", "Ayu Marangkayu"),
]

_HERE = Path(__file__).parent
_FIRST = (_HERE / "first_names.txt").read_text().split()
_LAST = (_HERE / "last_names.txt").read_text().split()
_BEFORE = ["", "", "", "", "", "", "", "", "", "Dr.", "Ir."]
_AFTER = ["", "", "", "", "", "", "S.Sos.", "S.Kom.", "S.Pd.", "Amd.", "S.H.", "S.I.Kom."]


@dataclass(frozen=True)
class Name:
    full_name: str
    title_before: str = ""
    title_after: str = ""
    stage_name: str = ""


def generate(count: int, chance: Random) -> list[Name]:
    """``count`` different names, the awkward ones spread evenly among the ordinary."""
    awkward = [Name(*parts) for parts in AWKWARD]
    taken = {name.full_name for name in awkward}
    ordinary = [_ordinary(chance, taken) for _number in range(count - len(awkward))]
    step = max(count // len(awkward), 1)
    for place, name in enumerate(awkward):
        ordinary.insert(place * step, name)
    return ordinary


def _ordinary(chance: Random, taken: set[str]) -> Name:
    while True:
        parts = [chance.choice(_FIRST), chance.choice(_LAST)]
        if chance.random() < 0.25:
            parts.insert(1, chance.choice(_FIRST))
        full_name = " ".join(parts)
        if full_name not in taken and len(set(parts)) == len(parts):
            taken.add(full_name)
            stage = (
                f"{parts[0]} {chance.choice(['Vlog', 'Kaltim', 'Story', 'ID'])}"
                if chance.random() < 0.2
                else ""
            )
            return Name(full_name, chance.choice(_BEFORE), chance.choice(_AFTER), stage)
