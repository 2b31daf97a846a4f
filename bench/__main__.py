"""``script/bench``: makes the volume, runs the scenarios, prints each figure beside its floor."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import django

from bench import sites

SMALL, LARGE = 2_000, 200_000


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATABASE_POOL"] = "0"
    only_data = "--data" in arguments
    names = [name for name in arguments if not name.startswith("--")]
    with tempfile.TemporaryDirectory(prefix="rembuk-bench-") as temporary:
        folder = Path(temporary)
        if (
            only_data
            or not names
            or {"list", "roll", "weight", "home", "tallies", "picker", "twins"} & set(names)
        ):
            small = sites.make("bench_small", SMALL, folder=folder, events=1)
            large = sites.make("bench_large", LARGE, folder=folder, events=sites.EVENTS)
            print(
                f"volume made: {SMALL:,} partners in {small:.0f} s, {LARGE:,} in {large:.0f} s (limit 180 s)\n"
            )
        if only_data:
            return 0 if small + large < 180 else 1
        os.environ["DATA_DIR"] = str(folder)
        os.environ["DATABASE_URL"] = sites.database_url("bench_large")
        django.setup()
        from bench import device, door, door_pack, first_screen, papers, pretix, scenarios, twins

        scenarios.SCENARIOS |= first_screen.SCENARIOS | {"twins": twins.twins}
        scenarios.SCENARIOS |= door_pack.SCENARIOS | device.SCENARIOS
        scenarios.SCENARIOS |= papers.SCENARIOS | door.SCENARIOS
        if "pretix" in names:  # by its name alone, for it installs another product
            scenarios.SCENARIOS |= pretix.SCENARIOS

        return scenarios.run(names, folder=folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
