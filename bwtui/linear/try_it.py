"""Trying a first message and a first call, as plain questions after Done."""

from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.trials.trial import Outcome, Trial, TrialError, TrialEvent, TrialKind, destination
from bwtui.domain.trials.trial_setup import (
    CannotTryError,
    Wish,
    answering_text,
    arrival_of,
    left_open,
    trial_of,
)
from bwtui.domain.trials.trial_text import event_text, question
from bwtui.domain.trials.trial_view import (
    ABOUT,
    SENTENCE,
    blocked_by,
    left_open_text,
    reply_text,
    spoken_text,
)
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.linear.conversation import Back, Conversation
from bwtui.linear.error_text import WORDING
from bwtui.linear.work import Work


class TryTalk:
    """Asks what to try, sends it once, and says what becomes of it."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work
        self._tried = set[TrialKind]()

    def ask(self) -> None:
        """Offer a message and a call until no more is wanted. In the demo Enter takes each of them once."""
        is_demo = self._work.host.is_demo
        while self._talk.confirm(
            "Try a message or a call?", ABOUT, default=is_demo and len(self._tried) < len(TrialKind)
        ):
            try:
                self._try()
            except ProblemError as error:
                self._talk.say(WORDING.told(error.problem))
            except (SaveError, TrialError, CannotTryError) as error:
                self._talk.refuse(str(error))
            except Back:
                self._talk.say("Nothing was sent.")

    def _try(self) -> None:
        kinds = list(TrialKind)
        usual = next((kind for kind in kinds if kind not in self._tried), TrialKind.MESSAGE)
        kind = kinds[
            self._talk.choose("Which?", [f"a {kind}" for kind in kinds], ABOUT, default=kinds.index(usual))
        ]
        public_url = self._work.public_url()
        self._finish_last(kind)
        trial = trial_of(self._wish(kind, public_url), self._draft.answers, self._draft.run, public_url)
        if why := blocked_by(arrival_of(trial, self._work.read_arrivals())):
            self._talk.say(why)
            return
        if trial.answer_url:
            self._talk.say(answering_text(trial, public_url))
        if self._may_send(trial):
            self._send(trial, public_url)
        else:
            self._talk.say("Nothing was sent.")

    def _wish(self, kind: TrialKind, public_url: str) -> Wish:
        numbers = self._draft.run.numbers
        to = self._ask_phone()
        sender = numbers[0]
        if len(numbers) > 1:
            sender = numbers[self._talk.choose("From which number?", list(map(readable, numbers)))]
        return Wish(kind, to, sender, say=SENTENCE if kind is TrialKind.CALL and public_url else "")

    def _ask_phone(self) -> str:
        """Ask for the phone to write to or to call until it is one."""
        phone = self._work.host.phone
        while True:
            typed = self._talk.ask(f"A phone of yours [{readable(phone) if phone else 'needed'}]", ABOUT)
            try:
                return destination(typed or phone)
            except TrialError as error:
                self._talk.refuse(str(error))

    def _may_send(self, trial: Trial) -> bool:
        is_demo = self._work.host.is_demo
        return self._talk.confirm(question(trial, is_demo=is_demo), default=is_demo, costs=not is_demo)

    def _finish_last(self, kind: TrialKind) -> None:
        """Follow an earlier one of which nobody knows the end, before there is a new one."""
        if left := left_open(self._work.last_trial(kind), self._draft.answers):
            self._talk.say(left_open_text(left))
            self._work.follow(left, self._on_event)

    def _send(self, trial: Trial, public_url: str) -> None:
        ended = self._work.send(trial, self._on_event)
        if ended.outcome is Outcome.DELIVERED:
            self._tried.add(trial.kind)
            if (reply := self._work.reply(ended.attempt)) is not None:
                self._talk.say(reply_text(ended.attempt, reply))
        elif ended.outcome is Outcome.ANSWERED:
            self._tried.add(trial.kind)
            if public_url and self._work.was_spoken_to(ended.attempt):
                self._talk.say(spoken_text(SENTENCE))

    def _on_event(self, event: TrialEvent) -> None:
        self._talk.say(event_text(event))
