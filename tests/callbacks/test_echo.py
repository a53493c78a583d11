"""An echo costs money: it is sent once for a message, and for none that could be forged, old, or an echo itself."""

from datetime import UTC, datetime

import pytest

from bwtui.callbacks.echo import MOST_ECHOES, PREFIX, Echo
from bwtui.callbacks.inbox import Received
from bwtui.domain.callbacks.callback_events import MessageEvent, UnknownEvent
from bwtui.domain.runs.problem import Kind, Problem, ProblemError

STARTED = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def message(
    text: str = "hello",
    id_: str = "m1",
    sent_at: str = "2026-11-29T12:00:01Z",
    type_: str = "message-received",
) -> MessageEvent:
    return MessageEvent(type_, id_, "+19845550100", "+19195551234", text=text, sent_at=sent_at)


def received(event: MessageEvent | UnknownEvent, *, authenticated: bool = True) -> Received:
    return Received(1, event, STARTED, authenticated, duplicate=False, size=1)


class Sent(list[tuple[str, str]]):
    async def __call__(self, event: MessageEvent, words: str) -> str:
        self.append((event.sender, words))
        return "sent-1"


async def test_an_incoming_message_is_answered_once_with_its_own_text() -> None:
    sent = Sent()
    echo = Echo(sent, STARTED)
    assert echo.claim(received(message())) == ""
    assert echo.claim(received(message())) == "it was answered before"  # while it is still being sent
    assert await echo.answer(message()) == "sent-1"
    assert sent == [("+19195551234", f"{PREFIX}hello")]


async def test_after_an_unclear_failure_it_is_not_sent_again() -> None:
    async def fail(_event: MessageEvent, _words: str) -> str:
        raise ProblemError(Problem("message.send", Kind.UNREACHABLE, "no answer", unclear=True))

    echo = Echo(fail, STARTED)
    assert echo.claim(received(message())) == ""
    with pytest.raises(ProblemError):
        await echo.answer(message())
    assert echo.claim(received(message())) == "it was answered before"


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (message(sent_at="2026-11-29T11:59:59Z"), "it is older than this listener"),
        (message(sent_at=""), "it is older than this listener"),
        (message(text=f"{PREFIX}hello"), "it is an echo itself"),
        (message(text=" "), "it has no text"),
        (message(type_="message-delivered"), "it is no incoming message"),
        (UnknownEvent(), "it is no incoming message"),
    ],
)
def test_what_must_not_be_answered_is_not(event: MessageEvent | UnknownEvent, why: str) -> None:
    assert Echo(Sent(), STARTED).claim(received(event)) == why


def test_what_came_without_credentials_is_not_answered() -> None:
    assert "anybody may have sent it" in Echo(Sent(), STARTED).claim(received(message(), authenticated=False))


def test_no_more_than_the_most_are_ever_sent() -> None:
    echo = Echo(Sent(), STARTED)
    assert not any(echo.claim(received(message(id_=str(number)))) for number in range(MOST_ECHOES))
    assert "which is the most" in echo.claim(received(message()))
