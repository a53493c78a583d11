"""A teardown removes exactly what the setup has made, in an order that Bandwidth accepts, and proves it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bwtui.domain.values.phone_numbers import readable
from bwtui.exits import Exit
from bwtui.simulator.settings import Platform, Settings
from bwtui.simulator.switches import Switches
from support.guide import guide_answers
from support.in_process import Harness, quick_pace
from support.write_faults import SITE, made_elsewhere

HELD = ("sites", "sippeers", "applications", "links", "voice_packages")


def harness_on(folder: Any, platform: Platform, **more: Any) -> Harness:
    answers = guide_answers(account__platform=platform)
    harness = Harness(folder=folder, settings=Settings(order_seconds=0, platform=platform, **more))
    harness.answers = answers
    return harness


async def held(harness: Harness) -> dict[str, Any]:
    """What is on the account, besides the history of orders; released numbers age."""
    state = await harness.state()
    serving = [number for number in state["numbers"] if number["status"] == "Inservice"]
    return {**{name: state[name] for name in HELD}, "numbers": serving}


async def writes(harness: Harness) -> list[str]:
    """The requests that may have changed the account; asking which services a number has changes nothing."""
    return [each for each in await harness.writes() if not each.endswith("Checker")]


@pytest.fixture(params=["legacy", "universal"])
def harness(request: pytest.FixtureRequest, tmp_path: Any) -> Harness:
    return harness_on(tmp_path, request.param)


async def test_afterwards_the_account_is_as_it_was_before(harness: Harness) -> None:
    before = await held(harness)
    applied = await harness.apply()
    assert applied.exit is Exit.DONE, applied.said
    assert await held(harness) != before
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert removed.result["status"] == "removed"
    assert await held(harness) == before
    assert harness.run.is_removed


async def test_one_more_run_has_nothing_left_to_do(harness: Harness) -> None:
    await harness.apply()
    await harness.teardown(release=True)
    before = await writes(harness)
    again = await harness.teardown(release=True)
    assert again.exit is Exit.DONE
    assert again.result["status"] == "removed"
    assert await writes(harness) == before


async def test_the_same_setup_can_be_made_anew(harness: Harness) -> None:
    first = (await harness.apply()).result["outputs"]
    await harness.teardown(release=True)
    again = await harness.apply()
    assert again.exit is Exit.DONE, again.said
    assert again.result["outputs"]["site_id"] != first["site_id"]
    assert again.result["outputs"]["numbers"] != first["numbers"]
    assert not harness.run.is_removed
    assert (await harness.teardown(release=True)).exit is Exit.DONE


async def test_without_its_word_no_number_is_released_and_what_it_holds_is_told(harness: Harness) -> None:
    outcome = await harness.apply()
    removed = await harness.teardown()
    assert removed.exit is Exit.FAILED
    assert removed.result["status"] == "left"
    assert [each["step"] for each in removed.result["left"]][:2] == ["number", "sms"]
    assert {each["step"] for each in removed.result["left"]} >= {"number", "sms", "sippeer", "site"}
    state = await held(harness)
    assert [f"+1{number['tn']}" for number in state["numbers"]] == outcome.result["outputs"]["numbers"]
    assert not state["applications"]
    assert not (await harness.state())["disconnects"]
    assert (await harness.teardown(word="no")).exit is Exit.FAILED
    assert (await harness.teardown(word="release")).exit is Exit.DONE


async def test_what_is_active_on_a_number_that_stays_is_left_and_named(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "universal")
    await harness.apply()
    before = [write for write in await writes(harness) if write.endswith("/serviceActivation")]
    removed = await harness.teardown()
    assert "activation" in [each["step"] for each in removed.result["left"]]
    (number,) = harness.account.held()
    assert (number.package_id, number.services) == (None, ["messaging/ALL"])
    assert [write for write in await writes(harness) if write.endswith("/serviceActivation")] == before


async def test_the_plan_shows_every_write_and_sends_none(harness: Harness) -> None:
    await harness.apply()
    before = await writes(harness)
    shown = await harness.teardown(show=True, release=True)
    assert shown.exit is Exit.DONE, shown.said
    assert await writes(harness) == before
    planned = [(event["method"], event["path"]) for event in shown.events if event.get("phase") == "write"]
    await harness.teardown(release=True)
    sent = (await writes(harness))[len(before) :]
    assert [method for method, _ in planned] == [each.split()[0] for each in sent]
    assert all(one[1] in other for one, other in zip(planned, sent, strict=True))


async def test_where_nobody_can_be_asked_nothing_is_removed_without_yes(harness: Harness) -> None:
    await harness.apply()
    before = await writes(harness)
    refused = await harness.teardown(agree=None)
    assert refused.exit is Exit.INVALID
    assert await writes(harness) == before


async def test_a_no_removes_nothing(harness: Harness) -> None:
    await harness.apply()
    before = await writes(harness)
    assert (await harness.teardown(agree=lambda _: False, release=True)).exit is Exit.FAILED
    assert await writes(harness) == before


# --- What was there before ---------------------------------------------------------------------------------------


async def test_what_was_only_used_stays_untouched(harness: Harness, tmp_path: Any) -> None:
    first = (await harness.apply()).result["outputs"]
    before = await held(harness)
    other = Harness(folder=tmp_path / "other", settings=harness.settings)
    other.account, other.app = harness.account, harness.app
    other.answers = guide_answers(
        account__platform=harness.settings.platform, site__use=first["site_id"], sippeer__use=first["sippeer_id"],
        messaging_app__name="Second", voice_app__use=first["voice_app_id"], voice_package__name="Second",
        messaging_link__existing="change", number__existing="order",
    )  # fmt: skip
    applied = await other.apply()
    assert applied.exit is Exit.DONE, applied.said
    removed = await other.teardown(release=True)
    # The link that was replaced cannot be put back, so the application that it names now stays, and both are told.
    assert removed.exit is Exit.CONFLICT
    assert [each["step"] for each in removed.result["left"]] == ["messaging_link", "messaging_app"]
    messaging_app = other.run.result["messaging_app_id"]
    assert not any(each.endswith(f"/applications/{messaging_app}") for each in await writes(other))
    after = await held(other)
    assert after["sites"] == before["sites"]
    assert after["numbers"] == before["numbers"]
    assert [peer["sms"] for peer in after["sippeers"]] == [peer["sms"] for peer in before["sippeers"]]
    assert {app["id"] for app in after["applications"]} > {app["id"] for app in before["applications"]}
    (peer,) = other.account.peers()
    peer.messaging_app_id = first["messaging_app_id"]  # somebody links the first one again
    assert (await other.teardown(release=True)).exit is Exit.DONE
    assert await held(other) == before


async def test_a_setup_that_only_uses_what_is_there_has_nothing_to_remove(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    first = (await harness.apply()).result["outputs"]
    other = Harness(folder=tmp_path / "other", settings=harness.settings)
    other.account, other.app = harness.account, harness.app
    other.answers = guide_answers(
        site__use=first["site_id"], sippeer__use=first["sippeer_id"], setup__number="false",
        messaging_app__use=first["messaging_app_id"], voice_app__use=first["voice_app_id"],
    )  # fmt: skip
    assert (await other.apply()).exit is Exit.DONE
    before = await held(other)
    removed = await other.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert await held(other) == before


# --- What somebody has changed since -----------------------------------------------------------------------------


async def test_what_somebody_changed_is_asked_about_and_left_after_a_no(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    outputs = (await harness.apply()).result["outputs"]
    harness.account.sites[outputs["site_id"]].fields["Name"] = "Theirs"
    asked: list[str] = []

    def no_to_the_site(question: str) -> bool:
        asked.append(question)
        return "Sub-account" not in question

    left = await harness.teardown(agree=no_to_the_site, word="release")
    assert left.exit is Exit.CONFLICT, left.said
    assert any("Theirs" in question for question in asked), (asked, left.said)
    state = await harness.state()
    assert [site["name"] for site in state["sites"]] == ["Theirs"]
    assert not state["sippeers"]
    assert (await harness.teardown(word="release")).exit is Exit.DONE
    assert not (await harness.state())["sites"]


async def test_nobody_is_taken_to_agree_to_what_was_changed(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    outputs = (await harness.apply()).result["outputs"]
    harness.account.sites[outputs["site_id"]].fields["Name"] = "Theirs"
    assert (await harness.teardown(release=True)).exit is Exit.CONFLICT
    assert (await harness.state())["sites"]


async def test_what_somebody_changes_while_the_question_stands_is_left_and_asked_about_next_time(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "legacy")
    outputs = (await harness.apply()).result["outputs"]

    def yes_but_too_late(_: str) -> bool:
        harness.account.sites[outputs["site_id"]].fields["Name"] = "Theirs"
        return True

    left = await harness.teardown(agree=yes_but_too_late, word="release")
    assert left.exit is Exit.CONFLICT, left.said
    assert "was changed a moment ago" in left.said
    assert "Nothing was changed" not in left.said, "all else was removed"
    state = await harness.state()
    assert [site["name"] for site in state["sites"]] == ["Theirs"]
    assert not state["sippeers"]
    assert (await harness.teardown(word="release")).exit is Exit.DONE


async def test_what_somebody_has_removed_counts_as_done(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    outputs = (await harness.apply()).result["outputs"]
    peer = next(iter(harness.account.peers()))
    peer.mms = None
    peer.messaging_app_id = None
    del harness.account.applications[outputs["messaging_app_id"]]
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said


async def test_a_number_of_somebody_else_keeps_its_location(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    outputs = (await harness.apply()).result["outputs"]
    other = Harness(folder=tmp_path / "other", settings=harness.settings)
    other.account, other.app = harness.account, harness.app
    other.answers = guide_answers(
        site__use=outputs["site_id"], sippeer__use=outputs["sippeer_id"], number__existing="order",
        setup__messaging="false", setup__voice="false",
    )  # fmt: skip
    assert (await other.apply()).exit is Exit.DONE
    left = await harness.teardown(release=True)
    assert left.exit is not Exit.DONE
    assert "did not order" in left.said
    assert len((await held(harness))["numbers"]) == 1
    assert (await other.teardown(release=True)).exit is Exit.DONE
    assert (await harness.teardown(release=True)).exit is Exit.DONE


# --- What sources disagree about ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "child"])
async def test_a_link_is_taken_off_in_whichever_form_the_api_takes(tmp_path: Any, form: str) -> None:
    harness = harness_on(tmp_path, "legacy")
    harness.account.switches = Switches(unlink=form)  # type: ignore[arg-type]
    before = await held(harness)
    await harness.apply()
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert await held(harness) == before


# --- Orders that release numbers, and what they say ---------------------------------------------------------------


async def test_numbers_that_an_order_has_failed_to_release_are_ordered_again_by_the_next_run(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    harness.account.switches = Switches(release="failed")
    failed = await harness.teardown(release=True)
    assert failed.exit is Exit.FAILED
    assert "part of an order under way" in failed.said
    assert "only a look" not in failed.said
    assert len((await harness.state())["disconnects"]) == 1
    harness.account.switches = Switches()
    assert (await harness.teardown(release=True)).exit is Exit.DONE
    assert len((await harness.state())["disconnects"]) == 2
    assert not harness.account.held()


async def test_a_number_in_service_is_not_called_released_in_any_run_whatever_its_order_says(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    harness.account.switches = Switches(release="claimed")
    for _ in range(3):
        waiting = await harness.teardown(release=True)
        assert waiting.exit is Exit.UNREACHABLE, waiting.said
        assert waiting.result["status"] == "waiting"
        assert not harness.run.step("number").removed_at
    assert len((await harness.state())["disconnects"]) == 1
    harness.account.numbers.clear()
    assert (await harness.teardown(release=True)).exit is Exit.DONE


async def test_after_an_unknown_status_the_numbers_decide(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    harness.account.switches = Switches(release="claimed", release_status="SUBMITTED")
    waiting = await harness.teardown(release=True)
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    assert waiting.result["status"] == "waiting"
    harness.account.numbers.clear()
    assert (await harness.teardown(release=True)).exit is Exit.DONE
    assert len((await harness.state())["disconnects"]) == 1


async def test_numbers_that_somebody_else_has_released_are_done(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    harness.account.switches = Switches(release="failed")
    assert (await harness.teardown(release=True)).exit is Exit.FAILED
    (number,) = harness.account.held()
    number.status = "Aging"
    done = await harness.teardown(release=True)
    assert done.exit is Exit.DONE, done.said
    assert len((await harness.state())["disconnects"]) == 1


# --- Numbers that age ----------------------------------------------------------------------------------------------


async def test_ageing_numbers_that_hold_the_location_end_as_waiting(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    harness.account.switches = Switches(ageing_blocks_location=True)
    await harness.apply()
    waiting = await harness.teardown(release=True)
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    assert waiting.result["status"] == "waiting"
    assert [each["step"] for each in waiting.result["left"]] == ["sippeer", "site"]
    assert not (await harness.state())["applications"]
    harness.account.switches = Switches()
    done = await harness.teardown(release=True)
    assert done.exit is Exit.DONE, done.said
    assert len((await harness.state())["disconnects"]) == 1


async def test_ageing_numbers_that_hold_sms_end_as_waiting(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    harness.account.switches = Switches(ageing_blocks_sms=True)
    await harness.apply()
    waiting = await harness.teardown(release=True)
    assert waiting.exit is Exit.UNREACHABLE, waiting.said
    assert waiting.result["status"] == "waiting"
    assert [each["step"] for each in waiting.result["left"]] == ["sms", "sippeer", "site"]
    assert "13673" in waiting.said
    assert "about 30 days" in waiting.said
    harness.account.switches = Switches()
    done = await harness.teardown(release=True)
    assert done.exit is Exit.DONE, done.said


# --- Lost, late and lagging answers --------------------------------------------------------------------------------


FAULTS = [
    '[[fault]]\naction = "cut-after"\nmethod = "{method}"\npath = "{path}"\nnth = 1\n',
    '[[fault]]\naction = "cut-before"\nmethod = "{method}"\npath = "{path}"\nnth = 1\n',
    '[[fault]]\naction = "answer"\nstatus = 500\nmethod = "{method}"\npath = "{path}"\nnth = 1\n',
]
WRITES = [
    ("DELETE", "/accounts/*/sites/*"),
    ("DELETE", "/accounts/*/applications/*"),
    ("DELETE", "/accounts/*/sites/*/sippeers/*"),
    ("PUT", "/accounts/*/sites/*/sippeers/*/products/messaging/applicationSettings"),
    ("POST", "/accounts/*/disconnects"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["lost answer", "lost request", "500"])
@pytest.mark.parametrize(("method", "path"), WRITES, ids=[path for _, path in WRITES])
async def test_a_write_whose_answer_is_lost_is_still_done_once(
    tmp_path: Any, method: str, path: str, fault: str
) -> None:
    harness = harness_on(tmp_path, "legacy")
    before = await held(harness)
    await harness.apply()
    harness.fail(fault.format(method=method, path=path))
    outcome = await harness.teardown(release=True)
    if outcome.exit is not Exit.DONE:
        harness.fail("")
        outcome = await harness.teardown(release=True)
    assert outcome.exit is Exit.DONE, outcome.said
    assert await held(harness) == before
    assert len((await harness.state())["disconnects"]) == 1


LAGS = [
    "/accounts/*/sites",
    "/accounts/*/sites/*",
    "/accounts/*/applications",
    "/accounts/*/sites/*/sippeers/*/tns",
]


@pytest.mark.parametrize("path", LAGS)
async def test_a_read_or_list_that_lags_is_waited_for(tmp_path: Any, path: str) -> None:
    harness = harness_on(tmp_path, "legacy")
    before = await held(harness)
    await harness.apply()
    harness.fail(f'[[fault]]\naction = "lag"\nseconds = 0.3\npath = "{path}"\n')
    told: list[str] = []

    def on_wait(operation: str, _seconds: float, reason: str) -> None:
        told.append(f"{operation}: {reason}")

    removed = await harness.teardown(release=True, pace=quick_pace(visible=5, located=5, on_wait=on_wait))
    assert removed.exit is Exit.DONE, removed.said
    assert await held(harness) == before
    assert len(told) == len(set(told)), "a wait is told once"


async def test_an_order_that_has_no_status_yet_is_told_as_placed(harness: Harness) -> None:
    await harness.apply()
    said = (await harness.teardown(release=True)).said
    assert [each for each in said.splitlines() if each.rstrip().endswith(" is")] == []
    assert "is placed" in said


async def test_a_voice_setting_that_the_account_does_not_have_any_more_is_nothing_to_set_back(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "legacy")
    before = await held(harness)
    await harness.apply()
    (location,) = harness.account.peers()
    location.voice_protocol, location.voice_app_id = "SIP", None
    body = (
        "<R><ResponseStatus><ErrorCode>13651</ErrorCode><Description>Moved</Description></ResponseStatus></R>"
    )
    harness.fail(
        f'[[fault]]\npath = "**/products/origination/settings"\naction = "answer"\nstatus = 409\n'
        f'body = "{body}"\ncontent_type = "application/xml"\ntimes = 0\n'
    )
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert await held(harness) == before


@pytest.mark.parametrize("status", [200, 404])
async def test_what_still_shows_is_not_called_removed(tmp_path: Any, status: int) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    (app, *_) = [each for each in harness.account.applications.values() if each.service_type == "Voice-V2"]
    harness.fail(
        f'[[fault]]\naction = "answer"\nstatus = {status}\nbody = ""\nmethod = "DELETE"\ntimes = 0\n'
        f'path = "/accounts/*/applications/{app.id}"\n'
    )
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.UNREACHABLE, removed.said
    assert [each["step"] for each in removed.result["left"]] == ["voice_app"]
    assert "still shows on the account, although Bandwidth has answered as if it were gone" in removed.said
    harness.fail("")
    assert (await harness.teardown(release=True)).exit is Exit.DONE


async def test_more_numbers_than_one_request_takes_leave_their_package_though_the_first_are_said_to_be_gone(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "universal")
    harness.answers = guide_answers(account__platform="universal", number__quantity="101")
    applied = await harness.apply()
    assert applied.exit is Exit.DONE, applied.said
    harness.fail('[[fault]]\npath = "**/phoneNumbers/bulk"\naction = "answer"\nstatus = 404\neffect = true\n')
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert (await held(harness))["voice_packages"] == []


@pytest.mark.parametrize("says_which", [True, False])
async def test_a_number_that_a_refusal_is_about_keeps_no_other_one_in_the_package(
    tmp_path: Any, *, says_which: bool
) -> None:
    harness = harness_on(tmp_path, "universal")
    harness.answers = guide_answers(account__platform="universal", number__quantity="3")
    assert (await harness.apply()).exit is Exit.DONE
    named = harness.run.numbers[1]
    if not says_which:
        harness.account.numbers[named].peer_id = ""
    told = f"Phone number +1{named} is not on the account" if says_which else "A number is not on the account"
    refusal = {"errors": [{"code": "VCS-0007", "description": told}]}
    harness.fail(
        f'[[fault]]\npath = "**/phoneNumbers/bulk"\naction = "answer"\nstatus = 400\nbody = {json.dumps(json.dumps(refusal))}\n'
    )
    await harness.teardown(release=True)
    inside = [number.tn for number in harness.account.held() if number.package_id]
    assert inside == [named]
    if says_which:
        assert (await harness.teardown(release=True)).exit is Exit.DONE


async def test_a_number_that_somebody_moved_is_left_there_and_holds_nothing(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    (number,) = harness.account.held()
    site_id = await made_elsewhere(harness, "/sites", SITE.format("Theirs").replace("SetupTest", "Theirs"))
    location = "<SipPeer><PeerName>Theirs</PeerName><IsDefaultPeer>true</IsDefaultPeer></SipPeer>"
    number.site_id, number.peer_id = (
        site_id,
        await made_elsewhere(harness, f"/sites/{site_id}/sippeers", location),
    )
    theirs = await held(harness)
    removed = await harness.teardown(release=True)
    assert removed.exit is Exit.DONE, removed.said
    assert "moved to another location, and left there" in removed.said
    assert "Everything else that this setup knows to have made is removed" in removed.said
    assert [each["id"] for each in removed.result["left"]] == [readable(number.tn)]
    after = await held(harness)
    assert after["numbers"] == theirs["numbers"]
    assert [each["name"] for each in after["sites"]] == ["Theirs"]
    assert not (await harness.state())["disconnects"]


async def test_a_number_in_service_that_nobody_finds_is_never_called_gone(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    (number,) = harness.account.held()
    number.peer_id, number.site_id = "1", "1"
    left = await harness.teardown(release=True)
    assert left.exit is Exit.CONFLICT
    assert "in service, and nobody knows where" in left.said
    assert number.status == "Inservice"


async def test_what_a_number_of_others_may_need_stays_and_the_number_is_named_in_every_run(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    (ours,) = harness.account.held()
    theirs = replace(ours, tn="9195550100", order_id="theirs")
    harness.account.numbers[theirs.tn] = theirs
    before = await held(harness)
    for _ in range(2):
        left = await harness.teardown(release=True)
        assert left.exit is Exit.CONFLICT, left.said
        assert "numbers that this setup did not order: +1 (919) 555-0100" in " ".join(left.said.split())
        after = await held(harness)
        assert len(after["applications"]) == 2
        assert after["links"] == before["links"]
        (location,) = after["sippeers"]
        assert location["sms"]
        assert location["mms"]
        assert [each["tn"] for each in after["numbers"]] == [theirs.tn]
    del harness.account.numbers[theirs.tn]
    assert (await harness.teardown(release=True)).exit is Exit.DONE
    assert not any((await held(harness)).values())


@pytest.mark.parametrize("released", [False, True])
async def test_a_package_with_a_number_of_others_stays_and_the_number_is_named_before_anything_goes(
    tmp_path: Any, *, released: bool
) -> None:
    harness = harness_on(tmp_path, "universal")
    await harness.apply()
    (ours,) = harness.account.held()
    theirs = replace(ours, tn="9195550100", order_id="theirs", peer_id="71", site_id="70")
    harness.account.numbers[theirs.tn] = theirs
    if released:
        await harness.teardown(release=True)
    planned = await harness.teardown(release=True, show=True)
    fates = {each["step"]: each for each in planned.events if each["event"] == "removal"}
    assert fates["voice_package"]["fate"] == "conflict"
    assert "numbers that this setup did not order: +1 (919) 555-0100" in fates["voice_package"]["reason"]
    left = await harness.teardown(release=True)
    assert left.exit is Exit.CONFLICT, left.said
    after = await held(harness)
    assert len(after["voice_packages"]) == len(after["applications"]) == 1
    assert theirs.package_id
    del harness.account.numbers[theirs.tn]
    assert (await harness.teardown(release=True)).exit is Exit.DONE
    assert not any((await held(harness)).values())


async def test_an_application_that_a_package_of_others_uses_stays_and_the_package_is_named(
    tmp_path: Any,
) -> None:
    harness = harness_on(tmp_path, "universal")
    await harness.apply()
    (package,) = harness.account.packages.values()
    theirs = replace(package, id="theirs", settings={**package.settings, "name": "Theirs"})
    harness.account.packages[theirs.id] = theirs
    planned = await harness.teardown(release=True, show=True)
    fates = {each["step"]: each for each in planned.events if each["event"] == "removal"}
    assert fates["voice_app"]["fate"] == "conflict"
    assert "voice package Theirs (theirs)" in fates["voice_app"]["reason"]
    assert fates["voice_package"]["fate"] == "remove"
    assert (await harness.teardown(release=True)).exit is Exit.CONFLICT
    del harness.account.packages[theirs.id]
    assert (await harness.teardown(release=True)).exit is Exit.DONE


async def test_a_location_of_others_in_our_sub_account_is_named_before_anything_goes(
    harness: Harness,
) -> None:
    outputs = (await harness.apply()).result["outputs"]
    site = harness.account.sites[outputs["site_id"]]
    ours = site.peers[outputs["sippeer_id"]]
    site.peers["71"] = replace(
        ours, id="71", name="Other", is_default=False, sms=None, mms=None, messaging_app_id=None
    )
    planned = await harness.teardown(release=True, show=True)
    fates = {each["step"]: each for each in planned.events if each["event"] == "removal"}
    assert fates["site"]["fate"] == fates["sippeer"]["fate"] == "conflict"
    assert "location Other (71)" in fates["site"]["reason"]
    assert "default location" in fates["sippeer"]["reason"]
    assert (await harness.teardown(release=True)).exit is Exit.CONFLICT
    del site.peers["71"]
    assert (await harness.teardown(release=True)).exit is Exit.DONE
    assert not any((await held(harness)).values())


async def test_numbers_whose_location_may_not_be_read_are_never_called_gone(tmp_path: Any) -> None:
    harness = harness_on(tmp_path, "legacy")
    await harness.apply()
    harness.fail('[[fault]]\npath = "**/sippeers/*/tns"\naction = "answer"\nstatus = 403\ntimes = 0\n')
    left = await harness.teardown(release=True, word="release")
    assert left.exit is Exit.CONFLICT, left.said
    assert harness.account.held()
    assert (await harness.state())["sites"]
    assert not (await harness.state())["disconnects"]
