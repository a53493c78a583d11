"""Where the wizard was left, so that it opens there again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where the wizard was left, and who was asking then. Never a secret."""

    place: str = ""
    """The screen: `connect`, `site`, `review`."""
    oauth: bool = True
    user: str = ""
    """Client id or user name."""
