"""Looks for a first message in Bandwidth's message log (bandwidth-api 9.1)."""

from bwtui.api.client import Client
from bwtui.api.wire import Node, many, text
from bwtui.domain.text import single_line
from bwtui.domain.trial import Attempt, Word, message_status
from bwtui.domain.trial_requests import log_request


async def read_log(client: Client, attempt: Attempt) -> tuple[tuple[Word, ...], bool]:
    """Return the messages between the two numbers, and true if these are all. Raises `ApiError`."""
    document = (await client.send(log_request(attempt))).document
    words = tuple(
        _word(row) for row in many(document, "messages") if _is_outbound(row) and text(row, "messageId")
    )
    return words, not text(document, "pageInfo/nextPageToken")


def _is_outbound(row: Node) -> bool:
    return text(row, "messageDirection").upper() != "INBOUND"


def _word(row: Node) -> Word:
    code = text(row, "errorCode")
    return Word(
        message_status(text(row, "messageStatus")),
        text(row, "messageId"),
        "" if code == "0" else single_line(code),
    )
