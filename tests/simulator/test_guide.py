"""The example of Bandwidth's setup guide, word for word: each reply has the elements that the guide prints."""

import re
import xml.etree.ElementTree as ET
from typing import Any

SITE = """<Site>
<Name>SetupTest</Name>
<Description>Programmatic Setup Test</Description>
<CustomerName>BW</CustomerName>
<Address>
<HouseNumber>900</HouseNumber>
<StreetName>Main Campus Dr</StreetName>
<City>RALEIGH</City>
<StateCode>NC</StateCode>
<Zip>27606</Zip>
<AddressType>Billing</AddressType>
</Address>
</Site>"""
SITE_REPLY = """<SiteResponse><Site><Id>12345</Id><Name>SetupTest</Name><Description>Programmatic Setup Test</Description>
<CustomerName>BW</CustomerName><Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName>
<City>RALEIGH</City><StateCode>NC</StateCode><Zip>27606</Zip><Country>United States</Country>
<AddressType>Billing</AddressType></Address></Site></SiteResponse>"""
PEER = "<SipPeer>\n<PeerName>Setup Test SIP Peer</PeerName>\n<IsDefaultPeer>true</IsDefaultPeer>\n</SipPeer>"
SMS_SETTINGS = """<SipPeerSmsFeatureSettings><TollFree>true</TollFree><ShortCode>true</ShortCode>
<Protocol>HTTP</Protocol><Zone1>true</Zone1><Zone2>true</Zone2><Zone3>true</Zone3><Zone4>true</Zone4>
<Zone5>true</Zone5></SipPeerSmsFeatureSettings>"""
PROXY = "<HttpSettings><ProxyPeerId>569238</ProxyPeerId></HttpSettings>"
SMS = f"<SipPeerSmsFeature>{SMS_SETTINGS}<HttpSettings /></SipPeerSmsFeature>"
SMS_REPLY = (
    f"<SipPeerSmsFeatureResponse><SipPeerSmsFeature>{SMS_SETTINGS}{PROXY}</SipPeerSmsFeature>"
    "</SipPeerSmsFeatureResponse>"
)
MMS = (
    "<MmsFeature><MmsSettings><Protocol>HTTP</Protocol></MmsSettings>"
    "<Protocols><HTTP><HttpSettings /></HTTP></Protocols></MmsFeature>"
)
MMS_REPLY = (
    "<MmsFeatureResponse><MmsFeature><MmsSettings><Protocol>HTTP</Protocol></MmsSettings>"
    f"<Protocols><HTTP>{PROXY}</HTTP></Protocols></MmsFeature></MmsFeatureResponse>"
)
MESSAGING = """<Application><ServiceType>Messaging-V2</ServiceType><AppName>Production Server</AppName>
<MsgCallbackUrl>https://yourSecureSite.com/callbacks</MsgCallbackUrl>
<CallbackCreds><UserId>Your-User-id</UserId><Password>Your-Password</Password></CallbackCreds></Application>"""
MESSAGING_REPLY = """<ApplicationProvisioningResponse><Application>
<ApplicationId>590cde45-c05d-44e3-a77a-59fd10f17c26</ApplicationId><ServiceType>Messaging-V2</ServiceType>
<AppName>Production Server</AppName><CallbackUrl>https://yourSecureSite.com/callbacks</CallbackUrl>
<MsgCallbackUrl>https://yourSecureSite.com/callbacks</MsgCallbackUrl>
<InboundCallbackUrl>https://yourSecureSite.com/callbacks</InboundCallbackUrl>
<OutboundCallbackUrl>https://yourSecureSite.com/callbacks</OutboundCallbackUrl>
<RequestedCallbackTypes><CallbackType>message-failed</CallbackType><CallbackType>message-delivered</CallbackType>
<CallbackType>message-sending</CallbackType></RequestedCallbackTypes>
<CallbackCreds><UserId>Your-User-id</UserId></CallbackCreds>
<InboundCallbackCreds><UserId>Your-User-id</UserId></InboundCallbackCreds>
<OutboundCallbackCreds><UserId>Your-User-id</UserId></OutboundCallbackCreds>
</Application></ApplicationProvisioningResponse>"""
VOICE = """<Application><ServiceType>Voice-V2</ServiceType><AppName>Setup Test Voice</AppName>
<CallInitiatedCallbackUrl>https://yourSecureSite.com/callbacks/init</CallInitiatedCallbackUrl>
<CallStatusCallbackUrl>https://yourSecureSite.com/callbacks/status</CallStatusCallbackUrl>
<CallbackCreds><UserId>Your-User-id</UserId><Password>Your-Password</Password></CallbackCreds></Application>"""
VOICE_REPLY = """<ApplicationProvisioningResponse><Application>
<ApplicationId>0fff897a-3ee3-4e7e-94d7-89a067cdfe6b</ApplicationId><ServiceType>Voice-V2</ServiceType>
<AppName>Setup Test Voice</AppName>
<CallInitiatedCallbackUrl>https://yourSecureSite.com/callbacks/init</CallInitiatedCallbackUrl>
<CallInitiatedMethod>POST</CallInitiatedMethod>
<CallStatusCallbackUrl>https://yourSecureSite.com/callbacks/status</CallStatusCallbackUrl>
<CallStatusMethod>POST</CallStatusMethod><CallbackCreds><UserId>Your-User-id</UserId></CallbackCreds>
</Application></ApplicationProvisioningResponse>"""

