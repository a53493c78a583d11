"""The account and the credentials, and a test of both that changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from bwtui.domain.account.credential_hints import credential_hints
from bwtui.domain.answers.answers import ACCOUNT_ID
from bwtui.domain.answers.validation import Complaint, complaints_of_question
from bwtui.domain.catalog import ACCOUNT, PAID_STEP, SIGN_IN, login_questions
from bwtui.domain.fields import Question, Text
from bwtui.domain.platform import FoundPlatform, Platform, platform_text
from bwtui.domain.values.hosts import host_of, token_url_for
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.secret_expiry import expiry_doubt
from bwtui.domain.values.text import visible
from bwtui.domain.walk.start_from_account import (
    START,
    UNTOLD,
    choices_told,
    started_text,
    sub_accounts_to_start_from,
    untold_lines,
)
from bwtui.domain.walk.walk_text import (
    ACCOUNT_FOUND,
    CONNECT_ABOUT,
    ORDER_GOES_ON,
    SIGN_IN_AGAIN,
    connected_text,
    found_text,
    lacking_text,
    most_likely_wrong,
)
from bwtui.tui.error_text import happened, told
from bwtui.tui.form_data import DraftFormData
from bwtui.tui.places import CONNECT, TITLES
from bwtui.tui.screens.base import Go, Page, PlaceScreen
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.controls import TextControl
from bwtui.tui.widgets.form import Form, field_of
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Phase, Workflow

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Callable, Coroutine, Iterator

    from bwtui.domain.account.account import Candidate
    from bwtui.domain.walk.existing_setup import ExistingSetup

_Found = TypeVar("_Found")

_ENVIRONMENT: Final = "account.environment"
_BASE_URL: Final = "account.base_url"


@dataclass(slots=True)
class SignInFormData:
    """Account and credentials in one form: the ones are answers, the others are not."""

    answers: DraftFormData
    workflow: Workflow

    def text(self, key: str) -> str:
        sign_in = self.workflow.sign_in
        match key:
            case "login.way":
                return SIGN_IN[sign_in.oauth]
            case "login.user":
                return sign_in.user
            case "login.secret":
                return sign_in.secret.reveal()
            case "account.platform":
                return self.workflow.draft.answers.shown(key)
            case _:
                return self.answers.text(key)

    def write(self, key: str, question: Question, value: str) -> None:
        sign_in = self.workflow.sign_in
        match key:
            case "login.way":
                sign_in.oauth = value == SIGN_IN[True]
            case "login.user":
                sign_in.user = visible(value)
            case "login.secret":
                sign_in.secret = Secret.entered(value)
            case _:
                self.answers.write(key, question, value)
                return
        self.answers.draft.on_change()

    def complaint(self, key: str) -> Complaint | None:
        """Return what is to be said about an answer; nothing about a missing account that a token may name."""
        question = login_questions(oauth=self.workflow.sign_in.oauth).get(key)
        if question is None:
            may_be_told = key == ACCOUNT_ID and self.workflow.sign_in.oauth and not self.text(key)
            return None if may_be_told else self.answers.complaint(key)
        value = self.text(key)
        if key == "login.way":
            doubt = "" if self.workflow.sign_in.oauth else self.workflow.basic_doubt
            return Complaint(key, doubt, blocks=False) if doubt else None
        if not value:
            missing = Complaint(key, f"{question.label} is needed.", is_missing=True)
            return missing if key in self.answers.draft.touched else None
        return next(iter(complaints_of_question(key, question, value)), None)

    def left(self, key: str) -> None:
        self.answers.left(key)


class ConnectScreen(PlaceScreen):
    """Environment, account and credentials, and the test of them."""

    def __init__(self, place: str, workflow: Workflow, key: str = "", after: str = "") -> None:
        """`after` is the screen that wanted to be connected."""
        super().__init__(place, workflow, key)
        self._after = after
        self._about = TextLine(id="about")
        self._spinner = Spinner()
        self._outcome = TextLine(id="outcome")
        self._start = LineButton(START, id="start-from")
        self._start.display = False
        self._pointed_at = workflow.problem
        self._tested: dict[str, str] = {}
        """The content of the fields when the problem was told."""
        self._is_testing = False
        """True until the outcome of a test is shown."""
        self._is_reading = False
        """True while it is read what is there, to start from it."""

    def page(self) -> Iterator[Widget]:
        questions: list[tuple[str, Question]] = [
            (f"account.{question.key}", question) for question in ACCOUNT
        ]
        questions = [*self._login_questions.items(), *questions]
        questions = [(key, self._as_asked(key, question)) for key, question in questions]
        # Another way to sign in than with an OAuth2 client is folded away, unless it is the one that is used.
        other_way = frozenset() if self.workflow.sign_in.oauth else {"login.way"}
        yield self._about
        self._form = Form(
            SignInFormData(DraftFormData(self.workflow.draft), self.workflow),
            questions,
            first=frozenset({ACCOUNT_ID, _ENVIRONMENT, *other_way, *self._own_address}),
            start=self._begins_at,
        )
        yield self._form
        with Horizontal(id="begin"):
            yield LineButton("Test connection", id="test")
            yield self._start
        yield self._spinner
        yield self._outcome

    @property
    def _own_address(self) -> frozenset[str]:
        """The question for the base URL, where one counts instead of an environment."""
        return frozenset({_BASE_URL}) if self.workflow.draft.answers.has_own_address else frozenset()

    @property
    def _login_questions(self) -> dict[str, Question]:
        workflow = self.workflow
        return login_questions(oauth=workflow.sign_in.oauth, doubt=workflow.basic_doubt)

    def _as_asked(self, key: str, question: Question) -> Question:
        """The question for the account is optional where a token may name it."""
        if key == ACCOUNT_ID and isinstance(question, Text):
            return question._replace(required=not self.workflow.sign_in.oauth)
        return question

    def _about_told(self) -> str:
        host = self.workflow.host
        login = host.login
        doubt = expiry_doubt(login.expires, host.today()) if login else ""
        found = found_text(login.told if login else "", self.workflow.draft.answers, doubt)
        found = "" if host.is_demo else found
        again = self._again_told if self._after and not self.workflow.is_connected else ""
        return f"{again}{found or CONNECT_ABOUT} {self._secret_goes_to}* marks what is required."

    @property
    def _secret_goes_to(self) -> str:
        """Say who gets the secret: the host follows the environment and the base URL, as they are typed."""
        draft = self.workflow.draft
        if self.workflow.host.is_demo or any(each.key == _BASE_URL for each in draft.blocking(CONNECT)):
            return ""
        return f"The secret goes to {host_of(token_url_for(draft.answers.base_url))}. "

    @property
    def _again_told(self) -> str:
        """Say why one is here who wanted to go on with a run; of a secret only where none was found."""
        run = self.workflow.draft.run
        if not run.steps:
            return ""
        text = "" if self.workflow.host.login else SIGN_IN_AGAIN
        if run.step(PAID_STEP.key).order_under_way:
            text = ORDER_GOES_ON
        return f"{text}\n" if text else ""

    @property
    def _begins_at(self) -> str | None:
        """The question to begin with: the account where only it is missing; `None` where Enter tests."""
        if self.key or not self._lacks_something:
            return self.key or None
        return ACCOUNT_ID if self.workflow.sign_in.login else ""

    @property
    def _lacks_something(self) -> bool:
        return not (self.workflow.sign_in.login and self.workflow.draft.answers.account_id)

    def begin(self) -> None:
        self.refresh_content()
        if not (self.key or self._lacks_something):
            self.query_one("#test", LineButton).focus()

    def refresh_content(self) -> None:
        super().refresh_content()
        workflow = self.workflow
        self._about.refresh_content(self._about_told())
        self._ask_anew()
        self._start.display = bool(self._sub_accounts)
        if not self._shown.get(ACCOUNT_ID) and workflow.draft.answers.account_id:
            self._form.renew()  # with the account that the token names
        if workflow.phase is Phase.CONNECTING or (workflow.phase is Phase.LOOKING and self._is_reading):
            self._is_testing = True
            self._spinner.start(workflow.waiting or "Looking at the account")
            self._outcome.refresh_content("")
            return
        self._spinner.stop(at_once=True)  # the outcome is shown in this moment
        is_new = bool(workflow.problem) and workflow.problem is not self._pointed_at
        if is_new or not self._tested:
            self._tested = self._shown
        self._outcome.refresh_content("" if workflow.problem and self._is_corrected else self._told())
        self._outcome.set_class(workflow.problem is not None, "-problem")
        if workflow.draft.answers.platform is Platform.UNKNOWN:
            self.call_later(self._show_platform_question)
        if workflow.is_connected and self._is_testing:
            self.call_after_refresh(self._show_outcome)
        self._is_testing = False
        self.query_one("#test", LineButton).relabel("Next" if workflow.is_connected else "Test connection")
        if workflow.problem and is_new:
            self._pointed_at = workflow.problem
            self.call_later(self._form.focus_on, most_likely_wrong(workflow.problem))

    def _ask_anew(self) -> None:
        """Ask in the words of what is answered now: the way of signing in, and the address."""
        asked = self._login_questions
        for field in self._form.fields:
            field.ask(self._as_asked(field.key, asked.get(field.key, field.question)))
            if (
                field.key == ACCOUNT_ID
                and isinstance(field.control, TextControl)
                and self.workflow.sign_in.oauth
            ):
                field.control.placeholder = ACCOUNT_FOUND
            if field.key == _ENVIRONMENT:  # it says nothing where a base URL counts: that is cleared first
                field.display = not self._own_address
            if self._explains and field.has_focus_within:
                self.explain(field.question)

    def explain(self, question: Question) -> None:
        """Show the help for a question; where there is no room for the outcome, why a test has led there."""
        problem, field = self.workflow.problem, field_of(self.focused)
        is_led_to = problem and field and field.key == most_likely_wrong(problem)
        if problem and is_led_to and not self._is_corrected and self.has_class("-short"):
            self.say(f"! {happened(problem)}")
            self._explains = True
        else:
            super().explain(question)

    @property
    def _is_corrected(self) -> bool:
        """True once another content stands in a field than when the problem was told."""
        shown = self._shown
        return any(shown.get(key, value) != value for key, value in self._tested.items())

    @property
    def _shown(self) -> dict[str, str]:
        """The content of the fields."""
        return {field.key: field.control.value for field in self._form.fields}

    def _show_outcome(self) -> None:
        """Show what the test has found, with the button that goes on; it stands below everything else."""
        for page in self.query(Page):  # there is none once the screen is being left
            page.show_together(self.query_one("#begin"), self._outcome)

    def _told(self) -> str:
        if self.workflow.problem:
            return f"! {told(self.workflow.problem)}"
        account = self.workflow.account
        if account is None:
            return ""
        lines = [f"✓ {connected_text(account)}"]
        if found := self.workflow.draft.platform:
            lines.append(self._platform_line(found))
        lines += [
            f"? {TITLES[step]}: {lacking_text(feature)} Ask your account manager for it."
            for step, feature in account.lacking.items()
        ]
        lines += [f"? {hint}" for hint in credential_hints(account, self.workflow.draft.answers)]
        return "\n".join(lines)

    async def _show_platform_question(self) -> None:
        await self._form.unfold()
        self.call_after_refresh(self._outcome.scroll_visible, animate=False)

    def _platform_line(self, found: FoundPlatform) -> str:
        sign = "✓" if found.platform.is_settled else "?"
        way = " Say it under Platform above, or go on." if found.platform is Platform.UNKNOWN else ""
        return f"{sign} {platform_text(found)}{way}"

    @on(Form.Completed)
    @on(LineButton.Pressed, "#test")
    def _on_test(self) -> None:
        if self.workflow.is_connected:
            self.action_forward()
            return
        if self.workflow.is_connecting:
            return  # it is being tested
        if self.workflow.is_acting:
            self.say("! A run is under way on the account as it was: wait until it has ended.")
            return
        self.workflow.draft.leave(self.place)
        self.workflow.draft.touched.update(login_questions(oauth=True))
        self._form.refresh_content()
        if wrong := next((field for field in self._form.fields if field.blocks), None):
            wrong.control.focus()
            return
        self.query_one("#test", LineButton).focus()  # from there, Enter goes on once it has passed
        self.app.workers.cancel_group(self.app, "look")  # at an account that is perhaps another now
        self.app.run_worker(self.workflow.connect(), group="connect", exclusive=True)

    @property
    def _sub_accounts(self) -> tuple[Candidate, ...]:
        return sub_accounts_to_start_from(self.workflow.account, self.workflow.draft.run)

    @on(LineButton.Pressed, "#start-from")
    def _start_from_account(self) -> None:
        """Ask which sub-account and location, where there are several, and answer with what is there."""
        if self.workflow.phase is Phase.IDLE:
            self._choose("Which sub-account?", self._sub_accounts, self._read_locations)

    def _choose(self, question: str, there: tuple[Candidate, ...], then: Callable[[Candidate], None]) -> None:
        """Go on with the only one, or with the one that is chosen."""
        from bwtui.tui.screens.dialogs import ChoiceDialog  # noqa: PLC0415 - made when it is wanted

        def chosen(index: int | None) -> None:
            if index is not None:
                then(there[index])

        if len(there) == 1:
            chosen(0)
        else:
            self.app.push_screen(ChoiceDialog(question, choices_told(there)), chosen)

    async def _reading(self, work: Coroutine[None, None, _Found]) -> _Found:
        self._is_reading = True
        try:
            return await work
        finally:
            self._is_reading = False

    def _read_locations(self, site: Candidate) -> None:
        def start(location: Candidate) -> None:
            self.look_and_ask(self._reading(self.workflow.start_from(site.id, location.id)), self._tell)

        def choose(there: tuple[Candidate, ...]) -> None:
            if there:
                self._choose("Which location?", there, start)
            elif not self.workflow.problem:
                self.say(
                    f"{choices_told((site,))[0]} has no location yet, so there is nothing to start from."
                )

        self.look_and_ask(self._reading(self.workflow.read_locations(site.id)), choose)

    def _tell(self, existing: ExistingSetup | None) -> None:
        from bwtui.tui.screens.dialogs import TextDialog  # noqa: PLC0415 - made when it is wanted

        if not existing:
            return
        self.say(started_text(existing))
        self.query_one("#test", LineButton).focus()
        if lines := untold_lines(existing):
            self.app.push_screen(TextDialog(UNTOLD, Content("\n".join(lines))))

    def action_forward(self) -> None:
        """Go on once a test has passed; else test."""
        if not self.workflow.is_connected:
            self._on_test()
        elif self._after:
            self.post_message(Go(self._after))
        else:
            super().action_forward()
