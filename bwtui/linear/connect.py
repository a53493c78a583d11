"""The account and the credentials, and a test of both that changes nothing."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from bwtui.domain.account.account import Candidate
from bwtui.domain.account.credential_hints import credential_hints
from bwtui.domain.answers.answers import ACCOUNT_ID, PLATFORM_KEY, Source
from bwtui.domain.answers.validation import Complaint, complaints_of_question
from bwtui.domain.catalog import ACCOUNT, QUESTIONS, SIGN_IN, login_questions
from bwtui.domain.fields import Choice, Question
from bwtui.domain.platform import AUTO, Platform, platform_text
from bwtui.domain.runs.problem import Kind, ProblemError
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.secret_expiry import expiry_doubt
from bwtui.domain.values.text import visible
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.domain.walk.start_from_account import (
    START,
    choices_told,
    started_text,
    sub_accounts_to_start_from,
    untold_lines,
)
from bwtui.domain.walk.walk import CONNECT, TITLES
from bwtui.domain.walk.walk_text import (
    CONNECT_ABOUT,
    connected_text,
    found_text,
    lacking_text,
    most_likely_wrong,
)
from bwtui.linear.conversation import Back, Conversation, Left
from bwtui.linear.error_text import WORDING
from bwtui.linear.form import DraftForm, Item, Offer, ask_question, fill
from bwtui.linear.work import Work

_ENVIRONMENT: Final = "account.environment"
_ELSEWHERE: Final = (Source.FLAG, Source.ENVIRONMENT, Source.LOGIN)
"""The sources of an answer that was given before bwtui asks, each time anew; it is told, and may be changed."""


class ConnectTalk:
    """Asks who signs in to which account, and tests it. The secret is held in memory only."""

    def __init__(self, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._talk = talk
        self._draft = draft
        self._work = work
        self._form = DraftForm(talk, draft)
        self._sign_in = work.setup.sign_in
        self._way_comes_first = not self._sign_in.oauth
        """True if somebody signs in otherwise than with an OAuth2 client; else the way to sign in is offered last."""
        self._account_comes_last = False
        """True if no account is given: the token that names one may be had once it is known where from."""

    def ask(self, *, from_end: bool) -> None:
        """Ask and test until the account can be reached. Raises `Back` where the place before is wanted."""
        self._talk.begin(f"{TITLES[CONNECT]}. {self._about()}")
        if doubt := self._doubt_of(SIGN_IN[self._sign_in.oauth]):
            self._talk.say(f"Warning: {doubt}")
        self._until_connected(
            lacks=not self._sign_in.login or bool(self._draft.blocking(CONNECT)), from_end=from_end
        )
        self._offer_start()

    def _offer_start(self) -> None:
        """Offer to start from what is on the account, where there is something and nothing was begun or decided."""
        sites = sub_accounts_to_start_from(self._work.setup.account, self._draft.run)
        if not sites or not self._talk.confirm(
            f"{START}? The answers are then those of what is on the account.", CONNECT_ABOUT
        ):
            return
        try:
            site = self._chosen("Which sub-account?", sites)
            there = self._work.locations_of(site.id)
            if not there:
                self._talk.refuse("It has no location yet, so there is nothing to start from.")
                return
            existing = self._work.start_from(site.id, self._chosen("Which location?", there).id)
        except ProblemError as error:
            self._talk.refuse(WORDING.told(error.problem))
        else:
            self._talk.say(started_text(existing))
            for line in untold_lines(existing):
                self._talk.say(line)

    def _chosen(self, question: str, there: Sequence[Candidate]) -> Candidate:
        return there[0] if len(there) == 1 else there[self._talk.choose(question, choices_told(there))]

    def ask_again(self) -> None:
        """Ask everything once more, and test it."""
        self._until_connected(lacks=True, from_end=False)

    def _until_connected(self, *, lacks: bool, from_end: bool) -> None:
        self._account_comes_last = not self._draft.answers.account_id
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
        return not self._work.setup.is_connected

    def _ask_after(self, wrong: str) -> None:
        """Ask what to do after a refusal, which is most likely about one question."""
        items = self._items_about(wrong)
        labels = " and ".join(label for label, _ in items)
        answers = "answer" if len(items) == 1 else "answers"
        ways = ["try again", f"change the {answers}: {labels}", "change any answer", "leave"]
        try:
            match self._talk.choose("What next?", ways, "Nothing was changed.", default=1):
                case 0:
                    return
                case 1:
                    fill(lambda: items, from_end=False)
                case 2:
                    self._form.fill(self._items, CONNECT, from_end=False)
                case _:
                    raise Left
        except Back:
            self._form.fill(self._items, CONNECT, from_end=True)

    def _items_about(self, wrong: str) -> tuple[Item, ...]:
        """Return the asking of what a refusal is about, by its label: with a secret, whose it is comes first."""
        way, user, secret = self._login_questions
        match wrong:
            case "login.secret":
                return self._login_item(user), self._login_item(secret)
            case "login.way":
                return (self._login_item(way),)
            case _:
                return (Item(QUESTIONS[wrong].label, partial(self._form.ask, wrong)),)

    def _login_item(self, question: Question) -> Item:
        return Item(question.label, partial(self._ask_login, question))

    def _about(self) -> str:
        host = self._work.host
        if host.is_demo:
            return CONNECT_ABOUT
        doubt = expiry_doubt(host.login.expires, host.today()) if host.login else ""
        return found_text(host.login.told if host.login else "", self._draft.answers, doubt) or CONNECT_ABOUT

    @property
    def _question(self) -> str:
        answers = self._draft.answers
        where = "the built-in simulator" if self._work.host.is_demo else answers.base_url
        return f"Connect as {self._sign_in.user} to account {answers.account_id} at {where}?"

    def _items(self) -> Sequence[Item]:
        way, *user_and_secret = self._login_questions
        asked_for = (way, *user_and_secret) if self._way_comes_first else user_and_secret
        login = [Item(question.key, partial(self._ask_login, question)) for question in asked_for]
        asked = [(f"account.{question.key}", question) for question in ACCOUNT]
        asked.sort(key=lambda pair: pair[0] == _ENVIRONMENT)  # it is asked once no base URL counts instead
        if self._draft.answers.has_own_address:
            asked.pop()
        needed = [pair for pair in asked if self._is_needed(*pair)]
        optional = [pair for pair in asked if pair not in needed]
        other_way = Offer(way, partial(self._now, way), partial(self._ask_login, way))
        also_offered = () if self._way_comes_first else (other_way,)
        items = [
            *login,
            *(self._form.item(key) for key, _ in needed if key != ACCOUNT_ID or not self._account_comes_last),
        ]
        if optional or also_offered:
            items.append(Item("optional", partial(self._offer, optional, *also_offered)))
        if self._account_comes_last:
            items.append(Item(ACCOUNT_ID, self._ask_account))
        return items

    def _offer(self, optional: Sequence[tuple[str, Question]], *others: Offer) -> None:
        """Offer optional questions; where none of them names an address any more, ask which of Bandwidth's it is."""
        had_own = self._draft.answers.has_own_address
        self._form.offer(optional, *others)
        if had_own and not self._draft.answers.has_own_address:
            self._form.ask(_ENVIRONMENT)

    def _is_needed(self, key: str, question: Question) -> bool:
        """Return True for what is asked, not only offered: what was not found elsewhere and may have to be said."""
        answers = self._draft.answers
        if key == PLATFORM_KEY:
            return answers.chosen_platform != AUTO
        given = answers.given.get(key)
        if question.required or isinstance(question, Choice):
            return True
        return given is not None and given.source not in _ELSEWHERE

    def _ask_account(self) -> None:
        """Ask for the account, once it is known who signs in and where: a token may name it."""
        while (login := self._sign_in.login) and login.oauth and not self._draft.answers.account_id:
            wrong = self._suggest_account()
            if not wrong:
                break
            fill(partial(self._items_about, wrong), from_end=False)
            if self._sign_in.login == login:  # it is meant as it is
                break
        self._form.ask(ACCOUNT_ID)

    def _suggest_account(self) -> str | None:
        """Take the account that the credentials name; return the question most likely wrong where they are refused."""
        self._talk.say("Looking which account the credentials are for, which changes nothing.")
        try:
            self._work.suggest_account()
        except ProblemError as error:
            self._talk.refuse(WORDING.told(error.problem))
            wrong = most_likely_wrong(error.problem)
            is_refused = error.problem.kind is Kind.CREDENTIALS
            return wrong if is_refused and wrong.startswith("login.") else None
        return None

    @property
    def _login_questions(self) -> tuple[Question, ...]:
        """The way to sign in first, then what it takes."""
        return tuple(login_questions(oauth=self._sign_in.oauth, doubt=self._work.setup.basic_doubt).values())

    def _doubt_of(self, way: str) -> str:
        return self._work.setup.basic_doubt if way == SIGN_IN[False] else ""

    def _now(self, question: Question) -> str:
        """Return the answer that counts now; of the secret, only that there is one."""
        now = {
            "way": SIGN_IN[self._sign_in.oauth],
            "user": self._sign_in.user,
            "secret": "given" if self._sign_in.secret else "",
        }
        return now[question.key]

    def _complaints(self, question: Question, value: str) -> tuple[Complaint, ...]:
        found = complaints_of_question(question.key, question, value)
        doubt = self._doubt_of(value) if question.key == "way" else ""
        return (*found, Complaint(question.key, doubt, blocks=False)) if doubt else found

    def _ask_login(self, question: Question) -> None:
        answer = ask_question(self._talk, question, self._now(question), partial(self._complaints, question))
        if answer is None:
            return
        match question.key:
            case "way":
                self._sign_in_with(oauth=answer != SIGN_IN[False])
            case "user":
                self._sign_in.user = visible(answer)
            case _:
                self._sign_in.secret = Secret.entered(answer)

    def _sign_in_with(self, *, oauth: bool) -> None:
        """Sign in another way, with what that takes."""
        if oauth != self._sign_in.oauth:
            self._sign_in.oauth, self._sign_in.user, self._sign_in.secret = oauth, "", Secret("")
            for question in self._login_questions[1:]:
                self._ask_login(question)

    def _test(self) -> str | None:
        """Look at the account and say what came of it; return the question that is most likely wrong, `None` for none."""
        while not self._sign_in.login:  # as after another way to sign in was chosen
            self._form.fill(self._items, CONNECT, from_end=False)
        self._talk.say("Looking at the account, which changes nothing.")
        try:
            account = self._work.connect()
        except ProblemError as error:
            self._talk.refuse(WORDING.told(error.problem))
            return most_likely_wrong(error.problem)
        except SaveError as error:
            self._talk.refuse(str(error))
            return ACCOUNT_ID
        self._talk.say(connected_text(account))
        if found := self._draft.platform:
            self._talk.say(platform_text(found))
        for step, feature in account.lacking.items():
            self._talk.say(f"{TITLES[step]}: {lacking_text(feature)} Ask your account manager for it.")
        for hint in credential_hints(account, self._draft.answers):
            self._talk.say(f"Warning: {hint}")
        return None
