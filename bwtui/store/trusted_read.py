"""Reading a file of our own: no link is followed, no pipe waited for, and nothing of another user is believed."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


class NotOurs(OSError):  # noqa: N818 - named by the problem
    """The file is a link, is no plain file or belongs to another user: `strerror` says which."""


def open_own(path: Path) -> BinaryIO:
    """Open a plain file of our own for reading.

    Raises:
        NotOurs: it is none.
        OSError: it cannot be opened; `FileNotFoundError` if there is none.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotOurs(errno.ELOOP, "is a symbolic link") from None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotOurs(errno.EINVAL, "is no plain file")
        if status.st_uid != os.geteuid():
            raise NotOurs(errno.EACCES, "belongs to another user")
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def read_own(path: Path) -> bytes:
    """Return the content of a plain file of our own; raises as `open_own`."""
    with open_own(path) as file:
        return file.read()
