"""The demo: the wizard at work on the built-in simulator, with the example of Bandwidth's guide; nothing is kept."""

import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

from bwtui.cli.commands.wizard import (
    FrontEnd,
    SetupHost,
    asks_for_lines,
    in_lines,
    is_linear,
    on_screen,
    show,
    talk,
)
from bwtui.cli.output import Output
from bwtui.cli.session import UsageError
from bwtui.command_line import USUAL_SETUP
from bwtui.credentials import Login
from bwtui.domain.answers.answers import ACCOUNT_ID, Answer, Answers, Source
from bwtui.domain.catalog import CAMPAIGN, QUESTIONS, SERVER_URL
from bwtui.domain.fields import Text
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.domain.values.secret import Secret
from bwtui.services import Services
from bwtui.store.open_setup import OpenSetup

if TYPE_CHECKING:
    from bwtui.api.event_feed import EventFeed
    from bwtui.cli.demo_listener import DemoListener
    from bwtui.domain.values.documents import OnExchange, OnWait
    from bwtui.simulator.server import RunningSimulator

DEMO_LOGIN: Final = Login(oauth=True, user="demo", secret=Secret("demo-secret"))
DEMO_ACCOUNT: Final = "9900000"
DEMO_PHONE: Final = "+19195550142"
"""The pretend phone that messages and calls go to."""
DEMO_REPLY: Final = "Hello bwtui, got it!"
"""The text with which it answers a message."""
DEMO_URL: Final = "https://listener.example.com"
"""The URL by which the simulator reaches the demo's listener, through its tunnel."""
DEMO_CAMPAIGN: Final = "CDEMO01"
"""The 10DLC campaign that the simulated account has."""


class Options(NamedTuple):
    """The options of `bwtui demo`."""

    autoplay: bool
    speed: float
    linear: bool
    platform: Literal["legacy", "universal"] | None = None


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Show the wizard at work on the built-in simulator; nothing is kept."""
    if options.linear and options.autoplay:
        return in_lines(_refuse_both)
    if not options.autoplay:
        options = options._replace(linear=asks_for_lines(environ, asked=options.linear))
    if is_linear(environ, asked=options.linear) and not options.autoplay:
        return in_lines(lambda output: _demo(options, output, partial(talk, output)))
    otherwise = "It needs a terminal. Without one: bwtui demo --linear, bwtui apply FILE."
    speed = options.speed if options.autoplay else None
    return on_screen(environ, otherwise, lambda output: _demo(options, output, partial(show, autoplay=speed)))


def _refuse_both(_: Output) -> int:
    raise UsageError("--autoplay shows screens, --linear does without them: give one of the two.")


def _demo(options: Options, output: Output, front_end: FrontEnd) -> int:
    with Simulated(lambda: _lifelike(options.speed, options.platform or "legacy")) as simulated:
        code = front_end(DemoHost(simulated), example_answers(), RunState(), Bookmark())
    output.say(
        "The demo is over, and nothing of it is kept. To set up your own account:", command=USUAL_SETUP.of()
    )
    return code


def example_answers() -> Answers:
    """The example of Bandwidth's guide, for the simulated account, with its campaign: so its messages are delivered."""
    from bwtui.store.answers_file import parse  # noqa: PLC0415
    from bwtui.store.answers_template import template  # noqa: PLC0415

    given = parse(template(example=True), "the guide's example").given
    server = QUESTIONS[SERVER_URL]
    assert isinstance(server, Text)
    values = {key: answer.value for key, answer in given.items() if not _is_made_from_the_server_url(key)}
    campaign = {CAMPAIGN.key_of(CAMPAIGN.chosen_by): DEMO_CAMPAIGN}
    values |= {ACCOUNT_ID: DEMO_ACCOUNT, SERVER_URL: server.example, **campaign}
    return Answers({key: Answer(value, Source.EXAMPLE) for key, value in values.items()})


def _is_made_from_the_server_url(key: str) -> bool:
    """True for a callback URL: it follows the server's URL, which can be changed on Welcome."""
    question = QUESTIONS[key]
    return isinstance(question, Text) and f"{{{SERVER_URL}}}" in question.default


def _lifelike(speed: float, platform: Literal["legacy", "universal"]) -> "RunningSimulator":
    """A simulator that takes its time as Bandwidth does, so that there is something to see."""
    from bwtui.simulator.server import RunningSimulator  # noqa: PLC0415
    from bwtui.simulator.settings import Settings  # noqa: PLC0415
    from bwtui.simulator.switches import Switches  # noqa: PLC0415

    return RunningSimulator(
        Settings(
            latency_ms=round(150 / speed),
            order_seconds=2 / speed,
            platform=platform,
            switches=Switches(registration=True),
        )
    )


class Simulated:
    """The built-in simulator, from the first time that it is asked for until the end of the `with` block."""

    def __init__(self, start: Callable[[], "RunningSimulator"]) -> None:
        self._start = start
        self._running: RunningSimulator | None = None
        self._listener: DemoListener | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._listener:
            self._listener.close()
        if self._running:
            self._running.close()

    def base_url(self) -> str:
        """Return the simulator's address; start it first if it does not run, which takes a moment."""
        with self._lock:
            if self._running is None:
                self._running = self._start()
            return self._running.base_url

    def feed(self, public_url: str) -> "EventFeed":
        """Return the feed of the listener that takes the simulator's callbacks; start it first if it does not run."""
        from bwtui.cli.demo_listener import DemoListener  # noqa: PLC0415 - start-up time is budgeted

        with self._lock:
            assert self._running, "connected before"
            if self._listener is None:
                self._listener, account = DemoListener(public_url), self._running.account
                account.settings = replace(account.settings, tunnel=self._listener.url)
                account.switches = replace(account.switches, reply=DEMO_REPLY)
            return self._listener.feed

    def there(self, answers: Answers) -> Answers:
        """The answers with the simulator as the place of the account, once it has been started."""
        if self._running is None:
            return answers
        place = {"account.base_url": Answer(self._running.base_url, Source.TYPED)}
        return answers._replace(given={**answers.given, **place})


class DemoHost(SetupHost):
    """The wizard's host at the built-in simulator. What happens there is forgotten with it."""

    def __init__(self, simulated: "Simulated") -> None:
        super().__init__(OpenSetup(None), DEMO_LOGIN, is_demo=True)
        self.phone = DEMO_PHONE
        self._simulated = simulated
        self._find_feed = self._open_feed

    async def _open_feed(self) -> "EventFeed":
        import asyncio  # noqa: PLC0415

        return await asyncio.to_thread(self._simulated.feed, DEMO_URL)

    @asynccontextmanager
    async def connect(
        self, login: Login, answers: Answers, on_exchange: "OnExchange", on_wait: "OnWait"
    ) -> AsyncIterator[Services]:
        import asyncio  # noqa: PLC0415 - nobody has to wait for it before there is a screen

        await asyncio.to_thread(self._simulated.base_url)
        async with super().connect(login, self._simulated.there(answers), on_exchange, on_wait) as services:
            yield services

    async def list_accounts(
        self, login: Login, answers: Answers, on_exchange: "OnExchange", on_wait: "OnWait"
    ) -> tuple[str, ...]:
        import asyncio  # noqa: PLC0415

        await asyncio.to_thread(self._simulated.base_url)
        return await super().list_accounts(login, self._simulated.there(answers), on_exchange, on_wait)

    def export_text(self, form: str, answers: Answers, run: RunState) -> str:
        return super().export_text(form, self._simulated.there(answers), run)
