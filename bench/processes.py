"""What the processes under measurement take, as the kernel says: the web workers of this bench, and its PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


def _workers() -> list[int]:
    """Processes of the gunicorn that this process started, without its master."""
    masters = {pid for pid in _children(os.getpid()) if "gunicorn" in _command(pid)}
    return [pid for master in masters for pid in _children(master)]


def cpu_seconds() -> float:
    """Spent so far by the web workers and by PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = _stat(cursor.fetchone()[0])[1]
    return sum(_spent(pid) for pid in [*_workers(), *_children(int(postmaster))]) / TICK


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int(_stat(int(entry.name))[1]) == parent:
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
    return found


def _stat(pid: int) -> list[str]:
    """After the name: state, parent, … user time (11) and system time (12)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _spent(pid: int) -> int:
    try:
        stat = _stat(pid)
    except OSError:
        return 0
    return int(stat[11]) + int(stat[12])


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def worker_megabytes() -> float:
    """Of the largest web worker."""
    return max(_resident(pid) for pid in _workers())


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
