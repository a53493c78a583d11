"""Looks for a first message in Bandwidth's message log (bandwidth-api 9.1)."""

from bwtui.api.client import Client
from bwtui.api.wire import Node, many, text
from bwtui.domain.trials.trial import Attempt, Listed, Word, message_status
from bwtui.domain.trials.trial_requests import log_request
from bwtui.domain.values.stamps import seconds_of
from bwtui.domain.values.text import single_line


async def read_log(client: Client, attempt: Attempt) -> Listed:
    """Return the messages between the two numbers. Raises `ApiError`."""
    reply = await client.send(log_request(attempt))
    document = reply.document
    words = tuple(
        _word(row) for row in many(document, "messages") if _is_outbound(row) and text(row, "messageId")
    )
    return Listed(words, is_all=not text(document, "pageInfo/nextPageToken"), read_at=reply.date)


def _is_outbound(row: Node) -> bool:
    return text(row, "messageDirection").upper() != "INBOUND"


def _word(row: Node) -> Word:
    code = text(row, "errorCode")
    return Word(
        message_status(text(row, "messageStatus")),
        text(row, "messageId"),
        "" if code == "0" else single_line(code),
        at=seconds_of(text(row, "receiveTime")),
    )
