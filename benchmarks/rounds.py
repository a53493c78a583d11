"""One round of each kind of measurement."""

import base64
import os
import re
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks import callbacks as posted
from benchmarks import critical_path as critical
from benchmarks import programs
from benchmarks.measurements import Measure, Record, Unit
from benchmarks.processes import peak_memory_of, seconds_to_end
from benchmarks.programs import BARE, HEAVY, IMPORT_TEXTUAL, LIGHT, WIZARD, YARDSTICKS, Program
from benchmarks.slow_link import Line
from benchmarks.terminal import QUIET, NotShownError, Terminal, found
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.progress import answers_of
from bwtui.domain.runs.run_events import Finished, Verified
from bwtui.domain.runs.setup import Setup
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.store.answers_file import parse
from bwtui.store.answers_template import template
from bwtui.store.state import StateFile

START: Final = Measure("start to first usable paint, or to the end", Unit.MILLISECONDS, IMPORT_TEXTUAL)
UNCOMPILED: Final = Measure("the same without compiled files", Unit.MILLISECONDS, IMPORT_TEXTUAL)
PROCESSOR: Final = Measure("processor until it is painted", Unit.MILLISECONDS)
MEMORY: Final = Measure("peak memory at the first screen", Unit.MEGABYTES, IMPORT_TEXTUAL)
COMMAND: Final = Measure("start to end", Unit.MILLISECONDS, BARE)
IMPORTS: Final = Measure(f"modules of {', '.join(HEAVY)} imported", Unit.COUNT)

_URWID: Final = programs.URWID.name
PAINT_BYTES: Final = Measure("first paint", Unit.BYTES, _URWID)
KEY_BYTES: Final = Measure("a key typed", Unit.BYTES, _URWID)
FIELD_BYTES: Final = Measure("next field", Unit.BYTES, _URWID)
SCREEN_BYTES: Final = Measure("next screen", Unit.BYTES, _URWID)
IDLE_BYTES: Final = Measure("ten idle seconds", Unit.BYTES, _URWID)
KEY_SECONDS: Final = Measure("a key typed until it is seen", Unit.MILLISECONDS, _URWID)
FIELD_SECONDS: Final = Measure("next field until it is seen", Unit.MILLISECONDS, _URWID)
SCREEN_SECONDS: Final = Measure("next screen until it is seen", Unit.MILLISECONDS, _URWID)

SLOW_PAINT: Final = Measure("start to first usable paint", Unit.SECONDS, _URWID)
SLOW_KEYS: Final = Measure("ten fast keys, all seen after the last", Unit.SECONDS, _URWID)
SLOW_FIELDS: Final = Measure("ten fast Tabs, last byte after the last", Unit.SECONDS, _URWID)
SLOW_SCREEN: Final = Measure("next screen until it is seen", Unit.SECONDS, _URWID)

RUN_MEMORY: Final = Measure("peak memory after a full run", Unit.MEGABYTES)
RUN_BYTES: Final = Measure("while everything is applied", Unit.BYTES_PER_SECOND)

PATH: Final = Measure("`bwtui apply`, beside the critical path", Unit.TIMES)

CALLBACK_SECONDS: Final = Measure("longest time until a callback is shown", Unit.MILLISECONDS)
CALLBACKS_LOST: Final = Measure("lost at 1,000 callbacks a second", Unit.COUNT)
CALLBACKS_SLOWER: Final = Measure("the time that these take, beside what they should", Unit.TIMES)

THOUSANDS_SECONDS: Final = Measure("5,000 numbers shown, after their reply", Unit.SECONDS)
THOUSANDS_WAIT: Final = Measure("longest wait for a key meanwhile", Unit.MILLISECONDS)
FILTER_SECONDS: Final = Measure("a key that filters them", Unit.MILLISECONDS)
SCROLL_SECONDS: Final = Measure("a key that scrolls them", Unit.MILLISECONDS)

IDLE: Final = 10.0
TYPED: Final = "abcde"
FAST: Final = "jihgfedcba"
BETWEEN_FAST: Final = 0.03
BETWEEN_TABS: Final = 0.05
_SETTLED: Final = 0.3
_REACTION: Final = 8.0
_RUN: Final = 120.0
LATENCY: Final = 800
"""Milliseconds that each request takes while everything is applied."""
APPLYING_SECONDS: Final = 3.0
PATH_LATENCY: Final = 100
"""Milliseconds that each request takes beside the critical path."""
ACCOUNT: Final = "9900000"
CREDENTIALS: Final = {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}


