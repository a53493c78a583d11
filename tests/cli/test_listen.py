"""`bwtui listen`: what Bandwidth posts is answered at once and shown as it came."""

import json
import signal
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answers
from bwtui.domain.callbacks.redirect import WayBack
from bwtui.domain.values.secret import Secret
from bwtui.listener_services import redirector
from bwtui.simulator.resources import Application
from bwtui.simulator.server import RunningSimulator
from bwtui.store.listener_file import read_listener
from bwtui.store.state import StateFile
from support.cli_runner import CliRunner, fault, held, writes
from support.guide import let_time_pass
from support.listening import CALL, MESSAGE, Listen, free_port, listener_file, post

PASSWORDS = {
    "BWTUI_MESSAGING_CALLBACK_PASSWORD": "message-password",
    "BWTUI_VOICE_CALLBACK_PASSWORD": "voice-password",
}


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def test_without_a_setup_it_shows_message_events_and_calls_just_as_they_came(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        assert post(f"{listen.url}/any/path", [MESSAGE, {**MESSAGE, "to": "+19195550000"}])[0] == 200
        first, second = listen.next(), listen.next()
        assert (first["kind"], first["type"], first["duplicate"]) == ("message", "message-delivered", False)
        assert first["body"] == MESSAGE
        assert second["body"]["to"] == "+19195550000"
        status, headers, body = post(f"{listen.url}/x", CALL)
        assert (status, headers["content-type"]) == (200, "application/xml")
        assert [child.tag for child in fromstring(body)] == ["SpeakSentence"]
        assert listen.next()["body"] == CALL


def test_a_call_may_be_asked_about_by_get_and_ends_without_bxml(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        status, _, body = post(
            f"{listen.url}/v?eventType=answer&callId=c-9&to=%2B19195551234", None, method="GET"
        )
        assert (status, fromstring(body).tag) == (200, "Response")
        assert listen.next()["body"] == {"eventType": "answer", "callId": "c-9", "to": "+19195551234"}
        assert post(listen.url, {**CALL, "eventType": "disconnect", "cause": "busy"})[0] == 204
        assert listen.next()["body"]["cause"] == "busy"


def test_a_get_is_shown_as_it_came_with_empty_parameters_and_with_too_many(runner: CliRunner) -> None:
    many = "eventType=answer&" + "&".join(f"p{number}=" for number in range(300))
    with Listen(runner) as listen:
        assert post(f"{listen.url}/v?eventType=answer&callId=c-9&tag=", None, method="GET")[0] == 200
        assert listen.next()["body"] == {"eventType": "answer", "callId": "c-9", "tag": ""}
        assert post(f"{listen.url}/v?{many}", None, method="GET")[0] == 200
        assert many in str(listen.next())


def test_what_is_to_be_said_is_said_whatever_characters_it_has(runner: CliRunner) -> None:
    with Listen(runner, "--say", "Tom & <b>Jerry</b> \x07 “hello”") as listen:
        body = post(listen.url, CALL)[2]
    (sentence,) = fromstring(body)
    assert sentence.text == "Tom & <b>Jerry</b> “hello”"


def test_a_repeated_event_is_shown_and_told_as_one(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        for event in (MESSAGE, MESSAGE, CALL, CALL, {"new": "kind"}, {"new": "kind"}):
            post(listen.url, event)
        told = [listen.next()["duplicate"] for _ in range(6)]
    assert told == [False, True, False, True, False, False]


def test_looking_is_answered_and_shows_nothing(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        assert post(listen.url, None, method="GET")[0] == 200
        assert post(listen.url, None, method="HEAD")[0] == 200
        assert post(f"{listen.url}/.bwtui/health", None, method="GET")[0] == 200
        assert post(listen.url, b"", method="DELETE")[0] == 405
        listen.end()
    assert [event["event"] for event in listen.events] == ["ready", "result"]


@pytest.mark.parametrize(
    ("which", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_it_and_takes_its_file_away(
    runner: CliRunner, which: signal.Signals, code: int
) -> None:
    with Listen(runner) as listen:
        assert listener_file(runner.states)["port"] == listen.ready["port"]
        listen.end(which)
    assert (listen.process.returncode, listen.events[-1]["exit"]) == (code, code)
    assert not (runner.states / "default.listener.json").exists()


def test_a_second_listener_is_refused_and_the_first_goes_on(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        second = runner.run("listen", "--port", "0").told()
        assert second.exit == 4
        assert f"process {listen.process.pid} on port {listen.ready['port']}" in second.err
        assert post(listen.url, MESSAGE)[0] == 200


def test_a_port_in_use_is_told_in_words(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        refused = runner.run("listen", "--port", str(listen.ready["port"]), "--state-dir", "other").told()
    assert refused.exit == 1
    assert "Address already in use. Give another --port or --host." in refused.err


# --- The feed ----------------------------------------------------------------------------------------------------


def test_the_feed_gives_events_to_who_has_the_token_and_to_nobody_else(runner: CliRunner) -> None:
    with Listen(runner) as listen:
        post(listen.url, MESSAGE)
        shown = listen.next()
        found = read_listener(runner.states, "default")
        assert found
        feed = f"{found.url}/.bwtui/events?after=0"
        right = {"Authorization": f"Bearer {found.token}"}
        status, _, body = post(feed, None, right, method="GET")
        assert status == 200
        assert json.loads(body) == {**shown, "seq": 1}
        assert post(feed, None, method="GET")[0] == 404
        assert post(feed, None, {"Authorization": "Bearer x"}, method="GET")[0] == 404
        assert post(feed, None, {**right, "Host": "tunnel.example.com"}, method="GET")[0] == 404
    assert read_listener(runner.states, "default") is None


# --- Callback credentials ----------------------------------------------------------------------------------------


@pytest.fixture
def guarded(connected: CliRunner) -> CliRunner:
    """A setup whose applications have callback credentials."""
    answers = (connected.home / "setup.toml").read_text("utf-8")
    answers = answers.replace("# callback_user", "callback_user")
    connected.write(answers)
    connected.environ |= PASSWORDS
    done = connected.run("apply", "setup.toml", "--yes").told()
    assert done.exit == 0, done.err
    return connected


def test_only_the_right_credentials_bring_an_event_in(guarded: CliRunner) -> None:
    with Listen(guarded) as listen:
        status, headers, _ = post(listen.url, MESSAGE)
        assert (status, headers["www-authenticate"]) == (401, 'Basic realm=""')
        for wrong in (("Your-User-id", "voice-password"), ("Your-User-id", ""), ("", "message-password")):
            assert post(listen.url, MESSAGE, basic(*wrong))[0] == 401
        assert post(listen.url, MESSAGE, {"Authorization": "Bearer message-password"})[0] == 401
        assert post(listen.url, MESSAGE, {"Authorization": "Basic ***"})[0] == 401
        assert post(listen.url, CALL, basic("Your-User-id", "message-password"))[0] == 401
        assert post(listen.url, [MESSAGE, {"odd": 1}], basic("Your-User-id", "message-password"))[0] == 200
        assert listen.next()["authenticated"] is True
        assert post(listen.url, CALL, basic("Your-User-id", "voice-password"))[0] == 200
        listen.end()
    assert [event["kind"] for event in listen.events if event["event"] == "callback"] == [
        "message",
        "unknown",
        "voice",
    ]


def test_a_password_that_is_missing_is_asked_for_by_the_name_of_its_variable(guarded: CliRunner) -> None:
    del guarded.environ["BWTUI_VOICE_CALLBACK_PASSWORD"]
    refused = guarded.run("listen", "--port", "0").told()
    assert refused.exit == 6
    assert "set BWTUI_VOICE_CALLBACK_PASSWORD to it" in refused.err


def test_an_incoming_message_is_echoed_once_where_that_was_asked_for(
    guarded: CliRunner, simulator: RunningSimulator
) -> None:
    state = held(simulator.origin)
    number = f"+1{state['numbers'][0]['tn']}"
    application = next(app["id"] for app in state["applications"] if app["service_type"] == "Messaging-V2")
    with Listen(guarded, "--echo") as listen:
        now = datetime.now(UTC).isoformat()
        content = {"id": "in-1", "applicationId": application, "time": now, "to": [number], "from": "+19195551234",
                   "text": "hello", "direction": "in"}  # fmt: skip
        event = {"type": "message-received", "time": now, "to": number, "description": "", "message": content}
        for _ in range(3):
            assert post(listen.url, [event], basic("Your-User-id", "message-password"))[0] == 200
        assert listen.next("echoed")["message"] == "in-1"
        listen.end()
    assert "costs money" in listen.err
    sent = [write for write in writes(simulator.origin) if write.endswith("/messages")]
    assert len(sent) == 1


def test_an_echo_is_refused_where_anybody_could_make_it_send(set_up: CliRunner) -> None:
    refused = set_up.run("listen", "--port", "0", "--echo").told()
    assert refused.exit == 6
    assert "needs callback credentials" in refused.err


def test_no_password_is_written_anywhere(guarded: CliRunner) -> None:
    with Listen(guarded) as listen:
        post(listen.url, MESSAGE, basic("Your-User-id", "message-password"))
        files = b"".join(path.read_bytes() for path in guarded.states.iterdir())
        listen.end()
    assert b"message-password" not in files
    assert "message-password" not in json.dumps(listen.events) + listen.err


# --- The account's URLs point here -------------------------------------------------------------------------------


@pytest.fixture
def set_up(connected: CliRunner) -> CliRunner:
    done = connected.run("apply", "setup.toml", "--yes").told()
    assert done.exit == 0, done.err
    return connected


def urls(simulator: RunningSimulator) -> list[dict[str, Any]]:
    applications = held(simulator.origin)["applications"]
    return [
        {name: value for name, value in application["fields"].items() if name.endswith("Url")}
        for application in applications
    ]


def voice_of(simulator: RunningSimulator) -> Application:
    return next(app for app in simulator.account.applications.values() if app.service_type == "Voice-V2")


def test_the_urls_point_here_while_it_listens_and_back_afterwards(
    set_up: CliRunner, simulator: RunningSimulator
) -> None:
    before = urls(simulator)
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    with Listen(set_up, "--public-url", public, "--yes", port=port) as listen:
        assert listen.ready["urls"]["messaging"] == f"{public}/callbacks"
        assert {url for app in urls(simulator) for url in app.values()} == {
            f"{public}/callbacks", f"{public}/callbacks/init", f"{public}/callbacks/status",
        }  # fmt: skip
        let_time_pass(set_up.states)
        status = set_up.run("status").told()
        assert f"bwtui listen has pointed the callback URLs at {public}" in status.err
        verified = set_up.run("verify").told()
        assert verified.exit != 0
        assert "The old ones come back when it ends" in verified.err
        applied = set_up.run("apply", "setup.toml", "--yes").told()
        assert applied.exit == 4
        listen.end()
    assert listen.process.returncode == 130
    assert urls(simulator) == before
    assert set_up.run("verify").told().exit == 0
    assert set_up.run("listen", "--restore").told().exit == 0


def test_nothing_is_changed_without_a_yes_or_where_the_url_leads_elsewhere(
    set_up: CliRunner, simulator: RunningSimulator
) -> None:
    before = urls(simulator)
    port = free_port()
    unasked = set_up.run("listen", "--port", str(port), "--public-url", f"http://127.0.0.1:{port}").told()
    assert unasked.exit == 6
    assert "Add --yes" in unasked.err
    assert f"→ http://127.0.0.1:{port}/callbacks/init" in unasked.err.replace("\n", " ")
    elsewhere = set_up.run("listen", "--port", "0", "--yes", "--public-url", simulator.origin).told()
    assert elsewhere.exit == 5
    assert "does not lead to this listener: something else answers there" in elsewhere.err
    nobody = set_up.run(
        "listen", "--port", "0", "--yes", "--public-url", f"http://127.0.0.1:{free_port()}"
    ).told()
    assert nobody.exit == 5
    assert "nothing listens there" in nobody.err
    assert urls(simulator) == before


def test_a_url_that_somebody_has_changed_meanwhile_is_left_and_said(
    set_up: CliRunner, simulator: RunningSimulator
) -> None:
    before = urls(simulator)
    port = free_port()
    with Listen(set_up, "--public-url", f"http://127.0.0.1:{port}", "--yes", port=port) as listen:
        voice_of(simulator).fields["CallStatusCallbackUrl"] = "https://colleague.example/status"
        listen.end()
    assert "somebody has set https://colleague.example/status meanwhile" in listen.err.replace("\n", " ")
    changed = {"CallStatusCallbackUrl": "https://colleague.example/status"}
    assert urls(simulator) == [app | changed if "CallStatusCallbackUrl" in app else app for app in before]


def test_callback_credentials_are_never_sent_to_plain_http(
    guarded: CliRunner, simulator: RunningSimulator
) -> None:
    before = urls(simulator)
    port = free_port()
    public = ("--public-url", f"http://127.0.0.1:{port}")
    refused = guarded.run("listen", "--port", str(port), *public, "--yes").told()
    assert refused.exit == 6
    assert "give --public-url an https URL" in refused.err.replace("\n", " ")
    assert urls(simulator) == before


async def test_a_colleagues_fields_and_the_callback_password_survive_there_and_back(
    guarded: CliRunner, simulator: RunningSimulator
) -> None:
    setup = StateFile(guarded.states).load()
    assert setup
    applications = simulator.account.applications
    before = urls(simulator)
    credentials = {id_: dict(app.creds) for id_, app in applications.items()}
    assert all(credentials.values())
    login = Login(oauth=True, user="demo", secret=Secret("demo-secret"))
    async with redirector(login, Answers(setup.answers), setup.run) as api:
        redirection = await api.plan("https://tunnel.example.dev")
        for redirect in redirection.redirects:
            await api.point(redirect)
        assert urls(simulator) != before
        for app in applications.values():
            app.fields["AppName"] += ", renamed"
        ways = [(await api.bring_back(each, certain=True)).way for each in redirection.redirects]
    assert ways == [WayBack.RESTORED, WayBack.RESTORED]
    assert urls(simulator) == before
    assert {id_: dict(app.creds) for id_, app in applications.items()} == credentials
    assert all(app.name.endswith(", renamed") for app in applications.values())


def test_killed_and_started_again_it_first_puts_the_old_urls_back(
    set_up: CliRunner, simulator: RunningSimulator
) -> None:
    before = urls(simulator)
    port = free_port()
    with Listen(set_up, "--public-url", f"http://127.0.0.1:{port}", "--yes", port=port) as listen:
        listen.end(signal.SIGKILL)
    assert urls(simulator) != before
    told = set_up.run("status").told()
    assert "bwtui listen --restore does that" in told.err.replace("\n", " ")
    assert told.exit == 1, "callbacks go nowhere"
    with Listen(set_up):
        assert urls(simulator) == before


def test_while_its_urls_are_not_back_verify_says_how_and_teardown_removes_nothing(
    set_up: CliRunner, simulator: RunningSimulator
) -> None:
    port = free_port()
    with Listen(set_up, "--public-url", f"http://127.0.0.1:{port}", "--yes", port=port) as listen:
        listen.end(signal.SIGKILL)
    let_time_pass(set_up.states)
    verified = set_up.run("verify").told()
    told = " ".join(verified.err.split())
    assert "To put the callback URLs back: bwtui listen --restore" in told
    assert "run apply again" not in told
    assert "Nobody answers them" in told
    before = writes(simulator.origin)
    left = set_up.run("teardown", "--yes", "--release-numbers", "--json").told()
    assert (left.exit, left.result["status"]) == (4, "conflict")
    assert "bwtui listen --restore does that" in left.err.replace("\n", " ")
    assert "Nothing was removed" in left.err
    assert writes(simulator.origin) == before
    assert set_up.run("listen", "--restore").told().exit == 0
    assert set_up.run("teardown", "--yes", "--release-numbers").told().exit == 0


def test_where_the_old_urls_cannot_be_put_back_they_are_not_written_over(
    set_up: CliRunner, simulator: RunningSimulator
) -> None:
    before = urls(simulator)
    port = free_port()
    public = ("--public-url", f"http://127.0.0.1:{port}", "--yes")
    with Listen(set_up, *public, port=port) as listen:
        listen.end(signal.SIGKILL)
    fault(
        simulator,
        '[[fault]]\nmethod = "PATCH"\npath = "/accounts/*/applications/*"\naction = "answer"\nstatus = 403\ntimes = 0\n',
    )
    refused = set_up.run("listen", "--port", str(port), *public).told()
    assert refused.exit != 0
    assert urls(simulator) != before
    fault(simulator, "")
    assert set_up.run("listen", "--restore").told().exit == 0
    assert urls(simulator) == before
