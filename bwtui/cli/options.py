"""The options that several commands share, in types of their own."""

from typing import NamedTuple


class SetupOptions(NamedTuple):
    """The setup that a command works on, and its account."""

    name: str = "default"
    state_dir: str | None = None
    account_id: str | None = None
    environment: str | None = None
    base_url: str | None = None