@contextmanager
def machine(**changes: str) -> Iterator[dict[str, str]]:
    """The environment of a machine on which nothing was done before, with compiled files where they were installed.

    Both folders are said, so `platformdirs` is not asked for them: where they are not, that takes some 6 ms more.
    """
    with tempfile.TemporaryDirectory() as home:
        yield {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "BWTUI_STATE_DIR": str(Path(home) / "state"),
            "BWTUI_CONFIG_DIR": str(Path(home) / "config"),
        } | changes


@contextmanager
def opened(
    program: Program, size: tuple[int, int], line: Line | None = None, **changes: str
) -> Iterator[Terminal]:
    """The program in a terminal, just started."""
    with (
        machine(**program.environ, **changes) as environ,
        Terminal(program.words, environ=environ, columns=size[0], rows=size[1], line=line) as terminal,
    ):
        yield terminal


def walk(terminal: Terminal, way: Sequence[programs.Press], *, quiet: float = QUIET) -> None:
    """Go there key by key, each pressed when nothing more has arrived for `quiet` seconds."""
    for press in way:
        if terminal.press(press.key, shows=press.shows, seconds=_REACTION, quiet=quiet).seconds is None:
            raise terminal.not_shown(f"{press.key} did not show {press.shows or 'anything'!r}")


def rehearse(program: Program, size: tuple[int, int]) -> None:
    """Go all ways of the wizard once, for an account that answers at once: an outdated one is found before anything is measured.

    Raises:
        NotShownError: a way does not lead where it should.
    """
    form = [*program.to_field, *([program.next_screen] if program.next_screen else [])]
    applied = replace(programs.APPLYING, shows=programs.APPLIED)
    found = replace(programs.SEARCH, shows=programs.ALL_FOUND)
    with RunningSimulator(Settings(order_seconds=0)) as simulator:
        for way in (form, [*programs.TO_APPLY, applied], [*programs.TO_NUMBERS, found, programs.TO_FILTER]):
            with answered(program, size, simulator.base_url) as terminal:
                walk(terminal, way, quiet=0)


def visit(record: Record, program: Program, size: tuple[int, int]) -> None:
    """Start a program, type, go to the next field and to the next screen."""
    name = program.name
    with opened(program, size) as terminal:
        record.add(START, name, terminal.wait_for(program.ready))
        record.add(PROCESSOR, name, terminal.processor_seconds())
        terminal.settle(_SETTLED)
        record.add(PAINT_BYTES, name, terminal.received)
        if terminal.ended:
            raise terminal.not_shown(f"it ended after it had shown {program.ready!r}")
        record.add(MEMORY, name, terminal.peak_memory())
        if program.next_screen is None and not program.to_field:
            return
        walk(terminal, program.to_field)
        for seconds, sent, keys in (
            (KEY_SECONDS, KEY_BYTES, TYPED),
            (FIELD_SECONDS, FIELD_BYTES, [program.next_field.key] * 3),
        ):
            for key in keys:
                reaction = terminal.press(key, seconds=_REACTION)
                record.add(sent, name, reaction.received)
                if reaction.seconds is not None:
                    record.add(seconds, name, reaction.seconds)
        if program.next_screen is not None:
            press = program.next_screen
            reaction = terminal.press(press.key, shows=press.shows, seconds=_REACTION)
            if reaction.seconds is None:
                raise terminal.not_shown(f"{press.key} did not show {press.shows!r}")
            record.add(SCREEN_BYTES, name, reaction.received)
            record.add(SCREEN_SECONDS, name, reaction.seconds)


def idle(record: Record, all_of_them: Sequence[Program], size: tuple[int, int]) -> None:
    """Leave all programs alone in a form, side by side: what they do then costs hardly anything but bytes."""
    with ExitStack() as stack:
        waiting = []
        for program in all_of_them:
            terminal = stack.enter_context(opened(program, size))
            try:
                terminal.wait_for(program.ready)
                terminal.settle(_SETTLED)
                walk(terminal, program.to_field)
            except NotShownError as error:
                record.failures[program.name] = str(error)
                continue
            waiting.append((program, terminal))
        for _, terminal in waiting:
            terminal.settle(_SETTLED)
        before = [terminal.received for _, terminal in waiting]
        for number, (_, terminal) in enumerate(waiting):
            terminal.listen(IDLE if number == 0 else 0.0)
        for (program, terminal), received in zip(waiting, before, strict=True):
            record.add(IDLE_BYTES, program.name, terminal.received - received)


