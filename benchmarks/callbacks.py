"""`bwtui listen`: how soon a callback is shown, alone and beside whoever is up to no good, and how many a second are taken.

    python -m benchmarks.callbacks [--seconds N]

Ends with 1 where a goal is missed; `python -m benchmarks` measures the same beside everything else.
"""

import argparse
import asyncio
import base64
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings

MOST_SECONDS: Final = 0.1
MOST_SLOWER: Final = 1.05
SECONDS: Final = 5.0
EVENTS_A_SECOND: Final = 1000
CONNECTIONS: Final = 20
POSTS: Final = 100


class Listener:
    """`bwtui listen --json` with a folder of its own; `shown` has the time at which each message was shown."""

    def __init__(self, folder: Path) -> None:
        environ = _environ(folder)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bwtui", "listen", "--json", "--port", "0"],
            env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.port: int = json.loads(self.process.stdout.readline())["port"]
        self.shown: dict[str, float] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if (
                '"kind": "message"' in line[:200]
            ):  # others need not be read, which takes time from the listener
                event: dict[str, Any] = json.loads(line)
                self.shown[event["body"]["message"]["id"]] = time.perf_counter()

    def end(self) -> None:
        """Let it show what it has, and end."""
        self.process.terminate()
        self._reader.join(30)
        self.process.wait()


class Poster:
    """Posts message events over one connection that is kept, as Bandwidth's servers do."""

    def __init__(self, port: int, head: str = "") -> None:
        """`head` has more lines of the head, such as credentials."""
        self._port = port
        self._head = head

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, id_: str) -> float:
        """Post an event and return when it was sent; fail unless it is answered with 200."""
        body = json.dumps([_event(id_)]).encode()
        head = (
            f"POST /callbacks HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        )
        sent = time.perf_counter()
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"it was answered {answer.decode('latin-1').splitlines()[0]}")
        return sent

    def close(self) -> None:
        self._writer.close()


def _event(id_: str) -> dict[str, object]:
    number = "+19195551234"
    message = {"id": id_, "time": "2026-11-29T12:00:00Z", "to": [number], "from": "+19845550100", "text": ""}
    return {"type": "message-delivered", "time": "2026-11-29T12:00:01Z", "to": number, "message": message}


async def one_by_one(port: int, head: str = "", pause: float = 0.0) -> dict[str, float]:
    """Post events one after another, with a pause between two; return when each was sent."""
    poster = Poster(port, head)
    await poster.open()
    sent = {}
    for id_ in (f"one-{number}" for number in range(POSTS)):
        sent[id_] = await poster.post(id_)
        await asyncio.sleep(pause)
    poster.close()
    return sent


async def flood(port: int, seconds: float) -> tuple[int, float]:
    """Post 1,000 events a second; return how many were answered, and in how many seconds."""
    posters = [Poster(port) for _ in range(CONNECTIONS)]
    for poster in posters:
        await poster.open()
    count = round(EVENTS_A_SECOND * seconds)
    began = time.perf_counter()

    async def share(first: int) -> None:
        for number in range(first, count, CONNECTIONS):
            early = began + number / EVENTS_A_SECOND - time.perf_counter()
            if early > 0:
                await asyncio.sleep(early)
            await posters[first].post(f"flood-{number}")

    await asyncio.gather(*(share(first) for first in range(CONNECTIONS)))
    for poster in posters:
        poster.close()
    return count, time.perf_counter() - began


class Measured(NamedTuple):
    """What `bwtui listen` did."""

    delays: list[float]
    """The seconds until each event was shown after it was posted, of those that were posted one by one."""
    lost: int
    """The events that were never shown."""
    slower: float
    """The time that the flood took, as a multiple of what it should have taken."""


def measure(seconds: float = SECONDS) -> Measured:
    """Post events one by one, then 1,000 a second."""
    with tempfile.TemporaryDirectory() as folder:
        listener = Listener(Path(folder))
        sent = asyncio.run(one_by_one(listener.port))
        count, took = asyncio.run(flood(listener.port, seconds))
        listener.end()
    delays = [listener.shown.get(id_, math.inf) - at for id_, at in sent.items()]
    return Measured(delays, count + len(sent) - len(listener.shown), took / seconds)


# --- Beside whoever is up to no good ---------------------------------------------------------------------------

HANDS: Final = 4
"""Connections of a troublemaker, each of which makes its trouble again as soon as it is answered."""
PAUSE: Final = 0.02
"""Seconds between two of our events."""
HELD: Final = 150
"""Connections that a slow one holds open."""

