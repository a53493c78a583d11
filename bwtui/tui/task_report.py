"""The setup as a task of the terminal: how far it is, and a bell when it needs a person."""

import os
from typing import Any, Protocol

from textual.driver import Driver
from textual.screen import Screen

from bwtui.domain.planning.progress import percent_done
from bwtui.terminal_progress import NO_TASK, Task, TaskState, shows_progress
from bwtui.tui.places import APPLY
from bwtui.tui.screens.base import PlaceScreen, TypeaheadGuard
from bwtui.tui.terminal_driver import TerminalDriver
from bwtui.tui.workflow import Workflow


class Reporting(Protocol):
    """The app, as far as the report looks at it."""

    workflow: Workflow

    @property
    def here(self) -> PlaceScreen | None: ...
    @property
    def screen_stack(self) -> list[Screen[Any]]: ...
    def bell(self) -> None: ...


class TaskReport:
    """Tells a terminal that shows progress what the wizard is about; any other hears nothing."""

    def __init__(self, app: Reporting) -> None:
        self._app = app
        self._is_wanted = shows_progress(os.environ)
        self._task = NO_TASK

    def send(self, driver: Driver | None) -> None:
        """Send what has changed, and ring where the task has begun to wait for a person."""
        if not (self._is_wanted and isinstance(driver, TerminalDriver)):
            return
        before, self._task = self._task, self._now()
        driver.show_task(self._task)
        if self._task.needs_a_person and self._task.state != before.state:
            self._app.bell()

    def _now(self) -> Task:
        workflow = self._app.workflow
        if any(isinstance(screen, TypeaheadGuard) for screen in self._app.screen_stack):
            return Task(TaskState.PAUSED, self._percent)
        if workflow.is_acting:
            return Task(TaskState.RUNNING, self._percent)
        here = self._app.here
        has_stopped = self._task != NO_TASK and here is not None and here.place == APPLY
        if not has_stopped or workflow.is_proven:
            return NO_TASK
        has_failed = workflow.problem is not None or bool(workflow.failures)
        return Task(TaskState.FAILED if has_failed else TaskState.PAUSED, self._percent)

    @property
    def _percent(self) -> int:
        draft = self._app.workflow.draft
        return percent_done(draft.answers, draft.run)
