"""Origination and termination of a location: which voice application answers its calls (sheet 4.4)."""

from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import Refusal
from bwtui.simulator.http import Call, Reply
from bwtui.simulator.resources import SipPeer
from bwtui.simulator.xml import element, leaf, text


def is_http(peer: SipPeer) -> bool:
    return peer.voice_protocol == "HTTP"


def create(call: Call) -> Reply:
    """200 in the guide, 201 in the OpenAPI file: a setting decides (sheet 10.6)."""
    peer = _apply(call)
    return Reply(call.world.settings.voice_link_status, _response(peer))


def update(call: Call) -> Reply:
    """200 without a body."""
    _apply(call)
    return Reply()


def get(call: Call) -> Reply:
    return Reply(200, _response(call.peer()))


def get_termination(call: Call) -> Reply:
    return Reply(200, _termination(call.peer()))


def change_termination(call: Call) -> Reply:
    peer = call.peer()
    submitted = call.document("SipPeerTerminationSettings")
    protocol = _protocol(text(submitted, "VoiceProtocol"))
    if protocol == "HTTP":
        _check_feature(call, "Termination", "TermHttpVoice")
    peer.termination_protocol = protocol
    call.world.note(f"termination of location {peer.id} set to {protocol}")
    return Reply(200, _termination(peer))


def _apply(call: Call) -> SipPeer:
    peer = call.peer()
    submitted = call.document("SipPeerOriginationSettings")
    protocol = _protocol(text(submitted, "VoiceProtocol"))
    application_id = text(submitted, "HttpSettings/HttpVoiceV2AppId")
    if protocol == "SIP":
        if application_id is not None:
            raise Refusal(400, 13649, "Http settings are not allowed for SIP protocol.")
        peer.voice_app_id = None
    else:
        peer.voice_app_id = _application(call, application_id)
    if protocol == "HTTP":
        # As documented for a change from SIP to HTTP (sheet 4.4).
        peer.kept.pop("VoiceHosts", None)
    peer.voice_protocol = protocol
    linked = f" with voice application {peer.voice_app_id}" if peer.voice_app_id else ""
    call.world.note(f"origination of location {peer.id} set to {protocol}{linked}")
    return peer


def _protocol(given: str | None) -> str:
    if given is None:
        raise Refusal(400, 1003, "VoiceProtocol is required")
    if given.upper() not in {"SIP", "HTTP"}:
        raise Refusal(400, 13647, f"Voice protocol '{given}' does not exist. Valid values: SIP, HTTP")
    return given.upper()


def _check_feature(call: Call, product: str, feature: str) -> None:
    account = call.ids["account"]
    if call.world.settings.lacks(product) or call.world.settings.lacks(feature):
        words = (
            f"Can not assign Http setting for SipPeer because Account {account} does not have the '{feature}'"
            " Feature enabled."
        )
        raise Refusal(400, 13651, words)


def _application(call: Call, application_id: str | None) -> str:
    """The voice application that is named, when it can be linked."""
    _check_feature(call, "Origination", "OrigHttpVoice")
    if not any(app.service_type == "Voice-V2" for app in call.world.applications.values()):
        account = call.ids["account"]
        words = f"Can not select HTTP Voice protocol as Account '{account}' has no Voice Applications."
        raise Refusal(400, 13650, words)
    if application_id is None:
        raise Refusal(400, 1003, "HttpVoiceV2AppId is required")
    application = call.world.applications.get(application_id.lower())
    if application is None:
        raise Refusal(400, 13629, f"Application with id '{application_id}' not found")
    if application.service_type != "Voice-V2":
        words = f"Application service type '{application.service_type}' is not allowed for HTTP Voice."
        raise Refusal(400, 13648, words)
    return application.id


def _response(peer: SipPeer) -> Element:
    http = element("HttpSettings", leaf("HttpVoiceV2AppId", peer.voice_app_id)) if is_http(peer) else None
    settings = element("SipPeerOriginationSettings", leaf("VoiceProtocol", peer.voice_protocol), http)
    return element("SipPeerOriginationSettingsResponse", settings)


def _termination(peer: SipPeer) -> Element:
    settings = element("SipPeerTerminationSettings", leaf("VoiceProtocol", peer.termination_protocol))
    return element("SipPeerTerminationSettingsResponse", settings)
