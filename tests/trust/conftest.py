"""A part that everybody runs, or all of it (`--trust full`); what was tried is told at the end."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.in_process import Harness
from trust.figures import README, add_up, put_into, table
from trust.sampling import SHARDS, Sample, Tried


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sample" in metafunc.fixturenames:
        full = metafunc.config.getoption("--trust") == "full"
        metafunc.parametrize("shard", range(SHARDS if full else 1))


@pytest.fixture
def sample(request: pytest.FixtureRequest, shard: int) -> Sample:
    option = request.config.getoption
    return Sample(full=option("--trust") == "full", seed=option("--trust-seed"), shard=shard)


@pytest.fixture
def everything(request: pytest.FixtureRequest) -> bool:
    """True if everything is to be tried, for tests that cannot share it out."""
    return bool(request.config.getoption("--trust") == "full")


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(folder=tmp_path)


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    return lambda key, figure: record_property(f"survives {key}", figure)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Show the figures; those of a full run that passed go into the README."""
    passed = terminalreporter.stats.get("passed", [])
    figures = add_up(entry for report in passed for entry in report.user_properties)
    if not figures:
        return
    terminalreporter.section(f"what it survives, with --trust-seed {config.getoption('--trust-seed')}")
    terminalreporter.write(table(figures))
    if config.getoption("--trust") == "full" and exitstatus == 0:
        README.write_text(put_into(README.read_text("utf-8"), figures), encoding="utf-8")