def slow_visit(record: Record, program: Program, size: tuple[int, int]) -> None:
    """The same over a slow line, in a hurry."""
    name = program.name
    with opened(program, size, Line()) as terminal:
        record.add(SLOW_PAINT, name, terminal.wait_for(program.ready))
        terminal.settle(_SETTLED)
        if program.next_screen is None and not program.to_field:
            return
        walk(terminal, program.to_field)
        typed = terminal.press(*FAST, shows=FAST, every=BETWEEN_FAST)
        if typed.seconds is not None:
            record.add(SLOW_KEYS, name, typed.seconds)
        tabs = terminal.press(*[program.next_field.key] * 10, every=BETWEEN_TABS)
        record.add(SLOW_FIELDS, name, tabs.settled)
    # The Tabs may have led out of the form: the next screen is measured in a fresh start.
    if program.next_screen is None:
        return
    with opened(program, size, Line()) as terminal:
        terminal.wait_for(program.ready)
        terminal.settle(_SETTLED)
        walk(terminal, program.to_field)
        press = program.next_screen
        reaction = terminal.press(press.key, shows=press.shows)
        if reaction.seconds is not None:
            record.add(SLOW_SCREEN, name, reaction.seconds)


def whole_run(record: Record, program: Program, size: tuple[int, int]) -> None:
    """Let the wizard apply the guide's example to a simulated account that takes its time."""
    with (
        RunningSimulator(Settings(latency_ms=LATENCY)) as simulator,
        answered(program, size, simulator.base_url) as terminal,
    ):
        walk(terminal, programs.TO_APPLY)
        walk(terminal, [programs.APPLYING])
        received = terminal.listen(APPLYING_SECONDS)
        if terminal.screen.shows(programs.APPLIED):
            raise terminal.not_shown("everything was applied before it could be measured")
        record.add(RUN_BYTES, program.name, received / APPLYING_SECONDS)
        terminal.wait_for(programs.APPLIED, _RUN)
        record.add(RUN_MEMORY, program.name, terminal.peak_memory())


def critical_path(record: Record) -> None:
    """Apply the guide's example without a screen, 100 ms a request."""
    bound = len(critical.critical_path(critical.example())) * PATH_LATENCY / 1000
    record.add(PATH, WIZARD.name, critical.measure(PATH_LATENCY) / bound)


def callbacks(record: Record) -> None:
    """Post to `bwtui listen` one by one, then in a flood."""
    found = posted.measure()
    record.add(CALLBACK_SECONDS, WIZARD.name, max(found.delays))
    record.add(CALLBACKS_LOST, WIZARD.name, found.lost)
    record.add(CALLBACKS_SLOWER, WIZARD.name, found.slower)


