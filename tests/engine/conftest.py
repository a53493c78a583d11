"""A desk in an empty folder."""

from pathlib import Path

import pytest

from support.in_process import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(folder=tmp_path)
