"""Properties: whatever comes in, it is taken or refused with an error of ours, and what is told of it steers nothing."""

import base64
import io
import json
import re
from contextlib import AsyncExitStack
from typing import Final

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwtui.api.auth import read_token_document
from bwtui.api.errors import from_reply
from bwtui.api.token_claims import TokenClaims, read_claims
from bwtui.api.wire import Reply, WireError, everywhere, new_id, parse
from bwtui.cli.output import Output
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import safe
from bwtui.engine.account import available
from bwtui.engine.replies import flatten, numbers_in
from bwtui.store.answers_file import AnswersError
from bwtui.store.answers_file import parse as parse_answers
from bwtui.store.answers_template import template
from bwtui.store.state_format import Wrong, WrongVersion, from_bytes, to_bytes
from support.guide import DOCUMENTED, TESTS
from support.scripted_http import OAUTH, ClientFactory, ScriptedTransport, ask
from trust.hostile import assert_harmless
from trust.sampling import Tried

QUICKLY: Final = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
"""No deadline on a busy machine; the fixture only counts. How many inputs there are, the profile says."""
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
REPLIES: Final = [
    path.read_bytes().partition(b"\n\n")[2] for path in sorted(DOCUMENTED.glob("*.response.http"))
]


def spoilt(whole: bytes) -> st.SearchStrategy[bytes]:
    """Something that is right, with something else in one place of it, or nothing."""
    places = st.tuples(st.integers(0, len(whole)), st.integers(0, 8), st.binary(max_size=8))
    return places.map(lambda place: whole[: place[0]] + place[2] + whole[sum(place[:2]) :])


documents = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(REPLIES).flatmap(spoilt),
    pieces.map(lambda inside: f"<R>{inside}</R>".encode()),
    st.tuples(pieces, st.integers(0, 200)).map(lambda found: f"<R>{found[0]}</R>".encode()[: found[1]]),
)


@QUICKLY
@given(documents, st.sampled_from(["", "utf-8", "utf-16", "latin-1", "idna", "rot13", "zlib", "undefined"]))
def test_any_body_is_a_document_or_a_refusal_of_ours(tried: Tried, body: bytes, charset: str) -> None:
    tried("inputs", 1)
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
def test_any_location_gives_an_id_or_none(tried: Tried, location: str) -> None:
    tried("inputs", 1)
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
def test_any_answer_of_the_token_service_is_a_token_or_a_sentence(tried: Tried, body: bytes) -> None:
    tried("inputs", 1)
    token = read_token_document(body)
    if not isinstance(token, str):
        assert re.fullmatch(r"[\x21-\x7e]+", token.text.reveal())
        assert token.lifetime > 0


@QUICKLY
@given(st.one_of(st.text(max_size=100), json_values.map(lambda value: f"a.{_base64(json.dumps(value))}.b")))
def test_a_token_that_is_no_jwt_is_one_all_the_same(tried: Tried, token: str) -> None:
    tried("inputs", 1)
    told = read_claims(Secret(token))
    assert all(isinstance(word, str) for word in (*told.accounts, *told.roles))
    assert told.express in (True, False, None)


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


async def test_a_run_with_a_token_that_is_no_jwt_is_a_run() -> None:
    for token in ("x", "a.b.c", "..", "a" * 100_000, f"a.{_base64('[' * 100_000)}.b"):
        script = ScriptedTransport(
            [httpx.Response(200, content=b"<R/>")],
            token_answers=[httpx.Response(200, json={"access_token": token})],
        )
        async with AsyncExitStack() as stack:
            client = await ClientFactory(stack).client(script, credentials=OAUTH)
            assert (await client.send(ask())).status == 200
            assert await client.claims() == TokenClaims()


EXAMPLE: Final = template(example=True)


@QUICKLY
@given(
    st.one_of(
        st.text(max_size=200),
        spoilt(EXAMPLE.encode()).map(lambda content: content.decode("utf-8", "replace")),
    )
)
def test_any_text_is_a_file_of_answers_or_complaints_with_their_lines(tried: Tried, text: str) -> None:
    tried("inputs", 1)
    try:
        parse_answers(text, "setup.toml")
    except AnswersError as error:
        complaints = error.complaints
    else:
        return
    assert complaints
    assert all(complaint.startswith("setup.toml") for complaint in complaints)


STATES: Final = [path.read_bytes() for path in sorted((TESTS / "store").glob("version_*.json"))]
"""Of versions without a checksum, so that much of what is spoilt is read as far as it makes sense."""


@QUICKLY
@given(
    st.one_of(
        st.binary(max_size=200),
        json_values.map(lambda value: json.dumps(value).encode()),
        st.sampled_from(STATES).flatmap(spoilt),
    )
)
def test_any_bytes_are_a_state_or_a_refusal_of_ours(tried: Tried, data: bytes) -> None:
    tried("inputs", 1)
    try:
        setup = from_bytes(data)
    except (Wrong, WrongVersion):
        return
    assert from_bytes(to_bytes(setup)) == setup


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
def test_whatever_a_problem_says_it_is_told_in_one_harmless_line(tried: Tried, problem: Problem) -> None:
    tried("inputs", 1)
    said = sentences(problem)
    assert said.isprintable()
    assert said.count("\n") == 0


@QUICKLY
@given(st.text(max_size=100))
def test_text_for_the_screen_holds_nothing_that_steers_it(tried: Tried, text: str) -> None:
    tried("inputs", 1)
    assert_harmless(safe(text))


@QUICKLY
@given(st.text(max_size=100))
def test_nothing_that_is_printed_steers_a_terminal(tried: Tried, text: str) -> None:
    tried("inputs", 1)
    out, err = io.StringIO(), io.StringIO()
    for as_json in (False, True):
        output = Output(as_json=as_json, stdout=out, stderr=err)
        output.data(text)
        output.event("x", text=text)
        output.say(text)
        output.ask(text)
    assert_harmless(re.sub("[\t\ud800-\udfff]", "", out.getvalue() + err.getvalue()))
