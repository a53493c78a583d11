"""`bwtui login`: check credentials, and save them under a name; a refused login leaves everything as it is."""

import asyncio
import string
import sys
import time
from collections.abc import Mapping
from functools import partial
from typing import Final, NamedTuple

from bwtui.cli.hidden_prompt import forget_typed
from bwtui.cli.interactive import prompt_on_terminal
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_problem, print_wait
from bwtui.cli.saved_login import PLACE, answers_of, with_secret
from bwtui.cli.session import Session, UsageError, over_all, report_errors, source_of
from bwtui.cli.style import Mark, marked, warning
from bwtui.connected_services import accounts_of, connected
from bwtui.credentials import Given, Login, find_login, find_user, leave_no_core_file, says_all
from bwtui.domain.account.account import Account
from bwtui.domain.account.credential_hints import accounts_told, suggested_account
from bwtui.domain.answers.answers import ACCOUNT_ID, Answer, Answers, Source
from bwtui.domain.answers.validation import complaints, complaints_of
from bwtui.domain.runs.bookmark import NOBODY, Bookmark
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.values.base_urls import same_origin
from bwtui.domain.values.basic_auth import basic_doubt, local_day
from bwtui.domain.values.hosts import host_of
from bwtui.domain.values.secret_expiry import expiry_doubt, last_day
from bwtui.domain.values.text import visible
from bwtui.domain.values.yes_or_no import read_yes_or_no
from bwtui.exits import Exit, exit_for
from bwtui.store.logins import Kept, Logins, SavedLogin
from bwtui.store.logins_folder import logins_folder
from bwtui.store.open_setup import OpenSetup
from bwtui.system_keyring import trouble

_IN_NAMES: Final = frozenset(string.ascii_letters + string.digits + "-_.")
_MOST_TIMES: Final = 3
"""How often a question is asked on the terminal."""


