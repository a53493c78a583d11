"""XML and JSON documents, read as plain values."""

import contextlib
import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwtui.api.wire import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    Node,
    Reply,
    WireError,
    everywhere,
    find,
    is_empty_list,
    many,
    new_id,
    parse,
    text,
    texts,
)
from bwtui.domain.values.documents import Element, leaves, to_bytes

SITE = b"<SiteResponse><Site><Id>12345</Id><Name>A</Name></Site></SiteResponse>"


def test_leaves_stay_text_and_are_trimmed() -> None:
    document = parse(
        b"<R><Zip>02139</Zip><Flag>true</Flag><City>RALEIGH   </City><None/><Blank>  </Blank></R>"
    )
    assert document == {"R": {"Zip": "02139", "Flag": "true", "City": "RALEIGH", "None": "", "Blank": ""}}


def test_attributes_prefixes_comments_and_processing_instructions_are_dropped() -> None:
    body = b"""<?xml version="1.0"?><?x y?><a:R xmlns:a="urn:a" xmlns:xsi="urn:x"><!-- SNIP -->
        <a:SipPeer xsi:type="SipPeer"><Id a:b="c">1</Id><E x="y"/></a:SipPeer></a:R>"""
    assert parse(body) == {"R": {"SipPeer": {"Id": "1", "E": ""}}}


def test_text_beside_children_is_kept_apart() -> None:
    document = parse(b"<R><State>NC</State>></R>")  # as a recorded reply has it: a stray > is legal text
    assert text(find(document, "R"), "State") == "NC"


def test_an_element_that_holds_only_text_where_a_container_is_expected_is_text() -> None:
    document = parse(
        b"<ApplicationsSettingsResponse><ApplicationsSettings>REMOVE</ApplicationsSettings></ApplicationsSettingsResponse>"
    )
    assert find(document, "ApplicationsSettings") == {}
    assert texts(document, "ApplicationsSettings") == ["REMOVE"]


@pytest.mark.parametrize("body", [b"", b"  \r\n "])
def test_no_body_is_an_empty_document(body: bytes) -> None:
    assert parse(body) == {}


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<R>Zoë</R>".encode(), ""),
        (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + "<R>Zoë</R>".encode(), ""),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + "<R>Zoë</R>".encode("latin-1"), ""),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + "<R>Zoë</R>".encode("cp1252"), ""),
        (b"\xef\xbb\xbf" + "<R>Zoë</R>".encode(), ""),
        ("<R>Zoë</R>".encode("utf-16"), ""),
        ("<R>Zoë</R>".encode("latin-1"), "ISO-8859-1"),
        ("<R>Zoë</R>".encode(), "no-such-charset"),
        ("<R>Zoë</R>".encode(), "utf-8"),
        (b'\n <?xml version="1.0"?>' + "<R>Zoë</R>".encode(), ""),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + "<R>Zoë</R>".encode(), "ISO-8859-1"),
    ],
)
def test_every_encoding_that_is_declared_somewhere_is_read(body: bytes, charset: str) -> None:
    assert parse(body, charset) == {"R": "Zoë"}


@pytest.mark.parametrize(
    "body",
    [
        b"<R><Id>1</Id>",
        b"<R></R><R/>",
        b"<R>\xff</R>",
        b"<R>&nbsp;</R>",
        b"{}",
        b'<?xml version="1.0" encoding="no-such"?><R/>',
        b"<R>\x00</R>",
        b'<!DOCTYPE R [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><R>&b;</R>',
        b'<!DOCTYPE R [<!ENTITY x SYSTEM "file:///etc/passwd">]><R>&x;</R>',
        b"<!DOCTYPE R><R/>",
        '<!DOCTYPE R [<!ENTITY a "aaaa">]><R>&a;</R>'.encode("utf-16"),
    ],
)
def test_what_is_not_to_be_trusted_is_refused_with_one_error(body: bytes) -> None:
    with pytest.raises(WireError):
        parse(body)


def test_depth_is_bounded_and_does_not_exhaust_the_stack() -> None:
    def nested(depth: int) -> bytes:
        return b"<a>" * depth + b"</a>" * depth

    assert len(list(everywhere(parse(nested(MAX_DEPTH))))) == MAX_DEPTH
    for depth in (MAX_DEPTH + 1, 500_000):
        with pytest.raises(WireError, match="nested"):
            parse(nested(depth))


def test_elements_are_bounded_for_they_take_longer_to_read_than_to_send() -> None:
    assert len(list(everywhere(parse(b"<R>" + b"<a/>" * (MAX_ELEMENTS - 1) + b"</R>")))) == MAX_ELEMENTS
    with pytest.raises(WireError, match="more than 200,000 elements"):
        parse(b"<R>" + b"<a/>" * MAX_ELEMENTS + b"</R>")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"<R><Sites><Site><Id>1</Id></Site><Site><Id>2</Id></Site></Sites></R>", 2),
        (b"<R><Sites><Site><Id>1</Id></Site></Sites></R>", 1),
        (b"<R><Sites><Site><Id>1</Id></Site></Sites><Sites><Site><Id>2</Id></Site></Sites></R>", 2),
        (b"<R><sites><SITE><Id>1</Id></SITE></sites></R>", 1),
        (b"<Sites><Site><Id>1</Id></Site></Sites>", 1),
        (b"<R><Sites/></R>", 0),
        (b"<R><Sites>  </Sites></R>", 0),
        (b"<R/>", 0),
        (b"<R><Other/></R>", 0),
        (b"", 0),
    ],
)
def test_one_many_or_none_are_all_a_list(body: bytes, count: int) -> None:
    document = parse(body)
    assert [text(site, "Id") for site in many(document, "Sites", "Site")] == ["1", "2"][:count]
    assert many(document, "Sites/Site") == many(document, "Sites", "Site")


