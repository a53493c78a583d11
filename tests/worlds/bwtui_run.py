"""One life of the process: the only module here that knows how bwtui is put together.

The real client, engine, `apply` and state file on a simulated clock; in memory are the line to the account and the
disk. A death leaves nothing behind but those two.
"""

import asyncio
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import bwtui.api.responses as api_reading
import bwtui.store.state as state_module
from bwtui.api.client import Client, Clock, OAuth, token_url_for
from bwtui.cli import applying as apply_module
from bwtui.cli import style
from bwtui.cli.applying import Apply
from bwtui.cli.commands.status import status
from bwtui.cli.session import UsageError, on_its_platform, saved_answers
from bwtui.connected_services import ConnectedServices
from bwtui.domain.answers.answers import PLATFORM_KEY, Answer, Answers, Source
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.setup import EMPTY_SETUP, belongs_elsewhere
from bwtui.domain.values.secret import Secret
from bwtui.engine.waiting import Pace
from bwtui.store.open_setup import OpenSetup
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError
from worlds.api import EPOCH, Api
from worlds.loop import Endless, SimulatedLoop, Stuck
from worlds.other_people import happens
from worlds.process import Line, Lived, Process
from worlds.setups_wanted import Wish
from worlds.world import Life

BASE_URL: Final = "http://127.0.0.1:8080/api"
PACE: dict[str, Any] = {}
"""Waits of the engine that are other than usual: only where it is weakened on purpose."""


CHECKSUM: Final = b'"checksum": "'
UNKNOWN: Final = b'"site.colour": {"value": "blue", "source": "answers file"}'
"""An answer that this version does not know."""


class Disk:
    """The content of the state file, and a death at a write."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.on_write: Callable[[str], None] = lambda _when: None

    def write(self, data: bytes) -> None:
        self.on_write("before")
        self.content = data
        self.on_write("after")

    @property
    def file(self) -> StateFile:
        return _StateFile(self)

    def add_answer(self) -> None:
        """Put an answer there that only a later bwtui knows."""
        told, mark, _ = (self.content or b"").partition(CHECKSUM)
        if mark and UNKNOWN not in told:
            told = told.replace(b'"answers": {\n', b'"answers": {\n' + UNKNOWN + b",\n")
            self.content = told + mark + f'{crc32(told):08x}"}}\n'.encode()

    def run(self) -> RunState:
        """The run in the state file. Raises `StateError` if it cannot be loaded."""
        setup = self.file.load()
        return setup.run if setup else RunState()


class _StateFile(StateFile):
    """The state file, its bytes in memory."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(Path("/nowhere"))
        self.disk = disk
        self.is_held = True

    def _read(self) -> bytes | None:
        return self.disk.content


class _Output:
    """Everything that is said, kept for the person to read."""

    as_json = True
    is_terminal = False
    shows_tasks = False
    ended_by: int | None = None

    def __init__(self, lived: Lived) -> None:
        self._lived = lived

    def data(self, text: str) -> None:
        self._lived.said.append(text)

    def event(self, name: str, **fields: Any) -> None:
        self._lived.events.append({"event": name, **fields})

    def say(self, line: style.Line, *, command: str = "", **_layout: Any) -> None:
        text = style.plain(line)
        self._lived.said.append(f"{text} {command}" if command else text)

    def status(self, text: str) -> None:
        """Nobody looks."""

    def task(self, task: object) -> None:
        """There is no taskbar."""

    def ask(self, question: str, _mark: object = None) -> None:
        self._lived.said.append(question)


def live(  # noqa: PLR0917 - a life is all of that
    api: Api, disk: Disk, wish: Wish, life: Life, now: float, chance: random.Random
) -> Lived:
    """One life from `now` on."""
    lived = Lived(now)
    loop = SimulatedLoop(now)
    loop.set_exception_handler(lambda _loop, _context: None)  # the tasks of a dead process are never awaited
    process = Process(loop, lived, life.ends)
    disk.on_write = process.on_write
    with _simulated(disk, chance):
        _run(loop, process, _main(api, disk, wish, life, process))
    lived.ended = loop.time()
    loop.close()
    return lived


