"""Where an order would not bring every number that is missing, none is sent, and the reason that is told is true."""

from typing import Any, NoReturn

import pytest

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import FoundAsOrder
from bwtui.engine.number_order import NumberOrder
from support.guide import guide_answers
from support.in_process import quick_pace

FOUND = ("9195550100", "9195550101", "9195550102")
NAMED = {"number__area_code": None, "number__quantity": None, "number__numbers": "9195550100, 9195550101"}


class NothingSent(Exception):  # noqa: N818 - the end of a test
    """The order would be sent now."""


async def ordered(answers: Answers, *, agreed: int, found: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the numbers of the first order, which is not sent."""
    asked: list[tuple[str, ...]] = []

    def note(event: Any) -> NoReturn:
        asked.append(event.numbers)
        raise NothingSent

    assert isinstance(PAID_STEP.found_by, FoundAsOrder)
    nowhere: Any = None
    ordering = NumberOrder(
        answers=answers, step=PAID_STEP, ordered=PAID_STEP.found_by, looker=nowhere, known=known_so_far(answers, RunState()),
        candidates=found, agreed=agreed, is_wanted=True, note=note, settled=nowhere, write=nowhere, orders=tuple,
        pace=quick_pace(),
    )  # fmt: skip
    with pytest.raises(NothingSent):
        await ordering.complete()
    return asked[0]


@pytest.mark.parametrize(
    ("changes", "agreed", "found", "told"),
    [
        (
            {"number__quantity": "3"},
            2,
            FOUND,
            "3 more phone numbers to order, and only 2 agreed to in this run.",
        ),
        (
            {"number__quantity": "3"},
            2,
            FOUND[:2],
            "3 more needed, and the search has 2 left that can be had.",
        ),
        ({"number__quantity": "3"}, 3, (), "The search found no numbers"),
        (
            {**NAMED, "number__given_up": "9195550100"},
            1,
            (),
            "2 more needed, and 1 of those that are named given up: name others instead.",
        ),
    ],
)
async def test_too_few_are_not_ordered_and_the_limit_that_is_told_is_the_one(
    changes: dict[str, str | None], agreed: int, found: tuple[str, ...], told: str
) -> None:
    with pytest.raises(ProblemError) as refused:
        await ordered(guide_answers("9900000", **changes), agreed=agreed, found=found)
    assert told in refused.value.problem.text


@pytest.mark.parametrize(
    ("changes", "agreed", "found", "numbers"),
    [
        ({"number__quantity": "3"}, 3, FOUND, FOUND),
        ({"number__quantity": "3", "number__partial_allowed": "true"}, 2, FOUND, FOUND[:2]),
        ({**NAMED, "number__given_up": "9195550100", "number__partial_allowed": "true"}, 1, (), FOUND[1:2]),
    ],
)
async def test_no_more_are_ordered_than_were_agreed_to(
    changes: dict[str, str | None], agreed: int, found: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    assert await ordered(guide_answers("9900000", **changes), agreed=agreed, found=found) == numbers
