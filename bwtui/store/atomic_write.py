"""Writing a file whole or not at all: to a temporary file beside it, which gets the name in one step.

Everything raises `OSError` if it cannot be done, and leaves what stands at the name and no temporary file.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o600
_USUAL: Final = 0o666
"""What the person's umask leaves of it."""


def replace_private(path: Path, data: bytes) -> None:
    """Write a file that we alone may read, over one that is there; content and name are on disk when this returns."""
    with _written_beside(path, data, _PRIVATE) as temporary:
        os.replace(temporary, path)  # noqa: PTH105 - the call that style, tests and readers know by this name
    sync_folder(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file, over one that is there; it is no more open to others than that, or than the person's files are."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mode = _USUAL
    with _written_beside(path, data, mode) as temporary:
        os.replace(temporary, path)  # noqa: PTH105 - as above


def create_file(path: Path, data: bytes) -> None:
    """Write a new file, as open to others as the person's files are. Raises `FileExistsError` for whatever is there."""
    with _written_beside(path, data, _USUAL) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # the file system knows no hard links
            _rename_to_reserved(temporary, path)


def remove_left_over(path: Path) -> None:
    """Remove what killed processes have half written of a file; the caller alone may write it, so none is in use."""
    for left_over in path.parent.glob(f".{path.name}.????????.tmp"):
        left_over.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Flush a new file name to disk; file systems that cannot do so for folders (EINVAL) are left alone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _written_beside(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """Give a temporary file with the content on disk, under a name that nobody can guess; it is gone afterwards."""
    temporary = path.parent / f".{path.name}.{os.urandom(4).hex()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        try:
            if mode == _PRIVATE:
                os.fchmod(descriptor, mode)  # whatever the umask
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _rename_to_reserved(temporary: Path, path: Path) -> None:
    """Reserve a name by an empty file, which the temporary one then replaces."""
    path.touch(exist_ok=False)
    try:
        os.replace(temporary, path)  # noqa: PTH105 - as above
    except BaseException:
        path.unlink(missing_ok=True)
        raise
