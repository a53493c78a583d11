"""A request out, a reply or one kind of error back, and nothing done twice that must not be."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from socket import gaierror
from typing import Any

import httpx
import pytest

from bwtui.api.client import ApiError, Client, Exchange, Timeouts
from bwtui.api.wire import find, many, new_id, text
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.values.documents import Element
from support.scripted_http import CANARY, OAUTH, ClientFactory, ScriptedTransport, ask

OK = httpx.Response(200, content=b"<R><Id>1</Id></R>")
CREATED = httpx.Response(201, content=b"<SiteResponse><Site><Id>12345</Id></Site></SiteResponse>")


async def refused(client: Client, method: str = "GET", **options: Any) -> Problem:
    with pytest.raises(ApiError) as caught:
        await client.send(ask(method, **options))
    return caught.value.problem


async def test_a_request_arrives_as_it_was_meant(factory: ClientFactory) -> None:
    script = ScriptedTransport([CREATED])
    client = await factory.client(script, base_url="https://api.bandwidth.com/api/")
    reply = await client.send(
        ask("POST", query=(("city", "SAINT LOUIS"), ("tollFreePattern", "8**"), ("a", "b&c")))
    )
    [asked] = script.asked
    assert asked.method == "POST"
    assert asked.url.path == "/api/accounts/9900000/sites"
    assert dict(asked.url.params) == {"city": "SAINT LOUIS", "tollFreePattern": "8**", "a": "b&c"}
    assert asked.headers["accept"] == "application/xml"
    assert asked.headers["content-type"] == "application/xml; charset=utf-8"
    assert asked.headers["user-agent"].startswith("bwtui/")
    assert asked.content == (
        b'<?xml version="1.0" encoding="UTF-8"?><Site><Name>A &amp; B &lt;c&gt;</Name></Site>'
    )
    assert (reply.status, reply.sent, new_id(reply, "Id")) == (201, "Site", "12345")


async def test_a_request_without_a_body_declares_none(factory: ClientFactory) -> None:
    await (await factory.client(script := ScriptedTransport([OK]))).send(ask())
    assert "content-type" not in script.asked[0].headers
    assert script.asked[0].content == b""


async def test_an_empty_success_is_an_empty_document_with_its_location(factory: ClientFactory) -> None:
    client = await factory.client(
        ScriptedTransport([httpx.Response(201, headers={"Location": "/v1.0/accounts/9/sites/1/sippeers/77"})])
    )
    reply = await client.send(ask("POST"))
    assert (reply.document, reply.size, new_id(reply, "PeerId")) == ({}, 0, "77")


async def test_a_404_of_nothing_but_links_is_an_empty_list(factory: ClientFactory) -> None:
    links = httpx.Response(404, content=b"<R><Links><first>x</first></Links></R>")
    client = await factory.client(ScriptedTransport([links]))
    assert many((await client.send(ask())).document, "Orders", "Order") == []
    assert (await refused(client, "DELETE")).kind is Kind.NOT_FOUND


async def test_no_cookie_is_kept(factory: ClientFactory) -> None:
    client = await factory.client(
        script := ScriptedTransport([httpx.Response(200, headers={"Set-Cookie": "session=1; Path=/"})])
    )
    await client.send(ask())
    await client.send(ask())
    assert "cookie" not in script.asked[1].headers


@pytest.mark.parametrize(
    "url",
    ["http://api.bandwidth.com/api", "http://10.0.0.1/api", "http://localhost.evil.example/", "ftp://x/", "api", "",
     "https://", "https://user:pw@api.bandwidth.com/api", "https://x/?a=b", "https://x/#a", "https://[", "http://0.0.0.0/"],
)  # fmt: skip
def test_credentials_go_to_no_unsound_address(url: str) -> None:
    for options in ({"base_url": url, "credentials": OAUTH},
                    {"base_url": "https://x/api", "credentials": type(OAUTH)("c", OAUTH.client_secret, url)}):  # fmt: skip
        with pytest.raises(ValueError, match=r".") as caught:
            Client(**options)  # type: ignore[arg-type]
        assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/api", "http://localhost/api", "http://[::1]:1/", "http://127.9.9.9/"]
)
async def test_loopback_may_go_without_tls(factory: ClientFactory, url: str) -> None:
    await (await factory.client(ScriptedTransport([OK]), base_url=url)).send(ask())


@pytest.mark.parametrize(
    ("base_url", "proxied"), [("https://api.bandwidth.com/api", True), ("http://127.0.0.1:1/api", False)]
)
async def test_a_proxy_is_used_for_https_only(
    factory: ClientFactory, monkeypatch: pytest.MonkeyPatch, base_url: str, *, proxied: bool
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = await factory.client(base_url=base_url)
    pattern_for = client._http._transport_for_url(httpx.URL(base_url))
    assert (pattern_for is not client._http._transport) is proxied


def test_a_proxy_that_cannot_be_used_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://user:pw@proxy")
    with pytest.raises(ValueError, match="proxy") as caught:
        Client(base_url="https://x/api", credentials=OAUTH)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "path", ["accounts", "@evil.example/", "/accounts/../x", "/a/./b", "/accounts/\udc80", "/a\nb", ""]
)
async def test_a_path_that_leads_elsewhere_is_not_sent(factory: ClientFactory, path: str) -> None:
    client = await factory.client(script := ScriptedTransport([OK]))
    problem = await refused(client, path=path)
    assert problem.kind is Kind.INVALID
    assert script.asked == []


async def test_text_that_cannot_be_encoded_is_not_sent_and_not_shown(factory: ClientFactory) -> None:
    client = await factory.client(script := ScriptedTransport([OK]))
    problem = await refused(client, "PUT", body=Element("Site", (Element("Name", "a\udc80b"),)))
    assert problem.kind is Kind.INVALID
    assert script.asked == []


# Retries, by method


TRANSIENT: list[httpx.Response | Exception] = [
    httpx.Response(408),
    httpx.Response(500),
    httpx.Response(502, content=b"<html><title>Bad Gateway</title></html>"),
    httpx.Response(503),
    httpx.Response(504),
    httpx.ReadError("cut"),
    httpx.ReadTimeout("slow"),
    httpx.WriteError("cut"),
    httpx.WriteTimeout("slow"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.Response(200, content=b"<R><Id>1</I"),
]

NEVER_SENT: list[httpx.Response | Exception] = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("403 Forbidden"),
]

FINAL: list[httpx.Response | Exception] = [
    httpx.Response(400),
    httpx.Response(402),
    httpx.Response(403),
    httpx.Response(404),
    httpx.Response(409),
    httpx.Response(422),
    httpx.Response(200, content=b"<html><body>Welcome to the hotel</body></html>"),
    httpx.Response(302, headers={"Location": "https://evil.example/"}),
    httpx.Response(200, content=b"<R><ErrorCode>1</ErrorCode></R>"),
]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("answer", [*TRANSIENT, *NEVER_SENT], ids=repr)
async def test_harmless_requests_are_repeated(
    factory: ClientFactory, method: str, answer: httpx.Response | Exception
) -> None:
    client = await factory.client(script := ScriptedTransport([answer, answer, answer, OK]))
    await client.send(ask(method))
    assert len(script.asked) == 4
    assert factory.ticker.slept == [0.5, 1, 2]


@pytest.mark.parametrize("answer", TRANSIENT, ids=repr)
async def test_a_post_that_may_have_arrived_is_never_repeated_and_is_unclear(
    factory: ClientFactory, answer: httpx.Response | Exception
) -> None:
    client = await factory.client(script := ScriptedTransport([answer, CREATED]))
    problem = await refused(client, "POST")
    assert problem.unclear
    assert len(script.asked) == 1


@pytest.mark.parametrize("answer", NEVER_SENT, ids=repr)
async def test_a_post_that_was_never_sent_is_repeated_and_stays_clear(
    factory: ClientFactory, answer: httpx.Response | Exception
) -> None:
    client = await factory.client(script := ScriptedTransport([answer, CREATED]))
    await client.send(ask("POST"))
    assert len(script.asked) == 2
    client = await factory.client(script := ScriptedTransport([answer]))
    problem = await refused(client, "POST")
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, False)
    assert len(script.asked) == 4


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize("answer", FINAL, ids=repr)
async def test_an_answer_about_the_request_itself_is_final(
    factory: ClientFactory, method: str, answer: httpx.Response | Exception
) -> None:
    client = await factory.client(script := ScriptedTransport([answer]))
    await refused(client, method)
    assert len(script.asked) == 1
    assert factory.ticker.slept == []


async def test_attempts_end(factory: ClientFactory) -> None:
    client = await factory.client(
        script := ScriptedTransport([httpx.Response(503)]), timing=Timeouts(attempts=3)
    )
    assert (await refused(client)).kind is Kind.UNREACHABLE
    assert len(script.asked) == 3


@pytest.mark.parametrize(
    ("answer", "unclear"),
    [
        (httpx.Response(201, content=b"<SiteResponse><Site><Id>1"), True),
        (httpx.Response(201, content=b"<html>welcome</html>"), True),
        (httpx.Response(201, content=b'{"id": 1}'), True),
        (httpx.Response(201, content=b'<!DOCTYPE R [<!ENTITY a "aaaa">]><R>&a;</R>'), True),
        (httpx.Response(303, headers={"Location": "/api/other"}), True),
        (httpx.Response(307, headers={"Location": "/api/other"}), True),
        (httpx.Response(400, content=b"<R><ErrorCode>1</ErrorCode></R>"), False),
        (httpx.Response(200, content=b"<R><ErrorCode>1</ErrorCode></R>"), False),
        (httpx.Response(429), False),
    ],
)
async def test_a_post_is_unclear_when_it_may_have_had_its_effect(
    factory: ClientFactory, answer: httpx.Response, *, unclear: bool
) -> None:
    client = await factory.client(ScriptedTransport([answer]))
    assert (await refused(client, "POST")).unclear is unclear


async def test_an_order_with_an_error_list_is_a_reply_and_the_same_elsewhere_an_error(
    factory: ClientFactory,
) -> None:
    partial = (
        b"<R><ErrorList><Error><Code>5005</Code><Description>taken</Description></Error></ErrorList></R>"
    )
    client = await factory.client(ScriptedTransport([httpx.Response(200, content=partial)]))
    reply = await client.send(ask(operation="number.read"))
    assert text(find(reply.document, "Error"), "Code") == "5005"
    problem = await refused(client, operation="site.read")
    assert (problem.code, problem.status, problem.text) == ("5005", 200, "taken")


async def test_the_body_travels_with_the_error_cut_and_with_secrets_masked(factory: ClientFactory) -> None:
    echo = f"<R><ErrorCode>1</ErrorCode><X>{'x' * 20_000}</X></R>"
    client = await factory.client(ScriptedTransport([httpx.Response(400, content=echo.encode())]))
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert caught.value.body.startswith("<R><ErrorCode>1</ErrorCode>")
    assert len(caught.value.body) <= 8192


# The rate limit


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_429_is_waited_out_for_any_method(factory: ClientFactory, method: str) -> None:
    limited = httpx.Response(429, headers={"X-RateLimit-Reset": str(int(factory.ticker.now) + 100)})
    waits: list[tuple[str, float]] = []
    client = await factory.client(
        script := ScriptedTransport([limited, OK]), on_wait=lambda *told: waits.append(told[:2])
    )
    await client.send(ask(method))
    assert len(script.asked) == 2
    assert waits == [("site.read", 100)]
    assert factory.ticker.slept == [100]


async def test_a_429_beyond_patience_says_when_to_come_back(factory: ClientFactory) -> None:
    limited = httpx.Response(429, headers={"X-RateLimit-Reset": str(int(factory.ticker.now) + 3600)})
    client = await factory.client(script := ScriptedTransport([limited]))
    problem = await refused(client, "POST")
    assert problem.kind is Kind.RATE_LIMITED
    assert problem.details == {"reset": "2027-01-15T09:00:00Z"}
    assert "2027-01-15T09:00:00Z" in problem.text
    assert len(script.asked) == 1


async def test_a_429_that_never_ends_ends_with_patience(factory: ClientFactory) -> None:
    client = await factory.client(ScriptedTransport([httpx.Response(429, headers={"Retry-After": "0"})]))
    assert (await refused(client)).kind is Kind.RATE_LIMITED
    assert sum(factory.ticker.slept) <= 120


async def test_waits_for_the_limit_leave_the_time_for_failures_whole(factory: ClientFactory) -> None:
    limited = httpx.Response(429, headers={"Retry-After": "100"})
    client = await factory.client(ScriptedTransport([limited, httpx.Response(503), OK]))
    assert (await client.send(ask())).status == 200


# Unreachable servers, in words


def from_cause(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words", "attempts"),
    [
        (
            from_cause(httpx.ConnectError("x"), ssl.SSLCertVerificationError("self-signed")),
            "No secure connection",
            1,
        ),
        (
            from_cause(httpx.ConnectError("x"), gaierror(-2, "Name or service not known")),
            "could not be found",
            4,
        ),
        (httpx.ConnectError("All connection attempts failed"), "No connection to api.bandwidth.com", 4),
        (httpx.ConnectTimeout(""), "in time", 4),
        (httpx.ReadTimeout(""), "did not answer in time", 4),
        (httpx.ReadError(""), "broke before", 4),
        (httpx.ProxyError("407 Proxy Authentication Required"), "The proxy did not connect", 4),
        (httpx.DecodingError("bad gzip"), "damaged", 4),
        (OSError("strange"), "broke before", 4),
    ],
)
async def test_failures_on_the_way_are_explained(
    factory: ClientFactory, error: Exception, words: str, attempts: int
) -> None:
    client = await factory.client(script := ScriptedTransport([error]))
    problem = await refused(client)
    assert problem.kind is Kind.UNREACHABLE
    assert problem.status is None
    assert words in problem.text
    assert "api.bandwidth.com" in problem.text
    assert len(script.asked) == attempts


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/api/x?page=1", "https://api.bandwidth.com:443/api/x?page=1", "x?page=1"]
)
async def test_a_get_follows_within_the_origin_with_its_credentials(
    factory: ClientFactory, status: int, location: str
) -> None:
    client = await factory.client(
        script := ScriptedTransport([httpx.Response(status, headers={"Location": location}), OK])
    )
    await client.send(ask())
    assert script.asked[1].url.params["page"] == "1"
    assert script.asked[1].url.path.endswith("/x")
    assert script.asked[1].headers["authorization"] == script.asked[0].headers["authorization"]


@pytest.mark.parametrize(
    "location",
    ["https://evil.example/api", "http://api.bandwidth.com/api", "https://api.bandwidth.com:444/api", "//evil.example/",
     "https://api.bandwidth.com.evil.example/", "https://api.bandwidth.com@evil.example/", "https://u:p@api.bandwidth.com/",
     "ftp://api.bandwidth.com/", "javascript:alert(1)", "https://[", "https://evil.example/\x1b[2J"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_no_redirect_leads_to_another_origin(
    factory: ClientFactory, location: str, method: str
) -> None:
    client = await factory.client(
        script := ScriptedTransport([httpx.Response(307, headers={"Location": location}), OK])
    )
    problem = await refused(client, method)
    assert len(script.asked) == 1
    assert problem.kind is Kind.FAILED
    assert "api.bandwidth.com" in problem.text
    assert "\x1b" not in problem.text


async def test_a_redirect_to_another_host_names_both(factory: ClientFactory) -> None:
    client = await factory.client(
        ScriptedTransport([httpx.Response(302, headers={"Location": "https://evil.example/a?token=b"})])
    )
    problem = await refused(client)
    assert "api.bandwidth.com redirects to evil.example;" in problem.text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_change_follows_only_what_keeps_it_the_same(factory: ClientFactory, method: str) -> None:
    for status in (307, 308):
        client = await factory.client(
            script := ScriptedTransport([httpx.Response(status, headers={"Location": "/api/x"}), OK])
        )
        await client.send(ask(method))
        assert (script.asked[1].method, script.asked[1].content) == (method, script.asked[0].content)
    for status in (301, 302, 303):
        client = await factory.client(
            script := ScriptedTransport([httpx.Response(status, headers={"Location": "/api/x"}), OK])
        )
        await refused(client, method)
        assert len(script.asked) == 1


async def test_redirects_do_not_go_round_for_ever(factory: ClientFactory) -> None:
    client = await factory.client(
        script := ScriptedTransport([httpx.Response(303, headers={"Location": "/api/x"})])
    )
    assert "without end" in (await refused(client)).text
    assert len(script.asked) == 6


async def test_a_redirect_without_a_location_is_an_odd_answer(factory: ClientFactory) -> None:
    client = await factory.client(ScriptedTransport([httpx.Response(304)]))
    assert "304 Not Modified" in (await refused(client)).text


# Sizes


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_a_reply_over_8_mib_is_refused(factory: ClientFactory, method: str, encoding: str) -> None:
    body = b"<R>" + b" " * (8 * 1024 * 1024) + b"</R>"
    packed = gzip.compress(body) if encoding else body
    # A stream, so that the test's own transport does not unpack it first.
    sent: list[str] = []

    async def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        return httpx.Response(
            200, headers={"Content-Encoding": encoding} if encoding else {}, stream=Pieces(packed)
        )

    client = await factory.client(transport=httpx.MockTransport(handler))
    problem = await refused(client, method)
    assert "8 MiB" in problem.text
    assert problem.unclear is (method == "POST")
    assert len(sent) == 1


async def test_a_reply_of_8_mib_is_read(factory: ClientFactory) -> None:
    body = b"<R>" + b" " * (8 * 1024 * 1024 - 7) + b"</R>"
    reply = await (await factory.client(ScriptedTransport([httpx.Response(200, content=body)]))).send(ask())
    assert reply.size == 8 * 1024 * 1024


class Pieces(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), 65536):
            yield self._body[start : start + 65536]


async def test_a_large_reply_is_parsed_beside_the_event_loop(
    factory: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[object] = []
    real = asyncio.to_thread

    async def watched(*call: object) -> object:
        threads.append(call)
        return await real(*call)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "to_thread", watched)
    numbers = b"<R><L>" + b"<N>9195551234</N>" * 5000 + b"</L></R>"
    client = await factory.client(ScriptedTransport([httpx.Response(200, content=numbers), OK]))
    reply = await client.send(ask())
    assert len(threads) == 1
    assert reply.size == len(numbers)
    await client.send(ask())
    assert len(threads) == 1


# Exchanges that are reported


async def test_every_attempt_and_every_wait_is_told(factory: ClientFactory) -> None:
    exchanges: list[Exchange] = []
    waits: list[tuple[str, float, str]] = []
    script = ScriptedTransport([httpx.Response(503), httpx.ReadTimeout("x"), OK])
    client = await factory.client(
        script, on_exchange=exchanges.append, on_wait=lambda *told: waits.append(told)
    )
    await client.send(ask("PUT", operation="site.update"))
    assert [(one.operation, one.method, one.status) for one in exchanges] == [
        ("site.update", "PUT", 503),
        ("site.update", "PUT", None),
        ("site.update", "PUT", 200),
    ]
    assert exchanges[0].url == "https://api.bandwidth.com/api/accounts/9900000/sites"
    assert exchanges[0].request == "<Site>\n  <Name>A &amp; B &lt;c&gt;</Name>\n</Site>"
    assert "did not answer in time" in exchanges[1].reply
    assert exchanges[2].reply == "<R><Id>1</Id></R>"
    assert [(operation, seconds) for operation, seconds, _ in waits] == [
        ("site.update", 0.5),
        ("site.update", 1),
    ]
    assert "503" in waits[0][2]


async def test_a_cancelled_request_is_cancelled(factory: ClientFactory) -> None:
    reached = asyncio.Event()

    async def handler(_: httpx.Request) -> httpx.Response:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    client = await factory.client(transport=httpx.MockTransport(handler))
    task = asyncio.create_task(client.send(ask()))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_overall_time_ends_an_attempt(factory: ClientFactory, method: str) -> None:
    async def handler(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = await factory.client(transport=httpx.MockTransport(handler), timing=Timeouts(overall=0.01))
    problem = await refused(client, method)
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, method == "POST")
    assert "did not complete its answer" in problem.text


def test_the_canary_is_hard_to_miss() -> None:
    assert {"&", "<", '"', "'"} <= set(CANARY)
