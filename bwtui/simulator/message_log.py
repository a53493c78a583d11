"""The list of messages, which also tells what became of each (universal-platform 7.1)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.json_api import JsonErrorResponse
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp

_UNDERWAY = ("QUEUED", "SENDING", "SENT")
"""The statuses of an accepted message, each for a third of the time until its outcome."""
_TIMES = frozenset({"created", "due"})
"""The keys of an entry beside the fields of the API: when the message was accepted, and when its outcome is known."""


def keep_sent(
    account: SimulatedAccount, message: Mapping[str, Any], index: int, error: int | None, *, is_moving: bool
) -> None:
    """Keep the entry of one recipient; if the message is not moving, it stays RECEIVED for ever.

    What the list says of a message from an unlinked location is not told; here it says nothing of an outcome.
    """
    seconds = account.switches.delivery_seconds if is_moving else None
    shown = {
        "sourceTn": message["from"],
        "destinationTn": message["to"][index],
        "messageStatus": "DELIVERED" if error is None else "FAILED",
        "messageDirection": "OUTBOUND",
        **({} if error is None else {"errorCode": error}),
    }
    _keep(account, message, index, shown, seconds=seconds)


def keep_received(account: SimulatedAccount, message: Mapping[str, Any], after: float) -> None:
    """Keep the entry of an inbound message, which arrives after so many seconds."""
    shown = {
        "sourceTn": message["from"],
        "destinationTn": message["owner"],
        "messageStatus": "RECEIVED",
        "messageDirection": "INBOUND",
    }
    _keep(account, message, 0, shown, seconds=0, after=after)


def _keep(
    account: SimulatedAccount,
    message: Mapping[str, Any],
    index: int,
    shown: dict[str, Any],
    *,
    seconds: float | None,
    after: float = 0,
) -> None:
    number = account.numbers.get(last_ten(message["owner"]) or "")
    now = account.clock() + after
    account.messages[f"{message['id']}/{index}"] = {
        "messageId": message["id"],
        "accountId": account.settings.account_id,
        **shown,
        "messageType": "mms" if message.get("media") else "sms",
        "segmentCount": message["segmentCount"],
        "receiveTime": stamp(now),
        "recipientCount": len(message["to"]),
        **({} if number is None else {"location": number.peer_id}),
        "created": now,
        "due": None if seconds is None else now + seconds,
    }


def search(request: ApiRequest) -> ApiResponse:
    """List messages that match all filters, one for each recipient, without text; at least one filter is required."""
    if not any(name in _FILTERS or name in {"fromdatetime", "todatetime"} for name in request.query):
        words = "At least one query parameter is required"
        raise JsonErrorResponse(400, "bad-request", words)
    since, until = request.query.get("fromdatetime", ""), request.query.get("todatetime", "~")
    found = [
        kept
        for kept in _shown(request.account)
        if since <= kept["receiveTime"] <= until
        and all(
            _matches(kept, key, request.query[name])
            for name, key in _FILTERS.items()
            if name in request.query
        )
    ]
    size = min(whole(request.query.get("limit")) or 100, 1000)
    start = whole(request.query.get("pagetoken")) or 0
    info = {}
    if start + size < len(found):
        query = urlencode({**request.query, "pageToken": start + size})
        info = {"nextPage": f"{request.base}{request.path}?{query}", "nextPageToken": str(start + size)}
    shown = found[start : start + size]
    return ApiResponse(200, {"totalCount": len(found), "pageInfo": info, "messages": shown})


_FILTERS = {
    "messageid": "messageId",
    "sourcetn": "sourceTn",
    "destinationtn": "destinationTn",
    "messagestatus": "messageStatus",
    "messagedirection": "messageDirection",
    "messagetype": "messageType",
    "errorcode": "errorCode",
    "location": "location",
}
"""Query parameters, in lower case, and the fields that they are compared with."""


def _matches(kept: dict[str, Any], key: str, wanted: str) -> bool:
    """Compare a field with a filter: numbers by any of several beginnings, words without regard to case."""
    value = str(kept.get(key) or "")
    if key.endswith("Tn"):
        return any(value.startswith(part) for part in wanted.split(",") if part)
    return value.lower() == wanted.lower()


def _shown(account: SimulatedAccount) -> list[dict[str, Any]]:
    """Return the entries as they were a moment ago, by a switch: without those that were not there yet."""
    moment = account.clock() - account.switches.log_lag_seconds
    return [_at(kept, moment) for kept in account.messages.values() if kept.get("created", 0) <= moment]


def _at(kept: Mapping[str, Any], moment: float) -> dict[str, Any]:
    entry = {name: value for name, value in kept.items() if name not in _TIMES}
    status = _status(kept, moment)
    if status != entry["messageStatus"]:
        entry.pop("errorCode", None)
    return {**entry, "messageStatus": status}


def _status(kept: Mapping[str, Any], moment: float) -> str:
    created, due = kept.get("created", 0.0), kept.get("due", 0.0)
    if due is None:
        return "RECEIVED"
    if moment >= due:
        return str(kept["messageStatus"])
    return _UNDERWAY[min(2, int(3 * (moment - created) / (due - created)))]
