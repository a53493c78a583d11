"""A teardown takes off the campaign the numbers that the setup put there, and no other, before the numbers go."""

import time
from pathlib import Path

import httpx
import pytest

from bwtui.domain.runs.run_events import RemovalStarted
from bwtui.domain.runs.setup import Setup
from bwtui.exits import Exit
from bwtui.simulator.resources import Campaign
from bwtui.simulator.settings import Platform, Settings
from bwtui.simulator.switches import Switches
from bwtui.store.state import StateFile
from support.campaigns import ORDERS, CampaignAccount, each_lost_answer
from support.guide import let_time_pass
from support.in_process import ApplyOutcome, quick_pace
from support.power_cuts import CAMPAIGN


class Account(CampaignAccount):
    """bwtui over an account that has a registered campaign."""

    def answer(self, platform: Platform = "legacy", **answers: str | None) -> None:
        self.answers = self.answers_with_campaign(platform, **answers)

    async def set_up(self) -> None:
        done = await self.apply(pace=quick_pace(visible=0.2, joined=2, provisioned=1))
        assert done.exit is Exit.DONE, done.said

    async def remove(self, *, patience: float = 2.0, release: bool = True) -> ApplyOutcome:
        return await self.teardown(release=release, pace=quick_pace(visible=0.2, joined=patience))

    async def actions(self) -> list[str]:
        return [order["changes"][0]["action"] for order in await self.orders()]


def account_on(folder: Path, platform: Platform) -> Account:
    settings = Settings(order_seconds=0, platform=platform, switches=Switches(tn_option_seconds=0))
    made = Account(folder=folder, settings=settings)
    made.answer(platform)
    return made


@pytest.fixture(params=["legacy", "universal"])
async def account(request: pytest.FixtureRequest, tmp_path: Path) -> Account:
    made = account_on(tmp_path, request.param)
    await made.set_up()
    return made


@pytest.fixture
async def legacy(tmp_path: Path) -> Account:
    made = account_on(tmp_path, "legacy")
    await made.set_up()
    return made


# --- What is done ------------------------------------------------------------------------------------------------


async def test_the_number_comes_off_by_one_order_before_it_is_released(account: Account) -> None:
    await account.forget_log()
    removed = await account.remove()
    assert removed.exit is Exit.DONE, removed.said
    (_, order), (number,) = await account.orders(), (await account.state())["numbers"]
    assert order["changes"] == [{"action": "delete", "campaign_id": None, "numbers": [number["tn"]]}]
    assert order["customer_order_id"].startswith("bwtui-")
    writes = await account.writes()
    release = next(at for at, write in enumerate(writes) if write.endswith("disconnects"))
    assert writes.index(f"POST {ORDERS}") < release
    assert account.run.is_removed


async def test_a_number_that_is_kept_comes_off_too(account: Account) -> None:
    kept = await account.remove(release=False)
    assert kept.result["status"] == "left"
    assert "campaign" not in [each["step"] for each in kept.result["left"]]
    (number,) = (await account.state())["numbers"]
    assert (number["status"], number["campaign_id"]) == ("Inservice", None)


async def test_one_more_run_orders_nothing(account: Account) -> None:
    await account.remove(release=False)
    await account.remove(release=False)
    assert await account.actions() == ["asSpecified", "delete"]


