"""The walk from the first question to the proof, as a conversation."""

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import QUESTIONS, STEPS, step_of
from bwtui.domain.planning.consent import Consent
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.steps import Step
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.domain.walk.walk import APPLY, CONNECT, DONE, REVIEW, TITLES, WELCOME, place_of, walk
from bwtui.ending_signals import ENDING_SIGNALS
from bwtui.exits import Exit
from bwtui.linear.apply import Aftermath
from bwtui.linear.connect import ConnectTalk
from bwtui.linear.conversation import Back, Conversation, Left, Terminal
from bwtui.linear.done import DoneTalk
from bwtui.linear.error_text import WORDING
from bwtui.linear.form import DraftForm
from bwtui.linear.review import Next, ReviewTalk
from bwtui.linear.step import StepTalk
from bwtui.linear.try_it import TryTalk
from bwtui.linear.welcome import ask_wishes, where_to_begin
from bwtui.linear.work import Work
from bwtui.services import WizardHost
from bwtui.setup_run import Look


def run_linear(
    host: WizardHost, answers: Answers, run: RunState, bookmark: Bookmark, terminal: Terminal
) -> int:
    """Walk from where it was left until it is finished or left; return the exit code."""
    talk = Conversation(terminal)
    draft = AnswerDraft(answers, run)
    with talk.listening(), Work(host, draft, bookmark, talk) as work:
        try:
            LinearWizard(talk, draft, work, bookmark).walk()
        except Left as left:
            talk.say(_parting(host, is_proven=work.setup.is_proven))
            return (
                Exit.DONE if work.setup.is_proven and not talk.was_signalled else ENDING_SIGNALS[left.which]
            )
    return Exit.DONE


def _parting(host: WizardHost, *, is_proven: bool) -> str:
    if host.is_demo:
        return "Left. Nothing of the demo is kept."
    if is_proven:
        return "Left. Everything is done and was read back."
    return "Left. Your answers are saved; only secrets are asked again."


