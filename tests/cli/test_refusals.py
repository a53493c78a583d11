"""Refusals of the command line: their exit codes and their words; nothing is sent or written."""

import fcntl
import json
import re
import socket
import sys
from pathlib import Path

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import BWTUI, SECONDS, CliRunner, Completed, fault, held, log, one_of_each, writes
from support.guide import let_time_pass
from support.waiting import wait_until

DAMAGED = '{"version": 1, "account_id"'


def _limited(size: int) -> tuple[str, ...]:
    """A launcher under which no file can grow beyond `size` bytes: a disk that is full, also for root."""
    code = (
        "import os, resource, sys;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return (sys.executable, "-c", code, *BWTUI)


def _closed_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _refused(ended: Completed, code: int) -> str:
    """Check the exit code, that stdout is empty and that there is no traceback; return stderr."""
    ended.told()
    assert ended.exit == code, ended.err
    assert ended.out == ""
    return ended.err


def _line(runner: CliRunner, beginning: str) -> int:
    lines = (runner.home / "setup.toml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))


# --- The answers file ------------------------------------------------------------------------------------------

SITE = 'name = "SetupTest"'


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        (SITE, 'nmae = "SetupTest"', "nmae", "site.nmae: no such key; did you mean name?"),
        ('house_number = "900"', 'HouseNumber = "900"', "HouseNumber", "did you mean house_number?"),
        ("[site]", "[sites]", "[sites]", "no such table; did you mean [site]?"),
        ('house_number = "900"', "house_number = 900", "house_number", 'house_number = "900"'),
        ("is_default = true", 'is_default = "true"', "is_default", "take the quotes away: is_default = true"),
        (SITE, 'name = "SetupTest12"', "name", "10"),
        ('state = "NC"', 'state = "NCA"', "state", "site.state: "),
        (SITE, "name = SetupTest", "name", 'text and digits stand in quotes: name = "..."'),
        (SITE, f"{SITE}\n{SITE}", "name", "the key stands there twice"),
        ("[messaging_app]", '[messaging_app]\ncallback_password = "canary-77"', "callback_password",
         "never in a file: take it away and set BWTUI_MESSAGING_CALLBACK_PASSWORD"),
        ("[account]", '[account]\nclient_secret = "canary-77"', "client_secret",
         "credentials are never in a file: take it away and set BW_CLIENT_SECRET"),
        ('area_code = "919"', 'area_code = "91"', "area_code", "number.area_code: "),
    ],
    ids=["unknown key", "wire name", "unknown table", "number", "quoted flag", "eleven characters", "three letters",
         "syntax", "twice", "callback password", "client secret", "area code"],
)  # fmt: skip
def test_what_is_wrong_in_the_answers_is_told_with_file_line_and_remedy(
    connected: CliRunner, old: str, new: str, at: str, words: str
) -> None:
    connected.example((old, new))
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 6)
    line = _line(connected, at) + (new.count(SITE) == 2)
    assert f"setup.toml:{line}: " in said
    assert words in said
    assert "canary-77" not in said
    assert log(connected.environ["BW_API_URL"].removesuffix("/api")) == []
    assert not (connected.states / "default.json").exists()


def test_a_name_of_eleven_characters_is_told_with_the_limit_and_the_count(connected: CliRunner) -> None:
    connected.example((SITE, 'name = "SetupTest12"'))
    said = _refused(connected.run("plan", "setup.toml"), 6)
    assert re.search(rf"^setup\.toml:{_line(connected, 'name')}: site\.name: .*\b10\b.*\b11\b", said)


def test_everything_that_is_wrong_is_told_at_once(connected: CliRunner) -> None:
    connected.example((SITE, 'name = "SetupTest12"'), ('state = "NC"', 'state = "NCA"'), ('"27606"', '"276"'))
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 6)
    assert [line.split(": ")[1] for line in said.splitlines()] == ["site.name", "site.state", "site.zip"]


def test_json_tells_a_refusal_as_its_result(connected: CliRunner) -> None:
    connected.example((SITE, 'name = "SetupTest12"'))
    ended = connected.run("apply", "setup.toml", "--yes", "--json").told()
    assert ended.exit == 6
    (result,) = ended.events
    assert (result["event"], result["status"], result["exit"]) == ("result", "invalid", 6)
    assert "setup.toml:" in result["text"]
    assert not any(result["outputs"].values())


