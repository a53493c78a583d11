"""Every path of the API that is simulated, and the rule behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bwtui.simulator import (
    accounts,
    applications,
    campaigns,
    disconnects,
    international_search,
    message_log,
    messages,
    messaging_settings,
    number_search,
    orders,
    origination,
    package_numbers,
    registration,
    service_activation,
    sippeers,
    sites,
    subscriptions,
    telephone_numbers,
    tn_options,
    voice_calls,
    voice_packages,
)
from bwtui.simulator.error_responses import Envelope, in_error, in_error_list, in_status
from bwtui.simulator.http import ApiRequest, ApiResponse

Rule = Callable[[ApiRequest], ApiResponse]


@dataclass(frozen=True, slots=True)
class Path:
    """One path below the prefix: a rule for each method, and the envelope of its refusals."""

    path: str
    envelope: Envelope
    rules: dict[str, Rule]
    host: str = "numbers"
    """The Bandwidth host of this path, which words its refusals: numbers, messaging or voice."""
    role: Literal["VCP", "activation", "options"] | None = None
    """The role that the path needs, the first two on the Universal Platform."""
    on_v1: bool = True
    """False if only v2 has the path."""
    on_v2: bool = True
    """False if v2 on the Universal Platform has the path no more (universal-platform 2)."""
    on_build: bool = False
    """True if a Build account has the path (universal-platform 1)."""


_ACCOUNT = "/accounts/{account}"
_SITE = _ACCOUNT + "/sites/{site}"
_PEER = _SITE + "/sippeers/{peer}"
_PRODUCTS = _PEER + "/products"
_SMS = _PRODUCTS + "/messaging/features/sms"
_MMS = _PRODUCTS + "/messaging/features/mms"
_ORDER = _ACCOUNT + "/orders/{order}"
_TENDLC = _ACCOUNT + "/tendlc"

_site = in_status("SiteResponse")
_peer = in_status("SipPeerResponse")
_sms = in_status("SipPeerSmsFeatureResponse")
_mms = in_status("MmsFeatureResponse")
_link = in_status("ApplicationsSettingsResponse")
_origination = in_status("SipPeerOriginationSettingsResponse")
_termination = in_status("SipPeerTerminationSettingsResponse")
_application = in_status("ApplicationProvisioningResponse")
_order = in_error_list("OrderResponse")
_disconnect = in_error_list("DisconnectTelephoneNumberOrderResponse")
_search = in_error("SearchResult")
_tn = in_status("TelephoneNumberResponse")
_tns = in_status("TelephoneNumbersResponse")
_tn_option = in_status("TnOptionOrderResponse")
_other = in_status("ErrorResponse")

PATHS: tuple[Path, ...] = (
    Path(_ACCOUNT, in_status("AccountResponse"), {"GET": accounts.get}, on_build=True),
    Path(
        _ACCOUNT + "/products",
        in_status("AccountProductsResponse"),
        {"GET": accounts.products},
        on_build=True,
    ),
    Path(
        _ACCOUNT + "/activationRequirements",
        in_status("ActivationRequirementsResponse"),
        {"GET": accounts.activation_requirements},
        on_v1=False,
    ),
    Path(_ACCOUNT + "/geocodeRequest", in_status("GeocodeRequestResponse"), {"POST": accounts.geocode}),
    Path(
        _ACCOUNT + "/subscriptions",
        in_status("SubscriptionsResponse"),
        {"GET": subscriptions.list_all, "POST": subscriptions.create},
    ),
    Path(
        _ACCOUNT + "/subscriptions/{subscription}",
        in_status("SubscriptionsResponse"),
        {"GET": subscriptions.get, "PUT": subscriptions.update, "DELETE": subscriptions.delete},
    ),
    # Sites and locations
    Path(_ACCOUNT + "/sites", _site, {"GET": sites.list_all, "POST": sites.create}),
    Path(_SITE, _site, {"GET": sites.get, "PUT": sites.update, "DELETE": sites.delete}),
    Path(_SITE + "/totaltns", _site, {"GET": sites.total_tns}),
    Path(_SITE + "/orders", _order, {"GET": orders.list_of_site}, on_v2=False),
    Path(_SITE + "/inserviceNumbers", _tn, {"GET": telephone_numbers.in_service}),
    Path(_SITE + "/sippeers", _peer, {"GET": sippeers.list_all, "POST": sippeers.create}),
    Path(_PEER, _peer, {"GET": sippeers.get, "PUT": sippeers.update, "DELETE": sippeers.delete}),
    Path(_PEER + "/totaltns", _peer, {"GET": sippeers.total_tns}),
    Path(_PEER + "/tns", in_status("SipPeerTelephoneNumbersResponse"), {"GET": telephone_numbers.of_peer}),
    Path(
        _PEER + "/tns/{tn}",
        in_status("SipPeerTelephoneNumberResponse"),
        {"GET": telephone_numbers.one_of_peer, "PUT": telephone_numbers.change_one_of_peer},
    ),
    Path(
        _PEER + "/movetns",
        in_status("SipPeerTelephoneNumbersResponse"),
        {"POST": telephone_numbers.move_to_peer},
        on_v2=False,
    ),
    # Products on a location
    Path(_PRODUCTS, in_status("SipPeerProductResponse"), {"GET": sippeers.products}),
    Path(
        _SMS,
        _sms,
        {
            "GET": messaging_settings.get_sms,
            "POST": messaging_settings.enable_sms,
            "PUT": messaging_settings.change_sms,
            "DELETE": messaging_settings.disable_sms,
        },
    ),
    Path(
        _MMS,
        _mms,
        {
            "GET": messaging_settings.get_mms,
            "POST": messaging_settings.enable_mms,
            "PUT": messaging_settings.change_mms,
            "DELETE": messaging_settings.disable_mms,
        },
    ),
    Path(_MMS + "/settings", _mms, {"GET": messaging_settings.get_mms_settings}),
    Path(
        _PRODUCTS + "/messaging/applicationSettings",
        _link,
        {"GET": messaging_settings.get_application, "PUT": messaging_settings.link_application},
    ),
    Path(
        _PRODUCTS + "/messaging/settings",
        in_status("SipPeerMessagingSettingsResponse"),
        {"GET": messaging_settings.get_settings, "PUT": messaging_settings.change_settings},
    ),
    Path(
        _PRODUCTS + "/origination/settings",
        _origination,
        {"GET": origination.get, "POST": origination.create, "PUT": origination.update},
    ),
    Path(
        _PRODUCTS + "/termination/settings",
        _termination,
        {
            "GET": origination.get_termination,
            "POST": origination.change_termination,
            "PUT": origination.change_termination,
        },
    ),
    # Applications
    Path(
        _ACCOUNT + "/applications",
        _application,
        {"GET": applications.list_all, "POST": applications.create},
        on_build=True,
    ),
    Path(
        _ACCOUNT + "/applications/{application}",
        _application,
        {
            "GET": applications.get,
            "PUT": applications.replace,
            "PATCH": applications.patch,
            "DELETE": applications.delete,
        },
        on_build=True,
    ),
    Path(
        _ACCOUNT + "/applications/{application}/associatedsippeers",
        in_status("AssociatedSipPeersResponse"),
        {"GET": applications.associated_peers},
    ),
    # Searching and ordering
    Path(_ACCOUNT + "/availableNumbers", _search, {"GET": international_search.available_numbers}),
    Path(
        _ACCOUNT + "/availableNpaNxx",
        in_error("SearchResultForAvailableNpaNxx"),
        {"GET": number_search.available_npa_nxx},
    ),
    Path("/cities", in_status("CityResponse"), {"GET": number_search.cities}),
    Path("/rateCenters", in_status("RateCenterResponse"), {"GET": number_search.rate_centers}),
    Path(_ACCOUNT + "/tnreservation", in_status("ReservationResponse"), {"POST": telephone_numbers.reserve}),
    Path(
        _ACCOUNT + "/tnreservation/{reservation}",
        in_status("ReservationResponse"),
        {"GET": telephone_numbers.get_reservation, "DELETE": telephone_numbers.release_reservation},
    ),
    Path(_ACCOUNT + "/orders", _order, {"GET": orders.list_all, "POST": orders.create}),
    Path(_ORDER, _order, {"GET": orders.get, "PUT": orders.update}),
    Path(_ORDER + "/tns", _order, {"GET": orders.numbers}),
    Path(_ORDER + "/history", _other, {"GET": orders.history}),
    Path(_ORDER + "/areaCodes", _order, {"GET": orders.area_codes}),
    Path(_ORDER + "/npaNxx", _order, {"GET": orders.npa_nxx}),
    Path(_ORDER + "/totals", _order, {"GET": orders.totals}),
    Path(_ORDER + "/notes", _order, {"GET": orders.notes, "POST": orders.add_note}),
    Path(_ORDER + "/notes/{note}", _order, {"GET": orders.note}),
    Path(_ACCOUNT + "/disconnects", _disconnect, {"GET": disconnects.list_all, "POST": disconnects.create}),
    Path(_ACCOUNT + "/disconnects/{order}", _disconnect, {"GET": disconnects.get}),
    # Numbers in place
    Path(_ACCOUNT + "/moveTns", in_error_list("MoveTnsOrderResponse"), {"POST": telephone_numbers.move}),
    Path(
        _ACCOUNT + "/moveTns/{order}",
        in_error_list("MoveTnsOrderResponse"),
        {"GET": telephone_numbers.get_move},
    ),
    Path(_ACCOUNT + "/inserviceNumbers", _tn, {"GET": telephone_numbers.in_service}),
    Path(_ACCOUNT + "/inserviceNumbers/totals", _tn, {"GET": telephone_numbers.in_service_totals}),
    Path(_ACCOUNT + "/inserviceNumbers/{tn}", _tn, {"GET": telephone_numbers.is_in_service}),
    Path("/tns", _tns, {"GET": telephone_numbers.list_all}),
    Path("/tns/{tn}", _tn, {"GET": telephone_numbers.get}),
    Path("/tns/{tn}/tndetails", _tn, {"GET": telephone_numbers.details}),
    Path("/tns/{tn}/sites", _tn, {"GET": telephone_numbers.site_of}),
    Path("/tns/{tn}/sippeers", _tn, {"GET": telephone_numbers.peer_of}),
    Path("/tns/{tn}/ratecenter", _tn, {"GET": telephone_numbers.rate_center_of}),
    Path("/tns/{tn}/lata", _tn, {"GET": telephone_numbers.lata_of}),
    # The messaging and voice hosts
    Path(
        "/users/{account}/messages",
        _other,
        {"GET": message_log.search, "POST": messages.send},
        host="messaging",
    ),
    Path(
        _ACCOUNT + "/calls",
        _other,
        {"GET": voice_calls.list_all, "POST": voice_calls.create},
        host="voice",
        on_build=True,
    ),
    Path(
        _ACCOUNT + "/calls/{call}",
        _other,
        {"GET": voice_calls.get, "POST": voice_calls.update},
        host="voice",
        on_build=True,
    ),
    # Verification of toll-free numbers
    Path(
        _ACCOUNT + "/phoneNumbers/{tn}/tollFreeVerification", _other, {"GET": registration.get}, on_v1=False
    ),
    Path("/tollFreeVerification/useCases", _other, {"GET": registration.use_cases}, on_v1=False),
    # 10DLC campaigns, which only v2 of the API has here
    Path(_TENDLC + "/brands", _other, {"GET": campaigns.list_brands}, on_v1=False),
    Path(_TENDLC + "/brands/{brand}", _other, {"GET": campaigns.get_brand}, on_v1=False),
    Path(_TENDLC + "/campaigns", _other, {"GET": campaigns.list_campaigns}, on_v1=False),
    Path(_TENDLC + "/campaigns/{campaign}", _other, {"GET": campaigns.get_campaign}, on_v1=False),
    Path(
        _TENDLC + "/campaigns/{campaign}/phoneNumbers",
        _other,
        {"GET": campaigns.list_campaign_numbers},
        on_v1=False,
    ),
    Path(_TENDLC + "/phoneNumbers", _other, {"GET": campaigns.list_numbers}, on_v1=False),
    Path(_TENDLC + "/phoneNumbers/{tn}", _other, {"GET": campaigns.get_number}, on_v1=False),
    Path(
        _ACCOUNT + "/tnoptions",
        _tn_option,
        {"GET": tn_options.list_all, "POST": tn_options.create},
        role="options",
        on_v1=False,
    ),
    Path(
        _ACCOUNT + "/tnoptions/{tnoption}", _tn_option, {"GET": tn_options.get}, role="options", on_v1=False
    ),
    # Activation of services
    Path(
        _ACCOUNT + "/serviceActivationChecker",
        _other,
        {"POST": service_activation.check},
        role="activation",
        on_v1=False,
    ),
    Path(
        _ACCOUNT + "/serviceActivation",
        _other,
        {"POST": service_activation.create},
        role="activation",
        on_v1=False,
    ),
    Path(
        _ACCOUNT + "/serviceActivation/{activation}",
        _other,
        {"GET": service_activation.get},
        role="activation",
        on_v1=False,
    ),
)

_PACKAGES = _ACCOUNT + "/voiceConfigurationPackages"

JSON_PATHS: tuple[Path, ...] = (
    Path(_PACKAGES, _other, {"GET": voice_packages.list_all, "POST": voice_packages.create}, role="VCP"),
    Path(
        _PACKAGES + "/{package}",
        _other,
        {"GET": voice_packages.get, "PATCH": voice_packages.patch, "DELETE": voice_packages.delete},
        role="VCP",
    ),
    Path(_PACKAGES + "/{package}/phoneNumbers/bulk", _other, {"POST": package_numbers.change}, role="VCP"),
    Path(_ACCOUNT + "/phoneNumbers/voice", _other, {"GET": package_numbers.list_voice}, role="VCP"),
)
"""The paths below /v2, without /api (universal-platform 3)."""
