"""Read replies for the engine."""

from collections import deque
from collections.abc import Mapping

from bwtui.api.client import Client
from bwtui.api.wire import Node, Reply
from bwtui.domain.runs.problem import Kind, ProblemError
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import ten_digits


def numbers_in(document: object) -> tuple[str, ...]:
    """Return every phone number in a reply, ten digits each; plain and detailed replies name them differently."""
    leaves = flatten(document)
    return tuple(
        number
        for path, values in leaves.items()
        if path.rpartition("/")[2] in ("telephonenumber", "fullnumber")
        for number in map(ten_digits, values)
        if number
    )


async def or_nothing(client: Client, request: Request) -> Reply | None:
    """Send a request; return the reply, or `None` if the API says that there is no such object.

    Raises:
        ProblemError: for any other refusal.
    """
    try:
        reply = await client.send(request)
    except ProblemError as error:
        if error.problem.kind is Kind.NOT_FOUND:
            return None
        raise
    return None if reply.status == 404 else reply


def root_of(reply: Reply) -> Node:
    """Return the content of the document's root element, whatever its name (bandwidth-api 11.1)."""
    root = next(iter(reply.document.values()), "")
    return root if isinstance(root, Mapping) else {}


def flatten(node: object, path: str = "") -> dict[str, tuple[str, ...]]:
    """Return every text below a node, by case-folded path."""
    found: dict[str, list[str]] = {}
    waiting: deque[tuple[str, object]] = deque([(path, node)])
    while waiting:
        place, here = waiting.popleft()
        if isinstance(here, Mapping):
            waiting += [
                (f"{place}/{name.casefold()}" if place else str(name).casefold(), below)
                for name, below in here.items()
            ]
        elif isinstance(here, list):
            waiting += [(place, below) for below in here]
        elif isinstance(here, str):
            found.setdefault(place, []).append(here.strip())
    return {place: tuple(texts) for place, texts in found.items()}