def test_an_answers_file_that_is_missing_is_named(connected: CliRunner) -> None:
    said = _refused(connected.run("apply", "nowhere.toml", "--yes"), 6)
    assert said == "nowhere.toml: cannot be read: No such file or directory\n"


def test_a_folder_is_no_answers_file(connected: CliRunner) -> None:
    assert "cannot be read: Is a directory" in _refused(connected.run("apply", ".", "--yes"), 6)


def test_a_callback_user_needs_its_password_before_anything_is_sent(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.example(("[voice_app]", '[voice_app]\ncallback_user = "Your-User-id"'))
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 6)
    assert "voice_app.callback_password: set BWTUI_VOICE_CALLBACK_PASSWORD" in said
    assert log(simulator.origin) == []


def test_a_callback_password_that_is_too_short_names_its_variable(connected: CliRunner) -> None:
    connected.example(("[voice_app]", '[voice_app]\ncallback_user = "Your-User-id"'))
    said = _refused(connected.run("apply", "setup.toml", "--yes", BWTUI_VOICE_CALLBACK_PASSWORD="can77"), 6)
    assert said.startswith("BWTUI_VOICE_CALLBACK_PASSWORD in the environment: ")
    assert "6" in said
    assert "can77" not in said


# --- The command line ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply", "setup.toml", "--force"), "there is no option --force."),
        (("apply",), "Which file? bwtui template > setup.toml"),
        (
            ("aply", "setup.toml"),
            "bwtui: there is no command “aply”. Did you mean apply? The commands: demo, ",
        ),
        (("export",), "the following arguments are required: --format"),
        (
            ("export", "--format", "yaml"),
            "--format cannot be “yaml”. The choices: env, json, curl, markdown.",
        ),
        (("plan", "setup.toml", "--environment", "moon"), "--environment cannot be “moon”."),
        (("simulate", "--port", "http"), "“http” is not a whole number"),
        (("simulate", "--port", "70000"), "There is no port 70000"),
        (
            ("simulate", "--tunnel", "https://stranger.example"),
            "--tunnel cannot be “https://stranger.example”",
        ),
        (("simulate", "--tunnel", "http://127.0.0.1:99999"), "--tunnel cannot be"),
        (
            ("simulate", "--platform", "newest"),
            "--platform cannot be “newest”. The choices: legacy, universal, build.",
        ),
        (("completion", "ksh"), "shell cannot be “ksh”."),
        (("status", "--name", "../other"), "“../other” cannot name a setup"),
        (("plan", "setup.toml", "--account-id", "12x"), "--account-id: "),
        (("--answers", "setup.toml", "apply", "setup.toml"), "apply takes no --answers"),
        (("--name", "other", "template"), "template takes no --name"),
        (("--client-id", "demo", "status"), "status takes no --client-id"),
        (("--environment", "moon"), "--environment cannot be “moon”."),
        (("demo", "--speed", "0"), "“0” is not a speed"),
        (("demo", "--speed", "nan"), "“nan” is not a speed"),
        (("demo", "--name", "other"), "bwtui demo: there is no option --name."),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_line_is_invalid(
    connected: CliRunner, arguments: tuple[str, ...], words: str
) -> None:
    assert words in _refused(connected.run(*arguments), 6)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aply", "apply"),
        ("stat", "status"),
        ("VERIFY", "verify"),
        ("help", "--help"),
        ("setup.toml", "bwtui apply setup.toml"),
        ("status --nmae acme", "--name"),
        ("--nmae acme status", "--name"),
        ("status --state_dir x", "--state-dir"),
        ("export --fromat env", "--format"),
        ("export --format mardown", "markdown"),
        ("verify --environment prod", "production"),
        ("completion zhs", "zsh"),
    ],
)
def test_a_slip_of_the_fingers_gets_the_nearest_right_word(runner: CliRunner, typed: str, meant: str) -> None:
    said = _refused(runner.run(*typed.split()), 6)
    assert f" Did you mean {meant}?" in said
    assert "--help shows what there is." in said


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("login", "--client-id", "demo"), "--account"),
        (("status",), "--name"),
        (("whoami",), "--base-url"),
        (("teardown", "--yes"), "--each"),
        (("login",), "--client-secret-file"),
    ],
)
def test_an_empty_value_is_never_taken_for_none(
    runner: CliRunner, command: tuple[str, ...], option: str
) -> None:
    for words in ((*command, option, ""), (*command, f"{option}=")):
        said = _refused(runner.run(*words), 6)
        assert f"{option} is empty: give it a value, or leave it out." in said


