"""The exports: right for their readers, safe with hostile values, and without a secret."""

import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bwtui.command_line import CommandLine
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event, Failed, Finished, OrderUpdated, Started, StepEvent
from bwtui.domain.values.hosts import token_url_for
from bwtui.domain.values.secret import Secret
from bwtui.export import curl, env, json_, markdown
from bwtui.export.result import Result, result_of

CANARY = "canary-7f3a"
FORMATS: dict[str, Callable[[Result], str]] = {
    "env": env.export,
    "json": json_.export,
    "curl": curl.export,
    "markdown": markdown.export,
}
EVENTS: tuple[StepEvent, ...] = (
    Started(step="site", at=1_700_000_000),
    Finished(step="site", at=1_700_000_001, outputs={"site_id": "2297"}),
    Finished(step="sippeer", at=1_700_000_001, outputs={"sippeer_id": "500709"}, adopted=True),
    Started(step="number", at=1_700_000_002, customer_order_id="c-1", numbers=("9195551234", "9195551235")),
    OrderUpdated(
        step="number",
        at=1_700_000_003,
        customer_order_id="c-1",
        order_id="o-1",
        status="COMPLETE",
        completed=("9195551234", "9195551235"),
    ),
    Finished(
        step="number",
        at=1_700_000_004,
        outputs={"order_id": "o-1"},
        numbers=("9195551234", "9195551235"),
    ),
    Finished(step="messaging_app", at=1_700_000_004, outputs={"messaging_app_id": "m-1"}),
    Finished(step="voice_app", at=1_700_000_004, outputs={"voice_app_id": "v-1"}),
)
ANSWERS = Answers(
    {
        "setup.callback_base_url": Answer("https://yourSecureSite.com", Source.FILE),
        "site.name": Answer("SetupTest", Source.FILE),
        "messaging_app.callback_user": Answer("somebody", Source.FILE),
    },
    {
        "messaging_app.callback_password": Secret(CANARY),
        "voice_app.callback_password": Secret(CANARY),
    },
)


def folded(events: tuple[Event, ...]) -> RunState:
    run = RunState()
    for event in events:
        run = run.apply(event)
    return run


def result(
    *events: Event, base_url: str = "https://api.bandwidth.com/api", answers: Answers = ANSWERS
) -> Result:
    return result_of("9900000", base_url, answers, folded(events))


FULL = result(*EVENTS)
EMPTY = result(answers=Answers())


@pytest.mark.parametrize("export", FORMATS.values(), ids=FORMATS.keys())
@pytest.mark.parametrize("what", [FULL, EMPTY], ids=["full", "empty"])
def test_no_export_holds_a_secret_and_each_ends_with_its_line(
    export: Callable[[Result], str], what: Result
) -> None:
    leaky = replace(
        what,
        answers=Answers(
            {**what.answers.given, "messaging_app.callback_password": Answer(CANARY, Source.FILE)},
            what.answers.secrets,
        ),
    )
    assert CANARY not in export(what)
    assert CANARY not in export(leaky)
    assert export(what).endswith("\n")


def test_importing_the_exports_imports_nothing_dear() -> None:
    code = "import sys; from bwtui.export import curl, env, json_, markdown; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"asyncio", "logging", "socket", "http", "tempfile"}.intersection(loaded.stdout.split())


# --- An order under way --------------------------------------------------------------------------------------------

SENT = Started(step="number", at=1_700_000_002, customer_order_id="c-1", numbers=("9195551234",))
PLACED = OrderUpdated(
    step="number", at=1_700_000_003, customer_order_id="c-1", order_id="o-`1`\n$(id)", status="RECEIVED"
)
LOST_SIGHT_OF = Failed(
    step="number",
    at=1_700_000_004,
    problem=Problem(operation="number.poll", kind=Kind.UNREACHABLE, text="Lost."),
)
UNANSWERED = "an order for +1 (919) 555-1234 was sent, and its answer is not known yet"
UNDER_WAY = "order o-`1` $(id) (RECEIVED) for +1 (919) 555-1234 is under way"


