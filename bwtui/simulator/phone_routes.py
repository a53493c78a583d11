"""A phone: what it would do to the account's numbers is asked for under /_simulator/inbound."""

import json
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bwtui.simulator import deliveries, inbound_calls, inbound_messages, order_fulfilment
from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.simulated_account import SimulatedAccount

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_HIDDEN = frozenset({"Private", "Restricted", "Unavailable", "Anonymous"})
_NOBODY = "no application in the account answers that number"


def routes(account: SimulatedAccount, saved: AccountFile | None) -> list[Route]:
    def start() -> None:
        account.effects.clear()  # they would be logged with the next request
        deliveries.start(account, _unheard, keep)
        keep()

    def keep() -> None:
        if saved:
            saved.save(account)

    async def message(request: Request) -> Response:
        """Take a message: `from`, `to`, `text`."""
        fields = _texts(await request.body(), "from", "to", "text")
        if not _E164.fullmatch(fields["from"]) or not _E164.fullmatch(fields["to"]) or not fields["text"]:
            return _refused(400, "from and to must be telephone numbers in E.164, text must be a text")
        order_fulfilment.settle(account)
        message_id = inbound_messages.receive(account, fields["from"], fields["to"], fields["text"])
        start()
        return JSONResponse({"messageId": message_id}, 202) if message_id else _refused(409, _NOBODY)

    async def call(request: Request) -> Response:
        """Take a call: `from`, which may also be a word for a hidden number, and `to`."""
        fields = _texts(await request.body(), "from", "to")
        caller = fields["from"]
        if not (_E164.fullmatch(caller) or caller in _HIDDEN) or not _E164.fullmatch(fields["to"]):
            return _refused(400, "from and to must be telephone numbers in E.164")
        order_fulfilment.settle(account)
        base = f"{request.url.scheme}://{request.url.netloc}/api/v2"
        call_id = inbound_calls.receive(account, caller, fields["to"], base)
        start()
        return JSONResponse({"callId": call_id}, 201) if call_id else _refused(409, _NOBODY)

    return [
        Route("/_simulator/inbound/message", message, methods=["POST"]),
        Route("/_simulator/inbound/call", call, methods=["POST"]),
    ]


def _texts(body: bytes, *names: str) -> dict[str, str]:
    """Return the texts of a JSON object by name, each empty if it is not there."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    given = found if isinstance(found, dict) else {}
    return {name: given[name] if isinstance(given.get(name), str) else "" for name in names}


def _refused(status: int, words: str) -> Response:
    return JSONResponse({"error": words}, status)


def _unheard(words: str) -> None:
    """Nothing is logged of a phone's own doing; /_simulator/state shows it."""
