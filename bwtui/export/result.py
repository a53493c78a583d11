"""The result of a setup: all that an export may tell."""

from collections.abc import Mapping
from dataclasses import dataclass

from bwtui.domain.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.checks import e164, ten_digits
from bwtui.domain.order_text import order_told
from bwtui.domain.progress import Open, Progress, on_account, open_points, progress_of
from bwtui.domain.run import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A setup and what it has made. The answers' secrets are never looked at."""

    account_id: str
    base_url: str
    answers: Answers
    """As they are on the account, as far as that is known."""
    outputs: Mapping[str, str]
    """Ids by name: `site_id`."""
    numbers: tuple[str, ...]
    """Ten digits each, as the run has them."""
    run: RunState
    progress_of: Progress
    open: tuple[Open, ...]
    """What keeps the setup from being done."""

    @property
    def told(self) -> tuple[str, ...]:
        """How far the setup is and what is open, in lines for people; empty where it is done."""
        if self.progress_of is Progress.DONE:
            return ()
        head = "Not finished" if self.progress_of is Progress.INCOMPLETE else "Applied, not verified"
        return (f"{head}:", *(f"{point.step.title}: {self.open_text(point)}" for point in self.open))

    def open_text(self, point: Open) -> str:
        """Say why a step is not done: of an order under way more than that it was started."""
        return point.text if point.is_wrong else order_told(self.run.step(point.step.key)) or point.text

    @property
    def order_told(self) -> str:
        """What is known of a number order that is under way, with text from outside; empty where none is."""
        return order_told(self.run.step(PAID_STEP.key))

    def id(self, output: str) -> str:
        """An id that a step has produced; empty where there is none."""
        return self.outputs.get(output, "")

    @property
    def e164_numbers(self) -> tuple[str, ...]:
        """The numbers as messages and calls name them: `+19195551234`."""
        return tuple(e164(number) for number in self.numbers if ten_digits(number))

    @property
    def number(self) -> str:
        """The first number; empty where there is none."""
        return next(iter(self.e164_numbers), "")


def result_of(account_id: str, base_url: str, answers: Answers, run: RunState) -> Result:
    """Sum up a run."""
    return Result(
        account_id=account_id,
        base_url=base_url,
        answers=on_account(answers, run),
        outputs=run.outputs,
        numbers=run.numbers,
        run=run,
        progress_of=progress_of(answers, run),
        open=open_points(answers, run),
    )


def comments(result: Result) -> tuple[str, ...]:
    """List what is open, as comments of a shell: whatever a text from outside holds, it stays on its line."""
    return tuple(f"# {on_one_line(line)}" for line in result.told)


def on_one_line(text: str) -> str:
    """Text from outside without what cannot be printed."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
