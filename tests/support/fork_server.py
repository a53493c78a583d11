"""Forks bwtui off a process that has imported it: thousands are run here, and nearly all of the time of each was the start.

    process = Forked(["python", "-m", "bwtui", "status"], cwd=…, env=…, stdin=…, stdout=…, stderr=…)

What is forked is a process as any other, with the working directory, environment and streams that it is given. Only
what Python itself reads from the environment as it starts is that of the server; `is_like_a_start` tells if that matters.
"""

import atexit
import ctypes
import gc
import inspect
import json
import os
import pkgutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

ENVIRON: Final = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
"""What the server, and with it Python in every process, was started with."""

_READ_AT_START: Final = ("LANG", "LC_", "PYTHON", "LD_", "MALLOC_", "SSL_", "OPENSSL_")
_SUBREAPER: Final = 36
"""`PR_SET_CHILD_SUBREAPER`, see prctl(2)."""
_STREAMS: Final = 3
_HEAD: Final = struct.Struct("!I")


class _Job(NamedTuple):
    arguments: list[str]
    folder: str
    environ: dict[str, str]


def is_like_a_start(environ: Mapping[str, str]) -> bool:
    """Return True if a process that is forked off behaves as one that is started with this environment."""
    read = {name: value for name, value in environ.items() if name.startswith(_READ_AT_START)}
    return sys.platform == "linux" and read == ENVIRON


class Forked(subprocess.Popen[Any]):
    """`python -m bwtui` with these arguments, as `Popen` would start it."""

    def _execute_child(self, *given: Any) -> None:
        start = inspect.signature(subprocess.Popen._execute_child).bind(self, *given).arguments  # type: ignore[attr-defined]
        streams = start["p2cread"], start["c2pwrite"], start["errwrite"]
        job = _Job(start["args"][3:], str(start["cwd"]), dict(start["env"]))
        self.pid = _server().fork(job, streams)
        self._child_created = True
        pipes = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        self._close_pipe_fds(*(start[name] for name in pipes))  # type: ignore[attr-defined]


class _Server:
    """The server as those see it whose processes it forks."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                env=ENVIRON,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._prctl = ctypes.CDLL(None).prctl
        atexit.register(self._end)

    def _end(self) -> None:
        self._socket.close()
        self._process.wait()

    def fork(self, job: _Job, streams: Sequence[int]) -> int:
        """Have a process forked off that is a child of this one; return its id."""
        self._prctl(_SUBREAPER, 1, 0, 0, 0)  # the server's child leaves it to us
        try:
            socket.send_fds(self._socket, [_framed(job)], streams)
            return int(_HEAD.unpack(_read(self._socket, _HEAD.size))[0])
        finally:
            self._prctl(_SUBREAPER, 0, 0, 0, 0)


@cache
def _server() -> _Server:
    return _Server()


def _framed(job: _Job) -> bytes:
    text = json.dumps(job).encode()
    return _HEAD.pack(len(text)) + text


def _read(stream: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        if not (more := stream.recv(size - len(read))):
            raise EOFError
        read += more
    return read


def _serve(stream: socket.socket) -> _Job:
    """Fork a process for each job, until nobody is there to give one; return in the processes alone, with their jobs."""
    while True:
        head, streams, *_ = socket.recv_fds(stream, _HEAD.size, _STREAMS)
        if not head:
            os._exit(0)
        job = _Job(*json.loads(_read(stream, *_HEAD.unpack(head))))
        reader, writer = os.pipe()
        if (between := os.fork()) == 0:
            if child := os.fork():
                os.write(writer, _HEAD.pack(child))
                os._exit(0)
            os.close(reader)
            os.close(writer)
            for target, given in enumerate(streams):
                os.dup2(given, target)
                os.close(given)
            return job
        os.close(writer)
        os.waitpid(between, 0)  # from now on its child is that of who asked
        stream.sendall(os.read(reader, _HEAD.size))
        for given in (reader, *streams):
            os.close(given)


def _become(job: _Job) -> None:
    # The streams as Python opens them when it starts in this locale.
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115 - for the process's life
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(job.folder)
    os.environ.clear()
    os.environ.update(job.environ)
    time.tzset()
    sys.argv[1:] = job.arguments


def _import_all() -> None:
    """Import all that a command may need; the wizard is started for its own tests."""
    import bwtui  # noqa: PLC0415 - in the server only

    for module in pkgutil.walk_packages(bwtui.__path__, "bwtui."):
        if not module.name.startswith(("bwtui.tui", "bwtui.frugal", "bwtui.__main__")):
            import_module(module.name)
    gc.freeze()


if __name__ == "__main__":
    _import_all()
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        mine = _serve(requests)
    _become(mine)
    from bwtui.__main__ import main

    main()
