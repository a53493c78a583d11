"""A wizard harness without any saved setup or credentials, over a simulated account."""

from dataclasses import replace
from pathlib import Path

import pytest

from support.wizard_pilot import WizardHarness


@pytest.fixture
def harness(tmp_path: Path) -> WizardHarness:
    harness = WizardHarness(folder=tmp_path)
    harness.account.switches = replace(harness.account.switches, tn_option_seconds=0)
    return harness
