"""The base of every screen of the walk: title, rail, page, help, keys, and the ways to the others."""

from collections.abc import Callable, Coroutine, Iterator
from typing import ClassVar, Final, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from bwtui.domain.fields import Question
from bwtui.tui.places import TITLES, WELCOME, walk
from bwtui.tui.textual_fixes import clear_widget_caches
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.form import Form, explanation_of, field_of
from bwtui.tui.widgets.header_footer import KeyFooter, TextLine, WizardHeader
from bwtui.tui.widgets.line_list import LineList
from bwtui.tui.widgets.rail import Rail, RailLine
from bwtui.tui.workflow import Workflow

_Result = TypeVar("_Result")
_Found = TypeVar("_Found")


class Go(Message):
    """Another screen is wanted."""

    def __init__(self, place: str, key: str = "", *, after: str = "") -> None:
        """`key` is the question to go to there; `after` is the screen to go to once that one is done with."""
        super().__init__()
        self.place = place
        self.key = key
        self.after = after


class BegunScreen(Screen[_Result]):
    """A screen that begins once its widgets are there, which they never are if the program is left before."""

    def on_mount(self) -> None:
        # Textual tells this also to a screen whose widgets it did not mount, because the program is being left.
        if self.app.is_running and self.app.return_code is None:
            self.begin()

    def begin(self) -> None:
        """Show everything, and give the focus to what has it first."""
        raise NotImplementedError


class TypeaheadGuard(Screen[_Result]):
    """A screen that nothing answers which was typed or clicked before it was about to be painted."""

    _painted_at = float("inf")

    def on_mount(self) -> None:
        self._painted_at = Message().time  # taken afterwards, it could be later than a quick answer

    @property
    def is_painted(self) -> bool:
        """True once the screen was painted, so that the person can have seen it."""
        return self._painted_at < float("inf")

    def was_seen(self, event: events.Event) -> bool:
        """True if the screen was painted before this event, so that the person can have seen it."""
        return event.time >= self._painted_at


class ToldScreen(BegunScreen[_Result]):
    """A screen over one of the walk, whose title follows what changes."""

    def show_title(self) -> None:
        """Show the title as the wizard has it now."""
        raise NotImplementedError


