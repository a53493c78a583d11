"""The setup, top to bottom: every step and every field of Bandwidth's guide, with where each limit comes from.

Everything else is derived from here: forms, validation, requests, review, the answers file, the order of calls.
Limits that block are the guide's; those that only newer or older sources know warn. Each `source` begins with a tag that
docs/bandwidth-api.md explains (bandwidth-api 0.1):
    guide      "Programmatic API Setup", https://dev.bandwidth.com/docs/account/programmatic-setup
    docs       the current documentation around it, https://dev.bandwidth.com/docs: account/structure, account/applications,
               account/credentials, numbers/v2/migration, universal-platform/breaking-changes
    oas, errors, docs-repo
               OpenAPI file, tables of error codes and other pages of https://github.com/Bandwidth/api-docs
    raml       the older machine-readable specification, https://github.com/Bandwidth/bandwidth.github.io
    up, band   about the Universal Platform alone: see `catalog_universal`
    bwtui      a decision of ours
"""

from typing import Final

from bwtui.domain import roles
from bwtui.domain.catalog_universal import ACTIVATION, VOICE_NUMBERS, VOICE_PACKAGE
from bwtui.domain.existing_questions import existing_questions
from bwtui.domain.fields import ROOT_TEXT, Choice, Const, Flag, Question, Ref, Text
from bwtui.domain.platform import AUTO, Platform
from bwtui.domain.steps import (
    AnyOf,
    AtMostOne,
    Deleted,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    NeededSetting,
    Needs,
    OrderedBack,
    ReleasedByOrder,
    Step,
    WrittenBack,
)
from bwtui.domain.values.base_urls import base_url
from bwtui.domain.values.checks import (
    account_id,
    area_code,
    at_most,
    between,
    digits,
    every,
    http_url,
    no_blanks,
    no_colon,
    no_query,
    not_blank,
    npa_nxx,
    npa_nxxx,
    object_id,
    one_number,
    one_of,
    phone_numbers,
    plain,
    reachable_url,
    state_code,
    state_of_today,
    toll_free_pattern,
    us_state,
    vanity,
    whole_number,
    zip_code,
)
from bwtui.domain.values.normalise import (
    country_name,
    digits_alone,
    five_digit_zip,
    https_url,
    secure_api_prefix,
    toll_free_code,
    zip_extension,
)
from bwtui.domain.values.phone_numbers import number_list, readable_list

ENVIRONMENTS: Final = {
    "production": "https://api.bandwidth.com/api",
    "classic": "https://dashboard.bandwidth.com/api",
    "test": "https://test.api.bandwidth.com/api",
}
"""The base URL of each environment; *classic* is the guide's host, the same accounts as *production*."""

SAME_SERVICE: Final = frozenset({ENVIRONMENTS["production"], ENVIRONMENTS["classic"]})
"""Two addresses of the same accounts."""

# --- What is wanted, and where ---------------------------------------------------------------------------------

SETUP: Final[tuple[Question, ...]] = (
    Flag(key="messaging", label="Text messages", help="Send and receive text and picture messages.", source="guide",
         default=True),
    Flag(key="voice", label="Voice calls", help="Make and receive phone calls.", source="guide", default=True),
    Flag(key="number", label="Phone number", help="Order a phone number. This costs money.", source="guide",
         default=True),
    Text(key="callback_base_url", label="Your server",
         help="Its public URL. Callback URLs that you leave empty are made from it.", source="bwtui",
         check=every(at_most(2000), http_url, no_query), warn=reachable_url, meant=https_url,
         example="https://yourSecureSite.com"),
)  # fmt: skip

COSTS_MONEY: Final = "setup.number"
"""The answer by which an order is wanted."""

SERVER_URL: Final = "setup.callback_base_url"
"""The answer that callback URLs are made from."""

ACCOUNT: Final[tuple[Question, ...]] = (
    Text(key="account_id", label="Account ID", help="The number of your Bandwidth account, as the Bandwidth App shows it.",
         source="guide", required=True, form="Digits only", check=account_id, example="9900000"),
    Choice(key="environment", label="Environment",
           help="production is api.bandwidth.com, classic is dashboard.bandwidth.com (the same accounts), test is test.api.bandwidth.com.",
           source="docs: hosts", options=tuple(ENVIRONMENTS), default="production"),
    Text(key="base_url", label="Base URL",
         help="Only if the API is at another address than the environment's. Without a path, /api is added.",
         source="docs: hosts", check=base_url, meant=secure_api_prefix, example="https://api.bandwidth.com/api"),
    Choice(key="platform", label="Platform",
           help="How voice is set up on your account. auto: found out at Connect; legacy: by the location; universal: by a voice package.",
           source="up: upgrading from legacy", options=(AUTO, Platform.LEGACY, Platform.UNIVERSAL), default=AUTO),
)  # fmt: skip

_MESSAGING: Final = roles.AppRole("Messaging", ("messag", "sms", *roles.CONFIGURATION.known_by))
"""As with voice, it is not said whether messaging at a location needs the role for locations."""

# --- 1. Sub-account --------------------------------------------------------------------------------------------

