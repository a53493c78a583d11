"""What Textual writes, read as operations on a picture; what is not about the picture is passed on."""

import re
from collections.abc import Iterator
from typing import Final

from bwtui.tui.frugal.pen import UnknownAttributeError, after_sgr
from bwtui.tui.frugal.picture import Picture

_TOKEN: Final = re.compile(
    r"""
      \x1b\[ (?P<row>\d*) ;? (?P<column>\d*) H
    | \x1b\[ (?P<sgr>[\d;]*) m
    | \x1b\]8; (?P<link>[^\x07\x1b]*) (?:\x07|\x1b\\)
    | (?P<sync> \x1b\[\?2026[hl] )
    | (?P<passed>
          \x1b\[ [?<>=] [\d;]* \$? [a-zA-Z]      # private modes, queries and keyboard protocols
        | \x1b\[ [\d;]* [cnqt]                    # queries and reports
        | \x1b\] [^\x07\x1b]* (?:\x07|\x1b\\)     # titles, the clipboard, the shape of the pointer
        | \x07 )
    | (?P<text> [^\x00-\x1f\x7f-\x9f]+ )
    | (?P<return> \r ) | (?P<feed> \n )
    """,
    re.VERBOSE,
)


class NotUnderstoodError(ValueError):
    """Something that may change the picture in a way that is not known here."""

    def __init__(self, rest: str) -> None:
        super().__init__(repr(rest[:40]))
        self.rest = rest
        """What was not read, beginning with what was not understood."""


def read(frame: str, picture: Picture) -> Iterator[str]:  # noqa: C901 - one branch for each kind of token
    """Carry out a frame on a picture; give what has to be passed on to the terminal as it is, where it comes.

    Raises:
        NotUnderstoodError: at something unknown; what stands before it has been carried out.
    """
    place = 0
    while place < len(frame):
        token = _TOKEN.match(frame, place)
        if token is None:
            raise NotUnderstoodError(frame[place:])
        match token.lastgroup:
            case "text":
                picture.put(token["text"])
            case "sgr":
                try:
                    picture.pen = after_sgr(picture.pen, token["sgr"])
                except UnknownAttributeError:
                    raise NotUnderstoodError(frame[place:]) from None
            case "column":
                picture.move(int(token["row"] or 1) - 1, int(token["column"] or 1) - 1)
            case "return":
                picture.move(picture.y, 0)
            case "feed":
                picture.move(picture.y + 1, picture.x)
            case "link":
                address = token["link"]
                picture.pen = picture.pen._replace(link="" if address == ";" else address)
            case "passed":
                yield token["passed"]
        place = token.end()
