"""The credentials, as typed on Connect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bwtui.domain.values.secret import Secret

if TYPE_CHECKING:  # the first screen is soon there because what it does not need is imported later
    from bwtui.credentials import Login


@dataclass(slots=True)
class SignIn:
    """The credentials, as typed on Connect; the secret is held in memory only."""

    oauth: bool = True
    user: str = ""
    secret: Secret = field(default_factory=lambda: Secret(""))

    @property
    def login(self) -> Login | None:
        """The credentials, once there are any."""
        from bwtui.credentials import Login  # noqa: PLC0415

        if not (self.user and self.secret):
            return None
        return Login(oauth=self.oauth, user=self.user, secret=self.secret)
