"""The wizard on a screen of 80 by 24, over a simulated account: what a person types, and what the screen says."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from rich.style import Style
from textual import events
from textual.containers import VerticalScroll
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region, Size
from textual.keys import _character_to_key
from textual.strip import Strip
from textual.widget import Widget

from bwtui.api.client import Basic, Client, OAuth, Timeouts, token_url_for
from bwtui.cli.commands.wizard import SetupHost
from bwtui.cli.session import saved_answers
from bwtui.connected_services import ConnectedServices
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answers, wished_steps
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.runs.setup import EMPTY_SETUP
from bwtui.domain.values.documents import OnExchange, OnWait
from bwtui.domain.values.secret import Secret
from bwtui.services import Services
from bwtui.store.open_setup import OpenSetup
from bwtui.tui.app import WizardApp
from bwtui.tui.draft import Draft
from bwtui.tui.places import WELCOME, walk
from bwtui.tui.screens.base import Go, PlaceScreen
from bwtui.tui.widgets.address_line import AddressField, AddressLine
from bwtui.tui.widgets.controls import PickControl
from bwtui.tui.widgets.field import NEEDED, Field
from bwtui.tui.widgets.search_by import SearchField
from bwtui.tui.workflow import Phase, Workflow
from support.claims import ClaimingTransport
from support.in_process import QUICK, Harness, quick_pace

LOGIN: Final = Login(oauth=True, user="demo", secret=Secret("demo-secret"))
"""The credentials that the simulator accepts unless it is told otherwise."""

SECONDS: Final = 20.0
"""Seconds to wait for a fact before the test fails."""

QUIET_ROUNDS: Final = 5
"""Rounds of the event loop without a message that count as quiet."""

_KEYS: Final = {"Esc": "escape", "Enter": "enter", "Space": "space"}


@dataclass(kw_only=True)
class WizardHarness(Harness):
    """The wizard in this process, over a simulated account. What is saved stays from one `show` to the next."""

    login: Login | None = None
    """The credentials in the environment."""
    on_disk: bool = False
    timing: Timeouts = QUICK
    claims: Mapping[str, Any] | None = None
    """The claims of every token; the simulator's own for `None`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.setup = OpenSetup(self.file if self.on_disk else None)

    @asynccontextmanager
    async def show(
        self, *, answers: Answers | None = None, at: str = "", size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator["ShownWizard"]:
        """Start the wizard where it was left, or `at` a screen; leave it at the end of the block."""
        if self.on_disk:
            self.setup = OpenSetup(self.file, self.file.load() or EMPTY_SETUP)
        setup = self.setup.setup
        secrets = answers.secrets if answers else {}
        given = Answers({**saved_answers(setup), **(answers.given if answers else {})}, secrets)
        bookmark = setup.bookmark
        workflow = Workflow(self._host(), Draft(given, setup.run, reached=at or bookmark.place), bookmark)
        app = WizardApp(workflow, at or bookmark.place or WELCOME)
        held = self.file.locked() if self.on_disk and not self.file.is_held else nullcontext()
        with held:
            async with app.run_test(size=size):
                show = ShownWizard(app, workflow)
                await show.settled()
                yield show

    def _host(self) -> SetupHost:
        host = SetupHost(self.setup, self.login, clock=self.clock.wall)
        host.connect = self._connect  # type: ignore[method-assign]
        host.list_accounts = self._list_accounts  # type: ignore[method-assign]
        return host

    def _client(self, login: Login, url: str, on_exchange: OnExchange, on_wait: OnWait) -> Client:
        """Return the real client, on a wire that ends in the simulator whatever the address."""
        wire = httpx.ASGITransport(self.app)
        return Client(
            base_url=url,
            credentials=OAuth(login.user, login.secret, token_url_for(url))
            if login.oauth
            else Basic(login.user, login.secret),
            timing=self.timing,
            transport=wire if self.claims is None else ClaimingTransport(wire, self.claims),
            clock=self.clock,
            on_wait=on_wait,
            on_exchange=on_exchange,
        )

    async def _list_accounts(
        self, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
    ) -> tuple[str, ...]:
        async with self._client(login, answers.base_url, on_exchange, on_wait) as client:
            claims = await client.claims()
        return claims.accounts if claims else ()

    @asynccontextmanager
    async def _connect(
        self, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
    ) -> AsyncIterator[Services]:
        """The real client and engine over the simulator."""
        url = answers.base_url
        async with self._client(login, url, on_exchange, on_wait) as client:
            with self.setup.bound_to(answers.text("account.account_id"), url, answers.platform):
                yield ConnectedServices(
                    client, quick_pace(), self.setup.save_events, self.setup.save_platform
                )


@dataclass
class ShownWizard:
    """One showing of the wizard."""

    app: WizardApp
    workflow: Workflow
    typed: list[str] = field(default_factory=list)
    """The questions that were answered with the keyboard, each once."""

    # --- waiting ---

    async def until(self, fact: Callable[[], object], about: str = "") -> None:
        """Wait for a fact."""
        end = time.monotonic() + SECONDS
        while not fact():
            assert time.monotonic() < end, (
                f"{about or 'it'} did not come about; the screen says:\n{self.text}"
            )
            await asyncio.sleep(0.002)

    async def settled(self) -> None:
        """Wait until nothing is under way: no key, message, worker, request or write."""
        end, quiet = time.monotonic() + SECONDS, 0
        while quiet < QUIET_ROUNDS:
            assert time.monotonic() < end, f"it never settled; the screen says:\n{self.text}"
            await asyncio.sleep(0.001 if self._is_working else 0)
            if self._is_working or self._has_messages:
                quiet = 0
            elif self._is_undrawn:
                quiet = 0
                self.app.screen._on_timer_update()  # what is to be drawn is drawn now, not at the next frame
            else:
                quiet += 1

    @property
    def _is_working(self) -> bool:
        app, keys = self.app, self.app._keystrokes
        return (
            bool(keys._task and not keys._task.done())
            or self.workflow.phase is not Phase.IDLE
            or any(not worker.is_finished for worker in app.workers)
            or app._saver.is_saving
            or not app.animator._idle_event.is_set()
        )

    @property
    def _is_undrawn(self) -> bool:
        if not self.app.is_running:
            return False
        screen = self.app.screen
        return bool(
            screen._layout_required
            or screen._scroll_required
            or screen._repaint_required
            or screen._dirty_widgets
            or screen._callbacks
        )

    @property
    def _has_messages(self) -> bool:
        pumps = [self.app, *(widget for screen in self.app.screen_stack for widget in screen.walk_children())]
        return any(pump.message_queue_size for pump in [*pumps, *self.app.screen_stack])

    # --- what a person does ---

    def send(self, *keys: str) -> None:
        """Press keys as fast as a line brings them; a key of one character types it."""
        assert self.app._driver
        for key in keys:
            name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
            character = key if len(key) == 1 else {"space": " "}.get(key)
            event = events.Key(name, character)
            event.set_sender(self.app)
            self.app._driver.send_message(event)

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal hands it over."""
        assert self.app._driver
        self.app._driver.send_message(events.Paste(text))

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for all that they bring about."""
        self.send(*keys)
        await asyncio.sleep(0)
        await self.settled()

    async def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        driver, size = self.app._driver, Size(columns, lines)
        assert isinstance(driver, HeadlessDriver)
        driver._size = size
        self.app.post_message(events.Resize(size, size))
        await self.until(lambda: self.app.screen._compositor.size == size, f"{columns} by {lines}")
        await self.settled()

    async def press_shown(self, name: str) -> None:
        """Press the key that the last line offers under this name."""
        assert name in self.keys, f"no key for {name} is shown:\n{self.text}"
        await self.press(self.keys[name])

    async def type(self, key: str, text: str) -> None:
        """Replace what stands in a field by typing."""
        await self.enter(key)
        if key not in self.typed:
            self.typed.append(key)
        await self.press("end", "ctrl+u", *text)

    async def choose(self, key: str, value: str) -> None:
        """Choose one of a field's words."""
        await self.enter(key)
        control = self.field(key).control
        assert isinstance(control, PickControl)
        if key not in self.typed:
            self.typed.append(key)
        for _ in range(12):
            if control.value == value:
                return
            await self.press("right")
        raise AssertionError(f"{key} cannot be {value}")

    async def give(self, key: str, value: str) -> None:
        """Answer a question, by typing or by choosing."""
        await self.enter(key)
        if isinstance(self.field(key).question, Text):
            await self.type(key, value)
        else:
            await self.choose(key, value)

    async def enter(self, key: str) -> None:
        """Put the focus on a field, unfolding what it is folded under."""
        if not any(field.key == key for field in self.fields):
            self.fields[-1].control.focus()
            await self.press("ctrl+o")
        field = self.field(key)
        if isinstance(field, AddressField) and not field.display:
            self.screen.query_one(AddressLine).focus()
            await self.press("enter")
        while isinstance(field, SearchField) and not field.display:
            switch = next(
                way.switch for way in self.fields if isinstance(way, SearchField) and way.has_class("-way")
            )
            switch.focus()
            await self.press("right")
        control = field.control
        if not control.has_focus:
            control.focus()
            await self.settled()

    async def go(self, place: str) -> None:
        """Go to a screen, from wherever."""
        self.app.screen.post_message(Go(place))
        await self.settled()
        assert self.place == place

    # --- what is there ---

    @property
    def screen(self) -> PlaceScreen:
        """The screen of the walk, whatever lies over it."""
        here = self.app.here
        assert here
        return here

    @property
    def place(self) -> str:
        return self.screen.place

    @property
    def fields(self) -> list[Field]:
        return list(self.screen.query(Field).results(Field))

    def field(self, key: str) -> Field:
        """The field of a question: `site.name`."""
        return next(field for field in self.fields if field.key == key)

    def answer(self, key: str) -> str:
        """Return the wizard's answer to a question."""
        return self.workflow.draft.answers.text(key)

    @property
    def focused(self) -> str:
        """The key of the field that has the focus, else the id or the class of the widget."""
        focused = self.app.focused
        if focused is None:
            return ""
        parent = focused.parent
        return parent.key if isinstance(parent, Field) else focused.id or type(focused).__name__

    # --- what the screen says ---

    @property
    def strips(self) -> list[Strip]:
        return self.app.screen._compositor.render_strips()

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, as a terminal shows them."""
        return [strip.text for strip in self.strips]

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def words(self) -> str:
        """All that is said, wherever its lines end."""
        return " ".join(self.text.split())

    def says(self, sentence: str) -> bool:
        return " ".join(sentence.split()) in self.words

    def sees(self, widget: Widget) -> bool:
        """Return True if any part of a widget is in sight."""
        return bool(self._cropped(widget))

    def shown(self, widget: Widget) -> str:
        """The part of the screen that a widget has, as it is seen."""
        return "\n".join(line.rstrip() for line in self._cropped(widget))

    def _cropped(self, widget: Widget) -> list[str]:
        if not widget.display or widget not in self.app.screen._compositor.visible_widgets:
            return []
        region, clip = self.app.screen._compositor.visible_widgets[widget]
        seen: Region = region.intersection(clip)
        return [self.strips[y].crop(seen.x, seen.right).text for y in range(seen.y, seen.bottom)]

    def said_at(self, key: str) -> str:
        """Return the text about an answer at its field, beside the label or right below it; empty if there is none."""
        field = self.field(key)
        if not field.problem.display:
            return NEEDED if self.shown(field.label).endswith(NEEDED) else ""
        assert field.problem.region.y == field.control.region.bottom, "it stands somewhere else"
        assert self.sees(field.problem), f"it is said out of sight:\n{self.text}"
        return " ".join(self.shown(field.problem).split())

    async def read(self) -> list[str]:
        """All lines of the text that lies over the screen, scrolled through to its end."""
        reading = self.app.screen.query_one("#reading", VerticalScroll)
        width = reading.scrollable_content_region.width  # the scrollbar stands beside the text
        read: dict[int, str] = {}
        while True:
            top = round(reading.scroll_y)
            read.update(enumerate((line[:width] for line in self._cropped(reading)), top))
            if top >= reading.max_scroll_y:
                return [line.rstrip() for _, line in sorted(read.items())]
            await self.press("pagedown")

    @property
    def plan(self) -> list[tuple[str, str]]:
        """The actions that Review lists: verdict and title."""
        lines = self.shown(self.screen.query_one("#actions")).splitlines()
        return [(line[2:11].strip(), line[11:34].strip()) for line in lines]

    @property
    def keys(self) -> dict[str, str]:
        """The keys that the last line offers, by the name that they have there."""
        found = {}
        lines = self.shown(self.app.screen.query_one("#keys")).splitlines()
        for offer in "  ".join(map(str.strip, lines)).split("  "):
            key, _, name = offer.strip().partition(" ")
            found[name] = _KEYS.get(key) or key.replace("^", "ctrl+").lower()
        return found

    @property
    def rail(self) -> dict[str, str]:
        """The sign of each screen, by its place: as the one line or the column shows them."""
        places = walk(self.workflow.draft.answers)
        signs = re.sub(
            r"^.*?[0-9] steps?|^ *Step [0-9]+ of [0-9]+|  [0-9]+ screens? to put right|[\[\] ]",
            "",
            self.lines[1],
        )
        assert len(signs) == len(places), f"{signs} are not the signs of {places}"
        return dict(zip(places, signs, strict=True))

    @property
    def styles(self) -> list[list[Style | None]]:
        """The style of each cell."""
        return [
            [segment.style for segment in strip for _ in range(segment.cell_length)] for strip in self.strips
        ]


async def fill(show: ShownWizard, answers: Answers) -> None:
    """Give the answers of all steps from the screen of the first one on, each where it is asked."""
    while show.place in (step.key for step in wished_steps(answers)):
        here = show.place
        for key in QUESTIONS:
            if key.partition(".")[0] == here:
                secret = answers.secrets.get(key)
                value = (
                    secret.reveal() if secret else answers.given[key].value if key in answers.given else ""
                )
                if value and value != show.answer(key):
                    await show.give(key, value)
        await show.press_shown("Next")
        assert show.place != here
