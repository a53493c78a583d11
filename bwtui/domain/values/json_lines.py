"""Objects as lines of JSON, with parts that are JSON already and stay as they came."""

import json
from collections.abc import Mapping
from typing import Final


class JsonText(str):
    """Text that is JSON already, without line ends: it is not written as JSON once more."""

    __slots__ = ()


NO_JSON: Final = JsonText()


def json_line(fields: Mapping[str, object], *, ensure_ascii: bool = True) -> str:
    """Return an object as one line of JSON; parts that are JSON already come last, and unchanged."""
    given = {name: value for name, value in fields.items() if isinstance(value, JsonText)}
    line = json.dumps(
        {name: value for name, value in fields.items() if name not in given}, ensure_ascii=ensure_ascii
    )
    for name, text in given.items():
        line = f"{line[:-1]}, {json.dumps(name)}: {text}}}"
    return line
