r"""The cheapest way to move a cursor.

Only sequences that every terminal of the last thirty years knows: absolute and relative moves, carriage return, line
feed, backspace. A line feed counts as two bytes, since the terminal line may turn it into `\r\n`, and is used only
after a carriage return, so that both mean the same.
"""

from typing import Final

_FEW: Final = 4
"""Most repetitions of one byte that may be shorter than a number."""


def move(x: int | None, y: int | None, to_x: int, to_y: int) -> str:
    """Return the sequence that moves the cursor to a column and row, counted from 0; `None` for an unknown start."""
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
    """Return the number of bytes that ASCII text takes on the line."""
    return len(text) + text.count("\n")


def _number(value: int) -> str:
    return "" if value == 1 else str(value)


def _absolute(x: int, y: int) -> str:
    return f"\x1b[{_number(y + 1)};{x + 1}H" if x else f"\x1b[{_number(y + 1)}H"


def _step(by: int, forward: str, back: str) -> str:
    return f"\x1b[{_number(abs(by))}{forward if by > 0 else back}" if by else ""
