"""One step of the setup, as a screen made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from bwtui.domain.answers.answers import chosen_existing, is_left_out, uses_existing
from bwtui.domain.callbacks.callback_urls import callback_urls, password_question
from bwtui.domain.catalog import SITE
from bwtui.domain.fields import Question
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.order_plan import MOST_FOUND
from bwtui.domain.planning.requests import create_request, search_request
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Request
from bwtui.domain.values.text import capitalised
from bwtui.domain.walk.draft import ADDRESS, NUMBERS, TO_BE_CHOSEN, asked_at_once, questions_due
from bwtui.domain.walk.walk_text import USUAL_SEARCHES, lacking_text, links_told, namesake_text
from bwtui.tui.error_text import told
from bwtui.tui.form_data import DraftFormData
from bwtui.tui.screens.base import BACK, Go, PlaceScreen
from bwtui.tui.widgets.address_line import AddressLine, is_the_accounts_own
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.existing_chooser import Chooser
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.form import Form
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.number_search import NumberSearch
from bwtui.tui.widgets.request_pane import RequestPane
from bwtui.tui.widgets.search_by import SearchWays
from bwtui.tui.workflow import Workflow

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.callbacks.callback_check import CallbackUrl

_ENTER_GOES_ON = "Enter goes on. Tab and the arrow keys lead to the fields."


class StepScreen(PlaceScreen):
    """Asks what a step needs, and shows what it will send."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel_search", "Cancel search", tooltip="Search no longer"),
        BACK,
        Binding("ctrl+f", "search", "Search", tooltip="Search for numbers as answered"),
        Binding("ctrl+o", "fold", "Optional", tooltip="Show or hide the optional fields"),
        Binding("ctrl+r", "check_urls", "Check URLs", tooltip="Post a sample event to the callback URLs"),
    ]

    def __init__(self, step: Step, workflow: Workflow, key: str = "") -> None:
        super().__init__(step.key, workflow, key)
        self.step = step
        self.aside = step.other_name
        self._sheet = DraftFormData(workflow.draft)
        questions = questions_due(step, workflow.draft.answers, workflow.draft.run)
        self._chooser = Chooser(step, self._sheet, workflow.candidates(step), key) if step.chosen_by else None
        starts_here = (
            questions and not (self._chooser and self._chooser.uses) and (key or self._must_be_typed)
        )
        self._ways = SearchWays(step, self._sheet) if step.query else None
        own_address = step == SITE and is_the_accounts_own(workflow.draft)
        self._address = AddressLine(step, workflow.draft) if own_address else None
        self._form = Form(
            self._sheet,
            questions,
            first=asked_at_once(step, questions, self._usual),
            start=(key or self._to_search_by) if starts_here else None,
            make=self._maker,
            heads={next(iter(ADDRESS)): self._address} if self._address else {},
        )
        self._numbers = (
            NumberSearch(workflow.found, workflow.draft.picked_numbers, self._quantity)
            if step.query
            else None
        )
        self._asks = bool(questions)
        self._about = TextLine(id="about")
        self._links = TextLine(id="links")
        self._notice = TextLine(id="notice")
        self._pane = RequestPane()
        self._search: Worker[None] | None = None

    @property
    def _maker(self) -> Callable[[str, Question, str], Field]:
        """Makes the field for a question."""
        if self._address:
            return self._address.field
        return self._ways.field if self._ways else Field

    @property
    def _must_be_typed(self) -> bool:
        """True if something here has to be answered, or answered otherwise, before going on."""
        return bool(self.workflow.draft.blocking(self.step.key)) or bool(self._to_search_by)

    @property
    def _to_search_by(self) -> str:
        """The question to begin with where nothing says yet which numbers are wanted; empty where something does."""
        draft, usual = self.workflow.draft, tuple(map(self.step.key_of, self._usual))
        searches = any(map(draft.answers.text, usual)) or bool(draft.picked_numbers)
        return "" if searches or not usual or is_left_out(self.step, draft.answers) else usual[0]

    @property
    def _quantity(self) -> str:
        return self.workflow.draft.answers.text(self.step.key_of("quantity"))

    @property
    def _usual(self) -> tuple[str, ...]:
        return USUAL_SEARCHES if self.step.query else ()

    def page(self) -> Iterator[Widget]:
        yield self._about
        yield self._links
        yield self._notice
        if self._chooser:
            yield self._chooser
        yield self._form
        if self._numbers:
            yield self._numbers
        yield LineButton("Next", id="next")

    def below(self) -> Iterator[Widget]:
        yield self._pane

    def begin(self) -> None:
        self._about.refresh_content(self.step.explanation)
        uses = bool(self._chooser and self._chooser.uses)
        self._form.display = bool(self._form.children) and not uses
        if chosen_existing(self.step, self.workflow.draft.answers) and not self.key:
            self._to_next()
        elif uses and self.key != self.step.key_of(self.step.chosen_by):
            self.screen.focus_next()
        elif not uses and not self.key and not self._must_be_typed:
            self._where_enter_goes_on.focus()
            if self._asks:
                self.say(_ENTER_GOES_ON)
        self.refresh_content()
        self._look_up_candidates()

    def leave(self) -> None:
        if self._ways:
            self._ways.give_back()
        super().leave()

    @on(events.DescendantBlur)
    def _is_elsewhere(self) -> None:
        if self._help.content == _ENTER_GOES_ON:
            self.say("")

    @property
    def _where_enter_goes_on(self) -> LineButton:
        """The button to begin with: Search as long as there are no numbers, else Next."""
        searches = (
            self._numbers
            and not self.workflow.draft.picked_numbers
            and not is_left_out(self.step, self.workflow.draft.answers)
        )
        return self.query_one("#search" if searches else "#next", LineButton)

    def refresh_content(self) -> None:
        super().refresh_content()
        self._notice.refresh_content("\n".join(self._notices()))
        self._notice.display = bool(self._notice.content)
        self._links.refresh_content("\n".join(links_told(self.step, self.workflow.draft.answers)))
        self._links.display = bool(self._links.content)
        self._pane.show_requests(self._requests())
        if self._chooser and (candidates := self.workflow.candidates(self.step)) is not None:
            self._chooser.show_candidates(candidates)
        if self._numbers:
            is_old = self.workflow.is_search_another
            if is_old:
                self._numbers.forget_trouble()
            self._numbers.show_whether_old(is_old=is_old)
            self._numbers.show_picked(self.workflow.draft.picked_numbers, self._quantity)

    def _requests(self) -> Iterator[Request]:
        """Yield the requests that this step would send with the answers of now."""
        answers, run = self.workflow.draft.answers, self.workflow.draft.run
        if is_left_out(self.step, answers) or uses_existing(self.step, answers):
            return
        known = known_so_far(answers, run)
        if numbers := self.workflow.draft.picked_numbers:
            known["chosen_numbers"] = numbers
        if self.step.query:
            yield search_request(self.step, answers, MOST_FOUND, known)
        yield create_request(self.step, answers, known)

    def _notices(self) -> Iterator[str]:
        """Yield what the look at the account found about this step."""
        if order := order_told(self.workflow.draft.run.step(self.step.key)):
            yield f"… {capitalised(order)}."
        account = self.workflow.account
        if account and self.step.key in account.lacking:
            yield f"? {capitalised(lacking_text(account.lacking[self.step.key]))}"
        for _, outcome in self.workflow.callbacks.of_step(self.step, self.workflow.draft.answers):
            if outcome:
                yield f"{'✓' if outcome.is_fine else '?'} {outcome.sentence}"
        uses = self._chooser and self._chooser.uses
        if not uses and (namesake := self.workflow.namesake(self.step)):
            yield f"? {namesake_text(namesake)}"

    # --- going on ---

    @on(Form.Completed)
    def _completed(self) -> None:
        if self._numbers:
            self.action_search()
        else:
            self._to_next()

    @on(Chooser.Decided)
    def _to_next(self) -> None:
        self.query_one("#next", LineButton).focus()

    @on(LineButton.Pressed, "#next")
    def _next(self) -> None:
        """Go on, unless something here has to be put right first; Next by its key goes on all the same."""
        self.workflow.draft.leave(self.place)
        self._form.refresh_content()
        if (
            self._chooser
            and self._chooser.uses
            and not chosen_existing(self.step, self.workflow.draft.answers)
        ):
            self.say(f"! {TO_BE_CHOSEN}")
        elif wrong := self.workflow.draft.blocking(self.place):
            self.run_worker(self._go_to_field(wrong[0].key))
        else:
            self.action_forward()

    async def _go_to_field(self, key: str) -> None:
        # What is there is to be chosen, whatever is shown now.
        if key == self.step.key_of(self.step.chosen_by):
            self.post_message(Go(self.place, key))
        else:
            await self._form.focus_on(key)

    # --- one that is there ---

    @on(Chooser.Switched)
    def _switched(self, event: Chooser.Switched) -> None:
        self._form.display = not event.uses
        self._form.renew()
        self.refresh_content()
        self._look_up_candidates()

    def _look_up_candidates(self) -> None:
        """The locations of a sub-account, or campaigns, are looked up once they matter."""
        if self.workflow.can_look_up(self.step):
            self.run_worker(self._find_candidates(), group="candidates", exclusive=True)

    async def _find_candidates(self) -> None:
        try:
            await self.workflow.find_candidates(self.step)
        except ProblemError as error:
            self._notice.refresh_content(f"! {told(error.problem)}")
            self._notice.display = True
        except Stopped:
            pass  # the wizard is being left

    # --- callback URLs ---

    def action_check_urls(self) -> None:
        """Try the callback URLs in the background; what comes of it is a notice, and keeps nobody from going on."""
        if not self.workflow.is_connected:
            self.post_message(Go("connect", after=self.place))
        elif callbacks := self._callbacks_to_check():
            self.run_worker(self._check_urls(callbacks), group="callbacks", exclusive=True)
        else:
            self._next()

    def _callbacks_to_check(self) -> tuple[CallbackUrl, ...]:
        blocked = self.workflow.draft.blocking(self.place)
        return () if blocked else callback_urls(self.step, self.workflow.draft.answers)

    async def _check_urls(self, callbacks: tuple[CallbackUrl, ...]) -> None:
        self.say("Posting a sample event to each callback URL …")
        try:
            await self.workflow.check_callbacks(callbacks)
        except Stopped:
            return  # the wizard is being left
        self.say("")
        asking = self.workflow.callbacks.waiting_for_password(self.step, self.workflow.draft.answers)
        if asking and self.is_current:
            self._offer_password(asking)

    def _offer_password(self, callbacks: tuple[CallbackUrl, ...]) -> None:
        """Ask whether the password may be sent to the hosts that ask for it."""
        from bwtui.tui.screens.dialogs import ConfirmApply  # noqa: PLC0415 - made when it is wanted

        def agreed(sure: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if sure:
                self.run_worker(self._check_urls(callbacks), group="callbacks", exclusive=True)

        self.app.push_screen(ConfirmApply(password_question(callbacks), yes="Send it"), agreed)

    # --- numbers ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "search":
                return self._numbers is not None
            case "cancel_search":
                return self._is_searching
            case "back" if self._is_searching:
                return False
            case "check_urls":
                # The demo's URLs are somebody's, and nothing that it does is real.
                is_asked = bool(self.step.callback_parts) and not (self._chooser and self._chooser.uses)
                return is_asked and not self.workflow.host.is_demo
            case "fold":
                return self._form.display and self._form.check_action(action, parameters)
            case _:
                return super().check_action(action, parameters)

    async def action_fold(self) -> None:
        """Go to the optional fields from outside of the form."""
        await self._form.turn()

    @on(NumberSearch.Wanted)
    def action_search(self) -> None:
        """Search in the background; a newer search takes the place of one that is under way."""
        if not self._numbers:
            return
        if not self.workflow.is_connected:
            self.post_message(Go("connect", after=self.place))
            return
        wrong = [
            complaint for complaint in self.workflow.draft.blocking(self.place) if complaint.key != NUMBERS
        ]
        if wrong:
            self.workflow.draft.leave(self.place)
            self._form.refresh_content()
            self.run_worker(self._form.focus_on(wrong[0].key))
            return
        self._numbers.searching(now=True)
        self._search = self.run_worker(self._find_numbers(), group="search", exclusive=True)
        self.refresh_bindings()

    @property
    def _is_searching(self) -> bool:
        return bool(self._numbers and self._numbers.is_searching)

    async def _find_numbers(self) -> None:
        assert self._numbers, "this step searches"
        try:
            await self.workflow.search(MOST_FOUND)
        except ProblemError as error:
            self._numbers.show_problem(told(error.problem))
        except Stopped:
            pass  # the wizard is being left
        else:
            self._numbers.show_found(self.workflow.found or ())
        self.refresh_bindings()

    def action_cancel_search(self) -> None:
        """Give up the search that is under way."""
        if self._search and self._search.state is WorkerState.RUNNING:
            self._search.cancel()
        if self._numbers:
            self._numbers.show_problem("The search was cancelled.")
        self.refresh_bindings()

    @on(NumberSearch.Picked)
    def _pick(self, event: NumberSearch.Picked) -> None:
        self.workflow.draft.pick_numbers(event.numbers)
        self._form.renew()
