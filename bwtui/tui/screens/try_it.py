"""Try it: a first message or a first call to a phone of one's own, and what becomes of it, live."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from bwtui.domain.arrival import Arrival
from bwtui.domain.arrival_text import arrival_text
from bwtui.domain.phone_numbers import readable, ten_digits
from bwtui.domain.problem import ProblemError, Stopped
from bwtui.domain.setup import SaveError
from bwtui.domain.trial import Ended, Outcome, Trial, TrialError, TrialEvent, TrialKind
from bwtui.domain.trial_setup import CannotTryError, Wish, answering_text, arrival_of, left_open, trial_of
from bwtui.domain.trial_text import question
from bwtui.domain.trial_view import (
    ABOUT,
    ANSWER_WAIT,
    SENTENCE,
    WAIT,
    blocked_by,
    event_line,
    left_open_text,
    reply_text,
    spoken_text,
)
from bwtui.tui.error_text import told
from bwtui.tui.screens.base import ToldScreen
from bwtui.tui.screens.dialogs import ConfirmCost
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.controls import PickControl, TextControl
from bwtui.tui.widgets.details import Details
from bwtui.tui.widgets.header_footer import KeyFooter, TextLine, WizardHeader
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Workflow

_SEND = {TrialKind.MESSAGE: "Send the message", TrialKind.CALL: "Place the call"}
_BACK = "Back to Done"


class TryItScreen(ToldScreen):
    """Lies over Done. Leaving it ends the following; what was sent is on disk, and is finished first next time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="To Done; what was sent is looked up next time"),
        Binding("pageup", "scroll(-1)", "Earlier", show=False),
        Binding("pagedown", "scroll(1)", "Later", show=False),
    ]
    AUTO_FOCUS = ""

    focused: reactive[Widget | None] = reactive(None, repaint=False)

    def __init__(self, workflow: Workflow) -> None:
        super().__init__()
        self._workflow = workflow
        self._trials = workflow.trials
        self._title = WizardHeader(id="title")
        kinds = tuple((kind.value, kind.value) for kind in TrialKind)
        self._kind = PickControl(kinds, TrialKind.MESSAGE.value)
        phone = workflow.host.phone
        self._phone = TextControl(readable(phone) if phone else "", placeholder="e.g. +1 (919) 555-1234")
        numbers = tuple((number, readable(number)) for number in workflow.draft.run.numbers)
        self._sender = PickControl(numbers, numbers[0][0])
        self._preflight = TextLine(id="preflight")
        self._send = LineButton(_SEND[TrialKind.MESSAGE], id="send")
        self._spinner = Spinner()
        self._lines: list[str] = []
        self._told = TextLine(id="conversation")
        self._talk = Details(id="details")
        self._form = Vertical(id="trial")
        self._help = TextLine(id="help")
        self._public_url = ""
        self._arrivals: tuple[Arrival, ...] = ()
        self.arrived: set[TrialKind] = set()
        """The outcomes of this screen's messages and calls."""
        self.is_busy = True
        """True while something is read, sent or followed."""

    def compose(self) -> ComposeResult:
        yield self._title
        fields = (("Try a", self._kind), ("Your phone", self._phone), ("From", self._sender))
        with self._form:
            yield TextLine(ABOUT, id="about")
            for label, control in fields:
                with Horizontal(classes="row"):
                    yield TextLine(label)
                    yield control
            yield self._preflight
        yield self._send
        yield self._spinner
        with self._talk:
            yield self._told
        yield self._help
        yield KeyFooter(id="keys")

    def begin(self) -> None:
        self.show_title()
        (self._send if self._phone.value else self._phone).focus()
        self.run_worker(self._open(), group="run")

    def on_resize(self) -> None:
        self.show_title()

    def show_title(self) -> None:
        self._title.refresh_both(" bwtui  Try it", "", *(f"{text} " for text in self._workflow.whose))

    # --- before it is sent ---

    async def _open(self) -> None:
        """Read what will arrive, and finish what was left open."""
        with self._busy("Reading whether messages and calls will arrive"):
            self._public_url = await self._trials.public_url()
            if self._workflow.arrivals is None:
                await self._workflow.read_arrivals()
            self._arrivals = self._workflow.arrivals or ()
            self._show_preflight()
            for kind in TrialKind:
                await self._finish(kind)

    async def _finish(self, kind: TrialKind) -> None:
        """Follow an earlier trial of which nobody knows the end, before there is a new one."""
        last = await asyncio.to_thread(self._trials.last, kind)
        if left := left_open(last, self._workflow.draft.answers):
            self._tell(f"? {left_open_text(left)}")
            await self._trials.follow(left, WAIT[kind], self._on_event)

    def _show_preflight(self) -> None:
        number = ten_digits(self._sender.value)
        shown = (each for each in self._arrivals if each.number == number)
        self._preflight.refresh_content(arrival_text(shown))

    @on(PickControl.Changed)
    def _changed(self) -> None:
        self._send.relabel(_SEND[TrialKind(self._kind.value)])
        self._show_preflight()

    @on(Input.Submitted)
    @on(PickControl.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(LineButton.Pressed)
    def _pressed(self) -> None:
        if self.is_busy:
            return
        if self._form.display:
            self._ask()
        else:
            self.action_back()

    def _ask(self) -> None:
        """Say what keeps it from being sent, or ask: it costs money."""
        kind = TrialKind(self._kind.value)
        say = SENTENCE if kind is TrialKind.CALL and self._public_url else ""
        wish = Wish(kind, self._phone.value, self._sender.value, say=say)
        draft = self._workflow.draft
        try:
            trial = trial_of(wish, draft.answers, draft.run, self._public_url)
        except TrialError as error:
            self._say(f"! {error}")
            self._phone.focus()
            return
        except CannotTryError as error:
            self._say(f"! {error}")
            return
        if told_why := blocked_by(arrival_of(trial, self._arrivals)):
            self._say(f"! {told_why}")
            return
        self._say("")
        is_demo = self._workflow.host.is_demo
        asked = question(trial)
        if trial.answer_url:
            asked = f"{asked} {answering_text(trial, self._public_url)}"
        if is_demo:
            asked = f"{asked} In the demo it costs nothing."
        self.app.push_screen(
            ConfirmCost(asked, yes=_SEND[kind], enter_agrees=is_demo),
            lambda sure: self._answered(trial, sure),
        )

    def _answered(self, trial: Trial, sure: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
        if not sure:
            self._say("Nothing was sent.")
        elif not self.is_busy:
            self.is_busy = True  # before anything else can be pressed
            self.run_worker(self._run(trial), group="run")

    # --- live ---

    async def _run(self, trial: Trial) -> None:
        kind = trial.kind
        self._form.display = False
        self._send.display = False
        with self._busy(f"Waiting for news of the {kind}"):
            last = await asyncio.to_thread(self._trials.last, kind)
            ended = await self._trials.send(trial, WAIT[kind], self._on_event, after=last)
            await self._hear_phone(ended)
        self._offer_next(kind)

    async def _hear_phone(self, ended: Ended) -> None:
        """Tell what came back from the phone, as far as a listener hears it."""
        if ended.outcome is Outcome.DELIVERED:
            self.arrived.add(TrialKind.MESSAGE)
            self._spinner.start("Waiting for an answer from the phone")
            reply = await self._trials.reply(ended.attempt, ANSWER_WAIT[TrialKind.MESSAGE])
            if reply is not None:
                self._tell(f"✓ {reply_text(ended.attempt, reply)}")
        elif ended.outcome is Outcome.ANSWERED:
            self.arrived.add(TrialKind.CALL)
            if self._public_url and await self._trials.was_spoken_to(
                ended.attempt, ANSWER_WAIT[TrialKind.CALL]
            ):
                self._tell(f"✓ {spoken_text(SENTENCE)}")

    def _offer_next(self, kind: TrialKind) -> None:
        """Offer what was not tried yet; after both there is only the way back."""
        left = [other for other in TrialKind if other not in self.arrived]
        if left and kind in self.arrived:
            self._kind.value = left[0].value
            self._changed()
        self._form.display = bool(left)
        if not left:
            self._send.relabel(_BACK)
        self._send.display = True
        self._send.focus()
        self._talk.scroll_end(animate=False)

    def _on_event(self, event: TrialEvent) -> None:
        self._tell(event_line(event))

    def _tell(self, line: str) -> None:
        self._lines.append(line)
        self._told.refresh_content("\n".join(self._lines))
        self._talk.scroll_end(animate=False)

    def _say(self, text: str) -> None:
        self._help.set_class(text.startswith("!"), "-trouble")
        self._help.refresh_content(text)

    @contextmanager
    def _busy(self, doing: str) -> Iterator[None]:
        """Be busy until the end of the block; what goes wrong there is told."""
        self.is_busy = True
        self._spinner.start(doing)
        try:
            yield
        except ProblemError as error:
            self._tell(f"! {told(error.problem)}")
        except SaveError as error:
            self._tell(f"! {error}")
        except Stopped:
            self._tell("? Stopped. Nothing was sent.")
        finally:
            self._spinner.stop()
            self.is_busy = False

    def action_scroll(self, pages: int) -> None:
        """Show what was said before, or after."""
        self._talk.scroll_relative(y=pages * max(1, self._talk.size.height - 1), animate=False)

    def action_back(self) -> None:
        # At once: what is only found out afterwards would count as told, and nobody would see it.
        self.workers.cancel_group(self, "run")
        self.dismiss()
