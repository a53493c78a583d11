"""Messaging-V2 and Voice-V2 applications (bandwidth-api 5)."""

import re
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created, whole
from bwtui.simulator.resources import Application, SipPeer
from bwtui.simulator.xml import element, leaf, leaves, text, texts

_MESSAGING = ("CallbackUrl", "MsgCallbackUrl", "InboundCallbackUrl", "OutboundCallbackUrl")
_VOICE = (
    "CallInitiatedCallbackUrl", "CallInitiatedMethod", "CallStatusCallbackUrl", "CallStatusMethod",
    "CallInitiatedFallbackUrl", "CallInitiatedFallbackMethod", "CallbackTimeout",
)  # fmt: skip
_MESSAGING_CREDS = ("CallbackCreds", "InboundCallbackCreds", "OutboundCallbackCreds")
_VOICE_CREDS = ("CallbackCreds", "CallInitiatedFallbackCreds")
_TYPES = ("message-failed", "message-delivered", "message-sending")
"""The default callback types, in the order of the guide's reply."""

_SERVICES = {"messaging-v2": "Messaging-V2", "voice-v2": "Voice-V2"}


def create(request: ApiRequest) -> ApiResponse:
    """201 with the application, and with a Location, which no document shows but Bandwidth's node client needs."""
    submitted = request.document("Application")
    service = _service(text(submitted, "ServiceType"))
    _check_features(request, service)
    application = _read(submitted, request.account.new_uuid(service), service)
    _refuse_duplicate(request, application)
    request.account.applications[application.id] = application
    request.account.note(f"application {application.id} created")
    return created(request.account_url(f"/applications/{application.id}"), _response(application))


def list_all(request: ApiRequest) -> ApiResponse:
    listed = (described(application) for application in request.account.applications.values())
    return ApiResponse(200, element("ApplicationProvisioningResponse", element("ApplicationList", *listed)))


def get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, _response(request.account.application(request.ids["application"])))


def replace(request: ApiRequest) -> ApiResponse:
    """Replace the application (PUT): whatever is not sent is removed, stored passwords too."""
    before = request.account.application(request.ids["application"])
    submitted = request.document("Application")
    service = _service(text(submitted, "ServiceType"))
    if service != before.service_type:
        raise ErrorResponse(400, 12964, "Service Type of Application could not be changed")
    return _store(request, before, _read(submitted, before.id, service))


def patch(request: ApiRequest) -> ApiResponse:
    """Change the elements that are sent (PATCH), and keep the others; the text `remove` clears a URL."""
    before = request.account.application(request.ids["application"])
    submitted = request.document("Application")
    if text(submitted, "ServiceType") not in {None, before.service_type}:
        raise ErrorResponse(400, 12964, "Service Type of Application could not be changed")
    merged = described(before)
    for tag in (*_superseded(submitted), *_MESSAGING_CREDS, *_VOICE_CREDS):
        for old in merged.findall(tag):
            merged.remove(old)
    merged.extend(child for child in submitted if not _clears(child))
    after = _read(merged, before.id, before.service_type, kept_creds=before.creds)
    return _store(request, before, after)


def delete(request: ApiRequest) -> ApiResponse:
    """Delete the application; refuse while a location refers to it (13653 for the last voice application)."""
    application = request.account.application(request.ids["application"])
    linked = _linked(request, application)
    if linked:
        names = ", ".join(peer.id for peer in linked)
        voice = [app for app in request.account.applications.values() if app.service_type == "Voice-V2"]
        if voice == [application]:
            words = f"Can not delete last voice app as sippeer(s) {names} has enabled HTTP protocol"
            raise ErrorResponse(400, 13653, words)
        words = f"The Application cannot be removed until references in the following Locations are removed: {names}"
        raise ErrorResponse(400, 12107, words)
    _leave_packages(request, application)
    del request.account.applications[application.id]
    request.account.note(f"application {application.id} deleted")
    return ApiResponse()


def _leave_packages(request: ApiRequest, application: Application) -> None:
    """Take the application off its packages, or refuse, by a switch: no source tells which (universal-platform 9)."""
    packages = [
        found for found in request.account.packages.values() if found.application_id == application.id
    ]
    if packages and request.account.switches.referred_application == "refused":
        names = ", ".join(package.id for package in packages)
        words = f"The Application cannot be removed until references in the following packages are removed: {names}"
        raise ErrorResponse(400, 12107, words)
    for package in packages:
        package.settings["httpVoiceV2ApplicationId"] = None


def associated_peers(request: ApiRequest) -> ApiResponse:
    listed = (
        element(
            "AssociatedSipPeer",
            leaf("SiteId", peer.site_id),
            leaf("SiteName", request.account.sites[peer.site_id].name),
            leaf("PeerId", peer.id),
            leaf("PeerName", peer.name),
        )
        for peer in _linked(request, request.account.application(request.ids["application"]))
    )
    return ApiResponse(200, element("AssociatedSipPeersResponse", element("AssociatedSipPeers", *listed)))