SITE: Final = Step(
    key="site", title="Sub-account", api_word="Site",
    explanation="A sub-account groups locations and numbers, and holds the address that they are billed or served at.",
    wanted_by=("messaging", "voice", "number"), role="manage sub-accounts", app_role=roles.CONFIGURATION,
    aliases=("sub_account",),
    in_doubt="the sub-account was created", not_done="Nothing was created.",
    method="POST", path="/accounts/{account_id}/sites", root="Site", produces="site_id",
    found_by=FoundInList(root="SitesResponse", items="Sites/Site", id="Id", matched_by=("Name",)),
    undo=Deleted(),
    body=(
        Text(key="name", wire="Name", label="Name", help="Shown in the Bandwidth App.",
             required=True, limit=10, check=every(at_most(10), not_blank, plain), suggestion="Main", guide="SetupTest",
             source="guide: at most 10 characters (errors 12529 says 50)"),
        Text(key="description", wire="Description", label="Description", help="What the sub-account is for.",
             check=plain, limit=250, warn=at_most(250), guide="Programmatic Setup Test",
             source="errors 4016: at most 250 characters"),
        Text(key="customer_provided_id", wire="CustomerProvidedID", label="Your own ID",
             help="An ID from your own records. Several sub-accounts may share one.",
             limit=10, check=every(at_most(10), plain), example="BW1", source="guide: at most 10 characters"),
        Text(key="customer_name", wire="CustomerName", label="Your own name", help="A name from your own records.",
             limit=50, check=every(at_most(50), plain), guide="BW", source="guide: at most 50 characters"),
        Text(key="house_number", wire="Address/HouseNumber", label="House number", help="The number alone, without the street.",
             required=True, limit=45, check=every(not_blank, plain), warn=every(at_most(45), one_number), guide="900",
             source="guide: required; errors 12537: at most 45"),
        Text(key="house_prefix", wire="Address/HousePrefix", label="House number prefix",
             help="What comes before the house number.",
             limit=6, check=plain, warn=at_most(6), example="N", source="errors 13044: at most 6"),
        Text(key="house_suffix", wire="Address/HouseSuffix", label="House number suffix",
             help="What comes after the house number.",
             limit=45, check=plain, warn=at_most(45), example="B", source="errors 12547: at most 45"),
        Choice(key="pre_directional", wire="Address/PreDirectional", label="Direction before the street",
               help="The compass direction before the street name, as in N Main St.",
               options=("N", "S", "E", "W", "NE", "NW", "SE", "SW"), source="errors 12548, 12605; not in the guide"),
        Text(key="street_name", wire="Address/StreetName", label="Street",
             help="The name of the street, without the house number.",
             required=True, limit=200, check=every(not_blank, plain), warn=at_most(200), guide="Main Campus Dr",
             source="guide: required; errors 12539: at most 200"),
        Text(key="street_suffix", wire="Address/StreetSuffix", label="Street suffix",
             help="The kind of street, such as Dr or Ave, if the name does not include it.",
             limit=45, check=plain, warn=at_most(45), example="Dr", source="errors 13045: at most 45"),
        Choice(key="post_directional", wire="Address/PostDirectional", label="Direction after the street",
               help="The compass direction after the street name, as in Main St NW.",
               options=("N", "S", "E", "W", "NE", "NW", "SE", "SW"), source="errors 12549; oas example; not in the guide"),
        Text(key="address_line_2", wire="Address/AddressLine2", label="Address line 2", help="Apartment, suite or floor.",
             limit=200, check=plain, warn=at_most(200), example="Suite 500", source="errors 12550: at most 200"),
        Text(key="city", wire="Address/City", label="City", help="The city of the address.",
             required=True, limit=100, check=every(not_blank, plain), warn=at_most(100), guide="RALEIGH",
             source="guide: required; errors 12541: at most 100"),
        Text(key="state", wire="Address/StateCode", label="State", help="The state of the address.",
             required=True, form="Two letters", limit=2, check=us_state, warn=state_of_today, meant=state_code, guide="NC",
             source="guide: 2 characters; errors 12535: must exist"),
        Text(key="zip", wire="Address/Zip", label="ZIP code", help="The postal code; a leading zero counts.",
             required=True, form="Five digits", limit=5, check=zip_code, meant=five_digit_zip, rest=zip_extension,
             rest_goes_to="plus_four", guide="27606", source="errors 12551, 13103: 5 digits (the guide says 6 and shows 5)"),
        Text(key="plus_four", wire="Address/PlusFour", label="ZIP extension", help="The digits after the hyphen of a ZIP code.",
             limit=4, form="Four digits", check=digits(4, "5177"), example="5177", source="guide: 4 digits"),
        Text(key="county", wire="Address/County", label="County", help="The county of the address.",
             limit=45, check=plain, warn=at_most(45), example="Wake", source="errors 12553: at most 45"),
        Text(key="country", wire="Address/Country", label="Country",
             help="Bandwidth fills in United States if you leave it empty.",
             check=plain, warn=one_of(("United States", "US")), meant=country_name, example="United States",
             source="guide: optional"),
        Choice(key="address_type", wire="Address/AddressType", label="Address type",
               help="Billing if bills go there, Service if service is provided there.",
               required=True, options=("Billing", "Service"), default="Billing", guide="Billing",
               source="guide: Billing or Service"),
    ),
    own=existing_questions("sub-account", "12345"),
)  # fmt: skip

# --- 2. Location -----------------------------------------------------------------------------------------------

