"""Runs pytest on SQLite, on PostgreSQL and in the browser at the same time, and says at the end what each did."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import services  # noqa: E402

OK, NO_TESTS = 0, 5
# Driving a browser and running the production processes is slow, and says the same on either database.
NOT_ON_SQLITE = "not browser and not production"
# The whole suite is three processes. The long table of addresses, roles and scopes asks the ORM, not the database, and
# runs on SQLite, as does what asks no database at all; the browser, which opens every page of that table, and the
# production processes have their own PostgreSQL.
WHOLE = {
    "SQLite": NOT_ON_SQLITE,
    "PostgreSQL": f"{NOT_ON_SQLITE} and not matrix and not without_database",
    "Processes": "browser or production",
}


@dataclass
class Run:
    """One pytest process: its database, where its output goes, and what came of it."""

    name: str
    folder: Path
    environment: dict[str, str]
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    @property
    def junit(self) -> Path:
        return self.folder / "junit.xml"

    def start(self, *, to_file: bool) -> None:
        command = [
            *(sys.executable, "-m", "pytest", "-rs", f"--junitxml={self.junit}"),
            *("-o", f"cache_dir=.pytest_cache/{self.name.lower()}"),
            *(["--color=yes"] if to_file and sys.stdout.isatty() else []),
            *self.arguments,
        ]
        # A suite starts a dozen Pythons that read the same modules; .gitignore knows what they keep.
        environment = os.environ | self.environment | {"PYTHONDONTWRITEBYTECODE": ""}
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(self.output.open("wb")) if to_file else None
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL if to_file else None,
                stdout=output,
                stderr=subprocess.STDOUT if to_file else None,
                preexec_fn=services.dies_with_parent(signal.SIGTERM),
            )

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            services.stop(self.process, signal.SIGINT)

    @property
    def code(self) -> int:
        assert self.process is not None
        return self.process.wait()

    def counts(self) -> dict[str, int]:
        """Outcomes from the JUnit file; an expected failure (xfail) is neither a pass nor a skip."""
        counts = {"passed": 0, "failed": 0, "broken": 0, "skipped": 0, "xfailed": 0}
        with contextlib.suppress(OSError, ElementTree.ParseError):
            for case in ElementTree.parse(self.junit).iter("testcase"):
                counts[outcome(case)] += 1
        return counts


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None:
        return "failed"
    if case.find("error") is not None:
        return "broken"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "xfailed" if skipped.get("type") == "pytest.xfail" else "skipped"


@dataclass
class Wish:
    """What the caller asked for: ours taken out of the arguments, the rest for pytest."""

    databases: list[str]
    deep: bool
    marks: str
    arguments: list[str]

    @classmethod
    def read(cls, given: list[str]) -> Wish:
        databases: list[str] = []
        marks, rest, deep = "", [], False
        words = iter(given)
        for word in words:
            if word in {"--sqlite", "--postgres"}:
                databases.append({"--sqlite": "SQLite", "--postgres": "PostgreSQL"}[word])
            elif word == "--deep":
                deep = True
            elif word == "-m":
                marks = next(words, "")
            elif word.startswith("-m") and not word.startswith("--"):
                marks = word[2:].removeprefix("=")
            else:
                rest.append(word)
        wish = cls(databases or ["SQLite", "PostgreSQL"], deep, marks, rest)
        # A server that was named is one, and two processes would make the same test database there.
        if wish.is_whole and not databases and not deep and not os.environ.get("TEST_DATABASE_URL"):
            wish.databases.append("Processes")
        return wish

    @property
    def is_whole(self) -> bool:
        return not self.arguments and not self.marks

    def arguments_for(self, database: str) -> list[str]:
        terms = [f"({self.marks})"] if self.marks else []
        if "Processes" in self.databases:
            terms.append(f"({WHOLE[database]})")
        elif database == "SQLite":
            terms.append(NOT_ON_SQLITE)
        if not self.deep:
            terms.append("not deep")
        return [*self.arguments, *(["-m", " and ".join(terms)] if terms else [])]


def make_run(database: str, wish: Wish, folder: Path, database_url: str, redis_url: str) -> Run:
    data = folder / "data"
    (data / "static").mkdir(parents=True)
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(data)}
    if wish.deep:
        environment["REMBUK_DEEP"] = "1"
    return Run(database, folder, environment, wish.arguments_for(database))


def wait(runs: list[Run]) -> None:
    """Wait for all; say now and then, where a log would otherwise fall silent, that they still run."""
    began = last = time.monotonic()
    while any(run.process and run.process.poll() is None for run in runs):
        time.sleep(0.1)
        if len(runs) > 1 and time.monotonic() - last > 60:
            last = time.monotonic()
            busy = " and ".join(run.name for run in runs if run.process and run.process.poll() is None)
            print(f"... {busy} after {last - began:.0f} s", flush=True)


def verdict(run: Run, wish: Wish, runs: list[Run]) -> str:
    """Why a run counts as failed; empty when it is fine."""
    counts = run.counts()
    if run.code == NO_TESTS:
        others = any(other.code == OK for other in runs if other is not run)
        if others and not wish.is_whole:
            return ""  # `script/test -m browser`: nothing of that is meant for SQLite
        return "no tests ran"
    if run.code != OK:
        return f"pytest ended with {run.code}"
    if counts["skipped"] and os.environ.get("CI", "").lower() in {"1", "true"}:
        return "skips are not allowed with CI=true"
    return ""


def report(runs: list[Run], wish: Wish) -> int:
    if len(runs) > 1:
        for run in runs:
            print(f"\n{'=' * 30} {run.name} {'=' * 30}", flush=True)
            sys.stdout.buffer.write(run.output.read_bytes())
            sys.stdout.buffer.flush()
    print()
    failed = False
    for run in runs:
        counts = ", ".join(
            f"{number} {name}" for name, number in run.counts().items() if number or name in SHOWN
        )
        problem = verdict(run, wish, runs)
        failed = failed or bool(problem)
        print(
            f"{run.name:<10} {'FAILED' if problem else 'ok':<6} {counts}{f' ({problem})' if problem else ''}"
        )
    return int(failed)


SHOWN = {"passed", "failed", "skipped"}


def run_suites(wish: Wish) -> int:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(services.temporary_folder("rembuk-test-"))
        redis_url = stack.enter_context(services.valkey())
        runs = []
        for number, database in enumerate(wish.databases):
            own = folder / database.lower()
            if database == "SQLite":
                url = f"sqlite:///{own / 'data' / 'rembuk.sqlite3'}"
            else:
                url = stack.enter_context(services.postgres())
            runs.append(make_run(database, wish, own, url, f"{redis_url}/{number}"))
        for run in runs:
            stack.callback(run.stop)
            run.start(to_file=len(runs) > 1)
        if len(runs) > 1:
            print(
                "Testing on SQLite and on PostgreSQL; the output of each follows when all are done.",
                flush=True,
            )
        wait(runs)
        return report(runs, wish)


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, services.end_on_signal)
    try:
        return run_suites(Wish.read(sys.argv[1:]))
    except services.ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
