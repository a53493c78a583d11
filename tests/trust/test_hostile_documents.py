"""Documents that are dear to read: refused or read in bounded time and memory, whichever side reads them."""

import gzip
import resource
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from typing import Final

import httpx
import pytest

from bwtui.api.client import ApiError
from bwtui.api.errors import from_reply, refused_within
from bwtui.api.transport import LARGEST_REPLY
from bwtui.api.wire import WireError, parse
from bwtui.engine.replies import flatten
from bwtui.simulator.xml import XmlError
from bwtui.simulator.xml import parse as parse_request
from support.scripted_http import ClientFactory, ask
from trust.sampling import Tried

MIB: Final = 1024 * 1024
SECONDS: Final = 10
"""On a busy machine; on an idle one each takes less than two."""
MOST_MEMORY: Final = 400 * MIB
"""A million attributes take most of it, for a moment."""


def bombs() -> dict[str, Callable[[], bytes]]:
    """Documents that are dear to read."""
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return {
        "a billion laughs": f'<!DOCTYPE l [<!ENTITY l0 "lol">{lol}]><R>&l11;</R>'.encode,
        "one entity, many times": lambda: b'<!DOCTYPE l [<!ENTITY l "' + b"x" * MIB + b'">]><R>' + b"&l;" * 10_000 + b"</R>",
        "a file of this machine": lambda: b'<!DOCTYPE l [<!ENTITY l SYSTEM "file:///etc/passwd">]><R>&l;</R>',
        "a document type elsewhere": lambda: b'<!DOCTYPE l SYSTEM "http://evil.example/x.dtd"><R/>',
        "the same in UTF-16": lambda: '<!DOCTYPE l [<!ENTITY l "x">]><R>&l;</R>'.encode("utf-16"),
        "a million levels": lambda: b"<a>" * 1_000_000,
        "a million levels that end": lambda: b"<a>" * 500_000 + b"</a>" * 500_000,
        "a million attributes": lambda: b"<R " + b" ".join(b'a%d=""' % n for n in range(700_000)) + b"/>",
        "a million elements": lambda: b"<R>" + b"<a/>" * 1_000_000 + b"</R>",
        "a million names": lambda: b"<R>" + b"".join(b"<a%d/>" % n for n in range(700_000)) + b"</R>",
        "one long text": lambda: b"<R>" + b"x" * 8 * MIB + b"</R>",
        "one long name": lambda: b"<" + b"x" * 4 * MIB + b"/>",
        "a million namespaces": lambda: b"<R " + b" ".join(b'xmlns:a%d="x"' % n for n in range(300_000)) + b"/>",
        "a million comments": lambda: b"<R>" + b"<!---->" * 1_000_000 + b"</R>",
        "NULs": lambda: b"<R>\0\0</R>",
        "nothing but NULs": partial(bytes, MIB),
        "errors without end": lambda: b"<R>" + b"<Error><Code>1</Code></Error>" * 200_000 + b"</R>",
    }  # fmt: skip


@contextmanager
def bounded() -> Iterator[None]:
    """Fail where the block takes long, other processes not counted, or raises the most memory that the process ever had by much."""
    before, begun = most_memory(), time.process_time()
    yield
    assert time.process_time() - begun < SECONDS
    assert most_memory() - before < MOST_MEMORY


def most_memory() -> int:
    """Bytes that were resident at most; macOS counts in bytes, others in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("name", bombs())
def test_a_document_that_is_dear_to_read_is_refused_or_read_within_bounds(name: str, tried: Tried) -> None:
    body = bombs()[name]()[:LARGEST_REPLY]
    with bounded():
        try:
            document = parse(body)
        except WireError:
            document = {}
        from_reply("site.create", "POST", 400, {}, body)
        flatten(document)
        refused_within("site.read", document)
    with bounded(), suppress(XmlError):
        parse_request(body[:MIB])
    tried("hostile", 2)


def test_nothing_of_this_machine_comes_into_a_document() -> None:
    for name in (
        "a file of this machine",
        "a document type elsewhere",
        "the same in UTF-16",
        "a billion laughs",
    ):
        with pytest.raises(WireError, match="document type"):
            parse(bombs()[name]())


PACKED: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
    "br": lambda body: body,
    "gzip, gzip, gzip, gzip": lambda body: gzip.compress(gzip.compress(gzip.compress(gzip.compress(body)))),
}


@pytest.mark.parametrize("encoding", PACKED)
async def test_a_reply_that_unpacks_to_far_more_is_given_up(encoding: str, tried: Tried) -> None:
    packed = PACKED[encoding](bytes(64 * MIB))[: 8 * MIB]

    class Pieces(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for start in range(0, len(packed), 65536):
                yield packed[start : start + 65536]

    async def serve(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Pieces())

    async with AsyncExitStack() as stack:
        client = await ClientFactory(stack).client(transport=httpx.MockTransport(serve))
        with bounded(), pytest.raises(ApiError) as caught:
            await client.send(ask())
    once = encoding in {"gzip", "deflate"}
    assert ("larger than 8 MiB" if once else "packed in a way") in caught.value.problem.text
    tried("hostile", 1)
