"""The services of a number: what each needs, and the orders that activate them (universal-platform 4).

Sources name what makes a number ready but no rule for each service; these are inferred. Voice needs a Voice Configuration
Package, messaging a location with SMS and a linked application.
"""

from bwtui.simulator.envelope import Problem
from bwtui.simulator.resources import ActivationOrder, SipPeer, TelephoneNumber
from bwtui.simulator.simulated_account import SimulatedAccount

_VOICE = "voice/"


def reasons(account: SimulatedAccount, number: TelephoneNumber | None, kind: str) -> list[Problem]:
    """Return what keeps a kind of service from being activated; the codes are this simulator's own."""
    if number is None:
        return [_reason("NUMBER_NOT_ON_ACCOUNT", "The phone number is not in service on the account")]
    match kind:
        case "voice":
            if number.package_id is None:
                words = "The phone number has no Voice Configuration Package"
                return [_reason("VOICE_CONFIGURATION_PACKAGE_REQUIRED", words)]
            return []
        case "messaging":
            peer = _peer(account, number)
            if peer is None or peer.sms is None:
                return [
                    _reason("MESSAGING_DISABLED_ON_LOCATION", "The location of the phone number has no SMS")
                ]
            if peer.messaging_app_id is None:
                words = "The location of the phone number has no messaging application"
                return [_reason("MESSAGING_APPLICATION_REQUIRED", words)]
            return []
        case _:
            return [_reason("EMERGENCY_ADDRESS_REQUIRED", "The phone number has no emergency address")]


def finish(account: SimulatedAccount, order: ActivationOrder) -> None:
    """Carry out an order: COMPLETE if every service of every number was ready, PARTIAL if some were, else FAILED."""
    wanted = [(tn, service) for tn in order.tns for service in order.services]
    outcome = account.switches.activation_outcome
    share = {"FAILED": 0, "PARTIAL": len(wanted) // 2}.get(outcome or "", len(wanted))
    done = [item for item in wanted[:share] if _carried_out(account, order, *item)]
    if outcome is not None:
        order.status = outcome
    elif len(done) == len(wanted):
        order.status = "COMPLETE"
    else:
        order.status = "PARTIAL" if done else "FAILED"
    order.finished = account.clock()
    account.note(f"activation order {order.id} {order.status}")


def activate_at_ordering(account: SimulatedAccount, number: TelephoneNumber) -> None:
    """Activate what is ready when a number is ordered; nothing is activated by itself later (universal-platform 4)."""
    if account.settings.platform == "universal" and not reasons(account, number, "messaging"):
        number.services.append("messaging/ALL")


def take_off_package(number: TelephoneNumber) -> None:
    """Take a number off its package, and with it its voice services."""
    number.package_id = None
    number.services = [service for service in number.services if not service.startswith(_VOICE)]


def held_number(account: SimulatedAccount, tn: str) -> TelephoneNumber | None:
    number = account.numbers.get(tn)
    return number if number is not None and number.status == "Inservice" else None


def _carried_out(account: SimulatedAccount, order: ActivationOrder, tn: str, service: str) -> bool:
    """Activate or deactivate a service, active or not before; return False if it is not ready for that."""
    number = held_number(account, tn)
    if number is None:
        return False
    if order.action == "DEACTIVATE":
        number.services = [active for active in number.services if active != service]
        return True
    if reasons(account, number, service.partition("/")[0]):
        return False
    if service not in number.services:
        number.services.append(service)
    return True


def _peer(account: SimulatedAccount, number: TelephoneNumber) -> SipPeer | None:
    site = account.sites.get(number.site_id)
    return site.peers.get(number.peer_id) if site else None


def _reason(code: str, description: str) -> Problem:
    return Problem(code, "requirement", description)
