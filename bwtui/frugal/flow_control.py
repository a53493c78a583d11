"""Limits the bytes on their way to the terminal.

Bytes that were written are not yet on the screen: SSH and the network queue hundreds of kilobytes, and later output
waits behind them. So the terminal is asked a question after every `ASK_EVERY` bytes; while one is unanswered and `LIMIT`
bytes or more were sent since the one before it, nothing is sent and frames merge. Short frames, such as those for
single keys, rarely carry a question and never wait for an answer, so a slow line does not delay them.

Measured on a line of 200 ms and 50 kbit/s, 80x24, with ten keys typed after four seconds of a text that changes
completely ten times a second: all are on screen 0.5 s after the last; without questions after 7.6 s, and later the
longer the animation has run (with Textual's own driver after 19 s). Ten keys alone take 0.2 s in both cases. Half the
limit gains nothing, twice the limit doubles the wait. A terminal that does not answer is not waited for.
"""

from typing import Final

ASK_EVERY: Final = 1024
LIMIT: Final = 2048
PATIENCE: Final = 3.0
"""Seconds until an answer counts as lost; after two lost answers in a row the terminal is not asked again."""


class FlowControl:
    """Counts the bytes on their way; times are seconds of one clock."""

    def __init__(self) -> None:
        """Begin without a limit, since the terminal may not answer."""
        self.question = ""
        """A question that this terminal is known to answer; empty if none is known."""
        self._asked_at: float | None = None
        self._before = 0
        self._since = 0
        self._lost = 0

    @property
    def waiting(self) -> bool:
        """True while an answer is outstanding."""
        return self._asked_at is not None

    def send(self, size: int, now: float) -> str:
        """Count `size` bytes as sent; return the question to be sent after them, or an empty text."""
        self._since += size
        if not self.question or self._asked_at is not None or self._since < ASK_EVERY:
            return ""
        self._asked_at = now
        self._before, self._since = self._since, 0
        return self.question

    def wait(self, now: float) -> float:
        """Return the most seconds to wait before sending; 0 if there is room."""
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
        """Note the terminal's answer."""
        self._lost = 0
        self._asked_at = None

    def stop_asking(self) -> None:
        """Send no further questions."""
        self.question = ""
