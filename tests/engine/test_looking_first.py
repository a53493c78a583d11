"""Look before create: what a lost request has made is found again, what is another's is left alone, nothing is guessed."""

import pytest

from bwtui.exits import Exit
from bwtui.simulator.settings import Settings
from support.guide import guide_answers
from support.in_process import Harness
from support.write_faults import (
    MESSAGING,
    SITE,
    VOICE,
    WRITES,
    assert_explained,
    assert_finished,
    assert_one_more_run_finishes,
    elsewhere,
    fault,
    fault_at,
    problems,
    read_back,
)

LISTED = ("site", "sippeer", "messaging_app", "voice_app")


@pytest.mark.parametrize(
    ("step", "look", "nth"),
    [
        ("site", "/accounts/*/sites", 2),
        ("sippeer", "/accounts/*/sites/*/sippeers", 1),
        ("messaging_app", "/accounts/*/applications", 2),
        ("voice_app", "/accounts/*/applications", 2),
        ("sms", "**/features/sms", 1),
        ("mms", "**/features/mms", 1),
        ("voice_link", "**/origination/settings", 1),
    ],
)
async def test_where_the_look_fails_too_nothing_is_sent_again(
    harness: Harness, step: str, look: str, nth: int
) -> None:
    harness.fail(
        fault_at(step, "cut-after") + fault("answer", method="GET", path=look, status=500, times=0, nth=nth)
    )
    outcome = await harness.apply()
    assert outcome.exit is Exit.UNREACHABLE
    assert "Looking for it failed too" in outcome.said
    assert_explained(outcome)
    sent = await sent_by(harness, step)
    assert sent == (2 if step.endswith("_app") else 1)
    again = await harness.apply()
    assert again.exit is not Exit.DONE
    assert_explained(again)
    assert await sent_by(harness, step) == sent
    await assert_one_more_run_finishes(harness)
    assert await sent_by(harness, step) == sent


async def sent_by(harness: Harness, step: str) -> int:
    """Count the requests that write a step; those for the two applications cannot be told apart."""
    tail = WRITES[step].path.rpartition("*")[2]
    return sum(
        line.startswith(WRITES[step].method) and line.endswith(tail) for line in await harness.writes()
    )


@pytest.mark.parametrize("step", LISTED)
async def test_an_object_without_an_id_in_its_answer_is_found_by_its_name(
    harness: Harness, step: str
) -> None:
    harness.fail(fault_at(step, "answer", status=201, effect=True))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)


async def test_new_ids_that_stand_in_the_location_header_only_are_taken_from_there(harness: Harness) -> None:
    harness.account.settings = Settings(order_seconds=0, location_body=False)
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)
    log = await harness.log()
    last_write = max(place for place, entry in enumerate(log) if entry["method"] != "GET")
    assert not any(
        entry["method"] == "GET" and entry["path"].endswith("/sippeers") for entry in log[:last_write]
    )


@pytest.mark.parametrize("step", LISTED)
async def test_an_answer_without_an_id_and_an_empty_list_are_not_taken_for_success(
    harness: Harness, step: str
) -> None:
    harness.fail(fault_at(step, "answer", status=201))
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert problems(outcome).keys() == {f"{step}.create"}
    assert "the answer names no id and it is not in the list" in outcome.said
    assert_explained(outcome)
    await assert_one_more_run_finishes(harness)


@pytest.mark.parametrize(
    ("path", "body", "step"),
    [
        pytest.param("/sites", SITE.format("Not ours"), "site", id="sub-account"),
        pytest.param("/sites", SITE.format("Programmatic Setup Test"), "site", id="an equal sub-account"),
        pytest.param("/applications", MESSAGING, "messaging_app", id="messaging application"),
        pytest.param("/applications", VOICE, "voice_app", id="voice application"),
    ],
)
async def test_the_same_name_on_what_is_not_ours_stops_before_anything_is_written(
    harness: Harness, path: str, body: str, step: str
) -> None:
    response = await elsewhere(harness, "POST", path, body)
    before = await harness.writes()
    outcome = await harness.apply()
    assert outcome.exit is Exit.CONFLICT
    assert problems(outcome).keys() == {f"{step}.look"}
    id_ = response.headers["Location"].rpartition("/")[2]
    assert f'To use it, answer use = "{id_}" under [{step}]; otherwise choose another name.' in outcome.said
    assert "Nothing was written." in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == before


async def test_names_differ_by_kind_of_application(harness: Harness) -> None:
    await elsewhere(harness, "POST", "/applications", VOICE.replace("Setup Test Voice", "Production Server"))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said


async def test_what_a_lost_request_may_have_made_is_not_taken_when_it_is_different(harness: Harness) -> None:
    harness.fail(fault_at("site", "cut-before"))
    assert (await harness.apply()).exit is Exit.UNREACHABLE
    harness.fail("")
    response = await elsewhere(harness, "POST", "/sites", SITE.format("Somebody else was here"))
    before = await harness.writes()
    outcome = await harness.apply()
    assert outcome.exit is Exit.CONFLICT
    assert "is not as answered: Description is “Somebody else was here”" in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == before
    await elsewhere(harness, "DELETE", f"/sites/{response.headers['Location'].rpartition('/')[2]}")
    await assert_one_more_run_finishes(harness)


