"""The power fails while a first message or call is sent, at every write and request: one message, one call."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import fault
from support.power_cuts import CAMPAIGN, PowerCuts

KINDS = ("message", "call")


@dataclass(kw_only=True)
class Desk:
    """An account that is set up, its state, and a process that runs and kills `bwtui`."""

    simulator: RunningSimulator
    cuts: PowerCuts
    states: Path
    tries: int = 0

    def run(self, states: Path, *command: str, failure: str = "never", at: int = 0) -> dict[str, Any]:
        """Run a command on a folder of states, with a failure; return its end."""
        return self.cuts.run(states, self.simulator, *command, failure=failure, at=at)

    def another(self) -> tuple[Path, str]:
        """Return a copy of the state in which nothing was tried yet, and a phone that nobody has called."""
        self.tries += 1
        folder = self.states.parent / f"try-{self.tries}"
        shutil.copytree(self.states, folder)
        return folder, f"+1919555{self.tries:04}"

    def accepted(self, kind: str, to: str) -> int:
        """Return how many messages or calls to a phone the account has."""
        v2 = f"{self.simulator.origin}/api/v2"
        login = ("demo", "demo-secret")
        if kind == "message":
            query = {"destinationTn": to}
            reply = httpx.get(f"{v2}/users/9900000/messages", params=query, auth=login).json()
            return len(reply["messages"])
        return len(httpx.get(f"{v2}/accounts/9900000/calls", params={"to": to}, auth=login).json())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with RunningSimulator(Settings(order_seconds=0)) as simulator, PowerCuts() as cuts:
        made = cuts.apply(folder, simulator, campaign=CAMPAIGN)  # off a campaign a message is refused
        assert made["exit"] == Exit.DONE, made
        yield Desk(simulator=simulator, cuts=cuts, states=folder / "state")


def unfinished(folder: Path, kind: str) -> bool:
    """Return True if a trial was begun of which the person has not been told the end."""
    file = folder / "default.tries"
    return file.exists() and not json.loads(file.read_text())["last"][kind]["is_told"]


def judge(desk: Desk, kind: str, folder: Path, to: str, where: str) -> list[str]:
    """Run the same command twice more, as a script would, then with --again; give what is wrong then."""
    command = ("try", kind, "--to", to, "--yes", "--wait", "1")
    wrong = []
    before = desk.accepted(kind, to)
    sent = before
    kept = unfinished(folder, kind)
    again = desk.run(folder, *command)
    sent = desk.accepted(kind, to)
    if before > 1 or (kept and sent > before):
        wrong.append(f"{before} then {sent}")
    if sent and again["exit"] != Exit.DONE:
        wrong.append(f"{sent} sent and exit {again}")
    if not sent:
        if again["exit"] != Exit.UNREACHABLE or "add --again" not in again["said"]:
            wrong.append(f"none, and {again}")
        last = desk.run(folder, *command, "--again")
        if last["exit"] != Exit.DONE or desk.accepted(kind, to) != 1:
            wrong.append(f"--again: {desk.accepted(kind, to)}, {last}")
    return [f"{where}: {trouble}" for trouble in wrong]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("failure", ["disk", "before request", "in reply", "after reply"])
def test_whenever_it_is_killed_there_is_one(desk: Desk, kind: str, failure: str) -> None:
    folder, to = desk.another()
    whole = desk.run(folder, "try", kind, "--to", to, "--yes", failure=failure)
    assert whole["exit"] == Exit.DONE, whole
    assert whole["points"] >= 4
    wrong = []
    killed = 0
    for at in range(1 + KINDS.index(kind), whole["points"] + 1, len(KINDS)):  # the kinds share the points
        folder, to = desk.another()
        cut = desk.run(folder, "try", kind, "--to", to, "--yes", failure=failure, at=at)
        killed += cut["killed"]
        wrong += judge(desk, kind, folder, to, f"{failure}, point {at}")
    assert not wrong
    assert killed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", ["cut-before", "cut-after", "cut-reply"])
def test_whether_or_not_the_server_acted_when_the_line_broke_there_is_one(
    desk: Desk, kind: str, action: str
) -> None:
    path = "**/messages" if kind == "message" else "**/calls"
    folder, to = desk.another()
    fault(desk.simulator, f'[[fault]]\nmethod = "POST"\npath = "{path}"\naction = "{action}"\n')
    cut = desk.run(folder, "try", kind, "--to", to, "--yes", failure="with the connection")
    assert cut["killed"] or action == "cut-reply", cut
    assert not cut["killed"] or not judge(desk, kind, folder, to, action)
    folder, to = desk.another()
    fault(desk.simulator, f'[[fault]]\nmethod = "POST"\npath = "{path}"\naction = "{action}"\n')
    survived = desk.run(folder, "try", kind, "--to", to, "--yes", "--wait", "1")
    assert survived["exit"] == (Exit.UNREACHABLE if action == "cut-before" else Exit.DONE), survived
    assert not judge_after(desk, kind, folder, to, action)


def judge_after(desk: Desk, kind: str, folder: Path, to: str, action: str) -> list[str]:
    """The run has told its end; only where that was unknown, the next one must not send."""
    return judge(desk, kind, folder, to, action) if action == "cut-before" else []
