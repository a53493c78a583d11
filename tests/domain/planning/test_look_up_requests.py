"""The requests that can be read before anything is sent."""

import json

import pytest

from bwtui.api.connections import AT_ONCE
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.look_up_requests import look_requests, proof_requests
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Finished
from support.guide import guide_answers

OUTPUTS = {
    "site": {"site_id": "12345"},
    "sippeer": {"sippeer_id": "500709"},
    "messaging_app": {"messaging_app_id": "app-1"},
    "voice_app": {"voice_app_id": "app-2"},
}
DONE = RunState()
for _step, _outputs in OUTPUTS.items():
    DONE = DONE.apply(Finished(step=_step, at=1, outputs=_outputs))
THEIR_LOCATION = guide_answers(site__use="12345", sippeer__use="500709")


def test_a_first_look_is_at_the_account_the_lists_and_the_search() -> None:
    looks = look_requests(guide_answers(), RunState())
    assert [(look.operation, look.path) for look in looks] == [
        ("account.read", "/accounts/9900000"),
        ("products.read", "/accounts/9900000/products"),
        ("number.search", "/accounts/9900000/availableNumbers"),
        ("site.list", "/accounts/9900000/sites"),
        ("voice_app.list", "/accounts/9900000/applications"),  # both applications share it
    ]


def test_a_look_goes_to_what_is_known_already() -> None:
    looks = {look.operation: look for look in look_requests(THEIR_LOCATION, RunState())}
    assert looks["site.read"].path == "/accounts/9900000/sites/12345"
    assert looks["sippeer.read"].path == "/accounts/9900000/sites/12345/sippeers/500709"
    assert looks["number.located"].path == "/accounts/9900000/sites/12345/sippeers/500709/tns"
    assert looks["sms.read"].path.endswith("/500709/products/messaging/features/sms")


@pytest.mark.parametrize(
    ("answers", "run"), [(guide_answers(), RunState()), (THEIR_LOCATION, RunState()), (guide_answers(), DONE)]
)
def test_looking_and_proving_only_read(answers: Answers, run: RunState) -> None:
    for requests in (look_requests(answers, run), proof_requests(answers, run)):
        assert {(request.method, request.body) for request in requests} == {("GET", None)}
    assert not any("{" in look.path for look in look_requests(answers, run))


def test_the_proof_reads_every_step_back() -> None:
    proofs = proof_requests(guide_answers(), DONE)
    assert [proof.operation for proof in proofs] == [
        "site.read", "site.list", "sippeer.read", "sippeer.list", "sms.read", "mms.read", "number.located",
        "number.ageing", "messaging_app.read", "voice_app.list", "messaging_link.read", "voice_app.read", "voice_link.read",
    ]  # fmt: skip
    assert proofs[8].path == "/accounts/9900000/applications/app-1"
    assert not any("{" in proof.path for proof in proofs)


def test_the_guides_proof_is_read_at_once() -> None:
    assert len(proof_requests(guide_answers(), DONE)) <= AT_ONCE, "no read waits for another"


UNIVERSAL = guide_answers(account__platform="universal")
BOUGHT = DONE.apply(Finished("voice_package", 1, {"voice_package_id": "p-1"})).apply(
    Finished("number", 1, {"order_id": "o"}, ("9195551234",))
)


NO_PACKAGE = DONE.apply(Finished("number", 1, {"order_id": "o"}, ("9195551234",)))


@pytest.mark.parametrize("run", [RunState(), DONE, NO_PACKAGE, BOUGHT])
def test_on_the_universal_platform_they_only_read_too(run: RunState) -> None:
    for requests in (look_requests(UNIVERSAL, run), proof_requests(UNIVERSAL, run)):
        assert all(request.method == "GET" or request.only_looks for request in requests)
        assert not any("/origination/" in request.path for request in requests)
    assert not any("{" in f"{look.path}{look.query}" for look in look_requests(UNIVERSAL, run))


def test_the_proof_reads_the_numbers_of_the_package_and_asks_the_checker() -> None:
    *_, package, packages, shown, checked = proof_requests(UNIVERSAL, BOUGHT)
    assert package.path == "/v2/accounts/9900000/voiceConfigurationPackages/p-1"
    assert packages.path == "/v2/accounts/9900000/voiceConfigurationPackages"
    assert shown.path == "/v2/accounts/9900000/phoneNumbers/voice"
    assert ("voiceConfigurationPackageId", "p-1") in shown.query
    assert checked.path == "/v2/accounts/9900000/serviceActivationChecker"
    assert json.loads(checked.content) == {"phoneNumbers": ["+19195551234"]}
    assert checked in look_requests(UNIVERSAL, BOUGHT)


def test_numbers_and_a_package_that_are_not_known_yet_have_their_place_in_the_proof() -> None:
    *_, shown, checked = proof_requests(UNIVERSAL, RunState())
    assert ("voiceConfigurationPackageId", "{voice_package_id}") in shown.query
    assert "{numbers}" in checked.shown_body


def test_without_calls_nobody_reads_the_numbers_of_a_package() -> None:
    answers = guide_answers(account__platform="universal", setup__voice="false")
    proofs = proof_requests(answers, BOUGHT)
    assert proofs[-1].path.endswith("/serviceActivationChecker")
    assert not [proof for proof in proofs if "voice" in proof.path]


def test_the_proof_names_what_is_used_and_leaves_open_what_is_not_made_yet() -> None:
    paths = {proof.operation: proof.path for proof in proof_requests(THEIR_LOCATION, RunState())}
    assert paths["sippeer.read"] == "/accounts/9900000/sites/12345/sippeers/500709"
    assert paths["voice_app.read"] == "/accounts/9900000/applications/{voice_app_id}"