@pytest.mark.parametrize(
    ("events", "told"),
    [((SENT,), UNANSWERED), ((SENT, PLACED), UNDER_WAY), ((SENT, PLACED, LOST_SIGHT_OF), UNDER_WAY)],
    ids=["no answer yet", "placed", "lost sight of"],
)
def test_a_number_that_is_on_order_is_said_to_be_so(
    tmp_path: Path, events: tuple[StepEvent, ...], told: str
) -> None:
    ordered = result(*events)
    text = env.export(ordered)
    assert f"# BW_NUMBER: not known yet, {told}.\n" in text
    assert f"# BW_NUMBERS: not known yet, {told}.\n" in text
    assert sourced(text, tmp_path)["BW_NUMBER"] == "<unset>"
    runbook = markdown.export(ordered).replace("\\", "")
    assert f"None yet: {told}." in runbook
    done = ran(curl.export(ordered), tmp_path, "+15555550100", **OAUTH)
    assert done.returncode == 1
    assert "its phone number is still on order" in done.stderr


def test_an_order_under_way_is_what_keeps_the_setup_from_being_done() -> None:
    ordered = result(SENT, PLACED)
    points = {point["step"]: point["text"] for point in json.loads(json_.export(ordered))["open"]}
    assert points["number"].split() == UNDER_WAY.split()
    assert f"# Phone number: {UNDER_WAY}" in curl.export(ordered).splitlines()
    table = rows(markdown.export(ordered).replace("\\", ""))
    assert ["Phone number", "o-`1` $(id)", "", "ordered, RECEIVED", "2023-11-14 22:13:22"] in table


def test_an_order_that_was_refused_is_not_under_way() -> None:
    refused = PLACED._replace(order_id="", status="FAILED")
    assert "# BW_NUMBER: this setup has no phone number.\n" in env.export(result(SENT, refused))


# --- env -------------------------------------------------------------------------------------------------------

NAMES = (
    "BW_ACCOUNT_ID",
    "BW_NUMBER",
    "BW_NUMBERS",
    "BW_MESSAGING_APPLICATION_ID",
    "BW_VOICE_APPLICATION_ID",
    "BASE_CALLBACK_URL",
)


def sourced(text: str, folder: Path, shell: str = "sh") -> dict[str, str]:
    """The variables after a shell has sourced the text, and proof that it did nothing else."""
    (folder / "setup.env").write_text(text)
    shown = "".join(f'printf "%s\\0" "${{{name}-<unset>}}"; ' for name in NAMES)
    done = subprocess.run(
        [shell, "-euc", f". ./setup.env; {shown}"], cwd=folder, capture_output=True, check=True
    )
    assert done.stderr == b""
    assert [path.name for path in folder.iterdir()] == ["setup.env"]
    return dict(zip(NAMES, done.stdout.decode().split("\0"), strict=False))


def test_the_environment_is_what_a_server_needs(tmp_path: Path) -> None:
    assert sourced(env.export(FULL), tmp_path) == {
        "BW_ACCOUNT_ID": "9900000",
        "BW_NUMBER": "+19195551234",
        "BW_NUMBERS": "+19195551234,+19195551235",
        "BW_MESSAGING_APPLICATION_ID": "m-1",
        "BW_VOICE_APPLICATION_ID": "v-1",
        "BASE_CALLBACK_URL": "https://yourSecureSite.com",
    }


def test_what_the_setup_does_not_have_is_said_in_a_comment(tmp_path: Path) -> None:
    text = env.export(EMPTY)
    assert "# BW_NUMBER: this setup has no phone number.\n" in text
    assert "# BASE_CALLBACK_URL: this setup has no public base URL.\n" in text
    assert set(sourced(text, tmp_path).values()) == {"9900000", "<unset>"}


def test_the_public_base_is_found_in_a_callback_url(tmp_path: Path) -> None:
    url = {"messaging_app.callback_url": Answer("https://there.net:8443/callbacks", Source.FILE)}
    text = env.export(result(*EVENTS, answers=Answers(url)))
    assert sourced(text, tmp_path)["BASE_CALLBACK_URL"] == "https://there.net:8443"


