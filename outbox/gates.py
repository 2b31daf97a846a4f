"""Whether a message may still go, asked under lock at the moment when it is claimed.

Each app that queues messages registers one gate for each of its purposes, in ``AppConfig.ready()``. A gate answers ""
to send, or one word why not; that word becomes the message's note. A purpose without a gate is never sent.
"""

from __future__ import annotations

from collections.abc import Callable

from outbox.models import Message

Gate = Callable[[Message], str]
_gates: dict[str, Gate] = {}


def register(purpose: str, gate: Gate) -> None:
    """:param gate: runs in the claim's transaction; it locks the rows that it decides by."""
    _gates[purpose] = gate


def verdict(message: Message) -> str:
    """ "" when the message may go, else why not."""
    gate = _gates.get(message.purpose)
    return "no_gate" if gate is None else gate(message)
