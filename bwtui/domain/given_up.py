"""Objects that somebody removed and the person has given up: they are made anew."""

from bwtui.domain.answers import Answers, wanted_steps
from bwtui.domain.comparison import is_same
from bwtui.domain.run import GivenUp, RunState, Status
from bwtui.domain.steps import Listed


def given_up(answers: Answers, run: RunState, at: float = 0.0) -> tuple[GivenUp, ...]:
    """The steps that begin anew: those whose object the person has given up, and all that depend on them."""
    gone: set[str] = set()
    found = []
    for step in wanted_steps(answers):
        id_ = run.step(step.key).outputs.get(step.produces, "")
        told = answers.text(step.key_of("given_up")) if isinstance(step.found_by, Listed) else ""
        if (id_ and is_same(id_, told)) or (gone & step.needs and run.step(step.key).status is Status.DONE):
            gone.add(step.produces)
            found.append(GivenUp(step=step.key, at=at))
    return tuple(found)


def begun_anew(answers: Answers, run: RunState) -> RunState:
    """The run without what the person has given up."""
    for event in given_up(answers, run):
        run = run.apply(event)
    return run
