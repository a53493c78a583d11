"""A lock of files of a setup: the kernel's, so that it ends with its holder, in a file that says who that is."""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bwtui.store.atomic_write import remove_left_over
from bwtui.store.setup_folder import make_folder
from bwtui.store.state_errors import told


@contextmanager
def held_lock(
    lock: Path,
    files: Iterable[Path],
    in_use: Callable[[str], Exception],
    *,
    command: str = "",
    waits: bool = False,
) -> Iterator[None]:
    """Hold a lock for the time of the block, so that we alone write the files; what is half written of them goes.

    The lock file is signed with the `command`, if that may be told. Where another process holds it, `in_use` is given
    who that is and returns what is raised, unless one `waits`.

    Raises:
        Unwritable: the lock cannot be made.
    """
    with told(lock, "cannot be locked"):
        make_folder(lock.parent)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with told(lock, "cannot be locked"):
            _insist_on_a_lock(os.fstat(descriptor))
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise in_use(_holder(descriptor)) from None
            _sign(descriptor, command)
            for file in files:
                remove_left_over(file)
        yield
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _insist_on_a_lock(status: os.stat_result) -> None:
    """Raise `OSError` unless the lock file, which is emptied next, is a plain file of our own with only one name."""
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_nlink != 1:
        raise OSError(errno.EMLINK, "it is no plain file of its own")


def _sign(descriptor: int, command: str) -> None:
    """Write into a lock file who holds it: this process, and the command that it runs if that may be told."""
    import json  # noqa: PLC0415 - start-up time is budgeted

    holder = {
        "pid": os.getpid(),
        "host": os.uname().nodename,
        "since": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()),
        "command": command,
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _holder(descriptor: int) -> str:
    """Return the holder that a lock file names; it may be missing for a moment after the lock was taken."""
    import json  # noqa: PLC0415 - needed only for a refusal

    try:
        holder = json.loads(os.pread(descriptor, 65536, 0))
        text = "process {pid} on {host} since {since}".format_map(holder)
        return f"{text} ({holder['command']})" if holder["command"] else text
    except (ValueError, LookupError, TypeError):
        return "another process"
