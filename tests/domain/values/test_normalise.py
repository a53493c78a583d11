"""Only what can mean one thing alone is taken as meant."""

import pytest

from bwtui.domain.answers.answers import taken, taken_told
from bwtui.domain.values.base_urls import base_url
from bwtui.domain.values.normalise import (
    country_name,
    digits_alone,
    five_digit_zip,
    https_url,
    toll_free_code,
    zip_extension,
)


@pytest.mark.parametrize(
    "text",
    [
        "callbacks", "/callbacks", "localhost:3000", "127.0.0.1:8000", "ftp://a.dev/c", "//a.dev", "me@a.dev", "a b.dev",
        "a..dev", "http://a.dev", "https://a.dev", "a.dev:99999", "",
    ],
)  # fmt: skip
def test_an_address_that_may_mean_something_else_is_left_alone(text: str) -> None:
    assert https_url(text) == text


@pytest.mark.parametrize("text", ["a.dev", "a.dev/x?y=1", "a.dev:8443", "10.0.0.3", "bücher.dev"])
def test_a_host_without_a_scheme_is_on_https(text: str) -> None:
    assert https_url(text) == f"https://{text}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/api"),
        ("localhost:8080/v2", "http://localhost:8080/v2"),
        ("[::1]:8080", "http://[::1]:8080/api"),
        ("https://127.0.0.1:8080", "https://127.0.0.1:8080/api"),
        ("a.dev", "https://a.dev/api"),
    ],
)
def test_an_api_on_loopback_without_a_scheme_is_on_http(text: str, meant: str) -> None:
    values = taken("account.base_url", text)
    assert values == {"account.base_url": meant}
    assert taken_told("account.base_url", text, values) == f"“{text}” is taken as {meant}."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("htp://127.0.0.1:8080/api", "Start it with http://, as in http://127.0.0.1:8080/api"),
        ("ftp://localhost", "Start it with http://, as in http://localhost"),
        ("127.0.0.1:99999", "Start it with http://, as in http://127.0.0.1:8080/api"),
        ("ftp://a.dev", "Start it with https://, as in https://a.dev"),
    ],
)
def test_the_scheme_that_is_advised_for_an_api_is_the_one_that_its_host_speaks(text: str, told: str) -> None:
    assert base_url(text) == told


@pytest.mark.parametrize("text", ["27606-5177", "27606 5177", "276065177"])
def test_a_zip_code_with_its_extension_is_divided(text: str) -> None:
    assert (five_digit_zip(text), zip_extension(text)) == ("27606", "5177")
    assert taken("site.zip", text) == {"site.zip": "27606", "site.plus_four": "5177"}


@pytest.mark.parametrize(
    "text",
    ["27606", "2760", "27606-517", "27606-51777", "x27606-5177", "\u0662\u0667\u0666\u0660\u0666-5177"],
)
def test_any_other_zip_code_is_left_alone(text: str) -> None:
    assert (five_digit_zip(text), zip_extension(text)) == (text, "")
    assert taken("site.zip", text) == {"site.zip": text}


def test_other_forms_are_taken_as_meant_and_strangers_left_alone() -> None:
    assert [country_name(text) for text in ("usa", "US", "United States", "Canada")] == [
        "United States", "US", "United States", "Canada",
    ]  # fmt: skip
    assert [digits_alone(text) for text in ("(919)", "919-439", "91x", "")] == ["919", "919439", "91x", ""]
    assert [toll_free_code(text) for text in ("800", "888", "8**", "811")] == ["80*", "88*", "8**", "811"]