async def test_the_person_chooses_between_two_objects_that_a_lost_request_may_have_made(
    harness: Harness,
) -> None:
    harness.account.settings = Settings(order_seconds=0, unique_names=False)
    harness.fail(
        fault_at("site", "cut-after")
        + fault("answer", method="GET", path="/accounts/*/sites", nth=2, times=0)
    )
    await harness.apply()
    harness.fail("")
    other = await elsewhere(harness, "POST", "/sites", SITE.format("Programmatic Setup Test"))
    before = await harness.writes()
    outcome = await harness.apply()
    assert outcome.exit is Exit.CONFLICT
    assert "Several objects could be this sub-account" in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == before
    await elsewhere(harness, "DELETE", f"/sites/{other.headers['Location'].rpartition('/')[2]}")
    await assert_one_more_run_finishes(harness)


@pytest.mark.parametrize("gone", ["site", "sippeer", "messaging_app", "voice_app"])
async def test_what_was_removed_is_told_and_made_anew_once_it_is_given_up(
    harness: Harness, gone: str
) -> None:
    await harness.apply()
    lost, [sold] = harness.run.outputs[f"{gone}_id"], harness.run.numbers
    match gone:
        case "site":
            harness.account.sites.clear()
            release(harness)
        case "sippeer":
            next(iter(harness.account.sites.values())).peers.clear()
            release(harness)
        case _:
            del harness.account.applications[harness.run.outputs[f"{gone}_id"]]
    before = await harness.writes()
    for outcome in (await harness.apply(), await read_back(harness)):
        assert outcome.exit is Exit.NOT_FOUND
        assert f'answer given_up = "{lost}" under [{gone}]' in outcome.said
        assert "another --name" not in outcome.said
    assert await harness.writes() == before
    takes_a_number = gone in ("site", "sippeer")
    given_up = {f"{gone}__given_up": lost, **({"number__given_up": sold} if takes_a_number else {})}
    harness.answers = guide_answers(**given_up)
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_one_of_each(harness)
    assert harness.run.outputs[f"{gone}_id"] != lost
    before = await harness.writes()
    assert (await harness.apply()).exit is Exit.DONE
    assert await harness.writes() == before, "what was given up is made anew once, not at every run"


def release(harness: Harness) -> None:
    """Release the numbers, as removing their location does."""
    harness.account.numbers.clear()


async def assert_one_of_each(harness: Harness) -> None:
    """One of each, with its links, as the state file has it, and one number."""
    state, outputs = await harness.state(), harness.run.outputs
    [site], [location] = state["sites"], state["sippeers"]
    assert (site["id"], location["id"]) == (outputs["site_id"], outputs["sippeer_id"])
    assert {each["id"] for each in state["applications"]} == {
        outputs["messaging_app_id"],
        outputs["voice_app_id"],
    }
    assert len(state["applications"]) == 2
    assert (location["messaging_app_id"], location["voice_app_id"]) == (
        outputs["messaging_app_id"],
        outputs["voice_app_id"],
    )
    assert (location["sms"]["Protocol"], location["mms"], location["voice_protocol"]) == ("HTTP",) * 3
    assert location["numbers"] == [*harness.run.numbers]
    assert len(location["numbers"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "step"),
    [
        pytest.param(
            "products/messaging/applicationSettings",
            "<ApplicationsSettings>REMOVE</ApplicationsSettings>", "messaging_link", id="messaging unlinked",
        ),
        pytest.param(
            "products/origination/settings",
            "<SipPeerOriginationSettings><VoiceProtocol>SIP</VoiceProtocol></SipPeerOriginationSettings>",
            "voice_link", id="voice back to SIP",
        ),
        pytest.param("products/messaging/features/mms", "", "mms", id="MMS off"),
    ],
)  # fmt: skip
async def test_a_link_that_was_broken_afterwards_is_seen_and_repaired(
    harness: Harness, path: str, body: str, step: str
) -> None:
    await harness.apply()
    assert (await read_back(harness)).exit is Exit.DONE
    outputs = harness.run.outputs
    location = f"/sites/{outputs['site_id']}/sippeers/{outputs['sippeer_id']}"
    await elsewhere(harness, "PUT" if body else "DELETE", f"{location}/{path}", body)
    outcome = await read_back(harness)
    assert outcome.exit is not Exit.DONE
    assert [
        event["step"] for event in outcome.events if event["event"] == "verified" and not event["ok"]
    ] == [step]
    assert "not verified" in outcome.said
    assert outcome.result["status"] != "done"
    before = len(await harness.writes())
    repaired = await harness.apply()
    assert repaired.exit is Exit.DONE, repaired.said
    assert len(await harness.writes()) == before + 1
    await assert_finished(harness)
    assert (await read_back(harness)).exit is Exit.DONE


async def test_done_is_not_said_when_what_is_read_back_differs(harness: Harness) -> None:
    unlinked = "<ApplicationsSettingsResponse><ApplicationsSettings/></ApplicationsSettingsResponse>"
    harness.fail(
        fault(
            "answer",
            method="GET",
            path="**/messaging/applicationSettings",
            status=200,
            body=unlinked,
            times=0,
        )
    )
    outcome = await harness.apply()
    assert outcome.exit is not Exit.DONE
    assert "Not everything is as it should be" in outcome.said
    assert outcome.result["status"] != "done"
    await assert_one_more_run_finishes(harness)


async def test_what_was_never_set_up_is_not_verified(harness: Harness) -> None:
    outcome = await read_back(harness)
    assert outcome.exit is not Exit.DONE
    assert await harness.writes() == []


async def test_a_name_with_characters_of_markup_is_found_again_too(harness: Harness) -> None:
    harness.answers = guide_answers(
        messaging_app__name="R&D <é> 'x' [/b]", voice_app__name="  R&D   {x}  ", site__description=None
    )
    harness.fail(fault_at("messaging_app", "cut-after") + fault_at("voice_app", "cut-after"))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_one_more_run_finishes(harness)