class LinearWizard:
    """Goes from place to place, forwards by answering and backwards by `<`, and saves each answer as it is given."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work, bookmark: Bookmark) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work
        self._reached = bookmark.place
        self._place = WELCOME
        self._connect = ConnectTalk(talk, draft, work)
        self._review = ReviewTalk(talk, draft, work)

    def walk(self) -> None:
        """Ask everything, to the proof. Raises `Left`."""
        if self._work.host.is_demo:
            self._talk.say("DEMO, nothing is real and nothing is kept. Enter alone goes to the end.")
        begin_at = self._begin()
        self._draft.on_change = self._save
        if begin_at not in (WELCOME, CONNECT):
            self._connect_first()
        self._from(begin_at)

    def _begin(self) -> str:
        while True:
            try:
                return where_to_begin(self._talk, self._work.setup, self._reached)
            except Back:
                self._say_first()
            except SaveError as error:
                self._talk.say(str(error))

    def _from(self, place: str) -> None:
        """Go on from a place to the end."""
        from_end = False
        while place:
            self._enter(place)
            try:
                self._visit(place, from_end=from_end)
            except Back:
                place, from_end = self._beside(place, -1) or WELCOME, True
                if self._place == WELCOME:
                    self._say_first()
                    from_end = False
            else:
                place, from_end = self._beside(place, 1), False

    def _beside(self, place: str, step: int) -> str:
        """Return the place after or before one; empty at either end. A run is part of Review here."""
        places = [each for each in walk(self._draft.answers) if each != APPLY]
        here = places.index(place) + step if place in places else 0
        return places[here] if 0 <= here < len(places) else ""

    def _say_first(self) -> None:
        self._talk.say("This is the first question: ! leaves.")

    def _enter(self, place: str) -> None:
        self._place = place
        self._save()

    def _visit(self, place: str, *, from_end: bool = False) -> None:
        """Ask everything at one place. Raises `Back` where the place before is wanted."""
        if place == WELCOME:
            ask_wishes(self._talk, self._draft, from_end=from_end)
        elif place == CONNECT:
            self._connect.ask(from_end=from_end)
        elif place == REVIEW:
            self._until_proven()
        elif place == DONE:
            done = DoneTalk(self._talk, self._draft, self._work)
            done.show()
            if self._draft.run.numbers:
                TryTalk(self._talk, self._draft, self._work).ask()
            done.ask()
        else:
            step = next(step for step in STEPS if step.key == place)
            self._step(step).ask(from_end=from_end)

    def _step(self, step: Step) -> StepTalk:
        return StepTalk(step, self._talk, self._draft, self._work)

    def _connect_first(self) -> None:
        """Connect, wherever it goes on."""
        while not self._work.setup.is_connected:
            try:
                self._connect.ask(from_end=False)
            except Back:
                self._say_first()

    def _save(self) -> None:
        try:
            self._work.host.save_answers(self._draft.answers.given, self._work.setup.bookmark(self._place))
        except SaveError as error:
            self._talk.say(str(error))

    # --- Review, and what follows from it ---

    def _until_proven(self) -> None:
        """Show, ask, carry out and read back, until everything is proven. Raises `Back` where a step is wanted."""
        while not self._is_done_once():
            pass

    def _is_done_once(self) -> bool:
        """Go through Review once; return True if everything is proven by now."""
        if self._puts_right():
            return False
        self._talk.begin(f"{TITLES[REVIEW]}. Looking at the account, which changes nothing.")
        try:
            look = self._work.look()
            self._review.show(look)
            if look.obstacles:
                self._go_to(self._review.settle(look, look.obstacles[0]))
                return False
            match self._review.ask_what_next(look):
                case Next.APPLY:
                    self._apply(look)
                case Next.CHANGE:
                    self._change_answers()
        except ProblemError as error:
            self._after(WORDING.told(error.problem))
        except SaveError as error:
            self._after(str(error))
        return self._work.setup.is_proven

    def _puts_right(self) -> bool:
        """Ask again what keeps Review from looking; return True if there was something."""
        wrong = [complaint for complaint in self._draft.complaints if complaint.blocks]
        if not self._work.setup.is_connected:
            self._connect_first()
            return True
        if not wrong:
            return False
        self._talk.say(f"{len(wrong)} to put right first.")
        for complaint in wrong:
            self._talk.say(WORDING.complaint_line(complaint).removeprefix("! "))
        self._go_to(wrong[0].key)
        return True

    def _apply(self, agreed: Look) -> None:
        """Ask for the yes, and do what was agreed to, unless it has become something else meanwhile."""
        consent = self._review.consent(agreed)
        if consent is Consent.NONE:
            return
        look, is_agreed = self._work.confirmed(agreed)
        if not is_agreed:
            self._talk.say("Something has changed since it was shown. Look at what is to be done now.")
            return
        self._work.act(look, pay=consent is Consent.ALL)
        if not self._work.setup.is_proven:
            self._after()

    def _after(self, problem: str = "") -> None:
        self._go_to(Aftermath(self._talk, self._draft, self._work).ask(problem))

    def _go_to(self, key: str) -> None:
        """Ask one question, wherever it belongs, and come back."""
        place, step = place_of(key), step_of(key)
        try:
            if place == CONNECT:
                self._connect.ask_again()
            elif step and key == step.key_of(step.chosen_by):
                self._step(step).ask_which()
            elif key in QUESTIONS:
                DraftForm(self._talk, self._draft).ask(key)
            elif step:
                self._step(step).ask(from_end=False)
        except Back:
            return

    def _change_answers(self) -> None:
        """Ask everything at one place once more, and come back."""
        places = [place for place in walk(self._draft.answers) if place not in (REVIEW, APPLY, DONE)]
        try:
            self._visit(places[self._talk.choose("Which ones?", [TITLES[place] for place in places])])
        except Back:
            return
