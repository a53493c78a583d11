"""What is on the account becomes answers that read back as it is; what no answer can say is told."""

from collections.abc import Mapping

import pytest

from bwtui.domain.account.findings import Absent, Found, How, Leaves, Numbers, OnNumbers, Service
from bwtui.domain.account.read_back import read_back
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import MESSAGING_APP, SIPPEER, SITE, SMS, STEPS
from bwtui.domain.planning.requests import Known, body
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.steps import FoundInList, Step
from bwtui.domain.values.documents import leaves
from bwtui.domain.values.secret import Secret
from bwtui.domain.walk.existing_setup import existing_setup, linked
from support.guide import guide_answers

URL = "https://a.example.net/in"
OTHER = "https://a.example.net/out"


def _shown(**texts: str) -> Leaves:
    return {name.casefold().replace("__", "/"): (text,) for name, text in texts.items()}


@pytest.mark.parametrize(
    "step", [step for step in STEPS if isinstance(step.found_by, FoundInList)], ids=lambda step: step.key
)
def test_what_the_guide_sends_reads_back_as_the_guides_answers(step: Step) -> None:
    answers = guide_answers()
    sent: dict[str, tuple[str, ...]] = {}
    for path, value in leaves(body(step, answers, Known({"voice_app_id": "v"}))):
        if not isinstance(value, Secret):
            sent[path.casefold()] = (value,)
    read = read_back(step, sent)
    given = {
        question.key: answers.text(step.key_of(question.key))
        for question in step.questions
        if question.wire and not question.is_secret and answers.text(step.key_of(question.key))
    }
    assert read.values == given
    assert read.untold == ()


def test_one_callback_url_that_is_shown_four_times_is_one_answer() -> None:
    shown = _shown(
        AppName="A",
        ServiceType="Messaging-V2",
        CallbackUrl=URL,
        MsgCallbackUrl=URL,
        InboundCallbackUrl=URL,
        OutboundCallbackUrl=URL,
    )
    assert read_back(MESSAGING_APP, shown).values == {"name": "A", "callback_url": URL}


def test_two_callback_urls_are_two_answers_and_one_alone_is_not_used_for_both() -> None:
    both = _shown(AppName="A", InboundCallbackUrl=URL, OutboundCallbackUrl=OTHER, MsgCallbackUrl=URL)
    assert read_back(MESSAGING_APP, both).values == {"name": "A", "inbound_url": URL, "outbound_url": OTHER}
    inbound = _shown(AppName="A", InboundCallbackUrl=URL)
    assert read_back(MESSAGING_APP, inbound).values == {"name": "A", "inbound_url": URL}


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (_shown(Name="A name of more than ten"), "Name: A name of more than ten"),
        (_shown(Name="Main", Description="two\nlines"), "Description: two\nlines"),
        (_shown(Name="Main", Address__StateCode="XX"), "State: XX"),
        (_shown(Name="Main", Address__Zip="27606-5177"), "ZIP code: 27606-5177"),
        (_shown(Name="Main", CustomThing="15"), "customthing: 15"),
        ({"name": ("Main", "Second")}, "Name: Main, Second"),
    ],
)  # fmt: skip
def test_what_no_answer_can_say_is_told(shown: Leaves, told: str) -> None:
    assert told in read_back(SITE, shown).untold


def test_another_protocol_than_the_one_that_is_sent_is_told() -> None:
    read = read_back(SMS, {"sipeersmsfeature": (), "sippeersmsfeaturesettings/protocol": ("SMPP",)})
    assert read.untold == ("Protocol: SMPP",)


# --- the whole -------------------------------------------------------------------------------------------------------

ACCOUNT = Answers(guide_answers().given)
USED = {SITE.key: "1", SIPPEER.key: "2"}
NUMBERS = ("9195550100", "9195550101", "9845550102")


def _found(located: tuple[str, ...] = NUMBERS, **more: object) -> Mapping[str, object]:
    return {
        SITE.key: Found(_shown(Name="Main", Id="1"), How.USED, "1"),
        SIPPEER.key: Found(_shown(PeerName="Loc", IsDefaultPeer="true", PeerId="2"), How.USED, "2"),
        "number": Numbers((), located),
        "sms": Absent(), "mms": Absent(), "messaging_app": Absent(), "messaging_link": Absent(),
        "voice_app": Absent(), "voice_link": Absent(), **more,
    }  # fmt: skip


def test_numbers_of_several_areas_are_kept_and_a_twin_orders_as_many_of_the_first() -> None:
    existing = existing_setup(ACCOUNT, USED, _found())  # type: ignore[arg-type]
    assert existing.answers.text("number.area_code") == "919"
    assert existing.answers.text("number.quantity") == "3"
    assert existing.numbers == NUMBERS
    assert existing.plan.is_proof
    assert [existing.answers.flag(f"setup.{wish}") for wish in ("messaging", "voice", "number")] == [
        False,
        False,
        True,
    ]


def test_a_location_without_anything_is_a_setup_without_anything() -> None:
    existing = existing_setup(ACCOUNT, USED, _found(()))  # type: ignore[arg-type]
    assert not existing.answers.flag("number.enabled")
    assert [action.step.key for action in existing.plan] == [SITE.key, SIPPEER.key]
    assert existing.plan.is_proof


def test_sms_without_an_application_is_told_and_not_wished_for() -> None:
    sms = Found(
        _shown(SipPeerSmsFeatureSettings__Protocol="HTTP", SipPeerSmsFeatureSettings__TollFree="true"),
        How.USED,
    )
    existing = existing_setup(ACCOUNT, USED, _found(sms=sms))  # type: ignore[arg-type]
    assert not existing.answers.flag("setup.messaging")
    [told] = existing.notes["setup"]
    assert "Text messages: SMS is there;" in told
    assert "Assign messaging" in told
    assert existing.plan.is_proof


def test_numbers_in_two_packages_are_told_and_voice_is_left_out() -> None:
    answers = ACCOUNT.on(FoundPlatform(Platform.UNIVERSAL))
    rows = {
        number: {"voiceconfigurationpackageid": package}
        for number, package in zip(NUMBERS, ("p1", "p1", "p2"), strict=True)
    }
    on = OnNumbers(NUMBERS, "", rows, {number: {"voice": Service("IN_SERVICE")} for number in NUMBERS})
    findings = _found(voice_numbers=on, activation=on)
    assert linked(findings, USED)["voice_package"] == "p1"  # type: ignore[arg-type]
    package = Found(_shown(name="Main", httpVoiceV2ApplicationId="v1"), How.USED, "p1")
    application = Found(
        _shown(AppName="V", ServiceType="Voice-V2", CallInitiatedCallbackUrl=URL), How.USED, "v1"
    )
    used = {**USED, "voice_package": "p1", "voice_app": "v1"}
    existing = existing_setup(answers, used, {**findings, "voice_package": package, "voice_app": application})  # type: ignore[dict-item]
    assert not existing.answers.flag("setup.voice")
    assert existing.notes["voice_numbers"] == ("+1 (984) 555-0102 is in package p2.",)
