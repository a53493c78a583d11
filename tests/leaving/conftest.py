"""A wizard without a saved setup, a setup that was begun, and clients and servers that are closed after the test."""

from pathlib import Path

import pytest

from support.begun_setup import begun, untouched
from support.scripted_http import factory, serve
from support.waiting_orders import waiting
from support.wizard_pilot import WizardHarness

__all__ = ["begun", "factory", "harness", "serve", "untouched", "waiting"]


@pytest.fixture
def harness(tmp_path: Path) -> WizardHarness:
    return WizardHarness(folder=tmp_path)
