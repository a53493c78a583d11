"""SMS, MMS and the messaging application of a location (bandwidth-api 4.1 to 4.3)."""

from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.resources import SipPeer
from bwtui.simulator.xml import element, leaf, leaves, text, texts

PROXY_PEER_ID = "569238"
"""The ProxyPeerId that the server assigns, as in the guide's replies."""

_SMS_SETTINGS = (
    "TollFree", "ShortCode", "A2pLongCode", "A2pMessageClass", "A2pCampaignId", "Protocol",
    "Zone1", "Zone2", "Zone3", "Zone4", "Zone5",
)  # fmt: skip
_PROTOCOLS = frozenset({"SIP", "SMPP", "HTTP"})
_A2P = {name.lower(): name for name in ("ON", "OFF", "DefaultOn", "DefaultOff")}


def enable_sms(request: ApiRequest) -> ApiResponse:
    """201 with an echo; 400 for a second POST, whose reply is not documented (bandwidth-api 4.1, 12.6)."""
    peer = request.peer()
    settings = _read_sms(request)
    if peer.sms is not None:
        # The refusal is documented for accounts only; code and text are taken from there.
        account_id = request.ids["account"]
        words = f"Trying to create messaging feature 'SMS' settings but they already exist for account {account_id}"
        raise ErrorResponse(400, 12769, words)
    peer.sms = settings
    request.account.note(f"SMS enabled on location {peer.id}")
    return ApiResponse(201, _sms_response(settings))


