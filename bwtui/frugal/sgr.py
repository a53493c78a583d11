"""Styles as SGR sequences: read from parameters, and written as the shortest change."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from bwtui.frugal.cells import PLAIN, SEEN_ON_BLANK, Style

_FLAGS: Final = frozenset({*range(1, 10), 21, 51, 52, 53})
_OFF: Final = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 7: 27}
"""The codes that turn attributes off on every terminal; the other attributes need a reset."""
_TURNS_OFF: Final = {
    22: {1, 2},
    23: {3},
    24: {4, 21},
    25: {5, 6},
    27: {7},
    28: {8},
    29: {9},
    54: {51, 52},
    55: {53},
}


@lru_cache(4096)
def styled(style: Style, parameters: str) -> Style:
    """Return the style after these parameters of an SGR sequence. Raises `ValueError` for an unknown one."""
    codes = iter(parameters.split(";"))
    for text in codes:
        code = int(text or 0)
        if code == 0:
            style = Style(link=style.link)
        elif code in {38, 39} or 30 <= code <= 37 or 90 <= code <= 97:
            style = style._replace(fg=_colour(text, codes))
        elif code in {48, 49} or 40 <= code <= 47 or 100 <= code <= 107:
            style = style._replace(bg=_colour(text, codes))
        elif code in _FLAGS:
            style = style._replace(flags=style.flags | {code})
        elif code in _TURNS_OFF:
            style = style._replace(flags=style.flags - _TURNS_OFF[code])
        else:
            raise ValueError(f"not a known style: {parameters}")
    return style


def _colour(code: str, codes: Iterator[str]) -> str:
    """Return the parameters of one colour, of which the first was read; empty for the terminal's own."""
    if code in {"39", "49"}:
        return ""
    if code not in {"38", "48"}:
        return code
    kind = next(codes, "")
    numbers = list(islice(codes, {"2": 3, "5": 1}.get(kind, 0)))
    if not numbers or not all(numbers) or (kind == "2" and len(numbers) < 3):
        raise ValueError(f"not a colour: {code}")
    return ";".join([code, kind, *numbers])


@lru_cache(4096)
def change(pen: Style | None, style: Style) -> str:
    """Return the shortest sequence that changes the terminal's style from `pen` (`None`: not known) to `style`."""
    link = f"\x1b]8;{style.link or ';'}\x1b\\" if pen is None or pen.link != style.link else ""
    if pen is None:
        # A terminal that is asked to close a link when none is open does nothing, but not all know links.
        return ("" if not style.link else link) + _sequence(["0", *_additions(PLAIN, style)])
    afresh = _sequence(["0", *_additions(PLAIN, style)])
    by_parts = _removals(pen, style)
    if by_parts is None:
        return link + afresh
    kept = pen.flags - set(chain.from_iterable(_TURNS_OFF[int(code)] for code in by_parts))
    parts = _sequence(by_parts + _additions(Style(pen.fg, pen.bg, kept), style))
    return link + min(parts, afresh, key=len)


def _removals(pen: Style, style: Style) -> list[str] | None:
    """Return the codes that turn off the attributes that `style` lacks; `None` if a reset is needed."""
    gone = pen.flags - style.flags
    return sorted({str(_OFF[flag]) for flag in gone}) if gone <= _OFF.keys() else None


def _additions(pen: Style, style: Style) -> list[str]:
    added = [str(flag) for flag in sorted(style.flags - pen.flags)]
    if style.fg != pen.fg:
        added.append(style.fg or "39")
    if style.bg != pen.bg:
        added.append(style.bg or "49")
    return added


def _sequence(codes: list[str]) -> str:
    if codes == ["0"]:
        return "\x1b[m"
    return f"\x1b[{';'.join(codes)}m" if codes else ""


@lru_cache(1024)
def for_blank(pen: Style | None, style: Style) -> Style:
    """Return the style nearest to `pen` in which a blank looks as in `style`."""
    if pen is None or style.link or style.flags:
        return style
    return Style(pen.fg, style.bg, pen.flags - SEEN_ON_BLANK)
