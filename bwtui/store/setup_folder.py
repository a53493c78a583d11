"""The folder of the files of setups: where it is, whose setups are in it, and writing there, for us alone."""

import stat
from contextlib import suppress
from pathlib import Path

from bwtui.domain.runs.setup import is_setup_name
from bwtui.store.atomic_write import replace_private, sync_folder
from bwtui.store.state_errors import told


def state_folder(chosen: str | None) -> Path:
    """Return the folder of state files: the chosen one, else the platform's usual one."""
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_state_path  # noqa: PLC0415 - start-up time is budgeted

    return user_state_path("bwtui", appauthor=False)


def redirect_path(folder: Path, name: str) -> Path:
    """Return the path of the file that holds a setup's callback URLs while others stand in their place; see `redirect_file`."""
    return folder / f"{name}.redirected.json"


def names(folder: Path) -> tuple[str, ...]:
    """Return the names of the setups in a folder, sorted."""
    with suppress(OSError):
        return tuple(sorted(path.stem for path in folder.glob("*.json") if is_setup_name(path.stem)))
    return ()


def write_private(path: Path, data: bytes) -> None:
    """Write a file of a setup, whole or not at all, on disk when this returns. Raises `Unwritable`."""
    with told(path, "cannot be written"):
        make_folder(path.parent)
        replace_private(path, data)


def make_folder(folder: Path) -> None:
    """Make the folder, readable by us alone. An existing one keeps its mode, unless it is the default folder."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder == state_folder(None):
            _close_to_others(folder)
        return
    folder.chmod(0o700)
    sync_folder(folder.parent)


def _close_to_others(folder: Path) -> None:
    if stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)
