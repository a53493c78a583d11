"""A stage: a machine that knows nothing yet, and an account."""

from pathlib import Path

import pytest

from support.wizard_pilot import WizardHarness


@pytest.fixture
def harness(tmp_path: Path) -> WizardHarness:
    return WizardHarness(folder=tmp_path)
