"""The place at which the wizard was left, so that it opens there again."""

from typing import Final, NamedTuple


class Bookmark(NamedTuple):
    """The screen at which the wizard was left, and the user who was signed in. Never a secret."""

    place: str = ""
    """The screen: `connect`, `site`, `review`."""
    oauth: bool = True
    user: str = ""
    """Client id or user name."""


NOBODY: Final = Bookmark()
"""The bookmark of a setup in which nobody has signed in yet."""
