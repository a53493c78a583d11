"""What `bwtui doctor` makes of callback URLs: what is certain stops, what is doubtful is told."""

import socket
from typing import Any, NoReturn

import pytest

from bwtui.domain.callbacks.callback_check import CallbackUrl, Fine
from bwtui.domain.doctor import State, outcome
from bwtui.domain.runs.problem import Kind
from bwtui.engine.doctor_callbacks import callback_lines
from support.guide import guide_answers


def unknown_to(error: int) -> Any:
    async def look_up(*_: object, **__: object) -> NoReturn:
        raise socket.gaierror(error, "as name servers say it")

    return look_up


@pytest.mark.parametrize(
    ("error", "name", "state", "kind"),
    [
        (socket.EAI_NONAME, "callback.resolves", State.STOPS, Kind.CONFLICT),
        (socket.EAI_AGAIN, "callback.answers", State.UNKNOWN, None),
    ],
)
async def test_a_host_that_does_not_exist_stops_and_trouble_with_name_servers_does_not(
    monkeypatch: pytest.MonkeyPatch, error: int, name: str, state: State, kind: Kind | None
) -> None:
    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", unknown_to(error))
    lines = await callback_lines(guide_answers(), is_simulated=False)
    assert {(line.name, line.state) for line in lines} == {(name, state)}
    assert {line.stops for line in lines} == ({"messages", "calls"} if state is State.STOPS else {""})
    assert outcome(lines) == kind


@pytest.mark.parametrize(
    ("host", "address", "state"),
    [
        ("192.168.1.7", "192.168.1.7", State.STOPS),
        ("localhost", "127.0.0.1", State.STOPS),
        ("server.example.dev", "10.0.0.7", State.UNKNOWN),
    ],
)
async def test_an_address_of_ones_own_network_stops_if_it_is_in_the_url_itself(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str, state: State
) -> None:
    async def look_up(*_: object, **__: object) -> object:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", look_up)
    url = f"https://{host}/callbacks"
    answers = guide_answers(
        messaging_app__callback_url=url, voice_app__call_initiated_url=url, voice_app__call_status_url=url
    )
    lines = await callback_lines(answers, is_simulated=False)
    assert {(line.name, line.state) for line in lines} == {("callback.public", state)}


async def test_no_password_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[CallbackUrl] = []

    async def check(callback: CallbackUrl, **_: object) -> Fine:
        tried.append(callback)
        return Fine("server.example.dev", untried=True)

    monkeypatch.setattr("bwtui.engine.doctor_callbacks.check_callback", check)
    await callback_lines(guide_answers(), is_simulated=False)
    assert [(callback.user != "", callback.password) for callback in tried] == [(True, None)] * 3


async def test_the_example_urls_of_a_simulated_account_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", unknown_to(socket.EAI_NONAME))
    (line,) = await callback_lines(guide_answers(), is_simulated=True)
    assert (line.name, line.state) == ("callback.any", State.UNKNOWN)
