"""Decides the outcome of a message or a call: by the last four digits of the number that it goes to, else by the account."""

from collections.abc import Mapping
from typing import Final

from bwtui.simulator.registration import is_toll_free, registered
from bwtui.simulator.service_readiness import held_number
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten

NOT_OURS: Final = 4432
"""The error code of a message from a number that may not send it."""

MESSAGE_FAILURES: Final[Mapping[int, str]] = {
    NOT_OURS: "forbidden-from-number",
    4476: "source TN is not registered",
    4720: "destination is a landline",
    4770: "blocked by carrier",
    4773: "campaign is inactive",
    4774: "TN is being provisioned",
    4780: "volume limit of the campaign exceeded",
    4781: "daily volume limit exceeded",
    4795: "tfn-not-verified",
    5229: "TN is being provisioned to its campaign",
    5620: "blocked by carrier",
    9902: "delivery receipt timed out",
}
"""The error codes of messages, each with a description; few of the API's own are known (bandwidth-api 9.3)."""

CALL_FAILURES: Final[Mapping[str, str]] = {"0486": "busy", "0408": "timeout", "0603": "rejected"}
"""The last four digits of numbers that do not answer, and the cause: after the SIP status that says so."""


def of_message(account: SimulatedAccount, sender: str, recipient: str) -> int | None:
    """Return the error code with which a message fails; None if it is delivered."""
    if held_number(account, last_ten(sender) or "") is None:
        return NOT_OURS
    ending = recipient[-4:]
    if ending.isdigit() and int(ending) in MESSAGE_FAILURES:
        return int(ending)
    if registered(account, sender):
        return None
    return 4795 if is_toll_free(sender) else 4476


def of_call(called: str) -> str | None:
    """Return the cause with which a call ends unanswered; None if it is answered."""
    return CALL_FAILURES.get(called[-4:])
