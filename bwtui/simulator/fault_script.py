"""Scripted faults: which requests each applies to, and what happens to them.

A file holds `[[fault]]` tables, and may hold one `[switches]` table (`switches.py`). Each fault selects requests by
`method`, by `path`, matched below the prefix (`/api`, `/v1.0`, `/v2` ...) with one `*` per path segment and `**` for any
number of them, and by `query`, matched against the query string as it was sent, with `*` for anything. `nth` is the first
matching request to which the fault applies, counted from 1; `times` is the number of requests from there on, 0 for all.

These actions replace the reply; of several that are due, the first in the file applies, once unless `times` says more:

    answer      `status` (500), `body`, `content_type`, `headers`, after `seconds` (0), instead of the API's own reply
    hang        nothing at all, until the other side gives up
    cut-before  the connection is closed before the request has its effect
    cut-after   ... after it
    cut-reply   ... in the middle of the reply
    slow        the reply comes after `seconds` (1), or with `drip = true` arrives bit by bit during that time
    garbage     half of the reply, or `body`
    twice       the request comes twice, as from a gateway that sends it again: the reply is that of copy `answered` (2);
                the second copy comes `seconds` (0) after the first where the first is answered
    order       for a number order: its final status, `outcome`, and the numbers that others have bought first, `taken`

`effect = true` or `false` decides if the request is carried out all the same. `effect_after = 16` carries it out 16 seconds
after it came, whatever reply it got (for answer, hang and cut-before; it is forgotten if the simulator ends before that).

These change the reply; all that are due apply, to every matching request unless `times` says fewer, and the first five to
GET alone unless `method` names another:

    lag          new or changed objects show only after `seconds`. Objects that the path names before its last part do exist.
                 With `method = "PUT"` or `"POST"` the request is refused if it would have been refused that long ago.
    pages        a list comes in pages of `size`, selected by `page` and `size`; `links = false` leaves the `next` link out,
                 `total` adds TotalCount (`true`) or removes it (`false`); lists in JSON have links, cursors and totals of
                 their own
    unfiltered   `filters`, such as ["customerOrderId"], are ignored
    empty-links  a list without items is answered with 404 and `<Links/>`; not in JSON
    shuffle      each search shows other numbers
    rewrite      `status` replaces the status; the elements (in JSON, names) in `leave_out` are left out, those in `empty`
                 emptied (null), those in `rename` renamed; `location` is "none" or "collection", the URL without the id
    normalise    `forms` in which the API keeps submitted values: "upper" (addresses), "suffix" (DRIVE for DR), "zip"
                 (27606-5177 for 27606), "split" (the street in two), "host" (of URLs, in lower case), "slash" (after a bare
                 host), "blanks" (collapsed), "nfc" (composed accents); and "ids", which are shown in capitals

For example, an order that is answered by a gateway after 12 seconds and placed 4 seconds later, and shows in the list of
orders 15 seconds after that; and the numbers of locations, which these credentials may not list:

    [[fault]]
    method = "POST"
    path = "/accounts/*/orders"
    action = "answer"
    status = 504
    seconds = 12
    effect_after = 16

    [[fault]]
    path = "/accounts/*/orders"
    action = "lag"
    seconds = 15

    [[fault]]
    path = "**/sippeers/*/tns"
    action = "answer"
    status = 403
    times = 0
"""

import fnmatch
import re
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args

Action = Literal[
    "answer", "hang", "cut-before", "cut-after", "cut-reply", "slow", "garbage", "twice", "order",
    "lag", "pages", "unfiltered", "empty-links", "shuffle", "rewrite", "normalise",
]  # fmt: skip
Outcome = Literal["COMPLETE", "FAILED", "PARTIAL", "BACKORDERED", "RECEIVED", "PROCESSING"]
Form = Literal["upper", "suffix", "zip", "split", "host", "slash", "blanks", "nfc", "ids"]
Location = Literal["none", "collection"]

READING: Final = frozenset({"lag", "pages", "unfiltered", "empty-links", "shuffle"})
"""Actions that apply to GET unless a method is named."""
CHANGING: Final = READING | {"rewrite", "normalise"}
"""Actions that change a reply and leave the request alone."""


