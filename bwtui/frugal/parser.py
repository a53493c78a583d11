"""Reads Textual's output for a terminal: cells into a grid; everything else is passed on in its order.

A frame is a sequence of places (`CSI row ; column H`), text between `CSI ... m` and `CSI 0 m`, and hyperlinks. Other
output of Textual (modes, questions, the clipboard) does not change the picture and is passed on as it is. Only the
sequences listed here are known; any other is unrecognised.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bwtui.frugal.cells import PLAIN, Grid, Style
from bwtui.frugal.sgr import styled

_TOKEN: Final = re.compile(
    r"\x1b\[(?P<row>\d*)(?:;(?P<column>\d*))?H"
    r"|\x1b\[(?P<style>[\d;]*)m"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|(?P<line>[\r\n])"
    r"|\x1b\]8;(?P<link>[^\x00-\x1f;]*;[^\x00-\x1f]*)(?:\x1b\\|\x07)"
    r"|(?P<control>"
    r"\x07"  # the bell
    r"|\x1b\](?!8;|1337;)[^\x00-\x06\x08-\x1f]*(?:\x1b\\|\x07)"  # clipboard, title, shape of the pointer; not pictures
    r"|\x1b\[\?(?:7|12|25|100[0-7]|101[56]|1049|20(?:04|26|31|48))[hl]"  # modes
    r"|\x1b\[\??\d+\$p"  # which mode is set?
    r"|\x1b\[[<>=?]\d*(?:;\d+)*u"  # kitty's keyboard
    r"|\x1b\[[>=]?0?c|\x1b\[>0?q|\x1b\[\??[56]n|\x1b\[1[1-9]t"  # who are you, where is the cursor, how large?
    r"|\x1b\[\d* q"  # shape of the cursor
    r")"
)


class Unrecognised(NamedTuple):
    """An unknown sequence begins at this offset of the text."""

    offset: int


class OutputParser:
    """Writes output into a grid as a terminal does; holds the place and style of its cursor."""

    def __init__(self, grid: Grid, encoding: str = "utf-8") -> None:
        """Begin at the top left of `grid`, in the plain style."""
        self.grid = grid
        self.touched: set[int] = set()
        """Rows written to; whoever has painted them empties the set."""
        self.place: tuple[int, int] = (0, 0)
        """Column and row, both from 0. They may lie outside the grid, since a frame may be for an earlier size."""
        self.style: Style = PLAIN
        self._encoding = encoding

    def read(self, data: str) -> Iterator[str | Unrecognised]:
        """Read a text, and yield each control sequence to be passed on at its place.

        `Unrecognised` is yielded last, if at all: from its offset on nothing was read.
        """
        offset, end = 0, len(data)
        while offset < end:
            token = _TOKEN.match(data, offset)
            if token is None or not (token["control"] or self._apply(token)):
                yield Unrecognised(offset)
                return
            if token["control"]:
                yield token["control"]
            offset = token.end()

    def _apply(self, token: re.Match[str]) -> bool:
        match token.lastgroup:
            case "text":
                self._text(token["text"])
            case "style":
                try:
                    self.style = styled(self.style, token["style"])
                except ValueError:
                    return False
            case "link":
                _, _, address = token["link"].partition(";")
                self.style = self.style._replace(link=token["link"] if address else "")
            case "line":
                down = token["line"] == "\n"  # the terminal line adds the carriage return
                self.place = 0, self.place[1] + down
            case _:
                self.place = max(int(token["column"] or 1), 1) - 1, max(int(token["row"] or 1), 1) - 1
        return True

    def _text(self, text: str) -> None:
        x, y = self.place
        if y < self.grid.height:
            self.touched.add(y)
            self.place = self.grid.put(x, y, text, self.style, self._encoding), y
