"""The two shapes in which a site runs, each once as real processes.

Production: PostgreSQL, Valkey, gunicorn with two workers behind a proxy that ends TLS, a Celery worker, beat.
Embedded: SQLite, one gunicorn process, the sweep in a thread of it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
import psycopg
import pytest

from tests import services
from tests.production.site import KEYS, PASSWORD, ROOT, Postbox, Site, Visitor, post_office, wait_until

pytestmark = pytest.mark.production

ORIGIN = "https://rembuk.example"
MAX_WEIGHT = 150_000


@dataclass
class Running:
    site: Site
    postbox: Postbox
    port: int
    origin: str

    def visitor(self, username: str = "") -> Visitor:
        visitor = Visitor(self.port, self.origin)
        if username:
            answer = visitor.log_in(username)
            assert (answer.status, answer.location) == (302, "/"), answer.text[:2000]
        return visitor


class Broker:
    """A Valkey of our own, to be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, services.free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        quiet = ["--save", "", "--appendonly", "no", "--dir", str(self.folder), "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            [str(services.find_valkey()), "--port", str(self.port), *quiet],
            stdout=subprocess.DEVNULL,
            preexec_fn=services.dies_with_parent(signal.SIGTERM),
        )
        assert services.answers(self.process, self.port)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A database beside the one of the tests, on the same PostgreSQL."""
    server = urlsplit(os.environ["DATABASE_URL"])
    assert server.scheme.startswith("postgres"), "script/test runs this on PostgreSQL"
    name = f"rembuk_shape_{os.getpid()}"
    with psycopg.connect(server.geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server._replace(path=f"/{name}").geturl()
    with psycopg.connect(server.geturl(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def broker(tmp_path_factory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("valkey"))
    yield broker
    broker.kill()


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """The static files, for both shapes: to compress them as well as can be takes 12 seconds."""
    site = Site(folder := tmp_path_factory.mktemp("collected"), {"DATA_DIR": str(folder)})
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    return folder / "static"


@pytest.fixture(scope="module")
def production(database_url, broker, collected, tmp_path_factory) -> Iterator[Running]:
    folder, port = tmp_path_factory.mktemp("production"), services.free_port()
    with post_office() as (postbox, email_url):
        environment = {
            **KEYS,
            "SITE_URL": ORIGIN,
            "ALLOWED_HOSTS": "rembuk.example",
            "BEHIND_PROXY": "1",
            "DATABASE_URL": database_url,
            "REDIS_URL": broker.url,
            "EMAIL_URL": email_url,
            "DATA_DIR": str(folder),
            "PORT": str(port),
            "WEB_WORKERS": "2",
            "WEB_THREADS": "1",
        }
        site = Site(folder, environment)
        site.prepare(collected)
        try:
            for line in (ROOT / "Procfile").read_text().splitlines():
                name, _, command = line.partition(":")
                site.start(name, *command.split())
            yield ready(site, postbox, port, ORIGIN)
        finally:
            site.stop_all()


@pytest.fixture(scope="module")
def embedded(collected, tmp_path_factory) -> Iterator[Running]:
    folder, port = tmp_path_factory.mktemp("embedded"), services.free_port()
    origin = f"http://localhost:{port}"
    with post_office() as (postbox, email_url):
        environment = {"SITE_URL": origin, "EMAIL_URL": email_url, "EMBEDDED_SWEEP": "1", "PORT": str(port)}
        site = Site(folder, environment | {"DATA_DIR": str(folder), "LANG": "C.UTF-8"})
        site.prepare(collected)
        site.start("web", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py")
        try:
            yield ready(site, postbox, port, origin)
        finally:
            site.stop_all()


KUBAR = "from accounts.models import Unit; print(Unit.objects.get(code='polres-kubar').pk)"


def ready(site: Site, postbox: Postbox, port: int, origin: str) -> Running:
    """Once the site answers: the administrator makes the account of a local officer through the pages."""
    running = Running(site, postbox, port, origin)
    healthy = running.visitor()
    wait_until(lambda: healthy.get("/healthz").status == 200, otherwise=lambda: site.log("web"))
    unit = site.manage("shell", "-v", "0", "-c", KUBAR)
    facts = {
        "username": "kubar",
        "full_name": "Petugas Uji",
        "unit": unit.split()[-1],
        "role": "local_officer",
    }
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    administrator = running.visitor("kepala")
    answer = administrator.submit("/kantor/petugas/baru/", **facts)
    assert answer.status == 302, answer.text
    page = administrator.get(answer.location).text
    invitation = re.search(r'id="link-address" value="https?://[^/"]+([^"]+)"', page)
    assert invitation is not None, page[:3000]
    answer = running.visitor().submit(invitation[1], **passwords)
    assert answer.status == 302, answer.text
    return running


def register(visitor: Visitor, name: str, email: str) -> str:
    """Add a person over HTTP; returns the address of their page."""
    facts = {"full_name": name, "kind": "influencer", "source": "in_person", "email": email}
    region = {"region_province": "64", "region_regency": "64.07", "region_district": "64.07.07"}
    answer = visitor.submit("/mitra/tambah/", **facts, **region)
    assert answer.status == 302, answer.text
    return answer.location


def ask_by_email(visitor: Visitor, page: str) -> None:
    answer = visitor.submit(f"{page}persetujuan/tautan/", action=f"{page}persetujuan/surel/")
    assert answer.status == 302, answer.text[:3000]


def letter_to(running: Running, address: str, seconds: float = 40) -> str:
    """The words of the letter to somebody, once the mail server has it; there is one and only one."""

    def found() -> list:
        return [letter for letter in running.postbox.letters if letter["To"] == address]

    def logs() -> str:
        return "\n".join(f"== {name}\n{running.site.log(name)[-1500:]}" for name in running.site.processes)

    wait_until(found, seconds, otherwise=logs)
    assert len(found()) == 1
    return found()[0].get_payload(decode=True).decode()


def assert_letter_opens(running: Running, words: str, name: str) -> None:
    """The link in the letter leads to the person's own page, without an account."""
    links = re.findall(rf"{re.escape(running.origin)}(/s/[\w-]+/)", words)
    assert len(links) >= 1
    page = running.visitor().get(links[0])
    assert (page.status, name in page.text) == (200, True)


