"""How much may be on its way to the terminal at a time.

What was written to a line is not yet on the screen: SSH and the network queue hundreds of kilobytes, and whatever is
drawn later waits behind them. So after every `ASK_EVERY` bytes the terminal is asked something, and while `LIMIT`
bytes or more were sent since the last answer but one, nothing is sent and frames merge. Short frames, such as those
of keys, hardly ever carry a question and never wait for one, so a long way costs them nothing.

Measured on a line of 200 ms and 50 kbit/s, 80x24, ten keys typed after four seconds of a text that changes wholly
ten times a second: all are on screen 0.5 s after the last; without questions after 7.6 s, and the longer the
animation has run the later (with Textual's own driver after 19 s). Ten keys alone take 0.2 s with and without.
Half the limit gains nothing, twice the limit doubles the wait. A terminal that does not answer is not waited for.
"""

from typing import Final

ASK_EVERY: Final = 1024
LIMIT: Final = 2048
PATIENCE: Final = 3.0
"""Seconds until an answer is taken for lost; a terminal that twice in a row gave none is not asked again."""


class FlowControl:
    """Bytes on their way; times are seconds of one clock."""

    def __init__(self) -> None:
        """Whether the terminal answers is not known yet, so there is no limit."""
        self.question = ""
        """What this terminal is known to answer; empty: nothing."""
        self._asked_at: float | None = None
        self._before = 0
        self._since = 0
        self._lost = 0

    @property
    def waiting(self) -> bool:
        """Whether an answer is to come."""
        return self._asked_at is not None

    def send(self, size: int, now: float) -> str:
        """Note that so many bytes are sent; gives the question to be sent after them, or nothing."""
        self._since += size
        if not self.question or self._asked_at is not None or self._since < ASK_EVERY:
            return ""
        self._asked_at = now
        self._before, self._since = self._since, 0
        return self.question

    def wait(self, now: float) -> float:
        """Seconds to wait at most before sending; none where there is room."""
        if self._asked_at is None or self._before + self._since < LIMIT:
            return 0
        left = self._asked_at + PATIENCE - now
        if left > 0:
            return left
        self._lost += 1
        self._asked_at = None
        if self._lost > 1:
            self.question = ""
        return 0

    def answered(self) -> None:
        """The terminal answered."""
        self._lost = 0
        self._asked_at = None

    def stop_asking(self) -> None:
        """Send no further questions."""
        self.question = ""
