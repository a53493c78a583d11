"""The run, live: each step, its request and reply, and what can be done where Bandwidth refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.planning.progress import Progress, declined_step
from bwtui.domain.remedies.remedies import Remedy, explain
from bwtui.domain.runs.problem import Problem
from bwtui.domain.runs.run import Status
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Exchange, exchange_text
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.walk.draft import recommended_address
from bwtui.domain.walk.walk_text import DO_WITHOUT, STAYS_OPEN, declined_text
from bwtui.tui.error_text import field_text, told, verification_lines
from bwtui.tui.highlight import SIGN_STYLES
from bwtui.tui.highlight import request as highlighted
from bwtui.tui.line_filters import on_one_line
from bwtui.tui.places import CONNECT, DONE, REVIEW, TITLES, PlaceStatus, place_of
from bwtui.tui.screens.base import Go, PlaceScreen
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.menu import Menu
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Phase, Workflow

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.tui.screens.dialogs import TextDialog

_AGAIN: Final = "Look again"
_ORDER: Final = "Look again and order $"


class ApplyScreen(PlaceScreen):
    """The run, as far as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,R", "retry", "Look again", tooltip="On Review, which shows what is missing and asks"),
        Binding("f,F", "fix", "Fix", tooltip="To the answer that was refused; Next leads back to Review"),
        Binding(
            "t,T",
            "take_address",
            "Take address",
            tooltip="Use the address that Bandwidth recommends, and retry",
        ),
        Binding("s,S", "skip", "Do without", tooltip="Set the rest up without this step"),
        Binding("l,L", "leave", "Leave", tooltip="Stop here; it asks first, and says what is kept"),
        Binding("enter", "finish", "Done", tooltip="To the proof"),
    ]

    def __init__(self, place: str, workflow: Workflow, key: str = "") -> None:
        super().__init__(place, workflow, key)
        self._summary = TextLine(id="about")
        self._spinner = Spinner()
        self._steps = Menu(id="steps")
        self._trouble = TextLine(id="trouble")
        self._again = LineButton(_AGAIN, id="again")
        self._without = LineButton("Do without", id="without")
        self._ways = Horizontal(self._again, self._without, id="ways")
        self._was_idle = False
        self._read_over: TextDialog | None = None
        """The text that was opened last over this screen."""

    def page(self) -> Iterator[Widget]:
        yield self._summary
        yield self._spinner
        yield self._steps
        yield self._ways
        yield self._trouble

    def begin(self) -> None:
        self._steps.focus()
        self.refresh_content()

    def refresh_content(self) -> None:
        super().refresh_content()
        workflow = self.workflow
        self._steps.show([self._line(step) for step in workflow.steps])
        self._summary.refresh_content(self._summarised())
        if workflow.phase is Phase.IDLE:
            self._spinner.stop(at_once=True)
        else:
            self._spinner.start(self._doing())
        is_idle = workflow.phase is Phase.IDLE
        has_ended = is_idle and not self._was_idle
        if has_ended:
            self._point_at_trouble()
            self._tell_reader()
        self._was_idle = is_idle
        self._trouble.refresh_content(self._troubled())
        self._trouble.display = bool(self._trouble.content)
        self._show_ways(has_ended=has_ended)
        self._follow()
        self.refresh_bindings()
        if workflow.has_news and is_idle and self.is_active:  # whoever reads something is not interrupted
            workflow.has_news = False
            self.post_message(Go(DONE))

    def _show_ways(self, *, has_ended: bool) -> None:
        """Offer what can be done now that it has stopped; the first of it has the focus, so that Enter does it."""
        can_retry = bool(self.check_action("retry", ()))
        if not can_retry and self.focused in (self._again, self._without):
            self._steps.focus()
        self._ways.display = can_retry
        self._without.display = bool(self.check_action("skip", ()))
        self._again.relabel(_ORDER if self._declined else _AGAIN)
        if can_retry and has_ended:
            self.focus_from_the_top(self._again)

    def _follow(self) -> None:
        """Keep the step that runs in sight, unless somebody reads another."""
        if (running := self.workflow.running) and self._steps.cursor == 0:
            self._steps.bring_in_sight(self.workflow.steps.index(running[0]))

    def _tell_reader(self) -> None:
        """Whoever reads something is not interrupted, and sees that the run has ended."""
        if self._read_over and self._read_over.is_attached:
            proven = self.workflow.is_proven
            self._read_over.tell(
                "✓ All done: Esc shows the proof" if proven else "! Stopped: Esc shows what can be done"
            )

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.refresh_content()

    def _point_at_trouble(self) -> None:
        """The cursor on the first step that did not work, unless it is on another of them."""
        failed = [step for step, _ in self.workflow.failures]
        if failed and self._here not in failed:
            self._steps.cursor = self.workflow.steps.index(failed[0])

    @property
    def _here(self) -> Step | None:
        """The step under the cursor."""
        steps = self.workflow.steps
        return steps[self._steps.cursor] if self._steps.cursor < len(steps) else None

    def _line(self, step: Step) -> Content:
        """One step: how it stands and what it has brought."""
        record = self.workflow.draft.run.step(step.key)
        sign = {Status.TO_DO: "○", Status.STARTED: "…", Status.FAILED: "!", Status.DONE: "✓"}[record.status]
        # The request that did it: what is read before and afterwards would make a time grow that is over. Numbers come
        # later than the answer to their request.
        writes = [exchange.seconds for exchange in self._exchanges(step) if exchange.method != "GET"]
        is_over = record.status in (Status.DONE, Status.FAILED)
        spent = ""
        if writes and is_over:
            spent = f" {record.ended_at - record.started_at if step.paid else writes[-1]:.1f} s"
        if (order := record.order_under_way) and record.status is not Status.DONE:
            sign = "…"
            word, spent, brought = PlaceStatus.WAITING.word, "", order.order_id
        else:
            word = "exists" if record.status is Status.DONE and not record.made else record.status.word
            brought = (
                listed(self.workflow.draft.run.numbers) if step.paid else ", ".join(record.outputs.values())
            )
        proof = self.workflow.draft.run.proof
        if record.status is Status.DONE and proof and step.key in proof.open:
            sign, word = "!", "not proven"
        # 78 columns with a UUID; what changes stands together, so that one move leads there.
        stands = (f"{sign} {word + spent:<15}", SIGN_STYLES.get(sign, ""))
        return Content.assemble(stands, f" {step.title:<22}{on_one_line(brought)}")

    def _doing(self) -> str:
        workflow = self.workflow
        match workflow.phase:
            case Phase.PROVING:
                doing = "Reading everything back"
            case Phase.ACTING:
                # What is under way its own line says; only who has to wait, and why, is told nowhere else.
                waits = workflow.running if workflow.waiting else ()
                doing = ", ".join(step.title for step in waits) or "Setting up"
            case Phase.CONNECTING:
                doing = "Connecting"
            case _:
                doing = "Looking at the account"
        return f"{doing} ({workflow.waiting})" if workflow.waiting else doing

    def _summarised(self) -> str:
        workflow = self.workflow
        if workflow.phase is not Phase.IDLE:
            first = (
                "What failed can be retried when the rest has ended."
                if workflow.failures
                else "Enter on a step shows its requests and replies."
            )
            return first if workflow.host.is_demo else f"{first} You can leave (L) and come back."
        if workflow.problem or workflow.failures:
            return "Stopped. Nothing is lost. Enter on a step shows its requests and replies."
        if workflow.has_unapplied_answers:
            return "Answers were changed and wait. R looks again and applies them."
        if workflow.proof and not workflow.is_proven:
            return "Not everything was read back as it should be. R looks again and corrects what it can."
        if workflow.is_proven:
            return "Everything is done. Enter shows the proof."
        if workflow.progress is not Progress.INCOMPLETE:
            return "Everything is applied. R looks again; V on Done reads it back and proves it."
        if self._declined:
            return declined_text(self.workflow.draft.answers, self.workflow.draft.run)
        return "Not finished. R looks again and continues; what is done stays done."

    # --- trouble ---

    @property
    def _problem(self) -> tuple[Step | None, Problem] | None:
        """Return the problem to show: of the step under the cursor, else of the whole run, else of the first step that failed."""
        failures = self.workflow.failures
        if here := next((failure for failure in failures if failure[0] is self._here), None):
            return here
        if self.workflow.problem:
            return None, self.workflow.problem
        return failures[0] if failures else None

    @property
    def _declined(self) -> Step | None:
        """The step that costs money, where everything else is done."""
        draft = self.workflow.draft
        return None if self._problem else declined_step(draft.answers, draft.run)

    @property
    def _optional(self) -> Step | None:
        """The step that is in the way and can be done without."""
        step = self._problem[0] if self._problem else self._declined
        return step if step and step.left_out_by else None

    def _troubled(self) -> str:
        if found := self._problem:
            step, problem = found
            return f"! {f'{step.title}: ' if step else ''}{told(problem)}"
        return verification_lines(self.workflow.proof or ()) if self.workflow.phase is Phase.IDLE else ""

    @property
    def _remedy(self) -> Remedy | None:
        found = self._problem
        return explain(found[1]) if found else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        idle, found = self.workflow.phase is Phase.IDLE, self._problem
        match action:
            case "retry":
                return idle and not self.workflow.is_proven
            case "fix":
                return idle and bool(self._remedy and self._remedy.field)
            case "take_address":
                return idle and bool(found and recommended_address(found[1].details))
            case "skip":
                return idle and self._optional is not None
            case "leave":
                return not self.workflow.is_proven
            case "finish" | "forward":
                return idle and self.workflow.is_proven
            case _:
                return super().check_action(action, parameters)

    @on(Menu.Moved)
    def _moved(self) -> None:
        self._trouble.refresh_content(self._troubled())
        self.refresh_bindings()

    @on(LineButton.Pressed, "#again")
    def action_retry(self) -> None:
        """Look again, show the plan, and ask before money is spent."""
        self.workflow.draft.forget_refusals()
        if self.workflow.is_connected:
            self.post_message(Go(REVIEW))
        else:
            self.post_message(Go(CONNECT, after=REVIEW))

    def action_fix(self) -> None:
        """Go to the answer with the API's words at it."""
        found, remedy = self._problem, self._remedy
        if not found or not remedy:
            return
        if remedy.field in QUESTIONS:
            self.workflow.draft.refused[remedy.field] = field_text(found[1])
        self.post_message(Go(place_of(remedy.field), remedy.field))

    def action_take_address(self) -> None:
        """Take the recommended address and go on."""
        if found := self._problem:
            self.workflow.draft.take_address(recommended_address(found[1].details))
            self.action_retry()

    @on(LineButton.Pressed, "#without")
    def action_skip(self) -> None:
        """Ask, then do without the step and go on; an order that may still be filled is not forgotten without a word."""
        from bwtui.tui.screens.dialogs import ConfirmDialog  # noqa: PLC0415 - made when it is wanted

        step = self._optional
        if not step:
            return

        def skip(sure: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if sure:
                self.workflow.draft.answer(step.left_out_by, step.left_out_answer)
                self.action_retry()

        orders = self.workflow.draft.run.step(step.key).orders
        opened = [order.order_id or order.customer_order_id for order in orders if not order.is_final]
        question = STAYS_OPEN.format(order=opened[-1]) if opened else DO_WITHOUT.format(step=step.title)
        self.app.push_screen(ConfirmDialog(question, yes="Do without"), skip)

    async def action_leave(self) -> None:
        await self.app.run_action("leave")

    def action_finish(self) -> None:
        self.post_message(Go(DONE))

    def action_forward(self) -> None:
        if self.workflow.is_proven:
            self.post_message(Go(DONE))

    # --- what was said ---

    def _exchanges(self, step: Step) -> tuple[Exchange, ...]:
        return tuple(
            exchange
            for exchange in self.workflow.exchanges
            if exchange.operation.partition(".")[0] == step.key
        )

    @on(Menu.Chosen)
    def _read(self, event: Menu.Chosen) -> None:
        """Show what is to be said about a step, and its every request and reply, secrets masked."""
        from bwtui.tui.screens.dialogs import TextDialog  # noqa: PLC0415 - made when it is wanted

        if self.workflow.is_proven and self.workflow.phase is Phase.IDLE:
            self.action_finish()
            return
        step = self.workflow.steps[event.index]
        problem = self.workflow.draft.run.step(step.key).problem
        said = [f"! {told(problem)}"] if problem else []
        said += map(exchange_text, reversed(self._exchanges(step)))
        text = "\n\n".join(said) or "Nothing was sent for this step yet."
        self._read_over = TextDialog(
            f"{TITLES[step.key]}: requests and replies, the latest first", highlighted(text)
        )
        self.app.push_screen(self._read_over)
