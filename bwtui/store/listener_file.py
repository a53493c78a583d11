"""The file by which a running `bwtui listen` is found: its process, its port and the token for its events."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final, NamedTuple

from bwtui.store.lock_file import held_lock
from bwtui.store.setup_folder import redirect_path, write_private
from bwtui.store.state_errors import Locked
from bwtui.store.trusted_read import read_own

_VERSION: Final = 1
_PATIENCE: Final = 2.0
"""Seconds in which a listener on this machine has to answer."""


class Listener(NamedTuple):
    """A listener on this machine."""

    pid: int
    port: int
    token: str
    """Opens the feed of events; nobody else on the machine may have it."""
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Its address, for programs on this machine."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Listener(pid={self.pid}, port={self.port})"


def listener_path(state_dir: Path, name: str) -> Path:
    """Return the path of a setup's listener file."""
    return state_dir / f"{name}.listener.json"


def read_listener(state_dir: Path, name: str) -> Listener | None:
    """Return the listener of a setup, if its process lives and answers; asking it takes up to two seconds."""
    found = _read(listener_path(state_dir, name))
    return found if found and _lives(found.pid) and _answers(found) else None


def write_listener(state_dir: Path, name: str, listener: Listener) -> None:
    """Write the file, readable by us alone. Raises `StateError`."""
    written = {"v": _VERSION, **listener._asdict()}
    write_private(listener_path(state_dir, name), json.dumps(written).encode())


def remove_listener(state_dir: Path, name: str) -> None:
    """Remove the file; nothing happens if it is gone already."""
    with suppress(OSError):
        listener_path(state_dir, name).unlink(missing_ok=True)


@contextmanager
def only_listener(state_dir: Path, name: str) -> Iterator[None]:
    """Be the only listener of a setup for the time of the block. The kernel ends that with the process.

    Raises:
        Locked: another one runs.
        StateError: the lock cannot be made.
    """
    files = (listener_path(state_dir, name), redirect_path(state_dir, name))
    with held_lock(
        state_dir / f"{name}.listener.lock", files, lambda _: Locked(_told(_read(files[0]), name))
    ):
        yield


def _told(other: Listener | None, name: str) -> str:
    who = f", process {other.pid} on port {other.port}" if other else ""
    return (
        f"bwtui listen runs already for the setup “{name}”{who}. Stop it first, or give another --name to listen "
        "without it."
    )


def _read(path: Path) -> Listener | None:
    try:
        kept = json.loads(read_own(path))
    except (OSError, ValueError, RecursionError):
        return None
    match kept:
        case {"v": 1, "pid": int(pid), "port": int(port), "token": str(token)} if (
            0 < port < 65536 and pid > 0
        ):
            host = kept.get("host")
            return Listener(pid, port, token, host if isinstance(host, str) else "127.0.0.1")
        case _:
            return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (OSError, OverflowError):
        return False
    return True


def _answers(listener: Listener) -> bool:
    connection = HTTPConnection(listener.host, listener.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/.bwtui/alive", headers={"Authorization": f"Bearer {listener.token}"})
        return connection.getresponse().status == 204
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
