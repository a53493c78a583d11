"""A stage: a machine that knows nothing yet, and an account."""

from pathlib import Path

import pytest

from support.wizard_pilot import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(folder=tmp_path)
