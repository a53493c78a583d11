"""The requests that are made from the catalogue and the answers."""

from xml.etree import ElementTree as ET

import pytest

from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.catalog import (
    MESSAGING_APP,
    MESSAGING_LINK,
    MMS,
    NUMBER,
    SIPPEER,
    SITE,
    SMS,
    STEPS,
    VOICE_APP,
)
from bwtui.domain.planning.requests import (
    Known,
    account_request,
    body,
    change_request,
    create_request,
    list_request,
    located_request,
    order_look_up,
    order_request,
    path_of,
    products_request,
    read_request,
    search_request,
)
from bwtui.domain.steps import FoundAsOrder, Step
from bwtui.domain.values.documents import leaves, to_bytes, to_xml
from bwtui.domain.values.secret import Secret
from support.guide import guide_answers

KNOWN = Known(
    numbers=("9195551234",),
    voice_package_id="package-1",
    account_id="9900000",
    site_id="12345",
    sippeer_id="500709",
    messaging_app_id="app-1",
    voice_app_id="app-2",
    customer_order_id="bwtui-1",
    chosen_numbers=("9195551234", "9195551235"),
)
LOCATION = "/accounts/9900000/sites/12345/sippeers/500709"


def sent(step: Step, answers: Answers) -> dict[str, str]:
    return {path: str(value) for path, value in leaves(body(step, answers, KNOWN))}


# --- Bodies ------------------------------------------------------------------------------------------------------


def test_every_field_of_the_address_is_sent_in_the_order_of_the_catalogue() -> None:
    answers = guide_answers(
        site__customer_provided_id="BW1", site__house_prefix="N", site__house_suffix="B", site__pre_directional="NE",
        site__street_suffix="Dr", site__post_directional="NW", site__address_line_2="Suite 500", site__plus_four="5177",
        site__county="Wake", site__country="United States", site__zip="02139",
    )  # fmt: skip
    assert list(sent(SITE, answers).items()) == [
        ("Name", "SetupTest"),
        ("Description", "Programmatic Setup Test"),
        ("CustomerProvidedID", "BW1"),
        ("CustomerName", "BW"),
        ("Address/HouseNumber", "900"),
        ("Address/HousePrefix", "N"),
        ("Address/HouseSuffix", "B"),
        ("Address/PreDirectional", "NE"),
        ("Address/StreetName", "Main Campus Dr"),
        ("Address/StreetSuffix", "Dr"),
        ("Address/PostDirectional", "NW"),
        ("Address/AddressLine2", "Suite 500"),
        ("Address/City", "RALEIGH"),
        ("Address/StateCode", "NC"),
        ("Address/Zip", "02139"),
        ("Address/PlusFour", "5177"),
        ("Address/County", "Wake"),
        ("Address/Country", "United States"),
        ("Address/AddressType", "Billing"),
    ]


def test_what_is_optional_and_not_answered_is_left_out() -> None:
    answers = guide_answers(site__description=None, site__customer_name="")
    assert {"Description", "CustomerName", "CustomerProvidedID"}.isdisjoint(sent(SITE, answers))
    assert "A2pLongCode" not in to_xml(body(SMS, guide_answers(), KNOWN))
    assert sent(SIPPEER, guide_answers(sippeer__is_default=None)) == {"PeerName": "Setup Test SIP Peer"}


def test_an_optional_choice_is_sent_where_it_is_answered() -> None:
    answers = guide_answers(sms__a2p_long_code="DefaultOn")
    assert sent(SMS, answers)["SipPeerSmsFeatureSettings/A2pLongCode"] == "DefaultOn"


def test_a_no_is_sent_as_such() -> None:
    answers = guide_answers(sms__zone5="false", sms__toll_free="false")
    settings = sent(SMS, answers)
    assert settings["SipPeerSmsFeatureSettings/Zone5"] == "false"
    assert settings["SipPeerSmsFeatureSettings/TollFree"] == "false"
    assert settings["SipPeerSmsFeatureSettings/Zone1"] == "true"


def test_the_messaging_application_sends_the_guides_one_url() -> None:
    urls = {path for path in sent(MESSAGING_APP, guide_answers()) if path.endswith("Url")}
    assert urls == {"MsgCallbackUrl"}


