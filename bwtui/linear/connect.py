"""The account and the credentials, and a test of both that changes nothing."""

from collections.abc import Sequence
from functools import partial

from bwtui.credentials import Login
from bwtui.domain.answers import PLATFORM_KEY
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.catalog import ACCOUNT, QUESTIONS, SIGN_IN, login_questions
from bwtui.domain.draft import AnswerDraft
from bwtui.domain.fields import Choice, Question
from bwtui.domain.platform import AUTO, Platform, platform_text
from bwtui.domain.run import ProblemError
from bwtui.domain.secret import Secret
from bwtui.domain.setup import SaveError
from bwtui.domain.text import visible
from bwtui.domain.validation import complaints_of_question
from bwtui.domain.walk import CONNECT, TITLES
from bwtui.domain.walk_text import CONNECT_ABOUT, connected_text, found_text, lacking_text, most_likely_wrong
from bwtui.linear.conversation import Back, Conversation, Left
from bwtui.linear.form import DraftForm, Item, ask_question
from bwtui.linear.wording import WORDING
from bwtui.linear.work import Work


class ConnectTalk:
    """Asks who signs in to which account, and tests it. The secret is held in memory only."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work, bookmark: Bookmark) -> None:
        login = work.host.login
        self._talk = talk
        self._draft = draft
        self._work = work
        self._form = DraftForm(talk, draft)
        self._oauth = login.oauth if login else bookmark.oauth
        self._user = login.user if login else bookmark.user
        self._secret = login.secret if login else Secret("")

    def bookmark(self, place: str) -> Bookmark:
        """The place, and who signs in."""
        return Bookmark(place=place, oauth=self._oauth, user=self._user)

    @property
    def login(self) -> Login | None:
        """The credentials, once there are any."""
        if not (self._user and self._secret):
            return None
        return Login(oauth=self._oauth, user=self._user, secret=self._secret)

    @property
    def is_connected(self) -> bool:
        """True if the account that is answered now was looked at."""
        return self._work.is_connected(self.login)

    def ask(self, *, from_end: bool) -> None:
        """Ask and test until the account can be reached. Raises `Back` where the place before is wanted."""
        self._talk.begin(f"{TITLES[CONNECT]}. {self._about()}")
        self._until_connected(lacks=not self.login or bool(self._draft.blocking(CONNECT)), from_end=from_end)

    def ask_again(self) -> None:
        """Ask everything once more, and test it."""
        self._until_connected(lacks=True, from_end=False)

    def _until_connected(self, *, lacks: bool, from_end: bool) -> None:
        if lacks or not self._talk.confirm(self._question, CONNECT_ABOUT, default=True):
            self._form.fill(self._items, CONNECT, from_end=from_end)
        self._test_until_connected()
        while self._draft.answers.platform is Platform.UNKNOWN and self._says_which():
            self._test_until_connected()

    def _test_until_connected(self) -> None:
        while (wrong := self._test()) is not None:
            self._ask_after(wrong)

    def _says_which(self) -> bool:
        """Ask for the platform that the account does not tell; return True if it was answered."""
        self._form.ask(PLATFORM_KEY)
        return not self.is_connected

    def _ask_after(self, wrong: str) -> None:
        """Ask what to do after a refusal, which is most likely about one question."""
        login = login_questions(oauth=self._oauth)
        question = login.get(wrong) or QUESTIONS[wrong]
        ways = ["try again", f"change the answer: {question.label}", "change any answer", "leave"]
        try:
            match self._talk.choose("What next?", ways, "Nothing was changed.", default=1):
                case 0:
                    return
                case 1 if wrong in login:
                    self._ask_login(question)
                case 1:
                    self._form.ask(wrong)
                case 2:
                    self._form.fill(self._items, CONNECT, from_end=False)
                case _:
                    raise Left
        except Back:
            self._form.fill(self._items, CONNECT, from_end=True)

    def _about(self) -> str:
        host = self._work.host
        user = host.login.user if host.login else ""
        return ("" if host.is_demo else found_text(user, self._draft.answers)) or CONNECT_ABOUT

    @property
    def _question(self) -> str:
        answers = self._draft.answers
        where = "the built-in simulator" if self._work.host.is_demo else answers.base_url
        return f"Connect as {self._user} to account {answers.text('account.account_id')} at {where}?"

    def _items(self) -> Sequence[Item]:
        asked_for = login_questions(oauth=self._oauth).values()
        login = [Item(question.key, partial(self._ask_login, question)) for question in asked_for]
        asked = [(f"account.{question.key}", question) for question in ACCOUNT]
        is_known = {key for key, question in asked if question.required or key in self._draft.answers.given}
        is_open = {PLATFORM_KEY} if self._draft.answers.chosen_platform == AUTO else set()
        needed = [
            pair
            for pair in asked
            if pair[0] not in is_open and (pair[0] in is_known or isinstance(pair[1], Choice))
        ]
        optional = [pair for pair in asked if pair not in needed]
        offers = [Item("optional", partial(self._form.offer, optional))] if optional else []
        return [*login, *(self._form.item(key) for key, _ in needed), *offers]

    def _ask_login(self, question: Question) -> None:
        now = {"way": SIGN_IN[self._oauth], "user": self._user, "secret": "given" if self._secret else ""}
        answer = ask_question(
            self._talk, question, now[question.key],
            lambda value: complaints_of_question(question.key, question, value),
        )  # fmt: skip
        if answer is None:
            return
        match question.key:
            case "way":
                self._oauth = answer == SIGN_IN[True]
            case "user":
                self._user = visible(answer)
            case _:
                self._secret = Secret.entered(answer)

    def _test(self) -> str | None:
        """Look at the account and say what came of it; return the question that is most likely wrong, `None` for none."""
        login = self.login
        assert login, "it was asked for"
        self._talk.say("Looking at the account, which changes nothing.")
        try:
            account = self._work.connect(login)
        except ProblemError as error:
            self._talk.refuse(WORDING.told(error.problem))
            return most_likely_wrong(error.problem)
        except SaveError as error:
            self._talk.refuse(str(error))
            return "account.account_id"
        self._talk.say(connected_text(account))
        if found := self._draft.platform:
            self._talk.say(platform_text(found))
        for step, feature in account.lacking.items():
            self._talk.say(f"{TITLES[step]}: {lacking_text(feature)} Ask your account manager for it.")
        return None
