"""Done means proven: status and exports say so only of what was read back, and of no other account than the setup's."""

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from bwtui.cli.main import run as bwtui
from bwtui.domain.runs.run_events import Finished, OrderUpdated, Started
from bwtui.domain.runs.setup import Setup
from bwtui.domain.values.phone_numbers import readable
from bwtui.simulator.server import RunningSimulator
from bwtui.store.state import StateFile
from store.test_versions import rewrite
from support.cli_runner import CliRunner, Completed, one_of_each
from support.guide import guide_answers, let_time_pass
from support.in_process import Harness

NOT_ON_THE_LOCATION = """
[[fault]]
method = "GET"
path = "/accounts/*/sites/*/sippeers/*/tns"
action = "answer"
status = 200
body = "<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers/></SipPeerTelephoneNumbersResponse>"
times = 0
"""
NEVER_READ = """
[[fault]]
method = "GET"
path = "/accounts/*/sites/*/sippeers/*/tns"
action = "answer"
status = 500
times = 0
"""
ELSEWHERE = "1234567"


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(folder=tmp_path)


def told(harness: Harness, *arguments: str) -> Completed:
    """Return the output about a setup of a command that asks nobody."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = bwtui(["--state-dir", str(harness.folder), *arguments], {})
    return Completed(exit=code, out=out.getvalue(), err=err.getvalue())


def statuses(ended: Completed) -> dict[str, str]:
    return {event["step"]: event["status"] for event in ended.events if event["event"] == "step"}


# --- What was not read back ------------------------------------------------------------------------------------


async def test_a_number_that_is_not_on_the_location_is_applied_and_not_verified(harness: Harness) -> None:
    harness.fail(NOT_ON_THE_LOCATION)
    applied = await harness.apply()
    assert applied.exit == 3, applied.said
    status = told(harness, "status", "--json")
    assert (status.exit, status.result["status"], status.result["exit"]) == (3, "applied", 3)
    assert statuses(status) == {**dict.fromkeys(statuses(status), "done"), "number": "applied"}
    assert "Applied, but not verified." in status.err
    assert "Phone number: Ordered, but not on the location" in status.err
    for form in ("env", "json", "curl", "markdown"):
        assert told(harness, "export", "--format", form).exit == 3
    harness.fail("")
    assert (await harness.apply()).exit == 0
    assert told(harness, "status", "--json").result["status"] == "done"


async def test_what_is_written_down_of_a_proof_holds_no_secret_in_any_form(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    run = harness.run
    assert run.proof
    assert run.proof.answers["voice_app"]["voice_app.callback_user"] == "Your-User-id"
    kept = [*run.proof.answers.values(), *(record.applied or {} for record in run.steps.values())]
    assert not [key for answers in kept for key in answers if "password" in key]
    for secret in harness.answers.secrets.values():
        for form in (secret.reveal().encode(), hashlib.sha256(secret.reveal().encode()).hexdigest().encode()):
            assert form not in harness.file.path.read_bytes()


async def test_a_step_found_missing_is_no_longer_done(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    assert told(harness, "status").exit == 0
    harness.account.numbers.clear()
    assert (await harness.apply()).exit == 3
    assert told(harness, "status").exit == 3


async def test_what_was_applied_and_could_not_be_read_back_is_not_done(harness: Harness) -> None:
    """The account is out of reach from the first reading back on."""
    harness.fail(NEVER_READ)
    assert (await harness.apply()).exit != 0
    assert harness.run.step("number").status.value == "done"
    status = told(harness, "status", "--json")
    assert (status.exit, status.result["status"]) == (1, "applied")
    assert set(statuses(status).values()) == {"applied"}
    assert "Not verified since it was applied: " in status.err


async def test_an_order_that_was_lost_sight_of_is_said_to_be_placed(harness: Harness) -> None:
    """The server dies while the order is watched: nothing may sound as if nothing had been bought."""
    harness.fail('[[fault]]\nmethod = "GET"\npath = "/accounts/*/orders/*"\naction = "cut-before"\ntimes = 0')
    applied = await harness.apply()
    order_id = harness.run.step("number").orders[0].order_id
    assert applied.exit == 5
    assert f"Order {order_id} was placed" in applied.said
    assert "the next run watches it and does not order again" in applied.said
    assert "only a look" not in applied.said
    assert f"  Order                 {order_id} (RECEIVED) for" in applied.said.partition("So far:\n")[2]
    assert applied.result["outputs"]["order_id"] == order_id
    status = told(harness, "status", "--json")
    assert (statuses(status)["number"], status.exit) == ("waiting", 5)
    assert status.result["outputs"]["order_id"] == order_id


async def test_numbers_that_were_given_up_are_not_told_as_had(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    [lost] = harness.run.numbers
    harness.account.numbers.clear()
    declined = await harness.apply(guide_answers(number__given_up=lost), yes=False)
    assert declined.exit == 1
    assert declined.result["outputs"]["numbers"] == []
    assert readable(lost) not in declined.said.partition("So far:\n")[2]


async def test_a_conflict_is_told_once(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    harness.account.sites.clear()
    applied = await harness.apply()
    assert applied.exit in (3, 4)
    assert applied.said.count("under [site]") == 1, applied.said


# --- Answers that wait -----------------------------------------------------------------------------------------

OLD, NEW = "https://yourSecureSite.com/callbacks/init", "https://new.example.net/init"


async def test_an_answer_that_was_saved_and_not_applied_waits_and_is_not_exported(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    changed = guide_answers(voice_app__call_initiated_url=NEW)
    harness.fail('[[fault]]\naction = "cut-before"\ntimes = 0')
    assert (await harness.apply(changed)).exit == 5
    harness.fail("")
    waits = f"Call-initiated URL {NEW} waits to be applied; the account has {OLD}"
    runbook = told(harness, "export", "--format", "markdown")
    assert runbook.exit == 1
    assert waits in runbook.err
    assert waits in runbook.out
    assert NEW not in runbook.out.replace(waits, "")
    assert f"| {OLD} | incoming calls" in runbook.out
    status = told(harness, "status", "--json")
    assert (status.exit, status.result["status"]) == (1, "applied")
    assert statuses(status)["voice_app"] == "applied"
    assert statuses(status)["messaging_app"] == "done", "nothing about it has changed"

    assert (await harness.apply(changed)).exit == 0
    assert told(harness, "status").exit == 0
    runbook = told(harness, "export", "--format", "markdown")
    assert runbook.exit == 0
    assert NEW in runbook.out
    assert OLD not in runbook.out


async def test_what_was_applied_is_known_before_it_was_ever_read_back(harness: Harness) -> None:
    harness.fail(NEVER_READ)
    assert (await harness.apply()).exit != 0
    assert harness.run.proof is None
    setup = harness.file.load()
    assert setup
    changed = guide_answers(voice_app__call_initiated_url=NEW).given
    harness.file.save(setup._replace(answers=changed))
    waits = f"Call-initiated URL {NEW} waits to be applied; the account has {OLD}"
    assert waits in told(harness, "status").err


async def test_verify_proves_again_what_was_changed_and_changed_back(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    mended = harness.file.load()
    assert mended
    answers = guide_answers(voice_app__call_initiated_url=NEW).given
    harness.file.save(mended._replace(answers=answers))
    assert told(harness, "status").exit == 1
    harness.file.save(mended)
    assert told(harness, "status").exit == 0


# --- verify ----------------------------------------------------------------------------------------------------


def test_verify_is_remembered_by_status(connected: CliRunner, simulator: RunningSimulator) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    next(iter(simulator.account.peers())).messaging_app_id = None
    let_time_pass(connected.states)
    assert connected.run("verify").exit == 1
    status = connected.run("status", "--json").told()
    assert (status.exit, status.result["status"]) == (1, "applied")
    assert statuses(status)["messaging_link"] == "applied"
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    assert connected.run("status").exit == 0
    size = len(connected.state["events"])
    for _ in range(3):
        assert connected.run("verify").exit == 0
    assert len(connected.state["events"]) == size, "it does not grow by being verified"


def test_verify_beside_a_run_of_another_process_changes_nothing_of_it(connected: CliRunner) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    before = connected.state
    with StateFile(connected.states).locked():
        ended = connected.run("verify").told()
    assert ended.exit == 0
    assert "is in use by" in ended.err
    assert "status and export do not know of this" in ended.err
    assert connected.state == before


# --- Another account -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [("verify",), ("status",), ("export", "--format", "env")],
    ids=lambda c: c[0],
)
@pytest.mark.parametrize(
    "other", [("--account-id", ELSEWHERE), ("--base-url", "http://127.0.0.1:1/api")], ids=["account", "host"]
)
def test_another_account_or_host_is_refused_and_not_asked(
    connected: CliRunner, simulator: RunningSimulator, command: tuple[str, ...], other: tuple[str, str]
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    ended = connected.run(*command, *other).told()
    assert ended.exit == 6, ended.err
    assert f"belongs to account 9900000 on {simulator.base_url}, not to account" in ended.err
    assert "somebody removed it" not in ended.err
    assert ended.out == ""


def test_the_same_place_by_another_name_is_no_other_account(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    by_name = simulator.base_url.replace("127.0.0.1", "localhost") + "/"
    for command in (("status",), ("verify",), ("apply", "setup.toml", "--yes")):
        assert connected.run(*command, BW_API_URL=by_name).told().exit == 0


def test_an_account_that_was_mistyped_before_anything_was_made_is_corrected(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes", BW_ACCOUNT_ID=ELSEWHERE).exit == 3
    assert connected.state["account_id"] == ELSEWHERE
    ended = connected.run("apply", "setup.toml", "--yes").told()
    assert ended.exit == 0, ended.err
    assert connected.state["account_id"] == "9900000"
    one_of_each(simulator.origin)


# --- An upgrade in the middle of a paid run --------------------------------------------------------------------


def as_version_3(whole: dict[str, Any]) -> None:
    whole["version"] = 3
    del whole["written_by"]
    for event in whole["events"]:
        if event["type"] == "finished":
            del event["answers"]
    whole["events"] = [event for event in whole["events"] if event["type"] != "verified"]


async def test_the_journal_of_a_paid_order_of_version_3_goes_on_and_orders_nothing_twice(
    harness: Harness,
) -> None:
    assert (await harness.apply()).exit == 0
    setup = harness.file.load()
    assert setup
    interrupted = [
        event
        for event in setup.events
        if not (isinstance(event, Finished) and event.step == "number")
        and not isinstance(event, OrderUpdated)
        and getattr(event, "step", "") not in ("messaging_link", "voice_link")
    ]
    harness.file.save(setup._replace(events=tuple(interrupted)))
    rewrite(harness.file, as_version_3)
    assert json.loads(harness.file.path.read_text())["version"] == 3
    again = await harness.apply()
    assert again.exit == 0, again.said
    state = await harness.state()
    assert (len(state["orders"]), len(state["numbers"])) == (1, 1)
    assert harness.run.numbers == (state["numbers"][0]["tn"],)
    assert json.loads(harness.file.path.read_text())["version"] == 4


async def test_a_setup_that_version_3_finished_is_not_done_until_it_is_read_back(harness: Harness) -> None:
    assert (await harness.apply()).exit == 0
    rewrite(harness.file, as_version_3)
    status = told(harness, "status", "--json")
    assert (status.exit, status.result["status"]) == (1, "applied")
    assert (await harness.apply()).exit == 0
    assert told(harness, "status").exit == 0


# --- What does not grow ----------------------------------------------------------------------------------------

STARTED = Started("number", 1.0, customer_order_id="c-1", numbers=("9195551234", "9195551235"))


def test_an_order_whose_status_flaps_does_not_make_the_state_grow(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    setup = Setup(account_id="1", base_url="x").after([STARTED])
    for place in range(500):
        flaps = OrderUpdated("number", float(place), "c-1", "o-1", ("RECEIVED", "PROCESSING")[place % 2])
        setup = setup.after([flaps])
    file.save(setup)
    assert len(setup.events) == 2
    assert file.path.stat().st_size < 2000
    assert setup.run.step("number").orders[0].status == "PROCESSING"


def test_what_another_order_has_told_is_kept() -> None:
    other = STARTED._replace(customer_order_id="c-2")
    first = OrderUpdated("number", 1.0, "c-1", "o-1", "PARTIAL", ("9195551234",))
    second = OrderUpdated("number", 2.0, "c-2", "o-2", "RECEIVED")
    setup = Setup(account_id="1", base_url="x").after([STARTED, first, other, second])
    assert setup.events == (STARTED, first, other, second)


def test_a_completed_number_that_is_told_twice_is_one() -> None:
    twice = OrderUpdated("number", 2.0, "c-1", "o-1", "COMPLETE", ("9195551235", "9195551234", "9195551235"))
    run = Setup(account_id="1", base_url="x").after([STARTED, twice]).run
    assert run.step("number").orders[0].completed == ("9195551235", "9195551234")
    assert run.numbers == ("9195551235", "9195551234")
    done = Finished("number", 3.0, numbers=("9195551235", "9195551234", "9195551235"))
    assert run.apply(done).numbers == ("9195551235", "9195551234")
