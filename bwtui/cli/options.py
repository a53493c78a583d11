"""The options that several commands share, in types of their own."""

from typing import NamedTuple


class SetupOptions(NamedTuple):
    """Which setup, and which account it is for."""

    name: str = "default"
    state_dir: str | None = None
    account_id: str | None = None
    environment: str | None = None
    base_url: str | None = None
