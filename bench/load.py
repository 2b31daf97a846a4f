"""A small load generator: one thread over plain sockets, one connection per request, as sync workers serve it.

One thread, because sixteen of Python take as much of the machine as what they measure, and wait for one another.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass
class Result:
    """Seconds of each answer that was a success, how many failed, and the wall time of the whole."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    wall: float = 0.0
    sample: str = ""

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.wall

    def percentile(self, share: float) -> float:
        """Milliseconds below which ``share`` of the answers came."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def exchange(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)


@dataclass(slots=True)
class _Client:
    """One request under way: what is left to send, and what came back."""

    begun: float
    left: memoryview
    answer: bytearray


def run(port: int, requests: Sequence[bytes], *, clients: int, good: Callable[[bytes], bool]) -> Result:
    """Send each request once; ``clients`` of them are under way at any time. An answer counts as a success when
    ``good`` says so."""
    result, waiting = Result(), iter(requests)
    begun = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        for _client in range(clients):
            _begin(ready, port, waiting)
        while ready.get_map():
            events = ready.select(timeout=60)
            if not events:
                raise SystemExit("no answer for a minute")
            for key, _mask in events:
                if not _go_on(ready, key):
                    continue
                answer = bytes(key.data.answer)
                if good(answer):
                    result.seconds.append(time.perf_counter() - key.data.begun)
                else:
                    result.failed += 1
                    result.sample = result.sample or answer[:600].decode(errors="replace")
                _begin(ready, port, waiting)
    result.wall = time.perf_counter() - begun
    return result


def _begin(ready: selectors.BaseSelector, port: int, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is None:
        return
    begun = time.perf_counter()
    connection = socket.socket()
    connection.setblocking(False)
    connection.connect_ex(("127.0.0.1", port))
    ready.register(connection, selectors.EVENT_WRITE, _Client(begun, memoryview(request), bytearray()))


def _go_on(ready: selectors.BaseSelector, key: selectors.SelectorKey) -> bool:
    """Send or read what can be; whether the answer is whole."""
    connection: socket.socket = key.fileobj  # type: ignore[assignment]
    client: _Client = key.data
    try:
        if client.left:
            client.left = client.left[connection.send(client.left) :]
            if not client.left:
                ready.modify(connection, selectors.EVENT_READ, client)
            return False
        chunk = connection.recv(1 << 18)
    except OSError as error:
        client.answer += repr(error).encode()
        chunk = b""
    client.answer += chunk
    if chunk and not _is_whole(client.answer):
        return False
    ready.unregister(connection)
    connection.close()
    return True


def _is_whole(answer: bytearray) -> bool:
    """As a proxy does we hang up when all has come: a sync worker waits for that before it serves the next."""
    head, gap, body = answer.partition(b"\r\n\r\n")
    if not gap:
        return False
    length = _LENGTH.search(head)
    return len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")


def get(path: str, *, cookie: str = "", accept: str = "gzip", extra: str = "") -> bytes:
    cookies = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {accept}\r\n"
        f"{cookies}{extra}Connection: close\r\n\r\n"
    ).encode()


def post(path: str, body: str, *, cookie: str, token: str, extra: str = "") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nX-CSRFToken: {token}\r\n{extra}"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    ).encode()


def is_ok(answer: bytes) -> bool:
    return answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))
