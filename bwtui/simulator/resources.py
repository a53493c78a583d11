"""The objects that an account holds, named as in the API."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from bwtui.simulator.rate_centers import Place


@dataclass(kw_only=True, slots=True)
class Site:
    """A sub-account."""

    id: str
    fields: dict[str, str]
    """Name, Description, CustomerProvidedID, CustomerName, by wire name."""
    address: dict[str, str] | None
    peers: "dict[str, SipPeer]" = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.fields["Name"]


@dataclass(kw_only=True, slots=True)
class SipPeer:
    """A location."""

    id: str
    site_id: str
    name: str
    description: str | None = None
    is_default: bool
    sms: dict[str, str] | None = None
    """SMS settings by wire name; None if SMS is off."""
    mms: str | None = None
    """The protocol of MMS; None if MMS is off."""
    messaging_app_id: str | None = None
    kept: dict[str, str] = field(default_factory=dict)
    """Elements that have no effect and are only shown again, as XML by name: hosts, FinalDestinationUri ..."""
    voice_protocol: str = "SIP"
    voice_app_id: str | None = None
    termination_protocol: str = "SIP"
    break_out_countries: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Application:
    """A Messaging-V2 or Voice-V2 application; fields by wire name."""

    id: str
    service_type: str
    fields: dict[str, str]
    callback_types: list[str] = field(default_factory=list)
    creds: dict[str, tuple[str, str]] = field(default_factory=dict)
    """User and password by element: CallbackCreds, InboundCallbackCreds ...; passwords are never returned."""

    @property
    def name(self) -> str:
        return self.fields["AppName"]


@dataclass(kw_only=True, slots=True)
class TelephoneNumber:
    """A number that the account holds, or has released recently."""

    tn: str
    place: Place
    status: str
    site_id: str
    peer_id: str
    order_id: str
    since: float
    package_id: str | None = None
    """The Voice Configuration Package that it is on."""
    package_tries: int = 0
    """The count of tries to put it on a package that were refused because it was new."""
    services: list[str] = field(default_factory=list)
    """The services that are active, such as voice/INBOUND and messaging/ALL."""
    campaign_id: str | None = None
    """The 10DLC campaign that it is on."""
    campaign_status: str | None = None
    """SUCCESS, PROCESSING or FAILURE; None if it never was on a campaign."""
    campaign_since: float = 0.0


@dataclass(kw_only=True, slots=True)
class VoicePackage:
    """A Voice Configuration Package; settings by wire name."""

    id: str
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.settings["name"])

    @property
    def application_id(self) -> str | None:
        found: str | None = self.settings["httpVoiceV2ApplicationId"]
        return found


@dataclass(kw_only=True, slots=True)
class ActivationOrder:
    """An order that activates or deactivates services of numbers."""

    id: str
    action: str
    tns: list[str]
    services: list[str]
    """Such as voice/INBOUND and messaging/ALL."""
    customer_order_id: str | None
    created: float
    due: float
    polls: int = 0
    status: str = "RECEIVED"
    finished: float | None = None


@dataclass(kw_only=True, slots=True)
class Brand:
    """A sender of messages in the registry of 10DLC."""

    id: str
    bandwidth_id: str
    customer_profile_id: str
    name: str
    status: str


@dataclass(kw_only=True, slots=True)
class Campaign:
    """A sort of messages that a brand sends; the registry of 10DLC has approved it, or not."""

    id: str
    brand_id: str
    description: str
    status: str


@dataclass(frozen=True, slots=True)
class OrderError:
    """One entry of an order's ErrorList."""

    code: int
    description: str
    tn: str | None = None


@dataclass(kw_only=True, slots=True)
class Order:
    """A number order, from RECEIVED to its end."""

    id: str
    submitted: Element
    """The order type element, for the echo."""
    name: str | None
    customer_order_id: str | None
    site_id: str
    peer_id: str
    peer_given: bool
    tns: list[str] | None
    """The specific numbers of the order; None if the order searches by itself."""
    criteria: dict[str, str]
    quantity: int
    partial_allowed: bool
    back_order: bool
    created: float
    due: float
    user: str
    forced: str | None = None
    lost: tuple[str, ...] = ()
    """Numbers that a fault sells to somebody else before this order is worked on."""
    status: str = "RECEIVED"
    finished: float | None = None
    completed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[OrderError] = field(default_factory=list)
    notes: list[tuple[str, str, float]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignChange:
    """One group of an order of number options: an action, the campaign and the numbers."""

    action: str
    campaign_id: str | None
    tns: list[str]


@dataclass(kw_only=True, slots=True)
class TnOptionOrder:
    """An order that puts numbers on a campaign, or takes them off."""

    id: str
    customer_order_id: str | None
    changes: list[CampaignChange]
    created: float
    due: float
    user: str
    status: str = "RECEIVED"
    finished: float | None = None
    errors: list[OrderError] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    """Numbers for which there was nothing to do, with the reason."""

    @property
    def added(self) -> list[str]:
        """The numbers that are to be put on a campaign."""
        return [tn for change in self.changes if change.action == "asSpecified" for tn in change.tns]


@dataclass(kw_only=True, slots=True)
class Disconnect:
    """An order that releases numbers."""

    id: str
    name: str | None
    customer_order_id: str | None
    tns: list[str]
    mode: str
    created: float
    due: float
    user: str
    status: str = "RECEIVED"
    finished: float | None = None
    released: list[str] = field(default_factory=list)
    errors: list[OrderError] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """A number held for the account for four hours (bandwidth-api 6.3)."""

    id: str
    tn: str
    expires: float


@dataclass(kw_only=True, slots=True)
class PhoneCall:
    """A call, outbound if it was requested, inbound if a phone called one of the account's numbers."""

    id: str
    details: dict[str, Any]
    created: float
    hung_up: float | None = None
    """The time at which a request ended the call, if one did."""
    direction: str = "outbound"
    live: bool = False
    """True if the application is asked what to do; else its URL is out of reach, and the call goes well by itself."""
    answered: float | None = None
    ended: float | None = None
    cause: str | None = None
    """Why a live call ended, as in disconnectCause."""
    error: str | None = None
    """The errorMessage of a live call that failed."""
    spoken: list[str] = field(default_factory=list)
    """The sentences that the application's BXML had spoken."""
    callbacks: list[str] = field(default_factory=list)
    """Each event that was sent to the application, with the result."""
    creds: tuple[str, str] | None = field(default=None, repr=False)
    """User and password for the callbacks of this call, if it was created with its own."""
    fallback_creds: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """An order that moved numbers to a location."""

    id: str
    tns: list[str]
    site_id: str
    peer_id: str
    customer_order_id: str | None
    user: str
    created: float


@dataclass(kw_only=True, slots=True)
class MessageEvent:
    """An event to be posted to an application, and the result of posting it."""

    url: str | None
    body: dict[str, Any]
    result: str = "waiting"
    after: float = 0
    """Seconds until it is posted."""
    tries: int = 0
    accepted: bool = False
    """True once it was answered 2xx."""