SIPPEER: Final = Step(
    key="sippeer", title="Location", api_word="SIP peer",
    explanation="A location belongs to a sub-account and holds phone numbers. It decides what happens to their calls and messages.",
    wanted_by=("messaging", "voice", "number"), role="manage locations", app_role=roles.CONFIGURATION,
    aliases=("location", "sip_peer", "peer"),
    in_doubt="the location was created", not_done="Nothing was created.",
    method="POST", path="/accounts/{account_id}/sites/{site_id}/sippeers", root="SipPeer", produces="sippeer_id",
    found_by=FoundInList(root="TNSipPeersResponse", items="SipPeers/SipPeer", id="PeerId", matched_by=("PeerName",),
                         is_unique=True),  # error 13524
    undo=Deleted(),
    body=(
        Text(key="name", wire="PeerName", label="Name", help="Shown in the Bandwidth App.",
             required=True, limit=50, check=every(not_blank, plain), warn=at_most(50), suggestion="Main location",
             guide="Setup Test SIP Peer",
             source="guide: required; errors 13501: at most 50"),
        Flag(key="is_default", wire="IsDefaultPeer", label="Default location",
             help="Numbers ordered without naming a location go to the default one. The first location is always the default. "
             "Not set: Bandwidth decides.",
             guide=True, true_for_first=True, source="guide: one default per sub-account; errors 13522: the first must be it"),
    ),
    own=existing_questions("location", "500709", of=" of this sub-account"),
)  # fmt: skip

# --- 3 and 4. SMS and MMS --------------------------------------------------------------------------------------

_ZONE = (
    "Zones are groups of countries; a yes lets you text to the countries of zone {}. No public list names them: "
    "ask your account manager. Leave it if you are not sure."
)
_FEATURES = "/accounts/{account_id}/sites/{site_id}/sippeers/{sippeer_id}/products/messaging/features"

SMS: Final = Step(
    key="sms", title="SMS", api_word="SMS feature", verb="enable",
    explanation="Lets the numbers of the location send and receive text messages over HTTP.",
    wanted_by=("messaging",), feature="SMS", role="manage locations", app_role=_MESSAGING,
    in_doubt="SMS was switched on", not_done="SMS was not switched on; the location is as it was.",
    method="POST", path=f"{_FEATURES}/sms", root="SipPeerSmsFeature",
    found_by=FoundAsSetting(present="SipPeerSmsFeatureSettings/Protocol", change="PUT"),
    undo=Deleted(), undone_after=("number",),  # 13673: not while numbers have messaging
    body=(
        Flag(key="toll_free", wire="SipPeerSmsFeatureSettings/TollFree", label="Toll-free numbers",
             help="Text to and from toll-free numbers.", required=True, default=True, guide=True, source="guide"),
        Flag(key="short_code", wire="SipPeerSmsFeatureSettings/ShortCode", label="Short codes",
             help="Text to and from short codes.", required=True, default=True, guide=True, source="guide"),
        Choice(key="a2p_long_code", wire="SipPeerSmsFeatureSettings/A2pLongCode", label="Business texting (A2P)",
               help="Texts that software, not a person, sends from local numbers. For a 10DLC campaign: DefaultOn or DefaultOff. "
               "Leave it if you are not sure.",
               options=("DefaultOn", "DefaultOff", "ON", "OFF"),
               meanings=("unless a number says off", "unless a number says on", "for every number", "for every number"),
               source="errors 13636, 5133: no source says what Bandwidth does without an answer; not in the guide"),
        Const(wire="SipPeerSmsFeatureSettings/Protocol", label="Protocol", value="HTTP", source="guide: must be HTTP"),
        Const(wire="SipPeerSmsFeatureSettings/Zone1", label="Zone 1", value="true", source="guide: must be true"),
        Flag(key="zone2", wire="SipPeerSmsFeatureSettings/Zone2", label="Zone 2", help=_ZONE.format(2),
             required=True, default=False, is_detail=True, guide=True, source="guide, which does not name the countries"),
        Flag(key="zone3", wire="SipPeerSmsFeatureSettings/Zone3", label="Zone 3", help=_ZONE.format(3),
             required=True, default=False, is_detail=True, guide=True, source="guide, which does not name the countries"),
        Flag(key="zone4", wire="SipPeerSmsFeatureSettings/Zone4", label="Zone 4", help=_ZONE.format(4),
             required=True, default=False, is_detail=True, guide=True, source="guide, which does not name the countries"),
        Flag(key="zone5", wire="SipPeerSmsFeatureSettings/Zone5", label="Zone 5", help=_ZONE.format(5),
             required=True, default=False, is_detail=True, guide=True, source="guide, which does not name the countries"),
        Const(wire="HttpSettings", label="HTTP settings", value="", source="guide: an empty element"),
    ),
    own=(
        Choice(key="existing", label="If already set differently",
               help="On an existing location. report: ask before anything is written; change: set it as answered; "
               "keep: leave it as it is.",
               options=("report", "change", "keep"), default="report", source="bwtui"),
    ),
)  # fmt: skip

MMS: Final = Step(
    key="mms", title="MMS", api_word="MMS feature", verb="enable",
    explanation="Lets the numbers of the location send and receive pictures and other media. SMS comes first.",
    wanted_by=("messaging",), after=("sms",), feature="MMS", role="manage locations", app_role=_MESSAGING,
    in_doubt="MMS was switched on", not_done="MMS was not switched on; the location is as it was.",
    method="POST", path=f"{_FEATURES}/mms", root="MmsFeature",
    found_by=FoundAsSetting(present="MmsSettings/Protocol", change="PUT"),
    undo=Deleted(), undone_after=("messaging_link",),
    body=(
        Const(wire="MmsSettings/Protocol", label="Protocol", value="HTTP", source="guide: must be HTTP"),
        Const(wire="Protocols/HTTP/HttpSettings", label="HTTP settings", value="", source="guide: an empty element"),
    ),
    own=(
        Flag(key="enabled", label="Enable MMS", help="Without it, messages can only be text.", default=True, guide=True,
             source="guide: enable SMS and MMS for each location"),
        Choice(key="existing", label="If already set differently",
               help="On an existing location. report: ask before anything is written; change: set it as answered; "
               "keep: leave it as it is.",
               options=("report", "change", "keep"), default="report", source="bwtui"),
    ),
)  # fmt: skip

