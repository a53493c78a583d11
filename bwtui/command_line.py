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
    account: str = ""
    """The saved login that was named; empty for the last one, or none."""

    def of(self, *words: str) -> str:
        """Return a command as it is typed; without words, the one that starts or continues the wizard."""
        named = ("--name", self.name) if self.name != "default" else ()
        kept = ("--state-dir", self.state_dir) if self.state_dir else ()
        linear = ("--linear",) if self.linear and not words else ()
        account = ("--account", self.account) if self.account and _connects(words) else ()
        return shlex.join(("bwtui", *words, *linear, *named, *kept, *account))

    @property
    def after_a_bug(self) -> str:
        """The sentence on how to go on after a fault of bwtui itself, and how to report it."""
        return (
            "This is a bug in bwtui. What was done is saved: run the same command again to continue. "
            f"What a bug report needs, without secrets: {self.of('report')}"
        )


def _connects(words: tuple[str, ...]) -> bool:
    """Return True for a command that needs credentials, as the wizard does."""
    return not words or words[0] not in ("status", "export", "report")


USUAL_SETUP: Final = CommandLine()
"""The command lines for the setup that needs no options."""