HOSTILE = [
    "$(touch pwned)", "`touch pwned`", "a'b", 'a"b', "a'b\"c$(touch pwned)`x`\\", "; touch pwned", "a b # c", "\\", "'",
    "''", "$HOME", "!!", "a\n touch pwned", "~", "*", "-n", "é",
]  # fmt: skip


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_sourced_as_they_are(value: str, shell: str, tmp_path: Path) -> None:
    hostile = replace(
        FULL,
        account_id=value,
        outputs={"messaging_app_id": value, "voice_app_id": value},
        answers=Answers({"setup.callback_base_url": Answer(value, Source.FILE)}),
    )
    found = sourced(env.export(hostile), tmp_path, shell)
    assert {name: found[name] for name in NAMES if not name.startswith("BW_NUMBER")} == {
        name: value for name in NAMES if not name.startswith("BW_NUMBER")
    }


@pytest.mark.parametrize("value", ["a'b", "a b # c", 'a"b', "$HOME", "plain"])
def test_dotenv_readers_see_one_pair_of_quotes(value: str) -> None:
    (line,) = (
        line for line in env.export(replace(FULL, account_id=value)).splitlines() if "BW_ACCOUNT_ID=" in line
    )
    written = line.removeprefix("BW_ACCOUNT_ID=")
    assert written in (value, f"'{value}'", f'"{value}"')


# --- json ------------------------------------------------------------------------------------------------------


def test_the_json_has_always_the_same_names() -> None:
    assert json.loads(json_.export(FULL)) == {
        "v": 1,
        "account_id": "9900000",
        "base_url": "https://api.bandwidth.com/api",
        "platform": None,
        "status": "incomplete",
        "open": json.loads(json_.export(FULL))["open"],
        "outputs": {
            "site_id": "2297",
            "sippeer_id": "500709",
            "messaging_app_id": "m-1",
            "voice_app_id": "v-1",
            "voice_package_id": None,
            "order_id": "o-1",
            "numbers": ["+19195551234", "+19195551235"],
        },
    }
    empty = json.loads(json_.export(EMPTY))["outputs"]
    assert empty == {**dict.fromkeys(json.loads(json_.export(FULL))["outputs"]), "numbers": []}


# --- curl ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["sh", "bash"])
@pytest.mark.parametrize("value", ["plain", *HOSTILE])
def test_the_script_is_valid_whatever_the_values(value: str, shell: str) -> None:
    hostile = replace(
        FULL,
        account_id=value,
        outputs={"messaging_app_id": value, "voice_app_id": value},
        answers=Answers({"voice_app.call_initiated_url": Answer(value, Source.FILE)}),
    )
    for what in (hostile, FULL, EMPTY):
        script = curl.export(what)
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize(
    ("base_url", "token", "messaging", "voice"),
    [
        ("https://api.bandwidth.com/api", "https://api.bandwidth.com", "https://messaging.bandwidth.com", "https://voice.bandwidth.com"),
        ("https://dashboard.bandwidth.com/api", "https://api.bandwidth.com", "https://messaging.bandwidth.com", "https://voice.bandwidth.com"),
        ("https://test.api.bandwidth.com/api", *["https://test.api.bandwidth.com"] * 3),
        ("https://test.dashboard.bandwidth.com/api", "https://test.api.bandwidth.com", *["https://test.dashboard.bandwidth.com"] * 2),
        ("http://127.0.0.1:8080/api", *["http://127.0.0.1:8080"] * 3),
        ("http://[::1]:8080/api/v1", *["http://[::1]:8080"] * 3),
    ],
)  # fmt: skip
def test_the_script_knows_the_hosts(base_url: str, token: str, messaging: str, voice: str) -> None:
    script = curl.export(result(*EVENTS, base_url=base_url)).replace("'", "")
    assert f"token_url={token}/api/v1/oauth2/token\n" in script
    assert token_url_for(base_url) == f"{token}/api/v1/oauth2/token", "as the client has it"
    assert f"post {messaging}/api/v2/users/9900000/messages " in script
    assert f"post {voice}/api/v2/accounts/9900000/calls " in script


