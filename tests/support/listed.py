"""A list of setups for tests: its file, and what the simulated account has of each row."""

import sys
from collections.abc import Iterable
from typing import Any, Final

from support.cli_runner import CliRunner, held

HURRIED: Final = (
    sys.executable,
    "-c",
    """
import functools, sys
import bwtui.account_services
from bwtui.engine.waiting import Pace
bwtui.account_services.Pace = functools.partial(Pace, settle=0.0, attempt=0.0, visible=0.0, look=0.01, first_poll=0.01)
from bwtui.__main__ import main
sys.exit(main())
""",
)
"""A launcher under which nothing is waited for that takes effect late: nothing does here."""

HEADING: Final = "name,site.name,sippeer.name,messaging_app.name,voice_app.name,voice_package.name"
SHARED: Final = "name,site.name,sippeer.name,voice_package.name"


def name_of(row: int) -> str:
    return f"store-{row}"


def write_list(
    runner: CliRunner, rows: int | Iterable[int], *, heading: str = HEADING, file: str = "stores.csv"
) -> str:
    """Write the guide's example to `setup.toml`, and a list with a row for each number beside it; give its name."""
    runner.example()
    numbers = range(1, rows + 1) if isinstance(rows, int) else rows
    width = heading.count(",")
    lines = [",".join([name_of(row), *[f"Object {row}"] * width]) for row in numbers]
    return runner.write("\n".join((heading, *lines)) + "\n", file)


def one_of_each_per_row(origin: str, rows: int, *, applications: int | None = None) -> None:
    """Fail unless the account has one of each object for each row, all linked, and each row a number of its own.

    `applications` are those of the whole list, if rows share them.
    """
    state = held(origin)
    # Two processes may choose the same number: the second order fails, and another number is ordered in its place.
    state["orders"] = [order for order in state["orders"] if order["status"] != "FAILED"]
    counted = {kind: len(state[kind]) for kind in ("sites", "sippeers", "orders", "numbers", "applications")}
    made = 2 * rows if applications is None else applications
    assert counted == {kind: made if kind == "applications" else rows for kind in counted}
    assert len({site["name"] for site in state["sites"]}) == rows
    numbers = {number["sippeer_id"] for number in state["numbers"] if number["status"] == "Inservice"}
    for location in state["sippeers"]:
        assert location["id"] in numbers
        assert location["sms"]
        assert location["messaging_app_id"]
        assert location["voice_app_id"]
    linked = {location["messaging_app_id"] for location in state["sippeers"]}
    assert len(linked) == (rows if applications is None else 1)


def rows_of(events: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The last word on each row, by its number."""
    return {event["row"]: event for event in events if event["event"] == "row"}
