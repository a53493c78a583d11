"""The wizard out of one file, as zipapp packs it."""

import shutil
import sys
import zipapp
from pathlib import Path

import bwtui
from support.begun_setup import Begun
from support.pty_screen import screen


def test_the_wizard_starts_from_a_zipapp(begun: Begun, tmp_path: Path) -> None:
    folder, archive = tmp_path / "packed", tmp_path / "bwtui.pyz"
    shutil.copytree(
        Path(bwtui.__file__).parent, folder / "bwtui", ignore=shutil.ignore_patterns("__pycache__")
    )
    zipapp.create_archive(folder, archive, main="bwtui.__main__:main")
    with screen(begun.at("site"), command=(sys.executable, str(archive))) as shown:
        shown.at("Sub-account").expect("▸ [ Next ]")
        shown.type("\x03").expect("Leave?").type("\x03")
        assert shown.end() == 130
