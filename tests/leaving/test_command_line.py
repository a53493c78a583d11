"""Stopping a command with Ctrl+C, SIGTERM or SIGHUP: nothing is sent any more, and what was refused is not looked for as if it were under way."""

import re
import signal
import time

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, Completed, fault, held, one_of_each, writes
from support.waiting import wait_until

REFUSED = '[[fault]]\nmethod = "POST"\npath = "{}"\naction = "answer"\nstatus = 429\nheaders = {{ "Retry-After" = "8" }}'
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@pytest.mark.parametrize(("which", "code"), SIGNALS, ids=str)
def test_an_order_that_was_refused_for_the_rate_is_not_sent_after_a_signal(
    connected: CliRunner, simulator: RunningSimulator, which: signal.Signals, code: int
) -> None:
    fault(simulator, REFUSED.format("/accounts/*/orders"))
    process = connected.start("apply", "setup.toml", "--yes", "--json")
    wait_until(lambda: len(_orders(simulator)) == 1)
    process.send_signal(which)
    started = time.monotonic()
    out, err = process.communicate(timeout=20)
    ended = Completed(exit=process.returncode, out=out, err=err).told()
    assert ended.exit == code
    assert time.monotonic() - started < 7, "it does not wait until it would be allowed"
    assert len(_orders(simulator)) == 1
    assert not held(simulator.origin)["orders"]
    (last,) = [event for event in connected.state["events"] if event.get("step") == "number"][-1:]
    assert last["type"] == "failed"
    assert last["problem"]["status"] == 429
    again = connected.run("apply", "setup.toml", "--yes").told()
    assert again.exit == 0, again.err
    one_of_each(simulator.origin)


def _orders(simulator: RunningSimulator) -> list[str]:
    return [write for write in writes(simulator.origin) if write.endswith("/orders")]


def test_ctrl_c_while_a_request_hangs_is_told_how_long_it_may_take(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "hang"')
    process = connected.start("apply", "setup.toml", "--yes")
    wait_until(lambda: any(write.endswith("/sites") for write in writes(simulator.origin)))
    process.send_signal(signal.SIGINT)
    assert process.stderr
    told = None
    while not told:
        line = process.stderr.readline()
        assert line
        told = re.search(r"Stopping after the request under way, up to (\d+) s;", line)
    assert 50 < int(told[1]) <= 60
    process.kill()
    process.communicate()


def test_ctrl_c_while_nothing_is_under_way_ends_it_without_a_word_about_a_request(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, REFUSED.format("/accounts/*/sites"))
    process = connected.start("apply", "setup.toml", "--yes")
    assert process.stderr
    while "Waiting" not in (line := process.stderr.readline()):
        assert line
    wait_until(lambda: {"messaging_app", "voice_app"} <= _finished(connected))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Stopping; Ctrl+C again stops at once." in err


def _finished(runner: CliRunner) -> set[str]:
    return {event["step"] for event in runner.state["events"] if event["type"] == "finished"}