async def test_the_order_is_on_disk_before_it_is_sent(
    legacy: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, kept = httpx.ASGITransport.handle_async_request, list[str]()
    save = StateFile.save

    def save_slowly(file: StateFile, setup: Setup) -> None:
        if isinstance(setup.events[-1], RemovalStarted):
            time.sleep(0.3)  # a slow disk: a request that does not wait for it overtakes it
        save(file, setup)

    async def send(self: httpx.ASGITransport, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == ORDERS:
            kept.extend(order.customer_order_id for order in legacy.run.step("campaign").releases)
        return await real(self, request)

    monkeypatch.setattr(httpx.ASGITransport, "handle_async_request", send)
    monkeypatch.setattr(StateFile, "save", save_slowly)
    await legacy.remove()
    assert kept == [(await legacy.orders())[-1]["customer_order_id"]]


async def test_the_plan_shows_the_order_and_sends_none(legacy: Account) -> None:
    shown = await legacy.teardown(show=True, release=True)
    assert any(event.get("path", "").endswith("tnoptions") for event in shown.events), shown.out
    assert await legacy.actions() == ["asSpecified"]


async def test_a_number_that_was_on_the_campaign_before_stays_on_it(tmp_path: Path) -> None:
    account = account_on(tmp_path, "legacy")
    account.answer(campaign__id=None)
    await account.set_up()
    (number,) = account.account.held()
    number.campaign_id, number.campaign_status = CAMPAIGN, "SUCCESS"
    account.answer()
    let_time_pass(tmp_path)
    await account.set_up()
    assert await account.actions() == []
    await account.remove(release=False)
    assert await account.actions() == []
    assert number.campaign_id == CAMPAIGN


async def test_only_the_numbers_that_this_setup_put_there_come_off(legacy: Account) -> None:
    legacy.answer(number__quantity="2", campaign__id=None)
    let_time_pass(legacy.folder)
    await legacy.set_up()
    ours, theirs = legacy.account.held()
    assert ours.campaign_id == CAMPAIGN
    theirs.campaign_id, theirs.campaign_status = CAMPAIGN, "SUCCESS"
    await legacy.remove(release=False)
    assert [each.campaign_id for each in (ours, theirs)] == [None, CAMPAIGN]


async def test_a_campaign_that_was_taken_out_of_the_answers_is_still_undone(legacy: Account) -> None:
    legacy.answer(campaign__id=None)
    removed = await legacy.remove(release=False)
    assert removed.result["status"] == "left"
    assert await legacy.actions() == ["asSpecified", "delete"]


# --- What somebody has changed since -----------------------------------------------------------------------------


async def test_a_number_that_somebody_put_on_another_campaign_stays_there_and_is_told(
    legacy: Account,
) -> None:
    (number,) = legacy.account.held()
    legacy.account.campaigns["COTHER"] = Campaign(
        id="COTHER", brand_id="BDEMO01", description="Theirs", status="REGISTERED"
    )
    number.campaign_id = "COTHER"
    removed = await legacy.remove(release=False)
    assert await legacy.actions() == ["asSpecified"]
    assert number.campaign_id == "COTHER"
    assert "on campaign COTHER since, where it stays" in removed.said


async def test_a_number_that_somebody_took_off_counts_as_done(legacy: Account) -> None:
    (number,) = legacy.account.held()
    number.campaign_id = None
    assert (await legacy.remove()).exit is Exit.DONE
    assert await legacy.actions() == ["asSpecified"]


async def test_a_number_whose_campaign_somebody_is_setting_is_waited_for(legacy: Account) -> None:
    (number,) = legacy.account.held()
    number.campaign_status = "PROCESSING"
    waiting = await legacy.remove(patience=0.2)
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    assert waiting.result["status"] == "waiting"
    assert await legacy.actions() == ["asSpecified"]
    assert number.status == "Inservice"


# --- It takes its time -------------------------------------------------------------------------------------------


async def test_an_order_that_takes_long_holds_the_numbers_and_the_next_run_goes_on(legacy: Account) -> None:
    legacy.switch(tn_option_seconds=3600)
    waiting = await legacy.remove(patience=0.2)
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    assert waiting.result["status"] == "waiting"
    assert not (await legacy.state())["disconnects"]
    assert (await legacy.remove(patience=0.2)).exit is Exit.UNREACHABLE
    assert await legacy.actions() == ["asSpecified", "delete"]
    for order in legacy.account.tn_options.values():
        order.due = 0
    done = await legacy.remove()
    assert done.exit is Exit.DONE, done.said
    assert await legacy.actions() == ["asSpecified", "delete"]


async def test_a_setup_is_not_done_while_its_numbers_may_still_come_off(legacy: Account) -> None:
    legacy.switch(tn_option_seconds=3600)
    assert (await legacy.remove(patience=0.2, release=False)).exit is Exit.UNREACHABLE
    legacy.switch()
    waiting = await legacy.apply(pace=quick_pace(visible=0.2, joined=0.2, provisioned=1))
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    for order in legacy.account.tn_options.values():
        order.due = 0
    await legacy.set_up()
    assert await legacy.actions() == ["asSpecified", "delete", "asSpecified"]
    (number,) = legacy.account.held()
    assert number.campaign_id == CAMPAIGN


async def test_an_order_to_join_that_is_under_way_is_waited_for(tmp_path: Path) -> None:
    account = account_on(tmp_path, "legacy")
    account.switch(tn_option_seconds=3600)
    applied = await account.apply(pace=quick_pace(visible=0.2, joined=0.2, provisioned=1))
    assert applied.exit is Exit.UNREACHABLE, applied.said
    waiting = await account.remove(patience=0.2)
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    assert not (await account.state())["disconnects"]
    account.switch()
    for order in account.account.tn_options.values():
        order.due = 0
    done = await account.remove()
    assert done.exit is Exit.DONE, done.said
    assert await account.actions() == ["asSpecified", "delete"]


# --- Refusals, and answers that are lost -------------------------------------------------------------------------


async def test_a_number_that_could_not_be_taken_off_is_told_with_its_code_and_not_released(
    legacy: Account,
) -> None:
    legacy.switch(tn_option_outcome="FAILED", tn_option_failure=1001)
    failed = await legacy.remove()
    assert failed.exit is Exit.FAILED, failed.said
    assert "took 0 of 1 numbers off the campaign" in failed.said
    assert "1001" in failed.said
    assert not (await legacy.state())["disconnects"]
    legacy.switch()
    assert (await legacy.remove()).exit is Exit.DONE


async def test_a_refusal_is_repeated_only_by_the_person(legacy: Account) -> None:
    legacy.switch(tn_option_refusal=5139)
    await legacy.forget_log()
    refused = await legacy.remove()
    assert refused.exit is not Exit.DONE
    assert [write for write in await legacy.writes() if write.endswith("tnoptions")] == [f"POST {ORDERS}"]
    legacy.switch()
    assert (await legacy.remove()).exit is Exit.DONE


async def test_who_may_not_read_campaigns_keeps_the_numbers(legacy: Account) -> None:
    legacy.switch(campaign_access="role")
    stopped = await legacy.remove()
    assert stopped.exit is Exit.CONFLICT, stopped.said
    assert "does not have access rights" in stopped.said
    assert not (await legacy.state())["disconnects"]


@each_lost_answer
async def test_whatever_answer_of_the_order_is_lost_there_is_one_order(
    account: Account, action: str, method: str
) -> None:
    again = await account.again_after_a_lost_answer(method, action, account.remove)
    assert again.exit is Exit.DONE, again.said
    assert await account.actions() == ["asSpecified", "delete"]
    assert account.run.is_removed
