"""The words that people agree to, by purpose, with their history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.rules import can_manage_reference
from partners.choices import Purpose
from partners.models import ConsentText


@dataclass(frozen=True)
class PurposeTexts:
    """One purpose: the words in force, those that wait for their first day, and those of before."""

    purpose: Purpose
    current: ConsentText | None
    coming: list[ConsentText]
    past: list[ConsentText]


def texts_by_purpose(user: Any, on: date | None = None) -> list[PurposeTexts]:
    """Every purpose in its fixed order, for administrators of the whole site; to everybody else nothing."""
    if not can_manage_reference(user):
        return []
    day = on or timezone.localdate()
    texts: dict[str, list[ConsentText]] = {}
    for text in ConsentText.objects.order_by("-version"):
        texts.setdefault(text.purpose, []).append(text)
    return [_split(Purpose(value), texts.get(value, []), day) for value in Purpose.values]


def _split(purpose: Purpose, texts: list[ConsentText], day: date) -> PurposeTexts:
    begun = sorted(
        (text for text in texts if text.valid_from <= day), key=lambda text: (text.valid_from, text.version)
    )
    current = begun[-1] if begun else None
    return PurposeTexts(
        purpose=purpose,
        current=current,
        coming=sorted((text for text in texts if text.valid_from > day), key=lambda text: text.valid_from),
        past=[text for text in texts if text.valid_from <= day and text != current],
    )


def texts_of(purpose: str) -> QuerySet[ConsentText]:
    return ConsentText.objects.filter(purpose=purpose).order_by("-version")
