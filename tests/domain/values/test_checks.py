"""Each check takes what is right, and says what to type instead of what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwtui.domain.answers.validation import complaints_of
from bwtui.domain.values.base_urls import api_prefix, base_url, same_place
from bwtui.domain.values.checks import (
    STATES,
    Check,
    account_id,
    area_code,
    at_most,
    between,
    digits,
    every,
    http_url,
    is_https,
    no_query,
    not_blank,
    npa_nxx,
    npa_nxxx,
    object_id,
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
from bwtui.domain.values.hosts import is_loopback
from bwtui.domain.values.phone_numbers import e164, number_list, readable, ten_digits
from bwtui.domain.values.text import split_list

ARABIC_DIGITS = "٢٧٦٠٦"
"""Digits to `str.isdigit`, and not to the API."""


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (at_most(10), "x" * 10),
        (at_most(10), "ü" * 10),
        (between(6, 63), "x" * 6),
        (between(6, 63), "x" * 63),
        (digits(4, "5177"), "0000"),
        (whole_number(1, 5000), "1"),
        (whole_number(1, 5000), "5000"),
        (whole_number(1, 5000), "0007"),
        (one_of(("US", "United States")), "US"),
        (plain, "Zoë Café 🏠 & <Co>"),
        (not_blank, " a "),
        (us_state, "NC"),
        (us_state, "DC"),
        (us_state, "AP"),
        (us_state, "MH"),
        (us_state, "PR"),
        (zip_code, "02139"),
        (zip_code, "00000"),
        (http_url, "https://yourSecureSite.com/callbacks"),
        (http_url, "http://203.0.113.9:8080/a?b=c#d"),
        (http_url, "HTTPS://yourSecureSite.com"),
        (http_url, "https://[2001:db8::1]:8443/"),
        (no_query, "https://yourSecureSite.com/callbacks"),
        (base_url, "https://api.bandwidth.com/api"),
        (base_url, "https://bandwidth-proxy.example.com/api"),
        (base_url, "https://broadband.com/api"),
        (base_url, "http://127.0.0.1:8080/api"),
        (base_url, "http://localhost/api"),
        (base_url, "http://[::1]:8080/api"),
        (account_id, "9900000"),
        (account_id, "1"),
        (object_id, "12345"),
        (object_id, "590cde45-c05d-44e3-a77a-59fd10f17c26"),
        (area_code, "200"),
        (area_code, "919"),
        (npa_nxx, "919439"),
        (npa_nxxx, "9194390"),
        (vanity(4), "CARS"),
        (vanity(4), "4ABCDE7"),
        (toll_free_pattern, "8**"),
        (toll_free_pattern, "80*"),
        (toll_free_pattern, "88*"),
        (phone_numbers, "9195551234"),
        (phone_numbers, "9195551234, +1 (919) 555-1235,1-919-555-1236,919.555.1237"),
    ],
)
def test_what_is_right_is_taken(check: Check, text: str) -> None:
    assert check(text) is None


@pytest.mark.parametrize(
    ("check", "text", "told"),
    [
        (at_most(10), "SetupTest12", "At most 10 characters; this has 11. Shorten it, for example to “SetupTest1”."),
        (between(6, 63), "x" * 5, "From 6 to 63 characters; this has 5."),
        (between(6, 63), "x" * 64, "From 6 to 63 characters; this has 64."),
        (digits(4, "5177"), "517", "Exactly 4 digits, such as 5177."),
        (digits(4, "5177"), "51777", "Exactly 4 digits, such as 5177."),
        (digits(4, "5177"), "51x7", "Exactly 4 digits, such as 5177."),
        (digits(5, "27606"), ARABIC_DIGITS, "Exactly 5 digits, such as 27606."),
        (whole_number(1, 5000), "0", "A whole number from 1 to 5000."),
        (whole_number(1, 5000), "5001", "A whole number from 1 to 5000."),
        (whole_number(1, 5000), "-1", "A whole number from 1 to 5000."),
        (whole_number(1, 5000), "1.0", "A whole number from 1 to 5000."),
        (whole_number(1, 5000), "9" * 5000, "A whole number from 1 to 5000."),
        (one_of(("US", "United States")), "us", "One of: US, United States."),
        (plain, "a\tb", "remove tabs"),
        (plain, "a\nb", "remove tabs"),
        (plain, "a\x00b", "remove tabs"),
        (plain, "a\u200bb", "remove tabs"),
        (plain, "a\ud800b", "remove tabs"),
        (plain, "a\uffffb", "remove tabs"),
        (not_blank, "  ", "type some text"),
        (us_state, "nc", "Capital letters: type NC."),
        (us_state, "North Carolina", "type NC for North Carolina"),
        (us_state, " north carolina ", "type NC for North Carolina"),
        (us_state, "N", "Exactly 2 letters, such as NC; this has 1 character."),
        (us_state, "NCA", "Exactly 2 letters, such as NC; this has 3 characters."),
        (us_state, "XX", "There is no state XX."),
        (us_state, "27", "There is no state 27."),
        (zip_code, "2139", "including a leading zero: 02139?"),
        (zip_code, "276066", "Exactly 5 digits, such as 27606."),
        (zip_code, "27606-5177", "type 27606 here and 5177 as the ZIP extension"),
        (zip_code, "2760a", "Exactly 5 digits"),
        (zip_code, ARABIC_DIGITS, "Exactly 5 digits"),
        (http_url, "yourSecureSite.com/callbacks", "Start it with https://, as in https://yourSecureSite.com/callbacks"),
        (http_url, "localhost:8080/x", "https://localhost:8080/x"),
        (http_url, "//yourSecureSite.com/x", "https://yourSecureSite.com/x"),
        (http_url, "ftp://yourSecureSite.com/x", "https://yourSecureSite.com/x"),
        (http_url, "/callbacks", "Start it with https://"),
        (http_url, "https://", "Give the host"),
        (http_url, "https:///callbacks", "Give the host"),
        (http_url, "https://:8080/callbacks", "Give the host"),
        (http_url, "https://your site.com", "without spaces"),
        (http_url, "https://yourSecure\nSite.com", "without spaces"),
        (http_url, "https://yourSecureSite.com/a\tb", "without spaces"),
        (http_url, "https://yourSecureSite.com:99999/", "The port after the host must be a number from 1 to 65535"),
        (http_url, "https://yourSecureSite.com:http/", "The port after the host must be a number from 1 to 65535"),
        (http_url, "https://[::1", "A complete URL"),
        (http_url, "https://host..tld/cb", "host..tld has one dot too many."),
        (http_url, "https://.host.tld/cb", ".host.tld has one dot too many."),
        (http_url, "https://host.tld../cb", "host.tld.. has one dot too many."),
        (http_url, "https://./cb", "has one dot too many"),
        (http_url, "https://host.tld\\cb", "Remove the backslash"),
        (http_url, "https:\\\\host.tld\\cb", "Remove the backslash"),
        (http_url, "https://ho$t.tld/cb", "ho$t.tld is not a host name"),
        (http_url, f"https://{'x' * 64}.tld/", "1 to 63 letters, digits and hyphens"),
        (http_url, "https://host.tld:0/", "The port after the host must be a number from 1 to 65535"),
        (base_url, "https://api..bandwidth.com/api", "has one dot too many"),
        (http_url, "https://me:pass@yourSecureSite.com/", "Leave the user and password out"),
        (http_url, "https://me@yourSecureSite.com/", "Leave the user and password out"),
        (no_query, "https://yourSecureSite.com/?a=1", "Leave out the ? or #"),
        (no_query, "https://yourSecureSite.com/#a", "Leave out the ? or #"),
        (base_url, "https://api.bandwith.com/api", "did you mean api.bandwidth.com?"),
        (base_url, "https://test.dashbord.bandwidht.com/api", "did you mean test.dashbord.bandwidth.com?"),
        (base_url, "http://api.bandwidth.com/api", "over https only"),
        (base_url, "http://127.0.0.1.evil.test/api", "over https only"),
        (base_url, "http://localhost.evil.test/api", "over https only"),
        (base_url, "https://me:pass@api.bandwidth.com/api", "Leave the user and password out"),
        (base_url, "https://api.bandwidth.com/api?a=1", "Leave out the ? or #"),
        (base_url, "https://api.bandwidth.com/api#a", "Leave out the ? or #"),
        (base_url, "api.bandwidth.com/api", "https://api.bandwidth.com/api"),
        (base_url, "https://", "https://api.bandwidth.com/api"),
        (account_id, "99 00000", "Digits only"),
        (account_id, "9" * 21, "Digits only"),
        (account_id, "9900000/sites", "Digits only"),
        (object_id, "../../9900001", "The ID that Bandwidth shows"),
        (object_id, "a b", "The ID that Bandwidth shows"),
        (object_id, "---", "The ID that Bandwidth shows"),
        (object_id, "idé", "The ID that Bandwidth shows"),
        (area_code, "119", "the first is 2 to 9"),
        (area_code, "91", "3 digits, such as 919"),
        (area_code, "9199", "3 digits, such as 919"),
        (npa_nxx, "919039", "the first and the fourth are 2 to 9"),
        (npa_nxx, "91943", "6 digits, such as 919439"),
        (npa_nxxx, "919439", "7 digits, such as 9194391"),
        (vanity(4), "CAR", "4 to 7 letters or digits, such as CARS."),
        (vanity(4), "ABCDEFGH", "4 to 7 letters or digits"),
        (vanity(4), "CAR-S", "4 to 7 letters or digits"),
        (toll_free_pattern, "800", "One of 8**"),
        (toll_free_pattern, "7**", "One of 8**"),
        (toll_free_pattern, "8*", "One of 8**"),
        (phone_numbers, "9195551234,12345", "“12345” is not a US or Canadian number: type ten digits"),
        (phone_numbers, "+44 20 7946 0958", "is not a US or Canadian number"),
        (phone_numbers, "1195551234", "is not a US or Canadian number"),
        (phone_numbers, "9190551234", "is not a US or Canadian number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_what_to_type_instead(check: Check, text: str, told: str) -> None:
    assert told in (check(text) or "")


def test_a_limit_on_a_password_never_repeats_it() -> None:
    assert "abc" not in (between(6, 63)("abc") or "")


@given(st.text(), st.integers(1, 60))
def test_the_shorter_text_that_is_proposed_is_short_enough(text: str, limit: int) -> None:
    told = at_most(limit)(text)
    assert (told is None) is (len(text) <= limit)
    if told:
        proposed = told.partition("“")[2].removesuffix("”.")
        assert at_most(limit)(proposed) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/x",
        "http://127.0.0.1:8080/x",
        "https://app.localhost/",
        "http://192.168.1.20/cb",
        "http://10.0.0.1/cb",
        "http://172.16.0.1:8080/cb",
        "http://172.31.255.255/cb",
        "http://169.254.1.1/cb",
        "http://0.0.0.0:8080/cb",
        "http://100.64.0.1/cb",
        "http://[::1]/cb",
        "http://[::]/cb",
        "http://[fe80::1]/cb",
        "http://[fd00::1]/cb",
        "http://[fc00::1]:8080/cb",
        "http://[::ffff:10.0.0.1]/cb",
        "https://mybox.local/",
        "https://MyBox.local./",
        "https://nas.lan/",
        "https://mybox/",
        "https://127.0.0.1./",
    ],
)
def test_a_host_that_bandwidth_cannot_reach_is_doubtful(url: str) -> None:
    assert "Bandwidth cannot reach" in (reachable_url(url) or "")


@pytest.mark.parametrize("url", ["https://example.com/x", "https://example.org", "https://www.EXAMPLE.com/x"])
def test_a_host_of_the_documentation_is_called_a_placeholder(url: str) -> None:
    assert "is a placeholder" in (reachable_url(url) or "")


@pytest.mark.parametrize(("port", "doubtful"), [(80, False), (443, False), (1023, True), (1024, False), (81, True)])  # fmt: skip
def test_ports_that_bandwidth_does_not_call_back_are_doubtful(port: int, doubtful: bool) -> None:  # noqa: FBT001
    assert bool(reachable_url(f"https://yourSecureSite.com:{port}/x")) is doubtful


@pytest.mark.parametrize(
    "url",
    [
        "https://yourSecureSite.com/callbacks",
        "https://notexample.com",
        "not a url:",
        "https://mylocal.com",
        "http://172.32.0.1/cb",
        "http://8.8.8.8/cb",
        "http://[2606:4700::1111]/cb",
        "https://münchen.de/cb",
        "https://host.tld./cb",
        "https://host..tld/cb",
    ],
)
def test_other_urls_raise_no_doubt(url: str) -> None:
    assert reachable_url(url) is None


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("127.0.0.256", False),
        ("127.0.0", False),
        ("127.evil.test", False),
        ("128.0.0.1", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine_only(host: str, here: bool) -> None:  # noqa: FBT001
    assert is_loopback(host) is here


def test_https_is_told_from_http_whatever_its_case() -> None:
    assert is_https("HTTPS://a")
    assert not is_https("http://a")
    assert not is_https("httpsx://a")


@pytest.mark.parametrize(
    "typed",
    [
        "9195551234",
        "19195551234",
        "+19195551234",
        "+1 (919) 555-1234",
        "1-919-555-1234",
        "919.555.1234",
        "(919) 555\u20111234",
        "919\u2013555\u20131234",
        "tel:+19195551234",
        "TEL:+1-919-555-1234",
        "919/555-1234",
        "919\u00a0555\u00a01234",
        "\ufeff919\u200b5551234\r\n",
        "\u202a+1 919 555 1234\u202c",
        "919\u2212555\u22121234",
    ],
)
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert ten_digits(typed) == "9195551234"
    assert e164(typed) == "+19195551234"
    assert readable(typed) == "+1 (919) 555-1234"


@pytest.mark.parametrize("typed", ["", "919555123", "91955512345", "29195551234", "0195551234", "919555123x"])
def test_text_that_is_not_a_phone_number_gives_none(typed: str) -> None:
    assert ten_digits(typed) == ""


@given(st.text())
def test_ten_digits_are_ten_digits_or_nothing(text: str) -> None:
    found = ten_digits(text)
    assert found == "" or (len(found) == 10 and found.isascii() and found.isdigit())


def test_a_list_is_split_at_commas_trimmed_and_without_holes() -> None:
    assert split_list(" a, b,,c , ") == ("a", "b", "c")
    assert split_list(" , ") == ()


def test_the_first_complaint_of_several_checks_is_told() -> None:
    check = every(at_most(3), us_state)
    assert "At most 3" in (check("Texas") or "")
    assert "Capital letters" in (check("tx") or "")
    assert check("TX") is None


def test_every_state_is_known_by_two_capital_letters_and_a_name_of_its_own() -> None:
    assert all(len(code) == 2 and code.isupper() for code in STATES)
    assert len(set(STATES.values())) == len(STATES) == 56  # 50, the capital, and five territories


@pytest.mark.parametrize("code", ["AA", "AE", "AP", "FM", "MH", "PW"])
def test_a_code_that_older_data_knows_is_doubtful_at_most(code: str) -> None:
    assert us_state(code) is None
    assert f"{code} stands for " in (state_of_today(code) or "")
    assert state_code(code.lower()) == code


def test_a_state_of_today_is_not_doubtful() -> None:
    assert not any(map(state_of_today, STATES))


@pytest.mark.parametrize(
    ("text", "code"), [("nc", "NC"), ("North carolina", "NC"), ("pr", "PR"), ("xx", "xx"), ("", "")]
)
def test_a_state_in_small_letters_or_by_its_name_can_only_mean_one(text: str, code: str) -> None:
    assert state_code(text) == code


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("9192130117\n9192130118\r\n9192130119\n", "9192130117,9192130118,9192130119"),
        ("919-213-0117; 919-213-0118\t(919) 213-0119", "9192130117,9192130118,9192130119"),
        (" 9192130117 ,, 12 ,", "9192130117,12"),
        ("", ""),
    ],
)
def test_a_column_of_numbers_is_a_list(text: str, numbers: str) -> None:
    assert number_list(text) == numbers


# --- Where the API is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "prefix"),
    [
        ("https://api.bandwidth.com", "https://api.bandwidth.com/api"),
        ("https://api.bandwidth.com/", "https://api.bandwidth.com/api"),
        ("https://api.bandwidth.com/api", "https://api.bandwidth.com/api"),
        ("https://api.bandwidth.com/api//", "https://api.bandwidth.com/api"),
        ("https://api.bandwidth.com/api/v2", "https://api.bandwidth.com/api/v2"),
        ("https://dashboard.bandwidth.com/v1.0", "https://dashboard.bandwidth.com/v1.0"),
        ("HTTPS://API.Bandwidth.COM:443/Api", "https://api.bandwidth.com/Api"),
        ("http://LocalHost:8080", "http://localhost:8080/api"),
        ("http://[::1]:80/", "http://[::1]/api"),
        ("http://[::1]:8080/", "http://[::1]:8080/api"),
        ("api.bandwidth.com", "api.bandwidth.com"),
        ("http://api.bandwidth.com", "http://api.bandwidth.com"),
        ("", ""),
    ],
)
def test_a_base_url_is_the_whole_prefix_however_it_is_given(url: str, prefix: str) -> None:
    assert api_prefix(url) == prefix
    assert api_prefix(prefix) == prefix


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        ("https://api.bandwidth.com", "https://api.bandwidth.com/api", True),
        ("HTTPS://API.bandwidth.com:443/api/", "https://api.bandwidth.com./api", True),
        ("http://localhost:8080", "http://127.0.0.1:8080/api", True),
        ("http://[::1]:8080/api", "http://127.0.0.1:8080/api/", True),
        ("http://127.0.0.1:8080/api", "http://127.0.0.1:8081/api", False),
        ("http://127.0.0.1:8080/api", "https://127.0.0.1:8080/api", False),
        ("https://api.bandwidth.com/api", "https://test.api.bandwidth.com/api", False),
        ("https://api.bandwidth.com/api", "https://api.bandwidth.com/api/v2", False),
        ("", "", True),
        ("https://[::1", "https://api.bandwidth.com/api", False),
    ],
)
def test_the_same_place_is_known_however_it_is_written(url: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert same_place(url, other) is same
    assert same_place(other, url) is same


@pytest.mark.parametrize(
    "check",
    [plain, not_blank, us_state, zip_code, http_url, reachable_url, base_url, account_id, object_id, area_code,
     npa_nxx, npa_nxxx, vanity(4), toll_free_pattern, phone_numbers, whole_number(1, 9), digits(4, "5177")],
)  # fmt: skip
@given(text=st.text(min_size=1))
def test_no_check_fails_on_anything_that_can_be_typed(check: Check, text: str) -> None:
    assert check(text) is None or check(text)


# --- Places ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://api.bandwidth.com/api", "HTTPS://API.Bandwidth.com/api/"),
        ("https://api.bandwidth.com/api", "https://api.bandwidth.com"),
        ("https://api.bandwidth.com/api", "https://api.bandwidth.com:443/"),
        ("http://localhost:8080/api", "http://127.0.0.1:8080/api"),
        ("http://[::1]:8080", "http://LOCALHOST:8080/api"),
        ("http://localhost", "http://127.0.0.1:80/api"),
    ],
)
def test_these_base_urls_are_the_same_place(one: str, other: str) -> None:
    assert same_place(one, other)
    assert same_place(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://api.bandwidth.com/api", "https://test.api.bandwidth.com/api"),
        ("http://localhost:8080/api", "http://localhost:8081/api"),
        ("http://127.0.0.1:8080/api", "http://127.0.0.2:8080/api"),
        ("http://localhost/api", "https://localhost/api"),
        ("https://proxy.example.net/one/api", "https://proxy.example.net/two/api"),
        ("https://proxy.example.net/Api", "https://proxy.example.net/api"),
        ("", "https://api.bandwidth.com/api"),
        ("https://[broken", "https://broken"),
    ],
)
def test_these_base_urls_are_different_places(one: str, other: str) -> None:
    assert not same_place(one, other)
    assert not same_place(other, one)


def test_an_invisible_character_is_told_before_anything_else_of_any_text() -> None:
    for key in ("site.name", "sippeer.name", "messaging_app.name", "site.city"):
        told = complaints_of(key, "a\x1b[31mred\x07 that is much too long for a name of ten characters")
        assert ["invisible characters" in complaint.text for complaint in told] == [True], (key, told)
