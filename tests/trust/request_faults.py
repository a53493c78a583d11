"""Everything that may befall a request, as values: what the line or the other side does instead of answering well."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from support.write_faults import error

Inner = Callable[[httpx.Request], Awaitable[httpx.Response]]

STATUSES: Final = (400, 401, 403, 404, 409, 429, 500, 502, 503)
CODES: Final = ("99999", "1001", "1003", "5005", "12016", "12112", "13524", "13563")
ELSEWHERE: Final = "https://evil.example/api"
PAGE: Final = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>Sorry.</body></html>"


def shapes(code: str) -> dict[str, str]:
    """Each way in which an error is written, by the letter that the list of them has (bandwidth-api 11.1)."""
    said = f"<Code>{code}</Code><Description>No.</Description>"
    return {
        "a": error(code),
        "b": f"<OrderResponse><ErrorList><Error>{said}</Error></ErrorList><Order/></OrderResponse>",
        "c": f"<SearchResult><Error>{said}</Error></SearchResult>",
        "d": f"<LnpResponse><Errors>{said}</Errors><Errors>{said}</Errors></LnpResponse>",
        "e": f"<fileUploadResponse><resultCode>{code}</resultCode><resultMessage>No.</resultMessage></fileUploadResponse>",
        "f": "<ErrorResponse><ResponseStatus><Description>No.</Description></ResponseStatus></ErrorResponse>",
        "g": "",
        "h, a page": PAGE,
        "h, text": "upstream connect error",
        "h, JSON": json.dumps({"type": "forbidden", "description": "No."}),
        "i": error(code).replace(
            "</ErrorResponse>", "<Sites><Site><Id>1</Id></Site></Sites></ErrorResponse>"
        ),
        "j": error(code).replace(
            "</ErrorResponse>",
            "<AddressErrorDescription><AddressInconsistencies>Street</AddressInconsistencies></AddressErrorDescription></ErrorResponse>",
        ),
    }


@dataclass(frozen=True)
class Mishap:
    """One thing that goes wrong with a request."""

    name: str
    befall: Callable[[httpx.Request, Inner], Awaitable[httpx.Response]]
    waits: bool = False
    """True if only time-outs end it."""


def answer(status: int, content: bytes | str, headers: dict[str, str], *, effect: bool) -> Mishap:
    """Another answer than the one that was due; `effect` says whether the request is carried out all the same."""

    async def befall(request: httpx.Request, inner: Inner) -> httpx.Response:
        if effect:
            await inner(request)
        return httpx.Response(status, content=content, headers=headers, request=request)

    return Mishap(f"{status} {headers} {content[:70]!r} {_after(effect=effect)}", befall)


def spoilt(name: str, spoil: Callable[[bytes], bytes], content_type: str = "application/xml") -> Mishap:
    """The right answer, spoilt on its way."""

    async def befall(request: httpx.Request, inner: Inner) -> httpx.Response:
        reply = await inner(request)
        body = spoil(await reply.aread())
        kept = {"location": reply.headers["location"]} if "location" in reply.headers else {}
        headers = {"content-type": content_type, **kept}
        return httpx.Response(reply.status_code, content=body, headers=headers, request=request)

    return Mishap(name, befall)


def broken(name: str, failure: Callable[[httpx.Request], Exception], *, effect: bool) -> Mishap:
    """No answer, but an error of the network."""

    async def befall(request: httpx.Request, inner: Inner) -> httpx.Response:
        if effect:
            await inner(request)
        raise failure(request)

    return Mishap(f"{name} {_after(effect=effect)}", befall)


def _after(*, effect: bool) -> str:
    return "after its effect" if effect else "before its effect"


def _caused_by(cause: Exception) -> Callable[[httpx.Request], Exception]:
    def make(request: httpx.Request) -> Exception:
        failure = httpx.ConnectError(str(cause), request=request)
        failure.__cause__ = cause
        return failure

    return make


async def _trickle(request: httpx.Request, inner: Inner) -> httpx.Response:
    await inner(request)

    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    return httpx.Response(200, content=drops(), request=request)


def _hang(*, effect: bool) -> Mishap:
    async def befall(request: httpx.Request, inner: Inner) -> httpx.Response:
        if effect:
            await inner(request)
        await asyncio.Event().wait()
        raise AssertionError

    return Mishap(f"a hang {_after(effect=effect)}", befall, waits=True)


def _large(_: bytes) -> bytes:
    return b"<R>" + b"<E>x</E>" * (10 * 1024 * 1024 // 8) + b"</R>"


def refusals() -> list[Mishap]:
    """Every status with every shape of an error; where the server is in trouble, also after the effect."""
    return [
        answer(status, body, {}, effect=effect)
        for status in (*STATUSES, 200)
        for code in (CODES if status in {200, 400} else CODES[:1])
        for body in dict.fromkeys(shapes(code).values())
        for effect in ((False, True) if status >= 500 else (False,))
        if (status, body) != (200, "")
    ]


def mishaps() -> list[Mishap]:
    """Everything else that may happen to a request or its answer."""
    nowhere = _caused_by(socket.gaierror(-2, "Name or service not known"))
    insecure = _caused_by(ssl.SSLCertVerificationError("certificate verify failed"))
    return [
        spoilt("an empty answer", lambda _: b""),
        spoilt("an answer cut in half", lambda body: body[: len(body) // 2]),
        spoilt("an answer without its last byte", lambda body: body[:-1]),
        spoilt("a page for an answer", lambda _: PAGE.encode(), "text/html"),
        spoilt("bytes of no encoding", lambda body: body.replace(b"</", b"\xff\xfe</", 1)),
        spoilt("an encoding that it is not", lambda body: body, "application/xml; charset=utf-16"),
        spoilt("an encoding that there is not", lambda body: body, "application/xml; charset=x-none"),
        spoilt("a declaration that is wrong", lambda body: body.replace(b"UTF-8", b"UTF-16", 1)),
        spoilt("another content type", lambda body: body, "application/octet-stream"),
        spoilt("10 MiB", _large),
        spoilt("noise", lambda _: bytes(range(256)) * 4),
        *(
            broken(name, failure, effect=effect)
            for name, failure in {
                "reset": lambda request: httpx.ReadError("reset by peer", request=request),
                "closed": lambda request: httpx.RemoteProtocolError("closed", request=request),
                "no answer in time": lambda request: httpx.ReadTimeout("", request=request),
                "not sent in time": lambda request: httpx.WriteTimeout("", request=request),
            }.items()
            for effect in (False, True)
        ),
        broken("refused", lambda request: httpx.ConnectError("refused", request=request), effect=False),
        broken(
            "no connection in time", lambda request: httpx.ConnectTimeout("", request=request), effect=False
        ),
        broken("a name that is not found", nowhere, effect=False),
        broken("a certificate that is not trusted", insecure, effect=False),
        *(
            answer(status, "", {"Location": target}, effect=False)
            for status in (301, 302, 303, 307, 308)
            for target in (ELSEWHERE, "//evil.example", "http://[", "/api", "")
        ),
        Mishap("a trickle without end", _trickle, waits=True),
        _hang(effect=False),
        _hang(effect=True),
    ]


@dataclass
class Line(httpx.AsyncBaseTransport):
    """The way to the account, on which some requests meet with a mishap, by their number in the run."""

    carry: Inner
    due: dict[int, Mishap]
    counts: Callable[[httpx.Request], bool] = lambda _: True
    """Tells which requests are counted at all."""
    count: int = 0
    met: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Hosts other than the account's that were asked for anything."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "127.0.0.1":
            self.strangers.append(request.url.host)
            raise httpx.ConnectError("refused", request=request)
        if not self.counts(request):
            return await self.carry(request)
        self.count += 1
        mishap = self.due.get(self.count)
        if mishap is None:
            return await self.carry(request)
        self.met.append(f"request {self.count}, {request.method} {request.url.path}: {mishap.name}")
        return await mishap.befall(request, self.carry)
