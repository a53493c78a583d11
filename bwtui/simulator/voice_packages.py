"""Voice Configuration Packages: which application answers the calls of a group of numbers (universal-platform 3)."""

from typing import Any

from bwtui.simulator import envelope
from bwtui.simulator.envelope import body_of, refused
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.resources import VoicePackage
from bwtui.simulator.simulated_account import SimulatedAccount

_FLAGS = ("cnam", "pindropIntegration", "callVerification")
_NOTHING_SET: dict[str, Any] = {
    "name": None,
    "description": None,
    **{flag: {"enabled": False} for flag in _FLAGS},
    "originationRoutePlan": None,
    "httpVoiceV2ApplicationId": None,
}
"""The settings in the order of the replies, with their defaults; nulls are shown (universal-platform 3.1)."""
_LONGEST_NAME = 50
_ENDPOINTS = frozenset({"TN", "SIP", "IP_V4", "FQDN"})


def create(request: ApiRequest) -> ApiResponse:
    """201 with the package, without the count of its numbers; its name may exist already (universal-platform 3.2)."""
    settings = {**_NOTHING_SET, **_read(request, body_of(request))}
    if settings["name"] is None:
        raise refused(400, "VCS-0002", "name is required")
    _refuse_duplicate(request, settings["name"])
    package = VoicePackage(id=request.account.new_uuid("package"), settings=settings)
    request.account.packages[package.id] = package
    request.account.note(f"voice configuration package {package.id} created")
    return _shown(request, package, status=201)


def list_all(request: ApiRequest) -> ApiResponse:
    switches = request.account.switches
    rows = [_counted(request.account, package) for package in request.account.packages.values()]
    return envelope.in_pages(request, rows, switches.package_page, linked=switches.next_links)


def get(request: ApiRequest) -> ApiResponse:
    package = found(request)
    return ApiResponse(200, envelope.one(_counted(request.account, package), _self(request, package)))


def patch(request: ApiRequest) -> ApiResponse:
    """Change what is sent and leave the rest; a route plan replaces the whole plan (universal-platform 3.2)."""
    package = found(request)
    changes = _read(request, body_of(request))
    if "name" in changes and changes["name"] != package.name:
        _refuse_duplicate(request, changes["name"])
    package.settings |= changes
    request.account.note(f"voice configuration package {package.id} changed")
    return _shown(request, package)


def delete(request: ApiRequest) -> ApiResponse:
    """204; refused while numbers are on the package, with a status that no source tells (universal-platform 10.4)."""
    package = found(request)
    count = len(request.account.on_package(package.id))
    if count:
        words = f"The Voice Configuration Package has {count} phone number(s) and cannot be deleted"
        raise refused(409, "VCS-0005", words)
    del request.account.packages[package.id]
    request.account.note(f"voice configuration package {package.id} deleted")
    return ApiResponse(204)


def found(request: ApiRequest) -> VoicePackage:
    package = request.account.packages.get(request.ids["package"])
    if package is None:
        words = f"Voice Configuration Package {request.ids['package']} was not found"
        raise refused(404, "VCS-0004", words)
    return package


def _shown(request: ApiRequest, package: VoicePackage, *, status: int = 200) -> ApiResponse:
    return ApiResponse(status, envelope.one(described(request.account, package), _self(request, package)))


def described(account: SimulatedAccount, package: VoicePackage) -> dict[str, Any]:
    """Return the package; accountId is a whole number here, unlike anywhere else (universal-platform 3.1)."""
    account_id = account.settings.account_id
    return {
        "voiceConfigurationPackageId": package.id,
        "accountId": int(account_id) if account_id.isdigit() else account_id,
        **package.settings,
    }


def _counted(account: SimulatedAccount, package: VoicePackage) -> dict[str, Any]:
    return {**described(account, package), "phoneNumberCount": len(account.on_package(package.id))}


def _self(request: ApiRequest, package: VoicePackage) -> dict[str, str]:
    return envelope.link(request.account_url(f"/voiceConfigurationPackages/{package.id}"), "self")


def _read(request: ApiRequest, body: dict[str, Any]) -> dict[str, Any]:
    """Return the checked settings in a body; unknown ones are ignored."""
    given = {name: body[name] for name in _NOTHING_SET if name in body}
    if "name" in given:
        _check_name(given["name"])
    if not isinstance(given.get("description"), str | None):
        raise refused(400, "VCS-0002", "description must be a text")
    for flag in _FLAGS:
        value = given.get(flag, {"enabled": False})
        if not isinstance(value, dict) or not isinstance(value.get("enabled"), bool):
            raise refused(400, "VCS-0002", f"{flag}.enabled must be true or false")
    _check_plan(given.get("originationRoutePlan"))
    application_id = given.get("httpVoiceV2ApplicationId")
    if application_id is not None:
        given["httpVoiceV2ApplicationId"] = _application(request, application_id)
    return given


def _check_name(name: object) -> None:
    """Refuse a name that has no text or more than 50 characters; no limit is documented (universal-platform 10.2)."""
    if not isinstance(name, str) or not name.strip():
        raise refused(400, "VCS-0002", "name is required")
    if len(name) > _LONGEST_NAME:
        raise refused(400, "VCS-0002", f"name must have at most {_LONGEST_NAME} characters")


def _application(request: ApiRequest, application_id: object) -> str:
    found = request.account.applications.get(str(application_id).lower())
    if found is None or found.service_type != "Voice-V2":
        raise refused(400, "VCS-0003", f"Voice application {application_id} does not exist on the account")
    return found.id


def _check_plan(plan: object) -> None:
    """Refuse a plan without `routes`, or with a route or an endpoint that is not one (universal-platform 3.1)."""
    if plan is None:
        return
    routes = plan.get("routes") if isinstance(plan, dict) else None
    if not isinstance(routes, list) or not all(isinstance(route, dict) for route in routes):
        raise refused(400, "VCS-0002", "originationRoutePlan.routes must be a list of routes")
    for route in routes:
        endpoints = route.get("endpoints")
        if not isinstance(endpoints, list) or not all(_is_endpoint(endpoint) for endpoint in endpoints):
            raise refused(400, "VCS-0002", "routes.endpoints must be a list of endpoints with a type")


def _is_endpoint(endpoint: object) -> bool:
    return (
        isinstance(endpoint, dict) and endpoint.get("type") in _ENDPOINTS and bool(endpoint.get("endpoint"))
    )


def _refuse_duplicate(request: ApiRequest, name: str) -> None:
    """Refuse a name that exists, if that is switched on: uniqueness is not enforced (universal-platform 3.2)."""
    taken = any(package.name == name for package in request.account.packages.values())
    if taken and request.account.switches.unique_packages:
        raise refused(409, "VCS-0006", f"A Voice Configuration Package named {name} already exists")
