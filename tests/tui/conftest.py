"""A wizard harness without any saved setup or credentials, over a simulated account."""

from pathlib import Path

import pytest

from support.wizard_pilot import WizardHarness


@pytest.fixture
def harness(tmp_path: Path) -> WizardHarness:
    return WizardHarness(folder=tmp_path)