async def _main(api: Api, disk: Disk, wish: Wish, life: Life, process: Process) -> int:
    lived, loop = process.lived, process.loop
    file = disk.file
    setup = OpenSetup(file, file.load() or EMPTY_SETUP)
    answers = _continued(answers_for(wish), setup) if api.account.universal else answers_for(wish)
    account_id = answers.text("account.account_id")
    if elsewhere := belongs_elsewhere(setup.setup, "default", account_id, answers.base_url):
        raise UsageError(elsewhere)
    setup.begin_run(account_id, answers.base_url, answers.given)

    async def confirm(*_question: object) -> bool:
        if life.says == "slow":
            await asyncio.sleep(30)
            for what in life.during:
                happens(what, api.account, loop.time())
            await asyncio.sleep(30)
        lived.agreed = lived.agreed or life.says != "no"
        return life.says != "no"

    def wall() -> float:
        return EPOCH + loop.time() + life.clock

    pace = replace(Pace(clock=wall, monotonic=loop.time), **PACE)
    clock = Clock(monotonic=loop.time, wall=wall, sleep=asyncio.sleep, jitter=lambda: 0.0)
    credentials = OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL))
    line = Line(api, process)
    async with Client(base_url=BASE_URL, credentials=credentials, transport=line, clock=clock) as client:
        # In the other worlds nothing is kept of the platform, so that an old seed goes on being the same world.
        save_platform = setup.save_platform if api.account.universal else lambda _platform: None
        services = ConnectedServices(client, pace, setup.save_events, save_platform)
        output: Any = _Output(lived)
        apply = Apply(services, answers, setup.run, output, confirm, clock=loop.time)
        work = asyncio.ensure_future(apply.execute())
        process.begin(pace.stop.set, work)
        try:
            return int(await work)
        except asyncio.CancelledError:
            if not lived.stopped:
                raise
            return 130


def _continued(answers: Answers, setup: OpenSetup) -> Answers:
    """The answers with the platform that an earlier life has found out, as every command continues with it."""
    found = saved_answers(setup.setup).get(PLATFORM_KEY)
    known = {**answers.given, PLATFORM_KEY: found} if found else answers.given
    return on_its_platform(answers._replace(given=known), setup.begun_on)


def _run(loop: SimulatedLoop, process: Process, main: Any) -> None:
    """Run a life to its end, whatever that is, and leave no task behind."""
    lived = process.lived
    task = loop.create_task(main)
    task.add_done_callback(lambda _task: loop.stop())
    try:
        loop.run_forever()
    except (Stuck, Endless) as error:
        lived.error = type(error).__name__
        process.dead = True
    ended = loop.time()
    if task.done() and not task.cancelled() and not process.dead:
        raised = task.exception()
        if raised is None:
            lived.code = task.result()
        else:
            lived.error = f"{type(raised).__name__}: {raised}"
    elif task.done() and not task.cancelled():
        task.exception()
    process.dead = True
    _clean(loop)
    loop._now = ended


def _clean(loop: SimulatedLoop) -> None:
    for _ in range(20):
        left = [task for task in asyncio.all_tasks(loop) if not task.done()]
        if not left:
            return
        for task in left:
            task.cancel()
        gathered = asyncio.gather(*left, return_exceptions=True)
        gathered.add_done_callback(lambda _done: loop.stop())
        loop.allow(600)
        try:
            loop.run_forever()
        except (Stuck, Endless):
            continue
    raise AssertionError("a task does not end when it is cancelled")


def says_done(disk: Disk, wish: Wish) -> bool:
    """Return True if `bwtui status` would say that everything is done."""
    lived = Lived(0.0)
    code = status(answers_for(wish), disk.run(), _Output(lived))  # type: ignore[arg-type]
    return int(code) == 0 and lived.events[-1].get("status") == "done"


# --- Answers ---


@lru_cache(1)
def _guide() -> dict[str, str]:
    given = {"account.account_id": "9900000", "account.base_url": BASE_URL}
    for key, question in QUESTIONS.items():
        if question.guide not in ("", None) and not (isinstance(question, Text) and question.secret_from):
            value = question.guide
            given[key] = str(value).lower() if isinstance(value, bool) else str(value)
    return given


def answers_for(wish: Wish) -> Answers:
    """The guide's example, changed as wished."""
    given = dict(_guide())
    for key, value in wish.answers.items():
        if value is None:
            given.pop(key, None)
        else:
            given[key] = value
    secrets = {
        key: Secret(wish.passwords.get(key, "Your-Password"))
        for key in ("messaging_app.callback_password", "voice_app.callback_password")
    }
    return Answers({key: Answer(value, Source.FILE) for key, value in given.items()}, secrets)


# --- The simulated machine ---


@contextmanager
def _simulated(disk: Disk, chance: random.Random) -> Iterator[None]:
    """Chance, the disk and what only costs time are replaced; the product's own code is not."""
    parse: Any = vars(api_reading)["parse"]
    replaced: list[tuple[Any, str, Any]] = [
        (os, "urandom", chance.randbytes),
        (state_module, "write_private", lambda _path, data: disk.write(data)),
        (apply_module, "TICK", 60.0),
        (api_reading, "parse", _shared(parse)),
    ]
    kept = [(place, name, getattr(place, name)) for place, name, _ in replaced]
    for place, name, value in replaced:
        setattr(place, name, value)
    try:
        yield
    finally:
        for place, name, value in kept:
            setattr(place, name, value)


@lru_cache(4)
def _shared(parse: Callable[[bytes, str], Any]) -> Callable[..., Any]:
    """The same reading of XML, once for each document."""
    return lru_cache(8192)(parse)


__all__ = ["Disk", "StateError", "answers_for", "live", "says_done"]
