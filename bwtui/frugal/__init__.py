"""A frugal output driver for Textual: it keeps what the terminal shows, and sends the difference.

Textual repaints whole regions, each piece of text with its full style and a reset. Here its frames are read into a
grid of cells, and what differs from what the terminal shows is sent: changed cells only, changes of style only, the
cheapest moves of the cursor, erasure instead of blanks. Of frames that come faster than the line takes them the last
one is sent. It knows nothing of the application that uses it.

    class MyApp(App): ...
    MyApp(driver_class=driver_class("MYAPP_DRIVER")).run()
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def driver_class(variable: str) -> "type[Driver] | None":
    """The driver for this machine and terminal; `None` stands for Textual's own.

    That is where the environment variable of the given name says `stock`, where terminals are not POSIX's, and where
    the terminal is none to be frugal with.
    """
    from bwtui.frugal.terminal_types import is_understood  # noqa: PLC0415 - start-up: only who asks pays

    if os.name != "posix" or os.environ.get(variable, "").lower() == "stock" or not is_understood(os.environ):
        return None
    from bwtui.frugal.driver import FrugalDriver  # noqa: PLC0415 - cannot be imported where it is of no use

    return FrugalDriver
