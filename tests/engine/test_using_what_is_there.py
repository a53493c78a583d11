"""Existing objects are used because the person said so, and left or changed as the person said."""

import pytest

from bwtui.domain.answers.answers import Answers
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import Harness
from support.write_faults import (
    MESSAGING,
    SITE,
    VOICE,
    assert_explained,
    elsewhere,
    fault,
    location_elsewhere,
    made_elsewhere,
    problems,
)

SMS = (
    "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>{toll_free}</TollFree><ShortCode>true</ShortCode>"
    "<Protocol>HTTP</Protocol><Zone1>true</Zone1><Zone2>true</Zone2><Zone3>true</Zone3><Zone4>true</Zone4>"
    "<Zone5>true</Zone5></SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
)
MMS = "<MmsFeature><MmsSettings><Protocol>HTTP</Protocol></MmsSettings><Protocols><HTTP><HttpSettings/></HTTP></Protocols></MmsFeature>"
HTTP_VOICE = (
    "<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings>"
    "<HttpVoiceV2AppId>{}</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings>"
)


@pytest.fixture
async def used(harness: Harness) -> Answers:
    """The guide's example on a location that is there already, all of whose settings may be replaced."""
    site_id, sippeer_id = await location_elsewhere(harness)
    return guide_answers(
        site__use=site_id, site__name=None, site__description=None,
        sippeer__use=sippeer_id, sippeer__name=None, sippeer__is_default=None,
        voice_link__existing="change",
    )  # fmt: skip


def but(answers: Answers, **changes: str | None) -> Answers:
    """These answers with some changed; `None` takes one away."""
    changed = guide_answers("9900000", **changes).given
    kept = dict(answers.given)
    for name in changes:
        key = name.replace("__", ".")
        kept.pop(key, None)
        if key in changed:
            kept[key] = changed[key]
    return answers._replace(given=kept)


def place(answers: Answers) -> str:
    return f"/sites/{answers.text('site.use')}/sippeers/{answers.text('sippeer.use')}"


async def stopped(harness: Harness, answers: Answers, expected: Exit = Exit.CONFLICT) -> str:
    """The run ends before anything is written; gives what it said."""
    before = await harness.writes()
    outcome = await harness.apply(answers)
    assert outcome.exit is expected, outcome.said
    assert "Nothing was written." in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == before
    return outcome.said


async def finished(harness: Harness, answers: Answers) -> list[str]:
    """The run is done, and so is one after it, which writes nothing; gives what was written: `PUT .../settings`."""
    before = await harness.writes()
    outcome = await harness.apply(answers)
    assert outcome.exit is Exit.DONE, outcome.said
    writes = (await harness.writes())[len(before) :]
    again = await harness.apply(answers)
    assert again.exit is Exit.DONE, again.said
    assert await harness.writes() == [*before, *writes]
    return [f"{line.partition(' ')[0]} {line.rpartition('/')[2]}" for line in writes]


async def test_everything_that_is_used_is_left_as_it_is(harness: Harness, used: Answers) -> None:
    messaging_app = await made_elsewhere(harness, "/applications", MESSAGING)
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    answers = but(
        used,
        messaging_app__use=messaging_app, messaging_app__name=None, messaging_app__callback_url=None,
        messaging_app__callback_user=None, voice_app__use=voice_app, voice_app__name=None,
        voice_app__call_initiated_url=None, voice_app__call_status_url=None, voice_app__callback_user=None,
    )  # fmt: skip
    before = await harness.state()
    assert sorted(await finished(harness, answers)) == sorted(
        ["POST sms", "POST mms", "POST orders", "PUT applicationSettings", "PUT settings"]
    )
    after = await harness.state()
    assert after["sites"][0]["fields"] == before["sites"][0]["fields"]
    assert after["applications"] == before["applications"]
    assert len(after["sippeers"]) == 1
    assert {link["application_id"] for link in after["links"]} == {messaging_app, voice_app}
    made = {key for key, record in harness.run.steps.items() if record.made}
    assert made == {"sms", "mms", "number", "messaging_link"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"site__description": "Other"}, "Description is “Not ours”, should be “Other”"),
        ({"site__city": "DURHAM"}, "City is “RALEIGH”, should be “DURHAM”"),
        ({"sippeer__name": "Other"}, "Name is “Main”, should be “Other”"),
    ],
)
async def test_what_is_used_must_be_as_answered(
    harness: Harness, used: Answers, changes: dict[str, str], sentence: str
) -> None:
    said = await stopped(harness, but(used, **changes))
    assert sentence in said
    assert "Take back the answers that differ, or use another one." in said


