"""Coming in, failing to, going out, and changing one's password: each a line in the audit. And the sessions themselves:
where an officer is logged in, and how each of them ends."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import Officer
from accounts.operations import links
from audit.models import Entry
from audit.recording import record

# Where a session keeps when it was last noted as used.
SEEN_KEY = "seen_at"


def note_login(*, officer: Any) -> Entry:
    return record(by=officer, verb="officer.logged_in", obj=officer)


def note_failed_login(*, username: str) -> Entry:
    """Note that somebody failed to come in. Names the account when one was aimed at, never the text that was typed."""
    officer = Officer.objects.filter(username__iexact=username).first() if username else None
    return record(by=None, verb="officer.login_failed", obj=officer)


def note_logout(*, officer: Any) -> Entry:
    return record(by=officer, verb="officer.logged_out", obj=officer)


@transaction.atomic
def change_password(*, officer: Any, password: str, key: str = "") -> None:
    """Set the officer's own new password. Their sessions end with it, but the one with this key, and so does a link
    that is still out.

    No session outlives the old password anyway; they are taken away so that the list shows none that is dead.
    """
    officer.set_password(password)
    officer.save(update_fields=["password"])
    links.revoke(officer=officer)
    _end(list(UserSession.objects.filter(user_id=officer.pk).exclude(session_key=key)))
    record(by=officer, verb="officer.password_changed", obj=officer, fields=["password"])


@transaction.atomic
def choose_password(*, officer: Any, token: str, password: str) -> Officer:
    """Set the password that an officer chose by the link from the administrator. Sessions begun before end.

    :raises ValidationError: ``gone`` when the link has meanwhile lost its force; on ``password`` when it is too weak.
    """
    locked = links.redeem(officer=officer, token=token)
    check_password(locked, password)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    end_all(officer=locked)
    record(by=locked, verb="officer.password_changed", obj=locked, fields=["password"])
    return locked


def check_password(officer: Any, password: str) -> None:
    """:raises ValidationError: on ``password`` when it is too weak."""
    try:
        validate_password(password, officer)
    except ValidationError as refusal:
        raise ValidationError({"password": refusal.error_list}) from refusal


def note_seen(*, officer: Any, key: str) -> None:
    """The session was used just now."""
    UserSession.objects.filter(user_id=officer.pk, session_key=key).update(last_seen_at=timezone.now())


@transaction.atomic
def end(*, officer: Any, session: UserSession) -> None:
    """End one of the officer's own sessions."""
    _end([session])
    record(by=officer, verb="officer.session_ended", obj=officer)


@transaction.atomic
def end_others(*, officer: Any, key: str) -> int:
    """End all of the officer's own sessions but the one with this key. Returns how many were listed.

    The caller puts the new :meth:`~accounts.models.Officer.get_session_auth_hash` into the session that stays.
    """
    others = list(UserSession.objects.filter(user_id=officer.pk).exclude(session_key=key))
    _end(others)
    _next_epoch(officer)
    record(by=officer, verb="officer.sessions_ended", obj=officer)
    return len(others)


@transaction.atomic
def end_all(*, officer: Any) -> None:
    """End every session of an officer at once, also those that no list names."""
    _end(list(UserSession.objects.filter(user_id=officer.pk)))
    _next_epoch(officer)


def _end(sessions: list[UserSession]) -> None:
    for session in sessions:
        session.end()


def _next_epoch(officer: Any) -> None:
    officer.session_epoch = F("session_epoch") + 1
    officer.save(update_fields=["session_epoch"])
    officer.refresh_from_db(fields=["session_epoch"])


def clear_expired() -> None:
    """Take away the sessions that nobody can use any more; what an officer was last told may still stand in them. What
    is known of the browser goes with its session."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    living = store.get_model_class().objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(living)).delete()
