"""The first screen: what to set up, and what was set up so far."""

from collections.abc import Iterator

from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from bwtui.domain.catalog import COSTS_MONEY, SERVER_URL, SETUP
from bwtui.domain.fields import Flag, Question
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.walk.walk_text import NOTHING_YET, START_OVER, WELCOME_ABOUT, length_text, saved_progress
from bwtui.tui.form_data import DraftFormData
from bwtui.tui.highlight import MONEY
from bwtui.tui.screens.base import PlaceScreen
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.controls import TickControl
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.form import Form
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.workflow import Phase

_QUESTIONS = [(f"setup.{question.key}", question) for question in SETUP]


class WelcomeScreen(PlaceScreen):
    """The wishes, and the way back to what was begun."""

    def page(self) -> Iterator[Widget]:
        self._about = TextLine(id="about")
        yield self._about
        text = self._progress()
        if text:
            progress = TextLine(id="progress")
            progress.refresh_content(text)
            yield progress
        self._form = Form(
            DraftFormData(self.workflow.draft),
            _QUESTIONS,
            first=frozenset(key for key, _ in _QUESTIONS),
            start=self._start,
            make=_field,
        )
        yield self._form
        promise = TextLine(id="promise")
        promise.refresh_content(NOTHING_YET)
        with Horizontal(id="begin"):
            yield LineButton("Continue" if text else "Start", id="next")
            if text:
                yield LineButton("Start over", id="start-over")
            yield promise

    @property
    def _start(self) -> str | None:
        """The question to begin with: the server's URL as long as there is none; `None` where Enter goes on."""
        draft = self.workflow.draft
        if self.key or draft.blocking(self.place):
            return self.key
        return None if draft.visited or draft.answers.text(SERVER_URL) else SERVER_URL

    def _progress(self) -> str:
        draft = self.workflow.draft
        is_demo = self.workflow.host.is_demo
        return saved_progress(draft.answers, draft.run, is_begun=bool(draft.visited), is_demo=is_demo)

    def begin(self) -> None:
        self.refresh_content()
        if self._start is None:
            self.query_one("#next", LineButton).focus()

    def refresh_content(self) -> None:
        super().refresh_content()
        # How far it is says the progress already, where something was done.
        length = "" if self.workflow.draft.run.steps else f" {length_text(self.workflow.draft.answers)}."
        self._about.refresh_content(Content.assemble((WELCOME_ABOUT, "bold"), length))

    @on(Form.Completed)
    @on(LineButton.Pressed, "#next")
    def _begin(self) -> None:
        """Go on, unless something here has to be put right first; Next by its key goes on all the same."""
        self.workflow.draft.leave(self.place)
        self._form.refresh_content()
        if wrong := self.workflow.draft.blocking(self.place):
            self.run_worker(self._form.focus_on(wrong[0].key))
        else:
            self.action_forward()

    @on(LineButton.Pressed, "#start-over")
    def _start_over(self) -> None:
        from bwtui.tui.screens.dialogs import ConfirmDialog  # noqa: PLC0415 - made when it is wanted

        if self.workflow.phase is not Phase.IDLE:
            self.say("Something is under way: wait until it is done, then start over.")
            return
        self.app.push_screen(ConfirmDialog(START_OVER, yes="Start over"), self._started_over)

    def _started_over(self, agreed: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
        if not agreed:
            return
        try:
            self.workflow.start_over()
        except SaveError as error:
            self.say(f"! {error}")
        else:
            self.action_forward()


def _field(key: str, question: Question, value: str) -> Field:
    """A wish is a box to tick, with what it is for beside it, or that it costs money."""
    if not isinstance(question, Flag):
        return Field(key, question, value)
    money = Content.styled(f"$ {MONEY}", "$warning")
    aside = money if key == COSTS_MONEY else Content.styled(question.help, "$hint")
    return Field(key, question, value, TickControl(question, value, aside))