async def test_an_application_of_the_wrong_kind_is_refused(harness: Harness) -> None:
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    answers = guide_answers(messaging_app__use=voice_app, messaging_app__name=None)
    assert "Kind of application is “Voice-V2”, should be “Messaging-V2”" in await stopped(harness, answers)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"messaging_app__use": "590cde45-c05d-44e3-a77a-59fd10f17c26"}, "messaging_app"),
        ({"voice_app__use": "0fff897a-3ee3-4e7e-94d7-89a067cdfe6b"}, "voice_app"),
    ],
)
async def test_an_unknown_id_is_not_found(harness: Harness, changes: dict[str, str], step: str) -> None:
    said = await stopped(harness, guide_answers("9900000", **changes), Exit.NOT_FOUND)
    assert "does not exist (any more)" in said
    assert f"Correct its ID ({step}.use)." in said


async def test_an_unknown_sub_account_is_not_found(harness: Harness) -> None:
    outcome = await harness.apply(guide_answers(site__use="99999"))
    assert outcome.exit is Exit.NOT_FOUND
    assert "Sub-account 99999 does not exist (any more)." in outcome.said
    assert "Correct its ID (site.use)." in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == []


async def test_an_unknown_location_is_not_found(harness: Harness, used: Answers) -> None:
    said = await stopped(harness, but(used, sippeer__use="999999"), Exit.NOT_FOUND)
    assert "Location 999999 does not exist (any more)." in said


async def test_equal_features_are_kept_without_a_request(harness: Harness, used: Answers) -> None:
    await elsewhere(
        harness, "POST", f"{place(used)}/products/messaging/features/sms", SMS.format(toll_free="true")
    )
    await elsewhere(harness, "POST", f"{place(used)}/products/messaging/features/mms", MMS)
    assert not {"POST sms", "PUT sms", "POST mms", "PUT mms"} & set(await finished(harness, used))
    assert not harness.run.step("sms").made


@pytest.mark.parametrize("existing", [None, "report", "change", "keep"])
async def test_sms_that_is_set_otherwise_is_reported_changed_or_kept(
    harness: Harness, used: Answers, existing: str | None
) -> None:
    await elsewhere(
        harness, "POST", f"{place(used)}/products/messaging/features/sms", SMS.format(toll_free="false")
    )
    answers = but(used, sms__existing=existing)
    match existing:
        case "change":
            assert "PUT sms" in await finished(harness, answers)
        case "keep":
            assert not {"POST sms", "PUT sms"} & set(await finished(harness, answers))
        case _:
            said = await stopped(harness, answers)
            assert "Toll-free numbers is “no”, should be “yes”" in said
            assert 'answer existing = "change" under [sms]' in said
    settings = (await harness.state())["sippeers"][0]["sms"]
    assert settings["TollFree"] == ("true" if existing == "change" else "false")
    assert not harness.run.step("sms").made


