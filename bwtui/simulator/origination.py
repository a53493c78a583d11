"""Origination and termination of a location: which voice application answers its calls (bandwidth-api 4.4)."""

from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.resources import SipPeer
from bwtui.simulator.xml import element, leaf, text


def is_http(peer: SipPeer) -> bool:
    return peer.voice_protocol == "HTTP"


def create(request: ApiRequest) -> ApiResponse:
    """Answer with 200 as in the guide or 201 as in the OpenAPI file, by a setting (bandwidth-api 10.6)."""
    peer = request.peer() if _is_ignored(request) else _apply(request)
    return ApiResponse(request.account.settings.voice_link_status, _response(peer))


def update(request: ApiRequest) -> ApiResponse:
    """200 without a body."""
    if not _is_ignored(request):
        _apply(request)
    return ApiResponse()


def get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, _response(request.peer()))


def get_termination(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, _termination(request.peer()))


def change_termination(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    submitted = request.document("SipPeerTerminationSettings")
    protocol = _protocol(text(submitted, "VoiceProtocol"))
    if protocol == "HTTP":
        _check_feature(request, "Termination", "TermHttpVoice")
    peer.termination_protocol = protocol
    request.account.note(f"termination of location {peer.id} set to {protocol}")
    return ApiResponse(200, _termination(peer))


def _is_ignored(request: ApiRequest) -> bool:
    """Return True for a write without effect on the Universal Platform, or refuse it there, by a switch.

    Inbound settings moved to Voice Configuration Packages; what becomes of a write is not told (universal-platform 10.1).
    """
    if request.account.settings.platform != "universal":
        return False
    match request.account.switches.origination:
        case "ignored":
            return True
        case "13651":
            raise _lacks_feature(request, "OrigHttpVoice")
        case "403":
            raise ErrorResponse(403)
        case "409":
            raise ErrorResponse(
                409, 12150, "Origination settings are part of the Voice Configuration Package"
            )


def _apply(request: ApiRequest) -> SipPeer:
    peer = request.peer()
    submitted = request.document("SipPeerOriginationSettings")
    protocol = _protocol(text(submitted, "VoiceProtocol"))
    application_id = text(submitted, "HttpSettings/HttpVoiceV2AppId")
    if protocol == "SIP":
        if application_id is not None:
            raise ErrorResponse(400, 13649, "Http settings are not allowed for SIP protocol.")
        peer.voice_app_id = None
    else:
        peer.voice_app_id = _application(request, application_id)
    if protocol == "HTTP":
        # As documented for a change from SIP to HTTP (bandwidth-api 4.4).
        peer.kept.pop("VoiceHosts", None)
    peer.voice_protocol = protocol
    linked = f" with voice application {peer.voice_app_id}" if peer.voice_app_id else ""
    request.account.note(f"origination of location {peer.id} set to {protocol}{linked}")
    return peer


def _protocol(given: str | None) -> str:
    if given is None:
        raise ErrorResponse(400, 1003, "VoiceProtocol is required")
    if given.upper() not in {"SIP", "HTTP"}:
        raise ErrorResponse(400, 13647, f"Voice protocol '{given}' does not exist. Valid values: SIP, HTTP")
    return given.upper()


def _check_feature(request: ApiRequest, product: str, feature: str) -> None:
    if request.account.settings.lacks(product) or request.account.settings.lacks(feature):
        raise _lacks_feature(request, feature)


def _lacks_feature(request: ApiRequest, feature: str) -> ErrorResponse:
    words = (
        f"Can not assign Http setting for SipPeer because Account {request.ids['account']} does not have the '{feature}'"
        " Feature enabled."
    )
    return ErrorResponse(400, 13651, words)


def _application(request: ApiRequest, application_id: str | None) -> str:
    """Return the id of the named voice application; refuse one that cannot be linked."""
    _check_feature(request, "Origination", "OrigHttpVoice")
    if not any(app.service_type == "Voice-V2" for app in request.account.applications.values()):
        account_id = request.ids["account"]
        words = f"Can not select HTTP Voice protocol as Account '{account_id}' has no Voice Applications."
        raise ErrorResponse(400, 13650, words)
    if application_id is None:
        raise ErrorResponse(400, 1003, "HttpVoiceV2AppId is required")
    application = request.account.applications.get(application_id.lower())
    if application is None:
        raise ErrorResponse(400, 13629, f"Application with id '{application_id}' not found")
    if application.service_type != "Voice-V2":
        words = f"Application service type '{application.service_type}' is not allowed for HTTP Voice."
        raise ErrorResponse(400, 13648, words)
    return application.id


def _response(peer: SipPeer) -> Element:
    http = element("HttpSettings", leaf("HttpVoiceV2AppId", peer.voice_app_id)) if is_http(peer) else None
    settings = element("SipPeerOriginationSettings", leaf("VoiceProtocol", peer.voice_protocol), http)
    return element("SipPeerOriginationSettingsResponse", settings)


def _termination(peer: SipPeer) -> Element:
    settings = element("SipPeerTerminationSettings", leaf("VoiceProtocol", peer.termination_protocol))
    return element("SipPeerTerminationSettingsResponse", settings)
