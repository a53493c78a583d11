"""The part of `bwtui listen` that changes an account: it points callback URLs at itself and back, and answers a message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bwtui.api.callback_probe import Answer, NoAnswer, ask
from bwtui.callbacks.echo import SendText
from bwtui.connected_services import open_client
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answers
from bwtui.domain.runs.run import RunState
from bwtui.domain.values.documents import OnWait
from bwtui.engine.echo import send_back
from bwtui.engine.redirect import Redirector

_PATIENCE = 10.0
"""Seconds in which a public URL has to lead to the listener."""


@asynccontextmanager
async def redirector(
    login: Login, answers: Answers, run: RunState, *, on_wait: OnWait | None = None
) -> AsyncIterator[Redirector]:
    """Open what changes callback URLs of a setup's applications, for the time of the block. Raises `ProblemError`."""
    async with open_client(login, answers.base_url, None, on_wait) as client:
        yield Redirector(client, answers, run)


@asynccontextmanager
async def text_sender(login: Login, answers: Answers) -> AsyncIterator[SendText]:
    """Open what sends a text back to the sender of a message, for the time of the block."""
    async with open_client(login, answers.base_url, None, None) as client:
        yield partial(send_back, client, answers.account_id)


async def wrong_with_tunnel(public_url: str, path: str, answer: str) -> str:
    """Ask for a path of a public URL; return the reason why it does not lead to who gives this answer, or nothing."""
    found = await ask("GET", f"{public_url.rstrip('/')}{path}", seconds=_PATIENCE)
    match found:
        case NoAnswer(because=because):
            return because
        case Answer(body=body) if body == answer.encode():
            return ""
        case Answer(status=status):
            return f"something else answers there, with {status}"
