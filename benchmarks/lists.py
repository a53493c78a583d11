"""`bwtui apply --each`: a list of setups on an account that takes 20 requests a second, beside what that limit allows.

    python -m benchmarks.lists [--killed] [--halves] [--rows 500] [--limit 20] [--at-once 8] [--write]

The bound is the requests that the account took, divided by its limit. With `--killed` the work is killed five times on the
way, and ten rows are wrong in ten ways; with `--halves` two processes do half of the rows each. `--write` puts what was
measured into the table in docs/measurements.md, all three where none is named. Ends with 1 where a goal is missed, or where the account does not have exactly
one of each object for each row.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import wrong_rows
from benchmarks.measurements import put_between, table
from benchmarks.wrong_rows import Wrong
from bwtui.store.answers_template import template

MOST_SLOWER: Final = 1.05
MOST_MEGABYTES: Final = 120.0
ROWS: Final = 500
LIMIT: Final = 20
AT_ONCE: Final = 8
KILLS: Final = 5
QUOTING: Final = Path(__file__).parents[1] / "docs" / "measurements.md"
BEGIN, END = "<!-- lists -->", "<!-- end of lists -->"
_EVERY: Final = 60.0
"""Seconds between two readings of the simulator's log, which keeps the latest requests only."""
_BWTUI: Final = (sys.executable, "-m", "bwtui")
_LOGIN: Final = {"BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}


class Trial(NamedTuple):
    """A way of working on a list."""

    what: str
    shares: tuple[str, ...] = ("1-",)
    """The rows of each process."""
    kills: int = 0
    """How often all of them are killed on the way."""
    has_wrong: bool = False
    """True if ten rows are wrong."""


PLAIN: Final = Trial("one process")
KILLED: Final = Trial(f"killed {KILLS} times, ten rows wrong", kills=KILLS, has_wrong=True)


def halves(rows: int) -> Trial:
    """Two processes with half of the rows each."""
    return Trial("two processes", (f"1-{rows // 2}", f"{rows // 2 + 1}-"))


class Measured(NamedTuple):
    """What one trial took and came to."""

    trial: Trial
    rows: int
    seconds: float
    """From the first request to the last, without the start of each process."""
    taken: int
    refused: int
    megabytes: float
    """Peak memory of a process, in MB of a million bytes."""
    objects: int
    """The sub-accounts, locations, applications, numbers and links that were made."""
    doubles: int
    """Those of them that a row has more than one of."""
    lacking: int
    """Rows that ought to be done, and have not one of each, linked."""
    done: int
    failed: Mapping[int, str]
    """The reason of each row that failed."""

    def slower(self, limit: int) -> float:
        """The time that it took, as a multiple of what the limit allows for its requests."""
        return self.seconds / (self.taken / limit)

    @property
    def is_right(self) -> bool:
        """True if each row has one of each, but for the wrong ones, which are told what is wrong with each."""
        wrong = wrong_rows.places(self.rows) if self.trial.has_wrong else {}
        return (
            not self.doubles
            and not self.lacking
            and self.done == self.rows - len(wrong)
            and self.failed.keys() == wrong.keys()
            and all(self.failed[row].startswith(each.told) for row, each in wrong.items())
        )

    def meets(self, limit: int) -> bool:
        """True if the goals are met; that of time is not for work that is killed and begun again."""
        is_fast = bool(self.trial.kills) or self.slower(limit) <= MOST_SLOWER
        return self.is_right and is_fast and self.megabytes <= MOST_MEGABYTES

    def told(self, limit: int) -> list[str]:
        """The row of the table."""
        return [
            self.trial.what, time.strftime("%Y-%m-%d", time.gmtime()), f"{self.rows}", f"{self.seconds:,.0f}", f"{self.taken:,}", f"{self.slower(limit):.3f}×",
            f"{self.refused}", f"{self.megabytes:.0f}", f"{self.objects:,}", f"{self.doubles}", f"{self.done}",
            f"{len(self.failed)}", "✓" if self.meets(limit) else "✗",
        ]  # fmt: skip


HEAD: Final = (
    "list", "measured", "rows", "s", "requests", "beside the limit", "refused (429)", "MB", "objects", "twice", "done", "failed", "",
)  # fmt: skip


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
    faults.write_text(_switches(limit))
    words = [*_BWTUI, "simulate", "--port", "0", "--faults", str(faults)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


def _switches(limit: int) -> str:
    return f"[switches]\nrequests_a_second = {limit}\n"


def write_list(folder: Path, rows: int, wrong: Mapping[int, Wrong], state: Mapping[str, Any]) -> None:
    """Write the guide's example, and a list that names everything after its row, but for the wrong ones."""
    (folder / "setup.toml").write_text(_shared_answers(), "utf-8")
    lines = [wrong_rows.cells_of(row, wrong.get(row), state) for row in range(1, rows + 1)]
    (folder / "stores.csv").write_text("\n".join(map(",".join, (wrong_rows.HEADING, *lines))) + "\n", "utf-8")


def _shared_answers() -> str:
    """Return the guide's example without what only some of the rows have."""
    text = template(example=True)
    for line in (
        'name = "SetupTest"',
        'description = "Programmatic Setup Test"',
        'customer_name = "BW"',
        'area_code = "919"',
    ):
        text = text.replace(f"\n{line}\n", "\n")
    return text


class Part:
    """One process that works on some rows of the list."""

    def __init__(self, folder: Path, base_url: str, share: str, at_once: int) -> None:
        words = [
            *_BWTUI, "apply", "setup.toml", "--each", "stores.csv", "--yes", "--json", "--rows", share,
            "--at-once", str(at_once),
        ]  # fmt: skip
        environ = (
            os.environ
            | _LOGIN
            | {"BW_API_URL": base_url, "HOME": str(folder), "BWTUI_STATE_DIR": str(folder)}
        )
        self._process = subprocess.Popen(
            words, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._ended = threading.Condition()
        self.began = self.ended = time.perf_counter()
        self.rows: dict[int, dict[str, Any]] = {}
        """What was told of each row that has ended."""
        self.megabytes = 0.0
        self._reader.start()

    def kill_after(self, rows: int) -> None:
        """Kill it once so many rows have ended, if it does not end before."""
        with self._ended:
            self._ended.wait_for(lambda: len(self.rows) >= rows or not self._reader.is_alive())
        self._process.send_signal(signal.SIGKILL)

    def wait(self) -> None:
        """Wait for its end."""
        self._reader.join()
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.megabytes = used.ru_maxrss * 1024 / 1e6

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            event: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {"event": "cut off"}
            self.ended = time.perf_counter()
            match event["event"]:
                case "list":
                    self.began = self.ended
                case "row":
                    with self._ended:
                        self.rows[event["row"]] = event
                        self._ended.notify_all()
        with self._ended:
            self._ended.notify_all()


def measure(trial: Trial, rows: int, limit: int, at_once: int) -> Measured:
    """Work on a list to its end, on a fresh account."""
    with tempfile.TemporaryDirectory() as temporary, simulated(Path(temporary), limit) as base_url:
        folder, origin = Path(temporary), base_url.removesuffix("/api")
        wrong = wrong_rows.places(rows) if trial.has_wrong else {}
        if wrong:
            _prepare(base_url, origin, limit)
        before = _ask(origin, "state")
        write_list(folder, rows, wrong, before)
        log = Log(origin)
        seconds, megabytes = 0.0, 0.0
        ended: dict[int, dict[str, Any]] = {}
        for run in range(trial.kills + 1):
            parts = [Part(folder, base_url, share, at_once // len(trial.shares)) for share in trial.shares]
            if run < trial.kills:
                parts[0].kill_after(rows // (trial.kills + 1))
            for part in parts:
                part.wait()
                ended |= part.rows
            seconds += max(part.ended for part in parts) - min(part.began for part in parts)
            megabytes = max(megabytes, *(part.megabytes for part in parts))
        log.end()
        made = _made(_ask(origin, "state"), before)
    failed = {row: event["text"] for row, event in sorted(ended.items()) if event["status"] != "done"}
    per_row = Counter(made.values())
    return Measured(
        trial, rows, seconds, log.taken, log.refused, megabytes,
        objects=len(made), doubles=sum(count - 1 for count in per_row.values()),
        lacking=sum(not _has_each(row, per_row) for row in range(1, rows + 1) if row not in wrong),
        done=sum(event["status"] == "done" for event in ended.values()), failed=failed,
    )  # fmt: skip


def _prepare(base_url: str, origin: str, limit: int) -> None:
    """Make what the wrong rows get into conflict with, before the account has a limit."""
    account = wrong_rows.Account(base_url, _LOGIN["BW_ACCOUNT_ID"], "demo:demo-secret")
    account.send("PUT", f"{origin}/_simulator/faults", _switches(0))
    wrong_rows.make_what_is_there(account)
    faults = wrong_rows.refusals(_ask(origin, "state"))
    account.send("PUT", f"{origin}/_simulator/faults", _switches(limit) + faults)


_KINDS: Final = ("site", "location", "Messaging-V2", "Voice-V2", "number", "messages linked", "calls linked")
"""What each row has one of."""


def _made(state: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the kind of each object and link that was made, and the name that it has from its row."""
    was_there = {each["id"] for kind in ("sites", "applications") for each in before[kind]}
    made = {each["id"]: ("site", each["name"]) for each in state["sites"] if each["id"] not in was_there}
    made |= {
        each["id"]: (each["service_type"], each["name"])
        for each in state["applications"]
        if each["id"] not in was_there
    }
    for each in state["sippeers"]:
        made[each["id"]] = ("location", each["name"])
        for kind, linked in (
            ("messages linked", each["messaging_app_id"]),
            ("calls linked", each["voice_app_id"]),
        ):
            if linked:
                made[f"{each['id']} {kind}"] = (kind, each["name"])
    locations = {each["id"]: each["name"] for each in state["sippeers"]}
    return made | {
        each["tn"]: ("number", locations.get(each["sippeer_id"], "no location")) for each in state["numbers"]
    }


def _has_each(row: int, per_row: Mapping[tuple[str, str], int]) -> bool:
    return all(per_row.get((kind, f"Object {row}")) == 1 for kind in _KINDS)


def main() -> int:
    """Measure, print, and say whether the goals are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--limit", type=int, default=LIMIT, help="requests a second that the account takes")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="rows at the same time")
    parser.add_argument(
        "--killed", action="store_true", help="kill it five times on the way; ten rows are wrong"
    )
    parser.add_argument("--halves", action="store_true", help="two processes with half of the rows each")
    parser.add_argument(
        "--write",
        action="store_true",
        help="put it into docs/measurements.md; all of them where none is named",
    )
    options = parser.parse_args()
    found = [measure(trial, options.rows, options.limit, options.at_once) for trial in _trials(options)]
    text = table(HEAD, [each.told(options.limit) for each in found])
    print(text)
    for each in found:
        _tell_failed(each)
    if options.write:
        put_between(QUOTING, BEGIN, END, with_earlier(QUOTING.read_text("utf-8"), text))
    return 0 if all(each.meets(options.limit) for each in found) else 1


def with_earlier(page: str, measured: str) -> str:
    """Return the table of a page with the rows that were measured now in the place of theirs, and the others as they are."""
    earlier = page.partition(BEGIN)[2].partition(END)[0].split("\n")
    now = {_name(line): line for line in measured.split("\n") if line}
    lines = [now.pop(_name(line), line) for line in earlier if line]
    return "".join(f"{line}\n" for line in (*lines, *now.values()))


def _name(line: str) -> str:
    return line.split("|")[1] if "|" in line else line


def _trials(options: argparse.Namespace) -> Sequence[Trial]:
    every = (PLAIN, KILLED, halves(options.rows))
    chosen = [
        trial
        for trial, is_asked in zip(every, (False, options.killed, options.halves), strict=True)
        if is_asked
    ]
    return chosen or (every if options.write else every[:1])


def _tell_failed(found: Measured) -> None:
    """Print the reason of each row that failed, beside what was wrong with it."""
    wrong = wrong_rows.places(found.rows) if found.trial.has_wrong else {}
    for row, text in found.failed.items():
        print(f"{row} ({wrong[row].what if row in wrong else 'nothing was wrong with it'}): {text}")


if __name__ == "__main__":
    sys.exit(main())
