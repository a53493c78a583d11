"""The wizard out of one file, as zipapp packs it, and out of a folder in which nothing can be written."""

import shutil
import sys
import zipapp
from pathlib import Path
from typing import Final

import pytest

import bwtui
from support.begun_setup import Begun
from support.pty_screen import screen

MAY_NOT_WRITE: Final = (
    "import ctypes, os, sys; os.chdir(sys.argv[1]); "
    "[ctypes.CDLL(None).prctl(24, right, 0, 0, 0) for right in (1, 2) if os.geteuid() == 0]; "
    "os.execv(sys.executable, [sys.executable, '-m', 'bwtui'])"
)
"""Starts bwtui in a folder, also as root without the right to write where the modes forbid it (`PR_CAPBSET_DROP`)."""


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A folder with a copy of the package."""
    folder = tmp_path / "packed"
    shutil.copytree(
        Path(bwtui.__file__).parent, folder / "bwtui", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


def _leave_at_once(begun: Begun, *command: str) -> None:
    with screen(begun.at("site"), command=command) as shown:
        shown.at("Sub-account").expect("▸ [ Next ]")
        shown.type("\x03").expect("Leave?").type("\x03")
        assert shown.end() == 130


def test_the_wizard_starts_from_a_zipapp(begun: Begun, packed: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bwtui.pyz"
    zipapp.create_archive(packed, archive, main="bwtui.__main__:main")
    _leave_at_once(begun, sys.executable, str(archive))


def test_the_wizard_starts_where_nothing_can_be_written(begun: Begun, packed: Path) -> None:
    paths = [packed, *packed.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        _leave_at_once(begun, sys.executable, "-c", MAY_NOT_WRITE, str(packed))
    finally:
        for path in paths:
            path.chmod(path.stat().st_mode | 0o200)
