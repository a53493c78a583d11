"""Colours and other attributes of a cell, and the shortest way from one to the next."""

from functools import lru_cache
from typing import Final, NamedTuple

SHOWN_ON_BLANKS: Final = frozenset({"4", "7", "9", "21", "53"})
"""Underline, reverse, strike, double underline, overline: the attributes that a blank shows too."""

_OFF: Final = {"22": {"1", "2"}, "23": {"3"}, "24": {"4", "21"}, "25": {"5", "6"}, "27": {"7"}, "28": {"8"}, "29": {"9"}, "54": {"51", "52"}, "55": {"53"}}  # fmt: skip


class Pen(NamedTuple):
    """The attributes of a cell."""

    fore: str = ""
    """SGR parameters of the foreground colour: `31`, `38;5;9`, `38;2;1;2;3`. Empty: the terminal's own."""
    back: str = ""
    flags: frozenset[str] = frozenset()
    """SGR parameters that are on: `1` for bold."""
    link: str = ""
    """Parameters and address of a hyperlink, as OSC 8 has them."""

    @property
    def blank(self) -> "Pen":
        """The same as far as it shows on a blank: a colour only where a line or the reversed cell shows it."""
        flags = self.flags & SHOWN_ON_BLANKS
        return Pen(self.fore if flags else "", self.back, flags, self.link)

    @property
    def erases(self) -> bool:
        """Whether erasing leaves what a blank of this pen shows: erased cells take over nothing but the background."""
        return not (self.flags or self.link)


PLAIN: Final = Pen()


class UnknownAttributeError(ValueError):
    """An SGR parameter that cannot be followed."""


@lru_cache(2048)
def after_sgr(pen: Pen, parameters: str) -> Pen:
    """The pen after `ESC [ parameters m`. Raises `UnknownAttributeError`."""
    fore, back, flags = pen.fore, pen.back, set(pen.flags)
    numbers = parameters.split(";")
    while numbers:
        number = numbers.pop(0)
        if number in ("", "0"):
            fore, back, flags = "", "", set()
        elif number in ("38", "48"):
            count = {"5": 2, "2": 4}.get(numbers[0] if numbers else "")
            if count is None or len(numbers) < count:
                raise UnknownAttributeError(parameters)
            colour = ";".join([number, *numbers[:count]])
            del numbers[:count]
            fore, back = (colour, back) if number == "38" else (fore, colour)
        elif number in _OFF:
            flags -= _OFF[number]
        elif number == "39":
            fore = ""
        elif number == "49":
            back = ""
        else:
            fore, back = _simple(number, fore, back, flags)
    return Pen(fore, back, frozenset(flags), pen.link)


def _simple(number: str, fore: str, back: str, flags: set[str]) -> tuple[str, str]:
    """One of the sixteen colours, or a flag."""
    value = int(number) if number.isdigit() else -1
    if 30 <= value <= 37 or 90 <= value <= 97:
        return number, back
    if 40 <= value <= 47 or 100 <= value <= 107:
        return fore, number
    if 1 <= value <= 9 or value in (21, 51, 52, 53):
        flags.add(number)
        return fore, back
    raise UnknownAttributeError(number)


@lru_cache(4096)
def change(before: Pen, after: Pen) -> str:
    """The shortest sequence that makes one pen the other: what changes, or everything anew."""
    link = f"\x1b]8;{after.link or ';'}\x1b\\" if before.link != after.link else ""
    if before[:3] == after[:3]:
        return link
    anew = [
        "0" if after[:3] != PLAIN[:3] else "",
        *sorted(after.flags),
        *filter(None, (after.fore, after.back)),
    ]
    changes = _switched(before.flags, after.flags)
    if before.fore != after.fore:
        changes.append(after.fore or "39")
    if before.back != after.back:
        changes.append(after.back or "49")
    return link + min(_sgr(anew), _sgr(changes), key=len)


def _switched(before: frozenset[str], after: frozenset[str]) -> list[str]:
    """Parameters that switch flags off and on; what switches one off may take its relatives with it."""
    offs = sorted(off for off, flags in _OFF.items() if flags & (before - after))
    lost = frozenset[str]().union(*(_OFF[off] for off in offs))
    return [*offs, *sorted(after - (before - lost))]


def _sgr(parameters: list[str]) -> str:
    return f"\x1b[{';'.join(parameters)}m"