def change_sms(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    if peer.sms is None:
        raise ErrorResponse(404)
    peer.sms = _read_sms(request)
    request.account.note(f"SMS changed on location {peer.id}")
    return ApiResponse(200, _sms_response(peer.sms))


def get_sms(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    if peer.sms is None:
        raise ErrorResponse(404)
    return ApiResponse(200, _sms_response(peer.sms))


def disable_sms(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    if peer.sms is None:
        raise ErrorResponse(404)
    if peer.mms is not None:
        raise ErrorResponse(
            400, 13624, "SMS feature can't be removed because MMS feature is present, remove it first."
        )
    is_used = peer.messaging_app_id is not None and request.account.held(peer.site_id, peer.id)
    if is_used or (request.account.switches.ageing_blocks_sms and request.account.ageing(peer.id)):
        words = (
            "Can not disable SMS feature on Sip Peer because it has telephone numbers with messaging enabled."
        )
        raise ErrorResponse(400, 13673, words)
    peer.sms = None
    peer.messaging_app_id = None
    request.account.note(f"SMS disabled on location {peer.id}")
    return ApiResponse()


def enable_mms(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    protocol = _read_mms(request, peer)
    if peer.mms is not None:
        account_id = request.ids["account"]
        words = f"Trying to create messaging feature 'MMS' settings but they already exist for account {account_id}"
        raise ErrorResponse(400, 12769, words)
    peer.mms = protocol
    request.account.note(f"MMS enabled on location {peer.id}")
    http = element("HTTP", element("HttpSettings", leaf("ProxyPeerId", PROXY_PEER_ID)))
    feature = element(
        "MmsFeature",
        element("MmsSettings", leaf("Protocol", protocol)),
        element("Protocols", http if protocol == "HTTP" else element(protocol)),
    )
    return ApiResponse(201, element("MmsFeatureResponse", feature))


def change_mms(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    if peer.mms is None:
        raise ErrorResponse(404)
    peer.mms = _read_mms(request, peer)
    request.account.note(f"MMS changed on location {peer.id}")
    return ApiResponse()


def get_mms(request: ApiRequest) -> ApiResponse:
    """200; `protocol` and `proxyPeerId` begin in lower case, unlike in the reply to POST (bandwidth-api 4.2)."""
    peer = request.peer()
    if peer.mms is None:
        raise ErrorResponse(404)
    http = element("HTTP", element("HttpSettings", leaf("proxyPeerId", PROXY_PEER_ID)))
    feature = element(
        "MmsFeature",
        element("MmsSettings", leaf("protocol", peer.mms)),
        element("Protocols", http if peer.mms == "HTTP" else element(peer.mms)),
    )
    return ApiResponse(200, element("MmsFeatureResponse", feature))


def get_mms_settings(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    if peer.mms is None:
        raise ErrorResponse(404)
    settings = element("MmsSettings", leaf("Protocol", peer.mms))
    return ApiResponse(200, element("MmsFeatureMmsSettingsResponse", settings))


def disable_mms(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    if peer.mms is None:
        raise ErrorResponse(404)
    peer.mms = None
    request.account.note(f"MMS disabled on location {peer.id}")
    return ApiResponse()


def get_application(request: ApiRequest) -> ApiResponse:
    """200 with the link; for an unlinked location the element is empty (inferred, bandwidth-api 4.3)."""
    return ApiResponse(200, _link_response(request.peer()))


def link_application(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    submitted = request.document("ApplicationsSettings")
    application_id = text(submitted, "HttpMessagingV2AppId")
    as_text = request.account.switches.unlink == "text"
    if ((text(submitted, ".") if as_text else application_id) or "").upper() == "REMOVE":
        peer.messaging_app_id = None
        request.account.note(f"messaging application unlinked from location {peer.id}")
        return ApiResponse(
            200, element("ApplicationsSettingsResponse", element("ApplicationsSettings", "REMOVE"))
        )
    if application_id is None:
        words = "The HttpMessagingV2AppId must either valid string or have 'REMOVE' value"
        raise ErrorResponse(400, 13628, words)
    application = request.account.applications.get(application_id.lower())
    if application is None:
        raise ErrorResponse(400, 13629, f"Application with id '{application_id}' not found")
    if application.service_type != "Messaging-V2":
        words = f"Application service type '{application.service_type}' is not allowed for HTTP Messaging."
        raise ErrorResponse(400, 13648, words)
    if peer.sms is None or peer.sms["Protocol"] != "HTTP":
        words = (
            "Please assign SMS or MM4 protocol to HTTP before associating the application to the location."
        )
        raise ErrorResponse(400, 13645, words)
    peer.messaging_app_id = application.id
    request.account.note(f"messaging application {application.id} linked to location {peer.id}")
    return ApiResponse(200, _link_response(peer))


def get_settings(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, _countries(request.peer().break_out_countries))


def change_settings(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    submitted = request.document("SipPeerMessagingSettings")
    peer.break_out_countries = texts(submitted, "BreakOutCountries/Country")
    request.account.note(f"messaging settings changed on location {peer.id}")
    return ApiResponse(200, _countries(peer.break_out_countries))


def _countries(countries: list[str]) -> Element:
    listed = element("BreakOutCountries", *leaves("Country", countries))
    return element("SipPeerMessagingSettingsResponse", element("SipPeerMessagingSettings", listed))


def _link_response(peer: SipPeer) -> Element:
    link = element("ApplicationsSettings", leaf("HttpMessagingV2AppId", peer.messaging_app_id))
    return element("ApplicationsSettingsResponse", link)


def _sms_response(settings: dict[str, str]) -> Element:
    shown = element("SipPeerSmsFeatureSettings", *(leaf(name, settings.get(name)) for name in _SMS_SETTINGS))
    http = element("HttpSettings", leaf("ProxyPeerId", PROXY_PEER_ID))
    feature = element("SipPeerSmsFeature", shown, http if settings["Protocol"] == "HTTP" else None)
    return element("SipPeerSmsFeatureResponse", feature)


def _read_sms(request: ApiRequest) -> dict[str, str]:
    submitted = request.document("SipPeerSmsFeature").find("SipPeerSmsFeatureSettings")
    lacks = request.account.settings.lacks
    if lacks("MESSAGING") or lacks("SMS"):
        raise ErrorResponse(400, 13607, "Account does not have sms feature assigned.")
    found = {name: value for name in _SMS_SETTINGS if (value := text(submitted, name)) is not None}
    found["Protocol"] = _protocol(found.get("Protocol"))
    for name in ("TollFree", "ShortCode", "Zone1", "Zone2", "Zone3", "Zone4", "Zone5"):
        if name in found and found[name].lower() not in {"true", "false"}:
            raise ErrorResponse(400, 12751, f"{found[name]} value is not valid (expected 'true' or 'false').")
    if "A2pLongCode" in found:
        if found["A2pLongCode"].replace("_", "").lower() not in _A2P:
            words = "A2pLongCode value is invalid. Valid values are: 'ON', 'OFF', 'DefaultOn', 'DefaultOff'."
            raise ErrorResponse(400, 13636, words)
        found["A2pLongCode"] = _A2P[found["A2pLongCode"].replace("_", "").lower()]
    if found["Protocol"] == "HTTP" and lacks("HTTP"):
        words = "Can't create sip peer http protocol sms feature without account level http settings."
        raise ErrorResponse(400, 13609, words)
    return found


def _protocol(given: str | None) -> str:
    """Read a protocol in any case: a client in production sends lower case (bandwidth-api 12.7)."""
    if given is None:
        raise ErrorResponse(400, 1003, "Protocol is required")
    if given.upper() not in _PROTOCOLS:
        raise ErrorResponse(
            400, 13567, f"Messaging protocol '{given}' does not exist. Valid values: SIP, SMPP, HTTP"
        )
    return given.upper()


def _read_mms(request: ApiRequest, peer: SipPeer) -> str:
    submitted = request.document("MmsFeature")
    protocol = (text(submitted, "MmsSettings/Protocol", "MmsSettings/protocol") or "").upper()
    if peer.sms is None:
        raise ErrorResponse(400, 13623, "MMS feature is not allowed without SMS feature enabled")
    if request.account.settings.lacks("MMS"):
        account_id = request.ids["account"]
        raise ErrorResponse(400, 13576, f"Account '{account_id}' has no 'MMS' product feature")
    if protocol not in {"HTTP", "MM4"}:
        raise ErrorResponse(
            400, 13567, f"Messaging protocol '{protocol}' does not exist. Valid values: SIP, SMPP, HTTP"
        )
    protocols = submitted.find("Protocols")
    if protocols is not None and len(protocols) > 1:
        raise ErrorResponse(400, 13606, "Messaging feature may have only one protocol assigned.")
    if protocols is not None and len(protocols) == 1 and protocols[0].tag.upper() != protocol:
        raise ErrorResponse(
            400, 13608, "Messaging feature has conflict in protocol type and protocol settings"
        )
    return protocol
