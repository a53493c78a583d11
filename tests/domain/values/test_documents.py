"""Documents as they go over the wire, and as they are shown."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwtui.domain.values.documents import DECLARATION, Element, leaves, to_bytes, to_xml
from bwtui.domain.values.secret import MASK, Secret

APPLICATION = Element(
    "Application",
    (
        Element("AppName", "Setup Test"),
        Element(
            "CallbackCreds", (Element("UserId", "Your-User-id"), Element("Password", Secret("p&<ss>word")))
        ),
        Element("HttpSettings", ""),
    ),
)


def test_a_document_has_its_elements_in_order_and_no_blanks_between_them() -> None:
    assert to_xml(APPLICATION, reveal=True) == (
        "<Application><AppName>Setup Test</AppName>"
        "<CallbackCreds><UserId>Your-User-id</UserId><Password>p&amp;&lt;ss&gt;word</Password></CallbackCreds>"
        "<HttpSettings /></Application>"
    )


def test_what_is_shown_has_secrets_masked_unless_asked_otherwise() -> None:
    for indent in (False, True):
        assert f"<Password>{MASK}</Password>" in to_xml(APPLICATION, indent=indent)
        assert "ss" not in to_xml(APPLICATION, indent=indent).replace("Password", "")


def test_what_is_sent_has_the_secret_and_a_declaration_and_is_utf_8() -> None:
    sent = to_bytes(Element("Site", (Element("Name", "Zoë 🏠"), Element("Key", Secret("s3cret")))))
    text = sent.decode("utf-8")
    assert text == f"{DECLARATION}<Site><Name>Zoë 🏠</Name><Key>s3cret</Key></Site>"
    assert DECLARATION == '<?xml version="1.0" encoding="UTF-8"?>'


def test_an_indented_document_shows_its_depth() -> None:
    assert to_xml(APPLICATION, indent=True).splitlines() == [
        "<Application>",
        "  <AppName>Setup Test</AppName>",
        "  <CallbackCreds>",
        "    <UserId>Your-User-id</UserId>",
        f"    <Password>{MASK}</Password>",
        "  </CallbackCreds>",
        "  <HttpSettings />",
        "</Application>",
    ]


@pytest.mark.parametrize("content", ["", ()])
def test_an_element_without_content_is_written_as_the_guide_writes_it(
    content: str | tuple[Element, ...],
) -> None:
    assert to_xml(Element("HttpSettings", content)) == "<HttpSettings />"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
def test_any_text_arrives_as_it_was_typed(text: str) -> None:
    for content in (text, Secret(text)):
        root = ET.fromstring(to_bytes(Element("Site", (Element("Name", content),))))
        assert root.findtext("Name") == text


def test_every_text_is_found_with_its_path_below_the_root() -> None:
    assert list(leaves(APPLICATION)) == [
        ("AppName", "Setup Test"),
        ("CallbackCreds/UserId", "Your-User-id"),
        ("CallbackCreds/Password", Secret("p&<ss>word")),
        ("HttpSettings", ""),
    ]
