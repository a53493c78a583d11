"""Will it arrive: each verdict from what was read, and never a no where something could not be read."""

from itertools import product
from typing import Any

import pytest

from bwtui.domain.arrival.arrival import (
    Arrival,
    ArrivalVerdict,
    CallFacts,
    CampaignOrder,
    MessageFacts,
    Registration,
    Service,
    SmsSettings,
    Unread,
    Verification,
    VoiceRow,
    calls_arrive,
    campaigns_refused,
    messages_arrive,
)

LOCAL, TOLL_FREE = "9195550100", "8335550100"
SMS = SmsSettings(is_on=True, a2p="DefaultOn", toll_free="true")
ON_CAMPAIGN = Registration("SUCCESS", "CABC123", "REGISTERED")
GOOD = MessageFacts(LOCAL, SMS, "app-1", "app-1", ON_CAMPAIGN)
GOOD_TOLL_FREE = GOOD._replace(number=TOLL_FREE, registered=Verification("VERIFIED"))
CALLED = CallFacts(LOCAL, VoiceRow("package-1", "true"), "HTTP", "app-2", "app-2", "https://a.example/calls")
ON_LOCATION = CALLED._replace(row=None)
UNREAD = Unread("It cannot be read.", "Look again.")


def of_messages(**changes: Any) -> Arrival:
    return messages_arrive(GOOD._replace(**changes))


@pytest.mark.parametrize("facts", [GOOD, GOOD_TOLL_FREE], ids=["local", "toll-free"])
def test_messages_arrive_where_everything_is_as_it_should_be(facts: MessageFacts) -> None:
    assert messages_arrive(facts) == Arrival(facts.number, Service.MESSAGES, ArrivalVerdict.YES)


