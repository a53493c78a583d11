"""The proof, the ids, and what comes next."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from bwtui.domain.arrival.arrival_text import ARRIVAL_HEADING, NOT_READ, READING, arrival_text, not_arriving
from bwtui.domain.catalog import STEPS
from bwtui.domain.planning.actions import Action
from bwtui.domain.planning.progress import Progress, is_read_back, notices, open_points
from bwtui.domain.runs.removal_text import ANEW, REMOVED, still_there, waits_only
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.steps import FoundAsSetting
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.walk.problem_text import notice_lines
from bwtui.domain.walk.walk_text import EXPORTS, NEXT_STEPS, NO_NUMBER, SET_UP
from bwtui.tui.error_text import open_point_lines, reason_of, told, unproven_steps, verification_lines
from bwtui.tui.highlight import SIGN_STYLES, headed
from bwtui.tui.line_filters import on_one_line
from bwtui.tui.places import CONNECT
from bwtui.tui.screens.base import Go, PlaceScreen
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.details import Details
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.menu import Menu
from bwtui.tui.widgets.spinner import Spinner
from bwtui.tui.workflow import Phase, Workflow


class _Ids(Menu):
    """The steps with their ids. Enter leads on; a click copies."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.lead_on", "Try it", show=False)]


class DoneScreen(PlaceScreen):
    """Proven, and what to do with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "more", "More", tooltip="The rest of what is said below"),
        Binding("t,T", "try_it", "Try it", tooltip="A message or a call to a phone of yours"),
        Binding("c,C", "copy", "Copy", tooltip="The id under the cursor"),
        Binding("e,E", "export('env')", "Env", tooltip="Variables for your server"),
        Binding("j,J", "export('json')", "JSON", tooltip="Everything, for machines"),
        Binding("u,U", "export('curl')", "Curl script", tooltip="Sends a message and places a call"),
        Binding("m,M", "export('markdown')", "Runbook", tooltip="What exists, for people"),
        Binding("v,V", "verify", "Verify", tooltip="Read everything back once more"),
        Binding("x,X", "remove", "Remove", tooltip="What this setup has made, from the account"),
        Binding("q,Q", "finish", "Finish", tooltip="Leave the wizard"),
    ]

    def __init__(self, place: str, workflow: Workflow, key: str = "") -> None:
        super().__init__(place, workflow, key)
        self._summary = TextLine(id="about")
        self._spinner = Spinner()
        self._connect = LineButton("Connect", id="connect")
        self._ids = _Ids(id="ids")
        self._finish = LineButton("Finish", id="finish")
        self._finish.display = False
        self._details = Details(id="details")
        self._next = TextLine(id="next-steps")
        self._values: list[str] = []
        self._reads = False

    def page(self) -> Iterator[Widget]:
        yield self._summary
        yield self._connect
        yield self._spinner
        yield self._ids
        yield self._finish
        with self._details:
            yield self._next

    def begin(self) -> None:
        self.workflow.has_news = False
        self.refresh_content()
        self.focus_from_the_top(self._connect if self._needs_connection else self._ids)

    def refresh_content(self) -> None:
        super().refresh_content()
        workflow = self.workflow
        doing = {
            Phase.LOOKING: "Looking at the account",
            Phase.REMOVING: "Removing",
            Phase.PROVING: "Reading everything back",
        }.get(workflow.phase)
        if doing:
            self._spinner.start(f"{doing} ({workflow.waiting})" if workflow.waiting else doing)
        else:
            self._spinner.stop()
        self._summary.refresh_content(self._summarised())
        self._connect.display = self._needs_connection
        rows = list(self._rows())
        self._values = [value for _, value in rows]
        self._ids.show([line for line, _ in rows])
        script = (
            f"{workflow.host.commands.of('export', '--format', 'curl')} > try.sh && sh try.sh +1YOURPHONE"
        )
        self._read_arrivals()
        besides = notice_lines(notices(workflow.draft.run))
        self._next.refresh_content(
            (ANEW if workflow.draft.run.is_removed else "")
            or ("\n".join(self._not_removed()) if self._is_being_removed else "")
            or verification_lines(workflow.proof or ())
            or open_point_lines(open_points(workflow.draft.answers, workflow.draft.run))
            or headed(
                "\n".join(
                    filter(
                        None,
                        (
                            besides,
                            self._arrival_text(),
                            NEXT_STEPS.format(way="T tries them here. Without the wizard:", script=script),
                            *self._callback_doubts(),
                        ),
                    )
                )
            )
        )
        self.refresh_bindings()

    def _not_removed(self) -> Iterator[str]:
        """Yield why each thing is still there that was to be removed, as far as that is known."""
        for step in STEPS:
            removal = self.workflow.draft.run.step(step.key).removal
            if removal and removal.problem:
                yield f"{'…' if waits_only(removal.problem) else '!'} {step.title}: {told(removal.problem)}"

    def _arrival_text(self) -> str:
        """Say whether messages and calls will arrive, as far as that is known."""
        if self.workflow.arrivals:
            return arrival_text(self.workflow.arrivals)
        if not self.workflow.draft.run.numbers:
            return ""
        return f"{ARRIVAL_HEADING}\n? {f'Unknown yet. {READING}.' if self._reads else NOT_READ}"

    def _callback_doubts(self) -> Iterator[str]:
        """Yield what is doubtful about the callback URLs: that they stand on the account says nothing of the server."""
        workflow = self.workflow
        if not workflow.host.is_demo:
            way = f"{workflow.host.commands.of('doctor')} checks them"
            yield from (
                f"? {line}" for line in workflow.callbacks.hint(workflow.draft.answers, way).splitlines()
            )

    def _read_arrivals(self) -> None:
        """Read whether messages and calls will arrive, once after each proof, without keeping anything waiting."""
        workflow = self.workflow
        is_wanted = workflow.is_proven and workflow.phase is Phase.IDLE and workflow.draft.run.numbers
        if is_wanted and workflow.arrivals is None and not self._reads:
            self._reads = True
            self.run_worker(self._reading(), group="arrivals")

    async def _reading(self) -> None:
        await self.workflow.read_arrivals()
        self._reads = False
        self.refresh_content()

    def _summarised(self) -> str:
        workflow = self.workflow
        if workflow.draft.run.is_removed:
            return f"✓ {REMOVED}"
        if workflow.problem:
            return f"! {told(workflow.problem)}"
        if workflow.is_proven:
            return "\n".join(filter(None, (f"✓ {SET_UP}", self._warning)))
        if self._is_being_removed:
            return f"{still_there(workflow.draft.run)} {self._how_to_remove}"
        if workflow.proof and not workflow.proof.is_proof:
            if unproven := unproven_steps(workflow.proof):
                return f"? Applied, but not proven: {', '.join(unproven)}. Everything else was read back."
            return "! Not everything is as it should be. Go back to Review: it corrects what it can."
        if workflow.has_unapplied_answers:
            return "Applied, not verified: answers were changed and wait. Review applies them."
        if workflow.progress is Progress.DONE:
            return f"Everything was done and read back earlier. {self._how_to_verify} it back once more."
        if workflow.progress is not Progress.INCOMPLETE:
            return f"Applied, not verified. {self._how_to_verify} everything back and proves it."
        return "Not done yet: what is missing is on Review."

    @property
    def _warning(self) -> str:
        """Say what keeps it from being of use although it is set up; empty where nothing is known to."""
        if not self.workflow.draft.run.numbers:
            return f"! {NO_NUMBER}"
        doubt = not_arriving(self.workflow.arrivals or ())
        return f"! {doubt}: why, and what to do, stands below." if doubt else ""

    @property
    def _is_being_removed(self) -> bool:
        return self.workflow.draft.run.is_being_removed and not self.workflow.is_proven

    @property
    def _how_to_remove(self) -> str:
        way = "X removes" if self.workflow.is_connected else "Connect first; then X removes"
        return f"{way} the rest. Without the wizard: {self.workflow.host.commands.of('teardown')}"

    @property
    def _how_to_verify(self) -> str:
        return "V reads" if self.workflow.is_connected else "Connect first; then V reads"

    @property
    def _needs_connection(self) -> bool:
        """True where something can be done here once the account is connected."""
        workflow = self.workflow
        is_applied = workflow.progress is not Progress.INCOMPLETE and not workflow.has_unapplied_answers
        can_be_done = is_applied or self._is_being_removed
        return can_be_done and not (workflow.is_connected or workflow.draft.run.is_removed)

    @property
    def _can_connect(self) -> bool:
        """True where the account is connected, or what needs it leads to Connect first."""
        return self.workflow.is_connected or self._needs_connection

    def _rows(self) -> Iterator[tuple[Content, str]]:
        """A line for each step with its proof, and the value that can be copied; one for all settings read back."""
        settings: list[str] = []
        proven = {action.step.key: action for action in self.workflow.proof or ()}
        for step in self.workflow.steps:
            record, action = self.workflow.draft.run.step(step.key), proven.get(step.key)
            value = record.outputs.get(step.produces, "")
            shown = listed(self.workflow.draft.run.numbers) if step.paid else value
            if record.removed_at:
                sign, word = "–", "removed"
            elif self._is_being_removed and record.is_ours:
                sign, word = "=", "still there"
            elif self.workflow.waits(step):
                sign, word = "●", "waiting"
            elif action is None and is_read_back(step, self.workflow.draft.answers, self.workflow.draft.run):
                sign, word = "✓", "read before"
            elif action is None:
                sign, word = "○", record.status.word
            else:
                sign, word = _proven(action)
            if sign == "✓" and isinstance(step.found_by, FoundAsSetting):
                settings.append(step.title)
            else:
                yield _row(sign, step.title, word, shown), shown if step.paid else value
        if settings:
            yield _row("✓", ", ".join(settings), word, ""), ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case _ if self.is_looking:
                return super().check_action(action, parameters)
            case "more":
                return self._details.has_more
            case "export":
                return not self.workflow.draft.run.is_removed
            case "verify" | "remove" if self.workflow.draft.run.is_removed:
                return False
            case "verify" | "remove":
                return self._can_connect and self.workflow.phase is Phase.IDLE
            case "try_it":
                run = self.workflow.draft.run
                is_there = self._can_connect and not run.is_removed
                return is_there and self.workflow.phase is Phase.IDLE and bool(run.numbers)
            case "forward":
                return False  # there is nothing after this
            case _:
                return super().check_action(action, parameters)

    def action_more(self) -> None:
        """Show the rest of the details."""
        self._details.show_more()

    def action_try_it(self) -> None:
        """Try a message or a call."""
        from bwtui.tui.screens.try_it import TryItScreen  # noqa: PLC0415 - made when it is wanted

        if self._leads_to_connect():
            return
        self.app.push_screen(TryItScreen(self.workflow), self._after_trying)

    def _after_trying(self, tried: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
        """Offer to finish once something was tried, so that Enter ends the walk."""
        if tried:
            self._finish.display = True
            self.focus_from_the_top(self._finish)

    def action_lead_on(self) -> None:
        """Go where Enter on the list leads, or say why it does not."""
        if self.check_action("try_it", ()):
            self.action_try_it()
        elif not self.workflow.draft.run.numbers:
            self.say(f"! {NO_NUMBER}")

    @on(LineButton.Pressed, "#connect")
    def _to_connect(self) -> None:
        """Connect, and come back."""
        self.post_message(Go(CONNECT, after=self.place))

    def _leads_to_connect(self) -> bool:
        """Go to Connect where that has to come first; return True if so."""
        if needs_it := self._needs_connection:
            self._to_connect()
        return needs_it

    def action_verify(self) -> None:
        """Read everything back once more."""
        if self._leads_to_connect():
            return
        self.say("")
        self.app.run_worker(self._verifying(), group="run", exclusive=True)

    async def _verifying(self) -> None:
        """Read everything back, and say when that was: the rest may look as it did before."""
        await self.workflow.prove()
        if self.workflow.proof and self.is_attached:
            result = "" if self.workflow.is_proven else " Not all of it is as it should be."
            self.say(f"Everything was read back at {time.strftime('%H:%M:%S')}.{result}")

    def action_remove(self) -> None:
        """Remove what the setup has made, after asking."""
        from bwtui.tui.screens.removal import RemovalTalk  # noqa: PLC0415 - made when it is wanted

        if self._leads_to_connect():
            return
        talk = RemovalTalk(self.app, self.workflow, self.say)
        self.look_and_ask(self.workflow.look_for_removal(), talk.begin)

    @on(Menu.Chosen)
    def action_copy(self) -> None:
        """Copy the value under the cursor by the terminal's own clipboard (OSC 52)."""
        value = self._values[self._ids.cursor] if self._values else ""
        if value:
            self.app.copy_to_clipboard(value)
            self.say(f"Copied {value}, if this terminal lets programs copy.")
        else:
            self.say("There is no id to copy here: a setting has none.")

    def action_export(self, form: str) -> None:
        """Show an export, and offer to write it."""
        from bwtui.tui.screens.dialogs import PathDialog  # noqa: PLC0415 - made when it is wanted

        text = self.workflow.host.export_text(form, self.workflow.draft.answers, self.workflow.draft.run)

        def write(path: str | None) -> None:
            if path:
                self._write(Path(path), text)

        self.app.push_screen(PathDialog(f"Write the result as {form} to a file.", EXPORTS[form]), write)

    def _write(self, path: Path, text: str) -> None:
        try:
            self.workflow.host.write_file(path, text)
        except SaveError as error:
            self.say(f"! {error}")
        else:
            self.say(f"Written to {path}.")

    @on(LineButton.Pressed, "#finish")
    def action_finish(self) -> None:
        self.app.exit(0 if self.workflow.is_proven else None)


def _row(sign: str, title: str, word: str, shown: str) -> Content:
    own = SIGN_STYLES.get(sign, "")
    return Content.assemble(
        (sign, own), f" {title:<21} ", (f"{on_one_line(word):<12}", own), on_one_line(shown)
    )


def _proven(action: Action) -> tuple[str, str]:
    """Sign and word for what reading back has shown of a step; why it is not proven stands below in full."""
    if action.is_proven:
        return "✓", "read back"
    return ("?", "not proven") if action.unproven else ("!", reason_of(action) or "missing")
