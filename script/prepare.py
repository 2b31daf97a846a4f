"""Brings a trial site up to date in one Django start: tables, reference data, demo data, static files.

Every step is quick when there is nothing to do, because `script/run` calls this at each start.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Updating the tables ...")
        call_command("migrate", interactive=False, verbosity=0)


def load_data() -> None:
    from django.core.management import CommandError, call_command

    call_command("load_reference")
    try:
        call_command("load_demo")
    except CommandError as refusal:
        # A trial that has become real keeps its data and simply starts.
        print(f"Demo data not loaded: {refusal}")


def static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    lines = [(ROOT / "requirements.txt").read_text()]
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            lines.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = static_fingerprint()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    print("Collecting the static files ...")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)


def main() -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command

    try:
        django.setup()
        migrate()
        load_data()
        collect_static()
        call_command("demo_accounts")
    except (CommandError, ImproperlyConfigured) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
