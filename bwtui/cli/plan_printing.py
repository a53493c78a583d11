"""Print plans and what was read back; apart from what needs no plan, so that `bwtui status` starts sooner."""

from collections.abc import Iterator
from typing import Final

from bwtui.cli.output import Output
from bwtui.cli.printing import say_row, tell_notices, tell_problem
from bwtui.cli.request_printing import mark_of, request_fields
from bwtui.cli.style import INDENT, Line, Mark, Span, Tone, marked, row, warning
from bwtui.command_line import CommandLine
from bwtui.domain.account.findings import Survey
from bwtui.domain.callbacks.redirect_text import AtListener
from bwtui.domain.planning.actions import Action, Plan, Verdict
from bwtui.domain.planning.stored_spellings import spellings_text
from bwtui.domain.planning.value_changes import value_changes
from bwtui.domain.values.text import counted
from bwtui.domain.walk.walk import TITLES
from bwtui.domain.walk.walk_text import lacking_text

VALUE_INDENT: Final = 6
"""The column at which the line of a value goes on where it is wrapped."""


def print_lacking_features(output: Output, survey: Survey) -> None:
    """Print which features that steps need the account seems to lack."""
    for step, feature in survey.lacking.items():
        output.event("warning", step=step, text=f"The account seems to lack {feature}.")
        output.say(warning(f"{TITLES[step]}: {lacking_text(feature)}"), indent=2)


def print_plan(output: Output, plan: Plan) -> None:
    """Print what is about to happen, a line for each step and for each value that changes."""
    for action in plan:
        output.event("action", **action_fields(action))
        for line, indent in action_lines(action):
            output.say(line, indent=indent)
    if not plan.conflicts:
        output.say(_changes(plan))


def action_fields(action: Action) -> dict[str, object]:
    """An action, for machines."""
    return {
        "step": action.step.key, "verdict": action.verdict.value, "reason": action.reason, "costs": action.costs,
        "changes": [
            {"label": change.label, "element": change.wire, "old": change.old, "new": change.new}
            for change in value_changes(action)
        ],
        "request": request_fields(action.request) if action.request else None,
    }  # fmt: skip


def action_lines(action: Action, about: str = "") -> Iterator[tuple[Line, int]]:
    """Yield the lines of an action, each with its indent where it is wrapped: its row, then a line for each value.

    `about` says what the action is about, before its reason.
    """
    changes = value_changes(action)
    if action.verdict is Verdict.CONFLICT and action.problem:
        reason = "see below"  # what keeps all from being done is told once, with what to do about it
    elif action.verdict is Verdict.CHANGE and changes:
        reason = action.besides
    else:
        reason = _why(action)
    why = "; ".join(filter(None, (about, reason, "costs money" if action.costs else "")))
    yield row(mark_of(action), action.step.title, action.word, why), INDENT
    for change in changes:
        yield (
            (
                Span(f"    {change.label}: "),
                Span(change.old_told, Tone.DIM),
                Span(" -> "),
                Span(change.new_told, mark_of(action).tone),
            ),
            VALUE_INDENT,
        )


def _changes(plan: Plan) -> str:
    """Return how many requests change the account."""
    if not plan.writes:
        return "Nothing on the account has to be changed."
    money = "; 1 of them costs money" if plan.paid else ""
    return f"{counted(len(plan.writes), 'request')} will change the account{money}."


def _why(action: Action) -> str:
    from bwtui.domain.remedies.remedies import with_advice  # noqa: PLC0415

    problem = action.problem or action.unproven
    return with_advice(action.reason, problem) if problem else action.reason


def print_verification(
    output: Output, plan: Plan, commands: CommandLine, pointed: AtListener | None = None
) -> None:
    """Print what was read back, a line for each step, and what to do about what is not as it should be.

    `pointed` are the callback URLs that lead to a listener for now: nothing is set right before they are back.
    """
    for action in plan:
        fine = action.is_proven
        output.event(
            "verified", step=action.step.key, ok=fine, reason="" if fine else action.reason or "missing"
        )
        if fine:
            kept = spellings_text(action.step, action.spellings)
            say_row(output, Mark.DONE, action.step.title, "verified", kept)
        else:
            # What is wrong is told once, below, with what to do about it.
            why = "see below" if action.problem or action.unproven else action.reason or "missing"
            is_open = action.unproven or action.verdict is Verdict.WAIT
            say_row(output, Mark.OPEN if is_open else Mark.FAILED, action.step.title, "not verified", why)
    tell_notices(output, ((action.step, text) for action in plan for text in action.notices))
    if plan.is_proof:
        output.say(marked(Mark.DONE, "Everything was read back and is as it should be."))
        return
    output.say(marked(Mark.FAILED, "Not everything is as it should be."))
    if pointed:
        _say_way_back(output, pointed)
    elif any(action.verdict in (Verdict.NEW, Verdict.CHANGE, Verdict.WAIT) for action in plan.not_proven):
        output.say("To set it right, run apply again:", command=commands.of("apply", "FILE"))
    for problem in plan.disproofs:
        tell_problem(output, problem)


def _say_way_back(output: Output, pointed: AtListener) -> None:
    if pointed.is_listening:
        output.say("The callback URLs come back when bwtui listen ends. Verify again then.")
    else:
        output.say("To put the callback URLs back:", command=pointed.restore)
