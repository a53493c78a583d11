"""Runs `bwtui listen` as a process, posts to it as Bandwidth does, and reads what it shows."""

import json
import queue
import signal
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from support.cli_runner import SECONDS, CliRunner

MESSAGE: Final = {
    "time": "2024-12-18T16:51:27.704450Z", "type": "message-delivered", "to": "+19195551234", "description": "ok",
    "message": {"id": "m-1", "owner": "+19845550100", "applicationId": "a-1", "time": "2024-12-18T16:51:26Z",
                "segmentCount": 1, "direction": "out", "to": ["+19195551234"], "from": "+19845550100", "text": ""},
}  # fmt: skip
CALL: Final = {
    "eventType": "initiate", "eventTime": "2024-12-18T16:51:30Z", "callId": "c-1", "from": "+19845550100",
    "to": "+19195551234", "direction": "inbound", "accountId": "9900000", "applicationId": "a-2",
    "startTime": "2024-12-18T16:51:29Z",
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def post(
    url: str, body: object, headers: dict[str, str] | None = None, *, method: str = "POST"
) -> tuple[int, dict[str, str], bytes]:
    """Send a body, bytes as they are and anything else as JSON; give status, headers and answer."""
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, dict(reply.headers), reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


class Listen:
    """`bwtui listen --json`, ready, for the time of the block."""

    def __init__(self, runner: CliRunner, *arguments: str, port: int = 0) -> None:
        self.process: subprocess.Popen[str] = runner.start(
            "listen", "--json", "--port", str(port), *arguments
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.events: list[dict[str, Any]] = []
        self.err = ""
        self.ready = self.next("ready")
        self.url = f"http://127.0.0.1:{self.ready['port']}"

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def next(self, name: str = "callback") -> dict[str, Any]:
        """Wait for the next event of a name."""
        while line := self._lines.get(timeout=SECONDS):
            event: dict[str, Any] = json.loads(line)
            self.events.append(event)
            if event["event"] == name:
                return event
        raise AssertionError(f"it ended: {self.end().err or self.events}")

    def end(self, which: signal.Signals = signal.SIGINT) -> Self:
        """Tell it to end, and wait until it has."""
        if self.process.poll() is None:
            self.process.send_signal(which)
        assert self.process.stderr
        if not self.process.stderr.closed:
            self.err = self.process.stderr.read()
            self.process.stderr.close()
        self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        while not self._lines.empty():
            if line := self._lines.get():
                self.events.append(json.loads(line))
        if self.process.stdout:
            self.process.stdout.close()
        assert "Traceback" not in self.err, self.err
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def listener_file(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "default.listener.json").read_text("utf-8"))
    return content
