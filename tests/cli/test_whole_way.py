"""The whole way on the wire: simulator, tunnel, listener with callback credentials, and what is tried follows by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from support.cli_runner import OAUTH, CliRunner, Completed, fault, held
from support.guide import let_time_pass
from support.listening import Listen, free_port

TO = "+19195557777"
PASSWORDS = {
    "BWTUI_MESSAGING_CALLBACK_PASSWORD": "message-password",
    "BWTUI_VOICE_CALLBACK_PASSWORD": "voice-password",
}
CAMPAIGN = ('# id = "C1A2B3C"', 'id = "CDEMO01"')
USER = ('# callback_user = "Your-User-id"', 'callback_user = "Your-User-id"')
NO_LOG = '[[fault]]\nmethod = "GET"\npath = "/users/*/messages"\naction = "answer"\nstatus = 503\n'


@dataclass(frozen=True, kw_only=True)
class Way:
    """A simulator as a process whose callbacks for any host come to `port`, and a runner for its account."""

    runner: CliRunner
    origin: str
    port: int

    def set_up(self, *changes: tuple[str, str]) -> None:
        self.runner.example(*changes)
        assert self.runner.run("apply", "setup.toml", "--yes").told().exit == 0
        let_time_pass(self.runner.states)

    def attempt(self, kind: str, *more: str) -> Completed:
        return self.runner.run("try", kind, "--to", TO, *more, "--yes", "--json").told()


@pytest.fixture
def way(runner: CliRunner) -> Iterator[Way]:
    port = free_port()
    with runner.start("simulate", "--port", "0", "--tunnel", f"http://127.0.0.1:{port}") as process:
        assert process.stdout
        base_url = process.stdout.readline().split()[-1]
        runner.environ |= {"BW_ACCOUNT_ID": "9900000", "BW_API_URL": base_url, **OAUTH, **PASSWORDS}
        yield Way(runner=runner, origin=base_url.removesuffix("/api"), port=port)
        process.terminate()


def words(ended: Completed) -> list[dict[str, Any]]:
    return [event for event in ended.events if event["event"] == "word"]


def test_events_come_through_the_tunnel_with_credentials_and_what_is_tried_follows_by_them(way: Way) -> None:
    way.set_up(USER, CAMPAIGN)
    with Listen(way.runner, port=way.port) as listen:
        assert listen.ready["port"] == way.port
        fault(way, NO_LOG)
        message = way.attempt("message")
        assert (message.exit, message.result["status"]) == (0, "delivered"), message.out
        assert {word["source"] for word in words(message)} == {"listener"}, "the log could not be read"
        shown = listen.next()
        while shown["type"] != "message-delivered":
            shown = listen.next()
        assert (shown["kind"], shown["authenticated"], shown["duplicate"]) == ("message", True, False)
        assert shown["body"]["message"]["id"] == message.result["id"]

        call = way.attempt("call")
        assert (call.exit, call.result["status"]) == (0, "answered"), call.out
        while shown["type"] != "disconnect":
            shown = listen.next()
        assert (shown["kind"], shown["authenticated"]) == ("voice", True)
        assert shown["body"]["callId"] == call.result["id"]
    assert {event["authenticated"] for event in listen.events if event["event"] == "callback"} == {True}


def test_the_sentence_of_a_trial_call_is_spoken_by_the_listener_that_the_public_url_leads_to(
    way: Way,
) -> None:
    way.set_up()
    public_url = f"http://127.0.0.1:{way.port}"
    sentence = "Tom & Jerry say <hello>; 100 % sure?"
    with Listen(way.runner, "--public-url", public_url, "--yes", port=way.port):
        ended = way.attempt("call", "--say", sentence)
        assert (ended.exit, ended.result["status"]) == (0, "answered"), ended.out
        (call,) = held(way.origin)["calls"]
        assert call["spoken"] == [sentence]


def test_without_its_password_a_listener_takes_no_event(way: Way) -> None:
    way.set_up(USER, CAMPAIGN)
    way.runner.environ["BWTUI_MESSAGING_CALLBACK_PASSWORD"] = "another"
    with Listen(way.runner, port=way.port) as listen:
        assert way.attempt("message").result["status"] == "delivered", "the log says so"
        listen.end()
    assert not [event for event in listen.events if event["event"] == "callback"]