class Page(VerticalScroll, can_focus=False):
    """A screen's content. The arrow keys move through its fields, unless the focused one uses them itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]

    def on_resize(self) -> None:
        """Keep what has the focus in sight: the lines below take another height with it."""
        focused = self.screen.focused
        if focused and self in focused.ancestors:
            self.call_after_refresh(self.show_focus, focused)

    def show_focus(self, focused: Widget) -> None:
        """Scroll as little as shows where one is: a field with what is said at it, the row of a list."""
        if isinstance(focused, LineList) and focused.parent is self:
            self.scroll_to_region(focused.cursor_region, animate=False)
        else:
            (field_of(focused) or focused).scroll_visible(animate=False)

    def show_together(self, first: Widget, last: Widget) -> None:
        """Scroll as little as shows two widgets and what is between; the beginning of it, where there is no room for all."""
        both = first.virtual_region.union(last.virtual_region)
        room = self.scrollable_content_region.height
        self.scroll_to_region(both.crop_size((both.width, room)), animate=False)


BACK: Final = Binding("escape", "back", "Back", tooltip="The screen before this one; nothing is lost")


class PlaceScreen(BegunScreen[None]):
    """One screen of the walk. It is made anew each time it is entered: what it shows is in the wizard."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel_look", "Cancel", tooltip="Look no longer; nothing was changed"),
        BACK,
        Binding("ctrl+n", "forward", "Next", tooltip="The next screen"),
        Binding("ctrl+g,ctrl+p", "app.show_palette", "Go to", tooltip="Any screen, problem or command"),
        Binding("f1", "app.show_help", "Help", tooltip="About what has the focus"),
    ]
    AUTO_FOCUS = ""

    focused: reactive[Widget | None] = reactive(None, repaint=False)
    """The focused widget. Textual's own reactive repaints the whole screen on a change: 5 kB instead of 300 bytes."""

    def __init__(self, place: str, workflow: Workflow, key: str = "") -> None:
        """`key` is the question that has the focus first."""
        super().__init__()
        self.place = place
        self.workflow = workflow
        self.key = key
        self._title = WizardHeader(id="title")
        self._rail = Rail()
        self._rail_line = RailLine()
        self._help = TextLine(id="help")
        self._explains = False
        self._look: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._rail_line
        with Horizontal(id="middle"):
            yield self._rail
            with Vertical():
                with Page(id="page"):
                    yield from self.page()
                yield from self.below()
        yield self._help
        yield KeyFooter(id="keys")

    def page(self) -> Iterator[Widget]:
        """Yield the widgets of this screen's content."""
        yield from ()

    def below(self) -> Iterator[Widget]:
        """Yield the widgets that a wide terminal shows below the content."""
        yield from ()

    def refresh_content(self) -> None:
        """Show everything as the wizard has it now."""
        aside = f" ({self.aside})" if self.aside else ""
        self._title.refresh_both(
            f" bwtui  {TITLES[self.place]}", aside, *(f"{text} " for text in self.workflow.whose)
        )
        answers = self.workflow.draft.answers
        marks = {place: self.workflow.mark(place) for place in walk(answers)}
        self._rail.refresh_content(self.place, marks)
        self._rail_line.refresh_content(self.place, answers, marks)

    def focus_from_the_top(self, target: Widget) -> None:
        """Give a widget the focus, and show as much of what stands above as there is room for."""

        def show() -> None:
            for page in self.query(Page):  # there is none once the screen is being left
                page.scroll_home(animate=False, immediate=True)
                page.show_focus(target)

        target.focus(scroll_visible=False)
        self.call_after_refresh(show)  # what stands above grows meanwhile

    aside = ""
    """The API's word for the screen's object; shown after the title if there is room."""

    def say(self, text: str) -> None:
        """Show help for what has the focus, or what went wrong (`! ...`): that is seen on small terminals too."""
        self._explains = False
        self._help.set_class(text.startswith("!"), "-trouble")
        self._help.refresh_content(text)

    @property
    def is_ready(self) -> bool:
        """True if a widget has the focus, so that keys have an effect."""
        return self.focused is not None

    def begin(self) -> None:
        self.refresh_content()

    def leave(self) -> None:
        """Another screen is about to take its place: from now on this one says what is missing."""
        self.workflow.draft.leave(self.place)

    # --- a look at the account that ends in a question ---

    def look_and_ask(self, look: Coroutine[None, None, _Found], ask: Callable[[_Found], None]) -> None:
        """Look at the account, then ask about what was found. Meanwhile Esc cancels, and all other keys wait.

        Once another screen or a dialog is shown, the look is over and nothing is asked.
        """

        async def looking() -> None:
            found = await look
            if self.is_current:
                ask(found)

        self.say("")
        self._look = self.run_worker(looking(), group="look-and-ask")
        self.refresh_bindings()

    @property
    def is_looking(self) -> bool:
        """True during a look that ends in a question."""
        return self._look is not None and not self._look.is_finished

    def action_cancel_look(self) -> None:
        """Look no longer."""
        if self._look and self.is_looking:
            self._look.cancel()
            self.say("The look was cancelled. Nothing was changed.")

    def on_screen_suspend(self) -> None:
        self.action_cancel_look()

    @on(Worker.StateChanged)
    def _look_has_ended(self) -> None:
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.refresh_content()

    def on_screen_resume(self) -> None:
        clear_widget_caches()  # with the screen or the dialog that was here before

    @on(Form.Asked)
    def _explain_asked(self, event: Form.Asked) -> None:
        self.explain(event.question)

    def explain(self, question: Question) -> None:
        """Show the help for the question that has the focus."""
        self.say(explanation_of(question))
        self._explains = True

    @on(events.DescendantFocus)
    def _explain_no_more(self, event: events.DescendantFocus) -> None:
        """Clear the explanation of a field once something else has the focus."""
        if self._explains and not isinstance(event.widget.parent, Field):
            self.say("")

    def on_paste(self, event: events.Paste) -> None:
        """Nothing that has the focus could take it."""
        event.stop()
        self.say("! Nothing was pasted: go to a field first.")

    @on(Rail.Chosen)
    def _leave_for(self, event: Rail.Chosen) -> None:
        self.post_message(Go(event.place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's interface
        """A key that would do nothing is not offered; during a look that ends in a question, none but that which cancels it."""
        if self.is_looking or action == "cancel_look":
            return self.is_looking and action == "cancel_look"
        return action != "back" or self.place != WELCOME

    def action_back(self) -> None:
        self._go_by(-1)

    def action_forward(self) -> None:
        self._go_by(1)

    def _go_by(self, step: int) -> None:
        places = walk(self.workflow.draft.answers)
        here = places.index(self.place) + step if self.place in places else 0
        if 0 <= here < len(places):
            self.post_message(Go(places[here]))

    def help_text(self) -> tuple[str, str]:
        """Title and text of the help for what has the focus."""
        from bwtui.tui.help import help_for, keys_now  # noqa: PLC0415

        return help_for(self.place, self.focused, keys_now(self))
