"""A small load generator: threads over plain sockets, one connection per request, as sync workers serve it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


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


def run(port: int, requests: Sequence[bytes], *, clients: int, good: Callable[[bytes], bool]) -> Result:
    """Send each request once, by ``clients`` threads; an answer counts as a success when ``good`` says so."""
    result, lock, numbers = Result(), threading.Lock(), iter(range(len(requests)))

    def client() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            begun = time.perf_counter()
            answer = exchange(port, requests[number])
            took = time.perf_counter() - begun
            with lock:
                if good(answer):
                    result.seconds.append(took)
                else:
                    result.failed += 1
                    result.sample = result.sample or answer[:600].decode(errors="replace")

    begun = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.wall = time.perf_counter() - begun
    return result


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
