"""The saved login that a command uses, and the answers about the account that come with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bwtui.cli.options import SetupOptions
from bwtui.cli.parser import did_you_mean
from bwtui.credentials import CredentialsError, Saved, find_user, says_all
from bwtui.domain.answers.answers import ACCOUNT_ID, Answer, Answers, Source
from bwtui.domain.catalog import ENVIRONMENTS
from bwtui.domain.runs.bookmark import NOBODY
from bwtui.domain.runs.setup import is_same_service
from bwtui.domain.values.base_urls import same_place
from bwtui.store.answers_file import AnswersFile
from bwtui.store.logins_folder import logins_folder

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.store.logins import Logins, SavedLogin

PLACE: Final = ("account.base_url", "account.environment")
"""Two answers to one question: where the account is."""


class NoLoginError(Exception):
    """There is no login of the name that was given."""


def login_in_use(options: SetupOptions, environ: Mapping[str, str]) -> Saved | None:
    """Return the login that the command line names, else the last one, unless somebody else signs in.

    It counts as a whole: where the command line or the environment names another user, nothing of it is used.

    Raises:
        NoLoginError: there is no login of the name that was given.
        CredentialsError: the command line names a login and a user.
        SaveError: the saved logins cannot be read.
    """
    given = options.login
    if given is None or (not given.account and says_all(given, environ)):
        return None
    if given.account and (given.client_id or given.username):
        flag = "--client-id" if given.client_id else "--username"
        raise CredentialsError(f"--account names a login, and {flag} another user: give one of the two.")
    folder = logins_folder(environ)
    if not (given.account or _may_be_there(folder)):
        return None
    from bwtui.store.logins import Logins  # noqa: PLC0415 - mostly there is none

    logins = Logins(folder)
    there = logins.all()
    if given.account:
        return with_secret(named(given.account, there), logins)
    last = next(reversed(there.values()), None)
    saved = with_secret(last, logins) if last else None
    signs_in = find_user(given, environ, NOBODY, saved)
    return saved if saved and (signs_in.oauth, signs_in.user) == (saved.oauth, saved.user) else None


def _may_be_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return True  # who reads it says what is wrong


def with_secret(login: "SavedLogin", logins: "Logins") -> Saved:
    """Return a login with a way to its secret, which is read when it is needed."""
    return Saved(
        name=login.name, account_id=login.account_id, base_url=login.base_url, oauth=login.oauth, user=login.user,
        expires=login.expires, kept=login.kept.told, read_secret=lambda: logins.secret(login),
    )  # fmt: skip


def named(name: str, there: Mapping[str, "SavedLogin"]) -> "SavedLogin":
    """Return the login of a name. Raises `NoLoginError` with the names that there are."""
    if name in there:
        return there[name]
    if not there:
        raise NoLoginError(f"There is no login “{name}”, nor any other yet. bwtui login saves one.")
    raise NoLoginError(
        f"There is no login “{name}”.{did_you_mean(name, there)} The logins: {', '.join(there)}."
    )


def answers_of(login: Saved) -> dict[str, Answer]:
    """Return what a login answers: the account, and where it is."""
    environment = next((name for name, url in ENVIRONMENTS.items() if same_place(url, login.base_url)), "")
    place = (
        {"account.environment": Answer(environment, Source.LOGIN)}
        if environment
        else {"account.base_url": Answer(login.base_url, Source.LOGIN)}
    )
    return {ACCOUNT_ID: Answer(login.account_id, Source.LOGIN), **place}


def refuse_other_than_in_file(login: str, given: Mapping[str, Answer], file: AnswersFile) -> None:
    """Refuse what comes from the last login where the answers file says otherwise. Raises `CredentialsError`."""
    now, written = Answers(given), Answers(file.given)
    account = given.get(ACCOUNT_ID)
    says_account = written.account_id
    says_place = not written.given.keys().isdisjoint(PLACE)
    is_of_login = any(given[key].source is Source.LOGIN for key in PLACE if key in given)
    other_account = account and account.source is Source.LOGIN and says_account not in ("", account.value)
    other_place = is_of_login and says_place and not is_same_service(now.base_url, written.base_url)
    if other_account or other_place:
        key, what = (ACCOUNT_ID, "account") if other_account else (_place_in(file), "address")
        raise CredentialsError(
            f"{file.locate(key)}: this is another {what} than that of the login {login}. Give --account {login} to work "
            "with that one all the same, or name another login."
        )


def _place_in(file: AnswersFile) -> str:
    return next(key for key in PLACE if key in file.given)
