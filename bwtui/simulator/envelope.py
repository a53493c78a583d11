"""The JSON envelope of the newer groups: links, data, errors and page (universal-platform 0)."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.json_api import JsonErrorResponse, fields_of

LARGEST_LIMIT: Final = 1000


class Problem(NamedTuple):
    """One entry of `errors`. Of the codes only VCS-0044 is known; all others are this simulator's own."""

    code: str
    type: str
    description: str

    def shown(self) -> dict[str, str]:
        return self._asdict()


class EnvelopeErrorResponse(JsonErrorResponse):
    """A refusal in the envelope."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status, problems[0].type, problems[0].description)
        self.body = errors(problems)


def errors(problems: Sequence[Problem]) -> dict[str, Any]:
    return {"links": [], "errors": [problem.shown() for problem in problems]}


def refused(status: int, code: str, description: str) -> EnvelopeErrorResponse:
    kinds = {
        400: "validation",
        403: "authorization",
        404: "not-found",
        409: "conflict",
        415: "unsupported-media-type",
    }
    return EnvelopeErrorResponse(status, Problem(code, kinds.get(status, "error"), description))


def one(data: object, *links: dict[str, str]) -> dict[str, Any]:
    """Return the envelope of one resource, whose data is an object."""
    return {"links": list(links), "errors": [], "data": data}


def link(href: str, rel: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "method": "GET"}


def body_of(request: ApiRequest) -> dict[str, Any]:
    """Return the JSON object in the body; any other body is refused in the envelope."""
    try:
        return fields_of(request)
    except JsonErrorResponse as complaint:
        raise refused(complaint.status, "VCS-0001", str(complaint.body["description"])) from None


def in_pages(request: ApiRequest, rows: list[dict[str, Any]], size: int, *, linked: bool) -> ApiResponse:
    """Return the page that the query's pageNumber names, counted from 0; a fault may make it shorter.

    Neither a parameter for its size nor the name of this one is known: only our own links have it (universal-platform 3.2).
    """
    total: bool | None = None
    if request.pages is not None:
        size, linked, total = min(size, request.pages.size), request.pages.links, request.pages.total
    number = whole(request.query.get("pagenumber")) or 0
    start = number * size
    links = [link(f"{request.base}{request.path}", "self")]
    if linked and start + size < len(rows):
        links.append(link(f"{request.base}{request.path}?pageNumber={number + 1}", "next"))
    page = {"pageNumber": number, "pageSize": size}
    if total is not False:
        page |= {"totalElements": len(rows), "totalPages": -(-len(rows) // size)}
    return ApiResponse(200, {"links": links, "errors": [], "data": rows[start : start + size], "page": page})