def test_what_is_typed_on_the_command_line_cannot_steer_the_terminal(runner: CliRunner) -> None:
    for arguments in (
        ["\x1b[31mred"],
        ["status", "--\x1b[2J"],
        ["export", "--format", "\x9b2J"],
        ["apply", "a", "\x07"],
    ):
        assert _refused(runner.run(*arguments), 6).replace("\n", "").isprintable()


@pytest.mark.parametrize("way", ["flag", "environment", "file"])
def test_http_to_a_public_host_is_refused_before_anything_is_sent(connected: CliRunner, way: str) -> None:
    url = "http://bandwidth.invalid/api"
    arguments = ["apply", "setup.toml", "--yes"]
    del connected.environ["BW_API_URL"]
    if way == "flag":
        arguments += ["--base-url", url]
        where = "--base-url: "
    elif way == "environment":
        connected.environ["BW_API_URL"] = url
        where = "BW_API_URL in the environment: "
    else:
        connected.example(("[account]", f'[account]\nbase_url = "{url}"'))
        where = f"setup.toml:{_line(connected, 'base_url')}: account.base_url: "
    said = _refused(connected.run(*arguments), 6)
    assert said.startswith(where)
    assert "https only" in said
    assert not (connected.states / "default.json").exists()


def test_a_proxy_that_cannot_be_used_is_told_in_a_sentence(connected: CliRunner) -> None:
    ended = connected.run(
        "apply",
        "setup.toml",
        "--yes",
        "--base-url",
        "https://bandwidth.invalid/api",
        ALL_PROXY="carrier://pigeon",
    )
    assert "Nothing was sent: ALL_PROXY names a proxy that cannot be used" in _refused(ended, 6)


# --- Credentials -----------------------------------------------------------------------------------------------


def test_missing_credentials_are_invalid_and_say_what_to_set(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    del connected.environ["BW_CLIENT_ID"]
    for command in (("apply", "setup.toml", "--yes"), ("apply", "setup.toml", "--yes", "--username", "demo")):
        said = _refused(connected.run(*command), 6)
        assert re.search(r"set (BW_CLIENT_ID and BW_CLIENT_SECRET|BW_PASSWORD)", said)
    assert log(simulator.origin) == []


@pytest.mark.parametrize(
    "wrong", [{"BW_CLIENT_SECRET": "canary-77"}, {"BW_CLIENT_ID": "", "BW_USERNAME": "demo", "BW_PASSWORD": "canary-77"}],
    ids=["OAuth2", "Basic"],
)  # fmt: skip
def test_wrong_credentials_have_their_own_code_and_create_nothing(
    connected: CliRunner, simulator: RunningSimulator, wrong: dict[str, str]
) -> None:
    connected.environ |= wrong
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 2)
    assert "Nothing was created." in said
    assert "canary-77" not in said
    assert writes(simulator.origin) == []


def test_trouble_of_the_token_service_is_no_wrong_secret(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\npath = "/oauth2/token"\naction = "answer"\nstatus = 404\ntimes = 0')
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 5)
    assert "The token service is in trouble: it answered 404 Not Found." in " ".join(said.split())
    assert "try again" in said
    assert "secret" not in said.casefold()
    assert writes(simulator.origin) == []


# --- The account -----------------------------------------------------------------------------------------------