class FaultsError(ValueError):
    """Raised if the file of faults cannot be used; the text says where and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One scripted failure, or one variation of all replies."""

    action: Action
    method: str = "*"
    path: str = "**"
    query: str | None = None
    nth: int = 1
    """The first matching request to which the fault applies, counted from 1."""
    times: int | None = None
    """The number of matching requests from there on; 0 for all. Unset: one, or all if the action changes replies."""
    status: int | None = None
    body: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """`{now}` and `{now+2}` stand for the time in epoch seconds, as in X-RateLimit-Reset."""
    seconds: float | None = None
    """Seconds by which the reply, or the visibility of a change, is delayed."""
    drip: bool = False
    """True if a slow reply starts at once and its body arrives bit by bit, instead of starting late."""
    effect: bool | None = None
    """True if the request is carried out all the same; unset, the action decides."""
    effect_after: float | None = None
    """Seconds after its arrival at which the request is carried out."""
    answered: int = 2
    """For action "twice": the copy whose reply is sent, 1 or 2."""
    outcome: Outcome | None = None
    """For action "order": the order's final status."""
    taken: int | tuple[str, ...] = ()
    """For action "order": numbers that others bought first; a count means the first ones of the order."""
    size: int = 0
    """For action "pages": most items of a page."""
    links: bool = True
    """For action "pages": True if a page has a link to the next."""
    total: bool | None = None
    """For action "pages": True if the list has TotalCount; unset, as that list usually does."""
    filters: tuple[str, ...] = ()
    """For action "unfiltered": the filters that are ignored."""
    leave_out: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    location: Location | None = None
    forms: tuple[Form, ...] = ()

    def meets(self, method: str, path: str, query: str) -> bool:
        if self.action == "order" and not (method == "POST" and _ORDERS.fullmatch(path)):
            return False
        wanted = "GET" if self.method == "*" and self.action in READING else self.method
        return (
            wanted in {"*", method}
            and _pattern(self.path).fullmatch(path) is not None
            and (self.query is None or fnmatch.fnmatchcase(query, self.query))
        )

    def due(self, count: int) -> bool:
        """Return True if the fault applies to the matching request with this number."""
        times = self.times if self.times is not None else int(self.action not in CHANGING)
        return count >= self.nth and (times == 0 or count < self.nth + times)

    def carries_out(self) -> bool:
        """Return True if the request has its effect, now or later."""
        if self.effect is not None:
            return self.effect
        return self.effect_after is not None or self.action in _CARRYING_OUT

    def filled_headers(self) -> dict[str, str]:
        return {name: _NOW.sub(_epoch, value) for name, value in self.headers.items()}


@dataclass(slots=True)
class FaultScript:
    """Faults, each with the count of requests that it has matched."""

    faults: list[Fault]
    counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = [0] * len(self.faults)

    @property
    def longest_lag(self) -> float:
        """Seconds of the past that are still needed; 0 if nothing lags."""
        return max((fault.seconds or 0.0 for fault in self.faults if fault.action == "lag"), default=0.0)

    def due(self, method: str, path: str, query: str) -> tuple[Fault | None, tuple[Fault, ...]]:
        """Count a request; return the due fault that replaces the reply, if any, and all due ones that change it."""
        met: list[Fault] = []
        for index, fault in enumerate(self.faults):
            if fault.meets(method, path, query):
                self.counts[index] += 1
                if fault.due(self.counts[index]):
                    met.append(fault)
        changing = tuple(fault for fault in met if fault.action in CHANGING)
        return next((fault for fault in met if fault.action not in CHANGING), None), changing


def load(path: str | Path) -> list[Fault]:
    """Read faults from a TOML file."""
    return parse(read(path), str(path))


