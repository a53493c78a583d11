"""`apply` on an account of the Universal Platform, in one process: what is made, how often, and what stops it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from support.guide import guide_answers, let_time_pass
from support.in_process import BASE_URL, ApplyOutcome, Harness, quick_pace
from support.write_faults import fault


def quick() -> Pace:
    """Waits that suit a test in which what was done may take a moment to show."""
    return quick_pace(visible=0.2, provisioned=1)


PACKAGES = "/v2/accounts/9900000/voiceConfigurationPackages"


class Universal(Harness):
    """bwtui over an account of the Universal Platform."""

    async def do(self, **answers: str | None) -> ApplyOutcome:
        return await self.apply(
            guide_answers("9900000", account__platform="universal", **answers), pace=quick()
        )

    async def changes(self) -> list[str]:
        """The requests that may have changed the account, in their order; the checker only looks."""
        return [write for write in await self.writes() if not write.endswith("Checker")]

    async def package(self, name: str, *numbers: str) -> str:
        """Make a package on the account, as a colleague would."""
        async with httpx.AsyncClient(transport=self.line(), base_url=BASE_URL.removesuffix("/api")) as client:
            token = await client.post(
                "/api/v1/oauth2/token",
                auth=("demo", "demo-secret"),
                data={"grant_type": "client_credentials"},
            )
            client.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
            made = await client.post(PACKAGES, json={"name": name})
            id_: str = made.json()["data"]["voiceConfigurationPackageId"]
            if numbers:
                body = {"action": "ADD", "phoneNumbers": list(numbers)}
                added = await client.post(f"{PACKAGES}/{id_}/phoneNumbers/bulk", json=body)
                assert added.is_success, added.text
        return id_

    async def number(self) -> dict[str, Any]:
        (number,) = (await self.state())["numbers"]
        found: dict[str, Any] = number
        return found


@pytest.fixture
def account(tmp_path: Path) -> Universal:
    return Universal(folder=tmp_path, settings=Settings(order_seconds=0, platform="universal"))


def switched(account: Universal, **switches: Any) -> None:
    account.account.switches = Switches(**switches)


def problem_of(outcome: ApplyOutcome, step: str) -> dict[str, Any]:
    failures = [event for event in outcome.events if event["event"] == "failed" and event["step"] == step]
    problem: dict[str, Any] = failures[-1]["problem"]
    return problem


# --- What is made ------------------------------------------------------------------------------------------------


async def test_the_guides_example_makes_one_of_each_and_the_number_is_active(account: Universal) -> None:
    outcome = await account.do()
    assert outcome.exit is Exit.DONE, outcome.said
    state, outputs = await account.state(), outcome.result["outputs"]
    (package,) = state["voice_packages"]
    assert package["id"] == outputs["voice_package_id"]
    assert package["httpVoiceV2ApplicationId"] == outputs["voice_app_id"]
    assert [len(state[name]) for name in ("sites", "sippeers", "applications", "orders")] == [1, 1, 2, 1]
    number = await account.number()
    assert (number["voice_package_id"], f"+1{number['tn']}") == (package["id"], outputs["numbers"][0])
    assert sorted(number["services"]) == ["messaging/ALL", "voice/INBOUND", "voice/OUTBOUND_NATIONAL"]


async def test_the_location_is_not_asked_to_carry_voice(account: Universal) -> None:
    await account.do()
    assert not [write for write in await account.writes() if "origination" in write]


async def test_everything_but_packages_goes_to_version_2_below_the_base_url(account: Universal) -> None:
    await account.do()
    paths = {entry["path"] for entry in await account.log() if not entry["path"].endswith("/token")}
    assert {path[:8] for path in paths} == {"/api/v2/", "/v2/acco"}


async def test_numbers_are_written_with_their_country_and_searched_for_in_one(account: Universal) -> None:
    await account.do()
    log = await account.log()
    (order,) = [entry for entry in log if entry["path"].endswith("/orders") and entry["method"] == "POST"]
    assert "<TelephoneNumber>+1919" in order["body"]
    searches = [entry for entry in log if "availableNumbers" in entry["path"]]
    assert searches
    assert all("countryCodeA3=USA" in str(entry) for entry in searches)


async def test_a_second_run_changes_nothing(account: Universal) -> None:
    await account.do()
    before = await account.changes()
    again = await account.do()
    assert again.exit is Exit.DONE, again.said
    assert await account.changes() == before


async def test_the_package_is_made_before_money_is_spent(account: Universal) -> None:
    await account.do()
    changes = [write.rpartition("/")[2] for write in await account.changes()]
    assert changes.index("voiceConfigurationPackages") < changes.index("orders") < changes.index("bulk")


@pytest.mark.parametrize(
    ("wishes", "services", "packages"),
    [
        ({"setup__voice": "false"}, ["messaging/ALL"], 0),
        ({"setup__messaging": "false"}, ["voice/INBOUND", "voice/OUTBOUND_NATIONAL"], 1),
        ({"activation__outbound_national": "false"}, ["messaging/ALL", "voice/INBOUND"], 1),
        (
            {"activation__outbound_international": "true", "setup__messaging": "false"},
            ["voice/INBOUND", "voice/OUTBOUND_INTERNATIONAL", "voice/OUTBOUND_NATIONAL"],
            1,
        ),
    ],
)
async def test_only_the_services_that_are_wished_for_are_activated(
    account: Universal, wishes: dict[str, str], services: list[str], packages: int
) -> None:
    outcome = await account.do(**wishes)
    assert outcome.exit is Exit.DONE, outcome.said
    assert sorted((await account.number())["services"]) == services
    assert len((await account.state())["voice_packages"]) == packages


async def test_without_a_number_there_is_a_package_and_nothing_to_activate(account: Universal) -> None:
    outcome = await account.do(setup__number="false")
    assert outcome.exit is Exit.DONE, outcome.said
    state = await account.state()
    assert (len(state["voice_packages"]), state["numbers"], state["activations"]) == (1, [], [])


async def test_a_service_that_is_wished_for_later_is_activated_later(account: Universal) -> None:
    await account.do(activation__outbound_national="false")
    outcome = await account.do()
    assert outcome.exit is Exit.DONE, outcome.said
    assert "voice/OUTBOUND_NATIONAL" in (await account.number())["services"]
    assert len((await account.state())["orders"]) == 1


async def test_another_description_changes_the_package_and_nothing_else(account: Universal) -> None:
    await account.do()
    before = await account.changes()
    outcome = await account.do(voice_package__description="Calls of the main office")
    assert outcome.exit is Exit.DONE, outcome.said
    (changed,) = (await account.changes())[len(before) :]
    assert changed.startswith(f"PATCH {PACKAGES}/")
    (package,) = (await account.state())["voice_packages"]
    assert package["description"] == "Calls of the main office"


# --- Numbers that are not ready ----------------------------------------------------------------------------------


async def test_a_fresh_number_is_waited_for_and_never_ordered_again(account: Universal) -> None:
    switched(account, ready_after_tries=3)
    outcome = await account.do()
    assert outcome.exit is Exit.DONE, outcome.said
    assert len((await account.state())["orders"]) == 1
    assert sum(write.endswith("/bulk") for write in await account.changes()) == 4


async def test_a_number_that_never_gets_ready_is_told_and_the_next_run_goes_on_with_it(
    account: Universal,
) -> None:
    switched(account, ready_after_tries="never")
    outcome = await account.do()
    assert outcome.exit is Exit.UNREACHABLE, outcome.said
    assert "run again later" in problem_of(outcome, "voice_numbers")["text"]
    bought = await account.number()
    switched(account)
    again = await account.do()
    assert again.exit is Exit.DONE, again.said
    assert (await account.number())["tn"] == bought["tn"]
    assert len((await account.state())["orders"]) == 1


@pytest.mark.parametrize("outcome_of", ["PARTIAL", "FAILED"])
async def test_an_activation_that_did_not_do_it_is_never_called_done(
    account: Universal, outcome_of: str
) -> None:
    switched(account, activation_outcome=outcome_of)
    outcome = await account.do()
    assert outcome.exit is not Exit.DONE
    assert "Not active yet" in problem_of(outcome, "activation")["text"]
    switched(account)
    again = await account.do()
    assert again.exit is Exit.DONE, again.said
    assert len((await account.state())["orders"]) == 1


# --- Success with errors -----------------------------------------------------------------------------------------

REFUSED = '{"links": [], "data": [], "errors": [{"code": "VCS-0009", "description": "No."}]}'


@pytest.mark.parametrize("status", [200, 207])
async def test_a_package_whose_creation_lists_errors_is_looked_for(account: Universal, status: int) -> None:
    account.fail(
        fault("answer", method="POST", path="/**/voiceConfigurationPackages", status=status, body=REFUSED, effect=True)
    )  # fmt: skip
    outcome = await account.do()
    assert outcome.exit is Exit.DONE, outcome.said
    assert len((await account.state())["voice_packages"]) == 1


async def test_a_package_whose_creation_lists_errors_and_that_is_not_there_is_created_by_the_next_run(
    account: Universal,
) -> None:
    account.fail(
        fault("answer", method="POST", path="/**/voiceConfigurationPackages", status=200, body=REFUSED)
    )
    outcome = await account.do()
    assert outcome.exit is not Exit.DONE
    assert "No." in problem_of(outcome, "voice_package")["text"]
    assert (await account.do()).exit is Exit.DONE
    assert len((await account.state())["voice_packages"]) == 1


async def test_a_number_that_a_partial_success_refuses_is_told_at_once(account: Universal) -> None:
    account.fail(fault("answer", method="POST", path="/**/bulk", status=207, body=REFUSED, times=0))
    outcome = await account.do()
    assert "No." in problem_of(outcome, "voice_numbers")["text"]
    assert sum(write.endswith("/bulk") for write in await account.changes()) == 1


# --- What somebody else has ---------------------------------------------------------------------------------------


async def test_a_package_of_the_same_name_is_asked_about(account: Universal) -> None:
    other = await account.package("Setup Test Voice")
    outcome = await account.do()
    assert outcome.exit is Exit.CONFLICT
    assert other in outcome.out
    assert [write for write in await account.changes() if PACKAGES not in write] == []


async def test_an_existing_package_is_used_when_it_is_named(account: Universal) -> None:
    await account.do(setup__number="false")
    (ours,) = (await account.state())["voice_packages"]
    account.file.path.unlink()
    outcome = await account.do(
        setup__number="false",
        setup__messaging="false",
        voice_package__use=ours["id"],
        voice_app__use=ours["httpVoiceV2ApplicationId"],
        site__use=(await account.state())["sites"][0]["id"],
        sippeer__use=(await account.state())["sippeers"][0]["id"],
    )
    assert outcome.exit is Exit.DONE, outcome.said
    assert len((await account.state())["voice_packages"]) == 1


async def test_two_packages_of_one_name_are_both_told(account: Universal) -> None:
    ids = [await account.package("Setup Test Voice") for _ in range(2)]
    outcome = await account.do()
    assert outcome.exit is Exit.CONFLICT
    assert all(id_ in outcome.out for id_ in ids)


async def test_a_number_that_was_put_into_another_package_is_moved_only_when_that_is_said(
    account: Universal,
) -> None:
    await account.do()
    number = (await account.number())["tn"]
    other = await account.package("Other", f"+1{number}")
    before = await account.changes()
    outcome = await account.do()
    assert outcome.exit is Exit.CONFLICT
    assert other in outcome.out
    assert await account.changes() == before
    moved = await account.do(voice_numbers__existing="move")
    assert moved.exit is Exit.DONE, moved.said
    (ours,) = [each for each in (await account.state())["voice_packages"] if each["id"] != other]
    assert ours["numbers"] == [number]


async def test_a_package_that_somebody_deleted_is_told_and_made_again_when_that_is_said(
    account: Universal,
) -> None:
    await account.do(setup__number="false")
    (ours,) = (await account.state())["voice_packages"]
    account.account.packages.clear()
    let_time_pass(account.folder)
    outcome = await account.do(setup__number="false")
    assert outcome.exit is Exit.NOT_FOUND, outcome.said
    again = await account.do(setup__number="false", voice_package__given_up=ours["id"])
    assert again.exit is Exit.DONE, again.said


async def test_the_numbers_of_a_package_that_somebody_deleted_are_put_into_the_new_one(
    account: Universal,
) -> None:
    await account.do()
    (ours,) = (await account.state())["voice_packages"]
    account.account.packages.clear()
    for number in account.account.numbers.values():
        number.package_id = None
        number.services.clear()
    let_time_pass(account.folder)
    again = await account.do(voice_package__given_up=ours["id"])
    assert again.exit is Exit.DONE, again.said
    (new,) = (await account.state())["voice_packages"]
    assert (await account.number())["voice_package_id"] == new["id"] != ours["id"]
    assert len((await account.state())["orders"]) == 1


async def test_a_package_id_of_another_name_is_recognised_in_a_numbers_row(account: Universal) -> None:
    account.fail(
        fault("rewrite", path="/**/phoneNumbers/voice", rename={"voiceConfigurationPackageId": "packageId"})
    )
    outcome = await account.do()
    assert outcome.exit is Exit.DONE, outcome.said
    before = await account.changes()
    assert (await account.do()).exit is Exit.DONE
    assert await account.changes() == before


async def test_a_number_that_was_in_the_package_before_is_not_in_it(account: Universal) -> None:
    await account.do()
    (ours,) = (await account.state())["voice_packages"]
    number = (await account.number())["tn"]
    row = {"phoneNumber": f"+1{number}", "voiceConfigurationPackageId": None, "earlier": ours["id"]}
    body = json.dumps({"links": [], "errors": [], "data": [row], "page": {"afterCursor": None}})
    account.fail(fault("answer", path="/**/phoneNumbers/voice", status=200, body=body, times=0))
    outcome = await account.do()
    assert outcome.exit is not Exit.DONE
    assert "Not in the package yet" in outcome.said


# --- Lists and roles ---------------------------------------------------------------------------------------------


async def test_a_package_on_a_later_page_is_found(account: Universal) -> None:
    switched(account, package_page=2)
    for name in ("A", "B", "C", "Setup Test Voice"):
        await account.package(name)
    outcome = await account.do()
    assert outcome.exit is Exit.CONFLICT
    assert len((await account.state())["voice_packages"]) == 4


async def test_a_list_of_packages_that_hides_some_creates_nothing(account: Universal) -> None:
    switched(account, package_page=2, next_links=False)
    for name in ("A", "B", "C"):
        await account.package(name)
    outcome = await account.do()
    assert outcome.exit is Exit.FAILED, outcome.said
    assert "3 and shows 2" in outcome.said
    assert len((await account.state())["voice_packages"]) == 3


@pytest.mark.parametrize("left_out", [["page", "links"], ["totalElements", "links"]])
async def test_a_list_of_packages_that_does_not_say_if_it_is_whole_creates_nothing(
    account: Universal, left_out: list[str]
) -> None:
    await account.package("A")
    account.fail(fault("rewrite", method="GET", path="/**/voiceConfigurationPackages", leave_out=left_out))
    outcome = await account.do()
    assert outcome.exit is Exit.FAILED, outcome.said
    assert "does not say whether that is all" in outcome.said
    assert len((await account.state())["voice_packages"]) == 1


async def test_a_list_of_packages_without_a_total_ends_where_its_links_end(account: Universal) -> None:
    await account.package("A")
    account.fail(
        fault("rewrite", method="GET", path="/**/voiceConfigurationPackages", leave_out=["totalElements"])
    )
    outcome = await account.do()
    assert outcome.exit is Exit.DONE, outcome.said


async def test_without_the_role_for_packages_messaging_is_set_up_all_the_same(account: Universal) -> None:
    switched(account, vcp_role=False)
    outcome = await account.do()
    assert outcome.exit is Exit.CREDENTIALS, outcome.said
    state = await account.state()
    assert [len(state[name]) for name in ("sites", "sippeers", "links")] == [1, 1, 1]
    assert not state["orders"], "what cannot do voice says so before money is spent"


async def test_without_the_role_for_activation_the_rest_is_kept(account: Universal) -> None:
    switched(account, activation_role=False)
    outcome = await account.do()
    assert outcome.exit is Exit.CREDENTIALS, outcome.said
    assert (await account.number())["voice_package_id"]
    switched(account)
    assert (await account.do()).exit is Exit.DONE
    assert len((await account.state())["orders"]) == 1


async def test_without_a_yes_to_money_nothing_waits_in_vain_for_a_number(account: Universal) -> None:
    answers = guide_answers("9900000", account__platform="universal")
    declined = await account.apply(answers, pace=quick(), yes=False)
    assert declined.exit is Exit.FAILED, declined.said
    state = await account.state()
    assert (len(state["voice_packages"]), state["orders"], state["activations"]) == (1, [], [])
    assert (await account.do()).exit is Exit.DONE
