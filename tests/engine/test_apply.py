"""The main job in one process: what is made, how often, and what a second run does."""

from pathlib import Path

import pytest

from bwtui.exits import Exit
from support.in_process import Harness


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(folder=tmp_path)


@pytest.mark.parametrize("basic", [False, True], ids=["OAuth2", "Basic"])
async def test_the_guides_example_makes_one_of_each_and_every_link(harness: Harness, *, basic: bool) -> None:
    outcome = await harness.apply(basic=basic)
    assert outcome.exit is Exit.DONE, outcome.said
    state = await harness.state()
    outputs = outcome.result["outputs"]
    assert [site["id"] for site in state["sites"]] == [outputs["site_id"]]


async def test_a_second_run_writes_nothing(harness: Harness) -> None:
    await harness.apply()
    before = await harness.writes()
    again = await harness.apply()
    assert again.exit is Exit.DONE
    assert await harness.writes() == before
