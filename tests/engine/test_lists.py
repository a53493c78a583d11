"""Lists are read to their end, and what is no whole list says nothing: nothing is created on it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bwtui.api.client import Basic, Client
from bwtui.api.wire import Node, text
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.values.documents import Request
from bwtui.domain.values.secret import Secret
from bwtui.engine.list_reader import read_list
from support.in_process import BASE_URL, QUICK

LIST = "<R>{}<Items>{}</Items></R>"
REQUEST = Request("things.list", "GET", "/things", query=(("page", "1"), ("size", "2")))


def item(*names: str) -> str:
    return "".join(f"<Item><Name>{name}</Name></Item>" for name in names)


def following(query: str) -> str:
    return f'<Links><next>Link=&lt;https://elsewhere.test/things?{query}&gt;;rel="next";</next></Links>'


async def read(answer: Callable[[httpx.Request], httpx.Response], **more: Any) -> list[str]:
    """The names in the list that the answers make up."""
    async with Client(
        base_url=BASE_URL,
        credentials=Basic("demo", Secret("demo-secret")),
        timing=QUICK,
        transport=httpx.MockTransport(answer),
    ) as client:
        found = await read_list(client, REQUEST, root="R", items="Items/Item", **more)
    return [text(each, "Name") for each in found]


def says(status: int, body: str = "") -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, text=body, headers={"Content-Type": "application/xml"})


async def test_pages_are_followed_by_their_links_and_credentials_stay_with_their_host() -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        if request.url.params["page"] == "1":
            return says(200, LIST.format(following("page=2&amp;size=2"), item("a", "b")))(request)
        return says(200, LIST.format("", item("c")))(request)

    assert await read(answer) == ["a", "b", "c"]
    assert set(hosts) == {"127.0.0.1"}


async def test_pages_are_counted_where_no_link_names_the_next() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        names = {"1": ("a", "b"), "2": ("c",)}[request.url.params["page"]]
        return says(200, LIST.format("<TotalCount>3</TotalCount>", item(*names)))(request)

    def second(_request: Request, _shown: list[Node]) -> str:
        return "2"

    assert await read(answer, next_page=second) == ["a", "b", "c"]


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206])
async def test_only_a_200_is_a_list(status: int) -> None:
    answer = says(status, LIST.format("", item("a")))
    if status == 200:
        assert await read(answer) == ["a"]
        return
    with pytest.raises(ProblemError, match=str(status)):
        await read(answer)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<Other><Items/></Other>", id="an unknown root"),
        pytest.param("", id="nothing"),
        pytest.param(LIST.format("<TotalCount>1</TotalCount>", ""), id="more in total than is shown"),
        pytest.param(
            "<R><ErrorList><Error><Code>1010</Code><Description>No.</Description></Error></ErrorList></R>",
            id="an error inside",
        ),
        pytest.param(LIST.format(following("page=1&amp;size=2"), item("a")), id="a circle"),
        pytest.param(LIST.format("<Links><next>later</next></Links>", item("a")), id="more, and not where"),
    ],
)
async def test_an_incomplete_list_is_not_taken_for_an_answer(body: str) -> None:
    with pytest.raises(ProblemError):
        await read(says(200, body))


async def test_pages_that_never_end_and_bring_nothing_new_are_no_answer() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"]) + 1
        return says(200, LIST.format(following(f"page={page}&amp;size=2"), item("a")))(request)

    with pytest.raises(ProblemError, match="circle"):
        await read(answer)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (204, ""),
        (404, "<Links><first>x</first></Links>"),
        (404, "<R><Links/></R>"),
        (200, LIST.format("", "")),
    ],
)
async def test_a_list_with_nothing_in_it_is_whole(status: int, body: str) -> None:
    assert await read(says(status, body)) == []


@pytest.mark.parametrize("body", ["", "<html><body>Not found</body></html>"])
async def test_a_404_that_is_no_list_says_nothing(body: str) -> None:
    with pytest.raises(ProblemError):
        await read(says(404, body))
