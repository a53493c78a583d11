"""Plays a schedule of deaths: `bwtui apply` and a simulator that saves its world, each a process of its own.

A line of JSON on stdin is a schedule, a line on stdout what became of it. Whoever is killed begins another life: bwtui
by the same command, the simulator from its own file and on the same socket, until a run of bwtui ends with success.
Everything is imported once and each life is forked off, so that thousands of them take minutes.
"""

import json
import mmap
import os
import signal
import socket
import struct
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bwtui.simulator import persistence as saving
from bwtui.simulator import server
from bwtui.simulator.app import create_app
from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.settings import Platform, Settings
from support.power_cut_runner import FailingDisk, PowerCut, child

MOST_RUNS: Final = 40
"""No schedule has so many deaths that bwtui would have to be started more often."""

SETTINGS: Final = Settings(order_seconds=0, unique_names=False)
"""Names may clash here: the account must stay right because bwtui looks, not because Bandwidth refuses."""


class Slate:
    """Two numbers that all processes of a schedule see: who is the client, and which strike comes next."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    def _get(self, place: int) -> int:
        return cast(int, struct.unpack_from("q", self._memory, 8 * place)[0])

    def _set(self, place: int, value: int) -> None:
        struct.pack_into("q", self._memory, 8 * place, value)

    client = property(lambda self: self._get(0), lambda self, pid: self._set(0, pid))
    strike = property(lambda self: self._get(1), lambda self, number: self._set(1, number))


@dataclass
class Fate:
    """The simulator's side of a schedule: the moments at which it strikes, and whom."""

    strikes: list[dict[str, Any]]
    slate: Slate
    passed: int = 0

    def due(self, moment: str) -> bool:
        """Return True if the next such moment is the one to strike at."""
        if self.slate.strike >= len(self.strikes):
            return False
        strike = self.strikes[self.slate.strike]
        return bool(strike["moment"] == moment and strike["at"] == self.passed + 1)

    def meet(self, moment: str) -> None:
        """Let a moment pass, or be struck."""
        if self.due(moment):
            victims = self.strikes[self.slate.strike]["victims"]
            self.passed, self.slate.strike = 0, self.slate.strike + 1
            if "client" in victims and self.slate.client:
                os.kill(self.slate.client, signal.SIGKILL)
            if "simulator" in victims:
                os.kill(os.getpid(), signal.SIGKILL)
        elif self.slate.strike < len(self.strikes) and self.strikes[self.slate.strike]["moment"] == moment:
            self.passed += 1


class WhileSaving(PowerCut):
    """Every fsync and rename of the simulator's own file is a moment too."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(0)
        self._fate = fate

    def point(self) -> None:
        self._fate.meet("saving")


class Watched:
    """The simulator with a moment before each request's effect, one before its reply, and one within the reply."""

    def __init__(self, app: ASGIApp, fate: Fate) -> None:
        self._app = app
        self._fate = fate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_simulator"):
            await self._app(scope, receive, send)
            return
        self._fate.meet("received")
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self._app(scope, receive, hold)
        self._fate.meet("carried out")
        for message in held:
            body = message.get("body", b"")
            if message["type"] == "http.response.body" and self._fate.due("replying"):
                half = {**message, "body": body[: len(body) // 2], "more_body": True}
                await send(half)
                message = {**message, "body": body[len(body) // 2 :]}  # noqa: PLW2901 - it is the rest of it
            if message["type"] == "http.response.body":
                self._fate.meet("replying")
            await send(message)


@dataclass
class Play:
    """One schedule."""

    folder: Path
    client: list[dict[str, Any]]
    """The deaths of bwtui's lives, in their order; later lives are not cut."""
    strikes: list[dict[str, Any]]
    environ: dict[str, str]
    careless: bool = False
    """True if bwtui does not look first, to check that this would be noticed."""
    platform: Platform = "legacy"
    slate: Slate = field(default_factory=Slate)
    deaths: list[str] = field(default_factory=list)
    said: str = ""
    exit: int | None = None

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._origin = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._simulator = 0
        self._settings = replace(SETTINGS, platform=self.platform)

    def perform(self) -> dict[str, Any]:
        """Let them live and die until bwtui has succeeded; give what is known then."""
        self._simulator = self._begin()
        try:
            return self._perform()
        finally:
            os.kill(self._simulator, signal.SIGKILL)
            os.waitpid(self._simulator, 0)
            self._listening.close()

    def _perform(self) -> dict[str, Any]:
        runs = 0
        while self.exit != 0 and runs < (3 if self.careless else MOST_RUNS):
            self._run(self.client[runs] if runs < len(self.client) else {})
            runs += 1
        with urllib.request.urlopen(f"{self._origin}/_simulator/state", timeout=10) as reply:
            state = json.load(reply)
        return {
            "exit": self.exit, "runs": runs, "deaths": self.deaths, "said": self.said, "state": state,
            "strikes": self.slate.strike,
        }  # fmt: skip

    def _begin(self) -> int:
        """Another life of the simulator, listening."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _never_return(lambda: self._simulate(writing))
        os.close(writing)
        assert os.read(reading, 1) == b"+", "the simulator did not start"
        os.close(reading)
        return pid

    def _simulate(self, ready: int) -> None:
        fate = Fate(self.strikes, self.slate)
        vars(saving)["os"] = FailingDisk(WhileSaving(fate))
        saved = AccountFile(self.folder / "account.json")
        world = saved.load(self._settings)
        app = Watched(create_app(self._settings, world, saved), fate)
        config = server._config(self._settings, world)
        config.app = app
        server._Server(config, lambda: _say(ready)).run(sockets=[self._listening])

    def _run(self, cut: dict[str, Any]) -> None:
        """One life of bwtui, however it ends; the simulator begins another whenever its own has ended."""
        job = {
            "command": ["apply", str(self.folder / "setup.toml"), "--yes"], "folder": str(self.folder / "state"),
            "base_url": f"{self._origin}/api", "environ": self.environ, "failure": "never",
            "careless": self.careless, **cut,
        }  # fmt: skip
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            self.slate.client = os.getpid()
            os.close(reading)
            self._listening.close()
            _never_return(lambda: child(job, writing))
        os.close(writing)
        status = self._outlive(pid)
        with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor has no path
            told = pipe.read()
        if os.WIFSIGNALED(status):
            self.deaths.append("client")
            self.exit = -os.WTERMSIG(status)
        else:
            report = json.loads(told or '{"exit": -1, "said": "Traceback: it ended without a report"}')
            self.exit, self.said = report["exit"], self.said + report["said"]

    def _outlive(self, client: int) -> int:
        while True:
            pid, status = os.wait()
            if pid == client:
                return status
            assert os.WIFSIGNALED(status), "the simulator ended by itself"
            self.deaths.append("simulator")
            self._simulator = self._begin()


def _say(ready: int) -> None:
    os.write(ready, b"+")


def _never_return(work: Callable[[], object]) -> None:
    """Do a child's work, and end it here whatever happens: what is above on the stack belongs to its parent."""
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        told = Play(**{**job, "folder": Path(job["folder"])}).perform()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
