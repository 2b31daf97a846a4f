"""What allauth tells about the second factor, passed to the audit."""

from __future__ import annotations

from typing import Any

from accounts.operations import second_factor


def added(*, user: Any, authenticator: Any, **_more: Any) -> None:
    second_factor.note_added(officer=user, kind=authenticator.type)


def removed(*, user: Any, authenticator: Any, **_more: Any) -> None:
    second_factor.note_removed(officer=user, kind=authenticator.type)


def renewed(*, user: Any, authenticator: Any, **_more: Any) -> None:
    second_factor.note_renewed(officer=user, kind=authenticator.type)


def failed(*, user: Any, authenticator: Any, **_more: Any) -> None:
    second_factor.note_failed(officer=user, kind=authenticator.type)