@contextmanager
def answered(program: Program, size: tuple[int, int], base_url: str) -> Iterator[Terminal]:
    """The wizard at its first screen with the guide's answers, for the account that is there."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as answers:
        answers.write(template(example=True))
        answers.flush()
        words = [*program.words, "--base-url", base_url, "--answers", answers.name]
        account = {"BW_ACCOUNT_ID": ACCOUNT, **CREDENTIALS}
        on_it = replace(program, command=tuple(words), environ={**program.environ, **account})
        with opened(on_it, size) as terminal:
            terminal.wait_for(program.ready)
            terminal.settle(_SETTLED)
            yield terminal


def thousands(record: Record, program: Program, size: tuple[int, int]) -> None:
    """Search for 5,000 numbers and press keys all the while; then scroll and filter what was found."""
    name = program.name
    with simulated() as base_url, answered(program, size, base_url) as terminal:
        walk(terminal, programs.TO_NUMBERS)
        _ask_for_numbers(base_url)  # the simulator makes them when they are first asked for
        reply = _ask_for_numbers(base_url)
        begun = time.perf_counter()
        terminal.press(programs.SEARCH.key, shows=programs.SEARCH.shows, quiet=0)
        waits = list[float]()
        while not terminal.screen.shows(programs.ALL_FOUND):
            key = ("left", "right")[len(waits) % 2]
            seconds = terminal.press(key, seconds=_REACTION, quiet=0).seconds
            if seconds is None:
                raise terminal.not_shown(f"{key} changed nothing")
            # Once they are there the focus is elsewhere, maybe before the key.
            there = terminal.screen.shows(programs.ALL_FOUND)
            if time.perf_counter() - begun > reply and not there:
                waits.append(seconds)
        shown = terminal.started + terminal.wait_for(programs.ALL_FOUND) - begun
        record.add(THOUSANDS_SECONDS, name, max(0.0, shown - reply))
        record.add(THOUSANDS_WAIT, name, max(waits, default=0.0))
        terminal.settle(_SETTLED)
        _time_keys(record, SCROLL_SECONDS, terminal, name, ["pagedown", "pagedown", "end", "pageup", "home"])
        walk(terminal, [programs.TO_FILTER])
        _time_keys(record, FILTER_SECONDS, terminal, name, ["9", "1", "backspace", "backspace", "r"])


def _time_keys(record: Record, measure: Measure, terminal: Terminal, name: str, keys: Sequence[str]) -> None:
    for key in keys:
        seconds = terminal.press(key, seconds=_REACTION).seconds
        if seconds is None:
            raise terminal.not_shown(f"{key} changed nothing")
        record.add(measure, name, seconds)


@contextmanager
def simulated() -> Iterator[str]:
    """A simulated account in a process of its own, so that its work holds up nothing here; its address."""
    with machine() as environ:
        words = [found("bwtui"), "simulate", "--port", "0"]
        process = subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()
            process.communicate()


def _ask_for_numbers(base_url: str) -> float:
    """Return the seconds until a plain client has the reply of 5,000 numbers."""
    secret = base64.b64encode(b"demo:demo-secret").decode()
    request = urllib.request.Request(  # noqa: S310 - the simulator's own address
        f"{base_url}/accounts/9900000/availableNumbers?areaCode=919&quantity=5000&enableTNDetail=true",
        headers={"Authorization": f"Basic {secret}"},
    )
    begun = time.perf_counter()
    with urllib.request.urlopen(request) as reply:  # noqa: S310 - as above
        assert len(reply.read()) > 1_000_000
    return time.perf_counter() - begun


def yardsticks(record: Record) -> None:
    """Interpreters that import something and end."""
    with machine() as environ:
        for name, code in YARDSTICKS.items():
            record.add(START, name, seconds_to_end([found("python"), "-c", code], environ))
            record.add(MEMORY, name, peak_memory_of(code, environ, found("python")))


def uncompiled(record: Record, painted: Sequence[Program], size: tuple[int, int]) -> None:
    """The starts once more, when no file is compiled, those of Python itself included."""
    for program in painted:
        with (
            tempfile.TemporaryDirectory() as empty,
            opened(program, size, PYTHONPYCACHEPREFIX=empty, PYTHONDONTWRITEBYTECODE="1") as terminal,
        ):
            record.add(UNCOMPILED, program.name, terminal.wait_for(program.ready))
    for name, code in YARDSTICKS.items():
        with (
            tempfile.TemporaryDirectory() as empty,
            machine(PYTHONPYCACHEPREFIX=empty, PYTHONDONTWRITEBYTECODE="1") as environ,
        ):
            record.add(UNCOMPILED, name, seconds_to_end([found("python"), "-c", code], environ))


@contextmanager
def set_up() -> Iterator[tuple[dict[str, str], Path]]:
    """A machine with the guide's example as answers file, and as a setup that is done: `status` ends with 0 of no other."""
    with machine(BW_ACCOUNT_ID=ACCOUNT) as environ:
        example = template(example=True)
        home = Path(environ["HOME"])
        (home / programs.ANSWERS).write_text(example, encoding="utf-8")
        answers = Answers(parse(example, "example").given)
        applied = {step.key: answers_of(step, answers) for step in wanted_steps(answers)}
        events = [Finished(step, 1.0, answers=given) for step, given in applied.items()]
        StateFile(Path(environ["BWTUI_STATE_DIR"])).save(
            Setup(
                account_id=ACCOUNT,
                base_url="https://api.bandwidth.com/api",
                answers=answers.given,
                events=(*events, Verified(2.0, applied)),
            )
        )
        yield environ, home


def light_commands(record: Record) -> None:
    """Commands that need no screen, beside a bare interpreter."""
    with set_up() as (environ, home):
        record.add(COMMAND, BARE, seconds_to_end([found("python"), "-c", "pass"], environ))
        for arguments in LIGHT:
            record.add(COMMAND, f"bwtui {arguments}", seconds_to_end(_light(arguments, home), environ))


def light_imports(record: Record) -> None:
    """Count the forbidden packages that these commands import, as the interpreter itself reports them."""
    with set_up() as (environ, home):
        for arguments in LIGHT:
            told = subprocess.run(
                _light(arguments, home),
                env=environ | {"PYTHONPROFILEIMPORTTIME": "1"},
                capture_output=True,
                text=True,
                check=True,
            ).stderr
            imported = re.findall(r"^import time:.*\| +(\S+)$", told, re.MULTILINE)
            assert "bwtui.cli.main" in imported, "the interpreter tells what it imports"
            heavy = [name for name in imported if f"{name}.".startswith(tuple(f"{one}." for one in HEAVY))]
            record.add(IMPORTS, f"bwtui {arguments}", len(heavy))


def _light(arguments: str, home: Path) -> list[str]:
    """The command line, with the answers file where it is."""
    here = {programs.ANSWERS: str(home / programs.ANSWERS)}
    return [found("bwtui"), *(here.get(word, word) for word in arguments.split())]
