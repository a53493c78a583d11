"""`bwtui plan`: every request that `apply` would send, without sending one."""

from collections.abc import Mapping
from typing import NamedTuple

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.report import print_result, request_fields
from bwtui.cli.session import Session, open_session, refuse_invalid_answers, report_errors
from bwtui.domain.actions import Verdict
from bwtui.domain.answers import Answers
from bwtui.domain.documents import Request, to_xml
from bwtui.domain.findings import Survey
from bwtui.domain.look_up_requests import look_requests, proof_requests
from bwtui.domain.order_plan import numbers_to_order
from bwtui.domain.plan import make_plan
from bwtui.domain.run import RunState
from bwtui.exits import Exit


class Options(NamedTuple):
    """The options of `bwtui plan`."""

    setup: SetupOptions
    file: str
    json: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print the requests; the account id may be missing."""
    output = Output(as_json=options.json)
    return report_errors(output, lambda: _plan(open_session(options.setup, environ, output, options.file)))


def _plan(session: Session) -> int:
    refuse_invalid_answers(session, without=frozenset({"account.account_id"} - set(session.answers.given)))
    return plan(session.answers, session.run, session.output, session.answers.base_url)


def plan(answers: Answers, run: RunState, output: Output, base_url: str) -> Exit:
    """Every request that `apply` would send, without sending one."""
    actions = make_plan(answers, run, {}, numbers_to_order(answers, run, Survey(findings={})))
    _tell_requests(output, "look", look_requests(answers, run), base_url)
    for action in actions:
        if action.verdict is Verdict.KEEP and not output.as_json:
            output.data(f"# {action.step.title}: kept as it is ({action.reason})\n")
        if action.request:
            _tell_requests(
                output,
                "write",
                (action.request,),
                base_url,
                f"{action.step.title}: {action.step.explanation}",
                costs=action.costs,
            )
    _tell_requests(output, "prove", proof_requests(answers, run), base_url)
    print_result(output, "planned", run)
    return Exit.DONE


def _tell_requests(
    output: Output,
    phase: str,
    requests: tuple[Request, ...],
    base_url: str,
    why: str = "",
    *,
    costs: bool = False,
) -> None:
    for request in requests:
        output.event("request", phase=phase, costs=costs, **request_fields(request))
    if output.as_json:
        return
    heading = {
        "look": "First it looks, which changes nothing:",
        "prove": "Last it reads everything back:",
    }.get(phase, why)
    output.data(f"# {heading}")
    for request in requests:
        query = "&".join(f"{name}={value}" for name, value in request.query)
        output.data(f"{request.method} {base_url}{request.path}{'?' if query else ''}{query}")
        if request.body:
            output.data(to_xml(request.body, indent=True))
    output.data("")
