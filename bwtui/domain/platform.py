"""The platforms that an account can be on; voice is set up differently on each."""

from enum import StrEnum
from typing import Final

AUTO: Final = "auto"
"""The answer that leaves it to bwtui to find out."""


class Platform(StrEnum):
    """The platform of an account, as the answers name it (bandwidth-api 13.1)."""

    LEGACY = "legacy"
    """The guide's: the location carries the voice application."""
    UNIVERSAL = "universal"
    """Today's: a voice configuration package carries the voice application and the numbers."""
    TRIAL = "trial"
    """A Bandwidth Build account: voice only, with a number of its own."""
    UNKNOWN = "unknown"
    """Looked up, and the account does not tell: the person has to say which."""

    @property
    def is_settled(self) -> bool:
        """True if it decides how voice is set up."""
        return self in (Platform.LEGACY, Platform.UNIVERSAL)

    @property
    def told(self) -> str:
        """The platform as the screens name it."""
        return _TITLES[self]


_TITLES: Final = {
    Platform.LEGACY: "legacy platform",
    Platform.UNIVERSAL: "Universal Platform",
    Platform.TRIAL: "trial account",
    Platform.UNKNOWN: "platform not known",
}
