"""JSON in and out, and errors with a type and a description, as on the messaging and voice hosts."""

import json
from typing import Any

from bwtui.simulator.http import ApiRequest


class JsonErrorResponse(Exception):  # noqa: N818 - it is an answer of the API, not an error of the simulator
    """A refusal in JSON."""

    def __init__(self, status: int, kind: str, description: str, more: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {kind}")
        self.status = status
        self.body = {"type": kind, "description": description, **(more or {})}


def fields_of(request: ApiRequest) -> dict[str, Any]:
    """Return the JSON object in the body; 415 for any other content type, 400 for any other content."""
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise JsonErrorResponse(
            415, "unsupported-content-type", "The Content-Type of the request is not supported"
        )
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise JsonErrorResponse(400, "request-validation", "Your request body could not be read")
    return body
