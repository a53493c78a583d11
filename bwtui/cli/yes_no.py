"""The answers to a question that is answered yes or no."""

from typing import Final

TIMES: Final = 3
"""The number of times that it is asked; after that it is no."""

_ANSWERS: Final = {"y": True, "yes": True, "n": False, "no": False, "": False}


def yes_or_no(line: str) -> bool | None:
    """Return the answer that a line gives; Enter alone is no. `None` for one that is neither: ask again.

    A line that has no end was not finished: the input ended, and that is no.
    """
    return _ANSWERS.get(line.strip().casefold()) if line.endswith("\n") else False