ASSIGNED_BY_THE_SERVER = {"Id", "ApplicationId"}


def outline(document: str) -> list[tuple[str, str]]:
    """Tags and texts in order, without what differs from server to server."""
    return [
        (found.tag, "" if found.tag in ASSIGNED_BY_THE_SERVER else (found.text or "").strip())
        for found in ET.fromstring(document).iter()
    ]


async def test_the_whole_guide_works_and_answers_as_printed(api: Any) -> None:
    site = await api.post("/sites", SITE)
    assert (site.status, outline(site.text)) == (201, outline(SITE_REPLY))

    peers = f"/sites/{site.value('Id')}/sippeers"
    peer = await api.post(peers, PEER)
    assert peer.status == 201
    assert re.search(r"/accounts/9900000/sites/\d+/sippeers/\d+$", peer.headers["location"])

    products = f"{peers}/{peer.new_id}/products"
    sms = await api.post(f"{products}/messaging/features/sms", SMS)
    assert (sms.status, outline(sms.text)) == (201, outline(SMS_REPLY))
    mms = await api.post(f"{products}/messaging/features/mms", MMS)
    assert (mms.status, outline(mms.text)) == (201, outline(MMS_REPLY))

    messaging = await api.post("/applications", MESSAGING)
    assert (messaging.status, outline(messaging.text)) == (201, outline(MESSAGING_REPLY))
    voice = await api.post("/applications", VOICE)
    assert (voice.status, outline(voice.text)) == (201, outline(VOICE_REPLY))

    link = (
        f"<ApplicationsSettings><HttpMessagingV2AppId>{messaging.value('ApplicationId')}</HttpMessagingV2AppId>"
        "</ApplicationsSettings>"
    )
    linked = await api.put(f"{products}/messaging/applicationSettings", link)
    assert linked.status == 200
    assert outline(linked.text) == outline(
        f"<ApplicationsSettingsResponse>{link}</ApplicationsSettingsResponse>"
    )

    settings = (
        "<SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol><HttpSettings>"
        f"<HttpVoiceV2AppId>{voice.value('ApplicationId')}</HttpVoiceV2AppId></HttpSettings>"
        "</SipPeerOriginationSettings>"
    )
    assigned = await api.post(f"{products}/origination/settings", settings)
    response = f"<SipPeerOriginationSettingsResponse>{settings}</SipPeerOriginationSettingsResponse>"
    assert (assigned.status, outline(assigned.text)) == (200, outline(response))

    (held,) = (await api.state())["sippeers"]
    assert held["messaging_app_id"] == messaging.value("ApplicationId")
    assert held["voice_app_id"] == voice.value("ApplicationId")


async def test_replies_are_declared_as_xml(api: Any) -> None:
    reply = await api.post("/sites", SITE)
    assert reply.text.startswith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
    assert reply.headers["content-type"] == "application/xml"
