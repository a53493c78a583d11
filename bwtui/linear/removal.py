"""Removing what the setup has made, from Done: shown, asked about, done, and told."""

from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.removal_text import twin_lines
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.teardown.teardown import WORD, plan_removal
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
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.linear.conversation import Back, Conversation
from bwtui.linear.error_text import WORDING
from bwtui.linear.work import Work


class RemovalTalk:
    """Asks what is to go, and removes it."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work

    def ask(self) -> bool:
        """Remove what the setup has made, as far as the person agrees; return True if all of it is gone."""
        self._talk.say("Looking at the account, which changes nothing.")
        try:
            return self._remove()
        except ProblemError as error:
            self._talk.say(WORDING.told(error.problem))
        except SaveError as error:
            self._talk.say(str(error))
        except Back:
            self._talk.say("Nothing was removed.")
        return False

    def _remove(self) -> bool:
        look = self._work.look_for_removal()
        answers, run = self._draft.answers, self._draft.run
        plan = plan_removal(answers, run, look.looked, release=False)
        if not plan:
            self._talk.say(NOTHING_MADE)
            return False
        for line in plan_lines(plan):
            self._talk.say(line)
        asked = {
            each.step.key: conflict_question(each.step, each.told, each.reason) for each in plan.conflicts
        }
        agreed = frozenset(key for key, question in asked.items() if self._talk.confirm(question))
        plan = plan_removal(answers, run, look.looked, release=False, agreed=agreed)
        if text := release_warning(plan):
            self._talk.refuse(text)
            release = self._talk.ask(RELEASE_QUESTION).strip() == WORD
            plan = plan_removal(answers, run, look.looked, release=release, agreed=agreed)
        if plan.sending and not self._talk.confirm(remove_question(plan), costs=True):
            self._talk.say("Nothing was removed.")
            return False
        self._work.tear_down(plan)
        ended = outcome(plan, self._draft.run)
        self._talk.say(closing(ended))
        for line in (*left_lines(ended), *twin_lines(ended.twins)):
            self._talk.say(line)
        if ended.kind:
            self._talk.say("To remove the rest later:", command=self._work.host.commands.of("teardown"))
        return not ended.kind