@pytest.mark.parametrize("also", ["https://yourSecureSite.com/out", None])
def test_separate_urls_are_sent_instead_of_the_one_and_never_beside_it(also: str | None) -> None:
    answers = guide_answers(
        messaging_app__inbound_url="https://yourSecureSite.com/in", messaging_app__outbound_url=also
    )
    urls = {path: url for path, url in sent(MESSAGING_APP, answers).items() if path.endswith("Url")}
    expected = {"InboundCallbackUrl": "https://yourSecureSite.com/in"}
    assert urls == expected | ({"OutboundCallbackUrl": also} if also else {})


@pytest.mark.parametrize(
    ("step", "without_user"),
    [
        (MESSAGING_APP, guide_answers(messaging_app__callback_user=None)),
        (VOICE_APP, guide_answers(voice_app__callback_user=None)),
    ],
    ids=["messaging", "voice"],
)
def test_credentials_are_sent_as_a_pair_or_not_at_all(step: Step, without_user: Answers) -> None:
    both = body(step, guide_answers(), KNOWN)
    assert dict(leaves(both))["CallbackCreds/Password"] == Secret("Your-Password")
    assert "Your-Password" not in to_xml(both)
    assert b"<Password>Your-Password</Password>" in to_bytes(both)
    neither = body(step, without_user, KNOWN)
    assert "CallbackCreds" not in to_xml(neither)


def test_numbers_are_ordered_one_element_each_and_partial_allowed_is_always_said() -> None:
    assert to_xml(body(NUMBER, guide_answers(number__order_name="First"), KNOWN)) == (
        "<Order><Name>First</Name><CustomerOrderId>bwtui-1</CustomerOrderId><SiteId>12345</SiteId><PeerId>500709</PeerId>"
        "<PartialAllowed>false</PartialAllowed><ExistingTelephoneNumberOrderType><TelephoneNumberList>"
        "<TelephoneNumber>9195551234</TelephoneNumber><TelephoneNumber>9195551235</TelephoneNumber>"
        "</TelephoneNumberList></ExistingTelephoneNumberOrderType></Order>"
    )


@pytest.mark.parametrize(
    "name", ["A & B", "<b>", "]]>", 'say "so"', "it's", "Zoë", "Bürger 🏠", "&amp;", "{site_id}"]
)
def test_any_name_arrives_as_it_was_typed(name: str) -> None:
    document = to_bytes(body(SIPPEER, guide_answers(sippeer__name=name), KNOWN))
    assert ET.fromstring(document).findtext("PeerName") == name


def test_without_defaults_only_what_was_answered_is_wanted() -> None:
    answers = Answers({"sms.toll_free": Answer("true", Source.FLAG)})
    found = dict(leaves(body(SMS, answers, KNOWN, defaults=False)))
    assert found == {
        "SipPeerSmsFeatureSettings/TollFree": "true",
        "SipPeerSmsFeatureSettings/Protocol": "HTTP",
        "SipPeerSmsFeatureSettings/Zone1": "true",
        "HttpSettings": "",
    }
    assert "SipPeerSmsFeatureSettings/Zone2" in dict(leaves(body(SMS, answers, KNOWN)))


# --- Paths -------------------------------------------------------------------------------------------------------


def test_what_is_not_known_yet_stands_as_its_name_in_braces() -> None:
    request = create_request(MESSAGING_LINK, guide_answers(), Known(account_id="9900000"))
    assert request.path == (
        "/accounts/9900000/sites/{site_id}/sippeers/{sippeer_id}/products/messaging/applicationSettings"
    )
    assert request.body
    assert dict(leaves(request.body)) == {"HttpMessagingV2AppId": "{messaging_app_id}"}