@pytest.mark.parametrize(
    ("missing", "message", "call"),
    [("", True, True), ("messaging_app", False, True), ("voice_app", True, False), ("number", False, False)],
)
def test_the_script_leaves_out_what_cannot_be_done(missing: str, message: bool, call: bool) -> None:  # noqa: FBT001
    script = curl.export(result(*(event for event in EVENTS if event.step != missing)))
    assert ("/messages" in script) is message
    assert ("/calls" in script) is call
    assert ("# No message:" in script) is not message
    assert ("# No call:" in script) is not call


def test_there_is_no_call_without_a_url_to_answer_it() -> None:
    script = curl.export(result(*EVENTS, answers=Answers()))
    assert "/calls" not in script
    assert "/messages" in script


def test_the_script_tells_what_202_does_not_mean() -> None:
    script = curl.export(FULL)
    for told in ("202 means accepted, not delivered", "10DLC", "toll-free"):
        assert told in script


@dataclass
class Bandwidth:
    """A stand-in for Bandwidth that notes every request and answers as told."""

    origin: str = ""
    requests: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    token: str = "tok\\en"


@pytest.fixture
def bandwidth() -> Iterator[Bandwidth]:
    with serving() as fake:
        yield fake


@contextmanager
def serving() -> Iterator[Bandwidth]:
    fake = Bandwidth()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fake.requests.append((self.command, self.path, dict(self.headers), body))
            name = self.path.rpartition("/")[2]
            content = (
                {"access_token": fake.token, "expires_in": 3600}
                if name == "token"
                else {"id": "1", "text": body}
            )
            data = json.dumps(content, indent=1 if name == "token" else None).encode()
            self.send_response(fake.statuses.get(name, {"token": 200, "messages": 202}.get(name, 201)))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.origin = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


SECRET = 'p"w\\d$(id)`id` é'
OAUTH = {"BW_CLIENT_ID": "CLI-1", "BW_CLIENT_SECRET": SECRET}
BASIC = {"BW_USERNAME": "user", "BW_PASSWORD": SECRET}


