"""The requests that can be read before anything is sent."""

import pytest

from bwtui.domain.answers import Answers
from bwtui.domain.look_up_requests import look_requests, proof_requests
from bwtui.domain.run import Finished, RunState
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
        "site.read", "sippeer.read", "sms.read", "mms.read", "number.located",
        "messaging_app.read", "messaging_link.read", "voice_app.read", "voice_link.read",
    ]  # fmt: skip
    assert proofs[5].path == "/accounts/9900000/applications/app-1"
    assert not any("{" in proof.path for proof in proofs)


def test_the_proof_names_what_is_used_and_leaves_open_what_is_not_made_yet() -> None:
    paths = {proof.operation: proof.path for proof in proof_requests(THEIR_LOCATION, RunState())}
    assert paths["sippeer.read"] == "/accounts/9900000/sites/12345/sippeers/500709"
    assert paths["voice_app.read"] == "/accounts/9900000/applications/{voice_app_id}"
