"""Runs bwtui as a real process with a home of its own, and reads what a simulator saw of it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, Self

from bwtui.simulator.server import RunningSimulator
from support.fork_server import Forked, is_like_a_start

SECONDS: Final = 40
"""No process may take longer."""

BWTUI: Final = (sys.executable, "-m", "bwtui")
STARTED: Final = (sys.executable, "-B", "-m", "bwtui")
"""The same, never forked off another process: for who looks at the process from outside."""
OAUTH: Final = {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}
BASIC: Final = {"BW_USERNAME": "demo", "BW_PASSWORD": "demo-secret"}

NO_NETWORK: Final = """
import os, sys
def watch(event, arguments):
    if event.startswith("socket."):
        os.write(2, f"the network was touched: {event}\\n".encode())
        os._exit(99)
sys.addaudithook(watch)
from bwtui.__main__ import main
sys.exit(main())
"""
"""A launcher under which the first socket, or name looked up, ends the process with code 99."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A process that has ended."""

    exit: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of `--json`; fails where one is no object."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def result(self) -> dict[str, Any]:
        """The last line of `--json`."""
        return self.events[-1]

    @property
    def outputs(self) -> dict[str, Any]:
        """The ids that the result names."""
        found: dict[str, Any] = self.result["outputs"]
        return found

    def told(self) -> Self:
        """Fail where a traceback was shown; whatever goes wrong is told in words."""
        assert "Traceback" not in self.err + self.out, self.err
        assert "Exception ignored" not in self.err, self.err
        return self


@dataclass(kw_only=True)
class CliRunner:
    """A home folder, in which every process runs, and the variables that a shell has exported."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def states(self) -> Path:
        """The folder of the state files."""
        return self.home / "states"

    @property
    def state(self) -> dict[str, Any]:
        """The state file of the setup."""
        content: dict[str, Any] = json.loads((self.states / "default.json").read_text("utf-8"))
        return content

    def connect(self, simulator: RunningSimulator, credentials: Mapping[str, str] = OAUTH) -> Self:
        """Export what the simulator's account asks for."""
        self.environ |= {
            "BW_ACCOUNT_ID": simulator.settings.account_id,
            "BW_API_URL": simulator.base_url,
            **credentials,
        }
        return self

    def variables(self, **more: str) -> dict[str, str]:
        """The whole environment of a process: nothing of the tests' own but what Python needs."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        own = {
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "BWTUI_STATE_DIR": str(self.states),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return kept | own | self.environ | more

    def start(self, *arguments: str, launcher: tuple[str, ...] = BWTUI, **more: str) -> subprocess.Popen[str]:
        """Start bwtui, its streams pipes, nothing to read; `more` is added to the environment."""
        return self._process((*launcher, *arguments), more, stdin=subprocess.DEVNULL, encoding="utf-8")

    def run(
        self, *arguments: str, launcher: tuple[str, ...] = BWTUI, typed: str | bytes = "", **more: str
    ) -> Completed:
        """Run bwtui to its end, with `typed` on standard input."""
        process = self._process((*launcher, *arguments), more, stdin=subprocess.PIPE)
        with process:
            try:
                out, err = process.communicate(typed.encode() if isinstance(typed, str) else typed, SECONDS)
            except BaseException:
                process.kill()
                raise
        return Completed(exit=process.returncode, out=out.decode(), err=err.decode())

    def _process(
        self, words: tuple[str, ...], more: Mapping[str, str], **streams: Any
    ) -> subprocess.Popen[Any]:
        environ = self.variables(**more)
        is_usual = words[: len(BWTUI)] == BWTUI and is_like_a_start(environ)
        start: type[subprocess.Popen[Any]] = Forked if is_usual else subprocess.Popen
        pipe = subprocess.PIPE
        return start(words, cwd=self.home, env=environ, stdout=pipe, stderr=pipe, **streams)

    def write(self, content: str, name: str = "setup.toml") -> str:
        """Write a file into the home folder; give its name."""
        (self.home / name).write_text(content, encoding="utf-8")
        return name

    def example(self, *changes: tuple[str, str]) -> str:
        """Write the guide's example to `setup.toml`, with some of its lines changed."""
        from bwtui.store.answers_template import template  # noqa: PLC0415 - what the template command prints

        content = template(example=True)
        for old, new in changes:
            assert old in content, f"{old} is not in the example"
            content = content.replace(old, new)
        return self.write(content)


class HasOrigin(Protocol):
    """A simulator that runs somewhere."""

    @property
    def origin(self) -> str: ...


def fault(simulator: HasOrigin, faults: str) -> None:
    """Script failures, TOML; an empty text lifts them."""
    request = urllib.request.Request(
        f"{simulator.origin}/_simulator/faults", data=faults.encode(), method="PUT"
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        reply.read()


def _ask(origin: str, path: str) -> Any:
    with urllib.request.urlopen(f"{origin}{path}", timeout=10) as reply:
        return json.load(reply)


def log(origin: str) -> list[dict[str, Any]]:
    """Every request that a simulator saw."""
    seen: list[dict[str, Any]] = _ask(origin, "/_simulator/log")
    return seen


def held(origin: str) -> dict[str, Any]:
    """Return the content of the simulated account."""
    content: dict[str, Any] = _ask(origin, "/_simulator/state")
    return content


def writes(origin: str) -> list[str]:
    """The requests that may have changed the account, tokens aside."""
    return [
        f"{entry['method']} {entry['path']}"
        for entry in log(origin)
        if entry["method"] != "GET" and not entry["path"].endswith("/oauth2/token")
    ]


def one_of_each(origin: str) -> None:
    """Fail unless the account holds exactly one of each object of the guide, every link and the number in service."""
    state = held(origin)
    counted = {kind: len(state[kind]) for kind in ("sites", "sippeers", "orders", "numbers", "links")}
    assert counted == {"sites": 1, "sippeers": 1, "orders": 1, "numbers": 1, "links": 2}
    applications = {item["service_type"]: item["id"] for item in state["applications"]}
    assert sorted(applications) == ["Messaging-V2", "Voice-V2"]
    assert len(state["applications"]) == 2
    (location,) = state["sippeers"]
    assert location["site_id"] == state["sites"][0]["id"]
    assert location["sms"]
    assert location["mms"] == "HTTP"
    assert location["voice_protocol"] == "HTTP"
    assert location["messaging_app_id"] == applications["Messaging-V2"]
    assert location["voice_app_id"] == applications["Voice-V2"]
    (number,) = state["numbers"]
    assert (number["status"], number["sippeer_id"]) == ("Inservice", location["id"])
