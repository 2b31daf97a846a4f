"""Fails when a pin of requirements*.in is not what requirements*.txt holds: then `script/lock` was forgotten."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.M)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in PIN.findall(text)}


def main() -> int:
    failed = False
    for stem in ("requirements", "requirements-dev"):
        locked = pins(f"{stem}.txt")
        for package, version in pins(f"{stem}.in").items():
            if locked.get(package) != version:
                print(
                    f"{stem}.in pins {package} {version}, {stem}.txt holds {locked.get(package)}: run script/lock."
                )
                failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