def described(application: Application) -> Element:
    """Return the application as in the guide's replies, in their order; of credentials only the user."""
    messaging = application.service_type == "Messaging-V2"
    names, creds = (_MESSAGING, _MESSAGING_CREDS) if messaging else (_VOICE, _VOICE_CREDS)
    kinds = element("RequestedCallbackTypes", *leaves("CallbackType", application.callback_types))
    return element(
        "Application",
        leaf("ApplicationId", application.id),
        leaf("ServiceType", application.service_type),
        leaf("AppName", application.name),
        *(leaf(name, application.fields.get(name)) for name in names),
        kinds if messaging else None,
        *(
            element(name, leaf("UserId", application.creds[name][0]))
            for name in creds
            if name in application.creds
        ),
    )


def _response(application: Application) -> Element:
    return element("ApplicationProvisioningResponse", described(application))


def _clears(child: Element) -> bool:
    return (child.text or "").strip().lower() == "remove"


def _superseded(submitted: Element) -> set[str]:
    """The elements of the old application that this PATCH replaces.

    One callback URL for all and separate ones exclude each other.
    """
    given = {child.tag for child in submitted}
    cleared = {child.tag.replace("CallbackUrl", "Method") for child in submitted if _clears(child)}
    if given & {"MsgCallbackUrl", "CallbackUrl"}:
        return given | set(_MESSAGING)
    if given & {"InboundCallbackUrl", "OutboundCallbackUrl"}:
        return given | {"MsgCallbackUrl", "CallbackUrl"}
    return given | cleared


def _store(request: ApiRequest, before: Application, after: Application) -> ApiResponse:
    if after.name != before.name:
        _refuse_duplicate(request, after)
    request.account.applications[after.id] = after
    request.account.note(f"application {after.id} changed")
    return ApiResponse(200, _response(after))


def _linked(request: ApiRequest, application: Application) -> list[SipPeer]:
    return [
        peer
        for peer in request.account.peers()
        if application.id in {peer.messaging_app_id, peer.voice_app_id}
    ]


def _service(given: str | None) -> str:
    if given is None or given.lower() not in _SERVICES:
        raise ErrorResponse(400, 12801, "Service Type is not valid")
    return _SERVICES[given.lower()]


def _check_features(request: ApiRequest, service: str) -> None:
    lacks = request.account.settings.lacks
    if service == "Messaging-V2" and (lacks("MESSAGING") or lacks("HTTPV2")):
        words = "HTTPV2 messaging feature is required for Account " + request.ids["account"]
        raise ErrorResponse(400, 12130, words)
    if service == "Voice-V2" and (lacks("Origination") or lacks("OrigHttpVoice")):
        # 409 was seen live by Bandwidth's own CLI (bandwidth-api 5).
        raise ErrorResponse(
            409, 12150, f"The HTTP voice feature is required for Account {request.ids['account']}"
        )


def _refuse_duplicate(request: ApiRequest, application: Application) -> None:
    """Messaging applications need different names; status and code are not documented (bandwidth-api 5.1, 12.1)."""
    if application.service_type != "Messaging-V2" or not request.account.settings.unique_names:
        return
    others = (app for app in request.account.applications.values() if app.id != application.id)
    if any((app.service_type, app.name) == (application.service_type, application.name) for app in others):
        raise ErrorResponse(409, 1015, f"Entry for {application.name} already exists")


def _read(
    submitted: Element,
    application_id: str,
    service: str,
    kept_creds: dict[str, tuple[str, str]] | None = None,
) -> Application:
    name = text(submitted, "AppName")
    if name is None:
        raise ErrorResponse(400, 12806, "Application Name required")
    messaging = service == "Messaging-V2"
    _refuse_strangers(submitted, service)
    creds = _creds(submitted, _MESSAGING_CREDS if messaging else _VOICE_CREDS, kept_creds or {})
    fields = _messaging_urls(submitted) if messaging else _voice_fields(submitted)
    _check_urls(fields, secured=bool(creds))
    if messaging and "CallbackCreds" in creds:
        creds = dict.fromkeys(_MESSAGING_CREDS, creds["CallbackCreds"])
    kinds = texts(submitted, "RequestedCallbackTypes/CallbackType")
    return Application(
        id=application_id,
        service_type=service,
        fields={"AppName": name, **fields},
        callback_types=(kinds or list(_TYPES)) if messaging else [],
        creds=creds,
    )


