"""The options that several commands share, in types of their own."""

from pathlib import Path
from typing import NamedTuple

from bwtui.command_line import CommandLine


class SetupOptions(NamedTuple):
    """The setup that a command works on, and its account."""

    name: str = "default"
    state_dir: str | None = None
    account_id: str | None = None
    environment: str | None = None
    base_url: str | None = None
    platform: str | None = None

    @property
    def commands(self) -> CommandLine:
        """The command lines for this setup, wherever they are typed."""
        folder = str(Path(self.state_dir).expanduser().absolute()) if self.state_dir else ""
        return CommandLine(self.name, folder)
