"""Read lists page by page, and refuse every reply that is not certainly the whole list.

An object that is not in a list gets created, so an incomplete list would create it twice.
"""

import re
from collections.abc import AsyncIterator, Callable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from bwtui.api.client import Client, Reply
from bwtui.api.wire import Node, find, many, text
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.steps import FoundInList
from bwtui.domain.values.documents import Request

MOST_PAGES: Final = 1000
"""Most pages of one list: a server may send different next-page links without end."""

_TOTALS: Final = ("TotalCount", "TelephoneNumberCount")
_LINK: Final = re.compile(r"[^\s<>=\"';]*\?[^\s<>\"';]+")
"""A link as the API writes it, `Link=<https://…?page=2&size=300>;rel="next";`, or plain (bandwidth-api 7.7)."""

Refuse = Callable[[Request, str], ProblemError]
"""Makes the error for an answer that is no whole list."""
NextPage = Callable[[Request, list[Node]], str]
"""Makes the `page` parameter of the next page from the request and its items; for replies without a link."""


async def read_list(
    client: Client,
    request: Request,
    *,
    root: str,
    items: str,
    bare: str = "",
    container: str = "",
    next_page: NextPage | None = None,
) -> list[Node]:
    """Read every item of a list, page by page.

    `root` is the reply's root element, `bare` another name of it, `items` the path of the items (or more than one path,
    divided by `|`), `container` an element that must be there; `next_page` is for resources with `page` and `size`.

    Raises:
        ProblemError: there is no answer, or it is not a whole list; nothing may be created then.
    """
    found: list[Node] = []
    shown: list[Node] = []
    asked = {request.query}
    for _ in range(MOST_PAGES):
        reply = await client.send(request)
        # The client returns a 404 only if it means an empty list (bandwidth-api 11.2).
        if reply.status in (204, 404):
            return found
        _insist(reply, request, (root, bare), container)
        before, shown = shown, [item for path in items.split("|") for item in many(reply.document, path)]
        found += shown
        following = _following(reply, request, shown, found, next_page)
        if following is None:
            return found
        if following.query in asked or shown == before:
            break
        asked.add(following.query)
        request = following
    raise _no_list(request, "The list's pages lead round in a circle.")


async def read_objects(client: Client, request: Request, listed: FoundInList) -> list[Node]:
    """Read every object of a list, in XML or JSON as the request is.

    Raises:
        ProblemError: there is no answer, or it is not a whole list; nothing may be created then.
    """
    if request.is_json:
        return await read_json_list(client, request)
    return await read_list(client, request, root=listed.root, items=listed.items)


async def read_json_list(client: Client, request: Request) -> list[Node]:
    """Read every item of a list in JSON, which says how many there are and may name its next page (bandwidth-api 13.3).

    Raises:
        ProblemError: there is no answer, or it is not a whole list; nothing may be created then.
    """
    found: list[Node] = []
    asked = {request.query}
    for _ in range(MOST_PAGES):
        reply = await client.send(request)
        found += json_items(reply, request)
        link = next(
            (
                text(each, "href")
                for each in many(reply.document, "links")
                if text(each, "rel").lower() == "next"
            ),
            "",
        )
        if not link:
            _insist_on_end(reply, request, len(found))
            return found
        request = request._replace(query=_query_of(link, request))
        if request.query in asked:
            break
        asked.add(request.query)
    raise _no_list(request, "The list's pages lead round in a circle.")


async def read_offset_list(client: Client, request: Request) -> list[Node]:
    """Read every item of a list in JSON whose pages are named by `offset`.

    Raises:
        ProblemError: there is no answer, or it is not a whole list; nothing may be created then.
    """
    return [item async for item in offset_items(client, request)]


