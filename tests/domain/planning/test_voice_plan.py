"""The plan for numbers on the Universal Platform: which package each is in, and which services it has."""

import pytest

from bwtui.domain.account.findings import OnNumbers, Service
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog_universal import ACTIVATION, VOICE_NUMBERS
from bwtui.domain.planning.actions import Verdict, known_so_far
from bwtui.domain.planning.voice_plan import plan_on_numbers, still_lacking
from bwtui.domain.runs.problem import OwnCode
from bwtui.domain.runs.run import RunState
from bwtui.domain.values.documents import leaves
from support.guide import guide_answers

OURS, OTHER = "package-1", "package-2"
ONE, TWO = "9195551234", "9195551235"
ACTIVE = {"inboundactivated": "true", "outboundnationalactivated": "true"}
IN_SERVICE = {"voice": Service("IN_SERVICE"), "messaging": Service("IN_SERVICE")}


def answered(**answers: str | None) -> Answers:
    return guide_answers("9900000", account__platform="universal", **answers)


def found(**more: object) -> OnNumbers:
    rows = {number: {"voiceconfigurationpackageid": OURS, **ACTIVE} for number in (ONE, TWO)}
    whole = OnNumbers((ONE, TWO), OURS, rows, dict.fromkeys((ONE, TWO), IN_SERVICE))
    return whole._replace(**more)  # type: ignore[arg-type]


def sent(answers: Answers, finding: OnNumbers) -> list[tuple[str, str]]:
    action = plan_on_numbers(ACTIVATION, answers, finding, known_so_far(answers, RunState()))
    assert action.verdict is Verdict.NEW
    assert action.request
    assert action.request.body
    return [(path, str(value)) for path, value in leaves(action.request.body)]


def test_numbers_in_our_package_are_kept() -> None:
    answers = answered()
    action = plan_on_numbers(VOICE_NUMBERS, answers, found(), known_so_far(answers, RunState()))
    assert action.verdict is Verdict.KEEP


def test_only_numbers_that_are_not_in_the_package_are_put_there() -> None:
    answers = answered()
    finding = found(rows={ONE: {"voiceconfigurationpackageid": OURS.upper()}, TWO: {}})
    action = plan_on_numbers(VOICE_NUMBERS, answers, finding, known_so_far(answers, RunState()))
    assert action.verdict is Verdict.NEW
    assert action.request
    assert action.request.body
    assert dict(leaves(action.request.body)) == {"action": "ADD", "phoneNumbers[]": "+19195551235"}


def test_a_number_in_another_package_is_a_question_that_names_both() -> None:
    answers = answered()
    finding = found(rows={ONE: {"voiceconfigurationpackageid": OTHER}})
    action = plan_on_numbers(VOICE_NUMBERS, answers, finding, known_so_far(answers, RunState()))
    assert action.verdict is Verdict.CONFLICT
    assert action.problem
    assert action.problem.code == OwnCode.IN_OTHER_PACKAGE
    assert "+1 (919) 555-1234 is in package package-2" in action.reason
    moved = plan_on_numbers(
        VOICE_NUMBERS, answered(voice_numbers__existing="move"), finding, known_so_far(answers, RunState())
    )
    assert moved.verdict is Verdict.NEW


def test_what_is_in_service_and_shown_as_active_is_kept() -> None:
    answers = answered()
    action = plan_on_numbers(ACTIVATION, answers, found(), known_so_far(answers, RunState()))
    assert action.verdict is Verdict.KEEP


def test_the_checkers_word_alone_does_not_prove_incoming_calls() -> None:
    rows = {ONE: {"voiceconfigurationpackageid": OURS, "inboundactivated": "false"}}
    assert ("services/voice[]", "INBOUND") in sent(answered(), found(numbers=(ONE,), rows=rows))
    rows = {ONE: {"voiceconfigurationpackageid": OURS}}
    assert ("services/voice[]", "INBOUND") in sent(answered(), found(numbers=(ONE,), rows=rows))


def test_a_row_alone_does_not_prove_a_service_that_the_checker_calls_ready() -> None:
    services = {ONE: {"voice": Service("READY_TO_ACTIVATE"), "messaging": Service("IN_SERVICE")}}
    asked = sent(answered(), found(numbers=(ONE,), services=services))
    assert ("services/voice[]", "INBOUND") in asked


def test_outgoing_calls_that_no_row_shows_are_not_activated_for_ever() -> None:
    rows = {ONE: {"voiceconfigurationpackageid": OURS, "inboundactivated": "true"}}
    answers = answered()
    action = plan_on_numbers(
        ACTIVATION, answers, found(numbers=(ONE,), rows=rows), known_so_far(answers, RunState())
    )
    assert action.verdict is Verdict.KEEP


@pytest.mark.parametrize("status", ["NOT_READY", "PENDING_REVIEW", ""])
def test_every_reason_is_told_as_it_came(status: str) -> None:
    blocked = Service(status, ("SA-17 The requirements package is missing", "SA-18"))
    answers = answered()
    finding = found(numbers=(ONE,), services={ONE: {"voice": blocked, "messaging": Service("IN_SERVICE")}})
    action = plan_on_numbers(ACTIVATION, answers, finding, known_so_far(answers, RunState()))
    assert action.verdict is Verdict.NEW
    for told in (action.reason, still_lacking(ACTIVATION, answers, finding).text):
        assert "+1 (919) 555-1234: voice is" in told
        assert "(SA-17 The requirements package is missing, SA-18)" in told
        assert "messaging" not in told


def test_international_calls_are_never_activated_unless_they_are_asked_for() -> None:
    services = {number: {name: Service("READY_TO_ACTIVATE") for name in IN_SERVICE} for number in (ONE, TWO)}
    assert "OUTBOUND_INTERNATIONAL" not in str(sent(answered(), found(services=services)))
    asked = answered(activation__outbound_international="true")
    assert "OUTBOUND_INTERNATIONAL" in str(sent(asked, found(services=services)))