def test_shape_production_sends_by_beat_and_worker(production):
    visitor = production.visitor("kubar")
    page = register(visitor, "Siti Aminah", "siti@example.com")
    ask_by_email(visitor, page)

    assert_letter_opens(production, letter_to(production, "siti@example.com"), "Siti Aminah")
    assert "sweep_quick" in production.site.log("worker") + production.site.log("beat")


def test_shape_production_cookies_and_headers(production):
    visitor = Visitor(production.port, production.origin)
    page = visitor.get("/akun/masuk/")
    answer = visitor.log_in("kubar")

    cookies = "\n".join([*(page.headers.get_all("Set-Cookie")), *(answer.headers.get_all("Set-Cookie"))])
    assert cookies.count("sessionid=") >= 1
    assert {line.split("=")[0] for line in cookies.splitlines() if "Secure" not in line} == set()
    assert {line.split("=")[0] for line in cookies.splitlines() if "HttpOnly" not in line} == set()
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert (page.headers["Server"] or "").startswith("gunicorn")


def test_shape_production_plain_http_is_sent_to_https(production):
    answer = production.visitor().get("/akun/masuk/", X_Forwarded_Proto="http")

    assert (answer.status, answer.headers["Location"]) == (301, f"{ORIGIN}/akun/masuk/")


def test_shape_production_refuses_other_hosts_and_demo_accounts(production):
    assert production.visitor().get("/akun/masuk/", Host="elsewhere.example").status == 400
    assert Visitor(production.port, production.origin).log_in("bidhumas").status == 200


