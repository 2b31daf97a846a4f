"""The work that nobody waits for: what every sweep calls, quick and slow.

The rows say what is due (the broker is a hint, the row is the truth), so it does not matter who sweeps: Celery's beat
in production, or one thread of the web process on a trial site. Several sweeps at once are harmless.
"""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

QUICK = ["outbox.tasks.send_due", "jobs.tasks.run_due", "reports.tasks.catch_up_tallies"]
SLOW = [
    "partners.tasks.sweep_retention",
    "events.tasks.forget_tonight",
    "accounts.tasks.clear_sessions",
    "accounts.tasks.move_due",
    "reports.tasks.refresh_tallies",
]
QUICK_SECONDS = 5
SLOW_EVERY = 60


def run(names: list[str]) -> None:
    """Call each sweep in turn; one that fails is logged and does not stop the next."""
    for name in names:
        try:
            sweep: Callable[[], object] = import_string(name)
            sweep()
        except Exception:
            log.exception("sweep %s failed", name)


def loop(stop: threading.Event) -> None:
    """Sweep until ``stop`` is set: the quick ones every few seconds, the slow ones now and every few minutes."""
    turn = 0
    while not stop.is_set():
        close_old_connections()
        run(QUICK if turn % SLOW_EVERY else QUICK + SLOW)
        close_old_connections()
        turn += 1
        stop.wait(QUICK_SECONDS)


def start_thread() -> threading.Event:
    """Start the embedded sweep as a daemon thread and return the event that ends it."""
    stop = threading.Event()
    threading.Thread(target=loop, args=(stop,), name="sweep", daemon=True).start()
    return stop
