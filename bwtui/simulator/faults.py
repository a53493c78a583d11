"""Scripted failures: which request they meet, and what happens to it.

A file holds `[[fault]]` tables. `path` is matched below the prefix (`/api`, `/v1.0` ...), one `*` per path segment and
`**` for any number of them; `query` is matched against the query string as it was sent, `*` for anything.
"""

import fnmatch
import re
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

Action = Literal["answer", "hang", "cut-before", "cut-after", "cut-reply", "slow", "garbage", "order"]
Outcome = Literal["COMPLETE", "FAILED", "PARTIAL", "BACKORDERED", "RECEIVED", "PROCESSING"]


class FaultsError(ValueError):
    """The file of faults cannot be used; the text says where and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One scripted failure."""

    action: Action
    method: str = "*"
    path: str = "**"
    query: str | None = None
    nth: int = 1
    """The first matching request that fails, counted from 1."""
    times: int = 1
    """How many matching requests fail from there on; 0 for all of them."""
    status: int = 500
    body: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """`{now}` and `{now+2}` stand for the time in epoch seconds, as in X-RateLimit-Reset."""
    seconds: float = 1.0
    """How long a slow reply takes."""
    drip: bool = False
    """A slow reply starts at once and its body trickles, instead of starting late."""
    effect: bool | None = None
    """Whether the request is carried out all the same; unset, each action has its own habit."""
    outcome: Outcome | None = None
    """For action "order": how the order ends."""
    taken: int | tuple[str, ...] = ()
    """For action "order": numbers that somebody else was faster to buy; a count takes the first ones of the order."""

    def meets(self, method: str, path: str, query: str) -> bool:
        if self.action == "order" and not (method == "POST" and _ORDERS.fullmatch(path)):
            return False
        return (
            self.method in {"*", method}
            and _pattern(self.path).fullmatch(path) is not None
            and (self.query is None or fnmatch.fnmatchcase(query, self.query))
        )

    def carries_out(self) -> bool:
        """Whether the request has its effect."""
        if self.effect is not None:
            return self.effect
        return self.action in {"cut-after", "cut-reply", "slow", "garbage", "order"}

    def filled_headers(self) -> dict[str, str]:
        return {name: _NOW.sub(_epoch, value) for name, value in self.headers.items()}


@dataclass(slots=True)
class Script:
    """Faults with their counts. All that match count the request; the first that is due has its way."""

    faults: list[Fault]
    counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = [0] * len(self.faults)

    def next(self, method: str, path: str, query: str) -> Fault | None:
        chosen = None
        for index, fault in enumerate(self.faults):
            if not fault.meets(method, path, query):
                continue
            self.counts[index] += 1
            count = self.counts[index]
            due = count >= fault.nth and (fault.times == 0 or count < fault.nth + fault.times)
            if due and chosen is None:
                chosen = fault
        return chosen


def load(path: str | Path) -> list[Fault]:
    """Faults from a TOML file."""
    try:
        content = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise FaultsError(f"{path}: cannot be read: {problem}") from problem
    return parse(content, str(path))


def parse(content: str, source: str = "faults") -> list[Fault]:
    """Faults from TOML text; `source` is named in what is wrong with it."""
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as problem:
        raise FaultsError(f"{source}: {problem}") from problem
    unknown = sorted(set(document) - {"fault"})
    if unknown:
        raise FaultsError(f"{source}: unknown key {unknown[0]!r}; only [[fault]] tables belong here")
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
    "outcome": (str,),
    "taken": (int, list),
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
    values = dict(table)
    if "method" in values:
        values["method"] = values["method"].upper()
    if isinstance(values.get("taken"), list):
        values["taken"] = tuple(str(number) for number in values["taken"])
    if "headers" in values:
        values["headers"] = {str(name): str(value) for name, value in values["headers"].items()}
    return Fault(**values)


def _check_values(table: Mapping[str, Any], where: str) -> None:
    if "outcome" in table and table["outcome"] not in get_args(Outcome):
        known = ", ".join(get_args(Outcome))
        raise FaultsError(f"{where}: outcome must be one of {known}, not {table['outcome']!r}")
    if table["action"] == "order" and not ("outcome" in table or "taken" in table):
        raise FaultsError(f"{where}: action 'order' needs outcome or taken")
    if table["action"] != "order" and ("outcome" in table or "taken" in table):
        raise FaultsError(f"{where}: outcome and taken belong to action 'order'")
    if table.get("nth", 1) < 1:
        raise FaultsError(f"{where}: nth counts from 1")
    for key in ("times", "seconds", "taken"):
        if isinstance(table.get(key), int | float) and table[key] < 0:
            raise FaultsError(f"{where}: {key} cannot be negative")
    if not 100 <= table.get("status", 500) <= 599:
        raise FaultsError(f"{where}: status must be an HTTP status, not {table['status']}")


_ORDERS = re.compile(r"/accounts/[^/]+/orders")
_NOW = re.compile(r"\{now(?:\+(\d+))?\}")


def _epoch(match: re.Match[str]) -> str:
    return str(int(time.time()) + int(match[1] or 0))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*|\?)", path)
    wild = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(wild.get(part) or re.escape(part) for part in parts), re.IGNORECASE)
