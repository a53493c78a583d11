"""A harness in an empty folder."""

from pathlib import Path

import pytest

from support.in_process import Harness


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(folder=tmp_path)
