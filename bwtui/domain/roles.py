"""The roles that steps need. Bandwidth's pages and its CLI name them; a token may spell them otherwise (bandwidth-api 1.3)."""

from collections.abc import Iterable
from typing import Final, NamedTuple


class AppRole(NamedTuple):
    """A role that allows a step."""

    name: str
    """Its name in the Bandwidth App: `Configuration`."""
    known_by: tuple[str, ...]
    """Parts of names, in lower case: a role of a token whose name has one of them may allow the step, too."""

    def is_among(self, roles: Iterable[str]) -> bool:
        """Return True if one of the roles of a token may allow the step."""
        return any(part in role.casefold() for role in roles for part in self.known_by)


CONFIGURATION: Final = AppRole("Configuration", ("configuration", "sub-account", "subaccount"))
APPLICATIONS: Final = AppRole("HTTP Application Management", ("application", "app management"))
ORDERING: Final = AppRole("Ordering", ("order", "numbers"))
VOICE_PACKAGES: Final = AppRole("VCP", ("vcp", "voice configuration"))
# It is not said whether what belongs to a location needs the role for locations or that for its service.
VOICE: Final = AppRole("HttpVoice", ("httpvoice", " voice", *CONFIGURATION.known_by))
# Nor which role it takes to switch services on.
NUMBERS: Final = AppRole("Numbers", (*ORDERING.known_by, *VOICE_PACKAGES.known_by))
CAMPAIGNS: Final = AppRole("Campaign Management", ("campaign management", "campaigns", "10dlc"))
