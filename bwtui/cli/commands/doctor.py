"""`bwtui doctor`: what would stop the setup, or a message, and what to do; nothing is changed."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple

from bwtui.api.probe import probe
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_result
from bwtui.cli.saved_login import login_in_use
from bwtui.cli.session import over_all, report_errors, saved_answers, state_file
from bwtui.cli.style import INDENT, Mark, Span, Tone, marked, row
from bwtui.connected_services import make_client
from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain import doctor
from bwtui.domain.answers.answers import Answers
from bwtui.domain.doctor import EVERYTHING, Line, State, fine, not_looked_at, stops, unknown
from bwtui.domain.runs.bookmark import NOBODY
from bwtui.domain.runs.problem import Kind
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.setup import EMPTY_SETUP, Setup, belongs_elsewhere
from bwtui.domain.values.base_urls import base_url
from bwtui.domain.values.basic_auth import basic_doubt, has_ended, local_day
from bwtui.domain.values.secret_expiry import expiry_doubt
from bwtui.engine.doctor import Examination, net_lines
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit, exit_for, status_for
from bwtui.plain_ascii import is_utf8
from bwtui.store.state_errors import StateError


class Options(NamedTuple):
    """The options of `bwtui doctor`."""

    setup: SetupOptions
    login: Given
    json: bool


_MARKS = {State.FINE: Mark.DONE, State.STOPS: Mark.FAILED, State.UNKNOWN: Mark.UNKNOWN}
_WORDS = {State.FINE: "fine", State.STOPS: "will stop", State.UNKNOWN: "unknown"}


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Look at everything in turn, and print a line for each."""
    output = Output(as_json=options.json)
    return report_errors(output, lambda: asyncio.run(_examine(options, environ, output)))


async def _examine(options: Options, environ: Mapping[str, str], output: Output) -> Exit:
    report = _Report(output)
    for line in _terminal(environ):
        report.add(line)
    setup, of_file = _setup(options.setup, environ)
    answers = Answers(over_all(options.setup, environ, saved_answers(setup), None))
    report.add(of_file or _account_of(setup, options.setup, answers))
    async for line in _beyond(options, environ, answers, setup):
        report.add(line)
    kind = doctor.outcome(report.lines)
    code = exit_for(kind)
    report.end(code, setup.run, answers)
    return code