# --- 5. Phone number -------------------------------------------------------------------------------------------

TOLL_FREE_SEARCH: Final = ("toll_free_vanity", "toll_free_pattern")
_PREFIXES = ("area_code", "npa_nxx", "npa_nxxx")
_PLACES = (*_PREFIXES, "city", "rate_center", "state", "zip", "lata", "local_vanity")

_SEARCH_RULES = (
    AnyOf((*TOLL_FREE_SEARCH, *_PLACES, "numbers"), at="area_code",
          text="Say which number you want: an area code such as 919, or another search.",
          in_file="Answer area_code, another search or numbers under [number]."),
    AtMostOne(TOLL_FREE_SEARCH, others=_PLACES, at="toll_free_pattern",
              text="A toll-free search stands alone: leave the other search fields empty."),
    AtMostOne(_PREFIXES, at="area_code", text="Give only one of Area code, First 6 digits and First 7 digits.",
              in_file="These are area_code, npa_nxx and npa_nxxx."),
    Needs("city", ("state",), at="state", text="A search by city needs the state too, such as NC."),
    Needs("rate_center", ("state",), at="state", text="A search by rate center needs the state too, such as NC."),
    Needs("local_vanity", ("area_code",), at="area_code", blocks=False,
          text="A search for letters or digits usually needs an area code too."),
    Needs("ends_in", ("local_vanity",), at="ends_in",
          text="It works only together with “Spells (local)”: fill that in, or leave this out.",
          in_file="These are local_vanity and ends_in."),
    Needs("local_calling_area", ("npa_nxx", "npa_nxxx", "rate_center"), at="local_calling_area",
          text="It works only with the first 6 or 7 digits or a rate center: fill one in, or leave this out.",
          in_file="These are npa_nxx, npa_nxxx and rate_center."),
)  # fmt: skip
"""The search parameters that need, or exclude, each other (bandwidth-api 6.1)."""

