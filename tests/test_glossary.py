"""One word for one thing: the glossary and the code use the same names."""

import pytest

from events.choices import EventKind, ParticipantKind, RoleKind
from partners.choices import PartnerKind
from tests import glossary


def coded(prefix: str) -> set[str]:
    """What the glossary allows after ``prefix``: "event.kind=" → {"pr_dialogue", "fgd", …}."""
    names = [term["code_name"] for term in glossary.terms()]
    found = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
    return {value for part in found for value in part.split("|")}


def test_glossary_page_is_current():
    page = glossary.document(glossary.models_built())
    assert glossary.DOCUMENT.read_text(encoding="utf-8") == page, "run python -m tests.glossary"


@pytest.mark.parametrize(
    ("prefix", "choices", "unlisted"),
    [
        ("event.kind=", EventKind, set()),
        ("partner.kind=", PartnerKind, set()),
        # Who opened an evening is no term of its own: the agenda's "pembukaan" has it.
        ("event_role=", RoleKind, {"opener"}),
    ],
)
def test_glossary_names_every_choice(prefix, choices, unlisted):
    assert set(choices.values) - coded(prefix) == unlisted
    assert coded(prefix) - set(choices.values) == set()


def test_glossary_walk_in_is_called_so_everywhere():
    assert ParticipantKind.WALK_IN == "walk_in"
    assert any("walk_in" in term["code_name"] for term in glossary.terms())


def test_glossary_terms_are_unambiguous():
    """A code name may be said in several ways, but a term of the people leads to one code name."""
    seen: dict[str, set[str]] = {}
    for term in glossary.terms():
        seen.setdefault(term["term_id"], set()).add(term["code_name"])
    assert {term: names for term, names in seen.items() if len(names) > 1} == {}