@pytest.mark.parametrize("existing", [None, "change"])
async def test_a_location_of_another_messaging_application_is_reported_or_linked_anew(
    harness: Harness, used: Answers, existing: str | None
) -> None:
    await elsewhere(
        harness, "POST", f"{place(used)}/products/messaging/features/sms", SMS.format(toll_free="true")
    )
    other = await made_elsewhere(harness, "/applications", MESSAGING.replace("Production", "Other"))
    link = (
        f"<ApplicationsSettings><HttpMessagingV2AppId>{other}</HttpMessagingV2AppId></ApplicationsSettings>"
    )
    await elsewhere(harness, "PUT", f"{place(used)}/products/messaging/applicationSettings", link)
    answers = but(used, messaging_link__existing=existing)
    if existing:
        assert "PUT applicationSettings" in await finished(harness, answers)
        assert (await harness.state())["sippeers"][0]["messaging_app_id"] == harness.run.outputs[
            "messaging_app_id"
        ]
    else:
        assert f"Messaging application is “{other}”" in await stopped(harness, answers)


@pytest.mark.parametrize("existing", [None, "change"])
async def test_a_location_of_another_voice_application_is_reported_or_linked_anew(
    harness: Harness, used: Answers, existing: str | None
) -> None:
    other = await made_elsewhere(harness, "/applications", VOICE.replace("Setup Test", "Other"))
    await elsewhere(harness, "PUT", f"{place(used)}/products/origination/settings", HTTP_VOICE.format(other))
    answers = but(used, voice_link__existing=existing)
    if existing:
        assert "PUT settings" in await finished(harness, answers)
        assert (await harness.state())["sippeers"][0]["voice_app_id"] == harness.run.outputs["voice_app_id"]
    else:
        assert f"Voice application is “{other}”" in await stopped(harness, answers)


@pytest.mark.parametrize("existing", [None, "change"])
@pytest.mark.parametrize("link", ["messaging", "voice"])
async def test_an_application_that_somebody_has_linked_since_is_reported_or_replaced(
    harness: Harness, link: str, existing: str | None
) -> None:
    await harness.apply()
    outputs = harness.run.outputs
    location = f"/sites/{outputs['site_id']}/sippeers/{outputs['sippeer_id']}"
    if link == "voice":
        other = await made_elsewhere(harness, "/applications", VOICE.replace("Setup Test", "Other"))
        await elsewhere(harness, "PUT", f"{location}/products/origination/settings", HTTP_VOICE.format(other))
    else:
        other = await made_elsewhere(harness, "/applications", MESSAGING.replace("Production", "Other"))
        text = f"<ApplicationsSettings><HttpMessagingV2AppId>{other}</HttpMessagingV2AppId></ApplicationsSettings>"
        await elsewhere(harness, "PUT", f"{location}/products/messaging/applicationSettings", text)
    answers = guide_answers(**({f"{link}_link__existing": existing} if existing else {}))
    if existing:
        await finished(harness, answers)
    else:
        said = await stopped(harness, answers)
        assert f"application is “{other}”" in said
        assert f'answer existing = "change" under [{link}_link]' in said
    linked = (await harness.state())["sippeers"][0][f"{link}_app_id"]
    assert linked == (outputs[f"{link}_app_id"] if existing else other)


async def test_a_link_that_is_there_already_is_kept_without_a_request(
    harness: Harness, used: Answers
) -> None:
    voice_app = await made_elsewhere(harness, "/applications", VOICE)
    await elsewhere(
        harness, "PUT", f"{place(used)}/products/origination/settings", HTTP_VOICE.format(voice_app)
    )
    answers = but(
        used, voice_link__existing=None, voice_app__use=voice_app, voice_app__name=None,
        voice_app__call_initiated_url=None, voice_app__call_status_url=None, voice_app__callback_user=None,
    )  # fmt: skip
    assert not {"POST settings", "PUT settings"} & set(await finished(harness, answers))