def test_an_account_that_does_not_exist_is_not_found(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    said = _refused(connected.run("apply", "setup.toml", "--yes", "--account-id", "1234567"), 3)
    assert "1234567" in said or "account" in said
    assert "Nothing was created." in said
    assert writes(simulator.origin) == []


def test_a_setup_of_another_account_is_not_mixed_up(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    before = len(log(simulator.origin))
    said = _refused(connected.run("apply", "setup.toml", "--yes", "--account-id", "1234567"), 6)
    assert f"belongs to account 9900000 on {simulator.base_url}, not to account 1234567" in said
    assert "--name" in said
    assert len(log(simulator.origin)) == before


def test_something_of_the_same_name_is_a_conflict_before_anything_is_written(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    before = writes(simulator.origin)
    said = _refused(connected.run("apply", "setup.toml", "--yes", "--name", "other"), 4)
    assert "already exists, and this setup did not create it" in said
    assert f'use = "{held(simulator.origin)["sites"][0]["id"]}" under [site]' in said
    assert said.count("Nothing was written.") == 1
    assert "Nothing was created." not in said, "it is said once"
    assert "✗ Sub-account: A sub-account of this name already exists" in said
    assert writes(simulator.origin) == before


def test_an_order_needs_a_yes_where_nobody_can_be_asked(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    said = _refused(connected.run("apply", "setup.toml"), 6)
    assert re.search(r"\+1 \(919\) \d{3}-\d{4}, which costs money\. Nothing was written\. Add --yes", said)
    assert writes(simulator.origin) == []
    result = connected.run("apply", "setup.toml", "--json").told().result
    assert (result["status"], result["exit"]) == ("invalid", 6)


def test_an_unreachable_server_can_be_tried_again_later(connected: CliRunner) -> None:
    ended = connected.run(
        "apply", "setup.toml", "--yes", "--base-url", f"http://127.0.0.1:{_closed_port()}/api"
    )
    said = _refused(ended, 5)
    assert "Nothing was changed: no request reached the account." in said
    assert "try again: it picks up where it stopped." in said


@pytest.mark.parametrize(("status", "code"), [(401, 2), (403, 2), (404, 3), (400, 1), (429, 7)], ids=str)
def test_a_refused_step_has_the_code_of_its_kind(
    connected: CliRunner, simulator: RunningSimulator, status: int, code: int
) -> None:
    headers = "" if status != 429 else '[fault.headers]\n"Retry-After" = "1000"\n'
    fault(
        simulator,
        f'[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = {status}\ntimes = 0\n{headers}',
    )
    ended = connected.run("apply", "setup.toml", "--yes", "--json").told()
    assert ended.exit == code, ended.err
    failed = [event for event in ended.events if event["event"] == "failed"]
    assert [event["step"] for event in failed] == ["site"]
    problem = failed[0]["problem"]
    assert problem["status"] == status
    assert all(problem[name] for name in ("happened", "unchanged", "todo"))
    assert ended.result["exit"] == code
    assert held(simulator.origin)["sites"] == []


# --- The state file --------------------------------------------------------------------------------------------


def test_a_damaged_state_is_set_aside_and_named(connected: CliRunner, simulator: RunningSimulator) -> None:
    connected.states.mkdir()
    (connected.states / "default.json").write_text(DAMAGED)
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 1)
    (aside,) = connected.states.glob("default.json.damaged-*")
    assert "is damaged" in said
    assert f"It was set aside as {aside}" in said
    assert aside.read_text() == DAMAGED
    assert log(simulator.origin) == []


def test_a_newer_state_is_left_alone(connected: CliRunner, simulator: RunningSimulator) -> None:
    connected.states.mkdir()
    file = connected.states / "default.json"
    file.write_text('{"version": 99}')
    said = _refused(connected.run("apply", "setup.toml", "--yes"), 1)
    assert "is of version 99" in said
    assert "Upgrade bwtui" in said
    assert file.read_text() == '{"version": 99}'
    assert log(simulator.origin) == []


def test_a_setup_in_use_says_by_whom(connected: CliRunner, simulator: RunningSimulator) -> None:
    fault(simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "hang"')
    first = connected.start("apply", "setup.toml", "--yes")
    try:
        wait_until(lambda: any(line.endswith("/sites") for line in writes(simulator.origin)))
        said = _refused(connected.run("apply", "setup.toml", "--yes"), 4)
        assert f"is in use by process {first.pid} on " in said
        assert "apply setup.toml --yes" in said
        tokens = [entry for entry in log(simulator.origin) if entry["path"].endswith("/oauth2/token")]
        assert len(tokens) == 1, "the second one sent nothing"
        status = connected.run("status").told()
        assert status.exit == 1, "it is not finished"
        assert re.search(r"… Sub-account +running", status.out), "and looking is no trouble"
    finally:
        first.kill()
        first.communicate(timeout=SECONDS)


def test_a_lock_that_a_dead_process_left_behind_is_no_trouble(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.states.mkdir(mode=0o700)
    (connected.states / "default.lock").write_text(
        json.dumps({"pid": 1, "host": "x", "since": "y", "command": "z"})
    )
    assert connected.run("apply", "setup.toml", "--yes").told().exit == 0
    with (connected.states / "default.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    one_of_each(simulator.origin)


def test_a_state_folder_that_cannot_be_made_is_told_before_anything_is_sent(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    for folder in ("setup.toml", "setup.toml/states"):
        said = _refused(connected.run("apply", "setup.toml", "--yes", "--state-dir", folder), 1)
        assert str(Path(folder)) in said
        assert "--state-dir" in said
    assert log(simulator.origin) == []


def test_a_full_disk_stops_before_anything_is_sent(connected: CliRunner, simulator: RunningSimulator) -> None:
    said = _refused(connected.run("apply", "setup.toml", "--yes", launcher=_limited(1000)), 1)
    assert "default.json cannot be written: File too large" in said
    assert "what was sent" not in said
    assert log(simulator.origin) == []
    assert [file.name for file in connected.states.iterdir()] == ["default.lock"]


@pytest.mark.parametrize("room", [1500, 2500])
def test_a_disk_that_fills_up_on_the_way_loses_nothing(
    connected: CliRunner, simulator: RunningSimulator, room: int
) -> None:
    connected.run("status")
    plain = CliRunner(home=connected.home, environ=dict(connected.environ))
    refused = plain.run("apply", "setup.toml")
    assert refused.exit == 6
    size = (connected.states / "default.json").stat().st_size + room
    stopped = plain.run("apply", "setup.toml", "--yes", "--json", launcher=_limited(size)).told()
    assert stopped.exit == 1, stopped.err
    assert "cannot be written" in stopped.err
    assert "run this again. The next run first looks for what was sent, and does nothing twice." in " ".join(
        stopped.err.split()
    )
    assert writes(simulator.origin)
    *events, problem, result = stopped.events
    assert problem["event"] == "problem"
    made = {
        name: value
        for event in events
        if event["event"] == "finished"
        for name, value in event["outputs"].items()
    }
    assert made.items() <= result["outputs"].items(), "what was made so far is in the result"
    assert ("So far:" in stopped.err) is bool(made)
    let_time_pass(plain.states)
    again = plain.run("apply", "setup.toml", "--yes").told()
    assert again.exit == 0, again.err
    one_of_each(simulator.origin)


# --- simulate --------------------------------------------------------------------------------------------------


def test_a_port_in_use_is_told(runner: CliRunner, simulator: RunningSimulator) -> None:
    port = simulator.origin.rpartition(":")[2]
    said = _refused(runner.run("simulate", "--port", port), 1)
    assert f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Give another --port" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[[fault]]\naction = "explode"', "faults.toml: fault 1: action must be one of answer, hang"),
        ('[[fault]]\naction = "hang"\npaht = "/sites"', "faults.toml: fault 1: unknown key 'paht'"),
        ("[switches]\nfresh = 1", "faults.toml: switches: fresh must be true or false, not 1"),
        ("[[fault]\n", "faults.toml: Expected"),
        (None, "faults.toml: cannot be read: "),
    ],
    ids=["action", "key", "switch", "syntax", "missing"],
)
def test_a_wrong_file_of_faults_is_invalid(runner: CliRunner, content: str | None, words: str) -> None:
    if content is not None:
        runner.write(content, "faults.toml")
    assert words in _refused(runner.run("simulate", "--port", "0", "--faults", "faults.toml"), 6)


# --- Folders ---------------------------------------------------------------------------------------------------

UNMASKED = (
    sys.executable, "-c", "import os, sys; os.umask(0o777); os.execv(sys.argv[1], sys.argv[1:])", *BWTUI
)  # fmt: skip
"""A launcher that leaves nobody any right on what is made, also its owner."""


def test_a_umask_that_takes_the_owners_rights_does_not_lock_the_owner_out(connected: CliRunner) -> None:
    folder = connected.home / "new" / "folders"
    ended = connected.run(
        "apply", "setup.toml", "--yes", launcher=UNMASKED, BWTUI_STATE_DIR=str(folder / "states")
    ).told()
    assert ended.exit == 0, ended.err
    for made in (folder.parent, folder, folder / "states"):
        assert made.stat().st_mode & 0o777 == 0o700
    assert (folder / "states" / "default.json").stat().st_mode & 0o777 == 0o600
