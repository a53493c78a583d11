"""The result of a setup: everything that an export may contain."""

from collections.abc import Mapping
from dataclasses import dataclass

from bwtui.command_line import USUAL_SETUP, CommandLine
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.progress import Open, Progress, notices, on_account, open_points, progress_of
from bwtui.domain.platform import Platform
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import e164, ten_digits
from bwtui.domain.values.text import single_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A setup and the objects that it has made. The answers' secrets are never used."""

    account_id: str
    base_url: str
    answers: Answers
    """The answers that the account has, as far as that is known."""
    outputs: Mapping[str, str]
    """Ids by name: `site_id`."""
    numbers: tuple[str, ...]
    """The run's phone numbers, ten digits each."""
    run: RunState
    progress: Progress
    open: tuple[Open, ...]
    """The points that keep the setup from being done."""
    commands: CommandLine
    """The command lines for this setup."""
    notices: tuple[tuple[Step, str], ...] = ()
    """Sentences on what is on the account besides what is wanted, with the step that each belongs to."""

    @property
    def told(self) -> tuple[str, ...]:
        """The progress of the setup and its open points, in lines for people; empty if it is done."""
        if self.progress is Progress.DONE:
            return ()
        head = "Not finished" if self.progress is Progress.INCOMPLETE else "Applied, not verified"
        return (f"{head}:", *(f"{point.step.title}: {self.open_text(point)}" for point in self.open))

    def open_text(self, point: Open) -> str:
        """Say why a step is not done: of an order under way more than that it was started."""
        from bwtui.domain.remedies.remedies import with_advice  # noqa: PLC0415 - a long table, read only where something is open

        if point.is_wrong:
            return with_advice(point.text, point.problem)
        return order_told(self.run.step(point.step.key)) or point.text

    @property
    def order_told(self) -> str:
        """Describe the number order that is under way, with text from outside; empty if there is none."""
        return order_told(self.run.step(PAID_STEP.key))

    @property
    def platform(self) -> Platform | None:
        """The platform that the account is on; `None` while that is not known."""
        return self.answers.platform

    def has_place_for(self, step: Step) -> bool:
        """Return True if a step exists on the account's platform, or was done before the platform was known."""
        return step.platform in (None, self.platform) or bool(self.id(step.produces))

    def id(self, output: str) -> str:
        """Return an id that a step has produced; empty if there is none."""
        return self.outputs.get(output, "")

    @property
    def e164_numbers(self) -> tuple[str, ...]:
        """The numbers as they are sent in messages and calls: `+19195551234`."""
        return tuple(e164(number) for number in self.numbers if ten_digits(number))

    @property
    def number(self) -> str:
        """The first number; empty if there is none."""
        return next(iter(self.e164_numbers), "")


def result_of(
    account_id: str,
    base_url: str,
    answers: Answers,
    run: RunState,
    commands: CommandLine = USUAL_SETUP,
) -> Result:
    """Make the result from answers and run."""
    return Result(
        account_id=account_id,
        base_url=base_url,
        answers=on_account(answers, run),
        outputs=run.outputs,
        numbers=run.numbers,
        run=run,
        progress=progress_of(answers, run),
        open=open_points(answers, run),
        commands=commands,
        notices=notices(run),
    )


def comments(result: Result) -> tuple[str, ...]:
    """Return the open points as comments of a shell, each on one line whatever a text from outside contains."""
    return tuple(f"# {single_line(line)}" for line in result.told)
