"""The app: which screen is shown, what is kept, and how one leaves."""

import asyncio
import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pkgutil import get_data
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.worker import WorkerCancelled

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import STEPS
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.setup import SaveError
from bwtui.ending_signals import ENDING_SIGNALS
from bwtui.exits import Exit
from bwtui.frugal import driver_class
from bwtui.plain_ascii import is_utf8
from bwtui.services import WizardHost, stopping_text
from bwtui.tui.answer_saver import AnswerSaver
from bwtui.tui.cursor_at_focus import CursorAtFocus
from bwtui.tui.draft import Draft
from bwtui.tui.key_queue import KeyQueue
from bwtui.tui.line_filters import Ascii, Colourless, PaletteFilter
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW, WELCOME, walk
from bwtui.tui.screens.base import Go, PlaceScreen, ToldScreen, TypeaheadGuard
from bwtui.tui.task_report import TaskReport
from bwtui.tui.terminal_driver import forget_another_size, terminal_driver
from bwtui.tui.themes import THEME_NAMES, THEMES
from bwtui.tui.widgets.controls import TextControl
from bwtui.tui.workflow import Workflow

if TYPE_CHECKING:
    from bwtui.tui.demo.autoplay import Autoplay

_KEYS = {"escape": "Esc", "enter": "Enter", "space": "Space"}

DRIVER_SWITCH = "BWTUI_DRIVER"
"""The environment variable that asks for Textual's own driver, with the value `stock`."""


def _stylesheet(name: str) -> str:
    """Read through the package: in a zipapp a stylesheet is not a file of its own."""
    return (get_data("bwtui.tui", name) or b"").decode()


def _at(cells: int, breakpoints: list[tuple[int, str]] | None) -> str:
    """Return the class of a width or height: the breakpoints are the least of each."""
    return max(least for least in breakpoints or [] if least[0] <= cells)[1]


