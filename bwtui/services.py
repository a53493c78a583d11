"""What a front end may do to the world: small frozen values, wired up by the command line."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # start-up time is budgeted, and what a service takes and gives is only named here
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bwtui.credentials import Login
    from bwtui.domain.account import Account, AvailableNumber, Candidate
    from bwtui.domain.actions import Plan
    from bwtui.domain.answers import Answer, Answers
    from bwtui.domain.bookmark import Bookmark
    from bwtui.domain.documents import Exchange
    from bwtui.domain.findings import Survey
    from bwtui.domain.run import Event, RunState
    from bwtui.domain.steps import Step

    Recorder = Callable[[Sequence[Event]], Awaitable[None]]


class NotKept(Exception):  # noqa: N818 - named as what is the matter
    """What was to be written down could not be; the text says why and what to do."""


def stopping(seconds: float) -> str:
    """What is told when the person wants to leave, with the seconds that requests under way may still take."""
    if not seconds:
        return "Stopping"
    return f"Stopping after the request under way, up to {math.ceil(seconds)} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The engine over one account.

    What is awaited raises `ProblemError` for what the API refused or could not be asked, and `Stopped` after `stop`.
    """

    survey: Callable[[Answers, RunState], Awaitable[Survey]]
    """Look at what is there; changes nothing."""
    provision: Callable[[Answers, RunState, Plan, tuple[str, ...], Recorder], Awaitable[RunState]]
    """Carry out a plan, with the numbers that may be ordered; failures of steps are in the run that it gives.

    The recorder writes what happens to disk with `keep`, then shows it; events of one moment come together.
    """
    verify: Callable[[Answers, RunState], Awaitable[Plan]]
    """Read everything back; proven when every action is *keep*."""
    keep: Callable[[Sequence[Event]], None]
    """Write events to the state file, which takes a moment: call it in a thread. Raises `NotKept`."""
    stop: Callable[[], None]
    """Start nothing new, and let what is under way come to its end."""
    seconds_under_way: Callable[[], float]
    """How long what is under way may still take at most; 0 where nothing is."""
    account: Callable[[Answers], Awaitable[Account]]
    """Read the account itself, its products, its sub-accounts and applications; changes nothing."""
    candidates: Callable[[Step, Answers], Awaitable[tuple[Candidate, ...]]]
    """What is there that a step could use; a location's needs the id under `site.use`."""
    search: Callable[[Answers, int], Awaitable[tuple[AvailableNumber, ...]]]
    """Search for numbers as answered, at most so many; empty where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the wizard has beside the API: how to connect to it, and the files of one setup."""

    connect: Callable[
        [Login, Answers, Callable[[Exchange], None], Callable[[str, float, str], None]],
        AbstractAsyncContextManager[Services],
    ]
    """The engine over the account of the answers.

    The first callback is told each exchange, secrets masked; the second each wait: operation, seconds and reason.
    Raises `NotKept` where the setup on disk belongs to another account, `ProblemError` where the address cannot be
    used.
    """
    save: Callable[[Mapping[str, Answer], Bookmark], None]
    """Write the answers and the place to the state file, events left as they are. Raises `NotKept`."""
    start_over: Callable[[], None]
    """Set what is kept of this setup aside, and begin with nothing. Raises `NotKept`."""
    save_answers: Callable[[Path, Answers], None]
    """Write an answers file that `bwtui apply` takes. Raises `NotKept`; a file that is there is not overwritten."""
    write: Callable[[Path, str], None]
    """Write an export to a file. Raises `NotKept`; a file that is there is not overwritten."""
    export: Callable[[str, Answers, RunState], str]
    """The result as env, json, curl or markdown, ready to be shown or written."""
    login: Login | None = None
    """The credentials that flags, environment or keyring hold."""
    resume_hint: str = "bwtui"
    """The command that goes on where this one was left."""
    demo: bool = False
