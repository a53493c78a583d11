"""The meaning of each quirk: faults of single requests, and habits of the account.

A fault of a write: `late` (seconds to the 504, seconds to the effect), `lost` (seconds to the 504), `cut before`,
`cut after`, `no connection`, `5xx before`, `5xx after` (the status), `429` (seconds, which header), `slow` (seconds),
`garbled`, `page` (a web page, after the effect), `403`, `twice` (which copy is answered, 1 or 2; seconds to the second copy),
`refused after` (the status of a refusal of what was carried out).
A fault of a read: `5xx`, `cut`, `hang`, `429`, `slow`, `403`, `404`, `error in 200`, `unknown root`, `empty 200`,
`page`, `status` (another 2xx).

Of creates: `no id` (an empty body), `no location`, `neither`, `collection
location` (and no body), `status`; of everything created `needs lag`
(what builds on it is refused so long). Of reads `lag` (seconds), of lists `pages` (length, how that is told: links or
total), `empty as` (404, 204, no container), `others` (things of other people), `total alone`. Of the account `rewrite`.
Of orders `takes`, `backordered`, `fails`, `taken`, `completed` (missing, empty, named, late), `refused as`,
`filter ignored`. Of the search `shows` (other, shuffled, one, none).

Of a universal account (`packages.py`): `number`: `fresh` (seconds for which VCS-0044 meets it) and `first alone` (only the
first of an order); `package add`: `partial` (the status of a success for some numbers), `says` (envelope, null); `package
add 1`: `refuses` (the code by which it refuses one number for good, within a 2xx); `voice list`: `shows` (all), `outbound as`
(missing, renamed); `checker read`: `third` (the name of the third status); `activation`, `activation 1`: `takes`, `ends`
(FAILED, PARTIAL, hollow: COMPLETE without an effect), `at order`; `token read`: `no role`; `tns list`: `ten digits`.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from worlds.account import NAME, Rules
from worlds.documents import Refused
from worlds.world import Quirk

WRITE_FAULTS: Final = frozenset({
    "late", "lost", "cut before", "cut after", "no connection", "5xx before", "5xx after", "429", "slow", "garbled",
    "page", "403", "twice", "refused after",
})  # fmt: skip
READ_FAULTS: Final = frozenset({
    "5xx", "cut", "hang", "429", "slow", "403", "404", "error in 200", "unknown root", "empty 200", "page", "status",
})  # fmt: skip

ROOTS: Final = {
    "site": "SiteResponse",
    "sippeer": "SipPeerResponse",
    "application": "ApplicationProvisioningResponse",
    "sms": "SipPeerSmsFeatureResponse",
    "mms": "MmsFeatureResponse",
    "link": "ApplicationsSettingsResponse",
    "voice": "SipPeerOriginationSettingsResponse",
    "order": "OrderResponse",
    "search": "SearchResult",
    "tns": "SipPeerTelephoneNumbersResponse",
}


class Quirks(Rules):
    """The quirks of one world, asked by operation."""

    def __init__(self, quirks: Iterable[Quirk] = ()) -> None:
        self._standing: dict[tuple[str, str], Any] = {}
        self._faults: dict[str, list[Quirk]] = {}
        self._calls: Counter[str] = Counter()
        self._orders = 0
        for quirk in quirks:
            faults = READ_FAULTS if _is_read(quirk.on) else WRITE_FAULTS
            if quirk.what in faults:
                self._faults.setdefault(quirk.on, []).append(quirk)
            else:
                self._standing[quirk.on, quirk.what] = True if quirk.value is None else quirk.value
        self.rewrites = frozenset(what for (on, what) in self._standing if on == "rewrite")

    def get(self, on: str, what: str, default: Any = 0.0) -> Any:
        return self._standing.get((on, what), default)

    def fault(self, on: str) -> Quirk | None:
        """Count this request of the operation; return its fault."""
        self._calls[on] += 1
        count = self._calls[on]
        return next((quirk for quirk in self._faults.get(on, ()) if quirk.nth in (0, count)), None)

    def always(self, on: str, what: str) -> bool:
        """Return True if this fault meets every request of the operation."""
        return any(quirk.what == what and quirk.nth == 0 for quirk in self._faults.get(on, ()))

    # --- Rules of the account ---

    def unique(self, kind: str) -> bool:
        return bool(self.get(kind, "unique", "409" if kind == "sippeer" else ""))

    def duplicate(self, kind: str, name: str) -> Refused:
        status = int(self.get(kind, "unique", "409"))
        if kind == "sippeer":
            return Refused(status, "13524", f"SipPeer name '{name}' already exists for this Account and Site")
        return Refused(status, "", f"{NAME[kind]} '{name}' already exists")

    def _of_order(self, what: str) -> Any:
        """A quirk of the so-maniest order, or of all."""
        return self.get(f"order {self._orders}", what, self.get("order", what, 0))

    def taken(self) -> int:
        self._orders += 1
        return int(self._of_order("taken"))

    def refusal(self, *, busy: bool) -> Refused | None:
        how = self.get("order", "refused as", "FAILED")
        if how == "FAILED":
            return None
        code = "5218" if busy else str(how)
        return Refused(400, code, "The telephone number is unavailable for ordering")

    def course(self) -> tuple[float, str, bool]:
        fails = bool(self._of_order("fails"))
        if seconds := self._of_order("backordered"):
            return float(seconds), "BACKORDERED", fails
        return float(self._of_order("takes")), "RECEIVED", fails


def _is_read(on: str) -> bool:
    return on.rpartition(" ")[2] in (
        "list",
        "read",
        "tns",
        "search",
        "account",
        "products",
        "token",
        "history",
    )
