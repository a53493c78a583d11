"""Texts for the screen: what comes from outside without what steers a terminal, and signs that ASCII has too."""

from functools import lru_cache
from typing import Final

import rich.color
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from bwtui.domain.values.text import safe
from bwtui.plain_ascii import ASCII_SIGNS


def on_one_line(text: str) -> str:
    """Return text from outside for one line of the screen, cell for cell: line ends are blanks, too."""
    return safe(text).replace("\n", " ")


class PaletteFilter(LineFilter):
    """Takes each colour from the 256 that nearly every terminal has.

    What is mixed, as behind a dialog, is one of them too, and each takes half as many bytes as one of 24 bits.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the interface
        """Put the nearest colours of the palette in place of all others."""
        return [
            Segment(text, style and style + _in_palette(style.color, style.bgcolor), control)
            for text, style, control in segments
        ]


@lru_cache(256)
def _in_palette(text: rich.color.Color | None, ground: rich.color.Color | None) -> Style:
    return Style(color=_nearest(text), bgcolor=_nearest(ground))


def _nearest(colour: rich.color.Color | None) -> rich.color.Color | None:
    if colour is None or colour.triplet is None:
        return colour
    return rich.color.Color.from_ansi(palette_number(*colour.triplet))


_CUBE: Final = (0, 95, 135, 175, 215, 255)


def palette_number(red: int, green: int, blue: int) -> int:
    """Return the number of the nearest colour in the cube (16 to 231) or among the greys (232 to 255)."""
    sides = [min(range(6), key=lambda side: abs(_CUBE[side] - part)) for part in (red, green, blue)]
    grey = min(23, max(0, round((red + green + blue - 24) / 30)))
    in_cube = sum((_CUBE[side] - part) ** 2 for side, part in zip(sides, (red, green, blue), strict=True))
    in_ramp = sum((8 + 10 * grey - part) ** 2 for part in (red, green, blue))
    return 16 + 36 * sides[0] + 6 * sides[1] + sides[2] if in_cube <= in_ramp else 232 + grey


class Colourless(LineFilter):
    """Takes every colour away, where Textual itself would leave greys: what they tell, signs and weight tell too."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the interface
        """Leave text, weight, lines and reversal."""
        return [Segment(text, style and style.without_color, control) for text, style, control in segments]


class Ascii(LineFilter):
    """Shows everything in ASCII, cell for cell."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the interface
        """Translate the signs that have a likeness; anything else is a question mark for each cell."""
        return [
            Segment(_in_ascii(text), style, control) if not text.isascii() else Segment(text, style, control)
            for text, style, control in segments
        ]


def _in_ascii(text: str) -> str:
    from rich.cells import cell_len  # noqa: PLC0415 - only such locales need it

    translated = text.translate(ASCII_SIGNS)
    return "".join(char if char.isascii() else "?" * cell_len(char) for char in translated)
