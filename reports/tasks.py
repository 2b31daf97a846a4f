"""What the sweep calls."""

from reports.operations import tallies


def catch_up_tallies() -> None:
    tallies.catch_up()


def refresh_tallies() -> None:
    tallies.refresh()
