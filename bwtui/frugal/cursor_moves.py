r"""The cheapest way to move a cursor.

Only what every terminal of the last thirty years does: absolute and relative moves, carriage return, line feed,
backspace. A line feed costs two bytes, since the terminal line makes `\r\n` of it, and is used after a carriage
return only, so that it does not matter whether it does.
"""

from typing import Final

_FEW: Final = 4
"""Repetitions of one byte up to which it may be shorter than a number."""


def move(x: int | None, y: int | None, to_x: int, to_y: int) -> str:
    """What moves the cursor from a column and row, counted from 0, `None` where not known, to others."""
    if (x, y) == (to_x, to_y):
        return ""
    ways = [_absolute(to_x, to_y)]
    if y is not None:
        vertical = _step(to_y - y, "B", "A")
        ways.append(vertical + ("" if x == to_x else f"\x1b[{_number(to_x + 1)}G"))
        ways.append(vertical + "\r" + _step(to_x, "C", "D"))
        if x is not None:
            ways.append(vertical + _step(to_x - x, "C", "D"))
            if 0 < x - to_x <= _FEW:
                ways.append(vertical + "\b" * (x - to_x))
        if 0 < to_y - y <= _FEW:
            ways.append("\r" + "\n" * (to_y - y) + _step(to_x, "C", "D"))
    return min(ways, key=cost)


def cost(text: str) -> int:
    """Bytes that ASCII text takes on the line."""
    return len(text) + text.count("\n")


def _number(value: int) -> str:
    return "" if value == 1 else str(value)


def _absolute(x: int, y: int) -> str:
    return f"\x1b[{_number(y + 1)};{x + 1}H" if x else f"\x1b[{_number(y + 1)}H"


def _step(by: int, forward: str, back: str) -> str:
    return f"\x1b[{_number(abs(by))}{forward if by > 0 else back}" if by else ""