def ran(
    script: str, folder: Path, *arguments: str, shell: str = "sh", **environment: str
) -> subprocess.CompletedProcess[str]:
    path = folder / "first.sh"
    path.write_text(script)
    clean = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [shell, str(path), *arguments],
        env={**clean, "no_proxy": "*", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def basic(user: str, password: str) -> str:
    from base64 import b64encode  # noqa: PLC0415 - for here only

    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_script_sends_a_message_and_places_a_call_with_a_token(
    bandwidth: Bandwidth, tmp_path: Path, shell: str
) -> None:
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    done = ran(script, tmp_path, "+15555550100", shell=shell, **OAUTH)
    assert (done.returncode, done.stderr) == (0, "")
    token, message, call = bandwidth.requests
    assert token[1] == "/api/v1/oauth2/token"
    assert token[2]["Authorization"] == basic("CLI-1", SECRET)
    assert token[3] == "grant_type=client_credentials"
    assert message[1] == "/api/v2/users/9900000/messages"
    assert message[2]["Content-Type"] == "application/json"
    assert json.loads(message[3]) == {
        "applicationId": "m-1",
        "from": "+19195551234",
        "to": ["+15555550100"],
        "text": "Hello from bwtui",
    }
    assert call[1] == "/api/v2/accounts/9900000/calls"
    assert json.loads(call[3]) == {
        "applicationId": "v-1",
        "from": "+19195551234",
        "to": "+15555550100",
        "answerUrl": "https://yourSecureSite.com/callbacks/init",
    }
    assert {call[2]["Authorization"], message[2]["Authorization"]} == {"Bearer tok\\\\en"}
    assert SECRET not in done.stdout


def test_the_script_takes_a_user_and_password_too(bandwidth: Bandwidth, tmp_path: Path) -> None:
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    done = ran(script, tmp_path, "+15555550100", **BASIC)
    assert done.returncode == 0
    assert [request[2]["Authorization"] for request in bandwidth.requests] == [basic("user", SECRET)] * 2


def test_no_secret_is_ever_an_argument_of_a_program(bandwidth: Bandwidth, tmp_path: Path) -> None:
    """Every program that the script starts is replaced by one that notes its arguments first."""
    (tmp_path / "bin").mkdir()
    for program in ("curl", "sed", "tr", "printf", "cat", "env"):
        real = subprocess.run(["which", program], capture_output=True, text=True, check=True).stdout.strip()
        noting = tmp_path / "bin" / program
        noting.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {tmp_path}/arguments\nexec {real} "$@"\n')
        noting.chmod(stat.S_IRWXU)
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    for credentials in (
        {"BW_CLIENT_ID": "CLI-1", "BW_CLIENT_SECRET": CANARY},
        {"BW_USERNAME": "user", "BW_PASSWORD": CANARY},
    ):
        assert ran(script, tmp_path, "+15555550100", **credentials).returncode == 0
    noted = (tmp_path / "arguments").read_text()
    assert "--config -" in noted, "curl was watched"
    assert CANARY not in noted
    assert "Bearer" not in noted
    assert bandwidth.token not in noted


def test_a_line_end_in_a_secret_adds_no_option_to_curl(bandwidth: Bandwidth, tmp_path: Path) -> None:
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    stolen = tmp_path / "stolen"
    ran(script, tmp_path, "+15555550100", BW_USERNAME="user", BW_PASSWORD=f"x\noutput = {stolen}\n#")
    assert bandwidth.requests
    assert not stolen.exists()


@pytest.mark.parametrize(
    "arguments",
    [(), ("",), ("+",), ("5555550100",), ("+1555x",), ("+1 555",), ('+1"}',), ("+1555\n5",), ("+15555550100", "+15555550101")],
)  # fmt: skip
def test_anything_but_one_number_is_answered_with_the_usage(
    arguments: tuple[str, ...], bandwidth: Bandwidth, tmp_path: Path
) -> None:
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    done = ran(script, tmp_path, *arguments, **OAUTH)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")
    assert not bandwidth.requests


def test_missing_credentials_are_told(bandwidth: Bandwidth, tmp_path: Path) -> None:
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    done = ran(script, tmp_path, "+15555550100", BW_CLIENT_ID="CLI-1")
    assert done.returncode == 2
    assert "set BW_CLIENT_ID and BW_CLIENT_SECRET" in done.stderr
    assert not bandwidth.requests


@pytest.mark.parametrize(
    ("name", "status", "requests"), [("token", 401, 1), ("messages", 403, 2), ("calls", 400, 3)]
)
def test_a_refusal_is_shown_and_ends_the_script(
    bandwidth: Bandwidth, tmp_path: Path, name: str, status: int, requests: int
) -> None:
    bandwidth.statuses[name] = status
    done = ran(
        curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api")), tmp_path, "+15555550100", **OAUTH
    )
    assert done.returncode != 0
    assert str(status) in done.stdout + done.stderr
    assert len(bandwidth.requests) == requests


def test_an_answer_without_a_token_ends_the_script(bandwidth: Bandwidth, tmp_path: Path) -> None:
    bandwidth.token = ""
    script = curl.export(result(*EVENTS, base_url=f"{bandwidth.origin}/api"))
    done = ran(script, tmp_path, "+15555550100", **OAUTH)
    assert done.returncode == 1
    assert "gave no token" in done.stderr
    assert len(bandwidth.requests) == 1


def test_a_setup_that_can_do_neither_says_so(tmp_path: Path) -> None:
    done = ran(curl.export(EMPTY), tmp_path, "+15555550100", **OAUTH)
    assert done.returncode == 1
    assert "nothing to send a message or place a call with" in done.stderr


# --- markdown --------------------------------------------------------------------------------------------------


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, as a reader of GitHub's Markdown splits them."""
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_the_runbook_says_what_exists_and_who_made_it() -> None:
    table = rows(markdown.export(FULL))
    assert ["Sub-account", "2297", "made by this setup", "applied", "2023-11-14 22:13:20"] in table
    assert ["Location", "500709", "was there, only used", "applied", ""] in table
    assert ["o-1", "COMPLETE", "2", "2023-11-14 22:13:22"] in table
    assert ["Sub-account", "Name", "SetupTest", "answers file"] in table
    assert ["https://yourSecureSite.com/callbacks/init", "incoming calls: answer with BXML"] in table


def test_the_runbook_says_numbers_commands_and_what_comes_next() -> None:
    text = markdown.export(FULL)
    for told in (
        "# Bandwidth account 9900000", "times are UTC", "+1 (919) 555-1234, in requests `+19195551234`", "bwtui verify ", "bwtui export --format curl >",
        "10DLC", "Toll-free", "202 is not delivery",
    ):  # fmt: skip
        assert told in text


def test_the_runbook_names_its_setup_in_every_command() -> None:
    other = replace(FULL, commands=CommandLine("acme", "/home/me/my states"))
    commands = [line for line in markdown.export(other).splitlines() if line.startswith("bwtui ")]
    assert len(commands) == 3
    for command in commands:
        assert "--name acme --state-dir '/home/me/my states'" in command


def test_the_runbook_of_nothing_says_so() -> None:
    text = markdown.export(EMPTY)
    assert "Nothing was made yet." in text
    assert "Phone numbers" not in text


def test_the_runbook_tells_no_conduct_of_ours_as_a_setting() -> None:
    assert "If it is set otherwise already" not in markdown.export(FULL)


def test_no_control_character_reaches_the_runbook() -> None:
    hostile = Answers({"site.name": Answer("a\x1b[31mb\x07\u202ec", Source.FILE)})
    assert ["Sub-account", "Name", r"a \[31mb c", "answers file"] in rows(
        markdown.export(result(*EVENTS, answers=hostile))
    )


def test_what_failed_is_in_the_runbook() -> None:
    problem = Problem(operation="sms.create", kind=Kind.CONFLICT, text="Not | enabled\n<b>here</b>")
    table = rows(markdown.export(result(*EVENTS, Failed(step="sms", at=1, problem=problem))))
    assert ["SMS", "", "", r"failed: Not \| enabled \<b\>here\</b\>", ""] in table


def test_an_order_under_way_is_in_the_runbook() -> None:
    text = markdown.export(result(Started(step="number", at=1, customer_order_id="c-1")))
    assert "None yet: an order was sent, and its answer is not known yet." in text
    assert ["unknown", "no answer known", "0", "1970-01-01 00:00:01"] in rows(text)


def test_defaults_say_nothing_about_an_object_that_is_only_used() -> None:
    used = Answers({"site.use": Answer("2297", Source.FILE), "site.city": Answer("RALEIGH", Source.FILE)})
    table = rows(markdown.export(result(*EVENTS, answers=used)))
    assert ["Sub-account", "City", "RALEIGH", "answers file"] in table
    assert not [row for row in table if row[0] == "Sub-account" and row[-1] == "default"]


@given(text=st.text(st.characters(blacklist_categories=["Cs"])))
@settings(deadline=None)
def test_no_text_breaks_out_of_its_cell(text: str) -> None:
    hostile = Answers({"site.name": Answer(f"x{text}", Source.FILE)})
    table = rows(markdown.export(result(*EVENTS, answers=hostile)))
    (row,) = (row for row in table if row[:2] == ["Sub-account", "Name"])
    assert len(row) == 4
    assert row[3] == "answers file"
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>`*_\[\]]", row[2])


@pytest.mark.parametrize(
    "key", [key for key, item in QUESTIONS.items() if isinstance(item, Text) and item.secret_from]
)
def test_a_secret_in_the_wrong_place_is_still_not_shown(key: str) -> None:
    leaky = Answers({key: Answer(CANARY, Source.FILE)})
    assert CANARY not in markdown.export(result(*EVENTS, answers=leaky))
