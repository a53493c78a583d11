"""`bwtui import` and `bwtui plan --live`, as real processes: what is on the account becomes a file that says *keep*."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.store.answers_template import template
from support.cli_runner import CliRunner, Completed, held, log
from support.listed import HURRIED

PASSWORDS: Final = {
    "BWTUI_MESSAGING_CALLBACK_PASSWORD": "canary-message-pw",
    "BWTUI_VOICE_CALLBACK_PASSWORD": "canary-voice-pw",
}
CANARIES: Final = (*PASSWORDS.values(), "demo-secret")
STEPS: Final = {"legacy": 9, "universal": 11}


@dataclass(kw_only=True)
class Machine:
    """A machine with an account that a setup was applied to."""

    runner: CliRunner
    simulator: RunningSimulator
    platform: str
    elsewhere: CliRunner = field(init=False)
    """Another machine, which knows of no setup."""

    def __post_init__(self) -> None:
        home = self.runner.home / "elsewhere"
        home.mkdir()
        self.elsewhere = CliRunner(home=home, environ=dict(self.runner.environ))

    @property
    def steps(self) -> int:
        return STEPS[self.platform]

    def imported(self, *more: str) -> dict[str, Any]:
        """Import to `imported.toml` on both machines; give the answers."""
        done = self.runner.run("import", *more).told()
        assert done.exit == 0, done.err
        self.runner.write(done.out, "imported.toml")
        self.elsewhere.write(done.out, "imported.toml")
        return tomllib.loads(done.out)

    def put(self, path: str, body: str, method: str = "PUT") -> None:
        """Change something, as a colleague does in the App."""
        reply = httpx.request(
            method, f"{self.simulator.base_url}/accounts/9900000{path}", content=body,
            auth=("demo", "demo-secret"), headers={"Content-Type": "application/xml"},
        )  # fmt: skip
        assert reply.is_success, reply.text

    def seen(self) -> int:
        return len(log(self.simulator.origin))

    def asked_since(self, before: int) -> list[str]:
        """The methods and paths of the requests since then that are not known only to look."""
        harmless = ("/oauth2/token", "/serviceActivationChecker")
        return [
            f"{entry['method']} {entry['path']}"
            for entry in log(self.simulator.origin)[before:]
            if entry["method"] != "GET" and not entry["path"].endswith(harmless)
        ]


@pytest.fixture(params=["legacy", "universal"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    with RunningSimulator(Settings(platform=request.param, order_seconds=0)) as simulator:
        runner = CliRunner(home=tmp_path, environ=dict(PASSWORDS)).connect(simulator)
        runner.write(template(example=True).replace("# callback_user", "callback_user"))
        assert runner.run("apply", "setup.toml", "--yes").told().exit == 0
        yield Machine(runner=runner, simulator=simulator, platform=request.param)


def _state(runner: CliRunner) -> Mapping[str, bytes]:
    folder = runner.states
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def _counts(done: Completed) -> dict[str, int]:
    counted: dict[str, int] = done.result["counts"]
    return counted


# --- nothing to do -------------------------------------------------------------------------------------------------


def test_what_was_imported_is_kept_here_and_on_another_machine_and_nothing_is_written(
    machine: Machine,
) -> None:
    before, state = machine.seen(), _state(machine.runner)
    answers = machine.imported()
    assert answers["setup"] == {"messaging": True, "voice": True, "number": True}
    assert answers["site"]["name"] == "SetupTest"
    for runner in (machine.runner, machine.elsewhere):
        planned = runner.run("plan", "imported.toml", "--live", "--json").told()
        assert (planned.exit, planned.result["status"]) == (0, "planned"), planned.err
        assert _counts(planned) == {"keep": machine.steps}
    assert machine.asked_since(before) == []
    assert _state(machine.runner) == state
    assert not machine.elsewhere.states.exists(), "a look leaves no file"


def test_applying_what_was_imported_elsewhere_writes_nothing_and_proves_it(machine: Machine) -> None:
    machine.imported()
    before = machine.seen()
    applied = machine.elsewhere.run("apply", "imported.toml", "--json").told()
    assert applied.exit == 0, applied.err
    assert machine.asked_since(before) == []
    assert all(event["adopted"] for event in applied.events if event["event"] == "finished"), (
        "nothing is ours"
    )


def test_the_campaign_of_the_numbers_is_read_and_kept(machine: Machine) -> None:
    text = (machine.runner.home / "setup.toml").read_text("utf-8")
    machine.runner.write(text.replace("[campaign]", '[campaign]\nid = "CDEMO01"'))
    assert machine.runner.run("apply", "setup.toml", "--yes").told().exit == 0
    assert machine.imported()["campaign"] == {"id": "CDEMO01"}
    planned = machine.elsewhere.run("plan", "imported.toml", "--live", "--json").told()
    assert (planned.exit, _counts(planned)) == (0, {"keep": machine.steps + 1}), planned.err


def test_an_import_without_the_ids_and_with_other_names_makes_a_twin(machine: Machine) -> None:
    machine.imported()
    text = (machine.elsewhere.home / "imported.toml").read_text("utf-8")
    text = re.sub(r"(?m)^use = .*\n", "", text)
    text = re.sub(r'(?m)^name = ".*"', 'name = "Twin"', text)
    machine.elsewhere.write(text, "twin.toml")
    twin = machine.elsewhere.run("apply", "twin.toml", "--name", "twin", "--yes", "--json").told()
    assert twin.exit == 0, twin.err
    state = held(machine.simulator.origin)
    assert sorted(site["name"] for site in state["sites"]) == ["SetupTest", "Twin"]
    assert (len(state["sippeers"]), len(state["numbers"]), len(state["applications"])) == (2, 2, 4)
    one, other = ({**each, "id": "", "name": "", "site_id": ""} for each in state["sippeers"])
    assert {key: one[key] for key in ("sms", "mms")} == {key: other[key] for key in ("sms", "mms")}


# --- what somebody else has changed --------------------------------------------------------------------------------


def test_a_colleagues_change_is_shown_value_by_value_old_and_new(machine: Machine) -> None:
    [site] = held(machine.simulator.origin)["sites"]
    machine.put(
        f"/sites/{site['id']}",
        "<Site><Name>SetupTest</Name><Description>Programmatic Setup Test</Description><CustomerName>ACME</CustomerName>"
        "<Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName><City>DURHAM</City>"
        "<StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType></Address></Site>",
    )
    before, state = machine.seen(), _state(machine.runner)
    planned = machine.runner.run("plan", "setup.toml", "--live").told()
    assert planned.exit == 0, planned.err
    assert "    City: “DURHAM” -> “RALEIGH”\n" in planned.out
    assert "    Your own name: “ACME” -> “BW”\n" in planned.out
    assert planned.out.endswith(f"1 to change, {machine.steps - 1} to keep.\n")
    assert "\x1b" not in planned.out
    assert machine.asked_since(before) == []
    assert _state(machine.runner) == state, "not even that the proof no longer holds"

    events = machine.runner.run("plan", "setup.toml", "--live", "--json").told().events
    [changed] = [event for event in events if event.get("verdict") == "change"]
    assert {"label": "City", "element": "Address/City", "old": "DURHAM", "new": "RALEIGH"} in changed[
        "changes"
    ]
    assert changed["request"]["method"] == "PUT"
    assert [event["event"] for event in events].count("action") == machine.steps


def test_what_is_used_and_is_not_as_answered_is_a_conflict_told_value_by_value(machine: Machine) -> None:
    machine.imported()
    text = (
        (machine.elsewhere.home / "imported.toml")
        .read_text("utf-8")
        .replace('city = "RALEIGH"', 'city = "CARY"')
    )
    machine.elsewhere.write(text, "imported.toml")
    planned = machine.elsewhere.run("plan", "imported.toml", "--live").told()
    assert planned.exit == 4
    assert "    City: “RALEIGH” -> “CARY”\n" in planned.out
    assert planned.out.endswith(f"{machine.steps - 1} to keep, 1 conflict.\n")


def test_what_is_to_be_made_or_ordered_and_what_is_left_is_counted(connected: CliRunner) -> None:
    live = ("plan", "setup.toml", "--live", "--json")
    fresh = connected.run(*live).told()
    assert (fresh.exit, _counts(fresh)) == (0, {"create": 8, "order": 1}), fresh.err
    assert connected.run("apply", "setup.toml", "--yes", launcher=HURRIED).told().exit == 0
    connected.example(("# messaging = true", "messaging = false"))
    without = connected.run(*live).told()
    assert (without.exit, _counts(without)) == (0, {"keep": 5, "left": 4}), without.err


# --- refusals ------------------------------------------------------------------------------------------------------


def test_several_sub_accounts_are_listed_and_one_is_named(machine: Machine) -> None:
    body = (
        "<Site><Name>Other</Name><Address><HouseNumber>1</HouseNumber><StreetName>Elm St</StreetName><City>CARY</City>"
        "<StateCode>NC</StateCode><Zip>27511</Zip><AddressType>Billing</AddressType></Address></Site>"
    )
    machine.put("/sites", body, "POST")
    sites = {site["name"]: site["id"] for site in held(machine.simulator.origin)["sites"]}
    refused = machine.runner.run("import").told()
    assert (refused.exit, refused.out) == (6, "")
    assert "--site" in refused.err
    for name, id_ in sites.items():
        assert f"  {id_} “{name}”" in refused.err
    assert machine.imported("--site", sites["SetupTest"])["site"]["use"] == sites["SetupTest"]
    empty = machine.runner.run("import", "--site", sites["Other"]).told()
    assert (empty.exit, empty.out) == (3, "")
    assert "There is no location yet" in empty.err
    wrong = machine.runner.run("import", "--site", "1").told()
    assert (wrong.exit, wrong.out) == (3, "")
    assert "There is no sub-account 1." in wrong.err


@pytest.mark.parametrize("command", ["import", "plan setup.toml --live"])
def test_refused_credentials_and_a_dead_line_have_their_own_exit_codes(
    machine: Machine, command: str
) -> None:
    wrong = machine.runner.run(*command.split(), BW_CLIENT_SECRET="wrong-one").told()
    assert (wrong.exit, wrong.out) == (2, "")
    dead = machine.runner.run(
        *command.split(), BW_API_URL="http://127.0.0.1:9/api", BWTUI_STATE_DIR="none"
    ).told()
    assert (dead.exit, dead.out) == (5, "")


def test_no_secret_is_in_what_was_imported_or_planned(machine: Machine) -> None:
    for command in ("import", "plan setup.toml --live", "plan setup.toml --live --json"):
        done = machine.runner.run(*command.split()).told()
        assert not [canary for canary in CANARIES if canary in done.out + done.err]
    assert "# callback_password: set BWTUI_VOICE_CALLBACK_PASSWORD" in machine.runner.run("import").out


# --- what no answer can say ----------------------------------------------------------------------------------------


def test_hostile_texts_can_end_neither_a_value_nor_a_comment(machine: Machine) -> None:
    [site] = held(machine.simulator.origin)["sites"]
    machine.put(
        f"/sites/{site['id']}",
        '<Site><Name>SetupTest</Name><Description>x\\&#10;[account]&#10;account_id = "666"</Description>'
        '<CustomerName>[/red]"""</CustomerName><Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr'
        "</StreetName><City>RALEIGH</City><StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType>"
        "</Address></Site>",
    )
    answers = machine.imported()
    assert answers["account"]["account_id"] == "9900000"
    assert answers["site"]["customer_name"] == '[/red]"""'
    assert "description" not in answers["site"], "no answer has two lines"
    written = machine.elsewhere.home.joinpath("imported.toml").read_text("utf-8")
    comments = " ".join(line.lstrip("# ") for line in written.splitlines() if line.startswith("#"))
    assert 'Description: x\\ [account] account_id = "666"' in comments
    planned = machine.elsewhere.run("plan", "imported.toml", "--live", "--json").told()
    assert (planned.exit, _counts(planned)) == (0, {"keep": machine.steps}), planned.err