class _Report:
    """Prints each line as it comes, below the heading of its part."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.lines: list[Line] = []

    def add(self, line: Line) -> None:
        if not self._output.as_json:
            title = doctor.TITLES[line.area]
            if not self.lines or doctor.TITLES[self.lines[-1].area] != title:
                self._output.row((Span(title, Tone.STRONG),), indent=0)
            what = f"{line.stops}: " if line.stops else ""
            text = " ".join(filter(None, (f"{what}{line.text}", line.todo)))
            self._output.row(row(_MARKS[line.state], line.name, _WORDS[line.state], text), indent=INDENT)
        self._output.event(
            "check", check=line.name, state=line.state.value, text=line.text, todo=line.todo, stops=line.stops
        )
        self.lines.append(line)

    def end(self, code: Exit, run: RunState, answers: Answers) -> None:
        mark = Mark.FAILED if code else Mark.DONE
        self._output.say(marked(mark, f"{doctor.summary(self.lines)}. Nothing was changed."))
        print_result(self._output, status_for(code), run, answers, exit=int(code))


def _terminal(environ: Mapping[str, str]) -> tuple[Line, ...]:
    is_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    size = os.get_terminal_size(sys.stderr.fileno()) if is_terminal else shutil.get_terminal_size()
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG", "")
    return doctor.terminal_lines(
        is_terminal=is_terminal, kind=environ.get("TERM", ""), size=(size.columns, size.lines),
        is_utf8=is_utf8(environ), encoding=locale,
    )  # fmt: skip


def _setup(options: SetupOptions, environ: Mapping[str, str]) -> tuple[Setup, Line | None]:
    """Return what is saved, and the line on its file if there is nothing, or nothing that can be used."""
    file = state_file(options, environ)
    try:
        setup = file.load(sets_aside=False)
    except StateError as error:
        todo = "See to the file, or use another --name."
        return EMPTY_SETUP, stops(doctor.SETUP, EVERYTHING, str(error), todo)
    if setup is None:
        return EMPTY_SETUP, fine(doctor.SETUP, f"no setup “{options.name}” yet; bwtui begins one")
    return setup, None


def _account_of(setup: Setup, options: SetupOptions, answers: Answers) -> Line:
    elsewhere = belongs_elsewhere(setup, options.name, answers.account_id, answers.base_url)
    if elsewhere:
        return stops(doctor.SETUP, EVERYTHING, elsewhere, "Use another --name for another account.")
    return fine(doctor.SETUP, f"setup “{options.name}” can be read")


async def _beyond(
    options: Options, environ: Mapping[str, str], answers: Answers, setup: Setup
) -> AsyncIterator[Line]:
    """Yield the lines on what is beyond this machine: the way, credentials, the account and what is on it."""
    url, login = answers.base_url, _login(options, environ, setup, answers.base_url)
    has_way = True
    for line in await _way(url):
        has_way = has_way and line.state is not State.STOPS
        yield line
    for line in _credentials(login, url):
        yield line
    behind = (doctor.TOKEN, doctor.ROLES, doctor.ID, *doctor.ON_THE_ACCOUNT)
    if not isinstance(login, Login):
        for line in not_looked_at(behind, "there are no credentials"):
            yield line
    elif not has_way:
        for line in not_looked_at(behind, "Bandwidth is not reached"):
            yield line
    else:
        async with make_client(login, url) as client:
            async for line in Examination(client, answers, setup.run, Pace()).lines():
                yield line


async def _way(url: str) -> tuple[Line, ...]:
    if wrong := base_url(url):
        todo = "Correct --base-url or BW_API_URL."
        return (
            stops(doctor.DNS, EVERYTHING, f"{url}: {wrong}", todo, Kind.UNREACHABLE),
            *not_looked_at((doctor.CONNECTION, doctor.TLS, doctor.CLOCK), "the base URL is not valid"),
        )
    return net_lines(url, await probe(url))


def _login(options: Options, environ: Mapping[str, str], setup: Setup, url: str) -> Login | str:
    """Return the credentials, or why there are none; nobody is asked."""
    try:
        saved = login_in_use(options.setup, environ)
        return find_login(options.login, environ, None, setup.bookmark or NOBODY, saved=saved, base_url=url)
    except CredentialsError as error:
        return str(error)


def _credentials(login: Login | str, url: str) -> tuple[Line, ...]:
    if isinstance(login, str):
        return (
            stops(doctor.GIVEN, EVERYTHING, "There are none here.", login, Kind.CREDENTIALS),
            *not_looked_at((doctor.BASIC,), "there are no credentials"),
        )
    way = "OAuth2 client" if login.oauth else "HTTP Basic user"
    text = f"{way} {login.user}"
    if login.only_at:
        text += f", {login.secret_from.where}"
    doubt = expiry_doubt(login.expires, local_day(time.time()))
    given = unknown(doctor.GIVEN, f"{text}: {doubt}") if doubt else fine(doctor.GIVEN, text)
    return (given, _basic(login, url))


def _basic(login: Login, url: str) -> Line:
    today = local_day(time.time())
    doubt = "" if login.oauth else basic_doubt(url, today)
    if not doubt:
        return fine(doctor.BASIC, "not used" if login.oauth else "taken by this server")
    todo = "Create an OAuth2 client in the Bandwidth App, Account > API Credentials."
    if has_ended(today):
        return stops(doctor.BASIC, EVERYTHING, doubt, todo, Kind.CREDENTIALS)
    return unknown(doctor.BASIC, doubt, todo)
