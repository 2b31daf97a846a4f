"""Coming in, failing to, going out, and changing one's password: each a line in the audit."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Officer
from audit.models import Entry
from audit.recording import record


def note_login(*, officer: Any) -> Entry:
    return record(by=officer, verb="officer.logged_in", obj=officer)


def note_failed_login(*, username: str) -> Entry:
    """Note that somebody failed to come in. Names the account when one was aimed at, never the text that was typed."""
    officer = Officer.objects.filter(username__iexact=username).first() if username else None
    return record(by=None, verb="officer.login_failed", obj=officer)


def note_logout(*, officer: Any) -> Entry:
    return record(by=officer, verb="officer.logged_out", obj=officer)


@transaction.atomic
def change_password(*, officer: Any, password: str) -> None:
    """Set the officer's own new password. Their other sessions end with it."""
    officer.set_password(password)
    officer.save(update_fields=["password"])
    record(by=officer, verb="officer.password_changed", obj=officer, fields=["password"])


def clear_expired() -> None:
    """Take away the sessions that nobody can use any more; what an officer was last told may still stand in them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