NUMBER: Final = Step(
    key="number", title="Phone number", api_word="TN order",
    explanation="Orders phone numbers for the location. Numbers cost money each month; going back does not undo an order.",
    wanted_by=("number",), paid=True, after=("voice_package",), feature="ORDERING", role="search and order numbers",
    app_role=roles.ORDERING,
    aliases=("phone_number", "numbers", "tn", "order"),
    in_doubt="the order was placed", not_done="No number was ordered and nothing was charged.",
    rules=_SEARCH_RULES,
    nothing_found="The search found no numbers.",
    method="POST", path="/accounts/{account_id}/orders", root="Order", produces="order_id",
    found_by=FoundAsOrder(listed_at="/accounts/{account_id}/orders", root="ResponseSelectWrapper",
                          listed_as="ListOrderIdUserIdDate/OrderIdUserIdDate",
                     id="orderId", matched_by="CustomerOrderId"),
    undo=ReleasedByOrder(
        path="/accounts/{account_id}/disconnects", root="DisconnectTelephoneNumberOrder",
        body=(
            Const(wire="Name", label="Name", value="bwtui teardown", source="oas: at most 50 characters"),
            Ref(wire="CustomerOrderId", output="customer_order_id", label="Order's own ID"),
            Ref(wire="DisconnectTelephoneNumberOrderType/TelephoneNumberList/TelephoneNumber", output="numbers",
                label="Phone numbers"),
            Const(wire="DisconnectTelephoneNumberOrderType/DisconnectMode", label="Mode", value="normal",
                  source="oas: normal or purge"),
        ),
        listed_root="ResponseSelectWrapper", listed_as="ListOrderIdUserIdDate/OrderIdUserIdDate", id="orderId",
        matched_by="CustomerOrderId",
        released="DisconnectedTelephoneNumberList", in_service_at="/accounts/{account_id}/inserviceNumbers",
        location_at="/tns/{number}/sippeers",
    ),
    query=(
        Text(key="area_code", wire="areaCode", label="Area code", help="The area that the number is in.", form="Three digits",
             check=area_code, meant=digits_alone, limit=3, guide="919", example="919",
             source="oas availableNumbers"),
        Text(key="npa_nxx", wire="npaNxx", label="First 6 digits", help="The area code and the three digits after it.", form="Six digits",
             check=npa_nxx, meant=digits_alone, limit=6,
             example="919439", source="oas availableNumbers"),
        Text(key="npa_nxxx", wire="npaNxxx", label="First 7 digits", help="The area code and the four digits after it.",
             form="Seven digits", check=npa_nxxx, meant=digits_alone, limit=7,
             example="9194391", source="oas availableNumbers"),
        Text(key="city", wire="city", label="City", help="The city of the number. It needs the state too.", check=plain,
             example="RALEIGH", source="oas availableNumbers"),
        Text(key="rate_center", wire="rateCenter", label="Rate center",
             help="The phone companies' name for the area of a number, often its town, abbreviated. It needs the state too.", check=plain,
             example="RALEIGH", source="oas availableNumbers"),
        Text(key="state", wire="state", label="State", help="The state of the number.", form="Two letters", check=us_state,
             warn=state_of_today, meant=state_code, limit=2, example="NC", source="oas availableNumbers"),
        Text(key="zip", wire="zip", label="ZIP code", help="The postal code of the area.", form="Five digits", check=zip_code,
             meant=five_digit_zip, limit=5, example="27606", source="oas availableNumbers"),
        Text(key="lata", wire="lata", label="Calling area (LATA)", help="The number of a US region of local phone service.", form="Up to five digits",
             check=whole_number(1, 99999), limit=5, example="426",
             source="oas availableNumbers"),
        Text(key="local_vanity", wire="localVanity", label="Spells (local)",
             help="Letters or digits that the number contains; usually needs an area code too.", form="4 to 7 letters or digits",
             check=vanity(4), limit=7, example="CARS", source="oas availableNumbers"),
        Flag(key="ends_in", wire="endsIn", label="Only at the end", help="The letters or digits are at the end of the number.",
             source="oas availableNumbers: only with localVanity"),
        Text(key="toll_free_vanity", wire="tollFreeVanity", label="Spells (toll-free)",
             help="Letters or digits that a toll-free number contains.", form="4 to 7 letters or digits",
             check=vanity(4), limit=7, example="BANDWID", source="docs-repo: 4 to 7"),
        Text(key="toll_free_pattern", wire="tollFreeWildCardPattern", label="Toll-free pattern",
             help="8** for any toll-free number, 80* for 800 numbers, 88* for 888 numbers.", form="Three characters",
             check=toll_free_pattern, meant=toll_free_code, limit=3, example="8**", source="oas availableNumbers"),
        Flag(key="local_calling_area", wire="LCA", label="Include nearby areas",
             help="Also find numbers that are a local call away; for searches by first digits or rate center.",
             source="oas availableNumbers: default true"),
        Choice(key="order_by", wire="orderBy", label="Sort by", help="The order of the results.",
               options=("fullNumber", "npaNxxx", "npaNxx", "areaCode"), source="oas availableNumbers; errors 4020"),
        Choice(key="protected", wire="protected", label="Protected numbers",
               help="NONE leaves protected numbers out of the results, ONLY shows nothing else, MIXED shows both.",
               options=("NONE", "ONLY", "MIXED"), source="oas availableNumbers; errors 4022"),
        Choice(key="country", wire="countryCodeA3", label="Country", help="The country of the number.", options=("USA", "CAN"),
               default="USA",
               platform=Platform.UNIVERSAL, source="up: breaking changes: area code and city need it"),
    ),
    body=(
        Text(key="order_name", wire="Name", label="Name of the order", help="Shown in the Bandwidth App's list of orders.",
             limit=50, check=plain, warn=at_most(50), example="First number", source="oas orders: at most 50"),
        Ref(wire="CustomerOrderId", output="customer_order_id"),
        Ref(wire="SiteId", output="site_id"),
        Ref(wire="PeerId", output="sippeer_id"),
        Flag(key="partial_allowed", wire="PartialAllowed", label="Accept part of an order",
             help="If not all of the numbers are available, order those that are.", default=False,
             source="bwtui: always sent, since sources disagree on the default"),
        Ref(wire="ExistingTelephoneNumberOrderType/TelephoneNumberList/TelephoneNumber", output="chosen_numbers"),
    ),
    own=(
        Flag(key="enabled", label="Order a number", help="Everything else can be set up without one. You can order it later.",
             default=True, guide=True,
             source="bwtui"),
        Text(key="numbers", label="Exactly these numbers", help="Order these instead of searching. Separate them with commas.",
             many=True, check=phone_numbers, meant=number_list, shown=readable_list,
             example="+1 (919) 555-1234", source="oas orders"),
        Text(key="quantity", label="How many", help="How many numbers to order from the search.", form="1 to 5000",
             check=whole_number(1, 5000), default="1",
             source="errors 5009: 1 to 5000 for each order", is_count=True),
        Flag(key="replace_taken", label="Replace a taken number",
             help="If somebody else gets the number first, order the next one of the same search.",
             default=True, source="bwtui; errors 5005"),
        Choice(key="existing", label="If the location has numbers",
               help="Numbers that this setup did not order. report: ask before anything is written; order: order more besides; "
               "keep: use those and order none.",
               options=("report", "order", "keep"), default="report", source="bwtui"),
        Text(key="given_up", label="No longer counted",
             help="Released numbers, and orders that came to nothing: others may be ordered in their place.",
             many=True, check=plain, shown=readable_list, example="+1 (919) 555-1234", source="bwtui"),
    ),
)  # fmt: skip

# --- 6 and 7. Messaging application ----------------------------------------------------------------------------

_CREDENTIAL = every(between(6, 63), plain)
_SHOWN_USER = ("CallbackCreds/UserId", "InboundCallbackCreds/UserId")

