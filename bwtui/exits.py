"""Exit codes: a superset of those of Bandwidth's own `band`."""

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    FAILED = 1
    CREDENTIALS = 2
    NOT_FOUND = 3
    CONFLICT = 4
    UNREACHABLE = 5
    INVALID = 6
    RATE_LIMITED = 7
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


MEANING: Final = {
    Exit.DONE: "done and verified",
    Exit.FAILED: "failed",
    Exit.CREDENTIALS: "credentials refused",
    Exit.NOT_FOUND: "not found",
    Exit.CONFLICT: "conflict, or the account cannot do this",
    Exit.UNREACHABLE: "unreachable, or still waiting: resume later",
    Exit.INVALID: "invalid command line or answers",
    Exit.RATE_LIMITED: "rate limited",
    Exit.HUNG_UP: "the terminal went away (SIGHUP)",
    Exit.INTERRUPTED: "interrupted (Ctrl+C)",
    Exit.TERMINATED: "terminated (SIGTERM)",
}

_STATUS: Final = {
    Exit.DONE: "done",
    Exit.CONFLICT: "conflict",
    Exit.INVALID: "invalid",
    Exit.HUNG_UP: "interrupted",
    Exit.INTERRUPTED: "interrupted",
    Exit.TERMINATED: "interrupted",
}


def status_for(code: Exit) -> str:
    """The `"status"` of the last line of `--json`."""
    return _STATUS.get(code, "failed")


def exit_for(kind: str | None) -> Exit:
    """The exit code that a kind of problem (`domain.runs.problem.Kind`) ends in: they have the same names; `None` is none."""
    return Exit[kind.upper()] if kind else Exit.DONE
