"""Copies of what a setup has made, as a request that was delivered twice leaves them."""

from dataclasses import replace
from typing import Final

from bwtui.simulator.simulated_account import SimulatedAccount

_COPY: Final = "00000000-0000-4000-8000-000000000002"


def with_a_copy(account: SimulatedAccount) -> str:
    """Put another voice application of the same name on the account, and return its id."""
    [made] = [each for each in account.applications.values() if each.service_type == "Voice-V2"]
    account.applications[_COPY] = replace(made, id=_COPY)
    return _COPY
