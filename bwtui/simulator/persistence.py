"""The account in a file, so that a simulator can be ended in any way and continued. Never a secret in the file.

The whole file is written after each request that changed something, before the reply: every change that a client knows of
is on disk. Access tokens and callback passwords are not saved, so clients must fetch a new token. What was under way when
the simulator ended does not go on: a call has ended then, and an event is not posted any more.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from bwtui.simulator import call_states
from bwtui.simulator.rate_centers import Place
from bwtui.simulator.resources import (
    ActivationOrder,
    Application,
    Brand,
    Campaign,
    CampaignChange,
    Disconnect,
    MessageEvent,
    Move,
    Order,
    OrderError,
    PhoneCall,
    Reservation,
    SipPeer,
    Site,
    TelephoneNumber,
    TnOptionOrder,
    VoicePackage,
)
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount

_VERSION = 1
_HELD = (
    "sites", "applications", "orders", "disconnects", "numbers", "reservations", "subscriptions", "calls",
)  # fmt: skip
_HELD_LATER = ("moves", "messages", "packages", "activations", "brands", "campaigns", "tn_options")
"""Parts that files of earlier releases do not have."""


class AccountFileError(ValueError):
    """Raised if the file holds no account that can be continued; the text says why."""


class AccountFile:
    """The file of one account; it belongs to one simulator at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = b""

    def load(self, settings: Settings) -> SimulatedAccount:
        """Read the account from the file, or make a new one if there is no file.

        Raises:
            AccountFileError: the file cannot be used; it is left as it is.
        """
        account = SimulatedAccount(settings)
        try:
            content = json.loads(self.path.read_bytes())
            _from_json(account, content)
        except FileNotFoundError:
            return account
        except OSError as problem:
            raise AccountFileError(f"{self.path} cannot be read: {problem.strerror or problem}") from problem
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ParseError) as problem:
            raise AccountFileError(f"{self.path} holds no simulated account: {problem}") from problem
        return account

    def save(self, account: SimulatedAccount) -> None:
        """Write the account to the file, if it has changed since the last time."""
        content = json.dumps(_to_json(account)).encode()
        if content == self._written:
            return
        with NamedTemporaryFile(dir=self.path.parent, prefix=f".{self.path.name}.", delete=False) as beside:
            try:
                beside.write(content)
                beside.flush()
                os.fsync(beside.fileno())
                os.replace(beside.name, self.path)  # noqa: PTH105 - the call by which readers know this habit
            except BaseException:
                Path(beside.name).unlink(missing_ok=True)
                raise
        self._written = content


def _to_json(account: SimulatedAccount) -> dict[str, Any]:
    """Turn the account's contents into plain values."""
    held = {
        name: {key: _fields(item) for key, item in getattr(account, name).items()}
        for name in (*_HELD, *_HELD_LATER)
    }
    return {
        "version": _VERSION,
        "account": account.settings.account_id,
        "platform": account.settings.platform,
        "lives": account.lives,
        **held,
        "events": [asdict(event) for event in account.events],
        "sold_elsewhere": sorted(account.sold_elsewhere),
    }


def _fields(item: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the records, or a plain mapping
    if isinstance(item, Mapping):
        return dict(item)
    fields = asdict(item)
    if isinstance(item, Order):
        fields["submitted"] = tostring(item.submitted, encoding="unicode")
    if isinstance(item, Application):
        fields["creds"] = {name: user for name, (user, _) in item.creds.items()}
    if isinstance(item, PhoneCall):
        del fields["creds"], fields["fallback_creds"]
    return fields


def _from_json(account: SimulatedAccount, content: Any) -> None:  # noqa: ANN401 - whatever the file held
    """Put the contents of a file into an empty account."""
    if content["version"] != _VERSION:
        raise ValueError(f"it is of version {content['version']}")
    if content["account"] != account.settings.account_id:
        raise ValueError(f"it is of account {content['account']}")
    if (platform := content.get("platform", "legacy")) != account.settings.platform:
        raise ValueError(f"its platform is {platform}")
    held = {name: content[name] for name in _HELD}
    held |= {name: content.get(name, {}) for name in _HELD_LATER}
    account.sites = {key: _site(item) for key, item in held["sites"].items()}
    account.applications = {key: _application(item) for key, item in held["applications"].items()}
    account.orders = {key: _order(item) for key, item in held["orders"].items()}
    account.disconnects = {
        key: Disconnect(**{**item, "errors": _errors(item)}) for key, item in held["disconnects"].items()
    }
    account.numbers = {
        key: TelephoneNumber(**{**item, "place": _place(item["place"])})
        for key, item in held["numbers"].items()
    }
    account.reservations = {key: Reservation(**item) for key, item in held["reservations"].items()}
    account.subscriptions = dict(held["subscriptions"])
    account.moves = {key: Move(**item) for key, item in held["moves"].items()}
    account.packages = {key: VoicePackage(**item) for key, item in held["packages"].items()}
    account.activations = {key: ActivationOrder(**item) for key, item in held["activations"].items()}
    account.brands = {key: Brand(**item) for key, item in held["brands"].items()}
    account.campaigns = {key: Campaign(**item) for key, item in held["campaigns"].items()}
    account.tn_options = {key: _tn_options(item) for key, item in held["tn_options"].items()}
    account.messages = dict(held["messages"])
    account.calls = {key: _call(account, item) for key, item in held["calls"].items()}
    account.events = [_event(event) for event in content["events"]]
    account.sold_elsewhere = set(content["sold_elsewhere"])
    account.begin_again(content["lives"] + 1)


def _site(item: dict[str, Any]) -> Site:
    return Site(**{**item, "peers": {key: SipPeer(**peer) for key, peer in item["peers"].items()}})


def _application(item: dict[str, Any]) -> Application:
    return Application(**{**item, "creds": {name: (user, "") for name, user in item["creds"].items()}})


def _call(account: SimulatedAccount, item: dict[str, Any]) -> PhoneCall:
    call = PhoneCall(**item)
    if call.live:
        call_states.end(account, call, "error", "The simulator was ended during the call")
    return call


def _event(item: dict[str, Any]) -> MessageEvent:
    event = MessageEvent(**item)
    if event.result == "waiting":
        event.result = "not sent: the simulator was ended before"
    return event


def _order(item: dict[str, Any]) -> Order:
    submitted: Element = fromstring(item["submitted"])  # noqa: S314 - our own file, and parsed strictly when it came in
    notes = [(user, words, moment) for user, words, moment in item["notes"]]
    return Order(
        **{
            **item,
            "submitted": submitted,
            "lost": tuple(item["lost"]),
            "errors": _errors(item),
            "notes": notes,
        }
    )


def _tn_options(item: dict[str, Any]) -> TnOptionOrder:
    changes = [CampaignChange(**change) for change in item["changes"]]
    warnings = [(tn, text) for tn, text in item["warnings"]]
    return TnOptionOrder(**{**item, "changes": changes, "errors": _errors(item), "warnings": warnings})


def _errors(item: dict[str, Any]) -> list[OrderError]:
    return [OrderError(**error) for error in item["errors"]]


def _place(row: list[Any]) -> Place:
    npa, city, state, rate_center, lata, zips, stock = row
    return Place(npa, city, state, rate_center, lata, tuple(zips), stock)
