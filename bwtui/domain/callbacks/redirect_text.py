"""Callback URLs that point at a listener for now, in words; apart, so that nothing else is imported for it."""

from typing import Final, NamedTuple

RESTORE: Final = ("listen", "--restore")
"""The command that puts the old URLs back."""


class AtListener(NamedTuple):
    """The callback URLs of a setup that point at a listener for now."""

    public_url: str
    is_listening: bool
    has_calls: bool
    """True if those of the voice application are among them."""
    restore: str
    """The command that puts the old ones back, as it is typed."""

    @property
    def told(self) -> str:
        """Say where they point, and how the old ones come back."""
        return redirected_text(self.public_url, self.restore, is_listening=self.is_listening)

    @property
    def is_dead(self) -> bool:
        """True if no call is answered: the listener has ended."""
        return self.has_calls and not self.is_listening


def redirected_text(public_url: str, restore: str, *, is_listening: bool) -> str:
    """Say where the callback URLs point for now, and how they come back; `restore` is the command for that."""
    way = (
        "The old ones come back when it ends"
        if is_listening
        else f"It has ended without putting them back: {restore} does that"
    )
    return f"bwtui listen has pointed the callback URLs at {public_url}. {way}."
