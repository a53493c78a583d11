"""Hostile replies: no exception but our own, bounded time and memory, nothing executed, nothing styled, no path left."""

import gzip
import json
import re
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.rig import OAUTH, Rig, Script, ask
from bwtui.api.auth import claims, token_in
from bwtui.api.client import ApiError
from bwtui.api.errors import from_reply, refused_within
from bwtui.api.wire import Reply, WireError, everywhere, new_id, parse
from bwtui.domain.remedies import sentences
from bwtui.domain.run import Kind, Problem
from bwtui.domain.secret import Secret
from bwtui.engine.account import available
from bwtui.engine.survey import flatten, numbers_in
from bwtui.exits import MEANING
from bwtui.simulator.markup import MarkupError
from bwtui.simulator.markup import parse as parse_request
from bwtui.store.answers_file import AnswersError
from bwtui.store.answers_file import parse as parse_answers
from bwtui.store.answers_template import template
from bwtui.store.setup_json import Wrong, WrongVersion, from_bytes
from bwtui.tui.text import safe
from desk import Desk
from trust.share import Share, Tried

MIB: Final = 1024 * 1024
SECONDS: Final = 20.0
"""For the largest of them on a busy machine; on an idle one each takes less than one."""
MOST_MEMORY: Final = 400 * MIB

EVIL: Final = (
    "\u009b2J\u009b31m", "\u202egnp.exe", "\u200b\u200d\u2060\ufeff", "[bold red]x[/] [/x] [@click=app.quit]y[/]",
    "${HOME} $(id) `id`", "{site_id} %s {0.__class__}", "'; DROP TABLE", "\u2028\u2029\x85", "a" * 5000, "\U000e0041\U000e0042",
)  # fmt: skip
"""Texts that style, hide, move, insert or run, wherever somebody lets them."""
EVIL_IDS: Final = (
    "../../x",
    "..",
    ".",
    "1/../../2",
    "%2e%2e%2f",
    "1?x=2",
    "1#2",
    "1 2",
    "{site_id}",
    "\u202e1",
    "",
    "1\u009b2J",
)


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
    """Fail where the block takes long or needs much memory."""
    tracemalloc.start()
    begun = time.monotonic()
    try:
        yield
        taken, peak = time.monotonic() - begun, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < SECONDS * 4, "tracemalloc slows it down about four times"
    assert peak < MOST_MEMORY


@pytest.mark.parametrize("name", bombs())
def test_a_document_that_is_dear_to_read_is_refused_or_read_within_bounds(name: str, tried: Tried) -> None:
    body = bombs()[name]()
    assert len(body) <= 12 * MIB
    with bounded():
        try:
            document = parse(body)
        except WireError:
            document = {}
        from_reply("site.create", "POST", 400, {}, body)
        flatten(document)
        refused_within("site.read", document)
    with bounded(), suppress(MarkupError):
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


PACKED: Final = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
    "br": lambda body: body,
    "gzip, gzip, gzip, gzip": lambda body: gzip.compress(gzip.compress(gzip.compress(gzip.compress(body)))),
}