MESSAGING_APP: Final = Step(
    key="messaging_app", title="Messaging application", api_word="Messaging-V2 application",
    explanation="Tells Bandwidth where to send message events: incoming messages, and what became of the ones you sent.",
    wanted_by=("messaging",), feature="HTTPV2", role="manage applications", app_role=roles.APPLICATIONS,
    aliases=("messaging_application",),
    in_doubt="the messaging application was created", not_done="Nothing was created.",
    method="POST", path="/accounts/{account_id}/applications", root="Application", produces="messaging_app_id",
    exported_as="BW_MESSAGING_APPLICATION_ID",
    found_by=FoundInList(root="ApplicationProvisioningResponse", items="ApplicationList/Application", id="ApplicationId",
                    matched_by=("AppName", "ServiceType")),
    undo=Deleted(),
    keeps=("RequestedCallbackTypes/CallbackType",),
    rules=(
        Needs("outbound_url", ("inbound_url",), at="inbound_url",
              text="The outbound URL needs the inbound URL too: Bandwidth takes both, or one callback URL for all."),
              # error 12802
    ),
    body=(
        Const(wire="ServiceType", label="Kind of application", value="Messaging-V2", source="guide: set to Messaging-V2"),
        Text(key="name", wire="AppName", label="Name", help="Shown in the Bandwidth App.", required=True,
             check=every(not_blank, plain), suggestion="Messaging", guide="Production Server", source="guide: required"),
        Text(key="callback_url", wire="MsgCallbackUrl", label="Callback URL", help="Where Bandwidth sends all message events.",
             required=True,
             check=every(plain, http_url), warn=reachable_url, meant=https_url, default="{setup.callback_base_url}/callbacks",
             guide="https://yourSecureSite.com/callbacks", source="guide: required",
             echoed_as=("InboundCallbackUrl", "MsgCallbackUrl", "CallbackUrl"), replaces=("OutboundCallbackUrl",),
             receives="message events"),
        Text(key="inbound_url", wire="InboundCallbackUrl", label="Inbound callback URL",
             help="Where Bandwidth sends incoming messages, instead of to the callback URL.",
             check=every(plain, http_url), warn=reachable_url, meant=https_url,
             example="https://yourSecureSite.com/callbacks/inbound",
             source="errors 13065: not together with MsgCallbackUrl", supersedes=("MsgCallbackUrl",),
             receives="incoming messages"),
        Text(key="outbound_url", wire="OutboundCallbackUrl", label="Outbound callback URL",
             help="Where Bandwidth reports what became of sent messages. It needs the inbound URL too.",
             check=every(plain, http_url), warn=reachable_url, meant=https_url,
             example="https://yourSecureSite.com/callbacks/outbound",
             source="errors 12802, 13065", supersedes=("MsgCallbackUrl",), receives="the fate of sent messages"),
        Text(key="callback_user", wire="CallbackCreds/UserId", label="Callback user",
             help="The user name that Bandwidth gives your server (HTTP Basic).",
             limit=63, form="6 to 63 characters", check=every(_CREDENTIAL, no_colon), guide="Your-User-id",
             source="raml: 6 to 63 characters", echoed_as=_SHOWN_USER),
        Text(key="callback_password", wire="CallbackCreds/Password", label="Callback password",
             help="The password that Bandwidth gives your server. Never saved.", limit=63, form="6 to 63 characters",
             check=_CREDENTIAL,
             secret_from="BWTUI_MESSAGING_CALLBACK_PASSWORD", goes_with="callback_user", guide="Your-Password",
             source="raml: 6 to 63 characters"),
    ),
    own=existing_questions("messaging application", "590cde45-c05d-44e3-a77a-59fd10f17c26"),
)  # fmt: skip

MESSAGING_LINK: Final = Step(
    key="messaging_link", title="Assign messaging", api_word="messaging application settings", verb="link",
    explanation="Links the messaging application to the location. Without this link, messages are accepted and then lost.",
    wanted_by=("messaging",), after=("sms",), role="manage locations", app_role=_MESSAGING, aliases=("assign_messaging",),
    in_doubt="the messaging application was linked", not_done="The location is linked as it was.",
    method="PUT", path="/accounts/{account_id}/sites/{site_id}/sippeers/{sippeer_id}/products/messaging/applicationSettings",
    root="ApplicationsSettings",
    found_by=FoundAsSetting(present="HttpMessagingV2AppId", change="PUT"),
    undo=WrittenBack(
        method="PUT",
        body=(Const(wire=ROOT_TEXT, label="Messaging application", value="REMOVE", source="oas"),),
        otherwise=(
            Const(wire="HttpMessagingV2AppId", label="Messaging application", value="REMOVE", source="errors 13628"),
        ),
    ),
    body=(Ref(wire="HttpMessagingV2AppId", output="messaging_app_id", label="Messaging application"),),
    own=(
        Choice(key="existing", label="If another one is linked",
               help="On an existing location, or by somebody else since. report: ask before anything is written; change: replace the link.",
               options=("report", "change"), default="report", source="bwtui"),
    ),
)  # fmt: skip

# --- 8 and 9. Voice application --------------------------------------------------------------------------------

