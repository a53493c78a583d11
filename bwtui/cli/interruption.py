"""A command while it asks the API: it may be asked to stop, and stops by itself; asked once more, it ends at once."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final, Protocol

from bwtui.cli.closing_summary import print_created
from bwtui.cli.hidden_prompt import forget_typed
from bwtui.cli.printing import print_result, print_wait
from bwtui.cli.session import Session
from bwtui.cli.style import Mark
from bwtui.connected_services import connected
from bwtui.credentials import Login
from bwtui.domain.runs.problem import Stopped
from bwtui.domain.values.yes_or_no import read_yes_or_no
from bwtui.ending_signals import ENDING_SIGNALS
from bwtui.exits import Exit
from bwtui.services import Services, stopping_text

Confirm = Callable[[str], Awaitable[bool]]

TIMES: Final = 3
"""The number of times that a question is asked; after that it is no."""


async def agree(_question: str) -> bool:
    """Say yes to what was agreed to beforehand."""
    return True


class Stops(Protocol):
    """Work that can be asked to stop, as `Services` can."""

    def stop(self) -> None: ...

    def seconds_under_way(self) -> float: ...


class Interruption:
    """The signals that end a command while it asks the API, and the question about money, which they end too."""

    def __init__(self, session: Session, *, agreed: bool = False, mark: Mark = Mark.COSTS) -> None:
        """`agreed`: what is asked was agreed to on the command line. `mark` is the sign of the question."""
        self._session = session
        self._mark = mark
        self._received: list[signal.Signals] = []
        self._asked: asyncio.Future[str] | None = None
        self._stops: Stops | None = None
        self._lost: OSError | None = None
        """The error of the output, if what is said can no longer be written."""
        self.confirm: Confirm | None = None
        """Asks before money is spent; `None` if nobody can be asked."""
        if agreed:
            self.confirm = agree
        elif sys.stdin.isatty():
            self.confirm = self._ask

    async def until_signal(self, login: Login, work: Callable[[Services], Awaitable[Exit]]) -> int:
        """Do the work; the first signal lets it stop by itself, a second one ends it at once."""
        async with self._connected(login) as services:
            return await self.until_ended(services, work(services), self._tell_stopped_at_once)

    async def until_ended(
        self, stops: Stops, work: Awaitable[Exit], tell_stopped_at_once: Callable[[Exit], object]
    ) -> int:
        """Do work that `stops` can stop, on the same signals; after a second one, `tell_stopped_at_once` tells how it ended.

        A reader that leaves, as `head` does, lets it stop by itself too; then the error of the output is raised.
        """
        self._stops = stops
        self._session.output.on_lost = self._on_lost
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for which in ENDING_SIGNALS:
            loop.add_signal_handler(which, self._on_signal, which, task)
        try:
            code = await task
        except asyncio.CancelledError:
            code = Exit.INTERRUPTED
            self._session.output.say(
                "Stopped at once. Nothing is lost: run the same command again to continue."
            )
            tell_stopped_at_once(self._ended_by)
        finally:
            self._session.output.on_lost = None
            for which in ENDING_SIGNALS:
                loop.remove_signal_handler(which)
        if self._lost and not self._received:
            raise self._lost
        return self._ended_by if code is Exit.INTERRUPTED else code

    @property
    def _ended_by(self) -> Exit:
        """The exit code of the first signal; one that came before the handlers were set is Ctrl+C, which asyncio takes."""
        return ENDING_SIGNALS[self._received[0]] if self._received else Exit.INTERRUPTED

    def _tell_stopped_at_once(self, code: Exit) -> None:
        output, run = self._session.output, self._session.run
        print_created(output, run)
        print_result(output, "interrupted", run, self._session.answers, exit=int(code))

    def _on_signal(self, which: signal.Signals, task: "asyncio.Future[Exit]") -> None:
        self._received.append(which)
        self._session.output.ended_by = int(self._ended_by)
        if len(self._received) > 1:
            task.cancel()
            return
        if self._stops:
            self._stops.stop()
        if self._asked and not self._asked.done():
            self._asked.set_exception(Stopped())
            self._session.output.say("")  # what follows begins a line of its own
            return
        self._session.output.status("")
        self._session.output.say(
            f"{stopping_text(self._stops.seconds_under_way() if self._stops else 0)}; "
            "Ctrl+C again stops at once."
        )

    def _on_lost(self, error: OSError) -> None:
        self._lost = self._lost or error
        if self._stops:
            self._stops.stop()

    async def _ask(self, question: str) -> bool:
        """Ask on the terminal until the answer is yes or no, three times at most; then it is no.

        The end of the input is no, and so is a line that it cuts off.
        """
        for turn in range(1, TIMES + 1):
            line = await self._line(question)
            if not line.endswith("\n"):
                self._session.output.say("")  # what follows begins a line of its own
                return False
            answer = read_yes_or_no(line, default=False)
            if answer is not None:
                return answer
            if turn < TIMES:
                self._session.output.say("Type y for yes or n for no; Enter alone is no.")
        self._session.output.say("Taken as no.")
        return False

    async def word(self, question: str) -> str:
        """Ask on the terminal for a word; empty where nobody can be asked, and for a line that was cut off."""
        if not sys.stdin.isatty():
            return ""
        line = await self._line(question)
        if not line.endswith("\n"):
            self._session.output.say("")  # what follows begins a line of its own
            return ""
        return line.strip()

    async def _line(self, question: str) -> str:
        """Ask on the terminal, without holding up signals."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()
        self._asked = answer

        def read() -> None:
            if not answer.done():
                answer.set_result(sys.stdin.readline())

        forget_typed()  # before the question was there to be seen, nobody can have answered it
        self._session.output.ask(question, self._mark)
        loop.add_reader(sys.stdin, read)
        try:
            return await answer
        finally:
            loop.remove_reader(sys.stdin)

    def _connected(self, login: Login) -> AbstractAsyncContextManager[Services]:
        """The services over the account of the answers."""
        session = self._session
        return connected(
            login, session.answers.base_url, session.setup,
            on_exchange=session.on_exchange, on_wait=partial(print_wait, session.output),
        )  # fmt: skip
