"""The types of arguments: each reads what was typed after an option, or says what should stand there instead."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.lists.setup_list import RowRange


def speed(text: str) -> float:
    """How many times as fast, above 0."""
    return _above_zero(text, "a speed: 2 is twice as fast, 0.5 half as fast")


def rate(text: str) -> float:
    """Requests a second, above 0."""
    return _above_zero(text, "a rate: 5 is five requests a second")


def _above_zero(text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not {what}")
    return number


def row_range(text: str) -> "RowRange":
    """Rows of a list: `3`, `1-500` or `501-`."""
    from bwtui.domain.lists.setup_list import row_range as read  # noqa: PLC0415 - only where rows are named

    try:
        return read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def count(text: str) -> int:
    """A whole number from 1 on."""
    number = whole_number(text)
    if not number:
        raise argparse.ArgumentTypeError("it must be at least 1, which is one row after another")
    return number


def whole_number(text: str) -> int:
    """A whole number from 0 on."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number")
    return int(text)
