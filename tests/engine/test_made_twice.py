"""A request that a gateway delivers twice makes two of one name where the account allows it: the other one is told."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bwtui.exits import Exit
from bwtui.simulator.settings import Settings
from engine.test_more_than_wanted import status_told
from support.guide import guide_answers
from support.in_process import Harness
from support.simulated_clock import LateHarness, live
from support.write_faults import VOICE, elsewhere, fault, fault_at, read_back

IDS = {"site": "site_id", "messaging_app": "messaging_app_id", "voice_app": "voice_app_id"}
KINDS = {"site": "sites", "messaging_app": "applications", "voice_app": "applications"}
TITLES = {"site": "sub-account", "messaging_app": "messaging application", "voice_app": "voice application"}


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(folder=tmp_path, settings=Settings(order_seconds=0, unique_names=False))


async def copies(harness: Harness, step: str) -> set[str]:
    """The ids of the objects of the step's name that bwtui does not use."""
    held = (await harness.state())[KINDS[step]]
    used = harness.run.outputs[IDS[step]]
    [ours] = [each["name"] for each in held if each["id"] == used]
    return {each["id"] for each in held if each["name"] == ours and each["id"] != used}


@pytest.mark.parametrize("step", IDS)
@pytest.mark.parametrize("answered", [1, 2])
async def test_the_copy_that_is_not_used_is_told_by_apply_verify_and_status(
    harness: Harness, step: str, answered: int
) -> None:
    harness.fail(fault_at(step, "twice", answered=answered))
    first = await harness.apply()
    [copy] = await copies(harness, step)
    sentence = (
        f"Another {TITLES[step]} of this name is on the account, made at the same moment or later: {copy}."
    )
    before = await harness.writes()
    for outcome in (first, await read_back(harness), await harness.apply()):
        assert outcome.exit is Exit.DONE, outcome.said
        assert outcome.said.count(sentence) == 1
        assert "delete it in the Bandwidth App" in outcome.said
        [warned] = [event for event in outcome.events if event["event"] == "warning"]
        assert warned["step"] == step
    assert await harness.writes() == before, "the copy is left alone"
    code, said = status_told(harness)
    assert code is Exit.DONE
    assert sentence in said


def test_a_copy_that_comes_later_is_told_by_the_next_look(tmp_path: Path) -> None:
    async def main() -> None:
        harness = LateHarness(folder=tmp_path, settings=Settings(order_seconds=0, unique_names=False))
        harness.fail(fault_at("voice_app", "twice", answered=1, seconds=30))
        assert (await harness.waits()).exit is Exit.DONE
        await asyncio.sleep(60)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE
        [copy] = await copies(harness, "voice_app")
        assert copy in outcome.said

    live(main())


async def test_of_two_copies_whose_answers_were_lost_the_person_chooses_one_and_hears_of_the_other(
    harness: Harness,
) -> None:
    lists = fault("answer", method="GET", path="/accounts/*/applications", status=500, nth=2, times=0)
    harness.fail(fault_at("voice_app", "cut-after") + lists)
    assert (await harness.apply()).exit is not Exit.DONE
    harness.fail("")
    [made] = [app for app in harness.account.applications.values() if app.service_type == "Voice-V2"]
    copy = replace(made, id="0a1b2c3d-0000-4000-8000-000000000000")
    harness.account.applications[copy.id] = copy
    outcome = await harness.apply()
    assert outcome.exit is Exit.CONFLICT
    assert f"Several objects could be this voice application: {made.id}, {copy.id}." in outcome.said
    assert (
        "The other stays on the account: if nobody uses it, delete it in the Bandwidth App." in outcome.said
    )
    harness.answers = guide_answers(voice_app__use=copy.id)
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert harness.run.outputs["voice_app_id"] == copy.id
    assert len((await harness.state())["applications"]) == 3


async def test_something_of_the_same_name_and_another_kind_is_no_copy(harness: Harness) -> None:
    assert (await harness.apply()).exit is Exit.DONE
    await elsewhere(harness, "POST", "/applications", VOICE.replace("Setup Test Voice", "Production Server"))
    outcome = await read_back(harness)
    assert outcome.exit is Exit.DONE
    assert "of this name" not in outcome.said


async def test_a_list_that_cannot_be_read_keeps_nothing_from_being_proven(harness: Harness) -> None:
    assert (await harness.apply()).exit is Exit.DONE
    for path in ("/accounts/*/sites", "/accounts/*/applications", "/accounts/*/sites/*/sippeers"):
        harness.fail(fault("answer", method="GET", path=path, status=403, times=0))
        outcome = await read_back(harness)
        assert outcome.exit is Exit.DONE, outcome.said


@pytest.mark.parametrize("step", IDS)
async def test_a_teardown_leaves_the_copy_and_names_it_in_the_end(harness: Harness, step: str) -> None:
    harness.fail(fault_at(step, "twice", answered=2))
    await harness.apply()
    [copy] = await copies(harness, step)
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert "Everything that this setup knows to have made is removed" in removed.said
    assert f"{TITLES[step].capitalize()} {copy} has the same name and is still on the account" in removed.said
    assert "delivered twice" in removed.said
    assert removed.result["twins"] == [{"step": step, "id": copy}]
    assert [each["id"] for each in (await harness.state())[KINDS[step]]] == [copy]


async def test_a_teardown_that_goes_on_later_still_names_the_copy_of_what_went_first(
    harness: Harness,
) -> None:
    harness.fail(fault_at("voice_app", "twice", answered=2))
    await harness.apply()
    [copy] = await copies(harness, "voice_app")
    kept = await harness.teardown()
    assert kept.result["status"] == "left"
    assert harness.run.step("voice_app").removed_at
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert removed.result["twins"] == [{"step": "voice_app", "id": copy}]


async def test_a_teardown_after_which_no_copy_is_there_names_none(harness: Harness) -> None:
    await harness.apply()
    removed = await harness.teardown(release=True)
    assert removed.result["twins"] == []
    assert "same name" not in removed.said


async def test_what_is_set_up_anew_forgets_the_copy_of_what_was_removed(harness: Harness) -> None:
    harness.fail(fault_at("voice_app", "twice", answered=2))
    await harness.apply()
    await harness.teardown(release=True)
    harness.fail("")
    harness.account.applications.clear()
    assert (await harness.apply()).exit is Exit.DONE
    assert (await harness.teardown(release=True)).result["twins"] == []
