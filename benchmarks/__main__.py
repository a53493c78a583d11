"""bwtui beside other programs, in one run: what it sends, how soon it shows it, and what it takes.

    python -m benchmarks [--quick] [--only NAME] [--write] [--also NAME COMMAND TEXT [KEY TEXT]]

Prints Markdown tables. Ends with 1 where a goal is missed or could not be measured.
"""

import argparse
import datetime as dt
import importlib.metadata
import os
import platform
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import programs, rounds
from benchmarks.goals import GOALS
from benchmarks.measurements import MET, Record, compared, put_between, table
from benchmarks.programs import (
    BARE,
    DEMO,
    IMPORT_TEXTUAL,
    LIGHT,
    PROMPT_TOOLKIT,
    STOCK,
    TEXTUAL,
    URWID,
    WIZARD,
)
from benchmarks.slow_link import Line
from benchmarks.terminal import NotShownError

README: Final = Path(__file__).with_name("README.md")
QUOTING: Final = Path(__file__).parents[1] / "docs" / "measurements.md"
"""The project's own, which quotes the goals."""
UNCOMPILED_ROUNDS: Final = 3
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


def main() -> int:
    """Measure, print, and say whether every goal is met."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.setswitchinterval(0.0005)  # the thread that notes the times never waits long for the emulator
    wizard = replace(WIZARD, command=options.wizard)
    stock = replace(STOCK, command=options.wizard)
    compared_with = [_program(words) for words in options.also]
    painted = [wizard, stock, TEXTUAL, URWID, PROMPT_TOOLKIT, *compared_with]
    record = Record()
    is_whole = not options.only
    try:
        _measure(record, painted, options)
    except NotShownError as error:
        raise SystemExit(
            f"The ways through the wizard, in programs.py, are outdated: {_told(error)}"
        ) from None
    except KeyboardInterrupt:
        is_whole = False
        print("interrupted: this is what was measured so far", file=sys.stderr)
    goals = _goals(record, options)
    text = f"{goals}\n{_tables(record, painted)}"
    print(text)
    if options.write and is_whole:
        put_between(README, BEGIN, END, text)
        put_between(QUOTING, BEGIN, END, goals)
    return 0 if all(goal.mark(record) == MET for goal in GOALS) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--rounds", type=int, default=10, help="how often everything is measured (default 10)"
    )
    parser.add_argument(
        "--quick",
        action="store_const",
        dest="rounds",
        const=2,
        help="two rounds: a look, not a measurement",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="measure this alone: a program, or 'a full run', 'the critical path', '5,000 numbers', 'idle', …",
    )
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--rows", type=int, default=24)
    parser.add_argument("--wizard", default=WIZARD.command, metavar="COMMAND", help="what starts the wizard")
    parser.add_argument(
        "--also",
        action="append",
        nargs="+",
        default=[],
        metavar="WORD",
        help="NAME COMMAND TEXT [KEY TEXT]: another program, what is seen when it can be used, "
        "and a key with what is seen when it has shown the next screen",
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="put the tables into the README here, and the goals into the project's",
    )
    return parser


def _program(words: Sequence[str]) -> programs.Program:
    """A program that is named on the command line."""
    match words:
        case [name, command, ready]:
            return programs.Program(name=name, command=command, ready=ready)
        case [name, command, ready, key, shows]:
            return programs.Program(
                name=name, command=command, ready=ready, next_screen=programs.Press(key, shows)
            )
        case _:
            raise SystemExit("--also takes NAME COMMAND TEXT, or NAME COMMAND TEXT KEY TEXT")


def _measure(record: Record, painted: Sequence[programs.Program], options: argparse.Namespace) -> None:
    """Everything, round after round; the first, which fills caches and compiles files, is not kept."""
    size = (options.columns, options.rows)
    rounds.rehearse(painted[0], size)
    for number in range(options.rounds + 1):
        print(f"round {number} of {options.rounds}" if number else "warming up", file=sys.stderr)
        for name, measure in _round(number, painted, size):
            if not options.only or name in options.only:
                _try(record if number else Record(), name, measure)


_Measurement = tuple[str, Callable[[Record], None]]


def _round(number: int, painted: Sequence[programs.Program], size: tuple[int, int]) -> Iterator[_Measurement]:
    """What is measured in a round, by name; round 0 warms up."""
    everything = [*painted, DEMO]
    turn = number % len(everything)
    yield "yardsticks", rounds.yardsticks
    for program in everything[turn:] + everything[:turn]:
        yield program.name, partial(rounds.visit, program=program, size=size)
    yield "commands", rounds.light_commands
    if not number:
        return
    for program in painted:
        yield program.name, partial(rounds.slow_visit, program=program, size=size)
    yield "a full run", partial(rounds.whole_run, program=painted[0], size=size)
    yield "the critical path", rounds.critical_path
    yield "callbacks", rounds.callbacks
    yield "5,000 numbers", partial(rounds.thousands, program=painted[0], size=size)
    yield "idle", partial(rounds.idle, all_of_them=painted, size=size)
    if number <= UNCOMPILED_ROUNDS:
        yield "without compiled files", partial(rounds.uncompiled, painted=everything, size=size)
    if number == 1:
        yield "commands", rounds.light_imports


def _try(record: Record, name: str, measure: Callable[[Record], None]) -> None:
    """Measure one thing; what cannot be measured is told at once, and ends nothing."""
    try:
        measure(record)
    except (NotShownError, FileNotFoundError, RuntimeError) as error:
        record.failures[name] = str(error)
        print(f"{name}: not measured: {_told(error)}", file=sys.stderr)


def _told(error: Exception) -> str:
    """Return what it says, and what was on the screen instead."""
    return "\n".join([str(error), *getattr(error, "__notes__", [])])


def _goals(record: Record, options: argparse.Namespace) -> str:
    """Return the date, the machine, and every goal beside its measurement."""
    rows = [goal.row(record) for goal in GOALS]
    return f"{_circumstances(options)}\n{table(['goal', 'at most', 'measured', ''], rows)}"


def _tables(record: Record, painted: Sequence[programs.Program]) -> str:
    names = [program.name for program in painted]
    line = Line()
    slow = f"{line.round_trip * 1000:.0f} ms round trip, {line.bits_per_second / 1000:.0f} kbit/s"
    starts = [rounds.START, rounds.UNCOMPILED, rounds.PROCESSOR, rounds.MEMORY]
    sent = [rounds.PAINT_BYTES, rounds.KEY_BYTES, rounds.FIELD_BYTES, rounds.SCREEN_BYTES, rounds.IDLE_BYTES]
    seen = [rounds.KEY_SECONDS, rounds.FIELD_SECONDS, rounds.SCREEN_SECONDS]
    slowly = [rounds.SLOW_PAINT, rounds.SLOW_KEYS, rounds.SLOW_FIELDS, rounds.SLOW_SCREEN]
    parts = [
        "Start and memory:\n",
        compared(record, starts, [BARE, IMPORT_TEXTUAL, *names, DEMO.name]),
        "What is sent to the terminal, and how soon it is seen:\n",
        compared(record, [*sent, *seen], names),
        f"Over a slow line ({slow}):\n",
        compared(record, slowly, names),
        f"The guide's example applied to a simulated account, {rounds.LATENCY} ms a request, {rounds.PATH_LATENCY} beside the critical path:\n",
        compared(record, [rounds.RUN_MEMORY, rounds.RUN_BYTES, rounds.PATH], [WIZARD.name]),
        "Callbacks posted to `bwtui listen`, one by one and 1,000 a second:\n",
        compared(
            record,
            [rounds.CALLBACK_SECONDS, rounds.CALLBACKS_LOST, rounds.CALLBACKS_SLOWER],
            [WIZARD.name],
        ),
        "5,000 numbers found:\n",
        compared(
            record,
            [
                rounds.THOUSANDS_SECONDS,
                rounds.THOUSANDS_WAIT,
                rounds.FILTER_SECONDS,
                rounds.SCROLL_SECONDS,
            ],
            [WIZARD.name],
        ),
        "Commands without a screen:\n",
        compared(
            record, [rounds.COMMAND, rounds.IMPORTS], [BARE, *(f"bwtui {arguments}" for arguments in LIGHT)]
        ),
    ]
    if record.failures:
        parts.append(table(["not measured", "because"], [list(pair) for pair in record.failures.items()]))
    return "\n".join(parts)


def _circumstances(options: argparse.Namespace) -> str:
    """Return the date and the machine, and a note on reading the figures."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text("utf-8"))
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("textual", "urwid", "prompt_toolkit")
    )
    return (
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {os.cpu_count()} × {model[1] if model else platform.machine()}, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}; "
        f"{options.rounds} rounds at {options.columns}×{options.rows}, interleaved. "
        "Medians, in brackets the least and the most, then the multiple of the yardstick.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