@pytest.mark.parametrize("existing", [None, "report", "order", "keep"])
async def test_numbers_that_are_there_are_reported_kept_or_added_to(
    harness: Harness, used: Answers, existing: str | None
) -> None:
    number = harness.account.search({"areacode": "984"}, 1)[0][0]
    body = (
        f"<Order><SiteId>{used.text('site.use')}</SiteId><PeerId>{used.text('sippeer.use')}</PeerId>"
        "<ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>"
        f"{number}</TelephoneNumber></TelephoneNumberList></ExistingTelephoneNumberOrderType></Order>"
    )
    await elsewhere(harness, "POST", "/orders", body)
    answers = but(used, number__existing=existing)
    match existing:
        case "order":
            assert (await finished(harness, answers)).count("POST orders") == 1
            assert len((await harness.state())["numbers"]) == 2
            assert harness.run.numbers != (number,)
        case "keep":
            assert "POST orders" not in await finished(harness, answers)
            assert harness.run.numbers == (number,)
            assert not harness.run.step("number").made
        case _:
            assert "The location already has numbers that this setup did not order: +1 (" in await stopped(
                harness, answers
            )


async def test_the_first_location_of_a_sub_account_is_its_default_one_whatever_was_answered(
    harness: Harness,
) -> None:
    answers = guide_answers(sippeer__is_default="false")
    await finished(harness, answers)
    assert (await harness.state())["sippeers"][0]["is_default"]


async def test_the_first_location_of_a_sub_account_that_is_used_is_its_default_one_too(
    harness: Harness,
) -> None:
    site_id = await made_elsewhere(harness, "/sites", SITE.format("Not ours"))
    answers = guide_answers(
        site__use=site_id, site__name=None, site__description=None, sippeer__is_default="false"
    )
    await finished(harness, answers)
    assert (await harness.state())["sippeers"][0]["is_default"]


@pytest.mark.parametrize("answer", [None, "false", "true"])
async def test_a_second_location_is_made_the_default_only_when_answered(
    harness: Harness, used: Answers, answer: str | None
) -> None:
    answers = but(
        used, sippeer__use=None, sippeer__name="Second", sippeer__is_default=answer, voice_link__existing=None
    )
    await finished(harness, answers)
    first, second = (await harness.state())["sippeers"]
    assert (first["is_default"], second["is_default"]) == (
        (False, True) if answer == "true" else (True, False)
    )


async def test_a_location_of_the_same_name_elsewhere_in_the_sub_account_is_no_reason_to_take_it(
    harness: Harness, used: Answers
) -> None:
    said = await stopped(harness, but(used, sippeer__use=None, sippeer__name="Main"))
    assert f'answer use = "{used.text("sippeer.use")}" under [sippeer]' in said


async def test_a_used_location_that_cannot_be_read_stops_the_run(harness: Harness, used: Answers) -> None:
    harness.fail(fault("answer", method="GET", path="**/features/sms", status=500, times=0))
    before = await harness.writes()
    outcome = await harness.apply(used)
    assert outcome.exit is Exit.FAILED
    assert problems(outcome).keys() == {"sms.read"}
    assert_explained(outcome)
    assert await harness.writes() == before
    harness.fail("")
    await finished(harness, used)


@pytest.mark.parametrize("step", ["sms", "mms", "messaging_link", "voice_link", "number"])
@pytest.mark.parametrize("action", ["cut-before", "cut-after"])
async def test_a_used_location_is_finished_after_a_lost_request_too(
    harness: Harness, used: Answers, step: str, action: str
) -> None:
    tail = {"messaging_link": "applicationSettings", "voice_link": "origination/settings", "number": "orders"}
    path = f"**/{tail.get(step, step)}"
    harness.fail(fault(action, method="POST", path=path) + fault(action, method="PUT", path=path))
    outcome = await harness.apply(used)
    assert_explained(outcome)
    harness.fail("")
    await finished(harness, used)
    state = await harness.state()
    assert len(state["sites"]) == len(state["sippeers"]) == len(state["orders"]) == 1
    assert len(state["applications"]) == len(state["links"]) == 2
