"""The command lines that bwtui tells people to type, with the options that name their setup."""

import shlex
from typing import Final, NamedTuple


class CommandLine(NamedTuple):
    """The options that make a command line be about one setup and no other."""

    name: str = "default"
    state_dir: str = ""
    """The folder of state files; empty for the usual one."""

    linear: bool = False
    """True if the wizard asks plain questions."""

    def of(self, *words: str) -> str:
        """Return a command as it is typed; without words, the one that starts or continues the wizard."""
        named = ("--name", self.name) if self.name != "default" else ()
        kept = ("--state-dir", self.state_dir) if self.state_dir else ()
        linear = ("--linear",) if self.linear and not words else ()
        return shlex.join(("bwtui", *words, *linear, *named, *kept))


USUAL_SETUP: Final = CommandLine()
"""The command lines for the setup that needs no options."""
