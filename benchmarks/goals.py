"""The budgets, each with the figure that it is compared with."""

from collections.abc import Callable
from typing import Final

from benchmarks import callbacks, rounds
from benchmarks.measurements import Goal, Measure, Record, Unit
from benchmarks.programs import BARE, DEMO, IMPORT_TEXTUAL, LIGHT, WIZARD
from benchmarks.slow_link import Line

_Figure = Callable[[Record], float | None]


def _wizard(measure: Measure, less: float = 0.0) -> _Figure:
    def figure(record: Record) -> float | None:
        median = record.median(measure, WIZARD.name)
        return None if median is None else median - less

    return figure


def _times(measure: Measure, program: str, yardstick: str) -> _Figure:
    return lambda record: record.ratio(measure, program, (measure, yardstick))


def _imports(record: Record) -> float | None:
    counts = [record.median(rounds.IMPORTS, f"bwtui {arguments}") for arguments in LIGHT]
    return None if None in counts else sum(count for count in counts if count is not None)


GOALS: Final = (
    *(
        Goal(
            f"first usable paint of `{name}`, beside `{IMPORT_TEXTUAL}`",
            1.25,
            Unit.TIMES,
            _times(rounds.START, name, IMPORT_TEXTUAL),
        )
        for name in (WIZARD.name, DEMO.name)
    ),
    Goal("first paint", 2_000, Unit.BYTES, _wizard(rounds.PAINT_BYTES)),
    Goal("a key typed", 40, Unit.BYTES, _wizard(rounds.KEY_BYTES)),
    Goal(
        "next field",
        150,
        Unit.BYTES,
        _wizard(rounds.FIELD_BYTES),
        why="two thirds of it are the next field's help; one that leaves a required field empty has that marked, 14 more",
    ),
    Goal("next screen", 1_000, Unit.BYTES, _wizard(rounds.SCREEN_BYTES)),
    Goal("ten idle seconds", 0, Unit.BYTES, _wizard(rounds.IDLE_BYTES)),
    Goal(
        "while everything is applied",
        200,
        Unit.BYTES_PER_SECOND,
        _wizard(rounds.RUN_BYTES),
        why="fourteen lines change in these three seconds, 20 bytes each, and three ids of 36 are shown; the spinner and its "
        "seconds take 20 a second, and nothing else is sent",
    ),
    Goal(
        "slow line: ten fast keys all seen, after the round trip",
        0.3,
        Unit.SECONDS,
        _wizard(rounds.SLOW_KEYS, less=Line().round_trip),
    ),
    Goal("slow line: next screen seen", 0.7, Unit.SECONDS, _wizard(rounds.SLOW_SCREEN)),
    Goal(
        f"bwtui apply at {rounds.PATH_LATENCY} ms a request, beside the critical path",
        1.1,
        Unit.TIMES,
        _wizard(rounds.PATH),
        why="what is read back takes thirteen requests at once, 30 ms of work for both sides; the rest is the work between "
        "requests, and in a new process the first one's imports",
    ),
    Goal(
        "a callback shown after it was posted",
        callbacks.MOST_SECONDS,
        Unit.MILLISECONDS,
        _wizard(rounds.CALLBACK_SECONDS),
    ),
    Goal("lost at 1,000 callbacks a second", 0, Unit.COUNT, _wizard(rounds.CALLBACKS_LOST)),
    Goal(
        "the time that these take, beside what they should",
        callbacks.MOST_SLOWER,
        Unit.TIMES,
        _wizard(rounds.CALLBACKS_SLOWER),
    ),
    Goal("5,000 numbers shown, after their reply", 1, Unit.SECONDS, _wizard(rounds.THOUSANDS_SECONDS)),
    Goal(
        "longest wait for a key while they are read", 0.05, Unit.MILLISECONDS, _wizard(rounds.THOUSANDS_WAIT)
    ),
    Goal("a key that filters them", 0.05, Unit.MILLISECONDS, _wizard(rounds.FILTER_SECONDS)),
    Goal("a key that scrolls them", 0.05, Unit.MILLISECONDS, _wizard(rounds.SCROLL_SECONDS)),
    Goal(
        f"peak memory before the first request, beside `{IMPORT_TEXTUAL}`",
        1.5,
        Unit.TIMES,
        _times(rounds.MEMORY, WIZARD.name, IMPORT_TEXTUAL),
    ),
    Goal(
        "peak memory after a full run",
        60,
        Unit.MEGABYTES,
        _wizard(rounds.RUN_MEMORY),
        why="33 MB are Python with Textual's import, 9 the first screen, 10 the HTTP client and its first connection; "
        "8 are left for all other screens and the run",
    ),
    *(
        Goal(
            f"bwtui {arguments}, beside `{BARE}`",
            5,
            Unit.TIMES,
            _times(rounds.COMMAND, f"bwtui {arguments}", BARE),
        )
        for arguments in LIGHT
    ),
    Goal(f"these five: {rounds.IMPORTS.title}", 0, Unit.COUNT, _imports),
)
