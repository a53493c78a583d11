"""What arrives on a simulated account after a setup."""

from pathlib import Path
from typing import Any

import pytest

from bwtui.api.client import Client, OAuth, token_url_for
from bwtui.domain.arrival.arrival import ArrivalVerdict, Service
from bwtui.domain.values.secret import Secret
from bwtui.engine.arrival import read_arrivals
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from support.guide import guide_answers
from support.in_process import BASE_URL, QUICK, Harness


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_after_a_setup_calls_arrive_and_messages_wait_for_a_campaign(
    tmp_path: Path, platform: Any
) -> None:
    answers = guide_answers(account__platform=platform)
    settings = Settings(order_seconds=0, platform=platform)
    harness = Harness(folder=tmp_path, settings=settings, answers=answers)
    assert (await harness.apply()).exit == 0
    login = OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL))
    async with Client(base_url=BASE_URL, credentials=login, timing=QUICK, transport=harness.line()) as client:
        found = {each.service: each for each in await read_arrivals(client, answers, harness.run)}
        assert found[Service.CALLS].verdict is ArrivalVerdict.YES
        assert found[Service.MESSAGES].verdict is not ArrivalVerdict.YES, (
            "nobody has put the number on a campaign"
        )
        writes = await harness.writes()
        await read_arrivals(client, answers, harness.run)
        assert await harness.writes() == writes, "it only reads"


@pytest.mark.parametrize(
    ("switches", "verdict"),
    [
        ({"toll_free": "VERIFIED"}, ArrivalVerdict.YES),
        ({"toll_free": "PENDING"}, ArrivalVerdict.NOT_YET),
        ({"toll_free": "UNVERIFIED"}, ArrivalVerdict.NO),
        ({"toll_free": "BLOCKED"}, ArrivalVerdict.NO),
        ({"toll_free": "none"}, ArrivalVerdict.NO),
        ({"toll_free_role": False}, ArrivalVerdict.UNKNOWN),
    ],
)
async def test_messages_of_a_toll_free_number_follow_its_verification(
    tmp_path: Path, switches: dict[str, Any], verdict: ArrivalVerdict
) -> None:
    answers = guide_answers(number__area_code=None, number__toll_free_pattern="8**")
    settings = Settings(order_seconds=0, switches=Switches(**switches))
    harness = Harness(folder=tmp_path, settings=settings, answers=answers)
    assert (await harness.apply()).exit == 0
    login = OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL))
    async with Client(base_url=BASE_URL, credentials=login, timing=QUICK, transport=harness.line()) as client:
        found = {each.service: each for each in await read_arrivals(client, answers, harness.run)}
    assert found[Service.MESSAGES].verdict is verdict, found[Service.MESSAGES].because