async def offset_items(
    client: Client, request: Request, *, most_pages: int = MOST_PAGES, refuse: Refuse | None = None
) -> AsyncIterator[Node]:
    """Yield the items of a list in JSON page by page; its total has to be told (bandwidth-api 13.7).

    Raises:
        ProblemError: there is no answer, or the list is certainly not whole; `refuse` makes that error.
    """
    refuse, seen, total = refuse or _no_list, 0, ""
    for _ in range(most_pages):
        query = {**dict(request.query), "offset": str(seen)}
        reply = await client.send(request._replace(query=tuple(query.items())))
        shown = json_items(reply, request)
        total = text(find(reply.document, "page"), "totalElements")
        if not total.isdigit():
            raise refuse(request, f"The list shows {seen + len(shown)} and does not say whether that is all.")
        for item in shown:
            yield item
        seen += len(shown)
        if seen >= int(total):
            return
        if not shown:
            raise refuse(request, f"The list says that it has {total} and shows {seen}.")
    raise refuse(request, f"The list is too long to look through: it has {total}.")


def _insist_on_end(reply: Reply, request: Request, count: int) -> None:
    """Raise unless a page without a next one is certainly the last: its total says so, or it has links to others."""
    total = text(find(reply.document, "page"), "totalElements")
    if total.isdigit() and int(total) > count:
        raise _no_list(request, f"The list says that it has {total} and shows {count}.")
    if count and not total.isdigit() and not many(reply.document, "links"):
        raise _no_list(request, f"The list shows {count} and does not say whether that is all.")


def json_items(reply: Reply, request: Request) -> list[Node]:
    """Return the items of a list in JSON. Raises `ProblemError` unless it is one: null or nothing is not an empty list."""
    items = reply.document.get("data")
    if reply.status != 200 or not isinstance(items, list):
        raise _no_list(request, "Bandwidth answered with no list where one was due.")
    return [item for item in items if not isinstance(item, str)]


def _following(
    reply: Reply, request: Request, shown: list[Node], found: list[Node], next_page: NextPage | None
) -> Request | None:
    """Return the request for the next page; `None` if this was the last one."""
    if link := text(find(reply.document, "Links"), "next"):
        return request._replace(query=_query_of(link, request))
    total = next((int(said) for name in _TOTALS if (said := _said(reply.document, name)).isdigit()), None)
    size = dict(request.query).get("size", "")
    is_full = size.isdigit() and len(shown) >= int(size)
    if (total is None and not is_full) or (total is not None and total <= len(found)):
        return None
    if not next_page or not shown:
        if total is None:
            return None
        raise _no_list(request, f"The list says that it has {total} and shows {len(found)}.")
    query = dict(request.query)
    query["page"] = next_page(request, shown)
    return request._replace(query=tuple(query.items()))


def _said(document: Node, name: str) -> str:
    root = next(iter(document.values()), "")
    nodes = [document, root, *many(document, "ListOrderIdUserIdDate")]
    return next(
        (said for node in nodes if not isinstance(node, str | list) and (said := text(node, name))), ""
    )


def _query_of(link: str, request: Request) -> tuple[tuple[str, str], ...]:
    """Return the request's query with the link's parameters; its host is ignored, so no other gets credentials."""
    match = _LINK.search(link)
    pairs = parse_qsl(urlsplit(match[0]).query) if match else []
    if not pairs:
        raise _no_list(request, "The list says that there is more, but not where.")
    names = {name.lower() for name, _ in pairs}
    return (*((name, value) for name, value in request.query if name.lower() not in names), *pairs)


def _insist(reply: Reply, request: Request, roots: tuple[str, ...], container: str) -> None:
    """Raise unless the reply is a list: status 200, one of the root elements and, if named, the container."""
    names = [name.lower() for name in reply.document]
    if reply.status != 200:
        raise _no_list(request, f"Bandwidth answered {reply.status} where a list was due.")
    if not names:
        raise _no_list(request, "Bandwidth answered with nothing where a list was due.")
    known = [[root.lower()] for root in roots if root]
    if names not in known or (container and not find(reply.document, container)):
        raise _no_list(request, f"Bandwidth answered with {next(iter(reply.document))} where a list was due.")


def _no_list(request: Request, told: str) -> ProblemError:
    text_ = f"{told} Nothing is created on such an answer."
    return ProblemError(Problem(operation=request.operation, kind=Kind.FAILED, text=text_))
