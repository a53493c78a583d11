"""Every shape of an error is one kind of problem."""

import pytest

from bwtui.api.errors import ApiError, clean, excerpt, from_reply, refused_within
from bwtui.api.wire import parse
from bwtui.domain.runs.problem import Kind, Problem

STATUS = "<R><ResponseStatus><ErrorCode>{}</ErrorCode><Description>{}</Description></ResponseStatus></R>"


def problem(
    body: str | bytes, status: int = 400, method: str = "GET", operation: str = "site.read"
) -> Problem:
    raw = body.encode() if isinstance(body, str) else body
    return from_reply(operation, method, status, {"Content-Type": "application/xml"}, raw)


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        # a
        (STATUS.format(12016, "Site '3014' does not exist"), "12016", "Site '3014' does not exist"),
        # a, under the wrong root and in other letters
        (("<SipPeerSmsFeatureResponse><x><errorcode>13651</errorcode><description>no</description></x>"
         "</SipPeerSmsFeatureResponse>"), "13651", "no"),
        # a, with nothing around it
        ("<Error><ErrorCode>1</ErrorCode><Description>d</Description></Error>", "1", "d"),
        # b
        (("<OrderResponse><ErrorList><Error><Code>5016</Code><Description>The SiteId is invalid.</Description></Error>"
         "</ErrorList><Order><Name>x</Name></Order></OrderResponse>"), "5016", "The SiteId is invalid."),
        # b, several, one of them twice
        (("<R><ErrorList><Error><Code>5005</Code><Description>unavailable</Description><TelephoneNumber>9195551234"
         "</TelephoneNumber></Error><Error><Code>5005</Code><Description>unavailable</Description><TelephoneNumber>"
         "9195551235</TelephoneNumber></Error><Error><Code>1</Code><Description>too bad</Description></Error><Error>"
         "<Code>1</Code><Description>too bad</Description></Error></ErrorList></R>"),
         "5005", "unavailable (9195551234); unavailable (9195551235); too bad"),
        # c
        (("<SearchResult><Error><Code>4010</Code><Description>The state abbreviation N is not valid.</Description>"
         "</Error></SearchResult>"), "4010", "The state abbreviation N is not valid."),
        # d
        (("<R><Errors><Code>7201</Code><Description>one</Description></Errors><Errors><Code>7202</Code><Description>two"
         "</Description></Errors></R>"), "7201", "one; two"),
        # e
        ("<R><resultCode>21</resultCode><resultMessage>no file</resultMessage></R>", "21", "no file"),
        # f
        (("<ErrorResponse><ResponseStatus><Description>The resource does not exist</Description></ResponseStatus>"
         "</ErrorResponse>"), "", "The resource does not exist"),
        # i: ErrorCode is believed before Code
        (("<R><Data><Errors><Code>1</Code></Errors></Data><ResponseStatus><ErrorCode>12016</ErrorCode><Description>gone"
         "</Description></ResponseStatus></R>"), "12016", "gone"),
        # a code of success beside a real one
        ("<R><resultCode>0</resultCode><ErrorCode>0</ErrorCode><Error><Code>9</Code><Description>z</Description></Error></R>",
         "9", "z"),
    ],
)  # fmt: skip
def test_code_and_text_are_found_in_every_shape(body: str, code: str, text: str) -> None:
    found = problem(body)
    assert (found.code, found.text) == (code, text)
    assert (found.operation, found.status) == ("site.read", 400)


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ("", 401, "The server answered 401 Unauthorized without saying why."),
        ("  ", 403, "The server answered 403 Forbidden without saying why."),
        ("", 599, "The server answered 599 without saying why."),
        ("<R/>", 400, "The server answered 400 Bad Request without saying why."),
        ("<html><head><title> 502 Bad\n Gateway &amp; more</title></head><p>nginx</html>", 502,
         "The server answered 502 Bad Gateway with a web page titled “502 Bad Gateway & more” instead of an answer of the API."),
        ("<!DOCTYPE html><p>hello", 502,
         "The server answered 502 Bad Gateway with a web page instead of an answer of the API."),
        ("upstream connect error\x1b[31m", 503, "The server answered 503 Service Unavailable: upstream connect error [31m"),
        ('{"type":"forbidden","description":"Access Denied"}', 403, "The server answered 403 Forbidden: Access Denied"),
        ('{"error":"invalid_client"}', 400, "The server answered 400 Bad Request: invalid_client"),
        ('["x"]', 400, 'The server answered 400 Bad Request: ["x"]'),
        ("<R><ResponseStatus><Description>cut off in the mid", 400,
         "The server answered 400 Bad Request: cut off in the mid"),
        (b"\xff\xfe\x00", 500, "The server answered 500 Internal Server Error: \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
    ],
)  # fmt: skip
def test_answers_without_an_error_of_the_api_are_explained_too(
    body: str | bytes, status: int, text: str
) -> None:
    found = problem(body, status)
    assert (found.code, found.text) == ("", text)


