"""The platforms of an account, and the paths that each refuses (universal-platform 1, 2)."""

from typing import TYPE_CHECKING

from bwtui.simulator import envelope
from bwtui.simulator.envelope import Problem
from bwtui.simulator.http import ApiResponse
from bwtui.simulator.simulated_account import SimulatedAccount

if TYPE_CHECKING:
    from bwtui.simulator.routes import Path


def refusal(account: SimulatedAccount, path: "Path", *, v2: bool) -> ApiResponse | None:
    """Return the platform's refusal of a path, else None."""
    switches = account.switches
    if path.role == "options" and not switches.tn_option_role:
        return ApiResponse(403)
    match account.settings.platform:
        case "legacy":
            return _legacy(account, path)
        case "universal":
            if v2 and not path.on_v2:
                return ApiResponse(404)
            refused = (path.role == "VCP" and switches.vcp_role is False) or (
                path.role == "activation" and not switches.activation_role
            )
            return _forbidden(account, path) if refused else None
        case "build":
            return None if path.on_build else _forbidden(account, path)


def _legacy(account: SimulatedAccount, path: "Path") -> ApiResponse | None:
    """A missing role and a legacy account get the same answer from /v2 (universal-platform 1)."""
    match path.role:
        case "VCP":
            return _forbidden(account, path)
        case "activation":
            return ApiResponse(404)
        case _:
            return None


def _forbidden(account: SimulatedAccount, path: "Path") -> ApiResponse:
    if path.role is not None and account.switches.refusal == "errors":
        return ApiResponse(403, envelope.errors([Problem("VCS-0008", "authorization", "Access is denied")]))
    return ApiResponse(403)
