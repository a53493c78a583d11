"""The lines of `bwtui doctor`: what each says, and the exit code that all together amount to."""

import re
from pathlib import Path
from typing import Final, get_args

import pytest

from bwtui.domain import doctor
from bwtui.domain.callbacks.callback_check import CallbackOutcome
from bwtui.domain.doctor import (
    State,
    clock_line,
    fine,
    not_looked_at,
    outcome,
    stops,
    summary,
    terminal_lines,
    unknown,
)
from bwtui.domain.runs.problem import Kind

REFERENCE: Final = Path(__file__).parents[2] / "docs" / "reference.md"
FINE = fine("net.dns", "found")
UNKNOWN = unknown("account.features", "not looked at because there is no token")
REFUSED = stops("auth.token", "everything", "Refused.", "Check it.", Kind.CREDENTIALS)
DOWN = stops("net.dns", "everything", "Not found.", "Check it.", Kind.UNREACHABLE)
LIMITED = stops("auth.token", "everything", "Too many.", "Wait.", Kind.RATE_LIMITED)
NO_CAMPAIGN = stops("numbers.messages", "messages", "On no campaign.", "")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([FINE], None),
        ([FINE, UNKNOWN], None),
        ([FINE, NO_CAMPAIGN, UNKNOWN], Kind.CONFLICT),
        ([DOWN, UNKNOWN], Kind.UNREACHABLE),
        ([LIMITED], Kind.UNREACHABLE),
        ([REFUSED, UNKNOWN], Kind.CREDENTIALS),
        ([NO_CAMPAIGN, DOWN, REFUSED], Kind.CREDENTIALS),
        ([NO_CAMPAIGN, DOWN], Kind.UNREACHABLE),
    ],
)
def test_what_is_unknown_fails_nothing_and_the_nearest_obstacle_decides(
    lines: list[doctor.Line], kind: Kind | None
) -> None:
    assert outcome(lines) == kind


def test_what_makes_no_sense_any_more_says_why_it_was_not_looked_at() -> None:
    lines = not_looked_at(("auth.roles", "account.id"), "there is no token")
    assert [line.state for line in lines] == [State.UNKNOWN] * 2
    assert {line.text for line in lines} == {"not looked at because there is no token"}


def test_the_summary_counts() -> None:
    assert summary([FINE, FINE, NO_CAMPAIGN, UNKNOWN]) == "2 fine, 1 will stop something, 1 unknown"
    assert summary([FINE]) == "1 fine"


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ({}, {}),
        ({"size": (60, 20)}, {}),
        ({"size": (30, 24)}, {"terminal.size": State.STOPS}),
        ({"size": (80, 10)}, {"terminal.size": State.STOPS}),
        ({"kind": "dumb"}, {"terminal.type": State.STOPS}),
        ({"kind": ""}, {"terminal.type": State.STOPS}),
        ({"is_terminal": False, "kind": "", "size": (1, 1)}, {}),
        ({"is_utf8": False, "encoding": "C"}, {}),
    ],
)
def test_a_terminal_is_judged_by_what_the_wizard_needs(
    changes: dict[str, object], states: dict[str, State]
) -> None:
    given = {
        "is_terminal": True,
        "kind": "xterm",
        "size": (80, 24),
        "is_utf8": True,
        "encoding": "en_US.UTF-8",
    }
    found = {line.name: line.state for line in terminal_lines(**{**given, **changes})}  # type: ignore[arg-type]
    assert found == {
        name: states.get(name, State.FINE) for name in ("terminal.type", "terminal.size", "terminal.locale")
    }


@pytest.mark.parametrize(
    ("ahead", "state", "told"),
    [
        (0.0, State.FINE, "as the server's"),
        (-119.0, State.FINE, "as the server's"),
        (600.0, State.UNKNOWN, "10 min ahead of the server's"),
        (-7200.0, State.UNKNOWN, "120 min behind the server's"),
        (None, State.UNKNOWN, "does not tell"),
    ],
)
def test_the_clock_is_compared_with_the_servers(ahead: float | None, state: State, told: str) -> None:
    line = clock_line(ahead)
    assert (line.state, told in line.text) == (state, True)


def line_names() -> list[str]:
    constants = [value for name, value in vars(doctor).items() if name.isupper() and isinstance(value, str)]
    return [value for value in constants if "." in value] + [kind.name for kind in get_args(CallbackOutcome)]


def test_every_line_is_in_the_reference() -> None:
    _, _, table = REFERENCE.read_text("utf-8").partition("<!-- doctor -->")
    told = re.findall(r"`(\w+\.\w+)`", table.partition("It ends with")[0].partition("### ")[0])
    assert set(line_names()) <= set(told)


def test_every_line_has_a_heading() -> None:
    names = line_names()
    assert len(names) >= 19
    assert {name.partition(".")[0] for name in names} == set(doctor.TITLES)
