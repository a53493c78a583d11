"""Texts for the screen: what comes from outside without what steers a terminal, and signs that ASCII has too."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from bwtui.domain.text import safe
from bwtui.plain_ascii import ASCII_SIGNS


def on_one_line(text: str) -> str:
    """Return text from outside for one line of the screen, cell for cell: line ends are blanks, too."""
    return safe(text).replace("\n", " ")


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
