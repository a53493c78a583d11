"""`bwtui listen`: how soon a callback is shown, and how many a second are taken without loss.

    python -m benchmarks.callbacks [--seconds N]

Ends with 1 where a goal is missed; `python -m benchmarks` measures the same beside everything else.
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

MOST_SECONDS: Final = 0.1
MOST_SLOWER: Final = 1.05
SECONDS: Final = 5.0
EVENTS_A_SECOND: Final = 1000
CONNECTIONS: Final = 20
POSTS: Final = 100


class Listener:
    """`bwtui listen --json` with a folder of its own; `shown` has the time at which each message was shown."""

    def __init__(self, folder: Path) -> None:
        environ = {**os.environ, "HOME": str(folder), "BWTUI_STATE_DIR": str(folder)}
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
            event: dict[str, Any] = json.loads(line)
            if event["event"] == "callback":
                self.shown[event["body"]["message"]["id"]] = time.perf_counter()

    def end(self) -> None:
        """Let it show what it has, and end."""
        self.process.terminate()
        self._reader.join(30)
        self.process.wait()


class Poster:
    """Posts message events over one connection that is kept, as Bandwidth's servers do."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, id_: str) -> float:
        """Post an event and return when it was sent; fail unless it is answered with 200."""
        body = json.dumps([_event(id_)]).encode()
        head = f"POST /callbacks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
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


async def one_by_one(port: int) -> dict[str, float]:
    """Post events one after another; return when each was sent."""
    poster = Poster(port)
    await poster.open()
    sent = {id_: await poster.post(id_) for id_ in (f"one-{number}" for number in range(POSTS))}
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


def main() -> int:
    """Measure, print, and say whether the goals are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.callbacks")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    found = measure(parser.parse_args().seconds)
    print(
        f"shown after {statistics.median(found.delays) * 1000:.1f} ms, at most {max(found.delays) * 1000:.0f}; at "
        f"{EVENTS_A_SECOND:,} a second {found.lost} were lost, and it took {found.slower:.2f}× the time"
    )
    return 0 if max(found.delays) <= MOST_SECONDS and not found.lost and found.slower <= MOST_SLOWER else 1


if __name__ == "__main__":
    sys.exit(main())
