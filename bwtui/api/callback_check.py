"""Try a callback URL as Bandwidth would, step by step, until something is wrong."""

import json
from urllib.parse import urlsplit

import httpx

from bwtui.api.auth import basic_header
from bwtui.api.callback_probe import (
    LARGEST_ANSWER,
    Answer,
    NoAnswer,
    addresses_of,
    ask,
    uses_proxy,
)
from bwtui.api.wire import parse
from bwtui.domain.callbacks.callback_check import (
    AsksForNoCredentials,
    BadTls,
    CallbackOutcome,
    CallbackUrl,
    Fine,
    NoBxml,
    NotAnswered,
    NotPublic,
    Unresolved,
)
from bwtui.domain.values.hosts import is_on_the_internet


async def check_callback(
    callback: CallbackUrl, *, may_be_private: bool = False, transport: httpx.AsyncBaseTransport | None = None
) -> CallbackOutcome:
    """Resolve the host, post a sample event, and judge the answer; the credentials go to this host and no other.

    `may_be_private` lets a host be on this machine, where the account is simulated.
    """
    host = urlsplit(callback.url).hostname or callback.url
    if transport is None and not uses_proxy(callback.url):
        addresses = await addresses_of(callback.url)
        if isinstance(addresses, NoAnswer):
            return _judge(callback, host, addresses)
        if not addresses:
            return Unresolved(host)
        private = next((address for address in addresses if not is_on_the_internet(address)), "")
        if private and not may_be_private:
            return NotPublic(host, private)
    first = await _post(callback, {}, transport)
    if isinstance(first, NoAnswer) or not callback.user:
        return _judge(callback, host, first)
    if first.status != 401:
        wrong = _judge(callback, host, first)
        return AsksForNoCredentials(host) if isinstance(wrong, Fine) else wrong
    if not first.challenge.casefold().startswith("basic"):
        return AsksForNoCredentials(host, loses_events=True)
    if callback.password is None:
        return Fine(host, untried=True)
    header = basic_header(callback.user, callback.password)
    answered = _judge(callback, host, await _post(callback, {"Authorization": header.reveal()}, transport))
    return Fine(host, accepted=True) if isinstance(answered, Fine) else answered


async def _post(
    callback: CallbackUrl, headers: dict[str, str], transport: httpx.AsyncBaseTransport | None
) -> Answer | NoAnswer:
    return await ask(
        "POST", callback.url,
        seconds=callback.seconds,
        content=json.dumps(callback.sample).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", **headers},
        transport=transport,
    )  # fmt: skip


def _judge(callback: CallbackUrl, host: str, answer: Answer | NoAnswer) -> CallbackOutcome:
    if isinstance(answer, NoAnswer):
        if answer.bad_tls:
            return BadTls(host, answer.because)
        return NotAnswered(host, answer.because, callback.seconds)
    if not 200 <= answer.status < 300:
        return NotAnswered(host, _status_told(callback, answer.status), callback.seconds)
    if callback.answers_calls and (wrong := _wrong_with_bxml(answer.body)):
        return NoBxml(host, wrong)
    return Fine(host)


def _status_told(callback: CallbackUrl, status: int) -> str:
    if status == 401 and not callback.user:
        return "it asks for credentials (401), and the application has none"
    if status == 401:
        return "it refused the callback credentials (401)"
    if 300 <= status < 400:
        return f"it sends on to another URL ({status}); give the final one"
    return f"it answered {status}"


def _wrong_with_bxml(body: bytes) -> str:
    """Return what is wrong with an answer to a call; empty if it is BXML."""
    if not body.strip():
        return "the answer is empty"
    if len(body) > LARGEST_ANSWER:
        return "the answer is longer than 64 KB"
    try:
        document = parse(body)
    except ValueError:
        return "the answer is no well-formed XML"
    root = next(iter(document), "")
    return "" if root == "Response" else f"its root is <{root}>"
