"""Leaving at a question on the terminal: the terminal is as it was before, and nothing is sent."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, log, one_of_each
from support.pty_process import JOBS, Terminal, terminal
from support.waiting import wait_until

ENDINGS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)]
PROMPTS = ("Client secret of client ID demo", "Messaging application, callback password")


@contextmanager
def at_hidden_prompt(
    runner: CliRunner, question: str, *more: str, shell: tuple[str, ...] = ()
) -> Iterator[Terminal]:
    """Run bwtui until it asks for a secret and shows nothing of it."""
    if question.startswith("Client secret"):
        runner.environ = {
            name: runner.environ[name] for name in ("BW_ACCOUNT_ID", "BW_API_URL", "BW_CLIENT_ID")
        }
    else:
        runner.example(("[messaging_app]", '[messaging_app]\ncallback_user = "Your-User-id"'))
    with terminal(runner, "apply", "setup.toml", "--yes", *more, shell=shell) as shown:
        shown.expect(question)
        assert not shown.echoes
        yield shown


@pytest.mark.parametrize("question", PROMPTS)
@pytest.mark.parametrize(("which", "code"), ENDINGS, ids=str)
def test_a_signal_at_a_hidden_prompt_leaves_the_terminal_with_its_echo(
    connected: CliRunner, simulator: RunningSimulator, question: str, which: signal.Signals, code: int
) -> None:
    with at_hidden_prompt(connected, question) as shown:
        shown.process.send_signal(which)
        assert shown.end() == code
        assert shown.echoes
        assert "Stopped." in shown.screen()
    assert log(simulator.origin) == []


def test_a_signal_at_a_hidden_prompt_is_the_result_for_machines_too(connected: CliRunner) -> None:
    with at_hidden_prompt(connected, PROMPTS[0], "--json") as shown:
        shown.process.send_signal(signal.SIGTERM)
        assert shown.end() == 143
        shown.expect('"event": "result", "status": "interrupted"').expect('"exit": 143')


@pytest.mark.parametrize("question", PROMPTS)
def test_ctrl_z_at_a_hidden_prompt_gives_the_echo_back_and_hides_again_afterwards(
    connected: CliRunner, simulator: RunningSimulator, question: str
) -> None:
    with at_hidden_prompt(connected, question, shell=JOBS) as shown:
        for times in (1, 2):
            shown.type("half of it\x1a")
            shown.expect("[stopped]", times=times)
            assert shown.echoes
            shown.type("\r")
            shown.expect("[continued]", times=times)
            shown.expect(question, times=times + 1)
            assert not shown.echoes
        shown.type("demo-secret\r")
        assert shown.end() == 0
        assert shown.echoes
        assert "demo-secret" not in shown.text
        assert "half of it" not in shown.text
    one_of_each(simulator.origin)


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 6)], ids=["Ctrl+C", "Ctrl+D"])
@pytest.mark.parametrize("at", ["Client ID (OAuth2): ", PROMPTS[0]])
def test_leaving_at_a_prompt_sends_nothing_and_leaves_the_terminal_sane(
    connected: CliRunner, simulator: RunningSimulator, at: str, key: str, code: int
) -> None:
    connected.environ = {name: connected.environ[name] for name in ("BW_ACCOUNT_ID", "BW_API_URL")}
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        shown.expect("Client ID (OAuth2): ")
        if at == PROMPTS[0]:
            shown.type("demo\r")
            shown.expect(at)
            wait_until(lambda: not shown.echoes)
        shown.type(key)
        assert shown.end() == code
        assert shown.echoes
        assert "topped" in shown.screen()[-2] + shown.screen()[-3]
        assert shown.screen()[-1] == ""
    assert log(simulator.origin) == []