_LOGIN: Final = "Authorization: Basic " + base64.b64encode(b"Your-User-id:message-password").decode() + "\r\n"
_PASSWORDS: Final = {
    "BWTUI_MESSAGING_CALLBACK_PASSWORD": "message-password",
    "BWTUI_VOICE_CALLBACK_PASSWORD": "voice-password",
}


def _posting(body: bytes, head: str = "") -> bytes:
    return f"POST /callbacks HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


TROUBLE: Final = {
    "slow": b"POST /callbacks HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[",
    "huge": b"POST /callbacks HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
    "one MB": _posting(b"[" + b" " * 1_000_000 + b"]"),
    "broken": _posting(b"{"),
    "hostile": _posting(b"[" * 20_000),
    "unknown events": _posting(b'{"eventType": "of-the-year-2030"}'),
    "wrong credentials": _posting(b"[]", _LOGIN.replace("Basic ", "Basic x")),
}
"""What each sends, whole or never to its end."""


async def make_trouble(port: int, kind: str) -> int:
    """Make trouble until standard input ends; return how many times."""
    count = 0

    async def one() -> None:
        nonlocal count
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(TROUBLE[kind])
                    count += 1
                    await (reader.read() if kind == "slow" else reader.readuntil(b"\r\n\r\n"))
                finally:
                    writer.close()

    print("begun", flush=True)
    hands = [asyncio.ensure_future(one()) for _ in range(HELD if kind == "slow" else HANDS)]
    await asyncio.to_thread(sys.stdin.read)
    for hand in hands:
        hand.cancel()
    return count


class Beside(NamedTuple):
    """What `bwtui listen` did beside one kind of trouble."""

    made: float
    """How many times a second it was made."""
    delays: list[float]
    """The seconds until each of our events was shown, infinite for one that was lost."""


def measure_beside(kind: str) -> Beside:
    """Post events one by one while somebody makes trouble."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as held:
        folder = Path(name)
        if kind == "wrong credentials":
            _set_up_with_credentials(folder, held)
        listener = Listener(folder)
        trouble = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.callbacks", "--trouble", kind, "--port", str(listener.port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert trouble.stdout
        trouble.stdout.readline()  # it has begun
        began = time.perf_counter()
        sent = asyncio.run(one_by_one(listener.port, _LOGIN, PAUSE))
        made, _ = trouble.communicate("")
        took = time.perf_counter() - began
        listener.end()
    return Beside(int(made) / took, [listener.shown.get(id_, math.inf) - at for id_, at in sent.items()])


def _set_up_with_credentials(folder: Path, held: ExitStack) -> None:
    """Set a simulated account up whose applications have callback credentials."""
    simulator = held.enter_context(RunningSimulator(Settings(order_seconds=0)))
    environ = {
        **_environ(folder), "BW_ACCOUNT_ID": simulator.settings.account_id, "BW_API_URL": simulator.base_url,
        "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret",
    }  # fmt: skip
    bwtui = [sys.executable, "-m", "bwtui"]
    example = subprocess.run([*bwtui, "template", "--example"], env=environ, capture_output=True, check=True)
    answers = folder / "setup.toml"
    answers.write_bytes(example.stdout.replace(b"# callback_user", b"callback_user"))
    subprocess.run([*bwtui, "apply", str(answers), "--yes"], env=environ, capture_output=True, check=True)


def _environ(folder: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(folder), "BWTUI_STATE_DIR": str(folder), **_PASSWORDS}


def main() -> int:
    """Measure, print, and say whether the goals are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.callbacks")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--trouble", choices=TROUBLE, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.trouble:
        print(asyncio.run(make_trouble(asked.port, asked.trouble)))
        return 0
    found = measure(asked.seconds)
    print(
        f"shown after {statistics.median(found.delays) * 1000:.1f} ms, at most {max(found.delays) * 1000:.0f}; at "
        f"{EVENTS_A_SECOND:,} a second {found.lost} were lost, and it took {found.slower:.2f}× the time"
    )
    beside = {kind: measure_beside(kind) for kind in TROUBLE}
    for kind, each in beside.items():
        lost = each.delays.count(math.inf)
        told = f"{statistics.median(each.delays) * 1000:.1f} ms, at most {max(each.delays) * 1000:.0f}"
        print(f"beside {kind}, {each.made:,.0f} a second: shown after {told}; {lost} lost")
    slowest = max(statistics.median(each.delays) for each in beside.values())
    is_kept = not any(math.inf in each.delays for each in beside.values()) and slowest <= MOST_SECONDS
    is_quick = max(found.delays) <= MOST_SECONDS and found.slower <= MOST_SLOWER
    return 0 if is_kept and is_quick and not found.lost else 1


if __name__ == "__main__":
    sys.exit(main())