@pytest.mark.parametrize(
    ("hostile", "quoted"),
    [
        ("1/../2", "1%2F..%2F2"),
        ("1?x=y", "1%3Fx%3Dy"),
        ("1#a", "1%23a"),
        ("a b", "a%20b"),
        ("ü", "%C3%BC"),
        ("%2F", "%252F"),
        ("{site_id}", "%7Bsite_id%7D"),
        ("1\r\nHost: x", "1%0D%0AHost%3A%20x"),
    ],
)
def test_an_id_cannot_change_where_a_request_goes(hostile: str, quoted: str) -> None:
    known = Known(account_id="9900000", site_id=hostile)
    assert path_of(SIPPEER.path, known) == f"/accounts/9900000/sites/{quoted}/sippeers"
    assert read_request(SITE, hostile, known).path == f"/accounts/9900000/sites/{quoted}"
    assert order_request(hostile, known).path == f"/accounts/9900000/orders/{quoted}"


def test_an_account_id_that_looks_like_a_template_stays_text() -> None:
    assert path_of("/accounts/{account_id}/sites", Known(account_id="{site_id}", site_id="1")) == (
        "/accounts/%7Bsite_id%7D/sites"
    )


# --- Every request -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_creating_says_what_it_is_and_names_no_placeholder_once_all_is_known(step: Step) -> None:
    request = create_request(step, guide_answers(), KNOWN)
    assert (request.operation, request.method) == (f"{step.key}.create", step.method)
    assert request.body
    assert request.body.tag == step.root
    assert "{" not in request.path + to_xml(request.body)


def test_an_object_is_changed_by_its_id_and_a_setting_where_it_stands() -> None:
    site = change_request(SITE, guide_answers(), KNOWN)
    assert (site.operation, site.method, site.path) == ("site.update", "PUT", "/accounts/9900000/sites/12345")
    sms = change_request(SMS, guide_answers(), KNOWN)
    assert (sms.method, sms.path) == ("PUT", f"{LOCATION}/products/messaging/features/sms")
    assert sms.body == body(SMS, guide_answers(), KNOWN)


def test_looking_is_by_get_and_has_no_body() -> None:
    found_by = NUMBER.found_by
    assert isinstance(found_by, FoundAsOrder)
    looks = [
        account_request(KNOWN),
        products_request(KNOWN),
        list_request(SITE, KNOWN),
        read_request(SITE, "12345", KNOWN),
        read_request(MMS, "", KNOWN),
        order_look_up(found_by, "bwtui-1", KNOWN),
        order_request("o-1", KNOWN),
        located_request(KNOWN),
        search_request(NUMBER, guide_answers(), 21, KNOWN),
    ]
    assert {(look.method, look.body) for look in looks} == {("GET", None)}
    assert [(look.operation, look.path) for look in looks] == [
        ("account.read", "/accounts/9900000"),
        ("products.read", "/accounts/9900000/products"),
        ("site.list", "/accounts/9900000/sites"),
        ("site.read", "/accounts/9900000/sites/12345"),
        ("mms.read", f"{LOCATION}/products/messaging/features/mms"),
        ("number.list", "/accounts/9900000/orders"),
        ("number.read", "/accounts/9900000/orders/o-1"),
        ("number.located", f"{LOCATION}/tns"),
        ("number.search", "/accounts/9900000/availableNumbers"),
    ]


def test_lists_that_need_a_page_and_a_size_get_them() -> None:
    found_by = NUMBER.found_by
    assert isinstance(found_by, FoundAsOrder)
    assert dict(order_look_up(found_by, "bwtui-1", KNOWN).query) == {
        "page": "1",
        "size": "300",
        "customerOrderId": "bwtui-1",
    }
    assert dict(located_request(KNOWN).query) == {"page": "1", "size": "5000"}


def test_a_search_sends_what_was_answered_by_its_name_in_the_api() -> None:
    answers = guide_answers(
        number__area_code=None, number__city="RALEIGH", number__state="NC", number__zip="02139", number__lata="426",
        number__rate_center="RALEIGH", number__local_calling_area="false", number__order_by="npaNxx", number__protected="NONE",
    )  # fmt: skip
    assert search_request(NUMBER, answers, 7, KNOWN).query == (
        ("city", "RALEIGH"),
        ("rateCenter", "RALEIGH"),
        ("state", "NC"),
        ("zip", "02139"),
        ("lata", "426"),
        ("LCA", "false"),
        ("orderBy", "npaNxx"),
        ("protected", "NONE"),
        ("quantity", "7"),
        ("enableTNDetail", "true"),
    )
