"""Where the wizard was left, so that it opens there again."""

from typing import NamedTuple


class Bookmark(NamedTuple):
    """Where the wizard was left, and who was asking then. Never a secret."""

    place: str = ""
    """The screen: `connect`, `site`, `review`."""
    oauth: bool = True
    user: str = ""
    """Client id or user name."""
