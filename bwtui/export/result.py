"""What a setup has come to: all that an export may tell."""

from collections.abc import Mapping
from dataclasses import dataclass

from bwtui.domain.answers import Answers
from bwtui.domain.checks import e164, ten_digits
from bwtui.domain.run import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A setup and what it has made. The answers' secrets are never looked at."""

    account_id: str
    base_url: str
    answers: Answers
    outputs: Mapping[str, str]
    """Ids by name: `site_id`."""
    numbers: tuple[str, ...]
    """Ten digits each, as the run has them."""
    run: RunState

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
        answers=answers,
        outputs=run.outputs,
        numbers=run.numbers,
        run=run,
    )
