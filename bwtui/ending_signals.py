"""The signals that ask a program to end; apart from `exits`, which commands that end by themselves import, too."""

import signal
from typing import Final

from bwtui.exits import Exit

ENDING_SIGNALS: Final = {
    signal.SIGINT: Exit.INTERRUPTED,
    signal.SIGTERM: Exit.TERMINATED,
    signal.SIGHUP: Exit.HUNG_UP,
}
"""The signals, and what a program ends with after each."""
