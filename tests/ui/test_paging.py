"""Keyset paging: a cursor comes from the address, so anybody may have written it."""

from __future__ import annotations

import base64
import json

import pytest

from audit.models import Entry
from audit.recording import record
from partners.models import Partner
from ui.paging import page_of


def cursor_of(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "parts", [("\ud800", 1), ("", 1), ("\x00", 1), (5, 5), ("", -(10**30)), ([], 1), ("", True), ("",)]
)
def test_paging_answers_a_cursor_that_somebody_made_up(cast, parts):
    cast.partner("Sari")

    page = page_of(Partner.objects.all(), key="sort_key", cursor=cursor_of(*parts))

    assert [partner.full_name for partner in page.rows] == ["Sari"]


@pytest.mark.parametrize("parts", [("\ud800", 1), ("a", 1), ("a\x00", 1), (10**30, 10**30)])
def test_paging_by_number_answers_a_cursor_that_somebody_made_up(db, parts):
    entry = record(by=None, verb="trial.done")

    page = page_of(Entry.objects.all(), key="pk", cursor=cursor_of(*parts), descending=True)

    assert page.rows == [entry]


@pytest.mark.parametrize("cursor", ["x", "é", "=" * 9, "A" * 500])
def test_paging_answers_what_is_no_cursor(cast, cursor):
    cast.partner("Sari")

    assert page_of(Partner.objects.all(), key="sort_key", cursor=cursor).is_first
