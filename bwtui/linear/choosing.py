"""A choice from a long list: ten lines at a time, by number."""

from collections.abc import Callable, Sequence
from typing import Final

from bwtui.domain.values.text import split_list
from bwtui.linear.conversation import Conversation, chosen_number

PAGE: Final = 10
"""Lines that are shown at a time."""


def choose_from(
    talk: Conversation,
    question: str,
    lines: Sequence[str],
    find: Callable[[str], int | None],
    *,
    fallback: str,
    several: bool = False,
) -> tuple[int, ...]:
    """Ask for one or several of the lines by number, or by what `find` knows; return their indexes, none for Enter.

    `fallback` says what counts where nothing is chosen.
    """
    shown = _show(talk, lines, 0)
    while True:
        more = f"; m for more of {len(lines)}" if shown < len(lines) else ""
        numbers = (
            "Their numbers in this list, such as 1 3" if several else "Its number in this list, or its ID"
        )
        answer = talk.ask(f"{question} {numbers}{more} [{fallback}]")
        if not answer:
            return ()
        if answer.casefold() in ("m", "more") and more:
            shown = _show(talk, lines, shown)
            continue
        wanted = _parts(answer, find) if several else (answer,)
        chosen = [_index(each, shown, find) for each in wanted]
        if chosen and all(index is not None for index in chosen):
            return tuple(dict.fromkeys(index for index in chosen if index is not None))
        one = "numbers" if several else "a number"
        talk.refuse(f"Type {one} from 1 to {shown}{', or m for more' if more else ''}.")


def _show(talk: Conversation, lines: Sequence[str], start: int) -> int:
    """Say the next lines; return how many were said by now."""
    end = min(start + PAGE, len(lines))
    talk.number(lines[start:end], start + 1)
    return end


def _parts(answer: str, find: Callable[[str], int | None]) -> tuple[str, ...]:
    """Return what was chosen, with commas or blanks between; what `find` knows may have blanks in it."""
    parts = split_list(answer)
    return tuple(each for part in parts for each in ((part,) if find(part) is not None else part.split()))


def _index(text: str, shown: int, find: Callable[[str], int | None]) -> int | None:
    number = chosen_number(text, shown)
    return number - 1 if number else find(text)
