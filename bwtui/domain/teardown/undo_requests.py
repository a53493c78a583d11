"""The requests that undo steps, made from the catalogue and what is known."""

from typing import assert_never
from urllib.parse import quote

from bwtui.domain.fields import Part
from bwtui.domain.planning.requests import Known, fixed_document, is_universal, path_of, resource_path
from bwtui.domain.steps import Deleted, FoundInList, OrderedBack, ReleasedByOrder, Step, WrittenBack
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import e164


def undo_request(step: Step, known: Known) -> Request:
    """Return the request that undoes what a step has made. Those that release numbers cannot be undone."""
    match step.undo:
        case Deleted():
            id_ = known.id(step.produces) if isinstance(step.found_by, FoundInList) else ""
            return Request(
                operation=step.operation("delete"),
                method="DELETE",
                path=resource_path(step, id_, known),
                at_origin=step.at_origin,
                is_json=step.is_json,
            )
        case WrittenBack(body=body) as back:
            return _written_back(step, back, body, known)
        case ReleasedByOrder() as release:
            return Request(
                operation=step.operation("disconnect"),
                method="POST",
                path=path_of(release.path, known),
                body=fixed_document(release.root, release.body, release.path, known),
            )
        case OrderedBack(body=body):
            return Request(
                operation=step.operation("delete"),
                method=step.method,
                path=path_of(step.path, known),
                body=fixed_document(step.root, body, step.path, known),
            )
        case None:
            raise AssertionError("it has no request of its own")
        case _:
            assert_never(step.undo)


def undo_request_otherwise(step: Step, known: Known) -> Request | None:
    """Return the request to undo a step with if the first one was refused; `None` where there is no other."""
    if isinstance(step.undo, WrittenBack) and step.undo.otherwise:
        return _written_back(step, step.undo, step.undo.otherwise, known)
    return None


def _written_back(step: Step, back: WrittenBack, body: tuple[Part, ...], known: Known) -> Request:
    return Request(
        operation=step.operation("delete"),
        method=back.method,
        path=path_of(step.path, known),
        body=fixed_document(step.root, body, step.path, known),
        at_origin=step.at_origin,
        is_json=step.is_json,
    )


def release_list_request(step: Step, release: ReleasedByOrder, known: Known) -> Request:
    """Return the request for the list of orders that release numbers; page and size are mandatory (7.8)."""
    return Request(
        operation=step.operation("list"),
        method="GET",
        path=path_of(release.path, known),
        query=(("page", "1"), ("size", "300")),
    )


def release_read_request(step: Step, release: ReleasedByOrder, order_id: str, known: Known) -> Request:
    """Return the request for one order that releases numbers."""
    path = f"{path_of(release.path, known)}/{quote(order_id, safe='')}"
    return Request(operation=step.operation("released"), method="GET", path=path)


def in_service_request(step: Step, release: ReleasedByOrder, number: str, known: Known) -> Request:
    """Return the request that says whether the account still has a number (8)."""
    path = f"{path_of(release.in_service_at, known)}/{_as_path(number, known)}"
    return Request(operation=step.operation("look"), method="GET", path=path)


def location_request(step: Step, release: ReleasedByOrder, number: str, known: Known) -> Request:
    """Return the request that says which location has a number (8)."""
    path = release.location_at.format(number=_as_path(number, known))
    return Request(operation=step.operation("look"), method="GET", path=path)


def _as_path(number: str, known: Known) -> str:
    return quote(e164(number) if is_universal(known) else number, safe="")
