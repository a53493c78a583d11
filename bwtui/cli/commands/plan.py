"""`bwtui plan`: every request that `apply` would send, without sending one; with `--live`, how the account differs."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_result
from bwtui.cli.request_printing import mark_of, print_request, request_fields, requests_told
from bwtui.cli.session import Session, open_session, refuse_invalid_answers, report_errors
from bwtui.cli.style import Line, Span, Tone, hint
from bwtui.credentials import Given
from bwtui.domain.account.findings import Survey
from bwtui.domain.answers.answers import ACCOUNT_ID, Answers, wanted_steps
from bwtui.domain.planning.actions import Action, Plan, Verdict
from bwtui.domain.planning.look_up_requests import advice_requests, look_requests, proof_requests
from bwtui.domain.planning.order_plan import numbers_to_order
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.runs.run import RunState
from bwtui.domain.values.documents import Request
from bwtui.exits import Exit

OPEN_PLATFORM: Final = (
    "This is how voice is set up on the legacy platform. apply finds out which platform the account is on; "
    "on the Universal Platform voice is set up otherwise: --platform universal shows that."
)


class Options(NamedTuple):
    """The options of `bwtui plan`."""

    setup: SetupOptions
    login: Given
    file: str
    live: bool
    json: bool
    log: str | None


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print the requests, for which the account id may be missing; or what would be done on the account as it is."""
    output = Output(as_json=options.json)

    def work() -> int:
        session = open_session(options.setup, environ, output, options.file)
        return _live(session, options) if options.live else _plan(session)

    return report_errors(output, work)


def _live(session: Session, options: Options) -> int:
    from bwtui.cli.live_plan import live_plan  # noqa: PLC0415 - without --live, there is no network

    session.log_to(options.log)
    return live_plan(session, options.login)


def _plan(session: Session) -> int:
    refuse_invalid_answers(session, without=frozenset({ACCOUNT_ID} - set(session.answers.given)))
    return plan(session.answers, session.run, session.output, session.answers.base_url)


def plan(answers: Answers, run: RunState, output: Output, base_url: str) -> Exit:
    """Every request that `apply` would send, without sending one."""
    actions = make_plan(answers, run, {}, numbers_to_order(answers, run, Survey(findings={})))
    looks, proofs = look_requests(answers, run), proof_requests(answers, run)
    _tell_requests(output, "look", looks, base_url, _said("First it looks, which changes nothing:"))
    for action in actions:
        if action.verdict is Verdict.KEEP and not output.as_json:
            output.row(_heading(action, action.reason), indent=2)
            output.data("")
        if action.request:
            _tell_requests(
                output,
                "write",
                (action.request,),
                base_url,
                _heading(action, action.step.explanation),
                costs=action.costs,
            )
    _tell_requests(output, "prove", proofs, base_url, _said("Last it reads everything back:"))
    advice = advice_requests(answers, run)
    if advice:
        _tell_requests(
            output, "prove", advice, base_url, _said("And which campaigns texts to US phones could go by:")
        )
    if answers.platform is None and any(step.platform for step in wanted_steps(answers)):
        output.say(hint(OPEN_PLATFORM))
    output.say(_summary(len(looks) + len(proofs) + len(advice), actions))
    print_result(output, "planned", run, answers)
    return Exit.DONE


def _said(text: str) -> Line:
    return (Span("# ", Tone.DIM), Span(text))


def _heading(action: Action, text: str) -> Line:
    mark = mark_of(action)
    return (
        Span("# ", Tone.DIM),
        Span(f"{mark.sign} {action.word} ", mark.tone),
        Span(action.step.title, Tone.STRONG),
        Span(f": {text}"),
    )


def _summary(reads: int, plan: Plan) -> str:
    """Count the requests, those that cost money apart."""
    money = "; 1 of them costs money" if plan.paid else ""
    return f"{requests_told(len(plan.writes), reads)}{money}. Nothing was sent."


def _tell_requests(
    output: Output,
    phase: str,
    requests: tuple[Request, ...],
    base_url: str,
    why: Line = "",
    *,
    costs: bool = False,
) -> None:
    for request in requests:
        output.event("request", phase=phase, costs=costs, **request_fields(request))
    if output.as_json:
        return
    output.row(why, indent=2)
    for request in requests:
        print_request(output, request, base_url)
    output.data("")
