"""Many at one moment, on whichever database the tests run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each act in a thread of its own, all let go at once; what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(n: int) -> None:
        try:
            barrier.wait(timeout=60)
            found[n] = acts[n]()
        except Exception as error:
            found[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
