"""Print requests, and the sign of what each is for; apart from `plan_printing`, so that `bwtui plan` starts sooner."""

from typing import assert_never

from bwtui.cli.output import Output
from bwtui.cli.style import Mark
from bwtui.domain.planning.actions import Action, Verdict
from bwtui.domain.values.documents import Request, to_json, to_xml
from bwtui.domain.values.text import counted


def mark_of(action: Action) -> Mark:
    """The sign of an action."""
    match action.verdict:
        case Verdict.NEW:
            return Mark.COSTS if action.costs else Mark.CREATE
        case Verdict.KEEP | Verdict.LEAVE:
            return Mark.KEEP
        case Verdict.CHANGE:
            return Mark.CHANGE
        case Verdict.CONFLICT:
            return Mark.CONFLICT
        case Verdict.WAIT:
            return Mark.WAITING
        case _:
            assert_never(action.verdict)


def request_fields(request: Request) -> dict[str, object]:
    """A request, for machines."""
    return {
        "operation": request.operation,
        "method": request.method,
        "path": request.path,
        "at_origin": request.at_origin,
        "query": dict(request.query),
        "body": (to_json if request.is_json else to_xml)(request.body) if request.body else None,
    }


def requests_told(writes: int, reads: int) -> str:
    """Count requests, by what they do."""
    change = "changes" if writes == 1 else "change"
    return f"{counted(reads + writes, 'request')}: {writes} {change} the account, {reads} only look"


def print_request(output: Output, request: Request, base_url: str) -> None:
    """Print a request as it would be sent, for people."""
    if output.as_json:
        return
    query = "&".join(f"{name}={value}" for name, value in request.query)
    output.data(f"{request.method} {request.url(base_url)}{'?' if query else ''}{query}")
    if request.body:
        output.data(request.shown_body)
