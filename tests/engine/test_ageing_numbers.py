"""A number that somebody has released is not had, although its location still lists it (bandwidth-api 7.8)."""

from pathlib import Path
from typing import Any

import pytest

from bwtui.api.client import Client, OAuth, token_url_for
from bwtui.domain.answers.answers import Answers
from bwtui.domain.arrival.arrival import ArrivalVerdict
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.given_up import to_give_up
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.values.secret import Secret
from bwtui.engine.arrival import read_arrivals
from bwtui.engine.survey import survey
from bwtui.exits import Exit
from bwtui.simulator.resources import TelephoneNumber
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from support.guide import guide_answers
from support.in_process import BASE_URL, QUICK, ApplyOutcome, Harness, quick_pace
from support.write_faults import fault

LISTED = Switches(ageing_is_listed=True)


async def set_up(folder: Path, answers: Answers | None = None, platform: Any = "legacy") -> Harness:
    answers = answers or guide_answers(account__platform=platform)
    settings = Settings(order_seconds=0, platform=platform, switches=LISTED)
    harness = Harness(folder=folder, settings=settings, answers=answers)
    applied = await harness.apply()
    assert applied.exit is Exit.DONE, applied.said
    return harness


def age(harness: Harness, count: int = 1) -> tuple[TelephoneNumber, ...]:
    """Let somebody release numbers of the setup."""
    numbers = tuple(harness.account.numbers[each] for each in harness.run.numbers[:count])
    for number in numbers:
        number.status = "Aging"
    return numbers


def proven(outcome: ApplyOutcome) -> set[str]:
    return {each["step"] for each in outcome.events if each["event"] == "verified" and each.get("ok")}


def line(harness: Harness) -> Client:
    login = OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL))
    return Client(base_url=BASE_URL, credentials=login, timing=QUICK, transport=harness.line())


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_a_number_that_is_being_released_is_not_verified_and_nothing_is_bought_for_it(
    tmp_path: Path, platform: Any
) -> None:
    harness = await set_up(tmp_path, platform=platform)
    (number,) = age(harness)
    again = await harness.apply()
    assert again.exit is Exit.NOT_FOUND, again.said
    assert f"{readable(number.tn)} is being released (Aging)" in again.said
    assert "given_up" in again.said
    assert "number" not in proven(again)
    # Elsewhere it has left its package, too, which ends the run before anything is read back.
    if platform == "legacy":
        assert {"site", "sippeer", "sms", "voice_app"} <= proven(again)
    assert len((await harness.state())["orders"]) == 1


async def test_a_number_that_is_being_released_and_given_up_is_replaced(tmp_path: Path) -> None:
    harness = await set_up(tmp_path)
    (number,) = age(harness)
    harness.answers = guide_answers(account__platform="legacy", number__given_up=number.tn)
    assert (await harness.apply()).exit is Exit.DONE
    assert len((await harness.state())["orders"]) == 2
    assert harness.run.numbers != (number.tn,)


async def test_the_wizard_can_offer_to_give_it_up(tmp_path: Path) -> None:
    harness = await set_up(tmp_path)
    (number,) = age(harness)
    async with line(harness) as client:
        found = await survey(client, harness.answers, harness.run, quick_pace())
    assert to_give_up(PAID_STEP, harness.answers, harness.run, found) == (number.tn,)


@pytest.mark.parametrize("count", [1, 2], ids=["one of two", "both"])
async def test_kept_numbers_that_are_being_released_are_neither_dropped_nor_replaced(
    tmp_path: Path, count: int
) -> None:
    first = await set_up(tmp_path / "first", guide_answers(account__platform="legacy", number__quantity="2"))
    ids = first.run.outputs
    answers = guide_answers(
        account__platform="legacy", site__use=ids["site_id"], sippeer__use=ids["sippeer_id"], number__existing="keep",
        messaging_app__use=ids["messaging_app_id"], voice_app__use=ids["voice_app_id"],
    )  # fmt: skip
    harness = Harness(folder=tmp_path / "second", answers=answers)
    harness.account, harness.app = first.account, first.app
    kept = await harness.apply()
    assert kept.exit is Exit.DONE, kept.said
    assert len(harness.run.numbers) == 2
    age(harness, count)
    again = await harness.apply()
    assert again.exit is Exit.NOT_FOUND, again.said
    assert "being released (Aging)" in again.said
    assert len(harness.run.numbers) == 2
    assert len((await harness.state())["orders"]) == 1


@pytest.mark.parametrize("status", [400, 403])
async def test_where_the_states_of_numbers_cannot_be_read_the_list_of_the_location_counts_and_that_is_said(
    tmp_path: Path, status: int
) -> None:
    harness = await set_up(tmp_path)
    harness.fail(fault("answer", method="GET", path="/tns", status=status, times=0))
    again = await harness.apply()
    assert again.exit is Exit.DONE, again.said
    assert "whether somebody has disconnected them cannot be read" in again.said
    assert "number" in proven(again)


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_nothing_arrives_at_a_number_that_is_being_released(
    tmp_path: Path, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bwtui.engine.arrival.Pace", quick_pace)
    harness = await set_up(tmp_path, platform=platform)
    age(harness)
    async with line(harness) as client:
        found = await read_arrivals(client, harness.answers, harness.run)
    assert {each.verdict for each in found} == {ArrivalVerdict.NO}
    assert all("Aging" in each.because for each in found)


async def test_no_call_arrives_at_a_number_that_is_not_on_the_location(tmp_path: Path) -> None:
    harness = await set_up(tmp_path)
    harness.account.numbers.clear()
    async with line(harness) as client:
        found = await read_arrivals(client, harness.answers, harness.run)
    assert {each.verdict for each in found} == {ArrivalVerdict.NO}


async def test_the_states_of_numbers_cost_one_request_beside_the_others(tmp_path: Path) -> None:
    harness = await set_up(tmp_path)
    reads = [
        entry
        for entry in await harness.log()
        if entry["path"].endswith("/tns") and "sippeers" not in entry["path"]
    ]
    assert len(reads) == 1


@pytest.mark.parametrize("kept", [False, True], ids=["ordered", "kept"])
async def test_where_nobody_may_read_the_states_of_numbers_that_is_said_of_kept_ones_too(
    tmp_path: Path, *, kept: bool
) -> None:
    harness = await set_up(tmp_path / "first")
    if kept:
        ids = harness.run.outputs
        answers = guide_answers(
            account__platform="legacy", site__use=ids["site_id"], sippeer__use=ids["sippeer_id"], number__existing="keep",
            messaging_app__use=ids["messaging_app_id"], voice_app__use=ids["voice_app_id"],
        )  # fmt: skip
        first = harness
        harness = Harness(folder=tmp_path / "second", answers=answers)
        harness.account, harness.app = first.account, first.app
    harness.fail(fault("answer", method="GET", path="/tns", status=403, times=0))
    again = await harness.apply()
    assert again.exit is Exit.DONE, again.said
    assert "whether somebody has disconnected them cannot be read" in again.said


async def test_a_number_that_was_just_ordered_is_not_released_because_a_list_still_says_so(
    tmp_path: Path,
) -> None:
    harness = await set_up(tmp_path)
    age(harness)
    again = await harness.apply(pace=quick_pace(restored=600))
    assert again.exit is Exit.DONE, again.said