VOICE_APP: Final = Step(
    key="voice_app", title="Voice application", api_word="Voice-V2 application",
    explanation="Tells Bandwidth where to ask what to do with a call, and where to report what became of it.",
    wanted_by=("voice",), feature="OrigHttpVoice", on_trial=True, role="manage applications", app_role=roles.APPLICATIONS,
    aliases=("voice_application",),
    in_doubt="the voice application was created", not_done="Nothing was created.",
    method="POST", path="/accounts/{account_id}/applications", root="Application", produces="voice_app_id",
    exported_as="BW_VOICE_APPLICATION_ID",
    found_by=FoundInList(root="ApplicationProvisioningResponse", items="ApplicationList/Application", id="ApplicationId",
                    matched_by=("AppName", "ServiceType")),
    undo=Deleted(),
    keeps=("CallInitiatedMethod", "CallStatusMethod", "CallInitiatedFallbackUrl", "CallInitiatedFallbackMethod",
           "CallbackTimeout"),
    body=(
        Const(wire="ServiceType", label="Kind of application", value="Voice-V2", source="guide: set to Voice-V2"),
        Text(key="name", wire="AppName", label="Name", help="Shown in the Bandwidth App.", required=True,
             check=every(not_blank, plain), suggestion="Voice", guide="Setup Test Voice", source="guide: required"),
        Text(key="call_initiated_url", wire="CallInitiatedCallbackUrl", label="Call-initiated URL",
             help="Where Bandwidth asks what to do with an incoming call; your server answers with BXML.", required=True,
             check=every(plain, http_url), warn=reachable_url, meant=https_url,
             default="{setup.callback_base_url}/callbacks/init",
             guide="https://yourSecureSite.com/callbacks/init", source="guide: required",
             receives="incoming calls: answer with BXML", answers_calls=True),
        Text(key="call_status_url", wire="CallStatusCallbackUrl", label="Call-status URL",
             help="Where Bandwidth reports other call events, such as a call that was rejected or hung up.",
             check=every(plain, http_url), warn=reachable_url, meant=https_url,
             default="{setup.callback_base_url}/callbacks/status",
             guide="https://yourSecureSite.com/callbacks/status", source="guide: optional", receives="other call events"),
        Text(key="callback_user", wire="CallbackCreds/UserId", label="Callback user",
             help="The user name that Bandwidth gives your server (HTTP Basic).",
             limit=63, form="6 to 63 characters", check=every(_CREDENTIAL, no_colon), guide="Your-User-id",
             source="raml: 6 to 63 characters", echoed_as=_SHOWN_USER),
        Text(key="callback_password", wire="CallbackCreds/Password", label="Callback password",
             help="The password that Bandwidth gives your server. Never saved.", limit=63, form="6 to 63 characters",
             check=_CREDENTIAL,
             secret_from="BWTUI_VOICE_CALLBACK_PASSWORD", goes_with="callback_user", guide="Your-Password",
             source="raml: 6 to 63 characters"),
    ),
    own=existing_questions("voice application", "0fff897a-3ee3-4e7e-94d7-89a067cdfe6b"),
)  # fmt: skip

VOICE_LINK: Final = Step(
    key="voice_link", title="Assign voice", api_word="origination settings", verb="link",
    explanation="Switches the location to HTTP voice and links the voice application to it. Bandwidth calls that its origination settings.",
    wanted_by=("voice",), platform=Platform.LEGACY, role="manage voice", app_role=roles.VOICE, aliases=("assign_voice",),
    in_doubt="the voice application was linked", not_done="The voice settings of the location are as they were.",
    method="POST", path="/accounts/{account_id}/sites/{site_id}/sippeers/{sippeer_id}/products/origination/settings",
    root="SipPeerOriginationSettings",
    found_by=FoundAsSetting(present="VoiceProtocol", change="PUT"),
    undo=WrittenBack(method="PUT", body=(
        Const(wire="VoiceProtocol", label="Voice protocol", value="SIP", source="errors 13652: before the location can go"),
    )),
    body=(
        Const(wire="VoiceProtocol", label="Voice protocol", value="HTTP", source="guide: must be HTTP"),
        Ref(wire="HttpSettings/HttpVoiceV2AppId", output="voice_app_id", label="Voice application"),
    ),
    own=(
        Choice(key="existing", label="If voice is set differently",
               help="On an existing location, by somebody else since, or where the account turns out to be on the Universal Platform. "
                    "report: ask before anything is written; change: set it all the same, which drops the SIP hosts of the location.",
               options=("report", "change"), default="report", source="bwtui; oas: changing SIP to HTTP drops the voice hosts"),
    ),
)  # fmt: skip

# --- 10. 10DLC campaign ----------------------------------------------------------------------------------------

_CHANGE = "TnOptionGroups/TnOptionGroup"
_TENDLC = "/v2/accounts/{account_id}/tendlc"

CAMPAIGN: Final = Step(
    key="campaign", title="Assign campaign", api_word="10DLC campaign", verb="assign",
    explanation="Puts the local numbers on an approved 10DLC campaign: without one, carriers do not deliver their texts to US phones.",
    wanted_by=("messaging",), after=("sms", "messaging_link", "number", "activation"), feature="A2pLongCode",
    role="manage 10DLC campaigns", app_role=roles.CAMPAIGNS, aliases=("10dlc", "tendlc", "a2p"),
    in_doubt="the numbers were put on the campaign", not_done="The numbers are on the campaigns that they were on.",
    needed_settings=(NeededSetting("sms.a2p_long_code", any_of=("DefaultOn", "DefaultOff"), otherwise="DefaultOff"),),
    method="POST", path="/v2/accounts/{account_id}/tnoptions", root="TnOptionOrder",
    found_by=FoundOnCampaign(numbers_at=f"{_TENDLC}/phoneNumbers", campaigns_at=f"{_TENDLC}/campaigns"),
    undo=OrderedBack(body=(
        Ref(wire="CustomerOrderId", output="customer_order_id"),
        Const(wire=f"{_CHANGE}/Sms", label="SMS", value="on", source="errors 5132: must be on"),
        Const(wire=f"{_CHANGE}/A2pSettings/Action", label="Action", value="delete",
              source="oas tnoptions: takes the campaign off"),
        Ref(wire=f"{_CHANGE}/TelephoneNumbers/TelephoneNumber", output="numbers", label="Phone numbers"),
    )),
    body=(
        Ref(wire="CustomerOrderId", output="customer_order_id"),
        Const(wire=f"{_CHANGE}/Sms", label="SMS", value="on", source="errors 5132: must be on"),
        Const(wire=f"{_CHANGE}/A2pSettings/Action", label="Action", value="asSpecified", source="oas tnoptions"),
        Text(key="id", wire=f"{_CHANGE}/A2pSettings/CampaignId", label="Campaign", limit=64,
             check=every(at_most(64), plain, object_id),
             help="The ID of an approved 10DLC campaign, the registration that says what your texts are for, as the Bandwidth App shows it. "
             "Leave it empty to do without one.",
             example="C1A2B3C", source="oas tnoptions: 1 to 64 characters"),
        Ref(wire=f"{_CHANGE}/TelephoneNumbers/TelephoneNumber", output="numbers", label="Phone numbers"),
    ),
    own=(
        Choice(key="existing", label="If a number is on another campaign",
               help="Moving it takes it off the other one. report: ask before anything is written; move: move it.",
               options=("report", "move"), default="report", source="bwtui"),
    ),
)  # fmt: skip

