"""The request that a rule is given, and the reply that it returns."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.fault_script import Fault
from bwtui.simulator.xml import XmlError, parse, render

if TYPE_CHECKING:
    from bwtui.simulator.resources import SipPeer, Site
    from bwtui.simulator.simulated_account import SimulatedAccount


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiRequest:
    """A request below the prefix, its credentials already accepted."""

    account: "SimulatedAccount"
    ids: Mapping[str, str]
    """The path parameters by name: account, site, peer, order ..."""
    query: Mapping[str, str]
    """Query parameters, names in lower case: the documentation has `npanxx`, code `npaNxx` (bandwidth-api 1.1)."""
    base: str
    """Scheme, host and prefix, as the caller reached us; Location headers begin with it."""
    path: str
    """The path below the prefix."""
    v2: bool
    """True if the prefix is /api/v2, where numbers are E.164 (bandwidth-api 1.1)."""
    method: str = "GET"
    body: bytes = b""
    content_type: str = ""
    user: str = ""
    order_script: Fault | None = None
    accept: str = ""
    pages: Fault | None = None
    """A fault that makes the pages of a list in JSON shorter."""
    shuffled: int = 0
    """The number of the shuffle in which a search shows the inventory; 0 for its own order."""

    def document(self, *roots: str) -> Element:
        """Parse the body as XML; refuse it without one of the expected roots."""
        try:
            root = parse(self.body)
        except XmlError:
            raise ErrorResponse(400, 1019, _BAD_REQUEST) from None
        if roots and root.tag not in roots:
            raise ErrorResponse(400, 1019, _BAD_REQUEST)
        return root

    def site(self) -> "Site":
        return self.account.site(self.ids["site"])

    def peer(self) -> "SipPeer":
        return self.account.peer(self.ids["site"], self.ids["peer"])

    @property
    def universal_v2(self) -> bool:
        """True for v2 of an account on the Universal Platform."""
        return self.v2 and self.account.settings.platform == "universal"

    def number(self, tn: str) -> str:
        """Return a telephone number as this version of the API writes it."""
        return f"+1{tn}" if self.v2 else tn

    def account_url(self, path: str) -> str:
        return f"{self.base}/accounts/{self.ids['account']}{path}"

    def flag(self, name: str) -> bool:
        return self.query.get(name.lower(), "").lower() == "true"

    def page(self) -> tuple[int, int] | None:
        """Return page and size if both are given and are numbers."""
        page, size = whole(self.query.get("page")), whole(self.query.get("size"))
        return None if page is None or size is None else (page, size)


def whole(text: str | None) -> int | None:
    """Read a whole number written in plain digits; None for anything else."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None


_BAD_REQUEST = "Bad request encountered. Please check your request and try again."


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """The reply; its body is sent as XML if it is an Element, as JSON if a plain value, empty if None."""

    status: int = 200
    body: Element | Mapping[str, Any] | list[Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, Element):
            return render(self.body)
        return json.dumps(self.body).encode()

    def content_type(self) -> str | None:
        if self.body is None:
            return None
        return "application/xml" if isinstance(self.body, Element) else "application/json"


def created(location: str, body: Element | None = None) -> ApiResponse:
    return ApiResponse(201, body, {"Location": location})