def _refuse_strangers(submitted: Element, service: str) -> None:
    """Refuse elements of the other service type (12962)."""
    strangers, owner = (_VOICE, "Voice-V2") if service == "Messaging-V2" else (_MESSAGING[1:], "Messaging-V2")
    if service == "Voice-V2":
        strangers = (*strangers, "RequestedCallbackTypes")
    for name in strangers:
        if submitted.find(name) is not None:
            raise ErrorResponse(400, 12962, f"{name} is set but it is only allowed with ServiceType {owner}")


def _messaging_urls(submitted: Element) -> dict[str, str]:
    """Return one URL for all, or separate inbound and outbound URLs; refuse both together (bandwidth-api 5.1)."""
    old, both, inbound, outbound = (text(submitted, name) for name in _MESSAGING)
    if old and both and old != both:
        words = (
            "CallbackUrl and MsgCallbackUrl can't be present with different values. Only MsgCallbackUrl should be"
            " specified."
        )
        raise ErrorResponse(400, 12960, words)
    both = both or old
    if both and {url for url in (inbound, outbound) if url} - {both}:
        words = "MsgCallbackUrl can't be present with InboundCallbackUrl or OutboundCallbackUrl."
        raise ErrorResponse(400, 13065, words)
    if both:
        return dict.fromkeys(_MESSAGING, both)
    if inbound is None:
        raise ErrorResponse(400, 12802, "The inbound callback URL must be specified")
    return {"InboundCallbackUrl": inbound, **({"OutboundCallbackUrl": outbound} if outbound else {})}


def _voice_fields(submitted: Element) -> dict[str, str]:
    fields = {name: value for name in _VOICE if (value := text(submitted, name)) is not None}
    if "CallInitiatedCallbackUrl" not in fields:
        raise ErrorResponse(400, 1003, "CallInitiatedCallbackUrl is required")
    if "CallStatusMethod" in fields and "CallStatusCallbackUrl" not in fields:
        raise ErrorResponse(400, 12963, "Callback Status URL is required for Callback Status Method")
    if "CallInitiatedFallbackMethod" in fields and "CallInitiatedFallbackUrl" not in fields:
        raise ErrorResponse(400, 13048, "Fallback URL is required for Fallback Method")
    fields.setdefault("CallInitiatedMethod", "POST")
    if "CallStatusCallbackUrl" in fields:
        fields.setdefault("CallStatusMethod", "POST")
    if any(fields.get(name, "GET") not in {"GET", "POST"} for name in _VOICE if name.endswith("Method")):
        raise ErrorResponse(400, 12961, "Invalid HTTP method specified. GET or POST required")
    timeout = whole(fields.get("CallbackTimeout", "15"))
    if timeout is None:
        raise ErrorResponse(400, 13049, "CallbackTimeout needs to be an integer.")
    if not 1 <= timeout <= 25:
        raise ErrorResponse(400, 13047, "CallbackTimeout must be an integer between 1 and 25")
    return fields


def _creds(
    submitted: Element, names: tuple[str, ...], kept: dict[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    given = dict(kept)
    for name in names:
        found = submitted.find(name)
        if found is None or not len(found):
            continue
        user, password = text(found, "UserId"), text(found, "Password")
        if user is None and password is not None:
            raise ErrorResponse(400, 12800, "Can not save password without user name")
        if user is not None and password is None:
            if name in kept:
                if kept[name][0] == user:
                    continue
                words = "UserId of Application could not be changed without specifying Password"
                raise ErrorResponse(400, 12976, words)
            raise ErrorResponse(400, 12977, "Can not save user id without password")
        if user is not None and password is not None:
            _check_length(user, password)
            given[name] = (user, password)
    apart = given.keys() & {"InboundCallbackCreds", "OutboundCallbackCreds"}
    if "CallbackCreds" in given and apart and not kept:
        words = "CallbackCreds can't be present with InboundCallbackCreds or OutboundCallbackCreds."
        raise ErrorResponse(400, 13066, words)
    return given


def _check_length(user: str, password: str) -> None:
    """Refuse a user or password that does not have 6 to 63 characters (bandwidth-api 5.2)."""
    for label, value in (("UserId", user), ("Password", password)):
        if len(value) < 6:
            raise ErrorResponse(400, 1012, f"{label} is too short. Min length 6 characters")
        if len(value) > 63:
            raise ErrorResponse(400, 1011, f"{label} is too long. Max length 63 characters")


def _check_urls(fields: dict[str, str], *, secured: bool) -> None:
    for name, url in fields.items():
        if not name.endswith("Url"):
            continue
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        whole = parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"\s", url)
        if not whole or not (port is None or port in {80, 443} or port >= 1024):
            words = "The format of the requested URL is invalid - It should be a valid format for an Internet destination"
            raise ErrorResponse(400, 12803, words)
        if secured and parts.scheme != "https":
            raise ErrorResponse(400, 12812, "HTTPS protocol is required if credentials are present.")
