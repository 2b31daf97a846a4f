"""Make the first administrator, who makes all other accounts."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.choices import Role
from accounts.operations import officers
from accounts.queries.units import unit_by_code

PASSWORD_VARIABLE = "ADMINISTRATOR_PASSWORD"


class Command(BaseCommand):
    help = (
        "Makes an administrator account. Asks for what is not given; the password comes from --password-file, from "
        f"{PASSWORD_VARIABLE} in the environment, or is asked for twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", help="such as admin or admin.kaltim")
        parser.add_argument("--full-name", help="the person's name, without rank")
        parser.add_argument(
            "--unit", help="code of the unit, such as mabes or polda-kaltim; its whole tree is in scope"
        )
        parser.add_argument("--password-file", type=Path, help="a file whose first line is the password")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"] or _asked("User name")
        full_name = options["full_name"] or _asked("Full name")
        code = options["unit"] or _asked("Code of the unit (such as mabes)")
        unit = unit_by_code(code)
        if unit is None:
            raise CommandError(
                f"There is no unit {code!r}. Run load_reference first, or see accounts/reference/units.csv."
            )
        try:
            officer = officers.add(
                by=None,
                username=username,
                full_name=full_name,
                unit=unit,
                role=Role.ADMINISTRATOR,
                password=_password(options["password_file"]),
            )
        except ValidationError as refusal:
            raise CommandError(_told(refusal)) from refusal
        self.stdout.write(f"Administrator {officer.username} of {unit.short_name} has been made.")


def _asked(what: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError(
            f"{what} is missing, and there is no terminal to ask on. Give it as an option (see --help)."
        )
    return input(f"{what}: ").strip()


def _password(path: Path | None) -> str:
    if path is not None:
        try:
            return path.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The password file cannot be read: {error}.") from error
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    if not sys.stdin.isatty():
        raise CommandError(f"No password: give --password-file or set {PASSWORD_VARIABLE}.")
    password = getpass("Password (10 characters or more): ")
    if getpass("Once more: ") != password:
        raise CommandError("The two passwords differ. Nothing was made.")
    return password


def _told(refusal: ValidationError) -> str:
    if hasattr(refusal, "error_dict"):
        return " ".join(f"{name}: {' '.join(texts)}" for name, texts in refusal.message_dict.items())
    return " ".join(refusal.messages)
