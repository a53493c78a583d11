"""A step that is added to the catalogue, and nowhere else, is asked, shown, planned, done, proven, exported and toured.

The bwtui under test is a copy with two steps more; see `support.throwaway_step`.
"""

import json
import subprocess
import sys
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from support.cli_runner import SECONDS, CliRunner, Completed, log, writes
from support.guide import TESTS
from support.throwaway_step import KEYS, add_steps

OBJECT: Final = "/api/accounts/9900000/greetings"

LONGEST: Final = 90
"""Seconds for a walk through the whole wizard: it takes ten, on two busy cores several times that."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A machine on which a setup with the two steps was applied to a simulated account."""

    runner: CliRunner
    origin: str
    apply: Completed

    @property
    def setting(self) -> str:
        """The path of the location's setting."""
        ids = self.apply.outputs
        peer = f"/api/accounts/9900000/sites/{ids['site_id']}/sippeers/{ids['sippeer_id']}"
        return f"{peer}/products/origination/greeting"

    def put(self, body: str) -> None:
        """Set it otherwise, as somebody does in the App."""
        secret = b64encode(b"demo:demo-secret").decode()
        request = urllib.request.Request(
            f"{self.origin}{self.setting}",
            data=body.encode(),
            method="PUT",
            headers={"Authorization": f"Basic {secret}", "Content-Type": "application/xml"},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            reply.read()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_steps(tmp_path_factory.mktemp("package"))


@pytest.fixture
def machine(tmp_path: Path, package: Path) -> CliRunner:
    """A machine that has the bwtui with the steps, and the guide's example, in which they are."""
    runner = CliRunner(home=tmp_path, environ={"PYTHONPATH": str(package), "BW_ACCOUNT_ID": "9900000"})
    runner.write(runner.run("template", "--example").told().out)
    return runner


@contextmanager
def _simulator(runner: CliRunner) -> Iterator[str]:
    """The simulator that knows the steps, in a process; connects the machine to it and gives its origin."""
    process = runner.start("simulate", "--port", "0")
    try:
        assert process.stdout
        announced: dict[str, str] = {}
        while "BW_CLIENT_SECRET" not in announced:
            line = process.stdout.readline()
            assert line, "it ended before it was ready"
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                announced[name] = value
        runner.environ |= announced
        yield announced["BW_API_URL"].removesuffix("/api")
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


@pytest.fixture
def applied(machine: CliRunner) -> Iterator[Applied]:
    with _simulator(machine) as origin:
        done = machine.run("apply", "setup.toml", "--yes", "--json").told()
        assert done.exit == 0, done.err
        yield Applied(runner=machine, origin=origin, apply=done)


def _facts(package: Path, *arguments: str) -> dict[str, Any]:
    """Return the output of the program in `support.throwaway_step`; fails if it hangs."""
    done = subprocess.run(
        [sys.executable, "-m", "support.throwaway_step", *arguments],
        env={"PYTHONPATH": f"{package}:{TESTS}", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=package,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


# --- The wizard --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown(package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _facts(package, "walk", str(tmp_path_factory.mktemp("walk")))


def test_the_wizard_has_a_form_for_it_that_checks_what_is_typed(shown: dict[str, Any]) -> None:
    assert shown["walk"][-6:] == [*KEYS, "campaign", "review", "apply", "done"]
    assert shown["fields"] == ["greeting.use", "greeting.name", "greeting.language"]
    assert "12" in shown["too long"]
    assert shown["next"] == "greeting_link"
    assert shown["fields of the link"] == ["greeting_link.repeat"]
    assert "Links application “Good evening” to location “Setup Test SIP Peer”." in shown["link"]


def test_review_lists_it_and_shows_its_request_and_it_is_done_once_it_was_agreed_to(
    shown: dict[str, Any],
) -> None:
    assert shown["plan"][-2:] == [["create", "Greeting"], ["create", "Assign greeting"]]
    assert "<Name>Good evening</Name>" in shown["request"]
    assert "<Language>de</Language>" in shown["request"]
    assert (shown["in the end"], shown["proven"]) == ("done", True)
    assert [path for path in shown["writes"] if "reeting" in path] == [
        f"POST {OBJECT}",
        next(path for path in shown["writes"] if path.endswith("/origination/greeting")),
    ]


def test_one_that_is_there_is_offered_for_use(shown: dict[str, Any]) -> None:
    assert "use an existing one (1)" in shown["there already"]
    assert set(shown["signs"].values()) == {"✓"}


def test_the_tour_of_the_demo_stops_there_and_goes_on_to_its_end(package: Path) -> None:
    told = _facts(package, "tour")
    assert told["proven"]
    stops = told["stops"]
    assert stops[stops.index("voice_link") : stops.index("review")] == ["voice_link", *KEYS, "campaign"]


# --- The command line --------------------------------------------------------------------------------------------


def test_the_template_has_its_section_and_a_file_with_it_is_read_and_checked(machine: CliRunner) -> None:
    for options in ((), ("--example",)):
        template = machine.run("template", *options).told().out
        assert "[greeting]\n# Greeting. What callers hear first." in template
        assert "[greeting_link]" in template
    example = (machine.home / "setup.toml").read_text("utf-8")
    machine.write(example.replace('"Good morning"', '"Good evening"'))
    assert "<Name>Good evening</Name>" in machine.run("plan", "setup.toml").told().out
    machine.write(example.replace('"Good morning"', '"Good afternoon"'))
    refused = machine.run("plan", "setup.toml").told()
    assert refused.exit == 6
    assert "greeting.name" in refused.err
    machine.write(example.replace("[greeting]", "[welcome]"))
    assert "greeting" in machine.run("plan", "setup.toml").told().err, "what else it is called is understood"


def test_plan_shows_its_requests(machine: CliRunner) -> None:
    requests = machine.run("plan", "setup.toml", "--json").told().events
    of_it = [
        (request["phase"], request["method"], request["path"].rpartition("/accounts/9900000/")[2])
        for request in requests
        if "reeting" in request.get("path", "")
    ]
    setting = "sites/{site_id}/sippeers/{sippeer_id}/products/origination/greeting"
    assert of_it == [
        ("look", "GET", "greetings"),
        ("write", "POST", "greetings"),
        ("write", "PUT", setting),
        ("prove", "GET", "greetings/{greeting_id}"),
        ("prove", "GET", "greetings"),
        ("prove", "GET", setting),
    ]


def test_apply_does_it_in_its_order_and_once_more_writes_nothing(applied: Applied) -> None:
    sent = writes(applied.origin)
    of_it = [request for request in sent if "reeting" in request]
    assert of_it == [f"POST {OBJECT}", f"PUT {applied.setting}"]
    voice = next(request for request in sent if request.endswith("/origination/settings"))
    assert sent.index(voice) < sent.index(of_it[1]), "the catalogue says that it comes after that"
    assert len(sent) == 11
    again = applied.runner.run("apply", "setup.toml", "--yes", "--json").told()
    assert again.exit == 0, again.err
    assert writes(applied.origin) == sent
    assert again.outputs == applied.apply.outputs


def test_status_and_exports_tell_what_it_has_come_to(applied: Applied) -> None:
    id_ = applied.apply.outputs["greeting_id"]
    assert id_ == "4711"
    run = applied.runner.run
    assert {event["step"] for event in run("status", "--json").told().events[:-1]} >= set(KEYS)
    assert json.loads(run("export", "--format", "json").told().out)["outputs"]["greeting_id"] == id_
    assert "BW_GREETING_ID=4711\n" in run("export", "--format", "env").told().out
    runbook = run("export", "--format", "markdown").told().out
    assert f"| Greeting | {id_} | made by this setup |" in runbook
    assert "| Greeting | Language | de |" in runbook
    assert "| Assign greeting | Repeat it | true |" in runbook


def test_verify_reads_it_back_and_tells_what_differs(applied: Applied, package: Path) -> None:
    seen = len(log(applied.origin))
    fine = applied.runner.run("verify", "--json").told()
    assert fine.exit == 0, fine.err
    assert {event["step"] for event in fine.events if event["event"] == "verified"} >= set(KEYS)
    read = {entry["path"] for entry in log(applied.origin)[seen:]}
    assert read >= {f"{OBJECT}/4711", applied.setting}

    otherwise = "<GreetingSettings><GreetingId>4711</GreetingId><Repeat>{}</Repeat></GreetingSettings>"
    _facts(package, "later", str(applied.runner.states))
    applied.put(otherwise.format("false"))
    wrong = applied.runner.run("verify", "--json").told()
    (told,) = (event for event in wrong.events if event["event"] == "verified" and not event["ok"])
    assert wrong.exit != 0
    assert told["step"] == "greeting_link"
    assert "Repeat it is “no”, should be “yes”" in told["reason"]
    mended = applied.runner.run("apply", "setup.toml", "--yes").told()
    assert mended.exit == 0, mended.err
    assert applied.runner.run("verify").told().exit == 0