def read(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise FaultsError(f"{path}: cannot be read: {problem}") from problem


def parse(content: str, source: str = "faults") -> list[Fault]:
    """Read faults from TOML text; error messages name `source`."""
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as problem:
        raise FaultsError(f"{source}: {problem}") from problem
    unknown = sorted(set(document) - {"fault", "switches"})
    if unknown:
        raise FaultsError(
            f"{source}: unknown key {unknown[0]!r}; only [[fault]] tables and [switches] belong here"
        )
    tables = document.get("fault", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise FaultsError(f"{source}: 'fault' must be written as [[fault]] tables")
    return [_fault(table, f"{source}: fault {number}") for number, table in enumerate(tables, start=1)]


_TYPES: Mapping[str, tuple[type, ...]] = {
    "action": (str,),
    "method": (str,),
    "path": (str,),
    "query": (str,),
    "nth": (int,),
    "times": (int,),
    "status": (int,),
    "body": (str,),
    "content_type": (str,),
    "headers": (dict,),
    "seconds": (int, float),
    "drip": (bool,),
    "effect": (bool,),
    "effect_after": (int, float),
    "answered": (int,),
    "outcome": (str,),
    "taken": (int, list),
    "size": (int,),
    "links": (bool,),
    "total": (bool,),
    "filters": (list,),
    "leave_out": (list,),
    "empty": (list,),
    "rename": (dict,),
    "location": (str,),
    "forms": (list,),
}


def _fault(table: Mapping[str, Any], where: str) -> Fault:
    for key, value in table.items():
        if key not in _TYPES:
            raise FaultsError(f"{where}: unknown key {key!r}; known are {', '.join(_TYPES)}")
        wrong_bool = isinstance(value, bool) and bool not in _TYPES[key]
        if wrong_bool or not isinstance(value, _TYPES[key]):
            wanted = " or ".join(kind.__name__ for kind in _TYPES[key])
            raise FaultsError(f"{where}: {key} must be {wanted}, not {value!r}")
    if table.get("action") not in get_args(Action):
        given = f"not {table['action']!r}" if "action" in table else "and is missing"
        raise FaultsError(f"{where}: action must be one of {', '.join(get_args(Action))}, {given}")
    _check_values(table, where)
    _check_belonging(table, where)
    values = dict(table)
    if "method" in values:
        values["method"] = values["method"].upper()
    for key, value in values.items():
        if isinstance(value, list):
            values[key] = tuple(str(item) for item in value)
        if isinstance(value, dict):
            values[key] = {str(name): str(inner) for name, inner in value.items()}
    return Fault(**values)


def _check_values(table: Mapping[str, Any], where: str) -> None:
    _one_of(table, "outcome", get_args(Outcome), where)
    _one_of(table, "location", get_args(Location), where)
    for form in table.get("forms", []):
        _one_of({"forms": form}, "forms", get_args(Form), where)
    if table.get("nth", 1) < 1:
        raise FaultsError(f"{where}: nth counts from 1")
    for key in ("times", "seconds", "taken", "effect_after"):
        if isinstance(table.get(key), int | float) and table[key] < 0:
            raise FaultsError(f"{where}: {key} cannot be negative")
    if table.get("answered", 2) not in (1, 2):
        raise FaultsError(f"{where}: answered must be 1 or 2")
    if table.get("size", 1) < 1:
        raise FaultsError(f"{where}: size must be at least 1")
    if not 100 <= table.get("status", 500) <= 599:
        raise FaultsError(f"{where}: status must be an HTTP status, not {table['status']}")


def _one_of(table: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> None:
    if key in table and table[key] not in known:
        raise FaultsError(f"{where}: {key} must be one of {', '.join(known)}, not {table[key]!r}")


_NEEDS: Mapping[str, tuple[str, ...]] = {
    "order": ("outcome", "taken"),
    "lag": ("seconds",),
    "pages": ("size",),
    "unfiltered": ("filters",),
    "rewrite": ("status", "leave_out", "empty", "rename", "location"),
    "normalise": ("forms",),
}
"""Actions that need one of these keys."""

_BELONG: Mapping[str, tuple[str, ...]] = {
    "answered": ("twice",),
    "outcome": ("order",),
    "taken": ("order",),
    "size": ("pages",),
    "links": ("pages",),
    "total": ("pages",),
    "filters": ("unfiltered",),
    "leave_out": ("rewrite",),
    "empty": ("rewrite",),
    "rename": ("rewrite",),
    "location": ("rewrite",),
    "forms": ("normalise",),
    "effect_after": ("answer", "hang", "cut-before"),
}
"""Keys that only these actions may have."""


def _check_belonging(table: Mapping[str, Any], where: str) -> None:
    action = table["action"]
    needed = _NEEDS.get(action, ())
    if needed and not any(key in table for key in needed):
        raise FaultsError(f"{where}: action {action!r} needs {' or '.join(needed)}")
    for key, actions in _BELONG.items():
        if key in table and action not in actions:
            named = " or ".join(repr(name) for name in actions)
            raise FaultsError(f"{where}: {key} can only belong to action {named}")
    if "effect" in table and "effect_after" in table:
        raise FaultsError(f"{where}: effect_after already says that there is an effect; leave effect out")


_CARRYING_OUT = frozenset({"cut-after", "cut-reply", "slow", "garbage", "order"})
_ORDERS = re.compile(r"/accounts/[^/]+/orders")
_NOW = re.compile(r"\{now(?:\+(\d+))?\}")


def _epoch(match: re.Match[str]) -> str:
    return str(int(time.time()) + int(match[1] or 0))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*|\?)", path)
    wild = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(wild.get(part) or re.escape(part) for part in parts), re.IGNORECASE)
