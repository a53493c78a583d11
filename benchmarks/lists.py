"""`bwtui apply --each`: a list of setups on an account that takes 20 requests a second, beside what that limit allows.

    python -m benchmarks.lists [--rows 500] [--limit 20] [--at-once 8]

The bound is the requests that the account took, divided by its limit. Ends with 1 where a goal is missed, or where the
account does not have exactly one of each object for each row.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from bwtui.store.answers_template import template

MOST_SLOWER: Final = 1.05
MOST_MEGABYTES: Final = 120.0
ROWS: Final = 500
LIMIT: Final = 20
AT_ONCE: Final = 8
_EVERY: Final = 60.0
"""Seconds between two readings of the simulator's log, which keeps the latest requests only."""
_BWTUI: Final = (sys.executable, "-m", "bwtui")
_LOGIN: Final = {"BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}


class Measured(NamedTuple):
    """What one run took."""

    seconds: float
    """From the first request to the last."""
    taken: int
    refused: int
    megabytes: float
    """Peak memory of the process, in MB of a million bytes."""
    exit: int
    once: bool
    """True if the account has one of each for each row."""

    def slower(self, limit: int) -> float:
        """The time that it took, as a multiple of what the limit allows for its requests."""
        return self.seconds / (self.taken / limit)


class Log:
    """Counts the requests that a simulator saw, while they are in its log."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._last = 0
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read_all, daemon=True)
        self.taken = self.refused = 0
        self._reader.start()

    def end(self) -> None:
        """Count what came since the last reading."""
        self._ended.set()
        self._reader.join()

    def _read_all(self) -> None:
        while not self._ended.wait(_EVERY):
            self._read()
        self._read()

    def _read(self) -> None:
        new = [entry for entry in _ask(self._origin, "log") if entry["n"] > self._last]
        self._last = new[-1]["n"] if new else self._last
        refused = sum(entry["status"] == 429 for entry in new)
        self.refused += refused
        self.taken += len(new) - refused


def _ask(origin: str, what: str) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(f"{origin}/_simulator/{what}") as reply:  # noqa: S310 - the simulator's own address
        return json.load(reply)


@contextmanager
def simulated(folder: Path, limit: int) -> Iterator[str]:
    """A limited account in a process of its own; its base URL."""
    faults = folder / "faults.toml"
    faults.write_text(f"[switches]\nrequests_a_second = {limit}\n")
    words = [*_BWTUI, "simulate", "--port", "0", "--faults", str(faults)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


def write_list(folder: Path, rows: int) -> None:
    """Write the guide's example, and a list that names everything after its row."""
    (folder / "setup.toml").write_text(template(example=True), "utf-8")
    lines = [",".join([f"store-{row}", *[f"Object {row}"] * 5]) for row in range(1, rows + 1)]
    heading = "name,site.name,sippeer.name,messaging_app.name,voice_app.name,voice_package.name"
    (folder / "stores.csv").write_text("\n".join((heading, *lines)) + "\n", "utf-8")


def measure(rows: int, limit: int, at_once: int) -> Measured:
    """Apply a list once, on a fresh account."""
    with tempfile.TemporaryDirectory() as temporary, simulated(Path(temporary), limit) as base_url:
        folder, origin = Path(temporary), base_url.removesuffix("/api")
        write_list(folder, rows)
        log = Log(origin)
        environ = {
            **os.environ,
            **_LOGIN,
            "BW_API_URL": base_url,
            "HOME": temporary,
            "BWTUI_STATE_DIR": temporary,
        }
        words = [
            *_BWTUI,
            "apply",
            "setup.toml",
            "--each",
            "stores.csv",
            "--yes",
            "--json",
            "--at-once",
            str(at_once),
        ]
        process = subprocess.Popen(
            words, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout
        began = ended = 0.0
        for line in process.stdout:
            ended = time.perf_counter()
            if json.loads(line)["event"] == "list":
                began = ended
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.end()
        state = _ask(origin, "state")
        counts = [len(state[kind]) for kind in ("sites", "sippeers", "orders", "numbers")]
        once = counts == [rows] * 4 and len(state["applications"]) == 2 * rows
    megabytes = used.ru_maxrss * 1024 / 1e6
    return Measured(ended - began, log.taken, log.refused, megabytes, process.returncode, once)


def main() -> int:
    """Measure, print, and say whether the goals are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--limit", type=int, default=LIMIT, help="requests a second that the account takes")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="rows at the same time")
    options = parser.parse_args()
    found = measure(options.rows, options.limit, options.at_once)
    slower = found.slower(options.limit)
    print(
        f"{options.rows} rows in {found.seconds:.1f} s: {found.taken:,} requests at {options.limit} a second, "
        f"{slower:.3f}× what the limit allows; {found.refused} refused; {found.megabytes:.0f} MB; "
        f"{'one of each for each row' if found.once else 'NOT one of each for each row'}; exit code {found.exit}"
    )
    is_good = found.once and found.exit == 0
    return 0 if is_good and slower <= MOST_SLOWER and found.megabytes <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
