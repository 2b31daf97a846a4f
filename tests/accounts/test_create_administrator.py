"""manage.py create_administrator."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import Officer
from audit.models import Entry
from config.management.commands.create_administrator import PASSWORD_VARIABLE

PASSWORD = "pintu-depan-yang-kuat"
GIVEN = ["--username", "Admin.Kaltim", "--full-name", "Suparti", "--unit", "polda-kaltim"]


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)


def password_file(tmp_path, text: str = f"{PASSWORD}\n"):
    path = tmp_path / "sandi"
    path.write_text(text)
    return ["--password-file", str(path)]


def test_create_administrator_from_a_password_file(cast, tmp_path):
    out = io.StringIO()

    call_command("create_administrator", *GIVEN, *password_file(tmp_path), stdout=out)

    officer = Officer.objects.get(username="admin.kaltim")
    assert (officer.full_name, officer.unit, officer.role) == (
        "Suparti",
        cast.unit("polda-kaltim"),
        Role.ADMINISTRATOR,
    )
    assert officer.check_password(PASSWORD)
    assert out.getvalue() == "Administrator admin.kaltim of Polda Kaltim has been made.\n"
    line = Entry.objects.get()
    assert (line.verb, line.actor_id, line.object_public_id) == ("officer.added", None, officer.public_id)


def test_create_administrator_from_the_environment(cast, monkeypatch):
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)

    call_command("create_administrator", *GIVEN, stdout=io.StringIO())

    assert Officer.objects.get(username="admin.kaltim").check_password(PASSWORD)


def test_create_administrator_asks_on_a_terminal(cast, monkeypatch):
    answers = iter(["admin.kaltim", "Suparti", "polda-kaltim"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(answers))
    module = "config.management.commands.create_administrator"
    monkeypatch.setattr(f"{module}.getpass", lambda _prompt: PASSWORD)

    call_command("create_administrator", stdout=io.StringIO())

    assert Officer.objects.get(username="admin.kaltim").check_password(PASSWORD)


def test_create_administrator_refuses_two_different_passwords(cast, monkeypatch):
    typed = iter([PASSWORD, "salah-ketik-sekali"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        "config.management.commands.create_administrator.getpass", lambda _prompt: next(typed)
    )

    with pytest.raises(CommandError, match="differ"):
        call_command("create_administrator", *GIVEN)

    assert not Officer.objects.filter(username="admin.kaltim").exists()


@pytest.mark.parametrize(
    ("given", "password", "said"),
    [
        (GIVEN[2:], PASSWORD, "User name is missing"),
        ([*GIVEN[:4], "--unit", "polda-entah"], PASSWORD, "no unit 'polda-entah'"),
        (GIVEN, "pendek", "password:"),
        (GIVEN, "12345678901234", "password:"),
        (GIVEN, "admin.kaltim", "password:"),
        (["--username", "KUBAR", *GIVEN[2:]], PASSWORD, "username:"),
        (["--username", "dua kata", *GIVEN[2:]], PASSWORD, "username:"),
        (["--username", "a" * 61, *GIVEN[2:]], PASSWORD, "username:"),
    ],
)
def test_create_administrator_says_what_is_wrong(cast, tmp_path, given, password, said):
    before = Officer.objects.count()

    with pytest.raises(CommandError, match=said):
        call_command("create_administrator", *given, *password_file(tmp_path, password))

    assert (Officer.objects.count(), Entry.objects.count()) == (before, 0)


def test_create_administrator_needs_a_password(cast, tmp_path):
    with pytest.raises(CommandError, match=PASSWORD_VARIABLE):
        call_command("create_administrator", *GIVEN)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("create_administrator", *GIVEN, "--password-file", str(tmp_path / "tidak-ada"))