@pytest.mark.parametrize("encoding", PACKED)
async def test_a_reply_that_unpacks_to_gigabytes_is_given_up(rig: Rig, encoding: str, tried: Tried) -> None:
    packed = PACKED[encoding](bytes(200 * MIB))[: 8 * MIB]

    class Pieces(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for start in range(0, len(packed), 65536):
                yield packed[start : start + 65536]

    async def serve(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Pieces())

    client = await rig.client(transport=httpx.MockTransport(serve))
    with bounded(), pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert re.search("larger than 8 MiB|packed", caught.value.problem.text)
    tried("hostile", 1)


# --- Whole runs ------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Beguiled(Desk):
    """A desk whose account says evil things, at one place of each reply."""

    spoil: Callable[[httpx.Response, bytes], httpx.Response]
    asked: list[httpx.URL] = field(default_factory=list)

    def line(self) -> httpx.AsyncBaseTransport:
        inner = httpx.ASGITransport(self.app)

        async def carry(request: httpx.Request) -> httpx.Response:
            self.asked.append(request.url)
            reply = await inner.handle_async_request(request)
            body = await reply.aread()
            if request.url.path.endswith("/oauth2/token"):
                return httpx.Response(reply.status_code, content=body)
            return self.spoil(reply, body)

        return httpx.MockTransport(carry)


def replaced(tag: str, value: str) -> Callable[[httpx.Response, bytes], httpx.Response]:
    """Whatever an element says, it says something else; for `Location`, the header."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")

    def spoil(reply: httpx.Response, body: bytes) -> httpx.Response:
        headers = {"content-type": "application/xml; charset=utf-8"}
        if location := reply.headers.get("location", ""):
            headers["location"] = value if tag == "Location" else location
        spoilt = re.sub(rf"<{tag}>[^<]*</{tag}>", lambda _: f"<{tag}>{escaped}</{tag}>", body.decode())
        if tag == "Location":
            spoilt = ""
        return httpx.Response(
            reply.status_code,
            headers=[(name.encode(), text.encode()) for name, text in headers.items()],
            content=spoilt.encode(),
        )

    return spoil


TAGS: Final = (
    "Name",
    "Description",
    "OrderStatus",
    "PeerName",
    "AppName",
    "FullNumber",
    "TelephoneNumber",
    "ErrorCode",
    "City",
)
ID_TAGS: Final = ("Id", "id", "PeerId", "ApplicationId", "orderId", "SiteId", "OrderId")
LOCATIONS: Final = (
    "https://evil.example/api/accounts/9900000/sites/666", "//evil.example/x", "../../../x", "http://[", "/..", "", "\x7f", "a b",
    "javascript:alert(1)", "https://127.0.0.1:8080/%2e%2e/%2e%2e", "x" * 5000, "http://user:pw@127.0.0.1/1",
)  # fmt: skip


def lies() -> list[tuple[str, str]]:
    return [
        *((tag, text) for tag in TAGS for text in EVIL),
        *((tag, id_) for tag in ID_TAGS for id_ in EVIL_IDS),
        *(("Location", location) for location in LOCATIONS),
    ]


def assert_harmless(said: str) -> None:
    """Fail where anything could steer a terminal."""
    unprintable = {char for char in said if not (char.isprintable() or char == "\n")}
    assert not unprintable


@pytest.mark.timeout(1800)
async def test_whatever_an_account_says_of_itself_steers_nothing_and_leads_nowhere(
    tmp_path: Path, tried: Tried, share: Share
) -> None:
    for number, (tag, value) in enumerate(share.of(lies(), 60)):
        desk = Beguiled(folder=tmp_path / str(number), spoil=replaced(tag, value))
        try:
            for outcome in (await desk.apply(), await desk.apply()):
                assert outcome.exit in MEANING
                assert_harmless(outcome.said)
                assert_harmless("\n".join(json.dumps(event, ensure_ascii=True) for event in outcome.events))
        except Exception as failure:
            failure.add_note(f"{tag}: {value!r}")
            raise
        for url in desk.asked:
            assert url.host == "127.0.0.1"
            assert url.raw_path.startswith((b"/api/accounts/9900000", b"/api/v1/oauth2/token"))
            assert b".." not in url.raw_path.split(b"?")[0].split(b"/")
        tried("hostile", 1)


# --- Properties ------------------------------------------------------------------------------------------------

QUICKLY: Final = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
names = st.sampled_from(
    ["Id", "id", "ErrorCode", "Error", "Code", "Description", "Site", "Links", "a:b", "x"]
)
pieces = st.recursive(
    st.text(max_size=20).map(lambda text: re.sub(r"[<&\x00-\x1f\ud800-\udfff\ufffe\uffff]", "", text)),
    lambda inner: st.tuples(names, st.lists(inner, max_size=4)).map(
        lambda found: f"<{found[0]}>{''.join(found[1])}</{found[0]}>"
    ),
    max_leaves=30,
)
documents = st.one_of(
    st.binary(max_size=300),
    pieces.map(lambda inside: f"<R>{inside}</R>".encode()),
    st.tuples(pieces, st.integers(0, 200)).map(lambda found: f"<R>{found[0]}</R>".encode()[: found[1]]),
)


@QUICKLY
@given(documents, st.sampled_from(["", "utf-8", "utf-16", "latin-1", "idna", "rot13", "zlib", "undefined"]))
def test_any_body_is_a_document_or_a_refusal_of_ours(body: bytes, charset: str) -> None:
    headers = {"Content-Type": f"application/xml; charset={charset}"}
    problem = from_reply("site.create", "POST", 400, headers, body)
    assert_harmless(sentences(problem))
    try:
        document = parse(body, charset)
    except WireError:
        return
    list(everywhere(document))
    flatten(document)
    available(document)
    numbers_in(document)
    id_ = new_id(Reply(status=201, document=document), "Id")
    assert re.fullmatch(r"[A-Za-z0-9_.-]*", id_)


@QUICKLY
@given(st.text(max_size=60))
def test_any_location_gives_an_id_or_none(location: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.-]*", new_id(Reply(status=201, location=location), "Id"))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@QUICKLY
@given(
    st.one_of(
        st.binary(max_size=200),
        json_values.map(lambda value: json.dumps({"access_token": value, "expires_in": value}).encode()),
    )
)
def test_any_answer_of_the_token_service_is_a_token_or_a_sentence(body: bytes) -> None:
    token = token_in(body)
    if not isinstance(token, str):
        assert re.fullmatch(r"[\x21-\x7e]+", token.text.reveal())
        assert token.lifetime > 0


@QUICKLY
@given(st.one_of(st.text(max_size=100), json_values.map(lambda value: f"a.{_base64(json.dumps(value))}.b")))
def test_a_token_that_is_no_jwt_is_one_all_the_same(token: str) -> None:
    told = claims(Secret(token))
    assert told is None or all(isinstance(account, str) for account in told.accounts)


def _base64(text: str) -> str:
    import base64  # noqa: PLC0415

    return base64.urlsafe_b64encode(text.encode()).decode()


async def test_a_run_with_a_token_that_is_no_jwt_is_a_run(rig: Rig) -> None:
    for token in ("x", "a.b.c", "..", "a" * 100_000, f"a.{_base64('[' * 100_000)}.b"):
        script = Script(
            [httpx.Response(200, content=b"<R/>")],
            token_answers=[httpx.Response(200, json={"access_token": token})],
        )
        client = await rig.client(script, credentials=OAUTH)
        assert (await client.send(ask())).status == 200
        assert await client.claims() is None


EXAMPLE: Final = template(example=True)


@QUICKLY
@given(
    st.one_of(
        st.text(max_size=200),
        st.tuples(st.integers(0, len(EXAMPLE)), st.text(max_size=8)).map(
            lambda cut: EXAMPLE[: cut[0]] + cut[1] + EXAMPLE[cut[0] :]
        ),
    )
)
def test_any_text_is_a_file_of_answers_or_complaints_with_their_lines(text: str) -> None:
    try:
        parse_answers(text, "setup.toml")
    except AnswersError as error:
        complaints = error.complaints
    else:
        return
    assert complaints
    assert all(complaint.startswith("setup.toml") for complaint in complaints)


@QUICKLY
@given(st.one_of(st.binary(max_size=200), json_values.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_are_a_state_or_a_refusal_of_ours(data: bytes) -> None:
    with pytest.raises((Wrong, WrongVersion)):
        from_bytes(data)


@QUICKLY
@given(
    st.builds(
        Problem,
        operation=st.sampled_from(["site.create", "number.create", "token", "sms.read", "voice_link.create"]),
        kind=st.sampled_from(Kind),
        text=st.text(max_size=80),
        status=st.none() | st.integers(100, 999),
        code=st.text(max_size=10),
        unclear=st.booleans(),
        details=st.dictionaries(st.sampled_from(["City", "StreetName", "Zip"]), st.text(max_size=20)),
    )
)
def test_whatever_a_problem_says_it_is_told_in_one_harmless_line(problem: Problem) -> None:
    said = sentences(problem)
    assert said.isprintable()
    assert said.count("\n") == 0


@QUICKLY
@given(st.text(max_size=100))
def test_text_for_the_screen_holds_nothing_that_steers_it(text: str) -> None:
    assert_harmless(safe(text))
