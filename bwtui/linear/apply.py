"""After a run: what did not work, with what to do about it, and the question of what to do next."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bwtui.domain.answers.answers import wanted_steps
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.planning.progress import declined_step
from bwtui.domain.remedies.remedies import explain
from bwtui.domain.runs.problem import Problem
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import exchange_text
from bwtui.domain.walk.draft import AnswerDraft, recommended_address
from bwtui.domain.walk.walk_text import STAYS_OPEN, declined_text
from bwtui.linear.conversation import Conversation, Left
from bwtui.linear.error_text import WORDING
from bwtui.linear.work import Work

Way = Callable[[], str | None]
"""Does something, and returns the question to go to; `None` asks what to do once more."""


class Aftermath:
    """The next thing to do after a run."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work

    def ask(self, problem: str = "") -> str:
        """Say what is open, and ask what to do; return the question to go to, or none to look at the account again.

        `problem` is what went wrong with the whole of it. Raises `Left`.
        """
        failures = tuple(self._failures())
        for step, failed in failures:
            self._talk.say(f"{step.title}: {WORDING.told(failed)}")
        self._talk.say(problem or self._open_points() or self._declined_text())
        return self._next(*failures[0]) if failures else self._next(self._declined, None)

    def _failures(self) -> Iterator[tuple[Step, Problem]]:
        for step in wanted_steps(self._draft.answers):
            if problem := self._draft.run.step(step.key).problem:
                yield step, problem

    def _open_points(self) -> str:
        return WORDING.verification_lines(self._work.setup.proof or ())

    @property
    def _declined(self) -> Step | None:
        """The step that costs money, where everything else is done."""
        return None if any(self._failures()) else declined_step(self._draft.answers, self._draft.run)

    def _declined_text(self) -> str:
        if self._declined:
            return declined_text(self._draft.answers, self._draft.run)
        return "Not finished. What is done stays done."

    def _next(self, step: Step | None, failed: Problem | None) -> str:
        """Ask what to do about the first that did not work."""
        while True:
            ways = list(self._ways(step, failed))
            chosen = self._talk.choose("What next?", [text for text, _ in ways], "What is done stays done.")
            question = ways[chosen][1]()
            if question is not None:
                return question

    def _ways(self, step: Step | None, failed: Problem | None) -> Iterator[tuple[str, Way]]:
        """Yield what can be done, in words, and the doing of it."""
        yield "try again: look at the account and go on with what is missing", self._retry
        if failed:
            field = explain(failed).field
            if field in QUESTIONS:
                yield f"change the answer: {QUESTIONS[field].label}", partial(self._fix, field, failed)
            if address := recommended_address(failed.details):
                text = "take the address that Bandwidth recommends, and try again"
                yield text, partial(self._take_address, address)
        if step and step.left_out_by:
            yield f"do without it: {step.title}", partial(self._leave_out, step)
        if step and failed:
            yield "show what was said: requests and replies", partial(self._show_exchanges, step)
        yield "leave; everything can be resumed", _leave

    def _retry(self) -> str:
        self._draft.forget_refusals()
        return ""

    def _fix(self, field: str, failed: Problem) -> str:
        self._draft.refused[field] = WORDING.field_text(failed)
        return field

    def _take_address(self, address: Mapping[str, str]) -> str:
        self._draft.take_address(address)
        return self._retry()

    def _leave_out(self, step: Step) -> str | None:
        """Do without a step; an order that may still be filled is not forgotten without a word."""
        orders = [order for order in self._draft.run.step(step.key).orders if not order.is_final]
        if orders:
            named = orders[-1].order_id or orders[-1].customer_order_id
            if not self._talk.confirm(STAYS_OPEN.format(order=named)):
                return None
        self._draft.answer(step.left_out_by, step.left_out_answer)
        return self._retry()

    def _show_exchanges(self, step: Step) -> None:
        """Say every request and reply of a step, the latest first, secrets masked."""
        said = [each for each in self._work.setup.exchanges if each.operation.partition(".")[0] == step.key]
        for exchange in reversed(said):
            self._talk.say(exchange_text(exchange))
        if not said:
            self._talk.say("Nothing was sent for this step yet.")


def _leave() -> str:
    raise Left
