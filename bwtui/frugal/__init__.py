"""A frugal output driver for Textual: it remembers the terminal's screen, and sends only differences.

Textual repaints whole regions, each piece of text with its full style and a reset. This driver reads its frames into a
grid of cells and sends the difference from the terminal's screen: changed cells only, changes of style only, the
cheapest moves of the cursor, erasure instead of blanks. If frames come faster than the line takes them, only the last
one is sent. The driver works with any Textual application.

    class MyApp(App): ...
    MyApp(driver_class=driver_class("MYAPP_DRIVER")).run()
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def driver_class(variable: str) -> "type[Driver] | None":
    """Return the driver for this machine and terminal; `None` for Textual's own.

    That is if the environment variable named `variable` is `stock`, if the system is not POSIX, and if the type of
    the terminal is not known to work with this driver.
    """
    from bwtui.frugal.terminal_types import is_understood  # noqa: PLC0415 - start-up time is budgeted

    if os.name != "posix" or os.environ.get(variable, "").lower() == "stock" or not is_understood(os.environ):
        return None
    from bwtui.frugal.driver import FrugalDriver  # noqa: PLC0415 - cannot be imported where it is of no use

    return FrugalDriver
