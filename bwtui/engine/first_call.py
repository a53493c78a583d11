"""Reads the state of a first call, and the list of calls (bandwidth-api 9.1, 9.4)."""

from bwtui.api.client import ApiError, Client
from bwtui.api.wire import Node, many, text
from bwtui.domain.problem import Kind
from bwtui.domain.text import single_line
from bwtui.domain.trial import Attempt, Stage, Word, call_state
from bwtui.domain.trial_requests import CALLS, log_request, state_request


async def read_calls(client: Client, attempt: Attempt) -> tuple[tuple[Word, ...], bool]:
    """Return the calls between the two numbers, and true if these are all that one page has. Raises `ApiError`."""
    rows = many((await client.send(log_request(attempt))).document, CALLS)
    return tuple(_word(row) for row in rows if text(row, "callId")), True


async def read_call(client: Client, attempt: Attempt) -> Word | None:
    """Return the state of a call; `None` where it cannot be read yet, as right after it was made. Raises `ApiError`."""
    try:
        return _word((await client.send(state_request(attempt))).document)
    except ApiError as error:
        if error.problem.kind is Kind.NOT_FOUND:
            return None
        raise


def _word(row: Node) -> Word:
    cause = single_line(text(row, "disconnectCause"))
    stage = call_state(text(row, "state"), cause, was_answered=bool(text(row, "answerTime")))
    failed = stage is Stage.FAILED
    return Word(
        stage,
        text(row, "callId"),
        cause if failed else "",
        single_line(text(row, "errorMessage")) if failed else "",
    )
