"""`apply` puts the local numbers on a 10DLC campaign: one order at a time, found again after anything, proven number by number."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bwtui.exits import Exit
from bwtui.simulator.campaigns import registered
from bwtui.simulator.resources import Campaign
from bwtui.simulator.settings import Platform, Settings
from bwtui.simulator.switches import Switches, TnOptionList
from support.campaigns import ORDERS, PATH, CampaignAccount, each_lost_answer
from support.guide import let_time_pass
from support.in_process import ApplyOutcome, quick_pace
from support.power_cuts import CAMPAIGN

TOLL_FREE: dict[str, Any] = {"number__area_code": None, "number__toll_free_pattern": "8**"}


class Account(CampaignAccount):
    """bwtui over an account that has a registered campaign."""

    platform: Platform = "legacy"

    async def do(self, *, patience: float = 2.0, **answers: str | None) -> ApplyOutcome:
        chosen = self.answers_with_campaign(self.platform, **answers)
        return await self.apply(chosen, pace=quick_pace(visible=0.2, joined=patience, provisioned=1))

    async def joined(self) -> dict[str, bool]:
        numbers = (await self.state())["numbers"]
        return {each["tn"]: registered(self.account, each["tn"]) for each in numbers}


@pytest.fixture(params=["legacy", "universal"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Account:
    made = Account(
        folder=tmp_path,
        settings=Settings(order_seconds=0, platform=request.param, switches=Switches(tn_option_seconds=0.05)),
    )
    made.platform = request.param
    return made


@pytest.fixture
def legacy(tmp_path: Path) -> Account:
    return Account(
        folder=tmp_path,
        settings=Settings(order_seconds=0, switches=Switches(tn_option_seconds=0.05)),
    )


def problem_of(outcome: ApplyOutcome, step: str = "campaign") -> dict[str, Any]:
    failures = [event for event in outcome.events if event["event"] == "failed" and event["step"] == step]
    problem: dict[str, Any] = failures[-1]["problem"]
    return problem


# --- What is done ------------------------------------------------------------------------------------------------


async def test_the_number_is_put_on_the_campaign_by_one_order_on_v2_and_it_is_proven(
    account: Account,
) -> None:
    done = await account.do()
    assert done.exit == Exit.DONE, done.said
    assert await account.joined() == dict.fromkeys(await account.joined(), True)
    assert [write for write in await account.writes() if write.endswith("tnoptions")] == [f"POST {ORDERS}"]
    ((order,), (number,)) = (await account.orders(), (await account.state())["numbers"])
    assert order["changes"] == [{"action": "asSpecified", "campaign_id": CAMPAIGN, "numbers": [number["tn"]]}]
    assert order["customer_order_id"].startswith("bwtui-")


async def test_once_more_writes_nothing_and_the_proof_reads_the_list_of_numbers(account: Account) -> None:
    await account.do()
    let_time_pass(account.folder)
    await account.forget_log()
    again = await account.do()
    assert again.exit == Exit.DONE, again.said
    assert [write for write in await account.writes() if not write.endswith("Checker")] == []
    assert "/api/v2/accounts/9900000/tendlc/phoneNumbers" in [entry["path"] for entry in await account.log()]


async def test_a_number_that_is_ordered_later_joins_in_the_same_run(account: Account) -> None:
    await account.do()
    let_time_pass(account.folder)
    more = await account.do(number__quantity="2")
    assert more.exit == Exit.DONE, more.said
    joined = await account.joined()
    assert len(joined) == 2
    assert all(joined.values())


async def test_without_a_campaign_nothing_is_done_about_10dlc_but_a_look_at_what_there_is(
    account: Account,
) -> None:
    done = await account.do(campaign__id=None)
    assert done.exit == Exit.DONE, done.said
    assert await account.orders() == []
    asked = [entry["path"] for entry in await account.log() if "tendlc" in entry["path"]]
    assert [path.rpartition("/")[2] for path in asked] == ["campaigns"], "for the advice, once"
    (peer,) = (await account.state())["sippeers"]
    assert "A2pLongCode" not in str(peer["sms"])


async def test_a_toll_free_number_needs_no_campaign(account: Account) -> None:
    done = await account.do(**TOLL_FREE)
    assert done.exit == Exit.DONE, done.said
    assert await account.orders() == []


async def test_the_location_is_set_so_that_its_numbers_may_join_unless_it_is_answered(
    legacy: Account,
) -> None:
    await legacy.do()
    (peer,) = (await legacy.state())["sippeers"]
    assert peer["sms"]["A2pLongCode"] == "DefaultOff"


async def test_a_setting_of_the_location_that_will_do_is_kept_and_sent_back(legacy: Account) -> None:
    await legacy.do(sms__a2p_long_code="DefaultOn", campaign__id=None)
    let_time_pass(legacy.folder)
    done = await legacy.do(sms__zone2="false")
    assert done.exit == Exit.DONE, done.said
    (peer,) = (await legacy.state())["sippeers"]
    assert (peer["sms"]["A2pLongCode"], peer["sms"]["Zone2"]) == ("DefaultOn", "false")


async def test_a_campaign_that_is_added_later_changes_the_location_first(legacy: Account) -> None:
    await legacy.do(campaign__id=None)
    let_time_pass(legacy.folder)
    await legacy.forget_log()
    done = await legacy.do()
    assert done.exit == Exit.DONE, done.said
    changes = [write for write in await legacy.writes() if write != "POST /api/v1/oauth2/token"]
    assert [change.split()[0] for change in changes] == ["PUT", "POST"]
    assert all((await legacy.joined()).values())


# --- What stops it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switches", "campaign", "code"),
    [({}, "CNONE", "12189"), ({"campaign": "EXPIRED"}, CAMPAIGN, "12192")],
)
async def test_a_campaign_that_cannot_be_used_is_told_before_anything_is_written(
    tmp_path: Path, switches: dict[str, Any], campaign: str, code: str
) -> None:
    account = Account(folder=tmp_path, settings=Settings(order_seconds=0, switches=Switches(**switches)))
    stopped = await account.do(campaign__id=campaign)
    assert stopped.exit in (Exit.CONFLICT, Exit.NOT_FOUND), stopped.said
    assert campaign in stopped.said
    assert code in stopped.out
    assert await account.writes() == []


async def test_a_number_on_another_campaign_is_a_conflict_until_it_may_be_moved(legacy: Account) -> None:
    await legacy.do()
    legacy.account.campaigns["COTHER"] = Campaign(
        id="COTHER", brand_id="BDEMO01", description="Another", status="REGISTERED"
    )
    let_time_pass(legacy.folder)
    stopped = await legacy.do(campaign__id="COTHER")
    assert stopped.exit == Exit.CONFLICT, stopped.said
    assert f"is on campaign {CAMPAIGN}" in stopped.said
    assert len(await legacy.orders()) == 1
    moved = await legacy.do(campaign__id="COTHER", campaign__existing="move")
    assert moved.exit == Exit.DONE, moved.said
    (number,) = (await legacy.state())["numbers"]
    assert number["campaign_id"] == "COTHER"


async def test_who_may_not_read_campaigns_sets_up_everything_else(legacy: Account) -> None:
    legacy.switch(campaign_access="role")
    done = await legacy.do()
    assert done.exit != Exit.DONE
    assert "does not have access rights" in done.said
    assert "Campaign Management" in done.said
    assert await legacy.orders() == []
    assert len((await legacy.state())["numbers"]) == 1


@pytest.mark.parametrize("outcome", ["PARTIAL", "FAILED"])
async def test_numbers_that_failed_are_told_with_their_codes_and_only_they_are_ordered_again(
    legacy: Account, outcome: Any
) -> None:
    legacy.switch(tn_option_outcome=outcome, tn_option_failure=12220)
    failed = await legacy.do(number__quantity="2")
    assert failed.exit == Exit.FAILED, failed.said
    problem = problem_of(failed)
    assert problem["code"] == "12220"
    assert "DCA2" in failed.said
    lost = [tn for tn, is_on in (await legacy.joined()).items() if not is_on]
    assert len(lost) == (1 if outcome == "PARTIAL" else 2)
    legacy.switch()
    let_time_pass(legacy.folder)
    done = await legacy.do(number__quantity="2")
    assert done.exit == Exit.DONE, done.said
    assert [order["changes"][0]["numbers"] for order in await legacy.orders()][1:] == [lost]


@pytest.mark.parametrize("code", [1022, 5132, 5139, 12128, 12220])
async def test_a_refusal_is_explained_by_its_code_and_repeated_only_by_the_person(
    legacy: Account, code: int
) -> None:
    legacy.switch(tn_option_refusal=code)
    refused = await legacy.do()
    assert refused.exit != Exit.DONE
    assert problem_of(refused)["code"] == str(code)
    assert "no advice" not in refused.said
    assert len([write for write in await legacy.writes() if write.endswith("tnoptions")]) == 1
    legacy.switch()
    let_time_pass(legacy.folder)
    assert (await legacy.do()).exit == Exit.DONE
    assert len(await legacy.orders()) == 1


# --- It takes its time -------------------------------------------------------------------------------------------


async def test_an_order_that_takes_long_is_left_and_watched_by_the_next_run_never_ordered_again(
    legacy: Account,
) -> None:
    legacy.switch(tn_option_seconds=3600)
    waiting = await legacy.do(patience=0.2)
    assert waiting.exit == Exit.UNREACHABLE, waiting.said
    assert "goes on by itself" in waiting.said
    still = await legacy.do(patience=0.2)
    assert still.exit == Exit.UNREACHABLE, still.said
    (order,) = legacy.account.tn_options.values()
    order.due = 0
    done = await legacy.do()
    assert done.exit == Exit.DONE, done.said
    assert len(await legacy.orders()) == 1


async def test_an_order_under_way_is_watched_although_the_numbers_do_not_show_it_yet(legacy: Account) -> None:
    legacy.switch(tn_option_seconds=3600)
    assert (await legacy.do(patience=0.2)).exit == Exit.UNREACHABLE
    (number,) = legacy.account.numbers.values()
    shown = number.campaign_status
    number.campaign_status = None
    waiting = await legacy.do(patience=0.2)
    assert waiting.exit == Exit.UNREACHABLE, waiting.said
    assert len(await legacy.orders()) == 1
    number.campaign_status = shown
    legacy.switch()
    for order in legacy.account.tn_options.values():
        order.due = 0
    assert (await legacy.do()).exit == Exit.DONE
    assert len(await legacy.orders()) == 1


async def test_a_number_that_somebody_is_putting_on_a_campaign_is_waited_for(legacy: Account) -> None:
    await legacy.do(campaign__id=None)
    (number,) = legacy.account.numbers.values()
    number.campaign_status = "PROCESSING"
    let_time_pass(legacy.folder)
    waiting = await legacy.do(patience=0.2)
    assert waiting.exit == Exit.UNREACHABLE, waiting.said
    assert await legacy.orders() == []


async def test_success_without_a_campaign_is_no_proof(legacy: Account) -> None:
    await legacy.do()
    (number,) = legacy.account.numbers.values()
    number.campaign_id = None
    let_time_pass(legacy.folder)
    await legacy.do()
    assert len(await legacy.orders()) == 2
    assert all((await legacy.joined()).values())


# --- Answers that are lost ---------------------------------------------------------------------------------------


@each_lost_answer
async def test_whatever_answer_of_the_order_is_lost_there_is_one_order(
    account: Account, action: str, method: str
) -> None:
    again = await account.again_after_a_lost_answer(method, action, account.do)
    assert again.exit == Exit.DONE, again.said
    assert len(await account.orders()) == 1
    assert all((await account.joined()).values())


@pytest.mark.parametrize("form", ["bare", "summaries"])
async def test_a_lost_order_is_found_in_whatever_form_the_list_has(
    legacy: Account, form: TnOptionList
) -> None:
    legacy.account.switches = replace(legacy.account.switches, tn_option_list=form)
    again = await legacy.again_after_a_lost_answer("POST", "cut-after", legacy.do)
    assert again.exit == Exit.DONE, again.said
    assert len(await legacy.orders()) == 1
    assert all((await legacy.joined()).values())


async def test_an_order_that_was_delivered_twice_is_watched_and_nothing_is_ordered_besides(
    legacy: Account,
) -> None:
    legacy.fail(f'[[fault]]\nmethod = "POST"\npath = "{PATH}"\naction = "twice"\nanswered = 2\n')
    done = await legacy.do()
    assert done.exit == Exit.DONE, done.said
    ids = {order["customer_order_id"] for order in await legacy.orders()}
    assert len(ids) == 1


async def test_a_list_of_orders_that_cannot_be_read_stops_before_anything_is_ordered_again(
    legacy: Account,
) -> None:
    legacy.fail(
        f'[[fault]]\nmethod = "POST"\npath = "{PATH}"\naction = "cut-after"\n'
        f'[[fault]]\nmethod = "GET"\npath = "{PATH}"\naction = "answer"\nstatus = 403\ntimes = 0\n'
    )
    stopped = await legacy.do()
    assert stopped.exit != Exit.DONE
    assert (await legacy.do()).exit != Exit.DONE
    assert len(await legacy.orders()) == 1
