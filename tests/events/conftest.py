"""One evening with two guests and two phones. A file that tells another story names its own ``event`` or ``sari``."""

from __future__ import annotations

from typing import Any

import pytest

from events.models import Event, Participant
from tests.cast import Cast
from tests.events.phones import Phone


@pytest.fixture
def event(cast: Cast) -> Event:
    return cast.event(pledge_text=cast.pledge_text())


@pytest.fixture
def sari(cast: Cast, event: Event) -> Participant:
    return cast.guest(event, cast.partner("Sari Wulandari", phone="+6281234567890"))


@pytest.fixture
def budi(cast: Cast, event: Event) -> Participant:
    return cast.guest(event, cast.partner("Budi Santoso"))


@pytest.fixture
def phone(cast: Cast, event: Event) -> Phone:
    return Phone(event, cast.kubar)


@pytest.fixture
def other(cast: Cast, event: Event) -> Phone:
    return Phone(event, cast.bidhumas, "Bidhumas-1")


@pytest.fixture
def real(transactional_db: Any) -> Cast:
    """The cast in committed rows, so that threads see it."""
    return Cast()
