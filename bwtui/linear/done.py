"""The proof, the ids, and what comes next."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bwtui.domain.answers.answers import wanted_steps
from bwtui.domain.arrival.arrival import as_checked
from bwtui.domain.arrival.arrival_text import NOT_READ, READING, arrival_lines
from bwtui.domain.planning.progress import notices
from bwtui.domain.planning.stored_spellings import spellings_text
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.domain.walk.problem_text import notice_lines
from bwtui.domain.walk.walk_text import EXPORTS, NEXT_STEPS, NO_NUMBER, SET_UP
from bwtui.linear.conversation import Back, Conversation, Left
from bwtui.linear.removal import RemovalTalk
from bwtui.linear.work import Work

_ABOUT: Final = "Everything was read back. What is written here hands the result to what comes next."


class DoneTalk:
    """Says what was proven, and offers the result to what comes next."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work

    def show(self) -> None:
        """Say what was verified, the ids, and what comes next."""
        self._talk.begin("\n".join(self._rows()))
        self._talk.say(SET_UP)
        if text := notice_lines(notices(self._draft.run)):
            self._talk.say(text)
        self._say_what_arrives()
        commands = self._work.host.commands
        script = f"{commands.of('export', '--format', 'curl')} > try.sh && sh try.sh +1YOURPHONE"
        self._talk.say(
            NEXT_STEPS.format(way="They can be tried here. With a script of your own:", script=script)
        )

    def _say_what_arrives(self) -> None:
        """Say whether messages and calls will arrive; what is done is done without it."""
        if not self._draft.run.numbers:
            self._talk.say(NO_NUMBER)
            return
        self._talk.say(f"{READING}.")
        try:
            arrivals = self._work.read_arrivals()
        except ProblemError as error:
            self._talk.say(f"{NOT_READ} {error.problem.text}")
        else:
            callbacks, answers = self._work.setup.callbacks, self._draft.answers
            checked = as_checked(arrivals, callbacks.doubt_about_calls(answers))
            self._talk.say("\n".join(line.spoken for line in arrival_lines(checked)))
            if not self._work.host.is_demo and (hint := callbacks.hint(answers)):
                self._talk.say(hint)

    def ask(self) -> None:
        """Offer to write the result to files until nothing more is wanted, or to remove it. Raises `Back`."""
        forms = list(EXPORTS)
        writing = (f"write the result as {form} to a file" for form in forms)
        ways = ["finish", *writing, "remove what this setup has made"]
        while chosen := self._talk.choose("What next?", ways, _ABOUT):
            if chosen <= len(forms):
                self._write(forms[chosen - 1])
            else:
                if RemovalTalk(self._talk, self._draft, self._work).ask():
                    return
                if not self._work.setup.is_proven:  # this place speaks of what is all there
                    raise Left

    def _rows(self) -> Iterator[str]:
        proof = {action.step.key: action for action in self._work.setup.proof or ()}
        for step in wanted_steps(self._draft.answers):
            record = self._draft.run.step(step.key)
            shown = listed(self._draft.run.numbers) if step.paid else record.outputs.get(step.produces, "")
            kept = spellings_text(step, proof[step.key].spellings) if step.key in proof else ""
            yield f"{step.title}: {', '.join(filter(None, ('read back', shown, kept)))}"

    def _write(self, form: str) -> None:
        host = self._work.host
        text = host.export_text(form, self._draft.answers, self._draft.run)
        try:
            path = self._talk.ask(f"Name of the file [{EXPORTS[form]}]") or EXPORTS[form]
        except Back:
            return
        try:
            host.write_file(Path(path), text)
        except SaveError as error:
            self._talk.refuse(str(error))
        else:
            self._talk.say(f"Written to {path}.")
