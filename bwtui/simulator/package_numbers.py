"""Numbers on Voice Configuration Packages: put on, taken off, and read back (universal-platform 3.2 to 3.4)."""

import re
from typing import Any

from bwtui.simulator import envelope, service_readiness
from bwtui.simulator.envelope import Problem, body_of, refused
from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.resources import TelephoneNumber
from bwtui.simulator.simulated_account import SimulatedAccount
from bwtui.simulator.voice_packages import found

_E164 = re.compile(r"\+1([2-9][0-9]{9})")


def change(request: ApiRequest) -> ApiResponse:
    """200 without a body; 207 with `errors` if some numbers were refused, 400 if all were (universal-platform 3.2)."""
    package = found(request)
    body = body_of(request)
    adding = body.get("action") == "ADD"
    if not adding and body.get("action") != request.account.switches.remove_action:
        raise refused(400, "VCS-0002", f"action {body.get('action')!r} is not valid")
    given = numbers_in(body, request.account.switches.largest_bulk)
    problems = [
        problem
        for number in given
        if (problem := _changed(request.account, number, package.id if adding else None, package.id))
        is not None
    ]
    if not problems:
        return ApiResponse()
    if len(problems) == len(given):
        raise envelope.EnvelopeErrorResponse(400, *problems)
    return ApiResponse(207, {**envelope.errors(problems), "data": []})


def numbers_in(body: dict[str, Any], most: int) -> list[str]:
    """Return the body's phoneNumbers, each once; refuse an empty list, or more than `most` if that is not 0."""
    given = body.get("phoneNumbers")
    if not isinstance(given, list) or not given or not all(isinstance(number, str) for number in given):
        raise refused(400, "VCS-0002", "phoneNumbers must be a list of numbers in E.164")
    if most and len(given) > most:
        raise refused(400, "VCS-0002", f"phoneNumbers must have at most {most} numbers")
    return list(dict.fromkeys(given))


def tn_of(number: str) -> str | None:
    """Return the ten digits of a North American number in E.164, the only form that these calls take."""
    match = _E164.fullmatch(number)
    return match[1] if match else None


def _changed(account: SimulatedAccount, number: str, target: str | None, package_id: str) -> Problem | None:
    """Put a number on the target, wherever it is, or take it off the package; return what is wrong, or None."""
    tn = tn_of(number)
    if tn is None:
        return Problem("VCS-0002", "validation", f"{number} is not a phone number in E.164")
    held = account.numbers.get(tn)
    if held is None or held.status != "Inservice":
        ordered = any(tn in (order.tns or ()) for order in account.orders.values() if order.finished is None)
        return _unprovisioned(number) if ordered else _unknown(number)
    if target is None:
        if held.package_id == package_id:
            service_readiness.take_off_package(held)
            account.note(f"number {tn} taken off voice configuration package {package_id}")
        return None
    if _is_new(account, held):
        held.package_tries += 1
        return _unprovisioned(number)
    held.package_id = target
    account.note(f"number {tn} put on voice configuration package {target}")
    return None


def _is_new(account: SimulatedAccount, number: TelephoneNumber) -> bool:
    """Return True if the number was ordered so recently that it is not provisioned yet (universal-platform 3.3)."""
    switches = account.switches
    if switches.ready_after_tries == "never":
        return True
    young = account.clock() - number.since < switches.ready_after_seconds
    return young or number.package_tries < switches.ready_after_tries


def _unprovisioned(number: str) -> Problem:
    return Problem("VCS-0044", "validation", f"Phone number {number} is not provisioned")


def _unknown(number: str) -> Problem:
    return Problem("VCS-0007", "validation", f"Phone number {number} is not on the account")


def list_voice(request: ApiRequest) -> ApiResponse:
    """List numbers and the voice services active on each, of one package or of all (universal-platform 3.4)."""
    limit = _limit(request)
    wanted = request.query.get("voiceconfigurationpackageid")
    rows = [
        number
        for number in request.account.held()
        if wanted is None or (number.package_id or "") == wanted.lower()
    ]
    after = _after(request.query.get("aftercursor"))
    following = [number for number in rows if number.tn > after]
    shown = following[:limit]
    linked = request.pages is None or request.pages.links
    more = len(following) > limit and linked
    page = {"afterCursor": f"+1{shown[-1].tn}" if more else None}
    return ApiResponse(
        200, {"links": [], "errors": [], "data": [_shown(number) for number in shown], "page": page}
    )


def _limit(request: ApiRequest) -> int:
    given = request.query.get("limit")
    limit = request.account.switches.voice_page if given is None else whole(given)
    if limit is None or not 1 <= limit <= envelope.LARGEST_LIMIT:
        raise refused(400, "VCS-0002", f"limit must be between 1 and {envelope.LARGEST_LIMIT}")
    return limit if request.pages is None else min(limit, request.pages.size)


def _after(cursor: str | None) -> str:
    """Return the number that a cursor stands for; "" if none is given. It begins with +, which a URL needs encoded."""
    tn = tn_of(cursor) if cursor else ""
    if tn is None:
        raise refused(400, "VCS-0002", "afterCursor is not valid")
    return tn


def _shown(number: TelephoneNumber) -> dict[str, Any]:
    return {
        "phoneNumber": f"+1{number.tn}",
        "voiceConfigurationPackageId": number.package_id,
        "inboundActivated": "voice/INBOUND" in number.services,
        "outboundNationalActivated": "voice/OUTBOUND_NATIONAL" in number.services,
        "outboundInternationalActivated": "voice/OUTBOUND_INTERNATIONAL" in number.services,
    }
