"""Differences between the wanted values and those that the API shows."""

import pytest

from bwtui.domain.account.findings import Difference, Leaves, differences, differences_told
from bwtui.domain.catalog import MESSAGING_APP, MESSAGING_LINK, SIPPEER, SITE, SMS
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Element, NotYetKnown
from bwtui.domain.values.secret import Secret


def wanted(path: str, value: str | Secret) -> Element:
    *parents, tag = path.split("/")
    element = Element(tag, value)
    for parent in reversed(parents):
        element = Element(parent, (element,))
    return Element("Root", (element,))


def seen(step: Step, path: str, value: str, *shown: str) -> tuple[Difference, ...]:
    return differences(step, wanted(path, value), {path.casefold(): shown})


CITY = "Address/City"
COUNTRY = "Address/Country"
A2P = "SipPeerSmsFeatureSettings/A2pLongCode"
URL = "https://yourSecureSite.com/callbacks"


@pytest.mark.parametrize(
    ("step", "path", "value", "shown"),
    [
        (SITE, CITY, "RALEIGH", "RALEIGH"),
        (SITE, CITY, "Raleigh", "RALEIGH"),
        (SITE, CITY, "Raleigh", "Raleigh   "),
        (SITE, "Address/StreetName", "Main  Campus Dr", " Main Campus  Dr"),
        (SITE, "Address/AddressType", "Billing", "BILLING"),
        (SITE, COUNTRY, "US", "United States"),
        (SITE, COUNTRY, "United States", "US"),
        (SITE, COUNTRY, "USA", "united states"),
        (SITE, "Address/Zip", "02139", "02139"),
        (SMS, A2P, "DefaultOn", "DEFAULT_ON"),
        (SMS, A2P, "DefaultOff", "default_off"),
        (SMS, "SipPeerSmsFeatureSettings/TollFree", "true", "TRUE"),
        (MESSAGING_APP, "InboundCallbackUrl", URL, f" {URL} "),
        (MESSAGING_APP, "InboundCallbackUrl", URL, URL.lower()),  # a host has no case
    ],
)
def test_another_spelling_of_the_same_value_is_no_difference(
    step: Step, path: str, value: str, shown: str
) -> None:
    assert seen(step, path, value, shown) == ()


@pytest.mark.parametrize(
    ("step", "path", "value", "shown"),
    [
        (SITE, CITY, "Raleigh", "Durham"),
        (SITE, CITY, "US", "United States"),  # only a country has two names
        (SITE, COUNTRY, "US", "Canada"),
        (SITE, "Address/Zip", "02139", "2139"),
        (SITE, "Name", "Default_On", "DefaultOn"),
        (SMS, A2P, "DefaultOn", "DefaultOff"),
        (SMS, A2P, "DefaultOn", "ON"),
        (MESSAGING_APP, "InboundCallbackUrl", URL, URL.replace("callbacks", "Callbacks")),
        (MESSAGING_APP, "InboundCallbackUrl", URL, URL.replace("https", "http")),
        (MESSAGING_APP, "InboundCallbackUrl", URL, f"{URL}?a=1"),
    ],
)
def test_what_means_something_else_is_a_difference(step: Step, path: str, value: str, shown: str) -> None:
    assert seen(step, path, value, shown) == (Difference(path, value, shown),)


def test_what_is_not_shown_at_all_is_a_difference() -> None:
    (missing,) = differences(SITE, wanted(CITY, "Raleigh"), {})
    assert differences_told(SITE, [missing]) == "City is missing, should be “Raleigh”"


def test_a_difference_says_what_is_there_and_what_should_be() -> None:
    (other,) = seen(SITE, CITY, "Raleigh", "Durham")
    assert differences_told(SITE, [other]) == "City is “Durham”, should be “Raleigh”"


def test_a_difference_to_what_has_no_id_yet_names_it_without_one() -> None:
    link = Difference("HttpMessagingV2AppId", NotYetKnown("{messaging_app_id}"), "590cde45")
    told = differences_told(MESSAGING_LINK, [link])
    assert told == "Messaging application is “590cde45”, should be the new one"
    named = differences_told(MESSAGING_APP, [Difference("AppName", "{new}", "old")])
    assert named == "Name is “old”, should be “{new}”", "as answered"


def test_a_yes_or_no_is_told_as_such_and_a_fixed_value_by_its_label() -> None:
    zone, protocol = "SipPeerSmsFeatureSettings/Zone2", "SipPeerSmsFeatureSettings/Protocol"
    told = differences_told(SMS, [Difference(zone, "true", "false"), Difference(protocol, "HTTP", "SMPP")])
    assert told == "Zone 2 is “no”, should be “yes”; Protocol is “SMPP”, should be “HTTP”"


def test_what_the_api_shows_beyond_what_was_asked_for_is_no_difference() -> None:
    shown = {"name": ("SetupTest",), "id": ("12345",), "address/country": ("United States",)}
    assert differences(SITE, wanted("Name", "SetupTest"), shown) == ()


def test_one_of_several_values_is_enough() -> None:
    assert seen(SITE, CITY, "Raleigh", "Durham", "RALEIGH") == ()
    assert seen(SITE, CITY, "Raleigh", "Durham", "Cary") == (Difference(CITY, "Raleigh", "Durham, Cary"),)


def test_neither_secrets_nor_empty_elements_are_compared() -> None:
    assert differences(MESSAGING_APP, wanted("CallbackCreds/Password", Secret("never shown")), {}) == ()
    assert differences(SMS, wanted("HttpSettings", ""), {}) == ()


@pytest.mark.parametrize(
    "shown",
    [
        {"inboundcallbackurl": (URL,)},
        {"msgcallbackurl": (URL,)},
        {"callbackurl": (URL,)},
        {"inboundcallbackurl": (URL,), "msgcallbackurl": ("https://other.test/",)},
        {"inboundcallbackurl": ("",), "msgcallbackurl": (URL,)},
    ],
)
def test_a_callback_url_is_read_from_the_best_element_that_shows_one(shown: Leaves) -> None:
    assert differences(MESSAGING_APP, wanted("MsgCallbackUrl", URL), shown) == ()


def test_a_worse_element_does_not_excuse_a_better_one() -> None:
    shown = {"inboundcallbackurl": ("https://other.test/",), "msgcallbackurl": (URL,)}
    assert differences(MESSAGING_APP, wanted("MsgCallbackUrl", URL), shown) == (
        Difference("MsgCallbackUrl", URL, "https://other.test/"),
    )


def test_the_callback_user_is_read_where_newer_replies_show_it() -> None:
    shown = {"inboundcallbackcreds/userid": ("Your-User-id",)}
    assert differences(MESSAGING_APP, wanted("CallbackCreds/UserId", "Your-User-id"), shown) == ()


def test_an_element_elsewhere_of_the_same_name_does_not_count() -> None:
    assert differences(SIPPEER, wanted("PeerName", "Office"), {"other/peername": ("Office",)})
