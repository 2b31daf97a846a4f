"""What ``script/run`` says to somebody whose machine lacks something. Python is played by a few lines of shell."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ["bash", "cat", "cp", "dirname", "env", "flock", "grep", "mkdir", "mktemp", "rm", "sh", "tail"]
PYTHON = """#!/bin/sh
case "$*" in
    *"version_info < "*) exit "${OLD:-0}" ;;
    --version) echo "Python ${VERSION:-3.11.2}" ;;
    *ensurepip*) exit "${NO_VENV:-0}" ;;
    *"version_info[:2]"*) echo 3.11 ;;
    "-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *hashlib*) echo abc ;;
    *"pip install"*) echo "${PIP:-}"; [ -z "${PIP:-}" ] ;;
    *free_port*) exec "$REAL" "$@" ;;
esac
"""


@pytest.fixture
def machine(tmp_path):
    """``machine(PORT="8000", …)`` runs script/run on a machine with the tools of TOOLS and that Python alone."""
    folder, tools = tmp_path / "rembuk", tmp_path / "bin"
    shutil.copytree(ROOT / "script", folder / "script")
    tools.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, folder / name)
    for name in TOOLS:
        found = shutil.which(name)
        if found is not None:
            (tools / name).symlink_to(found)
    for name, text in (("python3", PYTHON), ("id", "#!/bin/sh\necho 1000\n")):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)

    def run(**environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(folder / "script" / "run")],
            env={"PATH": str(tools), "REAL": sys.executable, "TMPDIR": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def said(answer: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    return answer.returncode, answer.stderr.strip().splitlines()[0]


def test_run_says_that_python_is_too_old(machine):
    answer = machine(OLD="1", VERSION="3.9.2")

    assert said(answer) == (1, "Rembuk needs Python 3.11 or newer, and python3 is Python 3.9.2.")


def test_run_says_that_venv_is_missing(machine):
    code, first = said(machine(NO_VENV="1"))

    assert (code, first.endswith("but its venv module is missing.")) == (1, True)


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("ERROR: Could not find a version", "The packages could not be downloaded."),
        ("ERROR: DO NOT MATCH THE HASHES", "A downloaded package is not the one that was pinned"),
        ("ERROR: No space left on device", "The disk is full"),
    ],
)
def test_run_says_that_a_download_failed(machine, printed, sentence):
    answer = machine(PIP=printed)

    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert "Rembuk is at" not in answer.stdout


def test_run_says_that_the_port_is_taken(machine):
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        assert said(machine(PORT=str(number))) == (
            1,
            f"Port {number} is already taken by another program.",
        )


@pytest.mark.parametrize("number", ["http", "-1", "0", "65536", "1e3", "999999"])
def test_run_says_that_the_port_is_no_port(machine, number):
    assert said(machine(PORT=number)) == (
        1,
        f"PORT must be a number between 1 and 65535, not '{number}'.",
    )


def test_run_says_where_the_site_is_when_nothing_is_missing(machine):
    number = free_port()

    answer = machine(PORT=str(number))

    assert (answer.returncode, answer.stderr) == (0, "")
    assert f"Rembuk is at http://localhost:{number} (stop it with Ctrl+C)" in answer.stdout.splitlines()


@pytest.mark.parametrize(
    ("outcome", "ci", "problem"),
    [
        ("<skipped type='pytest.skip'/>", "true", "skips are not allowed with CI=true"),
        ("<skipped type='pytest.skip'/>", "", ""),
        ("<skipped type='pytest.xfail'/>", "true", ""),
        ("", "true", ""),
    ],
)
def test_script_test_allows_no_skip_in_ci(tmp_path, monkeypatch, outcome, ci, problem):
    from script import suite

    run = suite.Run("SQLite", tmp_path, {}, [])
    run.process = subprocess.Popen([sys.executable, "-c", ""])
    run.junit.write_text(f"<testsuite><testcase name='a'>{outcome}</testcase></testsuite>")
    monkeypatch.setenv("CI", ci)

    assert suite.verdict(run, suite.Wish.read([]), [run]) == problem


def test_readme_names_the_commands_and_shows_two_screenshots_that_are_there():
    readme = (ROOT / "README.md").read_text()

    shown = re.findall(r"!\[[^]]+\]\((docs/screenshots/[^)]+)\)", readme)
    assert len(shown) == 2
    assert all((ROOT / path).read_bytes().startswith(b"\x89PNG") for path in shown)
    for command in ("script/run", "script/test", "script/check", "script/bench"):
        assert command in readme
        assert (ROOT / command).stat().st_mode & 0o111
