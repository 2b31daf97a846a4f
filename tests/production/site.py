"""A whole site as processes: gunicorn, worker and beat told by their environment, a real mail server, a visitor."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message as Letter
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from tests import services

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PASSWORD = "sandi-uji-coba-2024"
KEYS = {"SECRET_KEY": "aB1-cD2_eF3" * 6, "TOKEN_KEY": "gH4-iJ5_kL6" * 6}
# What the processes inherit of this one: nothing that tells where data lies.
INHERITED = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


class Postbox(MessageHandler):
    """Keeps every letter that the mail server took."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Letter] = []

    def handle_message(self, message: Letter) -> None:
        self.letters.append(message)


@contextlib.contextmanager
def post_office() -> Iterator[tuple[Postbox, str]]:
    """A mail server on a free port; yields what it took, and its URL for ``EMAIL_URL``."""
    postbox, port = Postbox(), services.free_port()
    office = Controller(postbox, hostname="127.0.0.1", port=port)
    office.start()
    try:
        yield postbox, f"smtp://127.0.0.1:{port}"
    finally:
        office.stop()


@dataclass
class Site:
    """Processes of one site, their environment and their logs."""

    folder: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(BIN / command[0]), *command[1:]],
                cwd=ROOT,
                env=INHERITED | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=services.dies_with_parent(signal.SIGTERM),
            )

    def stop(self, name: str) -> int:
        process = self.processes.pop(name)
        services.stop(process, signal.SIGTERM)
        return process.returncode

    def stop_all(self) -> None:
        for name in list(self.processes):
            self.stop(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=INHERITED | self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def prepare(self, collected: Path) -> None:
        """What the README tells an administrator to do, and one local officer."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_reference")
        (self.folder / "static").symlink_to(collected)
        (self.folder / "password").write_text(PASSWORD)
        names = ("--username", "kepala", "--full-name", "Kepala Uji", "--unit", "mabes")
        self.manage("create_administrator", *names, "--password-file", str(self.folder / "password"))


class FormReader(HTMLParser):
    """The fields of the form that posts to ``action`` (or to its own page), with the values a browser would send."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.select = action, False, ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {key: value or "" for key, value in attrs}
        if tag == "form":
            wanted = about.get("action", "") in {"", self.action}
            self.inside = about.get("method") == "post" and wanted
        name = about.get("name", "")
        if not self.inside:
            return
        if tag == "input" and name and self._is_sent(about):
            self.values[name] = about.get("value", "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in about or self.select not in self.values):
            self.values[self.select] = about.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""

    @staticmethod
    def _is_sent(about: dict[str, str]) -> bool:
        kind = about.get("type", "text")
        return kind not in {"checkbox", "radio", "submit", "file"} or "checked" in about


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.headers["Location"] or "")


class Visitor:
    """A browser in little: cookies, forms with their keys, and the headers of the proxy in front."""

    def __init__(self, port: int, origin: str) -> None:
        self.port, self.origin = port, origin
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        scheme, _, host = self.origin.partition("://")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {
            "Host": host,
            "X-Forwarded-Proto": scheme,
            "Referer": f"{self.origin}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def submit(self, path: str, action: str = "", **changes: str) -> Answer:
        """Open a page and send its form as it stands, but for the changes."""
        reader = FormReader(action or path)
        reader.feed(self.get(path).text)
        assert "csrfmiddlewaretoken" in reader.values, f"no form on {path}"
        return self.request("POST", action or path, urlencode(reader.values | changes))

    def log_in(self, username: str) -> Answer:
        return self.submit("/akun/masuk/", login=username, password=PASSWORD)


def wait_until(condition: Callable[[], Any], seconds: float = 40, otherwise: Callable[[], str] = str) -> Any:
    """The first true answer; fails, with the logs, when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answer := condition():
                return answer
        time.sleep(0.2)
    raise AssertionError(f"nothing happened in {seconds} s\n{otherwise()[-3000:]}")
