"""Reads the state of a first call, and the list of calls (bandwidth-api 9.1, 9.4)."""

from bwtui.api.client import ApiError, Client
from bwtui.api.wire import Node, many, text
from bwtui.domain.runs.problem import Kind
from bwtui.domain.trials.trial import Attempt, Listed, Stage, Word, call_state
from bwtui.domain.trials.trial_requests import CALLS, log_request, state_request
from bwtui.domain.values.stamps import seconds_of
from bwtui.domain.values.text import single_line


async def read_calls(client: Client, attempt: Attempt) -> Listed:
    """Return the calls between the two numbers that one page has. Raises `ApiError`."""
    reply = await client.send(log_request(attempt))
    rows = many(reply.document, CALLS)
    words = tuple(_word(row) for row in rows if text(row, "callId"))
    return Listed(words, is_all=True, read_at=reply.date)


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
    moments = (seconds_of(text(row, name)) for name in ("enqueuedTime", "startTime"))
    times = [at for at in moments if at is not None]
    return Word(
        stage,
        text(row, "callId"),
        cause if failed else "",
        single_line(text(row, "errorMessage")) if failed else "",
        min(times, default=None),
    )
