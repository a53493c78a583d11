"""`bwtui whoami`: who signs in to which account, and where each value comes from; nothing is changed."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from textwrap import shorten
from typing import Final, NamedTuple

from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_problem, print_result, print_wait, problem_fields
from bwtui.cli.saved_login import PLACE, login_in_use
from bwtui.cli.session import Session, over_all, report_errors, saved_answers, source_of, state_file
from bwtui.cli.style import Span, warning
from bwtui.connected_services import accounts_of, connected
from bwtui.credentials import CredentialsError, Given, Login, Saved, find_login
from bwtui.domain.account.account import Account
from bwtui.domain.account.credential_hints import other_accounts, suggested_account
from bwtui.domain.answers.answers import ACCOUNT_ID, PLATFORM_KEY, Answer, Answers, Source
from bwtui.domain.platform import AUTO
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.setup import EMPTY_SETUP, SaveError
from bwtui.domain.values.basic_auth import basic_doubt, local_day
from bwtui.domain.values.secret_expiry import expiry_doubt
from bwtui.domain.values.text import single_line
from bwtui.exits import Exit, exit_for, status_for
from bwtui.store.answers_file import read as read_answers
from bwtui.store.logins import Logins
from bwtui.store.logins_folder import logins_folder
from bwtui.store.open_setup import OpenSetup

_TITLE_WIDTH: Final = 10
_VALUE_WIDTH: Final = 34
_MOST_SHOWN: Final = 400
"""Characters of a value; a credential may be for hundreds of accounts, which `--json` has all."""


class Options(NamedTuple):
    """The options of `bwtui whoami`."""

    setup: SetupOptions
    login: Given
    answers: str | None
    json: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A value with the place that it comes from, for machines and in words."""

    name: str
    value: str
    source: str
    where: str


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Print what is known here, then what the account says."""
    output = Output(as_json=options.json)
    return report_errors(output, lambda: _whoami(_session(options, environ, output), options))


def _session(options: Options, environ: Mapping[str, str], output: Output) -> Session:
    """Return the answers that a command would work with, as far as they say which account it is."""
    setup = state_file(options.setup, environ).load(sets_aside=False) or EMPTY_SETUP
    kept = {key: answer for key, answer in saved_answers(setup).items() if key.startswith("account.")}
    file = read_answers(options.answers) if options.answers else None
    answers = Answers(over_all(options.setup, environ, kept, file))
    return Session(
        options.setup, environ, output, setup=OpenSetup(None, setup), answers=answers, answers_file=file
    )


def _whoami(session: Session, options: Options) -> Exit:
    output, answers = session.output, session.answers
    saved = login_in_use(session.options, session.environ)
    login: Login | str = _login(session, options, saved)
    for value in (*_who(login, saved), *_place(session, saved)):
        _print(output, value)
    if isinstance(login, Login):
        code, answers, account = _ask(session, login)
        doubts = _doubts(login, answers, account)
    else:
        code, doubts = _nobody(output, login), ()
    for doubt in filter(None, doubts):
        output.event("warning", step="", text=doubt)
        output.say(warning(doubt), indent=2)
    _print_others(session, saved)
    print_result(output, status_for(code), session.run, answers, exit=int(code))
    return code


def _login(session: Session, options: Options, saved: Saved | None) -> Login | str:
    """Return the credentials, or why there are none; nobody is asked."""
    last, url = session.setup.setup.bookmark, session.answers.base_url
    try:
        return find_login(options.login, session.environ, None, last, saved=saved, base_url=url)
    except CredentialsError as error:
        return str(error)


def _who(login: Login | str, saved: Saved | None) -> Iterator[Value]:
    if saved:
        yield Value("login", saved.name, "login", f"of {saved.base_url}")
    if isinstance(login, str):
        if saved:
            yield Value("user", saved.user, "login", f"login {saved.name}")
        return
    way = "OAuth2 client" if login.oauth else "HTTP Basic user"
    yield Value("user", login.user, login.user_from.kind.value, f"{way}, {login.user_from.where}")
    yield Value("secret", "not shown", login.secret_from.kind.value, login.secret_from.where)
    if login.expires:
        yield Value("expires", login.expires, "login", "as it was said at the login")


def _place(session: Session, saved: Saved | None) -> Iterator[Value]:
    answers = session.answers
    key = next((key for key in PLACE if key in answers.given), "")
    yield Value("address", answers.base_url, *_source(session, key, saved))
    if account_id := answers.account_id:
        yield Value("account", account_id, *_source(session, ACCOUNT_ID, saved))
    if (platform := answers.text(PLATFORM_KEY)) not in ("", AUTO):
        yield Value("platform", platform, *_source(session, PLATFORM_KEY, saved))


def _source(session: Session, key: str, saved: Saved | None) -> tuple[str, str]:
    """Return the place that an answer comes from, for machines and in words."""
    answer = session.answers.given.get(key)
    match answer and answer.source:
        case None:
            return "default", "the default"
        case Source.LOGIN:
            return "login", f"login {saved.name}" if saved else "login"
        case Source.FILE:
            return "answers", source_of(session, key)
        case Source.FLAG | Source.ENVIRONMENT as source:
            return source.value, source_of(session, key)
        case _:
            return "state", f"saved answers of the setup {session.options.name}"


def _print(output: Output, value: Value) -> None:
    output.event("value", key=value.name, value=value.value, source=value.source, where=value.where)
    if not output.as_json:
        shown = shorten(single_line(value.value), _MOST_SHOWN, placeholder=" …")
        output.row(
            (
                Span(f"{value.name:<{_TITLE_WIDTH}}"),
                Span(f" {shown:<{_VALUE_WIDTH}}"),
                Span(f" {value.where}"),
            ),
            indent=_TITLE_WIDTH + 1,
        )


# --- What only the account knows ---------------------------------------------------------------------------------


def _nobody(output: Output, why: str) -> Exit:
    output.say(f"Nobody can sign in. {why}")
    output.event("warning", step="", text=why)
    return Exit.CREDENTIALS


def _ask(session: Session, login: Login) -> tuple[Exit, Answers, Account]:
    """Read the account, and print what it says; say so where it cannot be asked."""
    output, answers = session.output, session.answers
    output.status("Looking at the account, which changes nothing")
    try:
        answers, account = asyncio.run(_look(login, session))
    except ProblemError as error:
        output.status("")
        output.event("problem", **problem_fields(error.problem))
        output.say("The rest could not be asked:")
        print_problem(output, error.problem)
        return exit_for(error.problem.kind), answers, Account()
    output.status("")
    for value in _told(account, answers, is_given=bool(session.answers.account_id)):
        _print(output, value)
    return Exit.DONE, answers.on(account.platform) if account.platform else answers, account


async def _look(login: Login, session: Session) -> tuple[Answers, Account]:
    answers, on_wait = session.answers, partial(print_wait, session.output)
    if not answers.account_id:
        only = suggested_account(await accounts_of(login, answers.base_url, on_wait=on_wait))
        answers = answers._replace(given={**answers.given, ACCOUNT_ID: Answer(only, Source.SUGGESTED)})
    async with connected(login, answers.base_url, OpenSetup(None), on_wait=on_wait) as services:
        return answers, await services.read_account(answers)


def _told(account: Account, answers: Answers, *, is_given: bool) -> Iterator[Value]:
    if not is_given:
        yield Value("account", answers.account_id, "token", "the only one that the credentials are for")
    if account.company:
        yield Value("company", account.company, "account", "from the account")
    if account.platform and answers.text(PLATFORM_KEY) in ("", AUTO):
        yield Value("platform", account.platform.platform.value, "account", "from the account")
    if account.roles:
        yield Value("roles", ", ".join(account.roles), "token", "from the credentials")
    if account.reachable:
        yield Value("accounts", ", ".join(account.reachable), "token", "from the credentials")


def _doubts(login: Login, answers: Answers, account: Account) -> tuple[str, ...]:
    today = local_day(time.time())
    return (
        "" if login.oauth else basic_doubt(answers.base_url, today),
        expiry_doubt(login.expires, today),
        other_accounts(account.reachable, answers.account_id),
    )


def _print_others(session: Session, saved: Saved | None) -> None:
    """Name the other saved logins; say why they cannot be read, which matters to nobody who signs in without one."""
    try:
        there = Logins(logins_folder(session.environ)).all()
    except SaveError as error:
        session.output.event("warning", step="", text=str(error))
        session.output.say(warning(str(error)), indent=2)
        return
    others = [login for login in there.values() if saved is None or login.name != saved.name]
    for login in others:
        session.output.event(
            "login", login=login.name, user=login.user, account=login.account_id, address=login.base_url
        )
    if others:
        names = ", ".join(f"{login.name} ({login.account_id})" for login in others)
        session.output.say(f"Other logins, for --account: {names}.")
