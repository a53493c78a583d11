"""The options that several commands share, in types of their own."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bwtui.command_line import CommandLine

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.credentials import Given
    from bwtui.domain.lists.setup_list import RowRange


class SetupOptions(NamedTuple):
    """The setup that a command works on, and its account."""

    name: str = "default"
    state_dir: str | None = None
    account_id: str | None = None
    environment: str | None = None
    base_url: str | None = None
    platform: str | None = None
    login: "Given | None" = None
    """What the command line says of the credentials; `None` for a command that needs none."""

    @property
    def commands(self) -> CommandLine:
        """The command lines for this setup, wherever they are typed."""
        folder = str(Path(self.state_dir).expanduser().absolute()) if self.state_dir else ""
        return CommandLine(self.name, folder, account=self.login.account if self.login else "")


class ListOptions(NamedTuple):
    """The list whose rows a command works on, one after another or side by side."""

    path: str = ""
    """`-` for standard input; empty where the command works on one setup."""
    rows: "RowRange | None" = None
    """`None` for all of them."""


ROWS_AT_ONCE: Final = 8
"""Rows of a list that are worked on at the same time, unless it is said otherwise."""
