"""Whatever befalls a request of the run, it ends in words and an exit code, and one more run finishes without a double.

`--trust-seed` decides what chance decides; what happened to which request stands in the message.
"""

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final

import httpx
import pytest

from bwtui.exits import MEANING, Exit
from bwtui.simulator.settings import Settings
from support.guide import guide_answers
from support.in_process import QUICK, Harness
from support.write_faults import assert_explained, assert_finished
from trust.json_faults import is_json, json_mishaps, json_refusals
from trust.request_faults import Line, Mishap, mishaps, refusals
from trust.sampling import Sample, Tried

REQUESTS: Final = 30
"""A run has a few fewer; those beyond are not met."""
A_FEW: Final = 90
A_FEW_PAIRS: Final = 40
PAIRS: Final = 1500

JSON_REQUESTS: Final = 21
"""A run has two fewer requests to voice packages and for activations."""
MOST_IN_JSON: Final = 800
"""So many of a kind are all: chance takes them from several times as many refusals."""
FEW_IN_JSON: Final = 20
UNIVERSAL_PAIRS: Final = 300
SEVERAL_IN_JSON: Final = 200
FEW_PAIRS_IN_JSON: Final = 12

HURRIED: Final = replace(QUICK, overall=0.5)


@dataclass(kw_only=True)
class FaultyHarness(Harness):
    """A harness whose line has its mishaps, for one run at a time."""

    due: Mapping[int, Mishap] = field(default_factory=dict)
    met: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    counts: Callable[[httpx.Request], bool] = lambda _: True

    def line(self) -> httpx.AsyncBaseTransport:
        inner = httpx.ASGITransport(self.app)
        due, self.due = dict(self.due), {}
        return Line(inner.handle_async_request, due, self.counts, met=self.met, strangers=self.strangers)


def universal(folder: Path, counts: Callable[[httpx.Request], bool]) -> FaultyHarness:
    """An account of the Universal Platform that takes names twice: bwtui must be the one who looks."""
    return FaultyHarness(
        folder=folder,
        settings=Settings(order_seconds=0, platform="universal", unique_names=False),
        answers=guide_answers(account__platform="universal"),
        counts=counts,
    )


async def survives(harness: FaultyHarness, *runs: Mapping[int, Mishap]) -> int:
    """Run with mishaps, then without; fail where anything is wrong, and tell how many mishaps were met."""
    try:
        for due in runs:
            harness.due = due
            waits = any(mishap.waits for mishap in due.values())
            outcome = await harness.apply(timing=HURRIED if waits else QUICK)
            assert outcome.exit in MEANING
            assert_explained(outcome)
            if outcome.exit is Exit.DONE and harness.settings.platform == "universal":
                await assert_finished(harness)
        outcome = await harness.apply()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)
    except Exception as failure:
        failure.add_note("\n".join(harness.met))
        raise
    assert not harness.strangers, harness.met
    shutil.rmtree(harness.folder)
    return len(harness.met)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", [refusals, mishaps], ids=["refusals", "mishaps"])
async def test_whatever_befalls_any_request_one_more_run_finishes(
    tmp_path: Path, tried: Tried, kind: type[list[Mishap]], sample: Sample
) -> None:
    for number, (mishap, request) in enumerate(sample.of([*product(kind(), range(1, REQUESTS))], A_FEW)):
        tried("faults", await survives(FaultyHarness(folder=tmp_path / str(number)), {request: mishap}))


@pytest.mark.timeout(3600)
async def test_whatever_befalls_two_requests_of_one_run_or_of_two_one_more_run_finishes(
    tmp_path: Path, tried: Tried, sample: Sample
) -> None:
    everything = refusals() + mishaps()
    for number in sample.of(range(PAIRS), A_FEW_PAIRS):
        chance = random.Random(f"{sample.seed}/{number}")
        one, other = ({chance.randrange(1, REQUESTS): chance.choice(everything)} for _ in range(2))
        runs = [one, other] if chance.random() < 0.5 else [{**one, **other}]
        tried("pairs", int(await survives(FaultyHarness(folder=tmp_path / str(number)), *runs) > 0))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", [json_refusals, json_mishaps], ids=["refusals", "mishaps"])
async def test_whatever_befalls_a_request_in_json_one_more_run_finishes(
    tmp_path: Path, tried: Tried, kind: type[list[Mishap]], sample: Sample
) -> None:
    cases = [*product(kind(), range(1, JSON_REQUESTS))]
    random.Random(sample.seed).shuffle(cases)
    cases = cases[:MOST_IN_JSON]
    for number, (mishap, request) in enumerate(sample.of(cases, FEW_IN_JSON)):
        harness = universal(tmp_path / str(number), is_json)
        tried("faults", await survives(harness, {request: mishap}))


@pytest.mark.timeout(3600)
async def test_however_many_requests_in_json_go_wrong_one_more_run_finishes(
    tmp_path: Path, sample: Sample
) -> None:
    everything = json_refusals() + json_mishaps() * 6
    for number in sample.of(range(SEVERAL_IN_JSON), FEW_PAIRS_IN_JSON):
        chance = random.Random(f"several {sample.seed}/{number}")
        runs = [
            {request: chance.choice(everything) for request in range(1, 80) if chance.random() < 0.2}
            for _ in range(2)
        ]
        await survives(universal(tmp_path / str(number), is_json), *runs)


@pytest.mark.timeout(3600)
async def test_whatever_befalls_two_requests_on_the_universal_platform_one_more_run_finishes(
    tmp_path: Path, tried: Tried, sample: Sample
) -> None:
    in_json, anywhere = json_refusals() + json_mishaps(), refusals() + mishaps()
    for number in sample.of(range(UNIVERSAL_PAIRS), FEW_PAIRS_IN_JSON):
        chance = random.Random(f"universal {sample.seed}/{number}")
        one = {chance.randrange(1, JSON_REQUESTS): chance.choice(in_json)}
        if chance.random() < 0.5:
            one |= {chance.randrange(1, JSON_REQUESTS): chance.choice(in_json + mishaps())}
            other: dict[int, Mishap] = {}
        else:
            other = {chance.randrange(1, JSON_REQUESTS): chance.choice(anywhere + in_json)}
        harness = universal(tmp_path / str(number), is_json)
        tried("pairs", int(await survives(harness, one, other) > 0))