def test_numbers_are_read_from_both_shapes_of_an_order() -> None:
    failed = parse(
        b"<R><FailedNumbers><FullNumber>1</FullNumber><FullNumber>2</FullNumber></FailedNumbers></R>"
    )
    done = parse(b"<R><CompletedNumbers><TelephoneNumber><FullNumber>1</FullNumber></TelephoneNumber>"
                 b"<TelephoneNumber><FullNumber>2</FullNumber></TelephoneNumber></CompletedNumbers></R>")  # fmt: skip
    assert texts(failed, "FailedNumbers/FullNumber") == ["1", "2"]
    assert texts(done, "CompletedNumbers/TelephoneNumber/FullNumber") == ["1", "2"]


def test_text_is_found_by_any_of_its_names_in_any_case_and_only_where_it_belongs() -> None:
    order = find(parse(b"<R><Order><orderId/><id> 7 </id><Sub><Name>no</Name></Sub></Order></R>"), "order")
    assert text(order, "OrderId", "Id") == "7"
    assert text(order, "Name") == ""
    assert text(order, "Sub/name") == "no"
    assert text({}, "Name") == ""


@pytest.mark.parametrize(
    ("body", "location", "sent", "expected"),
    [
        (SITE, "", "Site", "12345"),
        (SITE, "https://x/v1.0/accounts/9/sites/2489", "Site", "12345"),
        (b"", "https://api.test.inetwork.com:443/v1.0/accounts/9/sites/2489", "Site", "2489"),
        (b"", "/v1.0/accounts/accountId/sites/1/?a=b#c", "Site", "1"),
        (b"", "12345", "Site", "12345"),
        (b"", "", "Site", ""),
        (b"", "https://host.example", "Site", ""),
        (b"", "https://[", "Site", ""),
        (b"", "../../x", "Site", ""),
        (b"", "/sites/..", "Site", ""),
        (b"", "/sites/.", "Site", ""),
        (b"", "/sites/%2e%2e", "Site", ""),
        (b"", "/sites/a b", "Site", ""),
        (b"<R><Site><Id>../../x</Id></Site></R>", "", "Site", ""),
        (b"<R><Site><Id>../../x</Id></Site></R>", "/sites/7", "Site", "7"),
        (b"<R><Site><Id>..</Id></Site></R>", "", "Site", ""),
        (b"<R><Customer><Id>1</Id></Customer><Site><Id>2</Id></Site></R>", "", "Site", "2"),
        (b"<R><Customer><Id>1</Id></Customer><Other><Id>2</Id></Other></R>", "/x/3", "Site", "3"),
        (b"<Site><Id>4</Id><Peer><Id>5</Id></Peer></Site>", "", "Site", "4"),
        (b"<R><orderRequest><id>6</id></orderRequest></R>", "", "DisconnectTelephoneNumberOrder", "6"),
        (b"<R><Site><Address><Id>9</Id></Address></Site></R>", "", "Site", ""),
        (SITE, "", "", "12345"),
    ],
)
def test_a_new_id_comes_from_the_body_then_from_location_and_is_never_a_path(
    body: bytes, location: str, sent: str, expected: str
) -> None:
    reply = Reply(status=201, location=location, document=parse(body), sent=sent)
    assert new_id(reply, "Id") == expected


def test_only_a_body_of_links_and_no_total_but_0_is_an_empty_list() -> None:
    assert is_empty_list(parse(b"<R><Links><first>x</first></Links></R>"))
    assert is_empty_list(parse(b"<R><ListOrderIdUserIdDate><Links/></ListOrderIdUserIdDate></R>"))
    assert is_empty_list(parse(b"<R><L><TotalCount>0</TotalCount><Links><first>x</first></Links></L></R>"))
    assert not is_empty_list(parse(b"<R><L><TotalCount>1</TotalCount><Links/></L></R>"))
    assert not is_empty_list(parse(b"<R><Links/><Site/></R>"))
    assert not is_empty_list(parse(b"<R><ErrorCode>1</ErrorCode></R>"))
    assert not is_empty_list({})


names = st.text(string.ascii_letters, min_size=1, max_size=8)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20)
elements = st.recursive(
    st.builds(Element, names, words),
    lambda inner: st.builds(Element, names, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=20,
)


def paths_of(node: Node, path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            here = f"{path}/{name}"
            if isinstance(one, str):
                yield here, one
            else:
                yield from paths_of(one, here)


@given(elements)
def test_what_is_written_is_read_back(element: Element) -> None:
    def emptied(each: Element, path: str) -> Iterator[tuple[str, str]]:
        here = f"{path}/{each.tag}"
        match each.content:
            case ():
                yield here, ""
            case tuple() as children:
                for child in children:
                    yield from emptied(child, here)
            case content:
                yield here, str(content).strip()

    assert sorted(paths_of(parse(to_bytes(element)))) == sorted(emptied(element, ""))


@given(elements)
def test_leaves_named_by_the_domain_are_found_by_their_paths(element: Element) -> None:
    document = parse(to_bytes(element))
    for path, content in leaves(element):
        if path and str(content).strip():
            found = texts(document, f"{element.tag}/{path}")
            assert str(content).strip() in found


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_else(body: bytes) -> None:
    for document in (body, b"<R>" + body + b"</R>", b"<?xml " + body):
        with contextlib.suppress(WireError):
            parse(document, "utf-8")
