"""A new one, or none, or one that is there: what the look at the account found, by name and id, with its settings."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from bwtui.domain.account.account import Candidate
from bwtui.domain.catalog import parent_of
from bwtui.domain.steps import Step
from bwtui.domain.walk.walk_text import other_way, settings_of
from bwtui.tui.form_data import DraftFormData
from bwtui.tui.widgets.controls import BAR, PickControl
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.focus_marker import FocusMarker
from bwtui.tui.widgets.form import Form
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.menu import Menu

_NEW, _USE = "new", "use"


class Candidates(Menu):
    """The existing objects to choose from; the footer names its keys, since something is decided here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "choose", "Choose", tooltip="Use this one")
    ]


class Switch(PickControl, FocusMarker):
    """The choice between a new object, or none, and an existing one."""

    @property
    def sign(self) -> str:
        return BAR if self.has_focus else " "

    @property
    def _lead(self) -> str:
        return f"{self.sign} "


class Chooser(Widget):
    """Asks whether a step uses what is there, or creates something, or is left out."""

    class Switched(Message):
        """The other of the two is wanted now."""

        def __init__(self, *, uses: bool) -> None:
            super().__init__()
            self.uses = uses

    class Decided(Message):
        """One was chosen from the list: on to what comes next."""

    def __init__(
        self, step: Step, sheet: DraftFormData, candidates: tuple[Candidate, ...] | None, key: str = ""
    ) -> None:
        """`key` is the question that was gone to: the id to use may be it."""
        super().__init__()
        self._step = step
        self._sheet = sheet
        self._candidates = candidates
        self._key = step.key_of(step.chosen_by)
        self.uses = bool(sheet.text(self._key)) or key == self._key or step.key in sheet.draft.unchosen
        count = "" if candidates is None else f" ({len(candidates)})"
        self._pick = Switch(
            ((_NEW, other_way(step)), (_USE, f"use an existing one{count}")), _USE if self.uses else _NEW
        )
        question = next(question for question in step.questions if question.key == step.chosen_by)
        self._is_gone_to = key == self._key
        start = key if self._is_gone_to and not candidates else None
        self._form = Form(sheet, ((self._key, question),), first=frozenset({self._key}), start=start)
        self._menu = Candidates(tuple(map(self._line, candidates or ())))
        self._settings = TextLine(id="settings")

    def compose(self) -> ComposeResult:
        yield self._pick
        yield self._menu
        yield self._settings
        yield self._form

    def on_mount(self) -> None:
        self._take_the_only_one()
        self._show()
        if self._is_gone_to and self._menu.display:
            self._menu.focus()

    def _take_the_only_one(self) -> None:
        """Choose the only one there is, if an existing one is wanted."""
        if self.uses and not self._sheet.text(self._key) and self._candidates and len(self._candidates) == 1:
            self._sheet.draft.answer(self._key, self._candidates[0].id)
            self.renew()

    def _show(self) -> None:
        self._form.display = self.uses
        self._menu.display = self.uses and bool(self._candidates)
        self._settings.display = self.uses
        if self._candidates is None:
            parent = parent_of(self._step)
            below = parent is not None and not self._sheet.text(parent.key_of("use"))
            first = f"Choose its {parent.title.lower()}" if parent and below else "Connect"
            self._settings.refresh_content(f"{first} first to see what exists, or type an ID.")
        elif not self._candidates:
            self._settings.refresh_content(f"There is none yet: {other_way(self._step)}.")
        elif self.uses:
            self._describe(self._menu.cursor)

    def show_candidates(self, candidates: tuple[Candidate, ...]) -> None:
        """Show what was looked up in the meantime."""
        if candidates == self._candidates:
            return
        self._candidates = candidates
        self._menu.show(tuple(map(self._line, candidates)))
        self._take_the_only_one()
        self._show()

    def renew(self) -> None:
        """Show the answer as it is now."""
        self._form.renew()
        self._menu.show(tuple(map(self._line, self._candidates or ())))

    def _line(self, candidate: Candidate) -> str:
        mark = "(•)" if self._sheet.text(self._key) == candidate.id else "( )"
        return f"{mark} {candidate.name}  {candidate.id}"

    def _describe(self, index: int) -> None:
        if self._candidates and index < len(self._candidates):
            self._settings.refresh_content("  ".join(settings_of(self._step, self._candidates[index])))

    @on(PickControl.Changed)
    def _switch(self, event: PickControl.Changed) -> None:
        if event.control is not self._pick:
            return
        event.stop()
        self.uses = event.value == _USE
        self._sheet.draft.use_existing(self._step, wanted=self.uses)
        self._take_the_only_one()
        self._show()
        self.post_message(self.Switched(uses=self.uses))

    @on(PickControl.Submitted)
    def _go_on(self) -> None:
        self.screen.focus_next()

    @on(Form.Completed)
    def _typed(self, event: Form.Completed) -> None:
        """An id was typed, or none: then it is chosen from the list, where there is one."""
        if self._menu.display and not self._sheet.text(self._key):
            event.stop()
            self._menu.focus()

    @on(Menu.Moved)
    def _moved(self, event: Menu.Moved) -> None:
        event.stop()
        self._describe(event.index)

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        event.stop()
        assert self._candidates, "there was something to choose"
        self._sheet.draft.answer(self._key, self._candidates[event.index].id)
        self.renew()
        self.post_message(self.Decided())

    def fields(self) -> Iterator[Field]:
        return self._form.fields