class Options(NamedTuple):
    """The options of `bwtui login`."""

    login: Given
    account_id: str | None
    environment: str | None
    base_url: str | None
    expires: str | None
    insecure_storage: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Find credentials, try them on the account, and save them."""
    output = Output()
    return report_errors(output, lambda: _LoggingIn(options, environ, output).execute())


class _LoggingIn:
    """One `bwtui login`."""

    def __init__(self, options: Options, environ: Mapping[str, str], output: Output) -> None:
        self._options = options
        self._environ = environ
        self._output = output
        self._logins = Logins(logins_folder(environ))
        self._name = options.login.account
        self._given = options.login._replace(account="")

    def execute(self) -> Exit:
        """Do it all. Nothing is saved before everything was checked."""
        leave_no_core_file()
        there = self._logins.all()
        self._refuse_what_cannot_be_saved()
        again = self._same_user(there.get(self._name))
        session = self._session(again)
        kept, why = self._place()
        login = self._credentials(session, again)
        try:
            answers, account = asyncio.run(self._check(login, session))
        except ProblemError as error:
            print_problem(self._output, error.problem)
            self._output.say("Nothing was saved.")
            return exit_for(error.problem.kind)
        self._name = self._name or answers.account_id
        self._refuse_name_of_another(there, answers.base_url)
        if kept is None and not self._agrees(why):
            self._output.say("Nothing was saved.")
            return Exit.FAILED
        saved = SavedLogin(
            self._name, answers.account_id, answers.base_url, login.oauth, login.user,
            kept or Kept.FILE, self._expires(session, login),
        )  # fmt: skip
        left = self._logins.save(saved, login.secret)
        self._tell(saved, account, left)
        return Exit.DONE

    # --- What it takes ---------------------------------------------------------------------------------------------

    def _refuse_what_cannot_be_saved(self) -> None:
        if not (set(self._name) <= _IN_NAMES and len(self._name) <= 64 and self._name[:1] not in ("-", ".")):
            raise UsageError(
                f"“{self._name}” cannot name a login: up to 64 letters, digits and - _ . are right, a letter or digit first."
            )
        if self._options.expires and not last_day(self._options.expires):
            raise UsageError(f"--expires: “{self._options.expires}” is no day: write it as 2026-12-31.")

    def _same_user(self, older: SavedLogin | None) -> SavedLogin | None:
        """Return the login of this name, if it is to be renewed: nobody else is named."""
        if older is None:
            return None
        user = find_user(self._given, self._environ, Bookmark(oauth=older.oauth, user=older.user))
        return older if (user.oauth, user.user) == (older.oauth, older.user) else None

    def _session(self, again: SavedLogin | None) -> Session:
        """Return the account that is named, for the questions. Raises `UsageError` for one that cannot be."""
        options = self._options
        place = SetupOptions(
            account_id=options.account_id, environment=options.environment, base_url=options.base_url
        )
        answers = Answers(over_all(place, self._environ, {}, None))
        if again and (
            answers.given.keys().isdisjoint(PLACE) or same_origin(answers.base_url, again.base_url)
        ):
            known = answers_of(with_secret(again, self._logins))
            answers = Answers(over_all(place, self._environ, known, None))
        session = Session(
            place, self._environ, self._output, setup=OpenSetup(None), answers=answers, answers_file=None
        )
        wrong = [
            each
            for each in complaints(answers)
            if each.key.startswith("account.") and each.blocks and answers.text(each.key)
        ]
        if wrong:
            raise UsageError("\n".join(f"{source_of(session, each.key)}: {each.told}" for each in wrong))
        return session

    def _place(self) -> tuple[Kept | None, str]:
        """Return where the secret will be; `None`, with the reason, where the person has to be asked about a file."""
        if self._options.insecure_storage:
            return Kept.FILE, ""
        self._output.status("Trying the system keyring")
        why = trouble()
        self._output.status("")
        if not why:
            return Kept.KEYRING, ""
        if sys.stdin.isatty():
            return None, why
        raise UsageError(
            f"The system keyring cannot keep the secret: {why}. Nothing was saved. With --insecure-storage it is kept in "
            f"{self._logins.secrets_path}, not encrypted; only you can read that file."
        )

    def _credentials(self, session: Session, again: SavedLogin | None) -> Login:
        prompt = partial(prompt_on_terminal, session) if sys.stdin.isatty() else None
        last = Bookmark(oauth=again.oauth, user=again.user) if again else NOBODY
        return find_login(self._given, self._environ, prompt, last)

    async def _check(self, login: Login, session: Session) -> tuple[Answers, Account]:
        """Get a token, and read the account; ask which one, where the credentials do not name just one."""
        answers = session.answers
        if not answers.account_id:
            accounts = await accounts_of(login, answers.base_url, on_wait=partial(print_wait, self._output))
            answers = answers._replace(
                given={
                    **answers.given,
                    ACCOUNT_ID: Answer(self._account_of(accounts, session), Source.TYPED),
                }
            )
        self._output.status("Looking at the account, which changes nothing")
        try:
            async with connected(
                login, answers.base_url, OpenSetup(None), on_wait=partial(print_wait, self._output)
            ) as services:
                return answers, await services.read_account(answers)
        finally:
            self._output.status("")

    def _account_of(self, accounts: tuple[str, ...], session: Session) -> str:
        """Return the only account of the credentials, or the one that is typed. Raises `ProblemError` where nobody types."""
        try:
            return suggested_account(accounts)
        except ProblemError:
            if not sys.stdin.isatty():
                raise
        if accounts:
            self._output.say(f"These credentials are for {accounts_told(accounts)}.")
        for _ in range(_MOST_TIMES):
            typed = visible(prompt_on_terminal(session, "Account ID: ", hidden=False))
            wrong = complaints_of(ACCOUNT_ID, typed)
            if typed and not wrong:
                return typed
            self._output.say(wrong[0].text if wrong else "It is the number of the account.")
        raise UsageError("Nothing was saved.")

    # --- Where it is kept ------------------------------------------------------------------------------------------

    def _refuse_name_of_another(self, there: Mapping[str, SavedLogin], base_url: str) -> None:
        """Refuse to replace a login of another host which nobody has named. Raises `UsageError`."""
        other = there.get(self._name)
        if other and not self._options.login.account and not same_origin(other.base_url, base_url):
            raise UsageError(
                f"The login {self._name} is for {other.base_url}, and stays. Nothing was saved: name this one with --account."
            )

    def _agrees(self, why: str) -> bool:
        """Ask whether the secret may be kept in a file; no is the default."""
        self._output.say(f"The system keyring cannot keep the secret: {why}.")
        path = self._logins.secrets_path
        forget_typed()  # before the question was there to be seen, nobody can have answered it
        for _ in range(_MOST_TIMES):
            self._output.ask(
                f"Keep it in {path}, not encrypted? Only you can read that file. [y/N] ", Mark.OPEN
            )
            answer = read_yes_or_no(sys.stdin.readline(), default=False)
            if answer is not None:
                return answer
        return False

    def _expires(self, session: Session, login: Login) -> str:
        """Return the last day of the secret, as the person knows it; a user of HTTP Basic has none of its own."""
        if day := last_day(self._options.expires or ""):
            return day.isoformat()
        if self._options.expires is not None or not (login.oauth and sys.stdin.isatty()):
            return ""
        for _ in range(_MOST_TIMES):
            question = "Its last day, if the Bandwidth App shows one (as 2026-12-31, else Enter): "
            typed = visible(prompt_on_terminal(session, question, hidden=False))
            if not typed:
                return ""
            if day := last_day(typed):
                return day.isoformat()
            self._output.say(f"“{typed}” is no day: write it as 2026-12-31.")
        return ""

    def _tell(self, saved: SavedLogin, account: Account, left: str) -> None:
        say, today = self._output.say, local_day(time.time())
        company = f", {account.company}" if account.company else ""
        say(
            marked(
                Mark.DONE,
                f"Logged in as {saved.user} to account {saved.account_id}{company}, at {host_of(saved.base_url)}. "
                f"The login is called {saved.name}.",
            )
        )
        where = "" if saved.kept is Kept.KEYRING else f": {self._logins.secrets_path}"
        say(f"The secret is {saved.kept.told}{where}.", indent=2)
        if left:
            say(warning(f"The secret of the older login of this name may still be there. {left}"), indent=2)
        doubts = [
            "" if saved.oauth else basic_doubt(saved.base_url, today),
            expiry_doubt(saved.expires, today),
        ]
        if says_all(Given(), self._environ):
            doubts.append("The environment names credentials, and they come before a login.")
        for doubt in filter(None, doubts):
            say(warning(doubt), indent=2)
