"""Look up the voice package and the services of phone numbers, number by number. Changes nothing."""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from bwtui.api.client import Client, Reply
from bwtui.api.wire import Node, Value, find, leaf_texts, many, text
from bwtui.domain.account.findings import OnNumbers, Service
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.requests import Known, check_request, voice_numbers_request
from bwtui.domain.planning.voice_plan import reads_rows
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.steps import FoundAsActivation, FoundAsAssignment, Step
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import ten_digits
from bwtui.engine.list_reader import MOST_PAGES, json_items

MOST_NUMBERS: Final = 100
"""Most numbers in one request to the voice packages or the checker; no source names a limit (bandwidth-api 13.10, 3)."""

Rows = dict[str, Mapping[str, str]]


class VoiceNumberLookUp:
    """Looks up numbers in the list of the account's voice numbers, and asks the checker about their services."""

    def __init__(self, client: Client, answers: Answers, known: Known) -> None:
        self._client = client
        self._answers = answers
        self._known = known

    async def look(self, step: Step, numbers: tuple[str, ...], package_id: str) -> OnNumbers:
        """Return the rows of the numbers and, for an activation, their services.

        Raises:
            ProblemError: they could not be read.
        """
        assert isinstance(step.found_by, FoundAsAssignment | FoundAsActivation), "only these are on numbers"
        found = OnNumbers(numbers, package_id)
        if reads_rows(step, self._answers):
            found = found._replace(rows=await self._rows(step, step.found_by, numbers, package_id))
        if isinstance(step.found_by, FoundAsActivation):
            found = found._replace(services=await self._services(step, step.found_by, numbers))
        return found

    async def _rows(
        self,
        step: Step,
        found_by: FoundAsAssignment | FoundAsActivation,
        numbers: tuple[str, ...],
        package_id: str,
    ) -> Rows:
        """Read the package's numbers first; the whole list only if some are missing there, since it may be long."""
        rows: Rows = {}
        for package in dict.fromkeys((package_id, "")):
            request = voice_numbers_request(step, found_by, package, self._known)
            await self._read_pages(request, numbers, rows)
            if rows.keys() >= set(numbers):
                break
        return rows

    async def in_package(self, step: Step, package_id: str, most: int) -> tuple[str, ...]:
        """Return numbers that are in a package, whoever has put them there, `most` of them.

        Raises:
            ProblemError: they could not be read.
        """
        assert isinstance(step.found_by, FoundAsAssignment), "only these are in packages"
        request = voice_numbers_request(step, step.found_by, package_id, self._known)
        there: list[str] = []
        async for page in self._pages(request):
            found = OnNumbers(tuple(page), package_id, page)
            there += [number for number in page if found.package_of(number) == package_id.lower()]
            if len(there) >= most:
                break
        return tuple(there[:most])

    async def _read_pages(self, request: Request, numbers: tuple[str, ...], rows: Rows) -> None:
        async for page in self._pages(request):
            rows |= {number: row for number, row in page.items() if number in numbers}
            if rows.keys() >= set(numbers):
                return

    async def _pages(self, request: Request) -> AsyncIterator[Rows]:
        cursors: set[str] = set()
        page = request
        for _ in range(MOST_PAGES):
            reply = await self._client.send(page)
            yield {
                ten_digits(text(item, "phoneNumber")): {name.casefold(): text(item, name) for name in item}
                for item in json_items(reply, request)
            }
            cursor = text(find(reply.document, "page"), "afterCursor")
            if not cursor:
                return
            if cursor in cursors:
                break
            cursors.add(cursor)
            page = request._replace(query=(*request.query, ("afterCursor", cursor)))
        raise ProblemError(
            Problem(
                operation=request.operation, kind=Kind.FAILED,
                text="The list of voice numbers has no end, so what is missing from it is not known.",
            )
        )  # fmt: skip

    async def _services(
        self, step: Step, found_by: FoundAsActivation, numbers: tuple[str, ...]
    ) -> dict[str, Mapping[str, Service]]:
        services: dict[str, Mapping[str, Service]] = {}
        for start in range(0, len(numbers), MOST_NUMBERS):
            asked = numbers[start : start + MOST_NUMBERS]
            reply = await self._client.send(check_request(step, found_by, asked, self._known))
            for item in many(find(reply.document, "data"), "phoneNumbers"):
                services[ten_digits(text(item, "phoneNumber"))] = _services_of(item)
        return services


def _services_of(item: Node) -> dict[str, Service]:
    types = find(item, "serviceTypes")
    return {name.casefold(): _service(value) for name, value in types.items()}


def _service(value: Value) -> Service:
    if not isinstance(value, Mapping):
        return Service()
    reasons = (" ".join(leaf_texts(reason).values()) for reason in many(value, "reasons"))
    return Service(text(value, "status").upper(), tuple(filter(None, reasons)))


def order_id_of(reply: Reply) -> str:
    """Return the id of an activation order; empty if the answer names none."""
    return text(find(reply.document, "data"), "orderId", "id")
