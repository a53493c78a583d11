"""Look for what would stop a setup or a message. Nothing is changed.

Bandwidth gets only GET, and the request for a token; a callback URL gets a sample event.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import assert_never

from bwtui.api.client import Client
from bwtui.api.probe import Obstacle, Probe
from bwtui.api.token_claims import TokenClaims
from bwtui.domain import doctor
from bwtui.domain.account.account import Account
from bwtui.domain.account.credential_hints import credential_hints, suggested_account
from bwtui.domain.account.findings import Finding
from bwtui.domain.answers.answers import ACCOUNT_ID, Answer, Answers, Source, wanted_steps
from bwtui.domain.arrival.arrival import ArrivalVerdict, for_answers_file
from bwtui.domain.arrival.arrival_text import arrival_lines
from bwtui.domain.catalog import STEPS
from bwtui.domain.doctor import EVERYTHING, Line, fine, not_looked_at, stops, unknown
from bwtui.domain.planning.actions import Action, Verdict
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.platform import Platform, platform_text
from bwtui.domain.remedies.remedies import explain
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.steps import FoundAsActivation, Step
from bwtui.domain.values.hosts import host_of
from bwtui.domain.values.text import sentence, single_line
from bwtui.engine.account import account as read_account
from bwtui.engine.arrival import read_arrivals
from bwtui.engine.doctor_callbacks import callback_lines
from bwtui.engine.look_up import LookUp
from bwtui.engine.waiting import Pace

# --- The way there ---------------------------------------------------------------------------------------------


def net_lines(url: str, found: Probe) -> tuple[Line, ...]:
    """Judge the way to the server by what became of an attempt to reach it; what comes behind an obstacle is not known."""
    host = host_of(url)
    proxy = "the one that the environment names" if found.has_proxy else "none"
    name = "the proxy looks it up" if found.has_proxy else f"{host} was found"
    secure = "the certificate is trusted" if url.startswith("https:") else "none: http, on this machine"
    passed = (
        fine(doctor.PROXY, proxy),
        fine(doctor.DNS, name),
        fine(doctor.CONNECTION, f"{host} answers"),
        fine(doctor.TLS, secure),
        doctor.clock_line(found.asked_at - found.date if found.date is not None else None),
    )
    if found.obstacle is None:
        return passed
    wrong = _obstacle_line(found.obstacle, host, found.text)
    at = [line.name for line in passed].index(wrong.name)
    behind = [line.name for line in passed[at + 1 :]]
    return (*passed[:at], wrong, *not_looked_at(behind, f"{host} is not reached"))


def _obstacle_line(obstacle: Obstacle, host: str, told: str) -> Line:
    match obstacle:
        case Obstacle.ENVIRONMENT:
            name, text, todo = doctor.PROXY, told, "Correct the variable, or unset it."
        case Obstacle.PROXY:
            name, text = doctor.PROXY, f"The proxy does not connect to {host}: {told}"
            todo = "Correct HTTPS_PROXY, or except the host by NO_PROXY."
        case Obstacle.NAME:
            name, text = doctor.DNS, f"The name {host} could not be found: {told}"
            todo = "Check the base URL and this machine's network."
        case Obstacle.CONNECTION:
            name, text = doctor.CONNECTION, f"No connection to {host}: {told}"
            todo = "Check the network, and whether a firewall or a proxy stands between."
        case Obstacle.TLS:
            name, text = doctor.TLS, f"No secure connection to {host}: {told}"
            todo = "Check the clock; name the certificate of a proxy that reads along in SSL_CERT_FILE."
        case _:
            assert_never(obstacle)
    return stops(name, EVERYTHING, sentence(text), todo, Kind.UNREACHABLE)


# --- Credentials and account -----------------------------------------------------------------------------------


class Examination:
    """Looks at an account with credentials, in the order in which one thing needs another."""

    def __init__(self, client: Client, answers: Answers, run: RunState, pace: Pace) -> None:
        self._client = client
        self._answers = answers
        self._run = run
        self._pace = pace

    async def lines(self) -> AsyncIterator[Line]:
        """Yield the lines on token, account and what the setup has made there."""
        try:
            claims = await self._client.claims()
        except ProblemError as error:
            yield _refused(doctor.TOKEN, error.problem)
            for line in not_looked_at((doctor.ROLES, doctor.ID, *doctor.ON_THE_ACCOUNT), "there is no token"):
                yield line
            return
        yield fine(doctor.TOKEN, "Bandwidth gives one" if claims else "none is needed with HTTP Basic")
        which = self._which_account(claims)
        if which.state is not doctor.State.FINE:
            yield unknown(doctor.ROLES, "not looked at because the account is not known")
            yield which
            for line in not_looked_at(doctor.ON_THE_ACCOUNT, "the account is not known"):
                yield line
            return
        async for line in self._on_the_account(which):
            yield line

    def _which_account(self, claims: TokenClaims | None) -> Line:
        """Return the line on the account; the only one that a token names is taken where none is given."""
        if given := self._answers.account_id:
            return fine(doctor.ID, given)
        try:
            only = suggested_account(claims.accounts if claims else ())
        except ProblemError as error:
            todo = "Give --account-id or BW_ACCOUNT_ID."
            return stops(doctor.ID, EVERYTHING, single_line(error.problem.text), todo)
        self._answers = self._answers._replace(
            given={**self._answers.given, ACCOUNT_ID: Answer(only, Source.SUGGESTED)}
        )
        return fine(doctor.ID, f"{only}, the only one that the credentials name")

    async def _on_the_account(self, which: Line) -> AsyncIterator[Line]:
        try:
            account = await read_account(self._client, self._answers)
        except ProblemError as error:
            yield unknown(doctor.ROLES, "not looked at because the account cannot be read")
            yield which
            yield _refused(doctor.ACCESS, error.problem)
            for line in not_looked_at(doctor.ON_THE_ACCOUNT[1:], "the account cannot be read"):
                yield line
            return
        if account.platform:  # the roles depend on it
            self._answers = self._answers.on(account.platform)
        yield self._roles(account)
        yield which
        yield fine(doctor.ACCESS, single_line(account.company) or "it can be read")
        yield _platform(account)
        for line in self._features(account):
            yield line
        for line in await self._steps():
            yield line
        for line in await callback_lines(self._answers, is_simulated=self._client.is_on_this_machine):
            yield line
        for line in await self._numbers():
            yield line

    def _roles(self, account: Account) -> Line:
        hints = credential_hints(account, self._answers)
        if hints:
            todo = "Look at the credentials in the Bandwidth App, Account > API Credentials."
            return unknown(doctor.ROLES, single_line(" ".join(hints)), todo)
        text = (
            "as the steps need them"
            if account.roles
            else "the credentials name none: Bandwidth says at each step"
        )
        return fine(doctor.ROLES, text) if account.roles else unknown(doctor.ROLES, text)

    def _features(self, account: Account) -> tuple[Line, ...]:
        wanted = {step.key: step for step in wanted_steps(self._answers)}
        lacking = {wanted[key].title: feature for key, feature in account.lacking.items() if key in wanted}
        if not lacking:
            return (fine(doctor.FEATURES, "none that a step needs is missing"),)
        todo = "Ask Bandwidth support to add it to the account."
        return tuple(
            stops(doctor.FEATURES, title, f"The account's products do not list {single_line(feature)}.", todo)
            for title, feature in lacking.items()
        )

    # --- what was made ---

    async def _steps(self) -> tuple[Line, ...]:
        """Read back what the setup has made or uses, step by step."""
        wanted = wanted_steps(self._answers)
        done = [step for step in wanted if self._run.step(step.key).status is Status.DONE]
        if not done:
            return (fine(doctor.STEPS, "nothing was made yet"),)
        # The check of services is a POST, although it changes nothing; the numbers' own lines tell of them.
        read = [step for step in done if not isinstance(step.found_by, FoundAsActivation)]
        looker = LookUp(self._client, self._answers, self._run, self._pace)
        found = await asyncio.gather(*(_found(looker, step) for step in read))
        findings = {
            step.key: each for step, each in zip(read, found, strict=True) if not isinstance(each, Problem)
        }
        unread = {step.key: each for step, each in zip(read, found, strict=True) if isinstance(each, Problem)}
        actions = {action.step.key: action for action in make_plan(self._answers, self._run, findings)}
        return tuple(
            _unread(step, unread[step.key]) if step.key in unread else _step(actions[step.key])
            for step in read
        )

    async def _numbers(self) -> tuple[Line, ...]:
        if not self._run.numbers:
            return (fine(doctor.NUMBERS, "there is none yet"),)
        arrivals = for_answers_file(await read_arrivals(self._client, self._answers, self._run))
        return tuple(
            _arrival(f"numbers.{line.service}", line.verdict, line.sentence)
            for line in arrival_lines(arrivals)
        )


async def _found(looker: LookUp, step: Step) -> Finding | Problem:
    try:
        return await looker.look_once(step)
    except ProblemError as error:
        return error.problem


def _name(step: Step) -> str:
    return f"step.{step.key}"


def _unread(step: Step, problem: Problem) -> Line:
    return unknown(
        _name(step), f"{step.title} cannot be read: {single_line(problem.text)}", "Look again later."
    )


def _step(action: Action) -> Line:
    """Judge what was read back of a step, as verifying does."""
    name, title = _name(action.step), action.step.title
    if action.is_proven:
        return fine(name, f"{title} is as it should be")
    problem = action.problem or action.unproven
    reason = single_line(action.reason) or "it is missing"
    if action.unproven:
        return unknown(name, f"{title}: {sentence(reason)}", single_line(explain(action.unproven).todo))
    again = action.verdict in (Verdict.NEW, Verdict.CHANGE, Verdict.WAIT)
    todo = (
        "Apply the setup again: it sets this right."
        if again or not problem
        else single_line(explain(problem).todo)
    )
    return stops(name, title, sentence(reason), todo)


def _arrival(name: str, verdict: ArrivalVerdict, sentence: str) -> Line:
    match verdict:
        case ArrivalVerdict.YES:
            return fine(name, sentence)
        case ArrivalVerdict.NO | ArrivalVerdict.NOT_YET:
            return stops(name, name.partition(".")[2], sentence, "")
        case ArrivalVerdict.UNKNOWN:
            return unknown(name, sentence)
        case _:
            assert_never(verdict)


def _platform(account: Account) -> Line:
    found = account.platform
    if found is None:
        return unknown(doctor.PLATFORM, "not found out")
    text = platform_text(found)
    voice = next(step.title for step in STEPS if step.platform)
    match found.platform:
        case Platform.LEGACY | Platform.UNIVERSAL:
            return fine(doctor.PLATFORM, text)
        case Platform.UNKNOWN:
            return stops(
                doctor.PLATFORM, voice, text, "Say which it is: --platform legacy or --platform universal."
            )
        case Platform.TRIAL:
            able = ", ".join(step.title for step in STEPS if step.on_trial)
            return stops(doctor.PLATFORM, f"all but {able}", text, "A full account can do the rest.")
        case _:
            assert_never(found.platform)


def _refused(name: str, problem: Problem) -> Line:
    """Return the line for a refusal of the token or of the account."""
    if problem.kind in (Kind.UNREACHABLE, Kind.RATE_LIMITED):
        kind = Kind.UNREACHABLE
    else:
        kind = Kind.CREDENTIALS if problem.kind is Kind.CREDENTIALS else Kind.CONFLICT
    remedy = explain(problem)
    text = (
        f"{remedy.happened} {single_line(problem.text)}"
        if problem.text not in remedy.happened
        else remedy.happened
    )
    return stops(name, EVERYTHING, sentence(single_line(text)), single_line(remedy.todo), kind)