@pytest.mark.parametrize(
    ("registered", "verdict", "because", "todo"),
    [
        (Registration("SUCCESS"), ArrivalVerdict.NO, "on no 10DLC campaign", "on a registered campaign"),
        (Registration(), ArrivalVerdict.NO, "(4476)", "on a registered campaign"),
        (Registration("FAILURE", order=CampaignOrder(error="12220 rejected by DCA2")), ArrivalVerdict.NO,
         "failed: 12220 rejected by DCA2.", "on a registered campaign"),
        (Registration("FAILURE"), ArrivalVerdict.NO, "failed.", "on a registered campaign"),
        (Registration("FAILURE", order=UNREAD), ArrivalVerdict.NO, "failed.", "on a registered campaign"),
        (ON_CAMPAIGN._replace(campaign_status="SUSPENDED"), ArrivalVerdict.NO, "is SUSPENDED, not REGISTERED", "See to the campaign"),
        (ON_CAMPAIGN._replace(campaign_status="PAUSED"), ArrivalVerdict.UNKNOWN, "is PAUSED, which bwtui does not know", "See to the campaign"),
        (ON_CAMPAIGN._replace(campaign_status="EXPIRED"), ArrivalVerdict.NO, "CABC123 is EXPIRED", "See to the campaign"),
        (ON_CAMPAIGN._replace(campaign_status="REGISTERING"), ArrivalVerdict.NOT_YET, "being registered", "Verify again"),
        (Registration("PROCESSING"), ArrivalVerdict.NOT_YET, "being put on", "minutes to hours"),
        (Registration(order=CampaignOrder(is_under_way=True)), ArrivalVerdict.NOT_YET, "being put on", "minutes to hours"),
        (Registration("SUCCESS", order=CampaignOrder(is_under_way=True)), ArrivalVerdict.NOT_YET, "being put on", "minutes"),
        (ON_CAMPAIGN._replace(campaign_status=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read.", "Look again."),
        (ON_CAMPAIGN._replace(campaign_status=""), ArrivalVerdict.UNKNOWN, "does not say its status", "Verify again"),
        (Registration(order=UNREAD), ArrivalVerdict.UNKNOWN, "is not known. It cannot be read.", "Look again."),
        (Registration("PAUSED"), ArrivalVerdict.UNKNOWN, "is PAUSED", "Bandwidth App"),
        (UNREAD, ArrivalVerdict.UNKNOWN, "It cannot be read.", "Look again."),
    ],
)  # fmt: skip
def test_a_local_number_needs_a_registered_campaign(
    registered: Registration | Unread, verdict: ArrivalVerdict, because: str, todo: str
) -> None:
    told = of_messages(registered=registered)
    assert told.verdict is verdict
    assert because in told.because
    assert todo in told.next


def test_who_is_on_no_campaign_is_told_which_the_account_has() -> None:
    found = of_messages(registered=Registration(joinable=("C1",)))
    assert "campaign C1: choose it in the step Assign campaign" in found.next
    assert found.campaigns == ("C1",)


def test_a_campaign_that_was_answered_already_only_has_to_be_applied() -> None:
    found = of_messages(registered=Registration(joinable=("C1",)), campaign="C1")
    assert found.next == "Apply this setup again: the step Assign campaign sets it right."
    assert not found.campaigns


@pytest.mark.parametrize(
    ("found", "verdict", "because", "todo"),
    [
        (Verification(""), ArrivalVerdict.NO, "never submitted", "POST tollFreeVerification"),
        (Verification("PENDING"), ArrivalVerdict.NOT_YET, "under review", "5 business days"),
        (Verification("UNVERIFIED", "547 Wrong business contact."), ArrivalVerdict.NO,
         "was refused: 547 Wrong business contact.", "PUT tollFreeVerification"),
        (Verification("UNVERIFIED"), ArrivalVerdict.NO, "is UNVERIFIED.", "submit it again"),
        (Verification("VERIFIED", is_blocked=True, blocked_reason="spam"), ArrivalVerdict.NO, "blocked it for messages: spam.", "support"),
        (Verification("REVIEWING"), ArrivalVerdict.UNKNOWN, "is REVIEWING", "Bandwidth App"),
        (UNREAD, ArrivalVerdict.UNKNOWN, "It cannot be read.", "Look again."),
    ],
)  # fmt: skip
def test_a_toll_free_number_needs_its_verification(
    found: Verification | Unread, verdict: ArrivalVerdict, because: str, todo: str
) -> None:
    told = messages_arrive(GOOD_TOLL_FREE._replace(registered=found))
    assert told.verdict is verdict
    assert because in told.because
    assert todo in told.next


@pytest.mark.parametrize(
    ("facts", "verdict", "because"),
    [
        (GOOD._replace(sms=SmsSettings(is_on=False)), ArrivalVerdict.NO, "SMS is off"),
        (GOOD_TOLL_FREE._replace(sms=SMS._replace(toll_free="false")), ArrivalVerdict.NO, "SMS of toll-free numbers is off"),
        (GOOD._replace(sms=SMS._replace(toll_free="false")), ArrivalVerdict.YES, ""),
        (GOOD._replace(sms=SMS._replace(a2p="OFF")), ArrivalVerdict.UNKNOWN, "A2pLongCode is OFF"),
        (GOOD._replace(sms=SMS._replace(a2p="")), ArrivalVerdict.YES, ""),
        (GOOD._replace(sms=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read."),
        (GOOD._replace(linked=""), ArrivalVerdict.NO, "accepted and then lost"),
        (GOOD._replace(linked="other"), ArrivalVerdict.NO, "another messaging application, other"),
        (GOOD._replace(linked="APP-1"), ArrivalVerdict.YES, ""),
        (GOOD._replace(linked="other", wanted=""), ArrivalVerdict.YES, ""),
        (GOOD._replace(linked=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read."),
    ],
)  # fmt: skip
def test_messages_need_sms_and_a_linked_application(
    facts: MessageFacts, verdict: ArrivalVerdict, because: str
) -> None:
    told = messages_arrive(facts)
    assert told.verdict is verdict
    assert because in told.because


@pytest.mark.parametrize(
    ("facts", "verdict", "because"),
    [
        (CALLED, ArrivalVerdict.YES, ""),
        (ON_LOCATION, ArrivalVerdict.YES, ""),
        (CALLED._replace(row=VoiceRow()), ArrivalVerdict.NO, "in no voice package"),
        (CALLED._replace(row=VoiceRow("package-1", "false")), ArrivalVerdict.NO, "not activated"),
        (CALLED._replace(row=VoiceRow("package-1")), ArrivalVerdict.UNKNOWN, "does not say"),
        (CALLED._replace(row=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read."),
        (CALLED._replace(application=""), ArrivalVerdict.NO, "Its voice package has no voice application"),
        (CALLED._replace(application=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read."),
        (CALLED._replace(url=""), ArrivalVerdict.NO, "no call-initiated URL"),
        (CALLED._replace(url=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read."),
        (ON_LOCATION._replace(protocol="SIP"), ArrivalVerdict.NO, "set to SIP, not to HTTP"),
        (ON_LOCATION._replace(protocol=""), ArrivalVerdict.NO, "not set"),
        (ON_LOCATION._replace(application=""), ArrivalVerdict.NO, "Its location has no voice application"),
        (ON_LOCATION._replace(application="other"), ArrivalVerdict.NO, "another voice application, other"),
        (ON_LOCATION._replace(protocol=UNREAD), ArrivalVerdict.UNKNOWN, "It cannot be read."),
    ],
)  # fmt: skip
def test_calls_need_a_carrier_with_an_application_and_its_url(
    facts: CallFacts, verdict: ArrivalVerdict, because: str
) -> None:
    told = calls_arrive(facts)
    assert told.verdict is verdict
    assert because in told.because
    assert bool(told.next) is (verdict is not ArrivalVerdict.YES)


def test_what_cannot_be_read_never_makes_a_no() -> None:
    read: dict[str, Any] = {"sms": SMS, "linked": "app-1", "registered": ON_CAMPAIGN}
    for given in product((True, False), repeat=3):
        changes = {
            name: value if is_read else UNREAD
            for (name, value), is_read in zip(read.items(), given, strict=True)
        }
        expected = ArrivalVerdict.YES if all(given) else ArrivalVerdict.UNKNOWN
        assert of_messages(**changes).verdict is expected


def test_what_is_certain_is_told_before_what_could_not_be_read() -> None:
    assert of_messages(sms=UNREAD, registered=Registration()).verdict is ArrivalVerdict.NO
    assert of_messages(linked=UNREAD, registered=Registration("PROCESSING")).verdict is ArrivalVerdict.NOT_YET


def test_every_verdict_but_yes_has_its_reason_and_what_to_do() -> None:
    told = of_messages(registered=Registration())
    assert told.because.endswith(".")
    assert told.next.endswith(".")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Account 9 is not enabled for the Registration Center", "feature Registration Center"),
        ("The import customer is not enabled on account 9", "does not import campaigns"),
        ("direct customer is not enabled", "does not register its own"),
        ("Campaign management is not enabled on account 9", "lacks campaign management"),
        ("The user does not have access rights for account 9", "role Campaign Management"),
        ("Account 9 is not enabled for the Registration Center; the user does not have access rights", "feature Registration Center"),
        ("forbidden", "forbidden"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_apart_by_its_words_in_the_order_of_the_reference(text: str, means: str) -> None:
    unread = campaigns_refused(text)
    assert means in unread.reason
    assert unread.next