class WizardApp(CursorAtFocus):
    """One setup on screen."""

    CSS = _stylesheet("bwtui.tcss")
    ENABLE_COMMAND_PALETTE = (
        False  # ours knows steps and problems, and draws two lines where that one draws all
    )
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [  # type: ignore[misc] # Textual's annotation is off
        (0, "-tiny"),
        (60, "-narrow"),
        (100, "-wide"),
    ]
    TITLE = "bwtui"
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-short"), (18, "-tall")]  # type: ignore[misc]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+c", "leave", "Leave", priority=True, tooltip="Leave; it asks first, and says what is kept"
        ),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
        Binding("ctrl+l", "draw_again", show=False, priority=True, tooltip="Draw the whole screen once more"),
        Binding("ctrl+t", "next_theme", "Theme", show=False, tooltip="Dark, light, high contrast"),
    ]

    def __init__(
        self, workflow: Workflow, place: str, *, ascii_only: bool = False, autoplay: float | None = None
    ) -> None:
        """`place` is the screen to begin with; `autoplay` the speed at which it walks by itself."""
        super().__init__(driver_class=terminal_driver(driver_class(DRIVER_SWITCH)))
        self.animation_level = "none"  # scrolling in steps sends a page several times over a slow line
        self.workflow = workflow
        self._place = place
        self._keystrokes = KeyQueue(self, self._hand_on)
        self._poor = (
            PaletteFilter(enabled=not self.no_color),
            Colourless(enabled=self.no_color),
            Ascii(enabled=ascii_only),
        )
        self._autoplay_speed = autoplay
        self._autoplay: Autoplay | None = None
        self._report = TaskReport(self)
        self._saver = AnswerSaver(self._write, self._complain)
        self._telling = False
        self._is_leaving = False
        for theme in THEMES:
            self.register_theme(theme)
        # Set in the plain way, it would have all styles parsed a second time.
        kept = workflow.host.theme
        self.set_reactive(App.theme, kept if kept in THEME_NAMES else THEME_NAMES[0])
        self.stylesheet.set_variables(self.get_css_variables())

    async def on_event(self, event: events.Event) -> None:
        """Keys take their turns; see `key_queue`. One that comes when the screens are gone already is for nobody."""
        if isinstance(event, events.Key | events.Paste) and not self.screen_stack:
            return
        if self._autoplay and not event.is_forwarded and self._autoplay.takes(event):
            return
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._keystrokes.take(event)
        else:
            await self._hand_on(event)

    async def _hand_on(self, event: events.Event) -> None:
        """Drop keys and clicks from before a question about money was on the screen: they do not answer it."""
        is_input = isinstance(event, events.InputEvent) and not event.is_forwarded
        screen = self.screen if is_input and self.screen_stack else None
        if isinstance(screen, TypeaheadGuard) and not screen.was_seen(event):
            return
        await super().on_event(event)

    @property
    def is_quiet(self) -> bool:
        """True if every key that arrived has had its effect."""
        return self._keystrokes.is_quiet

    def get_key_display(self, binding: Binding) -> str:
        """`^N`, `Esc`, `F1`: as keyboards have them."""
        return _KEYS.get(binding.key) or super().get_key_display(binding).upper()

    def _fatal_error(self) -> None:
        """A crash is told without local variables: they may hold what was typed."""
        import traceback  # noqa: PLC0415 - only a crash needs it

        text = f"bwtui: an unexpected error. {self.workflow.host.commands.after_a_bug}"
        self._exit_renderables.append(Text(f"{traceback.format_exc()}\n{text}"))
        self._close_messages_no_wait()

    def get_line_filters(self) -> list[LineFilter]:
        """Return the filters that every line passes on its way to the terminal."""
        return [*super().get_line_filters(), *(each for each in self._poor if each.enabled)]

    def get_default_screen(self) -> Screen[None]:
        """The first screen that is seen. It stays below all others, since Textual cannot replace it."""
        if self._place != WELCOME:
            self._style_other_screens()
        return self._sized(self._screen_for(Go(self._place)))

    def on_load(self) -> None:
        """Nothing is drawn yet: whatever ends it from now on leaves the terminal as it was; SIGINT, until there is a screen to ask on."""
        loop = asyncio.get_running_loop()
        for which, code in ENDING_SIGNALS.items():
            loop.add_signal_handler(which, self._end, code)

    def on_mount(self) -> None:
        self.workflow.on_change = self._changed
        self.workflow.draft.on_change = self._answered
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())
        self.screen_change_signal.subscribe(self, lambda _: self._report.send(self._driver))
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGINT, lambda: self.run_worker(self.run_action("leave"))
        )

    def _style_other_screens(self) -> None:
        self.stylesheet.add_source(_stylesheet("other_screens.tcss"), ("other_screens.tcss", ""))
        self.stylesheet.parse()
        for screen in self.screen_stack[1:]:  # keys that came early have opened it
            self.stylesheet.update(screen)

    async def on_ready(self) -> None:
        """The first screen is there: now the collector may work again, and the next screens are styled and imported."""
        gc.freeze()
        # Looking through everything takes about as long as a key may: seldom, but each time that a screen was left.
        gc.set_threshold(700, 10, 100)
        gc.enable()
        # While a thread parses a reply, a key waits so long each time that it goes from one thread to another.
        sys.setswitchinterval(0.001)
        self._style_other_screens()
        if self._autoplay_speed:
            from bwtui.tui.demo.autoplay import Autoplay  # noqa: PLC0415 - only a demo may want it

            self._autoplay = Autoplay(self, self._autoplay_speed)
        await asyncio.to_thread(_import_what_comes_next)

    # --- from screen to screen ---

    @on(Go)
    async def _go(self, event: Go) -> None:
        """Show another screen, in place of whatever is shown."""
        here = self.here
        if here is None:
            return  # it is being left
        if here.place != event.place:
            here.leave()
        while self.screen is not here:
            self.pop_screen()
        self._place = event.place
        with self.batch_update():  # drawn once, when everything is there
            show = self.switch_screen if len(self.screen_stack) > 1 else self.push_screen
            await show(self._sized(self._screen_for(event)))
        self._saver.save()
        self.call_after_refresh(gc.collect)  # a screen that was left holds a megabyte, in circles

    def _sized(self, screen: PlaceScreen) -> PlaceScreen:
        """Give a screen the classes of its size: Textual does once it is laid out, and styles everything anew."""
        columns, rows = self.size
        return screen.add_class(
            _at(columns, self.HORIZONTAL_BREAKPOINTS), _at(rows, self.VERTICAL_BREAKPOINTS)
        )

    def _screen_for(self, go: Go) -> PlaceScreen:
        """Make a screen; each imports what it needs, so that the first one is there soon."""
        workflow, place, key = self.workflow, go.place, go.key
        match place if place in walk(workflow.draft.answers) else WELCOME:
            case "welcome":
                from bwtui.tui.screens.welcome import WelcomeScreen  # noqa: PLC0415

                return WelcomeScreen(WELCOME, workflow, key)
            case "connect":
                from bwtui.tui.screens.connect import ConnectScreen  # noqa: PLC0415

                return ConnectScreen(CONNECT, workflow, key, go.after)
            case "review":
                from bwtui.tui.screens.review import ReviewScreen  # noqa: PLC0415

                return ReviewScreen(REVIEW, workflow, key)
            case "apply":
                from bwtui.tui.screens.apply import ApplyScreen  # noqa: PLC0415

                return ApplyScreen(APPLY, workflow, key)
            case "done":
                from bwtui.tui.screens.done import DoneScreen  # noqa: PLC0415

                return DoneScreen(DONE, workflow, key)
            case _:
                from bwtui.tui.screens.step import StepScreen  # noqa: PLC0415

                return StepScreen(next(step for step in STEPS if step.key == place), workflow, key)

    @property
    def here(self) -> PlaceScreen | None:
        """The screen of the walk that is shown, whatever lies over it."""
        shown = reversed(self.screen_stack)
        return next((screen for screen in shown if isinstance(screen, PlaceScreen)), None)

    # --- what is shown and kept ---

    def _answered(self) -> None:
        self._changed()
        self._saver.save()

    def _changed(self) -> None:
        """Show what has changed, once for all changes of the moment."""
        if not self._telling:
            self._telling = True
            self.call_later(self._tell)

    def _tell(self) -> None:
        self._telling = False
        self._report.send(self._driver)
        # On the way out the widgets are gone before their screen is.
        if (here := self.here) and here.is_mounted and here.children:
            here.refresh_content()
            if isinstance(self.screen, ToldScreen):
                self.screen.show_title()

    def _write(self) -> None:
        self.workflow.host.save_answers(
            self.workflow.draft.answers.given, self.workflow.bookmark(self._place)
        )

    @on(TextControl.NotTaken)
    def _not_taken(self, event: TextControl.NotTaken) -> None:
        self._complain(event.told)

    def _complain(self, told: str) -> None:
        if here := self.here:
            here.say(f"! {told}")

    # --- what lies over a screen for a moment ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is laid over a screen that is about to ask something."""
        if action in ("show_palette", "show_help") and (here := self.here):
            return not here.is_looking
        return super().check_action(action, parameters)

    def action_show_palette(self) -> None:
        """Offer every screen, problem and command."""
        from bwtui.tui.screens.palette import Entry, Palette  # noqa: PLC0415 - made when it is wanted

        async def chosen(entry: Entry | None) -> None:
            match entry:
                case Entry(leads_to=str() as action):
                    await self.run_action(action)
                case Entry(leads_to=Message() as message):
                    self.post_message(message)

        if here := self.here:
            self.push_screen(Palette(here.place, self.workflow), chosen)

    def action_show_help(self) -> None:
        """Tell about what has the focus."""
        from bwtui.tui.screens.dialogs import TextDialog  # noqa: PLC0415 - made when it is wanted

        if here := self.here:
            self.push_screen(TextDialog(*here.help_text()))

    # --- leaving ---

    async def action_leave(self) -> None:
        """Ask; asked already, leave at once."""
        from bwtui.tui.screens.dialogs import LeaveDialog  # noqa: PLC0415 - made when it is wanted

        asked_before = any(isinstance(screen, LeaveDialog) for screen in self.screen_stack)
        if asked_before or self._is_leaving:
            self._end(self._exit_code)
            return
        self.push_screen(LeaveDialog(self._parting, yes="Leave", no="Stay"), self._leave_if)

    @property
    def _parting(self) -> str:
        """Return the question before leaving, with what happens to everything then."""
        host = self.workflow.host
        later = f"Continue later with: {host.resume_command}"
        if host.is_demo:
            return "Leave the demo? Nothing of it is kept."
        if self.workflow.is_acting:
            return (
                "Stop here? What is under way is finished first; an order continues without you and is found again. "
                f"{later}"
            )
        if self.workflow.is_proven:
            return "Leave? Everything is done and was read back."
        return f"Leave? Your answers are saved; only secrets are asked again. {later}"

    def _leave_if(self, sure: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
        if sure:
            self._is_leaving = True
            self.run_worker(self._leave(), group="leave")

    async def _leave(self) -> None:
        """Let what is under way come to its end; asked once more, it is not waited for."""
        self.workflow.stop()
        if self.workflow.is_acting:
            text = stopping_text(self.workflow.seconds_under_way)
            self._complain(f"{text}; Ctrl+C leaves at once.")
        for worker in [worker for worker in self.workers if worker.group == "run"]:
            with suppress(WorkerCancelled):
                await worker.wait()
        self._end(self._exit_code)

    @property
    def _exit_code(self) -> Exit:
        """Return the exit code for leaving now: done only if everything is proven and nothing is under way."""
        return Exit.DONE if self.workflow.is_proven and not self.workflow.is_acting else Exit.INTERRUPTED

    def _end(self, code: Exit) -> None:
        self.workflow.stop()
        self.exit(int(code))

    def action_suspend_process(self) -> None:
        """Stop, as Ctrl+Z stops any program: with all that were started along with it."""
        if self._driver and self._driver.can_suspend:
            os.kill(0, signal.SIGTSTP)

    def action_draw_again(self) -> None:
        """Draw everything once more, whatever somebody else has written over it: as after being woken."""
        if self._driver and self._driver.can_suspend:
            os.kill(os.getpid(), signal.SIGCONT)

    async def action_next_theme(self) -> None:
        """Dark, light, high contrast, and round again; kept for the next time."""
        self.theme = THEME_NAMES[(THEME_NAMES.index(self.theme) + 1) % len(THEME_NAMES)]
        try:
            await asyncio.to_thread(self.workflow.host.save_theme, self.theme)
        except SaveError as error:
            self._complain(str(error))

    async def on_unmount(self) -> None:
        """The last word on what was answered is on disk before the screen is gone."""
        await self._saver.finish()
        await self.workflow.disconnect()


def _import_what_comes_next() -> None:
    for name in ("connect", "dialogs", "step"):
        import_module(f"bwtui.tui.screens.{name}")


def run_wizard(
    host: WizardHost, answers: Answers, run: RunState, bookmark: Bookmark, *, autoplay: float | None = None
) -> int:
    """Show the wizard where it was left, until it is finished or left; give the exit code.

    `autoplay` is a speed: the wizard then walks by itself, faster above 1.
    """
    forget_another_size(os.environ)
    draft = Draft(answers, run, reached=bookmark.place)
    workflow = Workflow(host, draft, bookmark)
    app = WizardApp(
        workflow, bookmark.place or WELCOME, ascii_only=not is_utf8(os.environ), autoplay=autoplay
    )
    mouse = "SSH_CONNECTION" not in os.environ
    code = app.run(mouse=mouse)
    if app.return_code:
        return int(Exit.FAILED)  # it crashed; the reason was printed
    return int(Exit.INTERRUPTED) if code is None else code
