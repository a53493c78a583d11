"""One application, two terminals: what Textual writes goes to one, and what the driver makes of it to the other."""

from textual.drivers.headless_driver import HeadlessDriver

from bwtui.frugal.difference import ScreenDifference
from frugal.strict_terminal import StrictTerminal, on_a_line

BEGIN = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?7l"


class DriverPair:
    """The two terminals, and the bytes that each of them got."""

    def __init__(self, width: int, height: int, *, coloured_erase: bool = True) -> None:
        self.difference = ScreenDifference(width, height, coloured_erase=coloured_erase)
        self.stock = StrictTerminal(width, height, erases_in_colour=coloured_erase, may_scroll=True)
        self.frugal = StrictTerminal(width, height, erases_in_colour=coloured_erase)
        self.stock_bytes = self.frugal_bytes = 0
        self.written: list[tuple[str, str]] = []
        """The writes since the last look: `stock` or `frugal`, and the text."""
        self.frugal.spoil()

    def write(self, data: str) -> None:
        """Write to both terminals, as Textual writes to its driver."""
        self.difference.feed(data)
        self.stock_bytes += len(on_a_line(data).encode())
        self.written.append(("stock", data))
        self.stock.feed(on_a_line(data))

    def take(self) -> str:
        """Bring the second terminal to the state of the first."""
        text = self.difference.take()
        self.frugal_bytes += len(on_a_line(text).encode())
        self.written.append(("frugal", text))
        self.frugal.feed(on_a_line(text))
        return text

    def resize(self, width: int, height: int) -> None:
        """Both get another size; of the second nobody knows what it shows then."""
        self.stock.resize(width, height)
        self.frugal.resize(width, height)
        self.frugal.spoil()
        self.difference.forget()
        self.difference.resize(width, height)

    def check(self, event: object = None) -> None:
        """Both show the same, cell by cell with all attributes; the cursor is at the same place."""
        self.take()
        written, self.written = self.written, []
        if self.stock.picture() == self.frugal.picture():
            assert (self.frugal.x, self.frugal.y) == (self.stock.x, self.stock.y), (event, written)
            assert self.frugal.passed == self.stock.passed, (event, written)
            return
        for y, (left, right) in enumerate(zip(self.stock.picture(), self.frugal.picture(), strict=True)):
            for x, (one, other) in enumerate(zip(left, right, strict=True)):
                assert one == other, f"after {event!r}, row {y} column {x}: {one} but {other}; {written[-4:]}"


class PairDriver(HeadlessDriver):
    """Writes to a pair of terminals instead of to none."""

    pair: DriverPair

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.pair.difference.resize(*self._app.size)
        self.pair.write(data)

    def start_application_mode(self) -> None:
        super().start_application_mode()
        self.write(BEGIN)
