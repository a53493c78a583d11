"""Removing what the setup has made, from a screen that has looked: asked about question by question, done, told."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from bwtui.domain.runs.removal_text import twin_lines
from bwtui.domain.teardown.teardown import WORD, RemovalAction, RemovalLook, RemovalPlan, plan_removal
from bwtui.domain.teardown.teardown_text import (
    NOTHING_MADE,
    RELEASE_QUESTION,
    closing,
    conflict_question,
    left_lines,
    outcome,
    plan_lines,
    release_warning,
    remove_question,
)
from bwtui.tui.error_text import told
from bwtui.tui.screens.dialogs import ConfirmApply, ReleaseDialog
from bwtui.tui.workflow import Workflow

NOT_REMOVED = "Nothing was removed."


class RemovalTalk:
    """One removal. Each answer leads to the next question; `say` is told what has come of it in the end."""

    def __init__(self, app: App[Any], workflow: Workflow, say: Callable[[str], None]) -> None:
        self._app = app
        self._workflow = workflow
        self._say = say
        self._look: RemovalLook | None = None
        self._agreed = set[str]()
        self._release = False

    def begin(self, look: RemovalLook | None) -> None:
        """Ask the first question about what a look has found; it is `None` where the workflow says what went wrong."""
        self._look = look
        if self._workflow.problem:
            self._say(f"! {told(self._workflow.problem)}")
        elif self._look and not self._plan:
            self._say(NOTHING_MADE)
        elif self._look:
            self._ask_about(list(self._plan.conflicts))

    @property
    def _plan(self) -> RemovalPlan:
        assert self._look, "it was looked at"
        draft = self._workflow.draft
        return plan_removal(
            draft.answers, draft.run, self._look.looked, release=self._release, agreed=self._agreed
        )

    def _ask_about(self, conflicts: list[RemovalAction]) -> None:
        """Ask about each thing that somebody has changed, then about numbers."""
        if not conflicts:
            self._ask_for_release()
            return
        first, *others = conflicts

        def answered(agreed: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if agreed is None:
                self._say(NOT_REMOVED)
                return
            if agreed:
                self._agreed.add(first.step.key)
            self._ask_about(others)

        question = conflict_question(first.step, first.told, first.reason)
        self._app.push_screen(ConfirmApply(question, yes="Remove", no="Leave it"), answered)

    def _ask_for_release(self) -> None:
        def answered(release: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if release is None:
                self._say(NOT_REMOVED)
                return
            self._release = release
            self._ask_to_remove()

        if warning := release_warning(self._plan):
            self._app.push_screen(ReleaseDialog(warning, RELEASE_QUESTION, WORD), answered)
        else:
            self._ask_to_remove()

    def _ask_to_remove(self) -> None:
        plan = self._plan

        def answered(agreed: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if agreed:
                self._app.run_worker(self._remove(plan), group="run", exclusive=True)
            else:
                self._say(NOT_REMOVED)

        if plan.sending:
            shown = "\n".join((*plan_lines(plan), "", remove_question(plan)))
            self._app.push_screen(ConfirmApply(shown, yes="Remove"), answered)
        else:
            answered(True)  # noqa: FBT003 - as Textual would call it

    async def _remove(self, plan: RemovalPlan) -> None:
        await self._workflow.tear_down(plan)
        ended = outcome(plan, self._workflow.draft.run)
        if self._workflow.problem:
            self._say(f"! {told(self._workflow.problem)}")
        else:
            self._say("\n".join((closing(ended), *left_lines(ended), *twin_lines(ended.twins))))
