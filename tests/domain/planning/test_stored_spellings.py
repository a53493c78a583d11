"""Spellings that Bandwidth may keep in place of ours, and values that mean something else."""

import pytest

from bwtui.domain.account.findings import Difference
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import MESSAGING_LINK, SIPPEER, SITE, SMS, VOICE_APP, VOICE_LINK
from bwtui.domain.planning.stored_spellings import spellings_text, stored_otherwise
from bwtui.domain.runs.run import StepState
from bwtui.domain.runs.run_events import Spelling
from bwtui.domain.steps import Step
from support.guide import guide_answers

NO_ANSWERS = Answers({})
URL = "https://example.com/callbacks/init?a=1%262"


def is_kept(step: Step, path: str, wanted: str, shown: str) -> bool:
    spelling = Spelling(wanted, shown)
    kept = stored_otherwise(
        step, [Difference(path, wanted, shown)], NO_ANSWERS, StepState(before={path: spelling})
    )
    assert kept in ({}, {path: spelling})
    return bool(kept)


@pytest.mark.parametrize(
    ("step", "path", "wanted", "shown"),
    [
        (SITE, "Name", "Main", "Main (9900000)"),
        (SITE, "Address/City", "St. Louis", "Saint Louis"),
        (SITE, "Address/PreDirectional", "N", "Nord"),
        (SIPPEER, "PeerName", "Main location", "Main-location"),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, "https://example.com:443/callbacks//%69nit/?a=1%262"),
        (VOICE_APP, "CallInitiatedCallbackUrl", "https://example.com/ü", "https://EXAMPLE.com/%c3%bc"),
    ],
)
def test_a_text_may_be_kept_otherwise_and_a_url_that_leads_to_the_same_place(
    step: Step, path: str, wanted: str, shown: str
) -> None:
    assert is_kept(step, path, wanted, shown)


@pytest.mark.parametrize(
    ("step", "path", "wanted", "shown"),
    [
        (SITE, "Address/City", "RALEIGH", ""),
        (SITE, "Address/AddressType", "Billing", "Service"),
        (SIPPEER, "IsDefaultPeer", "true", "false"),
        (SMS, "SipPeerSmsFeatureSettings/Protocol", "HTTP", "SMPP"),
        (SMS, "SipPeerSmsFeatureSettings/Zone2", "true", "false"),
        (MESSAGING_LINK, "HttpMessagingV2AppId", "app-1", "app-2"),
        (VOICE_LINK, "HttpSettings/HttpVoiceV2AppId", "app-1", "app-2"),
        (VOICE_APP, "ServiceType", "Voice-V2", "Voice-V1"),
        (VOICE_APP, "CallbackCreds/UserId", "me", "you"),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, URL.replace("https", "http")),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, URL.replace(".com", ".org")),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, URL.replace(".com", ".com:8443")),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, URL.replace("init", "Init")),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, URL.replace("%26", "&")),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, "https://example.com:port/callbacks/init?a=1%262"),
        (VOICE_APP, "CallInitiatedCallbackUrl", URL, "example.com/callbacks/init"),
        (VOICE_APP, "NobodyKnows", "one", "other"),
    ],
)
def test_what_means_something_else_is_never_taken_for_a_spelling(
    step: Step, path: str, wanted: str, shown: str
) -> None:
    assert not is_kept(step, path, wanted, shown)


@pytest.mark.parametrize("before", [Spelling("RALEIGH", "Cary"), Spelling("CARY", "Raleigh-Durham")])
def test_another_answer_or_another_value_is_a_difference_again(before: Spelling) -> None:
    now = Difference("Address/City", "RALEIGH", "Raleigh-Durham")
    assert stored_otherwise(SITE, [now], NO_ANSWERS, StepState(before={"Address/City": before})) == {}


def test_what_differs_from_an_answer_that_was_read_back_once_is_somebodys_change() -> None:
    answers = guide_answers()
    wrong = [Difference("Address/City", "RALEIGH", "CARY")]
    before = {"Address/City": Spelling("RALEIGH", "CARY")}
    never_seen, seen = {"site.city": "DURHAM"}, {"site.city": answers.text("site.city")}
    assert stored_otherwise(SITE, wrong, answers, StepState(before=before, matched=never_seen))
    assert not stored_otherwise(SITE, wrong, answers, StepState(before=before, matched=seen))
    assert stored_otherwise(SITE, wrong, answers, StepState(kept=before, matched=seen)), (
        "that is how it was read back"
    )


def test_field_answer_and_what_is_kept_are_named() -> None:
    assert spellings_text(SITE, {"Address/City": Spelling("RALEIGH", "Raleigh-Durham")}) == (
        "Bandwidth keeps City “RALEIGH” as “Raleigh-Durham”"
    )
    assert spellings_text(SITE, {}) == ""
