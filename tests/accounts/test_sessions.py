"""Sessions that ended do not stay."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.tasks import clear_sessions
from config import sweep


def test_sessions_that_ended_are_taken_away(sign_in):
    sign_in("kubar"), sign_in("berau")
    old, live = Session.objects.order_by("session_key")
    Session.objects.filter(pk=old.pk).update(expire_date=timezone.now() - timedelta(seconds=1))

    clear_sessions()

    assert list(Session.objects.all()) == [live]


def test_sessions_are_taken_away_by_the_sweep():
    assert "accounts.tasks.clear_sessions" in sweep.SLOW