STEPS: Final = (
    SITE, SIPPEER, SMS, MMS, NUMBER, MESSAGING_APP, MESSAGING_LINK, VOICE_APP,
    VOICE_LINK,
    VOICE_PACKAGE, VOICE_NUMBERS, ACTIVATION,
    CAMPAIGN,
)  # fmt: skip
"""The steps in the guide's order, which is that of the screens; the order of calls follows from what each needs.

Voice is linked to the location on a legacy account, and set up by three steps of its own on the Universal Platform."""

WISHES: Final = tuple(question.key for question in SETUP if isinstance(question, Flag))
"""The flags under [setup] that `wanted_by` names: the parts that a setup may have."""

PAID_STEP: Final = NUMBER
LOCATION: Final = SIPPEER
"""The step whose object holds the phone numbers."""

OUTPUTS: Final = tuple(step.produces for step in sorted(STEPS, key=lambda step: step.paid) if step.produces)
"""The names of the ids that a setup produces, that of the paid step last."""


def step_of(operation: str) -> Step | None:
    """Return the step that an operation (`site.create`) or an answer (`site.name`) belongs to."""
    key = operation.partition(".")[0]
    return next((step for step in STEPS if step.key == key), None)


def parent_of(step: Step) -> Step | None:
    """Return the step whose object contains this step's: the sub-account for a location."""
    above = [other for other in STEPS if other.produces and f"{{{other.produces}}}" in step.path]
    return above[-1] if above else None


def linked_by(step: Step) -> tuple[Step, ...]:
    """Return the steps whose objects this step's request names: the application for a link."""
    named = {part.output for part in step.body if isinstance(part, Ref)}
    return tuple(other for other in STEPS if other.produces in named)


SIGN_IN: Final = {True: "OAuth2", False: "Basic"}
"""The ways of signing in, by whether it is with an OAuth2 client."""

LOGIN: Final[tuple[Question, ...]] = (
    Choice(key="way", label="Sign in with", help="OAuth2: a client ID and its secret. Basic: a user name and a password.",
           source="docs: credentials", options=tuple(SIGN_IN.values()), default=SIGN_IN[True]),
    Text(key="user", label="Client ID",
         help="The ID of your OAuth2 client. The Bandwidth App shows it under Account > API Credentials.",
         source="docs: credentials", required=True, check=every(not_blank, plain, no_colon), warn=no_blanks,
         example="CLI-1234"),
    Text(key="secret", label="Client secret",
         help="The secret of your OAuth2 client. It is never saved, and asked for again next time.",
         source="docs: credentials", required=True, check=not_blank, secret_from="BW_CLIENT_SECRET"),
)  # fmt: skip
"""The questions for credentials: for a form only, never in an answers file and never among the answers."""

LOGIN_BASIC: Final[tuple[Question, ...]] = (
    LOGIN[0],
    Text(key="user", label="User name", help="The name of your API user, not your sign-in to the Bandwidth App.",
         source="docs: credentials", required=True, check=every(not_blank, plain, no_colon), example="api-user"),
    Text(key="secret", label="Password", help="The password of your API user. It is never saved, and asked for again next time.",
         source="docs: credentials", required=True, check=not_blank, secret_from="BW_PASSWORD"),
)  # fmt: skip
"""The same questions for somebody who signs in with a user name."""


def login_questions(*, oauth: bool, doubt: str = "") -> dict[str, Question]:
    """Return the questions for credentials by their full names, for a way of signing in.

    `doubt` says why Basic may not work. The help has it where Basic could be chosen; where it is, a complaint says it.
    """
    way, *others = LOGIN if oauth else LOGIN_BASIC
    asked = (way._replace(help=f"{way.help} {doubt}".strip() if oauth else way.help), *others)
    return {f"login.{question.key}": question for question in asked}


TABLES: Final[dict[str, tuple[Question, ...]]] = {
    "setup": SETUP,
    "account": ACCOUNT,
    **{step.key: step.questions for step in STEPS},
}
"""The tables of the answers file and the questions of each."""

QUESTIONS: Final[dict[str, Question]] = {
    f"{table}.{question.key}": question for table, questions in TABLES.items() for question in questions
}
"""Every question by its full name: `site.name`."""

CALLBACK_URLS: Final = tuple(
    key for key, question in QUESTIONS.items() if isinstance(question, Text) and question.receives
)
"""The questions for URLs that Bandwidth calls, by full name."""
