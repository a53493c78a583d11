"""The services of numbers on a universal account: the checker, and the orders that activate them (universal-platform 4)."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from worlds.account import VOICE, Activation, Order, WorldAccount
from worlds.documents import Refused, WorldReply, envelope
from worlds.quirks import Quirks

Meaning = tuple[str, Callable[[float], WorldReply]]
"""The operation, and what does it at a moment."""
Effect = Mapping[str, Sequence[str]]
"""The services that each number gets."""


class Services:
    """The services of numbers, as they are checked and activated."""

    def __init__(self, account: WorldAccount, quirks: Quirks) -> None:
        self.account, self.quirks = account, quirks
        self._activations = 0

    def meaning(self, method: str, below: Sequence[str], body: bytes) -> Meaning | None:
        """Return what a request below `/api/v2/accounts/…` means."""
        match method, below:
            case "POST", ["serviceActivationChecker"]:
                return "checker read", lambda now: self._check(body, now)
            case "POST", ["serviceActivation"]:
                return "activation create", lambda now: self._activate(body, now)
            case "GET", ["serviceActivation", id_]:
                return "activation read", lambda now: self._activation(id_, now)
            case _:
                return None

    def _check(self, body: bytes, now: float) -> WorldReply:
        then = now - self.quirks.get("checker read", "lag")
        told = [
            {"phoneNumber": f"+1{number}", "serviceTypes": {
                "voice": self._status(number, "voice", then), "messaging": self._status(number, "messaging", then),
                "emergency": self._not_ready()}}
            for number in numbers_in(json.loads(body))
        ]  # fmt: skip
        return envelope({"phoneNumbers": told})

    def _status(self, number: str, service: str, then: float) -> dict[str, Any]:
        fields = self.account.serves(number, then)
        services = VOICE if service == "voice" else ("messaging",)
        if any(fields[each] for each in services):
            return {"status": "IN_SERVICE"}
        return {"status": "READY_TO_ACTIVATE"} if self._is_ready(number, service, then) else self._not_ready()

    def _not_ready(self) -> dict[str, Any]:
        third = self.quirks.get("checker read", "third", "NOT_READY")
        return {"status": third, "reasons": [{"code": "REQUIREMENT_MISSING"}]}

    def _is_ready(self, number: str, service: str, then: float) -> bool:
        if service in ("voice", *VOICE):
            return bool(self.account.serves(number, then)["package"])
        peer = self.account.numbers[number].peer if number in self.account.numbers else ""
        settings = (self.account.settings.get((peer, kind)) for kind in ("sms", "link"))
        return all(versions and versions.at(then) for versions in settings)

    def _activate(self, body: bytes, now: float) -> WorldReply:
        sent = json.loads(body)
        services = sent.get("services", {})
        wanted = [*services.get("voice", ()), *("messaging" for _ in services.get("messaging", ()))]
        if sent.get("action") != "ACTIVATE" or not wanted:
            raise Refused(400, "", "At least one service is needed")
        self._activations += 1
        ready, status = self._outcome(numbers_in(sent), wanted, now)
        takes = float(self._of_activation("takes", 0.2))
        order = Activation(self.account.new_id("activation"), now, now + takes, status)
        self.account.activations[order.id] = order
        self.account.later(order.final_at, partial(self._take_effect, ready, order.final_at))
        data = {} if self.quirks.get("activation create", "no id", False) else {"orderId": order.id}
        return envelope(data, status=int(self.quirks.get("activation create", "status", 201)))

    def _outcome(self, numbers: Sequence[str], wanted: Sequence[str], now: float) -> tuple[Effect, str]:
        """Return what an order will activate, and its last word."""
        ends = self._of_activation("ends", "")
        if ends in ("FAILED", "hollow"):
            return {}, "FAILED" if ends == "FAILED" else "COMPLETE"
        seen_to = numbers[:1] if ends == "PARTIAL" else numbers
        ready = {number: [each for each in wanted if self._is_ready(number, each, now)] for number in seen_to}
        if all(ready.get(number) == wanted for number in numbers):
            return ready, "COMPLETE"
        return ready, "PARTIAL" if any(ready.values()) else "FAILED"

    def activate_messages(self, order: Order, now: float) -> None:
        """Activate at once what has everything that it needs when it is ordered (universal-platform 4)."""
        ready = {number: ["messaging"] for number in order.got if self._is_ready(number, "messaging", now)}
        self.account.later(order.final_at, partial(self._take_effect, ready, order.final_at))

    def _take_effect(self, ready: Effect, at: float) -> None:
        for number, services in ready.items():
            kept = [each for each in services if each not in VOICE or self.account.serves(number)["package"]]
            self.account.serve(number, at, dict.fromkeys(kept, "on"))

    def _of_activation(self, what: str, otherwise: Any) -> Any:
        """A quirk of the so-maniest activation, or of all."""
        usual = self.quirks.get("activation", what, otherwise)
        return self.quirks.get(f"activation {self._activations}", what, usual)

    def _activation(self, id_: str, now: float) -> WorldReply:
        order = self.account.activations.get(id_)
        if order is None or order.made_at > now - self.quirks.get("activation read", "lag"):
            raise Refused(404, "", f"Order {id_} not found")
        early = "RECEIVED" if now < (order.made_at + order.final_at) / 2 else "PROCESSING"
        status = order.status if now >= order.final_at else early
        return envelope({"orderId": order.id, "orderStatus": status})


def numbers_in(sent: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the numbers of a request, ten digits each. Raises `Refused` for what is not in E.164."""
    numbers = sent.get("phoneNumbers", [])
    if not numbers or any(not number.startswith("+1") for number in numbers):
        raise Refused(400, "", "phoneNumbers must be in E.164 format")
    return tuple(number[2:] for number in numbers)
