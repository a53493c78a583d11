"""What can be wrong with the files of a setup, and what to do about it.

Each text says what to do:

    StateError
    ├── BadName      the name cannot be a file's name
    ├── Unreadable   the file exists but cannot be read, or must not be trusted: a link, another user's
    ├── Damaged      the file is not a valid state; it was set aside
    ├── Newer        another bwtui, mostly a later one, wrote it; it was left alone
    ├── Changed      another process has written it since it was read
    ├── Locked       another process works on it
    └── Unwritable   the disk is full, the folder is read-only, ...
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final


class StateError(Exception):
    """Raised for a problem with the state file; the text says what to do."""


class BadName(StateError):  # noqa: N818 - named by the problem, like its siblings
    """The name cannot be a file's name."""


class Unreadable(StateError):  # noqa: N818
    """The file exists but cannot be read, or must not be trusted."""


class Damaged(StateError):  # noqa: N818
    """The file is not a valid state. It was set aside, so that its content can still be inspected."""

    def __init__(self, text: str, aside: Path | None) -> None:
        super().__init__(text)
        self.aside = aside
        """Its new path; `None` if it could not be moved."""


class Newer(StateError):  # noqa: N818
    """Another version of bwtui, usually a later one, wrote the file; this one does not know all of its content."""


class Changed(StateError):  # noqa: N818
    """Another process has written the file since it was read."""


class Locked(StateError):  # noqa: N818
    """Another process works on this setup."""


class Unwritable(StateError):  # noqa: N818
    """The file, its folder or its lock could not be written."""


_ADVICE: Final = {
    errno.ENOSPC: "Make room on the disk",
    errno.EDQUOT: "Make room in your quota",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f)",
    errno.ENOLCK: "Choose a folder on a disk of this machine with --state-dir",
    errno.EOPNOTSUPP: "Choose a folder on a disk of this machine with --state-dir",
    errno.EMLINK: "Remove it, or choose another folder with --state-dir",
}


def advice_on(error: OSError, usual: str) -> str:
    """Return what to do about a file that cannot be written; `usual` where the error itself does not tell."""
    return _ADVICE.get(error.errno or 0, usual)


@contextmanager
def told(path: Path, what: str) -> Iterator[None]:
    """Raise `Unwritable`, with advice, for any `OSError`."""
    try:
        yield
    except OSError as error:
        advice = advice_on(error, "Make it writable, or choose another folder with --state-dir")
        raise Unwritable(
            f"{path} {what}: {error.strerror or error}. {advice}, then run this again."
        ) from error
