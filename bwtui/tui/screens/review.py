"""Everything that is about to happen, before anything does: what is missing, each action, the exact requests, the price."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from bwtui.domain.answers.validation import Complaint
from bwtui.domain.catalog import CAMPAIGN, PAID_STEP, step_of
from bwtui.domain.planning.actions import Action, Plan, Verdict
from bwtui.domain.planning.campaign_plan import left_out_told
from bwtui.domain.planning.consent import Consent
from bwtui.domain.planning.given_up import given_up_with, to_give_up
from bwtui.domain.planning.value_changes import reason_told, value_changes
from bwtui.domain.runs.problem import Stopped
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import request_text
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import capitalised, counted, safe
from bwtui.domain.walk.walk_text import (
    GIVE_UP,
    NOTHING_YET,
    cost_text,
    created_text,
    lost_text,
    numbers_cost_text,
    plan_text,
    saved_text,
    values_of,
    ways_to_settle,
)
from bwtui.tui.error_text import complaint_line, reason_of, told
from bwtui.tui.highlight import MONEY, values
from bwtui.tui.highlight import request as highlighted
from bwtui.tui.line_filters import on_one_line
from bwtui.tui.places import APPLY, CONNECT, place_of
from bwtui.tui.screens.base import Go, PlaceScreen
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.details import Details
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.menu import Menu
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Phase, Workflow

if TYPE_CHECKING:
    from bwtui.domain.callbacks.callback_check import CallbackUrl

_NOT_CONNECTED = Complaint(CONNECT, "Connect and test the connection: Review looks at the account.")
"""A complaint about a screen rather than an answer: that screen focuses what is to be done first."""


_VERDICT_STYLES = {
    Verdict.NEW: "$success",
    Verdict.KEEP: "$hint",
    Verdict.CHANGE: "$warning",
    Verdict.LEAVE: "$hint",
    Verdict.CONFLICT: "bold $error",
    Verdict.WAIT: "$warning",
}


def _reason(action: Action) -> Iterator[str]:
    """Yield the reason for an action, and each value that changes, or that a conflict is about, on a line of its own."""
    is_change = action.verdict is Verdict.CHANGE and action.differences
    if why := safe(action.besides) if is_change else reason_of(action):
        yield f"{capitalised(why.rstrip('.'))}."
    for change in value_changes(action):
        yield f"  {change.label:<28}{change.old_told} -> {change.new_told}"


class ReviewScreen(PlaceScreen):
    """Reading, and the one yes that lets things happen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "forward", "Apply", tooltip="Asks once more, then carries out what is shown"),
        Binding("r,R", "request", "Request", tooltip="The exact request of an action"),
        Binding("u,U", "use", "Use it", tooltip="Use what is there under this name"),
        Binding("c,C", "settle('change')", "Change it", tooltip="Set what is there as answered"),
        Binding("k,K", "settle('keep')", "Keep it", tooltip="Leave what is there as it is"),
        Binding("o,O", "settle('order')", "Order more", tooltip="Order numbers besides those that are there"),
        Binding(
            "v,V",
            "settle('move')",
            "Move it",
            tooltip="Take numbers off the package or campaign that they are on",
        ),
        Binding("m,M", "make_anew", "Make anew", tooltip="What was removed, with what depends on it"),
        Binding("g,G", "give_up", "Give up", tooltip="Count numbers or orders that came to nothing no more"),
        Binding("space", "more", "More", tooltip="The rest of what is said below"),
        Binding("e,E", "edit", "Edit", tooltip="The answers of the action under the cursor"),
        Binding("h,H", "check_urls", "URLs", tooltip="Post a sample event to the callback URLs"),
        Binding("ctrl+s", "save", "Save answers", show=False, tooltip="As a file that bwtui apply takes"),
        Binding("ctrl+r", "look", "Look again", tooltip="At the account, which changes nothing"),
    ]

    def __init__(self, place: str, workflow: Workflow, key: str = "") -> None:
        super().__init__(place, workflow, key)
        self._summary = TextLine(id="about")
        self._spinner = Spinner()
        self._problems = Menu(id="problems")
        self._actions = Menu(id="actions")
        self._details = Details(id="details")
        self._detail = Static(markup=False, id="detail")
        self._detail_told = ""
        self._wrong: tuple[Complaint, ...] = ()
        self._plan: tuple[Action, ...] = ()
        self._saw_run = False

    def page(self) -> Iterator[Widget]:
        yield self._summary
        yield self._spinner
        yield self._problems
        yield self._actions
        yield LineButton("Apply", id="apply")
        with self._details:
            yield self._detail

    @property
    def is_ready(self) -> bool:
        return True  # while it looks, there is nothing to go to

    def begin(self) -> None:
        self.refresh_content()
        self.action_look()

    def action_look(self) -> None:
        """Look at the account once more, if nothing is missing."""
        workflow = self.workflow
        if workflow.is_connected and not self._missing() and workflow.phase is Phase.IDLE:
            self.app.run_worker(workflow.look(), group="look", exclusive=True)

    def _missing(self) -> tuple[Complaint, ...]:
        found = tuple(complaint for complaint in self.workflow.draft.complaints if complaint.blocks)
        if not self.workflow.is_connected:
            return (_NOT_CONNECTED, *found)
        return found

    def refresh_content(self) -> None:
        super().refresh_content()
        workflow = self.workflow
        if self._saw_run and not workflow.is_acting:
            self.action_look()  # what there was to do is done, or is another
        self._saw_run = workflow.is_acting
        looking = workflow.phase is Phase.LOOKING
        if looking:
            self._spinner.start(workflow.waiting or "Looking at the account, which changes nothing")
        else:
            self._spinner.stop(at_once=True)
        self._wrong = self._missing() or workflow.obstacles
        self._plan = tuple(workflow.plan) if workflow.plan and not self._missing() and not looking else ()
        self._problems.show([complaint_line(complaint) for complaint in self._wrong])
        self._problems.display = bool(self._wrong)
        self._actions.show([self._action_line(action) for action in self._plan])
        self._actions.display = bool(self._plan)
        self._summary.refresh_content(self._summarised(looking=looking))
        press = self.query_one("#apply", LineButton)
        press.display = bool(self._plan) and not self._wrong
        press.relabel("Apply" if workflow.plan is None or workflow.plan.writes else "Read back")
        self._focus_on_what_is_next(press)
        self._moved()

    def _focus_on_what_is_next(self, press: LineButton) -> None:
        if self.focused is None or not self.focused.display:
            target = next(
                (widget for widget in (self._problems, press, self._actions) if widget.display), None
            )
            if target:
                self.focus_from_the_top(target)

    def _summarised(self, *, looking: bool) -> str:
        if looking:
            return NOTHING_YET
        if self.workflow.is_acting:
            return "What was agreed to is being carried out. Next shows it."
        if self.workflow.problem:
            return f"! {told(self.workflow.problem)}"
        if self._wrong:
            return f"{len(self._wrong)} to put right first. Enter goes there."
        plan = self.workflow.plan
        if plan is None:
            return NOTHING_YET
        changes = plan_text(plan, self.workflow.draft.run, self.workflow.draft.answers)
        costs = [f"$ {numbers_cost_text(self.workflow.numbers_to_order)}"] if plan.paid else []
        return "\n".join((changes, *costs, *(f"? {doubt}" for doubt in self._doubts(plan))))

    def _doubts(self, plan: Plan) -> Iterator[str]:
        """Yield what stops nothing, and should be known before money is spent."""
        workflow, answers = self.workflow, self.workflow.draft.answers
        if plan.paid and workflow.candidates(CAMPAIGN):
            yield from filter(None, [left_out_told(answers, workflow.numbers_to_order)])
        if not workflow.host.is_demo:
            yield from workflow.callbacks.hint(answers, "H checks them").splitlines()

    @property
    def _numbers(self) -> str:
        return listed(self.workflow.numbers_to_order)

    def _action_line(self, action: Action) -> Content:
        doubt = "not proven: " if action.unproven else ""
        text = self._numbers if action.costs else reason_told(action)
        if not text and action.verdict is Verdict.NEW:
            text = created_text(action.step, self.workflow.draft.answers)
        look = "$warning" if action.costs else _VERDICT_STYLES[action.verdict]
        return Content.assemble(
            (f"{action.word:<9}", look),
            f"{action.step.title:<23}",
            (f"$ {MONEY}  " if action.costs else "", "$warning"),  # first: it is never cut off
            f"{doubt}{on_one_line(text)}",
        )

    # --- one action ---

    @property
    def _action(self) -> Action | None:
        """The action under the cursor; where the problems have the focus, that of the problem there."""
        if not self._plan:
            return None
        if self.focused is self._problems and self._problems.cursor < len(self._wrong):
            place = place_of(self._wrong[self._problems.cursor].key)
            return next((action for action in self._plan if action.step.key == place), None)
        return self._plan[min(self._actions.cursor, len(self._plan) - 1)]

    @on(Menu.Moved)
    def _moved(self) -> None:
        self._describe()
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        self._moved()

    def _describe(self) -> None:
        told_now = ""
        if self.focused is self._problems and self._problems.cursor < len(self._wrong):
            told_now = safe(self._wrong[self._problems.cursor].text)
        elif action := self._action:
            step = action.step
            unasked = "" if step.on_screen else " It asks nothing, so the walk has no step for it."
            about = f"{step.explanation}{unasked}"
            told_now = "\n".join([*_reason(action), about, *self._provenance(step)])
        if told_now != self._detail_told:
            self._detail_told = told_now
            self._detail.update(values(told_now))
            self._details.scroll_home(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        here = self._action
        is_to_decide = here and here.verdict is Verdict.CONFLICT and not here.stops_only_itself
        conflict = here if is_to_decide else None
        match action:
            case "use":
                return conflict is not None and self.workflow.namesake(conflict.step) is not None
            case "settle":
                return conflict is not None and parameters[0] in ways_to_settle(conflict.step)
            case "make_anew":
                return here is not None and not here.step.paid and bool(self._lost)
            case "give_up":
                return here is not None and here.step.paid and bool(self._lost)
            case "edit":
                return here is not None and here.step.on_screen
            case "check_urls":
                return bool(self._plan) and not self.workflow.host.is_demo and bool(self._untried)
            case "more":
                return self._details.has_more
            case "request":
                return bool(self._plan)
            case "look":
                workflow = self.workflow
                failed = workflow.problem is not None or bool(workflow.plan and workflow.plan.conflicts)
                return failed and workflow.phase is Phase.IDLE
            case _:
                return super().check_action(action, parameters)

    def action_use(self) -> None:
        """Use what is there under the name that was to be created, and look again."""
        if (here := self._action) and (namesake := self.workflow.namesake(here.step)):
            self.workflow.draft.answer(here.step.key_of("use"), namesake.id)
            self.action_look()

    def action_settle(self, way: str) -> None:
        """Decide what happens to what is there, and look again."""
        if here := self._action:
            self.workflow.draft.answer(here.step.key_of("existing"), way)
            self.action_look()

    @property
    def _lost(self) -> tuple[str, ...]:
        """Return what can be given up of the step under the cursor."""
        workflow = self.workflow
        if not (here := self._action) or workflow.phase is not Phase.IDLE:
            return ()
        return to_give_up(here.step, workflow.draft.answers, workflow.draft.run, workflow.survey)

    def action_make_anew(self) -> None:
        """Have made anew what somebody removed, and look again."""
        if here := self._action:
            self._give_up(here.step, self._lost)

    def action_give_up(self) -> None:
        """Ask before numbers or orders count no more, since others are ordered then; look again."""
        from bwtui.tui.screens.dialogs import ConfirmCost  # noqa: PLC0415

        if not (here := self._action) or not (lost := self._lost):
            return
        step = here.step

        def given_up(consent: Consent | None) -> None:
            if consent is Consent.ALL:
                self._give_up(step, lost)

        self.app.push_screen(ConfirmCost(GIVE_UP.format(lost=lost_text(lost)), yes="Give up"), given_up)

    def _give_up(self, step: Step, lost: tuple[str, ...]) -> None:
        draft = self.workflow.draft
        draft.answer(step.key_of("given_up"), given_up_with(draft.answers, step, lost))
        self.action_look()

    def _provenance(self, step: Step) -> Iterator[str]:
        """Each value that counts, and where it came from."""
        for label, value, source in values_of(step, self.workflow.draft.answers):
            yield f"  {label:<28}{value}  ({source})"

    def action_more(self) -> None:
        """Show the rest of the details."""
        self._details.show_more()

    @on(Menu.Chosen, "#actions")
    def action_request(self) -> None:
        """Show the exact request of an action."""
        from bwtui.tui.screens.dialogs import TextDialog  # noqa: PLC0415 - made when it is wanted

        if not self._plan:
            return
        action = self._plan[self._actions.cursor]
        text = request_text(action.request) if action.request else f"Nothing is sent: {action.reason}."
        self.app.push_screen(TextDialog(f"{action.step.title}: {action.word}", highlighted(text)))

    @on(Menu.Chosen, "#problems")
    def _put_right(self, event: Menu.Chosen) -> None:
        key = self._wrong[event.index].key
        if self._show_what_was_lost(key) or self._show_action_without_screen(key):
            return
        self.workflow.draft.touched.add(key)  # whoever is sent there is told why
        place = place_of(key)
        after = self.place if place == CONNECT else ""
        self.post_message(Go(place, key if key != place else "", after=after))

    def _show_what_was_lost(self, key: str) -> bool:
        """Go to the action of a step that lost something: the key that makes it anew or gives it up is offered there."""
        workflow, step = self.workflow, step_of(key)
        if not step or not to_give_up(step, workflow.draft.answers, workflow.draft.run, workflow.survey):
            return False
        return self._go_to_action(step)

    def _show_action_without_screen(self, key: str) -> bool:
        """Go to the action of a step that has no screen: the key that decides it is offered there."""
        step = step_of(key)
        return step is not None and not step.on_screen and self._go_to_action(step)

    def _go_to_action(self, step: Step) -> bool:
        rows = [row for row, action in enumerate(self._plan or ()) if action.step == step]
        if rows:
            self._actions.move_to(rows[0])
            self._actions.focus()
        return bool(rows)

    def action_edit(self) -> None:
        """Go to the answers of the action under the cursor."""
        if here := self._action:
            self.post_message(Go(here.step.key))

    # --- callback URLs ---

    @property
    def _untried(self) -> tuple[CallbackUrl, ...]:
        return self.workflow.callbacks.untried(self.workflow.draft.answers)

    def action_check_urls(self) -> None:
        """Try the callback URLs that were not tried, in the background; no password is sent."""
        self.run_worker(self._check_urls(self._untried), group="callbacks", exclusive=True)

    async def _check_urls(self, callbacks: tuple[CallbackUrl, ...]) -> None:
        self.say("Posting a sample event to each callback URL …")
        with suppress(Stopped):  # the wizard is being left
            await self.workflow.check_callbacks(callbacks)
        self.say("")

    # --- files ---

    def action_save(self) -> None:
        from bwtui.tui.screens.dialogs import PathDialog  # noqa: PLC0415

        question = "Save the answers as a file that bwtui apply takes. Passwords are never in it."
        self.app.push_screen(PathDialog(question, "setup.toml"), self._save_to)

    def _save_to(self, path: str | None) -> None:
        if not path:
            return
        try:
            self.workflow.host.write_answers_file(Path(path), self.workflow.draft.answers)
        except SaveError as error:
            self.say(f"! {error}")
        else:
            self.say(saved_text(path, self.workflow.host.commands.of("apply", path)))

    # --- yes ---

    def action_forward(self) -> None:
        self._apply()

    @on(LineButton.Pressed, "#apply")
    def _apply(self) -> None:
        """Ask for the yes: about money where something costs money, else about all that is written."""
        if self.workflow.is_acting:
            self.post_message(Go(APPLY))
            return
        if not self._plan or self._wrong or not self.workflow.plan:
            self.say(self._not_yet)
            return
        plan = self.workflow.plan
        if plan.paid:
            self._ask_for_money(plan)
        elif plan.writes:
            self._ask_to_apply(plan)
        else:
            self._begin(plan, Consent.ALL)

    def _ask_to_apply(self, plan: Plan) -> None:
        """Ask the one question before anything is written; Enter says yes."""
        from bwtui.tui.screens.dialogs import ConfirmApply  # noqa: PLC0415

        def answered(agreed: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if agreed:
                self._begin(plan, Consent.ALL)

        writes = counted(len(plan.writes), "change")
        question = f"Apply {writes} to account {self._account_id} now, exactly as shown?"
        self.app.push_screen(ConfirmApply(question, yes="Apply", enter_agrees=True), answered)

    def _ask_for_money(self, plan: Plan) -> None:
        """Ask the same where money is spent. Enter says yes only in the demo: elsewhere it goes back."""
        from bwtui.tui.screens.dialogs import ConfirmCost  # noqa: PLC0415

        def answered(consent: Consent | None) -> None:
            if consent in (Consent.ALL, Consent.ALL_BUT_THE_NUMBERS):
                self._begin(plan, consent)

        is_demo, others = self.workflow.host.is_demo, len(plan.writes) - 1
        question = f"Order {self._numbers}? {cost_text(is_demo=is_demo)}"
        if others:
            question += f"\n{counted(others, 'more change')} to account {self._account_id}, exactly as shown."
        can_do_without = plan.without_numbers(self.workflow.draft.run).writes
        dialog = ConfirmCost(
            question, yes="Apply all $" if others else "Order $", no="Back",
            without="All but the numbers" if can_do_without else "", enter_agrees=is_demo,
            about=PAID_STEP.explanation,
        )  # fmt: skip
        self.app.push_screen(dialog, answered)

    @property
    def _account_id(self) -> str:
        return self.workflow.draft.answers.account_id

    @property
    def _not_yet(self) -> str:
        """Return the reason why nothing can be applied."""
        if self._wrong:
            return "Put right what is listed first; then it can be applied."
        if self.workflow.problem:
            return "The look at the account failed: Ctrl+R looks again."
        return "It is still being looked at."

    def _begin(self, shown: Plan, consent: Consent) -> None:
        self.app.run_worker(self._act(shown, consent), group="run", exclusive=True)

    async def _act(self, shown: Plan, consent: Consent) -> None:
        """Do what was agreed to, unless it has become something else while the questions waited."""
        if not await self.workflow.is_still_agreed(shown):
            if self.workflow.plan:
                self.say("! Something has changed since it was shown. Look at what is to be done now.")
        elif self.is_attached:
            self.post_message(Go(APPLY))
            await self.workflow.act(pay=consent is Consent.ALL)
