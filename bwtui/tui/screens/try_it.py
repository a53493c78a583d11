"""Try it: a first message or a first call to a phone of one's own, and what becomes of it, live."""

import asyncio
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget

from bwtui.domain.arrival.arrival import Arrival
from bwtui.domain.arrival.arrival_text import ARRIVAL_HEADING, arrival_text
from bwtui.domain.planning.consent import Consent
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.trials.trial import Ended, Outcome, Trial, TrialError, TrialEvent, TrialKind
from bwtui.domain.trials.trial_setup import (
    CannotTryError,
    Wish,
    answering_text,
    arrival_of,
    left_open,
    trial_of,
)
from bwtui.domain.trials.trial_text import question
from bwtui.domain.trials.trial_view import (
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
from bwtui.domain.values.phone_numbers import readable
from bwtui.tui.error_text import told
from bwtui.tui.screens.base import ToldScreen
from bwtui.tui.screens.dialogs import ConfirmCost
from bwtui.tui.trial_form import PHONE, TrialAnswers, questions
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.details import Details
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.form import Form, explanation_of
from bwtui.tui.widgets.header_footer import KeyFooter, TextLine, WizardHeader
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Workflow

_SEND = {TrialKind.MESSAGE: "Send the message", TrialKind.CALL: "Place the call"}
_BACK = "Back to Done"
_BESIDE_LINES = 5
"""Cells beside what is told: padding, the button's margins, and the scroll bar."""


class TryItScreen(ToldScreen[bool]):
    """Lies over Done. Leaving it ends the following; what was sent is on disk, and is finished first next time.

    It is dismissed with true where something has arrived.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", tooltip="To Done; what was sent is looked up next time"),
        Binding("f1", "help", "Help", tooltip="About what has the focus"),
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
        self._public_url = ""
        numbers = workflow.draft.run.numbers
        phone = workflow.trial_phone or (readable(workflow.host.phone) if workflow.host.phone else "")
        self._answers = TrialAnswers(phone, numbers, self._changed, self._wrong)
        asked = questions(numbers)
        self._knows_phone = bool(phone) and not self._answers.complaint(PHONE)
        self._form = Form(
            self._answers,
            asked,
            first=frozenset(key for key, _ in asked),
            start=None if self._knows_phone else PHONE,
        )
        self._preflight = TextLine(id="preflight")
        self._send = LineButton(_SEND[TrialKind.MESSAGE], id="send")
        self._spinner = Spinner()
        self._lines = workflow.trial_lines
        self._told = TextLine(id="conversation")
        self._talk = Details(id="details")
        self._trial = Vertical(id="trial")
        self._help = TextLine(id="help")
        self._explains = False
        """True while the last line explains a field."""
        self._arrivals: tuple[Arrival, ...] | None = None
        """What will arrive; `None` until it was read."""
        self.arrived: set[TrialKind] = set()
        """The outcomes of this screen's messages and calls."""
        self.is_busy = True
        """True while something is read, sent or followed."""
        self._is_unsaved = False
        """True once it could not be written down what became of one: it is looked up before there is another."""

    def compose(self) -> ComposeResult:
        yield self._title
        with self._trial:
            yield TextLine(ABOUT, id="about")
            yield self._form
            yield self._preflight
        yield self._send
        yield self._spinner
        with self._talk:
            yield self._told
        yield self._help
        yield KeyFooter(id="keys")

    def begin(self) -> None:
        self.show_title()
        if self._knows_phone:
            self._send.focus()
        self.call_after_refresh(self._talk.scroll_end, animate=False)  # to what was told before
        self.run_worker(self._open(), group="run")

    def on_resize(self) -> None:
        self.show_title()
        self._show_lines()

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
        if self._arrivals is None:
            return
        shown = (each for each in self._arrivals if each.number == self._answers.sender)
        unknown = f"{ARRIVAL_HEADING}\n? Not known: it could not be read."
        self._preflight.refresh_content(arrival_text(shown) or unknown)

    def _changed(self) -> None:
        self._workflow.trial_phone = self._answers.phone
        self._send.relabel(_SEND[self._answers.kind])
        self._show_preflight()

    def _wrong(self, answers: TrialAnswers) -> str:
        """Return what is wrong with what was typed; what else keeps it from being sent is said when it is to be."""
        try:
            self._trial_of(answers)
        except TrialError as error:
            return str(error)
        except CannotTryError:
            pass
        return ""

    def _trial_of(self, answers: TrialAnswers) -> Trial:
        """Return the trial that is answered. Raises `TrialError` and `CannotTryError`."""
        say = SENTENCE if answers.kind is TrialKind.CALL and self._public_url else ""
        draft = self._workflow.draft
        wish = Wish(answers.kind, answers.phone, answers.sender, say=say)
        return trial_of(wish, draft.answers, draft.run, self._public_url)

    @on(Form.Asked)
    def _explain(self, event: Form.Asked) -> None:
        self._say(explanation_of(event.question))
        self._explains = True

    @on(events.DescendantFocus)
    def _explain_no_more(self, event: events.DescendantFocus) -> None:
        if self._explains and not isinstance(event.widget.parent, Field):
            self._say("")

    @on(Form.Completed)
    def _to_send(self) -> None:
        if not self._answers.complaint(PHONE):
            self._send.focus()

    @on(LineButton.Pressed)
    def _pressed(self) -> None:
        if self.is_busy:
            return
        if not self._trial.display:
            self.action_back()
        elif self._is_unsaved:
            self.run_worker(self._look_first(), group="run")
        else:
            self._ask()

    async def _look_first(self) -> None:
        """Look up what became of the last one, then ask about another."""
        kind = self._answers.kind
        with self._busy(f"Looking what became of the last {kind}"):
            self._is_unsaved = False
            await self._finish(kind)
        if not self._is_unsaved:
            self._ask()

    def _ask(self) -> None:
        """Say what keeps it from being sent, or ask: it costs money."""
        kind = self._answers.kind
        self._answers.left(PHONE)
        self._form.refresh_content()
        if self._answers.complaint(PHONE):
            self.run_worker(self._form.focus_on(PHONE))
            return
        try:
            trial = self._trial_of(self._answers)
        except CannotTryError as error:
            self._say(f"! {error}")
            return
        if told_why := blocked_by(arrival_of(trial, self._arrivals or ())):
            self._say(f"! {told_why}")
            return
        self._say("")
        is_demo = self._workflow.host.is_demo
        asked = question(trial, is_demo=is_demo)
        if trial.answer_url:
            asked = f"{asked} {answering_text(trial, self._public_url)}"
        self.app.push_screen(
            ConfirmCost(asked, yes=_SEND[kind], enter_agrees=is_demo),
            partial(self._answered, trial),
        )

    def _answered(self, trial: Trial, consent: Consent | None) -> None:
        if consent is not Consent.ALL:
            self._say("Nothing was sent.")
        elif not self.is_busy:
            self.is_busy = True  # before anything else can be pressed
            self.run_worker(self._run(trial), group="run")

    # --- live ---

    async def _run(self, trial: Trial) -> None:
        kind = trial.kind
        self._trial.display = False
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
            self._answers.kind = left[0]
            self._form.renew()
            self.call_after_refresh(
                self._say, f"The {kind} is done. Now a {left[0]} is chosen; “Try a” leads back."
            )
        self._trial.display = bool(left)
        if not left:
            self._send.relabel(_BACK)
        self._send.display = True
        self._send.focus()
        self._talk.scroll_end(animate=False)

    def _on_event(self, event: TrialEvent) -> None:
        self._tell(event_line(event))

    def _tell(self, line: str) -> None:
        self._lines.append(line)
        self._show_lines()
        self._talk.scroll_end(animate=False)

    def _show_lines(self) -> None:
        """Show what happened so far; where a line goes on, it stands behind its sign."""
        width = self.app.size.width - _BESIDE_LINES
        lines = (
            textwrap.fill(line, max(20, width), subsequent_indent="  ", break_on_hyphens=False)
            for line in self._lines
        )
        self._told.refresh_content("\n".join(lines))

    def _say(self, text: str) -> None:
        self._explains = False
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
            self._is_unsaved = True
            self._tell(f"! {error}")
        except Stopped:
            self._tell("? Stopped. Nothing was sent.")
        finally:
            self._spinner.stop()
            self.is_busy = False

    def action_help(self) -> None:
        """Tell about what has the focus."""
        from bwtui.tui.help import help_about, keys_now  # noqa: PLC0415
        from bwtui.tui.screens.dialogs import TextDialog  # noqa: PLC0415 - made when it is wanted

        self.app.push_screen(TextDialog(*help_about("Try it", ABOUT, self.focused, keys_now(self))))

    def action_scroll(self, pages: int) -> None:
        """Show what was said before, or after."""
        self._talk.scroll_relative(y=pages * max(1, self._talk.size.height - 1), animate=False)

    def action_back(self) -> None:
        # At once: what is only found out afterwards would count as told, and nobody would see it.
        self.workers.cancel_group(self, "run")
        self.dismiss(bool(self.arrived))
