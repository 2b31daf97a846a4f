"""The words of the house: ``docs/glossary.csv`` is the authority, ``docs/glossary.md`` is printed from it.

``python -m tests.glossary`` writes the page anew; the suite fails when it is old, or a choice in the code has no term.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE, DOCUMENT = DOCS / "glossary.csv", DOCS / "glossary.md"
HEAD = """# Glossary

The naming authority: what people say, what the code says, what the screen says. Printed from `glossary.csv` by
`python -m tests.glossary`; edit the CSV. The interface is Indonesian (source strings in English, Indonesian in
`locale/id`), identifiers are English. A term that nobody has built yet is marked *later*, so that its name is settled.

| Indonesian | English | in the code | kind | note |
|---|---|---|---|---|
"""


def terms() -> list[dict[str, str]]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(built: set[str]) -> str:
    """The page; ``built`` holds the names of the models that exist."""
    return HEAD + "".join(_line(term, built) for term in terms())


def _line(term: dict[str, str], built: set[str]) -> str:
    later = term["kind"] == "model" and term["code_name"] not in built
    note = " ".join(part for part in ("*later*" if later else "", term["note"]) if part)
    cells = [term["term_id"], term["meaning_en"], f"`{term['code_name']}`", term["kind"], note]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def models_built() -> set[str]:
    """Names of our models as the glossary writes them: ``social_account``."""
    from django.apps import apps

    from tests.test_architecture import HOUSE

    ours = [model for model in apps.get_models() if model._meta.app_label in HOUSE]
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower() for model in ours}


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    DOCUMENT.write_text(document(models_built()), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT} written.\n")
