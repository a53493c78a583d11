"""The platforms that an account can be on; voice is set up differently on each."""

from enum import StrEnum
from typing import Final, NamedTuple

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


def platform_named(name: str) -> Platform | None:
    """Return the platform of that name; `None` for `auto`, and for anything else that names none."""
    return _BY_NAME.get(name)


_BY_NAME: Final = {platform.value: platform for platform in Platform}
_TITLES: Final = {
    Platform.LEGACY: "legacy platform",
    Platform.UNIVERSAL: "Universal Platform",
    Platform.TRIAL: "trial account",
    Platform.UNKNOWN: "platform not known",
}


class FoundPlatform(NamedTuple):
    """The platform of an account, and how it is known."""

    platform: Platform
    reason: str = ""
    """One sentence on what shows it; empty if it was answered."""


_MEANING: Final = {
    Platform.LEGACY: "The account is on the legacy platform: the location carries the voice application.",
    Platform.UNIVERSAL: "The account is on the Universal Platform: a voice package carries the voice application and the numbers.",
    Platform.TRIAL: "This is a trial account. It can have a voice application, and its own number can call phones that you have "
    "verified. It cannot have sub-accounts, locations, messages, other numbers or voice packages.",
    Platform.UNKNOWN: "It is not known which platform the account is on. {reason} Voice waits until you say which; everything else goes on.",
}


def platform_text(found: FoundPlatform) -> str:
    """Say which platform the account is on, and what that means."""
    return _MEANING[found.platform].format(reason=found.reason)
