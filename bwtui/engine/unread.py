"""Read something that may be refused: what could not be read is a value with its reason, not an error."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bwtui.domain.arrival.arrival import Unread
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.values.documents import Request
from bwtui.domain.values.text import single_line

LONGEST: Final = 30.0
"""Seconds after which one reading is given up: nobody should wait long for what may be unknown."""

_T = TypeVar("_T")


async def or_unread(
    reading: Awaitable[_T], told: str, refused: Callable[[str], Unread] | None = None
) -> _T | Unread:
    """Return what was read, or why it could not be: `told`, and the reason behind it.

    `refused` words a 403 by the text that came with it.
    """
    try:
        async with asyncio.timeout(LONGEST):
            return await reading
    except TimeoutError:
        return Unread(f"{told}: Bandwidth did not answer in time.")
    except ProblemError as error:
        problem = error.problem
        if problem.status == 403 and refused:
            return refused(problem.text)
        if problem.status == 403:
            reason = f"{told}: {single_line(problem.text)}"
            return Unread(reason, "The credentials may lack the role for it.")
        return Unread(f"{told}: {single_line(problem.text)}")


def nothing_read(request: Request, told: str) -> ProblemError:
    """Return the error for an answer that does not say what was asked."""
    return ProblemError(Problem(operation=request.operation, kind=Kind.FAILED, text=told))