def test_a_recommended_address_is_handed_on() -> None:
    found = problem(
        """<SiteResponse><ResponseStatus><ErrorCode>12112</ErrorCode><Description>Address needs changes</Description>
        </ResponseStatus><AddressErrorDescription><AddressInconsistencies>House number
        is odd.</AddressInconsistencies><RecommendedAddress><HouseNumber>900</HouseNumber><StreetName>Main Campus
        </StreetName><Zip>02139</Zip><PostDirectional/></RecommendedAddress></AddressErrorDescription>
        <Site><Name>x</Name></Site></SiteResponse>""",
        409,
        "POST",
    )
    assert found.kind is Kind.CONFLICT
    assert found.code == "12112"
    assert found.text == "Address needs changes; House number is odd."
    assert found.details == {"HouseNumber": "900", "StreetName": "Main Campus", "Zip": "02139"}
    assert not found.unclear


@pytest.mark.parametrize(
    ("status", "code", "method", "kind"),
    [
        (401, "", "GET", Kind.CREDENTIALS),
        (403, "", "GET", Kind.CREDENTIALS),
        (403, "1001", "GET", Kind.CREDENTIALS),
        (400, "1001", "GET", Kind.CREDENTIALS),
        (403, "13674", "POST", Kind.CONFLICT),
        (402, "", "POST", Kind.CONFLICT),
        (409, "", "POST", Kind.CONFLICT),
        (409, "13524", "POST", Kind.CONFLICT),
        (400, "13524", "POST", Kind.CONFLICT),
        (400, "13607", "POST", Kind.CONFLICT),
        (400, "13651", "POST", Kind.CONFLICT),
        (400, "5183", "POST", Kind.CONFLICT),
        (404, "", "GET", Kind.NOT_FOUND),
        (404, "12016", "DELETE", Kind.NOT_FOUND),
        (400, "13563", "GET", Kind.NOT_FOUND),
        (200, "13563", "GET", Kind.NOT_FOUND),
        (400, "13563", "DELETE", Kind.NOT_FOUND),
        (400, "13563", "PUT", Kind.FAILED),
        (400, "13629", "PUT", Kind.FAILED),
        (429, "", "GET", Kind.RATE_LIMITED),
        (408, "", "GET", Kind.UNREACHABLE),
        (502, "", "GET", Kind.UNREACHABLE),
        (503, "13566", "POST", Kind.UNREACHABLE),
        (504, "", "GET", Kind.UNREACHABLE),
        (500, "1010", "GET", Kind.FAILED),
        (400, "12533", "POST", Kind.FAILED),
        (422, "", "POST", Kind.FAILED),
        (302, "", "GET", Kind.FAILED),
    ],
)
def test_the_kind_follows_from_status_code_and_method(
    status: int, code: str, method: str, kind: Kind
) -> None:
    assert problem(STATUS.format(code, "x") if code else "", status, method).kind is kind


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_only_a_post_is_left_unclear_by_a_failing_server(status: int) -> None:
    assert problem("", status, "POST").unclear
    assert not problem("", status, "GET").unclear
    assert not problem("", status, "PUT").unclear


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429])
def test_a_refusal_is_clear(status: int) -> None:
    assert not problem("", status, "POST").unclear


def test_an_error_within_success_counts_except_in_an_order() -> None:
    wrong = parse(STATUS.format(13563, "gone").encode())
    partial = parse(
        b"<R><ErrorList><Error><Code>5005</Code></Error></ErrorList><OrderStatus>PARTIAL</OrderStatus></R>"
    )
    right = parse(b"<R><resultCode>0</resultCode><ErrorCode/><Errors/><Description>fine</Description></R>")
    assert refused_within("peer.read", wrong)
    assert refused_within("site.read", partial)
    for operation in ("number.create", "number.read"):
        assert not refused_within(operation, partial)
    for operation in ("number.list", "number.tns"):
        assert refused_within(operation, partial), "a list with an error in it is no list"
    assert refused_within(
        "number.search", parse(b"<SearchResult><Error><Code>4010</Code></Error></SearchResult>")
    )
    assert not refused_within("site.read", right)


def test_text_from_outside_is_one_short_line_without_control_characters() -> None:
    assert clean(" a\x1b[2J\n\tb\u202ec\x9b ") == "a [2J b c"
    assert len(clean("x" * 10_000)) <= 600
    assert excerpt(b"a\r\n\tb\x1b[0m" + b"x" * 100_000).startswith("a\n\tb [0mxxx")
    assert len(excerpt(b"x" * 100_000)) <= 8192


def test_many_complaints_are_counted_not_listed() -> None:
    errors = "".join(f"<Error><Code>1</Code><Description>bad {n}</Description></Error>" for n in range(9))
    assert problem(f"<R>{errors}</R>").text == "bad 0; bad 1; bad 2; bad 3; bad 4; and 4 more"


def test_the_error_says_what_its_problem_says() -> None:
    found = problem(STATUS.format(1, "no"))
    assert str(ApiError(found, "raw")) == "no"
