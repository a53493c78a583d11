"""A live call from its first event to its last: the application is asked for BXML, and told of the end (universal-platform 7.3)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from bwtui.simulator import bxml, call_states, callbacks
from bwtui.simulator.bxml import BxmlError
from bwtui.simulator.callback_client import Reply, TooSlowError, UnreachableError
from bwtui.simulator.callbacks import Callback, Creds, LostError
from bwtui.simulator.outcomes import of_call
from bwtui.simulator.resources import Application, PhoneCall
from bwtui.simulator.simulated_account import SimulatedAccount, stamp

_USUAL_SECONDS: Final = 15
_SLICE: Final = 0.05
"""Seconds after which a waiting call notices that it was hung up."""


@dataclass(frozen=True, slots=True)
class _Address:
    """The URL that an event goes to, its method and credentials."""

    url: str
    method: str
    creds: Creds | None


async def run(account: SimulatedAccount, call: PhoneCall, note: Callable[[str], None]) -> None:
    """Take a call from its creation to its end; `note` is told of each thing that happens."""
    if call.direction == "outbound":
        await _ring(account, call)
    if call.ended is None:
        await _converse(account, call, note)
    note(f"call {call.id} disconnected: {call.cause}")
    await _tell_end(account, call)


async def _ring(account: SimulatedAccount, call: PhoneCall) -> None:
    """Let the phone ring; it is then answered, or not."""
    await _wait(account, call, call_states.RINGING_SECONDS)
    failure = of_call(call.details["to"])
    if failure is not None:
        call_states.end(account, call, failure)
    elif call.ended is None:
        call.answered = account.clock()


async def _converse(account: SimulatedAccount, call: PhoneCall, note: Callable[[str], None]) -> None:
    """Ask the application what to do with the call, and do it: no more is done than to speak and to hang up."""
    reply = await _ask(account, call)
    if call.ended is not None:
        return
    if reply is None:
        call_states.end(account, call, "callback-error", "The callback was not answered 2xx")
        return
    try:
        call.spoken = bxml.spoken(reply.body)
    except BxmlError as problem:
        call_states.end(account, call, "invalid-bxml", str(problem))
        return
    call.answered = call.answered or account.clock()
    for sentence in call.spoken:
        note(f"call {call.id} spoke: {sentence}")
    await _wait(account, call, account.switches.call_seconds)
    call_states.end(account, call, "hangup")


async def _wait(account: SimulatedAccount, call: PhoneCall, seconds: float) -> None:
    while seconds > 0 and call.ended is None:
        await account.sleep(min(seconds, _SLICE))
        seconds -= _SLICE


# --- Events ----------------------------------------------------------------------------------------------------


async def _ask(account: SimulatedAccount, call: PhoneCall) -> Reply | None:
    """Return the reply to the first event, from the application or its fallback; None if neither accepts it."""
    kind = "answer" if call.direction == "outbound" else "initiate"
    event = _event(account, call, kind)
    for address in _askable(account, call):
        reply = await _post(account, call, address, event)
        if reply is not None and 200 <= reply.status < 300:
            return reply
    return None


async def _tell_end(account: SimulatedAccount, call: PhoneCall) -> None:
    """Send the disconnect event, if there is an address for it; once more if there was no connection."""
    address = _end_address(account, call)
    if address is None:
        return
    event = {**_event(account, call, "disconnect"), "cause": call.cause, "endTime": stamp(call.ended or 0)}
    if call.error is not None:
        event |= {"errorMessage": call.error, "errorId": account.new_uuid("error")}
    await _post(account, call, address, event, is_repeated=True)


async def _post(
    account: SimulatedAccount,
    call: PhoneCall,
    address: _Address,
    event: Mapping[str, Any],
    *,
    is_repeated: bool = False,
) -> Reply | None:
    """Send an event and record the result, once more if `is_repeated` and there was no connection.

    None if no reply came.
    """
    name, reason = event["eventType"], callbacks.unreached(account, address.url)
    try:
        if reason is None:
            reply = await callbacks.send(account, _callback(account, call, address, event))
            call.callbacks.append(f"{name}: answered {reply.status}")
            return reply
    except (TooSlowError, LostError) as problem:
        reason = str(problem)
    except UnreachableError as problem:
        reason = f"failed: {problem}"
        if is_repeated:
            call.callbacks.append(f"{name}: {reason}")
            return await _post(account, call, address, event)
    call.callbacks.append(f"{name}: {reason}")
    return None


def _callback(
    account: SimulatedAccount, call: PhoneCall, address: _Address, event: Mapping[str, Any]
) -> Callback:
    seconds = _seconds(account, call)
    if address.method == "POST":
        return Callback(address.url, seconds, address.creds, body=json.dumps(event).encode())
    parts = urlsplit(address.url)
    query = "&".join(part for part in (parts.query, urlencode(event)) if part)
    return Callback(urlunsplit(parts._replace(query=query)), seconds, address.creds, method="GET")


def _event(account: SimulatedAccount, call: PhoneCall, kind: str) -> dict[str, Any]:
    details = call.details
    names = ("accountId", "applicationId", "from", "to")
    later = ("enqueuedTime", "tag")
    return {
        "eventType": kind,
        "eventTime": stamp(account.clock()),
        **{name: details[name] for name in names},
        "direction": call.direction,
        "callId": call.id,
        "callUrl": details["callUrl"],
        **{name: details[name] for name in later if name in details},
        "startTime": stamp(call.created),
        **({} if call.answered is None else {"answerTime": stamp(call.answered)}),
    }


# --- Addresses -------------------------------------------------------------------------------------------------


def _application(account: SimulatedAccount, call: PhoneCall) -> Application | None:
    return account.applications.get(call.details["applicationId"].lower())


def _seconds(account: SimulatedAccount, call: PhoneCall) -> float:
    """Return the time for an answer: the call's own, else the application's, else 15 s."""
    application = _application(account, call)
    given = application.fields.get("CallbackTimeout") if application else None
    return float(call.details.get("callbackTimeout") or given or _USUAL_SECONDS)


def _askable(account: SimulatedAccount, call: PhoneCall) -> list[_Address]:
    """Return the addresses that are asked for BXML: the usual one, then the fallback if there is one."""
    application, details = _application(account, call), call.details
    creds = application.creds if application else {}
    if call.direction == "outbound":
        own = call.creds or creds.get("CallbackCreds")
        names = ("answerUrl", "answerMethod"), ("answerFallbackUrl", "answerFallbackMethod")
        given, fallback = details, call.fallback_creds or own
    else:
        own = creds.get("CallbackCreds")
        names = (
            ("CallInitiatedCallbackUrl", "CallInitiatedMethod"),
            ("CallInitiatedFallbackUrl", "CallInitiatedFallbackMethod"),
        )
        given = dict(application.fields) if application else {}
        fallback = creds.get("CallInitiatedFallbackCreds") or own
    return [
        _Address(given[url], given.get(method) or "POST", pair)
        for (url, method), pair in zip(names, (own, fallback), strict=True)
        if given.get(url)
    ]


def _end_address(account: SimulatedAccount, call: PhoneCall) -> _Address | None:
    """Return where the end is told: the call's own URL, else the application's; None if there is neither."""
    application, details = _application(account, call), call.details
    creds = call.creds or (application.creds.get("CallbackCreds") if application else None)
    if "disconnectUrl" in details:
        return _Address(details["disconnectUrl"], details.get("disconnectMethod") or "POST", creds)
    fields = application.fields if application else {}
    if "CallStatusCallbackUrl" not in fields:
        return None
    return _Address(fields["CallStatusCallbackUrl"], fields.get("CallStatusMethod") or "POST", creds)