def test_shape_production_list_weighs_little(production):
    """First visit of the list with 50 rows: what a phone fetches, compressed, and nothing from elsewhere."""
    production.site.manage("shell", "-v", "0", "-c", FIFTY)
    visitor = production.visitor("kubar")
    page = visitor.get("/mitra/", Accept_Encoding="br")
    assert page.text.count("Tamu Uji ") >= 48  # beside those of the tests before

    html = len(brotli.compress(page.body, quality=5))  # as the proxy in front does
    weights = {"/mitra/": html, **assets_of(visitor, page.text)}
    table = "\n".join(f"{weight:>8} {address}" for address, weight in sorted(weights.items()))
    assert sum(weights.values()) <= MAX_WEIGHT, f"{sum(weights.values())} bytes\n{table}"
    assert len(weights) > 5


FIFTY = """
from accounts.models import Unit
from partners.models import Partner
from partners.search import search_key_for, sort_key_for
unit = Unit.objects.get(code="polres-kubar")
for number in range(60):
    name = f"Tamu Uji {number:02}"
    Partner.objects.create(full_name=name, unit=unit, region_id="64.07.07", kind="influencer", status="active",
        keep="confirmed", source="in_person", lawful_basis="consent", sort_key=sort_key_for(name),
        search_key=search_key_for(name, "", handles=[]))
"""


def assets_of(visitor: Visitor, html: str) -> dict[str, int]:
    """Bytes on the wire of every asset that the page loads, and of those that these load in turn."""
    waiting = {re.sub(r"#.*", "", found) for found in re.findall(r"(?:src|href)=\"(/static/[^\"]+)\"", html)}
    foreign = re.findall(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"((?:https?:)?//[^\"]+)", html)
    assert foreign == []
    weights: dict[str, int] = {}
    while waiting:
        address = waiting.pop()
        if address in weights:
            continue
        answer = visitor.get(address, Accept_Encoding="br, gzip")
        assert answer.status == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address
        weights[address] = len(answer.body)
        encoding = answer.headers["Content-Encoding"]
        text = (brotli.decompress(answer.body) if encoding == "br" else answer.body).decode(errors="replace")
        if address.endswith((".css", ".js")):
            found = re.findall(r"url\([\"']?([^\"')]+)", text)
            found += re.findall(r"^\s*import\b[^\"';]*[\"']([^\"']+)[\"']", text, re.MULTILINE)
            addresses = {urljoin(address, one) for one in found}
            waiting |= {one for one in addresses if one.startswith("/static/") and "#" not in one}
    return weights


def test_shape_production_survives_without_its_broker(production, broker):
    """Valkey dies: pages work, a log-in too, what was asked for stays queued, and goes out when it is back."""
    visitor = production.visitor("kubar")
    broker.kill()
    assert visitor.get("/mitra/").status == 200
    assert visitor.get("/kegiatan/").status == 200
    again = production.visitor("kubar")
    page = register(again, "Budi Santoso", "budi@example.com")
    ask_by_email(again, page)
    health = visitor.get("/healthz")
    assert (health.status, health.text) == (503, '{"failing": ["cache"]}')

    broker.start()
    assert_letter_opens(production, letter_to(production, "budi@example.com", seconds=90), "Budi Santoso")
    assert visitor.get("/healthz").status == 200


def test_shape_production_survives_a_killed_worker(production):
    """The row is the truth: a worker that comes back finds what is due."""
    production.site.processes["worker"].kill()
    production.site.stop("worker")
    visitor = production.visitor("kubar")
    page = register(visitor, "Nur Halimah", "nur@example.com")
    ask_by_email(visitor, page)
    production.site.start("worker", "celery", "-A", "config", "worker", "--loglevel", "INFO")

    assert_letter_opens(production, letter_to(production, "nur@example.com", seconds=60), "Nur Halimah")


def test_shape_production_stops_when_asked(production):
    """SIGTERM ends each service cleanly; the last of this module's tests on it."""
    assert production.site.stop("web") == 0
    assert production.site.stop("beat") == 0
    assert production.site.stop("worker") == 0


def test_shape_embedded_sends_from_its_thread(embedded):
    visitor = embedded.visitor("kubar")
    page = register(visitor, "Siti Aminah", "siti@example.com")
    ask_by_email(visitor, page)

    assert_letter_opens(embedded, letter_to(embedded, "siti@example.com"), "Siti Aminah")
    assert embedded.site.stop("web") == 0
